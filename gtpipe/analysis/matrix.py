"""Codes × groups: in each cell the extracts, how many incidents they are, and whose. Nothing is
turned into a share.

An incident is counted once in a cell, whoever coded it. One in an interviewer's turn is of no
participant: it stands under an interview, a coder or a schedule version, and is left out, and told,
where groups are of participants.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

from gtpipe.analysis import groups
from gtpipe.analysis.groups import Group, Grouping
from gtpipe.analysis.holdings import Holdings
from gtpipe.model.level import CodeRef
from gtpipe.model.names import name_order
from gtpipe.model.persons import COLUMN, Persons
from gtpipe.model.records import IncidentKey, Interview, people

INTERVIEWER = "interviewer"
NOBODY = "nobody in this group"

EXTRACT, UNFIT, WAITING = STANDING = ("extract", "does not fit", "not judged")
HEADER = (
    *("code", "level", "group", "interview", "turn", "participant", "coders", "words"),
    "standing",
)


def header(table: Matrix) -> tuple[str, ...]:
    """`HEADER`, with what was crossed named in place of `group`; with COLUMN where one person is
    several participants.
    """
    names = (table.by if name == "group" and table.is_crossed else name for name in HEADER)
    return (*names, *([COLUMN] if table.persons else ()))


class Extract(NamedTuple):
    """An incident with its words; `participant` is '' for an interviewer."""

    place: IncidentKey
    participant: str
    coders: tuple[str, ...]
    interview: Interview

    @property
    def words(self) -> str:
        """The stretch, or the whole turn; they are read when they are asked for."""
        return self.interview.words(self.place.turn, self.place.span)

    @property
    def quoted(self) -> str:
        """A stretch between quotation marks, a whole turn without."""
        return self.words if self.place.span is None else f'"{self.words}"'

    @property
    def title(self) -> str:
        place = f"{self.place.interview} {self.place.turn}"
        return (
            place
            if self.participant == self.place.interview
            else f"{place} · {self.participant or INTERVIEWER}"
        )


@dataclass(frozen=True)
class Cell:
    """The extracts of a thing in a group, in study order; beside them, and not counted, what does
    not fit it, and what came since and was not judged.
    """

    thing: CodeRef
    group: Group
    extracts: tuple[Extract, ...]
    unfit: tuple[Extract, ...] = ()
    waiting: tuple[Extract, ...] = ()

    @property
    def people(self) -> list[str]:
        """Who speaks in the extracts, by name; an interviewer last."""
        names = {name for one in self.extracts for name in people(one.participant) or ("",)}
        return sorted(names - {""}, key=name_order) + [INTERVIEWER] * ("" in names)

    @property
    def beside(self) -> str:
        """What stands in the cell and is no extract: `does not fit: nadia 7; not judged: 2`."""
        said = []
        if self.unfit:
            turns = dict.fromkeys(f"{one.place.interview} {one.place.turn}" for one in self.unfit)
            said.append(f"{UNFIT}: {', '.join(turns)}")
        if self.waiting:
            said.append(f"{WAITING}: {len(self.waiting)}")
        return "; ".join(said)

    @property
    def state(self) -> str:
        """In words what an empty cell means: `not coded so`, `not coded yet`, or '' where nobody is
        in the group.
        """
        return groups.state(self.group, bool(self.extracts or self.beside))


@dataclass(frozen=True)
class Matrix:
    """`cells` are those that something stands in, by thing and name of the group; `left_out` the
    incidents that no group can hold, by thing; `where` is what those have that alone were asked
    for.
    """

    by: str
    things: tuple[CodeRef, ...]
    groups: tuple[Group, ...]
    cells: dict[CodeRef, dict[str, Cell]]
    left_out: dict[CodeRef, tuple[IncidentKey, ...]]
    persons: Persons
    where: tuple[tuple[str, str], ...] = ()

    @property
    def title(self) -> str:
        """`setting, where context=NHS`"""
        told = " and ".join(f"{name}={value}" for name, value in self.where)
        return f"{self.by}, where {told}" if told else self.by

    def row(self, thing: CodeRef) -> list[Cell]:
        filled = self.cells.get(thing, {})
        return [filled.get(group.name) or Cell(thing, group, ()) for group in self.groups]

    def filled(self, thing: CodeRef) -> list[Cell]:
        """The cells of a row that something stands in."""
        filled = self.cells.get(thing, {})
        return [filled[name] for name in sorted(filled, key=self._column.__getitem__)]

    @cached_property
    def _column(self) -> dict[str, int]:
        return {group.name: number for number, group in enumerate(self.groups)}

    def said(self, cell: Cell) -> str:
        """A cell of the overview: `3: eve, ray`, and what stands beside that; what its being empty
        means; nothing where nobody is in the group.
        """
        return "; ".join(filter(None, (self.counted(cell), cell.beside))) or cell.state

    def counted(self, cell: Cell) -> str:
        """The extracts of a cell: `3: eve, ray`; '' where there are none."""
        names, number = cell.people, len(cell.extracts)
        if names in ([], [cell.group.name]):
            return str(number) if number else ""
        return f"{number}: {', '.join(names)}{self.persons.aside(names)}"

    def members(self, group: Group) -> str:
        """Who is in a group, by name."""
        told = [", ".join(group.participants) + self.persons.aside(group.participants)]
        told = told if group.participants else []
        told += [f"not interviewed yet: {', '.join(group.waiting)}"] if group.waiting else []
        return f"{group.name}: {'; '.join(told) or 'nobody'}"

    @property
    def in_several_groups(self) -> list[str]:
        """Who is in more than one group, as one person is by each of their names, in words."""
        of: dict[str, list[str]] = {}
        for group in self.groups:
            for name in group.participants:
                of.setdefault(name, []).append(group.name)
        return self.persons.in_several_groups(of)

    @property
    def is_crossed(self) -> bool:
        return any(len(group.values) > 1 for group in self.groups)

    @property
    def groups_to_tell(self) -> tuple[Group, ...]:
        """The groups, where they are more than the names of those in them."""
        return (
            ()
            if all(
                set(group.participants) | set(group.waiting) == {group.name}
                for group in self.groups
            )
            else self.groups
        )

    @property
    def places_left_out(self) -> set[IncidentKey]:
        return {place for places in self.left_out.values() for place in places}


def matrix(
    things: Iterable[CodeRef], holdings: Holdings, grouping: Grouping, persons: Persons
) -> Matrix:
    """The incidents of each of `things` laid out by group; things in the order given."""
    things = tuple(things)
    laid: dict[tuple[CodeRef, str], tuple[list[Extract], list[Extract], list[Extract]]] = {}
    left_out: dict[CodeRef, tuple[IncidentKey, ...]] = {}
    for thing in things:
        standing = holdings.standing(thing)
        out = []
        for number, places in enumerate((standing.extracts, standing.unfit, standing.waiting)):
            for place in places:
                participant = holdings.participant(place)
                coders = standing.extracts.get(place, ())
                names = grouping.of(place, coders, participant)
                if grouping.leaves_out(place, coders, participant):
                    continue
                if not names and not number:
                    out.append(place)
                extract = Extract(place, participant, coders, holdings.interview(place))
                for name in names:
                    laid.setdefault((thing, name), ([], [], []))[number].append(extract)
        if out:
            left_out[thing] = tuple(out)
    used = {name for _, name in laid}
    groups = tuple(group for group in grouping.groups if not group.odd or group.name in used)
    called = {group.name: group for group in groups}
    cells: dict[CodeRef, dict[str, Cell]] = {}
    for (thing, name), extracts in laid.items():
        cells.setdefault(thing, {})[name] = Cell(thing, called[name], *map(tuple, extracts))
    return Matrix(grouping.by, things, groups, cells, left_out, persons, grouping.where)


def rows(table: Matrix, standing: Collection[str] = STANDING) -> list[tuple[object, ...]]:
    """Long form, under `header`: one row for each incident of each cell that stands so to it,
    extracts first.
    """
    return [
        (
            thing.label,
            thing.level,
            cell.group.name,
            extract.place.interview,
            extract.place.turn,
            extract.participant,
            ", ".join(extract.coders),
            extract.words,
            how,
            *table.persons.column(people(extract.participant)),
        )
        for thing in table.things
        for cell in table.row(thing)
        for how, extracts in zip(STANDING, (cell.extracts, cell.unfit, cell.waiting), strict=True)
        if how in standing
        for extract in extracts
    ]


def overview(table: Matrix) -> tuple[list[str], list[list[str]]]:
    """Header and rows: a thing each, a group a column."""
    corner = f"code, by {table.title}" if table.is_crossed or table.where else "code"
    return (
        [corner, *(group.name for group in table.groups)],
        [
            [name, *map(table.said, table.row(thing))]
            for thing, name in zip(table.things, names(table.things), strict=True)
        ],
    )


def names(things: Iterable[CodeRef]) -> list[str]:
    """Labels; with the level in front where two things are called the same."""
    things = tuple(things)
    labels = [thing.label for thing in things]
    return (
        [
            thing.label if labels.count(thing.label) == 1 else f"{thing.level}: {thing.label}"
            for thing in things
        ]
        if len(set(labels)) < len(labels)
        else labels
    )


def nested(table: Matrix) -> dict[str, object]:
    """For programs: groups, and each code with its cells; `empty` says what it means that a cell
    is.
    """
    persons = table.persons
    return {
        "by": table.by,
        **({"where": dict(table.where)} if table.where else {}),
        "groups": [
            {
                "group": group.name,
                **({"values": dict(group.values)} if table.is_crossed else {}),
                "participants": list(group.participants),
                "not-interviewed": list(group.waiting),
                **_as_persons(group.participants, persons),
            }
            for group in table.groups
        ],
        "codes": [
            {
                "code": thing.label,
                "level": thing.level,
                "left-out": [
                    f"{place.interview} {place.turn}" for place in table.left_out.get(thing, ())
                ],
                "cells": [
                    {
                        "group": cell.group.name,
                        "incidents": len(cell.extracts),
                        "participants": cell.people,
                        **_as_persons(cell.people, persons),
                        **({} if cell.extracts or cell.beside else {"empty": cell.state or NOBODY}),
                        "extracts": [_for_programs(one, EXTRACT) for one in cell.extracts],
                        "does-not-fit": [_for_programs(one, UNFIT) for one in cell.unfit],
                        "not-judged": [_for_programs(one, WAITING) for one in cell.waiting],
                    }
                    for cell in table.row(thing)
                ],
            }
            for thing in table.things
        ],
    }


def _as_persons(names: Iterable[str], persons: Persons) -> dict[str, object]:
    """How many persons, interviewers apart, and which names are of one; nothing where nobody is
    several participants.
    """
    heard = [name for name in names if name != INTERVIEWER]
    return {"persons": persons.number(heard), COLUMN: persons.several(heard)} if persons else {}


def _for_programs(one: Extract, standing: str) -> dict[str, object]:
    return {
        "interview": one.place.interview,
        "turn": one.place.turn,
        "participant": one.participant,
        "coders": list(one.coders),
        "words": one.words,
        "standing": standing,
    }
