"""`data/derived/`: files that can be made again, written where they do not stand right already."""

from __future__ import annotations

import os
import posixpath
from collections.abc import Iterable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from filecmp import cmp
from hashlib import file_digest
from typing import BinaryIO

from gtpipe.store import placing
from gtpipe.store.layout import Study
from gtpipe.store.own_files import check_folder


def write_derived(
    study: Study, files: Iterable[tuple[str, bytes | Iterator[bytes]]], gone: Iterable[str] = ()
) -> tuple[str, ...]:
    """Make the derived `files`, paths with their content, stand as given; none of `gone` stays. The
    content of a large one may come in parts: it is never held as a whole.

    A file that is right already is not touched, and none before the last one was laid out; only
    then is it asked what is `gone`. Returns the paths that changed. Call it under `locked`.
    """
    root, mode_of_new, names = f"{study.root}/", placing.mode_of_new(), placing.TemporaryNames()
    laid: list[str] = []  # paths; where their content is until then, their numbers tell
    is_empty: dict[str, bool] = {}

    def temporary(number: int) -> str:
        return f"{root}{posixpath.dirname(laid[number])}/{names[number]}"

    try:
        for path, content in files:
            folder, target, mode = posixpath.dirname(path), root + path, mode_of_new
            if folder not in is_empty:
                check_folder(study, folder)
                os.makedirs(root + folder, exist_ok=True)
                is_empty[folder] = not os.listdir(root + folder)
            if not is_empty[folder]:
                if isinstance(content, bytes) and _holds(target, content):
                    continue
                mode = placing.mode_of(target)
            laid.append(path)
            beside = temporary(len(laid) - 1)
            placing.make(beside, content, mode, sync=False)
            if not isinstance(content, bytes) and _is_same(target, beside):
                os.unlink(beside)
                laid.pop()
        gone = sorted(gone)
        for path in gone:
            os.unlink(root + path)
        for number, path in enumerate(laid):
            os.replace(temporary(number), root + path)
    except BaseException:
        for number in range(len(laid)):
            with suppress(OSError):
                os.unlink(temporary(number))
        raise
    return tuple(sorted([*laid, *gone]))


def _holds(path: str, content: bytes) -> bool:
    """Whether a file, and no link, holds just `content`."""
    if os.path.islink(path):
        return False
    try:
        with open(path, "rb", buffering=0) as file:
            return file.read(len(content) + 1) == content
    except FileNotFoundError:
        return False


def _is_same(path: str, other: str) -> bool:
    """Whether a file, and no link, holds what another one holds."""
    return os.path.isfile(path) and not os.path.islink(path) and cmp(path, other, shallow=False)


@contextmanager
def if_it_is(study: Study, path: str, wanted: str) -> Iterator[BinaryIO | None]:
    """A derived file, open to be read, where its digest is the one `wanted`; None where it is not,
    or not any more: somebody may write it at any time.
    """
    with ExitStack() as held:
        file = None
        with suppress(OSError):
            file = held.enter_context(open(study.path(path), "rb")) if wanted else None
            if file and file_digest(file, "sha256").hexdigest()[: len(wanted)] != wanted:
                file = None
        yield file


def stretch(file: BinaryIO, start: int, length: int) -> Iterator[bytes]:
    """So many bytes of a file from `start` on, in parts."""
    file.seek(start)
    while length and (part := file.read(min(length, _PART))):
        length -= len(part)
        yield part


_PART = 1_000_000  # bytes
