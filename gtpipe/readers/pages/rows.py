"""What stands on pages: runs of letters with their places, and the rows that they make up."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import NamedTuple

from gtpipe.readers.reading import Aside

# How a turn begins: a number, a time, a name and a colon; or a time in brackets.
LABEL_LIKE = re.compile(
    r"\W*(?:\d+[.)]?\s+)?(?:[\[(]?\d{1,2}:\d\d(?::\d\d)?[\])]?\s*)?[^\W_a-z][^:：]{0,40}[:：](?:\s|$)|[\[(]\d{1,2}:\d\d"
)


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
class Row:
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
        return joined(self.runs)

    @property
    def bold(self) -> int:
        """How many letters at its beginning are bold."""
        whole = 0
        for count, run in enumerate(self.runs, 1):
            if run.bold < len(run.text):
                return (
                    len(joined((*self.runs[: count - 1], run))) - len(run.text) + run.bold
                    if run.bold
                    else whole
                )
            whole = len(joined(self.runs[:count]))
        return whole


def rows_of(page: int, runs: Sequence[TextRun], column: int = 0) -> list[Row]:
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
            Row(
                page,
                column,
                tuple(sorted(group, key=lambda run: -run.right if leftward else run.left)),
            )
        )
    return rows


def joined(runs: Sequence[TextRun]) -> str:
    text = ""
    for before, run in zip((None, *runs), runs, strict=False):
        if before is not None:
            apart = max(run.left - before.right, before.left - run.right)
            text += " " if run.space or apart > 0.15 * run.size else ""
        text += run.text
    return text


def leading_of(rows: Sequence[Row]) -> float:
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
