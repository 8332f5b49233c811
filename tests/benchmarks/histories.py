"""Random histories by the thousand.

By hand:

    python tests/benchmarks/histories.py --histories 3000

Each is a small study that two people code, change, correct and merge in git (`../histories.py`).
What one loses is printed with the steps that led there.
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
from histories import BrokenLawError, History


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--histories", type=int, default=3000)
    parser.add_argument("--first", type=int, default=0, help="the first seed")
    parser.add_argument("--steps", type=int, default=8)
    asked = parser.parse_args()
    broken, begun = 0, time.process_time()
    with tempfile.TemporaryDirectory() as folder:
        os.environ["GTPIPE_STATE_HOME"] = f"{folder}/state"
        base = Path(folder) / "base"
        History(base, 0).make()
        for seed in range(asked.first, asked.first + asked.histories):
            with tempfile.TemporaryDirectory() as place:
                try:
                    History(Path(place) / "study", seed).play(base, asked.steps)
                except BrokenLawError as exc:
                    broken += 1
                    print(f"{exc}\n")
    print(
        f"{asked.histories} histories of {asked.steps} steps: {broken} lost something; "
        f"{time.process_time() - begun:.0f} s of CPU"
    )
    return bool(broken)


if __name__ == "__main__":
    sys.exit(main())
