"""Rows as a table for people, or as CSV, JSON or a workbook
for programs: the one place where any table is written.

A cell is text, a number or a list of texts; a list stays one in JSON, and is joined by commas
elsewhere.
"""

from __future__ import annotations

import csv
import io
import re
import sys
from collections.abc import Sequence
from enum import StrEnum
from pathlib import Path

from gtpipe.model.plural import count
from gtpipe.render.terminal import clean, console, out, say, write, write_json
from gtpipe.text import cells

Row = Sequence[object]
MANY = (
    300  # rows that are still laid out as a fine table: one of more would take a terminal minutes
)
AT_ONCE = 200  # rows that are written
WIDEST = 100  # a column; what stands behind a longer cell is moved
# To a spreadsheet that opens CSV; programs and git want what was typed (`csv_for_spreadsheets`).
_FORMULA = re.compile("[=+@\t\r]|-[^ ]")


class Format(StrEnum):
    """How a looking command prints."""

    table = "table"
    csv = "csv"
    json = "json"


class WorkbookFormat(StrEnum):
    """How a command prints a table that may become a workbook."""

    table = "table"
    csv = "csv"
    json = "json"
    xlsx = "xlsx"


def write_rows(
    header: Sequence[str],
    rows: Sequence[Row],
    format: str,
    *,
    empty: str = "nothing to show",
    workbook: Path | None = None,
    title: str = "rows",
) -> None:
    """Rows in one of the formats of `Format` or `WorkbookFormat`;
    for people, `empty` says that there are none.

    JSON is a list of objects keyed by `header`. A workbook has one sheet, called `title`, and goes
    to the file `workbook`.
    """
    if format == WorkbookFormat.json:
        write_json([dict(zip(header, row, strict=True)) for row in rows])
    elif format == WorkbookFormat.csv:
        _csv(header, [_joined(row) for row in rows])
    elif workbook is not None:
        write_workbook(workbook, [(title, header, [_joined(row) for row in rows])])
    elif not rows:
        say(empty)
    else:
        _table(header, rows)


def write_workbook(
    path: Path, sheets: Sequence[tuple[str, Sequence[object], Sequence[Row]]]
) -> None:
    """Sheets (title, header and rows) as a workbook; says what
    was written, and what was too long for a cell.
    """
    from gtpipe.render import workbooks

    cut = workbooks.save(path, sheets)
    out(f"{path}: {', '.join(title for title, *_ in sheets)}")
    say_what_was_cut(cut)


def say_what_was_cut(cut: int) -> None:
    """How many texts were too long for a cell of a workbook."""
    from gtpipe.render import workbooks

    if cut:
        say(
            f"note: {count(cut, 'text')} longer than {workbooks.LONGEST:,} characters, which is "
            "all that a cell holds, cut off there; --format csv has all of it"
        )


def _joined(row: Row) -> list[object]:
    return [", ".join(map(str, cell)) if isinstance(cell, (list, tuple)) else cell for cell in row]


def csv_for_spreadsheets(header: Sequence[str], rows: Sequence[Row]) -> bytes:
    """A table as CSV that people open in a spreadsheet: no cell of it is taken for a formula."""
    table = io.StringIO()
    writer = csv.writer(table, lineterminator="\n")
    writer.writerows(
        [cells.neutral(cell) if isinstance(cell, str) else cell for cell in row]
        for row in (header, *rows)
    )
    return table.getvalue().encode("utf-8", "replace")


def _csv(header: Sequence[str], rows: Sequence[Row]) -> None:
    table = io.StringIO()
    writer = csv.writer(table, lineterminator="\n")
    writer.writerow(header)
    writer.writerows(rows)
    write(table.getvalue())
    formulas = sum(
        isinstance(cell, str) and _FORMULA.match(cell) is not None for row in rows for cell in row
    )
    if formulas:
        say(
            f"note: {count(formulas, 'cell')} as typed that a spreadsheet takes for a formula: "
            "import the columns as text."
        )


def _table(titles: Sequence[str], rows: Sequence[Row]) -> None:
    shown = [[clean(str(cell)).replace("\n", " ") for cell in _joined(row)] for row in rows]
    numbers = [all(isinstance(row[column], int) for row in rows) for column in range(len(titles))]
    if len(rows) > MANY or not sys.stdout.isatty():
        _columns([list(map(clean, titles)), *shown], numbers)
        return
    from rich.box import SIMPLE_HEAD
    from rich.table import Table
    from rich.text import Text

    table = Table(box=SIMPLE_HEAD, pad_edge=False, header_style="bold")
    for title, number in zip(titles, numbers, strict=True):
        table.add_column(title, justify="right" if number else "left", overflow="fold")
    for row in shown:
        table.add_row(*map(Text, row))
    console().print(table)


def _columns(rows: list[list[str]], numbers: list[bool]) -> None:
    """Rows of what is clean one under the other, columns aligned as far as `WIDEST`, nothing cut
    off: for a pipe or a file, or very many rows.
    """
    from rich.cells import cell_len

    def width_of(text: str) -> int:
        return len(text) if text.isascii() else cell_len(text)

    widths = [max(map(width_of, column)) for column in zip(*rows, strict=True)]
    columns = tuple(zip((min(width, WIDEST) for width in widths), numbers, strict=True))
    for start in range(0, len(rows), AT_ONCE):
        lines = []
        for row in rows[start : start + AT_ONCE]:
            padded = []
            for cell, (width, number) in zip(row, columns, strict=True):
                if not cell.isascii():
                    width += len(cell) - cell_len(cell)
                padded.append(cell.rjust(width) if number else cell.ljust(width))
            lines.append("  ".join(padded).rstrip() + "\n")
        write("".join(lines))
