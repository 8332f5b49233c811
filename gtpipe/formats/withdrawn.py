"""`data/withdrawn.csv`: which interviews somebody withdrew from, so that they are not ingested
again. A row for each source, by its digest; no words, and no name of a participant.

Written at its end and never altered, so that git can merge it by keeping the lines of both.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable
from typing import NamedTuple

from gtpipe.formats import tables
from gtpipe.store.layout import WITHDRAWN, Snapshot

HEADER = ("interview", "date", "by", "why", "source")


class Withdrawn(NamedTuple):
    """That somebody withdrew from an interview; `source` is the digest of a file that held it, ''
    where none was known.
    """

    interview: str
    date: str
    by: str
    why: str
    source: str


def loads(text: str) -> tuple[Withdrawn, ...]:
    """The rows that say which interview; a line that is none says nothing."""
    try:
        rows = list(csv.reader(io.StringIO(text.removeprefix("\ufeff"), newline="")))
    except csv.Error:
        rows = [line.split(",") for line in text.splitlines()]
    cells = ([cell.strip() for cell in (*row, *[""] * len(HEADER))][: len(HEADER)] for row in rows)
    return tuple(Withdrawn(*row) for row in cells if row[0] and tuple(row) != HEADER)


def add(text: str, new: Iterable[Withdrawn]) -> str:
    """`text` with those of `new` at its end that do not stand there yet."""
    have = loads(text)
    rows = [row for row in dict.fromkeys(new) if row not in have]
    if not text.strip():
        return tables.dumps(HEADER, rows)
    added = tables.dumps(HEADER, rows).partition("\n")[2]
    return text + ("" if text.endswith("\n") else "\n") + added


def read(snapshot: Snapshot) -> tuple[Withdrawn, ...]:
    """The rows of a study."""
    return loads(snapshot.text(WITHDRAWN) or "")
