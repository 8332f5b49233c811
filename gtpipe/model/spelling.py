"""When two labels look the same: what capitals, spacing, hyphens, quotation marks and unseen
characters make of one another.

Nothing is repaired by it: look-alikes are told, and a label that is not found is answered with the
one that looks like it.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import cached_property, lru_cache

from gtpipe.model.typography import same

_APART = re.compile(r"[\s_\-\u2010-\u2015\u2212]+")
_ALIKE = str.maketrans(
    {"’": "'", "‘": "'", "ʼ": "'", "“": '"', "”": '"', "„": '"', "«": '"', "»": '"'}
)
_NAMES = {
    "\u00a0": "a no-break space",
    "\u202f": "a narrow no-break space",
    "\u200b": "a zero-width space",
    "\u00ad": "a soft hyphen",
    "\u200c": "a zero-width non-joiner",
    "\u200d": "a zero-width joiner",
    "\u2060": "a word joiner",
    "\ufeff": "a byte order mark",
    "\u200e": "a mark of writing direction",
    "\u200f": "a mark of writing direction",
    "\u3000": "a wide space",
}


@lru_cache(maxsize=8192)
def folded(label: str) -> str:
    """`label` without what look-alikes differ in: capitals, spacing, hyphens, quotation marks
    around it, what cannot be seen.
    """
    if not label.isascii():
        label = unicodedata.normalize("NFKC", same(label).translate(_ALIKE))
    bare = label.strip()
    while len(bare) > 2 and bare[0] == bare[-1] and bare[0] in "\"'":
        bare = bare[1:-1].strip()
    return _APART.sub("", bare.casefold())


def looks_like(one: str, other: str) -> bool:
    """Whether two labels cannot be told apart on a screen."""
    return one == other or same(one) == same(other)


ENOUGH = 0.6
"""The share of letters that a name has in common with what it may be meant for, at least."""


@dataclass(frozen=True)
class Spellings:
    """Names that there are, by how they look: made once, however many wrong ones are asked for."""

    known: tuple[str, ...]

    @staticmethod
    @lru_cache(maxsize=8)
    def of(known: tuple[str, ...]) -> Spellings:
        return Spellings(known)

    @cached_property
    def _looks(self) -> dict[str, list[str]]:
        looks: dict[str, list[str]] = {}
        for name in self.known:
            looks.setdefault(same(name), []).append(name)
        return looks

    @cached_property
    def _letters(self) -> dict[str, str]:
        """Names in small letters → the first one that is written so."""
        return {name.casefold(): name for name in reversed(self.known)}

    @cached_property
    def _folds(self) -> dict[str, str]:
        return {folded(name): name for name in reversed(self.known)}

    def twin(self, name: str) -> str:
        """Another name that looks the same; or ''."""
        return next((other for other in self._looks.get(same(name), ()) if other != name), "")

    def alike(self, name: str) -> str:
        """A name that differs in spacing, hyphens, quotation marks; or ''."""
        if name.casefold() in self._letters or not folded(name):
            return ""
        return self._folds.get(folded(name), "")

    def nearest(self, name: str) -> str:
        """The name with most letters in common, in their order; or ''.

        How much is in common is measured as difflib does (Ratcliff and Obershelp 1988), which takes
        long. The longest common subsequence is never shorter, and rapidfuzz finds it fast: nothing
        need be measured that has less of it than the best so far has in common.
        """
        from difflib import SequenceMatcher

        from rapidfuzz import process
        from rapidfuzz.distance import Indel

        wanted = name.casefold()
        at_most = process.extract(
            wanted,
            list(self._letters),
            processor=None,
            scorer=Indel.normalized_similarity,
            score_cutoff=ENOUGH - _SLACK,
            limit=None,
        )
        best, most = "", ENOUGH
        for other, bound, _ in at_most:
            if bound < most - _ROUNDING:
                break
            share = SequenceMatcher(None, other, wanted).ratio()
            if share > most or (share == most and (not best or _closer(other, best, wanted))):
                best, most = other, share
        return self._letters[best] if best else ""


_ROUNDING = 1e-9


def one_apart(one: str, other: str) -> bool:
    """Whether a letter more, less or instead, or two in each other's place, make one of the other.

    >>> one_apart("jimmy", "jimy"), one_apart("ana", "anna"), one_apart("jim", "jan")
    (True, True, False)
    """
    from rapidfuzz.distance import OSA

    return OSA.distance(one, other, score_cutoff=1) == 1


_SLACK = 0.01  # rapidfuzz rounds at its cut-off; what is below it falls to the measure itself


def _closer(other: str, best: str, wanted: str) -> bool:
    """Of two with as much in common, the one of more like length; then the first by its letters."""
    return (abs(len(other) - len(wanted)), other) < (abs(len(best) - len(wanted)), best)


def unseen(one: str, other: str) -> str:
    """What makes `one` another label than `other`, which looks the same: `has a no-break space`, in
    words.
    """
    mine, theirs = _hidden(one), _hidden(other)
    more = [name for name in mine if name not in theirs]
    if more:
        return f"has {' and '.join(more)}"
    less = [name for name in theirs if name not in mine]
    if less:
        return f"lacks {' and '.join(less)}"
    return (
        "has letters in another Unicode form"
        if unicodedata.normalize("NFC", one) == unicodedata.normalize("NFC", other)
        else "has unseen characters elsewhere"
    )


def _has_no_width(char: str) -> bool:
    return unicodedata.category(char) == "Cf" or "\ufe00" <= char <= "\ufe0f" or char == "\u034f"


def _hidden(text: str) -> list[str]:
    """The characters of `text` that are not what they look like, named, each once."""
    odd = (
        c for c in text if not c.isascii() and (unicodedata.category(c) == "Zs" or _has_no_width(c))
    )
    return list(dict.fromkeys(_NAMES.get(c, f"an unseen character (U+{ord(c):04X})") for c in odd))
