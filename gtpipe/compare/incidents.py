"""Constant comparison: all incidents of a code side by side, within an interview in order, then across interviews.

An incident is an interview, a turn and a stretch; two coders who give it the same code make one incident of it.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from gtpipe.model import INITIAL, Coding, Interview, Material, Turn


class View(NamedTuple):
    """An incident as it is laid out for comparison. `beside` are the other codes at its turn, `notes` (coder, note)."""

    interview: str
    turn: str
    participant: str
    spoken: Turn
    question: Turn | None
    words: str | None
    span: tuple[int, int] | None
    coders: tuple[str, ...]
    beside: tuple[str, ...]
    notes: tuple[tuple[str, str], ...]
    in_vivo: bool

    @property
    def place(self) -> str:
        return f"{self.interview} {self.turn}"


def by_code(codings: Iterable[Coding], level: str) -> dict[str, tuple[Coding, ...]]:
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


def views(applied: Iterable[Coding], material: Material, around: AtTurns) -> tuple[View, ...]:
    """The incidents of one code (its codings in `applied`, in study order) with what stands around them."""
    grouped: dict[tuple, list[Coding]] = {}
    for coding in applied:
        grouped.setdefault(coding.incident, []).append(coding)
    order = {name: index for index, name in enumerate(material.interviews)}

    def place(group: list[Coding]) -> tuple:
        coding = group[0]
        position = material.interviews[coding.interview].position[coding.turn]
        return (order[coding.interview], position, coding.span or (-1, -1))

    return tuple(
        _view(group, material.interviews[group[0].interview], around) for group in sorted(grouped.values(), key=place)
    )


def _view(group: list[Coding], interview: Interview, around: AtTurns) -> View:
    coding = group[0]
    turn = interview.turn(coding.turn)
    beside = dict.fromkeys(
        other.code if other.level == INITIAL else f"{other.level}: {other.code}"
        for other in around[coding.interview, coding.turn]
        if (other.level, other.code) != (coding.level, coding.code)
    )
    return View(
        coding.interview, coding.turn, coding.participant, turn, interview.question_before(turn.id), coding.words,
        coding.span,
        tuple(dict.fromkeys(c.coder for c in group if c.coder)), tuple(beside),
        tuple((c.coder, c.note) for c in group if c.note), any(c.in_vivo for c in group),
    )
