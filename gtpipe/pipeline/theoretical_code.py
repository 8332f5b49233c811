"""Stage 4 laid out: the theory with the words, its diagram and figure, negative cases, and
sufficiency by interview.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache

from gtpipe.analysis.references import mentions
from gtpipe.analysis.theory import sufficiency
from gtpipe.model.level import FOCUSED, CodeRef
from gtpipe.model.records import Later, Outcome
from gtpipe.pipeline.made_of import all_but_sheets
from gtpipe.pipeline.stages import THEORETICAL_CODE
from gtpipe.render import theory, theory_pages
from gtpipe.render.figures import svg
from gtpipe.render.figures import theory as figure
from gtpipe.render.theory import LaidOut
from gtpipe.study import Corpus


def outcome(corpus: Corpus) -> Outcome:
    """`theory.md`, `theory.mmd`, `theory.svg`, `negative-cases.md`, `sufficiency.csv`."""
    holdings = corpus.looking.holdings
    standing = [holdings.standing(CodeRef(FOCUSED, label)) for label in corpus.looking.focused]
    stand = [(*one.extracts, one.waiting) for one in standing]
    laid = cache(lambda: theory.laid_out(corpus))
    named = {one.named.label for one in mentions(corpus.material, corpus.names)}

    def later(page: Callable[[LaidOut], str], *told: object) -> Later:
        made_of = all_but_sheets(corpus, THEORETICAL_CODE.reads, *told, named=named)
        return Later(made_of, lambda: page(laid()))

    return Outcome(
        {"sufficiency.csv": sufficiency(corpus.material, corpus.codings, holdings)},
        {
            "theory.md": later(theory_pages.theory_page, stand),
            "theory.mmd": later(theory_pages.diagram),
            "theory.svg": later(lambda laid: svg.standalone(figure.draw(laid))),
            "negative-cases.md": later(theory_pages.negative_page),
        },
    )
