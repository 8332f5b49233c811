"""How near the turns of an interview are to everything else that is said in the study,
and to labels.

Worked out for an interview at a time and kept, or for one turn where no more is asked for, so that
ranking anew after one more code is a matter of milliseconds. The figures are the same. Nothing in
here knows who coded what.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cached_property
from typing import TYPE_CHECKING

from gtpipe.model.records import INTERVIEWER, Material
from gtpipe.suggest.records import TurnRef
from gtpipe.suggest.tfidf import FeatureCounts, TurnTexts, cosines, squared_idf

if TYPE_CHECKING:
    import numpy as np
    from scipy.sparse import csr_matrix

Stretch = tuple[int, tuple[int, int]]  # a turn's row, and a place in its text


class TurnSimilarity:
    """The turns of a study as rows, in study order, and how near one is to others. `question_of` is
    -1 where nobody asked."""

    def __init__(self, material: Material) -> None:
        import numpy as np

        self.turn_by_turn = False  # whether one turn is asked for at a time, not an interview
        self.rows: dict[TurnRef, int] = {}
        self.places: list[TurnRef] = []
        self.bounds: dict[str, tuple[int, int]] = {}
        self._spoken: list[str] = []
        questions: list[int] = []
        for interview in material.interviews.values():
            start, question = len(self.places), -1
            for turn in interview.turns:
                if interview.speakers.get(turn.label) == INTERVIEWER:
                    question = len(self.places)
                self.rows[TurnRef(interview.name, turn.id)] = len(self.places)
                self.places.append(TurnRef(interview.name, turn.id))
                self._spoken.append(turn.text)
                questions.append(question)
            self.bounds[interview.name] = (start, len(self.places))
        self.question_of = np.array(questions, dtype=np.int64)
        self._texts = TurnTexts(self._spoken)
        self._kept: dict[str, tuple[object, np.ndarray]] = {}
        self._counted: dict[str, tuple[object, tuple[FeatureCounts, ...]]] = {}

    def start(self, row: int) -> int:
        """The row of the first turn of the interview that a row belongs to."""
        return self.bounds[self.places[row].interview][0]

    def stop(self, row: int) -> int:
        """The row behind the last turn of that interview."""
        return self.bounds[self.places[row].interview][1]

    def turns(self, row: int, until: str) -> tuple[np.ndarray, np.ndarray]:
        """How near a turn is to those up to the end of an interview, by words and by characters."""
        import numpy as np

        (start, stop), end = self._together(row), self._end(until)

        def work_out() -> np.ndarray:
            words, characters = self._texts.words, self._texts.characters
            return np.stack(
                [
                    cosines(words[start:stop], words[:end], self._texts.weights("words", end)),
                    cosines(
                        characters[start:stop],
                        characters[:end],
                        self._texts.weights("characters", end),
                    ),
                ]
            )

        both = self._once("turns", (start, end), work_out)
        return both[0, row - start], both[1, row - start]

    def stretches(
        self, row: int, until: str, stretches: tuple[Stretch, ...]
    ) -> tuple[np.ndarray, np.ndarray]:
        """How near a turn is to stretches of turns, by words and by characters."""
        import numpy as np

        (start, stop), end = self._together(row), self._end(until)

        def work_out() -> np.ndarray:
            words, characters = self._count(
                "stretches",
                stretches,
                lambda: self._texts.stretches(
                    [self._spoken[turn][slice(*span)] for turn, span in stretches]
                ),
            )
            return np.stack(
                [
                    cosines(
                        self._texts.words[start:stop], words, self._texts.weights("words", end)
                    ),
                    cosines(
                        self._texts.characters[start:stop],
                        characters,
                        self._texts.weights("characters", end),
                    ),
                ]
            )

        if not stretches:
            return np.zeros(0), np.zeros(0)
        both = self._once("stretches", (start, end, stretches), work_out)
        return both[0, row - start], both[1, row - start]

    def labels(self, row: int, until: str, labels: tuple[str, ...]) -> np.ndarray:
        """How near a turn is to labels, by characters."""
        (start, stop), end = self._together(row), self._end(until)

        def work_out() -> np.ndarray:
            (counted,) = self._count("labels", labels, lambda: (self._texts.labels(labels),))
            return cosines(
                self._texts.characters[start:stop], counted, self._texts.weights("characters", end)
            )

        near: np.ndarray = self._once("labels", (start, end, labels), work_out)[row - start]
        return near

    def labels_by_characters(self, labels: Sequence[str]) -> csr_matrix:
        """Labels as rows of length 1, weighed as among labels, where `being` or `getting` says
        little.
        """
        counted = self._texts.labels(labels)
        return counted.unit(squared_idf(counted.frequencies(), len(labels)))

    def by_characters(self, stretches: Sequence[tuple[int, tuple[int, int] | None]]) -> csr_matrix:
        """Stretches (None: the whole turn) as rows of length 1, weighed as in all interviews."""
        whole = [turn for turn, span in stretches if span is None]
        tied = [self._spoken[turn][slice(*span)] for turn, span in stretches if span is not None]
        rows = self._texts.characters_of(whole, tied).unit(self._all_weights)
        where = iter(range(len(whole)))
        behind = iter(range(len(whole), len(stretches)))
        return rows[[next(where if span is None else behind) for _, span in stretches]]

    @cached_property
    def _all_weights(self) -> np.ndarray:
        return self._texts.weights("characters", len(self.places))

    def _together(self, row: int) -> tuple[int, int]:
        """The rows that are worked out with a turn's: those of its interview, or it alone."""
        return (row, row + 1) if self.turn_by_turn else self.bounds[self.places[row].interview]

    def _end(self, until: str) -> int:
        return self.bounds[until][1] if until else len(self.places)

    def _once(self, name: str, what: object, work_out: Callable[[], np.ndarray]) -> np.ndarray:
        """What was worked out last under this name, if it was the same."""
        if self._kept.get(name, (None, None))[0] != what:
            self._kept[name] = (what, work_out())
        return self._kept[name][1]

    def _count(
        self, name: str, what: object, count: Callable[[], tuple[FeatureCounts, ...]]
    ) -> tuple[FeatureCounts, ...]:
        """Stretches or labels as they were counted last, if they were the same."""
        if self._counted.get(name, (None, ()))[0] != what:
            self._counted[name] = (what, count())
        return self._counted[name][1]
