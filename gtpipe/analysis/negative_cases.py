"""Negative cases gathered: for each category, focused code and relation what is on record against
it, else who looked, and when.

It never says that there is none: what is not recorded may not have been looked for.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from gtpipe.analysis.focused_codes import focused_codes
from gtpipe.analysis.labels import Labels
from gtpipe.analysis.references import resolve
from gtpipe.model.codings import Codings
from gtpipe.model.level import CATEGORY, FOCUSED, INITIAL, RELATION, MaybeLevel
from gtpipe.model.names import label_order
from gtpipe.model.records import Incident, IncidentKey, Look, Material, Named, Where

CASE, UNFIT, CONTRADICTS, FOUND, NONE_RECORDED = (
    "negative case",
    "does not fit",
    "contradicts",
    "found by looking",
    "none recorded",
)


class Against(NamedTuple):
    """Something on record against a thing, and which kind of entry says so; `place` None where what
    was found is no incident.
    """

    kind: str
    address: str
    place: IncidentKey | None
    participant: str
    words: str
    led_to: str
    note: str
    by: str
    date: str
    where: Where


Meant = tuple[MaybeLevel, str]
"""What a name means: its level and label; no level where it stands nowhere."""


class Recorded(NamedTuple):
    """A thing with what is on record against it, and those who looked without finding."""

    level: MaybeLevel
    label: str
    against: tuple[Against, ...]
    looks: tuple[Look, ...]

    @property
    def kind(self) -> str:
        """What it is, in words."""
        return self.level.noun if self.level else "not there any more"

    @property
    def looked(self) -> str:
        """Who looked, and when, in words."""
        told = [
            f"{look.by or 'somebody'} looked{f' on {look.date}' if look.date else ''}"
            for look in self.looks
        ]
        return "; ".join(told)

    @property
    def none_recorded(self) -> str:
        return none_recorded([self.looked] * bool(self.looks))


def none_recorded(looked: Iterable[str]) -> str:
    """A sentence with who looked and when; never that there is none."""
    told = "; ".join(looked)
    return "No negative case recorded" + (f" ({told})." if told else ", and no search for one.")


def recorded(material: Material, codings: Codings, known: Labels) -> list[Recorded]:
    """Every category, focused code and relation, in the order of the files, then initial codes with
    something against them.
    """
    against: dict[Meant, list[Against]] = {}
    looks: dict[Meant, list[Look]] = {}

    def meant(named: Named) -> Meant:
        return (known.level(named), named.label)

    def add(thing: Meant, kind: str, incident: Incident, **more: str) -> None:
        against.setdefault(thing, []).append(_against(kind, incident, material, **more))

    theory = material.theory
    for case in theory.negative_cases:
        add(
            meant(case.contradicts),
            CASE,
            case.incident,
            led_to=case.led_to,
            note=case.note,
            by=case.by,
        )
    for code in material.focused.values():
        for incident in code.does_not_fit:
            add((FOCUSED, code.label), UNFIT, incident)
    for relation in theory.relations:
        for incident in relation.contradict:
            add((RELATION, relation.sentence), CONTRADICTS, incident)
    for look in theory.looks:
        thing = meant(look.looked_for)
        if look.found is None:
            looks.setdefault(thing, []).append(look)
        elif isinstance(look.found, Incident):
            add(thing, FOUND, look.found, by=look.by, date=look.date)
        else:
            against.setdefault(thing, []).append(
                Against(FOUND, look.found, None, "", "", "", "", look.by, look.date, look.where)
            )
    things: list[Meant] = [(CATEGORY, category.label) for category in theory.categories]
    things += [(FOCUSED, label) for label in focused_codes(material, codings)]
    things += [(RELATION, relation.sentence) for relation in theory.relations]
    things += sorted(
        ({*against, *looks}) - set(things),
        key=lambda thing: (thing[0] != INITIAL, label_order(thing[1])),
    )
    return [
        Recorded(*thing, tuple(_once(against.get(thing, []))), tuple(looks.get(thing, ())))
        for thing in dict.fromkeys(things)
    ]


def _once(found: list[Against]) -> list[Against]:
    """Without those that a negative case tells of already: an incident may stand under
    `does-not-fit` as well.
    """
    told = {one.place for one in found if one.kind == CASE}
    return [one for one in found if one.kind == CASE or one.place is None or one.place not in told]


def _against(
    kind: str,
    incident: Incident,
    material: Material,
    led_to: str = "",
    note: str = "",
    by: str = "",
    date: str = "",
) -> Against:
    view = resolve(incident, material, Codings.of(()), [])
    if view is None:
        return Against(
            kind,
            incident.address,
            None,
            "",
            incident.words or "",
            led_to,
            note,
            by,
            date,
            incident.where,
        )
    place = view.key
    return Against(
        kind,
        incident.address,
        place,
        view.participant,
        view.extract,
        led_to,
        note,
        by,
        date,
        incident.where,
    )
