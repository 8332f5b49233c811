"""Your codes: which of the codes that people gave before may fit a turn.

Learned from what people wrote in this study and from nothing else: neither suggestions, nor what
was rejected, nor codes made by a machine; and at a turn, not from the codes of later turns of its
interview, which whoever reads in order has not given yet. A code is as near to a turn as the
incidents it was given to (their words, their characters, and the question they answer) and as its
own label. How often it was given counts a little. Whether the coded turns just before have it
counts as much as codes were seen to come again from turn to turn in this study: some people code
passages, others line by line. The weights were chosen on seven interviews
(tests/benchmarks/suggest.py) and are few on purpose.
"""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Iterator
from itertools import islice
from typing import TYPE_CHECKING, NamedTuple

from gtpipe.model.level import INITIAL
from gtpipe.model.names import label_order
from gtpipe.model.records import Coding, Material
from gtpipe.suggest.calibration import Calibration
from gtpipe.suggest.records import AUTHOR, YOURS, Suggestion, TurnRef
from gtpipe.suggest.turn_similarity import Stretch, TurnSimilarity

if TYPE_CHECKING:
    import numpy as np

MOST = 5  # suggestions at a turn
LEAST = 0.1  # the score below which nothing is worth saying
DIGITS = 4  # strengths are rounded before they are compared, so that every machine has one order
WHOLE = -1  # instead of a stretch: the turn as a whole


class Weights(NamedTuple):
    """How much each signal counts. `sharp`: the higher, the more a code is as near as its
    nearest incident alone."""

    words: float = 1 / 3
    characters: float = 1 / 3
    question: float = 1 / 3
    sharp: float = 6
    label: float = 1
    often: float = 0.02
    before: float = 0.5


WEIGHTS = Weights()


class Ranked(NamedTuple):
    """Numbers of codes, the nearest first, and how strong each is."""

    codes: np.ndarray
    strengths: np.ndarray

    def first(self, most: int) -> list[tuple[int, float]]:
        """The nearest codes, each with its strength."""
        codes, strengths = self.codes[:most].tolist(), self.strengths[:most].tolist()
        return list(zip(codes, strengths, strict=True))


class Incidents(NamedTuple):
    """Code, turn (a row) and stretch (WHOLE: none) of each incident taught, in the
    order of teaching."""

    codes: np.ndarray
    turns: np.ndarray
    stretches: np.ndarray


def trains(coding: Coding) -> bool:
    """Whether a coding is one to learn from: an initial code that a person gave to
    a participant's turn, and not to several turns."""
    a_turn = coding.participant != "" and not coding.turns
    return coding.level == INITIAL and a_turn and coding.coder != AUTHOR


def _columns(incidents: Iterable[tuple[int, int, int]]) -> tuple[array[int], ...]:
    """Codes, turns and stretches of incidents."""
    rows = list(incidents)
    return tuple(array("q", (row[column] for row in rows)) for column in range(3))


class Learner:
    """What can be suggested at the turns of a study, given the codings it was taught so far.
    `labels` by number of code."""

    def __init__(
        self,
        material: Material,
        weights: Weights = WEIGHTS,
        similarity: TurnSimilarity | None = None,
    ) -> None:
        self.similarity = similarity or TurnSimilarity(material)
        self.labels: list[str] = []
        self.numbers: dict[str, int] = {}
        self._weights = weights
        self._stretches: dict[Stretch, int] = {}
        self._incidents: dict[tuple[int, int, int], None] = {}
        self._columns = _columns(())  # the same by column: turned into arrays in no time
        self._at: dict[int, dict[int, int]] = {}  # turn → its codes, and by how many incidents
        self._again: dict[
            int, bool
        ] = {}  # coded turn with one before it in its interview → whether they share a code
        self._repeated = 0
        self._taught: Incidents | None = None
        self._order: np.ndarray | None = None
        self._last: tuple[int, str, Incidents, np.ndarray] | None = None

    # --- teaching ---------------------------------------------------------------------------------

    def read(self, codings: Iterable[Coding]) -> None:
        """Take note of labels and stretches that will be taught, all at once: it is faster. They
        teach nothing yet."""
        for coding in codings:
            if trains(coding):
                self._key(coding)

    def learn(self, codings: Iterable[Coding]) -> None:
        """Learn from codings; one that is known already, of another coder, or not a
        person's, changes nothing."""
        changed: dict[int, None] = {}
        for coding in codings:
            if trains(coding) and (key := self._key(coding)) not in self._incidents:
                self._incidents[key] = None
                for column, part in zip(self._columns, key, strict=True):
                    column.append(part)
                codes = self._at.setdefault(key[1], {})
                codes[key[0]] = codes.get(key[0], 0) + 1
                changed[key[1]] = None
        for row in changed:
            self._changed(row)

    def forget(self, coding: Coding) -> None:
        """Unlearn a coding that was taken back."""
        if trains(coding) and (key := self._key(coding)) in self._incidents:
            del self._incidents[key]
            self._columns = _columns(self._incidents)
            codes = self._at[key[1]]
            codes[key[0]] -= 1
            if not codes[key[0]]:
                del codes[key[0]]
            self._changed(key[1])

    def _key(self, coding: Coding) -> tuple[int, int, int]:
        row = self.similarity.rows[TurnRef(coding.interview, coding.turn)]
        if coding.code not in self.numbers:
            self.numbers[coding.code] = len(self.labels)
            self.labels.append(coding.code)
            self._order = None
        stretch = (
            WHOLE
            if coding.span is None
            else self._stretches.setdefault((row, coding.span), len(self._stretches))
        )
        return self.numbers[coding.code], row, stretch

    def _changed(self, row: int) -> None:
        """See anew whether codes come again at a turn whose codes changed, and at the coded
        turn behind it."""
        self._taught = None
        stop = self.similarity.stop(row)
        behind = next((other for other in range(row + 1, stop) if self._at.get(other)), None)
        for turn in (row, behind):
            if turn is not None:
                self._repeated -= self._again.pop(turn, False)
                before = next(self._coded_before(turn), None)
                if before is not None and self._at.get(turn):
                    self._again[turn] = not self._at[turn].keys().isdisjoint(self._at[before])
                    self._repeated += self._again[turn]

    def _coded_before(self, row: int) -> Iterator[int]:
        """The coded turns before a turn of an interview, the nearest first."""
        return (
            other
            for other in range(row - 1, self.similarity.start(row) - 1, -1)
            if self._at.get(other)
        )

    # --- ranking ----------------------------------------------------------------------------------

    def rank(self, at: TurnRef, until: str = "") -> Ranked:
        """Every code taught so far and not given at this turn, the nearest first; equals
        in label order. Codes of later turns of the interview are not known here.

        Words weigh as in the interviews up to the one called `until` (none after it may be taught),
        all of them where it is ''.
        """
        import numpy as np

        row, weights, number = self.similarity.rows[at], self._weights, len(self.labels)
        incidents = self._all()
        near = self._near(row, until)
        known = incidents.codes[~self._later(row, incidents)]
        often = np.bincount(known, minlength=number)
        strengths = np.bincount(incidents.codes, near**weights.sharp, minlength=number) ** (
            1 / weights.sharp
        )
        if number:
            strengths += weights.label * self.similarity.labels(row, until, tuple(self.labels))
            strengths += weights.before * self._before(row) + weights.often * np.log1p(
                often
            ) / np.log1p(max(often.max(), 1))
        strengths = np.round(strengths, DIGITS)
        open_here = often > 0
        open_here[list(self._at.get(row, ()))] = False
        found = np.flatnonzero(open_here)
        order = found[np.lexsort((self._label_order()[found], -strengths[found]))]
        return Ranked(order, strengths[order])

    def suggest(
        self,
        at: TurnRef,
        calibration: Calibration,
        *,
        until: str = "",
        most: int = MOST,
        least: float = LEAST,
    ) -> tuple[Suggestion, ...]:
        """The codes that may fit a turn, best first, and the turns it then resembles; () where none
        is worth saying."""
        ranked = self.rank(at, until)
        found = []
        for code, strength in ranked.first(most):
            score = calibration.score(strength)
            if score >= least:
                like = self.like(code, at, until)
                reason = f"like {', '.join(map(str, like))}" if like else "its label's words"
                found.append(Suggestion(at, YOURS, self.labels[code], score, reason, like=like))
        return tuple(found)

    def like(self, code: int, at: TurnRef, until: str = "", most: int = 2) -> tuple[TurnRef, ...]:
        """The other turns with this code that are nearest to a turn, the nearest first; equals
        in study order."""
        import numpy as np

        incidents = self._all()
        near = np.round(self._near(self.similarity.rows[at], until), DIGITS)
        theirs = np.flatnonzero((incidents.codes == code) & (near > 0))
        order = theirs[np.lexsort((incidents.turns[theirs], -near[theirs]))]
        turns = list(dict.fromkeys(incidents.turns[order].tolist()))
        return tuple(self.similarity.places[turn] for turn in turns[:most])

    def _near(self, row: int, until: str) -> np.ndarray:
        """How near each incident is to a turn; 0 for those of the turn itself, which say nothing,
        and of later turns of its interview, which are not known there."""
        incidents = self._all()
        if self._last is None or self._last[:2] != (row, until) or self._last[2] is not incidents:
            self._last = (row, until, incidents, self._work_out_near(row, until, incidents))
        return self._last[3]

    def _work_out_near(self, row: int, until: str, incidents: Incidents) -> np.ndarray:
        import numpy as np

        weights, similarity = self._weights, self.similarity
        words, characters = similarity.turns(row, until)
        near: np.ndarray = (
            weights.words * words[incidents.turns]
            + weights.characters * characters[incidents.turns]
        )
        tied = np.flatnonzero(incidents.stretches != WHOLE)
        if tied.size:
            words, characters = similarity.stretches(row, until, tuple(self._stretches))
            stretches = incidents.stretches[tied]
            near[tied] = (
                weights.words * words[stretches] + weights.characters * characters[stretches]
            )
        question = int(similarity.question_of[row])
        if question >= 0:
            asked = similarity.question_of[incidents.turns]
            near += weights.question * np.where(
                asked >= 0, similarity.turns(question, until)[1][asked], 0.0
            )
        near[(incidents.turns == row) | self._later(row, incidents)] = 0.0
        return near

    def _later(self, row: int, incidents: Incidents) -> np.ndarray:
        """Which incidents are of turns behind this one in its interview."""
        later: np.ndarray = (incidents.turns > row) & (incidents.turns < self.similarity.stop(row))
        return later

    def _before(self, row: int) -> np.ndarray:
        """For the codes of the coded turn before in this interview, how often codes came again;
        half of it for those before."""
        import numpy as np

        found = np.zeros(len(self.labels))
        later = range(row + 1, self.similarity.stop(row))
        again = [self._again[turn] for turn in later if turn in self._again]
        share = (self._repeated - sum(again) + 1) / (len(self._again) - len(again) + 10)
        for other in islice(self._coded_before(row), 2):
            codes = list(self._at[other])
            found[codes] = np.maximum(found[codes], share)
            share /= 2
        return found

    def _all(self) -> Incidents:
        import numpy as np

        if self._taught is None:
            self._taught = Incidents(
                *(np.array(column, dtype=np.int64) for column in self._columns)
            )
        return self._taught

    def _label_order(self) -> np.ndarray:
        """The place of each code in label order."""
        import numpy as np

        if self._order is None:
            in_order = sorted(
                range(len(self.labels)), key=lambda code: label_order(self.labels[code])
            )
            self._order = np.empty(len(self.labels), dtype=np.int64)
            self._order[in_order] = np.arange(len(self.labels))
        return self._order
