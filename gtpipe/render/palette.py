"""By what a focused code is known in pages and figures: its number, and a colour that goes with it.

Seven colours that people with each kind of colour blindness tell apart, dark enough on light paper
to be read as text (WCAG 2.2, 4.5:1). More focused codes than colours share them: the number, which
is always printed, tells them apart.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

PAPER, INK, SOFT, RULE = "#fdfcf9", "#1d1d1b", "#62605a", "#dedad2"
COLOURS = ("#0b6e99", "#b4532a", "#4b7a2b", "#7a4fa3", "#8a6414", "#b03a6a", "#3c6e6e")


class Sign(NamedTuple):
    """`number` from 1, in the order of the focused codes; `hue` from 1 to 7."""

    number: int
    hue: int


def signs(focused: Iterable[str]) -> dict[str, Sign]:
    """Focused code → its sign, in the order given."""
    return {label: Sign(index + 1, index % len(COLOURS) + 1) for index, label in enumerate(focused)}
