"""What a person decides about the theory, by command: negative cases, looks for them, who to seek next; and the evaluation.

Read, change the lines concerned, write; under the lock, with one line in the log, which never holds a participant's words.
"""

from __future__ import annotations

from typing import NamedTuple

from gtpipe.analysis import evaluation as criteria
from gtpipe.analysis.codings import stretch
from gtpipe.analysis.references import THINGS, old_label
from gtpipe.commands.edit import check_words, find_coder, find_interview, find_turn
from gtpipe.formats import evaluation, naming, personal, sampling, theory
from gtpipe.formats.evaluation import EvaluationAnswer
from gtpipe.model.problems import UserError, did_you_mean, error, in_shell
from gtpipe.model.records import (
    CATEGORY,
    FOCUSED,
    INITIAL,
    RELATION,
    Incident,
    Interview,
    Look,
    Named,
    NegativeCase,
    Where,
    one_line,
)
from gtpipe.store import transaction
from gtpipe.store.layout import EVALUATION, SAMPLING, THEORY, TRANSCRIPTS, Snapshot, Study
from gtpipe.store.transaction import Change, Entry, encoded
from gtpipe.study import Corpus, each_file, load

NOWHERE = Where("", 0)
_KINDS = {
    INITIAL: "an initial code",
    FOCUSED: "a focused code",
    CATEGORY: "a category",
    RELATION: "a relation",
}


class Written(NamedTuple):
    """An entry that was written: what it is about, as the file names it; and a word on what was typed, where one is needed."""

    about: str
    incident: str = ""
    remark: str = ""


# --- negative cases --------------------------------------------------------------------------------------------------


def add_negative_case(
    study: Study, incident: str, contradicts: str, led_to: str, *, note: str = "", by: str = ""
) -> Written:
    """One more negative case in `theory.yaml`: `incident` as typed (`jim 12 "words"`) contradicts something.

    Raises UserError, nothing written, when the incident or what it contradicts is not there, or the case stands already.
    """
    with transaction.locked(study):
        read = _whole(study)
        coder = find_coder(read, by)
        found, interview = _incident(read, incident)
        named, remark = find_named(
            read,
            contradicts,
            command=f"negative {in_shell(f'{found.interview} {found.turn}')} --contradicts {{}} "
            f"--led-to {led_to}",
        )
        for case in read.material.theory.negative_cases:
            if _means(read, case.contradicts) == _means(read, named) and _place(
                read, case.incident
            ) == _place(read, found):
                raise UserError(
                    error(
                        *case.where,
                        f'this negative case stands already: {found.address} contradicts "{named.label}"',
                        "Change what it led to, or its note, there by hand",
                    )
                )
        if not interview.participant(find_turn(interview, found.turn)):
            remark = "; ".join(filter(None, [remark, f"turn {found.turn} is the interviewer's"]))
        before = read.snapshot.bytes(THEORY)
        case = NegativeCase(found, named, led_to, NOWHERE, note.strip(), coder)
        after = theory.add_negative_case(read.snapshot.text(THEORY) or "", case)
        command = (
            f"negative {in_shell(f'{found.interview} {found.turn}')}{' …' if found.words else ''} "
            f"--contradicts {in_shell(_typed(named))} --led-to {led_to}{' --note …' if case.note else ''}"
        )
        transaction.commit(
            study,
            [Change(THEORY, before, encoded(after, before))],
            Entry(command + _by_whom(read, coder), coder),
        )
    return Written(_typed(named), found.address, remark)


def add_look(study: Study, looked_for: str, found: str, *, date: str, by: str = "") -> Written:
    """Note down that somebody looked for cases that do not fit: `found` is "none", an incident, or words.

    Raises UserError, nothing written, when there is no such thing or incident, or the look stands already.
    """
    with transaction.locked(study):
        read = _whole(study)
        coder = find_coder(read, by)
        named, remark = find_named(read, looked_for, command="negative --looked-for {} --found …")
        what = _found(read, one_line(found))
        for look in read.material.theory.looks:
            if (
                _means(read, look.looked_for),
                look.found and _said(look.found),
                look.by,
                look.date,
            ) == (_means(read, named), what and _said(what), coder, date):
                raise UserError(
                    error(
                        *look.where,
                        f'this look for cases against "{named.label}" stands already, on {date}',
                        "Nothing needs to be written",
                    )
                )
        before = read.snapshot.bytes(THEORY)
        after = theory.add_look(
            read.snapshot.text(THEORY) or "", Look(named, what, coder, date, NOWHERE)
        )
        told = (
            "none"
            if what is None
            else in_shell(f"{what.interview} {what.turn}")
            if isinstance(what, Incident)
            else "…"
        )
        command = f"negative --looked-for {in_shell(_typed(named))} --found {told}"
        transaction.commit(
            study,
            [Change(THEORY, before, encoded(after, before))],
            Entry(command + _by_whom(read, coder), coder),
        )
    return Written(_typed(named), what.address if isinstance(what, Incident) else "", remark)


def find_named(
    read: Corpus, typed: str, levels: tuple[str, ...] = (*THINGS, RELATION), command: str = ""
) -> tuple[Named, str]:
    """The code, focused code, category or relation that `typed` names, with its level in front where it stands on several.

    The remark says so. Raises UserError for an old label, with the `command` to type, and with the
    nearest name where there is none.
    """
    named = naming.named_as(one_line(typed), NOWHERE)
    standing = [level for level in read.names.levels(named) if level in levels]
    if not standing:
        now = read.names.now(named, levels)
        if now:
            raise UserError(
                old_label(
                    named.label,
                    now,
                    command.replace(
                        "{}", in_shell(f"{named.level}: {now}" if named.level else now)
                    ),
                )
            )
        unread = [problem for problem in read.unreadable if problem.is_error]
        known = sorted(
            {
                label
                for level in levels
                for label in read.names.known[level]
                if named.level in ("", level)
            }
        )
        kinds = "code, category or relation" if RELATION in levels else "code or category"
        raise UserError(
            error(
                "the study",
                None,
                f'no {kinds} "{named.label}"',
                did_you_mean(named.label, known)
                or (
                    "It may stand in a file that cannot be read"
                    if unread
                    else "`gtpipe codes list` shows the codes"
                ),
            ),
            *unread,
        )
    if named.level or len(standing) == 1:
        return named, ""
    level = read.names.level(named)
    others = " and ".join(_KINDS[other] for other in standing if other != level)
    return named._replace(level=level), f'"{named.label}" is also {others}; the {level} is meant'


def _whole(study: Study) -> Corpus:
    """The study, where the theory can be read."""
    read = load(study)
    broken = [problem for problem in read.unreadable if problem.is_error and problem.path == THEORY]
    if broken:
        raise UserError(*broken)
    return read


def _incident(read: Corpus, typed: str) -> tuple[Incident, Interview]:
    """The incident, its words as they were typed but for white space. Raises UserError unless it is there, once."""
    problems: list = []
    found = naming.incident(typed.strip(), Where("the incident", 0), problems)
    if found is None:
        raise UserError(
            *(error("the incident", None, problem.what, problem.do) for problem in problems)
        )
    interview = find_interview(read, found.interview)
    turn = find_turn(interview, found.turn)
    if found.words is not None:
        check_words(found.words, turn, interview)
    words = None if found.words is None else one_line(found.words)
    return Incident(interview.name, turn.id, words, NOWHERE), interview


def _found(read: Corpus, typed: str) -> Incident | str | None:
    """What a look came to. Words that begin with an interview's name are meant as an incident, and must be one."""
    if not typed or typed.casefold().rstrip(".") == "none":
        return None
    incident = naming.incident(typed, NOWHERE, [])
    return (
        _incident(read, typed)[0]
        if incident and incident.interview in read.material.interviews
        else typed
    )


def _said(found: Incident | str) -> str:
    return found if isinstance(found, str) else found.address


def _typed(named: Named) -> str:
    return f"{named.level}: {named.label}" if named.level else named.label


def _means(read: Corpus, named: Named) -> tuple[str, str]:
    return (read.names.level(named), named.label)


def _place(read: Corpus, incident: Incident) -> tuple:
    interview = read.material.interviews.get(incident.interview)
    turn = interview.turn(incident.turn) if interview else None
    places = stretch(turn.text, incident.words) if turn and incident.words is not None else []
    return (incident.interview, incident.turn, places[0] if places else incident.words)


def _by_whom(read: Corpus, coder: str) -> str:
    return f" --by {coder}" if coder != read.settings.default_coder else ""


# --- sampling --------------------------------------------------------------------------------------------------------


def seek(
    study: Study, who: str, *, why: str = "", codes: tuple[str, ...] = (), date: str, by: str = ""
) -> tuple[str, int, list[str]]:
    """One more entry of the sampling: whom to seek next. Its file, its number among all, and words on labels typed.

    Raises UserError, nothing written, when a code is not there, or an open entry for this person stands already.
    """
    who, why = who.strip(), why.strip()
    if not who:
        raise UserError(
            error("the sampling", None, "it does not say who to seek", "Write it in quotes")
        )
    with transaction.locked(study):
        read = load(study)
        coder = find_coder(read, by)
        named, remarks, problems = [], [], []
        for code in codes:
            try:
                one, remark = find_named(read, code, THINGS, "sampling add … --for {}")
            except UserError as exc:
                problems += exc.problems
            else:
                named.append(_typed(one))
                remarks += [remark] if remark else []
        if problems:
            raise UserError(*dict.fromkeys(problems))
        path = personal.path_of(SAMPLING, coder, read.settings.default_coder)
        before = read.snapshot.bytes(path)
        after = sampling.add(
            read.snapshot.text(path) or "", who, why, list(dict.fromkeys(named)), coder, date, path
        )
        for one in read.material.sampling:
            if one.who == who and not one.done:
                raise UserError(
                    error(*one.where, "this is sought already", "Add to that entry by hand")
                )
        command = f"sampling add …{' --why …' if why else ''}{''.join(f' --for {in_shell(one)}' for one in named)}"
        transaction.commit(
            study,
            [Change(path, before, encoded(after, before))],
            Entry(command + _by_whom(read, coder), coder),
        )
    return (
        path,
        personal.number_after(path, (one.where.path for one in read.material.sampling), SAMPLING),
        remarks,
    )


def found_somebody(study: Study, number: int, done: str, *, by: str = "") -> tuple[str, str]:
    """Close entry `number` of the sampling with the interview it led to, or with words; its file, and who was sought.

    Raises UserError, nothing written, when there is no such entry, or it is closed already.
    """
    done = done.strip()
    if not done:
        raise UserError(
            error("the sampling", None, "it does not say what came of it", "Name the interview")
        )
    with transaction.locked(study):
        read = load(study, only=())
        coder = find_coder(read, by)
        standing, problems = each_file(read.snapshot, SAMPLING, sampling.loads)
        if problems:
            raise UserError(*problems)
        if not 1 <= number <= len(standing):
            has = (
                f"They go from 1 to {len(standing)}; `gtpipe sampling` shows those that are open"
                if standing
                else "There is none yet"
            )
            raise UserError(error(SAMPLING, None, f"no entry {number}", has))
        entry = standing[number - 1]
        if entry.done:
            raise UserError(
                error(
                    *entry.where,
                    f"entry {number} is done already: {one_line(entry.done)}",
                    "Change it there by hand",
                )
            )
        names = [
            path.rpartition("/")[2].removesuffix(".md")
            for path in read.snapshot.files(TRANSCRIPTS, ".md")
        ]
        if " " not in done and done not in names:
            raise UserError(
                error(
                    TRANSCRIPTS,
                    None,
                    f'no interview "{done}"',
                    did_you_mean(done, names)
                    or "Ingest it first; or say in several words what came of it",
                )
            )
        path, place = (
            entry.where.path,
            personal.place_in_file(number, [one.where.path for one in standing]),
        )
        before = read.snapshot.bytes(path)
        after = sampling.close(read.snapshot.text(path) or "", place, done, path)
        told = done if done in names else "…"
        transaction.commit(
            study,
            [Change(path, before, encoded(after, before))],
            Entry(f"sampling done {number} {told}" + _by_whom(read, coder), coder),
        )
    return path, one_line(entry.who)


# --- evaluation ------------------------------------------------------------------------------------------------------


def evaluate(study: Study, by: str = "") -> tuple[str, list[EvaluationAnswer], str]:
    """Make `evaluation.md`, or lay its pointers out anew: `new`, `refreshed` or ''.

    Beside it every question with its answer, and who wrote.

    Raises UserError, nothing written, when a marker in it is damaged, or errors in the study hide material.
    """
    with transaction.locked(study):
        read = load(study)
        before = read.snapshot.bytes(EVALUATION)
        text = read.snapshot.text(EVALUATION)
        answered = evaluation.answers(text) if text is not None else []
        if read.hiding():
            raise UserError(*read.hiding())
        pointers = criteria.pointers(read.material, read.codings, read.current, read.names)
        after = evaluation.page(pointers) if text is None else evaluation.refreshed(text, pointers)
        change = Change(EVALUATION, before, encoded(after, before))
        coder = find_coder(read, by) if after != text else ""
        changed = transaction.commit(study, [change], Entry("evaluation", coder))
    done = "" if not changed else "new" if before is None else "refreshed"
    return done, answered or evaluation.answers(after), coder


def answers(study: Study) -> list[EvaluationAnswer]:
    """Every question with its answer, as the file stands; nothing is written. Raises UserError where a marker is damaged."""
    text = Snapshot(study).text(EVALUATION)
    return evaluation.answers(text or "")
