"""A table as another program saved it, as text (commas, semicolons, tabs, bars; any usual encoding)
or as a workbook: its rows as text, whatever they are about.

A cell that begins like a formula is the words it shows. A workbook's real formula counts as what it
last came to; one that came to nothing is words that a program took for a formula.
"""

from __future__ import annotations

import csv
import io
import re
import warnings
from collections import Counter
from pathlib import Path
from typing import NamedTuple

from gtpipe.exchange.safe_zip import names_in
from gtpipe.model import limits
from gtpipe.model.problems import UserError, error
from gtpipe.readers import archive, decoding
from gtpipe.readers.lines.plain import text_of
from gtpipe.readers.tables.column_headers import Row
from gtpipe.readers.tables.workbook import DAMAGE, written

_WHAT = "Excel workbook"
_SEPARATORS = (",", ";", "\t", "|")
_FORMULA = re.compile(rb"<f[ />]")
_ROWS = 1_000_000
_CELL = 2**24  # characters: a code's definition, a long answer
_MOST = 128 * 2**20  # bytes


class Sheet(NamedTuple):
    """`rows` are those that hold anything, all of one width; `name` is '' in a text."""

    name: str
    rows: tuple[Row, ...]


def is_table(path: Path) -> bool:
    """Whether a file says that it is a table: a workbook, or by its ending."""
    if path.suffix.lower() in (".csv", ".tsv", ".tab", ".xlsx"):
        return True
    return any(name.startswith("xl/workbook") for name in names_in(path) or ())


def first_rows(path: Path) -> list[Row]:
    """The first line of a text, by whatever it may be cut."""
    with path.open("rb") as file:
        start = file.read(2**14)
    if not decoding.is_text(start):
        return []
    first = start.decode("utf-8-sig", "replace").strip().partition("\n")[0]
    return [
        Row(1, tuple(cell.strip().strip('"') for cell in first.split(separator)))
        for separator in _SEPARATORS
        if separator in first
    ]


def sheets(path: Path) -> tuple[tuple[Sheet, ...], tuple[str, ...]]:
    """The sheets that hold anything, and remarks on how they were read.

    Raises UserError where the file is empty, damaged, no table, or cut wrongly.
    """
    if path.stat().st_size > _MOST:
        raise UserError.at(
            str(path),
            None,
            f"this file holds {path.stat().st_size / 2**20:,.0f} MB: no table of codings does",
            "Is it the right file?",
        )
    content = path.read_bytes()
    if not content.strip(b" \t\r\n\x00\xef\xbb\xbf\xff\xfe"):
        raise UserError.at(str(path), None, "this file is empty", "Export it again")
    remarks: tuple[str, ...] = ()
    if content.startswith(archive.OLE):
        raise archive.describe_ole(content, str(path))
    if content.startswith(archive.ZIP) or path.suffix.lower() == ".xlsx":
        found = _workbook(content, str(path))
    elif not decoding.is_text(content):
        raise UserError.at(
            str(path), None, "this file is not text", "Save it as .csv in UTF-8, or as .xlsx"
        )
    else:
        text, remarks = text_of(content, str(path), _MOST)
        found = (Sheet("", _rows(text, str(path))),)
    filled = tuple(sheet for sheet in found if sheet.rows)
    if not filled:
        raise UserError.at(str(path), None, "this table holds nothing", "Is it the right file?")
    return filled, tuple(remark for remark in remarks if not remark.endswith("line ends"))


def _rows(text: str, path: str) -> tuple[Row, ...]:
    """The rows, cut by the separator that cuts most of them as wide as the first."""
    first, _, rest = text.partition("\n")
    hinted = first.removeprefix("sep=") if first.startswith("sep=") else ""
    before = 2 if hinted else 1
    separators = [hinted] if len(hinted) == 1 else [s for s in _SEPARATORS if s in text] or [","]
    cut = [_cut(rest if hinted else text, separator, before) for separator in separators]
    whole = [rows for rows, wrong in cut if not wrong and rows]
    if not whole:
        wrong = max((wrong for _, wrong in cut), default=0)
        if not wrong:
            return ()
        raise UserError.at(
            path,
            wrong,
            "a quotation mark in this table is not closed, or is inside a quoted cell and not "
            "doubled",
            "Look at the quotation marks from this line on: inside a cell they are written twice",
        )
    rows = max(whole, key=_evenness)
    return _even(rows, path)


def _cut(text: str, separator: str, line: int) -> tuple[list[Row], int]:
    """The filled rows by the line they begin on, and the line where quotation marks go wrong, or
    0.
    """
    rows = []
    limit = csv.field_size_limit(_CELL)
    try:
        reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
        before = line - 1
        for cells in reader:
            if any(map(str.strip, cells)):
                rows.append(Row(line, tuple(cells)))
            line = before + reader.line_num + 1
    except csv.Error:
        return rows, line
    finally:
        csv.field_size_limit(limit)
    return rows, 0


def _evenness(rows: list[Row]) -> tuple[float, int]:
    """The share of rows that are as wide as most, of tables of one column none; and how wide."""
    width, count = _usual_width(rows)
    return (count / len(rows) if width > 1 else 0.0, width)


def _usual_width(rows: list[Row]) -> tuple[int, int]:
    """Of two as usual, the larger; and how many rows have it."""
    widths = Counter(len(row.cells) for row in rows)
    return max(widths.items(), key=lambda item: (item[1], item[0]))


def _even(rows: list[Row], path: str) -> tuple[Row, ...]:
    """All as wide as most. Raises UserError for rows with words beyond it."""
    width, _ = _usual_width(rows)
    wide = [row for row in rows if any(map(str.strip, row.cells[width:]))]
    if wide:
        raise UserError(
            *(
                error(
                    path,
                    row.number,
                    f"this row has {len(row.cells)} cells where the others have {width}",
                    "Put words that hold a separator in quotation marks",
                    excerpt=limits.cut(" | ".join(row.cells), limits.EXCERPT),
                )
                for row in wide[: limits.PROBLEMS]
            )
        )
    return _padded(rows, width)


def _padded(rows: list[Row], width: int) -> tuple[Row, ...]:
    return tuple(
        Row(row.number, (row.cells + ("",) * (width - len(row.cells)))[:width]) for row in rows
    )


def _workbook(content: bytes, path: str) -> tuple[Sheet, ...]:
    with archive.opened(content, path, _WHAT) as package:
        archive.check_xml(package, path, _WHAT)
        has_formulas = any(
            _FORMULA.search(archive.member(package, name, path, _WHAT))
            for name in package.namelist()
            if name.startswith("xl/worksheets/")
        )
    shown = _cells(content, path, as_shown=True)
    typed = _cells(content, path, as_shown=False) if has_formulas else shown
    filled = {name: _filled(rows, typed[name]) for name, rows in shown.items()}
    return tuple(
        Sheet(name, _padded(rows, max(len(row.cells) for row in rows)))
        for name, rows in filled.items()
        if rows
    )


def _cells(content: bytes, path: str, *, as_shown: bool) -> dict[str, list[tuple[object, ...]]]:
    import openpyxl

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            book = openpyxl.load_workbook(io.BytesIO(content), read_only=True, data_only=as_shown)
            cells: dict[str, list[tuple[object, ...]]] = {}
            for sheet in book.worksheets:
                sheet.reset_dimensions()
                cells[sheet.title] = [*sheet.iter_rows(values_only=True)]
                limits.refuse_many(len(cells[sheet.title]), _ROWS, "rows", path)
            book.close()
            return cells
    except DAMAGE:
        raise archive.broken(path, _WHAT) from None


def _filled(shown: list[tuple[object, ...]], typed: list[tuple[object, ...]]) -> list[Row]:
    rows = []
    for number, (values, formulas) in enumerate(zip(shown, typed, strict=True), 1):
        cells = [
            written(getattr(formula, "text", formula) if value in (None, 0) else value)
            for value, formula in zip(values, formulas, strict=True)
        ]
        while cells and not cells[-1]:
            cells.pop()
        if cells:
            rows.append(Row(number, tuple(cells)))
    return rows
