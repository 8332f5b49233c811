"""What `gtpipe matrix` shows: at the terminal the overview as a table where it fits, else code by
code, and the words; as Markdown both, for an appendix.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator, Sequence

from rich.cells import cell_len

from gtpipe.analysis.groups import NOT_SO, NOT_YET
from gtpipe.analysis.matrix import Cell, Extract, Matrix, names, overview
from gtpipe.model.names import name_order, one_line
from gtpipe.model.records import IncidentKey
from gtpipe.render import blocks
from gtpipe.render.blocks import GAP, Block
from gtpipe.render.tables import Format, write_rows
from gtpipe.render.terminal import clean, console, out, say
from gtpipe.text.markdown import block_quote, plain

GRID = 120  # columns that a table may take where there is no terminal


def show(table: Matrix, extracts: bool) -> None:
    header, rows = overview(table)
    if _fits(header, rows):
        write_rows(header, rows, Format.table)
        if table.groups_to_tell and not sys.stdout.isatty():
            out()
    else:
        listed = zip(table.things, rows, strict=True)
        told = [_listed(row[0], table.row(thing), table) for thing, row in listed]
        blocks.show(blocks.between(told))
        if table.groups_to_tell:
            blocks.show([GAP])
    blocks.show(Block(table.members(group), style="dim") for group in table.groups_to_tell)
    blocks.show(Block(one, style="dim") for one in table.in_several_groups)
    empty = [group.name for group in table.groups if not group.participants and not group.odd]
    if empty:
        say(f"empty, because no participant is in it: {', '.join(empty)}")
    if extracts:
        blocks.show(_extracts(table, [row[0] for row in rows]))


def _fits(header: Sequence[str], rows: Sequence[Sequence[str]]) -> bool:
    """Whether the overview can be read as a table: each column
    at least as wide as its longest word, or as it is in a pipe.
    """
    columns = list(zip(header, *rows, strict=True))
    if not sys.stdout.isatty():
        return sum(max(map(cell_len, column)) + 2 for column in columns) <= GRID + 2
    widths = [
        max(max(map(cell_len, clean(cell).split()), default=0) for cell in column)
        for column in columns
    ]
    widths[0] = max(widths[0], min(24, max(map(cell_len, columns[0]))))
    return sum(widths) + 2 * len(widths) <= console().width


def _listed(name: str, cells: Sequence[Cell], table: Matrix) -> Iterator[Block]:
    """A row of the overview as lines, where there are too many groups for a table."""
    yield Block(name, style="bold")
    for cell in cells:
        if cell.extracts or cell.beside:
            yield Block(f"{cell.group.name}: {table.said(cell)}", 2)
    for state in (NOT_SO, NOT_YET):
        groups = [cell.group.name for cell in cells if cell.state == state]
        if groups:
            yield Block(f"{state}: {', '.join(groups)}", 2, "dim")


def _extracts(table: Matrix, names: Sequence[str]) -> Iterator[Block]:
    for thing, name in zip(table.things, names, strict=True):
        yield GAP
        yield Block(f"{name} ({thing.kind})", style="bold underline")
        cells = [cell for cell in table.row(thing) if cell.extracts or cell.beside]
        if not cells:
            yield Block(NOT_SO if table.groups else "no group", 2, "dim")
        for cell in cells:
            yield Block(f"{cell.group.name}: {table.said(cell)}", 2, "bold")
            for extract in cell.extracts:
                coders = f" · {', '.join(extract.coders)}" if extract.coders else ""
                yield Block(f"{extract.title}{coders}", 4, "cyan")
                yield Block(extract.quoted, 6)
            if cell.unfit:
                yield Block("does not fit", 4, "italic")
            for extract in cell.unfit:
                yield Block(extract.title, 6, "cyan")
                yield Block(extract.quoted, 8)


def markdown(table: Matrix) -> str:
    """The overview as a table, who is in each group, then the words of each cell as
    block quotes; words that stand above already by their address.
    """
    top, body = overview(table)
    lines = [
        f"# By {plain(table.title)}",
        "",
        _row(top),
        _row(["---"] * len(top)),
        *map(_row, body),
    ]
    if table.groups_to_tell:
        lines += ["", *(f"- {plain(table.members(group))}" for group in table.groups_to_tell)]
    if table.in_several_groups:
        lines += ["", *(f"- {plain(one)}" for one in table.in_several_groups)]
    if table.left_out:
        lines += [
            "",
            plain(
                "Left out, because an interviewer speaks there: "
                f"{addresses(table.places_left_out)}."
            ),
        ]
    quoted: set[IncidentKey] = set()
    for thing, name in zip(table.things, names(table.things), strict=True):
        lines += ["", f"## {plain(name)}"]
        for cell in table.row(thing):
            if cell.extracts or cell.beside:
                lines += ["", f"### {plain(cell.group.name)} ({plain(table.said(cell))})"]
                above = [each.title for each in cell.extracts if each.place in quoted]
                for extract in cell.extracts:
                    if extract.place not in quoted:
                        quoted.add(extract.place)
                        lines += ["", _quote(extract)]
                if cell.unfit:
                    lines += ["", "Does not fit:"]
                    for extract in cell.unfit:
                        lines += ["", _quote(extract)]
                if above:
                    lines += ["", f"Quoted above: {plain(', '.join(dict.fromkeys(above)))}."]
    return "\n".join(lines) + "\n"


def addresses(places: Iterable[IncidentKey]) -> str:
    return ", ".join(
        sorted({f"{place.interview} {place.turn}" for place in places}, key=name_order)
    )


def _row(cells: Iterable[str]) -> str:
    return (
        "| " + " | ".join(cell if cell == "---" else plain(one_line(cell)) for cell in cells) + " |"
    )


def _quote(extract: Extract) -> str:
    return f"{block_quote(extract.words)}\n>\n> {plain(extract.title)}"
