"""What `gtpipe ingest` is told beside the files, and who is who by that and the settings."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from gtpipe.analysis.speakers import Roles, person
from gtpipe.model.problems import UsageError
from gtpipe.readers.reading import Columns
from gtpipe.store.settings import Settings


@dataclass(frozen=True)
class Options:
    """What the command says beside the files.

    `participants` may be `LABEL=NAME`; `*` is everybody not named otherwise.
    """

    interviewers: tuple[str, ...] = ()
    participants: tuple[str, ...] = ()
    not_speakers: tuple[str, ...] = ()
    as_name: str = ""
    date: str = ""
    schedule: str = ""
    skip_heading: bool = False
    columns: Columns = field(default_factory=Columns)
    monologue: str = ""
    dry_run: bool = False
    why: str = ""


def columns_of(given: str) -> Columns:
    """`speaker=Who,words=Text` as columns. Raises UsageError."""
    found = {}
    for part in filter(None, given.split(",")):
        what, equals, name = part.partition("=")
        if not equals or what.strip() not in Columns._fields or not name.strip():
            raise UsageError(f"--columns {given}: write it as speaker=NAME,words=NAME,time=NAME")
        found[what.strip()] = name.strip()
    return Columns(**found)


def roles_of(settings: Settings, options: Options, people: Iterable[str]) -> Roles:
    """Who is who, by the settings and the command.

    A name that is one of `people`, or given twice, is one name, as it stood first.
    """
    names: dict[str, str] = {}
    spelt = {person(name): name for name in people}
    participants: list[str] = []
    for given in options.participants:
        label, equals, name = given.rpartition("=")
        label = label if equals else given
        if equals:
            names[label] = spelt.setdefault(person(name), name.strip())
        participants.append(label.strip())
    interviewers = tuple(label.strip() for label in options.interviewers)
    for labels, listed, role in (
        (interviewers, settings.participant_labels, "participant"),
        (participants, settings.interviewer_labels, "interviewer"),
    ):
        for label in labels:
            if label.casefold() in {other.casefold() for other in listed}:
                raise UsageError(
                    f'"{label}" is a label of the {role} in pipeline.yaml; change it there first'
                )
    both = {label.casefold() for label in interviewers} & {
        label.casefold() for label in participants
    }
    if both:
        raise UsageError(f'"{sorted(both)[0]}" is given as interviewer and as participant')
    return Roles(
        (*settings.interviewer_labels, *interviewers),
        (*settings.participant_labels, *participants),
        names,
        options.not_speakers,
    )
