"""Words in lines of so many columns of a terminal, and where each letter stands in them.

A letter may take two columns (wide), or none (combining): a line is broken between what the eye
takes for one character. Letters stay in the order of the text; a terminal that turns right-to-left
words around does so within a line.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import NamedTuple

from rich.cells import cell_len, split_graphemes

from gtpipe.render.terminal import clean


class Line(NamedTuple):
    """From which letter of a text to which a line goes; the space it was broken at is not in it."""

    start: int
    end: int


_WORD = re.compile(r"\S+\s*|\s+")


@lru_cache(maxsize=4096)
def shown(text: str) -> str:
    """`text` as it may be shown, letter for letter: without what a terminal would obey."""
    return clean(text).replace("\t", " ")


@lru_cache(maxsize=4096)
def wrapped(text: str, width: int) -> tuple[Line, ...]:
    """The lines of `text`, each at most `width` columns: broken between words, a word longer than a
    line within it.

    >>> [text[slice(*line)] for text in ["one two three"] for line in wrapped(text, 8)]
    ['one two', 'three']
    """
    lines: list[Line] = []
    start = 0
    for paragraph in text.split("\n"):
        lines += _of_paragraph(shown(paragraph), start, max(width, 2))
        start += len(paragraph) + 1
    return tuple(lines)


def _of_paragraph(text: str, offset: int, width: int) -> list[Line]:
    lines: list[Line] = []
    begins, column, end = 0, 0, 0  # of the line: where it begins, columns with the space behind
    for match in _WORD.finditer(text):
        word = match.group().rstrip()
        wide = cell_len(word)
        if column and column + wide > width:
            lines.append(Line(begins, end))
            begins, column = match.start(), 0
        if wide > width:
            begins, column = _broken(text, match.start(), match.start() + len(word), width, lines)
        else:
            column += wide
        end = match.start() + len(word)
        column += cell_len(text[end : match.end()])
    lines.append(Line(begins, max(end, begins)))
    return [Line(line.start + offset, line.end + offset) for line in lines]


def _broken(text: str, start: int, end: int, width: int, lines: list[Line]) -> tuple[int, int]:
    """A word that is longer than a line, in lines; where its last part begins, and its columns."""
    begins, column = start, 0
    for first, _, wide in split_graphemes(text[start:end])[0]:
        if column + wide > width:
            lines.append(Line(begins, start + first))
            begins, column = start + first, 0
        column += wide
    return begins, column


def line_of(lines: tuple[Line, ...], at: int) -> int:
    """The line in which letter `at` stands."""
    found = 0
    for number, line in enumerate(lines):
        if line.start <= at:
            found = number
    return found


def column_of(text: str, line: Line, at: int) -> int:
    """The column of a line at which letter `at` begins."""
    return cell_len(shown(text[line.start : min(at, line.end)]))


def letter_at(text: str, line: Line, column: int) -> int:
    """The letter of a line that stands at a column; the last one for what is behind it."""
    spans, _ = split_graphemes(shown(text[line.start : line.end]))
    at = 0
    for first, _, wide in spans:
        if at + wide > column:
            return line.start + first
        at += wide
    return line.end
