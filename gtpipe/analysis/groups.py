"""What accounts are laid out by: an attribute of the participants (a column of their table) or of
the interviews (a field of their front matter); or interview, participant, coder, schedule version;
or several of these, crossed.

A group knows who can be heard in it, so that "nobody is in this group" and "not coded so" are never
taken for each other.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from itertools import product

from gtpipe.analysis import schedules
from gtpipe.analysis.incidents import IncidentInContext
from gtpipe.model import limits
from gtpipe.model.codings import Codings
from gtpipe.model.names import name_order, natural
from gtpipe.model.problems import Problem, UserError, did_you_mean, in_shell, refusal
from gtpipe.model.records import IncidentKey, Material, people, together
from gtpipe.store.layout import PARTICIPANTS

INTERVIEW, PARTICIPANT, CODER, SCHEDULE = "interview", "participant", "coder", "schedule"
ALWAYS = (PARTICIPANT, INTERVIEW, CODER, SCHEDULE)
ATTRIBUTE = "attribute"  # `attribute: schedule` means the column of that name,
# `interview: schedule` the field of that name in the front matter of transcripts.
NOT_SAID = "(not said)"
NOT_SO = "not coded so"
NOT_YET = "not coded yet"
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

    where: tuple[tuple[str, str], ...] = ()
    """What those have that alone are asked for: attribute and value."""

    def __init__(
        self,
        by: str,
        column: str,
        groups: tuple[Group, ...],
        values: dict[str, str],  # of each participant or each interview
        field: str = "",
    ) -> None:
        self.by, self._column, self._field, self._values = by, column, field, values
        self._of_participant: dict[str, tuple[str, ...]] = {}
        self.groups = tuple(
            group if group.values else replace(group, values=((by, group.name),))
            for group in groups
        )

    def typed(self, columns: Iterable[str]) -> str:
        """What it is by, with in front what tells it from another that is called the same."""
        if self._field:
            is_hidden = self.by in (*ALWAYS, *columns)
            return f"{INTERVIEW}: {self.by}" if is_hidden else self.by
        return f"{ATTRIBUTE}: {self.by}" if self._column and self.by in ALWAYS else self.by

    def of(self, place: IncidentKey, coders: Iterable[str], participant: str) -> tuple[str, ...]:
        """The groups of an incident: one, with coders as many as coded it so; none where an
        attribute has nobody to be of.
        """
        if self._column:
            if participant not in self._of_participant:
                values = (self._values.get(name, NOT_SAID) for name in people(participant))
                self._of_participant[participant] = tuple(dict.fromkeys(values))
            return self._of_participant[participant]
        if self._field or self.by == SCHEDULE:
            return (self._values[place.interview],)
        if self.by == PARTICIPANT:
            return people(participant)
        if self.by == INTERVIEW:
            return (place.interview,)
        return tuple(coders) or (NO_CODER,)

    def leaves_out(self, place: IncidentKey, coders: Iterable[str], participant: str) -> bool:
        """Whether an incident is of others than those that are asked for."""
        return False


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


class Restricted(Grouping):
    """A grouping of those incidents alone that are of certain groups besides, each of these by its
    grouping; of an incident of several people, those who are in them.
    """

    def __init__(
        self, whole: Grouping, groups: tuple[Group, ...], within: tuple[tuple[Grouping, str], ...]
    ) -> None:
        super().__init__(whole.by, "", groups, {})
        self.where = tuple((one.by, value) for one, value in within)
        self._whole, self._within = whole, within

    def of(self, place: IncidentKey, coders: Iterable[str], participant: str) -> tuple[str, ...]:
        coders = tuple(coders)
        names = [
            name
            for name in people(participant) or ("",)
            if all(value in one.of(place, coders, name) for one, value in self._within)
        ]
        return self._whole.of(place, coders, together(names)) if names else ()

    def leaves_out(self, place: IncidentKey, coders: Iterable[str], participant: str) -> bool:
        coders = tuple(coders)
        of = ((one.of(place, coders, participant), value) for one, value in self._within)
        return any(names and value not in names for names, value in of)


def restricted(
    whole: Grouping,
    where: Iterable[tuple[str, str]],
    material: Material,
    codings: Codings,
    researchers: Iterable[str] = (),
) -> Grouping:
    """`whole` among those who have each of the values in `where` (attribute, value).

    Raises UserError with every attribute or value that is not there.
    """
    researchers = tuple(researchers)
    within: list[tuple[Grouping, Group]] = []
    problems: list[Problem] = []
    for attribute, value in where:
        try:
            one = grouping(attribute, material, codings, researchers)
        except UserError as exc:
            problems += exc.problems
            continue
        names = [group.name for group in one.groups]
        if called := _called(value, names):
            within.append((one, one.groups[names.index(called)]))
        else:
            do = did_you_mean(value, names) or f"There is {limits.some(names)}"
            problems.append(refusal(f'"{value}" stands nowhere under {one.by}', do))
    if problems:
        raise UserError(*dict.fromkeys(problems))
    if not within:
        return whole
    coded = codings.interviews
    spoke = _interviews_of(material)
    besides = tuple(group for _, group in within)
    groups = tuple(
        replace(
            _combined((group, *besides), (), coded, spoke), name=group.name, values=group.values
        )
        for group in whole.groups
    )
    return Restricted(whole, groups, tuple((one, group.name) for one, group in within))


def _crossed(names: Iterable[str]) -> str:
    return CROSS.join(f'"{name}"' if CROSS in name else name for name in names)


def crossed(
    by: Iterable[str], material: Material, codings: Codings, researchers: Iterable[str] = ()
) -> Grouping:
    """The groups by each of `by`, crossed where they are several.

    Raises UserError with every attribute that is not there.
    """
    researchers = tuple(researchers)
    found: dict[str, Grouping] = {}
    problems: list[Problem] = []
    for one in by:
        try:
            made = grouping(one, material, codings, researchers)
            found[made.typed(attributes(material))] = made
        except UserError as exc:
            problems += exc.problems
    if problems:
        raise UserError(*dict.fromkeys(problems))
    groupings = tuple(found.values())
    if len(groupings) == 1:
        return groupings[0]
    coded = codings.interviews
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
        tuple(zip(by, (group.name for group in groups), strict=bool(by))),
        odd=not speaking | waiting,
    )


def attributes(material: Material) -> list[str]:
    """The columns of the participants' table but the names, in its order."""
    return list(
        dict.fromkeys(name for one in material.participants.values() for name, _ in one.attributes)
    )


def fields(material: Material) -> list[str]:
    """The attributes of interviews, in the order in which they come up."""
    interviews = material.interviews.values()
    return list(dict.fromkeys(name for one in interviews for name, _ in one.attributes))


def known(material: Material) -> list[str]:
    """All that accounts can be laid out by."""
    return list(dict.fromkeys([*attributes(material), *fields(material), *ALWAYS]))


def hidden(name: str, material: Material) -> list[str]:
    """What else is called as `name`, which means something that goes before it: as it is typed."""
    is_column = name in attributes(material)
    return [f"{ATTRIBUTE}: {name}"] * (name in ALWAYS and is_column) + [f"{INTERVIEW}: {name}"] * (
        name in fields(material) and (name in ALWAYS or is_column)
    )


def value_of(material: Material, participant: str, attribute: str) -> str:
    """What the table says of a participant; `(not said)` where it is empty or they are
    not in it.
    """
    row = material.participants.get(participant)
    return (dict(row.attributes).get(attribute, "") if row else "").strip() or NOT_SAID


def grouping(
    by: str, material: Material, codings: Codings, researchers: Iterable[str] = ()
) -> Grouping:
    """The groups of a study by one of `ALWAYS`, else by an attribute of participants, else by one
    of interviews.

    Raises UserError where there is no such attribute.
    """
    by = by.strip()
    coded = codings.interviews
    if by in ALWAYS:
        return Grouping(
            by,
            "",
            _always(by, material, codings, coded, researchers),
            {name: one.schedule or NOT_SAID for name, one in material.interviews.items()},
        )
    field = _field(by, material)
    if field:
        return _by_field(field, material, coded)
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


ValueAt = Callable[[str, str], str]
"""What an attribute is at an incident, by its interview and participant; '' where nothing says."""


def values(typed: str, material: Material) -> tuple[str, ValueAt]:
    """The attribute of participants, else of interviews, that `typed` names, and what it is where.

    Raises UserError where there is none.
    """
    field = _field(typed, material)
    if field:
        of = {
            name: dict(one.attributes).get(field, "") for name, one in material.interviews.items()
        }
        return field, lambda interview, participant: of.get(interview, "")
    column = attribute(typed, material, also=tuple(fields(material)))
    row = {
        name: dict(one.attributes).get(column, "") for name, one in material.participants.items()
    }
    return column, lambda interview, participant: row.get(participant, "")


def _by_field(field: str, material: Material, coded: set[str]) -> Grouping:
    """The interviews by what a field of their front matter says."""
    values = {
        name: dict(interview.attributes).get(field, NOT_SAID)
        for name, interview in material.interviews.items()
    }
    within: dict[str, list[str]] = {}
    for value in sorted(set(values.values()), key=lambda one: (one == NOT_SAID, natural(one), one)):
        within[value] = [name for name in values if values[name] == value]
    groups = tuple(_of_interviews(value, names, material, coded) for value, names in within.items())
    return Grouping(field, "", groups, values, field)


def _field(typed: str, material: Material) -> str:
    """The attribute of interviews that `typed` names, '' where it names none, or a column first.

    Raises UserError where one of interviews is meant, and none is called so.
    """
    name = typed.removeprefix(f"{INTERVIEW}:").strip()
    if name == typed:
        column = _called(name, attributes(material))
        return "" if column else _called(name, fields(material))
    field, there = _called(name, fields(material)), fields(material)
    if not field:
        listed = f"There {'are' if there[1:] else 'is'} {', '.join(there)}" if there else ""
        do = did_you_mean(name, there) or listed
        do = do or "Write one into the front matter of transcripts: `wave: 2`"
        raise UserError(refusal(f'no interview has an attribute "{name}"', do))
    return field


def _called(name: str, names: list[str]) -> str:
    """The one of `names` that is called so, capitals or not; '' for none."""
    found = [one for one in names if one == name] or [
        one for one in names if one.casefold() == name.casefold()
    ]
    return found[0] if len(found) == 1 else ""


def attribute(typed: str, material: Material, also: tuple[str, ...] | None = None) -> str:
    """The column that `typed` names, capitals or not.

    Raises UserError, with the nearest, the list, what `also` goes (if not given: fields of
    interviews, and `ALWAYS`), and where to add one.
    """
    name = typed.removeprefix(f"{ATTRIBUTE}:").strip()
    columns = attributes(material)
    found = _called(name, columns)
    if found:
        return found
    field = _field(name, material)
    if field:
        what = f'"{field}" is an attribute of interviews, not of participants'
        option = f"--by {in_shell(field)}"
        lay = f"`gtpipe matrix CODE {option}` and `gtpipe compare CODE {option}` lay it out"
        raise UserError(refusal(what, lay))
    there = known(material) if also is None else list(dict.fromkeys([*columns, *also]))
    near = did_you_mean(name, there)
    do: list[str] = [near] * bool(near)
    do += [f"There {'are' if there[1:] else 'is'} {', '.join(there)}."] * bool(there)
    or_field = " or a field to the front matter of transcripts" * (also is None)
    do += [f"For another, add a column to {PARTICIPANTS}{or_field}"]
    raise UserError(refusal(f'no attribute "{name}"', " ".join(do)))


def state(group: Group, holds: bool) -> str:
    """In words what it means that a group holds nothing: `not coded so`, `not coded yet`; '' where
    it does, or nobody is in the group.
    """
    if holds or not group.participants:
        return ""
    return NOT_SO if group.coded else NOT_YET


def grouped(
    grouping: Grouping, views: Iterable[IncidentInContext]
) -> list[tuple[Group, list[IncidentInContext]]]:
    """Incidents by group; those that no group can hold are left out."""
    within: dict[str, list[IncidentInContext]] = {group.name: [] for group in grouping.groups}
    for view in views:
        for name in grouping.of(view.key, view.coders, view.participant):
            within[name].append(view)
    return [
        (group, within[group.name])
        for group in grouping.groups
        if within[group.name] or not group.odd
    ]


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
    by: str, material: Material, codings: Codings, coded: set[str], researchers: Iterable[str]
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
        pairs = [(one.coder or NO_CODER, one.interview) for one in codings.whose]
        names = sorted(
            {coder for coder, _ in pairs} - set(researchers) - {NO_CODER}, key=name_order
        )
        within = {name: [] for name in (*researchers, *names, NO_CODER)}
        for coder, name in pairs:
            within[coder].append(name)
    return tuple(
        _of_interviews(name, of, material, coded, odd=by == CODER and name == NO_CODER)
        for name, of in within.items()
    )


def _of_interviews(
    name: str, of: list[str], material: Material, coded: set[str], odd: bool = False
) -> Group:
    speak = {one for interview in of for one in material.interviews[interview].participants}
    return Group(
        name,
        tuple(sorted(speak, key=name_order)),
        coded=bool(coded.intersection(of)),
        interviews=frozenset(of),
        odd=odd,
    )
