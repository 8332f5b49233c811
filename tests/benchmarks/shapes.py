"""Random interviews in random shapes among random lines, many of them: how many are read right, how
many asked about, and whether any word stands under another speaker.

    python tests/benchmarks/shapes.py --rounds 10000 --seed 1
"""

from __future__ import annotations

import argparse
import random
import sys
import time
from collections import Counter
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "readers"))

from printed import PLAIN, conversation, examples, printed, with_junk
from test_shapes import no_word_in_another_mouth

from gtpipe.model.problems import UserError
from gtpipe.readers.lines import plain
from gtpipe.readers.lines.known_shapes import KNOWN_SHAPES
from gtpipe.readers.reading import Hints


def one_round(seed: int) -> str:
    """What came of one interview: read, asked, or wrong."""
    chance = random.Random(seed)
    forms = [example for shape in KNOWN_SHAPES for example in examples(shape)]
    example = chance.choice([*forms, *PLAIN])
    talk = conversation(chance)
    text, junk = with_junk(printed(talk, example, chance.choice(("\n", "\n", ""))), chance)
    known = frozenset(chance.sample(sorted({turn.label for turn in talk}), 1))
    try:
        reading = plain.read(text.encode(), "in/a.txt", Hints(known))
    except UserError:
        return "asked"
    unknown = set(reading.labels()) - {turn.label for turn in talk}
    if reading.doubts or reading.left_out or unknown:
        return "asked"
    try:
        no_word_in_another_mouth(text, talk, junk, reading)
    except AssertionError as wrong:
        print(f"seed {seed}, {example}: {wrong}\n")
        return "wrong"
    return "read"


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=10_000)
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    began = time.process_time()
    results = Counter(one_round(given.seed * 1_000_003 + n) for n in range(given.rounds))
    print(f"{dict(results)} in {time.process_time() - began:.0f} s CPU")
    sys.exit(1 if results["wrong"] else 0)
