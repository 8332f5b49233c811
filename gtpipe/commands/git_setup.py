"""What `gtpipe git setup` writes: into this repository's settings, how git calls gtpipe; into
.gitattributes, for which files.

The commands stand in git's settings with the Python that runs gtpipe now, which works in any shell
and editor, whatever is on the PATH there. Where that Python or gtpipe is gone, the shell around it
does what git would have done: it shows the file as it is, and merges with git's ordinary merge.
`-P` keeps Python from taking modules out of the study's folder.
"""

from __future__ import annotations

import sys
from dataclasses import dataclass

from gtpipe.commands import begin_study
from gtpipe.model.problems import UserError, in_shell
from gtpipe.store import transaction
from gtpipe.store.layout import Snapshot, Study
from gtpipe.store.repository import Repository
from gtpipe.study.procedures import catalogue, places

# What stands in the first pair of brackets is what git shows behind @@ where --no-textconv is asked
# for.
_ENTRY = (
    r"^ *- +((turn|code|focused|category|from|incident|looked-for|interview|shape"
    r"|approved|amendment|consent|destroy): .*)$"
)


@dataclass(frozen=True)
class SetupDone:
    """What was changed, in words, and whether the attributes were among it."""

    done: tuple[str, ...]
    attributes_changed: bool = False


def settings() -> dict[str, str]:
    """The settings of git, by name.

    Diffs are not kept by git (`cachetextconv`): it would keep participants' words in a place of its
    own (refs/notes), out of reach of who removes them from the history, and would show them in the
    wording of an older gtpipe.
    """
    python = in_shell(sys.executable.replace("\\", "/"))
    gtpipe = f"{python} -P -m gtpipe.gitdriver.plumbing"
    ordinary = 'git merge-file --marker-size="$4" -L ours -L base -L theirs "$2" "$1" "$3"'
    return {
        "diff.gtpipe.textconv": f'f() {{ {gtpipe} textconv "$1" 2>/dev/null || cat "$1"; }}; f',
        "diff.gtpipe.cachetextconv": "false",
        "diff.gtpipe.xfuncname": _ENTRY,
        "merge.gtpipe.name": "by turn and by entry (gtpipe)",
        "merge.gtpipe.driver": f'f() {{ {gtpipe} merge "$@" && return; '
        f'grep -q "^<<<<<<<" "$2" && return 1; {ordinary}; }}; f %O %A %B %L',
    }


def setup(study: Study) -> SetupDone:
    """Write settings and attributes where they are not so already. Raises UserError outside a git
    repository.
    """
    repository = Repository.of(study)
    done = []
    for name, value in settings().items():
        now = _now(repository, name)
        if now != [value]:
            repository.git("config", "--local", "--replace-all", name, value)
            done.append(f"{name} {'changed' if now else 'set'} in this repository's git settings")
    with transaction.change(study) as change:
        attributes = begin_study.attributes(study, _rows_of_procedures(change.snapshot))
        change.add(attributes)
        change.log("git setup", "")
    if change.changed:
        done.append(f"{repository.prefix}{attributes.path}: {begin_study.added(attributes)}")
    return SetupDone(tuple(done), bool(change.changed))


def _rows_of_procedures(snapshot: Snapshot) -> list[str]:
    """Where rows of the procedures that are on stand; none while the settings cannot be read."""
    try:
        chosen = snapshot.settings().procedures
    except UserError:
        return []
    return places(schema for name, schema in catalogue(snapshot, []).items() if name in chosen)


def undo(study: Study) -> SetupDone:
    """Take the settings out again; the attributes stay. Raises UserError outside a repository."""
    repository = Repository.of(study)
    done = []
    for name in settings():
        if _now(repository, name):
            repository.git("config", "--local", "--unset-all", name)
            done.append(f"{name} removed from this repository's git settings")
    return SetupDone(tuple(done))


def _now(repository: Repository, name: str) -> list[str]:
    """The values a setting has in this repository."""
    listed = repository.git("config", "--local", "--list", "-z").decode("utf-8", "replace")
    pairs = (one.partition("\n") for one in listed.split("\0"))
    return [value for other, _, value in pairs if other == name]
