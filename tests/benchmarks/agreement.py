"""What agreement between coders costs: who gave what and each figure; in CPU seconds.

By hand:

    python tests/benchmarks/agreement.py [--turns 10000 --coders 10]

Ten coders of 10,000 turns are to take less than 2 s. The library for the nominal alpha is measured
beside it, on the numbers alone.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Callable
from pathlib import Path

import krippendorff
import numpy

sys.path[:0] = [str(Path(__file__).parents[1] / part) for part in ("analysis", ".")]

from test_agreement import coding, interview  # noqa: E402

from gtpipe.analysis.agreement import Measure, figures  # noqa: E402
from gtpipe.analysis.coders import side_by_side  # noqa: E402


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--turns", type=int, default=10_000)
    parser.add_argument("--coders", type=int, default=10)
    given = parser.parse_args()
    coders = [f"C{number}" for number in range(given.coders)]
    study = interview(*[("P", "Well, er, I met him around the ward.")] * given.turns)

    def code(turn: int, number: int) -> int:
        return (turn * 7 + (turn % 9 == number)) % 20

    made = [
        coding(coder, f"code {code(turn, number)}", turn, (number % 3, 20))
        for turn in range(1, given.turns + 1)
        for number, coder in enumerate(coders)
    ]
    print(f"side by side  {took(lambda: side_by_side(study, made, coders)):6.2f} s")
    sides = side_by_side(study, made, coders)
    for measure in Measure:
        print(f"{measure:12}  {took(lambda one=measure: [*figures(one, [sides])]):6.2f} s")
    numbers = numpy.array(
        [[code(turn, number) for turn in range(given.turns)] for number in range(given.coders)]
    )
    alone = took(
        lambda: krippendorff.alpha(reliability_data=numbers, level_of_measurement="nominal")
    )
    print(f"library alone {alone:6.2f} s")


def took(does: Callable[[], object]) -> float:
    before = time.process_time()
    does()
    return time.process_time() - before


if __name__ == "__main__":
    main()
