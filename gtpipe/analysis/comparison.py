"""Things held against each other: what two of them share, and each new incident beside the earlier
ones of its codes.

Two incidents are shared where they stand in one turn and their words overlap; a whole turn overlaps
each of its stretches. Earlier is what comes before in study order: in interviews before, and before
in the same one.
"""

from __future__ import annotations

import heapq
from collections.abc import Container, Iterable, Iterator, Mapping
from functools import cached_property
from typing import NamedTuple, Protocol

from gtpipe.analysis import incidents
from gtpipe.analysis.focused_codes import carried_by, focused_codes
from gtpipe.analysis.groups import ValueAt
from gtpipe.analysis.holdings import Holdings
from gtpipe.analysis.incidents import IncidentInContext
from gtpipe.model import records
from gtpipe.model.anchor import reaches
from gtpipe.model.codings import Codings
from gtpipe.model.level import CATEGORY, FOCUSED, INITIAL, CodeRef
from gtpipe.model.names import label_order
from gtpipe.model.persons import Persons
from gtpipe.model.records import Coding, FocusedCode, IncidentKey, Interview, Material, Span

BOTH = "both"
UNLIKE, OTHER, SAME = range(3)
"""Whose an earlier incident is: of one known to be unlike, any other participant, the same one."""

Standing = tuple[int, int, Span, int]
"""Where an incident stands in study order: interview, turn, place in the turn, last turn."""


class Held(NamedTuple):
    """The incidents that a category holds by one of its focused codes; `category` is itself, or the
    subcategory it is in.
    """

    category: str
    focused: str
    views: tuple[IncidentInContext, ...]


class Looking:
    """The codings of a study, to ask for the views of any code, focused code or category.

    Each view has so many turns around it.
    """

    def __init__(
        self,
        material: Material,
        codings: Iterable[Coding],
        current: dict[str, str],
        turns_around: int = 1,
    ) -> None:
        self.material, self.codings, self.current = material, Codings.of(codings), current
        self.turns_around = turns_around
        self._seen: dict[CodeRef, tuple[IncidentInContext, ...]] = {}

    def with_turns(self, turns_around: int) -> Looking:
        """The same, each view with so many turns around it."""
        if turns_around == self.turns_around:
            return self
        other = Looking(self.material, self.codings, self.current, turns_around)
        other.holdings = self.holdings
        return other

    @cached_property
    def focused(self) -> dict[str, FocusedCode]:
        """Focused codes by label."""
        return focused_codes(self.material, self.codings)

    @cached_property
    def holdings(self) -> Holdings:
        """How incidents stand to things."""
        return Holdings(self.material, self.codings, self.current)

    def views(self, thing: CodeRef) -> tuple[IncidentInContext, ...]:
        """The incidents of a thing in study order; those of a category say through which focused
        codes.
        """
        if thing not in self._seen:
            self._seen[thing] = self.seen_around(self._views(thing))
        return self._seen[thing]

    def carried_at(
        self, label: str, places: Container[IncidentKey]
    ) -> tuple[IncidentInContext, ...]:
        """The incidents of a focused code at `places`: the words of others are not read."""
        code = self.focused[label]
        return self.seen_around(carried_by(code, self.material, self.codings, self.current, places))

    def seen_around(self, views: Iterable[IncidentInContext]) -> tuple[IncidentInContext, ...]:
        """Views with the turns around them that are asked for."""
        return incidents.with_turns_around(views, self.material, self.turns_around)

    def _views(self, thing: CodeRef) -> tuple[IncidentInContext, ...]:
        if thing.level == INITIAL:
            places = self.codings.places_of(thing)
            found = incidents.views(places, self.material, self.codings)
            return tuple(view for view in found if self.holdings.fits(thing, view.key))
        if thing.level == FOCUSED:
            return self.carried_at(thing.label, self.holdings.of(thing))
        return together(self.by_focused(thing.label), self.material)

    def by_focused(self, category: str) -> list[Held]:
        """What a category holds, focused code by focused code, then what its subcategories hold;
        each category once.
        """
        categories = {one.label: one for one in self.material.theory.categories}
        order, found = [category], []
        above = CodeRef(CATEGORY, category)
        for label in order:  # grows while it is gone through
            order += [
                part.label
                for part in categories.values()
                if part.part_of is not None
                and part.part_of.label == label
                and part.label not in order
            ]
            found += [
                Held(
                    label,
                    named.label,
                    tuple(
                        view
                        for view in self.views(CodeRef(FOCUSED, named.label))
                        if view.key in self.holdings.of(above)
                        and view.key in self.holdings.of(CodeRef(CATEGORY, label))
                    ),
                )
                for named in (categories[label].focused if label in categories else ())
                if named.label in self.focused
            ]
        return found


def together(held: Iterable[Held], material: Material) -> tuple[IncidentInContext, ...]:
    """Every incident of a category once, in study order."""
    found: dict[IncidentKey, IncidentInContext] = {}
    for one in held:
        for view in one.views:
            old = found.get(view.key)
            through = (*(old.through if old else ()), f'"{one.focused}"')
            found[view.key] = (merged(old, view) if old else view)._replace(
                through=tuple(dict.fromkeys(through))
            )
    return incidents.in_order(found.values(), material)


def merged(one: IncidentInContext, other: IncidentInContext) -> IncidentInContext:
    """One incident seen under two codes: who coded it so, and the notes on both."""
    return one._replace(
        coders=tuple(dict.fromkeys((*one.coders, *other.coders))),
        notes=tuple(dict.fromkeys((*one.notes, *other.notes))),
        through=tuple(dict.fromkeys((*one.through, *other.through))),
        in_vivo=one.in_vivo or other.in_vivo,
    )


# --- two things ----------------------------------------------------------------------------------


class Shared(NamedTuple):
    """A turn, or turns that run together, in which incidents of both share words: those of the
    first, those of the second.
    """

    ours: tuple[IncidentInContext, ...]
    theirs: tuple[IncidentInContext, ...]


class SideBySide(NamedTuple):
    """What two things share, turn by turn, and what only one of them holds; all in study order."""

    both: tuple[Shared, ...]
    ours: tuple[IncidentInContext, ...]
    theirs: tuple[IncidentInContext, ...]


def side_by_side(
    ours: tuple[IncidentInContext, ...],
    theirs: tuple[IncidentInContext, ...],
    interviews: Mapping[str, Interview],
) -> SideBySide:
    """The incidents of two things, each in study order, set against each other."""
    at_turn: dict[tuple[str, str], list[IncidentInContext]] = {}
    for view in theirs:
        for turn in _turns(view, interviews):
            at_turn.setdefault(turn, []).append(view)
    groups: list[tuple[set[tuple[str, str]], dict[IncidentKey, None], dict[IncidentKey, None]]] = []
    only = []
    for view in ours:
        turns = _turns(view, interviews)
        here = {other.key: other for turn in turns for other in at_turn.get(turn, ())}
        interview = interviews[view.interview]
        met = [
            other
            for other in here.values()
            if reaches(interview, (view.turn, view.span), (other.turn, other.span))
        ]
        if not met:
            only.append(view)
            continue
        where = {*turns, *(turn for other in met for turn in _turns(other, interviews))}
        group = next((one for one in groups[-1:] if one[0] & where), None)
        if group is None:
            groups.append(group := (set(), {}, {}))
        group[0].update(where)
        group[1][view.key] = None
        group[2].update((other.key, None) for other in met)
    met_somewhere = {key for _, _, others in groups for key in others}
    both = tuple(
        Shared(
            tuple(view for view in ours if view.key in mine),
            tuple(view for view in theirs if view.key in others),
        )
        for _, mine, others in groups
    )
    return SideBySide(
        both, tuple(only), tuple(view for view in theirs if view.key not in met_somewhere)
    )


def _turns(
    view: IncidentInContext, interviews: Mapping[str, Interview]
) -> tuple[tuple[str, str], ...]:
    """The turns that an incident stands at."""
    return tuple((view.interview, id) for id in interviews[view.interview].ids_of(view.turn))


def people(views: Iterable[IncidentInContext]) -> tuple[str, ...]:
    """The participants of incidents, in label order."""
    names = {name for view in views for name in records.people(view.participant)}
    return tuple(sorted(names, key=label_order))


# --- what came last -------------------------------------------------------------------------------


class Earlier(NamedTuple):
    """An earlier incident, with the codes it has in common with the new one, and whose it is."""

    view: IncidentInContext
    codes: tuple[str, ...]
    nearness: int


class Newest(NamedTuple):
    """A new incident with its codes, those given here for the first time, and the earlier incidents
    of the others.

    `more` counts the earlier ones beyond those laid beside it.
    """

    view: IncidentInContext
    codes: tuple[str, ...]
    first: tuple[str, ...]
    earlier: tuple[Earlier, ...]
    more: int


def last_coded(material: Material, codings: Codings) -> str:
    """The last interview in study order that carries a code; '' where none does."""
    return max(codings.interviews, key=material.order.__getitem__, default="")


def newest(
    material: Material, codings: Codings, interview: str, *, value: ValueAt | None = None, most: int
) -> Iterator[Newest]:
    """The incidents of an interview in the order of their turns, each with at most `most` earlier
    ones of its codes.

    Unlike ones come first: with `value`, those where it differs, both being known; then those of
    other participants; last those of the same one. Among equals, study order.
    """
    until = material.order[interview]
    before: dict[tuple[str, str], dict[Standing, Coding]] = {}
    new: dict[IncidentKey, list[Coding]] = {}
    newly = codings.of_interview(interview)
    for coding in newly:
        new.setdefault(coding.incident, []).append(coding)
    for coding in codings.of_codes(*[CodeRef(one.level, one.code) for one in newly]):
        if material.order[coding.interview] <= until:
            before.setdefault((coding.level, coding.code), {}).setdefault(
                _order(coding, material), coding
            )
    for group in sorted(new.values(), key=lambda group: _order(group[0], material)):
        codes = list(dict.fromkeys((coding.level, coding.code) for coding in group))
        here = _order(group[0], material)
        found: dict[Standing, list[tuple[str, str]]] = {}
        first = []
        for code in codes:
            places = [place for place in before[code] if place < here]
            for place in places:
                found.setdefault(place, []).append(code)
            if not places:
                first.append(_typed(code))
        ranked = (
            (nearness(before[held[0]][place], group[0], value, material.persons), place)
            for place, held in found.items()
        )
        nearest = heapq.nsmallest(most, ranked)
        earlier = tuple(
            Earlier(
                _seen(before[found[place][0]][place], material, codings),
                tuple(map(_typed, found[place])),
                near,
            )
            for near, place in nearest
        )
        view = _seen(group[0], material, codings)
        view = view._replace(
            coders=tuple(dict.fromkeys(c.coder for c in group if c.coder)),
            notes=tuple(dict.fromkeys((c.coder, c.note) for c in group if c.note)),
            beside=tuple(one for one in view.beside if one not in set(map(_typed, codes))),
        )
        yield Newest(
            view, tuple(map(_typed, codes)), tuple(first), earlier, len(found) - len(nearest)
        )


class Whose(Protocol):
    """A coding, or an incident: in which interview, and who speaks."""

    @property
    def interview(self) -> str: ...
    @property
    def participant(self) -> str: ...


def nearness(earlier: Whose, new: Whose, value: ValueAt | None, persons: Persons) -> int:
    """Whose an earlier incident is: `UNLIKE`, `OTHER` or `SAME`."""
    if value is not None:
        one, other = (value(each.interview, each.participant) for each in (earlier, new))
        if one and other and one != other:
            return UNLIKE
    same = persons.names(earlier.participant) == persons.names(new.participant)
    return SAME if same else OTHER


def _seen(coding: Coding, material: Material, codings: Codings) -> IncidentInContext:
    interview = material.interviews[coding.interview]
    return incidents.view(
        interview, coding.turn, coding.span, incidents.beside(codings, interview, coding.turn)
    )


def _order(coding: Coding, material: Material) -> Standing:
    """A sort key of an incident in study order, which tells it from every other."""
    interview = material.interviews[coding.interview]
    return (material.order[coding.interview], *interview.standing(coding.turn, coding.span))


def _typed(code: tuple[str, str]) -> str:
    level, label = code
    return label if level == INITIAL else f"{level}: {label}"
