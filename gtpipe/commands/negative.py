"""`gtpipe negative`: a negative case, or a search for one, written into `theory.yaml`."""

from __future__ import annotations

from typing import NamedTuple

from gtpipe.commands.look_up import (
    broken_files,
    by_option,
    find_coder,
    find_incident,
    find_named,
    find_turn,
)
from gtpipe.formats import naming, theory
from gtpipe.model import anchor
from gtpipe.model.names import one_line
from gtpipe.model.problems import Problem, UserError, in_shell
from gtpipe.model.records import NOWHERE, Incident, Interview, Look, Named, NegativeCase, Span
from gtpipe.store import transaction
from gtpipe.store.layout import THEORY, Study
from gtpipe.store.transaction import Transaction
from gtpipe.study import Corpus, load


class NegativeCaseWritten(NamedTuple):
    """An entry that was written: what it is about, as the file names it; and a word on what was
    typed, where one is needed.
    """

    about: str
    incident: str = ""
    remark: str = ""


def add_negative_case(
    study: Study, incident: str, contradicts: str, led_to: str, *, note: str = "", by: str = ""
) -> NegativeCaseWritten:
    """One more negative case in `theory.yaml`: `incident` as typed (`jim 12 "words"`) contradicts
    something.

    Raises UserError, nothing written, when the incident or what it contradicts is not there, or the
    case stands already.
    """
    with transaction.change(study) as change:
        corpus = _whole(change)
        coder = find_coder(corpus, by)
        found, interview = _incident(corpus, incident)
        named, remark = find_named(
            corpus,
            contradicts,
            command=f"negative {in_shell(f'{found.interview} {found.turn}')} --contradicts {{}} "
            f"--led-to {in_shell(led_to)}",
        )
        for case in corpus.material.theory.negative_cases:
            if _means(corpus, case.contradicts) == _means(corpus, named) and _place(
                corpus, case.incident
            ) == _place(corpus, found):
                raise UserError.at(
                    *case.where,
                    f"this negative case is already recorded: {found.address} "
                    f'contradicts "{named.label}"',
                    "Change what it led to, or its note, there by hand",
                )
        if not interview.participant(find_turn(interview, found.turn)):
            remark = "; ".join(filter(None, [remark, f"turn {found.turn} is the interviewer's"]))
        case = NegativeCase(found, named, led_to, NOWHERE, note.strip(), coder)
        after = theory.add_negative_case(change.text(THEORY), case)
        command = (
            f"negative {in_shell(f'{found.interview} {found.turn}')}{' …' if found.words else ''} "
            f"--contradicts {in_shell(named.typed)} --led-to {in_shell(led_to)}"
            f"{' --note …' if case.note else ''}"
        )
        change.write(THEORY, after)
        change.log(command + by_option(corpus, coder), coder)
    return NegativeCaseWritten(named.typed, found.address, remark)


def add_look(
    study: Study, looked_for: str, found: str, *, date: str, by: str = ""
) -> NegativeCaseWritten:
    """Note down that somebody looked for cases that do not fit: `found` is "none", an incident, or
    words.

    Raises UserError, nothing written, when there is no such thing or incident, or the look stands
    already.
    """
    with transaction.change(study) as change:
        corpus = _whole(change)
        coder = find_coder(corpus, by)
        named, remark = find_named(corpus, looked_for, command="negative --looked-for {} --found …")
        what = _result_of(corpus, one_line(found))
        for look in corpus.material.theory.looks:
            if (
                _means(corpus, look.looked_for),
                look.found and _outcome(look.found),
                look.by,
                look.date,
            ) == (_means(corpus, named), what and _outcome(what), coder, date):
                raise UserError.at(
                    *look.where,
                    f'this look for cases against "{named.label}" is already recorded, on {date}',
                    "Nothing needs to be written",
                )
        after = theory.add_look(change.text(THEORY), Look(named, what, coder, date, NOWHERE))
        outcome = (
            "none"
            if what is None
            else in_shell(f"{what.interview} {what.turn}")
            if isinstance(what, Incident)
            else "…"
        )
        command = f"negative --looked-for {in_shell(named.typed)} --found {outcome}"
        change.write(THEORY, after)
        change.log(command + by_option(corpus, coder), coder)
    return NegativeCaseWritten(
        named.typed, what.address if isinstance(what, Incident) else "", remark
    )


def _whole(change: Transaction) -> Corpus:
    """The study, where the theory can be read."""
    corpus = load(change.study, change.snapshot)
    broken = broken_files(corpus, THEORY)
    if broken:
        raise UserError(*broken)
    return corpus


def _incident(corpus: Corpus, typed: str) -> tuple[Incident, Interview]:
    """The incident, its words as they were typed but for white space. Raises UserError unless it is
    there, once.
    """
    incident, interview = find_incident(corpus, typed)
    words = None if incident.words is None else one_line(incident.words)
    return incident._replace(words=words), interview


def _result_of(corpus: Corpus, typed: str) -> Incident | str | None:
    """What a look came to. Words that begin with an interview's name are meant as an incident, and
    must be one.
    """
    if not typed or typed.casefold().rstrip(".") == "none":
        return None
    incident = naming.incident(typed, NOWHERE, [])
    return (
        _incident(corpus, typed)[0]
        if incident and incident.interview in corpus.material.interviews
        else typed
    )


def _outcome(found: Incident | str) -> str:
    return found if isinstance(found, str) else found.address


def _means(corpus: Corpus, named: Named) -> tuple[str, str]:
    return (corpus.names.level(named), named.label)


def _place(corpus: Corpus, incident: Incident) -> tuple[str, str, Span | str | None]:
    interview = corpus.material.interviews.get(incident.interview)
    turn = interview.turn(incident.turn) if interview else None
    place: Span | str | None = incident.words
    if interview and turn and incident.words is not None:
        found = anchor.find(incident.words, turn, interview, NOWHERE)
        place = incident.words if isinstance(found, Problem) else found
    return (incident.interview, incident.turn, place)
