"""What a person names on the command line, found in the study: interview, turn, coder, code.

Every command that changes something begins here; each function raises UserError with the nearest
name where there is no such thing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Generic, NamedTuple, TypeVar

from gtpipe.analysis import references
from gtpipe.analysis.labels import old_label
from gtpipe.formats import code_line, naming, personal, row_edits
from gtpipe.model import anchor
from gtpipe.model.level import ALL_LEVELS, CATEGORY, FOCUSED, INITIAL, RELATION, Level
from gtpipe.model.names import one_line, slug
from gtpipe.model.problems import Problem, UserError, did_you_mean, in_shell, refusal
from gtpipe.model.procedures import Table
from gtpipe.model.real_names import NameList
from gtpipe.model.records import (
    NOWHERE,
    Comment,
    Incident,
    Interview,
    Named,
    SamplingDecision,
    Span,
    Turn,
)
from gtpipe.store import settings, who
from gtpipe.store.layout import TRANSCRIPTS, transcript_of
from gtpipe.store.transaction import Transaction
from gtpipe.study import Corpus, each_file

Entry = TypeVar("Entry", Comment, SamplingDecision)

_KINDS = {
    INITIAL: "an initial code",
    FOCUSED: "a focused code",
    CATEGORY: "a category",
    RELATION: "a relation",
}


def find_interview(corpus: Corpus, name: str) -> Interview:
    """The interview called `name`, or so when written as a file name. Raises UserError with the
    nearest name.
    """
    found = corpus.material.interviews.get(name) or corpus.material.interviews.get(slug(name))
    if found is None:
        broken = broken_files(corpus, transcript_of(slug(name)))
        names = interview_names(corpus)
        all_names = (
            f"The interviews are {', '.join(names)}"
            if names
            else "Ingest one with `gtpipe ingest FILE`"
        )
        no_interview = f'no interview "{name}" in this study'
        raise UserError(
            *(broken or [refusal(no_interview, did_you_mean(name, names) or all_names)])
        )
    return found


def find_turn(interview: Interview, id: str) -> Turn:
    turn = interview.turn(anchor.turns(id))
    if turn is None:
        raise UserError.of(*anchor.no_turn(id, interview))
    return turn


def incident_typed(typed: str) -> Incident:
    """The incident that `typed` names, as `jim 12` or `jim 12 "words"`; whether there is one is not
    asked.
    """
    problems: list[Problem] = []
    incident = naming.incident(typed.strip(), NOWHERE, problems)
    if incident is None:
        raise UserError(*(refusal(problem.what, problem.do) for problem in problems))
    return incident


def find_incident(corpus: Corpus, typed: str) -> tuple[Incident, Interview]:
    """The incident that `typed` names, and its interview. Raises UserError unless it is there,
    once.
    """
    incident = incident_typed(typed)
    interview = find_interview(corpus, incident.interview)
    turn = find_turn(interview, incident.turn)
    if incident.words is not None:
        check_words(incident.words, turn, interview)
    return Incident(interview.name, turn.id, incident.words, NOWHERE), interview


def interview_names(corpus: Corpus) -> list[str]:
    """The names of all interviews, those that cannot be read as well."""
    return [
        path.rpartition("/")[2].removesuffix(".md")
        for path in corpus.snapshot.files(TRANSCRIPTS, ".md")
    ]


def broken_files(corpus: Corpus, path: str = "") -> list[Problem]:
    """The errors that keep a file from being read: of all files, or of the one at `path`."""
    return [
        problem for problem in corpus.unreadable if problem.is_error and path in ("", problem.path)
    ]


class Book(NamedTuple, Generic[Entry]):
    """Rows that each person has a file of: the first file, the table they stand in, and how they
    are read as records; `shown` says where their numbers are.
    """

    path: str
    table: Table
    loads: Callable[[str, str], tuple[tuple[Entry, ...], list[Problem]]]
    shown: str


def fill_in(
    change: Transaction, corpus: Corpus, book: Book[Entry], number: int, values: Mapping[str, str]
) -> Entry:
    """Fill `values` in, those that say anything, in row `number` of all; the row as it was.

    Raises UserError where a file cannot be read, there is no such row, or it says that already.
    """
    standing, problems = each_file(corpus.snapshot, book.path, book.loads)
    if problems:
        raise UserError(*problems)
    noun = book.table.noun
    if not 1 <= number <= len(standing):
        has = (
            f"They go from 1 to {len(standing)}; {book.shown}" if standing else "There is none yet"
        )
        raise UserError.at(book.path, None, f"no {noun} {number}", has)
    entry, values = standing[number - 1], {name: said for name, said in values.items() if said}
    for name in values:
        if old := getattr(entry, name.replace("-", "_")):
            what = f'{noun} {number} says already under "{name}": {one_line(old)}'
            raise UserError.at(*entry.where, what, "Change it there by hand")
    path = entry.where.path
    place = personal.place_in_file(number, [one.where.path for one in standing])
    change.write(path, row_edits.fill_in(change.text(path), path, book.table, place, values))
    return entry


def find_coder(corpus: Corpus, by: str) -> str:
    """Initials of who writes (`store.who`).

    Raises UserError where nobody is named so, or nothing says who.
    """
    return who.find(corpus.study, corpus.settings.researchers, by)


def find_names(corpus: Corpus) -> NameList:
    """The study's list of real names. Raises UserError where it has none, or something is wrong
    with it.
    """
    from gtpipe.sources.look_for_names import list_of  # few commands need it

    if not corpus.settings.names:
        do = "Say where it is with `privacy: names: ~/keys/study.txt`"
        raise UserError.at(settings.FILE, None, "this study has no list of names", do)
    names, problems = list_of(corpus.study, corpus.settings)
    if any(problem.is_error for problem in problems):
        raise UserError(*(problem for problem in problems if problem.is_error))
    return names


def label_problem(label: str) -> Problem | None:
    why = code_line.why_not_a_label(label)
    return refusal(why, "Write it on one line") if why else None


def check_words(words: str, turn: Turn, interview: Interview) -> Span:
    """Where `words` stand in the turn. Raises UserError unless they do, once."""
    span = anchor.find(words, turn, interview, NOWHERE)
    if isinstance(span, Problem):
        raise UserError(span)
    return span


def find_named(
    corpus: Corpus, typed: str, levels: tuple[Level, ...] = ALL_LEVELS, command: str = ""
) -> tuple[Named, str]:
    """The code, focused code, category or relation that `typed` names, with its level in front
    where it stands on several.

    The remark says so. Raises UserError for an old label, with the `command` to type, and with the
    nearest name where there is none.
    """
    named = naming.named_as(one_line(typed), NOWHERE)
    standing = [level for level in corpus.names.levels(named) if level in levels]
    if not standing:
        now = corpus.names.now(named, levels)
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
        wanted = (level for level in levels if named.level in ("", level))
        raise corpus.missing(corpus.names.no_code(named.label, wanted))
    if named.level or len(standing) == 1:
        return named, ""
    level = corpus.names.level(named)
    others = " and ".join(_KINDS[other] for other in standing if other != level)
    return named._replace(level=level), f'"{named.label}" is also {others}; the {level} is meant'


def nothing_called(
    corpus: Corpus, named: Named, kinds: str, everything: Iterable[str]
) -> list[Problem]:
    """That nothing is called so, no code, category or incident, and none of the other `kinds`; or
    what is wrong with the words of an incident. `everything` are the names that could be meant.
    """
    incident = None if named.level else naming.incident(named.label, NOWHERE, [])
    if incident is not None and incident.interview in corpus.material.interviews:
        problems: list[Problem] = []
        references.placed(incident, corpus.material, problems)
        if problems:
            return problems
    unread = broken_files(corpus)
    near = did_you_mean(named.label, everything) or (
        "It may stand in a file that cannot be read"
        if unread
        else 'An incident is written as `jim 2` or `jim 2 "words of the turn"`; '
        "a thought of your own as `idea: …`"
    )
    what = f'no code, {CATEGORY.noun}, {kinds} or incident "{named.label}" in this study'
    return [refusal(what, near), *unread]


def by_option(corpus: Corpus, coder: str) -> str:
    return f" --by {coder}" if coder != corpus.settings.default_coder else ""
