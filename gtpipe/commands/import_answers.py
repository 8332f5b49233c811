"""`gtpipe procedures import`: the answers of a wide table into the rows of a procedure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from gtpipe.commands.code_change_proof import PlannedSnapshot
from gtpipe.commands.procedures import find_on
from gtpipe.exchange import table_files
from gtpipe.formats import procedure_rows
from gtpipe.model.problems import Problem, UserError, did_you_mean, error
from gtpipe.model.procedures import BY_GROUP, Procedure, Table
from gtpipe.readers.tables.column_headers import Row as SourceRow
from gtpipe.store import transaction
from gtpipe.store.layout import DATA, Study
from gtpipe.study import load


def import_rows(study: Study, name: str, file: Path, *, by: str = "") -> tuple[str, int]:
    """Take the answers of a wide table, a person a row, into the rows of a procedure: their file,
    and how many. Raises UserError, nothing written, where a column or a value fits nothing.
    """
    if not file.is_file():
        raise UserError.at(str(file), None, "there is no such file")
    sheets, _ = table_files.sheets(file)
    with transaction.change(study) as change:
        before = load(study, change.snapshot)
        procedure = find_on(before, name)
        table = next((one for one in procedure.schema.tables if one.layout == BY_GROUP), None)
        if table is None or not table.file.endswith(".csv"):
            raise UserError.of(f"{name} has no table of answers", "Write its rows by hand")
        header, *answers = sheets[0].rows
        columns = _columns(header, file, procedure, table)
        path = f"{DATA}/{table.file}"
        text = change.text(path) or procedure_rows.empty([table])
        rows = [
            (row.number, cells) for row in answers for cells in _long(row.cells, columns, table)
        ]
        after, lines = procedure_rows.appended(text, path, rows)
        planned = load(study, PlannedSnapshot(change.snapshot, {path: after}))
        had = {(problem.path, problem.line, problem.what) for problem in before.errors()}
        wrong = [
            replace(one, path=str(file), line=lines[one.line])
            for one in planned.errors()
            if (one.path, one.line, one.what) not in had and one.path == path and one.line in lines
        ]
        if wrong:
            raise UserError(*wrong)
        change.write(path, after)
        change.log(f"procedures import {name} …", by)
    return path, len(rows)


def _columns(
    header: SourceRow, file: Path, procedure: Procedure, table: Table
) -> list[tuple[str, str]]:
    """Of each column behind the first, which says who, its item and field: `2.1 important` or
    `2.1`, which is the first of the values; or a field alone. Raises UserError.
    """
    items, values = table.items, table.values
    asked = procedure.named(table.fields[items].table) if table.fields[items].table else {}
    found: list[tuple[str, str]] = []
    problems: list[Problem] = []
    for title in map(str.strip, header.cells[1:]):
        for field in ("", *sorted(table.fields, key=len, reverse=True)):
            item = title.removesuffix(field).rstrip(" :-_")
            if title.endswith(field) and (item in asked or (not item and field)):
                found.append((item, field or values[0]))
                if found[-1] in found[:-1]:
                    what = f'the column "{title}" says what another says too'
                    problems.append(error(str(file), header.number, what, "Take one out"))
                break
        else:
            known = [*asked, *(f"{item} {field}" for item in asked for field in values)]
            do = did_you_mean(title, known) or f"A column is called as `ITEM {values[0]}`"
            what = f'the column "{title}" is no item of {procedure.name}'
            problems.append(error(str(file), header.number, what, do))
    if not found and not problems:
        what = f"no column names an item of {procedure.name}"
        do = f"The first says who; the others are called as `ITEM {values[0]}`"
        problems.append(error(str(file), header.number, what, do))
    if problems:
        raise UserError(*problems)
    return found


def _long(
    cells: Sequence[str], columns: Sequence[tuple[str, str]], table: Table
) -> Iterator[dict[str, str]]:
    """The answers of one person, a row for each item that has any."""
    said: dict[str, dict[str, str]] = {}
    for (item, field), value in zip(columns, cells[1:], strict=False):
        if value.strip():
            said.setdefault(item, {})[field] = value.strip()
    for item, answers in said.items():
        yield {table.who: cells[0].strip(), table.items: item, **answers}
