"""The PDPilot interviews as a study, to measure suggestions on.

By hand:

    python tests/benchmarks/pdpilot.py DATA FOLDER

DATA holds `txt/P1.txt` … and `coded-segments.jsonl`: seven real interviews coded by hand by other
people (see its SOURCE.md). What is decided here, because MAXQDA and gtpipe keep books differently:

- The interviews come in the order P1 … P7; labels Dan (interviewer) and Participant.
- A code is the last part of its path in the code system; no two paths end alike. The parts before
  it become the focused code that takes it up, so that focused codes can be measured too; a code at
  the top of the tree has none.
- A segment may run from a question over several answers. It becomes one coding, at the
  participant's turn that holds most of its words, tied to those words where they are not nearly all
  of the turn. `--every-turn` gives it to every participant's turn that it touches instead, which
  flatters a guess at the codes of the turn before.
- Words are looked for by letters and digits alone; of what is not found in one piece (page numbers,
  a redaction), the longest pieces say where it is.
"""

from __future__ import annotations

import argparse
import json
import re
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterator
from difflib import SequenceMatcher
from itertools import accumulate
from pathlib import Path
from typing import NamedTuple

from gtpipe.commands import ingest
from gtpipe.formats import sheet_edits
from gtpipe.model.anchor import stretches
from gtpipe.model.level import INITIAL
from gtpipe.model.names import one_line
from gtpipe.model.records import Interview, SheetCode, Turn
from gtpipe.sources.options import Options
from gtpipe.store.layout import FOCUSED_CODES, SHEETS, Study
from gtpipe.study import load

PIPELINE = """\
study: PDPilot user study
researchers:
  DK: The study's authors
speakers:
  interviewer: [Dan]
  participant: [Participant]
"""
SHORTEST = 25  # letters that a piece must have to say where a segment is
NEARLY = 0.9  # of a turn's letters: then the turn as a whole is meant


class Piece(NamedTuple):
    """The part of a segment that stands in one turn: from and to in the turn's text."""

    turn: Turn
    start: int
    end: int


class Letters:
    """The letters and digits of an interview's turns in one string, and where each stands."""

    def __init__(self, interview: Interview) -> None:
        self.interview = interview
        self._places = [
            [match.start() for match in re.finditer(r"[^\W_]", turn.text)]
            for turn in interview.turns
        ]
        self.text = "".join(
            "".join(turn.text[at] for at in places)
            for turn, places in zip(interview.turns, self._places, strict=True)
        ).lower()
        self._starts = [0, *accumulate(map(len, self._places))]

    def pieces(self, start: int, end: int) -> Iterator[Piece]:
        """The parts of turns that the letters from `start` to `end` stand in."""
        for index in range(bisect_right(self._starts, start) - 1, len(self.interview.turns)):
            low, high = max(start, self._starts[index]), min(end, self._starts[index + 1])
            if self._starts[index] >= end:
                return
            if low < high:
                places = self._places[index]
                offset = self._starts[index]
                yield Piece(
                    self.interview.turns[index], places[low - offset], places[high - offset - 1] + 1
                )


def segments(path: Path) -> list[dict[str, str]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def locate(text: str, letters: Letters, in_pieces: bool = True) -> list[Piece]:
    """The parts of turns that a segment stands in, in order; [] where it is not found, in one piece
    or `in_pieces`, which takes longer.
    """
    wanted = "".join(re.findall(r"[^\W_]", re.sub(r"\b(?:Dan|Participant): ", "", text))).lower()
    at = letters.text.find(wanted)
    if at >= 0:
        return list(letters.pieces(at, at + len(wanted)))
    if not in_pieces:
        return []
    blocks = SequenceMatcher(None, letters.text, wanted, autojunk=False).get_matching_blocks()
    return [
        piece
        for block in blocks
        if block.size >= SHORTEST
        for piece in letters.pieces(block.a, block.a + block.size)
    ]


def build(
    data: Path, folder: Path, every_turn: bool = False, in_pieces: bool = True
) -> tuple[int, int]:
    """Write the study into the new `folder`; how many segments became codings, and how many were
    not found.
    """
    (folder / "data").mkdir(parents=True)
    (folder / "pipeline.yaml").write_text(PIPELINE, encoding="utf-8")
    study = Study(folder.resolve())
    for number in range(1, 8):
        ingest.ingest(study, [data / f"txt/P{number}.txt"], Options(date=f"2023-01-0{number}"))
    material = load(study).material
    letters = {name.upper(): Letters(interview) for name, interview in material.interviews.items()}
    given: dict[str, dict[tuple[str, str, str | None], None]] = defaultdict(dict)
    taken_up: dict[str, dict[str, None]] = defaultdict(dict)
    lost = 0
    found = segments(data / "coded-segments.jsonl")
    for segment in found:
        *above, code = segment["code"].split(" > ")
        if above:
            taken_up[" > ".join(above)][code] = None
        interview = letters[segment["interview"]].interview
        pieces = [
            piece
            for piece in locate(segment["text"], letters[segment["interview"]], in_pieces)
            if interview.participant(piece.turn)
        ]
        if not pieces:
            lost += 1
        elif every_turn:
            given[interview.name] |= {
                (piece.turn.id, code, _words(piece)): None for piece in pieces
            }
        else:
            most = max(pieces, key=lambda piece: piece.end - piece.start)
            given[interview.name][most.turn.id, code, _words(most)] = None
    for name, codes in given.items():
        _write_sheet(folder, material.interviews[name], codes)
    (folder / FOCUSED_CODES).write_text(
        "\n".join(_focused(label, codes) for label, codes in taken_up.items()), encoding="utf-8"
    )
    return len(found) - lost, lost


def _words(piece: Piece) -> str | None:
    """The stretch to tie a code to; None where the turn as a whole is meant, or the words stand in
    it twice.
    """
    words = one_line(piece.turn.text[piece.start : piece.end])
    if (
        len(words) >= NEARLY * len(one_line(piece.turn.text))
        or len(stretches(piece.turn.text, words)) != 1
    ):
        return None
    return words


def _write_sheet(
    folder: Path, interview: Interview, codes: dict[tuple[str, str, str | None], None]
) -> None:
    path = f"{SHEETS}/{interview.name}.yaml"
    text = sheet_edits.new_sheet(interview, True)
    for turn, code, words in codes:
        text = sheet_edits.add_code(
            text,
            path,
            interview,
            interview.turn(turn),
            SheetCode(INITIAL, code, words, "", 0),
            True,
        )
    (folder / path).parent.mkdir(exist_ok=True)
    (folder / path).write_text(text, encoding="utf-8")


def _focused(label: str, codes: dict[str, None]) -> str:
    return f"- focused: {json.dumps(label)}\n  takes-up: |\n" + "".join(
        f"    {code}\n" for code in codes
    )


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("data", type=Path)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--every-turn", action="store_true")
    arguments = parser.parse_args()
    placed, lost = build(arguments.data, arguments.folder, arguments.every_turn)
    print(f"{placed} segments placed, {lost} not found")
