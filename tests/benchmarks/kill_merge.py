"""Kill `gtpipe codes merge` over 100 sheets at random moments.

By hand:

    python tests/benchmarks/kill_merge.py

After each kill the next command must find the old study or the new one, and nothing between;
temporary files of a command killed before it had decided go with the next that writes. Every second
kill comes while the files are put in their places. Exits 1 when it is not so.
"""

from __future__ import annotations

import argparse
import os
import random
import shutil
import subprocess
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

from generate import generate
from kill import hashes, left_behind

from gtpipe.store.layout import UNFINISHED, Study
from gtpipe.store.placing import TEMPORARY
from gtpipe.study import load

PUTTING = 0.02  # seconds that the replacing of so many files takes


def main() -> int:
    parser = argparse.ArgumentParser(
        description="Kill gtpipe codes merge at random moments and see old or new."
    )
    parser.add_argument("--rounds", type=int, default=500)
    parser.add_argument("--seed", type=int, default=1)
    asked = parser.parse_args()
    chance = random.Random(asked.seed)
    ends: Counter[str] = Counter()
    failed = 0
    with tempfile.TemporaryDirectory() as scratch:
        os.environ["GTPIPE_STATE_HOME"] = f"{scratch}/state"
        study, copy = Path(scratch) / "study", Path(scratch) / "copy"
        generate(study, interviews=100, turns=20, codings=1000, codes=5, seed=asked.seed)
        most = Counter(coding.code for coding in load(Study(study)).codings).most_common(2)
        merge = [
            sys.executable,
            "-m",
            "gtpipe",
            "codes",
            "merge",
            *(label for label, _ in most),
            "--into",
            "both",
            "--why",
            "x",
        ]
        old = hashes(study)
        shutil.copytree(study, copy)
        began = time.monotonic()
        subprocess.run(merge, cwd=copy, check=True, capture_output=True)
        usual = time.monotonic() - began
        new = hashes(copy)
        shutil.rmtree(copy)
        for number in range(1, asked.rounds + 1):
            shutil.copytree(study, copy)
            at_change = number % 2 == 0
            moment = chance.uniform(0, PUTTING if at_change else usual)
            with subprocess.Popen(
                merge, cwd=copy, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
            ) as process:
                while at_change and not (copy / UNFINISHED).exists() and process.poll() is None:
                    pass
                time.sleep(moment)
                process.kill()
            subprocess.run(
                [sys.executable, "-m", "gtpipe", "ingest"],
                cwd=copy,
                check=True,
                capture_output=True,
            )
            now = {
                path: digest
                for path, digest in hashes(copy).items()
                if not path.endswith(TEMPORARY)
            }
            subprocess.run(
                [sys.executable, "-m", "gtpipe", "initial-code"],
                cwd=copy,
                check=True,
                capture_output=True,
            )
            end = "old" if now == old else "new" if now == new else "neither"
            ends[end] += 1
            if end == "neither" or left_behind(copy):
                failed += 1
                print(
                    f"round {number}, killed after {moment:.3f} s: {end}, left behind: "
                    f"{left_behind(copy)[:3]}",
                    flush=True,
                )
            shutil.rmtree(copy)
    print(
        f"{asked.rounds} merges of {usual:.2f} s over 100 sheets, seed {asked.seed}: "
        + ", ".join(f"{n} {end}" for end, n in sorted(ends.items()))
    )
    print(f"{failed} rounds with a violation" if failed else "no violation")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
