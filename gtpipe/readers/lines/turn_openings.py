"""One line in, out the openings with which it may begin a turn: `Ana: words`, `**Ana** words`,
`12 Ana: words`, `Ana  0:12`, `Ana – words`.

What a line may be is said here by the line alone, whatever is known of the speakers; which of it is
true, `turn_layout` decides from the whole file.
"""

from __future__ import annotations

import re
from enum import IntEnum, auto
from typing import NamedTuple

from gtpipe.model.records import TIME as _TIME
from gtpipe.readers.lines.time_marks import HALF_OF_DAY, clock
from gtpipe.readers.reading import Line

TIME = _TIME + HALF_OF_DAY


class Form(IntEnum):
    """How a label is set off from the words."""

    BOLD = auto()  # **Ana:** words
    COLON = auto()  # Ana: words
    TIGHT = auto()  # Ana:words
    TIMED = auto()  # Ana  0:12, alone on its line
    TIME = auto()  # Ana 0:12 words
    HEAD = auto()  # **Ana** words
    ALONE = auto()  # Ana, alone on its line
    DASH = auto()  # Ana - words
    SHAPE = auto()  # as an example shows it


class Opening(NamedTuple):
    """A line as the beginning of a turn: its words begin at `end`, of the line `below` it where a
    label has lines to itself. `emphasised` is a label in bold.

    `number` is the turn's, -1 where there is none; `listed` says that it looks like one, as `12.`
    or `#12` do.
    """

    form: Form
    label: str
    time: str
    end: int
    emphasised: bool = False
    number: int = -1
    listed: bool = False
    below: int = 0


def _mark(group: str) -> str:
    """A time mark in brackets, Markdown's backslashes allowed: [00:01:05], (04:05), \\[04:05\\]."""
    return rf"(?:\\?[\[(] ?(?P<{group}>{TIME}) ?\\?[\])])"


# French typography has a no-break space before the colon, CJK a wide one behind it, Arabic and
# Hebrew marks of direction
_SPACE = r"[ \t\u00a0\u202f\u3000\u200e\u200f]"
_GAP = _SPACE + "{0,20}"  # bounded: a line may be a million spaces
_LABEL = (
    r"(?P<label>[^\W_](?:[^:：*\n\[\]<>\"“”?!;]{0,58}[^\s\u200e\u200f:：*\n\[\]<>\"“”?!;_,|–—-])?)"
)
_BOLD = r"\*\*|__|\*|_"
_BEFORE = rf"{_SPACE}*(?:[-+*>][ \t]+)?(?:(?:{_mark('before')}|(?P<bare>{TIME})){_SPACE}+)?"
_AFTER = rf"{_GAP}(?:{_mark('after')})?"
_LATE = rf"(?:{_GAP}{_mark('after')}|{_SPACE}+(?P<late>{TIME}))"

# Bold, the colon inside or outside: **Ana:** words, **Ana**: words, **Ana:**[04:05] words; a stray
# quotation mark before it
_BOLD_LINE = re.compile(
    rf"{_BEFORE}['\"‘“]?(?P<bold>{_BOLD}){_LABEL}{_GAP}(?:{_mark('middle')})?{_GAP}"
    rf"(?:[:：]{_GAP}(?P=bold)|(?P=bold){_GAP}[:：]){_AFTER}{_SPACE}*"
)
# Ana: words, Ana [00:01:05]: words, [00:01:05] Ana: words; a full-width colon needs no space
# behind it
_PLAIN_COLON = (
    rf"{_LABEL}{_GAP}(?:{_mark('middle')})?{_GAP}(?::{_AFTER}(?:{_SPACE}+|$)|：{_SPACE}*)"
)
_PLAIN_LINE = re.compile(_BEFORE + _PLAIN_COLON)
# **I: all of it in bold**
_BOLD_WORDS = re.compile(rf"{_BEFORE}(?P<bold>\*\*|__)(?!\*){_PLAIN_COLON}")
_TIGHT_LINE = re.compile(rf"{_BEFORE}{_LABEL}:(?=[^\s/])")
# [Ana]: words
_BRACKET_LINE = re.compile(
    rf"{_BEFORE}\[(?P<label>[^\W\d_][^:：\n\[\]]{{0,40}})\]{_GAP}[:：]{_AFTER}(?:{_SPACE}+|$)"
)
# Ana, or Ana  0:12, alone on the line
_ALONE = re.compile(
    rf"{_BEFORE}(?P<bold>{_BOLD}){_LABEL}(?:{_mark('middle')})?(?P=bold)(?:{_LATE})?[ \t]*$"
)
_ALONE_PLAIN = re.compile(rf"{_BEFORE}{_LABEL}(?:{_LATE})?[ \t]*$")
_TIME_LINE = re.compile(rf"{_BEFORE}{_LABEL}{_LATE}{_SPACE}+(?=\S)")
_HEAD_LINE = re.compile(
    rf"{_BEFORE}(?P<bold>\*\*|__){_LABEL}(?<![-–—])(?:{_GAP}[-–—]{_GAP})?(?P=bold)"
    rf"{_AFTER}{_SPACE}+(?:[-–—]{_SPACE}+)?(?=\S)"
)
_DASH_LINE = re.compile(
    rf"{_BEFORE}(?P<label>[^\W_](?:[^:：*\n\[\]<>\"“”?!;–—]{{0,38}}?[^\s:：*\n\[\]<>\"“”?!;_,–—])?)"
    rf"{_GAP}(?:{_mark('after')})?(?:{_SPACE}+-|{_GAP}[–—])(?:{_SPACE}+|$)"
)
_NUMBER = re.compile(
    r"[ \t]*(?P<before>[#\[(]{0,2})(?P<number>\d{1,5})"
    r"(?:(?P<behind>[.)\]]{1,2})[ \t]*|[ \t]+)(?=\S)"
)
_TIME_NEAR = re.compile(TIME)
ONLY_TIME = re.compile(rf"[ \t]*{_mark('time')}[ \t]*$")
# A time mark at the beginning of a paragraph
TIME_FIRST = re.compile(rf"[ \t]*{_mark('time')}(?:{_SPACE}+|$)")
HEADING = re.compile(r" {0,3}#{1,6}[ \t]")
# What might begin with a speaker: up to four words and a colon
_MAYBE = re.compile(
    rf"\W*(?:{_mark('time')}[ \t]*)?(?P<label>[^\s:：]+(?:[ \t]+[^\s:：]+){{0,3}})"
    r"[ \t]*[:：](?!//|(?<=\d:)\d)"
)
_PARTICLES = frozenset("van von der den de la le del da di du dos of the and st. y e &".split())
_CODE = re.compile(r"[^\W\d_]{1,3}\d{0,3}$")
_NUMBERS_START = frozenset(" \t#[(0123456789")
_TIMES = ("before", "bare", "middle", "after", "late")
_REACH = 160


def openings_of(line: Line) -> list[Opening]:
    """All openings with which `line` may begin a turn, the surest first;
    those with a number in front at the end.

    >>> def ways(text, bold=0):
    ...     return [f"{way.form.name} {way.label}" for way in openings_of(Line(text, 1, bold))]
    >>> ways("Ana: So, well.")
    ['COLON Ana']
    >>> ways("12. Ana: So, well.")
    ['COLON 12. Ana', 'COLON Ana']
    >>> ways("I like bread.")
    ['ALONE I like bread.']
    """
    text = line.text
    openings = _openings_from(text, 0, line.bold)
    if text[:1] in _NUMBERS_START and (number := _NUMBER.match(text)):
        listed = bool(number["before"] or number["behind"]) or number["number"][0] == "0"
        openings += [
            opening._replace(number=int(number["number"]), listed=listed)
            for opening in _openings_from(text, number.end(), line.bold)
        ]
    return openings


def _openings_from(text: str, start: int, bold: int) -> list[Opening]:
    """The same for what begins at `start`; the first `bold` letters are set in bold."""
    near = text[start : start + _REACH]
    has_colon = ":" in near or "：" in near
    if has_colon and (match := _BOLD_LINE.match(text, start)):
        return [_opening(Form.BOLD, match, emphasised=True)]
    all_bold = bold > 0 and bold >= len(text.rstrip())
    openings = _with_colon(text, start, bold, all_bold) if has_colon else []
    if not openings or openings[0].form is not Form.COLON:
        openings += _without_colon(text, start, all_bold, has_colon)
    head = text[start : start + 60]
    dash = _DASH_LINE.match(text, start) if "-" in head or "–" in head or "—" in head else None
    if bold > 0 and not all_bold:
        openings += _in_bold(text, start, bold, dash)
    elif ("**" in head or "__" in head) and (match := _HEAD_LINE.match(text, start)):
        openings.append(_opening(Form.HEAD, match, emphasised=True))
    if dash:
        openings.append(_opening(Form.DASH, dash))
    return openings


def _without_colon(text: str, start: int, all_bold: bool, has_colon: bool) -> list[Opening]:
    """A label alone on a short line, with a time mark or not; or one with a time before words.

    >>> _without_colon("Ana  0:12", 0, all_bold=False, has_colon=True)[0][:3]
    (<Form.TIMED: 4>, 'Ana', '0:12')
    >>> _without_colon("Ana 0:12 So, well.", 0, all_bold=False, has_colon=True)[0][:3]
    (<Form.TIME: 5>, 'Ana', '0:12')
    """
    if len(text) <= 80 and (match := _ALONE.match(text, start) or _ALONE_PLAIN.match(text, start)):
        opening = _opening(Form.ALONE, match, emphasised=all_bold or "bold" in match.groupdict())
        return [opening._replace(form=Form.TIMED) if opening.time else opening]
    is_near = has_colon and _TIME_NEAR.search(text, start, start + _REACH)
    match = _TIME_LINE.match(text, start) if is_near else None
    return [_opening(Form.TIME, match)] if match else []


def _in_bold(text: str, start: int, bold: int, dash: re.Match[str] | None) -> list[Opening]:
    """A label that a document has in bold before words that are not, with a dash between or not.

    >>> _in_bold("Ana So, well.", 0, bold=4, dash=None)[0][:4]
    (<Form.HEAD: 6>, 'Ana', '', 4)
    """
    if dash and dash.end("label") <= bold <= dash.end():
        return [_opening(Form.HEAD, dash, emphasised=True)]
    match = _ALONE_PLAIN.match(text[:bold], start)
    if not match or not (text[bold - 1].isspace() or text[bold].isspace()):
        return []
    words_begin = len(text) - len(text[bold:].lstrip())
    return [_opening(Form.HEAD, match, emphasised=True)._replace(end=words_begin)]


def _with_colon(text: str, start: int, bold: int, all_bold: bool) -> list[Opening]:
    """A label before a colon: plain, in square brackets, in a line all of it bold, or tight.

    >>> [_with_colon(text, 0, 0, all_bold=False)[0].form.name
    ...  for text in ("Ana: So?", "[Ana]: So?", "**Ana: So?**", "Ana:So?")]
    ['COLON', 'COLON', 'COLON', 'TIGHT']
    """
    if match := _PLAIN_LINE.match(text, start) or _BRACKET_LINE.match(text, start):
        only_label = not all_bold and match.end("label") <= bold <= match.end()
        form = Form.BOLD if only_label else Form.COLON
        return [_opening(form, match, emphasised=all_bold or only_label)]
    if (match := _BOLD_WORDS.match(text, start)) and text.rstrip().endswith(match["bold"]):
        return [_opening(Form.COLON, match, emphasised=True)]
    match = _TIGHT_LINE.match(text, start)
    return [_opening(Form.TIGHT, match)] if match else []


def _opening(form: Form, match: re.Match[str], emphasised: bool = False) -> Opening:
    groups = match.groupdict()
    for name in _TIMES:
        if time := groups.get(name):
            return Opening(form, groups["label"], clock(time), match.end(), emphasised)
    return Opening(form, groups["label"], "", match.end(), emphasised)


def is_like_a_name(label: str, opens: bool) -> bool:
    """One word; or up to five of which each begins with a capital, a digit or is a particle.

    Numbers alone or in front count only where a paragraph begins (`opens`).

    >>> [is_like_a_name(label, opens=True) for label in ("Ana", "Dr. van Dam", "and then", "P 2")]
    [True, True, False, True]
    """
    words = label.split()
    if words[0][0].isdigit() and not (opens and len(words[0]) <= 3):
        return False
    if len(words) == 1:
        return len(label) <= 25
    return (
        len(words) <= 5
        and not words[0][0].islower()
        and all(not word[0].islower() or word in _PARTICLES for word in words)
    )


def looks_alone(label: str) -> bool:
    """Like a name even where no colon says that it is one.

    >>> looks_alone("Ana Roth"), looks_alone("ana"), looks_alone("Yes.")
    (True, False, False)
    """
    return label[-1] not in ".,…" and label[0].isupper() and is_like_a_name(label, True)


def looks_dashed(label: str) -> bool:
    """Like a name, or a code like `p1`, before a dash; letters without capitals allowed.

    >>> looks_dashed("p1"), looks_dashed("well"), looks_dashed("田中")
    (True, False, True)
    """
    if not label[0].isalpha() or label[-1] in ",…":
        return False
    return bool(_CODE.match(label)) or (not label[0].islower() and is_like_a_name(label, True))


def maybe_speaker(text: str) -> str:
    """The words before a colon that might be a label, '' where there are none.

    >>> maybe_speaker("and the nurse: no"), maybe_speaker("no colon here")
    ('and the nurse', '')
    """
    start = text[:80]
    match = _MAYBE.match(start) if ":" in start or "：" in start else None
    label = match["label"].rstrip("*_") if match else ""
    return label if any(c.isalpha() for c in label) else ""
