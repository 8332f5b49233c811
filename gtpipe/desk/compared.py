"""What the comparison pane shows: the incidents of a code beside the words under the cursor, those
of unlike participants first; or two codes side by side.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from gtpipe.analysis import groups, incidents
from gtpipe.analysis.comparison import nearness
from gtpipe.analysis.groups import ValueAt
from gtpipe.analysis.incidents import IncidentInContext
from gtpipe.model.records import IncidentKey, Material
from gtpipe.suggest.records import TurnRef


class HeldAgainst(NamedTuple):
    """An incident beside the words under the cursor: how near its participant is, what is known of
    them ('' where nothing is asked), and whether it comes later in the study.
    """

    view: IncidentInContext
    nearness: int
    value: str
    is_later: bool


class Unlike(NamedTuple):
    """By what participants are told apart: an attribute of the study, '' for by who they are."""

    attribute: str
    value: ValueAt

    @classmethod
    def by(cls, attribute: str, material: Material) -> Unlike:
        if not attribute:
            return cls("", lambda interview, participant: "")
        return cls(*groups.values(attribute, material))

    @property
    def told(self) -> str:
        """Which come first, in words."""
        if self.attribute:
            return f"unlike first: by {self.attribute}"
        return "other participants first"


def attributes(material: Material) -> list[str]:
    """What participants can be told apart by: first what groups them (fewer values than people),
    then the other attributes, and '' for who they are.
    """
    named = [*groups.attributes(material), *groups.fields(material)]
    people = [
        (one.name, participant)
        for one in material.interviews.values()
        for participant in one.participants
    ]

    def groups_them(attribute: str) -> bool:
        value = groups.values(attribute, material)[1]
        found = [known for at in people if (known := value(*at))]
        return 1 < len(set(found)) < len({name for _, name in people})

    telling = [name for name in dict.fromkeys(named) if groups_them(name)]
    return [*telling, "", *(name for name in dict.fromkeys(named) if name not in telling)]


def seen(
    views: Iterable[IncidentInContext], interview: str, coder: str
) -> tuple[IncidentInContext, ...]:
    """Incidents without those that other coders alone gave in the interview one codes oneself: what
    they saw there is not to be seen before one has looked.
    """
    return tuple(
        view
        for view in views
        if view.interview != interview or not view.coders or coder in view.coders
    )


def incidents_beside(
    views: Iterable[IncidentInContext],
    here: IncidentKey,
    unlike: Unlike,
    material: Material,
    sort: bool = True,
) -> tuple[HeldAgainst, ...]:
    """The incidents of a code but the one `here`: earlier ones before later ones, unlike
    participants first, then other ones, then the same; among equals, and without `sort`, as they
    come.
    """
    interview = material.interviews[here.interview]
    mine = incidents.Spoken(*here[:2], interview.participant_of(here.turn))
    now = (material.order[here.interview], *interview.standing(here.turn, here.span))
    found = []
    for view in views:
        standing = material.interviews[view.interview].standing(view.turn, view.span)
        if view.key != here:
            found.append(
                HeldAgainst(
                    view,
                    nearness(view, mine, unlike.value, material.persons),
                    unlike.value(view.interview, view.participant),
                    (material.order[view.interview], *standing) > now,
                )
            )
    return tuple(sorted(found, key=lambda one: (one.is_later, one.nearness)) if sort else found)


def resembled(
    views: Iterable[IncidentInContext],
    like: Iterable[TurnRef],
    here: IncidentKey,
    unlike: Unlike,
    material: Material,
) -> tuple[HeldAgainst, ...]:
    """What a suggestion resembles, the nearest first: the incidents of its code at those turns, or
    the turns as a whole; then the other incidents of the code.
    """
    at: dict[tuple[str, str], list[IncidentInContext]] = {}
    views = tuple(views)
    for view in views:
        at.setdefault((view.interview, view.turn), []).append(view)
    first: list[IncidentInContext] = []
    for place in like:
        interview = material.interviews.get(place.interview)
        turn = interview.turn(place.turn) if interview else None
        if interview is not None and turn is not None:
            first += at.get(place, [incidents.view(interview, place.turn, None)])
    keys = {view.key for view in first}
    rest = (view for view in views if view.key not in keys)
    nearest = incidents_beside(first, here, unlike, material, sort=False)
    return (*nearest, *incidents_beside(rest, here, unlike, material))


def together(shared: Sequence[IncidentInContext]) -> IncidentInContext:
    """Of incidents that share words, the one with most."""
    return max(shared, key=lambda view: len(view.extract))
