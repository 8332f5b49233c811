"""Which codes stand together, as a heat map: the number in each cell, and a shade that goes with
it.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from gtpipe.analysis.cooccurrence import Pair, Sense
from gtpipe.model.level import CodeRef
from gtpipe.render.figures.drawing import Drawing
from gtpipe.render.figures.theory import Link, in_words

TITLE = "Co-occurrence"


class Table(NamedTuple):
    """Codes, how often two of them stand together, and what of it is counted."""

    codes: Sequence[CodeRef]
    pairs: Sequence[Pair]
    sense: Sense


def draw(table: Table, link: Link | None = None) -> Drawing:
    """The most connected codes; which were left out is said below."""
    return in_words(TITLE, "not drawn yet")
