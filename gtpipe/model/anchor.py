"""How an incident is named, and where its words stand in a turn: the one rule for stretches.

An incident is named as `jim 2` or `jim 2 "words of the turn"`. Its words must stand in the turn
once; what a person is told where they do not is said here too.
"""

from __future__ import annotations

import re

from gtpipe.model import typography
from gtpipe.model.names import one_line
from gtpipe.model.problems import Kind, Problem, did_you_mean, error
from gtpipe.model.records import NOWHERE, Incident, IncidentKey, Interview, Span, Turn, Where

_ADDRESS = re.compile(
    r"(?P<interview>\S+)\s+(?P<turn>\S+)(?:\s+[\"“](?P<words>.*\S.*)[\"”])?", re.DOTALL
)


def parse(typed: str, where: Where = NOWHERE) -> Incident | None:
    """The incident that `typed` names; None where it names none.

    >>> parse("jim 2").address
    'jim 2'
    >>> parse("jim 2 “it went from there”").words
    'it went from there'
    >>> parse("waiting")
    """
    match = _ADDRESS.fullmatch(typed.strip())
    return Incident(match["interview"], match["turn"], match["words"], where) if match else None


def stretches(text: str, words: str) -> list[Span]:
    """The places of `words` in `text`, as they look; overlapping ones included.

    >>> stretches("ha ha ha", "ha ha")
    [(0, 5), (3, 8)]
    """
    return typography.places(text, words)


def similar_stretch(text: str, words: str) -> str:
    """The stretch of `text` that is `words` but for typography, capitals and accents; or ''.

    >>> similar_stretch("It went from there.", "IT WENT")
    'It went'
    """
    place = typography.nearest_place(text, words)
    return one_line(text[slice(*place)]) if place else ""


def overlap(one: Span | None, other: Span | None) -> bool:
    """Whether two stretches of one turn share words; the whole turn (None) does with each."""
    return one is None or other is None or max(one[0], other[0]) < min(one[1], other[1])


def find_turn(
    incident: Incident, interviews: dict[str, Interview]
) -> tuple[Interview, Turn] | Problem:
    """The interview and the turn of an incident, or that one of them is not there."""
    interview = interviews.get(incident.interview)
    if interview is None:
        return error(
            *incident.where,
            f'no interview "{incident.interview}"',
            did_you_mean(incident.interview, interviews)
            or f"The interviews are {', '.join(interviews)}",
            kind=Kind.NO_SUCH_NAME,
            about=incident.interview,
        )
    turn = interview.turn(incident.turn)
    if turn is None:
        turns = interview.turns
        has = f"It has turns {turns[0].id} to {turns[-1].id}" if turns else "It has none"
        return error(
            *incident.where,
            f"no turn {incident.turn} in {interview.name}",
            has,
            kind=Kind.LOST_ANCHOR,
            about=f"{interview.name} {incident.turn}",
        )
    return interview, turn


def find(words: str, turn: Turn, interview: Interview, where: Where) -> Span | Problem:
    """The one place of `words` in a turn; or why there is none, and what to write instead."""
    spans = stretches(turn.text, words)
    if len(spans) == 1:
        return spans[0]
    quoted, here = f'"{one_line(words)}"', f"turn {turn.id} of {interview.name}"
    if spans:
        return error(
            *where,
            f"{here} contains {quoted} {len(spans)} times",
            "Add words around it, so that it is one place",
        )
    return error(
        *where,
        f"{here} does not contain {quoted}",
        _what_to_write(words, turn, interview),
        kind=Kind.LOST_ANCHOR,
        about=f"{interview.name} {turn.id} {quoted}",
    )


def place(typed: str, interviews: dict[str, Interview]) -> IncidentKey | None:
    """Interview, turn and stretch of an incident as typed; None where it is none of the study."""
    incident = parse(typed)
    interview = interviews.get(incident.interview) if incident else None
    turn = interview.turn(incident.turn) if incident and interview else None
    if incident is None or interview is None or turn is None:
        return None
    if incident.words is None:
        return IncidentKey(interview.name, turn.id, None)
    spans = stretches(turn.text, incident.words)
    return IncidentKey(interview.name, turn.id, spans[0]) if len(spans) == 1 else None


def _what_to_write(words: str, turn: Turn, interview: Interview) -> str:
    """The stretch that was perhaps meant, or the turns in which the words do stand."""
    meant = similar_stretch(turn.text, words)
    if meant:
        return f'did you mean "{meant}"?'
    elsewhere = [other.id for other in interview.turns if stretches(other.text, words)]
    if elsewhere:
        return f"It is in turn{'s' * (len(elsewhere) > 1)} {', '.join(elsewhere)}"
    return f"Copy the words from the turn; `gtpipe code {interview.name} {turn.id}` shows it"
