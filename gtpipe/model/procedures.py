"""A procedure as data: a schema says what a row has and how rows are laid out, a person writes the
rows. What is shipped and what a study writes itself are alike.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import NamedTuple

from gtpipe.model.records import NOWHERE, Named, Where

_SUBJECT = "subject"  # whatever a memo may be about
NAMES = (
    *("incident", "code", "category", "relation", "memo", "participant", "interview", "row"),
    _SUBJECT,
)
"""What a value may name, in the order in which it is asked where a field takes several."""
FORMS = ("choice", "number", "date", "counted", "mapped", "query", "text")
"""What else a value may be. `counted` is a label with how often it stands, `Mutuality × 2`;
`mapped` one of a source, `literature: Mutuality`."""
RESEARCHER = "researcher"
KINDS = (*NAMES, RESEARCHER, *FORMS)
LIST, BY_GROUP, SIDE_BY_SIDE, MAPPING, GRID = LAYOUTS = (
    "list",
    "by group",
    "side by side",
    "mapping",
    "grid",
)
NEEDS = {
    LIST: ("under",),
    BY_GROUP: ("who", "items", "values"),
    SIDE_BY_SIDE: ("columns",),
    MAPPING: ("sources", "mapped"),
    GRID: ("rows",),
}
"""Layout → which fields of a table it must be told."""


class Waits(NamedTuple):
    """An empty field waits for a person; only where `field` is filled, or is one of `values`."""

    field: str = ""
    values: tuple[str, ...] = ()


@dataclass(frozen=True)
class Field:
    """A field of a row. Of several kinds, the first that a value fits is meant; of a list, each
    line is such a value.

    `table` is the one whose rows are named; `hash` the field that holds the digest of a query;
    `at_most` how many rows of one person may have the first of the `choices`.
    """

    name: str
    kind: tuple[str, ...] = ("text",)
    list_of: tuple[str, ...] = ()
    needed: bool = False
    choices: tuple[str, ...] = ()
    least: int | None = None
    most: int | None = None
    table: str = ""
    hash: str = ""
    at_most: int = 0
    waits: Waits | None = None

    @property
    def kinds(self) -> tuple[str, ...]:
        return self.list_of or self.kind

    @property
    def is_list(self) -> bool:
        return bool(self.list_of)


@dataclass(frozen=True)
class Table:
    """A file of rows below `data/`, or a part of one (`section`), or a folder of pages, each a row.

    `once` are fields that no two rows share; of `one_of`, a row must have one. With `own_fields`, a
    person may add some. What follows `layout` are the fields that it asks for; `sources` a table.
    """

    name: str
    file: str
    fields: Mapping[str, Field]
    section: str = ""
    entry: str = "a row"
    once: tuple[str, ...] = ()
    one_of: tuple[str, ...] = ()
    per_person: bool = False
    own_fields: bool = False
    layout: str = ""
    under: str = ""
    who: str = ""
    items: str = ""
    values: tuple[str, ...] = ()
    columns: str = ""
    rows: str = ""
    cell: str = ""
    because: str = ""
    mapped: str = ""
    sources: str = ""

    @property
    def key(self) -> str:
        """The field that a row is called by."""
        return next(iter(self.fields))

    @property
    def noun(self) -> str:
        """What a row is, without its article."""
        return self.entry.partition(" ")[2]


@dataclass(frozen=True)
class Schema:
    """A procedure: `what` it is for, and what is `never` computed from it. `in_theory` where its
    rows stand in the theory under what they are about; `of_agreement` where it asks how far coders
    agree, which not every approach does. One with a `command` of its own is always on.
    """

    name: str
    tables: tuple[Table, ...]
    what: str = ""
    never: str = ""
    in_theory: bool = False
    of_agreement: bool = False
    command: str = ""
    where: Where = NOWHERE


class Cell(NamedTuple):
    """What a field says: as typed, and value by value."""

    text: str
    values: tuple[Named, ...]
    where: Where


EMPTY = Cell("", (), NOWHERE)


def cell_of(text: str, where: Where, is_list: bool = False) -> Cell:
    """A cell of what stands in one place, a value or a list of them."""
    parts = text.split("\n") if is_list else [text]
    return Cell(text, tuple(Named(one.strip(), where) for one in parts if one.strip()), where)


@dataclass(frozen=True)
class Row:
    """A row that a person wrote, by field; fields without anything are left out."""

    cells: Mapping[str, Cell]
    where: Where

    def cell(self, name: str) -> Cell:
        return self.cells.get(name, EMPTY)

    def get(self, name: str) -> str:
        return self.cell(name).text

    def all(self, names: tuple[str, ...]) -> tuple[str, ...]:
        return tuple(self.get(name) for name in names)


@dataclass(frozen=True)
class Procedure:
    """A procedure that a study has switched on: why, and its rows by table, in the files' order.
    Of the tables in `unread`, not all rows are known: a file could not be read.
    """

    schema: Schema
    because: str
    rows: Mapping[str, tuple[Row, ...]]
    paths: tuple[str, ...] = ()
    unread: frozenset[str] = frozenset()

    @property
    def name(self) -> str:
        return self.schema.name

    def table(self, name: str) -> Table:
        return next(table for table in self.schema.tables if table.name == name)

    def named(self, table: str) -> dict[str, Row]:
        """The rows of a table by what they are called."""
        return {row.get(self.table(table).key): row for row in self.rows[table]}
