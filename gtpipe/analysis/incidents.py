"""Incidents in their context: the words, the turns around, and what else is coded there; those of
a code within an interview in order, then across interviews.

An incident is an interview, a turn and a stretch; two coders who give it the same code make one
incident of it.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import NamedTuple

from gtpipe.model.codings import Codings, Places
from gtpipe.model.level import CodeRef
from gtpipe.model.records import IncidentKey, Interview, Material, Span, Turn, first_and_last


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


class Spoken(NamedTuple):
    """An incident by its place, and who speaks there."""

    interview: str
    turn: str
    participant: str


def spoken(code: CodeRef, codings: Codings, material: Material) -> list[Spoken]:
    """The incidents of one code in study order, as `views` has them, without what stands around."""
    places = codings.places_of(code)
    if codings.stand_apart(places):
        return [Spoken(*one) for one in codings.spoken_at(places)]
    found = codings.incidents_of(code)
    ordered = _ordered(found, codings.runs_over_turns(places), material)
    return [Spoken(key[0], key[1], found[key]) for key in ordered]


def _ordered(
    found: Collection[IncidentKey], over_turns: bool, material: Material
) -> Iterable[IncidentKey]:
    """Incidents of one code, which come in the order of their turns, in study order."""
    if len({key[:2] for key in found}) == len(found) and not over_turns:
        return found
    interviews, order = material.interviews, material.order

    def place(key: IncidentKey) -> tuple[int, int, Span, int]:
        return (order[key[0]], *interviews[key[0]].standing(key[1], key[2]))

    return sorted(found, key=place)


def views(places: Places, material: Material, codings: Codings) -> tuple[IncidentInContext, ...]:
    """The incidents of one code, whose codings are at `places`, with what stands around them."""
    found = zip(codings.incidents_at(places), places, strict=True)
    if codings.stand_apart(places):
        return tuple([_of(key, (place,), material, codings) for key, place in found])
    grouped: dict[IncidentKey, list[int]] = {}
    for incident, place in found:
        grouped.setdefault(incident, []).append(place)
    ordered = _ordered(grouped, codings.runs_over_turns(places), material)
    return tuple([_of(key, grouped[key], material, codings) for key in ordered])


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
    turn: str,
    span: Span | None,
    beside: Iterable[str] = (),
    coders: tuple[str, ...] = (),
    notes: tuple[tuple[str, str], ...] = (),
    in_vivo: bool = False,
) -> IncidentInContext:
    """A view of an incident: bare, where its codings are not said."""
    spoken, question, after = interview.around(turn)
    participant = interview.participant(spoken)
    words = None if span is None else interview.words(spoken.id, span, spoken=spoken)
    said = (words, span, coders, tuple(beside), notes, in_vivo, (), ())
    place = (interview.name, spoken.id, participant, spoken, question)
    return tuple.__new__(IncidentInContext, (*place, *said, after))


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


def beside(codings: Codings, interview: Interview, turn: str) -> tuple[str, ...]:
    """The codes at a turn, or at several, as typed under; focused ones are marked."""
    return codings.labels_at(interview.name, interview.ids_of(turn))


def _of(
    incident: IncidentKey, places: Places, material: Material, codings: Codings
) -> IncidentInContext:
    interview, beside = material.interviews[incident.interview], codings.beside(places[0])
    return view(interview, incident.turn, incident.span, beside, *codings.said_at(places))
