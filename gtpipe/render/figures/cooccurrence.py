"""Which codes stand together, as a heat map: a number in each cell, and a shade that goes with it.

Each code has a row and a number; the column of the number begins at its row, so that each two codes
share one cell.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from heapq import heapify, heappop, heappush
from types import MappingProxyType
from typing import NamedTuple

from gtpipe.analysis import cooccurrence
from gtpipe.analysis.cooccurrence import Pair, Sense
from gtpipe.analysis.holdings import Holdings
from gtpipe.analysis.matrix import names
from gtpipe.model.level import FOCUSED, CodeRef, Level
from gtpipe.model.names import label_order
from gtpipe.model.plural import count
from gtpipe.model.problems import Problem, refusal
from gtpipe.render.figures.drawing import Box, Drawing, Part, Together, Words, stacked
from gtpipe.render.figures.labels import (
    MARGIN,
    SIZE,
    SMALL,
    SMALL_STEP,
    STEP,
    Link,
    in_words,
    shortened,
)
from gtpipe.render.figures.letters import Label, broken, width
from gtpipe.render.palette import Sign, signs
from gtpipe.study import Corpus

TITLE = "Which codes stand together"
MOST_CODES = 24
"""More rows than that stand on no page in a size that can be read."""
_CELL, _ROOM, _PALEST, _DARKEST = 26, 230, 0.08, 0.5
_SHOWN = 150  # names of codes that were left out


class Table(NamedTuple):
    """Codes, how often two of them stand together, and what of it is counted. `signs` are those of
    focused codes, by which they are known in other figures.
    """

    codes: Sequence[CodeRef]
    pairs: Sequence[Pair]
    sense: Sense
    signs: Mapping[str, Sign] = MappingProxyType({})


def table(corpus: Corpus, holdings: Holdings, level: Level, sense: Sense) -> Table:
    """The codes of a level: focused codes in the order of their file, others in that of labels."""
    labels: Sequence[str] = sorted(corpus.names.known[level], key=label_order)
    numbered = {}
    if level == FOCUSED:
        labels = list(corpus.looking.focused)
        numbered = signs(labels)
    codes = [CodeRef(level, label) for label in labels]
    found = cooccurrence.pairs(codes, holdings, corpus.material, sense)
    return Table(codes, found, sense, numbered)


class _Chosen(NamedTuple):
    """The codes that are drawn, in the order given; those left out, by the reason."""

    codes: list[CodeRef]
    less: list[CodeRef]
    alone: list[CodeRef]


def draw(table: Table, link: Link | None = None) -> Drawing:
    """The most connected codes; which were left out, and why, is said below."""
    problem = cannot_be_drawn(table)
    if problem:
        return in_words(TITLE, problem)
    chosen = _choose(table)
    called = dict(zip(table.codes, names(table.codes), strict=True))
    labels = [broken(called[code], _ROOM, SIZE, most=2) for code in chosen.codes]
    marked = [_sign(code, row, table) for row, code in enumerate(chosen.codes)]
    marks = max(width(number, SIZE, True) for number, _ in marked) + 8
    left = MARGIN + marks + max(label.width for label in labels) + 12
    heights = [max(_CELL, STEP * len(label.lines) + 6) for label in labels]
    tops = [MARGIN + sum(heights[:number]) for number in range(len(labels))]
    together = {frozenset((pair.a, pair.b)): pair.together for pair in table.pairs}
    most = max(
        together.get(frozenset((a, b)), 0)
        for number, a in enumerate(chosen.codes)
        for b in chosen.codes[:number]
    )
    parts: list[Part] = []
    for row, (code, label) in enumerate(zip(chosen.codes, labels, strict=True)):
        top, high = tops[row], heights[row]
        leads = link(code) if link else ""
        parts.append(_name(marked[row], called[code], label, top, high, marks, leads))
        for column in range(row):
            number = together.get(frozenset((code, chosen.codes[column])), 0)
            title = f"{called[chosen.codes[column]]} and {called[code]}: {table.sense.of(number)}"
            x = left + column * _CELL
            parts.append(Together(title, _cell(x, top, high, number, most)))
        x = left + row * _CELL + _CELL / 2
        parts.append(
            Words(
                x, top + high / 2 + 4, marked[row][0], SMALL, marked[row][1], True, anchor="middle"
            )
        )
    below = tops[-1] + heights[-1] + 14
    wide = max(left + len(labels) * _CELL + MARGIN, 420)
    said = _said(table, chosen, called)
    for text in said:
        lines = broken(text, wide - 2 * MARGIN, SMALL, most=60).lines
        parts += stacked(Words(MARGIN, below + SMALL, "", SMALL, "soft"), lines, SMALL_STEP)
        below += SMALL_STEP * len(lines) + 3
    return Drawing(
        wide, below + MARGIN / 2, TITLE, _description(table, chosen, called, said), tuple(parts)
    )


def cannot_be_drawn(table: Table) -> Problem | None:
    """Why there is no picture."""
    if table.pairs:
        return None
    return refusal(f"No two codes stand together ({table.sense.told})")


def _choose(table: Table) -> _Chosen:
    """The codes that stand together most often with each other: the one that does so least is left
    out, the later one of equals, until few enough stay.
    """
    number = {code: index for index, code in enumerate(table.codes)}
    near: dict[CodeRef, dict[CodeRef, int]] = {}
    for pair in table.pairs:
        near.setdefault(pair.a, {})[pair.b] = pair.together
        near.setdefault(pair.b, {})[pair.a] = pair.together
    often = {code: sum(others.values()) for code, others in near.items()}
    least = [(together, -number[code], code) for code, together in often.items()]
    heapify(least)
    while least and (len(often) > MOST_CODES or least[0][0] == 0):
        together, _, code = heappop(least)
        if often.get(code) != together:
            continue  # it counts less by now, and stands here again
        del often[code]
        for other in near[code].keys() & often.keys():
            often[other] -= near[code][other]
            heappush(least, (often[other], -number[other], other))
    return _Chosen(
        [code for code in table.codes if code in often],
        [code for code in table.codes if code in near and code not in often],
        [code for code in table.codes if code not in near],
    )


def _sign(code: CodeRef, row: int, table: Table) -> tuple[str, str]:
    """By what a row is known: its number, and the colour of that."""
    sign = table.signs.get(code.label)
    return (f"{sign.number}", f"hue-{sign.hue}") if sign else (f"{row + 1}", "soft")


def _name(
    sign: tuple[str, str], name: str, label: Label, top: float, high: float, marks: float, link: str
) -> Part:
    base = top + (high - STEP * len(label.lines)) / 2 + SIZE - 1
    number = Words(MARGIN + marks - 8, base, sign[0], SIZE, sign[1], bold=True, anchor="end")
    lines = stacked(Words(MARGIN + marks, base, "", SIZE), label.lines, STEP)
    return Together(name, (number, *lines), link)


def _cell(x: float, y: float, high: float, number: int, most: int) -> tuple[Part, ...]:
    """A square with a number; an empty one, with a dot, where two never stand together."""
    if not number:
        dot = Words(x + _CELL / 2, y + high / 2 + 4, "·", SMALL, "soft", anchor="middle")
        return (Box(x, y, _CELL, high, line="rule", inside=""), dot)
    shade = _PALEST + (_DARKEST - _PALEST) * number / most
    return (
        Box(x, y, _CELL, high, line="rule", inside="hue-1", shade=shade),
        Words(x + _CELL / 2, y + high / 2 + 4, f"{number}", SMALL, anchor="middle"),
    )


def _said(table: Table, chosen: _Chosen, called: dict[CodeRef, str]) -> list[str]:
    """What stands under the map."""
    said = [
        f"In each cell: {table.sense.told}, whoever coded them. The more, the darker; a dot: none."
    ]
    if chosen.less:
        said.append(
            f"Left out, because they stand together less often than the {len(chosen.codes)} codes "
            f"drawn: {_list(chosen.less, called)}."
        )
    if chosen.alone:
        said.append(
            f"Left out, because no other code stands with them: {_list(chosen.alone, called)}."
        )
    return said


def _list(codes: Sequence[CodeRef], called: dict[CodeRef, str]) -> str:
    shown = ", ".join(shortened(called[code]) for code in codes[:_SHOWN])
    more = len(codes) - _SHOWN
    return f"{shown} and {count(more, 'other')}" if more > 0 else shown


def _description(
    table: Table, chosen: _Chosen, called: dict[CodeRef, str], said: Sequence[str]
) -> str:
    drawn = {*chosen.codes}
    pairs = "; ".join(
        f"{shortened(called[pair.a])} and {shortened(called[pair.b])}: {pair.together}"
        for pair in table.pairs
        if pair.a in drawn and pair.b in drawn
    )
    return " ".join((f"{pairs}.", *said))
