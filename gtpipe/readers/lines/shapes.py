"""Turns by a shape: an example of how a label looks, matched against the lines of a source; and
which of the known shapes a source has.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from functools import cache
from typing import NamedTuple

from gtpipe.model.shape import Shape
from gtpipe.readers.lines import speaker_names, time_marks
from gtpipe.readers.lines.turn_layout import SourceLines, Starts
from gtpipe.readers.lines.turn_openings import Form, Opening
from gtpipe.readers.reading import Hints

LINE_END = "⏎"
BOLD, CUE_NAME = "bold", "cue-name"  # label examples that are words, for documents and captions
_FIELDS = ("NAME", "INITIAL", "WORDS", "TIME", "DATE", "DURATION", "NUMBER")
_TOKEN = re.compile("|".join(_FIELDS) + r"|[ ]+|.")
_DATE = r"\d{1,4}[./-]\d{1,2}[./-]\d{1,4}"
_DURATION = r"(?:\d{1,3} hours? )?(?:\d{1,2} minutes? )?\d{1,2} seconds?"
_INITIAL = r"[^\W\d_]{1,3}\d{0,3}"
_SPACE = r"[ \t\u00a0\u202f\u200e\u200f]"
_TIME_SOMEWHERE = re.compile(r":(?<=\d:)\d")
_INITIAL_FIRST = re.compile(rf"\n{_SPACE}*{_INITIAL}")
_WITH_STOP = re.compile(r"[ \t]*(?P<label>\S[^.\n]{0,40})\.[ \t]")
_COUNTED = ("⇥", "\u3000", "DURATION", "TIME", "INITIAL", ";", ">", "|")
_LONGEST = 100  # characters of a label
# What surely belongs to a form, and to no running text.
_TELLING = ("TIME", "DURATION", "DATE", "#")
_ENOUGH = 0.6  # of paragraphs, where a form might be words as well


class _Block(NamedTuple):
    """An example as patterns, one a line; `is_telling` where no running text looks so."""

    lines: tuple[re.Pattern[str], ...]
    is_telling: bool
    has_words: bool


class Candidate(NamedTuple):
    """A shape and the turns that would begin by it."""

    shape: Shape
    starts: Starts


@cache
def _blocks(label: str) -> tuple[_Block, ...]:
    return tuple(_block(example) for example in label.split("\n") if example.strip())


def _block(example: str) -> _Block:
    """The patterns of one example.

    >>> block = _block("[TIME] - NAME")
    >>> block.lines[0].match("[00:00:03.120] - Nora Kell")["label"]
    'Nora Kell'
    """
    lines = example.split(LINE_END)
    has_words = "WORDS" in lines[-1]
    if lines[-1].strip() == "WORDS":
        lines.pop()
        has_words = False
    return _Block(tuple(map(_pattern, lines)), any(sign in example for sign in _TELLING), has_words)


def _pattern(line: str) -> re.Pattern[str]:
    tokens = [match.group() for match in _TOKEN.finditer(line.strip(" "))]
    parts = [rf"{_SPACE}*"]
    names = times = 0
    for place, token in enumerate(tokens):
        behind = next((later for later in tokens[place + 1 :] if later.strip()), "")
        if token in ("NAME", "INITIAL"):
            names += 1
            name = _name_before(behind) if token == "NAME" else _INITIAL
            parts.append(f"(?P<label>{name})" if names == 1 else "(?P=label)")
        elif token == "TIME":
            times += 1
            parts.append(f"(?P<time>{time_marks.CLOCK})" if times == 1 else time_marks.CLOCK)
        elif token == "DURATION":
            times += 1
            parts.append(f"(?P<time>{_DURATION})" if times == 1 else _DURATION)
        elif token == "DATE":
            parts.append(_DATE)
        elif token == "NUMBER":
            parts.append(r"\d{1,6}")
        elif token == "WORDS":
            parts.append(r"(?=\S|$)")
        elif token == "⇥" or token == "\t":
            parts.append(r"[ ]*\t+[ ]*")
        elif token.isspace() or token == "\u3000":
            parts.append("\u3000+" if token == "\u3000" else f"{_SPACE}+")
        else:
            sign = "[-–—]" if token in "-–—" else "[:：]" if token == ":" else re.escape(token)
            parts.append((f"{_SPACE}*" if token == ":" else "") + sign)
    end = "" if "WORDS" in tokens else rf"{_SPACE}*$"
    if "WORDS" in tokens and tokens[-1] == "WORDS" and len(tokens) > 1 and tokens[-2][0] == " ":
        behind_colon = len(tokens) > 2 and tokens[-3] == ":"
        parts[-2] = rf"{_SPACE}*(?![\d/])" if behind_colon else rf"(?:{_SPACE}+|$)"
    return re.compile("".join(parts) + end)


def _name_before(behind: str) -> str:
    """What a name may be, given the character of the example that comes behind it."""
    # A hyphen stands within names too: what parts a name from a time has a blank before it.
    stops = r"\t\n\u3000<>" + ("" if behind in (*_FIELDS, *"-–—") else re.escape(behind))
    if behind == ":":
        stops += "："
    if behind != "]":
        stops += r"\[\]"
    if behind in ("(", ")", ","):
        comma = "," if behind == "," else ""
        return rf"[^\s(){comma}][^()\n{comma}]{{0,60}}(?:\([^()\n]{{1,60}}\))?"
    last = stops + ("," if behind else ",:：") + "|–—-"
    return rf"[^\s{stops}](?:[^{stops}]{{0,{_LONGEST - 2}}}?[^\s{last}])??"


def starts_by(lines: SourceLines, shape: Shape, hints: Hints) -> Starts:
    """Where turns begin by the examples of a shape.

    A form that running text may have counts with a label that is known or looks like one.
    """
    starts: Starts = {}
    taken = -1
    for index in lines.filled:
        if index <= taken:
            continue
        for block in _blocks(shape.label):
            opening = _match(lines, index, block)
            if opening is None or not _may_be(opening.label, hints):
                continue
            if opening.label in hints or block.is_telling or speaker_names.is_likely(opening.label):
                starts[index] = opening
                taken = index + opening.below
                break
    return starts


def label_like(lines: SourceLines, index: int, shape: Shape, hints: Hints) -> str:
    """The label of a line that has the form of a shape, whatever the label is; '' for none."""
    for block in _blocks(shape.label):
        opening = _match(lines, index, block)
        if opening and _may_be(opening.label, hints) and not _is_sentence(opening.label):
            return opening.label
    initial = _WITH_STOP.match(lines.texts[index]) if "INITIAL" in shape.label else None
    is_name = initial and speaker_names.is_likely(initial["label"])
    return initial["label"] if initial and is_name else ""


def is_part_of_a_label(text: str, shape: Shape) -> bool:
    """Whether a line is a time and no more, or the line with the time of a label of several."""
    if ":" not in text:
        return False
    if time_marks.ALONE.match(text) or time_marks.SPELT.match(text):
        return True
    return any(
        "time" in pattern.groupindex and pattern.fullmatch(text)
        for block in _blocks(shape.label)
        if len(block.lines) > 1
        for pattern in block.lines[:-1]
    )


def _is_sentence(label: str) -> bool:
    return len(label.split()) > 2 and label.endswith((".", "?", "!", "…", ","))


def _may_be(label: str, hints: Hints) -> bool:
    if not any(character.isalnum() or character == "?" for character in label):
        return False
    return label not in hints.not_speakers and (not hints.only_known or label in hints)


def _match(lines: SourceLines, index: int, block: _Block) -> Opening | None:
    """The opening that begins with this line, its other lines right below it."""
    at, end = index, 0
    label = time = ""
    for number, pattern in enumerate(block.lines):
        if number:
            at = lines.after(at)
            if at < 0:
                return None
        match = pattern.match(lines.texts[at])
        if match is None:
            return None
        groups = match.groupdict()
        if label and groups.get("label") and groups["label"] != label:
            return None
        label = label or groups.get("label") or ""
        time = time or groups.get("time") or ""
        end = match.end()
    if not block.has_words and lines.after(at) < 0:
        return None
    return Opening(Form.SHAPE, label, time_marks.clock(time), end, below=at - index)


def candidates(
    lines: SourceLines, hints: Hints, known: tuple[Shape, ...], least: int
) -> Iterator[Candidate]:
    """The shapes by which at least two turns begin, and not fewer than `least`, and which say
    nearly all that is said, unless nothing but a label looks so; the study's own before the known.
    """
    least = max(2, least)
    first = Counter([lines.texts[index].lstrip()[:1] for index in lines.filled])
    text = "\n" + "\n".join(lines.texts)
    # What a text has at least once for each line that fits such a field.
    has = {
        "⇥": text.count("\t"),
        "\u3000": text.count("\u3000"),
        "DURATION": text.count("second"),
        "TIME": len(_TIME_SOMEWHERE.findall(text)),
        "INITIAL": len(_INITIAL_FIRST.findall(text)),
        **{sign: text.count(sign) for sign in (";", ">", "|")},
    }
    likely = [shape for shape in known if _most(shape, first, has) >= least]
    for shape in (*hints.shapes, *likely):
        if not shape.label or shape.label in (BOLD, CUE_NAME):
            continue
        starts = starts_by(lines, shape, hints)
        if len(starts) >= least and (
            shape in hints.shapes or _is_plain(lines, shape, starts, hints)
        ):
            yield Candidate(shape, starts)


def scores(
    lines: SourceLines, hints: Hints, known: tuple[Shape, ...], least: int, sure: bool = True
) -> list[tuple[Shape, int]]:
    """The shapes that find at least `least` turns in a source, and how many; the best first. Where
    not `sure`, those too by which running text might be labels.
    """
    if sure:
        found = [(one.shape, len(one.starts)) for one in candidates(lines, hints, known, least)]
    else:
        by_label = (
            shape
            for shape in (*hints.shapes, *known)
            if shape.label and shape.label not in (BOLD, CUE_NAME)
        )
        found = [(shape, len(starts_by(lines, shape, hints))) for shape in by_label]
    kept = [score for score in found if score[1] >= max(2, least)]
    return sorted(kept, key=lambda score: -score[1])


def _most(shape: Shape, first: Counter[str], has: dict[str, int]) -> int:
    """How many turns may begin by a shape at most, by signs that are quick to count."""
    most = 0
    for begins, signs in _signs(shape.label):
        lines = sum(map(first.__getitem__, begins)) if begins else first.total()
        most += min([lines, *map(has.__getitem__, signs)])
    return most


@cache
def _signs(label: str) -> tuple[tuple[str, tuple[str, ...]], ...]:
    """Of each example the characters with which its lines begin, '' for any; and what it has.

    >>> _signs("NAME⇥WORDS"), _signs("[TIME] - NAME"), _signs("TIME NAME")
    ((('', ('⇥',)),), (('[', ('TIME',)),), (('0123456789', ('TIME',)),))
    """
    return tuple(
        (
            "0123456789"
            if example.startswith(("TIME", "DATE"))
            else ("" if example.startswith(_FIELDS) else example[0]),
            tuple(sign for sign in _COUNTED if sign in example),
        )
        for example in label.split("\n")
    )


def _is_plain(lines: SourceLines, shape: Shape, starts: Starts, hints: Hints) -> bool:
    """Whether the turns found are surely turns: people speak again, and a form that might be words
    begins most paragraphs.
    """
    counts = Counter(opening.label for opening in starts.values())
    again = sum(count for label, count in counts.items() if count > 1 or label in hints)
    comes_again = 2 * again >= len(starts)
    if any(block.is_telling for block in _blocks(shape.label)):
        return comes_again or all(map(speaker_names.is_likely, counts))
    if not comes_again or len(counts) < 2:
        return False
    paragraphs = [index for index in lines.filled if lines.may_open(index)]
    within = sum(index in starts for index in paragraphs)
    return within >= max(3, _ENOUGH * len(paragraphs)) or "#" in shape.label
