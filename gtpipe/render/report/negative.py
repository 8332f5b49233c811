"""Negative cases: what is on record against each thing, and who looked."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from gtpipe.analysis import negative_cases
from gtpipe.analysis.negative_cases import FOUND, Against, Recorded
from gtpipe.model.level import RELATION, CodeRef
from gtpipe.render.incidents import heading
from gtpipe.render.report.places import ACROSS, THEORY, Link
from gtpipe.render.report.study import ReportedStudy
from gtpipe.render.report.surroundings import relation_id
from gtpipe.render.report.templating import Page

TITLE = "Negative cases"
PAGE = Link("what does not fit, and who looked", "across/negative-cases.html")


class CaseOnPage(NamedTuple):
    """What stands against a thing; in an edition without words, the place and the kind alone."""

    link: Link
    kind: str
    led_to: str
    words: str
    note: str
    signed: str


class RecordedOnPage(NamedTuple):
    """`none` says that nothing is on record, and who looked; `besides` who looked again."""

    thing: Link
    kind: str
    cases: tuple[CaseOnPage, ...]
    none: str
    besides: str


def pages(reported: ReportedStudy) -> Iterator[Page]:
    if not reported.edition.only and (found := _recorded(reported)):
        content = tuple(_thing(one, reported) for one in found)
        yield Page(PAGE.path, "negative.html", TITLE, ACROSS, content)


def has_something(reported: ReportedStudy) -> bool:
    return bool(_recorded(reported))


def _recorded(reported: ReportedStudy) -> list[Recorded]:
    corpus = reported.corpus
    return negative_cases.recorded(corpus.material, corpus.codings, corpus.names)


def link(one: Recorded, reported: ReportedStudy) -> Link:
    """The page of what something is on record against; a relation's place in the theory."""
    if one.level == RELATION:
        for number, relation in enumerate(reported.material.theory.relations, 1):
            if relation.sentence == one.label:
                return Link(one.label, THEORY, relation_id(number))
    return reported.link(CodeRef(one.level, one.label)) if one.level else Link(one.label)


def _thing(one: Recorded, reported: ReportedStudy) -> RecordedOnPage:
    return RecordedOnPage(
        link(one, reported),
        one.kind,
        tuple(_case(case, reported) for case in one.against),
        "" if one.against else one.none_recorded,
        one.looked if one.against else "",
    )


def _case(case: Against, reported: ReportedStudy) -> CaseOnPage:
    words = reported.edition.words
    link = Link(case.address if words else "" if case.kind == FOUND else "an incident")
    if case.place:
        name = heading(case.place.interview, case.place.turn, case.participant)
        link = reported.places.incident(case.place)._replace(text=name)
    return CaseOnPage(
        link,
        case.kind,
        case.led_to if words else "",
        case.words if words else "",
        case.note if words else "",
        ", ".join(filter(None, (case.by, case.date))),
    )
