"""What stands in the margins of pages and is nobody's speech: line numbers, page numbers, headers.

Left out as asides is only what shows by place and sequence that it is nobody's: numbers counting up
in a margin of their own, and what repeats at one place from page to page. In doubt words stay
words.
"""

from __future__ import annotations

import re
import statistics
from collections import Counter, defaultdict
from collections.abc import Sequence
from itertools import pairwise
from typing import NamedTuple

from gtpipe.readers.pages.rows import LABEL_LIKE, Page, Row, TextRun, leading_of, rows_of
from gtpipe.readers.reading import Aside

_NUMBER = re.compile(r"(?<!\w)(?:\d{1,4}|[ivxl]{1,7}|[IVXL]{1,7})(?!\w)")
_PAGE_WORDS = frozenset(
    "page p pp pg of seite s von página pagina pág pag de di sur side af av sida van blad z".split()
)
_DEPTH = 4  # so many lines at the top and the bottom of a page may be running headers and footers
_Sighting = tuple[
    str, int | None
]  # a line's text; with # for a number, how far that is ahead of its page


def without_numbers(pages: Sequence[Page]) -> tuple[list[Page], list[Aside]]:
    """Pages without numbers that stand in a margin of their own and count up:
    by one a line, every fifth line, a paragraph.
    """
    rows = [row for page in pages for row in rows_of(page.number, page.runs)]
    in_margin = _in_margin(pages, rows)
    steps = Counter(
        int(b.text) - int(a.text) for (page, a), (other, b) in pairwise(in_margin) if page == other
    )
    step = max(
        (step for step in steps if step > 0), key=lambda step: (steps[step], -step), default=0
    )
    counting = _counting(in_margin, step)
    if not step or len(counting) < 3 or len(counting) < 0.9 * len(in_margin):
        return list(pages), []
    is_by_line = step > 1 or len(counting) >= 0.7 * len(rows)
    what = "line number" if is_by_line else "paragraph number"
    dropped = {(page, id(run)) for page, run in counting}
    kept = [
        page._replace(runs=tuple(run for run in page.runs if (page.number, id(run)) not in dropped))
        for page in pages
    ]
    return kept, [Aside(page, what, run.text) for page, run in counting]


def _in_margin(pages: Sequence[Page], rows: Sequence[Row]) -> list[tuple[int, TextRun]]:
    """Numbers left of nearly all words, from top to bottom, each with its page."""
    words = ([run for run in row.runs if not _is_number(run)] for row in rows)
    lefts = sorted(runs[0].left for runs in words if runs)
    if not lefts:
        return []
    margin = lefts[len(lefts) * 3 // 100]
    return [
        (page.number, run)
        for page in pages
        for run in sorted(page.runs, key=lambda run: run.base)
        if _is_number(run) and run.right <= margin + 0.5
    ]


def _counting(in_margin: list[tuple[int, TextRun]], step: int) -> list[tuple[int, TextRun]]:
    """Those numbers that count on by `step`, or begin anew on a new page."""
    counting: list[tuple[int, TextRun]] = []
    last, last_page = 0, 0
    for page, run in in_margin:
        value = int(run.text)
        if not counting or value == last + step or (page != last_page and value in (last, step, 1)):
            counting.append((page, run))
            last, last_page = value, page
    return counting


def _is_number(run: TextRun) -> bool:
    return len(run.text) <= 5 and run.text.isascii() and run.text.isdigit()


class _Edge(NamedTuple):
    """A line near the top or bottom of a page; `alone`: a wide gap parts it from the rest."""

    page: int
    row: Row
    text: str
    alone: bool

    @property
    def place(self) -> tuple[int, int]:
        return self.page, id(self.row)


def without_repeated(pages: Sequence[Page]) -> tuple[list[Page], list[Aside]]:
    """Pages without running headers and footers and page numbers."""
    asides: list[Aside] = []
    dropped: set[int] = set()
    rows = {page.number: rows_of(page.number, page.runs) for page in pages}
    heights = {page.number: page.height for page in pages}
    leading = leading_of([row for on_page in rows.values() for row in on_page])
    for top, running in ((True, "running header"), (False, "running footer")):
        edges = {number: _edges(on_page, top, leading) for number, on_page in rows.items()}
        repeated = _repeated(edges, heights)
        for number, outer_lines in edges.items():
            for edge in outer_lines:
                what = repeated.get(edge.place)
                if what is None:
                    break
                asides.append(Aside(number, what or running, edge.text))
                dropped.update(map(id, edge.row.runs))
                rows[number] = [row for row in rows[number] if row is not edge.row]
    kept = [
        page._replace(runs=tuple(run for run in page.runs if id(run) not in dropped))
        for page in pages
    ]
    return kept, asides


def _edges(rows: list[Row], top: bool, leading: float) -> list[_Edge]:
    """The outermost lines of a page, from the outside in."""
    ordered = rows if top else rows[::-1]
    edges: list[_Edge] = []
    for place, row in enumerate(ordered[:_DEPTH]):
        gap = abs(ordered[place + 1].base - row.base) if place + 1 < len(ordered) else leading * 9
        outer = edges[-1].alone if edges else False
        edges.append(_Edge(row.page, row, row.text, gap > 1.4 * leading or outer))
    if not top or not rows:
        return edges
    return edges[: max(len(rows) - 1, 1)]


def _repeated(
    edges: dict[int, list[_Edge]], heights: dict[int, float]
) -> dict[tuple[int, int], str]:
    """Which lines repeat at one place, by page and row: "page number", or '' for other words."""
    likely: dict[tuple[int, int], str] = {}
    running: list[list[_Edge]] = []
    for sighting, seen in _sightings(edges).items():
        base = statistics.median_low(edge.row.base for edge in seen)
        members = [edge for edge in seen if abs(edge.row.base - base) <= 0.5 * edge.row.size]
        is_number = sighting[1] is not None and _is_page_number(sighting[0])
        if _is_running(sighting, members, is_number, heights):
            running.append(members)
            what = "page number" if is_number else ""
            likely |= {edge.place: likely.get(edge.place) or what for edge in members}
    return {
        edge.place: likely[edge.place]
        for members in running
        if _strangers(members[0], edges, likely) <= len(heights) // 5
        for edge in members
    }


def _sightings(edges: dict[int, list[_Edge]]) -> dict[_Sighting, list[_Edge]]:
    """Lines that say the same, whatever the page; each also with # for every number in it."""
    seen: dict[_Sighting, list[_Edge]] = defaultdict(list)
    for edge in (edge for outer_lines in edges.values() for edge in outer_lines):
        seen[(edge.text, None)].append(edge)
        for match in _NUMBER.finditer(edge.text):
            if value := _value(match.group()):
                text = f"{edge.text[: match.start()]}#{edge.text[match.end() :]}"
                seen[(text, value - edge.page)].append(edge)
    return seen


def _is_running(
    sighting: _Sighting, members: list[_Edge], is_number: bool, heights: dict[int, float]
) -> bool:
    """Whether these lines stand on enough pages, and surely are nobody's speech."""
    pages = len(heights)
    is_enough = len({edge.page for edge in members}) >= max(2, 0.4 * pages)
    if is_number:
        return is_enough or (pages == 1 and _evident(members[0], sighting, heights))
    is_sure = len(members) >= 3 and not LABEL_LIKE.match(members[0].text)
    is_sure = is_sure or all(edge.alone for edge in members)
    return is_enough and is_sure and not _is_spoken(members, pages)


def _strangers(
    member: _Edge, edges: dict[int, list[_Edge]], likely: dict[tuple[int, int], str]
) -> int:
    """On how many pages another line stands where `member` does."""
    return len(
        {
            edge.page
            for outer_lines in edges.values()
            for edge in outer_lines
            if abs(edge.row.base - member.row.base) <= 0.3 * member.row.size
            and edge.place not in likely
        }
    )


def _is_spoken(members: list[_Edge], pages: int) -> bool:
    """Whether these lines look like a turn rather than a heading:
    `P: Yeah.` at two page tops is speech.
    """
    return len(members) < max(3, 0.6 * pages) and bool(LABEL_LIKE.match(members[0].text))


def _evident(edge: _Edge, sighting: _Sighting, heights: dict[int, float]) -> bool:
    """On the only page: a number 1, apart from the text, in the page's outer eighth."""
    height = heights[edge.page]
    return sighting[1] == 0 and edge.alone and not height / 8 < edge.row.base < height * 7 / 8


def _is_page_number(text: str) -> bool:
    return all(
        word.casefold() in _PAGE_WORDS for word in re.findall(r"[^\W\d_]+", text.replace("#", " "))
    )


def _value(numeral: str) -> int:
    """What an Arabic or Roman numeral says; 0 for letters that are none."""
    if numeral.isdigit():
        return int(numeral)
    values = [{"i": 1, "v": 5, "x": 10, "l": 50}[letter] for letter in numeral.lower()]
    return sum(-a if a < b else a for a, b in zip(values, [*values[1:], 0], strict=True))
