"""A page as values: what it says is laid out once, and written as Markdown here, or elsewhere as
chapters of a document.

The texts are written as their target needs them: for Markdown what a person typed is escaped.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from gtpipe.model.level import CodeRef


class Heading(NamedTuple):
    """A heading, its depth from 1; `names` is the code that is told of below it."""

    depth: int
    text: str
    names: CodeRef | None = None


class Paragraph(NamedTuple):
    """A paragraph; `title` stands in bold before the text. `names` is the code that it begins to
    tell of.
    """

    text: str
    title: str = ""
    names: CodeRef | None = None


class Quotation(NamedTuple):
    """Words that were said, and who said them where; no words where a page has none."""

    words: str
    who: str


class Points(NamedTuple):
    """A list; each point with those below it."""

    points: tuple[tuple[str, tuple[str, ...]], ...]


Part = Heading | Paragraph | Quotation | Points


def as_markdown(parts: Iterable[Part]) -> str:
    return "\n\n".join(map(_markdown, parts)) + "\n"


def _markdown(part: Part) -> str:
    if isinstance(part, Heading):
        return f"{'#' * min(part.depth, 5)} {part.text}"
    if isinstance(part, Paragraph):
        title = f"**{part.title}**" if part.title else ""
        return ": ".join(filter(None, (title, part.text)))
    if isinstance(part, Quotation):
        lines = [f"> {line}".rstrip() for line in part.words.split("\n")] if part.words else []
        return "\n".join([*lines, *[">"] * bool(lines), f"> — {part.who}"])
    return "\n".join(
        line
        for point, below in part.points
        for line in (f"- {point}", *(f"  - {b}" for b in below))
    )
