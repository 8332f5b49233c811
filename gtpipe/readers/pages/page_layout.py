"""Pages of placed runs of text → lines of a transcript.

Pure: what stands where in, lines and asides out.

Left out as asides is only what shows by place and sequence that it is nobody's speech: numbers
counting up in a margin of their own, and what repeats at one place from page to page. In doubt
words stay words, and a line break stays.
"""

from __future__ import annotations

import re
import statistics
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import NamedTuple

from gtpipe.readers.lines import speaker_turns
from gtpipe.readers.reading import Aside, Line, Reading, SourceTurn

# Stands in for the colon of names in a column of their own, where the source has none like it;
# taken out again.
_COLON = "："
_LABEL_LIKE = re.compile(
    r"\W*(?:\d+[.)]?\s+)?(?:[\[(]?\d{1,2}:\d\d(?::\d\d)?[\])]?\s*)?[^\W_a-z][^:：]{0,40}[:：](?:\s|$)|[\[(]\d{1,2}:\d\d"
)
_NUMBER = re.compile(r"(?<!\w)(?:\d{1,4}|[ivxl]{1,7}|[IVXL]{1,7})(?!\w)")
_PAGE_WORDS = frozenset(
    "page p pp pg of seite s von página pagina pág pag de di sur side af av sida van blad z".split()
)
_DEPTH = 4  # so many lines at the top and the bottom of a page may be running headers and footers


class NamesBesideTheMiddleError(Exception):
    """Names in a left column stand lower than their first words,
    so who says what cannot be told for certain.
    """


class TextRun(NamedTuple):
    """Letters side by side.

    Places in points from the page's left and top edge; `base` is where the letters stand.

    `bold`: how many letters at its beginning are bold; `space`: whether the file has a space in
    front of it.
    """

    text: str
    left: float
    right: float
    base: float
    size: float
    bold: int
    space: bool


class Page(NamedTuple):
    """A page's runs in the order of the file, and words on it that are no part of its text."""

    number: int
    height: float
    runs: tuple[TextRun, ...]
    asides: tuple[Aside, ...] = ()


@dataclass(frozen=True)
class _Row:
    """Runs on one height, from left to right.

    `label`: what stands in a column of names, '' without one.
    """

    page: int
    column: int
    runs: tuple[TextRun, ...]
    label: str = ""

    @property
    def base(self) -> float:
        return self.runs[0].base

    @property
    def size(self) -> float:
        return max(run.size for run in self.runs)

    @property
    def left(self) -> float:
        return self.runs[0].left

    @property
    def right(self) -> float:
        return max(run.right for run in self.runs)

    @property
    def text(self) -> str:
        return _joined(self.runs)

    @property
    def bold(self) -> int:
        """How many letters at its beginning are bold."""
        whole = 0
        for count, run in enumerate(self.runs, 1):
            if run.bold < len(run.text):
                return (
                    len(_joined((*self.runs[: count - 1], run))) - len(run.text) + run.bold
                    if run.bold
                    else whole
                )
            whole = len(_joined(self.runs[:count]))
        return whole


@dataclass(frozen=True)
class Layout:
    """Lines, numbered by page; words that are nobody's; how it was read.

    `colons`: names in a column got a colon each.
    """

    lines: tuple[Line, ...]
    asides: tuple[Aside, ...]
    remarks: tuple[str, ...]
    colons: bool

    def reading(
        self,
        format: str,
        found: speaker_turns.TurnsInLines,
        asides: Sequence[Aside],
        remarks: Sequence[str],
    ) -> Reading:
        """The reading of turns found in the lines, without the colons that were lent to them."""

        def plain(text: str) -> str:
            return text.replace(_COLON, "") if self.colons else text

        turns = tuple(
            SourceTurn(turn.label, turn.time, plain(turn.text), turn.line, plain(turn.lead))
            for turn in found.turns
        )
        left_out, doubtful = (
            tuple((number, plain(text)) for number, text in told)
            for told in (found.left_out, found.doubtful)
        )
        return Reading(
            format,
            turns,
            left_out,
            (*self.remarks, *remarks),
            doubtful,
            (*self.asides, *asides),
            "page",
        )


def lines_of(found: Sequence[Page]) -> Layout:
    """The lines of all pages, turns over page ends in one piece.

    Raises NamesBesideTheMiddleError.
    """
    asides = [aside for page in found for aside in page.asides]
    found, numbers = _without_numbers(found)
    found, repeated = _without_repeated(found)
    asides += sorted([*numbers, *repeated], key=lambda aside: aside.number)
    rows, columns = _rows_in_columns(found)
    rows, colons = _with_names(rows)
    lines, hyphens = _paragraphs(rows, colons)
    remarks = []
    if columns:
        remarks.append(f"read in two columns: page {', '.join(map(str, columns))}")
    if colons:
        remarks.append("names are taken from the left column")
    if hyphens:
        remarks.append(
            f"{hyphens} words parted by a hyphen at a line's end are joined again, the hyphen kept"
        )
    return Layout(tuple(lines), tuple(asides), tuple(remarks), colons)


def _rows(page: int, runs: Sequence[TextRun], column: int = 0) -> list[_Row]:
    """Runs sorted into rows from top to bottom, each from left to right;
    from right to left where the script runs so.
    """
    groups: list[list[TextRun]] = []
    for run in sorted(runs, key=lambda run: run.base):
        last = groups[-1][0] if groups else None
        if last is not None and run.base - last.base <= 0.5 * min(last.size, run.size):
            groups[-1].append(run)
        else:
            groups.append([run])
    rows = []
    for group in groups:
        kinds = Counter(unicodedata.bidirectional(letter) for run in group for letter in run.text)
        leftward = kinds["R"] + kinds["AL"] > kinds["L"]
        rows.append(
            _Row(
                page,
                column,
                tuple(sorted(group, key=lambda run: -run.right if leftward else run.left)),
            )
        )
    return rows


def _joined(runs: Sequence[TextRun]) -> str:
    text = ""
    for before, run in zip((None, *runs), runs, strict=False):
        if before is not None:
            apart = max(run.left - before.right, before.left - run.right)
            text += " " if run.space or apart > 0.15 * run.size else ""
        text += run.text
    return text


def _without_numbers(found: Sequence[Page]) -> tuple[list[Page], list[Aside]]:
    """Pages without numbers that stand in a margin of their own and count up:
    by one a line, every fifth line, a paragraph.
    """
    rows = [row for page in found for row in _rows(page.number, page.runs)]
    lefts = sorted(
        words[0].left for row in rows if (words := [run for run in row.runs if not _is_number(run)])
    )
    if not lefts:
        return list(found), []
    margin = lefts[len(lefts) * 3 // 100]
    counting = [
        (page.number, run)
        for page in found
        for run in sorted(page.runs, key=lambda run: run.base)
        if _is_number(run) and run.right <= margin + 0.5
    ]
    steps = Counter(
        int(b.text) - int(a.text) for (page, a), (other, b) in pairwise(counting) if page == other
    )
    step = max(
        (step for step in steps if step > 0), key=lambda step: (steps[step], -step), default=0
    )
    taken: list[tuple[int, TextRun]] = []
    last, last_page = 0, 0
    for page, run in counting:
        value = int(run.text)
        if not taken or (value == last + step) or (page != last_page and value in (last, step, 1)):
            taken.append((page, run))
            last, last_page = value, page
    if not step or len(taken) < 3 or len(taken) < 0.9 * len(counting):
        return list(found), []
    every = step > 1 or len(taken) >= 0.7 * len(rows)
    drop = {(page, id(run)) for page, run in taken}
    kept = [
        page._replace(runs=tuple(run for run in page.runs if (page.number, id(run)) not in drop))
        for page in found
    ]
    return kept, [
        Aside(page, "line number" if every else "paragraph number", run.text) for page, run in taken
    ]


def _is_number(run: TextRun) -> bool:
    return len(run.text) <= 5 and run.text.isascii() and run.text.isdigit()


class _Edge(NamedTuple):
    """A line near the top or bottom of a page; `alone`: a wide gap parts it from the rest."""

    page: int
    row: _Row
    text: str
    alone: bool


def _without_repeated(found: Sequence[Page]) -> tuple[list[Page], list[Aside]]:
    """Pages without running headers and footers and page numbers."""
    asides: list[Aside] = []
    rows = {page.number: _rows(page.number, page.runs) for page in found}
    leading = _leading([row for page in rows.values() for row in page])
    for top in (True, False):
        edges = {page.number: _edges(rows[page.number], top, leading) for page in found}
        repeated = _repeated(edges, len(found), {page.number: page.height for page in found})
        for number, candidates in edges.items():
            for edge in candidates:
                what = repeated.get((number, id(edge.row)))
                if what is None:
                    break
                asides.append(
                    Aside(
                        number, what or ("running header" if top else "running footer"), edge.text
                    )
                )
                rows[number] = [row for row in rows[number] if row is not edge.row]
    kept = [
        page._replace(runs=tuple(run for row in rows[page.number] for run in row.runs))
        for page in found
    ]
    order = {id(run): place for page in found for place, run in enumerate(page.runs)}
    return [
        page._replace(runs=tuple(sorted(page.runs, key=lambda run: order[id(run)])))
        for page in kept
    ], asides


def _edges(rows: list[_Row], top: bool, leading: float) -> list[_Edge]:
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
    edges: dict[int, list[_Edge]], pages: int, heights: dict[int, float]
) -> dict[tuple[int, int], str]:
    """Which of the lines repeat at one place, by page and row: "page number",
    or '' for other words.
    """
    seen: dict[tuple[str, int | None], list[_Edge]] = defaultdict(list)
    for candidates in edges.values():
        for edge in candidates:
            seen[(edge.text, None)].append(edge)
            for match in _NUMBER.finditer(edge.text):
                value = _value(match.group())
                if value:
                    seen[
                        (
                            f"{edge.text[: match.start()]}#{edge.text[match.end() :]}",
                            value - edge.page,
                        )
                    ].append(edge)
    likely: dict[tuple[int, int], str] = {}
    places: dict[tuple[str, int | None], list[_Edge]] = {}
    for key, members in seen.items():
        base = statistics.median_low(edge.row.base for edge in members)
        members = [edge for edge in members if abs(edge.row.base - base) <= 0.5 * edge.row.size]
        number = key[1] is not None and _is_page_number(key[0])
        enough = len({edge.page for edge in members}) >= max(2, 0.4 * pages) or (
            pages == 1 and number and _evident(members[0], key, heights)
        )
        sure = (
            number
            or (len(members) >= 3 and not _LABEL_LIKE.match(members[0].text))
            or all(edge.alone for edge in members)
        )
        if enough and sure and (number or not _is_spoken(members, pages)):
            places[key] = members
            for edge in members:
                likely[(edge.page, id(edge.row))] = likely.get((edge.page, id(edge.row))) or (
                    "page number" if number else ""
                )
    told: dict[tuple[int, int], str] = {}
    for members in places.values():
        base, size = members[0].row.base, members[0].row.size
        strangers = {
            edge.page
            for candidates in edges.values()
            for edge in candidates
            if abs(edge.row.base - base) <= 0.3 * size and (edge.page, id(edge.row)) not in likely
        }
        if len(strangers) <= pages // 5:
            told |= {
                (edge.page, id(edge.row)): likely[(edge.page, id(edge.row))] for edge in members
            }
    return told


def _is_spoken(members: list[_Edge], pages: int) -> bool:
    """Whether these lines look like a turn rather than a heading:
    `P: Yeah.` at two page tops is speech.
    """
    return len(members) < max(3, 0.6 * pages) and bool(_LABEL_LIKE.match(members[0].text))


def _evident(edge: _Edge, key: tuple[str, int | None], heights: dict[int, float]) -> bool:
    """On the only page: a number 1, apart from the text, in the page's outer eighth."""
    height = heights[edge.page]
    return key[1] == 0 and edge.alone and not height / 8 < edge.row.base < height * 7 / 8


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


def _rows_in_columns(found: Sequence[Page]) -> tuple[list[_Row], list[int]]:
    """All rows in reading order; and the pages set like a newspaper,
    whose left column is read before the right.
    """
    rows: list[_Row] = []
    columns: list[int] = []
    for page in found:
        gutter = _gutter(page)
        if not gutter:
            rows += _rows(page.number, page.runs)
            continue
        columns.append(page.number)
        beside = [run.base for run in page.runs if run.left >= gutter - 1]
        above = [
            run
            for run in page.runs
            if run.base < min(beside) - run.size / 2 and run.left < gutter - 1
        ]
        above_ids = set(map(id, above))
        left = [run for run in page.runs if run.left < gutter - 1 and id(run) not in above_ids]
        rows += _rows(page.number, above) + _rows(page.number, left, 1)
        rows += _rows(page.number, [run for run in page.runs if run.left >= gutter - 1], 2)
    return rows, columns


def _gutter(page: Page) -> float:
    """Where the right column begins, 0 without one: nothing crosses it,
    and the file writes all that is left of it first.
    """
    starts = Counter(round(run.left) for run in page.runs)
    for start, count in sorted(starts.items(), key=lambda item: (-item[1], item[0]))[:3]:
        right = [(place, run) for place, run in enumerate(page.runs) if run.left >= start - 1]
        if count < 5 or len(right) < 5 or len(right) == len(page.runs):
            continue
        top = min(run.base for _, run in right)
        left = [
            (place, run)
            for place, run in enumerate(page.runs)
            if run.left < start - 1 and run.base >= top - run.size / 2
        ]
        if len(left) < 5 or any(run.right > start for _, run in left):
            continue
        if statistics.mean(len(run.text) for _, run in left) > 15 and max(left)[0] < min(right)[0]:
            return start
    return 0


def _with_names(rows: list[_Row]) -> tuple[list[_Row], bool]:
    """Rows with what stands in a column of names on the left told apart from the words on the
    right.
    """
    lefts = Counter(round(run.left) for row in rows for run in row.runs)
    beside = {round(run.left) for row in rows for run in row.runs[1:]} or set(lefts)
    start = max(beside, key=lambda left: (lefts[left], left), default=0)
    between = [
        row
        for above, row, below in zip(rows, rows[1:], rows[2:], strict=False)
        if row.right < start - 2 <= min(above.left, below.left)
        and above.page == below.page
        and row.base - above.base < 0.9 * row.size > below.base - row.base
    ]
    if start and len(between) >= 2:
        raise NamesBesideTheMiddleError
    named = [row for row in rows if _name(row, start)]
    if len(named) < 2:
        return rows, False
    others = [
        row
        for row in rows[rows.index(named[0]) :]
        if not _name(row, start) and row.left < start - 2
    ]
    names = Counter(re.sub(r"[\d:.,\[\]() ]+", " ", _name(row, start)).strip() for row in named)
    if (
        len(others) > len(rows) // 20
        or len(names) > max(3, len(named) // 2)
        or any(len(name) > 40 for name in names)
    ):
        return rows, False
    told = [_Row(row.page, row.column, row.runs, _name(row, start)) for row in rows]
    if _beside_the_middle(told):
        raise NamesBesideTheMiddleError
    lends = (
        all(re.search(r"[^\W\d_]", name) for name in names)
        and not any(":" in re.sub(r"\d:\d", "", row.label) for row in told)
        and not any(_COLON in run.text for row in rows for run in row.runs)
    )
    return told, lends


def _beside_the_middle(rows: list[_Row]) -> bool:
    """Whether names stand beside the middle of their words:
    then the first line would go to the speaker before.
    """
    leading = _leading(rows)
    centred, nameless_since_gap = 0, False
    for before, row in pairwise(rows):
        gap = row.page != before.page or row.base - before.base > 1.3 * leading
        if row.label and not gap and nameless_since_gap:
            centred += 1
        nameless_since_gap = (
            not row.label and row.page == before.page and (gap or nameless_since_gap)
        )
    return centred >= 2 and centred * 5 >= sum(bool(row.label) for row in rows)


def _name(row: _Row, start: float) -> str:
    """What stands left of the column of words, '' where nothing does or the row runs across."""
    names = [run for run in row.runs if run.left < start - 2]
    if not names or len(names) == len(row.runs) or any(run.right > start for run in names):
        return ""
    return _joined(names) if abs(row.runs[len(names)].left - start) <= 2 else ""


def _leading(rows: Sequence[_Row]) -> float:
    """The usual way from line to line: the smallest that is not rare."""
    gaps = Counter(
        round(b.base - a.base, 0)
        for a, b in pairwise(rows)
        if (a.page, a.column) == (b.page, b.column) and b.base > a.base
    )
    total = sum(gaps.values())
    return min(
        (gap for gap, count in gaps.items() if count >= max(1, total * 0.08) and gap > 0),
        default=14.0,
    )


def _paragraphs(rows: list[_Row], colons: bool) -> tuple[list[Line], int]:
    """Rows joined to paragraphs, an empty line at each gap; and how many words a hyphen parted."""
    leading = _leading(rows)
    margins = _right_margins(rows)
    bold_alone = Counter(row.text for row in rows if _all_bold(row))
    lines: list[Line] = []
    hyphens, spaced = 0, _is_spaced(rows, leading)
    first: _Row | None = None
    for before, row in zip((None, *rows), rows, strict=False):
        text, bold = row.text, row.bold
        if colons and row.label:
            text, bold = (
                f"{row.label}{_COLON} {text[len(row.label) :].lstrip()}",
                min(bold, len(row.label)),
            )
        if before is None or first is None:
            lines.append(Line(text, row.page, bold))
            first = row
            continue
        apart = (before.page, before.column) != (row.page, row.column)
        gap = not apart and row.base - before.base > 1.3 * leading
        if not gap and _goes_on(before, row, first, margins[before.column], apart):
            whole = lines[-1]
            hyphen = bool(re.search(r"\w-$", whole.text)) and text[:1].isalnum()
            hyphens += hyphen
            joined = whole.text + ("" if hyphen else " ")
            lines[-1] = Line(
                joined + text,
                whole.number,
                len(joined) + bold if whole.bold == len(whole.text) and bold else whole.bold,
            )
            continue
        if (
            _all_bold(before) and bold_alone[before.text] > 1
        ):  # a name alone on its line: nothing parts it from its words
            gap = False
        elif gap or (apart and spaced) or (_all_bold(row) and bold_alone[row.text] > 1):
            lines.append(Line("", row.page))
        lines.append(Line(text, row.page, bold))
        first = row
    return lines, hyphens


def _goes_on(before: _Row, row: _Row, first: _Row, margin: float, apart: bool) -> bool:
    """Whether `row` continues the paragraph that `first` began:
    `before` was full, and nothing begins here.
    """
    text = row.text
    if (
        row.label
        or _LABEL_LIKE.match(text)
        or abs(row.size - before.size) > 0.15 * before.size
        or (row.bold and not _all_bold(before))
    ):
        return False
    if _all_bold(before) and not row.bold:
        return False
    run = row.runs[0]
    word = len(text.split()[0]) * (run.right - run.left) / max(len(run.text), 1)
    in_a_sentence = text[0].islower() and before.text[-1] not in ".?!…:"
    if before.right + word < margin - (4 if in_a_sentence else 1) * row.size:
        return False
    if before is first or apart:
        return True
    return row.left - before.left <= 0.5 * row.size


def _all_bold(row: _Row) -> bool:
    return bool(row.bold) and row.bold == len(row.text) and len(row.text) <= 40


def _right_margins(rows: list[_Row]) -> dict[int, float]:
    """How far lines reach to the right, by column; a few that stick out do not count."""
    rights: dict[int, list[float]] = defaultdict(list)
    for row in rows:
        rights[row.column].append(row.right)
    return {key: sorted(told)[int(0.98 * (len(told) - 1))] for key, told in rights.items()}


def _is_spaced(rows: list[_Row], leading: float) -> bool:
    """Whether paragraphs in this document stand apart from each other by a gap."""
    gaps = [
        b.base - a.base > 1.3 * leading
        for a, b in pairwise(rows)
        if (a.page, a.column) == (b.page, b.column)
    ]
    return sum(gaps) * 10 >= len(gaps) > 0
