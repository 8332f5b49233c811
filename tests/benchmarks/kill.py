"""Kill `gtpipe run` at random moments and see that nothing is lost.

By hand:

    python tests/benchmarks/kill.py

A study of 100 interviews is made up, without sheets, so that a run makes 100 of a person's files at
once and then the derived ones. Each round copies it, kills a run with SIGKILL at a random moment
between its start and its usual end, and lets another run go to its end. With `--at-change`, the
moment is one of the few milliseconds in which the sheets, written already, are put in their places.
What stood before must stand unchanged after the kill; after the second run the study must be, byte
for byte, what a run nobody disturbed makes of it. Exits 1 when it is not so.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import random
import shutil
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from statistics import median

from generate import generate

from gtpipe.store.layout import DATA, DERIVED, LOG, SHEETS, UNFINISHED
from gtpipe.store.placing import TEMPORARY

RUN = (sys.executable, "-m", "gtpipe", "run")
SIZE = {"interviews": 100, "turns": 40, "codings": 0, "codes": 300}
PUTTING = 0.01  # seconds that the replacing of so many files takes

Hashes = dict[str, str]


def hashes(study: Path) -> Hashes:
    """Path → hash of every file under `data/`, the log excepted."""
    files = (path for path in (study / DATA).rglob("*") if path.is_file())
    named = ((path.relative_to(study).as_posix(), path) for path in files)
    return {
        name: hashlib.sha256(path.read_bytes()).hexdigest() for name, path in named if name != LOG
    }


def undisturbed(study: Path, copy: Path) -> tuple[Hashes, float]:
    """What a whole run makes of a copy of `study`, and how many seconds it takes: the middle of
    three.
    """
    took = []
    for _ in range(3):
        shutil.copytree(study, copy)
        start = time.monotonic()
        subprocess.run(RUN, cwd=copy, check=True, capture_output=True)
        took.append(time.monotonic() - start)
        made = hashes(copy)
        shutil.rmtree(copy)
    return made, median(took)


def kill_a_run(study: Path, moment: float, at_change: bool) -> bool:
    """Start a run and kill it after so many seconds, counted `at_change` from the record of a
    change half made.

    Whether the run was still going on then.
    """
    with subprocess.Popen(
        RUN, cwd=study, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    ) as process:
        while at_change and not (study / UNFINISHED).exists() and process.poll() is None:
            pass
        time.sleep(moment)
        if process.poll() is not None:
            return False
        process.kill()
    return True


def left_behind(study: Path) -> list[str]:
    """What a killed run left: temporary files, and the record of a change half made."""
    names = (path.relative_to(study).as_posix() for path in study.rglob("*"))
    return sorted(name for name in names if name.endswith((TEMPORARY, Path(UNFINISHED).name)))


def stage_of_death(study: Path) -> str:
    """How far the killed run came, by what it left behind."""
    left = left_behind(study)
    if UNFINISHED in left:
        return "while the sheets were put in place"
    if any(name.startswith(SHEETS) for name in left):
        return "while the sheets were written"
    if any((study / SHEETS).iterdir()):
        return "with the sheets in place"
    return "before anything was written"


def lost(before: Hashes, now: Hashes) -> Iterator[str]:
    """A person's files that changed or are gone."""
    for path in sorted(before):
        if not path.startswith(DERIVED) and now.get(path) != before[path]:
            yield f"{path} {'changed' if path in now else 'is gone'}"


def different(wanted: Hashes, now: Hashes) -> Iterator[str]:
    """What the second run made otherwise than a run nobody disturbed."""
    for path in sorted({*wanted, *now}):
        if now.get(path) != wanted.get(path):
            how = (
                "is too much"
                if path not in wanted
                else "is missing"
                if path not in now
                else "is different"
            )
            yield f"{path} {how} after the second run"


def wrong_in_log(study: Path, made: set[str]) -> Iterator[str]:
    """The log must tell of each file in `made` once."""
    try:
        records = [
            json.loads(line) for line in (study / LOG).read_text(encoding="utf-8").splitlines()
        ]
    except ValueError as exc:
        yield f"{LOG} cannot be read: {exc}"
        return
    told = Counter(path for record in records for path in record["files"])
    for path in sorted({*made, *told}):
        if told[path] != (path in made):
            yield f"{LOG} tells {told[path]} times of {path}"


def violations(study: Path, before: Hashes, wanted: Hashes) -> Iterator[str]:
    """Everything that is not as it must be in `study`, in which a run was just killed."""
    yield from lost(before, hashes(study))
    second = subprocess.run(RUN, cwd=study, capture_output=True, text=True)
    if second.returncode:
        yield f"the second run ended with exit code {second.returncode}: {second.stderr.strip()}"
    now = hashes(study)
    yield from lost(before, now)
    yield from different(wanted, now)
    yield from (f"{path} was left behind" for path in left_behind(study))
    yield from wrong_in_log(
        study, {path for path in wanted if path not in before and not path.startswith(DERIVED)}
    )


def main() -> int:
    parser = argparse.ArgumentParser(
        description="Kill gtpipe run at random moments and see that nothing is lost."
    )
    parser.add_argument("--rounds", type=int, default=500)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument(
        "--at-change", action="store_true", help="kill while the sheets are put in their places"
    )
    asked = parser.parse_args()
    chance = random.Random(asked.seed)
    deaths: Counter[str] = Counter()
    failed = 0
    with tempfile.TemporaryDirectory() as scratch:
        os.environ["GTPIPE_STATE_HOME"] = f"{scratch}/state"
        study, copy = Path(scratch) / "study", Path(scratch) / "copy"
        generate(study, **SIZE, seed=asked.seed)
        before = hashes(study)
        wanted, usual = undisturbed(study, copy)
        for number in range(1, asked.rounds + 1):
            shutil.copytree(study, copy)
            moment = chance.uniform(0, PUTTING if asked.at_change else usual)
            killed = kill_a_run(copy, moment, asked.at_change)
            deaths[stage_of_death(copy) if killed else "not at all: the run was done"] += 1
            found = list(violations(copy, before, wanted))
            failed += bool(found)
            for violation in found:
                print(f"round {number}, killed after {moment:.3f} s: {violation}", flush=True)
            shutil.rmtree(copy)
    print(f"{asked.rounds} runs of {usual:.2f} s, seed {asked.seed}; killed")
    for death, count in deaths.most_common():
        print(f"{count:>6}  {death}")
    print(f"{failed} rounds with a violation" if failed else "no violation")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
