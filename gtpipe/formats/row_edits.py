"""Rows of a procedure in a YAML file, added and filled in by command: those lines are new, and no
others.

What is typed stands as typed: a list in a block, an incident without quotes around it, everything
else quoted where YAML would change it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from gtpipe.formats import edits, procedure_rows
from gtpipe.model.names import is_date
from gtpipe.model.problems import Problem, error
from gtpipe.model.procedures import Field, Row, Table, cell_of
from gtpipe.model.records import Where
from gtpipe.text import entry_edits, yamltext
from gtpipe.text.document import Document

_MEMO = re.compile(r"\d{4}-\d\d-\d\d-[\w-]+")
_AS_IT_IS = {"date", "choice", "researcher"}


def loads(text: str, path: str, table: Table) -> tuple[tuple[Row, ...], list[Problem]]:
    """The rows of a file that holds one table, and what is wrong with it, also with the form of a
    value. Raises UserError where it is not YAML.
    """
    rows, problems = procedure_rows.loads(text, path, [table])
    found = rows.get(table.name, ())
    return found, [*problems, *_forms(table, found)]


def _forms(table: Table, rows: Sequence[Row]) -> Iterator[Problem]:
    """Errors for days and choices that are none."""
    for row in rows:
        for name, cell in row.cells.items():
            field = table.fields[name]
            if field.kinds == ("date",) and not is_date(cell.text):
                yield error(*cell.where, f'"{cell.text}" is not a date', "Write it as 2026-04-02")
            if field.kinds == ("choice",) and cell.text not in field.choices:
                *some, last = field.choices
                do = f"Write {', '.join(some)} or {last}"
                yield error(*cell.where, f'"{name}" is "{cell.text}"', do)


def add(text: str, path: str, table: Table, rows: Sequence[Mapping[str, str]]) -> str:
    """`text` with more rows at its end, their fields in the order given, without the empty ones.

    Raises UserError where the file has errors, or a row cannot be written so that it is read again.
    """
    expected, blocks = [*edits.whole(loads(text, path, table))], []
    for values in rows:
        said = {name: value for name, value in values.items() if value}
        lines = [
            f"{name}: {_written(table.fields[name], value, path)}" for name, value in said.items()
        ]
        blocks.append("- " + "\n  ".join(lines) + "\n")
        expected.append(_filled(Row({}, Where(path, 0)), table, said))
    return _proved(entry_edits.append(text, path, "\n".join(blocks)), path, table, expected)


def fill_in(text: str, path: str, table: Table, number: int, values: Mapping[str, str]) -> str:
    """`text` with `values` in row `number`, counted from 1. Raises UserError as above, or where the
    row cannot be edited by lines.
    """
    expected = [*edits.whole(loads(text, path, table))]
    expected[number - 1] = _filled(expected[number - 1], table, values)
    edited = text
    for name, value in values.items():
        item = Document(edited, path).entries[number - 1]
        edited = entry_edits.set_value(edited, path, item, name, value, [*table.fields])
    return _proved(edited, path, table, expected)


def _written(field: Field, value: str, path: str) -> str:
    if field.is_list:
        return "|\n    " + value.replace("\n", "\n    ")
    if _AS_IT_IS & {*field.kinds}:
        return value
    if "subject" not in field.kinds:
        return yamltext.field_value(value, "    ")
    if _MEMO.fullmatch(value) and entry_edits.reads_plain(value, path):
        return value
    return entry_edits.address(value, path)


def _filled(row: Row, table: Table, values: Mapping[str, str]) -> Row:
    said = {
        name: cell_of(value, row.where, table.fields[name].is_list)
        for name, value in values.items()
    }
    return replace(row, cells={**row.cells, **said})


def _proved(edited: str, path: str, table: Table, expected: Sequence[Row]) -> str:
    what = "this cannot be written without touching other lines"
    refusal = error(path, None, what, "Write it by hand")
    return edits.proved(edited, lambda text: loads(text, path, table), tuple(expected), refusal)
