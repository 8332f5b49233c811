"""Numbers of lines that a chapter prints behind a quotation, against the lines of today."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import cache
from itertools import accumulate

from gtpipe.analysis.lines import Lines, cited
from gtpipe.model.records import Turn
from gtpipe.quotes.quotations import EXACT, MARKED, OTHER_LINES, CheckedQuotation
from gtpipe.quotes.word_index import WordIndex
from gtpipe.text import tokens


class LineIndex:
    """At which lines of an interview the words of an index stand; lines are `width` characters."""

    def __init__(self, word_index: WordIndex, width: int) -> None:
        self._words = word_index
        interviews = {interview.name: interview for interview, _ in word_index.turns}
        self._lines = cache(lambda name: Lines(interviews[name], width))
        self._ends = cache(self._ends_of)

    def at(self, start: int, end: int) -> tuple[int, int]:
        """The first and the last line of the words from `start` to before `end`."""
        return self._line(start), self._line(end - 1)

    def _line(self, place: int) -> int:
        index = self._words.turn_of[place]
        number = place - self._words.starts[index]
        ends = self._ends(index)
        return next((line for line, last in ends if number < last), ends[-1][0])

    def _ends_of(self, index: int) -> list[tuple[int, int]]:
        """Of each line of a turn its number, and how many words of the turn it and those above
        have.
        """
        interview, turn = self._words.turns[index]
        lines = self._lines(interview.name).of_turn(turn.id)
        words = (len(_keys(turn, *line.span)) for line in lines)
        return list(zip((line.number for line in lines), accumulate(words), strict=True))


def _keys(turn: Turn, start: int, end: int) -> list[str]:
    return list(tokens.keys(tokens.clean(turn.text[start:end])))


def other_lines(
    judged: Iterable[CheckedQuotation], index: WordIndex, width: int
) -> Iterator[CheckedQuotation]:
    """The quotations; those are findings whose words stand not within the lines that the chapter
    prints.
    """
    lines = LineIndex(index, width)
    for one in judged:
        printed = one.quotation.lines
        if one.verdict in (EXACT, MARKED) and printed and not _are_there(one, lines, index):
            now = _named(cited(*lines.at(*one.spot)))
            yield one._replace(
                verdict=OTHER_LINES,
                detail=f"the text says {_named(cited(*printed))}; the words stand at {now} today",
                do=f"Print {now}; the transcript was corrected, or the width changed",
            )
        else:
            yield one


def _are_there(one: CheckedQuotation, lines: LineIndex, index: WordIndex) -> bool:
    first, last = one.quotation.lines or (0, 0)
    matches = index.matches(tokens.pattern(one.quotation.text), one.quotation.speaker)
    at = (lines.at(match.start, match.end) for match in matches)
    return any(first <= start and end <= last for start, end in at)


def _named(numbers: str) -> str:
    return f"lines {numbers}" if "-" in numbers else f"line {numbers}"
