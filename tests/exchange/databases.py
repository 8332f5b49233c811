"""Projects of other programs as the tests write them: in the shape that these programs' own
databases have, with an invented interview.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from contextlib import closing
from pathlib import Path

TALK = """\
I: How did it start?
P: Honestly 😀 I was just keeping my head above water.
I: And then?
P: Then I started hiding the café bills. Nobody noticed.
"""


def place(words: str, text: str = TALK) -> tuple[int, int]:
    start = text.index(words)
    return start, start + len(words)


def database(path: Path, layout: str, rows: dict[str, Iterable[tuple[object, ...]]]) -> Path:
    """A database of this layout, with these rows in its tables."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.executescript(layout)
        for table, values in rows.items():
            for row in values:
                marks = ", ".join("?" * len(row))
                connection.execute(f"INSERT INTO {table} VALUES ({marks})", row)
    return path
