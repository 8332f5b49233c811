"""Theoretical sampling: whom, or what position of a property, to seek next, and what came of it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from gtpipe.analysis import properties, theoretical_sampling
from gtpipe.model.records import SamplingDecision
from gtpipe.render.report import about
from gtpipe.render.report.places import ACROSS, Link
from gtpipe.render.report.study import ReportedStudy
from gtpipe.render.report.templating import Page
from gtpipe.render.sampling import no_open_position, seeking

TITLE = "Whom to seek next"
PAGE = Link("decisions and open positions", "across/sampling.html")


class Decision(NamedTuple):
    """Whom or what is sought. In an edition without words, nothing of why and what came of it."""

    number: int
    sought: str
    seeks: str
    by_way_of: str
    why: str
    codes: tuple[Link, ...]
    led_to: Link
    came_of_it: str
    signed: str


class OpenPosition(NamedTuple):
    code: Link
    sought: str
    numbers: str


class Sampling(NamedTuple):
    still_open: tuple[Decision, ...]
    positions: tuple[OpenPosition, ...]
    no_position: str
    done: tuple[Decision, ...]


def has_something(reported: ReportedStudy) -> bool:
    material = reported.material
    return bool(material.sampling or properties.still_open(material))


def pages(reported: ReportedStudy) -> Iterator[Page]:
    if reported.edition.only or not has_something(reported):
        return
    material = reported.material
    still_open = theoretical_sampling.still_open(material)
    decisions = list(enumerate(material.sampling, 1))
    content = Sampling(
        tuple(_decision(number, one, reported) for number, one in still_open),
        tuple(
            OpenPosition(reported.link(one.code), one.sought, seeking(one, still_open))
            for one in properties.still_open(material)
        ),
        no_open_position(),
        tuple(_decision(number, one, reported) for number, one in decisions if not one.is_open),
    )
    yield Page(PAGE.path, "sampling.html", TITLE, ACROSS, content)


def _decision(number: int, one: SamplingDecision, reported: ReportedStudy) -> Decision:
    words = reported.edition.words
    led_to = reported.places.interview(one.done)
    return Decision(
        number,
        one.sought,
        one.seeks if one.who else "",
        one.by_way_of,
        one.why if words else "",
        tuple(about.link(named, reported) for named in one.codes),
        led_to if led_to.path or words else Link(""),
        one.came_of_it if words else "",
        ", ".join(filter(None, (one.by, one.date))),
    )
