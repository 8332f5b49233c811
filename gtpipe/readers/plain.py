"""Plain text and Markdown: `Name: words`, `**Name:** words`, or a label alone on its line; paragraphs; time marks.

A line that begins like a label begins a turn, known label or not: taking a speaker for words would put one person's
words into another's mouth, so doubtful ones come out as labels and ingest asks who they are.
"""

from __future__ import annotations

import re

from gtpipe.errors import UserError, error
from gtpipe.readers import Labels, Reading, SourceTurn, decoding

_TIME = r"\d{1,3}:\d{2}(?::\d{2})?(?:[.,]\d{1,3})?"


def _mark(group: str) -> str:
    """A time mark in brackets, Markdown's backslashes allowed: [00:01:05], (04:05), \\[04:05\\]."""
    return rf"(?:\\?[\[(] ?(?P<{group}>{_TIME}) ?\\?[\])])"


_LABEL = r"(?P<label>[^\W_](?:[^:*\n\[\]<>\"“”?!;]{0,58}[^\s:*\n\[\]<>\"“”?!;_,])?)"
_BOLD = r"\*\*|__|\*|_"
_BEFORE = rf"[ \t]*(?:(?:{_mark('before')}|(?P<bare>{_TIME}))[ \t]+)?"
_AFTER = rf"[ \t]*(?:{_mark('after')})?"

# Bold, the colon inside or outside: **Ana:** words, **Ana**: words, **Ana:**[04:05] words
_BOLD_LINE = re.compile(
    rf"{_BEFORE}(?P<bold>{_BOLD}){_LABEL}[ \t]*(?:{_mark('middle')})?[ \t]*(?::(?P=bold)|(?P=bold)[ \t]*:){_AFTER}[ \t]*"
)
# Ana: words, Ana [00:01:05]: words, [00:01:05] Ana: words
_PLAIN_LINE = re.compile(rf"{_BEFORE}{_LABEL}[ \t]*(?:{_mark('middle')})?[ \t]*:{_AFTER}(?P<space>[ \t]+|$)")
_TIGHT_LINE = re.compile(rf"{_BEFORE}{_LABEL}:(?=\S)")
# Ana, alone on its line
_ALONE = re.compile(rf"{_BEFORE}(?P<bold>{_BOLD})?{_LABEL}(?P=bold)?{_AFTER}[ \t]*$")
_ALONE_PLAIN = re.compile(rf"{_BEFORE}{_LABEL}{_AFTER}[ \t]*$")
_ONLY_TIME = re.compile(rf"[ \t]*{_mark('time')}[ \t]*$")
_PARTICLES = frozenset("van von der den de la le del da di du dos of the and st. y e &".split())


def recognises(content: bytes) -> bool:
    return decoding.is_text(content)


def read(content: bytes, path: str, labels: Labels) -> Reading:
    """Raises UserError when the file's bytes are not what its byte order mark says, or nothing in it is a label."""
    try:
        text, remarks = decoding.decode(content)
    except UnicodeDecodeError as exc:
        raise UserError(error(path, None, f"this file begins as {exc.encoding} and does not go on so",
                              "Save it as UTF-8")) from None
    lines = text.split("\n")
    starts = _label_lines(lines, labels)
    if not starts:
        seen = next((line.strip() for line in lines if line.strip()), "")
        raise UserError(error(path, 1, "no speaker labels seen in this file",
                              "Begin each turn with who speaks, like `I: …` and `P: …`", excerpt=seen[:100]))
    turns: list[SourceTurn] = []
    first = min(starts)
    left_out = tuple((number, line) for number, line in enumerate(lines[:first], 1) if line.strip())
    lead_before = ""
    if left_out and _ONLY_TIME.match(left_out[-1][1]):
        lead_before = left_out[-1][1] + "\n"
        left_out = left_out[:-1]
    order = sorted(starts)
    for start, end in zip(order, [*order[1:], len(lines)]):
        match = starts[start]
        said = lines[start][match.end() :]
        body = [said, *lines[start + 1 : end]]
        lead = lead_before + match.group() + ("" if said.strip() else "\n")
        lead_before = ""
        while len(body) > 1 and not body[-1].strip():
            body.pop()
        if end < len(lines) and len(body) > 1 and _ONLY_TIME.match(body[-1]) and not _time(starts[end]):
            lead_before = body.pop() + "\n"
        time = _time(match) or _time(_ONLY_TIME.match(lead.partition("\n")[0]))
        spoken = "\n".join(line.rstrip() for line in body).strip()
        turns.append(SourceTurn(match.group("label"), time, spoken, start + 1, lead))
    return Reading("text", text, tuple(turns), left_out, remarks)


def _time(match: re.Match | None) -> str:
    found = match.groupdict() if match else {}
    return next((found[key] for key in ("before", "bare", "middle", "after", "time") if found.get(key)), "")


def _label_lines(lines: list[str], labels: Labels) -> dict[int, re.Match]:
    """Index of each line that begins a turn → the match of what stands before the words."""
    bold: dict[int, re.Match] = {}
    plain: dict[int, re.Match] = {}
    for index, line in enumerate(lines):
        if ":" not in line[:160]:
            continue
        match = _BOLD_LINE.match(line)
        if match:
            if _may_be(match.group("label"), labels):
                bold[index] = match
            continue
        match = _PLAIN_LINE.match(line)
        if match is None:
            match = _TIGHT_LINE.match(line)
            if match and match.group("label") in labels and match.group("label") not in labels.not_speakers:
                plain[index] = match
        elif _may_be(match.group("label"), labels) and _is_like_a_name(match.group("label"), labels):
            plain[index] = match
    if len(bold) > len(plain):  # in a file of **Name:** turns, a plain `Note: …` is speech
        plain = {index: match for index, match in plain.items() if match.group("label") in labels}
    return {**_alone(lines, labels, bool(bold or plain)), **plain, **bold}


def _may_be(label: str, labels: Labels) -> bool:
    if label in labels.not_speakers:
        return False
    return label in labels or not labels.only_known


def _is_like_a_name(label: str, labels: Labels) -> bool:
    """One word with a letter in it, or up to five of which each begins with a capital, a digit or is a particle."""
    if label in labels:
        return True
    words = label.split()
    if len(words) == 1:
        return len(label) <= 25 and any(c.isalpha() for c in label)
    if len(words) > 5 or not words[0][0].isalpha() or words[0][0].islower():
        return False
    return all(not word[0].islower() or word in _PARTICLES for word in words)


def _alone(lines: list[str], labels: Labels, others: bool) -> dict[int, re.Match]:
    """Labels alone on the first line of a paragraph. An unknown one counts only where labels carry no colon at all."""
    known: dict[int, re.Match] = {}
    doubtful: dict[int, re.Match] = {}
    for index, line in enumerate(lines):
        if len(line) > 80 or not line.strip() or (index and lines[index - 1].strip()):
            continue
        match = _ALONE.match(line) if line.lstrip()[:1] in "*_" else _ALONE_PLAIN.match(line)
        if match is None or match.group("label") in labels.not_speakers:
            continue
        label = match.group("label")
        if label in labels:
            known[index] = match
        elif not labels.only_known and index + 1 < len(lines) and lines[index + 1].strip() and _looks_alone(label):
            doubtful[index] = match
    return known if others else {**known, **doubtful}


def _looks_alone(label: str) -> bool:
    return label[-1] not in ".,…" and label[0].isupper() and _is_like_a_name(label, Labels())
