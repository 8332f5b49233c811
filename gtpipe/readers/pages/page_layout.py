"""Pages of placed runs of text → lines of a transcript.

Pure: what stands where in, lines and asides out. In doubt a line break stays.
"""

from __future__ import annotations

import re
import statistics
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from gtpipe.readers.lines import speaker_turns
from gtpipe.readers.pages import margins
from gtpipe.readers.pages.rows import LABEL_LIKE, Page, Row, joined, leading_of, rows_of
from gtpipe.readers.reading import Aside, Line, Reading, SourceTurn

# Stands in for the colon of names in a column of their own, where the source has none like it;
# taken out again.
_COLON = "："


class NamesBesideTheMiddleError(Exception):
    """Names in a left column stand lower than their first words,
    so who says what cannot be told for certain.
    """


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
        return Reading(
            format,
            turns,
            tuple((number, plain(text)) for number, text in found.left_out),
            (*self.remarks, *found.remarks, *remarks),
            tuple(
                doubt._replace(excerpt=plain(doubt.excerpt), what=plain(doubt.what))
                for doubt in found.doubts
            ),
            (*self.asides, *found.asides, *asides),
            "page",
            found.shape,
        )


def lines_of(pages: Sequence[Page]) -> Layout:
    """The lines of all pages, turns over page ends in one piece.

    Raises NamesBesideTheMiddleError.
    """
    asides = [aside for page in pages for aside in page.asides]
    pages, numbers = margins.without_numbers(pages)
    pages, repeated = margins.without_repeated(pages)
    asides += sorted([*numbers, *repeated], key=lambda aside: aside.number)
    rows, columns = _rows_in_columns(pages)
    rows, colons = _with_names(rows)
    lines, hyphens = _paragraphs(rows, colons)
    remarks = []
    if columns:
        remarks.append(f"read in two columns: page {', '.join(map(str, columns))}")
    if colons:
        remarks.append("names are taken from the left column")
    if hyphens:
        remarks.append(
            f"{hyphens} word{' was' if hyphens == 1 else 's were'} split by a hyphen "
            "at the end of a line: joined, with the hyphen"
        )
    return Layout(tuple(lines), tuple(asides), tuple(remarks), colons)


def _rows_in_columns(pages: Sequence[Page]) -> tuple[list[Row], list[int]]:
    """All rows in reading order; and the pages set like a newspaper,
    whose left column is read before the right.
    """
    rows: list[Row] = []
    columns: list[int] = []
    for page in pages:
        gutter = _gutter(page)
        if not gutter:
            rows += rows_of(page.number, page.runs)
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
        rows += rows_of(page.number, above) + rows_of(page.number, left, 1)
        rows += rows_of(page.number, [run for run in page.runs if run.left >= gutter - 1], 2)
    return rows, columns


def _gutter(page: Page) -> float:
    """Where the right column begins, 0 without one."""
    starts = Counter(round(run.left) for run in page.runs)
    for start, count in sorted(starts.items(), key=lambda item: (-item[1], item[0]))[:3]:
        if count >= 5 and _parts_columns(page, start):
            return start
    return 0


def _parts_columns(page: Page, start: float) -> bool:
    """Whether a right column begins at `start`: nothing crosses it,
    and the file writes all that is left of it first.
    """
    placed = list(enumerate(page.runs))
    right = [(place, run) for place, run in placed if run.left >= start - 1]
    if len(right) < 5 or len(right) == len(placed):
        return False
    top = min(run.base for _, run in right)
    left = [
        (place, run)
        for place, run in placed
        if run.left < start - 1 and run.base >= top - run.size / 2
    ]
    if len(left) < 5 or any(run.right > start for _, run in left):
        return False
    is_text = statistics.mean(len(run.text) for _, run in left) > 15
    return is_text and left[-1][0] < right[0][0]


def _with_names(rows: list[Row]) -> tuple[list[Row], bool]:
    """Rows with what stands in a column of names on the left told apart from the words beside it;
    and whether each name is lent a colon.
    """
    start = _start_of_words(rows)
    if start and _count_between(rows, start) >= 2:
        raise NamesBesideTheMiddleError
    labels = [_name(row, start) for row in rows]
    if not _are_names(rows, labels, start):
        return rows, False
    labelled = [replace(row, label=label) for row, label in zip(rows, labels, strict=True)]
    if _beside_the_middle(labelled):
        raise NamesBesideTheMiddleError
    return labelled, _lack_colons(labelled)


def _start_of_words(rows: list[Row]) -> float:
    """Where most runs begin that have something on their left."""
    lefts = Counter(round(run.left) for row in rows for run in row.runs)
    beside = {round(run.left) for row in rows for run in row.runs[1:]} or set(lefts)
    return max(beside, key=lambda left: (lefts[left], left), default=0)


def _count_between(rows: list[Row], start: float) -> int:
    """How many rows hold a name alone, half-way between two rows of words."""
    return sum(
        row.right < start - 2 <= min(above.left, below.left)
        and above.page == below.page
        and row.base - above.base < 0.9 * row.size > below.base - row.base
        for above, row, below in zip(rows, rows[1:], rows[2:], strict=False)
    )


def _are_names(rows: list[Row], labels: list[str], start: float) -> bool:
    """Whether what stands left of the words are few names, with hardly anything else."""
    named = [label for label in labels if label]
    if len(named) < 2:
        return False
    first = labels.index(named[0])
    others = sum(
        not label and row.left < start - 2
        for row, label in zip(rows[first:], labels[first:], strict=True)
    )
    names = set(map(_without_time, named))
    return (
        others <= len(rows) // 20
        and len(names) <= max(3, len(named) // 2)
        and all(len(name) <= 40 for name in names)
    )


def _lack_colons(rows: list[Row]) -> bool:
    """Whether the names in these rows have letters and no colon."""
    labels = {row.label for row in rows if row.label}
    return (
        all(re.search(r"[^\W\d_]", _without_time(label)) for label in labels)
        and not any(":" in re.sub(r"\d:\d", "", label) for label in labels)
        and not any(_COLON in run.text for row in rows for run in row.runs)
    )


def _without_time(label: str) -> str:
    return re.sub(r"[\d:.,\[\]() ]+", " ", label).strip()


def _beside_the_middle(rows: list[Row]) -> bool:
    """Whether names stand beside the middle of their words:
    then the first line would go to the speaker before.
    """
    leading = leading_of(rows)
    centred, nameless_since_gap = 0, False
    for before, row in pairwise(rows):
        gap = row.page != before.page or row.base - before.base > 1.3 * leading
        if row.label and not gap and nameless_since_gap:
            centred += 1
        nameless_since_gap = (
            not row.label and row.page == before.page and (gap or nameless_since_gap)
        )
    return centred >= 2 and centred * 5 >= sum(bool(row.label) for row in rows)


def _name(row: Row, start: float) -> str:
    """What stands left of the column of words, '' where nothing does or the row runs across."""
    names = [run for run in row.runs if run.left < start - 2]
    if not names or len(names) == len(row.runs) or any(run.right > start for run in names):
        return ""
    return joined(names) if abs(row.runs[len(names)].left - start) <= 2 else ""


def _paragraphs(rows: list[Row], colons: bool) -> tuple[list[Line], int]:
    """Rows joined to paragraphs, an empty line at each gap; and how many words a hyphen parted."""
    leading = leading_of(rows)
    right_margins = _right_margins(rows)
    names_alone = Counter(row.text for row in rows if _all_bold(row))
    spaced = _is_spaced(rows, leading)
    lines: list[Line] = []
    hyphens = 0
    first: Row | None = None

    def is_name_alone(row: Row) -> bool:
        return _all_bold(row) and names_alone[row.text] > 1

    for before, row in zip((None, *rows), rows, strict=False):
        line = _line_of(row, colons)
        if before is None or first is None:
            lines.append(line)
            first = row
            continue
        apart = (before.page, before.column) != (row.page, row.column)
        gap = not apart and row.base - before.base > 1.3 * leading
        if not gap and _goes_on(before, row, first, right_margins[before.column], apart):
            lines[-1], hyphen = _lengthened(lines[-1], line)
            hyphens += hyphen
            continue
        # Nothing parts a name alone on its line from its words.
        if not is_name_alone(before) and (gap or (apart and spaced) or is_name_alone(row)):
            lines.append(Line("", row.page))
        lines.append(line)
        first = row
    return lines, hyphens


def _line_of(row: Row, colons: bool) -> Line:
    """The row as a line; behind a name in a column of its own, a colon where it is to have one."""
    if not colons or not row.label:
        return Line(row.text, row.page, row.bold)
    words = row.text[len(row.label) :].lstrip()
    return Line(f"{row.label}{_COLON} {words}", row.page, min(row.bold, len(row.label)))


def _lengthened(whole: Line, more: Line) -> tuple[Line, bool]:
    """A line with the next row behind it, and whether a hyphen parted a word between the two."""
    hyphen = bool(re.search(r"\w-$", whole.text)) and more.text[:1].isalnum()
    start = whole.text + ("" if hyphen else " ")
    goes_on_bold = whole.bold == len(whole.text) and more.bold
    bold = len(start) + more.bold if goes_on_bold else whole.bold
    return Line(start + more.text, whole.number, bold), hyphen


def _goes_on(before: Row, row: Row, first: Row, margin: float, apart: bool) -> bool:
    """Whether `row` continues the paragraph that `first` began:
    `before` was full, and nothing begins here.
    """
    text = row.text
    if (
        row.label
        or LABEL_LIKE.match(text)
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


def _all_bold(row: Row) -> bool:
    return bool(row.bold) and row.bold == len(row.text) and len(row.text) <= 40


def _right_margins(rows: list[Row]) -> dict[int, float]:
    """How far lines reach to the right, by column; a few that stick out do not count."""
    rights: dict[int, list[float]] = defaultdict(list)
    for row in rows:
        rights[row.column].append(row.right)
    return {key: sorted(reached)[int(0.98 * (len(reached) - 1))] for key, reached in rights.items()}


def _is_spaced(rows: list[Row], leading: float) -> bool:
    """Whether paragraphs in this document stand apart from each other by a gap."""
    gaps = [
        b.base - a.base > 1.3 * leading
        for a, b in pairwise(rows)
        if (a.page, a.column) == (b.page, b.column)
    ]
    return sum(gaps) * 10 >= len(gaps) > 0
