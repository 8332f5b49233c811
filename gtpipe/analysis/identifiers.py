"""What in a text tells who somebody is: names of the list, and by their form e-mail addresses,
telephone numbers, postcodes, dates of birth and long numbers.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from itertools import chain
from typing import NamedTuple

from gtpipe.model.real_names import NameList

NAME, SLIP = "name", "slip"


class Found(NamedTuple):
    """What was found at a place of a text: `NAME`, `SLIP` (one letter off, or a word that may be a
    name), or what a rule looks for; of a name, the line of the list.
    """

    start: int
    kind: str
    list_line: int = 0


_MONTH = (
    r"(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?"
    r"|sep(?:t(?:ember)?)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)"
)
_DAY = r"(?:0?[1-9]|[12]\d|3[01])"
_YEAR = r"(?:19\d\d|200\d|201[0-4])"  # of those who can be asked
RULES = {
    "e-mail": re.compile(r"[\w.+%-]+@\w[\w-]*(?:\.\w[\w-]*)+"),
    "date-of-birth": re.compile(
        rf"(?<![\w/.-])(?:{_DAY}[./-](?:0?[1-9]|1[0-2])[./-]{_YEAR}"
        rf"|(?:0?[1-9]|1[0-2])/{_DAY}/{_YEAR}"
        rf"|{_YEAR}-(?:0[1-9]|1[0-2])-{_DAY}"
        rf"|{_DAY}(?:[snrt][tdh])?\.?\s+(?:of\s+)?{_MONTH}\.?,?\s+{_YEAR}"
        rf"|{_MONTH}\.?\s+{_DAY}(?:[snrt][tdh])?,?\s+{_YEAR}"
        r"|(?<=born )\d{1,2}[./-]\d{1,2}[./-]\d{2})(?![\w/-]|\.\d)",
        re.I,
    ),
    "telephone": re.compile(
        r"(?<![\w.,:/+-])(?:"
        r"(?:\+|(?<!\d )00)[1-9](?:[\s()./-]{0,2}\d){7,13}"
        r"|\(\d{2,5}\)(?:[\s./-]?\d){5,9}"
        r"|(?<!\d )(?!\d{3}-\d\d-)0[1-9](?:[\s./-]?\d){7,10}"
        r"|[2-9]\d\d[.-]\d{3}[.-]\d{4}"
        r")(?![\w-]|[.,:]\d)"
    ),
    "postcode": re.compile(
        r"(?<![\w-])(?:"
        r"[A-Z]{1,2}\d[A-Z\d]?\s?\d[ABD-HJLNP-UW-Z]{2}"  # the United Kingdom
        r"|[ABCEGHJ-NPRSTVXY]\d[A-Z][ -]?\d[A-Z]\d"  # Canada
        r"|[1-9]\d{3} ?[A-Z]{2}"  # the Netherlands
        r"|[A-Z]{2} \d{5}(?:-\d{4})?"  # the United States
        r"|(?:[A-Z]{1,2}-)?\d{5}(?= [A-ZÀ-Þ][a-zß-ÿ]{2})"  # Germany, France, Spain, Italy
        r"|\d{3} \d{2}(?= [A-ZÀ-Þ][a-zß-ÿ]{2})"  # Sweden
        r")(?![\w-])"
    ),
    "long-number": re.compile(
        r"(?<![\w.,:/+-])(?:\d{8,}|\d{3}[ -]\d{2}[ -]\d{4}|\d{3}[ -]\d{3}[ -]\d{4}"
        r"|\d{4}(?:[ -]\d{4}){2,4}|[A-Z]{2}(?: ?\d{2}){3} ?[A-D]"
        r"|[A-Z]{2}\d{2}(?: ?[A-Z\d]{4}){3,7}(?: ?[A-Z\d]{1,3})?)(?![\w-]|[.,:]\d)"
    ),
}


def search(text: str, names: NameList, look_for: Iterable[str]) -> Iterator[Found]:
    """What tells who somebody is, in order; of two rules that take the same letters, the first."""
    named = (
        Found(match.start, NAME if match.exact else SLIP, match.person.line)
        for match in names.matches(text)
    )
    return iter(sorted(chain(named, _by_rule(text, look_for))))


def in_broken_word(before: str, behind: str, names: NameList) -> Found | None:
    """A name that only shows where the halves of a broken word are put together; None where it
    shows in any case, or there is none.
    """

    def over(text: str, edge: int, width: int) -> Iterator[Found]:
        for match in names.matches(text):
            if match.exact and match.start < edge and match.end > edge + width:
                yield Found(0, NAME, match.person.line)

    split = over(f"{before} {behind}", len(before), 1)
    return None if next(split, None) else next(over(before + behind, len(before), 0), None)


def _by_rule(text: str, look_for: Iterable[str]) -> Iterator[Found]:
    chosen = set(look_for)
    taken: list[tuple[int, int]] = []
    numbers = _near(text, r"\d") if chosen - {"e-mail"} else []
    for kind, rule in RULES.items():
        if kind in chosen:
            near = _near(text, "@") if kind == "e-mail" else numbers
            spans = [match.span() for part in near for match in rule.finditer(text, *part)]
            spans = _without(spans, taken)
            taken = sorted(taken + spans)
            yield from (Found(start, kind) for start, _ in spans)


_LONGEST = 100


def _near(text: str, sign: str) -> list[tuple[int, int]]:
    """The parts of a text around what every match of a rule holds: the rest need not be read."""
    parts: list[tuple[int, int]] = []
    for match in re.finditer(f"{sign}+", text):
        start, end = max(0, match.start() - _LONGEST), match.end() + _LONGEST
        if parts and start <= parts[-1][1]:
            start = parts.pop()[0]
        parts.append((start, end))
    return parts


def _without(spans: list[tuple[int, int]], taken: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """Spans, in order, that overlap none of those taken, in order."""
    left, at = [], 0
    for start, end in spans:
        while at < len(taken) and taken[at][1] <= start:
            at += 1
        if at == len(taken) or taken[at][0] >= end:
            left.append((start, end))
    return left
