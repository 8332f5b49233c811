"""Tables as text: .csv and .tsv, with commas, semicolons, tabs or bars between the cells.

Who says what, `columns` finds.
"""

from __future__ import annotations

import csv
import io
import re
from collections import Counter
from collections.abc import Iterator
from typing import NamedTuple

from gtpipe.model import limits
from gtpipe.model.problems import UserError, error
from gtpipe.readers import decoding
from gtpipe.readers.lines import plain
from gtpipe.readers.reading import Hints, Reader, Reading
from gtpipe.readers.tables import column_headers, columns
from gtpipe.readers.tables.column_headers import Layout, Row

_SEPARATORS = (",", ";", "\t", "|")
_NAMES = {",": "commas", ";": "semicolons", "\t": "tabs", "|": "bars"}
_GOES_ON = re.compile(r" [^\W\d_A-Z]{2,}")  # what stands after a comma in words
_BREAKS_OFF = re.compile(r"[^\W\d_]+ [^\W\d_]{2,}\Z")
_NONE = "\x1f"  # no text has it: every line is one cell


class _Table(NamedTuple):
    """The rows as cut by one separator, `number` being the line they begin on;
    `regular` the share of the usual width.
    """

    separator: str
    quoted: bool
    rows: tuple[Row, ...]
    width: int
    regular: float


def read(content: bytes, path: str, hints: Hints) -> Reading:
    """Raises UserError when rows have too few or too many cells, or no column says who speaks."""
    text, remarks = plain.text_of(content, path)
    if not text.strip("".join(_SEPARATORS) + '" \n'):
        raise UserError.at(path, None, "this table holds no words", "Is it the right file?")
    limits.refuse_many(text.count("\n"), limits.LINES, "lines", path)
    table = _table(text, path)
    limits.refuse_many(table.width, limits.COLUMNS, "columns", path)
    rows = _even(table, path)
    transcript = columns.turns_or_error(rows, path, hints)
    if table.separator != _NONE:
        _refuse_spills(table, transcript.layout, path)
    name = _NAMES.get(table.separator)
    separated = (f"a table with {name} between its columns",) if name else ()
    return Reading(
        "table",
        transcript.turns,
        transcript.left_out,
        (*remarks, *separated, *transcript.remarks),
        (),
        transcript.asides,
    )


def _table(text: str, path: str) -> _Table:
    """The table by the separator that cuts most of its rows into the same number of cells.

    Raises UserError for none.
    """
    tables: list[_Table] = []
    wrong: list[int] = []
    for separator, quoted in _ways_to_cut(text):
        rows, line = _cut(text, separator, quoted)
        if line:
            wrong.append(line)
        elif (table := _measured(separator, quoted, rows)).width > 1:
            tables.append(table)
    first = next((line for line in text.split("\n") if line.strip()), "")
    known = [table for table in tables if any(map(_has_known_headings, table.rows[:5]))]
    likely = [
        table
        for table in tables
        if table.separator in first or (table.regular >= 0.8 and len(table.rows) > 5)
    ]
    if known or likely:
        return max(known or likely, key=lambda table: (table.regular, table.width))
    lines = text.split("\n")
    if wrong and not tables:
        raise UserError.at(
            path,
            wrong[0],
            "a quotation mark in this table is not closed, "
            "or is inside a quoted cell and not doubled, or a cell is very long",
            "Look at the quotation marks from this line on: inside a cell they are written twice",
            excerpt=lines[wrong[0] - 1].strip()[:100],
        )
    one_cell_each = tuple(Row(number, (line,)) for number, line in enumerate(lines, 1))
    return _Table(_NONE, False, one_cell_each, 1, 1.0)


def _ways_to_cut(text: str) -> Iterator[tuple[str, bool]]:
    """Separators that the text has, and whether quotation marks hold its cells together."""
    for separator in _SEPARATORS:
        if separator in text:
            yield separator, True
            if separator == "\t" and '"' in text:
                yield separator, False


def _measured(separator: str, quoted: bool, rows: tuple[Row, ...]) -> _Table:
    """The table with its usual width; of two as usual, the larger."""
    widths = Counter(len(row.cells) for row in rows if any(map(str.strip, row.cells)))
    if not widths:
        return _Table(separator, quoted, rows, 0, 0.0)
    width, count = max(widths.items(), key=lambda item: (item[1], item[0]))
    return _Table(separator, quoted, rows, width, count / sum(widths.values()))


def _has_known_headings(row: Row) -> bool:
    return column_headers.has_known_headings(row.cells)


def _cut(text: str, separator: str, quoted: bool) -> tuple[tuple[Row, ...], int]:
    """The rows, and 0; or those before the line on which a cell in quotation marks goes wrong,
    and that line.

    Where quotation marks are no more than characters, as recognisers write tables with tabs,
    `quoted` is False.
    """
    rows: list[Row] = []
    reader = csv.reader(
        io.StringIO(text, newline=""),
        delimiter=separator,
        strict=True,
        quoting=csv.QUOTE_MINIMAL if quoted else csv.QUOTE_NONE,
    )
    line = 1
    try:
        for cells in reader:
            rows.append(Row(line, tuple(cells)))
            line = reader.line_num + 1
    except csv.Error:
        return tuple(rows), line
    return tuple(rows), 0


def _even(table: _Table, path: str) -> list[Row]:
    """The rows, all of one width; lines above the table have one cell.

    Raises UserError naming rows that are cut wrongly.
    """
    rows: list[Row] = []
    problems = []
    begun = False
    for number, cells in table.rows:
        filled = len(cells)
        while filled > 1 and not cells[filled - 1].strip():
            filled -= 1
        begun = begun or len(cells) == table.width
        if not any(cell.strip() for cell in cells):
            continue
        if filled > table.width or (len(cells) < table.width and begun):
            problems.append(
                error(
                    path,
                    number,
                    f"this row has {filled} cells where the others have {table.width}",
                    "Put words that hold a separator in quotation marks, or add the empty cells",
                    excerpt=" | ".join(cells[:20])[:100].replace("\n", " "),
                )
            )
        rows.append(Row(number, cells[: table.width]))
    if problems:
        raise UserError(*problems)
    return rows


def _refuse_spills(table: _Table, layout: Layout, path: str) -> None:
    """Raises UserError for words that a separator in them carried beyond their column: under no
    heading, or with the blank after a comma where no other cell begins with one.
    """
    above = [row for row in table.rows if any(map(str.strip, row.cells))][: layout.header + 1]
    headings = above[-1].cells if above else ()
    words = [row.cells[layout.words : layout.words + 1] for row in table.rows]
    is_spaced = any(cell[:1].isspace() for cells in (headings, *words) for cell in cells)
    filled = Counter(
        index for row in table.rows for index, cell in enumerate(row.cells) if cell.strip()
    )
    problems = []
    for row in table.rows:
        beyond = [
            index
            for index, cell in enumerate(row.cells)
            if index > layout.words and any(map(str.isalpha, cell)) and row.cells != headings
        ]
        nameless = [
            index
            for index in beyond
            if (not headings and 2 * filled[index] < len(table.rows))
            or (headings and not "".join(headings[index : index + 1]).strip())
        ]
        spaced = [
            index
            for index in beyond
            if not is_spaced
            and table.separator == ","
            and _GOES_ON.match(row.cells[index])
            and _BREAKS_OFF.search(row.cells[layout.words])
        ]
        if nameless or spaced:
            problems.append(
                error(
                    path,
                    row.number,
                    "this row has words under a column without a heading"
                    if nameless
                    else f"words of this row go on in column {column_headers.letter(spaced[0])}",
                    f"Quote the cell: words with {_NAMES[table.separator]} in them stand between "
                    'quotation marks ("…")',
                    excerpt=" | ".join(cell.strip() for cell in row.cells[:20])[:200],
                )
            )
    if problems:
        raise UserError(*problems)


def control_text(content: bytes) -> str:
    """Cells found by one pattern: in quotation marks with those inside doubled,
    or up to the next separator.
    """
    text = decoding.decode(content)[0]
    table = _table(text, "")
    if table.separator == _NONE or not table.quoted:
        return text.replace(table.separator, "\n")
    between = re.escape(table.separator)
    cells = re.findall(rf'(?:^|{between}|\n)(?:"([^"]*(?:""[^"]*)*)"|([^{between}\n]*))', text)
    return "\n".join(quoted.replace('""', '"') or bare for quoted, bare in cells)


def _shows(content: bytes) -> bool:
    """Whether the first line has known headings, or all lines have the same two tabs or more."""
    if not decoding.is_text(content[:8192]):
        return False
    text = _start(content)
    first = text.lstrip().partition("\n")[0]
    rows = (
        [cell.strip().strip('"') for cell in first.split(separator)]
        for separator in _SEPARATORS
        if separator in first
    )
    return any(map(column_headers.has_known_headings, rows)) or _is_of_tabs(text)


def _start(content: bytes) -> str:
    """The first lines, whatever their encoding: only headings and tabs are looked for."""
    try:
        start = content[:8192]
        if len(content) > len(start):
            start = start[: start.rfind(b"\n") + 1] or start
        return decoding.decode(start)[0]
    except UnicodeDecodeError:
        return start.decode("latin-1")


def _is_of_tabs(text: str) -> bool:
    """Whether every line has the same two tabs or more, and cells in most of its columns' places:
    indented lines are no table.
    """
    rows = [line.split("\t") for line in text.split("\n") if line.strip()]
    widths = {len(row) for row in rows}
    filled = [index for row in rows for index, cell in enumerate(row) if cell.strip()]
    return (
        len(rows) >= 2
        and len(widths) == 1
        and min(widths) >= 3
        and sum(2 * count >= len(rows) for count in Counter(filled).values()) >= 2
    )


READER = Reader("table", (".csv", ".tsv", ".tab"), _shows, decoding.is_text, read, control_text)
