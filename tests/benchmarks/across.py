"""CPU time and peak memory of the commands that look across, as a table.

By hand:

    python tests/benchmarks/across.py

A study of 100 interviews with 12,250 codings of 100 codes, and one of 1,000 with 120,000 codings of
1,500, by two coders; each with focused codes and categories. Cold is without the cache; with the
cache is the second time, the smallest of `--repeat` runs.
"""

from __future__ import annotations

import argparse
import os
import platform
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from bench import GTPIPE, HERE, MEGABYTE, PYTHON, Cost, Size, frequent_and_rare, measure, smallest

SIZES = (Size("100", 100, 12_250, 100), Size("1,000", 1000, 120_000, 1500))


def make_study(folder: Path, size: Size, seed: int) -> None:
    def ask(program: str, **asked: int) -> None:
        options = [text for name, number in asked.items() for text in (f"--{name}", str(number))]
        subprocess.run([*PYTHON, str(HERE / program), str(folder), *options], check=True)

    ask(
        "generate.py",
        interviews=size.interviews,
        turns=100,
        codings=size.codings,
        codes=size.codes,
        seed=seed,
        coders=2,
    )
    ask(
        "analysis.py",
        focused=size.codes * 120 // 1500,
        categories=size.codes * 40 // 1500,
        memos=size.codes // 5,
        seed=seed,
    )


def commands(folder: Path) -> dict[str, tuple[str, ...]]:
    """Row of the table → arguments."""
    measure((*GTPIPE, "run"), folder)
    frequent, rare = frequent_and_rare(folder)
    output = ("--output", str(folder / "matrix.xlsx"), "--replace")
    return {
        "--help": ("--help",),
        "codes list, to compare with": ("codes", "list"),
        "matrix --by setting, all focused": ("matrix", "--by", "setting"),
        "  --format csv": ("matrix", "--by", "setting", "--format", "csv"),
        "  --format xlsx": ("matrix", "--by", "setting", "--format", "xlsx", *output),
        "matrix FREQUENT --by interview": ("matrix", frequent, "--by", "interview", "--extracts"),
        "cooccur": ("cooccur",),
        "cooccur --format csv": ("cooccur", "--format", "csv"),
        "cooccur --overlap": ("cooccur", "--overlap"),
        "cooccur --window 5 --order": ("cooccur", "--window", "5", "--order", "--format", "csv"),
        "cooccur --level focused": ("cooccur", "--level", "focused"),
        "cooccur FREQUENT": ("cooccur", frequent),
        "cooccur FREQUENT RARE": ("cooccur", frequent, rare, "--window", "5"),
        "who FREQUENT RARE --by setting": ("who", frequent, rare, "--by", "setting"),
        "find, a rare text": ("find", "gando gada"),
        "find, the most frequent word": ("find", "bada"),
        "find, a pattern": ("find", r"/(?i)gan\w+\W+bada/"),
    }


def costs_of(folder: Path, repeat: int) -> dict[str, tuple[Cost, Cost]]:
    costs = {}
    for name, arguments in commands(folder).items():
        shutil.rmtree(folder / ".gtpipe", ignore_errors=True)
        cold = measure((*GTPIPE, *arguments), folder)
        costs[name] = (
            cold,
            smallest(repeat, lambda _, command=(*GTPIPE, *arguments): measure(command, folder)),
        )
    return costs


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--repeat", type=int, default=3)
    parser.add_argument("--seed", type=int, default=1)
    asked = parser.parse_args()
    print(
        f"{os.cpu_count()} CPUs, {platform.machine()}, {platform.system()}, Python "
        f"{platform.python_version()}"
    )
    for size in SIZES:
        with tempfile.TemporaryDirectory() as scratch:
            folder = Path(scratch) / "study"
            make_study(folder, size, asked.seed)
            costs = costs_of(folder, asked.repeat)
        print(f"\n{size.name} interviews, {size.codings:,} codings, {size.codes:,} codes")
        print(f"{'':<36}{'cold, CPU s':>12}{'MB':>8}{'cached, CPU s':>15}{'MB':>8}")
        for name, (cold, cached) in costs.items():
            print(
                f"{name:<36}{cold.cpu:>12.2f}{cold.memory / MEGABYTE:>8.0f}{cached.cpu:>15.2f}"
                f"{cached.memory / MEGABYTE:>8.0f}"
            )
        sys.stdout.flush()


if __name__ == "__main__":
    main()
