"""`data/derived/suggestions/`: suggestions as files, apart from every code; made again at any time,
and counting nowhere."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import NamedTuple

from gtpipe.model.names import one_line
from gtpipe.model.records import Interview
from gtpipe.suggest.records import AUTHOR, CodeGroup, Fit, LookAlikes, Suggestion, TurnRef
from gtpipe.text import yamltext

FOLDER = "suggestions"  # under data/derived
INITIAL = f"{FOLDER}/initial"
FOCUSED = f"{FOLDER}/focused.yaml"
FIRST_LINE = (
    "# Suggestions made by gtpipe, and not codes: none counts anywhere until a person takes it.\n"
)


class Maker(NamedTuple):
    """What made suggestions: a model's name, version and hash, and what it was for."""

    source: str
    name: str
    version: str
    digest: str


def initial(
    interview: Interview, found: Iterable[tuple[str, Sequence[Suggestion]]], makers: Iterable[Maker]
) -> str:
    """The suggestions of an interview, turn by turn; turns without one are left out."""
    lines = [
        FIRST_LINE,
        f"# `gtpipe review {interview.name}` goes through them.\n",
        *_head(makers),
        f"interview: {_value(interview.name)}\n",
    ]
    entries: list[str] = []
    for turn, suggestions in found:
        if suggestions:
            entries.append(f"- turn: {turn}\n  suggestions:\n")
            for one in suggestions:
                entries.append(
                    f"  - label: {_value(one.label)}\n    source: {one.source}\n"
                    f"    score: {one.score:.2f}\n    reason: {_value(one.reason)}\n"
                )
                if one.words is not None:
                    entries.append(f"    words: {_value(one_line(one.words))}\n")
    return "".join([*lines, "turns:\n" if entries else "turns: []\n", *entries])


def focused(
    fits: Iterable[Fit],
    groups: Iterable[CodeGroup],
    alike: Iterable[LookAlikes],
    makers: Iterable[Maker],
) -> str:
    """What may belong to a focused code, what may belong together, and what looks alike: to be
    compared, never merged."""
    parts = [
        FIRST_LINE,
        "# Compare the incidents before anything else: "
        "likeness of words is not likeness of meaning.\n",
        *_head(makers),
    ]
    parts += _list(
        "may-belong",
        (
            f"- code: {_value(one.code)}\n  focused: {_value(one.focused)}\n"
            f"  score: {one.score:.2f}\n  nearest: {_value(one.nearest)}\n"
            f"  incidents: {_places(one.here)}\n  beside: {_places(one.there)}\n"
            for one in fits
        ),
    )
    parts += _list(
        "may-belong-together",
        (
            f"- score: {one.score:.2f}\n  codes:\n"
            + "".join(
                f"  - code: {_value(code)}\n    incidents: {_places(places)}\n"
                for code, places in zip(one.codes, one.incidents, strict=True)
            )
            for one in groups
        ),
    )
    parts += _list(
        "look-alike",
        (
            f"- one: {_value(one.one)}\n  other: {_value(one.other)}\n  score: {one.score:.2f}\n"
            for one in alike
        ),
    )
    return "".join(parts)


def _head(makers: Iterable[Maker]) -> list[str]:
    lines = [f"author: {AUTHOR}\n", "models:\n"]
    for one in makers:
        lines.append(
            f"- for: {_value(one.source)}\n  name: {_value(one.name)}\n"
            f"  version: {yamltext.quoted(one.version)}\n  hash: {yamltext.quoted(one.digest)}\n"
        )
    return lines if len(lines) > 2 else [lines[0], "models: []\n"]


def _list(name: str, entries: Iterable[str]) -> list[str]:
    found = list(entries)
    return [f"{name}:\n", *found] if found else [f"{name}: []\n"]


def _places(places: Iterable[TurnRef]) -> str:
    return f"[{', '.join(_value(str(place)) for place in places)}]"


@lru_cache(maxsize=65536)
def _value(text: str) -> str:
    """A value on one line, safe behind `field: ` and inside brackets."""
    return yamltext.inline(one_line(text))
