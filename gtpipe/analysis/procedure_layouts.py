"""The five layouts of a procedure, as records: nothing here knows how they are shown."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import NamedTuple

from gtpipe.analysis import procedures, references
from gtpipe.analysis.incidents import AtTurns
from gtpipe.analysis.labels import Labels
from gtpipe.model.procedures import LIST, Cell, Procedure, Row, Table
from gtpipe.model.records import Material


class Part(NamedTuple):
    """A part of what is laid out: a table; or, `as_entries`, rows to be read field by field."""

    title: str
    header: tuple[str, ...]
    rows: tuple[tuple[object, ...], ...]
    notes: tuple[str, ...] = ()
    as_entries: bool = False


class View(NamedTuple):
    """What a layout looks at: a table of a procedure, in its study, by an attribute ('': none)."""

    procedure: Procedure
    table: Table
    material: Material
    known: Labels
    around: AtTurns
    by: str = ""

    @property
    def rows(self) -> tuple[Row, ...]:
        return self.procedure.rows[self.table.name]

    def role(self, name: str) -> tuple[str, ...]:
        return self.table.roles.get(name, ())

    def words(self, cell: Cell) -> str:
        """What a field says; incidents with their words, pulled from the transcript."""
        return "\n".join(self._value(cell, number) for number in range(len(cell.values)))

    def _value(self, cell: Cell, number: int) -> str:
        value = cell.values[number]
        one = procedures.incident(value, self.material)
        view = one and references.resolve(one, self.material, self.around, [])
        return f"{view.place}: {view.extract}" if view else value.label


def laid_out(
    procedure: Procedure, material: Material, known: Labels, around: AtTurns, by: str = ""
) -> tuple[Part, ...]:
    """The rows of a procedure in the layouts of its tables."""
    return tuple(
        part
        for table in procedure.schema.tables
        if table.layout
        for part in LAYOUTS[table.layout](View(procedure, table, material, known, around, by))
    )


def fields_of(table: Table, rows: Iterable[Row]) -> tuple[str, ...]:
    """The fields of a table, and those of a person's own behind them."""
    own = (name for row in rows for name in row.cells) if table.own_fields else ()
    return tuple(dict.fromkeys([*table.fields, *own]))


def _list(view: View) -> Iterator[Part]:
    """Under what each row is about, in the order of the files."""
    (under,) = view.role("under")
    groups: dict[str, list[Row]] = {}
    for row in view.rows:
        groups.setdefault(row.get(under), []).append(row)
    names = tuple(name for name in fields_of(view.table, view.rows) if name != under)
    for title, rows in groups.items():
        cells = tuple(tuple(view.words(row.cell(name)) for name in names) for row in rows)
        yield Part(title, names, cells, as_entries=True)


LAYOUTS: dict[str, Callable[[View], Iterator[Part]]] = {LIST: _list}
