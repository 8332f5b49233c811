"""CPU time and peak memory of `gtpipe report` on a made-up study, against what they may be.

By hand:

    python tests/benchmarks/report.py [--profile]

100 interviews and 12,000 codings with focused codes, a theory and memos, in a repository of some
commits: the first report, one after one changed sheet, and one where nothing changed. With
`--profile`, the functions in which the first report spends its time. Exits 1 over a limit.
"""

from __future__ import annotations

import argparse
import cProfile
import os
import pstats
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import NamedTuple

from bench import GTPIPE, MEGABYTE, Cost, Size, make_study, measure

REPORT = "data/derived/report"


class Limit(NamedTuple):
    """CPU seconds, and megabytes at the peak."""

    cpu: float
    memory: float


LIMITS = {
    "report, fresh": Limit(10, 400),
    "report, one sheet changed": Limit(2, 400),
    "report, nothing changed": Limit(2, 400),
    "report --words no, fresh": Limit(10, 400),
}


def git(*arguments: str, cwd: Path) -> None:
    who = ("-c", "user.name=Ansa Belu", "-c", "user.email=ansa@example.org")
    subprocess.run(["git", *who, *arguments], cwd=cwd, check=True, capture_output=True)


def committed(study: Path) -> None:
    """The study in a repository: sheets first, then the analysis."""
    (study / ".gitignore").write_text(".gtpipe/\ndata/derived/\n")
    git("init", "-q", cwd=study)
    for what in ("data/transcripts", "data/initial-codes", "."):
        git("add", what, cwd=study)
        git("commit", "-qm", f"Add {what}", cwd=study)


def costs(study: Path) -> dict[str, Cost]:
    """What each report costs, in this order."""
    fresh = measure((*GTPIPE, "report"), study)
    sheet = min((study / "data/initial-codes").iterdir())
    interview = sheet.name.partition(".")[0]
    measure((*GTPIPE, "code", interview, "2", "one code more"), study)
    changed = measure((*GTPIPE, "report"), study)
    again = measure((*GTPIPE, "report"), study)
    without = measure((*GTPIPE, "report", "--words", "no", "--output", "../no-words"), study)
    return dict(zip(LIMITS, (fresh, changed, again, without), strict=True))


def profile(study: Path, lines: int) -> None:
    """Where the first report spends its time."""
    from gtpipe.cli import main as gtpipe

    shutil.rmtree(study / REPORT, ignore_errors=True)
    os.chdir(study)
    profiler = cProfile.Profile()
    profiler.runcall(gtpipe, ["report"])
    for order in ("cumulative", "tottime"):
        pstats.Stats(profiler).sort_stats(order).print_stats(lines)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--interviews", type=int, default=100)
    parser.add_argument("--codings", type=int, default=12_000)
    parser.add_argument("--codes", type=int, default=1500)
    parser.add_argument("--profile", action="store_true")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        study = Path(scratch) / "study"
        make_study(study, Size("", asked.interviews, asked.codings, asked.codes), 100, 1)
        committed(study)
        found = costs(study)
        files = [path for path in (study / REPORT).rglob("*") if path.is_file()]
        size = sum(path.stat().st_size for path in files) / MEGABYTE
        print(f"{len(files):,} files, {size:.1f} MB")
        print(f"{'':<30}{'CPU s':>8}{'at most':>9}{'MB':>8}{'at most':>9}")
        for name, cost in found.items():
            limit = LIMITS[name]
            print(
                f"{name:<30}{cost.cpu:>8.2f}{limit.cpu:>9}"
                f"{cost.memory / MEGABYTE:>8.0f}{limit.memory:>9}"
            )
        if asked.profile:
            profile(study, 45)
    over = [
        name
        for name, cost in found.items()
        if cost.cpu > LIMITS[name].cpu or cost.memory / MEGABYTE > LIMITS[name].memory
    ]
    return bool(over)


if __name__ == "__main__":
    sys.exit(main())
