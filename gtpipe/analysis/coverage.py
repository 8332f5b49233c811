"""Every word of a source accounted for: proof that none is lost or gained between it and the
transcript, and the account of what each line is.
"""

from __future__ import annotations

import re
from collections import Counter

from gtpipe.model import limits
from gtpipe.model.records import Interview
from gtpipe.readers.reading import Reading

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
    for said, turn in zip(reading.turns, stored.turns, strict=True):
        if _not_words(said.lead, said.label):
            lead = limits.cut(said.lead.strip(), limits.EXCERPT)
            return f'turn {turn.id}: "{lead}" holds more than a label and a time'
        if (said.label, said.time) != (turn.label, turn.time):
            return f"turn {turn.id}: the label or time changed"
        if said.text.split() != turn.text.split():
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


def _not_words(lead: str, label: str) -> str:
    """What a lead holds beside the label, however often it stands there, and times."""
    rest = _OF_TIMES.sub("", lead.replace(label, ""))
    return re.sub(r"[\s\d:：.,*_\\\[\]()<>{}/+#–—'\"‘“\u200e\u200f-]", "", rest)
