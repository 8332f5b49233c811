"""What accounts are laid out by: an attribute of the participants; or interview, participant,
coder, schedule version; or several of these, crossed.

A group knows who can be heard in it, so that "nobody is in this group" and "not coded so" are never
taken for each other.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from itertools import product

from gtpipe.analysis import schedules
from gtpipe.model.names import name_order, natural
from gtpipe.model.problems import Problem, UserError, did_you_mean, refusal
from gtpipe.model.records import Coding, IncidentKey, Material, people
from gtpipe.store.layout import PARTICIPANTS

INTERVIEW, PARTICIPANT, CODER, SCHEDULE = "interview", "participant", "coder", "schedule"
ALWAYS = (PARTICIPANT, INTERVIEW, CODER, SCHEDULE)
ATTRIBUTE = "attribute"  # `attribute: schedule` means the column of that name
NOT_SAID = "(not said)"
NO_CODER = (
    "(no coder named)"  # named by hand in a focused code, or a study that names no researcher
)


@dataclass(frozen=True)
class Group:
    """`participants` are those who speak in an interview, `waiting` those of the table who speak in
    none yet.

    `coded` says whether any of the `interviews` of the group is coded by anybody, with any code.
    `values` says what it is of each that the accounts are laid out by. One that is `odd` is of
    nobody in particular, and shown only where it holds something.
    """

    name: str
    participants: tuple[str, ...]
    waiting: tuple[str, ...] = ()
    coded: bool = True
    interviews: frozenset[str] = frozenset()
    values: tuple[tuple[str, str], ...] = ()
    odd: bool = False


class Grouping:
    """The groups of a study by `by`, in order, and the ones that an incident belongs to."""

    def __init__(
        self, by: str, column: str, groups: tuple[Group, ...], values: dict[str, str]
    ) -> None:
        self.by, self._column, self._values = by, column, values
        self.groups = tuple(
            group if group.values else replace(group, values=((by, group.name),))
            for group in groups
        )

    @property
    def is_attribute(self) -> bool:
        return bool(self._column)

    def of(self, place: IncidentKey, coders: Iterable[str], participant: str) -> tuple[str, ...]:
        """The groups of an incident: one, with coders as many as coded it so; none where an
        attribute has nobody to be of.
        """
        if self._column:
            values = (self._values.get(name, NOT_SAID) for name in people(participant))
            return tuple(dict.fromkeys(values))
        if self.by == PARTICIPANT:
            return people(participant)
        if self.by == INTERVIEW:
            return (place.interview,)
        if self.by == SCHEDULE:
            return (self._values[place.interview],)
        return tuple(coders) or (NO_CODER,)


CROSS = " × "


class Crossed(Grouping):
    """Several groupings at once: each combination that some participant has."""

    def __init__(self, groupings: tuple[Grouping, ...], groups: tuple[Group, ...]) -> None:
        super().__init__(CROSS.join(one.by for one in groupings), "", groups, {})
        self._groupings = groupings

    def of(self, place: IncidentKey, coders: Iterable[str], participant: str) -> tuple[str, ...]:
        coders = tuple(coders)
        names = (one.of(place, coders, participant) for one in self._groupings)
        return tuple(map(_crossed, product(*names)))


def _crossed(names: Iterable[str]) -> str:
    return CROSS.join(f'"{name}"' if CROSS in name else name for name in names)


def crossed(
    by: Iterable[str],
    material: Material,
    codings: Iterable[Coding],
    researchers: Iterable[str] = (),
) -> Grouping:
    """The groups by each of `by`, crossed where they are several.

    Raises UserError with every attribute that is not there.
    """
    codings, researchers = tuple(codings), tuple(researchers)
    found: dict[str, Grouping] = {}
    problems: list[Problem] = []
    for one in by:
        try:
            made = grouping(one, material, codings, researchers)
            hidden = made.is_attribute and made.by in ALWAYS
            found[f"{ATTRIBUTE}: {made.by}" if hidden else made.by] = made
        except UserError as exc:
            problems += exc.problems
    if problems:
        raise UserError(*dict.fromkeys(problems))
    groupings = tuple(found.values())
    if len(groupings) == 1:
        return groupings[0]
    coded = {coding.interview for coding in codings}
    spoke = _interviews_of(material)
    combined = (
        _combined(groups, tuple(found), coded, spoke)
        for groups in product(*(one.groups for one in groupings))
    )
    return Crossed(groupings, tuple(combined))


def _combined(
    groups: tuple[Group, ...], by: tuple[str, ...], coded: set[str], spoke: dict[str, set[str]]
) -> Group:
    """The group of those who are in all of `groups`."""
    together = frozenset.intersection(*(group.interviews for group in groups))
    everybody = set.intersection(*({*group.participants, *group.waiting} for group in groups))
    speaking = {name for name in everybody if spoke.get(name, set()) & together}
    # Who speaks, but in no interview of all these groups, is in none of their combinations.
    waiting = {name for name in everybody if name not in spoke}
    interviews = frozenset().union(*(spoke[name] & together for name in speaking))
    return Group(
        _crossed(group.name for group in groups),
        tuple(sorted(speaking, key=name_order)),
        tuple(sorted(waiting, key=name_order)),
        bool(interviews & coded),
        interviews,
        tuple(zip(by, (group.name for group in groups), strict=True)),
        odd=not speaking | waiting,
    )


def attributes(material: Material) -> list[str]:
    """The columns of the participants' table but the names, in its order."""
    return list(
        dict.fromkeys(name for one in material.participants.values() for name, _ in one.attributes)
    )


def value_of(material: Material, participant: str, attribute: str) -> str:
    """What the table says of a participant; `(not said)` where it is empty or they are
    not in it.
    """
    row = material.participants.get(participant)
    return (dict(row.attributes).get(attribute, "") if row else "").strip() or NOT_SAID


def grouping(
    by: str, material: Material, codings: Iterable[Coding], researchers: Iterable[str] = ()
) -> Grouping:
    """The groups of a study by an attribute, or by one of `ALWAYS`.

    Raises UserError where there is no such attribute.
    """
    by = by.strip()
    codings = tuple(codings)
    coded = {coding.interview for coding in codings}
    if by in ALWAYS:
        return Grouping(
            by,
            "",
            _always(by, material, codings, coded, researchers),
            {
                name: interview.schedule or NOT_SAID
                for name, interview in material.interviews.items()
            },
        )
    column = attribute(by, material)
    values = {name: value_of(material, name, column) for name in _people(material)}
    spoke = _interviews_of(material)
    groups = []
    for value in sorted(
        set(values.values()), key=lambda value: (value == NOT_SAID, natural(value), value)
    ):
        names = [name for name in sorted(values, key=name_order) if values[name] == value]
        groups.append(
            Group(
                value,
                tuple(name for name in names if name in spoke),
                tuple(name for name in names if name not in spoke),
                any(spoke[name] & coded for name in names if name in spoke),
                frozenset().union(*(spoke[name] for name in names if name in spoke)),
            )
        )
    return Grouping(column, column, tuple(groups), values)


def attribute(typed: str, material: Material, also: tuple[str, ...] = ALWAYS) -> str:
    """The column that `typed` names, capitals or not.

    Raises UserError, with the nearest, the list, what `also` goes, and where to add one.
    """
    name = typed.removeprefix(f"{ATTRIBUTE}:").strip()
    columns = attributes(material)
    found = [column for column in columns if column == name] or [
        column for column in columns if column.casefold() == name.casefold()
    ]
    if len(found) == 1:
        return found[0]
    near = did_you_mean(name, [*columns, *also])
    there = [*columns, *also]
    do = [near] * bool(near)
    do += [f"There {'are' if there[1:] else 'is'} {', '.join(there)}."] * bool(there)
    do += [f"For another, add a column to {PARTICIPANTS}"]
    raise UserError(refusal(f'no attribute "{name}"', " ".join(do)))


def _people(material: Material) -> set[str]:
    return {
        *material.participants,
        *(name for interview in material.interviews.values() for name in interview.participants),
    }


def _interviews_of(material: Material) -> dict[str, set[str]]:
    """Participant → the interviews they speak in."""
    found: dict[str, set[str]] = {}
    for interview in material.interviews.values():
        for name in interview.participants:
            found.setdefault(name, set()).add(interview.name)
    return found


def _always(
    by: str,
    material: Material,
    codings: tuple[Coding, ...],
    coded: set[str],
    researchers: Iterable[str],
) -> tuple[Group, ...]:
    spoke = _interviews_of(material)
    if by == PARTICIPANT:
        return tuple(
            Group(
                name,
                (name,) if name in spoke else (),
                () if name in spoke else (name,),
                bool(spoke.get(name, set()) & coded),
                frozenset(spoke.get(name, ())),
            )
            for name in sorted(_people(material), key=name_order)
        )
    within: dict[str, list[str]] = {}  # group → its interviews
    if by == INTERVIEW:
        within = {name: [name] for name in material.interviews}
    elif by == SCHEDULE:
        within = {version.name: [] for version in schedules.in_order(material.schedule)}
        used = sorted(
            {
                interview.schedule
                for interview in material.interviews.values()
                if interview.schedule
            },
            key=name_order,
        )
        within |= {name: [] for name in used if name not in within}
        for interview in material.interviews.values():
            within.setdefault(interview.schedule or NOT_SAID, []).append(interview.name)
    else:
        pairs = {(coding.coder or NO_CODER, coding.interview) for coding in codings}
        names = sorted(
            {coder for coder, _ in pairs} - set(researchers) - {NO_CODER}, key=name_order
        )
        within = {name: [] for name in (*researchers, *names, NO_CODER)}
        for coder, name in pairs:
            within[coder].append(name)
    return tuple(
        Group(
            name,
            tuple(
                sorted(
                    {
                        one
                        for interview in of
                        for one in material.interviews[interview].participants
                    },
                    key=name_order,
                )
            ),
            coded=bool(coded.intersection(of)),
            interviews=frozenset(of),
            odd=by == CODER and name == NO_CODER,
        )
        for name, of in within.items()
    )
