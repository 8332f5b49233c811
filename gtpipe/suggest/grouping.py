"""For focused coding: initial codes that may belong together, the focused code one may belong to,
and labels that look alike.

Two codes are as near as their labels and as the incidents they were given to, both by characters. A
focused code is the middle of the initial codes that it takes up. Nothing here decides: these are
prompts to compare, with the incidents beside them.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

from gtpipe.model.names import label_order
from gtpipe.model.records import Coding, FocusedCode, Material
from gtpipe.suggest.code_neighbours import DIGITS, trains
from gtpipe.suggest.records import CodeGroup, Fit, LookAlikes, TurnRef
from gtpipe.suggest.tfidf import AT_A_TIME
from gtpipe.suggest.turn_similarity import TurnSimilarity

if TYPE_CHECKING:
    import numpy as np
    from scipy.sparse import csr_matrix

SIDE_BY_SIDE = 3  # incidents of each
LARGEST = 7  # codes in a group: what can be held side by side
NEAR = 0.95  # codes of a group are nearer, on the average, than this share of all pairs
MOST_CODES = 3_000  # are compared with each other: of more, those with most incidents
ROWS = 512  # are multiplied at once
DENSE = 8  # a column that more than an eighth of the rows has is multiplied as a dense one
ALIKE = 0.6  # labels whose characters have this cosine look alike


class Codes:
    """The initial codes of a study, in label order, MOST_CODES of them at most, and how near they
    are to each other and to its focused codes.

    `current` leads from an old label to the one it counts under.
    """

    def __init__(
        self,
        material: Material,
        codings: Iterable[Coding],
        current: Mapping[str, str] = {},
        similarity: TurnSimilarity | None = None,
    ) -> None:
        import numpy as np
        from scipy.sparse import csr_matrix, vstack

        self._similarity = similarity = similarity or TurnSimilarity(material)
        found: dict[str, dict[tuple[int, tuple[int, int] | None], None]] = {}
        for coding in codings:
            if trains(coding):
                row = similarity.rows[TurnRef(coding.interview, coding.turn)]
                found.setdefault(coding.code, {})[row, coding.span] = None
        by_use = sorted(found, key=lambda label: (-len(found[label]), label_order(label)))
        self.labels = sorted(by_use[:MOST_CODES], key=label_order)
        self.number = {label: number for number, label in enumerate(self.labels)}
        self._stretches = [
            sorted(found[label], key=lambda one: (one[0], one[1] or (-1, -1)))
            for label in self.labels
        ]
        self._places = similarity.places
        labels = similarity.labels_by_characters(self.labels)
        middles = vstack([self._middles_of(some) for some in self._some_at_a_time()], "csr")
        squares = csr_matrix((middles.data**2, middles.indices, middles.indptr), middles.shape)
        lengths = np.sqrt(np.asarray(squares.sum(axis=1)).ravel())
        middles.data *= np.repeat(1 / np.where(lengths > 0, lengths, 1), np.diff(middles.indptr))
        self._middles = middles
        self.alike = (labels @ labels.T).toarray()  # codes × codes: cosine of labels
        self.shared = _products(self._middles)  # of incidents
        # Focused codes in label order, each with the numbers of the codes that it takes up.
        self.focused = {
            label: [
                self.number[named]
                for named in dict.fromkeys(
                    current.get(one.label, one.label) for one in code.takes_up
                )
                if named in self.number
            ]
            for label, code in sorted(
                material.focused.items(), key=lambda item: label_order(item[0])
            )
            if code.parked is None
        }

    def _some_at_a_time(self) -> Iterator[range]:
        """The numbers of the codes, so many at a time that their incidents are not too many for the
        memory.
        """
        start, size = 0, 0
        for number, stretches in enumerate(self._stretches):
            if size and size + len(stretches) > AT_A_TIME:
                yield range(start, number)
                start, size = number, 0
            size += len(stretches)
        yield range(start, len(self._stretches))

    def _middles_of(self, codes: range) -> csr_matrix:
        """Codes × characters: the incidents of each together."""
        import numpy as np
        from scipy.sparse import csr_matrix

        owners = [code - codes.start for code in codes for _ in self._stretches[code]]
        incidents = [one for code in codes for one in self._stretches[code]]
        given = csr_matrix(
            (np.ones(len(owners)), (owners, range(len(owners)))), shape=(len(codes), len(owners))
        )
        middles: csr_matrix = given @ self._similarity.by_characters(incidents)
        return middles

    def incidents(self, label: str, most: int = SIDE_BY_SIDE) -> tuple[TurnRef, ...]:
        """The first turns with a code, in study order."""
        turns = dict.fromkeys(row for row, _ in self._stretches[self.number[label]])
        return tuple(self._places[row] for row in list(turns)[:most])

    # --- the focused code that an initial code may belong to --------------------------------------

    def strengths(self) -> np.ndarray:
        """Codes × focused codes, 0 to 1: how near a code is to the middle of those taken up,
        itself left out."""
        import numpy as np
        from scipy.sparse import csr_matrix

        members = [
            (number, column)
            for column, codes in enumerate(self.focused.values())
            for number in codes
        ]
        rows, columns = ([pair[side] for pair in members] for side in (0, 1))
        taken = csr_matrix(
            (np.ones(len(members)), (rows, columns)), shape=(len(self.labels), len(self.focused))
        )
        return np.round(
            sum(_to_middles(near, taken) for near in (self.alike, self.shared)) / 2, DIGITS
        )

    def fits(
        self, among: Sequence[str], strengths: np.ndarray, most: int = SIDE_BY_SIDE
    ) -> tuple[Fit, ...]:
        """For each code of `among`, the focused codes that it may belong to, the nearest first,
        with what to hold side by side.
        """
        import numpy as np

        names, members = list(self.focused), list(self.focused.values())
        found: list[tuple[int, int, int]] = []  # a code, a focused code, and its nearest code
        for row in (self.number[label] for label in among):
            for column in np.argsort(-strengths[row], kind="stable")[:most].tolist():
                others = [number for number in members[column] if number != row]
                if others and strengths[row, column] > 0:
                    near = {
                        number: round(
                            float(self.alike[row, number] + self.shared[row, number]), DIGITS
                        )
                        for number in others
                    }
                    nearest = min(others, key=lambda number: (-near[number], number))
                    found.append((row, column, nearest))
        beside = self._nearest_incidents([(row, nearest) for row, _, nearest in found])
        return tuple(
            Fit(
                self.labels[row],
                names[column],
                float(strengths[row, column]),
                self.labels[nearest],
                self.incidents(self.labels[row]),
                beside[row, nearest],
            )
            for row, column, nearest in found
        )

    def _nearest_incidents(
        self, pairs: Iterable[tuple[int, int]]
    ) -> dict[tuple[int, int], tuple[TurnRef, ...]]:
        """For pairs of codes, the turns with the second that are nearest to those with the
        first.
        """
        import numpy as np

        of: dict[int, list[int]] = {}
        for row, other in dict.fromkeys(pairs):
            of.setdefault(other, []).append(row)
        found = {}
        for other, rows in of.items():
            stretches = self._stretches[other]
            incidents = self._similarity.by_characters(stretches)
            near = (incidents @ self._middles[rows].T).toarray().round(DIGITS)
            for row, column in zip(rows, np.argsort(-near, axis=0, kind="stable").T, strict=True):
                turns: dict[int, None] = {}
                for number in column:
                    turns[stretches[number][0]] = None
                    if len(turns) == SIDE_BY_SIDE:
                        break
                found[row, other] = tuple(self._places[turn] for turn in turns)
        return found

    def ranks(self) -> list[int]:
        """For each initial code of each focused code: its place when all focused codes are put in
        order without knowing of it."""
        strengths, found = self.strengths(), []
        for own, codes in enumerate(self.focused.values()):
            for row in codes:
                mine = strengths[row, own]
                before = sum(
                    strengths[row, column] > mine
                    or (strengths[row, column] == mine and column < own)
                    for column, others in enumerate(self.focused.values())
                    if column == own or row not in others
                )
                found.append(1 + int(before))
        return found

    def ranks_by_size(self) -> list[int]:
        """The same for a guess that anybody could make: the focused code that takes up
        most comes first."""
        found = []
        for own, codes in enumerate(self.focused.values()):
            for row in codes:
                sizes = [
                    (-sum(one != row for one in others), column)
                    for column, others in enumerate(self.focused.values())
                    if column == own or row not in others
                ]
                found.append(1 + sorted(sizes).index((-(len(codes) - 1), own)))
        return found

    # --- groups and look-alikes -------------------------------------------------------------------

    def groups(self, among: Sequence[str]) -> tuple[CodeGroup, ...]:
        """Codes of `among` that may belong together, at most LARGEST each, the nearest group first.
        No code is in two groups.

        Average linkage (Sokal & Michener 1958); a branch is taken where it has come together above
        the nearness of most pairs.
        """
        import numpy as np
        from scipy.cluster.hierarchy import average, to_tree

        rows = [self.number[label] for label in sorted(among, key=label_order)]
        if len(rows) < 3:
            return ()
        near = np.round((self.alike + self.shared)[np.ix_(rows, rows)] / 2, DIGITS)
        pairs = near[np.triu_indices(len(rows), 1)]
        least = max(float(np.quantile(pairs, NEAR)), 10**-DIGITS)
        found = []
        waiting = [to_tree(average(1 - pairs))]
        while waiting:
            branch = waiting.pop()
            if branch.is_leaf():
                continue
            if branch.count <= LARGEST and 1 - branch.dist >= least:
                labels = tuple(self.labels[rows[leaf]] for leaf in sorted(branch.pre_order()))
                found.append(
                    CodeGroup(
                        labels,
                        round(1 - branch.dist, 2),
                        tuple(self.incidents(label, 1) for label in labels),
                    )
                )
            elif branch.left and branch.right:
                waiting += [branch.left, branch.right]
        return tuple(sorted(found, key=lambda group: (-group.score, label_order(group.codes[0]))))

    def look_alikes(self) -> tuple[LookAlikes, ...]:
        """Pairs of labels that look alike, the most alike first."""
        import numpy as np

        near = np.triu(np.round(self.alike, DIGITS), 1)
        pairs = [
            LookAlikes(self.labels[one], self.labels[other], round(float(near[one, other]), 2))
            for one, other in np.argwhere(near >= ALIKE).tolist()
        ]
        return tuple(
            sorted(
                pairs,
                key=lambda pair: (-pair.score, label_order(pair.one), label_order(pair.other)),
            )
        )


def _products(rows: csr_matrix) -> np.ndarray:
    """Each row times each other: by columns that many rows have as a dense matrix, which takes a
    small part of the time, and by the others as they are.
    """
    import numpy as np

    number, size = rows.shape
    is_common = np.bincount(rows.indices, minlength=size) > number / DENSE
    rare, common = rows[:, ~is_common], rows[:, is_common].tocsc()
    found = np.zeros((number, number))
    for start in range(0, number, ROWS):
        found[start : start + ROWS] = (rare[start : start + ROWS] @ rare.T).toarray()
    for start in range(0, common.shape[1], ROWS):
        part = common[:, start : start + ROWS].toarray()
        found += part @ part.T
    return found


def _to_middles(near: np.ndarray, taken: csr_matrix) -> np.ndarray:
    """From codes × codes, all of length 1, to codes × middles of those `taken`, each code left out
    of its own."""
    import numpy as np

    members = taken.toarray()
    products = (taken.T @ near).T
    squares = np.asarray(taken.multiply(products).sum(axis=0)).ravel()[None, :] - members * (
        2 * products - members
    )
    products = products - members
    cosines: np.ndarray = np.divide(
        products, np.sqrt(np.maximum(squares, 0)), out=np.zeros_like(products), where=squares > 1e-9
    )
    return cosines


def not_taken_up(
    labels: Iterable[str], focused: Iterable[FocusedCode], current: Mapping[str, str] = {}
) -> list[str]:
    """The labels that no focused code takes up."""
    taken = {current.get(named.label, named.label) for code in focused for named in code.takes_up}
    return [label for label in labels if label not in taken]
