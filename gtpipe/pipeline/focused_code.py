"""Stage 3 laid out: focused codes, their lineage as a person gave it, what was not taken up, and a
page for each.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from gtpipe.analysis import disconfirming
from gtpipe.analysis.annotations import COMPARISON, WrittenAbout
from gtpipe.analysis.focused_codes import carried_by, not_taken_up
from gtpipe.analysis.holdings import Standing
from gtpipe.analysis.properties import laid_out
from gtpipe.analysis.references import place_of
from gtpipe.model.level import FOCUSED, INITIAL, CodeRef
from gtpipe.model.names import label_order
from gtpipe.model.records import FocusedCode, IncidentKey, Later, Outcome, Table
from gtpipe.pipeline.made_of import MadeOf, as_told, later_pages, without_lines
from gtpipe.pipeline.since import NOTHING, Since
from gtpipe.render import pages
from gtpipe.render.code_tables import FOCUSED_CODES, focused_row, header, parked
from gtpipe.store.layout import THEORY
from gtpipe.study import Corpus


def outcome(corpus: Corpus, before: Since = NOTHING) -> Outcome:
    """`focused-codes.csv`, `lineage.csv`, `not-taken-up.csv`, and a page `compare/focused/….md` for
    each focused code.
    """
    current = corpus.current
    codes = corpus.looking.focused
    laying = _Laying(corpus, codes, before)
    names = pages.names(list(codes))
    return Outcome(
        {
            "focused-codes.csv": Table(
                laying.header, tuple(laying.row(code) for code in codes.values())
            ),
            "lineage.csv": Table(
                ("initial", "focused"),
                tuple(
                    (current.get(named.label, named.label), label)
                    for label, code in codes.items()
                    for named in code.takes_up
                ),
            ),
            "not-taken-up.csv": Table(NOT_TAKEN_UP, _not_taken_up(corpus, before)),
        },
        (
            (f"compare/focused/{name}", page)
            for label, code in codes.items()
            for name, page in laying.pages(code, names[label])
        ),
    )


class _Laying:
    """The pages of focused codes, each laid out where something that it tells of changed."""

    def __init__(self, corpus: Corpus, codes: dict[str, FocusedCode], before: Since) -> None:
        self._corpus, self._codes, self._before = corpus, codes, before
        self.header = header(FOCUSED_CODES, corpus.material.persons)
        self._rows = before.rows("focused-codes.csv", self.header)
        self.holdings = corpus.looking.holdings
        self._memos_about = WrittenAbout.of_memos(corpus.material, COMPARISON)
        self._made_of = MadeOf(corpus, self._memos_about)
        self._theory = corpus.snapshot.fingerprint(THEORY)

    def row(self, code: FocusedCode) -> tuple[object, ...]:
        if code.label in self._rows and not self._is_touched(code):
            return self._rows[code.label]
        return focused_row(code, self.holdings, self._corpus.material.persons)

    def pages(self, code: FocusedCode, name: str) -> Iterator[tuple[str, Later]]:
        thing = CodeRef(FOCUSED, code.label)
        made_of = self._before.made_of(f"compare/focused/{name}")
        if made_of and not self._is_touched(code):
            number = 1
            while made_of:
                page = pages.numbered(name, number)
                yield page, Later(made_of, partial(self._of_path, code, name, page))
                number += 1
                made_of = self._before.made_of(f"compare/focused/{pages.numbered(name, number)}")
            return
        standing = self.holdings.standing(thing)
        placed = (
            place_of(incident, self._corpus.material)
            for each in code.properties
            for incident in each.incidents
        )
        about = [as_told(memo) for memo in self._memos_about.about(FOCUSED, code)]
        shown = [*standing.extracts, *self.holdings.against(thing), *filter(None, placed)]
        stand = [*standing.extracts.items()], standing[1:]
        made_of = self._made_of(shown, self._theory, without_lines(code), stand, about)
        lay_out = partial(self._pages, code, name, standing)
        yield from later_pages(name, len(standing.extracts), made_of, lay_out)

    def _is_touched(self, code: FocusedCode) -> bool:
        return self._before.touches(code, self._corpus)

    def _of_path(self, code: FocusedCode, name: str, path: str) -> str:
        standing = self.holdings.standing(CodeRef(FOCUSED, code.label))
        return self._pages(code, name, standing)[path]

    def _pages(self, code: FocusedCode, name: str, standing: Standing) -> dict[str, str]:
        thing, corpus, material = CodeRef(FOCUSED, code.label), self._corpus, self._corpus.material
        carried = carried_by(code, material, corpus.codings, corpus.current, standing.extracts)
        unfit = disconfirming.of_thing(thing, material, self._codes, corpus.names, corpus.codings)
        properties = laid_out(thing, material, corpus.codings, frozenset(standing.unfit))
        return pages.focused_page(
            code, name, carried, unfit, standing, material, self._memos_about, properties
        )


NOT_TAKEN_UP = ("code", "incidents", "parked", "nothing-beside", "beside")


def _not_taken_up(corpus: Corpus, before: Since) -> tuple[tuple[object, ...], ...]:
    """Those first that stand somewhere with no focused code beside them: the others are taken up,
    in a way.
    """
    material = corpus.material
    codings = corpus.codings
    focused_at: dict[tuple[str, str], set[str]] = {}
    for coding in codings.of_codes(*[CodeRef(FOCUSED, label) for label in codings.labels(FOCUSED)]):
        for turn in coding.stands_at:
            focused_at.setdefault((coding.interview, turn), set()).add(coding.code)
    alone: list[tuple[object, ...]] = []
    accompanied: list[tuple[object, ...]] = []
    rows = before.rows("not-taken-up.csv", NOT_TAKEN_UP)
    for label in not_taken_up(material, codings, corpus.current, parked=True):
        if label in rows and (INITIAL, label) not in before.codes:
            row: tuple[object, ...] = rows[label]
            (accompanied if row[1] != "0" and row[3] == "0" else alone).append(row)
            continue
        code = material.codebook.get(label)
        thing = CodeRef(INITIAL, label)
        places: dict[IncidentKey, tuple[str, ...]] = (
            {one.incident: one.stands_at for one in codings.of_codes(thing)}
            if focused_at
            else dict.fromkeys(codings.incidents_of(thing), ())
        )
        here: list[set[str]] = [
            set().union(*[focused_at.get((place.interview, id), ()) for id in turns])
            for place, turns in places.items()
        ]
        bare = sum(not found for found in here)
        beside = {focused for found in here for focused in found}
        listed = "; ".join(sorted(beside, key=label_order))
        row = (label, len(places), parked(code) if code else "", bare, listed)
        (accompanied if places and not bare else alone).append(row)
    return (*alone, *accompanied)
