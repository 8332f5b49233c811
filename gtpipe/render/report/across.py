"""The way to everything that is looked at across interviews; what there is nothing to say about is
said in a sentence.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from gtpipe.model.level import FOCUSED
from gtpipe.render.report import (
    comments,
    cooccurrence,
    evaluation,
    matrix,
    negative,
    sampling,
    schedule,
    sufficiency,
)
from gtpipe.render.report.places import ACROSS, BROUGHT, Link
from gtpipe.render.report.study import ReportedStudy
from gtpipe.render.report.templating import Page
from gtpipe.store.layout import EVALUATION


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
    yield Part(
        "One participant over time",
        "Whoever was interviewed more than once: the accounts in order, and of each code what came "
        "again, only later, or was not asked.",
        tuple(map(reported.places.participant, reported.heard_again)),
        "Nobody was interviewed more than once.",
    )
    yield Part(
        negative.TITLE,
        "What is on record as not fitting, and who looked for such cases.",
        (negative.PAGE,) if negative.has_something(reported) else (),
        "There is nothing yet that a case could contradict.",
    )
    material = reported.material
    yield Part(
        sampling.TITLE,
        "Theoretical sampling: decisions open and done, and positions of properties that nobody "
        "has met.",
        (sampling.PAGE,) if sampling.has_something(reported) else (),
        "Nobody is noted down to be sought next.",
    )
    yield Part(
        schedule.TITLE,
        "Its versions: who was asked, which questions came and went, and why.",
        (schedule.PAGE,) if material.schedule else (),
        "No version of the interview schedule.",
    )
    yield Part(
        comments.TITLE,
        "What second readers said, and what was answered.",
        (comments.PAGE,) if material.comments else (),
        "No second reader has commented yet.",
    )
    has_evaluation = reported.corpus.snapshot.text(EVALUATION) is not None
    yield Part(
        evaluation.TITLE,
        "Questions on credibility, originality, resonance and usefulness, answered in prose.",
        (evaluation.PAGE,) if has_evaluation else (),
        "The study has no evaluation yet.",
    )
