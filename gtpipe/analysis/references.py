"""What one entry names of another: labels and incidents, resolved, or told with the row that names
them.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from gtpipe.analysis import incidents, procedures
from gtpipe.analysis.incidents import IncidentInContext
from gtpipe.analysis.labels import Labels
from gtpipe.model import anchor
from gtpipe.model.codings import Codings
from gtpipe.model.level import (
    ALL_LEVELS,
    CATEGORY,
    CODE_LEVELS,
    FOCUSED,
    INITIAL,
    Level,
    MaybeLevel,
)
from gtpipe.model.problems import Kind, Problem, did_you_mean, error, note
from gtpipe.model.records import BETWEEN, Incident, IncidentKey, Material, Named, Where, ends
from gtpipe.text.yamltext import field_value


class Mention(NamedTuple):
    """A label where another entry or file names it. `level` is what it stands on ('' nowhere),
    `levels` what it may.

    `place` says in words where that is; `listed` whether it is one line of a list, which may go or
    become several; `record` whether it says what was thought at its time, and stays when the thing
    is gone: memos, schedules, comments. `row` is that of a procedure, and the field.
    """

    named: Named
    level: MaybeLevel
    levels: tuple[Level, ...]
    place: str
    listed: bool
    record: bool = False
    row: tuple[Where, str] | None = None

    @property
    def in_list(self) -> tuple[str, tuple[Where, str] | None]:
        """The list that it is a line of: a label stands once in it."""
        return self.place, self.row


def mentions(material: Material, known: Labels) -> list[Mention]:
    """Every place outside the sheets where a label is named, file by file."""
    made = [
        Mention(named, _level(named, levels, known), levels, place, listed)
        for named, levels, place, listed in _in_theory(material)
    ]
    records: list[tuple[Named, str, bool]] = []
    for memo in material.memos:
        records += [(named, f"the memo {memo.name} is about it", True) for named in memo.about]
    for version in material.schedule:
        records += [
            (named, f"it prompted the schedule {version.name}", True)
            for named in version.prompted_by
        ]
    for sought in material.sampling:
        records += [(named, f'"{sought.sought}" is sought for it', True) for named in sought.codes]
    records += [
        (comment.about, f"a comment{f' of {comment.by}' if comment.by else ''} is about it", False)
        for comment in material.comments
    ]
    made += [_record(*each, known) for each in records]
    return [*made, *_of_rows(material, known)]


def _of_rows(material: Material, known: Labels) -> Iterator[Mention]:
    """The codes, categories and relations that rows of procedures name."""
    for said in procedures.values(material):
        levels = tuple(
            level for kind in said.field.kinds for level in procedures.LEVELS.get(kind, ())
        )
        named = procedures.as_code(said.value)
        if levels and (level := _level(named, levels, known)):
            place = f"a row of {said.procedure.name} names it"
            row = (said.row.where, said.field.name)
            yield Mention(named, level, levels, place, said.field.is_list, True, row)


def in_theory(material: Material) -> frozenset[str]:
    """The labels that focused codes, categories and what is said of them name; of `CODE / PROPERTY`
    also the code.
    """
    split = (label.split(BETWEEN) for label in {named.label for named, *_ in _in_theory(material)})
    return frozenset(
        BETWEEN.join(parts[:end]) for parts in split for end in range(1, len(parts) + 1)
    )


def _in_theory(material: Material) -> Iterator[tuple[Named, tuple[Level, ...], str, bool]]:
    """What they name, the levels it may stand on, and as a mention has it `place` and `listed`."""
    theory = material.theory
    for code in material.focused.values():
        place = f'"{code.label}" takes it up'
        yield from ((named, (INITIAL,), place, True) for named in code.takes_up)
    for category in theory.categories:
        place = f'the {CATEGORY.noun} "{category.label}" holds it'
        yield from ((named, (FOCUSED,), place, True) for named in category.focused)
        if category.part_of:
            yield category.part_of, (CATEGORY,), f'"{category.label}" is part of it', False
    for relation in theory.relations:
        yield relation.source, CODE_LEVELS, f'"{relation.sentence}" comes from it', False
        yield relation.target, CODE_LEVELS, f'"{relation.sentence}" leads to it', False
    for case in theory.negative_cases:
        yield case.contradicts, ALL_LEVELS, f"{case.incident.address} contradicts it", False
    for look in theory.looks:
        yield look.looked_for, ALL_LEVELS, "negative cases of it were looked for", False
    for judgement in theory.judgements:
        place = f"{judgement.interview.label} modified it"
        yield from ((named, (FOCUSED, CATEGORY), place, True) for named in judgement.modified)


def _record(named: Named, place: str, listed: bool, known: Labels) -> Mention:
    """A mention that stays as a record; of a property, the code that it is one of is named."""
    of = known.property_of(named)
    if of is None:
        return Mention(named, _level(named, ALL_LEVELS, known), ALL_LEVELS, place, listed, True)
    return Mention(of.name, of.code.level, ALL_LEVELS, f"{place}: {of.label}", listed, True)


def _level(named: Named, levels: tuple[Level, ...], known: Labels) -> MaybeLevel:
    standing = known.levels(named)
    highest = [level for level in ALL_LEVELS if level in standing and level in levels]
    led_on = [level for level in levels if known.now(named, (level,))]
    return next(iter(highest + led_on), "")


def prefix_needed(
    label: str, level: MaybeLevel, levels: tuple[Level, ...], known: dict[Level, frozenset[str]]
) -> bool:
    """Whether `label`, meant on `level`, would be taken for one of a higher level without `level:`
    in front.
    """
    standing = (
        other
        for other in ALL_LEVELS
        if other in levels and (other == level or label in known.get(other, ()))
    )
    return next(standing, level) != level


def check(
    named: Named,
    known: Labels,
    levels: tuple[Level, ...],
    what: str,
    problems: list[Problem],
    listed: bool = True,
) -> None:
    """An error with its row where what `named` names stands on none of `levels`; a note where it
    stands on several.

    `listed` where it is a line of a block, which stands as typed: behind a field's name YAML wants
    quotes around some labels.
    """

    def written(level: Level) -> str:
        return f"{level}: {named.label}" if listed else field_value(f"{level}: {named.label}", "")

    standing = [level for level in known.levels(named) if level in levels]
    if len(standing) > 1:
        problems.append(
            note(
                *named.where,
                f'"{named.label}" is a label of {" and ".join(standing)}; the {known.level(named)} '
                "is meant",
                f"Write `{written(standing[-1])}` or `{written(standing[0])}`",
            )
        )
    if standing:
        return
    problems.append(
        error(
            *named.where,
            f'{what} "{named.label}", which is not there',
            known.why_unknown(named, levels, listed) or "Write a label that stands in the study",
            kind=Kind.NO_SUCH_NAME,
            about=named.label,
        )
    )


def check_written_after(named: Named | None, material: Material, problems: list[Problem]) -> None:
    """An error with its row where something is said to be written after an interview that is not
    there."""
    if named is not None and named.label not in material.interviews:
        what = f'this was written after "{named.label}", which is no interview of the study'
        there = f"The interviews are {', '.join(material.interviews)}; or take the line out"
        near = did_you_mean(named.label, material.interviews)
        problems.append(
            error(*named.where, what, near or there, kind=Kind.NO_SUCH_NAME, about=named.label)
        )


def named_incidents(material: Material) -> Iterator[Incident]:
    """Every incident that focused codes, theory, memos, schedule and comments name."""
    theory = material.theory
    for focused in material.focused.values():
        yield from (*focused.judged, *focused.incidents, *focused.does_not_fit, *focused.left)
    properties = [each for code in material.focused.values() for each in code.properties]
    properties += [each for category in theory.categories for each in category.properties]
    yield from (incident for each in properties for incident in each.incidents)
    for relation in theory.relations:
        yield from (*relation.support, *relation.contradict)
    yield from (case.incident for case in theory.negative_cases)
    yield from (look.found for look in theory.looks if isinstance(look.found, Incident))
    labels = [label for memo in material.memos for label in memo.about]
    labels += [label for version in material.schedule for label in version.prompted_by]
    labels += [case.contradicts for case in theory.negative_cases]
    labels += [comment.about for comment in material.comments]
    yield from (
        one
        for said in procedures.values(material)
        if "incident" in said.field.kinds
        and (one := procedures.incident(said.value, material)) is not None
    )
    for label in labels:
        incident = None if label.level else anchor.parse(label.label, label.where)
        if incident is not None and incident.interview in material.interviews:
            yield incident


def naming(material: Material, interview: str, turn: str) -> Iterator[Where]:
    """The lines of focused codes, theory, memos and schedule that name an incident in this turn."""
    commented = {comment.about.where for comment in material.comments}
    yield from (
        incident.where
        for incident in named_incidents(material)
        if incident.interview == interview
        and turn in ends(incident.turn)
        and incident.where not in commented
    )


def placed(incident: Incident, material: Material, problems: list[Problem]) -> IncidentKey | None:
    """Where the incident stands; None and an error with its row where interview, turn or stretch is
    not there.
    """
    place = anchor.placed(incident, material.interviews)
    if isinstance(place, Problem):
        problems.append(place)
        return None
    return place


def place_of(incident: Incident, material: Material) -> IncidentKey | None:
    """Where the incident stands; None where it is not there."""
    return placed(incident, material, [])


def check_places(found: Iterable[Incident], material: Material, problems: list[Problem]) -> None:
    """An error with its row for each of the incidents that is not there."""
    for incident in found:
        placed(incident, material, problems)


def resolve(
    incident: Incident, material: Material, codings: Codings, problems: list[Problem]
) -> IncidentInContext | None:
    """The incident with its words; None and an error with its row where interview, turn or stretch
    is not there.
    """
    place = placed(incident, material, problems)
    if place is None:
        return None
    interview = material.interviews[place.interview]
    beside = incidents.beside(codings, interview, place.turn)
    return incidents.view(interview, place.turn, place.span, beside)


def resolve_all(
    found: Iterable[Incident], material: Material, codings: Codings, problems: list[Problem]
) -> tuple[IncidentInContext, ...]:
    """Those of the incidents that are there, in the order named."""
    views = (resolve(incident, material, codings, problems) for incident in found)
    return tuple(view for view in views if view is not None)
