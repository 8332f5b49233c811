"""What was laid out before and stands, where nothing but sheets changed since: of codes at none of
the turns that are coded otherwise it need not be worked out again.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple

from gtpipe.model.level import FOCUSED, INITIAL, CodeRef, Level
from gtpipe.model.records import FocusedCode, SheetEntry, ends
from gtpipe.pipeline import freshness
from gtpipe.pipeline.freshness import Standing
from gtpipe.pipeline.stages import Stage
from gtpipe.store.layout import DERIVED, SHEETS, named_in
from gtpipe.study import Corpus, kept


class Since(NamedTuple):
    """The `turns` that are coded otherwise since, by interview and id, and the codes that stood or
    stand at them, by level and label. `made_of` says of the pages that stand, by their path under
    `data/derived`, what each was made of.
    """

    turns: frozenset[tuple[str, str]]
    codes: frozenset[tuple[Level, str]]
    made_of: Mapping[str, str]
    tables: Mapping[str, list[tuple[str, ...]]]

    def touches(self, code: FocusedCode, corpus: Corpus) -> bool:
        """Whether something that a focused code holds, or that is named of it, stands at one of the
        turns that changed.
        """
        codes = {(FOCUSED, code.label)}
        codes |= {(INITIAL, corpus.current.get(one.label, one.label)) for one in code.takes_up}
        if not codes.isdisjoint(self.codes):
            return True
        named = [incident for listed in code.lists.values() for incident in listed]
        named += [incident for each in code.properties for incident in each.incidents]
        places = {(one.interview, one.turn) for one in named}
        places |= {
            place[:2] for place in corpus.looking.holdings.against(CodeRef(FOCUSED, code.label))
        }
        interviews = corpus.material.interviews
        changed = {interview for interview, _ in self.turns} & interviews.keys()
        return any(
            (interview, id) in self.turns
            for interview, turn in places
            if interview in changed
            for id in interviews[interview].ids_of(turn)
        )

    def rows(self, table: str, header: tuple[str, ...]) -> dict[str, tuple[str, ...]]:
        """What a table said of each code, by its label, the first column; nothing of a table with
        other columns.
        """
        rows = self.tables.get(table) or [()]
        return {row[0]: row for row in rows[1:]} if rows[0] == header else {}


NOTHING = Since(frozenset(), frozenset(), {}, {})
"""As if nothing had been laid out before."""


def since(corpus: Corpus, stage: Stage, outputs: Standing) -> Since:
    """What changed since `stage` was laid out of this study; NOTHING where that is not known, or
    more changed than sheets.
    """
    study, snapshot = corpus.study, corpus.snapshot
    changed = freshness.changed_since(corpus, stage)
    if changed is None or any(not path.startswith(f"{SHEETS}/") for path in changed):
        return NOTHING
    before = {print for print, _ in changed.values() if print}
    entries = kept.sheets(study).get({print: print for print in before})
    if entries.keys() != before:
        return NOTHING
    now = {sheet.path: sheet.entries for sheet in corpus.material.sheets if sheet.path in changed}
    lead = {INITIAL: corpus.current, FOCUSED: corpus.current_focused}
    turns, codes = set[tuple[str, str]](), set[tuple[Level, str]]()
    for path, (print, _) in changed.items():
        interview = corpus.material.interviews.get(named_in(path))
        for entry in _changed(entries.get(print, ()), now.get(path, ())):
            codes |= {(one.level, lead[one.level].get(one.label, one.label)) for one in entry.codes}
            ids = interview.ids_of(entry.turn) if interview else ()
            turns |= {(named_in(path), id) for id in ids}
    for name, turn in turns:
        codes |= corpus.codings.codes_at(name, (turn,))
    made_of, standing = freshness.as_made(study, stage, outputs)
    tables = {
        path.removeprefix(f"{DERIVED}/"): _rows(snapshot.text(path) or "")
        for path in freshness.tables_as_made(study, stage, outputs)
    }
    return Since(
        frozenset(turns),
        frozenset(codes),
        {path.removeprefix(f"{DERIVED}/"): made_of[path] for path in standing},
        tables,
    )


def _changed(before: Iterable[SheetEntry], now: Iterable[SheetEntry]) -> Iterator[SheetEntry]:
    """The entries of both at turns where they say other codes, or say them in another order."""
    was, says = _by_turn(before), _by_turn(now)
    for turn in {*was, *says}:
        there = [
            [(e.turn, *(c[:-1] for c in e.codes)) for e in of.get(turn, ())] for of in (was, says)
        ]
        if there[0] != there[1]:
            yield from (*was.get(turn, ()), *says.get(turn, ()))


def _by_turn(entries: Iterable[SheetEntry]) -> dict[str, list[SheetEntry]]:
    """The entries that hold codes by the first turn that they are about, in order."""
    found: dict[str, list[SheetEntry]] = {}
    for entry in entries:
        if entry.codes:
            found.setdefault(ends(entry.turn)[0], []).append(entry)
    return found


def _rows(text: str) -> list[tuple[str, ...]]:
    return [tuple(row) for row in csv.reader(io.StringIO(text, newline=""))]
