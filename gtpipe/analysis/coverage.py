"""Every word of a source accounted for: proof that none is lost or gained between it and the
transcript, and the account of what each line is.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from gtpipe.model import limits
from gtpipe.model.names import one_line
from gtpipe.model.records import Interview
from gtpipe.model.shape import Shape
from gtpipe.readers.reading import Reading, SourceTurn

LABEL, TIME, ABOVE = "label", "time", "before the first speaker"
HEADING = "heading, left out by your word"


class Share(NamedTuple):
    """What a part of a source is: of which kind, how many lines (or paragraphs, cues …), which is
    the first, and an example.
    """

    kind: str
    lines: int
    first: int
    example: str


def account(reading: Reading, text: str | None, skip_heading: bool = False) -> tuple[Share, ...]:
    """What each line of a source is, kind by kind in the order of their first: a label, the time of
    a turn, words of somebody, heading, or what the reading calls its asides.

    `text` is the source as text, where the reading counts its lines: each that is not empty is
    exactly one of these, the words of a speaker where a label stands before them. Without it the
    turns are counted, and what is none.
    """
    to = reading.turns[0].line if skip_heading and reading.turns else reading.shape.heading_to
    pieces = _of_turns(reading) if text is None else _of_lines(reading, text.split("\n"))
    shares: dict[str, Share] = {}
    for kind, number, words in pieces:
        kind = HEADING if kind == ABOVE and number <= to else kind
        before = shares.get(kind, Share(kind, 0, number, one_line(words)))
        shares[kind] = before._replace(lines=before.lines + 1)
    return tuple(shares.values())


def _of_turns(reading: Reading) -> Iterator[tuple[str, int, str]]:
    for number, words in reading.left_out:
        yield ABOVE, number, words
    for turn in reading.turns:
        yield f"words of {turn.label}", turn.line, turn.text
    for aside in reading.asides:
        yield aside.what, aside.number, aside.words


def _of_lines(reading: Reading, lines: Sequence[str]) -> Iterator[tuple[str, int, str]]:
    """Kind, number and text of each line."""
    heading = {number for number, _ in reading.left_out}
    asides: dict[str, list[str]] = {}  # words of an aside → its kinds: it may stand behind its turn
    for aside in reading.asides:
        asides.setdefault(aside.words.strip(), []).append(aside.what)
    of_line = dict(_leads(reading.turns, lines))
    speakers: dict[int, list[str]] = {}
    for turn in reading.turns:
        labels = speakers.setdefault(turn.line, [])
        if turn.label not in labels:
            labels.append(turn.label)
    last = ""
    for number, line in enumerate(lines, 1):
        words = line.strip()
        labels = speakers.get(number, [])
        last = labels[-1] if labels else last
        if not words:
            continue
        if number in heading:
            yield ABOVE, number, words
        elif number in of_line:
            yield of_line[number], number, words
        elif asides.get(words):
            yield asides[words].pop(0), number, words
        else:
            yield f"words of {' and '.join(labels) or last}", number, words


def _leads(turns: Sequence[SourceTurn], lines: Sequence[str]) -> Iterator[tuple[int, str]]:
    """The lines that are nothing but the label or the time of a turn: number → which."""
    for turn in turns:
        own = [part.strip() for part in turn.lead.split("\n")[:-1] if part.strip()]
        if not own:
            continue
        at = turn.line
        first = lines[at - 1].strip()
        if own[0] not in first and first not in own[0]:  # the time stands above the label
            above = next((n for n in range(at - 1, 0, -1) if lines[n - 1].strip()), 0)
            yield above, TIME
            own.pop(0)
        for part in own:
            yield at, LABEL if turn.label in part else TIME
            at = next((n for n in range(at + 1, len(lines) + 1) if lines[n - 1].strip()), at)


# Words of a time: 10:02 AM, 1 hour 2 minutes 16 seconds
_OF_TIMES = re.compile(r"(?<=\d)[ \u00a0\u202f]?[AaPp]\.?[Mm]\b\.?|\b(?:hours?|minutes?|seconds?)")


def lost_words(reading: Reading, stored: Interview, plainly: str | None) -> str:
    """'' when the words of the source are those of the stored turns, white space apart; else where
    they part ways.

    `stored` is the transcript as read back from what is to be written; `plainly` the text of the
    same source by a second, simpler way, None where there is none. Labels, time marks and what the
    reading lists as left out are the only other words there may be.
    """
    if len(stored.turns) != len(reading.turns):
        return f"{len(reading.turns)} turns read, {len(stored.turns)} stored"
    leads = {(turn.lead, turn.label) for turn in reading.turns}  # most are alike
    odd = {lead for lead in leads if _not_words(*lead, reading.shape)}
    for said, turn in zip(reading.turns, stored.turns, strict=True):
        if (said.lead, said.label) in odd:
            lead = limits.cut(said.lead.strip(), limits.EXCERPT)
            return f'turn {turn.id}: "{lead}" holds more than a label and a time'
        if (said.label, said.time) != (turn.label, turn.time):
            return f"turn {turn.id}: the label or time changed"
        if said.text != turn.text and said.text.split() != turn.text.split():
            return f"turn {turn.id}: {_parting(said.text.split(), turn.text.split())}"
    return "" if plainly is None else _lost_in_reading(reading, plainly)


def _lost_in_reading(reading: Reading, plainly: str) -> str:
    """Where the reading and the source's plain text part ways.

    A table's columns may stand in another order there.
    """
    kept = " ".join(
        [
            *(words for _, words in reading.left_out),
            *(turn.lead + turn.text for turn in reading.turns),
        ]
    )
    if not reading.asides and "".join(kept.split()) == "".join(plainly.split()):
        return ""
    kept += " " + " ".join(aside.words for aside in reading.asides)
    source, read = plainly.split(), kept.split()
    if Counter(source) == Counter(read) or Counter("".join(source)) == Counter("".join(read)):
        return ""
    lost, gained = Counter(source) - Counter(read), Counter(read) - Counter(source)
    if not reading.asides:
        return _parting(source, read)
    told = [
        f"{what}: {' '.join(list(words.elements())[:6])}"
        for what, words in (("in the source only", lost), ("read only", gained))
        if words
    ]
    return "; ".join(told)


def _parting(source: list[str], kept: list[str]) -> str:
    at = next(
        (i for i, (a, b) in enumerate(zip(source, kept, strict=False)) if a != b),
        min(len(source), len(kept)),
    )
    theirs, ours = (
        limits.cut(" ".join(words[at : at + 6]), limits.EXCERPT) for words in (source, kept)
    )
    return f'the source has "{theirs}" where the transcript has "{ours}"'


def _not_words(lead: str, label: str, shape: Shape) -> str:
    """The letters that a lead holds beside the label, however often it stands there, times, and
    the words that the form of the source has there.

    >>> _not_words("<10:02:13 AM> Nora:", "Nora", Shape()), _not_words("Bo, tired:", "Bo", Shape())
    ('', 'tired')
    >>> _not_words("| Nora says |", "Nora", Shape(label="| NAME says | WORDS"))
    ''
    """
    rest = _OF_TIMES.sub("", lead.replace(label, ""))
    for word in re.findall(r"[^\W\d_]+", shape.label):
        rest = re.sub(rf"\b{word}\b", "", rest)
    return re.sub(r"[\W\d_]", "", rest)
