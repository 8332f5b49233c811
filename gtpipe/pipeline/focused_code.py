"""Stage 3 laid out: focused codes, their lineage as a person gave it, what was not taken up, and a
page for each.
"""

from __future__ import annotations

from gtpipe.analysis import disconfirming, incidents
from gtpipe.analysis.annotations import COMPARISON, WrittenAbout
from gtpipe.analysis.focused_codes import carried_by, focused_codes, not_taken_up
from gtpipe.analysis.holdings import Holdings
from gtpipe.analysis.incidents import CodingsOfCodes
from gtpipe.analysis.properties import laid_out
from gtpipe.model.level import FOCUSED, INITIAL, CodeRef
from gtpipe.model.names import label_order
from gtpipe.model.records import Outcome, Table
from gtpipe.render import pages
from gtpipe.render.code_tables import FOCUSED_CODES, focused_row, parked
from gtpipe.study import Corpus


def outcome(corpus: Corpus) -> Outcome:
    """`focused-codes.csv`, `lineage.csv`, `not-taken-up.csv`, and a page `compare/focused/….md` for
    each focused code.
    """
    material, codings, current = corpus.material, corpus.codings, corpus.current
    around = incidents.at_turns(codings)
    codes = focused_codes(material, codings)
    holdings, of_codes = Holdings(material, codings, current), CodingsOfCodes(codings)
    carried = {
        label: carried_by(code, material, of_codes, around, current, holdings)
        for label, code in codes.items()
    }
    standing = {label: holdings.standing(CodeRef(FOCUSED, label)) for label in codes}
    names = pages.names(list(codes))
    memos_about = WrittenAbout.of_memos(material, COMPARISON)
    return Outcome(
        {
            "focused-codes.csv": Table(
                FOCUSED_CODES,
                tuple(
                    focused_row(code, carried[label], standing[label])
                    for label, code in codes.items()
                ),
            ),
            "lineage.csv": Table(
                ("initial", "focused"),
                tuple(
                    (current.get(named.label, named.label), label)
                    for label, code in codes.items()
                    for named in code.takes_up
                ),
            ),
            "not-taken-up.csv": Table(
                ("code", "incidents", "parked", "nothing-beside", "beside"), _not_taken_up(corpus)
            ),
        },
        {
            f"compare/focused/{name}": page
            for label, code in codes.items()
            for name, page in pages.focused_page(
                code,
                names[label],
                carried[label],
                disconfirming.of_thing(
                    CodeRef(FOCUSED, label), material, codes, corpus.names, around
                ),
                standing[label],
                material,
                memos_about,
                laid_out(
                    CodeRef(FOCUSED, label), material, around, frozenset(standing[label].unfit)
                ),
            ).items()
        },
    )


def _not_taken_up(corpus: Corpus) -> tuple[tuple[object, ...], ...]:
    """Those first that stand somewhere with no focused code beside them: the others are taken up,
    in a way.
    """
    material, codings = corpus.material, corpus.codings
    by_code = incidents.by_code(codings, INITIAL)
    focused_at: dict[tuple[str, str], set[str]] = {}
    for coding in codings:
        if coding.level == FOCUSED:
            for turn in coding.stands_at:
                focused_at.setdefault((coding.interview, turn), set()).add(coding.code)
    alone: list[tuple[object, ...]] = []
    accompanied: list[tuple[object, ...]] = []
    for label in not_taken_up(material, codings, corpus.current, parked=True):
        code = material.codebook.get(label)
        places = {one.incident: one for one in by_code.get(label, ())}
        here = [
            set().union(*(focused_at.get((one.interview, id), ()) for id in one.stands_at))
            for one in places.values()
        ]
        bare = sum(not found for found in here)
        beside = {focused for found in here for focused in found}
        listed = "; ".join(sorted(beside, key=label_order))
        row = (label, len(places), parked(code) if code else "", bare, listed)
        (accompanied if places and not bare else alone).append(row)
    return (*alone, *accompanied)
