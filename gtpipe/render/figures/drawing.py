"""What a figure is made of: frozen records that know no file format.

Lengths are in pixels of 1/96 inch, y goes down. Colours have names (`svg.COLOURS`), so that a page
may show a figure on dark paper.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

Point = tuple[float, float]


@dataclass(frozen=True)
class Words:
    """One line of text; `y` is its baseline, `x` its start, or its end or middle by `anchor`."""

    x: float
    y: float
    text: str
    size: float = 13
    colour: str = "ink"
    bold: bool = False
    italic: bool = False
    anchor: str = "start"


@dataclass(frozen=True)
class Box:
    """A rectangle; its line or its inside is left away where `line` or `inside` is ''."""

    x: float
    y: float
    width: float
    height: float
    line: str = "ink"
    inside: str = "paper"
    thick: float = 1
    round: float = 0
    dash: str = ""
    shade: float = 1
    """How much of the colour inside is laid on, from 0 to 1."""


@dataclass(frozen=True)
class Curve:
    """A line through `points`: a start, then for each Bézier curve two handles and an end, or with
    `straight` corners. `tip` is where its arrowhead ends.
    """

    points: tuple[Point, ...]
    colour: str = "ink"
    thick: float = 1
    dash: str = ""
    tip: Point | None = None
    straight: bool = False


@dataclass(frozen=True)
class Flag:
    """The sign of what does not fit, its foot at (x, y), as high as a capital of its line."""

    x: float
    y: float
    size: float = 11


@dataclass(frozen=True)
class Together:
    """Parts that are one thing: `title` is its whole name, `link` where a page leads from it."""

    title: str
    parts: tuple[Part, ...]
    link: str = ""


Part = Words | Box | Curve | Flag | Together


def stacked(first: Words, lines: Iterable[str], step: float) -> tuple[Words, ...]:
    """Lines under each other, each as `first` is, so far apart."""
    return tuple(
        replace(first, text=line, y=first.y + number * step) for number, line in enumerate(lines)
    )


@dataclass(frozen=True)
class Drawing:
    """A figure; `description` says in words what it shows."""

    width: float
    height: float
    title: str
    description: str
    parts: tuple[Part, ...]
