"""Stage 1 on disk: source files in; transcripts, the record of what was read, and participants'
rows out.

All files of a command or none. A source that was ingested before is left alone when it says the
same, and refused when it does not.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from gtpipe.analysis.speakers import EVERYONE
from gtpipe.formats import shapes, tables, transcripts
from gtpipe.formats.sheets import hash_words
from gtpipe.model import limits
from gtpipe.model.names import is_date, is_device, slug
from gtpipe.model.problems import Kind, Problem, UsageError, UserError, did_you_mean, error
from gtpipe.model.records import Progress
from gtpipe.model.shape import NO_SHAPE, Shape
from gtpipe.model.typography import same
from gtpipe.readers.reading import Reading
from gtpipe.sources import source_reader, standing
from gtpipe.sources.catalogue import NewSource, SourceCatalogue
from gtpipe.sources.options import Options
from gtpipe.sources.source_reader import Taken
from gtpipe.store import transaction, who
from gtpipe.store.layout import (
    INGESTED,
    PARTICIPANTS,
    SHAPES,
    SOURCES,
    Snapshot,
    Study,
    digest,
    fingerprint,
    unreadable,
)
from gtpipe.store.transaction import FileChange, encode_keeping_bom
from gtpipe.study import engine


@dataclass(frozen=True)
class IngestReport:
    """All sources of a command, and problems (errors only in a dry run)."""

    taken: tuple[Taken, ...]
    problems: tuple[Problem, ...] = ()


@dataclass(frozen=True)
class Answered:
    """What a person answered of one file: all its options, and the form that is written down for
    the study, `NO_SHAPE` where none is.
    """

    options: Options
    shape: Shape = NO_SHAPE


def ingest(
    study: Study,
    files: list[Path],
    options: Options,
    progress: Progress = lambda message: None,
    answers: Mapping[Path, Answered] | None = None,
) -> IngestReport:
    """Ingest `files`, or what is new in `data/sources/` when there are none. A file in `answers` is
    read by its own options, and the forms there go to `data/shapes.yaml`.

    Raises UserError with every problem at once, and nothing written; UsageError when options do not
    fit together.
    """
    answers = answers or {}
    _refuse_unfit(options, len(files))
    for answered in answers.values():
        _refuse_unfit(answered.options, 1)
    if not options.dry_run:
        transaction.finish(study)
    snapshot = Snapshot(study)
    nothing_told = not files and not answers and options == Options(why=options.why)
    if nothing_told and standing.all_as_ingested(study, snapshot):
        return IngestReport(())
    report, changes = plan(study, files, options, answers, progress)
    if options.dry_run:
        return report
    if nothing_told and not changes and not report.problems:
        standing.keep_all_as_ingested(study, snapshot)
        snapshot.seen.save()
    errors = [problem for problem in report.problems if problem.is_error]
    if errors:
        raise UserError(*errors)
    if not changes:
        return report
    with transaction.change(study) as change:
        if not transaction.as_read(study, changes):  # another command wrote meanwhile
            report, changes = plan(study, files, options, answers, progress)
            if any(problem.is_error for problem in report.problems):
                raise UserError(*(problem for problem in report.problems if problem.is_error))
        names = " ".join(
            taken.shown.rpartition("/")[2] for taken in report.taken if not taken.known
        )
        by = who.known(study, change.snapshot.settings().researchers)
        change.add(*changes)
        change.log(f"ingest {names}", by, options.why)
    new = [one.name for one in report.taken if not one.known]
    from gtpipe.sources import look_for_names  # it brings the readers of every format

    named = look_for_names.notes_on(study, new)
    return IngestReport(report.taken, (*report.problems, *named))


def _refuse_unfit(options: Options, files: int) -> None:
    """Raises UsageError for a name or date that none can have, or that goes with one file."""
    if files != 1 and (options.as_name or options.date):
        raise UsageError(f"{'--as' if options.as_name else '--date'} goes with one FILE")
    if options.as_name and slug(options.as_name) != options.as_name:
        better = slug(options.as_name)
        if is_device(options.as_name):
            raise UsageError(
                f"--as {options.as_name}: Windows can have no file of this name; {better} is one"
            )
        raise UsageError(
            "--as takes small letters, digits and hyphens" + (f", like {better}" if better else "")
        )
    if options.date and not is_date(options.date):
        raise UsageError(f'"{options.date}" is not a date: write it as 2026-03-02')


def plan(
    study: Study,
    files: list[Path],
    options: Options,
    answers: Mapping[Path, Answered],
    progress: Progress,
) -> tuple[IngestReport, list[FileChange]]:
    """What would become of the files, with problems; and, where none of these is an error, what is
    to be written.
    """
    catalogue = SourceCatalogue(study, options)
    forms = [one.shape for one in answers.values() if one.shape != NO_SHAPE]
    taken: list[Taken] = []
    unread = [] if files else map(unreadable, study.others(SOURCES, ""))
    problems: list[Problem] = [problem for problem in unread if problem is not None]
    claimed: dict[str, str] = {}
    all_files = files or [study.path(path) for path in catalogue.sources]
    alone = [file for file in all_files if file not in answers]
    read = _read(catalogue, alone, bool(files), progress)
    for file in all_files:
        try:
            own = answers.get(file)
            one = (
                next(read)
                if own is None
                else take_answered(catalogue, file, own.options, taken, forms)
            )
            if not isinstance(one, Taken):
                raise UserError(*one)
        except UserError as exc:
            problems += exc.problems
            continue
        problems += one.problems
        if one.name in claimed and not one.known:
            problems.append(
                error(
                    one.shown,
                    None,
                    f'{claimed[one.name]} would be the interview "{one.name}" too',
                    "Ingest one of them by itself with --as NAME",
                )
            )
            continue
        claimed[one.name] = one.shown
        taken.append(one)
    catalogue.cache.save()
    new = [one for one in taken if not one.known]
    for told in (options, *(one.options for one in answers.values())) if new else ():
        problems += idle_options(told, new[0].shown, *_readings(new))
    problems = list(dict.fromkeys(problems))  # what is wrong with a form is wrong for every file
    report = IngestReport(tuple(taken), tuple(problems))
    if any(problem.is_error for problem in problems) or not new:
        return report, []
    changes = _changes(catalogue.snapshot, new)
    return report, [*changes, *_forms_written(catalogue.snapshot, forms)]


def _read(
    catalogue: SourceCatalogue, files: list[Path], explicit: bool, progress: Progress
) -> Iterator[Taken | tuple[Problem, ...]]:
    """What becomes of each file, or why nothing does; what is new is read by workers where that
    pays, or is asked for.
    """
    looked: list[Taken | NewSource | tuple[Problem, ...]] = []
    new: dict[source_reader.Task, bytes] = {}
    for file in files:
        progress(f"reading {file.name}")
        try:
            found = catalogue.look_at(file, explicit)
            if isinstance(found, NewSource):
                content, *told = found[:4]
                at, print = os.path.abspath(file), fingerprint(content)
                task = source_reader.Task(str(catalogue.study.root), at, print, *told)
                new[task], reader = content, catalogue.reader
            looked.append(found)
        except UserError as exc:
            looked.append(exc.problems)
    if not new:
        yield from (one for one in looked if not isinstance(one, NewSource))
        return

    def here(task: source_reader.Task) -> Taken | tuple[Problem, ...]:
        return source_reader.read_of(reader, new[task], task)

    size = sum(map(len, new.values()))
    of_task = partial(source_reader.of_task, reader)
    read = engine.each(of_task, list(new), here, size, progress)
    for one in looked:
        if isinstance(one, NewSource):
            came = next(read)
            yield one.read_as(came) if isinstance(came, Taken) else came
        else:
            yield one


def take_answered(
    catalogue: SourceCatalogue,
    file: Path,
    options: Options,
    before: Iterable[Taken],
    forms: Iterable[Shape],
) -> Taken:
    """A source read by options of its own, knowing what the same command learned of the files
    before it. Raises UserError.
    """
    interviews = (taken.interview for taken in before if taken.interview is not None)
    own = SourceCatalogue(catalogue.study, options, catalogue.snapshot, interviews, forms)
    return own.take(file, explicit=True)


def _forms_written(snapshot: Snapshot, forms: Iterable[Shape]) -> list[FileChange]:
    """`data/shapes.yaml` with these forms at its end. Raises UserError."""
    before = snapshot.bytes(SHAPES)
    text = snapshot.text(SHAPES) or ""
    standing = shapes.loads(text)[0]
    for form in forms:
        text = shapes.add(text, form)
    if shapes.loads(text) != ((*standing, *forms), []):
        raise UserError.at(
            SHAPES, None, "a form cannot be added here", "Look at the end of this file by hand"
        )
    return [FileChange(SHAPES, before, encode_keeping_bom(text, before))] if forms else []


def _readings(new: list[Taken]) -> list[Reading]:
    return [taken.reading for taken in new if taken.reading]


def idle_options(options: Options, shown: str, *readings: Reading) -> list[Problem]:
    """An error for each label, and for words that are no speaker, that no source has."""
    return [*_unseen_labels(options, shown, readings), *_idle_words(options, shown, readings)]


def _unseen_labels(options: Options, shown: str, readings: tuple[Reading, ...]) -> list[Problem]:
    seen = {label: None for reading in readings for label in reading.labels()}
    folded = {same(label).casefold() for label in seen}
    given = [
        *options.interviewers,
        *(p.rpartition("=")[0] or p for p in options.participants if p != EVERYONE),
    ]
    return [
        error(
            shown,
            None,
            f'no turn is labelled "{label}"',
            did_you_mean(label, seen) or f"The labels are {limits.some(seen)}",
            kind=Kind.UNSEEN_LABEL,
            about=label,
        )
        for label in given
        if same(label).casefold() not in folded
    ]


def _idle_words(options: Options, shown: str, readings: tuple[Reading, ...]) -> list[Problem]:
    """An error for words that are no speaker and that no line begins with."""
    asked = [words for words in options.not_speakers if words != EVERYONE]
    if not asked:
        return []
    lines = {
        same(line).strip().casefold()
        for reading in readings
        for text in (
            *(turn.text for turn in reading.turns),
            *(words for _, words in reading.left_out),
        )
        for line in text.split("\n")
    }
    return [
        error(
            shown,
            None,
            f'--not-a-speaker "{words}" finds nothing to do: no line begins so',
            "Leave it out, or is it the right file?",
        )
        for words in asked
        if not any(same(words).casefold() in line[: len(words) + 40] for line in lines)
    ]


def _changes(snapshot: Snapshot, new: list[Taken]) -> list[FileChange]:
    changes = []
    table, wrong = tables.loads_participants(snapshot.text(PARTICIPANTS) or "")
    if any(problem.is_error for problem in wrong):
        raise UserError(*wrong)
    people: list[str] = []
    for taken in new:
        interview = taken.interview
        assert interview is not None  # what is new was read
        if snapshot.bytes(taken.source) is None:
            changes.append(FileChange(taken.source, None, taken.content, taken.most))
        changes.append(
            FileChange(interview.path, None, transcripts.dumps(interview).encode(), taken.most)
        )
        record = tables.Ingested(
            {turn.id: hash_words(turn.text) for turn in interview.turns},
            digest(taken.content),
            shape=taken.reading.shape if taken.reading else NO_SHAPE,
        )
        changes.append(
            FileChange(f"{INGESTED}/{interview.name}.csv", None, record.dumps().encode())
        )
        people += [
            name for name in interview.participants if name not in table and name not in people
        ]
    return [*changes, *people_changes(snapshot, people)]


def people_changes(snapshot: Snapshot, people: list[str]) -> list[FileChange]:
    """`participants.csv` with a row for each of `people` that it lacks; nothing else in it changes.
    Raises UserError.
    """
    text = snapshot.text(PARTICIPANTS) or ""
    table = tables.loads_participants(text)[0]
    people = [name for name in dict.fromkeys(people) if name not in table]
    if not people:
        return []
    before = snapshot.bytes(PARTICIPANTS)
    text = tables.add_participants(text, people)
    if list(tables.loads_participants(text)[0]) != [*table, *people]:
        raise UserError.at(
            PARTICIPANTS,
            None,
            f"rows for {', '.join(people)} cannot be added here",
            "Add them by hand, then ingest again",
        )
    return [FileChange(PARTICIPANTS, before, encode_keeping_bom(text, before))]
