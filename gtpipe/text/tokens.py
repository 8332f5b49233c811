"""Words as they are compared: what is typography falls away, what is marked in a quotation becomes
a gap to be filled.

Typography is: the shape of quotation marks, apostrophes, dashes and ellipses; white space;
emphasis; backslashes of Markdown. Words, their capitals and the punctuation between them are not;
but a quotation, and what follows on words left out, may begin with a capital or without, as the
sentence wants it (APA 7, 8.31).
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from typing import NamedTuple

from gtpipe.model import typography

ELISION = "elision"
INSERTION = "insertion"
MOST_REPLACED = 12  # words that a bracket may stand for; for more there is […]

# Scripts without spaces between words: there a letter is compared like a word.
_UNSPACED = (
    "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"
)
_APOSTROPHES = typography.APOSTROPHES
_WORD = re.compile(rf"[^\W_]+(?:[*{_APOSTROPHES}]+[^\W_]+)*")
_APOSTROPHE = re.compile(f"[{_APOSTROPHES}]+")
_LETTER = re.compile(f"[{_UNSPACED}]")
_WORD_OR_LETTER = re.compile(
    rf"[{_UNSPACED}]|(?:(?![{_UNSPACED}])[^\W_])+(?:[*{_APOSTROPHES}]+(?:(?![{_UNSPACED}])[^\W_])+)*"
)
_OF_NO_WEIGHT = re.compile(rf"[\s*_\\\"“”„‟«»‹›‚‛{_APOSTROPHES}]+")
_DASHES = re.compile("[-\u2010-\u2015\u2212]+")
_DOTS = re.compile(r"…|\.(?:\s*\.){2,}")
_FOUR_DOTS = re.compile(r"(?:\.*…)+\.*")
_FIRST_LETTER = re.compile(r"(?<!\w)\[(\w)\](?=\w)")
_ELLIPSIS = r"(?:…|\.(?:\s*\.)+)"
_MARK = re.compile(
    rf"""
    (?P<elision>\[\s*{_ELLIPSIS}\s*\]|\(\s*{_ELLIPSIS}\s*\)|…|\.(?:\s*\.){{2,}})
    |(?P<insertion>\w*\[[^\[\]]*\]\w*)""",
    re.X,
)


class Word(NamedTuple):
    """`key` is what is looked up, `form` the word without typography, `gap` the punctuation behind
    it; places in the text.
    """

    key: str
    form: str
    gap: str
    start: int
    end: int
    free: bool = (
        False  # whether its first letter's case may be another: [S]he, and where a quotation begins
    )


class Gap(NamedTuple):
    """What a quotation marks as left out, or as put in for something: `words` of a bracket, as
    `shown`; `head`, `tail` of walk[ed], [un]real."""

    kind: str
    words: tuple[Word, ...] = ()
    head: str = ""
    tail: str = ""
    shown: str = ""


class Pattern(NamedTuple):
    """A quotation as runs of words, in order, and the gaps between them; `first` and `last` stand
    before and behind, or None.

    Places of words are places in `text`, which is the quotation without brackets around first
    letters.
    """

    runs: tuple[tuple[Word, ...], ...]
    gaps: tuple[Gap, ...] = ()
    first: Gap | None = None
    last: Gap | None = None
    text: str = ""

    @property
    def words(self) -> list[Word]:
        return [word for run in self.runs for word in run]


def clean(text: str) -> str:
    """`text` as it looks; places in words are places in this."""
    return typography.visible(text)


def keys(text: str) -> list[str]:
    """The words of a cleaned text as they are looked up."""
    if text.isascii() and "*" not in text and "`" not in text:
        return _WORD.findall(text.casefold())
    found = _words(text).findall(text)
    return _form("\n".join(found)).casefold().split("\n") if found else []


def places(text: str) -> Iterator[tuple[int, int]]:
    """Where each word of a text, cleaned or not, starts and ends."""
    return (match.span() for match in _words(text).finditer(text))


def as_written(text: str) -> list[str]:
    """The words of a text, cleaned or not, as they stand there."""
    return _words(text).findall(text)


def words(text: str) -> list[Word]:
    """The words of a cleaned text, with what stands between them."""
    found = list(_words(text).finditer(text))
    ends = [match.start() for match in found[1:]] + [len(text)]
    made = []
    for match, end in zip(found, ends, strict=False):
        form = _form(match.group())
        made.append(
            Word(form.casefold(), form, _gap(text[match.end() : end]), match.start(), match.end())
        )
    return made


def _words(text: str) -> re.Pattern[str]:
    return _WORD if text.isascii() or not _LETTER.search(text) else _WORD_OR_LETTER


def _form(word: str) -> str:
    """A word, or words by line, with straight apostrophes, without emphasis, ligatures apart."""
    if word.isalnum() and word.isascii():
        return word
    return unicodedata.normalize("NFKC", _APOSTROPHE.sub("'", word.replace("*", "")))


def _gap(between: str) -> str:
    """Punctuation between two words, typography apart."""
    if between == " ":
        return ""
    return _DASHES.sub("-", _FOUR_DOTS.sub("…", _OF_NO_WEIGHT.sub("", _DOTS.sub("…", between))))


def plain(text: str) -> str:
    """`text` for comparing by eye: on one line, straight, no quotation marks and no emphasis."""
    made = []
    for match in re.finditer(r"\S+", _DOTS.sub("…", clean(text))):
        word = _DASHES.sub("-", match.group())
        shown = "".join(char for index, char in enumerate(word) if not _is_mark(word, index))
        made.append(re.sub(f"[{_APOSTROPHES}]", "'", shown))
    return " ".join(filter(None, made))


def _is_mark(word: str, index: int) -> bool:
    """Whether the character is a quotation mark or emphasis, and no apostrophe."""
    if not _OF_NO_WEIGHT.match(word[index]):
        return False
    inside = 0 < index < len(word) - 1 and word[index - 1].isalnum() and word[index + 1].isalnum()
    return not (inside and word[index] in _APOSTROPHES)


def pattern(text: str) -> Pattern:
    """A quotation's words and marks.

    Ellipses and square brackets are marks; `[S]he` is a word whose first letter's case is free.
    """
    text = clean(text)
    free: set[int] = set()
    pieces: list[str] = []
    at = length = 0
    for match in _FIRST_LETTER.finditer(text):
        length += match.start() - at
        free.add(length)
        pieces += (text[at : match.start()], match.group(1))
        length += 1
        at = match.end()
    text = "".join([*pieces, text[at:]])
    runs: list[list[Word]] = []
    gaps: list[Gap] = []
    first: Gap | None = None
    at = 0
    pending: Gap | None = None
    marks: list[re.Match[str] | None] = [*_MARK.finditer(text), None]
    for mark in marks:
        end = mark.start() if mark else len(text)
        found = [
            word._replace(start=word.start + at, end=word.end + at, free=word.start + at in free)
            for word in words(text[at:end])
        ]
        if found:
            if runs:
                gaps.append(pending or Gap(ELISION))
            else:
                first = pending
            if pending is None or pending.kind == ELISION:  # a sentence may begin here
                found[0] = found[0]._replace(free=True)
            runs.append(found)
            pending = None
        if mark:
            pending = _joined(pending, _gap_of(mark))
            at = mark.end()
    return Pattern(tuple(map(tuple, runs)), tuple(gaps), first, pending, text)


def _gap_of(match: re.Match[str]) -> Gap:
    if match["elision"]:
        return Gap(ELISION)
    head, _, rest = match["insertion"].partition("[")
    inside, _, tail = rest.partition("]")
    return Gap(
        INSERTION,
        tuple(words(inside)),
        _form(head).casefold(),
        _form(tail).casefold(),
        match["insertion"],
    )


def _joined(one: Gap | None, other: Gap) -> Gap:
    """Two marks with no word between them: an elision among them takes in anything."""
    if one is None:
        return other
    if ELISION in (one.kind, other.kind):
        return Gap(ELISION, shown=f"{one.shown} {other.shown}".strip())
    return Gap(
        INSERTION, one.words + other.words, one.head, other.tail, f"{one.shown} {other.shown}"
    )
