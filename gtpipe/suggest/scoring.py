"""How far suggestions can be trusted: the study's own coding, replayed in order.

Interviews in study order, turns in file order. At each coded turn the learner knows what was coded
before it, and words weigh as in the interviews so far; it suggests, and what the person wrote is
held against that. A turn with several codes is one item: a hit at n where one of them is among the
first n. The same for two guesses that anybody could make: the codes given most often so far, and
the codes of the turn before (then of the one before that, and so on). Codings that were suggestions
once are learned from, and are left out of what is held against. A large study is replayed group by
group, as it is suggested for: each knows the turns around it (`neighbourhood`), up to its end. For
focused codes: each initial code that one takes up is held against all of them as if it were not
taken up.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

from gtpipe.model.names import label_order
from gtpipe.model.records import Coding, Material
from gtpipe.suggest.calibration import RECENT, Calibration
from gtpipe.suggest.code_neighbours import MOST, Learner, trains
from gtpipe.suggest.grouping import Codes
from gtpipe.suggest.neighbourhood import Neighbourhood, neighbourhoods
from gtpipe.suggest.records import TurnRef
from gtpipe.suggest.turn_similarity import TurnSimilarity

SUGGESTED, OFTEN, BEFORE = "suggested", "most frequent", "turn before"
RANKINGS = (SUGGESTED, OFTEN, BEFORE)
LARGEST = "largest first"
AGAIN = 20  # after so many turns the scores are calibrated anew
BINS = 10
TENTHS = 10


class Item(NamedTuple):
    """A coded turn: where its first code stood in each of RANKINGS (0: nowhere), and the first
    suggestions, right or not.

    Each is (strength, score, whether a person gave it). `new`: all codes of the turn were.
    """

    at: TurnRef
    new: bool
    ranks: tuple[int, ...]
    suggested: tuple[tuple[float, float, bool], ...]


class Hits(NamedTuple):
    """What became of some items under one ranking. `new` are turns whose codes were all new: misses
    for any ranking."""

    items: int
    new: int
    at_1: float
    at_3: float
    at_5: float
    reciprocal: float


class Bin(NamedTuple):
    """Suggestions with a score from `low` up to `high`, and how many of them a person gave."""

    low: float
    high: float
    suggestions: int
    given: int


class Score(NamedTuple):
    """All that `gtpipe suggest --score` shows: ranking → figures, for all turns, by interview, by
    tenth of the course of coding. `taken` is how many codings were left out as suggestions once."""

    items: tuple[Item, ...]
    pooled: dict[str, Hits]
    by_interview: dict[str, dict[str, Hits]]
    by_tenth: dict[str, dict[str, Hits]]
    bins: tuple[Bin, ...]
    focused: dict[str, Hits]
    taken: int = 0

    @property
    def above_guesses(self) -> bool:
        """Whether suggestions were above both guesses: in mean reciprocal rank, and with no fewer
        hits at 5."""
        suggested, *guesses = self.pooled.values()
        return all(
            suggested.at_5 >= guess.at_5 and suggested.reciprocal > guess.reciprocal
            for guess in guesses
        )


def score(
    material: Material,
    codings: Sequence[Coding],
    current: Mapping[str, str] = {},
    progress: Callable[[str], None] = lambda message: None,
    taken: Collection[Coding] = frozenset(),
) -> Score:
    """Replay a study's coding and bring the figures together. `current` leads from old labels to
    those they count under; `taken` were suggestions once."""
    items: list[Item] = []
    by_interview: dict[str, list[Item]] = {}
    groups = list(dict.fromkeys(neighbourhoods(material).values()))
    similarity = TurnSimilarity(material) if len(groups) < 2 else None
    for item in _replay_all(material, codings, groups, similarity, taken):
        if item.at.interview not in by_interview:
            progress(item.at.interview)
        items.append(item)
        by_interview.setdefault(item.at.interview, []).append(item)
    codes = Codes(material, codings, current, similarity)
    ranks = codes.ranks()
    return Score(
        tuple(items),
        _rankings(items),
        {name: _rankings(some) for name, some in by_interview.items()},
        {str(number): _rankings(some) for number, some in enumerate(tenths(items), 1)},
        tuple(bins(items)),
        {SUGGESTED: hits_of(ranks), LARGEST: hits_of(codes.ranks_by_size())} if ranks else {},
        sum(map(trains, taken)),
    )


# --- the replay -----------------------------------------------------------------------------------


def _replay_all(
    material: Material,
    codings: Sequence[Coding],
    groups: Iterable[Neighbourhood],
    similarity: TurnSimilarity | None,
    taken: Collection[Coding],
) -> Iterator[Item]:
    """All coded turns of a study, group by group of its interviews, in order: each group knows what
    was said and coded around it, up to its end. `similarity` is that of the whole, where it is one
    group.
    """
    by_interview: dict[str, list[Coding]] = {}
    for coding in codings:
        by_interview.setdefault(coding.interview, []).append(coding)
    past: list[tuple[float, bool]] = []
    for near in groups:
        around = near.around[: near.around.index(near.group[-1]) + 1]
        part = near._replace(around=around).part_of(material)
        turns = coded_turns(part, (one for name in around for one in by_interview.get(name, ())))
        group = frozenset(near.group)
        wanted = {number for number, of in enumerate(turns) if of[0].interview in group}
        learner = Learner(part, similarity=similarity)
        past = past[-RECENT * MOST :]
        yield from (item for _, item in replay_turns(turns, learner, taken, wanted, past))


def replay_turns(
    turns: Sequence[Sequence[Coding]],
    learner: Learner,
    taken: Collection[Coding],
    wanted: Collection[int],
    past: list[tuple[float, bool]] | None = None,
) -> Iterator[tuple[int, Item]]:
    """The coded turns in order, each suggested for before it is learned from; of those with the
    numbers `wanted` alone, with the number. A turn that carries nothing but what was `taken` from
    suggestions is learned from, and is no item.

    `learner` must not have been taught anything; afterwards it knows all. `past` are suggestions of
    turns before these, and whether each was right; what is found here comes to them.
    """
    past = [] if past is None else past
    learner.read(coding for applied in turns for coding in applied)
    given: dict[str, int] = {}
    latest: dict[str, int] = {}
    calibration = Calibration()
    items = 0
    for number, applied in enumerate(turns):
        codes = list(dict.fromkeys(coding.code for coding in applied))
        helped = {coding.code for coding in applied if coding in taken} if taken else set()
        if number in wanted and len(helped) < len(codes):
            if items % AGAIN == 0:
                calibration = Calibration(past)
            items += 1
            own = [code for code in codes if code not in helped]
            item = _item(learner, calibration, applied[0], own, given, latest, helped)
            past += [(strength, right) for strength, _, right in item.suggested]
            yield number, item
        learner.learn(applied)
        for place, code in enumerate(codes):
            given[code] = given.get(code, 0) + 1
            latest[code] = (
                number * 10_000 - place
            )  # the later a turn, and the earlier in it, the higher


def coded_turns(material: Material, codings: Iterable[Coding]) -> list[list[Coding]]:
    """The codings to learn from, turn by turn in study order, each turn's as its
    sheets have them."""
    found: dict[tuple[int, int], list[Coding]] = {}
    for coding in codings:
        if trains(coding):
            place = (
                material.order[coding.interview],
                material.interviews[coding.interview].position[coding.turn],
            )
            found.setdefault(place, []).append(coding)
    return [found[place] for place in sorted(found)]


def _item(
    learner: Learner,
    calibration: Calibration,
    coding: Coding,
    codes: list[str],
    given: dict[str, int],
    latest: dict[str, int],
    helped: Collection[str] = (),
) -> Item:
    at = TurnRef(coding.interview, coding.turn)
    ranked = learner.rank(at, coding.interview)
    wanted = {learner.numbers[code] for code in codes}
    place = next(
        (place for place, code in enumerate(ranked.codes.tolist(), 1) if code in wanted), 0
    )
    suggested = tuple(
        (strength, calibration.score(strength), code in wanted)
        for code, strength in ranked.first(MOST)
        if learner.labels[code] not in helped
    )
    return Item(at, place == 0, (place, _place(given, codes), _place(latest, codes)), suggested)


def _place(figures: dict[str, int], codes: list[str]) -> int:
    """The place of the first of `codes` when all that are known are put in order, the highest
    figure first; 0 where none is known."""
    known = [(-figures[code], label_order(code)) for code in codes if code in figures]
    if not known:
        return 0
    figure, label = min(known)
    higher = sum([other > -figure for other in figures.values()])
    equal = [code for code, other in figures.items() if other == -figure]
    return 1 + higher + sum(label_order(code) < label for code in equal)


# --- figures --------------------------------------------------------------------------------------


def hits(items: Sequence[Item], ranking: str) -> Hits:
    """The figures of a ranking over some turns."""
    return hits_of(
        [item.ranks[RANKINGS.index(ranking)] for item in items], sum(item.new for item in items)
    )


def hits_of(ranks: Sequence[int], new: int = 0) -> Hits:
    """The figures of some ranks, 0 being a miss, to three places."""
    number = max(len(ranks), 1)
    at_1, at_3, at_5 = (
        round(sum(0 < rank <= most for rank in ranks) / number, 3) for most in (1, 3, 5)
    )
    reciprocal = round(sum(1 / rank for rank in ranks if rank) / number, 3)
    return Hits(len(ranks), new, at_1, at_3, at_5, reciprocal)


def _rankings(items: Sequence[Item]) -> dict[str, Hits]:
    return {ranking: hits(items, ranking) for ranking in RANKINGS}


def bins(items: Iterable[Item]) -> list[Bin]:
    """How often suggestions with about the same score were right: what the score promised, and what
    came of it."""
    counted = [[0, 0] for _ in range(BINS)]
    for item in items:
        for _, promised, right in item.suggested:
            bin = counted[min(round(promised * 100) * BINS // 100, BINS - 1)]
            bin[0] += 1
            bin[1] += right
    return [
        Bin(number / BINS, (number + 1) / BINS, *bin)
        for number, bin in enumerate(counted)
        if bin[0]
    ]


def tenths(items: Sequence[Item]) -> list[Sequence[Item]]:
    """The course of coding in ten parts of about equal size; fewer where there are fewer turns."""
    parts = [
        items[len(items) * part // TENTHS : len(items) * (part + 1) // TENTHS]
        for part in range(TENTHS)
    ]
    return [part for part in parts if part]
