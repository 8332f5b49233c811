"""What is learned from at an interview of a large study: the turns around it.

Up to MOST_TURNS turns, a study is learned from as a whole. A larger one is cut, in study order,
into groups of interviews of TOGETHER turns or a little more. At the interviews of a group,
suggestions are what they would be in a study of the MOST_TURNS turns around it: the group, and
as much before it as behind it, or more on one side where there is less on the other. So each turn
is held against so many at most, and the work grows with the number of turns, and no faster.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import NamedTuple

from gtpipe.model.records import Material

MOST_TURNS = 20_000
TOGETHER = 5_000


class Neighbourhood(NamedTuple):
    """The interviews of a group, and those that are learned from there, both in study order."""

    group: tuple[str, ...]
    around: tuple[str, ...]

    def part_of(self, material: Material) -> Material:
        """The study as it is learned from here."""
        interviews = material.interviews
        if len(self.around) == len(interviews):
            return material
        return replace(material, interviews={name: interviews[name] for name in self.around})


def neighbourhoods(material: Material) -> dict[str, Neighbourhood]:
    """Interview → its neighbourhood; one for all in a study of no more than MOST_TURNS."""
    turns = {name: len(one.position) for name, one in material.interviews.items()}
    if sum(turns.values()) <= MOST_TURNS:
        everything = Neighbourhood(tuple(turns), tuple(turns))
        return dict.fromkeys(turns, everything)
    names = list(turns)
    found: dict[str, Neighbourhood] = {}
    for start, stop in _groups(list(turns.values())):
        first, last = _around(list(turns.values()), start, stop)
        here = Neighbourhood(tuple(names[start:stop]), tuple(names[first:last]))
        found |= dict.fromkeys(here.group, here)
    return found


def _groups(turns: Sequence[int]) -> list[tuple[int, int]]:
    """Where each group of interviews starts and stops."""
    found, start, size = [], 0, 0
    for place, number in enumerate(turns, 1):
        size += number
        if size >= TOGETHER or place == len(turns):
            found.append((start, place))
            start, size = place, 0
    return found


def _around(turns: Sequence[int], start: int, stop: int) -> tuple[int, int]:
    """From `start` to `stop` and on to both sides, in turns of whole interviews, the shorter side
    first, as long as they are no more than MOST_TURNS."""
    left = MOST_TURNS - sum(turns[start:stop])
    before = behind = 0
    while True:
        can_before = start > 0 and turns[start - 1] <= left
        can_behind = stop < len(turns) and turns[stop] <= left
        if can_before and (before <= behind or not can_behind):
            start -= 1
            before += turns[start]
            left -= turns[start]
        elif can_behind:
            behind += turns[stop]
            left -= turns[stop]
            stop += 1
        else:
            return start, stop
