"""What the rows of procedures name and hold, looked at with the whole study at hand; and what waits
for a person.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple

from gtpipe.analysis import memos, subjects
from gtpipe.analysis.labels import Labels
from gtpipe.model import anchor
from gtpipe.model.level import CATEGORY, FOCUSED, INITIAL, RELATION, Level, split_level
from gtpipe.model.names import is_date
from gtpipe.model.problems import Kind, Problem, did_you_mean, error, note
from gtpipe.model.procedures import RESEARCHER, Field, Procedure, Row, Table
from gtpipe.model.records import Incident, Material, Named
from gtpipe.store.layout import PARTICIPANTS

LEVELS: dict[str, tuple[Level, ...]] = {
    "code": (FOCUSED, INITIAL),
    "category": (CATEGORY,),
    "relation": (RELATION,),
}
_HINTS = {
    "incident": 'An incident is written as `jim 2` or `jim 2 "words of the turn"`',
    "participant": f"Give them a row in {PARTICIPANTS}, or name somebody who has one",
    "counted": "Write a label and how often it stands: `Mutuality × 2`",
    "mapped": "Write a source and one of its labels: `SOURCE: LABEL`",
    "date": "Write it as 2026-04-02",
    "": "Write what is there, or take it out",
}
_COUNTED = re.compile(r"(?P<label>.*\S)\s+[×x]\s*(?P<number>\d{1,6})")


class Said(NamedTuple):
    """A value where it stands."""

    procedure: Procedure
    table: Table
    row: Row
    field: Field
    value: Named


def tables(material: Material) -> Iterator[tuple[Procedure, Table, tuple[Row, ...]]]:
    """Every table of the procedures that are on, with its rows."""
    for procedure in material.procedures.values():
        for table in procedure.schema.tables:
            yield procedure, table, procedure.rows[table.name]


def values(material: Material) -> Iterator[Said]:
    """Every value of their rows, but those of fields that a person added."""
    return (
        Said(procedure, table, row, table.fields[name], value)
        for procedure, table, rows in tables(material)
        for row in rows
        for name, cell in row.cells.items()
        if name in table.fields
        for value in cell.values
    )


def kind_of(said: Said, material: Material, known: Labels) -> str:
    """Which of its field's kinds a value is; '' where it is none of them."""
    return next((kind for kind in said.field.kinds if _is(kind, said, material, known)), "")


def _is(kind: str, said: Said, material: Material, known: Labels) -> bool:
    value, field = said.value.label, said.field
    if kind in LEVELS:
        return levels_of(said.value, kind, known) != ()
    if kind == "incident":
        return incident(said.value, material) is not None
    if kind == "subject":
        return not memos.is_unknown(as_code(said.value), material, known)
    if kind in subjects.KINDS:
        return value in subjects.names(kind, material)
    if kind == "row":
        return value in said.procedure.named(field.table)
    if kind == "choice":
        return value in field.choices
    if kind == "number":
        return (number := whole(value)) is not None and in_range(number, field)
    if kind == "date":
        return is_date(value)
    if kind == "counted":
        return counted(value) is not None
    if kind == "mapped":
        return mapped(value, sources(said.procedure, field.table)) is not None
    return True  # text, and what is looked at elsewhere


def as_code(value: Named) -> Named:
    """A value with the level in front of it taken apart."""
    level, label = split_level(value.label)
    return Named(label, value.where, level)


def levels_of(value: Named, kind: str, known: Labels) -> tuple[Level, ...]:
    """The levels of its kind that a value stands on."""
    return tuple(level for level in known.levels(as_code(value)) if level in LEVELS[kind])


def incident(value: Named, material: Material) -> Incident | None:
    """The incident of an interview of the study that a value names."""
    found = anchor.parse(value.label, value.where)
    return found if found and found.interview in material.interviews else None


def counted(value: str) -> tuple[str, int] | None:
    """A label and how often it stands, in `Mutuality × 2`."""
    match = _COUNTED.fullmatch(value)
    return (match["label"], int(match["number"])) if match else None


def sources(procedure: Procedure, table: str) -> dict[str, dict[str, int]]:
    """Source → its labels, and how often each stands."""
    return {
        name: dict(
            pair
            for cell in row.cells.values()
            for value in cell.values
            if (pair := counted(value.label))
        )
        for name, row in procedure.named(table).items()
    }


def mapped(value: str, of: Mapping[str, Mapping[str, int]]) -> tuple[str, str] | None:
    """The source and its label in `literature: Mutuality`; None where that is none."""
    for source, labels in of.items():
        label = value.removeprefix(f"{source}:").strip()
        if value.startswith(f"{source}:") and label in labels:
            return source, label
    return None


def whole(value: str) -> int | None:
    return int(value) if re.fullmatch(r"-?[0-9]{1,9}", value) else None


def in_range(number: int, field: Field) -> bool:
    least, most = (number if end is None else end for end in (field.least, field.most))
    return least <= number <= most


# --- what must hold -----------------------------------------------------------------------------


def problems(material: Material, known: Labels) -> list[Problem]:
    """Errors for values that are none of what their field takes, and for rows that stand twice."""
    found: list[Problem] = []
    for said in values(material):
        kind = kind_of(said, material, known)
        if kind == "incident":
            one = incident(said.value, material)
            assert one is not None
            place = anchor.placed(one, material.interviews)
            found += [place] if isinstance(place, Problem) else []
        elif not kind and said.field.table in said.procedure.unread:
            continue  # it may well be there: that its table cannot be read is told
        elif not kind:
            found.append(_none_of(said, material, known))
        else:
            found += _looked_at(kind, said, material)
    for _, table, rows in tables(material):
        found += [*_twice(table, rows), *_too_often(table, rows)]
    return found


def _looked_at(kind: str, said: Said, material: Material) -> Iterator[Problem]:
    """What is to be told of a value that fits: a label that stands before in its list, or a text
    that is a participant but for capitals, which nothing follows when they withdraw.
    """
    value, field = said.value, said.field
    if kind == "counted":
        every = said.row.cell(field.name).values
        label, *before = (_label(one) for one in (value, *every[: every.index(value)]))
        if label in before:
            what = f'"{label}" stands twice in {said.row.get(said.table.key)}'
            yield error(*value.where, what, "Write it once, with how often it stands in all")
    if kind == "text" and "participant" in field.kinds:
        for name in subjects.names("participant", material):
            if value.label.casefold() == name.casefold():
                what = f'"{field.name}" is "{value.label}", which is no participant'
                yield note(*value.where, what, f'Did you mean "{name}"?')


def _label(value: Named) -> str:
    found = counted(value.label)
    return found[0] if found else ""


def _none_of(said: Said, material: Material, known: Labels) -> Problem:
    """The error for a value that is none of what its field takes."""
    value, field = said.value, said.field
    levels = tuple(level for kind in field.kinds for level in LEVELS.get(kind, ()))
    what = f'"{field.name}" is "{value.label}", which is no {_either(field.kinds)}'
    names = [
        name
        for kind in field.kinds
        if kind in subjects.KINDS
        for name in subjects.names(kind, material)
    ]
    if "mapped" in field.kinds:
        of = sources(said.procedure, field.table)
        names += [f"{source}: {label}" for source, labels in of.items() for label in labels]
        what = f'"{value.label}" is no label of a source'
    if "row" in field.kinds:
        names += said.procedure.named(field.table)
        noun = said.procedure.table(field.table).noun
        what = f'"{field.name}" is "{value.label}", which is no {noun} here'
    do = (levels and known.why_unknown(as_code(value), levels, field.is_list)) or (
        did_you_mean(value.label, [*field.choices, *names])
    )
    if "number" in field.kinds and whole(value.label) is not None:
        what = f'"{field.name}" is "{value.label}", which is out of range'
    if not do and "number" in field.kinds:
        ends = (("from", field.least), ("to", field.most))
        do = " ".join(["Write a whole number", *(f"{a} {b}" for a, b in ends if b is not None)])
        do += f", or {_either(field.choices)}" if field.choices else ""
    elif not do and field.choices:
        do = f"Write {_either(field.choices)}"
    do = do or next((_HINTS[kind] for kind in field.kinds if kind in _HINTS), _HINTS[""])
    kind = Kind.NO_SUCH_NAME if names or levels or "incident" in field.kinds else Kind.OTHER
    # A row says what was thought at its time: a code that is gone stays in it.
    tell = note if levels and anchor.parse(value.label) is None else error
    return tell(*value.where, what, do, kind=kind, about=value.label)


def _either(names: tuple[str, ...]) -> str:
    return " or ".join(filter(None, (", ".join(names[:-1]), names[-1])))


def _twice(table: Table, rows: Iterable[Row]) -> Iterator[Problem]:
    """Errors for rows that share what no two may."""
    first: dict[tuple[str, ...], Row] = {}
    for row in rows:
        key = row.all(table.once)
        if any(key) and (twin := first.setdefault(key, row)) is not row:
            what = f"{table.entry} stands twice: {', '.join(filter(None, key))}"
            path, line = twin.where
            there = f"line {line}" if path == row.where.path else f"{path}:{line}"
            yield error(*row.where, what, f"The first is at {there}; keep one")


def _too_often(table: Table, rows: Iterable[Row]) -> Iterator[Problem]:
    """Errors for rows of one person that chose more often than they may."""
    for field in (one for one in table.fields.values() if one.at_most and table.who):
        chosen: Counter[str] = Counter()
        for row in rows:
            who, cell = row.get(table.who), row.cell(field.name)
            chosen[who] += cell.text == field.choices[0]
            if cell.text == field.choices[0] and chosen[who] > field.at_most:
                what = f'"{field.name}" is "{cell.text}" more than {field.at_most} times for {who}'
                yield error(*cell.where, what, "Keep fewer")


def signed(material: Material) -> list[Named]:
    """Initials that rows are signed with."""
    return [said.value for said in values(material) if RESEARCHER in said.field.kinds]


def waiting(material: Material) -> Iterator[tuple[Procedure, Table, Field, tuple[Row, ...]]]:
    """The fields that wait for a person, with the rows that lack them."""
    for procedure, table, rows in tables(material):
        for field in table.fields.values():
            if lacking := tuple(row for row in rows if _lacks(row, field)):
                yield procedure, table, field, lacking


def _lacks(row: Row, field: Field) -> bool:
    if field.waits is None or row.get(field.name):
        return False
    on = row.get(field.waits.field) if field.waits.field else "yes"
    return on in field.waits.values if field.waits.values else bool(on)
