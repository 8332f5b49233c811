"""What a sentence says of how many: seven participants, most, the only one, 23 of 255, half of the
managers. In English; digits in any language.

Who or what is counted is one of `Nouns`, which a study knows: people, people of an attribute's
value, interviews, incidents. Of anything else a bare number is no claim (three reasons); a share of
something that may be people is one whose noun is not known (half of the managers).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from itertools import takewhile
from typing import NamedTuple


class Kind(StrEnum):
    """How a claim counts: `number` of them and no more, about so many, at least, at most; so many
    of `of`; so many and no others; all but so many; a share, within one; more or less than half.
    """

    COUNT = "count"
    OF = "of"
    ONLY = "only"
    SHARE = "share"
    PERCENT = "per cent"
    ABOUT = "about"
    AT_LEAST = "at least"
    AT_MOST = "at most"
    ALL_BUT = "all but"
    MOST = "most"
    MINORITY = "minority"
    ALL = "all"
    NONE = "none"


class Unit(StrEnum):
    """What is counted."""

    PEOPLE = "participants"
    INTERVIEWS = "interviews"
    INCIDENTS = "incidents"
    UNKNOWN = ""


class Counted(NamedTuple):
    """A unit; of people the attribute and the value that they have, where a value is named."""

    unit: Unit
    attribute: str = ""
    value: str = ""


@dataclass(frozen=True)
class Said:
    """A claim where it stands in a sentence; `noun` as written, '' where none is."""

    start: int
    end: int
    kind: Kind
    number: float
    counted: Counted
    of: int = 0
    noun: str = ""


_ONES = (
    "one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen "
    "sixteen seventeen eighteen nineteen"
).split()
_TENS = "twenty thirty forty fifty sixty seventy eighty ninety".split()
_WORDS = {word: number for number, word in enumerate(_ONES, start=1)} | {
    word: number for number, word in zip(range(20, 100, 10), _TENS, strict=True)
}
_NUMBER = (
    r"\d{1,3}(?:,\d{3})+|\d{1,6}"
    rf"|(?:{'|'.join(_TENS)})[- ](?:{'|'.join(_ONES[:9])})|{'|'.join([*_TENS, *reversed(_ONES)])}"
)
_BOUNDS: tuple[tuple[Kind, int, str], ...] = (
    (Kind.AT_LEAST, 0, "at least"),
    (Kind.AT_LEAST, 1, "more than|over"),
    (Kind.AT_MOST, 0, "up to|at most|no more than"),
    (Kind.AT_MOST, -1, "fewer than|less than|under"),
    (Kind.ABOUT, 0, "about|around|almost|nearly|roughly|approximately|some"),
    (Kind.ALL_BUT, 0, "all but|all except"),
    (Kind.ONLY, 0, "only|just"),
)
_CLAUSE = r"^|(?<=[,;:] )|(?<=and )|(?<=but )|(?<=while )|(?<=that )"  # what goes before it
_HEADS: tuple[tuple[Kind, float, str], ...] = (
    (
        Kind.MOST,
        0,
        r"(?:the (?:vast |great |large )?|a )majority|more than half|over half|(?<!the )most"
        r"|(?:almost|nearly|virtually) (?:all|every)",
    ),
    (Kind.MINORITY, 0, r"a (?:small )?minority|(?:fewer|less) than half"),
    (Kind.SHARE, 2 / 3, r"two[- ]thirds"),
    (Kind.SHARE, 3 / 4, r"three[- ]quarters"),
    (Kind.SHARE, 1 / 3, r"(?:a|one)[- ]third"),
    (Kind.SHARE, 1 / 4, r"(?:a|one)[- ]quarter"),
    (Kind.SHARE, 1 / 2, r"half"),
    (Kind.ALL, 0, r"all|every|both"),
    (Kind.NONE, 0, r"none|not one|no(?! longer| doubt| matter)"),
    (Kind.AT_LEAST, 2, r"several|many|a few|a number|a couple|a handful"),
    (Kind.AT_LEAST, 1, r"some|few"),
)
_ALONE: tuple[tuple[Kind, float, str], ...] = (
    (Kind.ONLY, 1, r"the only (?:one|person)|the sole (?:one|person)|only one|nobody else"),
    (Kind.ONLY, 1, r"no[- ]one else|none of the others"),
    (Kind.NONE, 0, r"nobody|no[- ]one"),
    (Kind.ALL, 0, r"everybody|everyone"),
    (Kind.MOST, 0, r"most of (?:them|us)"),
    (Kind.MOST, 0, rf"(?:{_CLAUSE})most (?:\w+ed|said|told|felt|saw|spoke|had|were|did|found)"),
    (Kind.ALL, 0, r"all of (?:them|us)"),
    (Kind.SHARE, 1 / 2, r"half of (?:them|us)"),
    (Kind.NONE, 0, r"none of (?:them|us)"),
    (Kind.AT_LEAST, 1, r"some of (?:them|us)"),
)
_OF = r"\s+of\s+(?:all\s+)?(?:the|our|my|these|those|their)?\s*"
_GENERIC = {
    Unit.PEOPLE: "participant interviewee respondent informant person people individual".split(),
    Unit.INTERVIEWS: "interview account transcript".split(),
    Unit.INCIDENTS: "incident extract excerpt passage instance mention coding".split(),
}
# What no people are, or others than those that are counted.
_NO_PEOPLE = frozenset(
    """
    times cases things reasons themes codes categories ways hours days weeks months years minutes
    examples questions sessions services studies authors chapters words lines others parts sorts
    kinds lives problems meetings other another further more additional but except
    """.split()
)
_JOINING = frozenset(
    "from in at of on with the a an our who which were are was is had aged".split()
)
_YEARS = range(1900, 2100)
# Before a number: of those who are known; the second of two that are named.
_TOLD = re.compile(
    r"\b(?:the|these|those|our|all|first|last|next|other|his|her|their|my)\s+\Z"
    rf"|(?:{_NUMBER})\s*(?:to|or|and|[-–])\s*\Z",
    re.I,
)
_WHO = re.compile(r"[\s\w’'-]*?\b(?:who|that|whose)\b")
_BETWEEN_WORDS = 3  # words that may stand between a number and what it counts
_FURTHER = 8  # words behind it among which the value of a group may stand


class Nouns:
    """What a chapter may count; `values` are attribute → its values, as in participants.csv, and
    `names` those of participants, any of whom may be the only one.
    """

    def __init__(self, values: Mapping[str, Iterable[str]], names: Iterable[str] = ()) -> None:
        self.names = "|".join(map(re.escape, sorted({*names}, key=len, reverse=True))) or "(?!)"
        self._known: dict[tuple[str, ...], Counted] = {}
        for attribute, some in values.items():
            for value in some:
                words = tuple(re.findall(r"[\w’'-]+", value.casefold()))
                if words and any(map(str.isalpha, words[-1])):
                    self._add(words, Counted(Unit.PEOPLE, attribute, value))
        self._longest = max(map(len, self._known), default=1)
        self._generic = {
            form: Counted(unit)
            for unit, nouns in _GENERIC.items()
            for noun in nouns
            for form in (noun, *_plurals(noun))
        }

    def _add(self, words: tuple[str, ...], counted: Counted) -> None:
        for form in (words[-1], *_plurals(words[-1])):
            self._known.setdefault((*words[:-1], form), counted)

    def at(self, words: list[str], within: int) -> Counted | None:
        """What is counted by one of the first so many of `words`; of people, with the value that
        stands before the noun or behind it: `managers`, `participants from the community team`.
        """
        words = [word.casefold() for word in words]
        near = list(takewhile(lambda word: word not in _NO_PEOPLE, words[:within]))
        at = next((place for place, word in enumerate(near) if word in self._generic), None)
        if at is None:
            return self._value(words, range(len(near)))
        counted = self._generic[words[at]]
        behind = at + 1
        while behind < len(words) and words[behind] in _JOINING:
            behind += 1
        is_of_people = counted.unit is Unit.PEOPLE
        places = (*range(at), *([behind] if behind > at + 1 else ()))
        return (self._value(words, places) if is_of_people else None) or counted

    def _value(self, words: list[str], places: Iterable[int]) -> Counted | None:
        spans = (
            tuple(words[start : start + length])
            for start in places
            for length in range(self._longest, 0, -1)
        )
        return next((self._known[span] for span in spans if span in self._known), None)


def _plurals(word: str) -> tuple[str, ...]:
    ending = f"{word[:-1]}ies" if word.endswith("y") else f"{word}es"
    return (f"{word}s", ending, *((f"{word[:-3]}men",) if word.endswith("man") else ()))


def said_in(sentence: str, nouns: Nouns) -> Iterator[Said]:
    """The claims of a sentence, in the order of their kinds; each word is of one at most."""
    taken = [False] * len(sentence)
    for found in _all(sentence, nouns):
        if not any(taken[found.start : found.end]):
            taken[found.start : found.end] = [True] * (found.end - found.start)
            yield found


def _all(sentence: str, nouns: Nouns) -> Iterator[Said]:
    everybody = Counted(Unit.PEOPLE)

    def matches(form: str) -> Iterator[re.Match[str]]:
        return re.finditer(rf"(?<![\w-])(?:{form})(?![\w-])", sentence, re.I)

    for match in matches(
        rf"(?P<n>{_NUMBER})\s+(?:out\s+)?of\s+(?:the\s+|all\s+|our\s+)*(?P<of>{_NUMBER})"
    ):
        words = _words_behind(match.end(), sentence)
        counted = nouns.at(words, _BETWEEN_WORDS) or Counted(Unit.UNKNOWN)
        end = _end_of(match.end(), sentence, nouns)
        number, of = _value(match["n"]), _value(match["of"])
        if number == 1 and _WHO.match(sentence, end):  # one of two people who did
            yield Said(match.start(), end, Kind.COUNT, of, counted)
        else:
            yield Said(match.start(), end, Kind.OF, number, counted, of)
    for match in matches(
        rf"(?P<a>{_NUMBER}) (?:in|out of) (?:every )?(?P<n>{_NUMBER})(?P<of>{_OF})?"
    ):
        share = _value(match["a"]) / max(_value(match["n"]), 1)
        yield from _with_noun(match, Kind.SHARE, share, sentence, nouns)
    for match in matches(rf"(?P<n>\d{{1,3}}(?:\.\d+)?)\s*(?:%|per\s?cent)(?P<of>{_OF})?"):
        yield from _with_noun(match, Kind.PERCENT, float(match["n"]), sentence, nouns)
    for match in matches(rf"only (?:{nouns.names})|(?:{nouns.names}) alone"):
        yield Said(*match.span(), Kind.ONLY, 1, everybody)
    for bound, more, form in _BOUNDS:
        for match in matches(rf"(?:{form})\s+(?P<n>{_NUMBER})(?P<of>{_OF})?"):
            yield from _with_noun(match, bound, _value(match["n"]) + more, sentence, nouns)
    for kind, share, form in _ALONE:
        for match in matches(form):
            yield Said(*match.span(), kind, share, everybody)
    for kind, share, form in _HEADS:
        for match in matches(rf"(?:{form})(?P<of>{_OF})?"):
            yield from _with_noun(match, kind, share, sentence, nouns)
    for match in matches(rf"(?P<n>{_NUMBER})(?P<of>{_OF})?"):
        number = _value(match["n"])
        is_year = number in _YEARS and match["n"].isdecimal()
        is_told = bool(_TOLD.search(sentence[: match.start()]))
        # `One participant said` is how a story is told, `the four participants` are those known.
        if number > 1 and not (is_year or is_told):
            yield from _with_noun(match, Kind.COUNT, number, sentence, nouns)


def _with_noun(
    match: re.Match[str], kind: Kind, number: float, sentence: str, nouns: Nouns
) -> Iterator[Said]:
    """The claim, where what it counts is known; or where it is a share of what may be people."""
    words = _words_behind(match.end(), sentence)
    counted = nouns.at(words, _BETWEEN_WORDS)
    if counted is not None:
        end = _end_of(match.end(), sentence, nouns)
        yield Said(match.start(), end, kind, number, counted)
    elif match["of"] and words and (noun := _may_be_people(words)):
        end = sentence.index(noun, match.end()) + len(noun)
        yield Said(match.start(), end, kind, number, Counted(Unit.UNKNOWN), noun=noun)


def _may_be_people(words: list[str]) -> str:
    """The first plural among what is counted, '' where it is none of people."""
    for word in words[:2]:
        if word.endswith("s") and len(word) > 3 and word.casefold() not in _NO_PEOPLE:
            return word
        if word.casefold() in _NO_PEOPLE or not word.isalpha():
            return ""
    return ""


def _words_behind(at: int, sentence: str) -> list[str]:
    """The words behind a number, up to the next mark."""
    clause = re.match(r"[^,;:.!?()–—]*", sentence[at:])
    return re.findall(r"[\w’'-]+", clause.group() if clause else "")[:_FURTHER]


def _end_of(at: int, sentence: str, nouns: Nouns) -> int:
    """Where what is counted ends, as far as it stands next to the number."""
    end = at
    for count, match in enumerate(re.finditer(r"[\w’'-]+", sentence[at:]), start=1):
        words = re.findall(r"[\w’'-]+", sentence[at : at + match.end()])
        if nouns.at(words, _BETWEEN_WORDS):
            return at + match.end()
        if count == _BETWEEN_WORDS:
            break
    return end


def _value(typed: str) -> int:
    typed = typed.casefold().replace(",", "")
    if typed.isdecimal():
        return int(typed)
    return sum(_WORDS[word] for word in re.split(r"[- ]", typed))
