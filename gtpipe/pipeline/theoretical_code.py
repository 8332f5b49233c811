"""Stage 4 laid out: the theory with the words, its diagram and figure, negative cases, and
sufficiency by interview.
"""

from __future__ import annotations

from gtpipe.analysis.theory import sufficiency
from gtpipe.model.records import Outcome
from gtpipe.render import theory, theory_pages
from gtpipe.render.figures import svg
from gtpipe.render.figures import theory as figure
from gtpipe.study import Corpus


def outcome(corpus: Corpus) -> Outcome:
    """`theory.md`, `theory.mmd`, `theory.svg`, `negative-cases.md`, `sufficiency.csv`."""
    laid = theory.laid_out(corpus)
    return Outcome(
        {"sufficiency.csv": sufficiency(corpus.material, corpus.codings, corpus.looking.holdings)},
        {
            "theory.md": theory_pages.theory_page(laid),
            "theory.mmd": theory_pages.diagram(laid),
            "theory.svg": svg.standalone(figure.draw(laid)),
            "negative-cases.md": theory_pages.negative_page(laid),
        },
    )
