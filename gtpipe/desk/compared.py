"""What the comparison pane shows: the incidents of a code beside the words under the cursor, those
of unlike participants first; or two codes side by side.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from gtpipe.analysis import groups, incidents
from gtpipe.analysis.comparison import SideBySide, nearness, side_by_side
from gtpipe.analysis.groups import ValueAt
from gtpipe.analysis.incidents import IncidentInContext
from gtpipe.model.level import CodeRef
from gtpipe.model.names import one_line
from gtpipe.model.records import IncidentKey, Material
from gtpipe.study import Corpus
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


def incidents_beside(
    corpus: Corpus, code: CodeRef, here: IncidentKey, unlike: Unlike
) -> tuple[HeldAgainst, ...]:
    """The other incidents of a code: earlier ones before later ones, unlike participants first,
    then other ones, then the same; among equals in study order.
    """
    views = corpus.looking.views(code)
    return in_comparison(
        (view for view in views if view.key != here), here, unlike, corpus.material
    )


def resembled(
    corpus: Corpus, like: Iterable[TurnRef], code: CodeRef, here: IncidentKey, unlike: Unlike
) -> tuple[HeldAgainst, ...]:
    """What a suggestion resembles, the nearest first: the incidents of the code at those turns, or
    the turns as a whole; then the other incidents of the code.
    """
    views = corpus.looking.views(code)
    at: dict[tuple[str, str], list[IncidentInContext]] = {}
    for view in views:
        at.setdefault((view.interview, view.turn), []).append(view)
    first: list[IncidentInContext] = []
    for place in like:
        interview = corpus.material.interviews.get(place.interview)
        turn = interview.turn(place.turn) if interview else None
        if interview is not None and turn is not None:
            first += at.get(place, [incidents.view(interview, turn, None)])
    keys = {view.key for view in first} | {here}
    rest = (view for view in views if view.key not in keys)
    nearest = in_comparison(first, here, unlike, corpus.material, sort=False)
    return (*nearest, *in_comparison(rest, here, unlike, corpus.material))


def in_comparison(
    views: Iterable[IncidentInContext],
    here: IncidentKey,
    unlike: Unlike,
    material: Material,
    sort: bool = True,
) -> tuple[HeldAgainst, ...]:
    """Incidents with how each stands to the words under the cursor; in the order of `HeldAgainst`,
    or as they come.
    """
    interview = material.interviews[here.interview]
    mine = incidents.Spoken(*here[:2], interview.participant_of(here.turn))
    now = (material.order[here.interview], *interview.standing(here.turn, here.span))
    found = []
    for view in views:
        standing = material.interviews[view.interview].standing(view.turn, view.span)
        found.append(
            HeldAgainst(
                view,
                nearness(view, mine, unlike.value, material.persons),
                unlike.value(view.interview, view.participant),
                (material.order[view.interview], *standing) > now,
            )
        )
    return tuple(sorted(found, key=lambda one: (one.is_later, one.nearness)) if sort else found)


def two_codes(corpus: Corpus, one: CodeRef, other: CodeRef) -> SideBySide:
    """What two codes share, and what only one of them holds."""
    looking = corpus.looking
    return side_by_side(looking.views(one), looking.views(other), corpus.material.interviews)


def says(view: IncidentInContext, most: int) -> str:
    """The words of an incident on one line, the end left out where they are many."""
    words = one_line(view.extract)
    return words if len(words) <= most else f"{words[:most].rpartition(' ')[0] or words[:most]} …"


def together(shared: Sequence[IncidentInContext]) -> IncidentInContext:
    """Of incidents that share words, the one with most."""
    return max(shared, key=lambda view: len(view.extract))
