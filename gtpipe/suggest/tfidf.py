"""How alike two texts are: the cosine of their TF-IDF vectors, of words and of runs of characters
(3 to 5, within words).

Counts are taken once. How much a word weighs is worked out anew from the texts up to a given one,
so that a replay knows nothing of what came later. Sums run in a fixed order on one processor, in
float64: the same texts give the same figures anywhere.

TF-IDF as scikit-learn has it: 1 + ln(tf), idf = ln((1 + n) / (1 + df)) + 1, rows of length 1
(Salton & Buckley 1988).
"""

from __future__ import annotations

import re
from array import array
from collections.abc import Iterable, Mapping, Sequence
from functools import cached_property
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    from scipy.sparse import csr_matrix

WORD = re.compile(r"\w(?:[\w'’]*\w)?")
CHARACTERS = (3, 5)
AT_A_TIME = 4096  # texts whose characters are counted at once


class FeatureCounts:
    """TurnTexts as counts of one kind of feature, each damped to 1 + ln; `squares` are kept for
    the rows' lengths."""

    def __init__(self, counts: csr_matrix) -> None:
        import numpy as np
        from scipy.sparse import csr_matrix

        self.rows = counts.tocsr()
        self.rows.sort_indices()
        self.rows.data = 1 + np.log(self.rows.data)
        self.squares = csr_matrix(
            (self.rows.data**2, self.rows.indices, self.rows.indptr), shape=self.rows.shape
        )

    def __getitem__(self, rows: slice | np.ndarray) -> FeatureCounts:
        if isinstance(rows, slice) and rows.indices(self.rows.shape[0]) == (
            0,
            self.rows.shape[0],
            1,
        ):
            return self
        part = object.__new__(FeatureCounts)
        part.rows, part.squares = self.rows[rows], self.squares[rows]
        return part

    def lengths(self, weights: np.ndarray) -> np.ndarray:
        """The length of each row under squared weights; 1 for a row without features."""
        import numpy as np

        lengths: np.ndarray = np.sqrt(self.squares @ weights)
        lengths[lengths == 0] = 1
        return lengths

    def frequencies(self, start: int = 0, stop: int = -1) -> np.ndarray:
        """In how many of some rows, all where no bounds are given, each feature stands."""
        import numpy as np

        here = self.rows.indices[self.rows.indptr[start] : self.rows.indptr[stop]]
        return np.bincount(here, minlength=self.rows.shape[1])

    def unit(self, weights: np.ndarray) -> csr_matrix:
        """Rows of length 1 under squared weights; rows without features stay 0."""
        import numpy as np

        rows = self.rows.copy()
        rows.data = (
            rows.data
            * np.sqrt(weights[rows.indices])
            / np.repeat(self.lengths(weights), np.diff(rows.indptr))
        )
        return rows


def squared_idf(frequencies: np.ndarray, texts: int) -> np.ndarray:
    """The squared idf of features that stand in so many of some texts; 0 for one that
    stands in none."""
    import numpy as np

    idf: np.ndarray = np.log((1 + texts) / (1 + frequencies)) + 1
    return np.where(frequencies > 0, idf**2, 0.0)


def cosines(queries: FeatureCounts, texts: FeatureCounts, weights: np.ndarray) -> np.ndarray:
    """Queries × texts: how alike they are, 0 to 1, under the squared weights of the features."""
    weighted = queries.rows.copy()
    weighted.data = weighted.data * weights[weighted.indices]
    products: np.ndarray = (
        (texts.rows @ weighted.T.tocsr()).T.toarray()
        if weighted.shape[0] != 1
        else (texts.rows @ weighted.toarray().ravel())[None, :]  # the same sums, and faster
    )
    products /= queries.lengths(weights)[:, None]
    products /= texts.lengths(weights)[None, :]
    return products


class TurnTexts:
    """The turns of a study, in order, as words and as characters; and other texts in
    the same features."""

    def __init__(self, texts: Sequence[str]) -> None:
        import numpy as np

        first: dict[str, int] = {}  # each word with a number, as it comes first
        columns, ends = array("i"), array("i", (0,))
        for text in texts:
            columns.extend([first.setdefault(word, len(first)) for word in _words_of(text)])
            ends.append(len(columns))
        found = sorted(first) or ["nothing"]
        self._words = {word: number for number, word in enumerate(found)}
        numbers = np.array([self._words[word] for word in first], np.intc)
        self.words = FeatureCounts(_counted(numbers[np.asarray(columns)], ends, len(found)))
        runs = [_runs_of(word) for word in found]
        known = sorted(set().union(*runs))
        self._characters = {run: number for number, run in enumerate(known)}
        self._spelled = _counts(runs, self._characters)  # each word's characters, counted once
        self._seen = {kind: (0, self._frequencies(kind, 0, 0)) for kind in ("words", "characters")}

    @cached_property
    def characters(self) -> FeatureCounts:
        """The turns as characters, by the damped counts of words."""
        return self._spell(self.words)

    def characters_of(self, turns: Sequence[int], texts: Sequence[str]) -> FeatureCounts:
        """Some turns, by their rows, and then other texts as characters."""
        import numpy as np
        from scipy.sparse import vstack

        words = object.__new__(FeatureCounts)
        counted = FeatureCounts(_counts(map(_words_of, texts), self._words))
        words.rows = vstack([self.words.rows[np.array(turns, np.intc)], counted.rows], "csr")
        return self._spell(words)

    def stretches(self, texts: Sequence[str]) -> tuple[FeatureCounts, FeatureCounts]:
        """Stretches of turns as words and as characters."""
        words = FeatureCounts(_counts(map(_words_of, texts), self._words))
        return words, self._spell(words)

    def _spell(self, words: FeatureCounts) -> FeatureCounts:
        return FeatureCounts(words.rows @ self._spelled)

    def labels(self, labels: Sequence[str]) -> FeatureCounts:
        """Labels as characters, those of words that no turn has included."""
        runs = ([run for word in _words_of(label) for run in _runs_of(word)] for label in labels)
        return FeatureCounts(_counts(runs, self._characters))

    def weights(self, kind: str, end: int) -> np.ndarray:
        """The squared idf of each feature in the turns before row `end`; 0 for one that none
        of them has."""
        start, frequencies = self._seen[kind]
        if start > end:
            start, frequencies = 0, self._frequencies(kind, 0, 0)
        frequencies = frequencies + self._frequencies(kind, start, end)
        self._seen[kind] = (end, frequencies)
        return squared_idf(frequencies, end)

    def _frequencies(self, kind: str, start: int, end: int) -> np.ndarray:
        """In how many turns from row `start` to `end` each feature stands; where nothing else is
        asked of their characters, some turns are spelled at a time.
        """
        import numpy as np

        if kind == "words":
            return self.words.frequencies(start, end)
        if "characters" in self.__dict__:
            return self.characters.frequencies(start, end)
        found = np.zeros(self._spelled.shape[1], dtype=np.int64)
        for row in range(start, end, AT_A_TIME):
            spelled = self.words.rows[row : min(row + AT_A_TIME, end)] @ self._spelled
            found += np.bincount(spelled.indices, minlength=len(found))
        return found


def _words_of(text: str) -> list[str]:
    """The words of a text, in small letters."""
    return WORD.findall(text.lower())


def _runs_of(word: str) -> list[str]:
    """The runs of characters in a word with a space before and behind; of each length, a word that
    is shorter counts as one."""
    spaced, found = f" {word} ", []
    for length in range(CHARACTERS[0], CHARACTERS[1] + 1):
        more = max(len(spaced) - length, 0)
        found += [spaced[start : start + length] for start in range(more + 1)]
        if not more:
            break
    return found


def _counts(texts: Iterable[Iterable[str]], numbers: Mapping[str, int]) -> csr_matrix:
    """Texts × features: how often each of the features that have a number stands in a text."""
    columns, ends = array("i"), array("i", (0,))
    for text in texts:
        columns.extend([numbers[feature] for feature in text if feature in numbers])
        ends.append(len(columns))
    return _counted(columns, ends, len(numbers))


def _counted(columns: Sequence[int] | np.ndarray, ends: Sequence[int], size: int) -> csr_matrix:
    """Texts × `size` features: from the feature at each place, and where each text ends."""
    import numpy as np
    from scipy.sparse import csr_matrix

    found = (np.ones(len(columns)), np.array(columns, np.intc), np.array(ends, np.intc))
    made = csr_matrix(found, shape=(len(ends) - 1, size))
    made.sum_duplicates()
    return made
