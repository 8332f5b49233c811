"""How often a suggestion of a certain strength was right: from this study's own past to a score of
0 to 1.

Past suggestions are put in order of strength, in parts of equal size; the share that a person gave,
part by part, is made to rise with strength (isotonic regression) and joined by straight lines.
Until there is a past, the share is a guess.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from itertools import pairwise

RECENT = 300  # coded turns that live suggestions are calibrated on
PART = 25  # suggestions in a part, at least
PARTS = 20  # at most
GUESSED, WEIGHT = (
    0.1,
    4,
)  # the share before there is a past, and how many suggestions it counts for in each part


class Calibration:
    """Strength → score; made of past suggestions as (strength, whether a person gave that code)."""

    def __init__(self, past: Sequence[tuple[float, bool]] = ()) -> None:
        ordered = sorted(past)
        number = max(1, min(PARTS, len(ordered) // PART))
        # A part ends where a strength ends: what is equally strong belongs together.
        lasts = (
            [ordered[len(ordered) * part // number - 1][0] for part in range(1, number + 1)]
            if ordered
            else []
        )
        bounds = (
            [0, *dict.fromkeys(bisect_right(ordered, (last, True)) for last in lasts)]
            if ordered
            else [0, 0]
        )
        # Suggestions (with the guess), those given, sum of strengths.
        blocks: list[tuple[float, float, float]] = []
        for start, stop in pairwise(bounds):
            some = ordered[start:stop]
            block: tuple[float, float, float] = (
                len(some) + WEIGHT,
                sum(given for _, given in some) + WEIGHT * GUESSED,
                (len(some) + WEIGHT)
                * (sum(strength for strength, _ in some) / len(some) if some else 0.0),
            )
            # Parts whose share does not rise are pooled.
            while blocks and blocks[-1][1] * block[0] >= block[1] * blocks[-1][0]:
                below = blocks.pop()
                block = (below[0] + block[0], below[1] + block[1], below[2] + block[2])
            blocks.append(block)
        self._strengths = [strengths / size for size, _, strengths in blocks]
        self._shares = [given / size for size, given, _ in blocks]

    def score(self, strength: float) -> float:
        """0 to 1, two figures: of past suggestions this strong, the share that a person gave."""
        above = bisect_right(self._strengths, strength)
        if above == 0:
            lowest = self._strengths[0]
            share = self._shares[0] * (max(strength, 0) / lowest if lowest > 0 else 1)
        elif above == len(self._strengths):
            share = self._shares[-1]
        else:
            low, high = self._strengths[above - 1 : above + 1]
            share = self._shares[above - 1] + (self._shares[above] - self._shares[above - 1]) * (
                strength - low
            ) / (high - low)
        return round(share, 2)
