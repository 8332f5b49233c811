"""The page of an initial or focused code: what it means, its incidents side by side, what does not
fit, what stands beside it, what was written about it, and its life.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import partial
from itertools import groupby
from typing import NamedTuple

from gtpipe.analysis import disconfirming
from gtpipe.analysis.incidents import IncidentInContext
from gtpipe.analysis.properties import Laid, Met
from gtpipe.model.level import FOCUSED, INITIAL, CodeRef
from gtpipe.model.records import FocusedCode, IncidentKey
from gtpipe.render import one_code, pages, properties
from gtpipe.render.codes import no_definition
from gtpipe.render.incidents import Detail, interview_title, may_quote, summary
from gtpipe.render.one_code import Entry
from gtpipe.render.report.history import Lived, Wording
from gtpipe.render.report.incident import IncidentOnPage, on_page
from gtpipe.render.report.places import LISTS, Link
from gtpipe.render.report.study import ReportedStudy
from gtpipe.render.report.surroundings import (
    Beside,
    CommentOnPage,
    MemoOnPage,
    Signed,
    Surroundings,
)
from gtpipe.render.report.templating import Later, Page


class Head(NamedTuple):
    """What a code, focused code or category is. `number` is 0 where it is known by none; `earlier`
    are wordings that its definition had; `said` name and text.
    """

    label: str
    kind: str
    number: int
    hue: int
    definition: str
    is_defined: bool
    earlier: tuple[Wording, ...]
    said: tuple[Detail, ...]
    summary: str


class OfInterview(NamedTuple):
    """Incidents of one interview, in the order of its turns."""

    title: Link
    incidents: tuple[IncidentOnPage, ...]


class Evidence(NamedTuple):
    """What does not fit: an incident, or where there is none, what was found in words."""

    incidents: tuple[IncidentOnPage, ...]
    words: str
    told: tuple[Detail, ...]


class DoesNotFit(NamedTuple):
    """What is on record as not fitting; `nothing` says so where nothing is, and who looked."""

    evidence: tuple[Evidence, ...]
    nothing: str


class Placed(NamedTuple):
    """An incident at a position of a property."""

    link: Link
    who: str
    words: str


class AtPosition(NamedTuple):
    label: str
    placed: tuple[Placed, ...]


class PropertyOnPage(NamedTuple):
    """A property with its positions side by side."""

    label: str
    positions: tuple[AtPosition, ...]


class WrittenAbout(NamedTuple):
    """Memos and comments about a code, and its life, oldest first."""

    memos: tuple[MemoOnPage, ...]
    comments: tuple[CommentOnPage, ...]
    life: tuple[Lived, ...]


class Part(NamedTuple):
    """Which incidents stand on one of several pages, and all pages: this one without a path."""

    words: str
    pages: tuple[Link, ...]


class CodePage(NamedTuple):
    """An initial or focused code. `taken_up` are the focused codes that take up an initial one,
    `takes_up` the initial ones that a focused one takes up.

    Where one page does not hold the incidents, each has its `part` of them, and all but the first
    have nothing else.
    """

    head: Head
    taken_up: tuple[Signed, ...]
    takes_up: tuple[Link, ...]
    categories: tuple[Link, ...]
    relations: tuple[Link, ...]
    part: Part | None
    interviews: tuple[OfInterview, ...]
    waiting: tuple[Link, ...]
    waiting_count: int
    left: tuple[Link, ...]
    properties: tuple[PropertyOnPage, ...]
    does_not_fit: tuple[DoesNotFit, ...]
    beside: tuple[Beside, ...]
    written: WrittenAbout


def code_pages(reported: ReportedStudy, around: Surroundings) -> Iterator[Page]:
    """A page for each initial code and each focused code of the edition; several where it has more
    incidents than one holds.
    """
    for level in (INITIAL, FOCUSED):
        for label in reported.labels[level]:
            thing = CodeRef(level, label)
            for number in range(1, _how_many(thing, reported) + 1):
                content = partial(_page, thing, number, reported, around)
                later = when_changed(thing, reported, around, content)
                path = pages.numbered(reported.link(thing).path, number)
                yield Page(path, "code.html", label, LISTS[level], later)


def _how_many(thing: CodeRef, reported: ReportedStudy) -> int:
    """The pages of a thing."""
    if len(reported.holdings.of(thing)) <= pages.AT_ONCE:
        return 1
    return max(-(-len(reported.spoken_by(thing)) // pages.AT_ONCE), 1)


def when_changed(
    thing: CodeRef, reported: ReportedStudy, around: Surroundings, make: Callable[[], object]
) -> object:
    """The content of the page of a thing, laid out where anything changed in the interviews that it
    tells of, or in its life; at once where the page is one participant's.
    """
    if reported.edition.only:
        return make()
    interviews = reported.made_of_thing(thing)
    return Later((interviews, around.known_life_of(thing)), make)


def _page(thing: CodeRef, number: int, reported: ReportedStudy, around: Surroundings) -> CodePage:
    views, entry = reported.views(thing), one_code.entry_of(thing, reported.looking)
    part = _part(thing, number, len(views), reported)
    shown = views[(number - 1) * pages.AT_ONCE : number * pages.AT_ONCE]
    incidents, top = by_interview(shown, reported), head(thing, entry, views, reported, around)
    if number > 1:
        top = top._replace(definition="", earlier=(), said=())
        nothing = WrittenAbout((), (), ())
        return CodePage(top, (), (), (), (), part, tuple(incidents), (), 0, (), (), (), (), nothing)
    whole = not reported.edition.only
    standing = reported.holdings.standing(thing)
    return CodePage(
        top,
        around.taking_up(thing),
        tuple(around.taken_up_by(entry)) if isinstance(entry, FocusedCode) else (),
        around.categories_of(thing),
        around.relations_of(thing),
        part,
        tuple(incidents),
        places(standing.waiting, reported) if whole else (),
        len(standing.waiting) if whole else 0,
        places(standing.left, reported) if whole else (),
        tuple(property_on_page(each, reported) for each in around.properties_of(thing)),
        does_not_fit(thing, (), reported),
        around.beside(thing),
        written(thing, entry, reported, around),
    )


def _part(thing: CodeRef, number: int, total: int, reported: ReportedStudy) -> Part | None:
    many = _how_many(thing, reported)
    if many == 1:
        return None
    path = reported.link(thing).path
    links = (
        Link(f"{page:,}", "" if page == number else pages.numbered(path, page), "")
        for page in range(1, many + 1)
    )
    return Part(pages.incidents_of(number, total), tuple(links))


def head(
    thing: CodeRef,
    entry: Entry,
    views: Sequence[IncidentInContext],
    reported: ReportedStudy,
    around: Surroundings,
) -> Head:
    """What the terminal says above the incidents of a code."""
    sign = reported.signs.get(thing.label) if thing.level == FOCUSED else None
    edition = reported.edition
    whole = not edition.only  # what people wrote about a code may tell of others
    taken = around.taking_up(thing)
    hue = sign.hue if sign else taken[0].hue if taken else 0
    apart = ("Takes up", "Part of")  # these are links of the page
    said = [pair for pair in one_code.fields(entry) if pair[1] and pair[0] not in apart]
    if isinstance(entry, FocusedCode) and entry.parked is not None:
        said.append(("Parked", entry.parked or pages.NO_REASON))
    return Head(
        thing.label,
        thing.kind,
        sign.number if sign else 0,
        hue,
        (entry.definition or no_definition(thing.level, reported.corpus)) if whole else "",
        bool(entry.definition) and whole,
        around.earlier_wordings(thing),
        tuple(pair for pair in said if whole and (edition.words or pair[0] not in _MAY_QUOTE)),
        summary(views, reported.material.persons),
    )


_MAY_QUOTE = ("Because", "Parked", "Notes")


def by_interview(
    views: Iterable[IncidentInContext], reported: ReportedStudy
) -> Iterator[OfInterview]:
    """Incidents under their interview."""
    for name, here in groupby(views, key=lambda view: view.interview):
        title = interview_title(reported.material.interviews[name])
        link = reported.places.interview(name)._replace(text=title)
        yield OfInterview(link, tuple(on_page(view, reported) for view in here))


def places(found: Iterable[IncidentKey], reported: ReportedStudy) -> tuple[Link, ...]:
    """Turns of incidents, each once, in the order given."""
    return tuple(dict.fromkeys(reported.places.incident(place) for place in found))


def property_on_page(each: Laid, reported: ReportedStudy) -> PropertyOnPage:
    words = reported.edition.words

    def who(view: IncidentInContext, position: Met) -> str:
        """What the link beside it does not say."""
        link = reported.places.turn(view.interview, view.turn)
        return properties.who(view, position).removeprefix(link.text).removeprefix(" · ").strip()

    return PropertyOnPage(
        each.label,
        tuple(
            AtPosition(
                position.label,
                tuple(
                    Placed(
                        reported.places.turn(view.interview, view.turn),
                        who(view, position),
                        view.extract if words else "",
                    )
                    for view in position.views
                ),
            )
            for position in each.positions
        ),
    )


def does_not_fit(
    thing: CodeRef, held: tuple[CodeRef, ...], reported: ReportedStudy
) -> tuple[DoesNotFit, ...]:
    """What is recorded against a thing and those it holds; of an initial code, nothing where
    nothing is and nobody looked.
    """
    if reported.edition.only:
        return ()
    looking, corpus = reported.looking, reported.corpus
    found, nothing = disconfirming.does_not_fit(
        thing, corpus.material, looking.focused, corpus.names, looking.codings, held
    )
    if (
        thing.level == INITIAL
        and not found
        and not disconfirming.is_named_in_theory(thing.label, corpus.material)
    ):
        return ()
    evidence = tuple(_evidence(one, reported) for one in found)
    return (DoesNotFit(evidence, nothing),)


def _evidence(one: disconfirming.DisconfirmingEvidence, reported: ReportedStudy) -> Evidence:
    words = reported.edition.words
    told = tuple(pair for pair in one.told if words or not may_quote(pair[0]))
    if one.view is None:
        return Evidence((), one.words if words else "", told)
    (view,) = reported.looking.seen_around([one.view])
    return Evidence((on_page(view, reported, told),), "", ())


def written(
    thing: CodeRef, entry: Entry, reported: ReportedStudy, around: Surroundings
) -> WrittenAbout:
    return WrittenAbout(
        tuple(around.memo(memo) for memo in reported.memos.about(thing.level, entry)),
        around.comments(reported.comments.about(thing.level, entry)),
        around.life_of(thing),
    )
