"""What was laid out before and stands, where nothing but sheets changed since: of codes in none of
their interviews it need not be worked out again.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping
from typing import NamedTuple

from gtpipe.model.level import FOCUSED, INITIAL, CodeRef, Level
from gtpipe.model.records import FocusedCode
from gtpipe.pipeline import freshness
from gtpipe.pipeline.freshness import Standing
from gtpipe.pipeline.stages import Stage
from gtpipe.store.layout import DERIVED, SHEETS, named_in
from gtpipe.study import Corpus, kept


class Since(NamedTuple):
    """The `interviews` whose sheets changed since, and the codes that stood or stand in them, by
    level and label. `made_of` says of the pages that stand, by their path under `data/derived`,
    what each was made of.
    """

    interviews: frozenset[str]
    codes: frozenset[tuple[Level, str]]
    made_of: Mapping[str, str]
    tables: Mapping[str, list[tuple[str, ...]]]

    def touches(self, code: FocusedCode, corpus: Corpus) -> bool:
        """Whether something that a focused code holds, or that is named of it, stands in one of the
        sheets that changed.
        """
        named = [incident for listed in code.lists.values() for incident in listed]
        named += [incident for each in code.properties for incident in each.incidents]
        codes = {(FOCUSED, code.label)}
        codes |= {(INITIAL, corpus.current.get(one.label, one.label)) for one in code.takes_up}
        against = corpus.looking.holdings.against(CodeRef(FOCUSED, code.label))
        interviews = {one.interview for one in named} | {place.interview for place in against}
        return not (codes.isdisjoint(self.codes) and interviews.isdisjoint(self.interviews))

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
    interviews = frozenset(named_in(path) for path in changed)
    before = {print for print, _ in changed.values() if print}
    entries = kept.sheets(study).get({print: print for print in before})
    if entries.keys() != before:
        return NOTHING
    typed = {
        (code.level, code.label)
        for sheet in entries.values()
        for entry in sheet
        for code in entry.codes
    }
    for sheet in corpus.material.sheets:
        if sheet.interview in interviews:
            typed |= {*kept.labels_in(sheet)}
    codes = {
        (level, (corpus.current if level is INITIAL else corpus.current_focused).get(label, label))
        for level, label in typed
    }
    made_of, standing = freshness.as_made(study, stage, outputs)
    tables = {
        path.removeprefix(f"{DERIVED}/"): _rows(snapshot.text(path) or "")
        for path in freshness.tables_as_made(study, stage, outputs)
    }
    return Since(
        interviews,
        frozenset(codes),
        {path.removeprefix(f"{DERIVED}/"): made_of[path] for path in standing},
        tables,
    )


def _rows(text: str) -> list[tuple[str, ...]]:
    return [tuple(row) for row in csv.reader(io.StringIO(text, newline=""))]
