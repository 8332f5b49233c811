"""What `gtpipe cooccur` shows: pairs of codes with how
often they stand together, or two codes place by place.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from gtpipe.analysis.cooccurrence import Meeting, Pair, Sense, counted
from gtpipe.analysis.holdings import Holdings
from gtpipe.analysis.matrix import names
from gtpipe.model.level import CodeRef
from gtpipe.model.names import name_order
from gtpipe.model.records import IncidentKey
from gtpipe.render.blocks import GAP, Block
from gtpipe.render.incidents import heading
from gtpipe.render.tables import Row

PAIR = ("code-a", "code-b", "together", "participants")
ORDERED_PAIR = tuple("code-a code-b together a-first b-first neither-first participants".split())
MEETING = tuple(
    "code-a interview turn-a participant-a coders-a words-a code-b turn-b participant-b coders-b "
    "words-b words-of-both first".split()
)


def pair_rows(pairs: Sequence[Pair], names: dict[CodeRef, str], order: bool) -> list[Row]:
    """Rows under PAIR; with `order`, under ORDERED_PAIR."""
    return [
        (
            names[pair.a],
            names[pair.b],
            pair.together,
            *((pair.a_first, pair.b_first, pair.at_once) if order else ()),
            list(pair.participants),
        )
        for pair in pairs
    ]


NO_WORDS = "no words under both"


class Together(NamedTuple):
    """What stands together at a turn, or at one and a `later` one: of each of the two the name,
    coders and words; the words under `both`.
    """

    interview: str
    turn: str
    later: str
    who: str
    sides: tuple[tuple[str, tuple[str, ...], str], ...]
    both: tuple[str, ...]
    no_words: bool


class Meetings:
    """Where two things stand together, place by place."""

    def __init__(
        self, a: CodeRef, b: CodeRef, found: Sequence[Meeting], holdings: Holdings
    ) -> None:
        self.found, self.holdings = found, holdings
        self.sides = tuple(zip((a, b), names((a, b)), strict=True))
        self.coders = {thing: holdings.of(thing) for thing in (a, b)}

    def rows(self) -> list[Row]:
        """Under MEETING."""
        (a, one), (b, other) = self.sides
        return [
            (
                one,
                meeting.a.interview,
                meeting.a.turn,
                self.holdings.participant(meeting.a),
                ", ".join(self.coders[a][meeting.a]),
                self.holdings.words(meeting.a),
                other,
                meeting.b.turn,
                self.holdings.participant(meeting.b),
                ", ".join(self.coders[b][meeting.b]),
                self.holdings.words(meeting.b),
                meeting.both or "",
                {-1: "a", 1: "b"}.get(meeting.first, ""),
            )
            for meeting in self.found
        ]

    def layout(self, sense: Sense, order: bool) -> Iterator[Block]:
        (_, one), (_, other) = self.sides
        people = {self.holdings.participant(place) for pair in self.found for place in pair[:2]}
        named = ", ".join(sorted(people - {""}, key=name_order))
        yield Block(f"{one} × {other}", style="bold")
        number = sense.of(counted(self.found, sense))
        yield Block(number + (f": {named}" if named else ""), style="dim")
        if order:
            ours, theirs, neither = (
                sum(meeting.first == which for meeting in self.found) for which in (-1, 1, 0)
            )
            yield Block(
                f'"{one}" first: {ours}; "{other}" first: {theirs}; neither first: {neither}'
            )
        for there in self.by_turn():
            yield GAP
            at = f"{there.turn} and {there.later}" if there.later else there.turn
            yield Block(heading(there.interview, at, there.who), style="bold cyan")
            for name, coders, words in there.sides:
                by = f" ({', '.join(coders)})" if coders else ""
                yield Block(f"{name}{by}: {words}", 2)
            for words in there.both:
                yield Block(f"both: {words}", 4, "italic")
            if there.no_words:
                yield Block(NO_WORDS, 4, "dim")

    def by_turn(self) -> Iterator[Together]:
        """What stands together at one turn, or at one and a later one, after the other."""
        together: dict[tuple[str, str, str], list[Meeting]] = {}
        for meeting in self.found:
            turns = (meeting.a.interview, meeting.a.turn, meeting.b.turn)
            together.setdefault(turns, []).append(meeting)
        for (interview, turn, later), meetings in together.items():
            apart = turn != later
            speakers = dict.fromkeys(
                self.holdings.participant(place) or "interviewer"
                for meeting in meetings
                for place in meeting[:2]
            )
            both = dict.fromkeys(meeting.both for meeting in meetings if meeting.both is not None)
            whole = all(place.span is None for meeting in meetings for place in meeting[:2])
            yield Together(
                interview,
                turn,
                later if apart else "",
                ", ".join(speakers),
                tuple(
                    (name, self.coders[thing][place], self._words(place, apart))
                    for side, (thing, name) in enumerate(self.sides)
                    for place in dict.fromkeys(meeting[:2][side] for meeting in meetings)
                ),
                tuple(words if whole else f'"{words}"' for words in both),
                not apart and not both,
            )

    def _words(self, place: IncidentKey, apart: bool) -> str:
        """A stretch in quotes; a whole turn as it is, but not where both stand at one turn."""
        if place.span is not None:
            return f'"{self.holdings.words(place)}"'
        return self.holdings.words(place) if apart else "the whole turn"
