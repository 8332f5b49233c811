"""Where the words and sentences of a turn stand: what the cursor moves by, and what is selected."""

from __future__ import annotations

import re
from bisect import bisect_right
from functools import cache, lru_cache

from gtpipe.model import typography
from gtpipe.model.records import Span

# Scripts that put no space between words: each letter is one.
_UNSPACED = "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af"
_SENTENCE = re.compile(r"[.!?…]+[\"”’')\]]*\s+|\n+")


@cache
def _word() -> re.Pattern[str]:
    marks = typography.marks()
    part = rf"[^\W{_UNSPACED}](?:[^\W{_UNSPACED}]|[{marks}\u200c\u200d])*"
    return re.compile(rf"[{_UNSPACED}][{marks}]*|{part}(?:['’‑-]{part})*")


@lru_cache(maxsize=512)
def words(text: str) -> tuple[Span, ...]:
    """The words of a text; all of it where there is none.

    >>> [text[slice(*word)] for text in ["I don't, no."] for word in words(text)]
    ['I', "don't", 'no']
    """
    return tuple(match.span() for match in _word().finditer(text)) or ((0, len(text)),)


@lru_cache(maxsize=512)
def sentences(text: str) -> tuple[Span, ...]:
    """The sentences of a text, without the space between them.

    >>> [text[slice(*one)] for text in ["No. I did!  So?"] for one in sentences(text)]
    ['No.', 'I did!', 'So?']
    """
    begins = [0, *(match.end() for match in _SENTENCE.finditer(text))]
    ends = [*begins[1:], len(text)]
    found = [
        (begin, begin + len(text[begin:end].rstrip()))
        for begin, end in zip(begins, ends, strict=True)
        if text[begin:end].strip()
    ]
    return tuple(found) or ((0, len(text)),)


def at(spans: tuple[Span, ...], letter: int) -> int:
    """The number of the word or sentence in which a letter stands, or the last one before it."""
    return max(bisect_right(spans, letter, key=lambda span: span[0]) - 1, 0)
