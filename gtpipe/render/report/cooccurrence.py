"""Which codes stand together: as a heat map, as a table, and place by place."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import PurePosixPath
from typing import NamedTuple

from markupsafe import Markup

from gtpipe.analysis import cooccurrence
from gtpipe.analysis.cooccurrence import Pair, Sense
from gtpipe.analysis.matrix import names
from gtpipe.model.level import FOCUSED, INITIAL, CodeRef, Level
from gtpipe.render.cooccurrence import NO_WORDS, Meetings, Together
from gtpipe.render.figures import cooccurrence as figure
from gtpipe.render.figures import svg
from gtpipe.render.palette import Sign
from gtpipe.render.report.matrix import Head
from gtpipe.render.report.places import ACROSS, Link
from gtpipe.render.report.study import ReportedStudy
from gtpipe.render.report.templating import Page, href

FEW = 30  # initial codes that a square table can be read of
ON_ONE_TURN = Sense()
_PAGES = {FOCUSED: "across/together.html", INITIAL: "across/together-codes.html"}


class Number(NamedTuple):
    """A cell of the table: how often two codes stand together, which leads to the places."""

    together: int
    link: Link


class Square(NamedTuple):
    """`nothing` says that no two codes stand together; then there is no table. `waiting` are codes
    with the number of incidents that were not judged, and are not counted.
    """

    counted: str
    figure: Markup
    nothing: str
    codes: tuple[Head, ...]
    rows: tuple[tuple[Number | None, ...], ...]
    left_out: int
    waiting: tuple[tuple[Link, int], ...]


class PairOnPage(NamedTuple):
    """Two codes with the turns where both stand; those of an edition without words are places."""

    anchor: str
    other: Link
    told: str
    at: tuple[tuple[Link, Together], ...]


class PairsOfCode(NamedTuple):
    code: Link
    back: Link
    no_words: str
    pairs: tuple[PairOnPage, ...]


def places(reported: ReportedStudy) -> dict[Level, Link]:
    """The levels of which there is a table → its page."""
    if reported.edition.only:
        return {}
    found = {}
    if reported.labels[FOCUSED]:
        found[FOCUSED] = Link(FOCUSED.nouns, _PAGES[FOCUSED])
    if 0 < len(reported.labels[INITIAL]) <= FEW:
        found[INITIAL] = Link("initial codes", _PAGES[INITIAL])
    return found


def pages(reported: ReportedStudy) -> Iterator[Page]:
    for level, page in places(reported).items():
        codes = [CodeRef(level, label) for label in reported.labels[level]]
        yield from _Laid(codes, page, reported).pages()


class _Laid:
    """A table on its way to pages: its own, and one for each code with those behind it."""

    def __init__(self, codes: Sequence[CodeRef], page: Link, reported: ReportedStudy) -> None:
        self.codes, self.page, self.reported = codes, page, reported
        self.pairs = cooccurrence.pairs(codes, reported.holdings, reported.material, ON_ONE_TURN)
        self.number = {code: number for number, code in enumerate(codes, 1)}
        self.root = "../" * page.path.count("/")
        self.is_focused = page.path == _PAGES[FOCUSED]

    def pages(self) -> Iterator[Page]:
        title = f"Which {self.page.text} stand together"
        yield Page(self.page.path, "together.html", title, ACROSS, self._square())
        back = self.page._replace(text=title)
        of: dict[CodeRef, list[Pair]] = {}
        for pair in self.pairs:
            of.setdefault(pair.a, []).append(pair)
        at = {
            code: cooccurrence.by_position(code, self.reported.holdings, self.reported.material)
            for code in {pair.b for pair in self.pairs}
        }
        for code, pairs in of.items():
            shown = tuple(self._pair(pair, at[pair.b]) for pair in pairs)
            content = PairsOfCode(self.reported.link(code), back, NO_WORDS, shown)
            title = f"What stands together with {code.label}"
            yield Page(self._path(code), "together-pairs.html", title, ACROSS, content)

    def _path(self, code: CodeRef) -> str:
        folder = self.page.path.removesuffix(".html")
        return f"{folder}/{PurePosixPath(self.reported.link(code).path).name}"

    def _anchor(self, other: CodeRef) -> str:
        return f"with-{self.number[other]}"

    def _square(self) -> Square:
        signs = self.reported.signs if self.is_focused else {}
        table = figure.Table(self.codes, self.pairs, ON_ONE_TURN, signs)
        drawing = figure.draw(table, lambda code: href(self.reported.link(code), self.root))
        met = {code for pair in self.pairs for code in (pair.a, pair.b)}
        shown = [code for code in self.codes if code in met]
        numbers: dict[tuple[CodeRef, CodeRef], Number] = {}
        for pair in self.pairs:
            there = Link(str(pair.together), self._path(pair.a), self._anchor(pair.b))
            numbers[pair.a, pair.b] = numbers[pair.b, pair.a] = Number(pair.together, there)
        none = Number(0, Link("0"))
        return Square(
            ON_ONE_TURN.told,
            Markup(svg.inline(drawing, "together")) if self.pairs else Markup(""),
            drawing.description if figure.cannot_be_drawn(table) else "",
            tuple(self._head(code, number) for number, code in enumerate(shown, 1)),
            tuple(
                tuple(None if a == b else numbers.get((a, b), none) for b in shown) for a in shown
            ),
            len(self.codes) - len(shown),
            tuple(
                (self.reported.link(code), len(waiting))
                for code in self.codes
                if (waiting := self.reported.holdings.waiting(code))
            ),
        )

    def _head(self, code: CodeRef, number: int) -> Head:
        """Numbered as in the figure: a focused code by its sign, others as they are shown."""
        sign = self.reported.signs[code.label] if self.is_focused else Sign(number, 0)
        return Head(self.reported.link(code), *sign)

    def _pair(self, pair: Pair, others: cooccurrence.AtPositions) -> PairOnPage:
        holdings, material = self.reported.holdings, self.reported.material
        found = cooccurrence.meetings_at(
            holdings.of(pair.a), others, holdings, material, ON_ONE_TURN
        )
        met = Meetings(pair.a, pair.b, found, holdings)
        told = ON_ONE_TURN.of(pair.together) + (
            f": {', '.join(pair.participants)}" if pair.participants else ""
        )
        return PairOnPage(
            self._anchor(pair.b),
            self.reported.link(pair.b)._replace(text=names((pair.a, pair.b))[1]),
            told,
            tuple(map(self._at, met.by_turn())),
        )

    def _at(self, there: Together) -> tuple[Link, Together]:
        link = self.reported.places.turn(there.interview, there.turn)
        if there.later:
            link = link._replace(text=f"{link.text} and {there.later}")
        if not self.reported.edition.words:
            sides = tuple((name, coders, "") for name, coders, _ in there.sides)
            there = there._replace(sides=sides, both=())
        return link, there
