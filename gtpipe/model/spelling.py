"""When two labels look the same: what capitals, spacing, hyphens, quotation marks and unseen
characters make of one another.

Nothing is repaired by it: look-alikes are told, and a label that is not found is answered with the
one that looks like it.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

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
