"""What files were when they were last read: one that stands as it did then is not read again.

A file is known by its size, its place on the disk (inode) and two times that the system keeps of
it: when it was written, and when anything of it changed. One that was written shortly before it was
seen may have been written once more at the same time, as the clock counts it: that is doubt, and it
is read again, as git does (Documentation/technical/racy-git). Nothing is believed within `doubted`,
here and in `cache`, nor of a cache that is not this user's own.
"""

from __future__ import annotations

import os
import stat
import time
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import NamedTuple

from gtpipe.store import cache
from gtpipe.store.layout import CACHE, Study

NAME = "seen-1.json"
_MOMENT = 50_000_000  # nanoseconds that clocks of file systems may go in one step
_LONG_MOMENT = 2_000_000_000  # where they count whole seconds, or two
_doubted: ContextVar[bool] = ContextVar("doubted", default=False)


class _Seen(NamedTuple):
    """A file as it was: when it was seen is said by the time at which all this was kept."""

    size: int
    written: int
    changed: int
    inode: int
    fingerprint: str


@contextmanager
def doubted(all: bool = True) -> Iterator[None]:
    """Within, `all` files are read, whatever they look like."""
    token = _doubted.set(all)
    try:
        yield
    finally:
        _doubted.reset(token)


def are_believed() -> bool:
    """Whether files are what they look like: not within `doubted`."""
    return not (_doubted.get() or cache.is_doubted())


class SeenFiles:
    """The files of a study as they were seen by earlier commands, and by this one: those that
    people wrote, or those that the record `name` is of.
    """

    def __init__(self, study: Study, name: str = NAME) -> None:
        self._study, self._root, self._name = study, f"{study.root}/", name
        self._new: dict[str, _Seen] = {}
        self._believed = are_believed()
        self._kept: dict[str, _Seen] | None = None

    def fingerprint(self, path: str, found: os.stat_result) -> str | None:
        """That of a file that `found` tells of, where it stands as it was seen; None where it is to
        be read.
        """
        if not self._believed:
            return None
        if self._kept is None:
            self._kept = _load(self._study, self._name)
        kept = self._new.get(path) or self._kept.get(path)
        return kept.fingerprint if kept is not None and kept == _of(found, kept[4]) else None

    def saw(self, path: str, found: os.stat_result, fingerprint: str) -> None:
        """That a file was read, of which `found` was told before, and what it was."""
        if is_settled_now(found):
            self._new[path] = _of(found, fingerprint)

    def save(self) -> None:
        """Keep what was seen. What cannot be kept is read again, and is no error."""
        if not self._new:
            return
        self._keep(_load(self._study, self._name) | self._new)
        self._new = {}
        self._kept = None

    def forget(self, there: Collection[str]) -> None:
        """Keep nothing of files that are gone; those named are `there`."""
        kept = _load(self._study, self._name)
        gone = {p for p in kept if p not in there and not os.path.isfile(self._root + p)}
        if gone:
            self._keep({path: seen for path, seen in kept.items() if path not in gone})

    def _keep(self, files: dict[str, _Seen]) -> None:
        import msgspec

        cache.save_bytes(self._study, self._name, msgspec.json.encode(files))


def _of(found: os.stat_result, fingerprint: str) -> _Seen:
    return _Seen(found.st_size, found.st_mtime_ns, found.st_ctime_ns, found.st_ino, fingerprint)


def is_settled(written: int, changed: int, at: int) -> bool:
    """Whether a file was not written shortly before it was seen; all by the clock of its system."""
    whole = written % 1_000_000_000 == 0 or changed % 1_000_000_000 == 0
    return max(written, changed) + (_LONG_MOMENT if whole else _MOMENT) < at


def is_settled_now(found: os.stat_result) -> bool:
    """Whether a plain file was not just written."""
    return stat.S_ISREG(found.st_mode) and is_settled(
        found.st_mtime_ns, found.st_ctime_ns, time.time_ns()
    )


def _load(study: Study, name: str) -> dict[str, _Seen]:
    """What is kept, but for files that were written shortly before it was."""
    import msgspec

    if not cache.believed(study):
        return {}
    try:
        with open(study.path(CACHE) / name, "rb") as file:
            found = os.stat(file.fileno())
            which = (str(study.root), found.st_ino, found.st_mtime_ns, found.st_ctime_ns)
            if name in _loaded and _loaded[name][0] == which:
                return _loaded[name][1]
            kept = msgspec.json.decode(file.read(), type=dict[str, _Seen])
    except (OSError, ValueError, RecursionError):
        return {}
    kept_at = found.st_mtime_ns
    files = {path: seen for path, seen in kept.items() if is_settled(*seen[1:3], kept_at)}
    _loaded[name] = (which, files)
    return files


_loaded: dict[str, tuple[tuple[object, ...], dict[str, _Seen]]] = {}  # which it was, and what
