"""Rows of procedures in earlier versions of their files, without those of somebody who withdrew:
what was said in an answer stands in no transcript, by whose words it could be looked for.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from gtpipe.analysis.withdrawal import Withdrawal
from gtpipe.formats import personal, procedure_rows
from gtpipe.formats.taken_out import LinesOut
from gtpipe.model.problems import UserError
from gtpipe.model.procedures import Row, Schema, Table
from gtpipe.model.records import Named
from gtpipe.store.layout import DATA
from gtpipe.text.entries import NotByLinesError


def tables_at(path: str, schemas: Iterable[Schema]) -> list[Table]:
    """The tables whose rows stand in a file of a study; of several procedures of one, the first."""
    for schema in schemas:
        if found := [table for table in schema.tables if _stands_in(path, table)]:
            return found
    return []


def _stands_in(path: str, table: Table) -> bool:
    place = f"{DATA}/{table.file}"
    if place.endswith("/*.md"):
        return path.rpartition("/")[0] == place.removesuffix("/*.md") and path.endswith(".md")
    return path == place or (table.per_person and personal.is_of(path, place))


def without(text: str, path: str, of: list[Table], withdrawal: Withdrawal) -> str | None:
    """A version of such a file without what is theirs; None where that cannot be cut out of it. One
    that cannot be read stays.
    """
    try:
        rows, _ = procedure_rows.loads(text, path, of)
    except UserError:
        return text
    found = [one for table in of for row in rows[table.name] for one in _of(row, table, withdrawal)]
    gone = {row.where.line for row, value in found if value is None}
    lines = {value.where.line for _, value in found if value is not None}
    if not found or path.endswith(".md"):
        return None if found else text
    if path.endswith(".csv"):
        return procedure_rows.without(text, path, gone)
    try:
        out = LinesOut(text, path)
    except (UserError, NotByLinesError):
        return None
    if not gone <= {entry.line for entry in out.document.entries}:
        return None
    for line in gone:
        out.entry(line)
    for line in lines:
        out.line(line)
    return out.text or "\n"


def _of(row: Row, table: Table, withdrawal: Withdrawal) -> Iterator[tuple[Row, Named | None]]:
    """What names them: the row, which goes; or a line of a list, which goes alone."""
    for name, cell in row.cells.items():
        field = table.fields.get(name)
        if field is None or not {"incident", "participant", "interview"} & {*field.kinds}:
            continue
        is_alone = field.is_list and not field.needed and not row.where.path.endswith("csv")
        for value in cell.values:
            if withdrawal.is_about(value, ()):
                yield row, value if is_alone else None
