"""Who writes: one rule for every command that puts a person's initials on something.

`--by`; else `GTPIPE_CODER`; else git's `gtpipe.coder`; else git's user, where a name or e-mail
under `researchers` is theirs; else the first researcher, where nobody else could be meant. With
several researchers and no sign, nobody is taken for another: the command line asks
(`gtpipe.cli.options.writer`), or says what to type.
"""

from __future__ import annotations

import os
import re
import unicodedata
from collections.abc import Mapping
from dataclasses import replace

from gtpipe.model.problems import UserError, error
from gtpipe.store.layout import Study
from gtpipe.store.settings import FILE, no_researcher

VARIABLE = "GTPIPE_CODER"
SETTING = "gtpipe.coder"
KEEP = f"git config {SETTING}"

_ASKED = r"^(gtpipe\.coder|user\.name|user\.email)$"
# Whose settings count: the user's own and this repository's, not those of the machine.
_SCOPES = ("global", "local", "worktree", "command")
_EMAIL = re.compile(r"[^\s<>,;]+@[^\s<>,;]+")


class UnknownWriterError(UserError):
    """Several researchers, and nothing says which of them writes."""

    def __init__(self, researchers: Mapping[str, str]) -> None:
        self.researchers = dict(researchers)
        people = [
            f"{initials} ({name})" if name else initials for initials, name in researchers.items()
        ]
        example = list(researchers)[1]
        super().__init__(
            error(
                FILE,
                None,
                f"who writes? It may be {', '.join(people[:-1])} or {people[-1]}",
                f"Add `--by {example}`; to keep the answer, `{KEEP} {example}`, "
                f"or {VARIABLE}={example} where there is no git",
            )
        )


def find(study: Study, researchers: Mapping[str, str], by: str = "") -> str:
    """Initials of who writes, as `researchers` has them; '' where none is named there.

    Raises UserError where `by`, the environment or git's settings name nobody there;
    UnknownWriterError where nothing says who.
    """
    if by:
        return _initials(researchers, by)
    if os.environ.get(VARIABLE, "").strip():
        return _initials(researchers, os.environ[VARIABLE].strip(), f", which {VARIABLE} gives")
    told = _git_settings(study)
    if told.get(SETTING, "").strip():
        return _initials(researchers, told[SETTING].strip(), f", which git's {SETTING} gives")
    mine = matching(researchers, told.get("user.name", ""), told.get("user.email", ""))
    if mine:
        return mine
    if len(researchers) > 1:
        raise UnknownWriterError(researchers)
    return next(iter(researchers), "")


def known(study: Study, researchers: Mapping[str, str]) -> str:
    """The same for the log line of a stage, which signs nothing: '' where nothing says who."""
    try:
        return find(study, researchers)
    except UserError:
        return ""


def matching(researchers: Mapping[str, str], name: str, email: str) -> str:
    """Initials of the one researcher who has this e-mail or name, '' for none or several.

    As in `KR: Kit Rowe <kit@example.org>`, capitals and white space apart. Where several
    share a name, the e-mail tells them apart.
    """
    by_email = {
        initials
        for initials, said in researchers.items()
        if email.strip() and email.strip().casefold() in map(str.casefold, _EMAIL.findall(said))
    }
    by_name = {
        initials
        for initials, said in researchers.items()
        if _folded(name) and _folded(name) == _folded(said)
    }
    found = by_email & by_name or by_email | by_name
    return found.pop() if len(found) == 1 else ""


def _initials(researchers: Mapping[str, str], given: str, source: str = "") -> str:
    folded = {initials.casefold(): initials for initials in researchers}
    if given.casefold() in folded:
        return folded[given.casefold()]
    do = f"{'Correct it, or add' if source else 'Add'} a line `{given}: Full Name` there"
    problem = no_researcher(FILE, None, given, researchers, do)
    raise UserError(replace(problem, what=problem.what + source))


def _folded(name: str) -> str:
    return " ".join(unicodedata.normalize("NFC", re.sub(r"<[^<>]*>", "", name)).casefold().split())


def _git_settings(study: Study) -> dict[str, str]:
    """What git's settings say of the coder and the user, by name; nothing where there is no git."""
    from gtpipe.store.repository import _git

    try:
        ran = _git(study, "config", "--null", "--show-scope", "--get-regexp", _ASKED)
    except UserError:
        return {}
    told = ran.stdout.decode("utf-8", "replace").split("\0")
    pairs = [
        entry.partition("\n")
        for scope, entry in zip(told[::2], told[1::2], strict=False)
        if scope in _SCOPES
    ]
    return {name: value for name, _, value in pairs}
