"""Where a stretch of a turn may begin and end: at a sentence, a quotation, a clause, or a noun with
what belongs to it.

Each is given as the indexes of its first and last word and what it is: "alone" (a sentence of its
own), "quoted", "likeness", "clause" or "noun".
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from gtpipe.suggest.parsing import Parse

# Words before a sentence that are no part of what it says.
OPENINGS = frozenset(
    "so and but then oh well okay ok maybe yeah yes no like now because cos or also obviously "
    "basically honestly actually plus today always still probably definitely".split()
)
# Parts of speech as letters, so that a noun phrase is a pattern: "aanpdn".
SHAPE = {"NOUN": "n", "ADJ": "a", "ADP": "p", "DET": "d"}
ENDS = (".", "!", "?", "…", "...", ":", ";", "–", "—", "--")
QUOTES = frozenset('"“”„«»')
# Dependency labels (ClearNLP). What belongs to a noun and stands before it, its article apart.
BEFORE_NOUN = frozenset(
    "amod compound nummod poss nmod case punct advmod npadvmod quantmod".split()
)
# What is only joined to a clause, and no part of it.
APART = frozenset(
    "cc conj punct parataxis intj mark advcl ccomp relcl acl appos dep preconj".split()
)
# What makes a verb a clause.
SUBJECTS = frozenset(("nsubj", "nsubjpass", "expl"))


def in_quotes(words: Parse) -> list[bool]:
    """For each word whether it stands between quotation marks."""
    inside, found = False, []
    for word in words:
        inside = inside != (word.text in QUOTES)
        found.append(inside and word.text not in QUOTES)
    return found if not inside else [False] * len(words)


def stretch_bounds(words: Parse, quoted: list[bool]) -> Iterator[tuple[int, int, str]]:
    """Where a stretch may begin and end (both are words of it), and what it is: alone, quoted,
    likeness, clause, noun."""
    yield from _sentences(words)
    yield from _between_quotes(words, quoted)
    under: list[list[int]] = [[] for _ in words]
    for index, word in enumerate(words):
        if word.head != index:
            under[word.head].append(index)
    for index, word in enumerate(words):
        if word.text.casefold() == "like" and word.pos in ("ADP", "SCONJ"):
            for child in under[index]:
                counted = [
                    words[one] for one in under[child]
                ]  # "like two kids", but "like 30 modules" is a guess
                single = any(
                    one.text.casefold() in ("a", "an", "the")
                    or (one.pos == "NUM" and one.text.isalpha())
                    for one in counted
                )
                if words[child].dep == "pobj" and child > index and single:
                    yield index, _noun(words, under, child)[1], "likeness"
        if word.pos == "NOUN":
            yield *_noun(words, under, index), "noun"
            yield *_noun(words, under, index, bare=True), "noun"
        if word.pos in ("VERB", "AUX") and any(
            words[child].dep in SUBJECTS for child in under[index]
        ):
            span = _tree(words, under, index)
            if span:
                yield *span, "clause"


def bounds_by_part_of_speech(words: Parse, quoted: list[bool]) -> Iterator[tuple[int, int, str]]:
    """The same by parts of speech alone: quotations, and nouns with their adjectives, two of them
    joined by a preposition."""
    yield from _between_quotes(words, quoted)
    shape = "".join(SHAPE.get(word.pos, ".") for word in words)
    for match in re.finditer(r"(?=((?<![an])[an]+(?:pd?[an]+)?)(?![an]))", shape):
        yield match.start(1), match.end(1) - 1, "noun"


def _sentences(words: Parse) -> Iterator[tuple[int, int, str]]:
    first = 0
    for index, word in enumerate(words):
        if word.text in ENDS or word.text in QUOTES:
            spoken_on = (
                first > 0 and words[first - 1].text in QUOTES and words[first].text[:1].islower()
            )
            while first < index and (
                words[first].text.casefold() in OPENINGS or words[first].pos == "PUNCT"
            ):
                first += 1
            if first <= index - 1 and word.text in (".", "!") and not spoken_on:
                yield first, index - 1, "alone"
            first = index + 1


def _between_quotes(words: Parse, quoted: list[bool]) -> Iterator[tuple[int, int, str]]:
    first = None
    for index, inside in enumerate([*quoted, False]):
        if inside and first is None:
            first = index
        elif not inside and first is not None:
            last = index - 1
            while last > first and words[last].pos == "PUNCT":
                last -= 1
            yield first, last, "quoted"
            first = None


def _noun(words: Parse, under: list[list[int]], head: int, bare: bool = False) -> tuple[int, int]:
    """A noun with what stands before it, but for its article, and with what hangs on it by "of" or
    the like unless `bare`."""
    first = head
    while (
        first
        and words[first - 1].dep in BEFORE_NOUN
        and (_above(words, first - 1, head))
        and words[first - 1].text not in (",", '"', "–", "—", ";", ":")
    ):
        first -= 1
    while first < head and (words[first].pos == "PUNCT" or words[first].dep in ("case", "advmod")):
        first += 1
    last = head
    if not bare:
        for child in sorted(under[head]):
            if child > last and words[child].dep == "prep" and child == last + 1:
                for inner in under[child]:
                    if words[inner].dep == "pobj" and words[inner].pos == "NOUN":
                        last = _noun(words, under, inner, bare=True)[1]
                        break
    return first, last


def _above(words: Parse, index: int, head: int) -> bool:
    for _ in range(4):
        if words[index].head == head:
            return True
        index = words[index].head
    return False


def _tree(words: Parse, under: list[list[int]], head: int) -> tuple[int, int] | None:
    """A clause without what is only joined to it, None where that leaves no unbroken
    run of words."""
    found, waiting = [head], [child for child in under[head] if words[child].dep not in APART]
    while waiting:
        index = waiting.pop()
        found.append(index)
        waiting += [
            child
            for child in under[index]
            if words[child].dep != "punct" or words[child].text == "-"
        ]
    first, last = min(found), max(found)
    return (first, last) if len(found) == last - first + 1 else None
