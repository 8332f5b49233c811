"""Where the characters of a source stand in the turns that were made of it: for codings that other
programs place in the whole text.

White space may differ, and between two turns stands what ingest took off: labels, time marks,
headings. Where the words of a turn are no longer those of the source, as after a correction, the
words that both have are matched in their order.
"""

from __future__ import annotations

import difflib
import re
from bisect import bisect_right
from collections.abc import Sequence
from typing import NamedTuple

from gtpipe.model import anchor
from gtpipe.model.names import one_line
from gtpipe.model.problems import Problem
from gtpipe.model.records import NOWHERE, Interview, Span, Turn

_NEAR = 60  # characters besides a label that may stand between two turns' words
_TRIES = 50


class Part(NamedTuple):
    """What a stretch of the source covers of one turn (`span` None: all of it)."""

    turn: Turn
    span: Span | None


class _Run(NamedTuple):
    """Characters that stand in a row in both: where in the source, which turn, where in it."""

    start: int
    end: int
    turn: int
    offset: int


class Alignment:
    """`text` against the turns of an interview. `is_exact` where all words of all turns were found
    as they are.
    """

    def __init__(self, text: str, interview: Interview) -> None:
        self.text, self.interview = text, interview
        folded = text.casefold()
        self._folded = folded if len(folded) == len(text) else text  # a letter may become two
        self._runs, self.is_exact = self._aligned(goes_on=False)
        if not self.is_exact:
            runs, is_exact = self._aligned(goes_on=True)
            if is_exact:
                self._runs, self.is_exact = runs, True
        self._starts = [run.start for run in self._runs]

    def _aligned(self, *, goes_on: bool) -> tuple[list[_Run], bool]:
        """The runs of all turns in their order, and whether each was found as it is. With
        `goes_on`, a turn may begin without a label right behind the one before it.
        """
        found: list[_Run] = []
        is_exact, at = True, 0
        for index, turn in enumerate(self.interview.turns):
            if not turn.text.strip():
                continue
            runs = self._whole(turn, index, at, goes_on)
            if not runs:
                is_exact = False
                runs = self._by_words(turn, index, at)
            found += runs
            at = runs[-1].end if runs else at
        return found, is_exact

    def _whole(self, turn: Turn, index: int, at: int, goes_on: bool) -> list[_Run]:
        """The turn where it stands word for word, its label before it."""
        verbatim, label = turn.text.strip(), turn.label.casefold()
        first = pattern = None
        begin = at
        for _ in range(_TRIES):
            start = self.text.find(verbatim, begin)
            end = start + len(verbatim)
            if start < 0:
                pattern = pattern or re.compile(r"\s+".join(map(re.escape, verbatim.split())))
                found = pattern.search(self.text, begin)
                if found is None:
                    break
                start, end = found.span()
            is_near = start - at <= len(label) + _NEAR
            if first is not None and not is_near and first[0] - at <= _NEAR:
                break  # nobody is named before it: it goes on without a label
            first = first or (start, end)
            between = self.text[at:start]
            if goes_on and not between.strip() and not self._cuts_words(start, end):
                return self._tokens_at(turn, index, start, end)
            if label in self._folded[at:start]:
                return self._tokens_at(turn, index, start, end)
            begin = start + 1
        return self._tokens_at(turn, index, *first) if first else []

    def _cuts_words(self, start: int, end: int) -> bool:
        return any(
            0 < at < len(self.text) and self.text[at - 1].isalnum() and self.text[at].isalnum()
            for at in (start, end)
        )

    def _tokens_at(self, turn: Turn, index: int, start: int, end: int) -> list[_Run]:
        """The runs of a turn whose words are those from `start` to `end`."""
        there = turn.text.find(self.text[start:end])
        if there >= 0:
            return [_Run(start, end, index, there)]
        runs, at, offset = [], start, 0
        for token in turn.text.split():
            at, offset = self.text.index(token, at), turn.text.index(token, offset)
            runs.append(_Run(at, at + len(token), index, offset))
            at, offset = at + len(token), offset + len(token)
        return runs

    def _by_words(self, turn: Turn, index: int, at: int) -> list[_Run]:
        """The words of a turn as far as the source has them near `at`; none where it has not even
        half of them.
        """
        ours = list(re.finditer(r"\S+", turn.text))
        reach = at + 2 * len(turn.text) + 400
        theirs = list(re.finditer(r"\S+", self.text[at:reach]))
        matcher = difflib.SequenceMatcher(
            None, [one.group() for one in theirs], [one.group() for one in ours], autojunk=False
        )
        runs = [
            _Run(at + one.start(), at + one.end(), index, other.start())
            for block in matcher.get_matching_blocks()
            for one, other in zip(
                theirs[block.a : block.a + block.size],
                ours[block.b : block.b + block.size],
                strict=True,
            )
        ]
        return runs if 2 * len(runs) >= len(ours) else []

    def parts(self, start: int, end: int) -> list[Part]:
        """What the stretch from `start` to `end` covers, turn by turn; nothing where it covers
        white space, labels or headings alone.
        """
        found: dict[int, Span] = {}
        for run in self._runs[max(bisect_right(self._starts, start) - 1, 0) :]:
            if run.start >= end:
                break
            first, last = max(start, run.start), min(end, run.end)
            words = self.text[first:last]
            if not words.strip():
                continue
            first += len(words) - len(words.lstrip())
            last -= len(words) - len(words.rstrip())
            begin, finish = (at - run.start + run.offset for at in (first, last))
            before = found.get(run.turn, (begin, finish))
            found[run.turn] = min(before[0], begin), max(before[1], finish)
        parts = []
        for index, span in found.items():
            turn = self.interview.turns[index]
            is_all = turn.text.strip() == turn.text[slice(*span)].strip()
            parts.append(Part(turn, None if is_all else span))
        return parts


def tied(turn: Turn, span: Span) -> tuple[str, Span] | None:
    """Words that stand for a stretch of a turn, and the stretch: wider where its own words stand
    there several times, or where it cuts a character. None where nothing less than the turn does.
    """
    start, end = span
    text = turn.text
    is_left = False
    while True:
        if start == 0 and end == len(text):
            return None
        words = one_line(text[start:end])
        if words and anchor.stretches(text, words) == [(start, end)]:
            return words, (start, end)
        is_left = not is_left
        if (is_left and start > 0) or end == len(text):
            start = _next(text, start, -1)
        else:
            end = _next(text, end, 1)


def as_one(interview: Interview, parts: Sequence[Part]) -> tuple[Turn, str | None] | None:
    """Turns in a row as one, and the words `start … end` that stand for what is covered of them
    (None: all of it); None where there are no such words.
    """
    first, last = parts[0], parts[-1]
    turns = interview.turn(f"{first.turn.id}-{last.turn.id}")
    if turns is None:
        return None
    covered = {part.turn.id: part.span for part in parts}
    if interview.spans_of(turns.id, None) == covered:
        return turns, None
    words = f"{_opening(first)} … {_ending(last)}".strip()
    found = anchor.find(words, turns, interview, NOWHERE)
    if isinstance(found, Problem) or interview.spans_of(turns.id, found) != covered:
        return None
    return turns, words


def _opening(part: Part) -> str:
    """The first words of a part, as many as make them one place; '' where all is covered."""
    if part.span is None:
        return ""
    text, start = part.turn.text, part.span[0]
    for word in re.finditer(r"\S+", text[start : part.span[1]]):
        words = one_line(text[start : start + word.end()])
        if len(anchor.stretches(text, words)) == 1:
            return words
    return one_line(text[slice(*part.span)])


def _ending(part: Part) -> str:
    """The last words of a part, as many as make them one place; '' where all is covered."""
    if part.span is None:
        return ""
    text, end = part.turn.text, part.span[1]
    for word in reversed([*re.finditer(r"\S+", text[part.span[0] : end])]):
        words = one_line(text[part.span[0] + word.start() : end])
        if len(anchor.stretches(text, words)) == 1:
            return words
    return one_line(text[slice(*part.span)])


def _next(text: str, at: int, step: int) -> int:
    """The next end of a word from `at`, to the left or to the right."""
    at += step
    while 0 < at < len(text) and not (
        text[at - 1].isspace() != text[at].isspace() and text[at if step < 0 else at - 1].strip()
    ):
        at += step
    return at
