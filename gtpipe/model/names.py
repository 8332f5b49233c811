"""Names, labels and days as text: the order they go in, and which a file can be called."""

from __future__ import annotations

import datetime
import re
import unicodedata

DATE = r"\d{4}-\d{2}-\d{2}"

_DIGITS = re.compile(r"(\d+)")


def natural(name: str) -> tuple[tuple[int, int | str], ...]:
    """A sort key in which `p2` comes before `p10`; case decides only between equals elsewhere."""
    return tuple(
        (0, int(part)) if part.isdecimal() else (1, part)
        for part in _DIGITS.split(name.casefold())
        if part
    )


def name_order(name: str) -> tuple[tuple[tuple[int, int | str], ...], str]:
    """How people, and whatever else has a name and no date, follow one another."""
    return (natural(name), name)


def label_order(label: str) -> tuple[str, str]:
    """Labels go by their letters, capital or not; then exactly."""
    return (label.casefold(), label)


def is_date(text: str) -> bool:
    """Whether `text` is a day, written as 2026-03-02."""
    try:
        return re.fullmatch(DATE, text) is not None and bool(datetime.date.fromisoformat(text))
    except ValueError:
        return False


def one_line(text: str) -> str:
    """`text` with every run of white space as one space."""
    return " ".join(text.split())


_UNREADABLE = re.compile("[\x00-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069\ud800-\udfff]")
_DEVICE = re.compile("(?:con|prn|aux|nul|com[0-9¹²³]|lpt[0-9¹²³]) *", re.IGNORECASE)


def is_readable(name: str) -> bool:
    """Whether a file's name is text in one line, without control characters, so that it can be
    shown and written.
    """
    return not _UNREADABLE.search(name)


def is_device(name: str) -> bool:
    """Whether Windows keeps this name for a device, as `con` and `aux.txt`: no file of it can be
    there.
    """
    return _DEVICE.fullmatch(name.partition(".")[0]) is not None


def is_portable(name: str) -> bool:
    """Whether a file can have this name on every computer that a study is cloned to."""
    return (
        is_readable(name) and not is_device(name) and not re.search(r'[<>:"|?*/\\]|^\.|[. ]$', name)
    )


def slug(name: str) -> str:
    """A file name's stem made of `name`: small letters and digits of any script, everything else a
    hyphen, no dots.

    `con` and its like, which are no names on Windows, are `con-1`.
    """
    kept = re.sub(r"[\W_]+", "-", unicodedata.normalize("NFC", name).lower()).strip("-")
    while len(kept.encode()) > 120:
        kept = kept[:-1].rstrip("-")
    return f"{kept}-1" if is_device(kept) else kept
