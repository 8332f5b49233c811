"""Stage 4 laid out: the theory with the words, its diagram and figure, negative cases, and
sufficiency by interview.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache

from gtpipe.analysis.references import in_theory
from gtpipe.analysis.theory import sufficiency
from gtpipe.model.level import FOCUSED, CodeRef
from gtpipe.model.records import Later, Outcome
from gtpipe.pipeline.made_of import all_but_sheets
from gtpipe.pipeline.since import NOTHING, Since
from gtpipe.pipeline.stages import THEORETICAL_CODE
from gtpipe.render import theory, theory_pages
from gtpipe.render.figures import svg
from gtpipe.render.figures import theory as figure
from gtpipe.render.theory import LaidOut
from gtpipe.study import Corpus


def outcome(corpus: Corpus, before: Since = NOTHING) -> Outcome:
    """`theory.md`, `theory.mmd`, `theory.svg`, `negative-cases.md`, `sufficiency.csv`."""
    holdings, focused = corpus.looking.holdings, corpus.looking.focused
    laid = cache(lambda: theory.laid_out(corpus))
    named = in_theory(corpus.material)
    is_touched = any(label in named for _, label in before.codes) or any(
        before.touches(code, corpus) for code in focused.values()
    )

    def stand() -> object:
        standing = (holdings.standing(CodeRef(FOCUSED, label)) for label in focused)
        return [(*one.extracts, one.waiting) for one in standing]

    def with_responses() -> object:
        answered = [
            [
                (row.where.path, row.all(tuple(row.cells)))
                for rows in one.rows.values()
                for row in rows
            ]
            for one in corpus.material.procedures.values()
            if one.schema.in_theory
        ]
        return [stand(), *answered]

    def later(
        name: str, page: Callable[[LaidOut], str], told: Callable[[], object] = tuple
    ) -> Later:
        made_of = None if is_touched else before.made_of.get(name)
        if made_of is None:
            made_of = all_but_sheets(corpus, THEORETICAL_CODE.reads, told(), named=named)
        return Later(made_of, lambda: page(laid()))

    pages: dict[str, Later] = {
        "theory.md": later("theory.md", theory_pages.theory_page, with_responses),
        "theory.mmd": later("theory.mmd", theory_pages.diagram),
        "theory.svg": later("theory.svg", lambda laid: svg.standalone(figure.draw(laid))),
        "negative-cases.md": later("negative-cases.md", theory_pages.negative_page),
    }
    return Outcome(
        {"sufficiency.csv": sufficiency(corpus.material, corpus.codings, holdings)}, pages
    )
