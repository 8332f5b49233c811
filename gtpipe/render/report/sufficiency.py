"""What each interview brought: the judgements in words, and the codes beside them by name."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from gtpipe.analysis import theory
from gtpipe.analysis.groups import NOT_YET
from gtpipe.analysis.theory import NOT_JUDGED
from gtpipe.model.level import CodeRef
from gtpipe.render.report import about
from gtpipe.render.report.places import ACROSS, BROUGHT, Link, brought_id
from gtpipe.render.report.study import ReportedStudy
from gtpipe.render.report.templating import Page
from gtpipe.render.sufficiency import JUDGEMENT

TITLE = "What each interview brought"


class BroughtOnPage(NamedTuple):
    """An interview with what it brought. `judgement` is '' where nobody judged; without the words
    of a study it says only that somebody did.
    """

    anchor: str
    interview: Link
    date: str
    judgement: str
    by: str
    empty: str
    waiting: int
    brought: tuple[tuple[str, tuple[Link, ...]], ...]


class Sufficiency(NamedTuple):
    interviews: tuple[BroughtOnPage, ...]
    not_judged: str
    not_said_when: tuple[str, ...]
    remark: str


def pages(reported: ReportedStudy) -> Iterator[Page]:
    if reported.edition.only or not reported.interviews:
        return
    corpus = reported.corpus
    content = Sufficiency(
        tuple(_interviews(reported)),
        NOT_JUDGED,
        tuple(theory.not_said_when(corpus.material, corpus.codings)),
        JUDGEMENT,
    )
    yield Page(BROUGHT, "sufficiency.html", TITLE, ACROSS, content)


def _interviews(reported: ReportedStudy) -> Iterator[BroughtOnPage]:
    corpus = reported.corpus
    coded = corpus.codings.interviews

    def links(codes: Iterable[CodeRef]) -> tuple[Link, ...]:
        return tuple(map(reported.link, codes))

    for one in theory.brought(corpus.material, corpus.codings, reported.holdings):
        said = one.judgement.judgement
        if said and not reported.edition.words:
            said = "judged; the words are left out here"
        modified = tuple(about.link(named, reported) for named in one.judgement.modified)
        yield BroughtOnPage(
            brought_id(one.interview),
            reported.places.interview(one.interview),
            corpus.material.interviews[one.interview].date,
            said,
            one.judgement.by if said else "",
            "" if one.interview in coded else NOT_YET,
            one.waiting,
            tuple(
                (what, found)
                for what, found in (
                    ("modified", modified),
                    ("written after it", links(one.written)),
                    ("first incident of", links(one.first_of)),
                    ("new codes", links(one.new)),
                )
                if found
            ),
        )
