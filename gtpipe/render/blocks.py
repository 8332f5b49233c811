"""Laid-out text as values: blocks under one another, or in
columns where the terminal is wide enough.

What lays something out (`incidents`, `one_code`, `matrix`, `trace` …) makes blocks of records;
`show` prints them. So a layout can be tested and reused without a terminal.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from typing import TYPE_CHECKING, NamedTuple

from gtpipe.render.terminal import block, clean, console, in_lines, out, write

if TYPE_CHECKING:
    from rich.console import Group, RenderableType

AT_ONCE = 1000  # blocks that are written to a file or a pipe
WIDE = 50  # columns of a terminal for each of the things that stand beside each other


class Block(NamedTuple):
    """A block of text. `marked` is the place in it to underline; an empty one is an empty line."""

    text: str = ""
    indent: int = 0
    style: str = ""
    marked: tuple[int, int] | None = None


GAP = Block()
Pair = tuple[Sequence[Block], Sequence[Block]]


def show(blocks: Iterable[Block]) -> None:
    """Blocks one under the other."""
    if not sys.stdout.isatty():
        rest = iter(blocks)
        while some := [*islice(rest, AT_ONCE)]:
            write("".join([in_lines(each.text, each.indent) for each in some]))
        return
    for each in blocks:
        if each.text:
            block(*each)
        else:
            out()


def between(groups: Iterable[Iterable[Block]]) -> Iterator[Block]:
    """Groups of blocks with an empty line between each two."""
    for number, group in enumerate(groups):
        if number:
            yield GAP
        yield from group


def is_wide(columns: int = 2) -> bool:
    """Whether so many columns fit."""
    return sys.stdout.isatty() and console().width >= WIDE * columns


def show_beside(rows: Iterable[Sequence[Sequence[Block]]]) -> None:
    """Rows in as many columns as the first has, each beginning on one line; for a wide terminal."""
    from rich.table import Table

    table = Table.grid(padding=(0, 3), expand=True)
    for row in rows:
        while len(table.columns) < len(row):
            table.add_column(ratio=1, overflow="fold")
        table.add_row(*map(_cell, row))
    console().print(table)


def _cell(blocks: Iterable[Block]) -> Group:
    from rich.console import Group
    from rich.padding import Padding
    from rich.text import Text

    cells: list[RenderableType] = []
    for each in blocks:
        text = Text(clean(each.text), style=each.style)
        if each.marked is not None:
            text.stylize("underline", *each.marked)
        cells.append(Padding(text, (0, 0, 0, each.indent), expand=False) if each.text else text)
    return Group(*cells)
