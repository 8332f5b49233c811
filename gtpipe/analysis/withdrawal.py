"""What a participant said, and which incidents fall away when they withdraw.

An interview in which nobody else was asked goes as a whole. Of one with others, a group, their
turns stay as `(withdrawn)`, and an incident over several turns stays where somebody else speaks in
it and its words, if it has any, still stand.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

from gtpipe.model import anchor
from gtpipe.model.problems import Problem
from gtpipe.model.records import NOWHERE, Incident, Interview, Named


@dataclass(frozen=True)
class Withdrawal:
    """`whole` are the interviews that go; `shared` those that stay, each as it was and as it will
    be.
    """

    participant: str
    whole: frozenset[str]
    shared: Mapping[str, tuple[Interview, Interview]]

    def turns(self, interview: str) -> frozenset[str]:
        """The turns of an interview with others that were theirs."""
        return turns_of(self.shared[interview][0], self.participant)

    def falls(self, incident: Incident) -> bool:
        """Whether an incident hangs on their words."""
        if incident.interview in self.whole:
            return True
        if incident.interview not in self.shared:
            return False
        before, after = self.shared[incident.interview]
        theirs = self.turns(incident.interview)
        if theirs.isdisjoint(before.ids_of(incident.turn)):
            return False
        turn = after.turn(incident.turn)
        if turn is None or not after.participant_of(turn.id):
            return True
        words = incident.words
        return words is not None and isinstance(anchor.find(words, turn, after, NOWHERE), Problem)

    def is_about(self, named: Named, labels: Collection[str]) -> bool:
        """Whether a name that is none of `labels` is that of such an incident, of an interview that
        goes, or of the participant.
        """
        if named.level or named.label in labels:
            return False
        incident = anchor.parse(named.label)
        if incident is not None and self.falls(incident):
            return True
        bare = named.label.removeprefix("interview:").removeprefix("participant:").strip()
        return bare in self.whole or bare == self.participant


def turns_of(interview: Interview, participant: str) -> frozenset[str]:
    """The turns that a participant speaks."""
    return frozenset(
        turn.id for turn in interview.turns if interview.participant(turn) == participant
    )


def said_by(participant: str, interviews: Iterable[Interview]) -> tuple[str, ...]:
    """What a participant said, turn by turn."""
    return tuple(
        turn.text
        for interview in interviews
        for turn in interview.turns
        if interview.participant(turn) == participant
    )


def said_by_others(participant: str, interviews: Iterable[Interview]) -> tuple[str, ...]:
    """What other participants said, turn by turn."""
    return tuple(
        turn.text
        for interview in interviews
        for turn in interview.participant_turns
        if interview.participant(turn) != participant
    )
