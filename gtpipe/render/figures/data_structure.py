"""The data structure: initial codes → focused codes → categories, in three columns (Gioia, Corley &
Hamilton 2013), with what does not fit beside each.
"""

from __future__ import annotations

from gtpipe.render.figures.drawing import Drawing
from gtpipe.render.figures.theory import Link, in_words
from gtpipe.render.theory import LaidOut
from gtpipe.study import Corpus

TITLE = "Data structure"


def draw(laid: LaidOut, corpus: Corpus, link: Link | None = None) -> Drawing:
    """The three columns; where there is no focused code, a drawing that says so."""
    return in_words(TITLE, "not drawn yet")
