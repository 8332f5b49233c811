"""The codes of a study as one looks for them while coding: by any word of a label, and in the
orders that the code book has.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cached_property, lru_cache
from typing import NamedTuple

from gtpipe.model.names import label_order
from gtpipe.model.records import Code
from gtpipe.model.spelling import folded
from gtpipe.model.typography import same
from gtpipe.store import log

RECENT, FIT, NAME = "recent", "fit", "name"
ORDERS = (RECENT, FIT, NAME)
LOGGED = 300  # changes, counted from the last, that tell which codes were given of late
LONGEST = 200  # characters beyond which nothing typed begins a label

_WORD = re.compile(r"\w[\w'’]*")


class KnownCode(NamedTuple):
    """A code: its label, its incidents (two coders of one count once), what it means, and labels
    it had before.
    """

    label: str
    incidents: int
    definition: str = ""
    was: tuple[str, ...] = ()


class KnownCodes:
    """The initial codes of a study, to be asked for by what is typed."""

    def __init__(self, codes: Iterable[KnownCode]) -> None:
        self._codes = {
            code.label: code for code in sorted(codes, key=lambda code: label_order(code.label))
        }

    @classmethod
    def of(cls, counts: Mapping[str, int], book: Mapping[str, Code]) -> KnownCodes:
        """Those given to words, by label with their incidents; what the code book says of them."""
        return cls(
            KnownCode(label, count, book[label].definition, book[label].was)
            if label in book
            else KnownCode(label, count)
            for label, count in counts.items()
        )

    def __iter__(self) -> Iterator[KnownCode]:
        """In label order."""
        return iter(self._codes.values())

    def __len__(self) -> int:
        return len(self._codes)

    def get(self, label: str) -> KnownCode | None:
        return self._codes.get(label)

    def alike(self, label: str) -> KnownCode | None:
        """The code called so, or but for capitals, spacing and hyphens."""
        return self._codes.get(label) or self._folded.get(folded(label))

    def matching(self, typed: str) -> list[KnownCode]:
        """The codes that what is typed may mean, the likeliest first; all where nothing is.

        First those that begin so, then those in which each word begins a word, in this order or in
        any, then those that hold it anywhere; among equals the most given.
        """
        wanted = _shape(typed)
        if len(wanted) > LONGEST:
            return []
        words = _WORD.findall(wanted)
        found = [
            (rank, -code.incidents, code)
            for code, text, its in self._looks
            if (rank := _rank(wanted, words, text, its)) is not None
        ]
        found.sort(key=lambda one: one[:2])  # labels are in order already
        return [code for _, _, code in found]

    def beginning_with(self, labels: Sequence[str]) -> list[KnownCode]:
        """All codes: these first, as far as they are there, then the others by name."""
        first = {label: self._codes[label] for label in labels if label in self._codes}
        return [*first.values(), *(code for code in self if code.label not in first)]

    @cached_property
    def _folded(self) -> dict[str, KnownCode]:
        return {folded(code.label): code for code in self}

    @cached_property
    def _looks(self) -> list[tuple[KnownCode, str, tuple[str, ...]]]:
        """Each code with how it looks, in small letters, and the words of it and its old labels."""
        return [(code, *_look(code.label, code.was)) for code in self]


@lru_cache(maxsize=65536)
def _look(label: str, was: tuple[str, ...]) -> tuple[str, tuple[str, ...]]:
    return _shape(label), tuple(_WORD.findall(_shape(" ".join((label, *was)))))


def _shape(text: str) -> str:
    return same(text).casefold()


def _rank(wanted: str, words: list[str], text: str, its: tuple[str, ...]) -> int | None:
    """How well a label answers what is typed, 0 the best; None where it does not."""
    if text.startswith(wanted):
        return 0
    if words:
        rest = iter(its)
        if all(any(one.startswith(word) for one in rest) for word in words):
            return 1
        if all(any(one.startswith(word) for one in its) for word in words):
            return 2
    return 3 if wanted in text else None


def given_lately(content: bytes) -> list[str]:
    """The codes that the log names as given, the last one first."""
    labels: dict[str, None] = {}
    for record in reversed(log.last(content, LOGGED)):
        kind = record.did.get("kind")
        named = {"code": "code", "recode": "to"}.get(kind if isinstance(kind, str) else "", "")
        if named:
            labels |= dict.fromkeys(log.labels(record.did, named))
    return list(labels)
