"""What `gtpipe cooccur` shows: pairs of codes with how
often they stand together, or two codes place by place.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

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
ORDERED_PAIR = (
    "code-a",
    "code-b",
    "together",
    "a-first",
    "b-first",
    "neither-first",
    "participants",
)
MEETING = (
    "code-a",
    "interview",
    "turn-a",
    "participant-a",
    "coders-a",
    "words-a",
    "code-b",
    "turn-b",
    "participant-b",
    "coders-b",
    "words-b",
    "words-of-both",
    "first",
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
        together: dict[tuple[str, str, str], list[Meeting]] = {}
        for meeting in self.found:
            turns = (meeting.a.interview, meeting.a.turn, meeting.b.turn)
            together.setdefault(turns, []).append(meeting)
        for (interview, turn, later), meetings in together.items():
            yield GAP
            yield from self._at_turns(interview, turn, later, meetings)

    def _at_turns(
        self, interview: str, turn: str, later: str, meetings: Sequence[Meeting]
    ) -> Iterator[Block]:
        """What stands together at one turn, or at one and a later one."""
        apart = turn != later
        speakers = dict.fromkeys(
            self.holdings.participant(place) or "interviewer"
            for meeting in meetings
            for place in meeting[:2]
        )
        at = f"{turn} and {later}" if apart else turn
        yield Block(heading(interview, at, ", ".join(speakers)), style="bold cyan")
        for side, (thing, name) in enumerate(self.sides):
            for place in dict.fromkeys(meeting[:2][side] for meeting in meetings):
                coders = self.coders[thing][place]
                by = f" ({', '.join(coders)})" if coders else ""
                yield Block(f"{name}{by}: {self._words(place, apart)}", 2)
        both = dict.fromkeys(meeting.both for meeting in meetings if meeting.both is not None)
        whole = all(place.span is None for meeting in meetings for place in meeting[:2])
        for words in both:
            yield Block("both: " + (words if whole else f'"{words}"'), 4, "italic")
        if not apart and not both:
            yield Block("no words under both", 4, "dim")

    def _words(self, place: IncidentKey, apart: bool) -> str:
        """A stretch in quotes; a whole turn as it is, but not where both stand at one turn."""
        if place.span is not None:
            return f'"{self.holdings.words(place)}"'
        return self.holdings.words(place) if apart else "the whole turn"
