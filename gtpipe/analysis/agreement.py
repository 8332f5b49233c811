"""How far several coders agree, as a figure: only for a study that asks for one, with its reason.

`figures` takes interviews by their coders (`analysis.coders`) and gives a `Figure` for each code,
or for all of them at once. A turn is compared where one of them coded it; a coder who left it
empty is taken to have found no code in it, and one who has not coded the interview is left out of
it. Where every coder gave a code to every such turn, chance agrees as well as they do, and there is
no figure (`value` is None).

- `alpha`: Krippendorff (2004), Content Analysis, chapter 11, nominal: a turn has the code or not.
- `masi`: the same with all codes of a turn as one set; two sets are as far apart as Passonneau
  (2006), Measuring agreement on set-valued items, says.
- `u-alpha`: Krippendorff (2004), p. 251-256: the stretches, by the character, of what each coder
  gave a code to in the interviews that all of them coded.
- `kappa`: Cohen (1960), A coefficient of agreement for nominal scales: for two coders at a time.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import accumulate, chain, combinations, product
from math import comb
from operator import and_
from types import ModuleType
from typing import TypeVar

from gtpipe.analysis.coders import CodersSideBySide
from gtpipe.model.level import CodeRef
from gtpipe.model.names import label_order
from gtpipe.model.problems import UserError
from gtpipe.model.records import Coding

_Given = dict[str, frozenset[int]]
"""What each coder gave a turn, codes by their number."""
_MANY = 8  # codes of one set, of which 255 are held at most
T = TypeVar("T")
Unit = tuple[int, int]
"""Where a stretch begins and ends in the interviews laid end to end."""


class Measure(StrEnum):
    """A figure of agreement, as it is asked for."""

    NOMINAL = "alpha"
    SETS = "masi"
    UNITISED = "u-alpha"
    KAPPA = "kappa"


@dataclass(frozen=True)
class Figure:
    """What `coders` come to over a code, or over all (None); `compared` are the turns, or the
    characters, that the figure is of.
    """

    measure: Measure
    code: CodeRef | None
    coders: tuple[str, ...]
    compared: int
    value: float | None


def figures(measure: Measure, compared: Iterable[CodersSideBySide]) -> tuple[Figure, ...]:
    """The figures of one measure, codes in the order of their labels. Raises UserError where the
    library for `alpha` is not installed.
    """
    interviews = [sides for sides in compared if sides.by_several]
    found: Iterable[Figure]
    if measure is Measure.NOMINAL:
        found = _nominal(interviews)
    elif measure is Measure.SETS:
        _, turns = _coded_turns(interviews)
        value = masi_alpha([list(given.values()) for given in turns])
        found = [Figure(measure, None, _coders(interviews), len(turns), value)] if turns else ()
    elif measure is Measure.UNITISED:
        found = _unitised(interviews)
    else:
        found = _kappas(interviews)
    return tuple(found)


def _coders(interviews: Iterable[CodersSideBySide]) -> tuple[str, ...]:
    """Every coder, in the order asked for as far as one interview shows it."""
    by_number = sorted(interviews, key=lambda sides: -len(sides.coders))
    return tuple(dict.fromkeys(coder for sides in by_number for coder in sides.coders))


def _codings(sides: CodersSideBySide) -> Iterator[tuple[CodeRef, Coding]]:
    for turn in sides.turns:
        for given in turn.given:
            for codings in given.codings.values():
                for coding in codings:
                    yield given.code, coding


def _coded_turns(interviews: Iterable[CodersSideBySide]) -> tuple[list[CodeRef], list[_Given]]:
    """Every code in the order of its label; and of each turn that one of the coders coded, what
    each coder of the interview gave it.
    """
    turns: list[dict[str, set[CodeRef]]] = []
    for sides in interviews:
        here: dict[str, dict[str, set[CodeRef]]] = {}
        for code, coding in _codings(sides):
            for turn in coding.stands_at:
                if turn not in here:
                    here[turn] = {coder: set() for coder in sides.coders}
                here[turn][coding.coder].add(code)
        turns += here.values()
    codes = sorted(
        {code for given in turns for codes in given.values() for code in codes}, key=_order
    )
    numbers = {code: number for number, code in enumerate(codes)}
    return codes, [
        {coder: frozenset(map(numbers.__getitem__, codes)) for coder, codes in given.items()}
        for given in turns
    ]


def _order(code: CodeRef) -> tuple[object, ...]:
    return (label_order(code.label), code.level)


# --- nominal, and kappa ---------------------------------------------------------------------------


def _nominal(interviews: Sequence[CodersSideBySide]) -> Iterator[Figure]:
    library = _krippendorff()
    codes, turns = _coded_turns(interviews)
    having = [Counter(chain.from_iterable(given.values())) for given in turns]
    for number, code in enumerate(codes):
        counts = [
            (has[number], len(given) - has[number])
            for has, given in zip(having, turns, strict=True)
        ]
        value = None
        if any(without for _, without in counts):
            value = float(library.alpha(value_counts=counts, level_of_measurement="nominal"))
        yield Figure(Measure.NOMINAL, code, _coders(interviews), len(turns), value)


def _krippendorff() -> ModuleType:
    try:
        import krippendorff
    except ImportError:
        raise UserError.of(
            "the library krippendorff, which works out alpha, is not installed",
            "Install gtpipe with it: pip install 'gtpipe[agreement]'",
        ) from None
    return krippendorff


def _kappas(interviews: Sequence[CodersSideBySide]) -> Iterator[Figure]:
    codes, turns = _coded_turns(interviews)
    for pair in combinations(_coders(interviews), 2):
        coded = [given for given in turns if any(given.get(coder) for coder in pair)]
        both = [given for given in coded if {*pair} <= given.keys()]
        one, other = ([given[coder] for given in both] for coder in pair)
        ones, others = Counter(chain.from_iterable(one)), Counter(chain.from_iterable(other))
        shared = Counter(chain.from_iterable(map(and_, one, other)))
        for number, code in enumerate(codes):
            if ones[number] or others[number]:
                value = kappa(len(both), ones[number], others[number], shared[number])
                yield Figure(Measure.KAPPA, code, pair, len(both), value)


def kappa(turns: int, one: int, other: int, both: int) -> float | None:
    """Cohen's kappa of two coders: `one` gave a code to so many turns, the `other` to so many, and
    of these both gave it to so many.
    """
    agreed = (turns - one - other + 2 * both) / turns
    chance = (one * other + (turns - one) * (turns - other)) / turns**2
    return None if chance == 1 else (agreed - chance) / (1 - chance)


# --- sets of codes --------------------------------------------------------------------------------


def masi_alpha(units: Sequence[Sequence[frozenset[T]]]) -> float | None:
    """Krippendorff's alpha where each coder gives a set; `units` are what those who judged a unit
    gave it.

    The krippendorff library takes a distance of one's own too, but holds units × sets × sets
    numbers at once: gigabytes for five hundred turns.
    """
    bits: dict[T, int] = {}
    pairable: list[Counter[int]] = []
    for unit in units:
        if len(unit) > 1:
            masks = (sum(bits.setdefault(code, 1 << len(bits)) for code in codes) for codes in unit)
            pairable.append(Counter(masks))
    all_given: Counter[int] = Counter()
    for given in pairable:
        all_given.update(given)
    number = all_given.total()
    observed = 0.0
    for given in pairable:
        apart = sum(
            2 * given[one] * given[other] * masi_distance(one, other)
            for one, other in combinations(given, 2)
        )
        observed += apart / (given.total() - 1)
    differing = number**2 - sum(times**2 for times in all_given.values())
    expected = differing - _nearer_than_strangers(all_given)
    return 1 - observed * (number - 1) / expected if expected > 0 else None


def _nearer_than_strangers(given: Mapping[int, int]) -> float:
    """By how much all pairs of unlike sets are nearer than if none shared a code.

    How near two sets are hangs on how many codes each has and they share. Pairs are counted by the
    codes that both hold, one by one, two by two and so on, and what was counted several times is
    taken off (inclusion and exclusion): a pass over the sets, not over their pairs.
    """
    nearer = 0.0
    large = [mask for mask in given if mask.bit_count() > _MANY]
    for at, one in enumerate(large):
        for other in (*large[at + 1 :], *(mask for mask in given if mask.bit_count() <= _MANY)):
            nearer += 2 * given[one] * given[other] * (1 - masi_distance(one, other))
    holding: dict[int, Counter[int]] = {}
    itself: Counter[int] = Counter()
    for mask, times in given.items():
        size = mask.bit_count()
        part = mask if size <= _MANY else 0
        itself[size] += times**2 if part else 0
        while part:
            holding.setdefault(part, Counter())[size] += times
            part = (part - 1) & mask
    pairs: Counter[tuple[int, int, int]] = Counter()  # which hold some `shared` codes, by size
    for part, sizes in holding.items():
        for one, other in product(sizes, repeat=2):
            pairs[part.bit_count(), one, other] += sizes[one] * sizes[other]
    for shared, one, other in pairs:
        number = sum(
            (-1) ** (more - shared) * comb(more, shared) * pairs[more, one, other]
            for more in range(shared, min(one, other) + 1)
            if (more, one, other) in pairs
        )
        if shared == one == other:
            number -= itself[one]
        nearer += number * _alike(one, other, shared)
    return nearer


def _alike(one: int, other: int, shared: int) -> float:
    """How alike two unlike sets of so many codes are that share some."""
    return (2 / 3 if shared in (one, other) else 1 / 3) * shared / (one + other - shared)


def masi_distance(one: int, other: int) -> float:
    """How far two sets are apart, 0 to 1 (Passonneau 2006): codes in common of all codes, by 2/3
    where one set holds the other, by 1/3 where each has codes of its own. Two empty ones are alike.
    """
    if one == other or not one & other:
        return 0.0 if one == other else 1.0
    return 1 - _alike(*map(int.bit_count, (one, other, one & other)))


# --- stretches ------------------------------------------------------------------------------------


def _unitised(interviews: Sequence[CodersSideBySide]) -> Iterator[Figure]:
    coders = _coders(interviews)
    units: dict[CodeRef, dict[str, list[Unit]]] = {}
    length = 0
    for sides in interviews:
        if len(sides.coders) < len(coders):
            continue
        begins = {}
        for turn in sides.interview.turns:
            begins[turn.id] = length
            length += len(turn.text)
        for code, coding in _codings(sides):
            stretches = [
                (begins[turn] + span[0], begins[turn] + span[1])
                if span
                else (begins[turn], begins[turn] + len(sides.interview.at(turn).text))
                for turn, span in sides.interview.spans_of(coding.turn, coding.span).items()
            ]
            of_code = units.setdefault(code, {coder: [] for coder in coders})
            of_code[coding.coder].append((stretches[0][0], stretches[-1][1]))
    observed_in_all = expected_in_all = 0.0
    found = []
    for code in sorted(units, key=_order):
        observed, expected = disagreement([*units[code].values()], length)
        observed_in_all += observed
        expected_in_all += expected
        value = 1 - observed / expected if expected else None
        found.append(Figure(Measure.UNITISED, code, coders, length, value))
    if found:
        value = 1 - observed_in_all / expected_in_all if expected_in_all else None
        yield Figure(Measure.UNITISED, None, coders, length, value)
    yield from found


def disagreement(given: Sequence[Iterable[Unit]], length: int) -> tuple[float, float]:
    """Observed and expected disagreement over what each coder gave one code to, on a text of
    `length` that begins at 0. Units of one coder that overlap are taken for one.
    """
    coders = [_united(units) for units in given]
    number = len(coders)
    apart = 2 * sum(_apart(one, other) for one, other in combinations(coders, 2))
    observed = apart / (number * (number - 1) * length**2)
    lengths = Counter(end - start for units in coders for start, end in units)
    gaps = sorted(
        start - end
        for units in coders
        for (_, end), (start, _) in zip([(0, 0), *units], [*units, (length, length)], strict=True)
        if start > end
    )
    from_here = [0, *accumulate(reversed(gaps))][::-1]  # of each place, the gaps from there on
    total, sums = lengths.total(), 0.0
    for unit, times in lengths.items():
        at = bisect_left(gaps, unit)
        room = from_here[at] - (len(gaps) - at) * (unit - 1)
        among_units = (total - 1) / 3 * (2 * unit**3 - 3 * unit**2 + unit)
        sums += times * (among_units + unit**2 * room)
    pairs = number * length * (number * length - 1)
    pairs -= sum(times * unit * (unit - 1) for unit, times in lengths.items())
    return observed, 2 / length * sums / pairs


def _united(units: Iterable[Unit]) -> list[Unit]:
    united: list[Unit] = []
    for start, end in sorted(units):
        if united and start < united[-1][1]:
            start, end = united[-1][0], max(end, united.pop()[1])
        united.append((start, end))
    return united


def _apart(one: Sequence[Unit], other: Sequence[Unit]) -> int:
    """The squared differences of two coders' units: where they overlap, of their two ends; of one
    that meets none of the other's, of its length.
    """
    same = {*one} & {*other}
    mine, theirs = ([unit for unit in units if unit not in same] for units in (one, other))
    sums, first, met = 0, 0, set()
    for start, end in mine:
        while first < len(theirs) and theirs[first][1] <= start:
            first += 1
        at = first
        while at < len(theirs) and theirs[at][0] < end:
            sums += (start - theirs[at][0]) ** 2 + (end - theirs[at][1]) ** 2
            met.add(at)
            at += 1
        if at == first:
            sums += (end - start) ** 2
    alone = (unit for at, unit in enumerate(theirs) if at not in met)
    return sums + sum((end - start) ** 2 for start, end in alone)
