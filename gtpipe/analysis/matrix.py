"""Codes × groups: in each cell the extracts, how many incidents they are, and whose. Nothing is
turned into a share.

An incident is counted once in a cell, whoever coded it. One in an interviewer's turn is of no
participant: it stands under an interview, a coder or a schedule version, and is left out, and told,
where groups are of participants.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import NamedTuple

from gtpipe.analysis import groups
from gtpipe.analysis.groups import Group, Grouping
from gtpipe.analysis.holdings import Holdings
from gtpipe.model.level import CodeRef
from gtpipe.model.names import name_order
from gtpipe.model.records import IncidentKey, people

INTERVIEWER = "interviewer"

HEADER = ("code", "level", "group", "interview", "turn", "participant", "coders", "words")


def header(table: Matrix) -> tuple[str, ...]:
    """`HEADER`, with what was crossed named in place of `group`."""
    return tuple(table.by if name == "group" and table.is_crossed else name for name in HEADER)


class Extract(NamedTuple):
    """An incident with its words; `participant` is '' for an interviewer."""

    place: IncidentKey
    participant: str
    coders: tuple[str, ...]
    words: str

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
    """The extracts of a thing in a group, in study order."""

    thing: CodeRef
    group: Group
    extracts: tuple[Extract, ...]

    @property
    def people(self) -> list[str]:
        """Who speaks in the extracts, by name; an interviewer last."""
        names = {name for one in self.extracts for name in people(one.participant) or ("",)}
        return sorted(names - {""}, key=name_order) + [INTERVIEWER] * ("" in names)

    @property
    def state(self) -> str:
        """In words what an empty cell means: `not coded so`, `not coded yet`, or '' where nobody is
        in the group.
        """
        return groups.state(self.group, bool(self.extracts))


@dataclass(frozen=True)
class Matrix:
    """`left_out` are the incidents that no group can hold, by thing."""

    by: str
    things: tuple[CodeRef, ...]
    groups: tuple[Group, ...]
    cells: dict[tuple[CodeRef, str], Cell]
    left_out: dict[CodeRef, tuple[IncidentKey, ...]]

    def row(self, thing: CodeRef) -> list[Cell]:
        return [self.cells[thing, group.name] for group in self.groups]

    def said(self, cell: Cell) -> str:
        """A cell of the overview: `3: eve, ray`; what its being empty means; nothing where nobody
        is in the group.
        """
        if not cell.extracts:
            return cell.state
        names = cell.people
        return (
            str(len(cell.extracts))
            if names == [cell.group.name]
            else f"{len(cell.extracts)}: {', '.join(names)}"
        )

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


def matrix(things: Iterable[CodeRef], holdings: Holdings, grouping: Grouping) -> Matrix:
    """The incidents of each of `things` laid out by group; things in the order given."""
    things = tuple(things)
    extracts: dict[CodeRef, dict[str, list[Extract]]] = {}
    left_out: dict[CodeRef, tuple[IncidentKey, ...]] = {}
    for thing in things:
        found = extracts.setdefault(thing, {})
        out = []
        for place, coders in holdings.of(thing).items():
            participant = holdings.participant(place)
            names = grouping.of(place, coders, participant)
            if not names:
                out.append(place)
                continue
            extract = Extract(place, participant, coders, holdings.words(place))
            for name in names:
                found.setdefault(name, []).append(extract)
        if out:
            left_out[thing] = tuple(out)
    used = {name for found in extracts.values() for name in found}
    groups = tuple(group for group in grouping.groups if not group.odd or group.name in used)
    cells = {
        (thing, group.name): Cell(thing, group, tuple(extracts[thing].get(group.name, ())))
        for thing in things
        for group in groups
    }
    return Matrix(grouping.by, things, groups, cells, left_out)


def rows(table: Matrix) -> list[tuple[object, ...]]:
    """Long form: one row for each extract of each cell, under `header`."""
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
        )
        for thing in table.things
        for cell in table.row(thing)
        for extract in cell.extracts
    ]


def overview(table: Matrix) -> tuple[list[str], list[list[str]]]:
    """Header and rows: a thing each, a group a column."""
    corner = f"code, by {table.by}" if table.is_crossed else "code"
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
    return {
        "by": table.by,
        "groups": [
            {
                "group": group.name,
                **({"values": dict(group.values)} if table.is_crossed else {}),
                "participants": list(group.participants),
                "not-interviewed": list(group.waiting),
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
                        **(
                            {} if cell.extracts else {"empty": cell.state or "nobody in this group"}
                        ),
                        "extracts": [
                            {
                                "interview": one.place.interview,
                                "turn": one.place.turn,
                                "participant": one.participant,
                                "coders": list(one.coders),
                                "words": one.words,
                            }
                            for one in cell.extracts
                        ],
                    }
                    for cell in table.row(thing)
                ],
            }
            for thing in table.things
        ],
    }
