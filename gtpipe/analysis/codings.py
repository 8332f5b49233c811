"""Stage 2, the thinking part: sheets read against their transcripts → codings, and turns that carry
none. `pipeline.initial_code` lays out tables and pages.

Records in, records out. Every anchor is checked; labels are taken letter for letter; nothing is
repaired.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from functools import cache, lru_cache

from gtpipe.model import anchor, typography
from gtpipe.model.codings import Codings, Gathering, Lead, SheetColumns, SheetOf
from gtpipe.model.level import FOCUSED, INITIAL, Level
from gtpipe.model.problems import Kind, Problem, error, note
from gtpipe.model.records import (
    Coding,
    Interview,
    Material,
    Sheet,
    SheetEntry,
    Span,
    Turn,
    Where,
    first_and_last,
)

Known = Callable[[Sheet, Lead], SheetColumns | None]


def uncoded(material: Material, codings: Codings) -> list[tuple[Interview, tuple[str, ...]]]:
    """Interviews in study order with those of their participants' turns, by id, that carry no code
    by anyone.
    """
    found = []
    for interview in material.interviews.values():
        coded = codings.turns_coded(interview.name)
        turns = tuple([id for id in interview.participant_ids if id not in coded])
        if turns:
            found.append((interview, turns))
    return found


# --- sheets against transcripts -------------------------------------------------------------------


def codings_of(
    material: Material,
    current: dict[str, str],
    current_focused: Mapping[str, str] = {},
    known: Known = lambda sheet, lead: None,
) -> tuple[Codings, list[Problem]]:
    """Every application of a code, in study order, and what does not hold: turns and stretches that
    are not there.

    `current` maps an old label of an initial code to the one it counts under, `current_focused` one
    of a focused code. `known` gives the codings of a sheet in the order of their turns, where they
    are known already.
    """
    problems: list[Problem] = []
    lead = {INITIAL: current, FOCUSED: current_focused}
    sheets: dict[str, list[Sheet]] = {name: [] for name in material.interviews}
    for sheet in material.sheets:
        if sheet.interview in sheets:
            sheets[sheet.interview].append(sheet)
    found = Gathering()
    for name, of_interview in sheets.items():
        interview, start = material.interviews[name], len(found)
        for sheet in of_interview:
            whose, here = SheetOf(name, sheet.coder, sheet.path), known(sheet, lead)
            if here is None or not found.add(whose, here):
                found.add(whose, of_sheet(sheet, interview, lead, problems))
        if len(of_interview) > 1:
            found.sort(start, interview.position)
    return found.done(lead), problems


def of_sheet(
    sheet: Sheet, interview: Interview, lead: Lead, problems: list[Problem]
) -> SheetColumns:
    """The codings of a sheet in the order of their turns; `problems` hold what is wrong."""
    found: list[Coding] = []
    for entry in sheet.entries:
        turn = interview.turn(entry.turn)
        if turn is None:
            problems.append(_no_turn(entry, sheet, interview))
        else:
            found += _applied(entry, turn, sheet, interview, lead, problems)
    return SheetColumns.of(sorted(found, key=lambda coding: interview.position[coding.turn]))


def anchors_lost(
    entry: SheetEntry, turn: Turn, sheet: Sheet, interview: Interview
) -> list[Problem]:
    """Errors for the stretches of an entry that do not stand in `turn`, each with where its words
    stand now.
    """
    problems: list[Problem] = []
    _applied(entry, turn, sheet, interview, {}, problems)
    return [problem for problem in problems if problem.is_error]


def _no_turn(entry: SheetEntry, sheet: Sheet, interview: Interview) -> Problem:
    """That an entry is about a turn that is not there; only a note where it holds no code."""
    ends = first_and_last(entry.turn)
    what, do = anchor.no_turn(entry.turn, interview)
    if ends is None:
        what = f"{interview.path} has no turn {entry.turn}"
    if not entry.codes:
        return note(
            sheet.path, entry.line, f"{what}, and this entry holds no code", "Take the entry out"
        )
    if ends is None:
        has = do[0].lower() + do[1:]
        do = f"Name the turn it belongs to, or bring `[{entry.turn}] …` back into the transcript; "
        do += has
    about = f"{interview.name} {entry.turn}"
    return error(sheet.path, entry.line, what, do, kind=Kind.LOST_ANCHOR, about=about)


def _applied(
    entry: SheetEntry,
    turn: Turn,
    sheet: Sheet,
    interview: Interview,
    lead: Lead,
    problems: list[Problem],
) -> list[Coding]:
    if not entry.codes:
        return []
    participant = interview.participant(turn)
    applied = []
    for code in entry.codes:
        span: Span | None = None
        if code.words is not None:
            place = anchor.find(
                code.words, turn, interview, Where(sheet.path, code.line), in_sheet=True
            )
            if isinstance(place, Problem):
                problems.append(place)
                continue
            span = place
        label = lead.get(code.level, {}).get(code.label, code.label)
        several = interview.spans_of(turn.id, span) if first_and_last(turn.id) else ()
        applied.append(
            Coding(
                interview.name,
                turn.id,
                participant,
                sheet.coder,
                code.level,
                label,
                code.label,
                _as_said(code.words, turn, span, len(several)),
                span,
                code.note,
                _stands_in(label, turn.text),
                tuple(several),
                Where(sheet.path, code.line),
            )
        )
    first: dict[tuple[Level, str, Span | None], Coding] = {}
    for coding in applied if len(applied) > 1 else ():
        standing = first.setdefault((coding.level, coding.typed, coding.span), coding)
        if standing is not coding:
            problems.append(
                note(
                    *coding.where,
                    f'"{coding.typed}" stands twice at turn {turn.id}',
                    f"The first is at line {standing.where.line}; keep one, unless you mean two "
                    "stretches",
                )
            )
    return applied


def _as_said(typed: str | None, turn: Turn, span: Span | None, turns: int) -> str | None:
    """The words a code is tied to; over turns, their start and end as typed."""
    if span is None or typed is None:
        return None
    return anchor.start_and_end(typed) if turns > 1 else turn.text[slice(*span)]


_WORD = re.compile(r"\w+(?:['’]\w+)*")
_UNSPACED = "[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]"


@lru_cache(maxsize=1)  # a turn is asked for each of its codes
def _looked(text: str) -> str:
    """`text` as it looks, small."""
    return typography.visible(text).casefold().replace("’", "'")


@lru_cache(maxsize=1)
def _spoken(text: str) -> str:
    """The words of `text` as they look, small, a space before, between and behind."""
    word = _WORD if typography.is_plain(text) else _word_with_marks()
    return f" {' '.join(word.findall(_looked(text)))} "


@cache
def _word_with_marks() -> re.Pattern[str]:
    letter = rf"[\w{typography.marks()}]"
    return re.compile(rf"{letter}+(?:'{letter}+)*")


@cache
def _words_of(label: str) -> tuple[str, bool]:
    """The words of a label as `_spoken` gives them, and whether they are of a script without
    spaces.
    """
    words = _spoken(label)
    return words, not words.isascii() and re.search(_UNSPACED, words) is not None


def _stands_in(label: str, text: str) -> bool:
    """In vivo: the label's words stand in the turn, one after the other, capitals and punctuation
    apart.
    """
    words, unspaced = _words_of(label)
    said = words.strip()
    if not said or said.partition(" ")[0] not in _looked(text):
        return False
    return words in _spoken(text) or (unspaced and said in _spoken(text))
