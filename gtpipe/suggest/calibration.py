"""How often a suggestion of a certain strength was right: from this study's own past to a score of 0 to 1.

Past suggestions are put in order of strength, in parts of equal size; the share that a person gave, part by part, is made to rise
with strength (isotonic regression) and joined by straight lines. Until there is a past, the share is a guess.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence

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
        blocks: list[
            tuple[float, float, float]
        ] = []  # suggestions (with the guess), those given, sum of strengths
        for start, stop in zip(bounds, bounds[1:]):
            some = ordered[start:stop]
            block = (
                len(some) + WEIGHT,
                sum(given for _, given in some) + WEIGHT * GUESSED,
                (len(some) + WEIGHT)
                * (sum(strength for strength, _ in some) / len(some) if some else 0.0),
            )
            while (
                blocks and blocks[-1][1] * block[0] >= block[1] * blocks[-1][0]
            ):  # pool parts that do not rise
                block = tuple(map(sum, zip(blocks.pop(), block)))
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
