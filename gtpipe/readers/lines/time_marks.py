"""Times as transcripts write them: as one clock, and taken out from among the words.

A time beside a label is read with it (`turn_openings`, `shapes`); here are the marks that stand at
the beginning or end of a line of speech, or alone on a line.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

from gtpipe.model.shape import BELOW
from gtpipe.readers.reading import Aside, SourceTurn

HALF_OF_DAY = r"(?:[ \u00a0\u202f]?[AaPp]\.?[Mm]\b\.?)?"  # 10:02 AM
# 0:12, 00:01:05.120, 0:0:3.119, f4's 00:00:03-4, 10:02 AM
CLOCK = r"\d{1,3}:(?:\d{1,2}:\d{1,2}|\d{2})(?:[.,-]\d{1,3})?(?![\d:])" + HALF_OF_DAY
_CLOCK = re.compile(
    r"(?P<first>\d{1,3}):(?P<second>\d{1,2})(?::(?P<third>\d{1,2}))?(?:[.,-](?P<part>\d{1,3}))?"
    r"(?:[ \u00a0\u202f]?(?P<half>[AaPp])\.?[Mm]\b\.?)?"
)
_RANGE = rf"{CLOCK}(?:[ \t]*(?:-->|[-–—→])[ \t]*{CLOCK})?"
_OPEN = r"\\?[\[(<#{]"
_CLOSE = r"\\?[\])>#}]"
# Alone on a line, with or without brackets: 00:00:07, [0:12], 00:07 --> 00:11
ALONE = re.compile(rf"[ \t]*(?:{_OPEN} ?)?(?P<time>{_RANGE})(?: ?{_CLOSE})?[ \t]*$")
SPELT = re.compile(rf"[ \t]*(?:\d+ hours? )?\d+ minutes? \d+ seconds?(?:{CLOCK})?[ \t]*$")
_AT_START = re.compile(
    rf"[ \t]*(?P<open>{_OPEN}) ?(?P<time>{_RANGE}) ?{_CLOSE}[ \t\u00a0]*(?:[-–—][ \t]+)?"
)
_AT_END = re.compile(rf"(?P<open>{_OPEN}) ?(?P<time>{_RANGE}) ?{_CLOSE}[ \t]*$")
_ANYWHERE = re.compile(rf"[ \t\u00a0]*(?P<open>{_OPEN}) ?(?P<time>{_RANGE}) ?{_CLOSE}")
_BESIDE = re.compile(
    rf"(?:{_OPEN})?{CLOCK}(?:{_CLOSE})?[ \t]+(?P<behind>\S.*)"
    rf"|(?P<before>\S.*?)[ \t]+(?:{_OPEN})?{CLOCK}(?:{_CLOSE})?"
)
_DURATION = re.compile(r"(?:(\d+) hours? )?(?:(\d+) minutes? )?(\d+) seconds?")


def clock(written: str) -> str:
    """A time as turns keep it: hours of the afternoon in 24, tenths behind a full stop.

    >>> clock("00:00:03-4"), clock("2:04 PM"), clock("0:03 - 0:06"), clock("0:0:3.119")
    ('00:00:03.4', '14:04', '0:03', '0:00:03.119')
    >>> clock("1 hour 2 minutes 16 seconds")
    '1:02:16'
    """
    if not written:
        return ""
    if duration := _DURATION.fullmatch(written):
        hours, minutes, seconds = (int(part or 0) for part in duration.groups())
        return f"{hours}:{minutes:02d}:{seconds:02d}" if hours else f"{minutes}:{seconds:02d}"
    match = _CLOCK.search(written)
    if match is None:
        return ""
    first = match["first"]
    if match["half"]:
        hour = int(first) % 12 + (12 if match["half"] in "pP" else 0)
        first = f"{hour:02d}" if len(first) > 1 else str(hour)
    rest = [part.zfill(2) for part in (match["second"], match["third"]) if part]
    return ":".join([first, *rest]) + (f".{match['part']}" if match["part"] else "")


class Marks(NamedTuple):
    """How time marks stand among the words of a source: at the `start` or `end` of lines, in which
    bracket.
    """

    at: str
    bracket: str


class Marked(NamedTuple):
    """How time marks stand in turns where that is plain, else None; how many there are; and the
    first turn that has one.
    """

    marks: Marks | None = None
    total: int = 0
    first: SourceTurn | None = None


def marks_in(turns: Sequence[SourceTurn], example: str) -> Marked:
    """The time marks in these turns: plain by an `example`, or where at least half of the turns
    have one in one place.
    """
    counts: dict[Marks, int] = {}
    with_one: dict[Marks, int] = {}
    first = None
    for turn in turns:
        if ":" not in turn.text:
            continue
        seen = set()
        for line in turn.text.split("\n"):
            for marks in _of_line(line):
                counts[marks] = counts.get(marks, 0) + 1
                seen.add(marks)
        if seen and first is None:
            first = turn
        for marks in seen:
            with_one[marks] = with_one.get(marks, 0) + 1
    if not counts:
        return Marked()
    best = max(counts, key=lambda marks: (counts[marks], marks))
    total = sum(counts.values())
    spoken = sum(bool(turn.text) for turn in turns)
    declared = bool(example) and best.bracket == example.strip()[:1]
    plain = with_one[best] >= 2 and 2 * with_one[best] >= spoken and counts[best] == total
    return Marked(best if declared or plain else None, total, first)


def _of_line(line: str) -> list[Marks]:
    found = []
    if ":" in line:
        if match := _AT_START.match(line):
            found.append(Marks("start", match["open"][-1]))
        if (match := _AT_END.search(line[-40:])) and (
            not found or len(line.strip()) > len(match.group().strip())
        ):
            found.append(Marks("end", match["open"][-1]))
    return found


def without_marks(
    turns: Sequence[SourceTurn], marks: Marks, applies: str
) -> tuple[list[SourceTurn], list[Aside]]:
    """The turns without their marks, each with its first as its time where it had none; what stood
    at the beginning of a turn is in its lead, the other marks are asides.

    With `applies` below, a mark at the end of a line is the time of the turn below.
    """
    kept: list[SourceTurn] = []
    asides: list[Aside] = []
    waiting = ""
    for turn in turns:
        time, lead, lines = turn.time or waiting, turn.lead, []
        waiting = ""
        for number, line in enumerate(turn.text.split("\n")):
            match = _AT_START.match(line) if marks.at == "start" else _AT_END.search(line)
            if match is None or match["open"][-1] != marks.bracket:
                lines.append(line)
                continue
            if marks.at == "end":
                asides.append(Aside(turn.line, "time within a turn", match.group().strip()))
                lines.append(line[: match.start()])
            else:
                if number == 0:
                    lead += match.group()
                else:
                    asides.append(Aside(turn.line, "time within a turn", match.group().strip()))
                lines.append(line[match.end() :])
            if marks.at == "end" and applies == BELOW:
                waiting = waiting or clock(match["time"])
            else:
                time = time or clock(match["time"])
        text = "\n".join(line.rstrip() for line in lines).strip()
        kept.append(turn._replace(time=time, lead=lead, text=text))
    return kept, asides


def without_such_marks(
    turns: Sequence[SourceTurn], example: str, applies: str
) -> tuple[list[SourceTurn], list[Aside]]:
    """The turns without any mark in the bracket of the example, wherever it stands.

    >>> turn = SourceTurn("Ana", "", "[0:12] Twice [0:40]. So.", 1, "Ana: ")
    >>> (kept,), _ = without_such_marks([turn], "[0:40]", "")
    >>> kept.time, kept.text
    ('0:12', 'Twice. So.')
    """
    bracket = example.strip()[:1]
    kept: list[SourceTurn] = []
    asides: list[Aside] = []
    waiting = ""
    for turn in turns:
        time, lead, lines = turn.time or waiting, turn.lead, []
        waiting = ""
        for number, line in enumerate(turn.text.split("\n") if ":" in turn.text else ()):
            start = _AT_START.match(line)
            if start and start["open"][-1] == bracket:
                time = time or clock(start["time"])
                if number == 0:
                    lead += start.group()
                else:
                    asides.append(Aside(turn.line, "time within a turn", start.group().strip()))
                line = line[start.end() :]
            rest, at = "", 0
            for match in _ANYWHERE.finditer(line):
                if match["open"][-1] != bracket:
                    continue
                asides.append(Aside(turn.line, "time within a turn", match.group().strip()))
                rest, at = rest + line[at : match.start()], match.end()
                if applies == BELOW and not line[at:].strip():
                    waiting = waiting or clock(match["time"])
                else:
                    time = time or clock(match["time"])
            lines.append((rest + line[at:]).rstrip())
        text = "\n".join(lines).strip() if lines else turn.text
        kept.append(turn._replace(time=time, lead=lead, text=text))
    return kept, asides


def beside_a_time(line: str) -> str:
    """What stands before or behind a time on a short line, '' where there is no time or no more.

    >>> beside_a_time("00:11:33 +44 7700 900123"), beside_a_time("Ana 0:12"), beside_a_time("0:12")
    ('+44 7700 900123', 'Ana', '')
    """
    if len(line) > 80 or not (match := _BESIDE.fullmatch(line.strip())):
        return ""
    label = match["behind"] or match["before"]
    return label if len(label.split()) <= 4 else ""


def example_in(text: str) -> str:
    """The first time mark at the beginning or end of a line of `text`, '' where there is none."""
    for line in text.split("\n"):
        if ":" in line and (match := _AT_START.match(line) or _AT_END.search(line)):
            return match.group().strip(" \t-–—")
    return ""
