"""How long `gtpipe quotes` takes: a chapter of 100 pages against 100 interviews of some 20,000
words.

`python tests/benchmarks/quotes.py [FOLDER]` makes the study once (in FOLDER, else a temporary one),
writes the chapter, and runs the command cold, with the cache, and on a chapter in which nothing is
right. Prints seconds of CPU and peak memory.
"""

from __future__ import annotations

import os
import random
import subprocess
import sys
import tempfile
from pathlib import Path

from generate import generate

from gtpipe.store.layout import Study
from gtpipe.study import load

INTERVIEWS, TURNS, QUOTATIONS, WORDS = 100, 740, 600, 40_000
LIMIT = 10.0


def chapter(folder: Path, *, altered: bool, seed: int = 1) -> str:
    """About `WORDS` words of prose with `QUOTATIONS` quotations; with `altered`, a word of each is
    changed, and one in three is made up.
    """
    chance = random.Random(seed)
    said = [
        (interview.participants[0], turn)
        for interview in load(Study(folder)).material.interviews.values()
        for turn in interview.participant_turns
        if len(turn.text.split()) > 12
    ]
    prose = " ".join(chance.choice(said)[1].text for _ in range(50)).split()
    parts = []
    for number in range(QUOTATIONS):
        name, turn = chance.choice(said)
        words = turn.text.split("\n\n")[0].split()
        length = chance.randint(8, 40)
        start = chance.randrange(max(1, len(words) - length))
        words = words[start : start + length]
        if altered and number % 3 == 0:
            words = chance.choices(prose, k=length)
        elif altered:
            words[len(words) // 2] = "elsewhere"
        filler = " ".join(chance.choices(prose, k=(WORDS - QUOTATIONS * 22) // QUOTATIONS)).replace(
            "…", "."
        )
        quoted = " ".join(words)
        parts.append(
            f"{filler}:\n\n> {quoted}\n>\n> ({name}, turn {turn.id})"
            if number % 4 == 0
            else f"{filler} “{quoted}” ({name}, turn {turn.id})."
        )
    return "\n\n".join(parts) + "\n"


def run(folder: Path, path: str) -> tuple[float, float, int, str]:
    """Seconds of CPU, MB at the peak, exit code, last line."""
    process = subprocess.Popen(
        [sys.executable, "-m", "gtpipe", "quotes", path],
        cwd=folder,
        stdout=subprocess.PIPE,
        text=True,
    )
    output, _ = process.stdout.read(), process.stdout.close()
    _, status, used = os.wait4(process.pid, 0)
    return (
        used.ru_utime + used.ru_stime,
        used.ru_maxrss / 1024,
        os.waitstatus_to_exitcode(status),
        output.strip().rpartition("\n")[2],
    )


def main() -> None:
    folder = Path(sys.argv[1] if len(sys.argv) > 1 else tempfile.mkdtemp()) / "study"
    if not folder.exists():
        generate(folder, interviews=INTERVIEWS, turns=TURNS, codings=12_250, codes=100)
    for name, altered in (("exact.md", False), ("altered.md", True)):
        (folder / name).write_text(chapter(folder, altered=altered))
    slow = False
    for what, name in (
        ("every quotation exact", "exact.md"),
        ("the same again", "exact.md"),
        ("none exact", "altered.md"),
    ):
        seconds, memory, code, summary = run(folder, name)
        slow = slow or seconds > LIMIT
        print(f"{what:24}{seconds:6.1f} s  {memory:5.0f} MB  exit {code}  {summary}")
    if slow:
        sys.exit(f"more than {LIMIT:.0f} s")


if __name__ == "__main__":
    main()
