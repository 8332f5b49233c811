"""Lines in, turns out: `Name: words`, `**Name:** words`, or a label alone on its line; paragraphs; time marks.

Taking a speaker for words would put one person's words into another's mouth. So a line that begins like a name and a
colon begins a turn, known label or not, and ingest asks who that is; a paragraph that only might begin with a speaker is
words, and is told as doubtful.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

from gtpipe.errors import UserError, error
from gtpipe.model import TIME
from gtpipe.readers import Hints, Line, SourceTurn


def _mark(group: str) -> str:
    """A time mark in brackets, Markdown's backslashes allowed: [00:01:05], (04:05), \\[04:05\\]."""
    return rf"(?:\\?[\[(] ?(?P<{group}>{TIME}) ?\\?[\])])"


_LABEL = r"(?P<label>[^\W_](?:[^:：*\n\[\]<>\"“”?!;]{0,58}[^\s:：*\n\[\]<>\"“”?!;_,])?)"
_BOLD = r"\*\*|__|\*|_"
_BEFORE = rf"[ \t]*(?:[-+*>][ \t]+)?(?:(?:{_mark('before')}|(?P<bare>{TIME}))[ \t]+)?"
_AFTER = rf"[ \t]*(?:{_mark('after')})?"

# Bold, the colon inside or outside: **Ana:** words, **Ana**: words, **Ana:**[04:05] words
_BOLD_LINE = re.compile(
    rf"{_BEFORE}(?P<bold>{_BOLD}){_LABEL}[ \t]*(?:{_mark('middle')})?[ \t]*"
    rf"(?:[:：][ \t]*(?P=bold)|(?P=bold)[ \t]*[:：]){_AFTER}[ \t]*"
)
# Ana: words, Ana [00:01:05]: words, [00:01:05] Ana: words; a full-width colon needs no space behind it
_PLAIN_LINE = re.compile(
    rf"{_BEFORE}{_LABEL}[ \t]*(?:{_mark('middle')})?[ \t]*(?::{_AFTER}(?:[ \t]+|$)|：[ \t]*)"
)
_TIGHT_LINE = re.compile(rf"{_BEFORE}{_LABEL}:(?=[^\s/])")
# [Ana]: words
_BRACKET_LINE = re.compile(rf"{_BEFORE}\[(?P<label>[^\W\d_][^:：\n\[\]]{{0,40}})\][ \t]*[:：]{_AFTER}(?:[ \t]+|$)")
# Ana, alone on its line
_ALONE = re.compile(rf"{_BEFORE}(?P<bold>{_BOLD}){_LABEL}(?P=bold){_AFTER}[ \t]*$")
_ALONE_PLAIN = re.compile(rf"{_BEFORE}{_LABEL}{_AFTER}[ \t]*$")
_ONLY_TIME = re.compile(rf"[ \t]*{_mark('time')}[ \t]*$")
# What might begin with a speaker: up to four words and a colon
_MAYBE = re.compile(rf"\W*(?:{_mark('time')}[ \t]*)?(?P<label>[^\s:：]+(?:[ \t]+[^\s:：]+){{0,3}})[ \t]*[:：](?!//)")
_PARTICLES = frozenset("van von der den de la le del da di du dos of the and st. y e &".split())


class _Starts(NamedTuple):
    """Lines that begin a turn, by index, with the match of what stands before the words; and doubtful lines."""

    starts: dict[int, re.Match]
    doubtful: tuple[int, ...]


@dataclass(frozen=True)
class Found:
    """The turns in a source's lines; lines before the first speaker; and lines that only might begin with a speaker."""

    turns: tuple[SourceTurn, ...]
    left_out: tuple[tuple[int, str], ...]
    doubtful: tuple[tuple[int, str], ...]


def turns_in(source: Sequence[Line], path: str, hints: Hints) -> Found:
    """Who says what in `source`. Between two paragraphs stands an empty line. Raises UserError when nothing in it is a label."""
    lines = [line.text for line in source]
    starts, doubtful = _find_labels(lines, hints)
    if not starts:
        seen = next((line for line in source if line.text.strip()), Line("", 1))
        raise UserError(error(path, seen.number, "no speaker labels seen in this file",
                              "Begin each turn with who speaks, like `I: …` and `P: …`", excerpt=seen.text.strip()[:100]))
    turns: list[SourceTurn] = []
    first = min(starts)
    left_out = tuple((line.number, line.text) for line in source[:first] if line.text.strip())
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
        turns.append(SourceTurn(match.group("label"), time, spoken, source[start].number, lead))
    told = tuple((source[index].number, lines[index].strip()) for index in doubtful if index >= first)
    return Found(tuple(turns), left_out, told)


def _time(match: re.Match | None) -> str:
    found = match.groupdict() if match else {}
    return next((found[key] for key in ("before", "bare", "middle", "after", "time") if found.get(key)), "")


def _find_labels(lines: list[str], hints: Hints) -> _Starts:
    """Labels are looked for twice: what one line shows to be a label is one on every line."""
    found = _look(lines, hints)
    if hints.only_known:
        return found
    seen = frozenset(match.group("label") for match in found.starts.values())
    return found if all(label in hints for label in seen) else _look(lines, replace(hints, known=hints.known | seen))


def _look(lines: list[str], hints: Hints) -> _Starts:
    bold: dict[int, re.Match] = {}
    plain: dict[int, re.Match] = {}
    for index, line in enumerate(lines):
        if ":" not in line[:160] and "：" not in line[:160]:
            continue
        match = _BOLD_LINE.match(line)
        if match:
            if _may_be(match.group("label"), hints):
                bold[index] = match
            continue
        match = _plain_match(line, hints, _opens(lines, index))
        if match:
            plain[index] = match
    if len(bold) > len(plain):  # in a file of **Name:** turns, a plain `Note: …` is speech
        plain = {index: match for index, match in plain.items() if match.group("label") in hints}
    starts = {**plain, **bold}
    alone, doubtful = _alone(lines, hints, colons=bool(starts))
    starts = {**alone, **starts}
    doubtful += [index for index, line in enumerate(lines)
                 if index not in starts and _opens(lines, index) and _might_be(line, hints)]
    return _Starts(starts, () if hints.only_known else tuple(sorted(doubtful)))


def _opens(lines: list[str], index: int) -> bool:
    """Whether a paragraph begins here."""
    return index == 0 or not lines[index - 1].strip()


def _plain_match(line: str, hints: Hints, opens: bool) -> re.Match | None:
    match = _PLAIN_LINE.match(line) or _BRACKET_LINE.match(line)
    if match:
        label = match.group("label")
        return match if _may_be(label, hints) and _is_like_a_name(label, hints, opens) else None
    match = _TIGHT_LINE.match(line)
    if match and match.group("label") not in hints.not_speakers:
        label = match.group("label")
        if label in hints:
            return match
        behind = line[match.end() : match.end() + 1]
        if opens and not hints.only_known and label.isalpha() and label[0].isupper() and (behind.isalpha() or behind in "\"'“"):
            return match
    return None


def _may_be(label: str, hints: Hints) -> bool:
    if label in hints.not_speakers:
        return False
    return label in hints or not hints.only_known


def _is_like_a_name(label: str, hints: Hints, opens: bool) -> bool:
    """A known label; one word; or up to five of which each begins with a capital, a digit or is a particle.

    Numbers alone or in front count only where a paragraph begins.
    """
    if label in hints:
        return True
    words = label.split()
    if words[0][0].isdigit() and not (opens and len(words[0]) <= 3):
        return False
    if len(words) == 1:
        return len(label) <= 25
    return len(words) <= 5 and not words[0][0].islower() and all(
        not word[0].islower() or word in _PARTICLES for word in words)


def _might_be(line: str, hints: Hints) -> bool:
    match = _MAYBE.match(line[:80])
    if match is None or not any(c.isalpha() for c in match.group("label")):
        return False
    return match.group("label") not in hints.not_speakers and "*" not in hints.not_speakers


def _alone(lines: list[str], hints: Hints, colons: bool) -> tuple[dict[int, re.Match], list[int]]:
    """Labels alone on a line, and doubtful ones. Where other labels carry colons, a name alone is a word."""
    found: dict[int, re.Match] = {}
    doubtful: list[int] = []
    for index, line in enumerate(lines):
        if len(line) > 80 or not line.strip():
            continue
        match = _ALONE.match(line) or _ALONE_PLAIN.match(line)
        if match is None or match.group("label") in hints.not_speakers:
            continue
        label, opens = match.group("label"), _opens(lines, index)
        if label in hints:
            if not colons:
                found[index] = match
            elif opens:
                doubtful.append(index)
        elif not colons and not hints.only_known and _looks_alone(label):
            if opens and index + 1 < len(lines) and lines[index + 1].strip():
                found[index] = match
            elif not opens or index + 1 < len(lines):
                doubtful.append(index)
    if colons or any(match.group("label") in hints for match in found.values()) or hints.only_known:
        return found, doubtful
    return found, []


def _looks_alone(label: str) -> bool:
    return label[-1] not in ".,…" and label[0].isupper() and _is_like_a_name(label, Hints(), True)
