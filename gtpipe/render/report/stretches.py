"""Words of a turn with the stretches in them that carry codes, where these overlap and lie within
each other.
"""

from __future__ import annotations

from collections.abc import Iterable
from itertools import pairwise
from typing import NamedTuple

from gtpipe.model import anchor
from gtpipe.model.level import Level
from gtpipe.model.records import Span

LANES = 4  # lines below words that are told apart
NO_HUE = 0


class Mark(NamedTuple):
    """A code that covers a piece of a turn. `lane` is the line below the words that is its
    stretch's, 0 where another code of the same stretch draws it; `letter` names the stretch where
    it ends.
    """

    code: str
    level: str
    hue: int
    lane: int
    letter: str


class Piece(NamedTuple):
    """Words of a turn between two places where a stretch begins or ends."""

    text: str
    marks: tuple[Mark, ...]


Letters = dict[Span | None, str]


def letters(spans: Iterable[Span | None]) -> Letters:
    """A letter for each stretch of a turn, in their order.

    >>> letters([(4, 9), None, (0, 7), (4, 9)])
    {(0, 7): 'a', (4, 9): 'b'}
    """
    found: Letters = {}
    for span in sorted({span for span in spans if span is not None}):
        number, letter = len(found), ""
        while number >= 0:
            letter = chr(ord("a") + number % 26) + letter
            number = number // 26 - 1
        found[span] = letter
    return found


def pieces(
    text: str, marks: Iterable[tuple[Span | None, str, Level, int]], named: Letters
) -> tuple[Piece, ...]:
    """A turn cut where stretches begin and end, each piece with the codes that cover it; what ends
    last comes first, so that its line runs on below the letters of others.
    """
    codes: dict[Span, dict[tuple[str, Level], int]] = {}
    for span, code, level, hue in marks:
        if span is not None:
            codes.setdefault(span, {}).setdefault((code, level), hue)
    lanes = _lanes(codes)
    last_first = sorted(lanes, key=lambda span: (-span[1], span[0]))
    cuts = sorted({0, len(text), *(place for span in codes for place in span)})
    made = []
    for start, end in pairwise(cuts):
        found = []
        for span in last_first:
            if not (span[0] <= start and end <= span[1]):
                continue
            hue = next(filter(None, codes[span].values()), NO_HUE)
            lane, letter = lanes[span], named[span] if span[1] == end else ""
            for code, level in codes[span]:
                found.append(Mark(code, str(level), hue, lane, letter))
                lane, letter = 0, ""
        made.append(Piece(text[start:end], tuple(found)))
    return tuple(made) or (Piece(text, ()),)


def _lanes(spans: Iterable[Span]) -> dict[Span, int]:
    """The line below the words of each stretch, from 1: those that share words have lines of their
    own. Shorter ones come first, so that the line of what lies within another is nearer to them.
    """
    found: dict[Span, int] = {}
    for span in sorted(spans, key=lambda span: (span[1] - span[0], span)):
        taken = {lane for other, lane in found.items() if anchor.overlap(span, other)}
        free = next(lane for lane in range(1, len(taken) + 2) if lane not in taken)
        found[span] = free
    return {span: min(lane, LANES) for span, lane in found.items()}
