"""What was said that is nearest to words which stand nowhere: turns that share its rare words, then
word by word in order."""

from __future__ import annotations

import math
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Sequence
from difflib import Match, SequenceMatcher
from heapq import nlargest
from typing import NamedTuple

from gtpipe.quotes.word_index import WordIndex

_MOST_LOOKED_UP = 10_000  # places of single words that the nearest turn is sought among
_LONG_TURN = 400  # words; in a longer turn only the nearest part is laid beside the quotation
_CANDIDATES = 4
_OWN = 0.1  # by so much must another's words be nearer than those of whom the text names


class NearestPart(NamedTuple):
    """The part of a turn that is nearest to a quotation; `shared` 0 to 1."""

    turn: int
    start: int
    end: int
    shared: float


def weight(word_index: WordIndex, key: str) -> float:
    """How telling a word is: the rarer, the more (inverse document frequency,
    Spärck Jones 1972)."""
    return math.log(1 + len(word_index.words) / (len(word_index.places.get(key, ())) or 0.5))


def nearest(word_index: WordIndex, words: Sequence[str], speaker: str = "") -> NearestPart | None:
    """The part of a turn that shares most with `words`, in their order; None where nothing is
    shared. NearestPart alike, it is what `speaker` said."""
    weights = {key: weight(word_index, key) for key in words}
    votes: dict[int, float] = defaultdict(float)
    looked_up = 0
    for key in sorted(weights, key=lambda key: (-weights[key], key)):
        places = word_index.places.get(key, ())
        if looked_up and looked_up + len(places) > _MOST_LOOKED_UP:
            break
        looked_up += len(places)
        for turn in set(map(word_index.turn_of.__getitem__, places[:_MOST_LOOKED_UP])):
            votes[turn] += weights[key]
    enough = min(nlargest(_CANDIDATES, votes.values()), default=0.0)
    best = sorted(
        (turn for turn, vote in votes.items() if vote >= enough),
        key=lambda turn: (-votes[turn], word_index.speaker(turn) != speaker, turn),
    )[:_CANDIDATES]
    found = [near for turn in best if (near := _beside(word_index, words, weights, turn))]
    return max(
        found,
        key=lambda near: round(near.shared + _OWN * (word_index.speaker(near.turn) == speaker), 6),
        default=None,
    )


def _beside(
    word_index: WordIndex, words: Sequence[str], weights: dict[str, float], turn: int
) -> NearestPart | None:
    start = word_index.starts[turn]
    end = (
        word_index.starts[turn + 1] if turn + 1 < len(word_index.starts) else len(word_index.words)
    )
    if end - start > _LONG_TURN:
        start, end = _narrowed(word_index, words, weights, start, end)
    blocks = SequenceMatcher(
        None, list(words), word_index.words[start:end], autojunk=False
    ).get_matching_blocks()[:-1]
    blocks = _together(blocks)
    if not blocks:
        return None
    matched = [words[index] for block in blocks for index in range(block.a, block.a + block.size)]
    whole = sum(weights[key] for key in words)
    shared = (len(matched) / len(words) + sum(weights[key] for key in matched) / whole) / 2
    first, last = blocks[0], blocks[-1]
    begin = max(start, start + first.b - first.a)
    stop = min(end, start + last.b + last.size + len(words) - last.a - last.size)
    return NearestPart(turn, begin, stop, shared)


def _narrowed(
    word_index: WordIndex, words: Sequence[str], weights: dict[str, float], start: int, end: int
) -> tuple[int, int]:
    """The stretch of a long turn with most of the telling words."""
    hits = sorted(
        (place, weights[key])
        for key in weights
        for places in (word_index.places.get(key, ()),)
        for place in places[bisect_left(places, start) : bisect_left(places, end)]
    )
    width, best, at, total, tail = 2 * len(words), -1.0, start, 0.0, 0
    for place, weight in hits:
        total += weight
        while hits[tail][0] < place - width:
            total -= hits[tail][1]
            tail += 1
        if total > best:
            best, at = total, hits[tail][0]
    return max(start, at - _LONG_TURN // 2), min(end, at + width + _LONG_TURN // 2)


def _together(blocks: list[Match]) -> list[Match]:
    """Of the blocks that a quotation and a turn share, the longest and those around it; single
    words far from it are chance."""
    if not blocks:
        return []
    longest = max(range(len(blocks)), key=lambda index: blocks[index].size)
    kept = [blocks[longest]]
    for block in blocks[longest + 1 :]:
        last = kept[-1]
        if block.size >= 3 or block.b - last.b - last.size <= 6 + block.a - last.a - last.size:
            kept.append(block)
    for block in reversed(blocks[:longest]):
        first = kept[0]
        if block.size >= 3 or first.b - block.b - block.size <= 6 + first.a - block.a - block.size:
            kept.insert(0, block)
    return kept
