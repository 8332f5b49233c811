"""Source files in, turns out. One module per format; the registry asks each by the file's content first, its ending second.

A reader changes no word: what it does not hand on as a turn's label, time or text it lists in `left_out`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

from gtpipe.errors import UserError, error


class SourceTurn(NamedTuple):
    """A turn as the source has it. `lead` is what stood before the words: label, time mark, colon, markup."""

    label: str
    time: str
    text: str
    line: int
    lead: str


@dataclass(frozen=True)
class Reading:
    """What a reader understood. `source_text` is the whole source as text; `remarks` say how it was read.

    `left_out` and `doubtful` are lines by number: those before the first speaker, and those that might begin with a
    speaker and were taken for words.
    """

    format: str
    source_text: str
    turns: tuple[SourceTurn, ...]
    left_out: tuple[tuple[int, str], ...] = ()
    remarks: tuple[str, ...] = ()
    doubtful: tuple[tuple[int, str], ...] = ()

    def labels(self) -> dict[str, tuple[int, int]]:
        """Each label in order of appearance → how many turns it has, and the line of its first."""
        seen: dict[str, tuple[int, int]] = {}
        for turn in self.turns:
            count, line = seen.get(turn.label, (0, turn.line))
            seen[turn.label] = (count + 1, line)
        return seen


@dataclass(frozen=True)
class Labels:
    """What is known of speakers before reading: their labels, and beginnings of lines that are words after all.

    With `only_known`, nothing but a known label begins a turn: that is how a source is read a second time.
    """

    known: frozenset[str] = frozenset()
    not_speakers: frozenset[str] = frozenset()
    only_known: bool = False

    def __contains__(self, label: str) -> bool:
        return label.casefold() in self.folded

    @cached_property
    def folded(self) -> frozenset[str]:
        return frozenset(label.casefold() for label in self.known)


class Reader(NamedTuple):
    """`recognises(content, ending)` must be quick; `read(content, path, labels)` raises UserError on a bad file."""

    name: str
    endings: tuple[str, ...]
    recognises: Callable[[bytes], bool]
    read: Callable[[bytes, str, Labels], Reading]


def registry() -> tuple[Reader, ...]:
    """All readers, the more particular before the more general."""
    from gtpipe.readers import plain

    return (Reader("text", (".txt", ".md", ".markdown", ".text"), plain.recognises, plain.read),)


# What a file is by its first bytes, where no reader takes it; and what to do about it.
_FOREIGN = (
    (b"PK\x03\x04", "a zip archive or an office document", "Save it as plain text (.txt, UTF-8)"),
    (b"\xd0\xcf\x11\xe0", "an old office document (.doc)", "Save it as plain text (.txt, UTF-8)"),
    (b"{\\rtf", "a rich text document", "Save it as plain text (.txt, UTF-8)"),
    (b"%PDF", "a PDF", "Save its text as .txt (UTF-8)"),
    (b"\x89PNG", "a picture (PNG)", "Ingest the transcript itself"),
    (b"\xff\xd8\xff", "a picture (JPEG)", "Ingest the transcript itself"),
    (b"GIF8", "a picture (GIF)", "Ingest the transcript itself"),
    (b"RIFF", "a sound or picture file", "Ingest the transcript, not the recording"),
    (b"ID3", "a sound recording (MP3)", "Ingest the transcript, not the recording"),
    (b"OggS", "a sound recording (Ogg)", "Ingest the transcript, not the recording"),
    (b"SQLite format 3", "a database", "Ingest the transcript itself"),
)


def read(content: bytes, path: str, labels: Labels) -> Reading:
    """The turns of a source. Raises UserError when the file is empty, no text, or of a format no reader knows."""
    if not content.strip(b" \t\r\n\x00\xef\xbb\xbf\xff\xfe"):
        raise UserError(error(path, None, "this file holds no words", "Is it the right file?"))
    for start, what, do in _FOREIGN:
        if content.startswith(start):
            raise UserError(error(path, None, f"this file is {what}, whatever its name says", do))
    readers = sorted(registry(), key=lambda reader: not path.lower().endswith(reader.endings))
    for reader in readers:
        if reader.recognises(content):
            return reader.read(content, path, labels)
    raise UserError(error(path, None, "this file is not text", "Save the transcript as plain text (.txt, UTF-8)"))
