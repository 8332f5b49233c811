"""How alike two texts are: the cosine of their TF-IDF vectors, of words and of runs of characters
(3 to 5, within words).

Counts are taken once. How much a word weighs is worked out anew from the texts up to a given one,
so that a replay knows nothing of what came later. Sums run in a fixed order on one processor, in
float64: the same texts give the same figures anywhere.

TF-IDF as scikit-learn has it: 1 + ln(tf), idf = ln((1 + n) / (1 + df)) + 1, rows of length 1
(Salton & Buckley 1988).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    from scipy.sparse import csr_matrix

WORD = r"(?u)\w(?:[\w'’]*\w)?"
CHARACTERS = (3, 5)


class FeatureCounts:
    """TurnTexts as counts of one kind of feature, each damped to 1 + ln; `squares` are kept for
    the rows' lengths."""

    def __init__(self, counts: csr_matrix) -> None:
        import numpy as np

        self.rows = counts.tocsr()
        self.rows.sort_indices()
        self.rows.data = 1 + np.log(self.rows.data)
        self.squares = self.rows.copy()
        self.squares.data = self.squares.data**2

    def __getitem__(self, rows: slice | np.ndarray) -> FeatureCounts:
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
    products: np.ndarray = (texts.rows @ weighted.T.tocsr()).T.toarray()
    products /= queries.lengths(weights)[:, None]
    products /= texts.lengths(weights)[None, :]
    return products


class TurnTexts:
    """The turns of a study, in order, as words and as characters; and other texts in
    the same features."""

    def __init__(self, texts: Sequence[str]) -> None:
        import numpy as np
        from sklearn.feature_extraction.text import CountVectorizer  # type: ignore[import-untyped]

        words = CountVectorizer(token_pattern=WORD, dtype=np.float64)
        self._analysed = words.build_analyzer()
        found = sorted({word for text in texts for word in self._analysed(text)}) or ["nothing"]
        self._words = CountVectorizer(token_pattern=WORD, vocabulary=found, dtype=np.float64)
        self._characters = CountVectorizer(
            analyzer="char_wb", ngram_range=CHARACTERS, dtype=np.float64
        )
        self._spelled = self._characters.fit_transform(
            found
        )  # each word's characters, counted once
        counts = self._words.transform(texts)
        self.words, self.characters = FeatureCounts(counts), FeatureCounts(counts @ self._spelled)
        self._seen = {
            "words": (0, self.words.frequencies(0, 0)),
            "characters": (0, self.characters.frequencies(0, 0)),
        }

    def stretches(self, texts: Sequence[str]) -> tuple[FeatureCounts, FeatureCounts]:
        """Stretches of turns as words and as characters."""
        counts = self._words.transform(texts)
        return FeatureCounts(counts), FeatureCounts(counts @ self._spelled)

    def labels(self, labels: Sequence[str]) -> FeatureCounts:
        """Labels as characters, those of words that no turn has included."""
        return FeatureCounts(
            self._characters.transform([" ".join(self._analysed(label)) for label in labels])
        )

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
