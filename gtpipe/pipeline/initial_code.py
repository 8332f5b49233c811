"""Stage 2 laid out: the tables of the code book, and a comparison page for each code."""

from __future__ import annotations

from functools import partial

from gtpipe.analysis import incidents
from gtpipe.analysis.annotations import COMPARISON, WrittenAbout
from gtpipe.analysis.codings import uncoded
from gtpipe.analysis.incidents import AtTurns
from gtpipe.model.level import INITIAL
from gtpipe.model.names import label_order
from gtpipe.model.records import Code, Coding, Later, Material, Memo, Outcome, Table, Where
from gtpipe.pipeline.made_of import MadeOf, as_told, without_lines
from gtpipe.render import pages
from gtpipe.render.code_tables import CODEBOOK, codebook_row
from gtpipe.study import Corpus


def outcome(corpus: Corpus) -> Outcome:
    """The tables `codebook.csv`, `uncoded.csv` and a page `compare/….md` for each code."""
    material, codings = corpus.material, corpus.codings
    by_code = incidents.by_code(codings, INITIAL)
    labels = sorted({*by_code, *material.codebook}, key=label_order)
    around = corpus.looking.around
    codes = {label: material.codebook.get(label) or Code(label, Where("", 0)) for label in labels}
    names = pages.names(labels)
    memos_about = WrittenAbout.of_memos(material, COMPARISON)
    made_of = MadeOf(corpus, memos_about)

    def page(label: str) -> Later:
        code, applied = codes[label], by_code.get(label, ())
        about = [as_told(memo) for memo in memos_about.about(INITIAL, code)]
        interviews = dict.fromkeys(coding.interview for coding in applied)
        make = partial(_page, code, applied, material, around, memos_about)
        return Later(made_of(interviews, without_lines(code), about), make)

    return Outcome(
        {
            "codebook.csv": Table(
                CODEBOOK,
                tuple(
                    codebook_row(codes[label], by_code.get(label, ()), material) for label in labels
                ),
            ),
            "uncoded.csv": Table(
                ("interview", "turn", "participant"),
                tuple(
                    (interview.name, id, interview.participant_of(id))
                    for interview, turns in uncoded(material, codings)
                    for id in turns
                ),
            ),
        },
        {f"compare/{names[label]}": page(label) for label in labels},
    )


def _page(
    code: Code,
    applied: tuple[Coding, ...],
    material: Material,
    around: AtTurns,
    memos_about: WrittenAbout[Memo],
) -> str:
    views = incidents.views(applied, material, around)
    return pages.page(code, views, material, memos_about)
