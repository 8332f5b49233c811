"""Where the quotations of a text begin and end: marks of English, French, German and the north.

What was said decides where marks leave it open: whether 'goin' down' ends at an apostrophe.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from gtpipe.quotes.word_index import WordIndex
from gtpipe.text import tokens

FEWEST_WORDS = 3  # a shorter quotation is looked at only where a name stands behind it
_CLOSING = {"“": "”", "„": "“”", "«": "»", "»": "«»", "‹": "›", "›": "‹›", "”": "”", "‚": "‘’"}
_CLOSING |= {"「": "」", "『": "』"}
_BOTH_WAYS = "»›”"  # marks that open and close: »ja« and »ja», ”ja”
_GOES_ON = "“«„"  # where a quotation goes on for paragraphs, each begins with one
_BEFORE_SINGLE = r"(?<![^\W_])(?<![.,!?…’”\"'])"
OPENERS = re.compile(
    rf"[“„«»‹›”‚「『\"]|{_BEFORE_SINGLE}[‘'’](?=['’]?[^\W_]|[\[_…(“„«‹\"]|\.\.)(?!\d0s)"
)
_BEGINS = re.compile(r"[*_]*[^\s*_,;:!?)\]}]")
_ANOTHER_SINGLE = re.compile(rf"{_BEFORE_SINGLE}['’](?=[^\W\d_])")
_SINGLE_CLOSING = re.compile(r"(?<=[^\s'‘’(\[])[’'](?![^\W_])")
# Words that begin with an apostrophe, and ends of words that an apostrophe stands for: no marks,
# where nothing else says so.
_ELIDED = re.compile(
    r"(?:cause|cos|coz|em|im|er(?!,)|ere|e|ave|ad|as|is|appen|til|till|tis|twas|twere|twould|n|"
    r"round|bout|neath|nuff|kay|scuse|spect|course|tude|fraid|cept|specially|owt|ello|ome|ouse|"
    r"alf|ow|t|s|ll|ve|re|d|m|o|\d+)(?![^\W_])",
    re.I,
)
_DROPPED_END = re.compile(r"(?:s|in|\b[^\W\d_]{1,2}|\bwit|\bthan)\Z", re.I)
_SPEAKS_OF_IT = re.compile(r"\s*[(\[]|[\s.,]*[—–]|\s*\Z")
_LONGEST_SINGLE = 4000  # characters; what seems to go on for longer is an apostrophe
_MOST_ENDS = 8


def is_in_transcripts(text: str, word_index: WordIndex) -> bool:
    return len(tokens.keys(tokens.clean(text))) >= FEWEST_WORDS and word_index.contains(text)


def spans(text: str, word_index: WordIndex) -> Iterator[tuple[int, int, int, int]]:
    """Quotations: place of the opening mark, of the first and behind the last character, and
    behind the closing mark."""
    at = 0
    while True:
        match = OPENERS.search(text, at)
        if match is None:
            return
        mark, start = match.group(), match.start()
        at = match.end()
        if mark in "‘'’":
            end = _single_end(text, at, word_index)
            long_enough = end > at and (
                len(tokens.keys(tokens.clean(text[at:end]))) >= FEWEST_WORDS
                or bool(_SPEAKS_OF_IT.match(text, end + 1))
            )
            if long_enough:
                yield start, at, end, end + 1
                at = end + 1
            continue
        if (mark == '"' or mark in _BOTH_WAYS) and not _opens(text, start):
            continue
        width = 1
        end = _straight_end(text, at) if mark == '"' else _curly_end(text, at, mark)
        if (
            end < 0
        ):  # never closed: it goes on to the end of the paragraph, as in a quotation of several
            if mark != '"' and mark not in _GOES_ON:
                continue
            end, width = len(text), 0
        yield start, at, end, end + width
        at = end + width


def _opens(text: str, at: int) -> bool:
    before = text[at - 1 : at]
    if before in ("'", "’") and text[at - 2 : at - 1].isalnum():
        return False
    return (not before or before.isspace() or before in "([{—–-/*_“‘'>|") and bool(
        _BEGINS.match(text, at + 1)
    )


def _straight_end(text: str, at: int) -> int:
    """The straight mark that closes a quotation; straight ones inside it are counted."""
    depth, first = 1, -1
    for place in range(at, len(text)):
        if text[place] != '"':
            continue
        if _opens(text, place):
            depth += 1
            continue
        first = place if first < 0 else first
        depth -= 1
        if not depth:
            return place
    return first


def _curly_end(text: str, at: int, mark: str) -> int:
    closing = _CLOSING[mark]
    depth, first = 1, -1
    for place in range(at, len(text)):
        char = text[place]
        if char in closing and not (char in _BOTH_WAYS and char == mark and _opens(text, place)):
            if char == "’" and text[place + 1 : place + 2].isalnum():
                continue
            first = place if first < 0 else first
            depth -= 1
            if not depth:
                return place
        elif char == mark:
            if mark in _BOTH_WAYS and mark != "»":
                break
            depth += 1
    if first < 0 and mark in "“„":  # “ … “ and “ … ", as typed in haste
        first = next(
            (
                place
                for place in range(at, len(text))
                if text[place] in '“"' and not _opens(text, place)
            ),
            -1,
        )
    return first


def _single_end(text: str, at: int, word_index: WordIndex) -> int:
    """The single mark that closes, or -1. Of those that are hardly apostrophes, the last up to
    which the words were said, else the first before another quotation opens; where there is none,
    an apostrophe up to which they were.
    """
    mark, ahead = text[at - 1], text[at : at + _LONGEST_SINGLE]
    opening = re.search(r"(?<![^\W_])(?<![.,!?…])‘", ahead)
    found = [
        match.start()
        for match in _SINGLE_CLOSING.finditer(
            text, at, at + (opening.start() if opening else len(ahead))
        )
    ]
    alike = [place for place in found if text[place] == ("'" if mark == "'" else "’")]
    found = alike or found
    sure = [place for place in found if not _is_apostrophe(text, at, place)]
    said = _last_said(text, at, sure, word_index)
    if said >= 0 or not found:
        return said
    if mark == "’" or (bool(_ELIDED.match(text, at)) and not text[: at - 1].rstrip().endswith(":")):
        sure = [
            place
            for place in sure
            if mark == "‘"
            or text[place - 1] in ".,!?…"
            or text[place + 1 : place + 2] in (",", ".", ";", ":", "!", "?")
            or _SPEAKS_OF_IT.match(text, place + 1)
        ]
        return sure[0] if sure else _last_said(text, at, found, word_index) if mark == "‘" else -1
    another = next(
        (
            match.start()
            for match in _ANOTHER_SINGLE.finditer(text, at, found[-1])
            if not _ELIDED.match(text, match.end())
        ),
        len(text),
    )
    before = [place for place in found if place < another] or found
    first = next((place for place in before if place in sure), -1)
    said = first if first >= 0 else _last_said(text, at, before, word_index)
    return said if said >= 0 else before[0]


def _last_said(text: str, at: int, places: list[int], word_index: WordIndex) -> int:
    """The last of `places` up to which the words were said, or -1."""
    said = (
        place
        for place in reversed(places[:_MOST_ENDS])
        if is_in_transcripts(text[at:place], word_index)
    )
    return next(said, -1)


def _is_apostrophe(text: str, at: int, place: int) -> bool:
    """Whether a mark behind a word may stand for letters, as in the boys' room and goin' home."""
    return bool(re.match(r"\s+(?:[–—-]+\s+)?[^\W\d_]", text[place + 1 : place + 8])) and bool(
        _DROPPED_END.search(text, max(at, place - 4), place)
    )
