"""Stage 2 laid out: the tables of the code book, and a comparison page for each code."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import partial

from gtpipe.analysis import incidents
from gtpipe.analysis.annotations import COMPARISON, WrittenAbout
from gtpipe.analysis.codings import uncoded
from gtpipe.analysis.incidents import AtTurns
from gtpipe.model.level import INITIAL
from gtpipe.model.names import label_order
from gtpipe.model.records import Code, Coding, Later, Material, Memo, Outcome, Table, Where
from gtpipe.pipeline.made_of import MadeOf, as_told, later_pages, without_lines
from gtpipe.render import pages
from gtpipe.render.code_tables import CODEBOOK, codebook_row, header
from gtpipe.study import Corpus


def outcome(corpus: Corpus) -> Outcome:
    """The tables `codebook.csv`, `uncoded.csv` and a page `compare/….md` for each code,
    or several."""
    material = corpus.material
    of_codes = corpus.looking.of_codes
    by_code = {code.label: of_codes.of(code) for code in of_codes if code.level == INITIAL}
    labels = sorted({*by_code, *material.codebook}, key=label_order)
    around = corpus.looking.around
    codes = {label: material.codebook.get(label) or Code(label, Where("", 0)) for label in labels}
    names = pages.names(labels)
    memos_about = WrittenAbout.of_memos(material, COMPARISON)
    made_of = MadeOf(corpus, memos_about)
    places = {label: incidents.spoken(by_code.get(label, ()), material) for label in labels}

    def paged(label: str) -> Iterator[tuple[str, Later]]:
        code, applied = codes[label], by_code.get(label, ())
        about = [as_told(memo) for memo in memos_about.about(INITIAL, code)]
        make = partial(_pages, code, names[label], applied, material, around, memos_about)
        of = made_of(places[label], without_lines(code), about)
        return later_pages(names[label], len(places[label]), of, make)

    return Outcome(
        {
            "codebook.csv": Table(
                header(CODEBOOK, material.persons),
                tuple(
                    codebook_row(
                        codes[label], by_code.get(label, ()), places[label], material.persons
                    )
                    for label in labels
                ),
            ),
            "uncoded.csv": Table(
                ("interview", "turn", "participant"),
                tuple(
                    (interview.name, id, interview.participant_of(id))
                    for interview, turns in uncoded(material, around)
                    for id in turns
                ),
            ),
        },
        {f"compare/{name}": page for label in labels for name, page in paged(label)},
    )


def _pages(
    code: Code,
    name: str,
    applied: Sequence[Coding],
    material: Material,
    around: AtTurns,
    memos_about: WrittenAbout[Memo],
) -> dict[str, str]:
    views = incidents.views(applied, material, around)
    return pages.page(code, name, views, material, memos_about)
