"""Where one goes on: the next turn without a code, the next words of another participant."""

from __future__ import annotations

from collections.abc import Collection, Iterable

from gtpipe.analysis.incidents import IncidentInContext
from gtpipe.model.records import IncidentKey, Interview, Material, Turn


def next_uncoded(interview: Interview, coded: Collection[str], here: str) -> Turn | None:
    """The next participant's turn behind `here` without a code, from the beginning where there is
    none behind; None where each has one.
    """
    bare = [turn for turn in interview.participant_turns if turn.id not in coded]
    at = interview.position[here]
    behind = (turn for turn in bare if interview.position[turn.id] > at)
    return next(behind, bare[0] if bare and bare[0].id != here else None)


def of_another(
    views: Iterable[IncidentInContext], here: IncidentKey, material: Material
) -> IncidentInContext | None:
    """Of the incidents of a code, in study order, the next behind `here` that another person
    speaks; from the first one where there is none behind.
    """
    names = material.persons.names
    mine = names(material.interviews[here.interview].participant_of(here.turn))
    others = [view for view in views if view.participant and names(view.participant) != mine]
    at = material.order[here.interview], material.interviews[here.interview].position[here.turn]
    behind = (
        view
        for view in others
        if at
        < (material.order[view.interview], material.interviews[view.interview].position[view.turn])
    )
    return next(behind, others[0] if others else None)
