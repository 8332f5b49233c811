"""Several coders of one interview, held against each other turn by turn: who gave which code, on
which words.

`side_by_side` takes the codings of an interview and gives `CodersSideBySide`: the coders who coded
it (whoever did not is told in `without`, and never counts as different), and each turn that one of
them coded (`CodedTurn`), in file order. A turn holds in `given` the codes that begin there, each
once (`Given`: the code, each coder's codings of it there, and `how` they compare), and in
`running` those that began before it and reach into it. So every coding of these coders stands in
exactly one `Given`, and each `Given` in the `given` of exactly one turn.

Nothing is counted and no agreement worked out: two people who code one turn differently have seen
two things in it, and that is to be read.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property

from gtpipe.model.level import CodeRef
from gtpipe.model.records import Coding, Interview, Span, Turn


class How(StrEnum):
    """How the codings of one code compare among the coders who coded these turns at all."""

    SAME = "same"
    """All of them gave it, on the same words."""
    STRETCH = "other stretch"
    """All of them gave it, though not on the same words."""
    CODE = "other code"
    """Some gave it, and others only other codes."""
    ALONE = "only one coded"
    """One coder alone coded these turns."""


@dataclass(frozen=True)
class Given:
    """A code at a turn, or at turns that its codings reach together; `turns` in file order.

    `codings` has those of each coder who gave it, coders in the order asked for.
    """

    code: CodeRef
    codings: dict[str, tuple[Coding, ...]]
    turns: tuple[str, ...]
    how: How

    @property
    def coders(self) -> tuple[str, ...]:
        return tuple(self.codings)


@dataclass(frozen=True)
class CodedTurn:
    """A turn that one of the coders coded. `participant` is '' for an interviewer.

    `coders` coded it, `without` did not, though they coded the interview. `given` are the codes
    that begin here, `running` those that began at a turn before.
    """

    turn: Turn
    participant: str
    coders: tuple[str, ...]
    without: tuple[str, ...]
    given: tuple[Given, ...]
    running: tuple[Given, ...] = ()

    @property
    def by_all(self) -> bool:
        return not self.without

    @property
    def here(self) -> tuple[Given, ...]:
        """Every code that stands at this turn."""
        return (*self.running, *self.given)

    @property
    def differs(self) -> bool:
        """Whether several coded it, and not all the same on the same words."""
        return len(self.coders) > 1 and any(given.how is not How.SAME for given in self.here)


@dataclass(frozen=True)
class CodersSideBySide:
    """An interview by its `coders`; `without` are those asked for who have not coded it."""

    interview: Interview
    coders: tuple[str, ...]
    without: tuple[str, ...]
    turns: tuple[CodedTurn, ...]

    @property
    def by_several(self) -> bool:
        """Whether there is something to compare."""
        return len(self.coders) > 1

    @cached_property
    def by_all(self) -> tuple[CodedTurn, ...]:
        """The turns that each of them coded."""
        return tuple(turn for turn in self.turns if turn.by_all)

    @cached_property
    def differing(self) -> tuple[CodedTurn, ...]:
        """The turns that several of them coded, and not the same."""
        return tuple(turn for turn in self.turns if turn.differs)

    @cached_property
    def not_by_all(self) -> dict[tuple[str, ...], tuple[CodedTurn, ...]]:
        """The turns that only some coded, by who did."""
        found: dict[tuple[str, ...], list[CodedTurn]] = {}
        for turn in self.turns:
            if not turn.by_all:
                found.setdefault(turn.coders, []).append(turn)
        order = {coder: place for place, coder in enumerate(self.coders)}
        return {
            coders: tuple(found[coders])
            for coders in sorted(found, key=lambda group: [order[coder] for coder in group])
        }

    @cached_property
    def by_nobody(self) -> tuple[Turn, ...]:
        """The participants' turns that none of them coded."""
        coded = {each.turn.id for each in self.turns}
        return tuple(turn for turn in self.interview.participant_turns if turn.id not in coded)


def side_by_side(
    interview: Interview, codings: Iterable[Coding], coders: Sequence[str]
) -> CodersSideBySide:
    """What each of `coders` gave in an interview; `codings` may be those of the whole study, in
    study order.
    """
    own = [each for each in codings if each.interview == interview.name and each.coder in coders]
    coded: dict[str, set[str]] = {}
    for coding in own:
        for turn in coding.stands_at:
            coded.setdefault(turn, set()).add(coding.coder)
    there = {coding.coder for coding in own}
    present = tuple(dict.fromkeys(coder for coder in coders if coder in there))
    begins: dict[str, list[Given]] = {}
    runs: dict[str, list[Given]] = {}
    for given in _given(own, interview, present, coded):
        first, *others = given.turns
        begins.setdefault(first, []).append(given)
        for turn in others:
            runs.setdefault(turn, []).append(given)
    turns = tuple(
        CodedTurn(
            turn,
            interview.participant(turn),
            tuple(coder for coder in present if coder in coded[turn.id]),
            tuple(coder for coder in present if coder not in coded[turn.id]),
            tuple(begins.get(turn.id, ())),
            tuple(runs.get(turn.id, ())),
        )
        for turn in interview.turns
        if turn.id in coded
    )
    without = tuple(dict.fromkeys(coder for coder in coders if coder not in there))
    return CodersSideBySide(interview, present, without, turns)


def _given(
    own: Sequence[Coding], interview: Interview, coders: Sequence[str], coded: dict[str, set[str]]
) -> Iterator[Given]:
    """Each code with the codings of it whose turns touch; those of the first coder come first."""
    by_code: dict[CodeRef, list[Coding]] = {}
    for coder in coders:
        for coding in own:
            if coding.coder == coder:
                by_code.setdefault(CodeRef(coding.level, coding.code), []).append(coding)
    for code, applied in by_code.items():
        for together in _touching(applied):
            turns = {turn for coding in together for turn in coding.stands_at}
            codings = {
                coder: tuple(coding for coding in together if coding.coder == coder)
                for coder in coders
                if any(coding.coder == coder for coding in together)
            }
            yield Given(
                code,
                codings,
                tuple(sorted(turns, key=interview.position.__getitem__)),
                _how(codings, set().union(*(coded[turn] for turn in turns)), interview),
            )


def _touching(applied: Sequence[Coding]) -> list[list[Coding]]:
    """Codings in groups that have turns in common, in the order given."""
    groups: list[list[Coding]] = []
    at: dict[str, list[Coding]] = {}
    for coding in applied:
        touched = {id(at[turn]): at[turn] for turn in coding.stands_at if turn in at}
        group, *others = touched.values() or [[]]
        if not touched:
            groups.append(group)
        for other in others:
            group += other
            at |= dict.fromkeys((turn for each in other for turn in each.stands_at), group)
            other.clear()
        group.append(coding)
        at |= dict.fromkeys(coding.stands_at, group)
    return [group for group in groups if group]


def _how(codings: dict[str, tuple[Coding, ...]], coded: set[str], interview: Interview) -> How:
    if len(coded) == 1:
        return How.ALONE
    if codings.keys() != coded:
        return How.CODE
    places = [{_words(coding, interview) for coding in given} for given in codings.values()]
    return How.SAME if all(each == places[0] for each in places) else How.STRETCH


def _words(coding: Coding, interview: Interview) -> tuple[tuple[str, Span | None], ...]:
    """The words that are meant, whether they were named as a stretch or as a whole turn."""
    spans = interview.spans_of(coding.turn, coding.span)
    whole = {turn: (0, len(interview.at(turn).text)) for turn in spans}
    return tuple((turn, None if span == whole[turn] else span) for turn, span in spans.items())
