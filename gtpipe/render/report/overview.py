"""The first page: what the study is, and the way to everything else; and the list of interviews."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import NamedTuple

from gtpipe.model.plural import count
from gtpipe.render.report.places import INTERVIEWS, OVERVIEW, Link
from gtpipe.render.report.study import ReportedStudy
from gtpipe.render.report.templating import Page


class InterviewInList(NamedTuple):
    """An interview in the list: who speaks, when, and who coded it how often."""

    link: Link
    date: str
    participants: tuple[str, ...]
    attributes: tuple[tuple[str, str], ...]
    turns: int
    coded: tuple[str, ...]


class Overview(NamedTuple):
    question: str
    counts: tuple[str, ...]
    interviews: tuple[InterviewInList, ...]


def pages(reported: ReportedStudy) -> Iterator[Page]:
    listed = tuple(_interviews(reported))
    content = Overview(reported.corpus.settings.question, (), listed)
    yield Page(OVERVIEW, "overview.html", "Overview", OVERVIEW, content)
    yield Page(INTERVIEWS, "interviews.html", "Interviews", INTERVIEWS, listed)


def _interviews(reported: ReportedStudy) -> Iterator[InterviewInList]:
    given = Counter((coding.interview, coding.coder) for coding in reported.corpus.codings)
    for interview in reported.interviews:
        coders = sorted(coder for name, coder in given if name == interview.name)
        yield InterviewInList(
            reported.places.interview(interview.name),
            interview.date,
            interview.participants,
            interview.attributes,
            len(interview.participant_ids),
            tuple(
                count(given[interview.name, coder], "coding") + (f" by {coder}" if coder else "")
                for coder in coders
            ),
        )
