"""Words as they look: which texts say the same to the eye, and where the words of one stand in the
other.

*The same* are letters with their marks composed or apart, every kind of white space, Latin
ligatures, and characters that are not seen: soft hyphens, zero-width spaces, marks of direction,
variation selectors. A joiner is not seen either, but in Arabic, Indic scripts and emoji it changes
what stands beside it: there it counts. *Near* are, besides, capitals, accents, and the shapes of
quotation marks, apostrophes, dashes and dots.

Nothing is stored in these forms: texts keep the letters they were written with, and a place is one
in those, of whole characters.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from functools import cache, lru_cache
from typing import NamedTuple

APOSTROPHES = "'’‘ʼ‛`´"
QUOTES = {**dict.fromkeys(f"{APOSTROPHES}‚‹›", ""), **dict.fromkeys('"“”„‟«»', '"')}
_NEAR = {**QUOTES, **dict.fromkeys("-‐‑‒–—―−", "-"), "…": "."}

_UNSEEN = re.compile(
    "[\u00ad\u061c\u200b\u200e\u200f\u202a-\u202c\u2060-\u2064\u2066-\u206f\ufeff]"
)
_JOINER = re.compile("[\u200c\u200d]")
_HIDDEN = re.compile(f"{_UNSEEN.pattern}|{_JOINER.pattern}")
_SELECTORS = "\ufe00-\ufe0f\U000e0100-\U000e01ef"
# The grapheme joiner is not seen, but between the points of a Hebrew letter.
_SILENT = re.compile(f"[{_SELECTORS}]|(?<![\u0591-\u05c7])\u034f|\u034f(?![\u0591-\u05c7])")
_LIGATURES = dict(
    zip("\ufb00\ufb01\ufb02\ufb03\ufb04\ufb05\ufb06", "ff fi fl ffi ffl st st".split(), strict=True)
)
_LIGATURE = re.compile(f"[{''.join(_LIGATURES)}]")

# Scripts whose letters join: Arabic, Syriac, those of India, Tibet, Burma, Cambodia, Mongolia, and
# others of their kinds.
_JOINED = (
    "\u0600-\u08ff\u0900-\u0dff\u0f00-\u109f\u1780-\u18af\u1900-\u1cff\ua800-\uabff"
    "\ufb50-\ufdff\ufe70-\ufefc\U00010a00-\U00011fff\U0001e900-\U0001e95f"
)
_PICTURE = (
    "\xa9\xae\u203c\u2049\u2100-\u214f\u2190-\u2bff\u3030\u303d\u3297\u3299"
    "\U0001f000-\U0001f1e5\U0001f200-\U0001f3fa\U0001f400-\U0001fbff"
)
_BEHIND = "\U0001f3fb-\U0001f3ff\U000e0020-\U000e007f"  # an emoji: colours of skin, tags of a flag
_FLAG = "\U0001f1e6-\U0001f1ff"  # two of these are one
_KOREAN = "\u1100-\u115f\ua960-\ua97c"  # what a syllable begins with, where it is written in parts
_SPACE = re.compile(r"\s+")
_RUN = re.compile(r"(?P<space>\s+)|(?P<run>\S+)")


# --- the same -------------------------------------------------------------------------------------


def is_plain(text: str) -> bool:
    """Whether each character of `text` stands for itself and looks like no other but spaces."""
    return text.isascii() or (
        _plain().fullmatch(text) is not None and unicodedata.is_normalized("NFC", text)
    )


def visible(text: str) -> str:
    """`text` as it looks, its white space as it stands."""
    return text if is_plain(text) else _shown(_without_joiners(_UNSEEN.sub("", text)))


def same(text: str) -> str:
    """`text` as it looks, on one line: equal for texts that look the same."""
    return " ".join(visible(text).split())


class Folded(NamedTuple):
    """A text as it looks, with the way back: where in the text each character starts and ends.

    Of one that takes several in `text`, only the first has a start, only the last an end: -1.
    """

    text: str
    starts: tuple[int, ...]
    ends: tuple[int, ...]

    def span(self, start: int, end: int) -> tuple[int, int] | None:
        """The place of what looks so from `start` to `end`; None where it cuts a character."""
        if start >= end or self.starts[start] < 0 or self.ends[end - 1] < 0:
            return None
        return self.starts[start], self.ends[end - 1]

    def places(self, words: str) -> list[tuple[int, int]]:
        """Where `words`, folded like this, stand in the text; overlapping places included."""
        found, at = [], self.text.find(words) if words else -1
        while at >= 0:
            span = self.span(at, at + len(words))
            if span is not None:
                found.append(span)
            at = self.text.find(words, at + 1)
        return found

    def characters(self) -> Iterator[tuple[int, int, str]]:
        """From where to where each stands, and how it looks: a space for white space."""
        first = 0
        for index, end in enumerate(self.ends):
            if end >= 0:
                yield self.starts[first], end, self.text[first : index + 1]
                first = index + 1


@lru_cache(maxsize=512)
def fold(text: str) -> Folded:
    """`text` as `same` gives it, with the way back."""
    if is_plain(text) and text == " ".join(text.split()):
        return Folded(text, tuple(range(len(text))), tuple(range(1, len(text) + 1)))
    at: Sequence[int] = range(len(text))
    kept, pattern = text, _RUN
    if not is_plain(text):
        at, kept = _seen_of(text)
        pattern = _characters()
    seen: list[str] = []
    starts: list[int] = []
    ends: list[int] = []
    for match in pattern.finditer(kept):
        there = at[match.start() : match.end()]
        if match.lastgroup == "run":
            seen.append(match.group())
            starts += there
            ends += [place + 1 for place in there]
            continue
        shown = " " if match.lastgroup == "space" else _shown(match.group())
        if shown and (shown != " " or (seen and seen[-1] != " ")):
            inside = [-1] * (len(shown) - 1)
            seen.append(shown)
            starts += [there[0], *inside]
            ends += [*inside, there[-1] + 1]
    if seen and seen[-1] == " ":
        del seen[-1], starts[-1], ends[-1]
    return Folded("".join(seen), tuple(starts), tuple(ends))


def places(text: str, words: str) -> list[tuple[int, int]]:
    """Where `words` stand in `text` letter for letter, white space apart; else what looks the same.

    Overlapping places are included, places that cut a character are not.
    """
    words = " ".join(words.split())
    found = _letter_for_letter(text, words) if words else []
    if text.isascii() and (found or words.isascii()):
        return found
    found = [span for span in found if not _cuts(text, *span)]
    wanted = same(words)
    return found or (fold(text).places(wanted) if wanted in same(text) else [])


def _letter_for_letter(text: str, words: str) -> list[tuple[int, int]]:
    first, *others = words.split(" ")
    found, at = [], text.find(first)
    while at >= 0:
        end = at + len(first)
        for word in others:
            space = _SPACE.match(text, end)
            if space is None or not text.startswith(word, space.end()):
                break
            end = space.end() + len(word)
        else:
            found.append((at, end))
        at = text.find(first, at + 1)
    return found


def _cuts(text: str, *edges: int) -> bool:
    """Whether one of the edges lies inside a character."""
    unclear = [
        edge
        for edge in edges
        if 0 < edge < len(text)
        and (
            (text[edge] > "\xac" and _not_first().match(text, edge))
            or _HIDDEN.match(text, edge - 1)
        )
    ]
    return bool(unclear) and any(
        start < edge < end for start, end, _ in fold(text).characters() for edge in unclear
    )


# --- near -----------------------------------------------------------------------------------------


def nearest_place(text: str, words: str) -> tuple[int, int] | None:
    """The first place in `text` of `words` but for typography, capitals and accents; or None."""
    found = _fold_near(text).places(_fold_near(words).text)
    if not found:
        return None
    start, end = found[0]
    words = words.strip()
    if words[:1] in QUOTES and text[start - 1 : start] in QUOTES:
        start -= 1
    if words[-1:] in QUOTES and text[end : end + 1] in QUOTES:
        end += 1
    return start, end


@lru_cache(maxsize=512)
def _fold_near(text: str) -> Folded:
    seen: list[str] = []
    starts: list[int] = []
    ends: list[int] = []
    for start, end, shown in _nearly(fold(text).characters()):
        inside = [-1] * (len(shown) - 1)
        seen.append(shown)
        starts += [start, *inside]
        ends += [*inside, end]
    return Folded("".join(seen), tuple(starts), tuple(ends))


def _nearly(characters: Iterable[tuple[int, int, str]]) -> Iterator[tuple[int, int, str]]:
    """Characters without what is only typography.

    Several dashes are one, as are several dots; no space stands beside them.
    """
    run: tuple[int, int, str] | None = None
    space: tuple[int, int, str] | None = None
    for start, end, seen in characters:
        seen = _NEAR[seen] if seen in _NEAR else _bare(seen)
        if seen == " ":
            space = (start, end, seen)
        elif run is not None and seen == run[2]:
            run, space = (run[0], end, seen), None
        elif seen:
            if run is not None:
                yield run
            elif space is not None and seen not in "-.":
                yield space
            run, space = ((start, end, seen) if seen in "-." else None), None
            if run is None:
                yield start, end, seen
    if run is not None:
        yield run


def _bare(seen: str) -> str:
    """A character small, without accents, in its common form."""
    apart = unicodedata.normalize("NFKD", seen.casefold())
    bare = "".join(char for char in apart if not unicodedata.combining(char))
    return unicodedata.normalize("NFC", bare)


# --- characters -----------------------------------------------------------------------------------


def _shown(text: str) -> str:
    """How what is left of a text, or of a character, looks."""
    composed = unicodedata.normalize("NFC", _SILENT.sub("", text))
    return _LIGATURE.sub(lambda match: _LIGATURES[match.group()], composed)


def _seen_of(text: str) -> tuple[list[int], str]:
    """What is seen of a text, and where each of its characters stands."""
    at, kept = list(range(len(text))), text
    if _UNSEEN.search(text):
        at = [place for place in at if not _UNSEEN.match(text[place])]
        kept = "".join([text[place] for place in at])
    if _JOINER.search(kept):
        staying = _staying(kept)
        at = [at[place] for place in staying]
        kept = "".join([kept[place] for place in staying])
    return at, kept


def _without_joiners(text: str) -> str:
    return "".join([text[place] for place in _staying(text)]) if _JOINER.search(text) else text


def _staying(text: str) -> list[int]:
    """The places of all but joiners that change nothing."""
    kept = {place for match in _kept_joiners().finditer(text) for place in range(*match.span())}
    return [place for place, char in enumerate(text) if place in kept or not _JOINER.match(char)]


# Patterns with many characters take long to make, and most texts need none of these.


@cache
def _plain() -> re.Pattern[str]:
    """Latin, Greek, Cyrillic, Chinese, Japanese, Korean; dashes and quotation marks."""
    return re.compile(
        "[\0-\xac\xae-\u02ff\u0370-\u0482\u048a-\u052f\u2010-\u2027\u202f-\u205f\u20a0-\u20bf"
        "\u3000-\u3029\u3030-\u3098\u309b-\u33ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7a3"
        "\uff01-\uff9d]*"
    )


@cache
def _kept_joiners() -> re.Pattern[str]:
    on = f"[{_SELECTORS}{_BEHIND}\u20e3]*"
    return re.compile(
        f"(?<=[{_JOINED}])\u200c(?=[{_JOINED}\u200c])|(?<=[{_JOINED}])\u200d|\u200d(?=[{_JOINED}])|"
        f"[{_PICTURE}]{on}(?:\u200d[{_PICTURE}]{on})+"
    )


@cache
def marks() -> str:
    """Every combining mark there is, as they stand between the brackets of a pattern."""
    spans: list[list[int]] = []
    for point in range(0x300, 0x1F000):
        if unicodedata.category(chr(point))[0] == "M":
            if spans and spans[-1][1] == point - 1:
                spans[-1][1] = point
            else:
                spans.append([point, point])
    return "".join(f"{chr(first)}-{chr(last)}" for first, last in spans) + _SELECTORS


@cache
def _characters() -> re.Pattern[str]:
    """Characters as a reader counts them: a letter with its marks, an emoji of several parts.

    In a `run` each stands for itself.
    """
    on = f"(?:[{marks()}{_BEHIND}]|[\u200c\u200d](?=[{marks()}]))"
    run = f"[!-~\xa1-\xa8\xaa-\xac\xaf-\u02ff\u2010-\u2027]+(?!{on})"
    korean = (
        f"[{_KOREAN}]*[\u1160-\u11a7\ud7b0-\ud7c6\uac00-\ud7a3][\u1160-\u11ff\ud7b0-\ud7fb]*"
        f"|[{_KOREAN}]+"
    )
    emoji = f"[{_PICTURE}]{on}*(?:\u200d[{_PICTURE}]{on}*)*"
    return re.compile(
        f"(?P<space>\\s+)|(?P<run>{run})|(?:[{_FLAG}]{{2}}|{korean}){on}*|{emoji}|.{on}*", re.S
    )


@cache
def _not_first() -> re.Pattern[str]:
    """What may stand inside a character, or begin one."""
    return re.compile(f"[{marks()}{_BEHIND}{_FLAG}\u1160-\u11ff\uac00-\ud7ff]|{_HIDDEN.pattern}")
