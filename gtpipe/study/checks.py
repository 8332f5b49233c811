"""What must hold in a study: one function for each thing, `(study) -> problems`.

The docstring of a check says what must hold. CHECKS gives the errors, and the notes that a file
gives rise to by itself; NOTES what is worth knowing across files. To add a check, write the
function and put its name into the list.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace

from gtpipe.analysis import (
    coding_checks,
    ethics,
    focused_codes,
    framework,
    memos,
    procedures,
    schedules,
    theoretical_sampling,
    theory,
)
from gtpipe.formats import personal, shapes, sheets, withdrawn
from gtpipe.model import anchor
from gtpipe.model.plural import count
from gtpipe.model.problems import (
    NOTE,
    Kind,
    Problem,
    UserError,
    error,
    in_file_order,
    in_shell,
    note,
)
from gtpipe.model.records import Where
from gtpipe.sources.standing import not_as_ingested
from gtpipe.store import log, settings
from gtpipe.store.layout import (
    COMMENTS,
    DATA,
    DIARY,
    ETHICS,
    FOCUSED_CODES,
    INGESTED,
    LOG,
    MEMOS,
    PARTICIPANTS,
    SAMPLING,
    SCHEDULE,
    SHAPES,
    SHEETS,
    THEORY,
    TRANSCRIPTS,
    named_in,
    transcript_of,
)
from gtpipe.store.settings import no_researcher
from gtpipe.study import gone
from gtpipe.study.records import BESIDE, StudyRecords

Check = Callable[[StudyRecords], Iterable[Problem]]


def problems(study: StudyRecords) -> tuple[Problem, ...]:
    """All errors, and the notes a file gives rise to by itself, in order."""
    return in_file_order(problem for check in CHECKS for problem in check(study))


def notes(study: StudyRecords) -> tuple[Problem, ...]:
    """What is worth knowing across files, in order; nothing of files that cannot be read."""
    return tuple(
        problem
        for problem in in_file_order(problem for check in NOTES for problem in check(study))
        if problem.path not in study.broken
    )


# --- what must hold -------------------------------------------------------------------------------


def files_can_be_read(study: StudyRecords) -> Iterable[Problem]:
    """Each file is what its name says."""
    return study.unreadable


def files_belong_together(study: StudyRecords) -> Iterable[Problem]:
    """A sheet has its interview, a coder a line under `researchers`, a speaker a participant.

    What cannot be read may be what others name: its absence is not reported.
    """
    missing = {*study.broken, *(transcript_of(name) for name in study.gone)}
    researchers = study.settings.researchers
    problems = [
        *coding_checks.sheets_are_of_interviews(study.material, researchers),
        *coding_checks.speakers_are_participants(study.material),
        *coding_checks.participants_speak(study.material),
        *coding_checks.one_person_is_several_participants(study.material),
        *_files_of_strangers(study),
    ]
    return [problem for problem in problems if not _because_of(problem, missing)]


def _because_of(problem: Problem, unreadable: set[str]) -> bool:
    if PARTICIPANTS in unreadable and problem.kind is Kind.NO_PARTICIPANT:
        return True
    if settings.FILE in unreadable and problem.kind is Kind.NO_RESEARCHER:
        return True
    interview = named_in(problem.path)
    if problem.path.startswith(SHEETS) and transcript_of(interview) in unreadable:
        return True
    return problem.path == PARTICIPANTS and any(path.startswith(TRANSCRIPTS) for path in unreadable)


def _files_of_strangers(study: StudyRecords) -> list[Problem]:
    """Files of one person's rows by initials that nobody has: a copy, or a slip."""
    known = study.settings.researchers
    books = [
        f"{DATA}/{table.file}"
        for one in study.material.procedures.values()
        for table in one.schema.tables
        if table.per_person
    ]
    return [
        no_researcher(
            path, None, initials, known, "Add the person there; or, if this is a copy, move it away"
        )
        for book in (COMMENTS, SAMPLING, *books)
        for path in personal.paths(study.snapshot.files(DATA), book)
        if (initials := personal.initials_of(path, book)) and initials not in known
    ]


def stretches_stand_once(study: StudyRecords) -> Iterable[Problem]:
    """The turn of each coding is there, and its words stand in it once."""
    return study.coded[1]


def codes_stand_apart_from_the_words(study: StudyRecords) -> Iterable[Problem]:
    """A copy of the words ends with the turn, unless the transcript was shortened since."""
    for sheet, entry, turn in coding_checks.other_copies(study.material, sheets.hash_words):
        ingested = study.ingested(sheet.interview)
        if ingested and ingested.had(turn.id, entry.words_hash):
            continue
        problem = coding_checks.more_than_the_turn(sheet, entry, turn, study.copy(sheet, entry))
        if problem:
            yield problem


def sheets_are_still_there(study: StudyRecords) -> Iterable[Problem]:
    """A sheet that the log knows is there: an empty one must not take its place."""
    return study.sheets_gone


def names_lead_somewhere(study: StudyRecords) -> Iterator[Problem]:
    """What an entry names is there; of a transcript that is gone it is said once what
    hangs on it.
    """
    absent = _named_and_not_there(study)
    hanging = {name: [p for p in absent if _names(p, name)] for name in study.gone}
    for name, problems in hanging.items():
        yield _hangs_on(study, name, problems)
    for problem in absent:
        if not any(problem in problems for problems in hanging.values()):
            yield problem


def _named_and_not_there(study: StudyRecords) -> list[Problem]:
    """What focused codes, theory, memos and others name in vain; not asked while files that they
    name things of cannot be read.
    """
    material, labels = study.material, study.names_and_of_gone
    of_rows = (path for one in material.procedures.values() for path in one.paths)
    broken = study.broken - {settings.FILE, PARTICIPANTS, *BESIDE, *of_rows}
    if study.sheets_gone or FOCUSED_CODES in broken or any(map(_is_named_by_others, broken)):
        return []
    unread = {path.rpartition("/")[2].removesuffix(".md") for path in broken}
    holdings = study.looking.holdings
    problems = focused_codes.problems(material, study.codings, labels, holdings)
    problems += [
        problem
        for problem in theory.problems(material, labels)
        if not (problem.kind is Kind.NO_MEMO and problem.about in unread)
    ]
    if THEORY not in broken:
        problems += [
            *(p for p in memos.problems(material, labels) if p.about not in unread),
            *schedules.problems(material, labels),
            *memos.diary_problems(material),
            *_signed_by_strangers(study),
            *theoretical_sampling.problems(material, labels),
            *(() if PARTICIPANTS in study.broken else procedures.problems(material, labels)),
        ]
    return problems


def _is_named_by_others(path: str) -> bool:
    """Whether what stands in a file is what focused codes, theory, memos and comments name."""
    return not (
        path in (FOCUSED_CODES, THEORY)
        or path.startswith((MEMOS, DIARY, SCHEDULE, INGESTED))
        or any(personal.is_of(path, book) for book in (COMMENTS, SAMPLING))
    )


def _names(problem: Problem, interview: str) -> bool:
    """Whether a problem says that an interview, or an incident in it, is not there."""
    if problem.kind is not Kind.NO_SUCH_NAME:
        return False
    incident = anchor.parse(problem.about)
    return interview == (problem.about if incident is None else incident.interview)


def _hangs_on(study: StudyRecords, name: str, elsewhere: list[Problem]) -> Problem:
    """That a transcript is gone, once, and how much hangs on it."""
    own = [sheet for sheet in study.material.sheets if sheet.interview == name]
    codes = sum(len(entry.codes) for sheet in own for entry in sheet.entries)
    hangs = [f"{count(len(own), 'sheet')} with {count(codes, 'code')}"]
    if elsewhere:
        paths = sorted({problem.path for problem in elsewhere})
        places = f"{count(len(elsewhere), 'place')} in {', '.join(paths[:4])}"
        hangs.append(places + (f" and {len(paths) - 4} more" if len(paths) > 4 else ""))
    if any(row.interview == name for row in withdrawn.read(study.snapshot)):
        what = f"a participant withdrew from {name}, and here hang {', and '.join(hangs)}"
        return error(own[0].path, None, what, "Remove the sheets, and the lines that name it")
    return error(
        transcript_of(name),
        None,
        f"this transcript is gone; on it hang {', and '.join(hangs)}",
        f"Bring it back from git: `git restore {in_shell(transcript_of(name))}`",
    )


def _signed_by_strangers(study: StudyRecords) -> list[Problem]:
    """Initials under a decision or a memo that nobody has."""
    theory, material = study.material.theory, study.material
    signed: list[tuple[str, Where]] = [
        *((code.by, code.where) for code in material.focused.values()),
        *((case.by, case.where) for case in theory.negative_cases),
        *((look.by, look.where) for look in theory.looks),
        *((judgement.by, judgement.where) for judgement in theory.judgements),
        *((comment.by, comment.where) for comment in material.comments),
        *((sought.by, sought.where) for sought in material.sampling),
        *((memo.by, Where(memo.path, 1)) for memo in material.memos),
        *((named.label, named.where) for named in procedures.signed(material)),
    ]
    known = study.settings.researchers
    return [
        replace(no_researcher(*where, by, known), severity=NOTE)
        for by, where in signed
        if by and known and by not in known
    ]


def forms_of_sources_are_declared(study: StudyRecords) -> Iterable[Problem]:
    """Each form in `data/shapes.yaml` has a name and says what a form can say."""
    try:
        return shapes.loads(study.snapshot.text(SHAPES) or "")[1]
    except UserError as exc:
        return exc.problems


def promises_can_be_read(study: StudyRecords) -> Iterator[Problem]:
    """What was promised to participants is written in days, yes and no, and under its right
    name.
    """
    yield from study.ethics[1]
    other = ETHICS.replace(".yaml", ".yml")
    if other in study.snapshot.files(DATA):
        name = ETHICS.rpartition("/")[2]
        yield error(other, None, f"this is not read: the file is called {name}", "Rename it")


def log_can_be_read(study: StudyRecords) -> Iterable[Problem]:
    """Each line of the log is one that gtpipe writes."""
    return log.problems(study.snapshot.bytes(LOG) or b"")


CHECKS: tuple[Check, ...] = (
    files_can_be_read,
    files_belong_together,
    names_lead_somewhere,
    stretches_stand_once,
    codes_stand_apart_from_the_words,
    sheets_are_still_there,
    forms_of_sources_are_declared,
    promises_can_be_read,
    log_can_be_read,
)


# --- what is worth knowing across files -----------------------------------------------------------


def codes_are_told_apart(study: StudyRecords) -> Iterator[Problem]:
    """Codes in use are spelt in one way, and named as they are called today."""
    for check in coding_checks.OF_LABELS:
        yield from check(study.material, study.codings)
    yield from framework.numbers_tell_apart(study.material)


def copies_are_of_today(study: StudyRecords) -> Iterable[Problem]:
    """A sheet's copy of the words, and its speaker, are those of the transcript."""

    def recorded(interview: str) -> dict[str, str]:
        record = study.ingested(interview)
        return record.turns if record else {}

    return coding_checks.copies(study.material, sheets.hash_words, recorded, study.copy)


def sheets_have_the_turns(study: StudyRecords) -> Iterable[Problem]:
    """A sheet has an entry for each turn of a participant, and for no other unless so set."""
    return coding_checks.turns_and_entries(
        study.material, study.unread, study.settings.sheet_interviewer
    )


def lines_are_what_they_look_like(study: StudyRecords) -> Iterable[Problem]:
    """No line of a sheet that is read as a note or comment may have been meant as a code."""
    for sheet in study.material.sheets:
        if not sheet.is_plain:
            yield from sheets.remarks(
                study.snapshot.text(sheet.path) or "", sheet.path, sheet.entries
            )


def turns_are_still_there(study: StudyRecords) -> Iterator[Problem]:
    """Transcripts and turns that ingest wrote are there."""
    if study.no_turn_is_lost:
        return
    is_all_there = True
    for name, as_read in study.recorded.items():
        interview = study.material.interviews.get(name)
        gone = [id for id in as_read.turns if interview is None or id not in interview.position]
        is_all_there = is_all_there and interview is not None and not gone
        if name in study.gone or transcript_of(name) in study.broken:
            continue
        if interview is None:
            yield note(
                f"{INGESTED}/{name}.csv",
                None,
                f"the transcript of {name} is gone or cannot be read; "
                "this record of its ingest remains",
                "Bring the transcript back from git, or remove this file to ingest the source anew",
            )
            continue
        if gone:
            yield note(
                interview.path,
                None,
                f"turn {', '.join(gone[:12])}{' …' if len(gone) > 12 else ''} was ingested "
                "and is not here any more",
                "If it was not meant, bring its line `[ID] LABEL: …` back from git or from the "
                "source",
            )
    if is_all_there:
        study.keep_that_no_turn_is_lost()


def sources_are_as_ingested(study: StudyRecords) -> Iterator[Problem]:
    """A source is what was read; not asked while the settings cannot be read."""
    if settings.FILE in study.broken:
        return
    for path in not_as_ingested(study.study, study.snapshot)[1]:
        yield note(
            path,
            None,
            "this source is no longer what was ingested; the transcript stands as it is",
            f"To bring its corrections in, `gtpipe ingest --correct {in_shell(path)}`; to have it "
            f"as another interview, `gtpipe ingest {in_shell(path)} --as NAME`",
        )


def nobody_is_quoted_who_is_gone(study: StudyRecords) -> Iterator[Problem]:
    """What is laid out quotes nobody who is gone, whatever stage is off or cannot run: an error,
    looked for across files.
    """
    left = gone.interviews(study.study, study.snapshot)
    paths = [*gone.naming(study.study, study.snapshot, left, gone.turns(study))]
    if paths:
        others = f" and {count(len(paths) - 1, 'other file')} there" if len(paths) > 1 else ""
        yield error(
            paths[0],
            None,
            f"this{others} still quote{'' if others else 's'} somebody who is gone from the study",
            "`gtpipe run` lays it out anew, or takes it away",
        )


def consents_are_of_participants(study: StudyRecords) -> Iterable[Problem]:
    """Who consented is a participant; not asked while these cannot be read."""
    written = study.ethics[0]
    if written is None or any(
        path.startswith((TRANSCRIPTS, PARTICIPANTS)) for path in study.broken
    ):
        return ()
    return ethics.of_nobody(written, study.material)


def queries_come_to_the_same(study: StudyRecords) -> Iterable[Problem]:
    """What was written from a matrix query still has that before it."""
    if not study.material.procedures:
        return ()
    from gtpipe.study import queries

    return queries.stale(study)


NOTES: tuple[Check, ...] = (
    codes_are_told_apart,
    copies_are_of_today,
    sheets_have_the_turns,
    lines_are_what_they_look_like,
    turns_are_still_there,
    sources_are_as_ingested,
    nobody_is_quoted_who_is_gone,
    consents_are_of_participants,
    queries_come_to_the_same,
)
