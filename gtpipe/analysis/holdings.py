"""Whether an incident is an extract of a code or category, waits to be judged, or does not fit: it
is asked here and nowhere else.

An incident is an interview, a turn and a stretch, whoever coded it. Of a focused code it is
*judged* (a coding of a code that it takes up which stands under `judged`, one named by hand under
`incidents`, or coded so beside the turn), *waiting* (any other coding of a code it takes up), or
out: on record as not fitting, or looked at and left. What does not fit a thing, by whatever entry
says so, is no extract of it, and neither are words that overlap with it. A category holds what its
focused codes and subcategories hold: what waits there waits in it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

from gtpipe.analysis.labels import labels_of
from gtpipe.analysis.references import place_of
from gtpipe.model import anchor
from gtpipe.model.codings import Codings
from gtpipe.model.level import CATEGORY, FOCUSED, INITIAL, RELATION, CodeRef, Level
from gtpipe.model.names import label_order, one_line
from gtpipe.model.records import (
    NOWHERE,
    Coding,
    Incident,
    IncidentKey,
    Interview,
    Material,
    Named,
    Where,
)

Coders = dict[IncidentKey, tuple[str, ...]]
"""Incidents in study order → who coded them so; nobody where they were named by hand."""
Places = tuple[IncidentKey, ...]
"""Incidents, in study order."""


SHOWN = 3  # words, of the start and the end of a stretch over turns, if they are enough


class Standing(NamedTuple):
    """How incidents stand to a thing.

    `extracts` were judged to belong; `waiting` came under a code that it takes up and were not
    judged since; `unfit` are on record as not fitting it, those of a category's focused codes
    included; `left` were looked at and left out.
    """

    extracts: Coders
    waiting: Places
    unfit: Places
    left: Places = ()


_NOTHING = Standing({}, (), ())


class Holdings:
    """How incidents stand to each thing; worked out once for each that is asked for."""

    def __init__(
        self, material: Material, codings: Iterable[Coding], current: dict[str, str]
    ) -> None:
        self._material, self._current = material, current
        self._codings = Codings.of(codings)
        self._categories = {category.label: category for category in material.theory.categories}
        self._parts: dict[str, list[str]] = {}
        for category in material.theory.categories:
            if category.part_of:
                self._parts.setdefault(category.part_of.label, []).append(category.label)
        self._standing: dict[CodeRef, Standing] = {}
        self._against: dict[CodeRef, dict[IncidentKey, Where]] = {}
        standing = self._codings.used
        focused = (code for code in standing if code.level == FOCUSED)
        now = {coding.typed: coding.code for coding in self._codings.of_codes(*focused)}
        level = labels_of(material, standing, current, now).level
        for named, incident in _recorded(material):
            meant = level(named)
            place = place_of(incident, material)
            if meant and place:
                against = self._against.setdefault(CodeRef(meant, named.label), {})
                against.setdefault(place, incident.where)

    def coded(self, level: Level) -> list[CodeRef]:
        """What stands at turns on a level, in label order."""
        return sorted(
            (thing for thing in self._codings.used if thing.level == level),
            key=lambda thing: label_order(thing.label),
        )

    def of(self, thing: CodeRef) -> Coders:
        """The extracts of `thing`: its incidents in study order, with their coders."""
        return self.standing(thing).extracts

    def extracts(self, things: Sequence[CodeRef]) -> Iterator[tuple[int, IncidentKey]]:
        """The extracts of each of `things`, with its number among them; in no order, and one that
        several coded as often.
        """
        as_coded = {}
        for number, thing in enumerate(things):
            if thing.level == INITIAL and thing not in self._against:
                as_coded[thing] = number
            else:
                yield from ((number, place) for place in self.of(thing))
        for code, place in self._codings.coded():
            if code in as_coded:
                yield as_coded[code], place

    def waiting(self, thing: CodeRef) -> Places:
        """What came under a code that `thing` takes up, and was not judged since."""
        return self.standing(thing).waiting

    def unfit(self, thing: CodeRef) -> Places:
        """What is on record as not fitting `thing`, or a focused code of it."""
        return self.standing(thing).unfit

    def against(self, thing: CodeRef) -> dict[IncidentKey, Where]:
        """What is on record as not fitting `thing` itself, and the line that says so first."""
        return self._against.get(thing, {})

    def fits(self, thing: CodeRef, place: IncidentKey) -> bool:
        """Whether nothing on record against `thing` shares words with an incident."""
        return not any(self.overlap(other, place) for other in self.against(thing))

    def _fitting(self, thing: CodeRef, places: list[IncidentKey]) -> list[IncidentKey]:
        """Those of the incidents that fit: most things have nothing on record against them."""
        against = {place.interview for place in self.against(thing)}
        if not against:
            return places
        return [place for place in places if place[0] not in against or self.fits(thing, place)]

    def overlap(self, one: IncidentKey, other: IncidentKey) -> bool:
        """Whether two incidents share words, at a turn or over turns."""
        return one.interview == other.interview and anchor.reaches(
            self._material.interviews[one.interview], one[1:], other[1:]
        )

    def standing(self, thing: CodeRef) -> Standing:
        """How incidents stand to `thing`."""
        if thing not in self._standing:
            self._standing[thing] = _NOTHING  # categories that are parts of each other
            self._standing[thing] = (
                self._of_category(thing) if thing.level == CATEGORY else self._of_code(thing)
            )
        return self._standing[thing]

    def taken_up(self, label: str) -> Coders:
        """The codings of the codes that a focused code takes up, whatever was said of them since,
        in study order; with their coders.
        """
        return self._in_order(self._taken_up(label))

    def _taken_up(self, label: str) -> dict[IncidentKey, list[str]]:
        """The same, in no order."""
        code = self._material.focused.get(label)
        found: dict[IncidentKey, list[str]] = {}
        for named in code.takes_up if code else ():
            taken = CodeRef(INITIAL, self._current.get(named.label, named.label))
            _add(found, self._coded_so(taken))
        return found

    def address(self, place: IncidentKey) -> str:
        """An incident as a person names it; a stretch over turns by as few words of its start and
        its end as tell it from every other.
        """
        interview = self._material.interviews[place.interview]
        reached = interview.spans_of(place.turn, place.span)
        if place.span is not None and len(reached) > 1:
            parts = [interview.words(id, span).split() for id, span in reached.items()]
            for few in range(min(SHOWN, len(parts[0])), max(len(parts[0]), len(parts[-1])) + 1):
                ends = f"{' '.join(parts[0][:few])} … {' '.join(parts[-1][-few:])}"
                named = Incident(place.interview, place.turn, ends, NOWHERE).address
                if anchor.place(named, self._material.interviews) == place:
                    return named
        words = None if place.span is None else one_line(self.words(place))
        return Incident(place.interview, place.turn, words, NOWHERE).address

    def _coded_so(self, thing: CodeRef) -> dict[IncidentKey, list[str]]:
        """The incidents coded so, and by whom."""
        found: dict[IncidentKey, list[str]] = {}
        for place, coder in self._codings.coders_of(thing):
            coders = found.setdefault(place, [])
            if coder and coder not in coders:
                coders.append(coder)
        return found

    def _of_code(self, thing: CodeRef) -> Standing:
        found: dict[IncidentKey, list[str]] = {}
        _add(found, self._coded_so(thing))
        taken: dict[IncidentKey, list[str]] = {}
        left: frozenset[IncidentKey] = frozenset()
        if thing.level == FOCUSED and thing.label in self._material.focused:
            code = self._material.focused[thing.label]
            taken, left = self._taken_up(thing.label), self._places(code.left)
            judged = self._places(code.judged) | found.keys() | self._places(code.incidents)
            _add(found, {place: coders for place, coders in taken.items() if place in judged})
            _add(found, dict.fromkeys(self._places(code.incidents), ()))

        def staying(places: Iterable[IncidentKey]) -> list[IncidentKey]:
            return self._fitting(thing, [place for place in places if place not in left])

        return Standing(
            self._in_order({place: found[place] for place in staying(found)}),
            self._sorted(staying(place for place in taken if place not in found)),
            self._sorted(self.against(thing)),
            self._sorted(place for place in left if self.fits(thing, place)),
        )

    def _of_category(self, thing: CodeRef) -> Standing:
        category = self._categories.get(thing.label)
        held = [CodeRef(FOCUSED, named.label) for named in category.focused] if category else []
        held += [CodeRef(CATEGORY, part) for part in self._parts.get(thing.label, ())]
        standing = [self.standing(one) for one in held]
        found: dict[IncidentKey, list[str]] = {}
        _add(found, self._coded_so(thing))
        for one in standing:
            _add(found, one.extracts)
        extracts = {place: found[place] for place in self._fitting(thing, [*found])}
        held_waiting = {place for one in standing for place in one.waiting}
        waiting = {*self._fitting(thing, [*held_waiting])}
        unfit = {place for one in standing for place in one.unfit} - extracts.keys()
        return Standing(
            self._in_order(extracts),
            self._sorted(waiting - extracts.keys()),
            self._sorted(unfit | self.against(thing).keys()),
        )

    def _places(self, incidents: Iterable[Incident]) -> frozenset[IncidentKey]:
        found = (place_of(incident, self._material) for incident in incidents)
        return frozenset(place for place in found if place is not None)

    def _sorted(self, places: Iterable[IncidentKey]) -> Places:
        return tuple(sorted(places, key=self.order))

    def _in_order(self, found: dict[IncidentKey, list[str]]) -> Coders:
        return {place: tuple(found[place]) for place in self._sorted(found)}

    def order(self, place: IncidentKey) -> tuple[int, int, tuple[int, int], int]:
        """A sort key: interview in study order, turn in file order, place in the turn; a whole turn
        before its stretches.
        """
        interview, turn, span = place
        standing = self._material.interviews[interview].standing(turn, span)
        return (self._material.order[interview], *standing)

    def participant(self, place: IncidentKey) -> str:
        """Who speaks there; '' for an interviewer. Over turns several may (`records.people`)."""
        interview = self._material.interviews[place.interview]
        return interview.participant_of(place.turn)

    def by_turn(self, place: IncidentKey) -> list[IncidentKey]:
        """What an incident over turns is in each of them; any other is itself."""
        interview = self._material.interviews[place.interview]
        spans = interview.spans_of(place.turn, place.span).items()
        return [IncidentKey(place.interview, turn, span) for turn, span in spans]

    def interview(self, place: IncidentKey) -> Interview:
        """That in which an incident stands."""
        return self._material.interviews[place.interview]

    def words(self, place: IncidentKey, marks: str = "") -> str:
        """The stretch, between `marks`, or the whole turn."""
        return self._material.interviews[place.interview].words(place.turn, place.span, marks)


def _add(found: dict[IncidentKey, list[str]], more: Mapping[IncidentKey, Iterable[str]]) -> None:
    for place, coders in more.items():
        have = found.setdefault(place, [])
        have += [coder for coder in coders if coder not in have]


def _recorded(material: Material) -> Iterator[tuple[Named, Incident]]:
    """What each entry says does not fit: the thing as it is named, and the incident."""
    theory = material.theory
    for case in theory.negative_cases:
        yield case.contradicts, case.incident
    for look in theory.looks:
        if isinstance(look.found, Incident):
            yield look.looked_for, look.found
    for code in material.focused.values():
        for incident in code.does_not_fit:
            yield Named(code.label, code.where, FOCUSED), incident
    for relation in theory.relations:
        for incident in relation.contradict:
            yield Named(relation.sentence, relation.where, RELATION), incident
