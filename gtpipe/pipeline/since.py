"""What was laid out before and stands, where nothing but sheets changed since: of codes at none of
the turns that are coded otherwise it need not be worked out again.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from io import StringIO
from pathlib import Path
from typing import NamedTuple

from gtpipe.model.level import FOCUSED, INITIAL, CodeRef
from gtpipe.model.records import FocusedCode, SheetEntry, ends
from gtpipe.pipeline import freshness
from gtpipe.pipeline.stages import Stage
from gtpipe.store.layout import DERIVED, SHEETS, digest, named_in
from gtpipe.store.stage_records import Made, Standing
from gtpipe.study import Corpus, kept


class Since(NamedTuple):
    """The `turns` that are coded otherwise since, by interview and id, and the codes that stood or
    stand at them, by level and label; of these, those that are `new` to the study or `gone` from
    it. All that was `made` before stands so in `folder`.
    """

    turns: frozenset[tuple[str, str]]
    codes: frozenset[CodeRef]
    new: frozenset[CodeRef]
    gone: frozenset[CodeRef]
    made: Made
    made_of_pieces: Mapping[str, list[tuple[str, int]]]
    folder: Path

    def touches(self, code: FocusedCode, corpus: Corpus) -> bool:
        """Whether something that a focused code holds, or that is named of it, stands at one of the
        turns that changed.
        """
        codes = {CodeRef(FOCUSED, code.label)}
        codes |= {
            CodeRef(INITIAL, corpus.current.get(one.label, one.label)) for one in code.takes_up
        }
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
        other columns, nor of one that somebody wrote since it was looked at.
        """
        path = f"{DERIVED}/{table}"
        if path not in self.made:
            return {}
        with suppress(OSError):
            content = (self.folder / table).read_bytes()
            if digest(content) == self.made.digest(path):
                rows = map(tuple, csv.reader(StringIO(content.decode(), newline="")))
                return {row[0]: row for row in rows} if next(rows, ()) == header else {}
        return {}

    def made_of(self, page: str) -> str:
        """What a page was made of; '' where it was not made."""
        return self.made.made_of(f"{DERIVED}/{page}")

    def pages(self) -> Iterator[str]:
        """The pages that say what they are made of."""
        return (path.removeprefix(f"{DERIVED}/") for path in self.made.pages())

    def pieces(self, page: str) -> list[str]:
        """What each piece of a page was made of; none where it was not made."""
        return [made_of for made_of, _ in self.made_of_pieces.get(f"{DERIVED}/{page}", ())]


NOTHING = Since(frozenset(), frozenset(), frozenset(), frozenset(), Made(), {}, Path())
"""As if nothing had been laid out before."""


def since(corpus: Corpus, stage: Stage, outputs: Standing) -> Since:
    """What changed since `stage` was laid out of this study; NOTHING where that is not known, or
    more changed than sheets.
    """
    study = corpus.study
    changed, record = (
        freshness.changed_since(corpus, stage),
        freshness.as_made(study, stage, outputs),
    )
    if record is None or changed is None:
        return NOTHING
    if any(not path.startswith(f"{SHEETS}/") for path in changed):
        return NOTHING
    before = {print for print, _ in changed.values() if print}
    entries = kept.sheets(study).get({print: print for print in before})
    if entries.keys() != before:
        return NOTHING
    now = {sheet.path: sheet.entries for sheet in corpus.material.sheets if sheet.path in changed}
    lead = {INITIAL: corpus.current, FOCUSED: corpus.current_focused}
    turns, was, new = set[tuple[str, str]](), set[CodeRef](), set[CodeRef]()
    for path, (print, _) in changed.items():
        interview = corpus.material.interviews.get(named_in(path))
        changes = _changed(entries.get(print, ()), now.get(path, ()))
        for some, codes in zip(changes, (was, new), strict=True):
            for entry in some:
                codes |= {
                    CodeRef(c.level, lead[c.level].get(c.label, c.label)) for c in entry.codes
                }
                ids = interview.ids_of(entry.turn) if interview else ()
                turns |= {(named_in(path), id) for id in ids}
    codings, known = corpus.codings, corpus.names.known
    stand = {code for interview, turn in turns for code in codings.codes_at(interview, (turn,))}
    written = {INITIAL: {*corpus.material.codebook}, FOCUSED: {*corpus.material.focused}}

    def stands_elsewhere(code: CodeRef) -> bool:
        return code.label in written[code.level] or any(
            coding.where.path not in changed
            or turns.isdisjoint((coding.interview, id) for id in coding.stands_at)
            for coding in codings.of_codes(code)
        )

    return Since(
        frozenset(turns),
        frozenset(was | new | stand),
        frozenset(code for code in new - was if not stands_elsewhere(code)),
        frozenset(code for code in was if code.label not in known[code.level]),
        record.made,
        record.pieces,
        study.path(DERIVED),
    )


def _changed(
    before: Iterable[SheetEntry], now: Iterable[SheetEntry]
) -> tuple[list[SheetEntry], list[SheetEntry]]:
    """The entries of each at turns where they say other codes, or say them in another order."""
    found: tuple[list[SheetEntry], list[SheetEntry]] = [], []
    was, says = _by_turn(before), _by_turn(now)
    for turn in {*was, *says}:
        there = [
            [(e.turn, *(c[:-1] for c in e.codes)) for e in of.get(turn, ())] for of in (was, says)
        ]
        if there[0] != there[1]:
            found[0].extend(was.get(turn, ()))
            found[1].extend(says.get(turn, ()))
    return found


def _by_turn(entries: Iterable[SheetEntry]) -> dict[str, list[SheetEntry]]:
    """The entries that hold codes by the first turn that they are about, in order."""
    found: dict[str, list[SheetEntry]] = {}
    for entry in entries:
        if entry.codes:
            found.setdefault(ends(entry.turn)[0], []).append(entry)
    return found
