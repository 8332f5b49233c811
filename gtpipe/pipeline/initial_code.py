"""Stage 2 laid out: the tables of the code book, and a comparison page for each code."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import partial

from gtpipe.analysis import incidents
from gtpipe.analysis.annotations import COMPARISON, WrittenAbout
from gtpipe.analysis.codings import uncoded
from gtpipe.analysis.incidents import AtTurns, Spoken
from gtpipe.model.level import INITIAL
from gtpipe.model.names import label_order
from gtpipe.model.records import Code, Coding, Later, Material, Memo, Outcome, Table, Where
from gtpipe.pipeline.made_of import MadeOf, as_told, without_lines
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
        code, there = codes[label], places[label]
        about = [as_told(memo) for memo in memos_about.about(INITIAL, code)]
        whole = without_lines(code), about
        for number, here in enumerate(pages.at_once(there), start=1):
            told: tuple[object, ...] = whole if number == 1 else (label,)
            if len(here) < len(there):
                told = (*told, number, _summed(there) if number == 1 else len(there))
            applied = by_code.get(label, ())
            make = partial(
                _page, code, names[label], number, applied, there, material, around, memos_about
            )
            yield pages.numbered(names[label], number), Later(made_of(here, *told), make)

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


def _summed(places: Sequence[Spoken]) -> tuple[int, list[str], list[str]]:
    """What the first of several pages says of all of them."""
    interviews = dict.fromkeys(place.interview for place in places)
    return len(places), list(interviews), sorted({place.participant for place in places})


def _page(
    code: Code,
    name: str,
    number: int,
    applied: Sequence[Coding],
    places: Sequence[Spoken],
    material: Material,
    around: AtTurns,
    memos_about: WrittenAbout[Memo],
) -> str:
    """One page of a code that is applied so, at `places`; only what stands on it is looked at."""
    start = (number - 1) * pages.AT_ONCE
    here = places[start : start + pages.AT_ONCE]
    turns = {place[:2] for place in here}
    views = incidents.views([coding for coding in applied if coding[:2] in turns], material, around)
    before = sum(place[:2] in turns for place in places[:start])
    return pages.page(
        code, name, number, places, views[before : before + len(here)], material, memos_about
    )
