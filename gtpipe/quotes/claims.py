"""Claims of number in a chapter: where they stand, and which theme each is near.

A claim belongs to the theme, code or item whose label stands nearest: in its sentence, else in its
paragraph above it, else in the heading. What is quoted is nobody's claim.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache

from gtpipe.model.names import one_line
from gtpipe.model.records import Material
from gtpipe.quotes.documents import Paragraph
from gtpipe.quotes.numbers import Nouns, Said, said_in
from gtpipe.quotes.people import People
from gtpipe.text import tokens

_SENTENCES = re.compile(r"(?<=[.!?…])[\"”’)\]]*\s+(?=[\"“„«‘(\[]?[^\Wa-zß-öø-ÿ_])|\n[ \t]*\n")
_LETTERS = 3  # that a word of a label has, so that it tells
_OF_THE_STUDY = re.compile(
    r"\b(?:interview(?:ed|ing)|recruit\w*|took part|sampl\w+|consent\w*|invited|asked)\b", re.I
)
_IT = re.compile(r"\b(?:it|this|so|them)\b", re.I)
_QUOTED = re.compile(r"“[^”]*”|\"[^\"\n]*\"|«[^»]*»|„[^“”]*[“”]")


@dataclass(frozen=True)
class Claim:
    """A claim at a line of a chapter (a paragraph's number where `by_line` is False), its sentence,
    and the theme it is near. `name` is the one participant that the sentence names, or ''; `listed`
    are those named behind it: two participants, Jim and Eve. `is_here` where its sentence names the
    theme, or says `it`.
    """

    path: str
    line: int
    by_line: bool
    sentence: str
    said: Said
    theme: str
    name: str = ""
    listed: tuple[str, ...] = ()
    is_here: bool = True

    @property
    def words(self) -> str:
        return one_line(self.sentence[self.said.start : self.said.end])

    @property
    def place(self) -> str:
        return f"{self.path}:{self.line}" if self.by_line else f"{self.path}, paragraph {self.line}"


class Themes:
    """Labels as a chapter may write them: capitals and typography aside; of several words, in
    other forms too, `noticed the clock`. A code `no` or `2` is none: it stands everywhere.
    """

    def __init__(self, labels: Iterable[str]) -> None:
        self._by_words: dict[tuple[str, ...], str] = {}
        for label in labels:
            words = tuple(tokens.keys(tokens.clean(label)))
            if any(len(word) >= _LETTERS and not word.isdecimal() for word in words) or words[2:]:
                self._by_words[words] = label
                if len(words) > 1:
                    self._by_words.setdefault(tuple(map(_stem, words)), label)
        self._longest = max(map(len, self._by_words), default=0)

    def at(self, text: str) -> list[tuple[int, int, str]]:
        """Where labels stand in `text`, the longest where several do."""
        places = list(tokens.places(text))
        words = [tokens.keys(tokens.clean(text[start:end])) for start, end in places]
        keys = tuple(word[0] if word else "" for word in words)
        found, at = [], 0
        while at < len(keys):
            for length in range(min(self._longest, len(keys) - at), 0, -1):
                here = keys[at : at + length]
                stems = tuple(map(_stem, here)) if length > 1 else here
                label = self._by_words.get(here) or self._by_words.get(stems)
                if label is not None:
                    found.append((places[at][0], places[at + length - 1][1], label))
                    at += length
                    break
            else:
                at += 1
        return found


def _stem(word: str) -> str:
    """What is left of a word without the endings of English verbs and plurals."""
    return re.sub(r"(?<=..)(?:ing|ed|es|e|s)\Z", "", word)


def claims(
    path: str, paragraphs: Iterable[Paragraph], themes: Themes, nouns: Nouns, people: People
) -> tuple[list[Claim], int]:
    """The claims of a chapter that stand near a theme, in order; and how many others there are.
    What is quoted is nobody's claim.
    """
    found: list[Claim] = []
    others, heading = 0, ""
    for paragraph in paragraphs:
        if paragraph.is_block:
            continue
        text, labels = paragraph.text, themes.at(paragraph.text)
        if len(labels) == 1 and _is_all(labels[0], text):
            heading = labels[0][2]
            continue
        own = _QUOTED.sub(lambda match: "\0" * len(match.group()), text)
        for start, end in _sentences(own):
            named = people.named(text[start:end])
            for said in sorted(said_in(own[start:end], nouns), key=lambda said: said.start):
                if any(a <= start + said.start < said.end + start <= b for a, b, _ in labels):
                    continue  # a label may have a number in it
                theme, is_here = _nearest(start + said.start, start, end, labels, heading)
                is_of_study = not is_here and _OF_THE_STUDY.search(own[start:end])
                others += not theme or bool(is_of_study)
                if theme and not is_of_study:
                    line = paragraph.line(start + said.start)
                    named = people.named(text[start + said.start : start + said.end]) or named
                    name = named[0] if len(named) == 1 else ""
                    behind = _list_of(nouns.names).match(text, start + said.end, end)
                    listed = tuple(people.named(behind[1])) if behind else ()
                    found.append(
                        Claim(
                            *(path, line, paragraph.by_line, text[start:end]),
                            *(said, theme, name, listed),
                            is_here or bool(_IT.search(own[start:end])),
                        )
                    )
    return found, others


@cache
def _list_of(names: str) -> re.Pattern[str]:
    one = rf"(?:{names})(?!\w)"
    return re.compile(rf"\s*[,(:–—]\s*({one}(?:(?:\s*,)?\s*(?:and|&|,)?\s*{one})*)", re.I)


def _is_all(label: tuple[int, int, str], text: str) -> bool:
    """Whether a text is nothing but a label: a heading, numbered or not."""
    rest = text[: label[0]] + text[label[1] :]
    return not re.search(r"[^\W\d_]", rest)


def _sentences(text: str) -> Iterator[tuple[int, int]]:
    start = 0
    for match in _SENTENCES.finditer(text):
        yield start, match.start()
        start = match.end()
    yield start, len(text)


def _nearest(
    at: int, start: int, end: int, labels: Sequence[tuple[int, int, str]], heading: str
) -> tuple[str, bool]:
    """The label nearest to a place, and whether it stands in the same sentence: such a one goes
    before one that stands above, that before the heading, and the heading before what follows.
    """

    def distance(label: tuple[int, int, str]) -> tuple[bool, bool, int]:
        is_elsewhere = not start <= label[0] < end
        return is_elsewhere, is_elsewhere and label[0] > at, abs(label[0] - at)

    nearest = min(labels, key=distance, default=(at + 1, at, heading))
    is_elsewhere, is_below, _ = distance(nearest)
    theme = heading if is_below and heading else nearest[2]
    return theme, bool(labels) and not is_elsewhere


def nouns_of(material: Material) -> Nouns:
    """What a chapter may count in this study: people by the values of their attributes."""
    values: dict[str, dict[str, None]] = {}
    for one in material.participants.values():
        for attribute, value in one.attributes:
            values.setdefault(attribute, {})[value.strip()] = None
    names = dict.fromkeys(
        name for each in material.interviews.values() for name in each.participants
    )
    return Nouns(values, (*material.participants, *names))
