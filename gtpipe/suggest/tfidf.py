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
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    from scipy.sparse import csr_matrix

WORD = re.compile(r"\w(?:[\w'’]*\w)?")
CHARACTERS = (3, 5)


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
        turns = [_words_of(text) for text in texts]
        found = sorted(set().union(*turns)) or ["nothing"]
        self._words = {word: number for number, word in enumerate(found)}
        runs = [_runs_of(word) for word in found]
        known = sorted(set().union(*runs))
        self._characters = {run: number for number, run in enumerate(known)}
        self._spelled = _counts(runs, self._characters)  # each word's characters, counted once
        self.words, self.characters = self._both(turns)
        self._seen = {
            "words": (0, self.words.frequencies(0, 0)),
            "characters": (0, self.characters.frequencies(0, 0)),
        }

    def stretches(self, texts: Sequence[str]) -> tuple[FeatureCounts, FeatureCounts]:
        """Stretches of turns as words and as characters."""
        return self._both(map(_words_of, texts))

    def _both(self, texts: Iterable[Iterable[str]]) -> tuple[FeatureCounts, FeatureCounts]:
        """Texts as words and as characters; characters by the damped counts of words."""
        words = FeatureCounts(_counts(texts, self._words))
        return words, FeatureCounts(words.rows @ self._spelled)

    def labels(self, labels: Sequence[str]) -> FeatureCounts:
        """Labels as characters, those of words that no turn has included."""
        runs = ([run for word in _words_of(label) for run in _runs_of(word)] for label in labels)
        return FeatureCounts(_counts(runs, self._characters))

    def weights(self, kind: str, end: int) -> np.ndarray:
        """The squared idf of each feature in the turns before row `end`; 0 for one that none
        of them has."""
        counted = self.words if kind == "words" else self.characters
        start, frequencies = self._seen[kind]
        if start > end:
            start, frequencies = 0, counted.frequencies(0, 0)
        frequencies = frequencies + counted.frequencies(start, end)
        self._seen[kind] = (end, frequencies)
        return squared_idf(frequencies, end)


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
    import numpy as np
    from scipy.sparse import csr_matrix

    columns, ends = array("i"), array("i", (0,))
    for text in texts:
        columns.extend([numbers[feature] for feature in text if feature in numbers])
        ends.append(len(columns))
    found = (np.ones(len(columns)), np.array(columns, np.intc), np.array(ends, np.intc))
    made = csr_matrix(found, shape=(len(ends) - 1, len(numbers)))
    made.sum_duplicates()
    return made
