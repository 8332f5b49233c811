"""A table of codes, from a spreadsheet or another program: what it says each code means.

A row is a code. Its columns are found by their headings; a column that is none of them is told.
"""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

from gtpipe.exchange import table_files
from gtpipe.exchange.table_files import Sheet
from gtpipe.model import limits
from gtpipe.model.names import one_line
from gtpipe.model.problems import UserError
from gtpipe.readers.tables.column_headers import plain_heading
from gtpipe.text import cells

_HEADINGS = {
    "code": ("code", "tag", "label", "code name", "name", "kode", "codename"),
    "level": ("level",),
    "definition": (
        *("definition", "description", "code definition", "meaning", "code memo", "memo"),
        *("comment", "beschreibung", "kommentar"),
    ),
    "include": ("include", "includes", "inclusion", "inclusion criteria", "when to use"),
    "exclude": ("exclude", "excludes", "exclusion", "exclusion criteria", "when not to use"),
}
_DEPTH = 20  # rows in which the headings are looked for
_FIELDS = ("definition", "include", "exclude")  # one of them must be there


class DefinedCode(NamedTuple):
    """What a file says of a code: `fields` are those that say something. `level` is as typed, ''
    where the file does not say; `line` 0 where it has no lines.
    """

    label: str
    fields: dict[str, str]
    level: str = ""
    line: int = 0


class CodeTable(NamedTuple):
    """Codes in the order of the file, and remarks for a person."""

    codes: tuple[DefinedCode, ...]
    told: tuple[str, ...] = ()


def read(path: Path) -> CodeTable | None:
    """None where its codes are tags of Taguette, which say what they stand under: these have a
    reader. Raises UserError where the file is no table, or not one of codes.
    """
    sheets, remarks = table_files.sheets(path)
    for sheet in sheets:
        for index, row in enumerate(sheet.rows[:_DEPTH]):
            names = [plain_heading(cell) for cell in row.cells]
            columns = {
                role: names.index(heading)
                for role, headings in _HEADINGS.items()
                if (heading := next((one for one in headings if one in names), ""))
            }
            if "code" in columns and names[columns["code"]] == "tag":
                return None
            if "code" in columns and any(name in columns for name in _FIELDS):
                return CodeTable(
                    _codes(sheet, index, columns), (*remarks, *_told(sheets, sheet, index, columns))
                )
    first = sheets[0].rows[0]
    shown = limits.some([f'"{one_line(cell)[:30]}"' for cell in first.cells if cell.strip()], 12)
    raise UserError.at(
        str(path),
        first.number,
        f"it is not clear which columns of this table have the codes and what they mean. Its first "
        f"row is {shown}",
        "Call the columns code, definition, include, exclude",
    )


def _codes(sheet: Sheet, header: int, columns: dict[str, int]) -> tuple[DefinedCode, ...]:
    is_ours = "level" in columns

    def cell(role: str) -> str:
        text = row.cells[columns[role]].replace("\r\n", "\n").strip() if role in columns else ""
        return cells.as_typed(text) if is_ours else text

    found = []
    for row in sheet.rows[header + 1 :]:
        fields = {name: said for name in _FIELDS if (said := cell(name))}
        label = cell("code")
        if label or fields:
            found.append(DefinedCode(label, fields, cell("level"), row.number))
    return tuple(found)


def _told(
    sheets: tuple[Sheet, ...], sheet: Sheet, header: int, columns: dict[str, int]
) -> list[str]:
    headings = sheet.rows[header].cells
    left = [h for at, h in enumerate(headings) if h.strip() and at not in columns.values()]
    told = [f'sheet "{sheet.name}"'] if len(sheets) > 1 else []
    if left:
        told.append(f"columns that are not read: {limits.some(map(one_line, left), 12)}")
    return told
