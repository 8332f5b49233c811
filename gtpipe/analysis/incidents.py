"""Constant comparison: all incidents of a code side by side, within an interview in order, then
across interviews.

An incident is an interview, a turn and a stretch; two coders who give it the same code make one
incident of it.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from gtpipe.model.level import INITIAL, Level
from gtpipe.model.records import Coding, IncidentKey, Interview, Material, Span, Turn


class IncidentInContext(NamedTuple):
    """An incident as it is laid out for comparison. `beside` are the other codes at its turn,
    `notes` (coder, note).

    `through` says by which initial codes, or otherwise, an incident comes to a focused code.
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

    @property
    def key(self) -> IncidentKey:
        return IncidentKey(self.interview, self.turn, self.span)

    @property
    def place(self) -> str:
        return f"{self.interview} {self.turn}"

    @property
    def extract(self) -> str:
        """The words that are meant: the stretch, or the whole turn."""
        return self.spoken.text if self.words is None else self.words


def by_code(codings: Iterable[Coding], level: Level) -> dict[str, tuple[Coding, ...]]:
    """Codings of a level by code, each in the order given."""
    found: dict[str, list[Coding]] = {}
    for coding in codings:
        if coding.level == level:
            found.setdefault(coding.code, []).append(coding)
    return {code: tuple(applied) for code, applied in found.items()}


AtTurns = dict[tuple[str, str], list[Coding]]


def at_turns(codings: Iterable[Coding]) -> AtTurns:
    """Codings by interview and turn."""
    found: AtTurns = {}
    for coding in codings:
        found.setdefault((coding.interview, coding.turn), []).append(coding)
    return found


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

    def place(view: IncidentInContext) -> tuple[int, int, Span]:
        position = material.interviews[view.interview].position[view.turn]
        return (material.order[view.interview], position, view.span or (-1, -1))

    return tuple(sorted(found, key=place))


def view(
    interview: Interview, turn: Turn, span: Span | None, beside: Iterable[str] = ()
) -> IncidentInContext:
    """A bare view of an incident."""
    words = None if span is None else turn.text[slice(*span)]
    return IncidentInContext(
        interview.name,
        turn.id,
        interview.participant(turn),
        turn,
        interview.question_before(turn.id),
        words,
        span,
        beside=tuple(beside),
    )


def beside(around: AtTurns, interview: str, turn: str, but: tuple[str, str]) -> tuple[str, ...]:
    """The codes at a turn, as typed under, except the one `but` (level, code); focused ones are
    marked.
    """
    return tuple(
        dict.fromkeys(
            other.code if other.level == INITIAL else f"{other.level}: {other.code}"
            for other in around.get((interview, turn), ())
            if (other.level, other.code) != but
        )
    )


def _of_codings(group: list[Coding], material: Material, around: AtTurns) -> IncidentInContext:
    coding = group[0]
    interview = material.interviews[coding.interview]
    bare = view(
        interview,
        interview.at(coding.turn),
        coding.span,
        beside(around, coding.interview, coding.turn, (coding.level, coding.code)),
    )
    return bare._replace(
        coders=tuple(dict.fromkeys(c.coder for c in group if c.coder)),
        notes=tuple((c.coder, c.note) for c in group if c.note),
        in_vivo=any(c.in_vivo for c in group),
    )
