"""The records of suggestions: frozen; none of them is a code until a person takes it."""

from __future__ import annotations

from typing import NamedTuple

AUTHOR = "gtpipe"  # who makes suggestions; what carries this name never trains
YOURS, GERUND, IN_VIVO = "yours", "gerund", "in vivo"
SOURCES = (YOURS, GERUND, IN_VIVO)


class TurnRef(NamedTuple):
    """A turn of an interview: `jim 12`."""

    interview: str
    turn: str

    def __str__(self) -> str:
        return f"{self.interview} {self.turn}"


class Suggestion(NamedTuple):
    """A label that a person might choose at a turn.

    `score` is 0 to 1 within its source. `reason` says where it comes from: "like jim 12, eve 4";
    "met … around the ward". `words` is the stretch it is tied to, as it stands in the turn, and
    `span` its place there; None where the turn as a whole is meant. `like` are the turns that it
    resembles, the nearest first, to be compared with.
    """

    at: TurnRef
    source: str
    label: str
    score: float
    reason: str
    words: str | None = None
    span: tuple[int, int] | None = None
    like: tuple[TurnRef, ...] = ()


class Fit(NamedTuple):
    """A focused code that an initial code may belong to.

    `nearest` is the code it takes up that is nearest; `here` and `there` are turns of both, to hold
    side by side.
    """

    code: str
    focused: str
    score: float
    nearest: str
    here: tuple[TurnRef, ...]
    there: tuple[TurnRef, ...]


class CodeGroup(NamedTuple):
    """Initial codes that may belong together, in label order, each with its first incidents."""

    codes: tuple[str, ...]
    score: float
    incidents: tuple[tuple[TurnRef, ...], ...]


class LookAlikes(NamedTuple):
    """Two labels that look alike, to be compared and never merged by themselves."""

    one: str
    other: str
    score: float
