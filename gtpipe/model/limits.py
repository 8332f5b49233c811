"""How much there may be of anything: far beyond what an interview holds, far below what takes a
computer minutes.

The longest interviews that were tried have 4,000 lines, 170 kB, 23 names. What is more is told, and
nothing is read on.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from itertools import islice

from gtpipe.model.problems import UserError

SOURCE_BYTES = 100 * 2**20  # of a source, pictures and all: a book has one million letters
TEXT_BYTES = 10 * 2**20  # of a source that is nothing but text
JSON_BYTES = 64 * 2**20  # of a speech recogniser's, who gives each word its times
LINES = 100_000  # of a source; or rows
LINE = 1_000_000  # characters in a line, a paragraph or a cell
COLUMNS = 1_000  # of a table
CUES = 50_000  # of captions, or a speech recogniser's segments
CODES = 1_000  # of one coder at one turn: each is laid out beside all others
LABELS = 500  # different ones in a source
# Bytes of a file's name: temporary files beside it have longer ones, and most disks take 255.
SOURCE_NAME = 220

NAMES = 20  # in a list that a message holds
PROBLEMS = 100  # shown of one command
SENTENCE = 1_000  # characters of what a problem says
EXCERPT = 200  # characters of a line that is shown with a problem


def some(names: Iterable[str], most: int = NAMES) -> str:
    """`a, b, c`: all of a few; of many the first, and how many there are more."""
    kept = names if isinstance(names, Collection) else list(names)
    more = f" and {len(kept) - most:,} more" if len(kept) > most else ""
    return ", ".join(islice(kept, most)) + more


def cut(text: str, most: int) -> str:
    """`text` up to so many characters."""
    return text if len(text) <= most else f"{text[:most]}…"


def refuse_many(number: int, most: int, what: str, path: str) -> None:
    """Raises UserError where there are more than `most`: `what` they are, in words."""
    if number > most:
        raise UserError.at(
            path,
            None,
            f"this file has {number:,} {what}, and no transcript has more than {most:,}",
            "Is it the right file? If it is many interviews, ingest them one by one",
        )
