"""What was concluded of each interview, kept by the content it was concluded from: who speaks at
which turn, and where each code of a sheet stands. Words of turns are read when they are asked for.

Only what nothing is wrong with is kept. The key is made of the bytes of the transcript and the
sheet, so that nothing kept can be of another version of them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from functools import cached_property

from gtpipe.model.level import Level
from gtpipe.model.problems import UserError
from gtpipe.model.records import (
    Coding,
    Interview,
    Sheet,
    SheetCode,
    SheetEntry,
    Turn,
    Where,
    positions,
)
from gtpipe.store.cache import ParsedFiles
from gtpipe.store.layout import Snapshot, Study, fingerprint, transcript_of

SHEET_FORMAT = 4
INTERVIEW_FORMAT = 1
CODED_FORMAT = 2


class KeptInterview(Interview):
    """An interview of which all but the words of its turns is known."""

    read: Callable[[], tuple[Turn, ...]]

    @cached_property
    def turns(self) -> tuple[Turn, ...]:
        return self.read()


class KeptSheet(Sheet):
    """A sheet whose codings are kept, as `coded` has them; its entries are read when they are asked
    for.
    """

    coded: object
    read: Callable[[], tuple[SheetEntry, ...]]

    @cached_property
    def entries(self) -> tuple[SheetEntry, ...]:
        return self.read()


def sheets(study: Study) -> ParsedFiles:
    return ParsedFiles(study, "sheet", SHEET_FORMAT)


def interviews(study: Study) -> ParsedFiles:
    return ParsedFiles(study, "interview", INTERVIEW_FORMAT)


def codings(study: Study) -> ParsedFiles:
    return ParsedFiles(study, "coded", CODED_FORMAT)


def interview_key(path: str, print: str) -> str:
    """By what an interview is kept: its path, which has its name, and its fingerprint."""
    return fingerprint(f"{print} {path}".encode())


def key_of_sheet(path: str, snapshot: Snapshot) -> str:
    """By what the codings of a sheet are kept: the fingerprints of its transcript and of itself; ''
    where one of them cannot be read.
    """
    interview = path.rpartition("/")[2].partition(".")[0]
    try:
        transcript = snapshot.fingerprint(transcript_of(interview))
        sheet = snapshot.fingerprint(path)
    except UserError:
        return ""
    return fingerprint(f"{transcript} {sheet}".encode()) if transcript and sheet else ""


def freeze_interview(interview: Interview) -> list[object]:
    """What is kept of an interview: all but the words."""
    return [
        interview.date,
        interview.speakers,
        interview.schedule,
        interview.source,
        interview.speakers_line,
        interview.attributes,
        list(interview.position),
        interview.labels,
    ]


def thaw_interview(
    kept: object, name: str, path: str, read: Callable[[], tuple[Turn, ...]]
) -> Interview | None:
    """An interview as it was kept; None where that is nothing of the kind."""
    if not isinstance(kept, list):
        return None
    try:
        date, speakers, schedule, source, line, attributes, ids, labels = kept
        found = KeptInterview.__new__(KeptInterview)
        found.__dict__.update(
            name=name,
            path=path,
            date=date,
            speakers=speakers,
            schedule=schedule,
            source=source,
            speakers_line=line,
            attributes=tuple((field, value) for field, value in attributes),
            labels=tuple(labels),
            position=positions(ids),
            read=read,
        )
    except (TypeError, ValueError):
        return None
    return found


def thaw_sheet(
    kept: object, interview: str, coder: str, path: str, read: Callable[[], tuple[SheetEntry, ...]]
) -> Sheet | None:
    """A sheet whose codings were kept; None where that is nothing of the kind."""
    if not isinstance(kept, dict) or not isinstance(kept.get("codings"), list):
        return None
    found = KeptSheet.__new__(KeptSheet)
    found.__dict__.update(
        interview=interview,
        coder=coder,
        path=path,
        holds=True,
        is_plain=kept.get("plain") is True,
        coded=kept["codings"],
        read=read,
    )
    return found


def freeze(entries: tuple[SheetEntry, ...]) -> list[list[object]]:
    """The entries of a sheet as plain lists, for the cache."""
    return [[*entry[:-1], [list(code) for code in entry.codes]] for entry in entries]


def thaw(kept: object) -> tuple[SheetEntry, ...] | None:
    """What `freeze` made, read back; None for anything else."""
    if not isinstance(kept, list):
        return None
    try:
        return tuple(
            [
                SheetEntry(
                    turn,
                    line,
                    speaker,
                    words,
                    tuple([SheetCode(Level(level), *code) for level, *code in codes])
                    if codes
                    else (),
                )
                for turn, line, speaker, words, codes in kept
            ]
        )
    except (TypeError, ValueError):
        return None


def freeze_codings(codings: Iterable[Coding], plain: bool) -> dict[str, object]:
    """What is kept of a sheet: its codings, not whose they are, and whether it is plain."""
    rows = [
        [
            coding.turn,
            coding.participant,
            coding.level,
            coding.typed,
            coding.words,
            coding.span,
            coding.note,
            coding.in_vivo,
            coding.turns,
            coding.where.line,
        ]
        for coding in codings
    ]
    return {"codings": rows, "plain": plain}


def thaw_codings(sheet: Sheet, lead: Mapping[Level, Mapping[str, str]]) -> list[Coding] | None:
    """The codings of a sheet as they were kept; None where one of its labels leads on to another
    by now: whether that is in vivo has to be looked up.
    """
    if not isinstance(sheet, KeptSheet) or not isinstance(sheet.coded, list):
        return None
    interview, coder, path = sheet.interview, sheet.coder, sheet.path
    found = []
    try:
        for turn, who, on, typed, words, span, note, in_vivo, turns, line in sheet.coded:
            level = _LEVELS[on]
            if typed in lead[level]:
                return None
            found.append(
                Coding(
                    interview,
                    turn,
                    who,
                    coder,
                    level,
                    typed,
                    typed,
                    words,
                    span and (span[0], span[1]),
                    note,
                    in_vivo,
                    tuple(turns) if turns else (),
                    Where(path, line),
                )
            )
    except (TypeError, ValueError, KeyError, IndexError):
        return None
    return found


_LEVELS: dict[str, Level] = {level.value: level for level in Level}
