"""How wide letters are, and where a label is broken: by a table of our own, that of Arial, with
which Helvetica and Liberation Sans agree. No font of the machine is asked.
"""

from __future__ import annotations

import re
import unicodedata
from typing import NamedTuple

MORE = "…"

# Thousandths of the size: from the space to the tilde, Greek from Α to ω, Cyrillic from А to я; and
# what else is common in labels. A letter with a mark is as wide as without.
_FROM = (" ", "Α", "А")
_PLAIN = (
    (
        "278 278 355 556 556 889 667 191 333 333 389 584 278 333 278 278 556 556 556 556 556 "
        "556 556 556 556 556 278 278 584 584 584 556 1015 667 667 722 722 667 611 778 722 278 "
        "500 667 556 833 722 778 667 778 722 667 611 722 667 944 667 667 611 278 278 278 469 "
        "556 333 556 556 500 556 556 278 556 556 222 222 500 222 833 556 556 556 556 333 500 "
        "278 556 500 722 500 500 500 334 260 334 584 "
    ),
    (
        "667 667 551 668 667 611 722 778 278 667 668 833 722 650 778 722 667 0 618 611 667 798 "
        "667 835 748 278 667 578 446 556 222 547 578 575 500 557 446 441 556 556 222 500 500 "
        "576 500 448 556 690 569 482 617 395 547 648 525 713 781 "
    ),
    (
        "667 656 667 542 677 667 923 604 719 719 583 656 833 722 778 719 667 722 611 635 760 "
        "667 740 667 917 938 792 885 656 719 1010 722 556 573 531 365 583 556 669 458 559 559 "
        "438 583 688 552 556 542 556 500 458 500 823 500 573 521 802 823 625 719 521 510 750 "
        "542 "
    ),
)
_BOLD = (
    (
        "278 333 474 556 556 889 722 238 333 333 389 584 278 333 278 278 556 556 556 556 556 "
        "556 556 556 556 556 333 333 584 584 584 611 975 722 722 722 722 667 611 778 722 278 "
        "556 722 611 833 722 778 667 778 722 667 611 722 667 944 667 667 611 333 278 333 584 "
        "556 333 556 611 556 611 556 333 611 611 278 278 556 278 889 611 611 611 611 389 556 "
        "333 611 556 778 556 556 500 389 280 389 584 "
    ),
    (
        "722 722 601 719 667 611 722 778 278 722 667 833 722 644 778 722 667 0 600 611 667 821 "
        "667 809 802 278 667 615 451 611 278 582 615 610 556 606 475 460 611 541 278 558 556 "
        "612 556 445 611 766 619 520 684 446 582 715 576 753 845 "
    ),
    (
        "722 719 722 567 712 667 904 626 719 719 610 702 833 722 778 719 667 722 611 622 854 "
        "667 730 703 1005 1019 870 979 719 711 1031 719 556 618 615 417 635 556 709 497 615 615 "
        "500 635 740 604 611 604 611 556 490 556 875 556 615 581 833 844 729 854 615 552 854 "
        "583 "
    ),
)
_OTHERS = {
    "‘": 278, "’": 278, "“": 500, "”": 500, "–": 556, "—": 1000, "…": 1000, "•": 350, "·": 333,
    "×": 584, "«": 556, "»": 556, "§": 556, "ß": 611, "æ": 889, "Æ": 1000, "œ": 944, "Œ": 1000,
    "ø": 611, "Ø": 778, "ð": 611, "þ": 611, "ł": 278, "Ł": 611, "đ": 611, "ı": 278,
}  # fmt: skip
_TABLES = tuple(
    {
        chr(ord(first) + number): int(width)
        for first, widths in zip(_FROM, table, strict=True)
        for number, width in enumerate(widths.split())
    }
    | _OTHERS
    for table in (_PLAIN, _BOLD)
)
# Generous: no font is known that has them.
_WIDER = 1.22
_SEMITIC, _IDEOGRAPH, _PICTURE, _UNKNOWN = 620, 1000, 1200, 900
_NO_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def clean(text: str) -> str:
    """`text` in one line; what XML cannot hold, and other control characters, as U+FFFD."""
    text = " ".join(_NO_XML.sub("\ufffd", text).split())
    return re.sub("[\x7f-\x9f]", "\ufffd", text)


def is_known(text: str) -> bool:
    """Whether the table has every letter."""
    return all(_base(letter) in _TABLES[0] for letter in text)


def width(text: str, size: float, bold: bool = False) -> float:
    """How wide a line of text stands; where it has letters that Arial may lack, in a wider font."""
    table = _TABLES[bold]
    widths = sum(table.get(letter) or _other(letter, table) for letter in text)
    return widths * size / 1000 * (1 if is_known(text) else _WIDER)


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
    if unicodedata.bidirectional(letter) in ("R", "AL"):
        return _SEMITIC
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
    used, table = 0.0, _TABLES[bold]
    room *= 1000 / size / (1 if is_known(text) else _WIDER)
    for index, letter in enumerate(text):
        used += table.get(letter) or _other(letter, table)
        if used > room and index:
            return index
    return len(text)


def _cut(line: str, room: float, size: float, bold: bool) -> str:
    while len(line) > 1 and width(line + MORE, size, bold) > room:
        line = line[:-1].rstrip()
    return line + MORE
