"""Databases that other programs keep a project in (SQLite), read without touching or trusting them.

Everything comes out as text, NULL as ''. A file that is cut off, damaged or laid out otherwise is
told before anything is made of it.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from pathlib import Path

from gtpipe.model.problems import UserError

MAGIC = b"SQLite format 3\x00"

# What SQLite says of a damaged database may itself be no text.
_BROKEN = (sqlite3.Error, UnicodeDecodeError)

Row = dict[str, str]


class Database:
    """A database whose layout is known to be the one that was asked for."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection
        self.tables = {
            str(name).casefold()
            for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")
        }

    def columns(self, table: str) -> frozenset[str]:
        """Its columns, none where there is no such table."""
        if table not in self.tables:
            return frozenset()
        told = self._connection.execute(f"PRAGMA table_info({_quoted(table)})")
        return frozenset(str(column[1]).casefold() for column in told)

    def rows(self, table: str, *columns: str, order: str = "rowid") -> Iterator[Row]:
        """These columns of each row; '' for a column, and no row for a table, that is not there."""
        there = self.columns(table)
        if not there:
            return
        wanted = ", ".join(_quoted(column) if column in there else "''" for column in columns)
        ordered = ", ".join(_quoted(column) for column in order.split() if column in there)
        query = f"SELECT {wanted} FROM {_quoted(table)} ORDER BY {ordered or 'rowid'}"
        for values in self._connection.execute(query):
            yield dict(zip(columns, map(_text, values), strict=True))

    def count(self, table: str) -> int:
        if table not in self.tables:
            return 0
        return int(self._connection.execute(f"SELECT count(*) FROM {_quoted(table)}").fetchone()[0])


def holds(path: Path, *tables: str) -> bool:
    """Whether this is a database with these tables; of one that is damaged, as far as its first
    pages tell, and of one that was cut off before them it may be.
    """
    if not path.is_file():
        return False
    with path.open("rb") as file:
        start = file.read(2**16)
    if not start.startswith(MAGIC):
        return False
    try:
        with closing(_connected(path)) as connection:
            return Database(connection).tables.issuperset(tables)
    except _BROKEN:
        is_cut = path.stat().st_size < _size(start)
        return is_cut or all(table.encode() in start for table in tables)


def _size(header: bytes) -> int:
    """How many bytes a database says that it has; 0 where it does not know."""
    page = int.from_bytes(header[16:18], "big")
    is_counted = len(header) >= 100 and header[24:28] == header[92:96]
    return (65536 if page == 1 else page) * int.from_bytes(header[28:32], "big") * is_counted


def _connected(path: Path) -> sqlite3.Connection:
    connection = sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro&immutable=1", uri=True)
    connection.execute("PRAGMA trusted_schema = OFF")
    return connection


@contextmanager
def opened(
    path: Path, what: str, needed: Mapping[str, tuple[str, ...]], do: str
) -> Iterator[Database]:
    """The database at `path`; `what` names it in messages, `needed` are its tables and columns.

    Raises UserError where it is damaged, in use, or laid out otherwise (`do` says what to do then).
    """
    _refuse_cut(path, what)
    try:
        with closing(_connected(path)) as connection:
            if connection.execute("PRAGMA quick_check(1)").fetchone() != ("ok",):
                raise _damaged(path, what)
            database = Database(connection)
            for table, columns in needed.items():
                if table not in database.tables:
                    raise _other_layout(path, what, f'no table "{table}"', do)
                for column in columns:
                    if column not in database.columns(table):
                        raise _other_layout(path, what, f'no column "{table}.{column}"', do)
            yield database
    except _BROKEN:
        raise _damaged(path, what) from None


def _refuse_cut(path: Path, what: str) -> None:
    with path.open("rb") as file:
        header = file.read(100)
    if not header.startswith(MAGIC) or len(header) < 100:
        raise UserError.at(
            str(path), None, f"this file is no {what}: it is no database", "Is it the right file?"
        )
    there, size = path.stat().st_size, _size(header)
    if there < size:
        raise UserError.at(
            str(path),
            None,
            f"this database was not copied to its end: {there:,} of its {size:,} bytes are there",
            "Copy it again",
        )
    journal = path.with_name(f"{path.name}-wal")
    if journal.exists() and journal.stat().st_size:
        raise UserError.at(
            str(path),
            None,
            f"this {what} is in use: its last changes still stand in {journal.name}",
            "Close the program that has it open, and import it again",
        )


def _damaged(path: Path, what: str) -> UserError:
    return UserError.at(
        str(path),
        None,
        f"this {what} is damaged",
        "Open it in the program it came from and save or export it again, or take a copy of it",
    )


def _other_layout(path: Path, what: str, missing: str, do: str) -> UserError:
    return UserError.at(
        str(path), None, f"this database is laid out otherwise than a {what}: {missing}", do
    )


def _quoted(name: str) -> str:
    return '"{}"'.format(name.replace('"', '""'))


def _text(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, bytes):
        return value.decode("utf-8", "replace")
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value)
