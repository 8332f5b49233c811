"""Real names that a study must not hold, and where a text holds one.

A name is found as whole words, in any case, with or without accents, and whatever stands between
its words: `Ellie Smith` in `ELLIE-SMITH’S` and in `Ellie` at the end of a line with `Smith` on the
next. A text is read once, however many names there are.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache, cached_property, lru_cache
from typing import NamedTuple

from gtpipe.model import typography
from gtpipe.model.spelling import one_apart

COMMONEST = 1000
"""Among so many words, a capital at the beginning of a sentence says nothing: Will you?"""
_SHORTEST = 4  # letters of a name of which another word may be a slip: ann is no slip for and
_LONGEST = 40


@dataclass(frozen=True)
class NamedPerson:
    """One person or place of the list: all spellings of the name, and what stands for it."""

    spellings: tuple[str, ...]
    stands_for: str
    line: int


class Match(NamedTuple):
    """Where a name stands in a text, without the ending of a possessive.

    It is not `exact` where one letter is off, or where it begins a sentence and is as likely a word
    as a name.
    """

    start: int
    end: int
    person: NamedPerson
    exact: bool


class _Spelling(NamedTuple):
    """A name as it is looked for: its words, folded, and the signs before, between and behind them
    that are part of it, as the + of A+; of one that is a word too, how common that is.
    """

    person: NamedPerson
    words: tuple[str, ...]
    signs: tuple[str, ...]
    rank: int | None = None


class _Token(NamedTuple):
    word: str
    start: int
    end: int


@dataclass(frozen=True)
class NameList:
    """The list of real names. `ranks` says how common a word is that a name may be mistaken for."""

    people: tuple[NamedPerson, ...]
    ranks: Mapping[str, int] = field(default_factory=dict)

    def is_everyday(self, spelling: str) -> bool:
        """Whether a name is a word too, as `Will` and `May` are: then only a capital tells it."""
        return _rank(spelling, self.ranks) is not None

    def matches(self, text: str) -> Iterator[Match]:
        """The names in `text` in order; of those that overlap, exact ones before others, then the
        first and longest.
        """
        pattern = _pattern(text)
        last: Match | None = None
        for seen in pattern.finditer(text) if self.people else ():
            candidates = self._candidates(seen.group())
            if not candidates or (last and last.exact and seen.start() < last.end):
                continue
            token = _Token(folded(seen.group()), *seen.span())
            there = [self._at(text, token, one, pattern) for one in candidates]
            here = [match for match in there if match]
            match = next((one for one in here if one.exact), None) or next(iter(here), None)
            if match is None:
                continue
            if match.exact:
                slip = last if last and last.end > match.start else here[0]
                if slip.person == match.person and not slip.exact:  # Lea Antony, for Lea Anthony
                    start, end = min(slip.start, match.start), max(slip.end, match.end)
                    match = Match(start, end, match.person, True)
            elif last and match.start < last.end:
                continue
            if last and last.end <= match.start:
                yield last
            last = match
        if last:
            yield last

    # --- what is looked for ---

    @cached_property
    def _spellings(self) -> dict[str, list[_Spelling]]:
        """First word → the spellings that begin with it, the longest first."""
        found: dict[str, list[_Spelling]] = {}
        for person in self.people:
            for spelling in person.spellings:
                for made in _looked_for(person, spelling, self.ranks):
                    found.setdefault(made.words[0], []).append(made)
        for same in found.values():
            same.sort(key=lambda made: -len(made.words))
        return found

    @cached_property
    def _own_words(self) -> frozenset[str]:
        """Words of names, and of what stands for them: none is a slip for another."""
        stand = (word for person in self.people for word in words_of(person.stands_for))
        return frozenset(stand) | {
            word for same in self._spellings.values() for made in same for word in made.words
        }

    @cached_property
    def _shortened(self) -> dict[str, set[str]]:
        """Words of names, whole and with one letter left out → the words."""
        found: dict[str, set[str]] = {}
        for same in self._spellings.values():
            for made in same:
                for word in filter(_may_slip, made.words):
                    for short in _shorter(word):
                        found.setdefault(short, set()).add(word)
        return found

    @cached_property
    def _known(self) -> dict[str, tuple[_Spelling, ...]]:
        return {}

    @cached_property
    def _slips(self) -> dict[str, frozenset[str]]:
        return {}

    def _candidates(self, written: str) -> tuple[_Spelling, ...]:
        """Spellings that may begin with this word, those that do so to the letter first."""
        found = self._known.get(written)
        if found is None:
            word = folded(written)
            near = (made for slip in sorted(self._near(word)) for made in self._spellings[slip])
            found = (*self._spellings.get(word, ()), *near)
            self._known[written] = found
        return found

    def _near(self, word: str) -> frozenset[str]:
        """First words of names that `word` is one letter away from."""
        return frozenset(slip for slip in self._slips_of(word) if slip in self._spellings)

    def _slips_of(self, word: str) -> frozenset[str]:
        if word not in self._slips:
            is_other = word in self._own_words or word in self.ranks or not _may_slip(word)
            self._slips[word] = (
                frozenset()
                if is_other
                else frozenset(
                    name
                    for short in _shorter(word)
                    for name in self._shortened.get(short, ())
                    if one_apart(name, word)
                )
            )
        return self._slips[word]

    # --- where it stands ---

    def _at(
        self, text: str, first: _Token, spelling: _Spelling, pattern: re.Pattern[str]
    ) -> Match | None:
        slips = int(first.word != spelling.words[0])
        last = first
        for at, word in enumerate(spelling.words[1:], 1):
            seen = pattern.search(text, last.end)
            token = seen and _Token(folded(seen.group()), *seen.span())
            if token is None or not _fits(text[last.end : token.start], spelling.signs[at], last):
                return None
            if token.word != word:
                slips += 1
                if slips > 1 or word not in self._slips_of(token.word):
                    return None
            last = token
        if not (
            text.endswith(spelling.signs[0], 0, first.start)
            and text.startswith(spelling.signs[-1], last.end)
        ):
            return None
        start, end = first.start - len(spelling.signs[0]), last.end + len(spelling.signs[-1])
        is_exact = not slips
        if spelling.rank is not None:
            if not text[first.start].isupper():
                return None
            if spelling.rank < COMMONEST and _begins_sentence(text, start):
                is_exact = is_exact and bool(_NAMING.match(text, end))
        return Match(start, end, spelling.person, is_exact)


# --- words ----------------------------------------------------------------------------------------

_SOFT = re.compile(r"[\s\-\u2010-\u2015_.*~'’‘ʼ`´>#|\\]+")
_WIDEST = 200  # more white space than an editor sets a line in by
_ABBREVIATED = 3  # letters at most before a stop within a name: E. Smith, St. Clair, Mrs. Smith
_HIDDEN = "\u00ad\u200b-\u200f\u2060-\u2064\ufeff"
# Scripts without spaces between words: there each letter is a word.
_UNSPACED = "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff"
_LETTER = re.compile(f"[{_UNSPACED}]")
_PLAIN = re.compile("[A-Za-z0-9]+")
_LIKE = str.maketrans(
    {**dict(zip("øłđðħı", "olddhi", strict=True)), "æ": "ae", "œ": "oe", "þ": "th"}
)
_NAMING = re.compile(r"['’]s\b|[ \t*_]*:")
_QUOTING = "\"'“”‘’«»„([{*_"


@cache
def _any_word(is_unspaced: bool) -> re.Pattern[str]:
    marks = f"[{typography.marks()}{_HIDDEN}]"
    if is_unspaced:
        return re.compile(f"[{_UNSPACED}]|(?:(?![{_UNSPACED}])(?:[^\\W_]|{marks}))+")
    return re.compile(rf"(?:[^\W_]+|{marks}+)+")


def _pattern(text: str) -> re.Pattern[str]:
    return _PLAIN if text.isascii() else _any_word(bool(_LETTER.search(text)))


@lru_cache(maxsize=1 << 16)
def folded(word: str) -> str:
    """A word in small letters, without accents and what cannot be seen.

    >>> folded("Zoë"), folded("LØVSTRØM"), folded("Straße")
    ('zoe', 'lovstrom', 'strasse')
    """
    if word.isascii():
        return word.lower()
    apart = unicodedata.normalize("NFKD", typography.visible(word).casefold())
    return "".join(char for char in apart if not unicodedata.combining(char)).translate(_LIKE)


def words_of(text: str) -> tuple[str, ...]:
    """The words of a name, folded."""
    return tuple(filter(None, map(folded, _pattern(text).findall(text))))


def _rank(spelling: str, ranks: Mapping[str, int]) -> int | None:
    """How common the word is that a name is, None where it is none; a name that the list has in
    small letters is looked for in any case.
    """
    word = folded(_SOFT.sub("", spelling))
    return ranks.get(word) if words_of(spelling) == (word,) and not spelling.islower() else None


def _looked_for(
    person: NamedPerson, spelling: str, ranks: Mapping[str, int]
) -> Iterator[_Spelling]:
    """A spelling as it is looked for, also with its words in one: Mary-Ann O’Neil, Maryann Oneil,
    Mary Ann Oneil.
    """
    found = [seen for seen in _pattern(spelling).finditer(spelling) if folded(seen.group())]
    if not found:
        return
    edges = [0, *(edge for seen in found for edge in seen.span()), len(spelling)]
    gaps = [spelling[edges[at] : edges[at + 1]] for at in range(0, len(edges), 2)]
    words = tuple(folded(seen.group()) for seen in found)
    signs = tuple(_SOFT.sub("", gap) for gap in gaps)
    yield _Spelling(person, words, signs, _rank(spelling, ranks))
    if len(words) == 1 or any(signs):
        return
    for closed in (r"['’‘ʼ`´]", r"['’‘ʼ`´\-\u2010-\u2015]", ".*"):
        joined = [words[0]]
        for word, gap in zip(words[1:], gaps[1:-1], strict=True):
            if re.fullmatch(closed, gap):
                joined[-1] += word
            else:
                joined.append(word)
        is_name = len(joined) > 1 or (joined[0] not in ranks and len(joined[0]) > _SHORTEST)
        if len(joined) < len(words) and is_name:
            yield _Spelling(person, tuple(joined), ("",) * (len(joined) + 1))


def _fits(gap: str, signs: str, before: _Token) -> bool:
    """Whether what stands between two words may stand within a name."""
    if "." in gap and len(before.word) > _ABBREVIATED:
        return False
    return len(gap) < _WIDEST and _SOFT.sub("", gap) == signs and gap.count("\n") < 2


def _begins_sentence(text: str, start: int) -> bool:
    before = text[max(0, start - 200) : start]
    bare = before.rstrip().rstrip(_QUOTING).rstrip()
    if not bare or "\n" in before[len(bare) :].replace("\r", "").replace("\n", "", 1):
        return True
    return not (bare[-1].isalnum() or bare[-1] in ",;)]’'\"”")


def _may_slip(word: str) -> bool:
    return _SHORTEST <= len(word) <= _LONGEST and word.isalpha()


def _shorter(word: str) -> set[str]:
    return {word} | {word[:at] + word[at + 1 :] for at in range(len(word))}
