"""Focused codes, a theory and memos for a made-up study: as many as asked, naming what is there.

Used by `bench.py` on what `generate.py` made: `python tests/benchmarks/analysis.py FOLDER --focused
120 --categories 40 --memos 300`. The same numbers and the same seed give the same bytes.
"""

from __future__ import annotations

import argparse
import random
from pathlib import Path

from gtpipe.formats import memos as memo_files
from gtpipe.store.layout import FOCUSED_CODES, MEMOS, THEORY, Study
from gtpipe.study import code_labels, load
from gtpipe.text import yamltext

TAKEN_UP = 8  # initial codes of a focused code


def add_analysis(folder: Path, *, focused: int, categories: int, memos: int, seed: int = 1) -> None:
    """Write `focused-codes.yaml`, `theory.yaml` and memos into the study in `folder`."""
    chance = random.Random(seed)
    read = load(Study(folder))
    labels = code_labels(read.study)
    incidents = [
        f"{interview.name} {turn.id}"
        for interview in read.material.interviews.values()
        for turn in interview.participant_turns
    ]
    names = [f"focused {number}" for number in range(1, focused + 1)]
    above = [f"category {number}" for number in range(1, categories + 1)]
    (folder / FOCUSED_CODES).write_text(
        "\n".join(_focused(chance, name, labels, incidents) for name in names)
    )
    (folder / THEORY).write_text(_theory(chance, above, names, incidents))
    (folder / MEMOS).mkdir()
    for number in range(memos):
        about = [chance.choice(labels), chance.choice(names), chance.choice(incidents)]
        path = memo_files.path_for(f"memo {number}", "2026-03-02", ())
        prose = " ".join(chance.choice(labels) for _ in range(40))
        (folder / path).write_text(
            memo_files.dumps(f"memo {number}", "2026-03-02", "AB", "comparison", about)
            + prose
            + "\n"
        )


def _block(lines: list[str]) -> str:
    return "|\n" + "".join(f"    {line}\n" for line in lines)


def _focused(chance: random.Random, name: str, labels: list[str], incidents: list[str]) -> str:
    return (
        f"- focused: {name}\n  definition: what it means\n"
        f"  because: {yamltext.quoted(chance.choice(labels))}\n  by: AB\n"
        f"  takes-up: {_block(chance.sample(labels, min(TAKEN_UP, len(labels))))}"
        f"  incidents: {_block(chance.sample(incidents, 2))}  does-not-fit: "
        f"{_block(chance.sample(incidents, 1))}"
    )


def _theory(chance: random.Random, above: list[str], names: list[str], incidents: list[str]) -> str:
    parts = ["categories:"]
    for number, category in enumerate(above):
        part_of = f"  part-of: {above[number - 1]}\n" if number % 3 == 2 else ""
        parts.append(
            f"- category: {category}\n  definition: what it means\n{part_of}"
            f"  focused: {_block(names[number :: len(above)])}"
        )
    parts.append("relations:")
    for category in above:
        parts.append(
            f"- from: {chance.choice(names)}\n  kind: leads to\n  to: {category}\n"
            f"  support: {_block(chance.sample(incidents, 2))}"
        )
    return "\n".join(parts)


def main() -> None:
    parser = argparse.ArgumentParser(
        description="Add focused codes, a theory and memos to a made-up study."
    )
    parser.add_argument("folder", type=Path)
    for name, number in (("--focused", 120), ("--categories", 40), ("--memos", 300), ("--seed", 1)):
        parser.add_argument(name, type=int, default=number)
    asked = vars(parser.parse_args())
    add_analysis(asked.pop("folder"), **asked)


if __name__ == "__main__":
    main()
