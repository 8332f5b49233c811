"""How wide letters are, and where a label is broken: by a table of our own, that of Arial, with
which Helvetica and Liberation Sans agree. No font of the machine is asked.
"""

from __future__ import annotations

import re
import unicodedata
from typing import NamedTuple

MORE = "…"

# Thousandths of the size, from the space to the tilde; and what else is common in labels.
_PLAIN = (
    "278 278 355 556 556 889 667 191 333 333 389 584 278 333 278 278 556 556 556 556 556 556 "
    "556 556 556 556 278 278 584 584 584 556 1015 667 667 722 722 667 611 778 722 278 500 667 "
    "556 833 722 778 667 778 722 667 611 722 667 944 667 667 611 278 278 278 469 556 333 556 "
    "556 500 556 556 278 556 556 222 222 500 222 833 556 556 556 556 333 500 278 556 500 722 "
    "500 500 500 334 260 334 584 "
)
_BOLD = (
    "278 333 474 556 556 889 722 238 333 333 389 584 278 333 278 278 556 556 556 556 556 556 "
    "556 556 556 556 333 333 584 584 584 611 975 722 722 722 722 667 611 778 722 278 556 722 "
    "611 833 722 778 667 778 722 667 611 722 667 944 667 667 611 333 278 333 584 556 333 556 "
    "611 556 611 556 333 611 611 278 278 556 278 889 611 611 611 611 389 556 333 611 556 778 "
    "556 556 500 389 280 389 584 "
)
_OTHERS = {
    "‘": 278, "’": 278, "“": 500, "”": 500, "–": 556, "—": 1000, "…": 1000, "•": 350, "·": 333,
    "×": 584, "«": 556, "»": 556, "§": 556, "ß": 611, "æ": 889, "Æ": 1000, "œ": 944, "Œ": 1000,
    "ø": 611, "Ø": 778, "ð": 611, "þ": 611, "ł": 278, "Ł": 611, "đ": 611, "ı": 278,
}  # fmt: skip
_TABLES = tuple(
    {chr(32 + number): int(width) for number, width in enumerate(table.split())} | _OTHERS
    for table in (_PLAIN, _BOLD)
)
_IDEOGRAPH, _PICTURE, _UNKNOWN = 1050, 1400, 1000  # generous: no font is known that has them
_NO_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def clean(text: str) -> str:
    """`text` in one line; what XML cannot hold, and other control characters, as U+FFFD."""
    text = " ".join(_NO_XML.sub("\ufffd", text).split())
    return re.sub("[\x7f-\x9f]", "\ufffd", text)


def is_known(text: str) -> bool:
    """Whether the table has every letter."""
    return all(_base(letter) in _TABLES[0] for letter in text)


def width(text: str, size: float, bold: bool = False) -> float:
    """How wide a line of text stands."""
    table = _TABLES[bold]
    return sum(table.get(letter) or _other(letter, table) for letter in text) * size / 1000


def _base(letter: str) -> str:
    return unicodedata.normalize("NFD", letter)[0]


def _other(letter: str, table: dict[str, int]) -> int:
    if unicodedata.category(letter) in ("Mn", "Me", "Cf"):
        return 0
    base = _base(letter)
    if base in table:
        return table[base]
    if unicodedata.category(letter) == "So":
        return _PICTURE
    return _IDEOGRAPH if unicodedata.east_asian_width(letter) in "WF" else _UNKNOWN


class Label(NamedTuple):
    """A text broken into lines, and how wide the widest is."""

    lines: tuple[str, ...]
    width: float


NO_LABEL = Label((), 0)


def broken(text: str, room: float, size: float, *, bold: bool = False, most: int = 3) -> Label:
    """`text` in at most so many lines that are no wider than `room`; what is cut ends in `…`."""
    lines: list[str] = []
    rest = clean(text)
    while rest:
        if len(lines) == most:
            lines[-1] = _cut(lines[-1], room, size, bold)
            break
        end = _fitting(rest, room, size, bold)
        if end < len(rest):
            space = rest.rfind(" ", 1, end + 1)
            end = space if space > 0 else end
        lines.append(rest[:end].rstrip())
        rest = rest[end:].lstrip()
    return Label(tuple(lines), max((width(line, size, bold) for line in lines), default=0))


def _fitting(text: str, room: float, size: float, bold: bool) -> int:
    """How many letters of `text` stand in `room`: one at least."""
    used = 0.0
    for index, letter in enumerate(text):
        used += width(letter, size, bold)
        if used > room and index:
            return index
    return len(text)


def _cut(line: str, room: float, size: float, bold: bool) -> str:
    end = _fitting(line, room - width(MORE, size, bold), size, bold)
    return line[:end].rstrip() + MORE
