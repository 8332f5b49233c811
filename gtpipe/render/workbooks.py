"""Tables as a workbook (.xlsx, ECMA-376 part 1, inline strings): every cell is text or a whole
number, none a formula, and the same tables give the same bytes.

Written by hand: XlsxWriter takes what a person typed as `<r>…</r>` for its own markup and loses it,
and needs four times as long for the tables of a big study.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from xml.sax.saxutils import escape, quoteattr

from gtpipe.render.terminal import clean
from gtpipe.store import placing
from gtpipe.text.cells import neutral

LONGEST = 32_767  # characters that a cell of a workbook holds

Sheet = tuple[str, Sequence[object], Iterable[Sequence[object]]]  # title, header, rows


def save(output: Path, sheets: Iterable[Sheet]) -> int:
    """Write a workbook; how many texts were too long for a cell, and cut off."""
    content, cut = content_of(sheets)
    placing.replace(output, content, placing.mode_of(output))
    return cut


_HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_TYPES = "application/vnd.openxmlformats-officedocument.spreadsheetml"
_OF_DOCUMENT = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
# Style 0: as it is; 1: bold, for headers; 2: lines broken where they are, for texts of several
# lines; 3 and 4 as 0 and 2, for texts that begin like a formula: they stay text when somebody edits
# the cell.
_STYLES = (
    f'{_HEAD}<styleSheet xmlns="{_MAIN}">'
    '<fonts count="2"><font><sz val="11"/><name val="Calibri"/></font>'
    '<font><b/><sz val="11"/><name val="Calibri"/></font></fonts>'
    '<fills count="2"><fill><patternFill patternType="none"/></fill>'
    '<fill><patternFill patternType="gray125"/></fill></fills>'
    '<borders count="1"><border><left/><right/><top/><bottom/><diagonal/></border></borders>'
    '<cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs>'
    '<cellXfs count="5"><xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0"/>'
    '<xf numFmtId="0" fontId="1" fillId="0" borderId="0" xfId="0" applyFont="1"/>'
    '<xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0" applyAlignment="1">'
    '<alignment vertical="top" wrapText="1"/></xf>'
    '<xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0" quotePrefix="1"/>'
    '<xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0" quotePrefix="1" '
    'applyAlignment="1"><alignment vertical="top" wrapText="1"/></xf></cellXfs>'
    '<cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles>'
    "</styleSheet>"
)
_RELATION = '<Relationship Id="rId{}" Type="{}" Target="{}"/>'


def content_of(sheets: Iterable[Sheet]) -> tuple[bytes, int]:
    """A workbook as bytes, and how many texts were cut off in it."""
    sheets = list(sheets)
    cut = [0]
    files = _parts([title for title, *_ in sheets])
    for number, (_, header, rows) in enumerate(sheets, 1):
        files[f"xl/worksheets/sheet{number}.xml"] = "".join(_sheet(header, rows, cut))
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, text in files.items():
            file = zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0))
            file.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(file, text.encode("utf-8", "replace"), compresslevel=4)
    return out.getvalue(), cut[0]


def _parts(titles: Sequence[str]) -> dict[str, str]:
    """The files of a workbook but for its sheets, which have these titles."""
    numbers = range(1, len(titles) + 1)
    types = "".join(
        f'<Override PartName="/xl/worksheets/sheet{number}.xml" '
        f'ContentType="{_TYPES}.worksheet+xml"/>'
        for number in numbers
    )
    names = "".join(
        f'<sheet name={quoteattr(title)} sheetId="{number}" r:id="rId{number}"/>'
        for number, title in enumerate(titles, 1)
    )
    places = "".join(
        _RELATION.format(number, f"{_OF_DOCUMENT}/worksheet", f"worksheets/sheet{number}.xml")
        for number in numbers
    )
    document = _RELATION.format(1, f"{_OF_DOCUMENT}/officeDocument", "xl/workbook.xml")
    styles = _RELATION.format(len(titles) + 1, f"{_OF_DOCUMENT}/styles", "styles.xml")
    relations = f'{_HEAD}<Relationships xmlns="{_PACKAGE}/relationships">'
    return {
        "[Content_Types].xml": f'{_HEAD}<Types xmlns="{_PACKAGE}/content-types">'
        '<Default Extension="rels" '
        'ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        f'<Override PartName="/xl/workbook.xml" ContentType="{_TYPES}.sheet.main+xml"/>'
        f'<Override PartName="/xl/styles.xml" ContentType="{_TYPES}.styles+xml"/>{types}</Types>',
        "_rels/.rels": f"{relations}{document}</Relationships>",
        "xl/workbook.xml": f'{_HEAD}<workbook xmlns="{_MAIN}" xmlns:r="{_OF_DOCUMENT}">'
        f"<sheets>{names}</sheets></workbook>",
        "xl/_rels/workbook.xml.rels": f"{relations}{places}{styles}</Relationships>",
        "xl/styles.xml": _STYLES,
    }


def _sheet(
    header: Sequence[object], rows: Iterable[Sequence[object]], cut: list[int]
) -> Iterator[str]:
    """A sheet with its first row and column kept in view, columns as wide as their texts."""
    rows = list(rows)
    yield (
        f'{_HEAD}<worksheet xmlns="{_MAIN}"><sheetViews><sheetView workbookViewId="0">'
        '<pane xSplit="1" ySplit="1" topLeftCell="B2" activePane="bottomRight" state="frozen"/>'
        f"</sheetView></sheetViews>{_widths(header, rows)}<sheetData>"
    )
    columns = [_column(number) for number in range(1, len(header) + 1)]
    yield _row(1, columns, header, cut, ' s="1"')
    for number, row in enumerate(rows, start=2):
        yield _row(number, columns, row, cut)
    yield "</sheetData></worksheet>"


WIDEST = 60  # letters of a column; what is longer is read in the line above the sheet


def _widths(header: Sequence[object], rows: Sequence[Sequence[object]]) -> str:
    """How wide each column is: its header, or the longest of its first texts."""
    found = [len(str(name)) + 2 for name in header]
    for row in rows[:200]:
        for number, value in enumerate(row[: len(found)]):
            if value not in (None, ""):
                found[number] = max(found[number], len(str(value)) + 1)
    columns = "".join(
        f'<col min="{number}" max="{number}" width="{min(width, WIDEST)}" customWidth="1"/>'
        for number, width in enumerate(found, 1)
    )
    return f"<cols>{columns}</cols>" if columns else ""


def _row(
    number: int, columns: list[str], row: Sequence[object], cut: list[int], style: str = ""
) -> str:
    cells = []
    for column, value in zip(columns, row, strict=True):
        if isinstance(value, int):
            cells.append(f'<c r="{column}{number}"{style}><v>{value}</v></c>')
        elif value != "":
            text = _NO_XML.sub("\ufffd", clean(str(value)))
            if len(text) > LONGEST:
                text, cut[0] = text[:LONGEST], cut[0] + 1
            look = style or _LOOKS["\n" in text, neutral(text) != text]
            cells.append(
                f'<c r="{column}{number}" t="inlineStr"{look}><is><t xml:space="preserve">'
                f"{escape(_LIKE_AN_ESCAPE.sub('_x005F_', text))}</t></is></c>"
            )
    return f'<row r="{number}">{"".join(cells)}</row>'


# Several lines, begins like a formula → its style.
_LOOKS = {
    (False, False): "",
    (True, False): ' s="2"',
    (False, True): ' s="3"',
    (True, True): ' s="4"',
}
_NO_XML = re.compile("[\ud800-\udfff\ufffe\uffff]")
_LIKE_AN_ESCAPE = re.compile("_(?=x[0-9A-Fa-f]{4}_)")  # a spreadsheet takes `_x0041_` for an A


def _column(number: int) -> str:
    """1 → A, 27 → AA."""
    name = ""
    while number:
        number, letter = divmod(number - 1, 26)
        name = chr(65 + letter) + name
    return name
