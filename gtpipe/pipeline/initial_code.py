"""Stage 2 laid out: the tables of the code book, and a comparison page for each code."""

from __future__ import annotations

from gtpipe.analysis import incidents
from gtpipe.analysis.annotations import COMPARISON, WrittenAbout
from gtpipe.analysis.codings import uncoded
from gtpipe.model.level import INITIAL
from gtpipe.model.names import label_order
from gtpipe.model.records import Code, Outcome, Table, Where
from gtpipe.render import pages
from gtpipe.render.code_tables import CODEBOOK, codebook_row
from gtpipe.study import Corpus


def outcome(corpus: Corpus) -> Outcome:
    """The tables `codebook.csv`, `uncoded.csv` and a page `compare/….md` for each code,
    or several."""
    material, codings = corpus.material, corpus.codings
    by_code = incidents.by_code(codings, INITIAL)
    labels = sorted({*by_code, *material.codebook}, key=label_order)
    around = incidents.at_turns(codings)
    views = {label: incidents.views(by_code.get(label, ()), material, around) for label in labels}
    codes = {label: material.codebook.get(label) or Code(label, Where("", 0)) for label in labels}
    names = pages.names(labels)
    memos_about = WrittenAbout.of_memos(material, COMPARISON)
    return Outcome(
        {
            "codebook.csv": Table(
                CODEBOOK,
                tuple(
                    codebook_row(codes[label], by_code.get(label, ()), views[label])
                    for label in labels
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
        {
            f"compare/{name}": page
            for label in labels
            for name, page in pages.page(
                codes[label], names[label], views[label], material, memos_about
            ).items()
        },
    )
