"""A new study: the settings with every default, folders' first files, and what git is to hold. Used
by `gtpipe init`.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from gtpipe.model.approach import APPROACHES, GROUNDED_THEORY, STAGES
from gtpipe.model.plural import count
from gtpipe.model.problems import UsageError, UserError, did_you_mean
from gtpipe.store import settings, transaction
from gtpipe.store.layout import (
    ANSWERS,
    CODEBOOK,
    COMMENTS,
    DATA,
    DERIVED,
    ETHICS,
    FOCUSED_CODES,
    LOG,
    PARTICIPANTS,
    SAMPLING,
    SHAPES,
    SHEETS,
    SOURCES,
    THEORY,
    WITHDRAWN,
    Study,
)
from gtpipe.store.transaction import FileChange
from gtpipe.text import yamltext

GIT_CHOICES = ("no-sources", "everything")

_PIPELINE = """\
# The settings of this study. Every setting stands here with its default; what follows a # is a
# comment.

study: {study}
question: ""                 # what the study asks; let it change as the study does
approach: {approach}
stance: {stance}
language: en

# Who codes: initials, which go on what each person writes, and name; an e-mail beside it where git
# knows the person by another name: Kit Rowe <kit@example.org>. The sheets of the first carry no
# initials.
researchers:
{researchers}

# How speakers are labelled in your transcripts, always. What `gtpipe ingest --interviewer …
# --participant …` is told once, it knows again from the transcripts.
speakers:
  interviewer: [I]
  participant: [P]

# How long the numbered lines of data/derived/lines/ are, which are for citing by line.
# line-width: 72

# A stage whose line is taken out is off.
stages:
  ingest: {{}}
  initial-code:
    sheet-text: true         # whether the coding sheets carry a copy of the participants' words
    sheet-interviewer: false # true: entries for the interviewer's turns too, which count for no participant
    suggest: false           # true: `gtpipe run` lays out suggestions too, apart from your codes; `gtpipe review` offers them in any case
"""  # noqa: E501
_STAGE = "  {}: {{}}\n"

_CODEBOOK = """\
# Your code book: definitions as you write them. Codes need not be here to be used.
#
# - code: meeting around the ward
"""

_IGNORE = """\
# gtpipe: a cache, temporary files, and what can be made again
.gtpipe/
.*.gtpipe-tmp
.gtpipe-unfinished.json
data/derived/compare/
data/derived/lines/
data/derived/report/
data/derived/suggestions/
# gtpipe: private
data/diary/
names.txt
"""
_IGNORE_SOURCES = f"{SOURCES}/\n"
_ATTRIBUTES = f"""\
{DATA}/** text eol=lf
{SOURCES}/** -text
"""
# Git merges these itself, by keeping the lines of both; whoever reads them knows
# (`tables.loads_participants`).
_UNITED = f"""\
{DERIVED}/** merge=union
{LOG} merge=union
{ANSWERS} merge=union
{PARTICIPANTS} merge=union
{WITHDRAWN} merge=union
"""
# What these name is in the settings of each clone (`gtpipe git setup`); where it is not, git does
# what it always did.
_BY_ENTRY = "{} diff=gtpipe merge=gtpipe\n"
_UNDERSTOOD = "".join(
    _BY_ENTRY.format(place)
    for place in (
        f"{SHEETS}/*.yaml",
        CODEBOOK,
        FOCUSED_CODES,
        THEORY,
        COMMENTS.replace(".yaml", "*.yaml"),
        SAMPLING.replace(".yaml", "*.yaml"),
        SHAPES,
        ETHICS,
        settings.FILE,
    )
)


def init(
    folder: Path,
    *,
    git: str = "no-sources",
    name: str = "",
    researchers: tuple[str, ...] = (),
    approach: str = GROUNDED_THEORY.name,
) -> list[str]:
    """Begin a study in `folder` (made where it is missing). Returns the paths written, relative to
    it.

    Files that stand there stay; `.gitignore` and `.gitattributes` get the lines they lack. Raises
    UserError when it is a study already.
    """
    if git not in GIT_CHOICES:
        raise UsageError(f"--git is {' or '.join(GIT_CHOICES)}")
    if approach not in APPROACHES:
        near = did_you_mean(approach, APPROACHES) or f"one of {', '.join(APPROACHES)}"
        raise UsageError(f'--approach "{approach}": {near}')
    if folder.exists() and not folder.is_dir():
        raise UserError.at(str(folder), None, "this is a file", "Name a folder for the study")
    if (folder / settings.FILE).exists():
        raise UserError.at(
            str(folder / settings.FILE),
            None,
            "this folder is a study already",
            "Go on with `gtpipe status`",
        )
    root = folder.absolute()
    chosen = APPROACHES[approach]
    text = _PIPELINE.format(
        study=yamltext.field_value(name or root.name or "study", "  "),
        researchers=_researchers(researchers),
        approach=approach,
        stance=f"{approach} ({chosen.source})",
    )
    text += "".join(_STAGE.format(stage) for stage in chosen.stages if stage not in STAGES[:2])
    settings.loads(text)
    ignore = _IGNORE + (_IGNORE_SOURCES if git == "no-sources" else "")
    root.mkdir(parents=True, exist_ok=True)
    study = Study(root)
    changes = [FileChange(settings.FILE, None, text.encode())]
    changes += [
        change
        for change in (_new(root, CODEBOOK, _CODEBOOK), _new(root, PARTICIPANTS, "participant\n"))
        if change
    ]
    changes += [
        _lines_added(root, ".gitignore", ignore),
        _lines_added(root, ".gitattributes", _ATTRIBUTES + _UNITED + _UNDERSTOOD),
    ]
    with transaction.change(study) as change:
        study.path(SOURCES).mkdir(parents=True, exist_ok=True)
        change.add(*changes)
        change.log("init", "")
    return list(change.changed)


def _researchers(given: tuple[str, ...]) -> str:
    if not given:
        return "  # PM: Full Name"
    lines = []
    for one in given:
        initials, colon, name = one.partition(":")
        if not colon and one.isalnum() and len(one) <= 4:
            name = ""
        elif not colon:
            initials, name = (
                "".join(word[0] for word in one.split() if word[0].isalnum()).upper(),
                one,
            )
        lines.append(f"  {initials.strip()}: {yamltext.field_value(name.strip(), '    ')}".rstrip())
    return "\n".join(lines)


def _new(root: Path, path: str, text: str) -> FileChange | None:
    return None if (root / path).exists() else FileChange(path, None, text.encode())


def _lines_added(root: Path, path: str, wanted: str, apart: str = "\n") -> FileChange:
    target = root / path
    before = target.read_bytes() if target.exists() else None
    have = (before or b"").decode("utf-8", "replace")
    lines = {line.strip() for line in have.split("\n")}
    missing = [line for line in wanted.splitlines() if line not in lines]
    if all(line.startswith("#") for line in missing):
        return FileChange(path, before, before or b"")
    joint = "" if not have else apart if have.endswith("\n") else f"\n{apart}"
    return FileChange(path, before, (before or b"") + (joint + "\n".join(missing) + "\n").encode())


def attributes(study: Study, places: Iterable[str] = ()) -> FileChange:
    """`.gitattributes` with the lines it lacks for git to merge, by itself or by gtpipe; every line
    that stands there stays.
    """
    wanted = _UNDERSTOOD + _UNITED + _of_rows(places)
    return _lines_added(study.root, ".gitattributes", wanted)


def attributes_for(study: Study, places: Iterable[str]) -> FileChange | None:
    """`.gitattributes` with the lines by which git merges rows that people write at `places`; None
    where there is no such file.
    """
    if not study.path(".gitattributes").is_file():
        return None
    return _lines_added(study.root, ".gitattributes", _of_rows(places), apart="")


def _of_rows(places: Iterable[str]) -> str:
    return "".join(
        f"{place} merge=union\n" if place.endswith(".csv") else _BY_ENTRY.format(place)
        for place in places
    )


def added(change: FileChange) -> str:
    """What a change that only adds lines adds, in words: `4 lines added`."""
    number = (change.after or b"").count(b" merge=") - (change.before or b"").count(b" merge=")
    return f"{count(number, 'line')} added"


def what_git_holds(git: str) -> str:
    """In plain words, for the person who chooses."""
    sources = (
        "Source files (data/sources/) stay out of git: keep them safe elsewhere."
        if git == "no-sources"
        else "Source files (data/sources/) go into git too."
    )
    return (
        "What git will hold: settings, transcripts, coding sheets, code book, memos and the log. "
        f"{sources}\n"
        "Participants' words stand in transcripts, in coding sheets, in codes taken from "
        "their words, and in memos: whoever "
        "has the repository can read them, and git's history remembers what is later "
        "deleted. Use pseudonyms from the "
        "start, and do not push it anywhere your ethics approval does not cover.\n"
        "In a git repository, `gtpipe git setup` makes git's own diff and merge understand "
        "these files."
    )
