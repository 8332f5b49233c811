"""A drawing for a paper: PNG, or PDF in which its words are text. By Typst, from memory: no file is
written, none but fonts is read, and no package is fetched.
"""

from __future__ import annotations

from gtpipe.render.figures import svg
from gtpipe.render.figures.drawing import Drawing
from gtpipe.render.figures.letters import clean

PPI = 200
WHITE = "#ffffff"  # as the page is that a figure is set on
LONGEST = 12_000  # pixels of a side
_PAGE = b"""#set page(width: auto, height: auto, margin: 0pt)
#set document(title: sys.inputs.title, date: none)
#image(bytes(sys.inputs.svg), format: "svg", alt: sys.inputs.alt)
"""


def png(drawing: Drawing, ppi: float = PPI) -> bytes:
    """A picture of so many pixels for each inch of the figure; of fewer where it grew too large."""
    inches = drawing.width / 96, drawing.height / 96
    return _printed(drawing, "png", min(ppi, LONGEST / max(inches)))


def pdf(drawing: Drawing) -> bytes:
    """One page as large as the figure."""
    return _printed(drawing, "pdf", None)


def _printed(drawing: Drawing, format: str, ppi: float | None) -> bytes:
    import typst

    inputs = {
        "svg": svg.standalone(drawing, WHITE),
        "title": clean(drawing.title),
        "alt": clean(drawing.description),
    }
    made = typst.compile(_PAGE, format=format, ppi=ppi, sys_inputs=inputs, timestamp=0)  # type: ignore
    assert isinstance(made, bytes)
    return made
