"""Incidents in their context: the words, the turns around, and what else is coded there; those of
a code within an interview in order, then across interviews.

An incident is an interview, a turn and a stretch; two coders who give it the same code make one
incident of it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import cached_property, partial
from itertools import chain
from operator import itemgetter
from typing import NamedTuple

from gtpipe.model.level import INITIAL, CodeRef, Level
from gtpipe.model.records import (
    Coding,
    IncidentKey,
    Interview,
    Material,
    Span,
    Turn,
    first_and_last,
)


class IncidentInContext(NamedTuple):
    """An incident as it is laid out for comparison. `beside` are the other codes at its turn,
    `notes` (coder, note).

    `through` says by which initial codes, or otherwise, an incident comes to a focused code.
    `before` are turns in front of it beside the question, `after` those behind.
    """

    interview: str
    turn: str
    participant: str
    spoken: Turn
    question: Turn | None
    words: str | None
    span: Span | None
    coders: tuple[str, ...] = ()
    beside: tuple[str, ...] = ()
    notes: tuple[tuple[str, str], ...] = ()
    in_vivo: bool = False
    through: tuple[str, ...] = ()
    before: tuple[Turn, ...] = ()
    after: tuple[Turn, ...] = ()

    @property
    def key(self) -> IncidentKey:
        return IncidentKey(self.interview, self.turn, self.span)

    @property
    def place(self) -> str:
        return f"{self.interview} {self.turn}"

    @property
    def extract(self) -> str:
        """The words that are meant: the stretch, or the whole turn; over turns, who speaks too."""
        if self.words is not None:
            return self.words
        label = f"{self.spoken.label}: " if first_and_last(self.turn) else ""
        return label + self.spoken.text


def by_code(codings: Iterable[Coding], level: Level) -> dict[str, tuple[Coding, ...]]:
    """Codings of a level by code, each in the order given."""
    found: dict[str, list[Coding]] = {}
    for coding in codings:
        if coding.level == level:
            found.setdefault(coding.code, []).append(coding)
    return {code: tuple(applied) for code, applied in found.items()}


_INCIDENT = itemgetter(0, 1, 8)
_KEY: Callable[[tuple[str, str, Span | None]], IncidentKey] = partial(tuple.__new__, IncidentKey)


def places(codings: Iterable[Coding]) -> Iterator[IncidentKey]:
    """The incident of each coding, as `Coding.incident`; of very many it takes less time."""
    return map(_KEY, map(_INCIDENT, codings))


class CodingsOfCodes:
    """Codings to be asked for by their codes; always in the order in which they were given."""

    def __init__(self, codings: Iterable[Coding]) -> None:
        self._codings = tuple(codings)
        found = defaultdict[tuple[Level, str], list[int]](list)
        for place, code in enumerate(map(itemgetter(4, 5), self._codings)):
            found[code].append(place)  # its level and code, as CodeRef has them
        self._found = dict(found)

    def __iter__(self) -> Iterator[CodeRef]:
        """Each code once, as it comes first."""
        return map(CodeRef._make, self._found)

    def first(self, code: CodeRef) -> Coding:
        """The first coding of a code, which must be there."""
        return self._codings[self._found[code][0]]

    @cached_property
    def typed(self) -> frozenset[tuple[Level, str]]:
        """The labels as they stand in the sheets, each with its level."""
        return frozenset(map(itemgetter(4, 6), self._codings))

    def places(self) -> Iterator[tuple[tuple[Level, str], IncidentKey]]:
        """The code and the incident of each coding."""
        return zip(map(itemgetter(4, 5), self._codings), places(self._codings), strict=True)

    def of(self, *codes: CodeRef) -> list[Coding]:
        """The codings of any of these codes."""
        if len(codes) == 1:
            return [self._codings[place] for place in self._found.get(codes[0], ())]
        found = (self._found.get(code, ()) for code in dict.fromkeys(codes))
        return [self._codings[place] for place in sorted(chain.from_iterable(found))]


AtTurns = dict[tuple[str, str], list[Coding]]


def at_turns(codings: Iterable[Coding]) -> AtTurns:
    """Codings by interview and turn; those of an incident over turns at each of them."""
    found = defaultdict[tuple[str, str], list[Coding]](list)
    for coding in codings:
        for turn in coding.turns:
            found[coding[0], turn].append(coding)
        if not coding.turns:
            found[coding[:2]].append(coding)  # interview and turn
    return dict(found)


def codings_at(around: AtTurns, interview: Interview, turn: str) -> list[Coding]:
    """The codings at a turn, or at any of several turns."""
    ids = interview.ids_of(turn)
    if len(ids) == 1:
        return around.get((interview.name, ids[0]), [])
    found = (coding for id in ids for coding in around.get((interview.name, id), ()))
    return list(dict.fromkeys(found))


class Spoken(NamedTuple):
    """An incident by its place, and who speaks there."""

    interview: str
    turn: str
    participant: str


def spoken(applied: Sequence[Coding], material: Material) -> list[Spoken]:
    """The incidents of one code in study order, as `views` has them, without what stands around;
    its codings in `applied` are in the order of their turns.
    """
    found = {(one.interview, one.turn, one.span): one.participant for one in applied}
    ordered: Iterable[tuple[str, str, Span | None]] = found
    if len({place[:2] for place in found}) < len(found) or any(one.turns for one in applied):
        interviews, order = material.interviews, material.order
        ordered = sorted(
            found,
            key=lambda place: (order[place[0]], *interviews[place[0]].standing(place[1], place[2])),
        )
    return [Spoken(place[0], place[1], found[place]) for place in ordered]


def views(
    applied: Iterable[Coding], material: Material, around: AtTurns
) -> tuple[IncidentInContext, ...]:
    """The incidents of one code (its codings in `applied`, in study order) with what stands around
    them.
    """
    grouped: dict[IncidentKey, list[Coding]] = {}
    for coding in applied:
        grouped.setdefault(coding.incident, []).append(coding)
    return in_order((_of_codings(group, material, around) for group in grouped.values()), material)


def in_order(
    found: Iterable[IncidentInContext], material: Material
) -> tuple[IncidentInContext, ...]:
    """Views in study order: interview, turn, then place in the turn."""

    def place(view: IncidentInContext) -> tuple[int, int, Span, int]:
        interview = material.interviews[view.interview]
        return (material.order[view.interview], *interview.standing(view.turn, view.span))

    return tuple(sorted(found, key=place))


def view(
    interview: Interview,
    turn: Turn,
    span: Span | None,
    beside: Iterable[str] = (),
    coders: tuple[str, ...] = (),
    notes: tuple[tuple[str, str], ...] = (),
    in_vivo: bool = False,
) -> IncidentInContext:
    """A view of an incident: bare, where its codings are not said."""
    return IncidentInContext(
        interview.name,
        turn.id,
        interview.participant(turn),
        turn,
        interview.question_before(turn.id),
        None if span is None else interview.words(turn.id, span),
        span,
        coders,
        tuple(beside),
        notes,
        in_vivo,
        after=interview.after(turn.id),
    )


def with_turns_around(
    views: Iterable[IncidentInContext], material: Material, most: int
) -> tuple[IncidentInContext, ...]:
    """Views with so many turns before and after; the question stands with them where it is nearer.

    With none, the question alone.
    """
    found = []
    for view in views:
        interview = material.interviews[view.interview]
        before = interview.before(view.turn, most) if most > 1 else ()
        question = None if view.question in before else view.question
        after = interview.after(view.turn, most)
        found.append(view._replace(before=before, question=question, after=after))
    return tuple(found)


def beside(
    around: AtTurns, interview: Interview, turn: str, but: tuple[str, str]
) -> tuple[str, ...]:
    """The codes at a turn, or at several, as typed under, except the one `but` (level, code);
    focused ones are marked.
    """
    level, code = but
    return tuple(
        dict.fromkeys(
            [
                other.code if other.level == INITIAL else f"{other.level}: {other.code}"
                for other in codings_at(around, interview, turn)
                if other.code != code or other.level != level
            ]
        )
    )


def _of_codings(group: list[Coding], material: Material, around: AtTurns) -> IncidentInContext:
    coding = group[0]
    interview = material.interviews[coding.interview]
    return view(
        interview,
        interview.at(coding.turn),
        coding.span,
        beside(around, interview, coding.turn, (coding.level, coding.code)),
        tuple(dict.fromkeys([c.coder for c in group if c.coder])),
        tuple([(c.coder, c.note) for c in group if c.note]),
        any(c.in_vivo for c in group),
    )
