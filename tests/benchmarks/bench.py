"""CPU time and peak memory of `gtpipe` on made-up studies, as a table.

By hand:

    python tests/benchmarks/bench.py
    python tests/benchmarks/bench.py --sizes 100,1000,3000 --growing

The last columns say what a row may cost with 1,000 interviews and 120,000 codings, and with
`--growing` how costs grow: the exponent from one size to the next, with the codes growing too.

Each command is a process of its own; its user and system time and its largest resident set are what
the operating system counted for it. This process stays small on purpose, because Linux counts a
parent's memory at the start of its child: the studies are made by `generate.py` in another process.
With `--repeat`, the smallest of several runs counts; the first may also compile gtpipe, which an
installed one has behind it.
"""

from __future__ import annotations

import argparse
import csv
import math
import os
import platform
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterable, Mapping, Sequence
from itertools import pairwise
from pathlib import Path
from typing import NamedTuple

HERE = Path(__file__).resolve().parent
REPOSITORY = HERE.parents[1]
PODCASTS = REPOSITORY.parent / "shared" / "data" / "podcasts" / "md"

PYTHON = (sys.executable,)
GTPIPE = (*PYTHON, "-m", "gtpipe")
PARSE_SHEETS = """
import glob, yaml
for path in glob.glob("data/initial-codes/*.yaml"):
    with open(path, encoding="utf-8") as sheet:
        yaml.load(sheet, Loader=yaml.CBaseLoader)
"""
BARE = (
    ("python -c pass", "pass"),
    ("import typer", "import typer"),
    ("sheets by CBaseLoader", PARSE_SHEETS),
)
FRESH, NOTHING, ONE_SHEET = "run, fresh", "run, nothing to do", "run, one sheet changed"
WRITTEN, LOOK = "code INTERVIEW 2 LABEL", 1.2  # CPU seconds of any look at most
IMPORT = 0.4  # CPU seconds for a megabyte at most, and for less than one
EXPONENT = 1.05
SUGGEST_AGAIN = "suggest INTERVIEW 2, again"  # what `review` does to its first screen
TO_START = "import typer, rich.console"
A_CODE = "noticing the clock"
STARTS = (  # of the study in this repository: name, arguments, and CPU seconds at most
    ("who CODE", ("who", A_CODE), 0.30),
    ("status", ("status",), 0.30),
    ("code INTERVIEW TURN LABEL", ("code", "jim", "12", "one code more"), 0.40),
    ("Tab behind `compare`", ("compare", ""), 0.15),
)
ENVIRONMENT = {k: value for k, value in os.environ.items() if k != "PYTHONDONTWRITEBYTECODE"}
MEGABYTE = 1_000_000
RSS_UNIT = 1 if sys.platform == "darwin" else 1024


class Cost(NamedTuple):
    """CPU seconds, user and system; bytes of memory at the peak."""

    cpu: float
    memory: int


class Size(NamedTuple):
    """A column of the table."""

    name: str
    interviews: int
    codings: int
    codes: int


Costs = dict[str, Cost]
LIMITS: Costs = {  # with 1,000 interviews and 120,000 codings; bytes where memory counts
    FRESH: Cost(12, 400_000_000),
    NOTHING: Cost(0.6, 0),
    ONE_SHEET: Cost(2, 0),
    WRITTEN: Cost(0.4, 0),  # and with 10 interviews
}


def measure(command: Sequence[str], folder: Path, env: Mapping[str, str] = ENVIRONMENT) -> Cost:
    """Run `command` in `folder` and wait for it. Raises RuntimeError with what it said when it
    fails.
    """
    with tempfile.TemporaryFile() as said:
        nowhere = subprocess.DEVNULL
        process = subprocess.Popen(
            command, cwd=folder, stdin=nowhere, stdout=nowhere, stderr=said, env=env
        )
        _, status, used = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        if process.returncode:
            said.seek(0)
            raise RuntimeError(
                f"{' '.join(command)}: exit code {process.returncode}\n{said.read().decode()}"
            )
    return Cost(used.ru_utime + used.ru_stime, used.ru_maxrss * RSS_UNIT)


def smallest(repeat: int, once: Callable[[int], Cost]) -> Cost:
    """Of `repeat` runs, the smallest time and the smallest memory. `once` takes a run's number."""
    costs = [once(number) for number in range(repeat)]
    return Cost(min(cost.cpu for cost in costs), min(cost.memory for cost in costs))


# --- one study ------------------------------------------------------------------------------------


def make_study(folder: Path, size: Size, turns: int, seed: int) -> None:
    asked = {
        "interviews": size.interviews,
        "turns": turns,
        "codings": size.codings,
        "codes": size.codes,
        "seed": seed,
    }
    options = [text for name, number in asked.items() for text in (f"--{name}", str(number))]
    subprocess.run([*PYTHON, str(HERE / "generate.py"), str(folder), *options], check=True)
    asked = {
        "focused": size.codes * 120 // 1500 or 1,
        "categories": size.codes * 40 // 1500 or 1,
        "memos": size.codes * 300 // 1500 or 1,
        "seed": seed,
    }
    options = [text for name, number in asked.items() for text in (f"--{name}", str(number))]
    subprocess.run([*PYTHON, str(HERE / "analysis.py"), str(folder), *options], check=True)


def costs_of(folder: Path, repeat: int) -> Costs:
    """What every row of the table costs in the study in `folder`."""
    interview = min(path.stem for path in (folder / "data" / "transcripts").iterdir())

    def plain(*arguments: str) -> Cost:
        return smallest(repeat, lambda _: measure((*GTPIPE, *arguments), folder))

    def fresh(number: int) -> Cost:
        # Put aside, not removed: for minutes ext4 looks through the places of removed files before
        # it makes a new one.
        for made in (".gtpipe", "data/derived"):
            if (folder / made).exists():
                (folder / made).rename(folder.parent / f"{folder.name}-{number}-{Path(made).name}")
        return measure((*GTPIPE, "run"), folder)

    costs = {
        name: smallest(repeat, lambda _, code=code: measure((*PYTHON, "-c", code), folder))
        for name, code in BARE
    }
    costs["--help"] = plain("--help")
    costs[FRESH] = smallest(repeat, fresh)
    costs[NOTHING] = plain("run")
    one_code, one_sheet = [], []
    for number in range(repeat):
        one_code.append(
            measure((*GTPIPE, "code", interview, "2", f"one code more {number}"), folder)
        )
        one_sheet.append(measure((*GTPIPE, "run"), folder))
    costs[WRITTEN] = smallest(repeat, one_code.__getitem__)
    costs[ONE_SHEET] = smallest(repeat, one_sheet.__getitem__)
    costs |= after_a_change(folder, repeat)
    plain("run")
    costs |= {name: plain(*words) for name, words in looks(folder).items()}
    costs["check"] = plain("check")
    costs["suggest INTERVIEW 2, first"] = measure((*GTPIPE, "suggest", interview, "2"), folder)
    costs[SUGGEST_AGAIN] = plain("suggest", interview, "2")
    return costs


def looks(folder: Path) -> dict[str, tuple[str, ...]]:
    """Commands that show something of a study that was read before."""
    frequent, rare = frequent_and_rare(folder)
    return {
        "status": ("status",),
        "compare FREQUENT CODE": ("compare", frequent),
        "compare RARE CODE": ("compare", rare),
        "who RARE CODE": ("who", rare),
        "codes list": ("codes", "list"),
        "matrix --by setting": ("matrix", "--by", "setting"),
        "cooccur": ("cooccur",),
        "find TEXT": ("find", "gando gada"),
        "find /PATTERN/": ("find", r"/(?i)gan\w+\W+bada/"),
    }


def after_a_change(folder: Path, repeat: int) -> Costs:
    """Each stage by itself after one file that it reads has changed."""

    def once(stage: str, path: Path) -> Cost:
        path.write_text(path.read_text(encoding="utf-8") + "\n# a remark\n", encoding="utf-8")
        return measure((*GTPIPE, stage), folder)

    data = folder / "data"
    sheet = min((data / "initial-codes").iterdir())
    memo = min((data / "memos").iterdir())
    changed = (
        ("initial-code", sheet),
        ("focused-code", data / "focused-codes.yaml"),
        ("theoretical-code", data / "theory.yaml"),
        ("memo", memo),
    )
    return {
        f"{stage}, one change": smallest(
            repeat, lambda _, stage=stage, path=path: once(stage, path)
        )
        for stage, path in changed
    }


def frequent_and_rare(folder: Path) -> tuple[str, str]:
    """The codes with the most and the fewest incidents."""
    with open(folder / "data" / "derived" / "codebook.csv", encoding="utf-8", newline="") as table:
        used = [row for row in csv.DictReader(table) if row["incidents"] != "0"]
        by_use = sorted(used, key=lambda row: int(row["incidents"]))
    return by_use[-1]["code"], by_use[0]["code"]


# --- ingest ---------------------------------------------------------------------------------------


def ingest_lines(folder: Path, made: Path, repeat: int) -> Iterable[str]:
    """Transcripts into a new study: real ones where they are there, and up to 10 MB of those that
    were `made`.
    """
    real = sorted(PODCASTS.glob("*.md"))
    if real:
        yield ingest_line(
            folder / "real", real, repeat, "--interviewer", "Mat Ryer", "--participant", "*"
        )
    chosen, size = [], 0
    for file in sorted((made / "data" / "sources").iterdir()):
        if size < 10 * MEGABYTE:
            chosen.append(file)
            size += file.stat().st_size
    yield ingest_line(folder / "made", chosen, repeat)


def ingest_line(folder: Path, files: Sequence[Path], repeat: int, *options: str) -> str:
    folder.mkdir()

    def once(number: int) -> Cost:
        study = folder / f"study-{number}"
        measure((*GTPIPE, "init", str(study)), folder)
        return measure((*GTPIPE, "ingest", *map(str, files), *options), study)

    cost = smallest(repeat, once)
    size = sum(file.stat().st_size for file in files) / MEGABYTE
    return (
        f"ingest of {len(files)} {folder.name} transcripts, {size:.1f} MB: {cost.cpu:.2f} s CPU, "
        f"at most {IMPORT * max(size, 1):.2f}; {cost.memory / MEGABYTE:.0f} MB at the peak"
    )


# --- starting -------------------------------------------------------------------------------------


def start_lines(folder: Path, repeat: int) -> Iterable[str]:
    """The smallest commands, which do little but start, each with what it may cost."""
    study = folder / "study-here"
    shutil.copytree(REPOSITORY / "data", study / "data")
    shutil.copy(REPOSITORY / "pipeline.yaml", study)
    measure((*GTPIPE, "run"), study)
    bare = smallest(repeat, lambda _: measure((*PYTHON, "-c", TO_START), study)).cpu
    yield f"{'the study of this repository':<30}{'CPU s':>12}{'at most':>12}"
    yield f"{TO_START:<30}{bare:>12.2f}"
    for name, words, most in (("--help", ("--help",), 1.2 * bare), *STARTS):
        env = ENVIRONMENT | (tab_behind(words) if name.startswith("Tab") else {})
        command = (*GTPIPE, *words)
        cost = smallest(repeat, lambda _, command=command, env=env: measure(command, study, env))
        yield f"{name:<30}{cost.cpu:>12.2f}{most:>12.2f}"


def tab_behind(words: Sequence[str]) -> dict[str, str]:
    """What bash sets where Tab is pressed at the last of `words`."""
    typed = "\n".join(("gtpipe", *words))
    return {"_GTPIPE_COMPLETE": "complete_bash", "COMP_WORDS": typed, "COMP_CWORD": str(len(words))}


# --- the table ------------------------------------------------------------------------------------


def table(columns: dict[Size, Costs], looks: Iterable[str], growing: bool) -> Iterable[str]:
    limits = {**dict.fromkeys(looks, Cost(LOOK, 0)), **LIMITS}
    steps = list(pairwise(columns.items())) if growing else []
    yield (
        f"{'':<30}"
        + "".join(f"{size.name:>20}" for size in columns)
        + f"{'at most':>20}"
        + "".join(f"{f'{one.name} to {more.name}':>18}" for (one, _), (more, _) in steps)
    )
    yield (
        f"{'':<30}"
        + f"{'CPU s':>12}{'MB':>8}" * (len(columns) + 1)
        + (f"{f'at most {EXPONENT}':>18}" * len(steps))
    )
    rows = dict.fromkeys(name for costs in columns.values() for name in costs)
    bare = [name for name, _ in BARE]
    for name in (*(row for row in rows if row not in bare), *bare):
        cells = [_cell(costs[name]) for costs in columns.values()]
        cells.append(_cell(limits[name]) if name in limits else f"{'':>20}")
        cells += [
            f"{exponent(one, costs[name], more, other[name]):>18.2f}"
            for (one, costs), (more, other) in steps
        ]
        yield f"{name:<30}{''.join(cells)}".rstrip()
    totals = [sum(costs[name].cpu for name in bare) for costs in columns.values()]
    yield f"{'bare library, together':<30}" + "".join(f"{total:>12.2f}{'':>8}" for total in totals)
    ratios = [
        costs[FRESH].cpu / total for costs, total in zip(columns.values(), totals, strict=True)
    ]
    yield f"{'fresh run / bare library':<30}" + "".join(
        f"{ratio:>11.1f}x{'':>8}" for ratio in ratios
    )


def _cell(cost: Cost) -> str:
    memory = f"{cost.memory / MEGABYTE:.0f}" if cost.memory else ""
    return f"{cost.cpu:>12.2f}{memory:>8}"


def exponent(one: Size, cost: Cost, more: Size, other: Cost) -> float:
    """How the time of a row grows: 1 where twice the interviews take twice as long."""
    return math.log(other.cpu / cost.cpu) / math.log(more.interviews / one.interviews)


def sizes_asked(names: str, per_interview: int | None, growing: bool) -> list[Size]:
    """Where nothing else is asked: 120 codings an interview, 12,000 at most; a code for 8 of them,
    1,500 at most. Both know no limit where studies are to grow.
    """
    found = []
    for interviews in map(int, names.split(",")):
        codings = interviews * (120 if per_interview is None else per_interview)
        codes = max(codings // 8, 1)
        if not growing:
            codings = min(codings, 12_000) if per_interview is None else codings
            codes = min(max(codings // 8, 1), 1500)
        found.append(Size(f"{interviews:,}", interviews, codings, codes))
    return found


def header(sizes: Iterable[Size], turns: int, repeat: int) -> Iterable[str]:
    yield (
        f"{os.cpu_count()} CPUs, {platform.machine()}, {platform.system()}, "
        f"Python {platform.python_version()}"
    )
    for size in sizes:
        yield (
            f"{size.name:>12} interviews: {turns} turns each, {size.codings:,} codings, "
            f"{size.codes:,} codes"
        )
    yield f"smallest of {repeat} runs" if repeat > 1 else "one run each"


def main() -> None:
    parser = argparse.ArgumentParser(
        description="CPU time and peak memory of gtpipe on made-up studies."
    )
    parser.add_argument("--sizes", default="10,100,1000", help="numbers of interviews, with commas")
    parser.add_argument("--turns", type=int, default=100, help="of an interview")
    parser.add_argument(
        "--codings-per-interview", type=int, help="1 or more, instead of 120 and 12,000 at most"
    )
    parser.add_argument(
        "--growing", action="store_true", help="codings and codes grow with the interviews"
    )
    parser.add_argument("--repeat", type=int, default=1)
    parser.add_argument("--seed", type=int, default=1)
    asked = parser.parse_args()
    sizes = sizes_asked(asked.sizes, asked.codings_per_interview, asked.growing)
    print("\n".join(header(sizes, asked.turns, asked.repeat)), flush=True)
    with tempfile.TemporaryDirectory() as scratch:
        print("\n".join(["", *start_lines(Path(scratch), asked.repeat)]), flush=True)
        columns = {}
        for number, size in enumerate(sizes):
            study = Path(scratch) / f"study-{number}"
            make_study(study, size, asked.turns, asked.seed)
            columns[size] = costs_of(study, asked.repeat)
        print("\n".join(["", *table(columns, looks(study), asked.growing), ""]), flush=True)
        print("\n".join(ingest_lines(Path(scratch), study, asked.repeat)))


if __name__ == "__main__":
    main()
