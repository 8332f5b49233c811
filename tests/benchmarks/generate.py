"""Studies of any size, made up: the same numbers and the same seed give the same bytes.

The files are those of a study in the middle of stage 2: everything is ingested, and sheets hold
codings where any were asked for. The words are built from syllables and mean nothing. Used by
`bench.py` and `kill.py`, and by hand: `python tests/benchmarks/generate.py FOLDER --interviews 100
--turns 100 --codings 12000 --codes 1500`.
"""

from __future__ import annotations

import argparse
import random
from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from itertools import accumulate
from pathlib import Path
from typing import NamedTuple

from gtpipe.formats import code_line, sheet_edits, sheets, tables, transcripts
from gtpipe.model.anchor import stretches
from gtpipe.model.names import one_line
from gtpipe.model.records import INTERVIEWER, Interview, Turn
from gtpipe.store import settings
from gtpipe.store.layout import (
    CODEBOOK,
    INGESTED,
    PARTICIPANTS,
    SHEETS,
    SOURCES,
    TRANSCRIPTS,
    digest,
)
from gtpipe.text import yamltext

RESEARCHERS = {"AB": "Ansa Belu", "CD": "Corin Dasse"}
SETTINGS = ("ward", "day centre", "community team")
FIRST_DAY = date(2020, 1, 6)

TIED = 0.25  # the share of codings that are tied to a stretch of their turn
DEFINED = 3  # one code in so many has a definition
BOTH = 4  # one interview in so many is coded by the second researcher too
LONGEST = 120

_HEADS = (
    "ba bel cor da dra en fel ga hal in jo ka lom ma nor o pel qui ran sel tor um vil wes yar zan"
).split()
_TAILS = "da den fin ga ket la lin mo na ndo pa ra ric sa ta ten to va wick zo".split()
_WORDS = [head + tail for tail in _TAILS for head in _HEADS]
_FREQUENT = list(accumulate(1 / (rank + 3) for rank in range(len(_WORDS))))


class Place(NamedTuple):
    """Where a code can be given: interview (from 0), turn (index), initials of the coder."""

    interview: int
    turn: int
    coder: str


Given = dict[Place, list[str]]


def generate(
    folder: Path,
    *,
    interviews: int,
    turns: int,
    codings: int,
    codes: int,
    seed: int = 1,
    coders: int = 1,
) -> None:
    """Write a study into `folder`; every second turn is a participant's.

    With `codings` 0 there are no sheets. Codes that no coding is left for stand in the code book
    alone. Of two coders, the second has sheets of every fourth interview. Raises ValueError when
    there are not enough turns and codes for the codings, or `folder` is a study already.
    """
    if (folder / settings.FILE).exists():
        raise ValueError(f"{folder} is a study already")
    chance = random.Random(seed)
    initials = list(RESEARCHERS)[:coders]
    labels = _labels(chance, codes)
    given = _given(chance, labels, codings, list(_places(interviews, turns, initials)))
    for place in (TRANSCRIPTS, INGESTED, SOURCES, SHEETS):
        (folder / place).mkdir(parents=True, exist_ok=True)
    _write(folder, settings.FILE, _pipeline(initials))
    _write(folder, CODEBOOK, _codebook(chance, labels, used=min(codings, codes)))
    people = []
    for number in range(interviews):
        interview = _interview(chance, number, interviews, turns)
        people.append((interview.name, chance.randint(18, 80), chance.choice(SETTINGS)))
        _write_interview(folder, interview)
        for coder in _coders(number, initials) if codings else ():
            path = sheets.path_of(interview.name, coder, initials[0])
            _write(folder, path, _sheet(chance, interview, number, coder, given))
    _write(folder, PARTICIPANTS, tables.dumps(("participant", "age", "setting"), people))


def _write(folder: Path, path: str, text: str) -> None:
    (folder / path).write_bytes(text.encode())


# --- codes and where they are given ---------------------------------------------------------------


def _labels(chance: random.Random, codes: int) -> list[str]:
    labels: dict[str, None] = {}
    while len(labels) < codes:
        first, *rest = chance.choices(_WORDS, k=chance.randint(2, 5))
        labels[" ".join([f"{first}ing", *rest])] = None
    return list(labels)


def _coders(number: int, initials: Sequence[str]) -> Sequence[str]:
    return initials if number % BOTH == 0 else initials[:1]


def _places(interviews: int, turns: int, initials: Sequence[str]) -> Iterator[Place]:
    for number in range(interviews):
        for coder in _coders(number, initials):
            for turn in range(1, turns, 2):
                yield Place(number, turn, coder)


def _given(chance: random.Random, labels: list[str], codings: int, places: list[Place]) -> Given:
    """Each label once while codings last, then by rank; no label twice at one place."""
    if codings > len(labels) * len(places):
        raise ValueError(
            f"{codings} codings do not fit: {len(labels)} codes, {len(places)} turns to code"
        )
    weights = list(accumulate(1 / (rank + 1) for rank in range(len(labels))))
    more = (
        chance.choices(labels, cum_weights=weights, k=codings - len(labels))
        if codings > len(labels)
        else []
    )
    given: Given = defaultdict(list)
    for label in [*labels[:codings], *more]:
        place = chance.choice(places)
        here = given[place]
        here.append(
            label if label not in here else next(other for other in labels if other not in here)
        )
        if len(here) == len(labels):
            places.remove(place)
    return given


# --- the files ------------------------------------------------------------------------------------


def _pipeline(initials: Sequence[str]) -> str:
    people = "".join(f"  {coder}: {RESEARCHERS[coder]}\n" for coder in initials)
    return f"""\
study: Made up by a generator
question: How long does it take?
stance: constructivist grounded theory (Charmaz 2014)
language: en
researchers:
{people}speakers:
  interviewer: [I]
  participant: [P]
stages:
  ingest: {{}}
  initial-code: {{sheet-text: true}}
"""


def _codebook(chance: random.Random, labels: list[str], used: int) -> str:
    """A definition for one in `DEFINED` labels; a bare entry for those not in use, so that they are
    codes at all.
    """
    entries = []
    for rank, label in enumerate(labels):
        entry = f"- code: {yamltext.field_value(label, '    ')}\n"
        if rank % DEFINED == 0:
            definition = _speech(chance, chance.randint(6, 30))
            entry += f"  definition: {yamltext.field_value(definition, '    ')}\n"
        elif rank < used:
            continue
        entries.append(entry)
    return "\n".join(entries)


def _interview(chance: random.Random, number: int, interviews: int, turns: int) -> Interview:
    name = f"interview-{number + 1:0{len(str(interviews))}}"
    said = tuple(
        Turn(str(index + 1), "", label, _speech(chance, _length(chance, label)), 0)
        for index, label in enumerate("IP"[index % 2] for index in range(turns))
    )
    day = FIRST_DAY + timedelta(days=number)
    return Interview(
        name,
        f"{TRANSCRIPTS}/{name}.md",
        day.isoformat(),
        {"I": INTERVIEWER, "P": name},
        said,
        source=f"{name}.txt",
    )


def _length(chance: random.Random, label: str) -> int:
    """Words in a turn: half of an interviewer's have 10 or fewer, half of a participant's 35 or
    more.
    """
    drawn = chance.lognormvariate(2.3, 0.5) if label == "I" else chance.lognormvariate(3.55, 0.7)
    return min(max(int(drawn), 3), LONGEST)


def _speech(chance: random.Random, length: int) -> str:
    """`length` words in sentences; a long speech may go on in a second paragraph."""
    words = chance.choices(_WORDS, cum_weights=_FREQUENT, k=length)
    end = 0
    while end < length:
        start, end = end, min(end + chance.randint(3, 15), length)
        words[start] = words[start].capitalize()
        words[end - 1] += chance.choice("...?…")
    at = length // 2 if length > 60 and chance.random() < 0.3 else length
    return "\n\n".join(" ".join(part) for part in (words[:at], words[at:]) if part)


def _write_interview(folder: Path, interview: Interview) -> None:
    """Source, transcript and the record of its ingest, as ingest would leave them."""
    source = "\n\n".join(f"{turn.label}: {turn.text}" for turn in interview.turns) + "\n"
    record = {turn.id: sheets.hash_words(turn.text) for turn in interview.turns}
    _write(folder, f"{SOURCES}/{interview.source}", source)
    _write(folder, interview.path, transcripts.dumps(interview))
    ingested = tables.Ingested(record, digest(source.encode()))
    _write(folder, f"{INGESTED}/{interview.name}.csv", ingested.dumps())


def _sheet(
    chance: random.Random, interview: Interview, number: int, coder: str, given: Given
) -> str:
    """The empty sheet as stage 2 makes it, with a line for each coding."""
    filled = []
    turn = None
    for line in sheet_edits.new_sheet(interview, with_text=True).splitlines():
        filled.append(line)
        if line.startswith("- turn: "):
            turn = interview.turn(line.removeprefix("- turn: "))
        elif line == "  codes: |" and turn is not None:
            labels = given.get(Place(number, interview.position[turn.id], coder), ())
            filled += [f"    {_coded(chance, label, turn.text)}" for label in labels]
    return "\n".join(filled) + "\n"


def _coded(chance: random.Random, label: str, text: str) -> str:
    return code_line.write_line(
        label, _stretch_of(chance, text) if chance.random() < TIED else None
    )


def _stretch_of(chance: random.Random, text: str) -> str:
    """Some words of `text`, one after the other, that stand in it once."""
    words = text.split()
    for length in range(2, len(words)):
        start = chance.randint(0, len(words) - length)
        picked = " ".join(words[start : start + length])
        if len(stretches(text, picked)) == 1:
            return picked
    return one_line(text)


def main() -> None:
    parser = argparse.ArgumentParser(description="Make up a study of any size.")
    parser.add_argument("folder", type=Path)
    parser.add_argument("--interviews", type=int, default=10)
    parser.add_argument("--turns", type=int, default=100, help="of an interview")
    parser.add_argument("--codings", type=int, default=1200, help="of the whole study")
    parser.add_argument("--codes", type=int, default=150)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--coders", type=int, choices=range(1, len(RESEARCHERS) + 1), default=1)
    asked = vars(parser.parse_args())
    try:
        generate(asked.pop("folder"), **asked)
    except ValueError as exc:
        parser.error(str(exc))


if __name__ == "__main__":
    main()
