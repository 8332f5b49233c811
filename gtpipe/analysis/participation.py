"""`who`: which participants have an incident under a code, focused code or category, by name; and
which have none, and why.

That a participant is not coded so says what was coded, not what they lived through.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from gtpipe.analysis.holdings import Holdings
from gtpipe.model.codings import Codings
from gtpipe.model.level import CodeRef
from gtpipe.model.names import name_order
from gtpipe.model.persons import Persons
from gtpipe.model.records import IncidentKey, Material, people

UNFIT, WAITING = "does not fit", "not judged"
SO, NOT_SO, NOT_YET, NOT_INTERVIEWED = (
    "coded so",
    "not coded so",
    "interview not coded yet",
    "not interviewed yet",
)


@dataclass(frozen=True)
class Answer:
    """Of one thing: participant → their incidents in study order, and the names of those without
    any.

    `unfit` and `waiting` are what is on record as not fitting, and what came since and was not
    judged, by participant; neither counts.
    """

    thing: CodeRef
    having: dict[str, tuple[IncidentKey, ...]]
    not_so: tuple[str, ...]
    not_yet: tuple[str, ...]
    not_interviewed: tuple[str, ...]
    of_interviewers: tuple[IncidentKey, ...]
    unfit: dict[str, tuple[IncidentKey, ...]]
    waiting: dict[str, tuple[IncidentKey, ...]]

    @property
    def only_unfit(self) -> list[str]:
        """Who has nothing else than what does not fit, or waits beside it."""
        return [name for name in self.unfit if name and name not in self.having]

    @property
    def only_waiting(self) -> list[str]:
        """Who has nothing else than what waits to be judged."""
        return [
            name
            for name in self.waiting
            if name and name not in self.having and name not in self.unfit
        ]

    @property
    def heard(self) -> list[str]:
        """The participants who could be coded so: those with a coded interview, or coded so by
        hand.
        """
        return [*self.having, *self.only_unfit, *self.only_waiting, *self.not_so]

    def state(self, participant: str) -> str:
        if participant in self.having:
            return SO
        if participant in self.unfit:
            return UNFIT
        if participant in self.waiting:
            return WAITING
        return (
            NOT_SO
            if participant in self.not_so
            else NOT_YET
            if participant in self.not_yet
            else NOT_INTERVIEWED
        )

    @property
    def everybody(self) -> list[str]:
        """All participants: those coded so first, then the others."""
        return [*self.heard, *self.not_yet, *self.not_interviewed]


def who(
    things: Iterable[CodeRef], holdings: Holdings, material: Material, codings: Codings
) -> list[Answer]:
    """An answer for each thing, in the order given; people by name."""
    coded = codings.interviews
    spoke: dict[str, list[str]] = {name: [] for name in material.participants}
    for interview in material.interviews.values():
        for name in interview.participants:
            spoke.setdefault(name, []).append(interview.name)
    everybody = sorted(spoke, key=name_order)
    found = []
    for thing in things:
        standing = holdings.standing(thing)
        places, unfit, waiting = (
            _by_participant(found, holdings)
            for found in (standing.extracts, standing.unfit, standing.waiting)
        )
        without = [name for name in everybody if name not in {**places, **unfit, **waiting}]
        heard = [name for name in without if coded.intersection(spoke[name])]
        found.append(
            Answer(
                thing,
                {name: places[name] for name in everybody if name in places},
                tuple(heard),
                tuple(name for name in without if spoke[name] and name not in heard),
                tuple(name for name in without if not spoke[name]),
                places.get("", ()),
                {name: unfit[name] for name in (*everybody, "") if name in unfit},
                {name: waiting[name] for name in (*everybody, "") if name in waiting},
            )
        )
    return found


def _by_participant(
    places: Iterable[IncidentKey], holdings: Holdings
) -> dict[str, tuple[IncidentKey, ...]]:
    found: dict[str, list[IncidentKey]] = {}
    for place in places:
        for name in people(holdings.participant(place)) or ("",):
            found.setdefault(name, []).append(place)
    return {name: tuple(standing) for name, standing in found.items()}


def uncoded_beside(material: Material, codings: Codings) -> dict[str, list[str]]:
    """Participants of several interviews → those of them that nobody has coded yet, where others of
    theirs are coded.
    """
    coded = codings.interviews
    spoke: dict[str, list[str]] = {}
    for interview in material.interviews.values():
        for name in interview.participants:
            spoke.setdefault(name, []).append(interview.name)
    return {
        name: [one for one in of if one not in coded]
        for name, of in spoke.items()
        if coded.intersection(of) and not coded.issuperset(of)
    }


def of_all(answers: Sequence[Answer], persons: Persons) -> list[str]:
    """Who is coded so under each of several things, by whichever of their names."""
    having = [
        {other for name in answer.having for other in persons.names(name)} for answer in answers
    ]
    names = dict.fromkeys(name for answer in answers for name in answer.having)
    return [name for name in names if all(name in each for each in having)]
