"""Running line numbers, as transcripts for close reading have them: found, and taken away."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise

from gtpipe.readers.lines import turn_openings
from gtpipe.readers.lines.turn_openings import Form
from gtpipe.readers.reading import Aside, Line

_NUMBERED = re.compile(r"[ \t]*(?P<number>\d{1,5})(?:[.):]?[ \t]+|[.):]?$)")
_BEGINS = re.compile(r"\n[ \t]*\d")
WHAT = "line number"


def are_numbered(source: Sequence[Line]) -> bool:
    """Whether the lines are numbered: each, or each fifth, and not the turns alone.

    >>> def numbered(*texts):
    ...     return are_numbered([Line(text, n) for n, text in enumerate(texts, 1)])
    >>> numbered("1 I: So what", "2 was it?", "3", "4 B: Oh."), numbered("1 I: So?", "2 B: No.")
    (True, False)
    >>> numbered(*"I: So?_B: No._Why_so?_5 I: Hm._B: I_told_you_I_10 did.".split("_"))
    True
    """
    if len(_BEGINS.findall("\n" + "\n".join([line.text for line in source]))) < 2:
        return False
    filled = [line for line in source if line.text.strip()]
    numbers = [
        (place, int(match["number"]))
        for place, line in enumerate(filled)
        if (match := _NUMBERED.match(line.text))
    ]
    if len(numbers) > 1 and all(
        number == place + 1 == 5 * n for n, (place, number) in enumerate(numbers, 1)
    ):
        return len(numbers) == len(filled) // 5
    if len(numbers) < 4 or len(numbers) * 8 < len(filled):
        return False
    steps = [(b[0] - a[0], b[1] - a[1]) for a, b in pairwise(numbers)]
    regular = sum(lines == step for lines, step in steps)
    if regular * 10 < len(steps) * 9 or numbers[0][1] > numbers[0][0] + 5:
        return False
    if any(step != 1 for _, step in steps):
        return sum(step == 5 for _, step in steps) * 10 >= len(steps) * 9
    return any(_is_no_turn(filled[place]) for place, _ in numbers)


def _is_no_turn(line: Line) -> bool:
    """Whether a numbered line begins with no label, so that it is the line that has the number."""
    with_colon = (Form.COLON, Form.BOLD, Form.TIGHT)
    return not any(
        way.number >= 0 and way.form in with_colon for way in turn_openings.openings_of(line)
    )


def without_numbers(source: Sequence[Line]) -> tuple[list[Line], list[Aside]]:
    """The lines without the numbers that count them up; the numbers as asides.

    >>> lines, _ = without_numbers([Line("7 So?", 1), Line("8", 2), Line("2 dogs.", 3)])
    >>> [line.text for line in lines]
    ['So?', '', '2 dogs.']
    """
    kept: list[Line] = []
    asides: list[Aside] = []
    last = -1
    for line in source:
        match = _NUMBERED.match(line.text)
        if match is None or not (last < 0 or 0 < int(match["number"]) - last <= 5):
            kept.append(line)
            continue
        last = int(match["number"])
        asides.append(Aside(line.number, WHAT, match.group().strip()))
        kept.append(
            line._replace(text=line.text[match.end() :], bold=max(0, line.bold - match.end()))
        )
    return kept, asides
