"""The way to everything that is looked at across interviews; what there is nothing to say about is
said in a sentence.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from gtpipe.model.level import FOCUSED
from gtpipe.render.report import cooccurrence, matrix, sufficiency
from gtpipe.render.report.places import ACROSS, BROUGHT, Link
from gtpipe.render.report.study import ReportedStudy
from gtpipe.render.report.templating import Page


class Part(NamedTuple):
    """A part of the page: what one looks at there, and the pages; in their place a sentence where
    there is nothing.
    """

    title: str
    what: str
    links: tuple[Link, ...]
    nothing: str = ""


def pages(reported: ReportedStudy) -> Iterator[Page]:
    if not reported.edition.only:
        yield Page(ACROSS, "across.html", "Across", ACROSS, tuple(_parts(reported)))


def _parts(reported: ReportedStudy) -> Iterator[Part]:
    yield Part(
        f"{FOCUSED.nouns.capitalize()} by group",
        "Who tells of what: the number of incidents with the names of participants, and the words "
        "one step away. What does not fit, and what was not judged, stands apart.",
        tuple(matrix.places(reported).values()),
        f"No {FOCUSED.noun} yet.",
    )
    yield Part(
        "Which codes stand together",
        "Turns where two codes stand, as a heat map and as a table, with the words one step away.",
        tuple(cooccurrence.places(reported).values()),
        "No code yet.",
    )
    yield Part(
        sufficiency.TITLE,
        "How far the theory copes, as somebody judged after each interview; which codes were "
        "new or changed, by name.",
        (Link("interview by interview", BROUGHT),) if reported.interviews else (),
        "No interview yet.",
    )
