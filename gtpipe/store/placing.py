"""The one way in which gtpipe makes a file: a new one beside its place, which then takes the place.

Nothing that stood there is opened for writing. The new file has a name that nobody can foresee, no
link is followed to it, and it is its owner's alone until it has the mode that the file it replaces
has. Within `private` it stays so, and so does what libraries and other programs make.
"""

from __future__ import annotations

import os
import re
import stat
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from contextvars import ContextVar
from hashlib import sha256
from pathlib import Path

TEMPORARY = ".gtpipe-tmp"  # git ignores `.*.gtpipe-tmp` in a study that `gtpipe init` began
_FORM = re.compile(rf"\.[0-9a-f]{{16}}{re.escape(TEMPORARY)}")
_NEW = (
    os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_BINARY", 0)
)
_BY_HANDLE = os.chmod in os.supports_fd  # then no other file can come between
ANYBODY = 0o666
_OTHERS = 0o077
_private: ContextVar[bool] = ContextVar("private", default=False)


@contextmanager
def private() -> Iterator[None]:
    """Within, what is made is its owner's alone from its first byte, files and folders."""
    mask = os.umask(_OTHERS)
    token = _private.set(True)
    try:
        yield
    finally:
        _private.reset(token)
        os.umask(mask)


def close(places: Iterable[Path]) -> None:
    """Within `private`, have what stands at `places`, and in them, be its owner's alone as well. No
    link is followed, and what is another owner's stays as it is.
    """
    if not _private.get():
        return
    for place in places:
        _close(place)
        for folder, folders, names in os.walk(place):
            for name in (*folders, *names):
                _close(Path(folder, name))


def _close(place: Path) -> None:
    with suppress(OSError):
        found = os.lstat(place).st_mode
        if (stat.S_ISREG(found) or stat.S_ISDIR(found)) and found & _OTHERS:
            os.chmod(place, stat.S_IMODE(found) & ~_OTHERS)


def temporary_name() -> str:
    """A name for a temporary file, short whatever it is to be called."""
    return _name(os.urandom(8))


def _name(random: bytes) -> str:
    return f".{random.hex()}{TEMPORARY}"


class TemporaryNames:
    """Names for many temporary files, each told by its number: they hang on a secret of their own,
    and only that is held.
    """

    def __init__(self) -> None:
        self._secret = os.urandom(16)

    def __getitem__(self, number: int) -> str:
        return _name(sha256(self._secret + number.to_bytes(8, "big")).digest()[:8])


def beside(target: Path) -> Path:
    """A temporary file beside `target`."""
    return target.with_name(temporary_name())


def is_temporary(name: str) -> bool:
    """Whether a file of this name is a temporary one, as all of them are called here."""
    return _FORM.fullmatch(name) is not None


def make(
    path: str | Path, content: bytes | Iterable[bytes], mode: int = 0o600, *, sync: bool = True
) -> None:
    """Write a file that is not there yet, whole or in parts. Raises OSError where something of its
    name is, a link too.
    """
    handle = os.open(path, _NEW, 0o600)
    try:
        if isinstance(content, bytes):
            write_all(handle, content)
        else:
            with open(handle, "wb", closefd=False) as file:
                file.writelines(content)
        if mode != 0o600:
            os.chmod(handle if _BY_HANDLE else path, mode)
        if sync:
            os.fsync(handle)
    finally:
        os.close(handle)


def write_all(handle: int, content: bytes) -> None:
    """Write all of `content`, in as many pieces as the system takes it."""
    left = memoryview(content)
    while left:
        left = left[os.write(handle, left) :]


def replace(
    target: Path, content: bytes | Iterable[bytes], mode: int = 0o600, *, sync: bool = True
) -> None:
    """Have `target` hold `content`, all of it or nothing. A link that stands there is replaced, not
    followed.
    """
    temporary = beside(target)
    try:
        make(temporary, content, mode, sync=sync)
        os.replace(temporary, target)
    except BaseException:
        with suppress(OSError):
            os.unlink(temporary)
        raise


def mode_of(target: str | Path, most: int = ANYBODY) -> int:
    """The mode of the file that stands at `target`, of a new one that of `mode_of_new`; others'
    bits only where `most` has them, and none within `private`.
    """
    with suppress(OSError):
        found = os.lstat(target).st_mode
        if stat.S_ISREG(found):
            return found & (0o700 if _private.get() else most | 0o711)
    return mode_of_new(most)


def mode_of_new(most: int = ANYBODY) -> int:
    """The mode that the umask leaves of `most`, its owner's bits apart."""
    mask = os.umask(0)
    os.umask(mask)
    return 0o600 | (most & ANYBODY & ~mask)


def link_on_the_way(root: Path, path: str) -> str:
    """The first part of `path`, seen from `root`, that is a link; '' where none is."""
    parts = path.split("/")
    ways = ("/".join(parts[: count + 1]) for count in range(len(parts)))
    return next((way for way in ways if (root / way).is_symlink()), "")
