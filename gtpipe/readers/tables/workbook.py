"""Workbooks (.xlsx): the first sheet in which somebody speaks, by `openpyxl`.
Who says what, `columns` finds.

Other sheets, comments and text boxes are asides. Formulas stand as what they last came to; a time
of day as 00:01:05.
"""

from __future__ import annotations

import re
import warnings
import zipfile
import zlib
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING, NamedTuple

from gtpipe.model.problems import UserError
from gtpipe.readers import archive
from gtpipe.readers.reading import Aside, Hints, Reader, Reading
from gtpipe.readers.tables import columns
from gtpipe.readers.tables.column_headers import Row

if TYPE_CHECKING:
    from lxml.etree import _Element
    from openpyxl.worksheet._read_only import ReadOnlyWorksheet

_WHAT = "Excel workbook"
_ROWS = 200_000  # more is no transcript
_TOO_WIDE = re.compile(rb'\br="[A-Z]{3,}\d')  # a cell to the right of column ZZ
_DAY = 86_400_000  # milliseconds
_PART = re.compile(r"xl/worksheets/[^/]+\.xml")
_BESIDES = (
    (re.compile(r"xl/comments[^/]*\.xml|xl/comments/[^/]+\.xml"), "comment", "comment"),
    (re.compile(r"xl/threadedComments/[^/]+\.xml"), "threadedComment", "comment"),
    (re.compile(r"xl/drawings/[^/]+\.xml"), "txBody", "text box"),
)
DAMAGE = (
    KeyError,
    ValueError,
    TypeError,
    AttributeError,
    IndexError,
    OSError,
    EOFError,
    zlib.error,
    zipfile.BadZipFile,
    SyntaxError,
    NotImplementedError,
    RuntimeError,
    OverflowError,
    AssertionError,
)  # openpyxl lets all of these out


def read(content: bytes, path: str, hints: Hints) -> Reading:
    """Raises UserError when the workbook is damaged, protected or far too big,
    or no column says who speaks.
    """
    if content.startswith(archive.OLE):
        raise archive.describe_ole(content, path)
    with archive.opened(content, path, _WHAT) as package:
        archive.check_xml(package, path, _WHAT)
        besides = list(_besides(package, path))
        if any(
            _TOO_WIDE.search(archive.member(package, name, path, _WHAT))
            for name in package.namelist()
            if _PART.fullmatch(name)
        ):
            raise UserError.at(
                path,
                None,
                "a sheet of this workbook has more than 702 columns",
                "Copy the transcript into a new workbook",
            )
    sheets = _sheets(content, path)
    if not sheets:
        raise UserError.at(path, None, "this workbook holds no words", "Is it the right file?")
    name, table = _spoken(sheets, path, hints)
    asides = [*table.asides, *besides]
    for other, rows in sheets.items():
        if other != name:
            asides += [
                Aside(row.number, f'sheet "{other}"', " ".join(cell for cell in row.cells if cell))
                for row in rows
            ]
    remarks = (f'sheet "{name}"', *table.remarks) if len(sheets) > 1 else table.remarks
    return Reading("xlsx", table.turns, table.left_out, remarks, (), tuple(asides), "row")


def _spoken(
    sheets: dict[str, list[Row]], path: str, hints: Hints
) -> tuple[str, columns.TableTurns]:
    """The first sheet in which somebody speaks.

    Raises the first one's UserError where there is none.
    """
    first = None
    for name, rows in sheets.items():
        try:
            return name, columns.turns_or_error(rows, path, hints)
        except UserError as exc:
            first = first or exc
    raise first or UserError.at(path, None, "this workbook holds no words", "Is it the right file?")


def _sheets(content: bytes, path: str) -> dict[str, list[Row]]:
    """Sheets that hold anything, by name, with their filled rows."""
    import io

    import openpyxl

    sheets: dict[str, list[Row]] = {}
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            book = openpyxl.load_workbook(io.BytesIO(content), read_only=True, data_only=True)
            for sheet in book.worksheets:
                sheet.reset_dimensions()
                rows = _rows(sheet, path)
                if rows:
                    sheets[sheet.title] = rows
            book.close()
    except DAMAGE:
        raise archive.broken(path, _WHAT) from None
    return sheets


def _rows(sheet: ReadOnlyWorksheet, path: str) -> list[Row]:
    rows = []
    for number, values in enumerate(sheet.iter_rows(values_only=True), 1):  # type: ignore[misc]  # the stub says Worksheet
        if number > _ROWS:
            raise UserError.at(
                path,
                None,
                f'the sheet "{sheet.title}" has more than {_ROWS:,} rows',
                "Copy the transcript into a new workbook",
            )
        cells = tuple(map(written, values))
        if any(cells):
            rows.append(Row(number, cells))
    return rows


def written(value: object) -> str:
    """A cell's value as words."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(value).upper()
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return str(int(value))
    if isinstance(value, time):
        return _clock(
            (value.hour * 3600 + value.minute * 60 + value.second) * 1000
            + round(value.microsecond / 1000)
        )
    if isinstance(value, timedelta):
        return _clock(round(value / timedelta(milliseconds=1)))
    if isinstance(value, datetime):
        rest = value - datetime(value.year, value.month, value.day)
        return (
            f"{value.date().isoformat()} {_clock(round(rest / timedelta(milliseconds=1)))}"
            if rest
            else value.date().isoformat()
        )
    if isinstance(value, date):
        return value.isoformat()
    return str(value).replace("_x000D_", "").strip()


def _clock(milliseconds: int) -> str:
    return columns.seconds_as_time(milliseconds // 1000)


def _besides(package: zipfile.ZipFile, path: str) -> Iterator[Aside]:
    """Comments and text boxes; a comment's number is its row's."""
    for name in package.namelist():
        for pattern, tag, what in _BESIDES:
            if pattern.fullmatch(name):
                for node in archive.xml_of(
                    archive.xml_member(package, name, path, _WHAT), path, _WHAT
                ).iter(f"{{*}}{tag}"):
                    words = "".join(
                        "\n" if _name(part) == "p" else part.text or ""
                        for part in node.iter("{*}t", "{*}text", "{*}p")
                        if _name(part) != "text" or tag == "threadedComment"
                    ).strip()
                    if words:
                        yield Aside(
                            int(re.sub(r"\D", "", node.get("ref", ""))[:7] or 0), what, words
                        )


def control_text(content: bytes) -> str:
    """The XML of sheets, comments and drawings, without openpyxl."""
    words: list[str] = []
    with archive.opened(content, "", _WHAT) as package:
        names = package.namelist()

        def root(name: str) -> _Element:
            return archive.xml_of(archive.xml_member(package, name, "", _WHAT), "", _WHAT)

        shared, styles = "xl/sharedStrings.xml", "xl/styles.xml"
        old_macintosh = re.search(
            rb'date1904="(?:1|true)"', archive.member(package, "xl/workbook.xml", "", _WHAT)
        )
        book = _Book(
            [_texts(node) for node in root(shared).iter("{*}si")] if shared in names else [],
            _formats(root(styles)) if styles in names else [],
            datetime(1904, 1, 1) if old_macintosh else datetime(1899, 12, 30),
        )
        for name in names:
            if _PART.fullmatch(name):
                words += map(book.words_of, root(name).iter("{*}c"))
            elif any(pattern.fullmatch(name) for pattern, _, _ in _BESIDES):
                words += map(_words_beside, root(name).iter(*_BESIDES_TAGS))
    return "\n".join(words).replace("_x000D_", "")


_BESIDES_TAGS = ("{*}comment", "{*}threadedComment", "{*}txBody")


def _words_beside(node: _Element) -> str:
    paragraphs = node.iter("{*}p") if _name(node) == "txBody" else [node]
    tag = "{*}text" if _name(node) == "threadedComment" else "{*}t"
    return "\n".join(
        "".join(text.text or "" for text in paragraph.iter(tag)) for paragraph in paragraphs
    )


def _texts(node: _Element) -> str:
    """The words of a cell, without those that say how they are spoken (Japanese)."""
    return "".join(
        text.text or ""
        for text in node.iter("{*}t")
        if not any(_name(above) == "rPh" for above in text.iterancestors())
    )


class _Book(NamedTuple):
    """What the cells of a workbook refer to: shared strings, kinds of formats, the day 0."""

    shared: list[str]
    formats: list[str]
    epoch: datetime

    def words_of(self, cell: _Element) -> str:
        kind = cell.get("t", "n")
        value = next((node.text or "" for node in cell.iter("{*}v")), "")
        if kind == "inlineStr":
            return _texts(cell)
        if kind == "s":
            return self.shared[int(value)] if value else ""
        if kind == "b":
            return "TRUE" if value == "1" else "FALSE" if value else ""
        return self.number(float(value), cell.get("s", "0")) if kind == "n" and value else value

    def number(self, number: float, style: str) -> str:
        kind = self.formats[int(style)] if self.formats else ""
        milliseconds = round(number * _DAY) if kind else 0
        if kind == "span" or (kind and number < 1):
            return _clock(milliseconds)
        return written(self.epoch + timedelta(milliseconds=milliseconds) if kind else number)


def _formats(styles: _Element) -> list[str]:
    """For each cell style: date, span (of time), or ''."""
    codes = {
        int(node.get("numFmtId", "")): node.get("formatCode", "")
        for node in styles.iter("{*}numFmt")
    }

    def kind(number: int) -> str:
        code = codes.get(
            number,
            "[h]:mm:ss"
            if number == 46
            else "hh:mm"
            if 14 <= number <= 22 or number in (45, 47)
            else "",
        )
        code = re.sub(r'"[^"]*"|\\.', "", code.split(";")[0]).lower()
        if re.search(r"\[(?:h+|m+|s+)\]", code):
            return "span"
        return "date" if re.search(r"[dmhysy]", re.sub(r"\[[^\]]*\]", "", code)) else ""

    cells = next(styles.iter("{*}cellXfs"), ())
    return [kind(int(node.get("numFmtId", 0))) for node in cells]


def _name(node: _Element) -> str:
    return node.tag.rpartition("}")[2]


def _shows(content: bytes) -> bool:
    return archive.shows(content, "xlsx")


READER = Reader(
    "xlsx",
    (".xlsx", ".xlsm"),
    _shows,
    lambda content: content.startswith((archive.ZIP, archive.OLE)),
    read,
    control_text,
)
