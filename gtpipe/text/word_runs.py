"""Runs of six words: where a text says again what somebody said.

Six words in a row are hardly the same by chance, and fewer are hardly a quotation that would be
known again. Words are compared without capitals, apostrophes and what stands between them, so that
a run is found over line ends, in quotation marks, behind `>` and `#`.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from gtpipe.model.records import GONE
from gtpipe.text import tokens

LENGTH = 6
_NO_LETTER = re.compile(r"[\W_]+")


class Run(NamedTuple):
    """Where a run stands: offsets in the text, and its first line, counted from 1."""

    start: int
    end: int
    line: int


class WordRuns:
    """Every run of six words in `said`, but for those in `others`, which others said as well."""

    def __init__(self, said: Iterable[str], others: Iterable[str] = ()) -> None:
        self._runs = {run for text in said for run in _runs(_keys(text))}
        if self._runs:
            self._runs.difference_update(run for text in others for run in _runs(_keys(text)))

    def __bool__(self) -> bool:
        return bool(self._runs)

    def stand_in(self, text: str) -> bool:
        """Whether any of them does."""
        return not self._runs.isdisjoint(_runs(_keys(text)))

    def found(self, text: str) -> Iterator[Run]:
        """Where they stand, in order; what overlaps or goes on is one."""
        if not self.stand_in(text):
            return
        words = list(tokens.places(text))
        first, last = -1, -1
        for at, run in enumerate(_runs(_keys(text))):
            if run not in self._runs:
                continue
            if first >= 0 and at > last + 1:
                yield _run(text, words, first, last)
                first = -1
            first = at if first < 0 else first
            last = at + LENGTH - 1
        if first >= 0:
            yield _run(text, words, first, last)

    def blanked(self, text: str) -> str:
        """The text with `(withdrawn)` for each of them."""
        parts, done = [], 0
        for run in self.found(text):
            parts += [text[done : run.start], GONE]
            done = run.end
        return "".join([*parts, text[done:]])


def _run(text: str, words: list[tuple[int, int]], first: int, last: int) -> Run:
    start = words[first][0]
    return Run(start, words[last][1], text.count("\n", 0, start) + 1)


def _keys(text: str) -> list[str]:
    """The words of a text as they are compared."""
    return [
        word.casefold() if word.isascii() and word.isalnum() else _key(word)
        for word in tokens.as_written(text)
    ]


def _key(word: str) -> str:
    return _NO_LETTER.sub("", unicodedata.normalize("NFKC", word).casefold())


def _runs(keys: list[str]) -> Iterator[str]:
    return map(" ".join, zip(*(keys[at:] for at in range(LENGTH)), strict=False))
