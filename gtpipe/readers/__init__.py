"""Source files in, turns out. One module per format; the registry asks each by the file's content first, its ending second.

A reader changes no word: what it does not hand on as a turn's label, time or text it lists in `left_out`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

from gtpipe.model import limits
from gtpipe.model.problems import UserError, error
from gtpipe.model.typography import same

_HALF = re.compile("[\ud800-\udfff]")


class Line(NamedTuple):
    """A line of a source as text. `number` is its place, counted from 1 in what `Reading.unit` names.

    `bold` is how many characters at its beginning are set in bold, for formats that know.
    """

    text: str
    number: int
    bold: int = 0


class SourceTurn(NamedTuple):
    """A turn as the source has it. `lead` is what stood before the words as text: label, time mark, colon, markup."""

    label: str
    time: str
    text: str
    line: int
    lead: str


class Aside(NamedTuple):
    """Words of the source that are nobody's speech: `what` is "page number", "comment", "column Notes" and the like."""

    number: int
    what: str
    words: str


@dataclass(frozen=True)
class Reading:
    """What a reader understood; `remarks` say how it was read.

    `left_out` and `doubtful` are lines by number: those before the first speaker, and those that might begin with a
    speaker and were taken for words. `asides` are other words that are no turn's. Turns' leads and texts, `left_out` and
    `asides` together hold every word of the source. `unit` is what numbers count: line, paragraph, row, page, cue.
    """

    format: str
    turns: tuple[SourceTurn, ...]
    left_out: tuple[tuple[int, str], ...] = ()
    remarks: tuple[str, ...] = ()
    doubtful: tuple[tuple[int, str], ...] = ()
    asides: tuple[Aside, ...] = ()
    unit: str = "line"

    def labels(self) -> dict[str, tuple[int, int]]:
        """Each label in order of appearance → how many turns it has, and the line of its first."""
        seen: dict[str, tuple[int, int]] = {}
        for turn in self.turns:
            count, line = seen.get(turn.label, (0, turn.line))
            seen[turn.label] = (count + 1, line)
        return seen


class Columns(NamedTuple):
    """Names of a table's columns, as a person gives them with `--columns`; '' where they did not."""

    speaker: str = ""
    words: str = ""
    time: str = ""


@dataclass(frozen=True)
class Hints:
    """What is known of a source before it is read: labels of speakers, and beginnings of lines that are words after all.

    With `only_known`, nothing but a known label begins a turn: that is how a source is read a second time.
    `monologue` is the one who speaks throughout, where nothing in the source says who does.
    """

    known: frozenset[str] = frozenset()
    not_speakers: frozenset[str] = frozenset()
    only_known: bool = False
    columns: Columns = Columns()
    monologue: str = ""

    def __contains__(self, label: str) -> bool:
        return same(label).casefold() in self.folded

    @cached_property
    def folded(self) -> frozenset[str]:
        return frozenset(same(label).casefold() for label in self.known)


class Reader(NamedTuple):
    """A format. `shows(content)` is quick and true only where the content says what it is; `may_be(content)` where nothing
    in it speaks against a file whose ending says so.

    `read(content, path, hints)` raises UserError on a bad file. `plainly(content)` is the text of the same file by a
    second, simpler way, asides included, None where there is none: its words must be those of the reading.
    """

    name: str
    endings: tuple[str, ...]
    shows: Callable[[bytes], bool]
    may_be: Callable[[bytes], bool]
    read: Callable[[bytes, str, Hints], Reading]
    plainly: Callable[[bytes], str | None]


def registry() -> tuple[Reader, ...]:
    """All readers, the more particular before the more general."""
    from gtpipe.readers import (
        captions,
        docx,
        html,
        odt,
        pdf,
        plain,
        rtf,
        separated,
        whisper,
        workbook,
    )

    return (
        docx.READER,
        odt.READER,
        workbook.READER,
        pdf.READER,
        rtf.READER,
        html.READER,
        captions.VTT_READER,
        captions.SRT_READER,
        whisper.READER,
        separated.READER,
        plain.READER,
    )


# What a file is by its first bytes, where no reader takes it; and what to do about it.
_FOREIGN = (
    (b"\x89PNG", "a picture (PNG)", "Ingest the transcript itself"),
    (b"\xff\xd8\xff", "a picture (JPEG)", "Ingest the transcript itself"),
    (b"GIF8", "a picture (GIF)", "Ingest the transcript itself"),
    (b"RIFF", "a sound or picture file", "Ingest the transcript, not the recording"),
    (b"ID3", "a sound recording (MP3)", "Ingest the transcript, not the recording"),
    (b"OggS", "a sound recording (Ogg)", "Ingest the transcript, not the recording"),
    (b"SQLite format 3", "a database", "Ingest the transcript itself"),
)


def read(content: bytes, path: str, hints: Hints) -> Reading:
    """The turns of a source. Raises UserError when the file is empty, no text, or of a format no reader knows."""
    reading = reader_of(content, path).read(content, path, hints)
    labels = reading.labels()
    if len(labels) > limits.LABELS:
        raise UserError(
            error(
                path,
                None,
                f"{len(labels):,} different names stand here where somebody begins to speak: "
                f"{limits.some(labels)}",
                "Is it the right file? No interview has so many people in it",
            )
        )
    _refuse_halves(reading, path)
    return reading


def _refuse_halves(reading: Reading, path: str) -> None:
    refuse_halves(
        (
            *((turn.line, turn.label + turn.lead + turn.text) for turn in reading.turns),
            *reading.left_out,
            *((aside.number, aside.words) for aside in reading.asides),
        ),
        reading.unit,
        path,
    )


def refuse_halves(words: Iterable[tuple[int, str]], unit: str, path: str) -> None:
    """Raises UserError for half a character (U+D800 to U+DFFF): only together with its other half
    does it mean anything.
    """
    found = []
    for number, text in words:
        half = None if text.isascii() else _HALF.search(text)
        if half:
            found.append(
                error(
                    path,
                    number,
                    f"half a character (U+{ord(half.group()):04X}) stands in {unit} {number}",
                    "The program that wrote this file cut a character in two: put it right there, "
                    "or take it out of the file",
                )
            )
    if found:
        raise UserError(*found)


def reader_of(content: bytes, path: str) -> Reader:
    """Who can read this file: by what its content shows, then by its ending. Raises UserError where nobody can."""
    if not content.strip(b" \t\r\n\x00\xef\xbb\xbf\xff\xfe"):
        raise UserError(error(path, None, "this file holds no words", "Is it the right file?"))
    from gtpipe.readers import archive

    readers = registry()
    for reader in readers:
        if reader.shows(content):
            return reader
    if content.startswith(archive.OLE):
        raise archive.describe_ole(content, path)
    if content.startswith(b"PK"):
        raise archive.foreign(content, path)
    for start, what, do in _FOREIGN:
        if content.startswith(start):
            raise UserError(error(path, None, f"this file is {what}, whatever its name says", do))
    for reader in readers:
        if path.lower().endswith(reader.endings) and reader.may_be(content):
            return reader
    if readers[-1].may_be(content):
        return readers[-1]
    ending = path.lower().rpartition(".")[2]
    if ending in ("docx", "odt", "xlsx", "pdf"):
        raise UserError(
            error(
                path,
                None,
                f"this is no {ending} document, though its name says so: it is damaged, or something else",
                "Open it in the program it came from and save it again, or ask for it again",
            )
        )
    raise UserError(
        error(
            path, None, "this file is not text", "Save the transcript as plain text (.txt, UTF-8)"
        )
    )
