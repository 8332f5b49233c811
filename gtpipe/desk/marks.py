"""The marks of the desk that are no letters; and ASCII for all, where the terminal has no UTF-8."""

from __future__ import annotations

import os
import sys
from functools import lru_cache
from typing import NamedTuple

from rich.cells import cell_len
from rich.segment import Segment
from textual.color import Color
from textual.filter import LineFilter


class Marks(NamedTuple):
    """`here` stands before the turn under the cursor, `code` before a code in the margin, `chosen`
    before the one under the cursor.
    """

    here: str = "▌"
    code: str = "┃"
    chosen: str = "▶"
    wrong: str = "✗"
    more: str = "…"


_MARKS = Marks()
_BY_PYTHON = ("c.utf-8", "c.utf8", "utf-8")  # its LC_CTYPE, where the locale is C or not there
_IN_ASCII = dict(zip("▌┃│▶✗…─·–—‘’“”←→×▁▂▃▄▅▆▇", "|||>!~-.--''\"\"<>x" + 7 * " ", strict=True))


def marks() -> Marks:
    return _MARKS


def has_utf8() -> bool:
    """Whether the terminal takes more than ASCII, as the locale says. `C` says nothing, and nothing
    said is a yes, as containers and a bare ssh have it; but not on a VT, of a serial line say.
    """
    said = [os.environ.get(name, "") for name in ("LC_ALL", "LC_CTYPE", "LANG")]
    if sys.flags.utf8_mode and said[1].casefold() in _BY_PYTHON:
        said[1] = ""
    _, dot, encoding = next(filter(None, said), "").partition(".")
    if not dot:
        return not os.environ.get("TERM", "").startswith("vt")
    return encoding.partition("@")[0].casefold().replace("-", "") == "utf8"


def is_light() -> bool:
    """Whether the terminal says that its background is light; most say nothing."""
    return os.environ.get("COLORFGBG", "").rpartition(";")[2] in ("7", "15")


@lru_cache(maxsize=4096)
def in_ascii(text: str) -> str:
    """`text` in as many columns, `?` for what is no ASCII and like nothing that is.

    >>> in_ascii("“a…” 漢")
    '"a~" ??'
    """
    if text.isascii():
        return text
    return "".join(
        char if char.isascii() else _IN_ASCII.get(char, "?" * cell_len(char)) for char in text
    )


class InAscii(LineFilter):
    """What is drawn, for a terminal without UTF-8."""

    def apply(self, segments: list[Segment], background: Color) -> list[Segment]:
        return [Segment(in_ascii(text), style, control) for text, style, control in segments]
