"""Standard output and standard error as a command has them: a reader that left, a closed or a full
one, never a traceback.

Whoever stops reading stops no command: `gtpipe codes list | head -1` does what it does, and ends
with its own exit code.
"""

from __future__ import annotations

import io
import os
import sys
from contextlib import suppress
from typing import TYPE_CHECKING, TextIO

if TYPE_CHECKING:
    from typing_extensions import Buffer

NAME = "standard output"


def begin() -> None:
    """Take the streams of this process in hand: UTF-8, and open, if onto nothing, where they were
    closed.
    """
    for number in (0, 1, 2):  # else the next file that is opened would be one of them
        try:
            os.fstat(number)
        except OSError:
            os.open(os.devnull, os.O_RDWR)
    if sys.stdin is None:
        sys.stdin = io.TextIOWrapper(
            io.BufferedReader(io.FileIO(0, closefd=False)), encoding="utf-8"
        )
    sys.stdout = _stream(1, sys.stdout, NAME)
    sys.stderr = _stream(2, sys.stderr, "")


def end() -> None:
    """Write what is left. Raises OSError naming standard output where there is no room."""
    for stream in (sys.stdout, sys.stderr):
        stream.flush()


def in_utf8(stream: TextIO) -> TextIO:
    """The same stream; what is no text, as a file's name may be, is written with question marks."""
    if isinstance(stream, io.TextIOWrapper):
        stream.reconfigure(encoding="utf-8", errors="replace")
    return stream


def _stream(number: int, stream: TextIO | None, name: str) -> TextIO:
    if stream is not None and os.isatty(number):
        # Nobody leaves a terminal, and that of Windows has ways of its own.
        return in_utf8(stream)
    return io.TextIOWrapper(
        io.BufferedWriter(_Descriptor(number, name)),
        encoding="utf-8",
        errors="replace",
        line_buffering=number == 2,
    )


class _Descriptor(io.FileIO):
    """What is written to a descriptor; to nowhere, from when nobody reads it. `called` is its name
    where a full one is told.
    """

    def __init__(self, number: int, called: str) -> None:
        super().__init__(number, "wb", closefd=False)
        self.called, self.lost = called, False

    def write(self, content: Buffer) -> int:
        size = memoryview(content).nbytes
        if self.lost:
            return size
        try:
            return super().write(content)
        except OSError as exc:
            self.lost = True
            if isinstance(exc, BrokenPipeError) or not self.called:
                return size
            raise OSError(exc.errno, exc.strerror, self.called) from None

    def close(self) -> None:
        with suppress(OSError):
            super().close()
