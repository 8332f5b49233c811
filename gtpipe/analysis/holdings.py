"""What a question can be asked of: an initial code, a focused code, a category; and the incidents
each of them holds.

An incident is an interview, a turn and a stretch, whoever coded it. A focused code holds those of
the initial codes it takes up, those coded so beside a turn, and those named by hand; a category
those of its focused codes and of its subcategories.
"""

from __future__ import annotations

from collections.abc import Iterable

from gtpipe.analysis.references import resolve
from gtpipe.model.level import CATEGORY, FOCUSED, INITIAL, CodeRef, Level
from gtpipe.model.names import label_order
from gtpipe.model.records import Coding, IncidentKey, Material

Coders = dict[IncidentKey, tuple[str, ...]]
"""Incidents in study order → who coded them so; nobody where they were named by hand."""


class Holdings:
    """Which incidents each thing holds; worked out once for each that is asked for."""

    def __init__(
        self, material: Material, codings: Iterable[Coding], current: dict[str, str]
    ) -> None:
        self._material, self._current = material, current
        self._coded: dict[CodeRef, dict[IncidentKey, list[str]]] = {}
        for coding in codings:
            at = self._coded.setdefault(CodeRef(coding.level, coding.code), {})
            coders = at.setdefault(coding.incident, [])
            if coding.coder and coding.coder not in coders:
                coders.append(coding.coder)
        self._categories = {category.label: category for category in material.theory.categories}
        self._parts: dict[str, list[str]] = {}
        for category in material.theory.categories:
            if category.part_of:
                self._parts.setdefault(category.part_of.label, []).append(category.label)

    def coded(self, level: Level) -> list[CodeRef]:
        """What stands at turns on a level, in label order."""
        return sorted(
            (thing for thing in self._coded if thing.level == level),
            key=lambda thing: label_order(thing.label),
        )

    def of(self, thing: CodeRef) -> Coders:
        """The incidents of `thing` in study order, with their coders."""
        found: dict[IncidentKey, list[str]] = {}
        self._gather(thing, found, set())
        return {place: tuple(found[place]) for place in sorted(found, key=self.order)}

    def _gather(
        self, thing: CodeRef, found: dict[IncidentKey, list[str]], seen: set[CodeRef]
    ) -> None:
        if thing in seen:
            return
        seen.add(thing)
        for place, coders in self._coded.get(thing, {}).items():
            have = found.setdefault(place, [])
            have += [coder for coder in coders if coder not in have]
        if thing.level == FOCUSED and thing.label in self._material.focused:
            code = self._material.focused[thing.label]
            for named in code.takes_up:
                self._gather(
                    CodeRef(INITIAL, self._current.get(named.label, named.label)), found, seen
                )
            for incident in code.incidents:
                view = resolve(incident, self._material, {}, [])
                if view is not None:
                    found.setdefault(view.key, [])
        elif thing.level == CATEGORY and thing.label in self._categories:
            for named in self._categories[thing.label].focused:
                self._gather(CodeRef(FOCUSED, named.label), found, seen)
            for part in self._parts.get(thing.label, ()):
                self._gather(CodeRef(CATEGORY, part), found, seen)

    def order(self, place: IncidentKey) -> tuple[int, int, tuple[int, int], int]:
        """A sort key: interview in study order, turn in file order, place in the turn; a whole turn
        before its stretches.
        """
        interview = self._material.interviews[place.interview]
        order = self._material.order[place.interview]
        return (order, *interview.standing(place.turn, place.span))

    def participant(self, place: IncidentKey) -> str:
        """Who speaks there; '' for an interviewer. Over turns several may (`records.people`)."""
        interview = self._material.interviews[place.interview]
        return interview.participant(interview.at(place.turn))

    def by_turn(self, place: IncidentKey) -> list[IncidentKey]:
        """What an incident over turns is in each of them; any other is itself."""
        interview = self._material.interviews[place.interview]
        spans = interview.spans_of(place.turn, place.span).items()
        return [IncidentKey(place.interview, turn, span) for turn, span in spans]

    def words(self, place: IncidentKey) -> str:
        """The stretch, or the whole turn."""
        return self._material.interviews[place.interview].words(place.turn, place.span)
