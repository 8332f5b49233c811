"""What it costs to bring a coding sheet into line with its transcript.

By hand:

    python tests/benchmarks/refreshing.py [--turns 500 2000]

A sheet lacks so many turns of its participant at once, as when `speakers:` was corrected; then the
words of all its turns are corrected. Twice the turns should take about twice the time.
"""

from __future__ import annotations

import argparse
import time
from dataclasses import replace

from gtpipe.formats.sheet_edits import new_sheet
from gtpipe.formats.sheet_refresh import refresh
from gtpipe.model.records import Interview, Turn


def interview(count: int) -> Interview:
    """As many turns of a participant as of the interviewer, in one interview."""
    turns = tuple(
        Turn(str(number), "", "IP"[number % 2], f"Er, words {number}.\n\nAnd so on.", 0)
        for number in range(1, 2 * count + 1)
    )
    return Interview("x", "x.md", "", {"I": "interviewer", "P": "p"}, turns)


def seconds(sheet: str, transcript: Interview) -> float:
    """The processor time that a sheet takes."""
    start = time.process_time()
    refresh(sheet, "x.yaml", transcript, True)
    return time.process_time() - start


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--turns", type=int, nargs="+", default=[500, 2000])
    for count in parser.parse_args().turns:
        whole = interview(count)
        missing = seconds(new_sheet(replace(whole, turns=whole.turns[:2]), True), whole)
        others = tuple(turn._replace(text=f"{turn.text} Yes.") for turn in whole.turns)
        corrected = seconds(new_sheet(whole, True), replace(whole, turns=others))
        print(f"{count} turns: missing {missing:.2f} s, corrected {corrected:.2f} s")


if __name__ == "__main__":
    main()
