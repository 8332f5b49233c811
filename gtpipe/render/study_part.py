"""What of a study is handed on: all of it, or some interviews and codes."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from gtpipe.model import anchor
from gtpipe.model.level import CodeRef
from gtpipe.model.records import Coding, Interview, Memo, Named
from gtpipe.render.code_entries import Entry
from gtpipe.study import Corpus


@dataclass(frozen=True)
class StudyPart:
    """`interviews` are in study order, `entries` by level. Without `words` nothing of it may quote
    a participant.
    """

    corpus: Corpus
    interviews: dict[str, Interview]
    entries: tuple[Entry, ...]
    codings: tuple[Coding, ...]
    words: bool
    is_whole: bool

    @cached_property
    def codes(self) -> frozenset[CodeRef]:
        return frozenset(entry.code for entry in self.entries)

    @property
    def memos(self) -> Iterator[Memo]:
        """All, oldest first; of a part, those about a code or an interview of it."""
        for memo in sorted(self.corpus.material.memos, key=lambda memo: (memo.date, memo.name)):
            if self.is_whole or any(map(self._has, memo.about)):
                yield memo

    def _has(self, named: Named) -> bool:
        place = None if named.level else anchor.parse(named.label)
        interview = place.interview if place else named.label.removeprefix("interview:").strip()
        return interview in self.interviews or not self.codes.isdisjoint(
            self.corpus.names.meanings(named)
        )
