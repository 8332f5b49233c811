"""A study at one moment, as far as two moments are compared: its codings, code book, analysis,
memos and transcripts. Pure.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import NamedTuple

from gtpipe.formats import naming
from gtpipe.model.level import FOCUSED, INITIAL, Level
from gtpipe.model.problems import Problem
from gtpipe.model.records import Code, FocusedCode, Interview, Memo, Theory


class SheetLine(NamedTuple):
    """A code as it stands in a sheet: where, at which level, as typed. `words` have their white
    space as single spaces.
    """

    turn: str
    level: Level
    label: str
    words: str | None
    note: str


@dataclass(frozen=True)
class CoderSheet:
    """What one coder wrote into the sheet of one interview."""

    lines: tuple[SheetLine, ...] = ()

    @cached_property
    def counts(self) -> Counter[tuple[Level, str]]:
        """(level, label as typed) → how often it stands."""
        return Counter([(line.level, line.label) for line in self.lines])

    @cached_property
    def by_turn(self) -> dict[str, tuple[SheetLine, ...]]:
        """Turn → its lines."""
        found: dict[str, list[SheetLine]] = {}
        for line in self.lines:
            found.setdefault(line.turn, []).append(line)
        return {turn: tuple(lines) for turn, lines in found.items()}


@dataclass(frozen=True)
class Version:
    """A study at one moment. The first researcher's sheets are those of coder ''; `first` are that
    person's initials.

    `prints` says by which hash an interview's transcript is known, `interviews` holds it read.
    """

    name: str
    first: str = ""
    sheets: Mapping[tuple[str, str], CoderSheet] = field(default_factory=dict)
    codebook: Mapping[str, Code] = field(default_factory=dict)
    focused: Mapping[str, FocusedCode] = field(default_factory=dict)
    theory: Theory = field(default_factory=Theory)
    memos: Mapping[str, Memo] = field(default_factory=dict)
    prints: Mapping[str, str] = field(default_factory=dict)
    interviews: Mapping[str, Interview] = field(default_factory=dict)
    problems: tuple[Problem, ...] = ()

    @cached_property
    def typed(self) -> Counter[tuple[Level, str]]:
        """(level, label as typed) → how often it stands in all sheets."""
        return recount(Counter(), {}, self.sheets)

    @cached_property
    def current(self) -> dict[Level, dict[str, str]]:
        """Level → old label → the label it counts under."""
        return {
            INITIAL: naming.current_labels(self.codebook),
            FOCUSED: naming.current_labels(self.focused),
        }

    @cached_property
    def used(self) -> dict[Level, Counter[str]]:
        """Level → label it counts under → number of applications."""
        found: dict[Level, Counter[str]] = {INITIAL: Counter(), FOCUSED: Counter()}
        current = self.current
        for (level, label), number in self.typed.items():
            counts, label = found[level], current[level].get(label, label)
            counts[label] = counts.get(label, 0) + number
        return found

    @cached_property
    def labels(self) -> dict[Level, frozenset[str]]:
        """Level → every code there is, written down or in use."""
        return {
            INITIAL: frozenset({*self.codebook, *self.used[INITIAL]}),
            FOCUSED: frozenset({*self.focused, *self.used[FOCUSED]}),
        }

    def coder(self, coder: str) -> str:
        """The initials to show for `coder`."""
        return coder or self.first

    @cached_property
    def has_several_coders(self) -> bool:
        return any(coder for _, coder in self.sheets)


def recount(
    counts: Counter[tuple[Level, str]],
    before: Mapping[tuple[str, str], CoderSheet],
    after: Mapping[tuple[str, str], CoderSheet],
) -> Counter[tuple[Level, str]]:
    """`counts` of the sheets `before` made those of the sheets `after`: what is the same in both is
    not counted again.
    """
    changed = [key for key in {*before, *after} if before.get(key) is not after.get(key)]
    for sign, sheets_of in ((-1, before), (1, after)):
        for key in changed:
            for typed, number in sheets_of[key].counts.items() if key in sheets_of else ():
                counts[typed] += sign * number
                if not counts[typed]:
                    del counts[typed]
    return counts
