"""A procedure as data: a schema says what a row has and how rows are laid out, a person writes the
rows. What is shipped and what a study writes itself are alike.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from gtpipe.model.records import NOWHERE, Named, Where

NAMES = ("incident", "code", "category", "relation", "memo", "participant", "interview", "row")
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
ROLES = {
    LIST: ("under",),
    BY_GROUP: ("who", "items", "values"),
    SIDE_BY_SIDE: ("columns",),
    MAPPING: ("sources", "mapped"),
    GRID: ("rows", "columns", "cell", "because"),
}
"""Layout → what it asks of the table: which field is which."""


class Waits(NamedTuple):
    """An empty field waits for a person; only where `field` is filled, or is one of `values`."""

    field: str = ""
    values: tuple[str, ...] = ()


@dataclass(frozen=True)
class Field:
    """A field of a row. Of several `kinds`, the first that a value fits is meant; a list has a
    value on each line.

    `table` is the one whose rows are named; `hash` the field that holds the digest of a query;
    `at_most` how many rows of one person may have the first of the `choices`.
    """

    name: str
    kinds: tuple[str, ...] = ("text",)
    is_list: bool = False
    needed: bool = False
    choices: tuple[str, ...] = ()
    least: int = 0
    most: int | None = None
    table: str = ""
    hash: str = ""
    at_most: int = 0
    waits: Waits | None = None


@dataclass(frozen=True)
class Table:
    """A file of rows below `data/`, or a part of one (`section`), or a folder of pages, each a row.

    `once` are fields that no two rows share; of `one_of`, a row must have one. `roles` say which
    field is which in the `layout`. With `own_fields`, a person may add some.
    """

    name: str
    file: str
    fields: Mapping[str, Field]
    section: str = ""
    entry: str = "a row"
    layout: str = ""
    roles: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    once: tuple[str, ...] = ()
    one_of: tuple[str, ...] = ()
    per_person: bool = False
    own_fields: bool = False

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
    agree, which not every approach does.
    """

    name: str
    what: str
    tables: tuple[Table, ...]
    where: Where = NOWHERE
    never: str = ""
    in_theory: bool = False
    of_agreement: bool = False


class Cell(NamedTuple):
    """What a field says: as typed, and value by value."""

    text: str
    values: tuple[Named, ...]
    where: Where


EMPTY = Cell("", (), NOWHERE)


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
    """A procedure that a study has switched on: why, and its rows by table, in the files' order."""

    schema: Schema
    because: str
    rows: Mapping[str, tuple[Row, ...]]
    paths: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        return self.schema.name

    def named(self, table: str) -> dict[str, Row]:
        """The rows of a table by what they are called."""
        key = next(one.key for one in self.schema.tables if one.name == table)
        return {row.get(key): row for row in self.rows[table]}
