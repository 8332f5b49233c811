"""Stage 4 laid out: the theory with the words, its diagram and figure, negative cases, and
sufficiency by interview.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import cache

from gtpipe.analysis.references import in_theory
from gtpipe.analysis.theory import SUFFICIENCY, sufficiency, sufficiency_since
from gtpipe.model.level import FOCUSED, CodeRef
from gtpipe.model.records import InPieces, Later, Outcome, Piece, Table
from gtpipe.pipeline.made_of import all_but_sheets, digest_of
from gtpipe.pipeline.since import NOTHING, Since
from gtpipe.pipeline.stages import THEORETICAL_CODE
from gtpipe.render import theory, theory_pages
from gtpipe.render.figures import svg
from gtpipe.render.figures import theory as figure
from gtpipe.render.theory import LaidOut
from gtpipe.study import Corpus


def outcome(corpus: Corpus, before: Since = NOTHING) -> Outcome:
    """`theory.md`, `theory.mmd`, `theory.svg`, `negative-cases.md`, `sufficiency.csv`."""
    laid = cache(lambda: theory.laid_out(corpus))
    named = in_theory(corpus.material)
    made_of = all_but_sheets(corpus, THEORETICAL_CODE.reads, _answered(corpus), named=named)

    def later(page: Callable[[LaidOut], str]) -> Later:
        return Later(made_of, lambda: page(laid()))

    pages: dict[str, Later | InPieces] = {
        "theory.md": InPieces(tuple(_sections(corpus, before, made_of, laid))),
        "theory.mmd": later(theory_pages.diagram),
        "theory.svg": later(lambda laid: svg.standalone(figure.draw(laid))),
        "negative-cases.md": later(theory_pages.negative_page),
    }
    return Outcome({"sufficiency.csv": _sufficiency(corpus, before)}, pages.items())


def _sufficiency(corpus: Corpus, before: Since) -> Table:
    looking = corpus.looking
    rows = before.rows("sufficiency.csv", SUFFICIENCY)
    if not rows:
        return sufficiency(corpus.material, corpus.codings, looking.holdings)
    touched = {one.label for one in looking.focused.values() if before.touches(one, corpus)}
    touched |= {label for level, label in before.codes if level is FOCUSED}
    return sufficiency_since(rows, touched, {name for name, _ in before.turns}, looking)


def _answered(corpus: Corpus) -> object:
    """What rows of procedures say that stand in the theory."""
    return [
        [(row.where.path, row.all(tuple(row.cells))) for rows in one.rows.values() for row in rows]
        for one in corpus.material.procedures.values()
        if one.schema.in_theory
    ]


def _sections(
    corpus: Corpus, before: Since, made_of: str, laid: Callable[[], LaidOut]
) -> Iterator[Piece]:
    """The pieces of `theory.md`: each hangs on the theory, of which all is `made_of`, and on how
    incidents stand to the focused codes that it tells of.
    """
    holdings, focused = corpus.looking.holdings, corpus.looking.focused
    sections = theory_pages.theory_sections(corpus.material.theory)
    was = before.pieces("theory.md")
    is_same = was[:1] == [f"0 {made_of}"] and len(was) == len(sections)
    for number, section in enumerate(sections):
        codes = [focused[label] for label in section.tells_of if label in focused]
        of = f"{number} {made_of}"
        if is_same and not any(before.touches(code, corpus) for code in codes):
            of = was[number]
        elif codes:
            stand = [holdings.standing(CodeRef(FOCUSED, code.label)) for code in codes]
            of += f" {digest_of([(*one.extracts, one.waiting) for one in stand])}"
        yield Piece(of, lambda section=section: (section.make(laid()),))  # type: ignore[misc]
