"""Which codes stand together, in three senses. Whoever coded them: two coders' codes stand together
as one coder's do.

- On the same turn: the number of turns where both stand, each turn once. - Overlapping words: the
number of pairs of incidents, one of each code, whose stretches share words. A code given to a whole
turn shares the words of every other code there. - Within N turns: the number of pairs of incidents,
one of each code, in one interview and at most N turns apart. Every turn of the interview is counted
on the way, an interviewer's too; the same turn is 0 turns apart and belongs to them.

Of a pair of incidents the first is the one in the earlier turn; in one turn the stretch that begins
earlier. Where one of them is the whole turn, or both begin at one place, neither is first.
"""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Iterable, Iterator, Sequence
from functools import cached_property
from itertools import chain, combinations
from operator import itemgetter
from typing import NamedTuple

from gtpipe.analysis.holdings import Holdings
from gtpipe.model import records
from gtpipe.model.level import CodeRef
from gtpipe.model.names import name_order
from gtpipe.model.plural import count
from gtpipe.model.records import IncidentKey, Interview, Material, ends, first_and_last

Span = tuple[int, int] | None


class Sense(NamedTuple):
    """How codes stand together: on the same turn where it is neither of the two."""

    overlap: bool = False
    window: int | None = None

    @property
    def told(self) -> str:
        """What is counted."""
        return self.of(2).removeprefix("2 ")

    def of(self, number: int) -> str:
        """A count with what it is of: `3 turns where both stand`."""
        pairs = f"{count(number, 'pair')} of incidents"
        if self.overlap:
            return f"{pairs} with overlapping words"
        if self.window is None:
            return f"{count(number, 'turn')} where both stand"
        return f"{pairs} at most {count(self.window, 'turn')} apart"


class Pair(NamedTuple):
    """Two things, how often they stand together, and who speaks there.

    Which is first is told only of a window.
    """

    a: CodeRef
    b: CodeRef
    together: int
    participants: tuple[str, ...]
    a_first: int = 0
    b_first: int = 0

    @property
    def at_once(self) -> int:
        """Pairs of incidents of which neither is first."""
        return self.together - self.a_first - self.b_first


class Meeting(NamedTuple):
    """An incident of each of two things, together in some sense; `both` are the words under both,
    None where there are none.
    """

    a: IncidentKey
    b: IncidentKey
    both: str | None
    first: int  # -1 where that of a comes first, 1 where that of b does, else 0


class _Tally:
    """What is counted for things by their number in a list of `size`; the pair (i, j) has the key i
    × size + j.

    Keys are gathered for an interview and counted at once, which is several times faster than one
    by one.
    """

    def __init__(self, size: int) -> None:
        self.size = size
        self.first: Counter[int] = Counter()  # i stands before j
        self.beside: Counter[int] = Counter()  # neither is first; i < j
        self._people: dict[int, list[str]] = {}

    def add(self, first: list[int], beside: list[int], *people: str) -> None:
        """Count pairs that these people speak in."""
        self.beside.update(beside)
        size = self.size
        keys = set(beside)
        if first:
            self.first.update(first)
            keys.update(
                key if key // size < key % size else key % size * size + key // size
                for key in set(first)
            )
        known = self._people
        for name in people:
            for key in keys:
                if key not in known:
                    known[key] = [name]
                elif known[key][-1] != name:
                    known[key].append(name)

    @cached_property
    def together(self) -> dict[int, int]:
        """Of each two things, by the key of the first of them in the list, how often they stand
        together.
        """
        size, first, beside = self.size, self.first, self.beside
        if not first:
            return beside
        return {
            key: beside.get(key, 0)
            + first.get(key, 0)
            + first.get(key % size * size + key // size, 0)
            for key in self._people
            if key // size != key % size
        }

    def pairs(
        self, things: Sequence[CodeRef], *, least: int = 1, of_first: bool = False
    ) -> list[Pair]:
        """Those that stand together so often at least, the most frequent first; with `of_first`,
        those of the first thing alone.
        """
        together = self.together
        end = self.size if of_first else self.size**2
        keys = sorted([key for key, number in together.items() if number >= least and key < end])
        keys.sort(key=together.__getitem__, reverse=True)
        names = {name for key in keys for name in self._people[key]} - {""}
        rank = {name: number for number, name in enumerate(sorted(names, key=name_order))}
        found = []
        for key in keys:
            people = self._people[key]
            i, j = divmod(key, self.size)
            by_name = (
                tuple(sorted(rank.keys() & people, key=rank.__getitem__))
                if len(people) > 1
                else tuple(filter(None, people))
            )
            a_first, b_first = self.first.get(key, 0), self.first.get(j * self.size + i, 0)
            found.append(Pair(things[i], things[j], together[key], by_name, a_first, b_first))
        return found


def pairs(
    things: Sequence[CodeRef], holdings: Holdings, material: Material, sense: Sense
) -> list[Pair]:
    """Every two of `things` that stand together, the most frequent first, then in the order of
    `things`.
    """
    return _counted(things, holdings, material, sense).pairs(things)


def recurring(
    things: Sequence[CodeRef], holdings: Holdings, material: Material, sense: Sense
) -> tuple[list[Pair], int]:
    """The same, of those that stand together more than once; and how many do so once."""
    tally = _counted(things, holdings, material, sense)
    found = tally.pairs(things, least=2)
    return found, len(tally.together) - len(found)


def companions(
    things: Sequence[CodeRef], holdings: Holdings, material: Material, sense: Sense
) -> list[Pair]:
    """The same, of the first of `things` with the others."""
    return _counted(things, holdings, material, sense, of_first=True).pairs(things, of_first=True)


def _counted(
    things: Sequence[CodeRef],
    holdings: Holdings,
    material: Material,
    sense: Sense,
    of_first: bool = False,
) -> _Tally:
    """All pairs of `things`; with `of_first`, those of the first at least."""
    tally = _Tally(len(things))
    gather = (
        _within if sense.window is not None else _overlapping if sense.overlap else _on_one_turn
    )
    at, over_turns = _by_interview(holdings.extracts(things), material)
    for name, turns in at.items():
        if of_first and sense.window is None:
            turns = {at: standing for at, standing in turns.items() if not standing[0][0]}
        gather(material.interviews[name], turns, sense, tally)
    if over_turns:
        held = {one for one in holdings.extracts(things) if one[1].interview in over_turns}
        _over_turns(held, holdings, material, sense, tally)
    return tally


Standing = list[tuple[int, Span]]  # at one turn: which thing, which stretch


def _by_interview(
    held: Iterable[tuple[int, IncidentKey]], material: Material
) -> tuple[dict[str, dict[int, Standing]], set[str]]:
    """Interview → position of the turn → what stands there, interviews in study order, turns in
    theirs, things in order; and the interviews in which an incident runs over turns.
    """
    found: dict[str, dict[int, Standing]] = {name: {} for name in material.interviews}
    positions = {name: interview.position for name, interview in material.interviews.items()}
    over_turns = set()
    for number, (interview, turn, span) in held:
        position = positions[interview].get(turn)
        if position is None:
            over_turns.add(interview)
            continue
        here = found[interview]
        if position in here:
            here[position].append((number, span))
        else:
            here[position] = [(number, span)]
    return {
        name: {at: _in_order(here) for at, here in sorted(turns.items())}
        for name, turns in found.items()
        if turns
    }, over_turns


def _in_order(here: Standing) -> Standing:
    """Each thing that stands at a turn once, in order."""
    return sorted({*here}, key=itemgetter(0)) if len(here) > 1 else here


def _on_one_turn(interview: Interview, turns: dict[int, Standing], _: Sense, tally: _Tally) -> None:
    size = tally.size
    beside: dict[str, list[int]] = {}
    ids = tuple(interview.position)
    for position, standing in turns.items():
        if len(standing) > 1:
            participant = interview.participant_of(ids[position])
            numbers = dict.fromkeys([number for number, _ in standing])
            beside.setdefault(participant, []).extend(
                [i * size + j for i, j in combinations(numbers, 2)]
            )
    for participant, keys in beside.items():
        tally.add([], keys, participant)


def _overlapping(interview: Interview, turns: dict[int, Standing], _: Sense, tally: _Tally) -> None:
    size = tally.size
    beside: dict[str, list[int]] = {}
    ids = tuple(interview.position)
    for position, standing in turns.items():
        if len(standing) > 1:
            participant = interview.participant_of(ids[position])
            beside.setdefault(participant, []).extend(
                [
                    i * size + j
                    for (i, one), (j, other) in combinations(standing, 2)
                    if i != j and shared(one, other) != _APART
                ]
            )
    for participant, keys in beside.items():
        tally.add([], keys, participant)


def _within(interview: Interview, turns: dict[int, Standing], sense: Sense, tally: _Tally) -> None:
    """Goes through the turns with what stands in the last N beside it; by speaker, because pairs
    know who speaks in them.
    """
    size = tally.size
    before: dict[str, deque[tuple[int, int]]] = {}  # speaker → position, and number × size
    first: dict[tuple[str, str], list[int]] = {}
    beside: dict[str, list[int]] = {}
    ids = tuple(interview.position)
    for position, standing in turns.items():
        participant = interview.participant_of(ids[position])
        for speaker, recent in before.items():
            while recent and recent[0][0] < position - (sense.window or 0):
                recent.popleft()
            keys = first.setdefault((speaker, participant), [])
            for number, _ in standing:
                keys += [row + number for _, row in recent]
        for (i, one), (j, other) in combinations(standing, 2):
            if i == j:
                continue
            which = _first(one, other)
            if not which:
                beside.setdefault(participant, []).append(i * size + j)
            else:
                first.setdefault((participant, participant), []).append(
                    i * size + j if which < 0 else j * size + i
                )
        before.setdefault(participant, deque()).extend(
            (position, number * size) for number, _ in standing
        )
    for speakers, keys in first.items():
        tally.add(keys, [], *dict.fromkeys(speakers))
    for participant, keys in beside.items():
        tally.add([], keys, participant)


_APART = (0, 0)


def shared(one: Span, other: Span) -> Span:
    """The place of the words that two stretches of a turn share: None for the whole turn, (0, 0)
    where they share none.
    """
    if one is None or other is None:
        return other if one is None else one
    start, end = max(one[0], other[0]), min(one[1], other[1])
    return (start, end) if start < end else _APART


def _first(one: Span, other: Span) -> int:
    if one is None or other is None or one[0] == other[0]:
        return 0
    return -1 if one[0] < other[0] else 1


# --- two things, place by place -------------------------------------------------------------------


def meetings(
    a: CodeRef, b: CodeRef, holdings: Holdings, material: Material, sense: Sense
) -> list[Meeting]:
    """The pairs of incidents of two things that stand together, in study order of the first, then
    of the second.
    """
    return meetings_at(
        holdings.of(a), by_position(b, holdings, material), holdings, material, sense
    )


AtPositions = dict[tuple[str, int], list[IncidentKey]]
"""Interview and position of a turn → the incidents that stand there."""


def by_position(thing: CodeRef, holdings: Holdings, material: Material) -> AtPositions:
    """The incidents of a thing by every turn that they stand at."""
    found: AtPositions = {}
    for place in holdings.of(thing):
        start, end = _ends(place, material)
        for position in range(start, end + 1):
            found.setdefault((place.interview, position), []).append(place)
    return found


def meetings_at(
    places: Iterable[IncidentKey],
    others: AtPositions,
    holdings: Holdings,
    material: Material,
    sense: Sense,
) -> list[Meeting]:
    """The same, of incidents of one thing and those of another by position."""
    apart = sense.window or 0
    found = []
    for one in places:
        start, end = _ends(one, material)
        last = len(material.interviews[one.interview].position) - 1
        near = range(max(0, start - apart), min(last, end + apart) + 1)
        there = [here for p in near if (here := others.get((one.interview, p)))]
        for other in dict.fromkeys(chain.from_iterable(there)):
            both = _shared_words(one, other, holdings, material)
            if both is None and sense.overlap:
                continue
            found.append(Meeting(one, other, both, _which_first(one, other, material)))
    return found


def _ends(place: IncidentKey, material: Material) -> tuple[int, int]:
    """The positions of the first and the last turn of an incident."""
    position = material.interviews[place.interview].position
    return position[place.turn], position[ends(place.turn)[-1]]


def _which_first(one: IncidentKey, other: IncidentKey, material: Material) -> int:
    """As in `Meeting`; neither where they stand at a turn together, and its words do not say."""
    if one.turn == other.turn:
        return _first(one.span, other.span)
    (start, end), (begin, stop) = _ends(one, material), _ends(other, material)
    return -1 if end < begin else 1 if stop < start else 0


def _shared_words(
    one: IncidentKey, other: IncidentKey, holdings: Holdings, material: Material
) -> str | None:
    """The words that two incidents share; None where they share none."""
    interview = material.interviews[one.interview]
    ours, theirs = interview.spans_of(one.turn, one.span), interview.spans_of(*other[1:])
    parts = [
        holdings.words(IncidentKey(one.interview, turn, both))
        for turn, span in ours.items()
        if turn in theirs and (both := shared(span, theirs[turn])) != _APART
    ]
    return "\n".join(parts) if parts else None


def _turn_of(one: IncidentKey, other: IncidentKey) -> tuple[str, str]:
    """The turn at which two incidents stand together: the one of them that stands at a turn."""
    return one.interview, other.turn if first_and_last(one.turn) else one.turn


_Numbered = tuple[int, IncidentKey]  # an incident, and which thing it is of


def _pairs_over_turns(
    by_interview: Iterable[Sequence[_Numbered]],
) -> Iterator[tuple[_Numbered, _Numbered]]:
    """The pairs of incidents of two things of which one at least runs over turns."""
    for held in by_interview:
        over = [index for index, (_, place) in enumerate(held) if first_and_last(place.turn)]
        for index in over:
            for other in range(len(held)):
                if held[other][0] != held[index][0] and not (other in over and other < index):
                    first, second = sorted((index, other))
                    yield held[first], held[second]


def _over_turns(
    numbered: Iterable[_Numbered],
    holdings: Holdings,
    material: Material,
    sense: Sense,
    tally: _Tally,
) -> None:
    """Counts the pairs of which one at least runs over turns, each once."""
    held: dict[str, list[_Numbered]] = {}
    for number, place in sorted(numbered, key=itemgetter(0)):
        held.setdefault(place.interview, []).append((number, place))
    standing = {(number, place[:2]) for places in held.values() for number, place in places}
    by_turn = not sense.overlap and sense.window is None
    size, seen = tally.size, set()
    for (i, one), (j, other) in _pairs_over_turns(held.values()):
        (start, end), (begin, stop) = _ends(one, material), _ends(other, material)
        if max(start, begin) - min(end, stop) > (sense.window or 0):
            continue
        if sense.overlap and _shared_words(one, other, holdings, material) is None:
            continue
        if by_turn:
            at = _turn_of(one, other)
            counted_there = {(i, at), (j, at)} <= standing and one.turn != other.turn
            if counted_there or (i, j, at) in seen:
                continue
            seen.add((i, j, at))
        which = _which_first(one, other, material) if sense.window is not None else 0
        who = dict.fromkeys(
            name
            for place in (one, other)
            for name in records.people(holdings.participant(place)) or ("",)
        )
        if which:
            tally.add([i * size + j if which < 0 else j * size + i], [], *who)
        else:
            tally.add([], [i * size + j], *who)


def counted(found: Iterable[Meeting], sense: Sense) -> int:
    """How often two things stand together, of their meetings: turns, or pairs of incidents."""
    if sense.overlap or sense.window is not None:
        return len(list(found))
    return len({_turn_of(meeting.a, meeting.b) for meeting in found})


def square(things: Sequence[CodeRef], found: Iterable[Pair]) -> list[list[int | str]]:
    """Row by row, how often each thing stands with each other; nothing on the diagonal."""
    index = {thing: number for number, thing in enumerate(things)}
    rows: list[list[int | str]] = [
        ["" if i == j else 0 for j in range(len(things))] for i in range(len(things))
    ]
    for pair in found:
        i, j = index[pair.a], index[pair.b]
        rows[i][j] = rows[j][i] = pair.together
    return rows
