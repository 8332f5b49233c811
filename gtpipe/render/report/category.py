"""The page of a category: its focused codes with where their incidents are, its subcategories,
relations, what does not fit, and what was written about it.

A category holds thousands of incidents; their words stand side by side on the pages of its focused
codes, and are led to from here.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from itertools import groupby
from typing import NamedTuple

from gtpipe.model.approach import spoken
from gtpipe.model.level import CATEGORY, FOCUSED, CodeRef
from gtpipe.model.records import Category
from gtpipe.render import one_code
from gtpipe.render.incidents import interview_title, summary
from gtpipe.render.report import code
from gtpipe.render.report.code import DoesNotFit, Head, PropertyOnPage, WrittenAbout
from gtpipe.render.report.places import THEORY, Link
from gtpipe.render.report.study import ReportedStudy
from gtpipe.render.report.surroundings import Signed, Surroundings
from gtpipe.render.report.templating import Page


class AtPlace(NamedTuple):
    """An incident that is led to."""

    link: Link
    interview: str
    turn: str


class HeldOnPage(NamedTuple):
    """What a category holds by one focused code; `within` is the subcategory that it is in."""

    code: Signed
    within: tuple[Link, ...]
    definition: str
    summary: str
    interviews: tuple[tuple[str, tuple[AtPlace, ...]], ...]


class CategoryPage(NamedTuple):
    head: Head
    part: str
    parts: str
    part_of: tuple[Link, ...]
    subcategories: tuple[Link, ...]
    relations: tuple[Link, ...]
    held: tuple[HeldOnPage, ...]
    nothing_held: str
    waiting: tuple[Link, ...]
    waiting_count: int
    counted: str
    properties: tuple[PropertyOnPage, ...]
    does_not_fit: tuple[DoesNotFit, ...]
    written: WrittenAbout


_COUNTED = "Each is counted once, also where more than one {} holds it."


def category_pages(reported: ReportedStudy, around: Surroundings) -> Iterator[Page]:
    for label in reported.labels[CATEGORY]:
        thing = CodeRef(CATEGORY, label)
        content = partial(_page, thing, reported, around)
        path, later = reported.link(thing).path, code.when_changed(thing, reported, around, content)
        yield Page(path, "category.html", label, THEORY, later)


def _page(thing: CodeRef, reported: ReportedStudy, around: Surroundings) -> CategoryPage:
    looking = reported.looking
    entry = one_code.entry_of(thing, looking)
    views, held = one_code.views_of(thing, looking)
    assert isinstance(entry, Category)
    parts = dict.fromkeys(
        [CodeRef(CATEGORY, each.category) for each in held]
        + [CodeRef(FOCUSED, each.focused) for each in held]
    )
    below = (
        one.label
        for one in reported.material.theory.categories
        if one.part_of and one.part_of.label == thing.label
    )
    waiting = reported.holdings.waiting(thing)
    return CategoryPage(
        code.head(thing, entry, views, reported, around),
        *spoken().part,
        (reported.link(CodeRef(CATEGORY, entry.part_of.label)),) if entry.part_of else (),
        tuple(reported.link(CodeRef(CATEGORY, label)) for label in below),
        around.relations_of(thing),
        tuple(
            HeldOnPage(
                around.signed(CodeRef(FOCUSED, each.focused)),
                ()
                if each.category == thing.label
                else (reported.link(CodeRef(CATEGORY, each.category)),),
                looking.focused[each.focused].definition,
                summary(each.views, reported.material.persons),
                tuple(
                    (
                        interview_title(reported.material.interviews[name]),
                        tuple(
                            AtPlace(reported.places.turn(name, view.turn), name, view.turn)
                            for view in here
                        ),
                    )
                    for name, here in groupby(each.views, key=lambda view: view.interview)
                ),
            )
            for each in held
        ),
        one_code.holds_nothing(),
        code.places(waiting, reported),
        len(waiting),
        _COUNTED.format(FOCUSED.noun) if sum(len(e.views) for e in held) > len(views) else "",
        tuple(code.property_on_page(each, reported) for each in around.properties_of(thing)),
        code.does_not_fit(thing, tuple(part for part in parts if part != thing), reported),
        code.written(thing, entry, reported, around),
    )
