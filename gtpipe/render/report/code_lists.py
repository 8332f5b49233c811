"""The lists of codes and of focused codes: what each means, what takes it up, and who speaks."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import groupby
from typing import NamedTuple

from gtpipe.model.level import FOCUSED, INITIAL, CodeRef
from gtpipe.model.names import label_order
from gtpipe.model.records import people
from gtpipe.render.report.places import LISTS, Link
from gtpipe.render.report.study import ReportedStudy
from gtpipe.render.report.surroundings import Signed, Surroundings
from gtpipe.render.report.templating import Page

MANY = 60
"""Codes from which on a list is parted by first letters."""


class CodeInList(NamedTuple):
    """`definition` is its first line."""

    code: Signed
    taken_up: tuple[Signed, ...]
    incidents: int
    participants: tuple[str, ...]
    counted: str
    one_person: str
    definition: str


class Letter(NamedTuple):
    """The codes that begin with a letter; '' where the list is not parted."""

    letter: str
    id: str
    codes: tuple[CodeInList, ...]


class CodeList(NamedTuple):
    kind: str
    letters: tuple[Letter, ...]
    parked: tuple[CodeInList, ...]


class FocusedInList(NamedTuple):
    code: Signed
    definition: str
    because: str
    takes_up: tuple[Link, ...]
    categories: tuple[Link, ...]
    incidents: int
    participants: tuple[str, ...]
    one_person: str
    waiting: int


def list_pages(reported: ReportedStudy, around: Surroundings) -> Iterator[Page]:
    title = INITIAL.nouns.capitalize()
    yield Page(LISTS[INITIAL], "codes.html", title, LISTS[INITIAL], _codes(reported, around))
    if not reported.edition.only:
        title, listed = FOCUSED.nouns.capitalize(), tuple(_focused(reported, around))
        content = (FOCUSED.noun, title, listed)
        yield Page(LISTS[FOCUSED], "focused-codes.html", title, LISTS[FOCUSED], content)


def _codes(reported: ReportedStudy, around: Surroundings) -> CodeList:
    codebook = reported.material.codebook
    labels = reported.labels[INITIAL]
    parked = {label for label in labels if label in codebook and codebook[label].parked is not None}
    rows = [_row(label, reported, around) for label in labels if label not in parked]
    letters: list[Letter] = []
    if len(rows) < MANY:
        letters = [Letter("", "", tuple(rows))] if rows else []
    else:
        for letter, here in groupby(rows, key=lambda row: _letter(row.code.link.text)):
            letters.append(Letter(letter, f"letter-{len(letters) + 1}", tuple(here)))
    return CodeList(
        INITIAL.nouns.capitalize(),
        tuple(letters),
        tuple(_row(label, reported, around) for label in labels if label in parked),
    )


def _letter(label: str) -> str:
    """The first letter as a capital; whatever is no letter stands together."""
    first = label[:1].upper()
    return first if first.isalpha() else "…"


def _row(label: str, reported: ReportedStudy, around: Surroundings) -> CodeInList:
    thing = CodeRef(INITIAL, label)
    spoken, persons = reported.spoken_by(thing), reported.material.persons
    names = _participants(spoken)
    return CodeInList(
        around.signed(thing),
        around.taking_up(thing),
        len(spoken),
        names,
        persons.counted(names) + persons.aside(names),
        persons.aside(names),
        _first_line(reported.definition(label)),
    )


def _focused(reported: ReportedStudy, around: Surroundings) -> Iterator[FocusedInList]:
    for label in reported.labels[FOCUSED]:
        thing, entry = CodeRef(FOCUSED, label), reported.looking.focused[label]
        spoken = reported.spoken_by(thing)
        yield FocusedInList(
            around.signed(thing),
            entry.definition,
            entry.because if reported.edition.words else "",
            tuple(around.taken_up_by(entry)),
            around.categories_of(thing),
            len(spoken),
            (names := _participants(spoken)),
            reported.material.persons.aside(names),
            len(reported.holdings.waiting(thing)),
        )


def _participants(spoken: Iterable[str]) -> tuple[str, ...]:
    names = {name for who in dict.fromkeys(spoken) for name in people(who)}
    return tuple(sorted(names, key=label_order))


def _first_line(text: str) -> str:
    return text.strip().partition("\n")[0]
