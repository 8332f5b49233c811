"""Labels of a figure: with a number, with words below, with what does not fit; and a sentence where
there is nothing to draw.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from gtpipe.model.level import CodeRef
from gtpipe.model.problems import Problem
from gtpipe.render.figures.drawing import Drawing, Flag, Part, Point, Together, Words, stacked
from gtpipe.render.figures.letters import MORE, NO_LABEL, Label, broken, width
from gtpipe.render.pages import turns
from gtpipe.render.theory import LaidOut, contradicting

Link = Callable[[CodeRef], str]
"""Where a page leads from a code or relation; '' for nowhere."""

DOES_NOT_FIT = "does not fit: "
MARGIN = 14
SIZE, SMALL, STEP, SMALL_STEP = 13, 11, 16, 14
LONGEST = 160  # letters of a label where a picture is told in words
_FLAG = 15


@dataclass(frozen=True)
class Note:
    """What does not fit a thing, as places with a flag before them; `said` is all of it."""

    said: str
    label: Label

    @property
    def width(self) -> float:
        return self.label.width + _FLAG

    @property
    def height(self) -> float:
        return SMALL_STEP * len(self.label.lines)

    def drawn(self, x: float, y: float) -> tuple[Part, ...]:
        """From its upper left corner."""
        first = Words(x + _FLAG, y + SMALL, "", SMALL)
        return (Flag(x + 1.5, y + SMALL), *stacked(first, self.label.lines, SMALL_STEP))


def note_on(thing: CodeRef, laid: LaidOut, room: float, words: str = DOES_NOT_FIT) -> Note | None:
    """What is on record as not fitting `thing`; None where nothing is."""
    places = contradicting(thing, laid)
    if not places:
        return None
    said = words + turns(places)
    return Note(said, broken(said, room - _FLAG, SMALL))


def titled(name: str, note: Note | None) -> str:
    """The title of a part: its name, and what does not fit it."""
    return f"{name}; {note.said}" if note else name


@dataclass(frozen=True)
class Entry:
    """A label in a column, with what is said below it."""

    title: str
    label: Label
    size: float
    colour: str = "ink"
    bold: bool = False
    italic: bool = False
    mark: str = ""  # a number before it
    behind: str = ""  # a number behind it
    below: Label = NO_LABEL
    note: Note | None = None
    link: str = ""

    @property
    def _step(self) -> float:
        return self.size + 4

    @property
    def _indent(self) -> float:
        return width(self.mark, self.size, True) + 6 if self.mark else 0

    @property
    def _end(self) -> float:
        """Where the line that leads away begins: behind the widest line, and the number."""
        behind = width(self.behind, SMALL) + 5 if self.behind else 0
        last = width(self.label.lines[-1], self.size, self.bold) + behind
        return self._indent + max(self.label.width, last)

    @property
    def width(self) -> float:
        below = max(self.below.width, self.note.width if self.note else 0)
        return max(self._end, below + self._indent)

    @property
    def own(self) -> float:
        """The height of the label alone."""
        return self._step * len(self.label.lines)

    @property
    def height(self) -> float:
        below = SMALL_STEP * len(self.below.lines)
        return self.own + below + (self.note.height + 2 if self.note else 0)

    def end(self, x: float, y: float) -> Point:
        """Where the line that leads away begins."""
        return x + self._end + 5, y + self.own / 2

    def drawn(self, x: float, y: float) -> Part:
        base = y + self.size - 0.5
        parts: list[Part] = []
        if self.mark:
            parts.append(Words(x, base, self.mark, self.size, self.colour, bold=True))
        inner = x + self._indent
        first = Words(inner, base, "", self.size, self.colour, self.bold, self.italic)
        parts += stacked(first, self.label.lines, self._step)
        if self.behind:
            after = inner + width(self.label.lines[-1], self.size, self.bold) + 5
            last = base + self._step * (len(self.label.lines) - 1)
            parts.append(Words(after, last, self.behind, SMALL, "soft"))
        y += self.own
        parts += stacked(Words(inner, y + SMALL, "", SMALL, "soft"), self.below.lines, SMALL_STEP)
        if self.note:
            parts += self.note.drawn(inner, y + 2 + SMALL_STEP * len(self.below.lines))
        return Together(titled(self.title, self.note), tuple(parts), self.link)


def shortened(label: str) -> str:
    """A label where a picture is told in words."""
    return label if len(label) <= LONGEST else label[:LONGEST].rstrip() + MORE


def does_not_fit(things: Iterable[CodeRef], laid: LaidOut) -> Iterator[str]:
    """What does not fit each of `things`, in words."""
    for thing in things:
        if places := contradicting(thing, laid):
            yield f"Does not fit {shortened(thing.label)}: {turns(places)}."


def in_words(title: str, problem: Problem) -> Drawing:
    """A drawing of a sentence: why there is none of anything else."""
    text = ". ".join(filter(None, (problem.what, problem.do))).replace("`", "") + "."
    label = broken(text, 400, SIZE, most=6)
    words = stacked(Words(MARGIN, MARGIN + SIZE, "", SIZE), label.lines, STEP)
    high = 2 * MARGIN + STEP * len(words)
    return Drawing(label.width + 2 * MARGIN, high, title, text, words)
