"""The first page: what the study is, and the way to everything else; and the list of interviews."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import NamedTuple

from gtpipe.model.level import CATEGORY, FOCUSED, INITIAL, CodeRef
from gtpipe.model.plural import count
from gtpipe.render.codes import what_is_hidden
from gtpipe.render.report.places import (
    ACROSS,
    HISTORY,
    INCIDENTS,
    INTERVIEWS,
    LISTS,
    MEMOS,
    OVERVIEW,
    THEORY,
    Link,
)
from gtpipe.render.report.study import ReportedStudy
from gtpipe.render.report.templating import Page


class InterviewInList(NamedTuple):
    """An interview in the list: who speaks, when, and who coded it how often; of one participant's
    pages, nothing of others.
    """

    link: Link
    date: str
    participants: tuple[str, ...]
    attributes: tuple[tuple[str, str], ...]
    turns: int
    coded: tuple[str, ...]


class Way(NamedTuple):
    """A part of the report, by its page, and what is there."""

    path: str
    what: str


class Overview(NamedTuple):
    """`waiting` says what is to be judged, `hidden` what errors in files keep from being shown."""

    question: str
    counts: tuple[Link, ...]
    waiting: tuple[Link, ...]
    hidden: str
    ways: tuple[Way, ...]
    interviews: tuple[InterviewInList, ...]


def pages(reported: ReportedStudy) -> Iterator[Page]:
    listed = tuple(_interviews(reported))
    content = Overview(
        reported.corpus.settings.question,
        tuple(_counts(reported)),
        tuple(_waiting(reported)),
        what_is_hidden(reported.corpus),
        _ways(),
        listed,
    )
    yield Page(OVERVIEW, "overview.html", "Overview", OVERVIEW, content)
    yield Page(INTERVIEWS, "interviews.html", "Interviews", INTERVIEWS, listed)


def _counts(reported: ReportedStudy) -> Iterator[Link]:
    """How many there are of each thing, and where they are; of one participant's pages, those that
    are in them."""
    interviews, only = reported.interviews, reported.edition.only
    yield Link(count(len(interviews), "interview"), INTERVIEWS)
    if not only:
        speak = {name for interview in interviews for name in interview.participants}
        persons = reported.material.persons
        yield Link(persons.counted(speak) + persons.aside(speak))
        given = Counter(coding.coder for coding in reported.corpus.codings)
        named = reported.corpus.settings.researchers
        for coder in sorted(given):
            by = f" by {named.get(coder, coder)}" if coder else ""
            yield Link(count(given[coder], "coding") + by)
    for level in (INITIAL, FOCUSED, CATEGORY):
        number = len(reported.labels[level])
        if number or not only:
            path = THEORY if level == CATEGORY else LISTS[level]
            yield Link(count(number, level.noun, level.nouns), path)


def _waiting(reported: ReportedStudy) -> Iterator[Link]:
    """The focused codes under which incidents came that nobody has judged."""
    for label in reported.labels[FOCUSED]:
        thing = CodeRef(FOCUSED, label)
        waiting = reported.holdings.waiting(thing)
        if waiting:
            yield reported.link(thing)._replace(
                text=f"{label}: {count(len(waiting), 'incident')}", anchor=INCIDENTS
            )


def _ways() -> tuple[Way, ...]:
    return (
        Way(INTERVIEWS, "what was said, with the codes beside the words"),
        Way(LISTS[INITIAL], "each with its incidents side by side"),
        Way(LISTS[FOCUSED], "why each was chosen, what it takes up, what does not fit it"),
        Way(THEORY, "the model, the data structure, relations with what supports and contradicts"),
        Way(ACROSS, "groups, codes that stand together, what each interview brought"),
        Way(MEMOS, "what was thought, by date"),
        Way(HISTORY, "what changed, when, and why"),
    )


def _interviews(reported: ReportedStudy) -> Iterator[InterviewInList]:
    only = reported.edition.only
    given: dict[str, Counter[str]] = {}
    for coding in reported.corpus.codings:
        if only in ("", coding.participant):
            given.setdefault(coding.interview, Counter())[coding.coder] += 1
    for interview in reported.interviews:
        here = given.get(interview.name, Counter())
        yield InterviewInList(
            reported.places.interview(interview.name),
            interview.date,
            tuple(name for name in interview.participants if only in ("", name)),
            interview.attributes,
            sum(only in ("", interview.participant_of(id)) for id in interview.participant_ids),
            tuple(
                count(here[coder], "coding") + (f" by {coder}" if coder else "")
                for coder in sorted(here)
            ),
        )
