"""Stage 1 on disk: source files in; transcripts, the record of what was read, participants' rows and labels out.

All files of a command or none. A source that was ingested before is left alone when it says the same, and refused when
it does not.
"""

from __future__ import annotations

import os
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

from gtpipe import readers, settings as pipeline_yaml
from gtpipe.cache import ParsedFiles
from gtpipe.errors import Problem, UsageError, UserError, did_you_mean, error, note
from gtpipe.files import tables, transcripts, writing
from gtpipe.files.sheets import hash_words
from gtpipe.files.writing import Change, Entry
from gtpipe.model import INTERVIEWER, Interview, slug
from gtpipe.pipeline import Progress, encoded
from gtpipe.readers import Labels, Reading
from gtpipe.settings import Settings
from gtpipe.stages import ingest as stage
from gtpipe.stages.ingest import EVERYONE, Roles
from gtpipe.study import INGESTED, PARTICIPANTS, SOURCES, TRANSCRIPTS, Snapshot, Study

SOURCE_FORMAT = 1
_NOT_SOURCES = ("thumbs.db", "desktop.ini")


@dataclass(frozen=True)
class Options:
    """What the command says beside the files. `participants` may be `LABEL=NAME`; `*` is everybody not named otherwise."""

    interviewers: tuple[str, ...] = ()
    participants: tuple[str, ...] = ()
    not_speakers: tuple[str, ...] = ()
    as_name: str = ""
    date: str = ""
    skip_heading: bool = False
    dry_run: bool = False
    why: str = ""


@dataclass(frozen=True)
class Taken:
    """What became of one source: `known` when it stood already; else its reading and the interview made of it."""

    shown: str
    name: str
    known: bool
    reading: Reading | None = None
    interview: Interview | None = None
    content: bytes = b""
    source: str = ""
    problems: tuple[Problem, ...] = ()


@dataclass(frozen=True)
class Report:
    """All sources of a command, the paths that changed, and problems (errors only in a dry run)."""

    taken: tuple[Taken, ...]
    changed: tuple[str, ...] = ()
    problems: tuple[Problem, ...] = ()
    added_labels: dict[str, list[str]] = field(default_factory=dict)


def ingest(study: Study, files: list[Path], options: Options, progress: Progress = lambda message: None) -> Report:
    """Ingest `files`, or what is new in `data/sources/` when there are none.

    Raises UserError with every problem at once, and nothing written; UsageError when options do not fit together.
    """
    if len(files) != 1 and (options.as_name or options.date):
        raise UsageError(f"{'--as' if options.as_name else '--date'} goes with one FILE")
    if options.as_name and slug(options.as_name) != options.as_name:
        better = slug(options.as_name)
        raise UsageError("--as takes small letters, digits and hyphens" + (f", like {better}" if better else ""))
    if options.date:
        _check_date(options.date)
    if options.dry_run:
        return _plan(study, files, options, progress)[0]
    with writing.locked(study):
        report, changes = _plan(study, files, options, progress)
        errors = [p for p in report.problems if p.is_error]
        if errors:
            raise UserError(*errors)
        names = " ".join(taken.shown.rpartition("/")[2] for taken in report.taken if not taken.known)
        entry = Entry(f"ingest {names}".strip(), Snapshot(study).settings().default_coder, options.why)
        changed = writing.commit(study, changes, entry)
    return Report(report.taken, changed, report.problems, report.added_labels)


def _check_date(date: str) -> None:
    from datetime import date as Date

    try:
        Date.fromisoformat(date)
    except ValueError:
        raise UsageError(f'"{date}" is not a date: write it as 2026-03-02') from None


def _plan(study: Study, files: list[Path], options: Options, progress: Progress) -> tuple[Report, list[Change]]:
    snapshot = Snapshot(study)
    settings = snapshot.settings()
    roles = _roles(settings, options)
    sources = _own_sources(study)
    by_content = {snapshot.fingerprint(path): path for path in reversed(sources)}
    taken: list[Taken] = []
    problems: list[Problem] = []
    claimed: dict[str, str] = {}
    cache = ParsedFiles(study, "source", SOURCE_FORMAT)
    for file in files or [study.path(path) for path in sources]:
        progress(f"reading {file.name}")
        try:
            one = _take(study, snapshot, file, bool(files), roles, settings, options, by_content, cache)
        except UserError as exc:
            problems += exc.problems
            continue
        problems += one.problems
        if one.name in claimed and not (one.known and not files):
            problems.append(error(one.shown, None, f'{claimed[one.name]} would be the interview "{one.name}" too',
                                  "Ingest one of them by itself with --as NAME"))
            continue
        claimed[one.name] = one.shown
        taken.append(one)
    cache.save()
    new = [one for one in taken if not one.known]
    problems += _unseen_labels(options, new) if new else []
    added = _labels_to_add(settings, options, roles, new)
    report = Report(tuple(taken), problems=tuple(problems), added_labels=added)
    if any(problem.is_error for problem in problems) or not new:
        return report, []
    return report, _changes(study, snapshot, new, added)


def _roles(settings: Settings, options: Options) -> Roles:
    names: dict[str, str] = {}
    participants: list[str] = []
    for given in options.participants:
        label, equals, name = given.rpartition("=")
        label = label if equals else given
        if equals:
            names[label] = name.strip()
        participants.append(label.strip())
    interviewers = tuple(label.strip() for label in options.interviewers)
    for given, listed, role in (
        (interviewers, settings.participant_labels, "participant"),
        (participants, settings.interviewer_labels, "interviewer"),
    ):
        for label in given:
            if label.casefold() in {other.casefold() for other in listed}:
                raise UsageError(f'"{label}" is a label of the {role} in pipeline.yaml; change it there first')
    both = {label.casefold() for label in interviewers} & {label.casefold() for label in participants}
    if both:
        raise UsageError(f'"{sorted(both)[0]}" is given as interviewer and as participant')
    return Roles((*settings.interviewer_labels, *interviewers), (*settings.participant_labels, *participants),
                 names, options.not_speakers)


def _own_sources(study: Study) -> list[str]:
    return [path for path in study.files(SOURCES)
            if path.rpartition("/")[2].lower() not in _NOT_SOURCES and not path.rpartition("/")[2].startswith("~$")]


def _take(
    study: Study, snapshot: Snapshot, file: Path, explicit: bool, roles: Roles, settings: Settings, options: Options,
    by_content: dict[str | None, str], cache: ParsedFiles,
) -> Taken:
    shown = _shown(study, file, explicit)
    content = _bytes(file, shown)
    inside = _inside(study, file)
    name = options.as_name or slug(file.stem)
    if not name:
        raise UserError(error(shown, None, "no interview can be named after this file", "Give it a name with --as NAME"))
    target = inside or f"{SOURCES}/{options.as_name + file.suffix if options.as_name else file.name}"
    transcript, record = f"{TRANSCRIPTS}/{name}.md", f"{INGESTED}/{name}.csv"
    if snapshot.bytes(transcript) is not None or snapshot.bytes(record) is not None:
        return _known(study, snapshot, content, shown, name, settings, cache, explicit)
    twin = by_content.get(_fingerprint(content))
    if twin and twin != target and not options.as_name:
        other = slug(Path(twin).stem)
        if study.path(f"{TRANSCRIPTS}/{other}.md").exists():
            if not explicit:
                return Taken(shown, other, True)
            raise UserError(error(shown, None, f"this is the very content of {twin}, the interview {other}",
                                  "To have it as another interview all the same, give it --as NAME"))
    standing = snapshot.bytes(target)
    if not inside and standing is not None and standing != content:
        raise UserError(error(shown, None, f"{target} stands already, with other content", "Give this one --as NAME"))
    reading = readers.read(content, shown, roles.labels())
    interview, problems = stage.interview_of(
        reading, name, transcript, roles, date=options.date, source=target.rpartition("/")[2],
        skip_heading=options.skip_heading, source_path=shown,
    )
    if not problems:
        stored, wrong = transcripts.loads(transcripts.dumps(interview), transcript)
        lost = stage.lost_words(reading, stored) or next((p.what for p in wrong if p.is_error), "")
        if lost:
            problems.append(error(shown, None, f"refused, because words would be lost: {lost}",
                                  "Save the file as plain UTF-8 text, one label a turn, and try again"))
    return Taken(shown, name, False, reading, interview, content, target, tuple(problems))


def _shown(study: Study, file: Path, explicit: bool) -> str:
    return str(file) if explicit else os.path.relpath(file, study.root)


def _inside(study: Study, file: Path) -> str:
    """The file's path under `data/sources/`, '' when it lies elsewhere."""
    folder = Path(os.path.realpath(study.path(SOURCES)))
    real = Path(os.path.realpath(file))
    return f"{SOURCES}/{real.name}" if real.parent == folder else ""


def _bytes(file: Path, shown: str) -> bytes:
    try:
        if file.exists() and not file.is_file():
            raise UserError(error(shown, None, "this is a folder" if file.is_dir() else "this is no ordinary file",
                                  "Name the files in it" if file.is_dir() else "Name a transcript"))
        return file.read_bytes()
    except FileNotFoundError:
        near = did_you_mean(file.name, [f.name for f in file.parent.iterdir()]) if file.parent.is_dir() else ""
        raise UserError(error(shown, None, "no such file", near)) from None
    except OSError as exc:
        raise UserError(error(shown, None, f"this file cannot be read: {exc.strerror}",
                              "Look at its permissions")) from None


def _fingerprint(content: bytes) -> str:
    import hashlib

    return hashlib.sha256(content).hexdigest()


def _known(
    study: Study, snapshot: Snapshot, content: bytes, shown: str, name: str, settings: Settings, cache: ParsedFiles,
    explicit: bool,
) -> Taken:
    """The same words as were ingested under this name: nothing to do. Others: refused, or told when nobody asked."""
    transcript, record = f"{TRANSCRIPTS}/{name}.md", f"{INGESTED}/{name}.csv"
    kept = snapshot.text(record)
    if kept is None:
        if not explicit:
            return Taken(shown, name, True)
        raise UserError(error(shown, None, f"{transcript} stands already, and was not made by ingest",
                              "Give this file --as NAME"))
    labels = [*settings.interviewer_labels, *settings.participant_labels]
    text = snapshot.text(transcript)
    if text is not None:
        labels += transcripts.loads(text, transcript)[0].speakers
    if list(tables.loads_ingested(kept).values()) == _turn_hashes(content, shown, labels, cache):
        return Taken(shown, name, True)
    what = f'an interview "{name}" was ingested before, from other words'
    do = "To ingest this as another interview, give it --as NAME"
    if explicit:
        raise UserError(error(shown, None, what, do))
    told = note(shown, None, f"this is no longer what was ingested as {name}; the transcript stands as it is", do)
    return Taken(shown, name, True, problems=(told,))


def _turn_hashes(content: bytes, shown: str, labels: Iterable[str], cache: ParsedFiles) -> list[str]:
    labels = sorted(set(labels))
    key = _fingerprint("\n".join([_fingerprint(content), *labels]).encode())
    kept = cache.get([key]).get(key)
    if kept is None:
        try:
            reading = readers.read(content, shown, Labels(frozenset(labels), only_known=True))
        except UserError:
            return []
        kept = [hash_words(turn.text) for turn in reading.turns]
        cache.put(key, kept)
    return kept


def _unseen_labels(options: Options, new: list[Taken]) -> list[Problem]:
    seen = {label: taken.shown for taken in new if taken.reading for label in taken.reading.labels()}
    folded = {label.casefold() for label in seen}
    given = [*options.interviewers, *(p.rpartition("=")[0] or p for p in options.participants if p != EVERYONE)]
    return [
        error(new[0].shown, None, f'no turn is labelled "{label}"', did_you_mean(label, seen) or
              f"The labels are {', '.join(seen)}")
        for label in given if label.strip().casefold() not in folded
    ]


def _labels_to_add(settings: Settings, options: Options, roles: Roles, new: list[Taken]) -> dict[str, list[str]]:
    """Labels that pipeline.yaml does not list yet, by role, in order of appearance."""
    listed = {label.casefold() for label in (*settings.interviewer_labels, *settings.participant_labels)}
    added: dict[str, list[str]] = {}
    for taken in new:
        for label in taken.reading.labels() if taken.reading else ():
            role = roles.role(label)
            if role and label.casefold() not in listed:
                listed.add(label.casefold())
                added.setdefault(role, []).append(label)
    return added


def _changes(study: Study, snapshot: Snapshot, new: list[Taken], added: dict[str, list[str]]) -> list[Change]:
    changes = []
    table, wrong = tables.loads_participants(snapshot.text(PARTICIPANTS) or "")
    if any(problem.is_error for problem in wrong):
        raise UserError(*wrong)
    people: list[str] = []
    for taken in new:
        interview = taken.interview
        if snapshot.bytes(taken.source) is None:
            changes.append(Change(taken.source, None, taken.content))
        changes.append(Change(interview.path, None, transcripts.dumps(interview).encode()))
        rows = [(turn.id, hash_words(turn.text)) for turn in interview.turns]
        changes.append(Change(f"{INGESTED}/{interview.name}.csv", None, tables.dumps(("turn", "hash"), rows).encode()))
        people += [name for name in interview.participants if name not in table and name not in people]
    if people:
        before = snapshot.bytes(PARTICIPANTS)
        text = tables.add_participants(snapshot.text(PARTICIPANTS) or "", people)
        changes.append(Change(PARTICIPANTS, before, encoded(text, before)))
    if added:
        before = snapshot.bytes(pipeline_yaml.FILE)
        text = snapshot.text(pipeline_yaml.FILE) or ""
        for role, labels in added.items():
            text = pipeline_yaml.add_labels(text, role, labels)
        pipeline_yaml.loads(text)
        changes.append(Change(pipeline_yaml.FILE, before, encoded(text, before)))
    return changes


def not_ingested(study: Study) -> list[str]:
    """Files in `data/sources/` that no interview is named after."""
    return [path for path in _own_sources(study) if not _has_interview(study, slug(Path(path).stem))]


def _has_interview(study: Study, name: str) -> bool:
    return study.path(f"{TRANSCRIPTS}/{name}.md").exists() or study.path(f"{INGESTED}/{name}.csv").exists()


def role_of(interview: Interview, label: str) -> str:
    """For people: `interviewer`, or the participant a label stands for."""
    speaker = interview.speakers[label]
    return speaker if speaker == INTERVIEWER else f"participant {speaker}"
