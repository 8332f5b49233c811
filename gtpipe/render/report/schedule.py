"""The versions of the interview schedule: who was asked, which questions came and went, and why."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise
from typing import NamedTuple

from gtpipe.analysis import schedules
from gtpipe.model.records import ScheduleVersion
from gtpipe.render.report import about
from gtpipe.render.report.places import ACROSS, Link
from gtpipe.render.report.study import ReportedStudy
from gtpipe.render.report.templating import Page
from gtpipe.render.schedule import change

TITLE = "The interview schedule"
PAGE = Link("version by version", "across/schedule.html")


class Version(NamedTuple):
    """A version and how it differs from the one before; `stayed` are the questions of both."""

    name: str
    date: str
    interviews: tuple[Link, ...]
    prompted_by: tuple[Link, ...]
    because: str
    is_first: bool
    came: tuple[str, ...]
    went: tuple[str, ...]
    stayed: tuple[str, ...]


def pages(reported: ReportedStudy) -> Iterator[Page]:
    if not reported.edition.only and reported.material.schedule:
        content = tuple(_versions(reported))
        yield Page(PAGE.path, "schedule.html", TITLE, ACROSS, content)


def _versions(reported: ReportedStudy) -> Iterator[Version]:
    in_order: list[ScheduleVersion | None] = [None]
    in_order += schedules.in_order(reported.material.schedule)
    for before, version in pairwise(in_order):
        assert version is not None
        found = change(before, version, reported.material)
        came = tuple(found.questions_in)
        yield Version(
            found.name,
            found.date,
            tuple(map(reported.places.interview, found.interviews)),
            tuple(about.link(named, reported) for named in version.prompted_by),
            found.because if reported.edition.words else "",
            before is None,
            came,
            tuple(found.questions_out),
            tuple(question for question in version.questions if question not in came),
        )
