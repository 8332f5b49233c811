"""The five layouts of a procedure, as records: nothing here knows how they are shown."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from decimal import ROUND_HALF_UP, Decimal
from typing import NamedTuple

from gtpipe.analysis import procedures, references
from gtpipe.analysis.groups import NOT_SAID, attribute, value_of
from gtpipe.analysis.labels import Labels
from gtpipe.analysis.procedures import in_range, whole
from gtpipe.model.codings import Codings
from gtpipe.model.names import natural, one_line
from gtpipe.model.problems import UserError, refusal
from gtpipe.model.procedures import (
    BY_GROUP,
    GRID,
    LIST,
    MAPPING,
    SIDE_BY_SIDE,
    Field,
    Procedure,
    Row,
    Table,
)
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
    codings: Codings
    by: str = ""

    @property
    def rows(self) -> tuple[Row, ...]:
        return self.procedure.rows[self.table.name]

    def values(self, row: Row, name: str) -> list[str]:
        """What a field says; incidents with their words, pulled from the transcript."""
        found = []
        field = self.table.fields.get(name)
        takes = field is not None and not {"incident", "subject"}.isdisjoint(field.kinds)
        for value in row.cell(name).values:
            one = procedures.incident(value, self.material) if takes else None
            view = one and references.resolve(one, self.material, self.codings, [])
            found.append(f"{view.place}: {one_line(view.extract)}" if view else value.label)
        return found

    def words(self, row: Row, names: Iterable[str]) -> tuple[str, ...]:
        return tuple("\n".join(self.values(row, name)) for name in names)


def laid_out(
    procedure: Procedure, material: Material, known: Labels, codings: Codings, by: str = ""
) -> tuple[Part, ...]:
    """The rows of a procedure in the layouts of its tables. Raises UserError where there is no such
    attribute, or no layout that asks for one.
    """
    if by and not any(table.layout == BY_GROUP for table in procedure.schema.tables):
        raise UserError(refusal(f"{procedure.name} is not laid out by group", "Leave out --by"))
    by = by and attribute(by, material, ())
    if not any(procedure.rows.values()):
        return ()
    return tuple(
        part
        for table in procedure.schema.tables
        if table.layout
        for part in LAYOUTS[table.layout](View(procedure, table, material, known, codings, by))
    )


def fields_of(table: Table, rows: Iterable[Row]) -> tuple[str, ...]:
    """The fields of a table, and those of a person's own behind them."""
    own = (name for row in rows for name in row.cells) if table.own_fields else ()
    return tuple(dict.fromkeys([*table.fields, *own]))


def _list(view: View) -> Iterator[Part]:
    """Under what each row is about, in the order of the files."""
    under = view.table.under
    groups: dict[str, list[Row]] = {}
    for row in view.rows:
        groups.setdefault(row.get(under), []).append(row)
    names = tuple(name for name in fields_of(view.table, view.rows) if name != under)
    for title, rows in groups.items():
        yield Part(title, names, tuple(view.words(row, names) for row in rows), as_entries=True)


def _by_group(view: View) -> Iterator[Part]:
    """Item by item and group by group: how many answered, how often each choice, and the mean of
    numbers with its n. What nobody answered is empty.
    """
    who, items = view.table.who, view.table.items
    fields = [view.table.fields[name] for name in view.table.values]
    groups: dict[str, list[Row]] = {}
    for row in view.rows:
        group = value_of(view.material, row.get(who), view.by) if view.by else ""
        groups.setdefault(group, []).append(row)
    of = view.table.fields[items].table
    asked = view.procedure.named(of) if of else dict.fromkeys(row.get(items) for row in view.rows)
    said = [name for name in view.procedure.table(of).fields if name != items] if of else []
    header = [items, *said, *([view.by] if view.by else []), "n"]
    for field in fields:
        header += [f"{field.name}: n", f"{field.name}: mean"] if "number" in field.kinds else []
        header += [f"{field.name}: {choice}" for choice in field.choices]
    rows: list[tuple[object, ...]] = []
    for item in [*asked, ""]:  # the last is all of them
        about = asked.get(item)
        front = [item or f"all {items}s", *(about.get(name) if about else "" for name in said)]
        for group in sorted(groups, key=lambda name: (name == NOT_SAID, natural(name), name)):
            answers = [
                row for row in groups[group] if row.get(items) and item in (row.get(items), "")
            ]
            counted = _counted(answers, fields, who, is_all=not item)
            rows.append((*front, *([group] if view.by else []), *counted))
    yield Part(
        "", tuple(header), tuple(rows) if view.rows else (), tuple(_unanswered(view, who, items))
    )


def _counted(answers: list[Row], fields: list[Field], who: str, is_all: bool) -> list[object]:
    """How many people answered, and what; there is no mean over several items."""
    filled = [row for row in answers if any(row.get(field.name) for field in fields)]
    found: list[object] = [len({row.get(who) for row in filled} - {""})]
    for field in fields:
        said = [row.get(field.name) for row in answers if row.get(field.name)]
        numbers = _numbers(answers, field)
        if "number" in field.kinds:
            found += [len(numbers), "" if is_all or not numbers else mean(numbers)]
        found += [said.count(choice) if said else "" for choice in field.choices]
    return found


def _numbers(rows: Iterable[Row], field: Field) -> list[int]:
    """The numbers that rows give; one out of the field's range, which is told, is not counted."""
    found = (whole(row.get(field.name)) for row in rows)
    return [number for number in found if number is not None and in_range(number, field)]


def mean(numbers: list[int]) -> str:
    """To two decimals, as a person would round."""
    exact = Decimal(sum(numbers)) / len(numbers)
    return str(exact.quantize(Decimal("0.01"), ROUND_HALF_UP))


def _unanswered(view: View, who: str, items: str) -> Iterator[str]:
    """Who answered no item, and how."""
    people: dict[str, list[str]] = {}
    for row in view.rows:
        if row.get(who) and not row.get(items):
            how = ", ".join(f"{name} {row.get(name)}" for name in row.cells if name != who)
            people.setdefault(how, []).append(row.get(who))
    for how, names in people.items():
        yield f"{how or 'no answer'}: {len(names)} ({', '.join(names)})."


def _side_by_side(view: View) -> Iterator[Part]:
    """Each row a column, orders as given: nothing is averaged."""
    named = view.table.columns
    names = [name for name in fields_of(view.table, view.rows) if name != named]
    rows: list[tuple[object, ...]] = []
    for name in names:
        lists = [view.values(row, name) for row in view.rows]
        field = view.table.fields.get(name)
        for place in range(max(map(len, lists), default=0)):
            title = f"{name} {place + 1}" if field and field.is_list else name
            rows.append((title, *(one[place] if place < len(one) else "" for one in lists)))
    yield Part("", _apart(named, *(row.get(named) for row in view.rows)), tuple(rows))


def _mapping(view: View) -> Iterator[Part]:
    """What each principle holds of each source, source by source; then each source's labels."""
    field = view.table.mapped
    sources = procedures.sources(view.procedure, view.table.sources)
    held: dict[str, set[tuple[str, str]]] = {}
    for row in view.rows:
        pairs = (procedures.mapped(value.label, sources) for value in row.cell(field).values)
        held.setdefault(row.get(view.table.key), set()).update(filter(None, pairs))
    every = {(source, label) for source, labels in sources.items() for label in labels}
    lines = [*held.items(), ("not mapped", every.difference(*held.values())), ("all", every)]
    header = [f"{source}: {what}" for source in sources for what in ("codes", "mentions")]
    rows = []
    for title, pairs_of in lines:
        cells: list[object] = [title]
        for source, labels in sources.items():
            own = [label for of, label in pairs_of if of == source]
            cells += [len(own), sum(labels[label] for label in own)]
        rows.append(tuple(cells))
    both = sorted(
        {label for _, label in every if sum(label in one for one in sources.values()) > 1}
    )
    notes = [
        f'"{label}" stands in {_and([one for one in sources if label in sources[one]])}: '
        "counted in each, never together."
        for label in both
    ]
    yield Part("", (view.table.key, *header), tuple(rows), tuple(notes))
    for source, labels in sources.items():
        places = {
            label: _and([title for title, pairs in held.items() if (source, label) in pairs])
            for label in labels
        }
        listed = ((one, number, places[one] or "not mapped") for one, number in labels.items())
        yield Part(source, ("code", "mentions", view.table.key), tuple(listed))
    names = tuple(name for name in fields_of(view.table, view.rows) if name != view.table.key)
    for row in view.rows:
        yield Part(row.get(view.table.key), names, (view.words(row, names),), as_entries=True)


def _apart(*titles: str) -> tuple[str, ...]:
    """Titles of columns, one that stands again with its place behind it."""
    return tuple(
        f"{title} ({place + 1})" if title in titles[:place] else title
        for place, title in enumerate(titles)
    )


def _and(names: list[str]) -> str:
    return " and ".join(names)


def _grid(view: View) -> Iterator[Part]:
    """Rows by columns, each cell with its reason; a total is told, and nothing follows of it."""
    down, across = view.table.rows, view.table.columns
    if not across:
        names = fields_of(view.table, view.rows)
        names = (down, *(name for name in names if name != down))
        yield Part("", names, tuple(view.words(row, names) for row in view.rows))
        return
    cell, because = view.table.cell, view.table.because
    columns = list(dict.fromkeys(row.get(across) for row in view.rows))
    of = view.table.fields[down].table
    titles = dict.fromkeys(
        [*(view.procedure.named(of) if of else ()), *(r.get(down) for r in view.rows)]
    )
    at = {(row.get(down), row.get(across)): row for row in view.rows}
    rows = []
    for title in titles:
        own = [at.get((title, column)) for column in columns]
        shown = (": ".join(filter(None, row.all((cell, because)))) if row else "" for row in own)
        numbers = _numbers(filter(None, own), view.table.fields[cell])
        total = f"{sum(numbers)} over {len(numbers)} of {len(columns)}" if numbers else ""
        rows.append((title, *shown, total))
    yield Part("", _apart(down, *columns, "total"), tuple(rows))


LAYOUTS: dict[str, Callable[[View], Iterator[Part]]] = {
    LIST: _list,
    BY_GROUP: _by_group,
    SIDE_BY_SIDE: _side_by_side,
    MAPPING: _mapping,
    GRID: _grid,
}
