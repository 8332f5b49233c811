"""How long `gtpipe diff` and `gtpipe history` take on a big study.

By hand:

    python tests/benchmarks/history.py

A study of 100 interviews and 12,000 codings is put in git; its most used code is renamed in every
sheet, and `diff` tells it. Then 200 commits of work are made on it, and `history` tells those: of
the whole, of one code, and once more, when what it parsed is kept. Seconds of processor time, git's
own included.
"""

from __future__ import annotations

import argparse
import os
import random
import re
import resource
import subprocess
import sys
import tempfile
from collections import Counter
from pathlib import Path

from generate import generate

DIFF, HISTORY = 2.0, 10.0  # seconds that are aimed at


def git(folder: Path, *arguments: str) -> None:
    env = {**os.environ, "GIT_CONFIG_GLOBAL": os.devnull}
    for who in ("AUTHOR", "COMMITTER"):
        env |= {f"GIT_{who}_NAME": "Ansa Belu", f"GIT_{who}_EMAIL": "a@example.org"}
    subprocess.run(["git", *arguments], cwd=folder, env=env, check=True, capture_output=True)


def seconds(folder: Path, *arguments: str) -> tuple[float, str]:
    """Processor time of a command and its children, and what it printed."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    ran = subprocess.run(
        [sys.executable, "-m", "gtpipe", *arguments],
        cwd=folder,
        capture_output=True,
        text=True,
        check=True,
    )
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime, ran.stdout


def sheets(folder: Path) -> list[Path]:
    return sorted((folder / "data/initial-codes").glob("*.yaml"))


def labels(folder: Path) -> Counter[str]:
    found: Counter[str] = Counter()
    for sheet in sheets(folder):
        found.update(re.findall(r"^    ([a-z][^<\n]*?)(?: <-.*)?$", sheet.read_text(), re.M))
    return found


def rename(folder: Path, old: str, new: str) -> None:
    """As the command does: every sheet, and the lineage in the code book."""
    for sheet in sheets(folder):
        text = sheet.read_text()
        changed = re.sub(rf"^    {re.escape(old)}(?= <-|$)", f"    {new}", text, flags=re.M)
        if changed != text:
            sheet.write_text(changed)
    book = folder / "data/codebook.yaml"
    text = book.read_text()
    if f"- code: {old}\n" in text:
        text = text.replace(f"- code: {old}\n", f"- code: {new}\n  was: |\n    {old}\n")
    else:
        text += f"\n- code: {new}\n  was: |\n    {old}\n"
    book.write_text(text)


def work(folder: Path, number: int, chance: random.Random) -> None:
    """One commit's work: a few sheets coded further, a definition now and then, a rename every
    twentieth time.
    """
    for sheet in chance.sample(sheets(folder), 4):
        lines = sheet.read_text().split("\n")
        at = chance.choice([index for index, line in enumerate(lines) if line == "  codes: |"])
        lines.insert(at + 1, f"    coded on day {number}")
        sheet.write_text("\n".join(lines))
    if number % 3 == 0:
        book = folder / "data/codebook.yaml"
        book.write_text(
            book.read_text()
            + f"\n- code: coded on day {number}\n  definition: what was seen on day {number}\n"
        )
    if number % 20 == 0:
        often = [
            label for label, _ in labels(folder).most_common(100) if not label.startswith("renamed")
        ]
        rename(folder, often[number // 20], f"renamed on day {number}")


def main() -> None:
    parser = argparse.ArgumentParser(description="Measure gtpipe diff and gtpipe history.")
    parser.add_argument("--interviews", type=int, default=100)
    parser.add_argument("--codings", type=int, default=12000)
    parser.add_argument("--commits", type=int, default=200)
    asked = parser.parse_args()
    missed = False
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place) / "study"
        generate(folder, interviews=asked.interviews, turns=100, codings=asked.codings, codes=1500)
        (folder / ".gitignore").write_text(".gtpipe/\ndata/derived/\n")
        git(folder, "init", "-q", "-b", "main")
        git(folder, "add", "-A")
        git(folder, "commit", "-q", "-m", "begin")
        label, times = labels(folder).most_common(1)[0]
        rename(folder, label, "renamed everywhere")

        def tell(what: str, limit: float, *arguments: str) -> str:
            nonlocal missed
            took, said = seconds(folder, *arguments)
            missed |= took > limit
            print(
                f"{what:<60} {took:6.2f} s  (aim: {limit:g} s){'  MISSED' if took > limit else ''}"
            )
            return said

        said = tell(f"diff after renaming a code used {times:,} times", DIFF, "diff")
        assert said.count("renamed everywhere") == 1 and "Applications" not in said, said
        tell("diff once more", DIFF, "diff")
        git(folder, "commit", "-q", "-a", "-m", "rename")
        chance = random.Random(1)
        for number in range(1, asked.commits + 1):
            work(folder, number, chance)
            git(folder, "commit", "-q", "-a", "-m", f"day {number}")
        tell(f"history over {asked.commits} commits", HISTORY, "history")
        tell("history once more", HISTORY, "history")
        tell("history of one code", HISTORY, "history", label)
        tell("diff HEAD~100", DIFF, "diff", "HEAD~100")
    sys.exit(1 if missed else 0)


if __name__ == "__main__":
    main()
