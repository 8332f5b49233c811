"""What second readers commented, what it is about, and what was answered."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from gtpipe.render.report import about
from gtpipe.render.report.places import ACROSS, Link
from gtpipe.render.report.study import ReportedStudy
from gtpipe.render.report.templating import Page

TITLE = "Comments and answers"
PAGE = Link("all comments", "across/comments.html")


class CommentInList(NamedTuple):
    """A comment; its words, and those of the answer, are '' in an edition without words."""

    number: int
    about: Link
    by: str
    comment: str
    is_answered: bool
    answer: str
    changed: str


def pages(reported: ReportedStudy) -> Iterator[Page]:
    if not reported.edition.only and reported.material.comments:
        content = tuple(_comments(reported))
        yield Page(PAGE.path, "comments.html", TITLE, ACROSS, content)


def _comments(reported: ReportedStudy) -> Iterator[CommentInList]:
    words = reported.edition.words
    for number, one in enumerate(reported.material.comments, 1):
        there = about.link(one.about, reported)
        yield CommentInList(
            number,
            there._replace(text=about.short(there.text)),
            one.by,
            one.comment if words else "",
            bool(one.answer),
            one.answer if words else "",
            one.changed if words else "",
        )
