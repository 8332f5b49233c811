"""Incidents laid out in the terminal: as pieces of text, one under the other, or in two columns where there is room."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from gtpipe.render.terminal import block, clean, console, out

WIDE = 100  # columns of a terminal from which on two things stand beside each other


class Piece(NamedTuple):
    """A block of text. `marked` is the place in it to underline; an empty one is an empty line."""

    text: str = ""
    indent: int = 0
    style: str = ""
    marked: tuple[int, int] | None = None


GAP = Piece()
Pair = tuple[Sequence[Piece], Sequence[Piece]]


def show(pieces: Iterable[Piece]) -> None:
    """Pieces one under the other."""
    for piece in pieces:
        if piece.text:
            block(*piece)
        else:
            out()


def is_wide() -> bool:
    """Whether two columns fit."""
    return sys.stdout.isatty() and console().width >= WIDE


def show_beside(pairs: Iterable[Pair]) -> None:
    """Pairs in two columns, each beginning on one line; for a wide terminal."""
    from rich.table import Table

    table = Table.grid(padding=(0, 3), expand=True)
    table.add_column(ratio=1, overflow="fold")
    table.add_column(ratio=1, overflow="fold")
    for left, right in pairs:
        table.add_row(_cell(left), _cell(right))
    console().print(table)


def _cell(pieces: Iterable[Piece]):
    from rich.console import Group
    from rich.padding import Padding
    from rich.text import Text

    cells = []
    for piece in pieces:
        if not piece.text:
            cells.append(Text())
            continue
        text = Text(clean(piece.text), style=piece.style)
        if piece.marked is not None:
            text.stylize("underline", *piece.marked)
        cells.append(Padding(text, (0, 0, 0, piece.indent), expand=False))
    return Group(*cells)


def incident(view, told: Iterable[tuple[str, str]] = (), title: str = "") -> list[Piece]:
    """An incident with its question and turn; `told` is what is said of it beside the words, name and text."""
    from gtpipe.render import pages

    pieces = [Piece(title or pages.title(view), 0, "bold cyan")]
    if view.question is not None:
        pieces.append(Piece(f"{view.question.label}: {view.question.text}", 2, "dim"))
    start = len(view.spoken.label) + 2
    marked = None if view.span is None else (start + view.span[0], start + view.span[1])
    pieces.append(Piece(f"{view.spoken.label}: {view.spoken.text}", 2, marked=marked))
    return pieces + [Piece(f"{name}: {text}", 4, "italic") for name, text in told]
