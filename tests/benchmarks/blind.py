"""Human codes and suggestions in one shuffled list, to be rated blind.

By hand:

    python tests/benchmarks/blind.py STUDY FOLDER

Writes `FOLDER/rate.md` (a label, the turn's words, a place for yes or no) and `FOLDER/key.csv`
(number, who it is from, source, interview, turn). `--count 60` says how many of each, `--seed`
which. Human codes are those on the sheets, each label once; suggestions are gerunds and in vivo
codes with another label than any of theirs. The same study, seed and count give the same bytes.
`python tests/benchmarks/blind.py --rates FOLDER` reads the ratings back (`yes` or `no` behind each
number) and counts them by origin.
"""

from __future__ import annotations

import argparse
import csv
import random
import re
import sys
from collections import Counter
from pathlib import Path
from typing import NamedTuple

from gtpipe.model.level import INITIAL
from gtpipe.model.names import one_line
from gtpipe.store.layout import Study
from gtpipe.study import load
from gtpipe.suggest import models, parsing
from gtpipe.suggest.from_the_turn import suggest

ASKED = """\
Could a researcher have written this code beside these words? Put `yes` or `no` behind each number.
The words are one turn of a participant; a code may mean the whole turn or a part of it.
"""


class Item(NamedTuple):
    label: str
    origin: str
    source: str
    interview: str
    turn: str
    words: str


def human(read) -> list[Item]:
    found = {}
    for coding in read.codings:
        if coding.level == INITIAL:
            turn = read.material.interviews[coding.interview].turn(coding.turn)
            source = "in vivo" if coding.in_vivo else "own"
            found.setdefault(
                coding.code,
                Item(coding.code, "human", source, coding.interview, coding.turn, turn.text),
            )
    return [found[label] for label in sorted(found)]


def offered(read, model: models.Model, theirs: set[str]) -> list[Item]:
    interviews = read.material.interviews
    parses = parsing.parse_all(interviews.values(), model)
    found = {}
    for interview in interviews.values():
        for one in suggest(interview, parses, people=read.material.participants):
            if one.label.casefold() not in theirs:
                words = interview.turn(one.at.turn).text
                found.setdefault(
                    one.label,
                    Item(one.label, "suggested", one.source, interview.name, one.at.turn, words),
                )
    return [found[label] for label in sorted(found)]


def write(folder: Path, items: list[Item]) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    parts = [ASKED]
    for number, item in enumerate(items, start=1):
        parts.append(f"## {number}: \n\n**{item.label}**\n\n> {one_line(item.words)}\n")
    (folder / "rate.md").write_text("\n".join(parts), encoding="utf-8")
    with open(folder / "key.csv", "w", newline="", encoding="utf-8") as target:
        rows = csv.writer(target, lineterminator="\n")
        rows.writerow(("number", "origin", "source", "interview", "turn", "label"))
        for number, item in enumerate(items, start=1):
            rows.writerow((number, item.origin, item.source, item.interview, item.turn, item.label))


def rates(folder: Path) -> None:
    said = dict(
        re.findall(
            r"^## (\d+): *(yes|no)\b",
            (folder / "rate.md").read_text(encoding="utf-8"),
            re.MULTILINE | re.IGNORECASE,
        )
    )
    counted: Counter[tuple[str, str]] = Counter()
    with open(folder / "key.csv", newline="", encoding="utf-8") as source:
        for row in csv.DictReader(source):
            for name in (row["origin"], f"{row['origin']}, {row['source']}"):
                counted[name, said.get(row["number"], "not rated").lower()] += 1
    for name in sorted({name for name, _ in counted}):
        yes, no = counted[name, "yes"], counted[name, "no"]
        print(f"{name}: {yes} of {yes + no} yes, {counted[name, 'not rated']} not rated")


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("study", nargs="?", type=Path)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--count", type=int, default=60)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument(
        "--rates", action="store_true", help="read the ratings in FOLDER and count them"
    )
    given = parser.parse_args()
    if given.rates:
        rates(given.folder)
        return
    read = load(Study(given.study))
    found = models.find("en")
    if found.model is None:
        sys.exit(found.remark)
    chance = random.Random(given.seed)
    theirs = human(read)
    ours = offered(read, found.model, {item.label.casefold() for item in theirs})
    items = chance.sample(theirs, min(given.count, len(theirs))) + chance.sample(
        ours, min(given.count, len(ours))
    )
    chance.shuffle(items)
    write(given.folder, items)


if __name__ == "__main__":
    main()
