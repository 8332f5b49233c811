"""The lines of a transcript, wrapped to a width and numbered through, for citation.

A line of the file is none of them: who re-wraps a transcript changes no number. Paragraphs of a
turn begin new lines, as turns do; a speaker's label takes room in the first line of theirs. What is
coded hangs on turns and words: numbers change where a transcript is corrected.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from gtpipe.model.records import Interview, Span, Turn

_WORD = re.compile(r"\S+")
_PARAGRAPH = re.compile(r"(?:(?!\n[ \t]*\n).)+", re.S)


class Line(NamedTuple):
    """A line: its number from 1, its turn, where its words stand in that, and what it says, with
    the speaker's label where a turn begins.
    """

    number: int
    turn: str
    span: Span
    text: str


class Lines:
    """The lines of an interview, each at most `width` characters long unless a label is longer."""

    def __init__(self, interview: Interview, width: int) -> None:
        self._interview = interview
        self.all: tuple[Line, ...] = tuple(
            Line(number, turn, span, text)
            for number, (turn, span, text) in enumerate(_wrapped(interview, width), start=1)
        )
        self._of_turn: dict[str, list[Line]] = {}
        for line in self.all:
            self._of_turn.setdefault(line.turn, []).append(line)

    def of_turn(self, turn: str) -> list[Line]:
        return self._of_turn[turn]

    def of(self, turn: str, span: Span | None = None) -> tuple[int, int]:
        """The first and the last line of a turn, of several as `7-10`, or of a stretch of them."""
        reached = self._interview.spans_of(turn, span)
        first, last = next(iter(reached)), [*reached][-1]
        return self._at(first, reached[first])[0].number, self._at(last, reached[last])[-1].number

    def _at(self, turn: str, span: Span | None) -> list[Line]:
        lines = self._of_turn[turn]
        if span is None:
            return lines
        start, end = span
        return [one for one in lines if one.span[0] < end and start < one.span[1]] or lines


def cited(first: int, last: int) -> str:
    """`12`, or `12-14`."""
    return str(first) if first == last else f"{first}-{last}"


def _wrapped(interview: Interview, width: int) -> Iterator[tuple[str, Span, str]]:
    for turn in interview.turns:
        head = f"{turn.label}: "
        found = False
        for paragraph in _PARAGRAPH.finditer(turn.text):
            for start, end in _lines(turn, paragraph.span(), width, 0 if found else len(head)):
                words = " ".join(turn.text[start:end].split())
                yield turn.id, (start, end), words if found else head + words
                found = True
        if not found:
            yield turn.id, (0, 0), head.rstrip()


def _lines(turn: Turn, paragraph: Span, width: int, taken: int) -> Iterator[Span]:
    """Where each line of a paragraph stands; `taken` is the room that the first has not."""
    start = end = -1
    room = width - taken
    for word in _words(turn.text, paragraph, width):
        length = word[1] - word[0]
        if start >= 0 and length + 1 > room:
            yield start, end
            start, room = -1, width
        room -= length + (start >= 0)
        start, end = word[0] if start < 0 else start, word[1]
    if start >= 0:
        yield start, end


def _words(text: str, paragraph: Span, width: int) -> Iterator[Span]:
    """The words; one that is longer than a line, as of a script without spaces, in parts."""
    for match in _WORD.finditer(text, *paragraph):
        for start in range(match.start(), match.end(), width):
            yield start, min(start + width, match.end())
