"""Likely names in interviews that no list holds, for a person to judge: what a model takes for a
person or place, what follows a form of address, and words with a capital.

It finds more than names, and not all of them; without a model it goes by capitals and address.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import NamedTuple

from gtpipe.model.real_names import NameList, folded, words_of
from gtpipe.model.records import Interview
from gtpipe.suggest.models import Model, language_code
from gtpipe.suggest.word_frequency import DAYS
from gtpipe.text import everyday

ADDRESSED, CAPITAL = "addressed", "capital"
KINDS = {"PERSON": "person", "PER": "person", "GPE": "place", "LOC": "place", "FAC": "place"} | {
    "ORG": "organisation"
}
NOUNS_ARE_CAPITAL = ("de",)

_WORD = r"[^\W\d_][\w'’-]*"
_NAME = re.compile(rf"(?<![\w'’-])(?=[^\W\d_a-z]){_WORD}")
_CAPITAL = re.compile(rf"(?<![\w'’-])(?=[^\W\d_a-z])({_WORD}(?:[ ]+(?=[^\W\d_a-z]){_WORD})*)")
_TITLES = (
    "mr mrs ms miss dr doctor prof professor nurse sister auntie aunty aunt uncle sir lady lord "
    "father reverend rev councillor judge officer sergeant constable matron"
).split()
_ADDRESS = re.compile(
    rf"(?<!\w)(?i:(?:{'|'.join(_TITLES)})\.?|called|named|name is|name['’]s|name was)[ ]+"
    rf"(?=[^\W\d_a-z])({_WORD}(?:[ ]+(?=[^\W\d_a-z]){_WORD})?)"
)
_POSSESSIVE = re.compile(r"['’]s?$")
# What stands before a word within a sentence.
_WITHIN = re.compile(r"[^\W_][’']?[,;]?[ ]+$|\w[-–—/]$")
_NO_NAMES = DAYS | frozenset(
    "I God Mum Dad Mam Internet Zoom OK Okay "
    "Oh Ah Aye Er Um Ha Hey Hmm Mhm Nope Wow Yep Yup".split()
)
_GRAMMAR = 100  # of the commonest words none is a name
_ABBREVIATED = 5  # letters at most of NHS, ICE and the like


class LikelyName(NamedTuple):
    """What may be a name: how it is written, how often, why, and at which turns, `jim 2`."""

    name: str
    times: int
    why: tuple[str, ...]
    places: tuple[str, ...]


class _Found(NamedTuple):
    start: int
    end: int
    why: str


def likely_names(
    interviews: Iterable[Interview],
    names: NameList,
    known: Collection[str],
    language: str,
    model: Model | None,
) -> tuple[LikelyName, ...]:
    """Likely names, the most frequent first; none of `names`, nor what stands for them, nor of
    those `known`.
    """
    turns = [(f"{one.name} {turn.id}", turn.text) for one in interviews for turn in one.turns]
    texts = [text for _, text in turns]
    small = _small_words(texts)
    passed = {words_of(one) for one in (*known, *(person.stands_for for person in names.people))}
    spelled: dict[tuple[str, ...], Counter[str]] = defaultdict(Counter)
    why: dict[tuple[str, ...], dict[str, None]] = defaultdict(dict)
    where: dict[tuple[str, ...], dict[str, None]] = defaultdict(dict)
    with_capitals = language_code(language) not in NOUNS_ARE_CAPITAL
    for (place, text), entities in zip(turns, _entities(texts, small, model), strict=True):
        found = [*_addressed(text), *entities]
        found += _capitals(text, small) if with_capitals else ()
        held = [match[:2] for match in names.matches(text)]
        for span, reasons in _by_span(found).items():
            words = words_of(text[slice(*span)])
            if words in passed or any(a < span[1] and span[0] < b for a, b in held):
                continue
            spelled[words][text[slice(*span)]] += 1
            why[words] |= dict.fromkeys(reasons)
            where[words][place] = None
    likely = (
        LikelyName(
            count.most_common(1)[0][0], count.total(), tuple(why[words]), tuple(where[words])
        )
        for words, count in spelled.items()
    )
    return tuple(sorted(likely, key=lambda one: (-one.times, one.name.casefold())))


def _small_words(texts: Iterable[str]) -> frozenset[str]:
    """The words that are somewhere written in small letters."""
    return frozenset(
        word for text in texts for word in re.findall(r"[^\W\d_]+", text) if word.islower()
    )


def _by_span(found: Iterable[_Found]) -> Mapping[tuple[int, int], list[str]]:
    """Of what overlaps, the longest; with each reason."""
    spans: dict[tuple[int, int], list[str]] = {}
    for one in sorted(found, key=lambda one: (one.start - one.end, one.start)):
        over = next((span for span in spans if span[0] < one.end and one.start < span[1]), None)
        reasons = spans.setdefault(over or (one.start, one.end), [])
        reasons += [one.why] if one.why not in reasons else []
    return dict(sorted(spans.items()))


def _bare(text: str, start: int, end: int, why: str) -> Iterator[_Found]:
    """Without the ending of a possessive."""
    ending = _POSSESSIVE.search(text[start:end])
    end = start + ending.start() if ending else end
    if any(map(str.isalpha, text[start:end])):
        yield _Found(start, end, why)


def _addressed(text: str) -> Iterator[_Found]:
    for match in _ADDRESS.finditer(text):
        yield from _bare(text, *match.span(1), ADDRESSED)


def _capitals(text: str, small: frozenset[str]) -> Iterator[_Found]:
    """Runs of words with a capital. The first word of a sentence counts where no other word is
    written like it in small letters, and it is no common one.
    """
    for match in _CAPITAL.finditer(text):
        words = [
            (match.start(1) + word.start(), match.start(1) + word.end())
            for word in re.finditer(_WORD, match[1])
        ]
        while words and not _may_be_name(text, *words[0], small):
            del words[0]
        while words and not _may_be_name(text, *words[-1], small):
            del words[-1]
        if words:
            yield from _bare(text, words[0][0], words[-1][1], CAPITAL)


def _may_be_name(text: str, start: int, end: int, small: frozenset[str]) -> bool:
    word = _POSSESSIVE.sub("", text[start:end])
    stem = re.split("['’]", word)[0]
    is_word = stem in _NO_NAMES or stem.casefold() in _TITLES or len(stem) < 2
    if is_word or (word.isupper() and len(word) <= _ABBREVIATED):
        return False
    if _WITHIN.search(text, max(0, start - 20), start):
        return everyday.ranks().get(folded(stem), _GRAMMAR) >= _GRAMMAR
    return folded(stem) not in small and folded(stem) not in everyday.ranks()


def _entities(
    texts: list[str], small: frozenset[str], model: Model | None
) -> Iterator[list[_Found]]:
    """What a model takes for a person, place or organisation, text by text."""
    recogniser = model.recogniser if model else None
    if recogniser is None:
        yield from ([] for _ in texts)
        return
    for text, doc in zip(texts, recogniser.pipe(texts), strict=True):
        found: list[_Found] = []
        for entity in doc.ents:
            said = entity.text
            start = entity.start_char + (4 if said[:4].casefold() == "the " else 0)
            is_name = any(
                _may_be_name(text, *word.span(), small)
                for word in _NAME.finditer(text, start, entity.end_char)
            )
            if entity.label_ in KINDS and is_name and not re.search(r"\n|[.?!]\s", said):
                found += _bare(text, start, entity.end_char, KINDS[entity.label_])
        yield found
