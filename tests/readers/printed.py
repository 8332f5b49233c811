"""Interviews printed in the shapes that people have, for tests and benchmarks: what is read back
must be what was said, by whom and when.
"""

from __future__ import annotations

import random
from typing import NamedTuple

from gtpipe.model.shape import Shape
from gtpipe.readers.lines import time_marks


class Said(NamedTuple):
    """A turn as it was said, its words line by line."""

    label: str
    time: str
    lines: tuple[str, ...]


def printed(turns: list[Said], example: str, gap: str = "\n") -> str:
    """The turns, each in the form of the example, `gap` behind each."""
    return gap.join(_turn(turn, number, example) for number, turn in enumerate(turns, 1))


def _turn(turn: Said, number: int, example: str) -> str:
    words = "\n".join(turn.lines)
    text = example.replace("INITIAL", turn.label).replace("NAME", turn.label)
    if "TIME --> TIME" in text or "TIME - TIME" in text:
        text = text.replace("TIME", turn.time, 1).replace("TIME", "09:59:59", 1)
    text = text.replace("DURATIONTIME", f"{_duration(turn.time)}{turn.time}")
    text = text.replace("DURATION", _duration(turn.time)).replace("TIME", turn.time)
    text = text.replace("DATE", "02/03/2026").replace("NUMBER", str(number))
    text = text.replace("⏎", "\n").replace("⇥", "\t")
    if "WORDS" not in text:
        return f"{text}\n{words}\n"
    return text.replace("WORDS", words) + "\n"


def _duration(time: str) -> str:
    parts = [int(part) for part in time.split(":")]
    hours, minutes, seconds = [0] * (3 - len(parts)) + parts
    return (f"{hours} hours " if hours else "") + f"{minutes} minutes {seconds} seconds"


def expected(turns: list[Said], example: str) -> list[tuple[str, str, str]]:
    """What must be read: label, time where the example has one, words."""

    def time(turn: Said) -> str:
        if "DURATION" in example:
            return time_marks.clock(_duration(turn.time))
        return time_marks.clock(turn.time) if "TIME" in example else ""

    return [(turn.label, time(turn), "\n".join(turn.lines)) for turn in turns]


def examples(shape: Shape) -> list[str]:
    """Each form of a shape's labels."""
    return shape.label.split("\n")


# --- random interviews ----------------------------------------------------------------------------

NAMES = (
    *("Nora Kell", "Ben Ost", "I", "P1", "Dr. Smith", "Interviewer", "Ana-Lena", "O'Brien"),
    *("respondent 1", "Ben's mum", "Speaker 2", "SPEAKER_01", "田中", "Żaneta", "B3", "K", "Mod"),
    *("+44 7700 900123", "Participant two", "female voice", "my mother", "Ben (B3, m, 54)"),
)
WORDS = (
    "so what did it mean to you and then the beans came in May we were cross about it all year "
    "only for the dog the leeks stood there nobody asked me I said no well perhaps twice a week"
).split()
ENDS = (".", "?", ".", "...", "!", ",", "")
JUNK = (
    *("Interview 3 – Garden", "Page 2", "---", "Transcribed by NK", "Date: 2 March", "[pause]"),
    *("(laughs)", "Note: it rained.", "I said: no way.", "see https://example.org/a", "10:30", ""),
    *("and then: nothing.", "12", "# Part two", "The end", "Ben Ost", "nora: quietly", "??: yes"),
    *("End of transcript", "Recording stopped", "Q. what", "<note>", "*", "one\ttwo", "Yes."),
)
PLAIN = (
    *("NAME: WORDS", "NAME:⏎WORDS", "**NAME:** WORDS", "[TIME] NAME: WORDS", "NAME [TIME]: WORDS"),
    *("NAME  TIME⏎WORDS", "TIME NAME⏎WORDS", "NAME - WORDS", "NAME⏎WORDS", "**NAME** WORDS"),
)


def sentence(chance: random.Random) -> str:
    """A line of speech of one to twelve words."""
    words = [chance.choice(WORDS) for _ in range(chance.randint(1, 12))]
    return (words[0].capitalize() + " " + " ".join(words[1:])).strip() + chance.choice(ENDS)


def conversation(chance: random.Random) -> list[Said]:
    """Two to four people who speak two to fourteen times in all."""
    names = chance.sample(NAMES, chance.randint(2, 4))
    turns: list[Said] = []
    seconds = 0
    for _ in range(chance.randint(2, 14)):
        seconds += chance.randint(1, 400)
        others = [name for name in names if not turns or name != turns[-1].label]
        lines = tuple(sentence(chance) for _ in range(chance.choice((1, 1, 1, 2, 3))))
        time = f"{seconds // 3600:02d}:{seconds // 60 % 60:02d}:{seconds % 60:02d}"
        turns.append(Said(chance.choice(others), time, lines))
    return turns


def with_junk(text: str, chance: random.Random) -> tuple[str, list[str]]:
    """The text with up to three lines that nobody said, or that look like labels; and these."""
    lines = text.split("\n")
    junk = [chance.choice(JUNK) for _ in range(chance.randint(0, 3))]
    for line in junk:
        lines.insert(chance.randint(0, len(lines)), line)
    return "\n".join(lines), [line for line in junk if line]
