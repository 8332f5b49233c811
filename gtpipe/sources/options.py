"""What `gtpipe ingest` is told beside the files, and who is who by that and the settings."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from gtpipe.analysis.speakers import Roles, person
from gtpipe.model import limits
from gtpipe.model.problems import UsageError, did_you_mean
from gtpipe.model.shape import NO_SHAPE, SPLIT, WORDS, Shape
from gtpipe.readers.lines.known_shapes import KNOWN_SHAPES, PROGRAMS
from gtpipe.readers.reading import Columns
from gtpipe.store.settings import Settings
from gtpipe.store.shapes import is_encoding


@dataclass(frozen=True)
class Options:
    """What the command says beside the files.

    `participants` may be `LABEL=NAME`; `*` is everybody not named otherwise. `shape` is the name of
    the form of the source, `answers` what is said of its form beside that.
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
    shape: str = ""
    answers: Shape = NO_SHAPE
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


def answers_of(
    *,
    label: Iterable[str] = (),
    time: str = "",
    unlabelled: str = "",
    bold: str = "",
    within: str = "",
    heading_to: int = -1,
    line_numbers: bool = False,
    encoding: str = "",
) -> Shape:
    """What the command says of a source's form. Raises UsageError."""
    examples = [example.replace("\\t", "⇥").strip() for example in label]
    for example in examples:
        if "NAME" not in example and "INITIAL" not in example and example != "bold":
            raise UsageError(
                f"--label {example}: write NAME where the speaker stands, like '[TIME] - NAME'"
            )
    if within not in ("", SPLIT, WORDS):
        raise UsageError(f"--labels-within {within}: say {SPLIT} or {WORDS}")
    if encoding and not is_encoding(encoding):
        raise UsageError(
            f"--encoding {encoding}: no encoding is called so; like windows-1250 or shift_jis"
        )
    return Shape(
        label="\n".join(examples),
        time=time.strip(),
        unlabelled=unlabelled.strip(),
        bold=bold.strip(),
        within=within,
        line_numbers=line_numbers,
        encoding=encoding.strip(),
        heading_to=heading_to,
    )


def shape_of(options: Options, known: Iterable[Shape]) -> Shape:
    """The form that is declared of a source: the named one, and over it what the command says.

    Raises UsageError for a name that no shape has.
    """
    shapes = {shape.name: shape for shape in (*KNOWN_SHAPES, *PROGRAMS, *known)}
    if options.shape and options.shape not in shapes:
        raise UsageError(
            f"--shape {options.shape}: no shape is called so. "
            f"{did_you_mean(options.shape, shapes) or f'The shapes are {limits.some(shapes)}'}"
        )
    shape = shapes[options.shape] if options.shape else NO_SHAPE
    return shape.with_answers(options.answers)


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
