"""Theoretical sampling: who, or which open position of a property, is sought next, and what came
of it; codes that only one group holds, as prompts and never as a rule.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from gtpipe.analysis import groups
from gtpipe.analysis.holdings import Holdings
from gtpipe.analysis.labels import Labels
from gtpipe.analysis.properties import positions
from gtpipe.model import records
from gtpipe.model.level import CODE_LEVELS, FOCUSED, INITIAL, CodeRef
from gtpipe.model.names import label_order
from gtpipe.model.problems import Kind, Problem, did_you_mean, note
from gtpipe.model.records import IncidentKey, Material, SamplingDecision


class Prompt(NamedTuple):
    """A code with the number of its incidents, where they stand and whose they are; `group` where
    it is one of that group only. `waiting` and `unfit` are not among them.
    """

    thing: CodeRef
    incidents: int
    interviews: tuple[str, ...]
    participants: tuple[str, ...]
    group: str = ""
    waiting: int = 0
    unfit: tuple[IncidentKey, ...] = ()


def still_open(material: Material) -> list[tuple[int, SamplingDecision]]:
    """The entries that nothing came of yet, with their numbers in the file."""
    return [
        (number, sought) for number, sought in enumerate(material.sampling, 1) if sought.is_open
    ]


def problems(material: Material, known: Labels) -> list[Problem]:
    """Notes: codes under `for`, and a position that is sought, which are not there (any more), and
    a `done` that is nearly the name of an interview.
    """
    found = []
    for sought in material.sampling:
        for named in sought.codes:
            if not set(known.levels(named)) & set(CODE_LEVELS):
                found.append(
                    note(
                        *named.where,
                        f'this is sought for "{named.label}", which is not there',
                        known.why_unknown(named, CODE_LEVELS)
                        or "Write a label that stands in the study, or leave it as a record",
                        kind=Kind.NO_SUCH_NAME,
                        about=named.label,
                    )
                )
        found += _unknown_position(sought, material, known)
        if sought.done and " " not in sought.done and sought.done not in material.interviews:
            found.append(
                note(
                    *sought.where,
                    f'this led to "{sought.done}", which is no interview of the study',
                    did_you_mean(sought.done, material.interviews)
                    or "Name the interview, or say in words what came of it",
                    kind=Kind.NO_SUCH_NAME,
                    about=sought.done,
                )
            )
    return found


def _unknown_position(
    sought: SamplingDecision, material: Material, known: Labels
) -> Iterator[Problem]:
    """A note where an open decision seeks a position that nobody wrote down."""
    codes = {code for named in sought.codes for code in known.meanings(named)}
    standing = [one.sought for one in positions(material) if not sought.codes or one.code in codes]
    if sought.seeks and sought.is_open and sought.seeks not in standing:
        yield note(
            *sought.where,
            f'this seeks "{sought.seeks}", which is no position of a property',
            did_you_mean(sought.seeks, standing)
            or "Name it as PROPERTY / POSITION, as they stand under `properties`",
            kind=Kind.NO_SUCH_NAME,
            about=sought.seeks,
        )


def one_interview_only(prompts: Iterable[Prompt], material: Material) -> list[Prompt]:
    """Of `all_prompts`, those whose incidents all stand in one interview: by interview in study
    order, then level and label.
    """
    found = [prompt for prompt in prompts if len(prompt.interviews) == 1]
    return sorted(found, key=lambda prompt: (material.order[prompt.interviews[0]], _place(prompt)))


def one_group_only(attribute: str, prompts: Iterable[Prompt], material: Material) -> list[Prompt]:
    """Of `all_prompts`, those of several interviews whose participants are all of one group of
    `attribute`; none where one's group is not known.

    Raises UserError when the participants have no such attribute.
    """
    column = groups.attribute(attribute, material, also=())
    group = {
        name: dict(participant.attributes).get(column, "")
        for name, participant in material.participants.items()
    }
    found = []
    for prompt in prompts:
        held_by = {group.get(name, "") for name in prompt.participants}
        if len(prompt.interviews) > 1 and len(held_by) == 1 and "" not in held_by:
            found.append(prompt._replace(group=held_by.pop()))
    return sorted(found, key=lambda prompt: (label_order(prompt.group), _place(prompt)))


def _place(prompt: Prompt) -> tuple[bool, tuple[str, str]]:
    return (prompt.thing.level != FOCUSED, label_order(prompt.thing.label))


def all_prompts(material: Material, holdings: Holdings) -> list[Prompt]:
    """Every focused and initial code that has an incident, with where and whose."""
    things = {
        *holdings.coded(FOCUSED),
        *holdings.coded(INITIAL),
        *(CodeRef(FOCUSED, label) for label in material.focused),
    }
    speaking: Speaking = {}
    return [found for thing in things if (found := prompt(thing, holdings, speaking)).incidents]


Speaking = dict[tuple[str, str], str]  # interview and turn → the participant, as far as looked up


def prompt(thing: CodeRef, holdings: Holdings, speaking: Speaking) -> Prompt:
    """A code or category with where its incidents stand and whose they are."""
    places, waiting, unfit, _ = holdings.standing(thing)
    interviews: dict[str, None] = {}
    people: set[str] = set()
    for place in places:
        turn = (place.interview, place.turn)
        if turn not in speaking:
            speaking[turn] = holdings.participant(place)
        interviews[place.interview] = None
        people.update(records.people(speaking[turn]))
    participants = tuple(sorted(people - {""}, key=label_order))
    return Prompt(
        thing, len(places), tuple(interviews), participants, waiting=len(waiting), unfit=unfit
    )
