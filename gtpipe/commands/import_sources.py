"""The sources of another program's project, ingested as any file is: each text is written to a
temporary file of its name, and planned by `commands.ingest`.
"""

from __future__ import annotations

import re
import tempfile
from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path

from gtpipe.analysis.speakers import person
from gtpipe.commands.ingest import Answered, IngestReport, plan
from gtpipe.exchange.records import Case, Loss, Project, Source
from gtpipe.formats import tables, transcripts
from gtpipe.model.names import is_date, is_portable, one_line, slug
from gtpipe.model.problems import (
    Kind,
    Problem,
    UsageError,
    UserError,
    did_you_mean,
    error,
    in_shell,
)
from gtpipe.model.records import INTERVIEWER, Interview, Progress
from gtpipe.model.shape import ABOVE
from gtpipe.sources.options import Options
from gtpipe.store.layout import (
    INGESTED,
    PARTICIPANTS,
    TRANSCRIPTS,
    Snapshot,
    Study,
    digest,
    transcript_of,
)
from gtpipe.store.transaction import FileChange
from gtpipe.text import yamltext

_ENDINGS = re.compile(r"\.(txt|docx?|odt|rtf|pdf|md|html?|vtt|srt|csv|xlsx|mp3|mp4|wav|m4a)$", re.I)
_LABEL = re.compile(r"^[^\w\n]*([^\W\d_][^:\n]{0,40}):\s", re.M)
_LONGEST = 80  # characters of a file's name


@dataclass(frozen=True)
class Ingested:
    """The interview of each source by its id; those that are new; the files to write, and notes."""

    interviews: dict[str, Interview]
    new: frozenset[str] = frozenset()
    changes: tuple[FileChange, ...] = ()
    losses: tuple[Loss, ...] = ()
    problems: tuple[Problem, ...] = ()


def ingest_sources(
    study: Study,
    snapshot: Snapshot,
    project: Project,
    shown: str,
    options: Options,
    names: dict[str, str],
    most: int,
    progress: Progress,
) -> Ingested:
    """What becomes of the sources. `names` says what a source's interview is called; `most` is what
    the file that they come from is open to. Raises UserError with all that ingest must be told
    first, UsageError for a name that no interview can have.
    """
    for name in names.values():
        if slug(name) != name:
            raise UsageError(f"--as …={name}: small letters, digits and hyphens, like {slug(name)}")
    losses, files, of_file = [], [], {}
    named = _interview_names(project, snapshot, names)
    standing = [source for source in project.sources if not source.text.strip()]
    quoted = {coding.source for coding in project.codings if coding.words}
    with tempfile.TemporaryDirectory(prefix="gtpipe-import-") as folder:
        for source in project.sources:
            if not source.text.strip():
                continue
            file = Path(folder) / f"{named[source.id]}.txt"
            file.write_text(source.text, encoding="utf-8", newline="\n")
            file.chmod(most)
            files.append(file)
            of_file[str(file)] = source
        report, changes = _planned(study, files, of_file, options, shown, progress)
    problems = tuple(_in_words(one, of_file, shown) for one in report.problems)
    if any(one.is_error for one in problems):
        raise UserError(*(one for one in problems if one.is_error))
    spelt = {
        person(name): name
        for name in tables.loads_participants(snapshot.text(PARTICIPANTS) or "")[0]
    }
    cases = tuple(
        case._replace(name=spelt.get(person(case.name), case.name)) for case in project.cases
    )
    found: dict[str, Interview] = {}
    new = set()
    renamed: dict[str, Interview] = {}
    for taken in report.taken:
        source = of_file[taken.shown]
        if taken.known or taken.interview is None:
            found[source.id] = _standing(snapshot, taken.name)
            continue
        interview = _with_front_matter(taken.interview, source, cases, options)
        renamed[interview.path] = interview
        found[source.id] = transcripts.loads(transcripts.dumps(interview), interview.path)[0]
        new.add(source.id)
    missing = []
    for source in standing:
        interview_name = named[source.id]
        if snapshot.bytes(transcript_of(interview_name)) is not None:
            found[source.id] = _standing(snapshot, interview_name)
        elif source.id in quoted:
            missing.append(_no_interview(source, shown, snapshot))
        else:
            losses.append(Loss("source without words", source.name))
    if missing:
        raise UserError(*missing)
    return Ingested(
        found,
        frozenset(new),
        tuple(one for one in _rewritten(changes, renamed) if one.path != PARTICIPANTS),
        tuple(losses),
        problems,
    )


def _planned(
    study: Study,
    files: list[Path],
    of_file: dict[str, Source],
    options: Options,
    shown: str,
    progress: Progress,
) -> tuple[IngestReport, list[FileChange]]:
    """What ingest makes of the files. Where a source says itself who speaks, nobody else does: a
    line that begins like another speaker's is speech. Raises UserError.
    """
    if not files:  # ingest would look for new ones in the study
        return IngestReport(()), []
    answers = {file: _options_of(of_file[str(file)], options) for file in files}
    while True:
        own = {file: Answered(one) for file, one in answers.items() if one != options}
        try:
            report, changes = plan(study, files, options, own, progress)
            problems = report.problems
        except UserError as exc:
            report, changes, problems = None, [], exc.problems
        wrong = [one for one in problems if one.is_error]
        if report is not None and not wrong:
            return report, changes
        fewer = _without_labels_elsewhere(options, wrong, of_file.values())
        if fewer != options:
            return _planned(study, files, of_file, fewer, shown, progress)
        speech = {
            file: [one.about for one in wrong if one.path == str(file) and one.about]
            for file in files
            if speakers_said(of_file[str(file)])
        }
        more = {file: {*labels} - {*answers[file].not_speakers} for file, labels in speech.items()}
        if not any(more.values()):
            raise UserError(*(_in_words(one, of_file, shown) for one in wrong))
        for file, labels in more.items():
            spoken = (*answers[file].not_speakers, *sorted(labels))
            answers[file] = replace(answers[file], not_speakers=spoken)


def _without_labels_elsewhere(
    options: Options, wrong: Iterable[Problem], sources: Iterable[Source]
) -> Options:
    """The options without labels that no new source has, and one that stands already does: a label
    is given for all sources of a file.
    """
    unseen = {one.about for one in wrong if one.kind is Kind.UNSEEN_LABEL}
    elsewhere = {label for label in unseen if any(label in source.text for source in sources)}
    return replace(
        options,
        interviewers=tuple(one for one in options.interviewers if one not in elsewhere),
        participants=tuple(
            one for one in options.participants if (one.rpartition("=")[0] or one) not in elsewhere
        ),
    )


def _options_of(source: Source, options: Options) -> Options:
    """What is said of one source: who speaks, where it says so itself; who speaks throughout, where
    it names nobody.
    """
    said = speakers_said(source)
    if said:
        return replace(
            options,
            interviewers=tuple(label for label, who in said.items() if who == INTERVIEWER),
            participants=tuple(label for label, who in said.items() if who != INTERVIEWER),
            monologue="",
            answers=replace(options.answers, unlabelled=options.answers.unlabelled or ABOVE),
        )
    speech = {words.strip(" :").casefold() for words in options.not_speakers}
    if options.monologue and any(
        label.strip().casefold() not in speech for label in _LABEL.findall(source.text)
    ):
        return replace(options, monologue="")
    return options


def speakers_said(source: Source) -> dict[str, str]:
    """Who speaks, by label, where the description of a source says so as a transcript does; else
    nothing.
    """
    if not source.description.startswith("speakers: {"):
        return {}
    try:
        node = yamltext.parse(source.description, "")
    except UserError:
        return {}
    speakers = yamltext.pair_of(node, "speakers")
    return {
        label.value: yamltext.words_of(who)
        for label, who in yamltext.pairs(speakers and speakers[1])
    }


def _interview_names(project: Project, snapshot: Snapshot, names: dict[str, str]) -> dict[str, str]:
    """What the interview of each source is called: as said, as the one that has its very text, or
    after its name; of several of one name each has its own.
    """
    by_text = {
        tables.loads_ingested(snapshot.text(path) or "").source: path.rpartition("/")[2][:-4]
        for path in snapshot.files(INGESTED, ".csv")
    }
    by_text.pop("", None)
    folded = {one_line(name).casefold(): said for name, said in names.items()}
    found: dict[str, str] = {}
    taken: set[str] = set()
    for source in project.sources:
        name = folded.get(source.name.casefold(), "")
        if not name and source.text.strip():
            name = by_text.get(digest(source.text.encode()), "")
            name = "" if name in taken else name
        stem = name or _file_stem(source.name)
        number = 1
        while slug(stem if number == 1 else f"{stem}-{number}") in taken:
            number += 1
        found[source.id] = stem if number == 1 else f"{stem}-{number}"
        taken.add(slug(found[source.id]))
        if not source.text.strip():
            found[source.id] = slug(found[source.id])
    return found


def _file_stem(name: str) -> str:
    """A source's name as a file can be called on every computer."""
    stem = _ENDINGS.sub("", one_line(name))[:_LONGEST]
    stem = re.sub(r'[<>:"|?*/\\\x00-\x1f]', "-", stem).strip(". -")
    return stem if slug(stem) and is_portable(f"{stem}.txt") else slug(stem) or "source"


def _standing(snapshot: Snapshot, name: str) -> Interview:
    path = transcript_of(name)
    return transcripts.loads(snapshot.text(path) or "", path)[0]


def _with_front_matter(
    interview: Interview, source: Source, cases: tuple[Case, ...], options: Options
) -> Interview:
    """The interview with the source's variables, and its participants called as the cases are that
    the source belongs to.
    """
    variables = {name: one_line(value) for name, value in source.variables}
    said = speakers_said(source)
    date, schedule = variables.pop("date", ""), variables.pop("schedule", "")
    if date and not is_date(date):
        variables["date (variable)"] = date
    attributes = tuple(
        (f"{field} (variable)" if field in transcripts.FIELDS else field, value)
        for field, value in variables.items()
    )
    speakers = {
        label: said.get(label, name) if said else name for label, name in interview.speakers.items()
    }
    if not said:
        speakers |= _called_as_cases(interview, source, cases, options)
    return replace(
        interview,
        date=date if is_date(date) else "",
        schedule=schedule,
        speakers=speakers,
        attributes=attributes,
    )


def _called_as_cases(
    interview: Interview, source: Source, cases: tuple[Case, ...], options: Options
) -> dict[str, str]:
    """Label → the case that speaks so: the only one of a source with one participant, or the one
    that is called so.
    """
    given = {one.rpartition("=")[0] for one in options.participants if "=" in one}
    of = [case.name for case in cases if source.id in case.sources and case.name]
    spoken = {label: name for label, name in interview.speakers.items() if name != INTERVIEWER}
    is_alone = len({*spoken.values()}) == 1 and len(of) == 1
    found = {}
    for label, name in spoken.items():
        called = {case for case in of if is_alone or person(case) in (person(label), person(name))}
        if label not in given and len(called) == 1 and _may_be_called(*called):
            found[label] = called.pop()
    return found


def _may_be_called(name: str) -> bool:
    return name.isprintable() and name.casefold() != INTERVIEWER


def _rewritten(changes: list[FileChange], interviews: dict[str, Interview]) -> list[FileChange]:
    return [
        replace(one, after=transcripts.dumps(interviews[one.path]).encode())
        if one.path in interviews
        else one
        for one in changes
    ]


def _in_words(problem: Problem, of_file: dict[str, Source], shown: str) -> Problem:
    """A problem of a temporary file as one of the source in the file that the person named."""
    for file, source in of_file.items():
        if problem.path == file or file in problem.do or file in problem.what:
            do = problem.do
            if problem.kind is Kind.TWIN:
                do = "Without --as it is that one"
            elif file in do or "--as" in do:
                stem = slug(Path(file).stem)
                name = in_shell(f"{source.name}={stem}-2")
                do = f"Have it as another interview with --as {name}"
            return replace(problem, path=f"{shown}: {source.name}", do=do)
    return problem


def _no_interview(source: Source, shown: str, snapshot: Snapshot) -> Problem:
    standing = [
        path.rpartition("/")[2].removesuffix(".md") for path in snapshot.files(TRANSCRIPTS, ".md")
    ]
    as_name = in_shell(f"{source.name}=NAME")
    return error(
        shown,
        None,
        f'it has codings of "{source.name}" and not its words, and no interview is called so',
        did_you_mean(slug(source.name), standing)
        or f"Ingest its transcript first; or say which it is: --as {as_name}",
    )
