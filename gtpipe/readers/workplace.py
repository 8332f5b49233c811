"""Where a program that a reader calls finds its copy of a source: in the study, where words may be,
and not among the temporary files of the computer.
"""

from __future__ import annotations

import shutil
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from contextvars import ContextVar
from pathlib import Path

_PREFIX = "gtpipe-"
_LEFT_BEHIND = 3600  # seconds, after which nobody works there any more
_place: ContextVar[Path | None] = ContextVar("place", default=None)


@contextmanager
def within(place: Path) -> Iterator[None]:
    """Within, folders to work in are made in `place`."""
    token = _place.set(place)
    try:
        yield
    finally:
        _place.reset(token)


@contextmanager
def folder() -> Iterator[Path]:
    """A folder of one's own, gone at the end; one that a killed command left goes as well. Outside
    a study it is where the computer has its temporary files.
    """
    place = _place.get()
    if place is not None and not place.is_symlink():
        place.mkdir(mode=0o700, exist_ok=True)
        for left in place.glob(f"{_PREFIX}*"):
            with suppress(OSError):
                if left.lstat().st_mtime < time.time() - _LEFT_BEHIND:
                    shutil.rmtree(left)
    else:
        place = None
    with tempfile.TemporaryDirectory(prefix=_PREFIX, dir=place) as made:
        yield Path(made)
