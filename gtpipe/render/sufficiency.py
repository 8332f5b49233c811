"""What `gtpipe sufficiency` shows: the judgements, what each interview brought and changed, and on
request new codes as a curve in plain characters.
"""

from __future__ import annotations

import shutil
import sys
from collections.abc import Iterator, Sequence

from gtpipe.analysis import theory
from gtpipe.model.plural import count
from gtpipe.model.records import Table
from gtpipe.render.blocks import GAP, Block
from gtpipe.study import Corpus

JUDGEMENT = (
    "Sufficiency is a judgement with a name under it (Dey 1999), made in words in "
    "data/theory.yaml; no number here makes it."
)
HEIGHT = 8  # rows of the curve


def layout(table: Table, corpus: Corpus, *, counts: bool = False) -> Iterator[Block]:
    """The judgements first. How many codes were new, in numbers and as a curve, only with
    `counts`: no number makes a judgement.
    """
    yield Block("How far the theory copes, as judged after each interview", style="bold")
    for name, *_, judgement, by, _ in table.rows:
        yield Block(f"{name}: {judgement}" + (f" ({by})" if by else ""), 2)
    new_codes = [(str(row[0]), int(str(row[1]))) for row in table.rows]
    if counts:
        yield GAP
        yield Block("new codes, interview by interview", style="bold")
        width = shutil.get_terminal_size().columns if sys.stdout.isatty() else 80
        yield from map(Block, curve(new_codes, width))
    coded = corpus.codings.interviews
    for (name, new), row in zip(new_codes, table.rows, strict=True):
        lines = [] if name in coded else ["Not coded yet."]
        lines += [count(new, "new code")] if counts and name in coded else []
        if str(row[-1]) != "0":
            lines.append(f"codings of focused codes, not judged: {row[-1]}")
        yield from _interview(name, lines, *map(str, row[2:5]))
    yield GAP
    unsaid = theory.not_said_when(corpus.material, corpus.codings)
    if unsaid:
        yield Block(
            f"When these were written is not said: {'; '.join(unsaid)}. "
            "A line `written-after: INTERVIEW` in the entry says so.",
            style="dim",
        )
    yield Block(JUDGEMENT, style="dim")


def _interview(
    name: str, lines: list[str], first: str, written: str, modified: str
) -> Iterator[Block]:
    brought = (("first incident of", first), ("written after it", written), ("modified", modified))
    lines = lines + [f"{what}: {labels}" for what, labels in brought if labels]
    if lines:
        yield GAP
        yield Block(name, style="bold")
        for line in lines:
            yield Block(line, 2)


def curve(points: Sequence[tuple[str, int]], width: int) -> Iterator[str]:
    """New codes by interview, in study order, as lines;
    interviews side by side share a column where there are many.
    """
    room = width - 8
    together = -(-len(points) // room)
    columns = [points[start : start + together] for start in range(0, len(points), together)]
    numbers = [max(number for _, number in column) for column in columns]
    longest = max(len(name) for name, _ in points) + 2
    wide = longest if longest * len(columns) <= room else max(1, min(4, room // len(columns)))
    yield from _bars(numbers, wide)
    yield f"{0:>5} +" + "-" * (wide * len(columns))
    first, last = points[0][0], f" {points[-1][0]}"
    if wide == longest:
        yield " " * 7 + "".join(f" {name}".ljust(wide) for name, _ in points).rstrip()
    elif len(columns) > 1:
        yield " " * 7 + first + last.rjust(max(len(last), wide * len(columns) - len(first)))
    if together > 1:
        yield " " * 7 + f"each column: the highest of {together} interviews"


def _bars(numbers: Sequence[int], wide: int) -> Iterator[str]:
    """A bar reaches a level when it comes at least half-way
    from the one below; a single new code is always to be seen.
    """
    top = max(numbers)
    height = min(HEIGHT, top)
    for level in range(height, 0, -1):
        line = f"{top if level == height else '':>5} |"
        for number in numbers:
            reaches = number and (level == 1 or number * height * 2 >= (2 * level - 1) * top)
            bar = "#" * min(3, max(1, wide - 2)) if reaches else ""
            line += f"{' ' if wide > 2 else ''}{bar}".ljust(wide)
        yield line.rstrip()
