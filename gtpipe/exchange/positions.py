"""How a file counts places in its texts, found out: every way met in the wild is tried, and held
against the words that the file quotes, else against where words begin and end.

The specification of REFI-QDA counts code points, the end exclusive. NVivo counts UTF-16 units and a
line end as two, QualCoder writes a byte order mark and does not count it, Taguette counts bytes.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Mapping
from enum import StrEnum
from itertools import product
from typing import NamedTuple

from gtpipe.model.names import one_line
from gtpipe.model.problems import UserError

_MARK = "\ufeff"
_LINE_END = re.compile("\r\n?|\n")
_UNEVEN = re.compile("\r\n?|\n|[^\0-\x7f]")
# Words of these scripts stand without a space between them: Thai, Lao, Burmese, Khmer, Chinese,
# Japanese.
_UNSPACED = re.compile(
    ".?[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u2e80-\ua4cf\uf900-\ufaff\U00020000-\U0003ffff]"
)
_ELISION = re.compile(r"\s*(?:…|\.\.\.)$")


class Unit(StrEnum):
    CODE_POINTS = "code points"
    UTF_16 = "UTF-16 units"
    BYTES = "UTF-8 bytes"


class Convention(NamedTuple):
    """What a place counts: units, so many for a line end, and the byte order mark or not."""

    unit: Unit = Unit.CODE_POINTS
    line_end: int = 1
    counts_mark: bool = False

    def __str__(self) -> str:
        mark = ", the byte order mark too" if self.counts_mark else ""
        return f"{self.unit}, a line end as {self.line_end}{mark}"

    def width(self, char: str) -> int:
        if self.unit == Unit.UTF_16:
            return 2 if char > "\uffff" else 1
        return len(char.encode()) if self.unit == Unit.BYTES else 1


CONVENTIONS = tuple(
    Convention(unit, line_end, counts_mark)
    for unit, line_end, counts_mark in product(
        (Unit.CODE_POINTS, Unit.UTF_16), (1, 2), (False, True)
    )
)
"""Those tried where nothing else is said; of two that fit, the first is taken."""


class Stretch(NamedTuple):
    """A place in one of the texts as a file gives it, and the words that it says stand there."""

    text: str
    start: int
    end: int
    words: str = ""


class Places(NamedTuple):
    """Where each stretch stands in its plain text (None: nowhere), and how that was found out."""

    spans: tuple[tuple[int, int] | None, ...]
    convention: Convention
    told: str


def plain(text: str) -> str:
    """A text as `records` has it: line feeds, no byte order mark."""
    return _LINE_END.sub("\n", text.removeprefix(_MARK))


class _Text:
    """A text as the file has it."""

    def __init__(self, raw: str) -> None:
        self.plain = plain(raw)
        self.one_line = one_line(self.plain)
        self.has_mark = raw.startswith(_MARK)
        # Characters that some convention counts otherwise: where they stand in the plain text.
        self.uneven = [(found.start(), found.group()) for found in _UNEVEN.finditer(self.plain)]
        self._rulers: dict[Convention, tuple[list[int], list[int], list[int]]] = {}

    def _ruler(self, convention: Convention) -> tuple[list[int], list[int], list[int]]:
        """Where counting is out of step: the counted place behind each such character, its place in
        the plain text, and its width.
        """
        if convention not in self._rulers:
            behind, places, widths = [], [], []
            more = int(convention.counts_mark and self.has_mark) * convention.width(_MARK)
            if more:
                behind, places, widths = [more], [0], [more]
            for place, char in self.uneven:
                width = convention.line_end if char == "\n" else convention.width(char)
                if width != 1:
                    more += width - 1
                    behind.append(place + 1 + more)
                    places.append(place + 1)
                    widths.append(width)
            self._rulers[convention] = behind, places, widths
        return self._rulers[convention]

    def place(self, counted: int, convention: Convention) -> int | None:
        """The place in the plain text; None where there is none, or it cuts a character."""
        behind, places, widths = self._ruler(convention)
        at = bisect_right(behind, counted)
        found = counted if not at else places[at - 1] + counted - behind[at - 1]
        if at < len(behind) and counted > behind[at] - widths[at]:
            return None  # inside a character, or between the two signs of a line end
        return found if 0 <= found <= len(self.plain) else None

    def span(self, stretch: Stretch, convention: Convention) -> tuple[int, int] | None:
        start = self.place(stretch.start, convention)
        end = self.place(stretch.end, convention)
        return None if start is None or end is None or end < start else (start, end)


def find(
    texts: Mapping[str, str],
    stretches: Iterable[Stretch],
    conventions: Iterable[Convention] = CONVENTIONS,
) -> Places:
    """Where the stretches stand, by the one convention that fits best. `texts` are as the file has
    them, by id. Raises UserError where none explains the file.
    """
    stretches = tuple(stretches)
    read = {id: _Text(raw) for id, raw in texts.items()}
    quoted = [bool(one.words) and stands(read[one.text].one_line, one.words) for one in stretches]
    tried: dict[tuple[tuple[int, int] | None, ...], Convention] = {}
    for convention in conventions:
        spans = tuple(read[one.text].span(one, convention) for one in stretches)
        tried.setdefault(spans, convention)
    scores = {spans: _score(read, stretches, quoted, spans) for spans in tried}
    best = max(tried, key=lambda spans: scores[spans])  # of several the first
    hits, bounds, _ = scores[best]
    placed = sum(span is not None for span in best)
    if sum(quoted) and 2 * hits > sum(quoted):
        told = f"{hits} of {sum(quoted)} quoted words stand at their places"
    elif len(tried) == 1 or (2 * placed >= len(stretches) and 3 * bounds >= 4 * placed):
        told = f"{bounds} of {2 * len(stretches)} ends are ends of words"
    else:
        raise UserError.of(
            "no way of counting explains the places in this file: at best "
            f"{hits} of {sum(quoted)} quoted words stand at their places, and {bounds} of "
            f"{2 * len(stretches)} ends are ends of words",
            "Were its texts changed after they were coded? Export it again from its program",
        )
    return Places(best, tried[best], f"Places count {tried[best]}: {told}")


def says(words: str, quoted: str) -> bool:
    """Whether `quoted`, which may be cut short with an ellipsis, are these words."""
    words, quoted = one_line(words), one_line(quoted)
    cut = _ELISION.sub("", quoted)
    return words == quoted or (cut != quoted and bool(cut) and words.startswith(cut))


def stands(text: str, quoted: str) -> bool:
    """Whether a text, its white space apart, has what is quoted, which may be cut short: other
    names of stretches are no quotations.
    """
    quoted = one_line(quoted)
    return bool(quoted) and (quoted in text or _ELISION.sub("", quoted) in text)


def _score(
    read: Mapping[str, _Text],
    stretches: tuple[Stretch, ...],
    quoted: list[bool],
    spans: tuple[tuple[int, int] | None, ...],
) -> tuple[int, int, int]:
    """How many quoted words stand at their places, how many ends are ends of words, and, less than
    nothing, how many stretches begin or end with white space.
    """
    hits = bounds = loose = 0
    for stretch, is_quoted, span in zip(stretches, quoted, spans, strict=True):
        if span is None:
            continue
        text = read[stretch.text].plain
        words = text[slice(*span)]
        hits += is_quoted and says(words, stretch.words)
        bounds += sum(_is_bound(text, at) for at in span)
        loose += words != words.strip()
    return hits, bounds, -loose


def _is_bound(text: str, at: int) -> bool:
    """Whether no word runs over this place, as far as a script shows it."""
    if not 0 < at < len(text):
        return True
    before, behind = text[at - 1], text[at]
    return not (before.isalnum() and behind.isalnum()) or bool(_UNSPACED.match(before + behind))
