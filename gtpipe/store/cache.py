"""`.gtpipe/`: what need not be worked out twice. Git-ignored, safe to delete, data only (never
executed).

Parsed files are kept by the hash of their content in a small SQLite file; the freshness of stages
in a JSON file; what files were before the last changes, for `undo`, under their hash. Whatever is
wrong with any is treated as an empty cache.

It counts only where this user made it: `.gtpipe/id` must be the id that is kept outside the study
for this very folder. What came with a clone or an archive is not read, and made anew. A command
that changes a person's files does not read what earlier commands parsed either (`doubted`). What no
file of the study says any more is forgotten (`prune`).
"""

from __future__ import annotations

import json
import os
import shutil
import sqlite3
import stat
from collections.abc import Collection, Iterable, Iterator, Mapping
from contextlib import closing, contextmanager, suppress
from contextvars import ContextVar
from functools import cache
from pathlib import Path
from typing import Any, Generic, NamedTuple, TypeVar

from gtpipe.store import placing, user_state
from gtpipe.store.layout import CACHE, Study, digest, fingerprint
from gtpipe.text import jsontext

LOCK = "lock"
FORMAT = 1
_ID = "id"
_PARSED = "parsed.sqlite"
_BEFORE = "before"
_OUTDATED = ("sources.json", "seen-derived-1.json")  # records of versions before this one
_CONCLUDED = "concluded.json"

# What a command that changes files parsed itself; None where what is kept may be read.
_parsed_here: ContextVar[dict[tuple[str, str], object] | None] = ContextVar(
    "parsed_here", default=None
)


@contextmanager
def doubted() -> Iterator[None]:
    """Within, nothing that an earlier command parsed is believed; what is parsed within is."""
    token = _parsed_here.set({})
    try:
        yield
    finally:
        _parsed_here.reset(token)


def is_doubted() -> bool:
    """Whether this is within `doubted`."""
    return _parsed_here.get() is not None


def believed(study: Study) -> bool:
    """Whether the cache was made by this user's own gtpipe, for this study in this folder."""
    folder = study.path(CACHE)
    id = user_state.known_id(study)
    if id is None or folder.is_symlink():
        return False
    try:
        return (
            stat.S_ISREG(os.lstat(folder / _ID).st_mode)
            and (folder / _ID).read_text("ascii").strip() == id
        )
    except (OSError, ValueError):
        return False


def own(study: Study) -> bool:
    """Have a cache that is believed: what is there and is not goes. Whether it is. Call it under
    the lock.
    """
    if believed(study):
        return True
    _remove_all(study.path(CACHE))
    id = user_state.new_id(study)
    if id is not None:
        placing.replace(study.path(CACHE) / _ID, f"{id}\n".encode("ascii"))
    return id is not None


def _remove_all(folder: Path) -> None:
    """Empty the folder, the lock apart; of a link, the link goes and not what it leads to."""
    with os.scandir(folder) as entries:
        for entry in list(entries):
            if entry.is_dir(follow_symlinks=False):
                shutil.rmtree(entry.path)
            elif entry.name != LOCK:
                os.unlink(entry.path)


def empty(study: Study, but: Collection[str] = ()) -> None:
    """Forget all that is kept but the records `but`: what was read, what files were before. Call it
    under the lock.
    """
    folder = study.path(CACHE)
    if folder.is_symlink():
        return
    with os.scandir(folder) as entries:
        for entry in list(entries):
            if entry.is_dir(follow_symlinks=False):
                shutil.rmtree(entry.path)
            elif entry.name not in (LOCK, _ID, *but):
                os.unlink(entry.path)


def _ready(study: Study) -> bool:
    """Whether something may be kept: the cache is believed, or nobody holds the lock and it can be
    made anew.
    """
    if believed(study):
        return True
    from filelock import FileLock

    folder = study.path(CACHE)
    try:
        folder.mkdir(exist_ok=True)
        if folder.is_symlink() or (folder / LOCK).is_symlink():
            return False
        with FileLock(folder / LOCK, timeout=0):
            return own(study)
    except OSError:
        return False


Content = TypeVar("Content")


class ParsedFiles(Generic[Content]):
    """Parsed content by kind and hash. Reads what is asked for at once; writes at the end, if it
    can.

    Each piece belongs to a file of the study, named by its fingerprint or its path: it is kept as
    long as that is there. What is kept and is not of the type `of` is not read.
    """

    def __init__(self, study: Study, kind: str, version: int, of: object) -> None:
        self.study = study
        self.path = study.path(CACHE) / _PARSED
        self.name, self.kind = kind, f"{kind}-{FORMAT}.{version}"
        self.of = of
        self.new: dict[str, tuple[str, Content]] = {}
        self.moved: dict[str, str] = {}

    def get(self, wanted: Mapping[str, str]) -> dict[str, Content]:
        """What is kept for each of the hashes `wanted`, which say whose it is now; those not kept
        are missing.
        """
        here = _parsed_here.get()
        if here is not None:
            found_here: dict[str, Any] = {
                hash: here[self.kind, hash] for hash in wanted if (self.kind, hash) in here
            }
            return found_here
        if not self.path.exists() or not believed(self.study):
            return {}
        found: dict[str, Content] = {}
        hashes = list(wanted)
        decode = _decoder(self.of)
        with suppress(sqlite3.Error), closing(_reading(self.path)) as connection:
            for start in range(0, len(hashes), 500):
                some = hashes[start : start + 500]
                rows = connection.execute(
                    "select hash, of, content from parsed where kind = ?"
                    f" and hash in ({','.join('?' * len(some))})",
                    [self.kind, *some],
                )
                for hash, of, content in rows:
                    try:
                        found[hash] = decode(content)
                    except (ValueError, TypeError, RecursionError):
                        continue
                    if of != wanted[hash]:
                        self.moved[hash] = wanted[hash]
        return found

    def holds(self, hash: str) -> bool:
        """Whether something is kept for a hash, whatever it is."""
        if _parsed_here.get() is not None or not self.path.exists() or not believed(self.study):
            return False
        with suppress(sqlite3.Error), closing(_reading(self.path)) as connection:
            query = "select 1 from parsed where kind = ? and hash = ?"
            return connection.execute(query, [self.kind, hash]).fetchone() is not None
        return False

    def put(self, hash: str, content: Content, of: str) -> None:
        """Keep `content`, parsed out of the file `of`."""
        here = _parsed_here.get()
        if here is not None:
            here[self.kind, hash] = content
        self.new[hash] = (of, content)

    def save(self) -> None:
        """Write what is new. A cache that cannot be written is no error; one that is damaged is
        begun anew.
        """
        if not (self.new or self.moved) or not _ready(self.study):
            return
        with suppress(OSError, sqlite3.Error):
            try:
                self._write()
            except sqlite3.DatabaseError as exc:
                if not isinstance(exc, sqlite3.OperationalError):
                    self.path.unlink(missing_ok=True)
                    self._write()
        self.new, self.moved = {}, {}

    def _write(self) -> None:
        import msgspec

        with suppress(FileExistsError):
            placing.make(self.path, b"", sync=False)
        with _writing(self.path) as connection:
            _lay_out(connection)
            connection.executemany(  # of other versions; asked so, rows of this one are not read
                "delete from parsed where kind > ? and kind < ?",
                [(f"{self.name}-", self.kind), (self.kind, f"{self.name}-~")],
            )
            connection.executemany(
                "update parsed set of = ? where kind = ? and hash = ?",
                [(of, self.kind, hash) for hash, of in self.moved.items()],
            )
            encode = msgspec.json.encode
            doubted = _parsed_here.get() is not None  # parsed though it may be kept
            connection.executemany(
                f"insert or {'ignore' if doubted else 'replace'} into parsed values (?, ?, ?, ?)",
                [
                    (self.kind, hash, of, encode(content).decode())
                    for hash, (of, content) in self.new.items()
                ],
            )


@cache
def _decoder(of: Any) -> Any:
    """Reads JSON as `of`: a record, or whatever JSON can say (object)."""
    import msgspec

    return msgspec.json.Decoder(of).decode


def _lay_out(connection: sqlite3.Connection) -> None:
    """The table. Content stands apart from what a row is found by, so that whoever looks for one
    row does not read others; earlier versions kept them together, and theirs is begun anew.
    """
    laid_out = connection.execute("select sql from sqlite_master where name = 'parsed'").fetchone()
    if laid_out and "without rowid" in laid_out[0]:
        connection.execute("drop table parsed")
    connection.execute(
        "create table if not exists parsed"
        " (kind text, hash text, of text, content text, primary key (kind, hash))"
    )
    connection.execute("create index if not exists parsed_of on parsed (of)")


@contextmanager
def _writing(path: Path) -> Iterator[sqlite3.Connection]:
    """A connection to write with, all or nothing. What is deleted is overwritten on the disk."""
    connection = sqlite3.connect(path, timeout=1)
    try:
        connection.execute("pragma secure_delete = on")
        with connection:
            connection.execute("begin immediate")  # the table too: Python begins at rows only
            yield connection
    finally:
        connection.close()


def _reading(path: Path) -> sqlite3.Connection:
    from urllib.parse import quote

    return sqlite3.connect(f"file:{quote(str(path))}?mode=ro", uri=True, timeout=1)


def prune(study: Study, of: Collection[str], before: Collection[str]) -> None:
    """Forget what was parsed of other files than `of`, what files were before other digests than
    `before`, and records that no version keeps any more.
    """
    if not believed(study):
        return
    prune_before(study, before)
    for name in _OUTDATED:
        with suppress(OSError):
            os.unlink(study.path(CACHE) / name)
    path = study.path(CACHE) / _PARSED
    if not path.exists():
        return
    try:
        connection = _reading(path)
        try:
            gone = [
                one
                for (one,) in connection.execute("select distinct of from parsed")
                if one not in of
            ]
        finally:
            connection.close()
        if gone:
            with _writing(path) as connection:
                connection.executemany("delete from parsed where of = ?", [(one,) for one in gone])
    except sqlite3.Error:  # in whatever state it is: no words may stay in it, or in its journal
        for place in (path, Path(f"{path}-journal")):
            with suppress(OSError):
                place.unlink()


# --- what files were before -----------------------------------------------------------------------


def keep_before(study: Study, content: bytes, mode: int) -> None:
    """Keep what a file held before a change, with its mode. What cannot be kept cannot be taken
    back, and is no error.
    """
    if not believed(study):
        return
    folder = study.path(CACHE) / _BEFORE
    with suppress(OSError):
        folder.mkdir(mode=0o700, exist_ok=True)
        target = folder / f"{fingerprint(content)}.{mode:03o}"
        if not target.exists():
            placing.replace(target, content)


class Kept(NamedTuple):
    """What a file was: its content and mode, and where it is kept, None where that is in git."""

    content: bytes
    mode: int
    place: str | None = None


def find_before(study: Study, wanted: str) -> Kept | None:
    """Content of the digest `wanted`, and the mode it had; None where none is kept, or what is kept
    is something else.
    """
    if not believed(study):
        return None
    for name in _names_before(study):
        hash, _, mode = name.partition(".")
        if hash.startswith(wanted) and mode.isdigit():
            with suppress(OSError, ValueError):
                place = f"{CACHE}/{_BEFORE}/{name}"
                content = study.path(place).read_bytes()
                if fingerprint(content) == hash and digest(content) == wanted:
                    return Kept(content, int(mode, 8) & 0o777, place)
    return None


def prune_before(study: Study, wanted: Collection[str]) -> None:
    """Keep of what files were before only what has one of the digests `wanted`."""
    with suppress(OSError):
        for name in _names_before(study):
            if name[:12] not in wanted:
                os.unlink(study.path(CACHE) / _BEFORE / name)


def _names_before(study: Study) -> list[str]:
    folder = study.path(CACHE) / _BEFORE
    try:
        return [] if folder.is_symlink() else sorted(os.listdir(folder))
    except OSError:
        return []


# --- small records --------------------------------------------------------------------------------


def load_json(study: Study, name: str) -> dict[str, object]:
    """The record `name` of the cache, a dictionary; empty where there is none, or nothing that can
    be believed or read.
    """
    if not believed(study):
        return {}
    try:
        found = jsontext.loads((study.path(CACHE) / name).read_bytes())
    except (OSError, ValueError):
        return {}
    return found if isinstance(found, dict) else {}


def save_json(study: Study, name: str, record: Mapping[str, object]) -> None:
    """Keep a record; one that cannot be written is no error."""
    content = json.dumps(record, sort_keys=True, ensure_ascii=False)
    save_bytes(study, name, content.encode("utf-8", "replace"))


def is_concluded(study: Study, what: str, of: str) -> bool:
    """Whether it is kept that `what` holds of `of`, a digest of all it hangs on; not believed by a
    command that changes files.
    """
    return not is_doubted() and load_json(study, _CONCLUDED).get(what) == of


def conclude(study: Study, what: str, of: str) -> None:
    """Keep that `what` holds of `of`, and of nothing else any more."""
    save_json(study, _CONCLUDED, {**load_json(study, _CONCLUDED), what: of})


def save_bytes(study: Study, name: str, content: bytes | Iterable[bytes]) -> None:
    """Keep a record as it is to stand in its file, whole or in parts; one that cannot be written is
    no error.
    """
    if _ready(study):
        with suppress(OSError):
            placing.replace(study.path(CACHE) / name, content, sync=False)
