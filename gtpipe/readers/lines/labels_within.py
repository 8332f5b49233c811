"""Labels inside a line, where a whole talk stands on one: found, and the line cut at them."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterator, Sequence

from gtpipe.model.typography import same
from gtpipe.readers.lines import speaker_names, time_marks
from gtpipe.readers.reading import Hints, Line

# A sentence's end, or a gap, and behind it up to four words and a colon. To begin with a blank and
# to look back from there is quick.
_WITHIN = re.compile(
    r"[ \t](?:(?<=[.?!…)\]\"”’][ \t])|(?<=  [ \t])|(?<=\t[ \t]))[ \t]*"
    r"(?P<label>[^\W_][^\s:：.?!]{0,30}(?: [^\s:：.?!]{1,30}){0,3}) ?[:：](?=\s)"
)
_COLON = re.compile(r"[:：]\s")
_REACH = 160  # characters before a colon in which a label begins, and the gap before it


def labels_within(
    source: Sequence[Line], known: Collection[str], not_speakers: Collection[str]
) -> Iterator[tuple[int, str, int]]:
    """The index of a line, a label inside it, and where in the line that begins: labels that are
    known, and names that come again.

    >>> lines = [Line("I: So? P: No. I: Hm. P: Yes.", 1)]
    >>> [(label, at) for _, label, at in labels_within(lines, {"I"}, ())]
    [('P', 7), ('I', 14), ('P', 21)]
    """
    folded = {same(label).casefold() for label in known}
    found = [
        (index, match["label"], match.start("label"))
        for index, line in enumerate(source)
        if line.text and line.text.count(":") + line.text.count("：") > 1
        for match in _matches(line.text)
        if match["label"] not in not_speakers
        and not time_marks.ALONE.match(line.text[: match.start("label")])
    ]
    counts = Counter(label for _, label, _ in found)
    for index, label, at in found:
        is_known = same(label).casefold() in folded
        if is_known or (counts[label] > 1 and speaker_names.is_likely(label)):
            yield index, label, at


def _matches(text: str) -> Iterator[re.Match[str]]:
    """Every match of `_WITHIN`, sought near each colon: there are few of them."""
    begin = 0
    for colon in _COLON.finditer(text):
        if match := _WITHIN.search(text, max(begin, colon.start() - _REACH), colon.end()):
            yield match
        begin = colon.start() + 1


def split(source: Sequence[Line], hints: Hints) -> list[Line]:
    """The lines, cut where a label inside them begins a turn."""
    known = {*hints.known}
    for line in source:
        label, _, _ = speaker_names.beginning(line.text)
        if label and speaker_names.is_likely(label):
            known.add(label)
    cuts: dict[int, list[int]] = {}
    for index, _, at in labels_within(source, known, hints.not_speakers):
        cuts.setdefault(index, []).append(at)
    lines: list[Line] = []
    for index, line in enumerate(source):
        begins = [0, *cuts.get(index, ())]
        for begin, end in zip(begins, [*begins[1:], len(line.text)], strict=True):
            lines.append(
                Line(line.text[begin:end].rstrip(), line.number, line.bold if not begin else 0)
            )
    return lines
