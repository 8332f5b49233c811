"""Codes by groups: a page for each attribute, and for each code in it the words of every cell."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from pathlib import PurePosixPath
from typing import NamedTuple

from gtpipe.analysis import groups, matrix
from gtpipe.analysis.matrix import NOBODY, Cell, Extract, Matrix
from gtpipe.model.level import FOCUSED, CodeRef
from gtpipe.model.records import IncidentKey
from gtpipe.render.report.places import ACROSS, Link, file_names
from gtpipe.render.report.study import ReportedStudy
from gtpipe.render.report.templating import Later, Page

WIDEST = 8  # groups that stand as columns; more of them stand as rows
MOST_CELLS = (
    20_000  # of a table that a page can show; of a larger one, those with something in them
)


class Head(NamedTuple):
    """What a row or a column is of: a focused code with its number and colour, or a group."""

    link: Link
    number: int = 0
    hue: int = 0


class CellOnPage(NamedTuple):
    """What a cell says, which leads to its words, and what stands beside that; `empty` says what it
    means that nothing does.
    """

    group: str
    incidents: int
    said: Link
    beside: Link
    empty: str


class MatrixOnPage(NamedTuple):
    """The table; of one that is too large, there are no columns, and rows hold the cells that
    something stands in. `left_out` are the incidents that no group can hold.
    """

    corner: str
    columns: tuple[Head, ...]
    rows: tuple[tuple[Head, tuple[CellOnPage, ...]], ...]
    members: tuple[str, ...]
    left_out: tuple[Link, ...]
    others: tuple[Link, ...]


class Quoted(NamedTuple):
    """An incident with its words; none in an edition without them."""

    link: Link
    coders: tuple[str, ...]
    words: str


class WordsOfCell(NamedTuple):
    """A cell with its extracts; what does not fit and what was not judged stands apart."""

    anchor: str
    group: str
    said: str
    extracts: tuple[Quoted, ...]
    unfit: tuple[Quoted, ...]
    waiting: tuple[Quoted, ...]


class WordsOfCode(NamedTuple):
    code: Link
    back: Link
    by: str
    cells: tuple[WordsOfCell, ...]


def places(reported: ReportedStudy) -> dict[str, Link]:
    """What the focused codes are laid out by, as a command names it without doubt → its page."""
    if reported.edition.only or not reported.looking.focused:
        return {}
    material = reported.material
    shown: dict[str, str] = {}
    for kind, called in (
        (groups.ATTRIBUTE, groups.attributes(material)),
        (groups.INTERVIEW, groups.fields(material)),
    ):
        for name in called:
            typed = f"{kind}: {name}"
            is_taken = name in groups.ALWAYS or name in shown.values()
            shown[typed] = typed if is_taken else name
    shown[groups.PARTICIPANT] = groups.PARTICIPANT
    if material.schedule:
        shown[groups.SCHEDULE] = groups.SCHEDULE
    names = file_names(f"by-{name}" for name in shown.values())
    return {
        typed: Link(f"by {name}", f"across/{names[f'by-{name}']}.html")
        for typed, name in shown.items()
    }


def pages(reported: ReportedStudy) -> Iterator[Page]:
    there = places(reported)
    things = tuple(CodeRef(FOCUSED, label) for label in reported.looking.focused)
    corpus, quoted = reported.corpus, _Quotations(reported)
    for typed, link in there.items():
        grouping = groups.grouping(
            typed, corpus.material, corpus.codings, corpus.settings.researchers
        )
        table = matrix.matrix(things, reported.holdings, grouping, corpus.material.persons)
        others = tuple(other for other in there.values() if other != link)
        yield from _Laid(table, link, reported, quoted).pages(others)


class _Laid:
    """A matrix on its way to pages: the table's, and one for each code."""

    def __init__(
        self, table: Matrix, page: Link, reported: ReportedStudy, quoted: _Quotations
    ) -> None:
        self.table, self.page, self.reported, self.quoted = table, page, reported, quoted
        folder = page.path.removesuffix(".html")
        self.words_of = {
            thing: f"{folder}/{PurePosixPath(reported.link(thing).path).name}"
            for thing in table.things
        }
        self.anchors = {group.name: f"group-{n}" for n, group in enumerate(table.groups, 1)}

    def pages(self, others: tuple[Link, ...]) -> Iterator[Page]:
        by = self.page.text
        title = f"{FOCUSED.nouns.capitalize()} {by}"
        yield Page(self.page.path, "matrix.html", title, ACROSS, self._overview(others))
        back = self.page._replace(text=title)
        for thing in self.table.things:
            if self.table.filled(thing):
                told = self.reported.made_of_thing(thing)
                content = Later((told, back, *self.anchors), partial(self._of_code, thing, back))
                path = self.words_of[thing]
                yield Page(path, "matrix-words.html", f"{thing.label} {by}", ACROSS, content)

    def _of_code(self, thing: CodeRef, back: Link) -> WordsOfCode:
        cells = tuple(map(self._words, self.table.filled(thing)))
        return WordsOfCode(self.reported.link(thing), back, self.page.text, cells)

    def _overview(self, others: tuple[Link, ...]) -> MatrixOnPage:
        table, reported = self.table, self.reported
        signs = reported.signs
        codes = [
            Head(reported.link(thing), signs[thing.label].number, signs[thing.label].hue)
            for thing in table.things
        ]
        columns = [Head(Link(group.name)) for group in table.groups]
        is_shown = len(codes) * len(columns) <= MOST_CELLS
        row = table.row if is_shown else table.filled
        rows = [tuple(map(self._cell, row(thing))) for thing in table.things]
        is_turned = is_shown and len(columns) > WIDEST
        if is_turned:
            codes, columns = columns, codes
            rows = list(zip(*rows, strict=True))
        left_out = sorted(table.places_left_out, key=reported.holdings.order)
        return MatrixOnPage(
            table.by if is_turned else FOCUSED.noun,
            tuple(columns if is_shown else ()),
            tuple(zip(codes, rows, strict=True)),
            (*map(table.members, table.groups_to_tell), *table.in_several_groups),
            tuple(dict.fromkeys(map(reported.places.incident, left_out))),
            others,
        )

    def _cell(self, cell: Cell) -> CellOnPage:
        there = Link("", self.words_of[cell.thing], self.anchors[cell.group.name])
        said = self.table.counted(cell)
        return CellOnPage(
            cell.group.name,
            len(cell.extracts),
            there._replace(text=said) if said else Link(""),
            there._replace(text=cell.beside) if cell.beside else Link(""),
            "" if said or cell.beside else cell.state or NOBODY,
        )

    def _words(self, cell: Cell) -> WordsOfCell:
        return WordsOfCell(
            self.anchors[cell.group.name],
            cell.group.name,
            self.table.said(cell),
            tuple(map(self.quoted.of, cell.extracts)),
            tuple(map(self.quoted.of, cell.unfit)),
            tuple(map(self.quoted.of, cell.waiting)),
        )


class _Quotations:
    """Extracts on their way to pages; each stands on one for every attribute."""

    def __init__(self, reported: ReportedStudy) -> None:
        self._reported = reported
        self._known: dict[tuple[IncidentKey, tuple[str, ...]], Quoted] = {}

    def of(self, one: Extract) -> Quoted:
        key = (one.place, one.coders)
        if key not in self._known:
            link = self._reported.places.incident(one.place)._replace(text=one.title)
            words = one.quoted if self._reported.edition.words else ""
            self._known[key] = Quoted(link, one.coders, words)
        return self._known[key]
