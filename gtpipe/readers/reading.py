"""What every reader takes and gives: hints in, a reading out; and `Reader`,
the shape of a reader itself.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from functools import cached_property
from typing import NamedTuple

from gtpipe.model.problems import UserError, error
from gtpipe.model.shape import NO_SHAPE, Shape
from gtpipe.model.typography import same

_HALF = re.compile("[\ud800-\udfff]")


class Line(NamedTuple):
    """A line of a source as text.

    `number` is its place, counted from 1 in what `Reading.unit` names.

    `bold` and `italic` are how many characters at its beginning are set so, for formats that know.
    """

    text: str
    number: int
    bold: int = 0
    italic: int = 0


class SourceTurn(NamedTuple):
    """A turn as the source has it.

    `lead` is what stood before the words as text: label, time mark, colon, markup.
    """

    label: str
    time: str
    text: str
    line: int
    lead: str


class Aside(NamedTuple):
    """Words of the source that are nobody's speech: `what` is "page number",
    "comment", "column Notes" and the like.
    """

    number: int
    what: str
    words: str


class Doubt(NamedTuple):
    """What the source alone does not say of one of its places, and which option answers it.

    `about` is the label or the beginning of a line in doubt, '' where it is none.
    """

    number: int
    what: str
    do: str
    excerpt: str = ""
    about: str = ""


@dataclass(frozen=True)
class Reading:
    """What a reader understood; `remarks` say how it was read.

    `left_out` are lines by number before the first speaker. `asides` are other words that are no
    turn's. Turns' leads and texts, `left_out` and `asides` together hold every word of the source.
    `doubts` must be answered before anything is written. `shape` is the form it was read by.
    `unit` is what numbers count: line, paragraph, row, page, cue.
    """

    format: str
    turns: tuple[SourceTurn, ...]
    left_out: tuple[tuple[int, str], ...] = ()
    remarks: tuple[str, ...] = ()
    doubts: tuple[Doubt, ...] = ()
    asides: tuple[Aside, ...] = ()
    unit: str = "line"
    shape: Shape = NO_SHAPE

    def labels(self) -> dict[str, tuple[int, int]]:
        """Each label in order of appearance → how many turns it has, and the line of its first."""
        seen: dict[str, tuple[int, int]] = {}
        for turn in self.turns:
            count, line = seen.get(turn.label, (0, turn.line))
            seen[turn.label] = (count + 1, line)
        return seen


class Columns(NamedTuple):
    """Names of a table's columns, as a person gives them with `--columns`; '' for none."""

    speaker: str = ""
    words: str = ""
    time: str = ""


NO_COLUMNS = Columns()


@dataclass(frozen=True)
class Hints:
    """What is known of a source before it is read: labels of speakers,
    and beginnings of lines that are words after all.

    With `only_known`, nothing but a known label begins a turn: that is how a source is read a
    second time. `monologue` is the one who speaks throughout, where nothing in the source says who
    does. `shape` is the form that is declared of the source, with the answers a person gave;
    `shapes` are those that the study knows by name, tried where none is declared.
    """

    known: frozenset[str] = frozenset()
    not_speakers: frozenset[str] = frozenset()
    only_known: bool = False
    columns: Columns = NO_COLUMNS
    monologue: str = ""
    shape: Shape = NO_SHAPE
    shapes: tuple[Shape, ...] = ()

    def __contains__(self, label: str) -> bool:
        return same(label).casefold() in self.folded

    @property
    def only_speaker(self) -> str:
        """The one who speaks throughout a source that names nobody, '' for none;
        a source read again knows them as its only label.
        """
        is_alone = self.only_known and len(self.known) == 1
        return self.monologue or (next(iter(self.known)) if is_alone else "")

    def without_monologue(self) -> Hints:
        """The same for a part of a source: it knows one label more, so nobody is alone in it."""
        return replace(self, monologue="", known=self.known | {"\n"})

    @cached_property
    def folded(self) -> frozenset[str]:
        return frozenset(same(label).casefold() for label in self.known)


class Reader(NamedTuple):
    """A format.

    `shows(content)` is quick and true only where the content says what it is; `may_be(content)`
    where nothing in it speaks against a file whose ending says so.

    `read(content, path, hints)` raises UserError on a bad file. `control_text(content)` is the
    text of the same file by a second, simpler way, asides included, None where there is none: its
    words must be those of the reading.
    """

    name: str
    endings: tuple[str, ...]
    shows: Callable[[bytes], bool]
    may_be: Callable[[bytes], bool]
    read: Callable[[bytes, str, Hints], Reading]
    control_text: Callable[[bytes], str | None]


def refuse_halves(words: Iterable[tuple[int, str]], unit: str, path: str) -> None:
    """Raises UserError for half a character (U+D800 to U+DFFF): only together with its other half
    does it mean anything.
    """
    problems = []
    for number, text in words:
        half = None if text.isascii() else _HALF.search(text)
        if half:
            problems.append(
                error(
                    path,
                    number,
                    f"{unit} {number} contains half a character (U+{ord(half.group()):04X})",
                    "The program that wrote this file cut a character in two: put it right there, "
                    "or take it out of the file",
                )
            )
    if problems:
        raise UserError(*problems)
