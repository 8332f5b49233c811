"""All that was said in a study, laid end to end and indexed by word: where a quotation's words
stand, and what is nearest to them.

What one speaker says in one interview is one stream, turn after turn, so that words joined across
turns are seen as such.
"""

from __future__ import annotations

from array import array
from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from gtpipe.model.records import INTERVIEWER, Interview, Turn
from gtpipe.text import tokens
from gtpipe.text.tokens import ELISION, INSERTION, MOST_REPLACED, Gap, Pattern, Word

MOST_PLACES = 300  # places of the same words that are looked at
_RUN = 4  # words in a row that are hardly alike by chance
_SAMPLES = 8  # places of a paragraph that are looked at first
_ENDS = (".", "!", "?", "…", ":")
_MOST_RUNS = 200  # a quotation with more marks than that is none


Runs = list[list[str]]  # a quotation's words, in runs between its marks


class Stream(NamedTuple):
    """What one speaker says in one interview; `speaker` a participant, or `interviewer`."""

    interview: str
    speaker: str
    start: int
    end: int


class Match(NamedTuple):
    """A place where all words of a quotation stand. `starts` of its runs; `start` and `end`
    of the whole.

    `is_marked`: something is left out or put in, under a mark; `is_joined`: words of two turns
    follow without one; `differs`: capitals or punctuation are others.
    """

    stream: Stream
    start: int
    end: int
    is_marked: bool
    is_joined: bool
    differs: bool
    starts: tuple[int, ...] = ()


class WordIndex:
    """The words of all turns, and where each stands."""

    def __init__(self, interviews: Iterable[Interview]) -> None:
        self.words: list[str] = []
        self.turns: list[tuple[Interview, Turn]] = []
        self.streams: list[Stream] = []
        self.starts: list[int] = []  # of turns
        self._stream_ends: list[int] = []
        self.turn_of = array("I")
        self._said: dict[int, list[Word]] = {}
        self._spelled: dict[str, str] = {}  # each word is held once
        for interview in interviews:
            self._add(interview)
        places: dict[str, array[int]] = defaultdict(lambda: array("I"))
        for place, word in enumerate(self.words):
            places[word].append(place)
        self.places = dict(places)

    def _add(self, interview: Interview) -> None:
        by_speaker: dict[str, list[Turn]] = {}
        for turn in interview.turns:
            by_speaker.setdefault(interview.participant(turn) or INTERVIEWER, []).append(turn)
        for speaker, turns in by_speaker.items():
            start = len(self.words)
            for turn in turns:
                said = tokens.keys(tokens.clean(turn.text))
                self.starts.append(len(self.words))
                self.turn_of.extend([len(self.turns)] * len(said))
                self.turns.append((interview, turn))
                self.words += map(self._spelled.setdefault, said, said)
            self.streams.append(Stream(interview.name, speaker, start, len(self.words)))
            self._stream_ends.append(len(self.words))

    # --- places -----------------------------------------------------------------------------------

    def speaker(self, turn: int) -> str:
        """Who speaks the turn of this number: a participant, or `interviewer`."""
        interview, said = self.turns[turn]
        return interview.participant(said) or INTERVIEWER

    def turns_of(self, start: int, end: int) -> list[tuple[Interview, Turn]]:
        """The turns with a word from `start` to before `end`."""
        return [self.turns[index] for index in dict.fromkeys(self.turn_of[start:end])]

    def text(self, start: int, end: int, between: str = "\n\n") -> str:
        """What was said there, as the transcript writes it; `between` stands where one turn ends
        and the next begins."""
        parts = []
        for index in dict.fromkeys(self.turn_of[start:end]):
            first = self.starts[index]
            said = self._words_of(index)
            some = said[max(start - first, 0) : end - first]
            parts.append(tokens.clean(self.turns[index][1].text)[some[0].start : some[-1].end])
        return between.join(parts)

    def _words_of(self, index: int) -> list[Word]:
        if index not in self._said:
            self._said[index] = tokens.words(tokens.clean(self.turns[index][1].text))
        return self._said[index]

    def word(self, place: int) -> Word:
        index = self.turn_of[place]
        return self._words_of(index)[place - self.starts[index]]

    def stream_at(self, place: int) -> Stream:
        return self.streams[bisect_right(self._stream_ends, place)]

    def _occurrences(
        self, run: Sequence[str], start: int = 0, end: int | None = None
    ) -> Iterator[int]:
        """Where `run` stands in one stream, beginning from `start`, ending by `end`."""
        lists = [self.places.get(key, ()) for key in run]
        at = min(range(len(run)), key=lambda index: len(lists[index]))
        places = lists[at]
        end = len(self.words) if end is None else end
        first = bisect_left(places, start + at) if start else 0
        last = bisect_right(places, end - len(run) + at)
        words, length = self.words, len(run)
        beside = (
            1 if at + 1 < length else -1 if at else 0
        )  # a neighbour is looked at first: most places end there
        neighbour = run[at + beside]
        for place in places[first:last]:
            if words[place + beside] == neighbour:
                place -= at
                if (
                    place >= 0
                    and words[place : place + length] == run
                    and self.stream_at(place).end >= place + length
                ):
                    yield place

    def _before(self, run: Sequence[str], start: int, end: int) -> Iterator[int]:
        """Where `run` stands between `start` and `end`, the last first."""
        return reversed(list(self._occurrences(run, start, end)))

    def has_run(self, run: Sequence[Word]) -> bool:
        """Whether these words follow one another anywhere."""
        return self._is_there([word.key for word in run])

    def contains(self, text: str) -> bool:
        """Whether somebody said all words of `text`, what it marks as left out or put in apart."""
        return bool(self.matches(tokens.pattern(text)))

    def words_in_a_row(self, text: str) -> set[int]:
        """Which words of a text stand in a transcript four in a row (all of them, where there are
        fewer); none where no sample does."""
        keys = tokens.keys(tokens.clean(text))
        length = min(_RUN, len(keys))
        starts = range(len(keys) - length + 1)
        if not keys or not any(
            self._is_there(keys[at : at + length])
            for at in starts[:: max(1, len(starts) // _SAMPLES)]
        ):
            return set()
        return {
            place
            for at in starts
            if self._is_there(keys[at : at + length])
            for place in range(at, at + length)
        }

    def _is_there(self, run: Sequence[str]) -> bool:
        return next(self._occurrences(run), None) is not None

    # --- all words of a quotation -----------------------------------------------------------------

    def matches(self, pattern: Pattern, speaker: str = "") -> list[Match]:
        """Every place where the words of a quotation stand, those of `speaker` first; marks filled
        with as little as can be."""
        runs = [[word.key for word in run] for run in pattern.runs]
        if (
            not runs
            or len(runs) > _MOST_RUNS
            or any(key not in self.places for run in runs for key in run)
        ):
            return []
        anchor = min(
            range(len(runs)),
            key=lambda index: (min(len(self.places[key]) for key in runs[index]), index),
        )
        found = list(self._occurrences(runs[anchor]))
        if len(found) > MOST_PLACES:
            found = sorted(found, key=lambda place: self.stream_at(place).speaker != speaker)[
                :MOST_PLACES
            ]
        made = []
        failed: set[tuple[int, int]] = (
            set()
        )  # runs and places from which the rest was not to be reached
        for place in found:
            stream = self.stream_at(place)
            after = self._follow(runs, pattern.gaps, anchor, place, stream, failed)
            before = (
                None
                if after is None
                else self._lead(runs, pattern.gaps, anchor, place, stream, failed)
            )
            if (
                after is not None
                and before is not None
                and self._edges_fit(pattern, [*before, place, *after], stream)
            ):
                made.append(self._match(pattern, [*before, place, *after], stream))
        return made

    def _follow(
        self,
        runs: Runs,
        gaps: Sequence[Gap],
        index: int,
        place: int,
        stream: Stream,
        failed: set[tuple[int, int]],
    ) -> list[int] | None:
        """Starts of the runs behind `index`, nearest first; None where they do not follow."""
        if index == len(runs) - 1:
            return []
        start = place + len(runs[index])
        length = len(runs[index + 1])
        end = (
            stream.end
            if gaps[index].kind == ELISION
            else min(stream.end, start + MOST_REPLACED + length)
        )
        for tried, following in enumerate(self._occurrences(runs[index + 1], start, end)):
            if tried == MOST_PLACES:
                break
            if (index + 1, following) not in failed and self._fits(gaps[index], start, following):
                rest = self._follow(runs, gaps, index + 1, following, stream, failed)
                if rest is not None:
                    return [following, *rest]
                failed.add((index + 1, following))
        return None

    def _lead(
        self,
        runs: Runs,
        gaps: Sequence[Gap],
        index: int,
        place: int,
        stream: Stream,
        failed: set[tuple[int, int]],
    ) -> list[int] | None:
        if index == 0:
            return []
        length = len(runs[index - 1])
        start = (
            stream.start
            if gaps[index - 1].kind == ELISION
            else max(stream.start, place - MOST_REPLACED - length)
        )
        for tried, earlier in enumerate(self._before(runs[index - 1], start, place)):
            if tried == MOST_PLACES:
                break
            if (index - 1, earlier) not in failed and self._fits(
                gaps[index - 1], earlier + length, place
            ):
                rest = self._lead(runs, gaps, index - 1, earlier, stream, failed)
                if rest is not None:
                    return [*rest, earlier]
                failed.add((index - 1, earlier))
        return None

    def _fits(self, gap: Gap, start: int, end: int) -> bool:
        """Whether a bracket that goes on a word, walk[ed], stands for a word that does too; and one
        of the transcript, [pause 3s], for itself."""
        there = self.words[start:end]
        own = [word.key for word in gap.words]
        if own and len(own) < len(there):
            if there[: len(own)] == own and "]" in self.word(start + len(own) - 1).gap:
                return False
            if there[-len(own) :] == own and "]" in self.word(end - 1).gap:
                return False
        if not gap.head and not gap.tail:
            return True
        return bool(there) and there[0].startswith(gap.head) and there[-1].endswith(gap.tail)

    def _edges_fit(self, pattern: Pattern, starts: list[int], stream: Stream) -> bool:
        """Whether words that a bracket goes on, at the beginning or the end of a
        quotation, are there."""
        begin, end = starts[0], starts[-1] + len(pattern.runs[-1])
        return (
            pattern.first is None or self._fits(pattern.first, max(begin - 1, stream.start), begin)
        ) and (pattern.last is None or self._fits(pattern.last, end, min(end + 1, stream.end)))

    def _match(self, pattern: Pattern, starts: list[int], stream: Stream) -> Match:
        ends = [start + len(run) for start, run in zip(starts, pattern.runs, strict=True)]
        is_marked = any(
            self._is_changed(gap, end, start)
            for gap, end, start in zip(pattern.gaps, ends[:-1], starts[1:], strict=True)
        )
        for gap, at_end in ((pattern.first, False), (pattern.last, True)):
            if gap is not None and gap.kind == INSERTION:
                count = len(gap.words)
                begin = ends[-1] if at_end else starts[0] - count
                is_marked = is_marked or not (
                    stream.start <= begin
                    and begin + count <= stream.end
                    and not self._is_changed(gap, begin, begin + count)
                )
        is_joined = any(
            self.turn_of[start] != self.turn_of[end - 1]
            for start, end in zip(starts, ends, strict=True)
        ) or any(
            gap.kind == INSERTION
            and self.turn_of[end - 1] != self.turn_of[start]
            and not self._is_changed(gap, end, start)
            for gap, end, start in zip(pattern.gaps, ends[:-1], starts[1:], strict=True)
        )
        differs = any(
            self._differs(run, start) for run, start in zip(pattern.runs, starts, strict=True)
        )
        return Match(stream, starts[0], ends[-1], is_marked, is_joined, differs, tuple(starts))

    def insertions(self, pattern: Pattern, match: Match) -> list[tuple[str, str]]:
        """Each bracket of a quotation that is no part of the transcript, and what it stands for (''
        where it adds)."""
        ends = [start + len(run) for start, run in zip(match.starts, pattern.runs, strict=True)]
        brackets = []
        for gap, start, end in zip(pattern.gaps, ends[:-1], match.starts[1:], strict=True):
            if gap.kind == ELISION and gap.shown:
                brackets.append((gap.shown, ""))
            elif gap.kind == INSERTION and self._is_changed(gap, start, end):
                brackets.append((gap.shown, self.text(start, end, " / ") if end > start else ""))
        for edge, start in (
            (pattern.first, match.start - len(pattern.first.words) if pattern.first else 0),
            (pattern.last, match.end),
        ):
            if (
                edge is not None
                and edge.kind == INSERTION
                and self.words[max(start, 0) : start + len(edge.words)]
                != [word.key for word in edge.words]
            ):
                brackets.append((edge.shown, ""))
        return brackets

    def _is_changed(self, gap: Gap, start: int, end: int) -> bool:
        """Whether a mark is no part of the transcript: there too an ellipsis stands here,
        or this bracket."""
        if gap.kind == ELISION:
            return start != end or start == 0 or "…" not in self.word(start - 1).gap
        return (
            gap.head != ""
            or gap.tail != ""
            or self.words[start:end] != [word.key for word in gap.words]
        )

    def _differs(self, run: Sequence[Word], start: int) -> bool:
        for index, word in enumerate(run):
            there = self.word(start + index)
            if word.form != there.form:
                begins = word.free or (
                    index > 0 and word.form[:1].isupper() and run[index - 1].gap[-1:] in _ENDS
                )
                if not (begins and word.form[1:] == there.form[1:]):
                    return True
            last = index == len(run) - 1
            if (
                not last
                and word.gap != there.gap
                and self.turn_of[start + index] == self.turn_of[start + index + 1]
            ):
                return True
        return False
