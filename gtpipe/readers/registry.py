"""The list of readers, and which of them reads a file: by its content, then by its ending."""

from __future__ import annotations

import re
from dataclasses import replace
from functools import lru_cache

from gtpipe.model import limits
from gtpipe.model.problems import UserError
from gtpipe.readers import archive, decoding, markup
from gtpipe.readers.documents import doc, docx, html, odt, rtf
from gtpipe.readers.lines import plain
from gtpipe.readers.pages import pdf
from gtpipe.readers.reading import NO_COLUMNS, Hints, Reader, Reading, refuse_halves
from gtpipe.readers.speech import (
    captions,
    chat,
    elan,
    exmaralda,
    otranscribe,
    recognisers,
    sbv,
    ttml,
)
from gtpipe.readers.tables import separated, workbook

# The more particular before the more general.
READERS: tuple[Reader, ...] = (
    docx.READER,
    doc.READER,
    odt.READER,
    workbook.READER,
    pdf.READER,
    rtf.READER,
    html.READER,
    captions.VTT_READER,
    captions.SRT_READER,
    sbv.READER,
    elan.READER,
    exmaralda.READER,
    ttml.READER,
    chat.READER,
    otranscribe.READER,
    recognisers.READER,
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
_HAVE_TABLES = ("docx", "odt", "xlsx", "html", "table")
_COLUMNS = re.compile("(?:speaker|words) in column ")

# Formats that are not text, or whose text says how it is encoded.
_NOT_ENCODED = (archive.OLE, b"PK", b"%PDF", b"{\\rtf", *(start for start, _, _ in _FOREIGN))


def read(content: bytes, path: str, hints: Hints) -> Reading:
    """The turns of a source.

    Raises UserError when the file is empty, no text, or of a format no reader knows; or where
    an answer of the person has no effect.
    """
    content, remarks = _decoded(content, path, hints)
    reader = _reader_for(content, path, hints)
    reading = reader.read(content, path, hints)
    markup.refuse_timing(reading.turns, path)
    if hints.columns != NO_COLUMNS and not any(map(_COLUMNS.match, reading.remarks)):
        raise UserError.at(
            path, None, "--columns is for tables, and this file holds none", "Leave it out"
        )
    if hints.shape.encoding:
        others = (remark for remark in reading.remarks if remark != decoding.MARKED)
        shape = replace(reading.shape, encoding=hints.shape.encoding)
        reading = replace(reading, remarks=(*remarks, *others), shape=shape)
    labels = reading.labels()
    if len(labels) > limits.LABELS:
        raise UserError.at(
            path,
            None,
            f"{len(labels):,} different names begin turns in this file: {limits.some(labels)}",
            "Is it the right file? No interview has so many people in it",
        )
    _refuse_halves(reading, path)
    return reading


def control_text(content: bytes, path: str, hints: Hints) -> str | None:
    """The text of a source by the second, simpler way of the reader that `read` takes."""
    content, _ = _decoded(content, path, hints)
    return _reader_for(content, path, hints).control_text(content)


def _decoded(content: bytes, path: str, hints: Hints) -> tuple[bytes, tuple[str, ...]]:
    """The content in UTF-8 where a person named its encoding, and a remark."""
    if not hints.shape.encoding:
        return content, ()
    if content.startswith(_NOT_ENCODED):
        raise UserError.at(
            path, None, "this file says itself how it is encoded", "Leave --encoding out"
        )
    content, remark = decoding.as_utf8(content, path, hints.shape.encoding)
    return content, (remark,)


def _reader_for(content: bytes, path: str, hints: Hints) -> Reader:
    """Who reads this file; where a person named columns, any text is a table."""
    reader = reader_of(content, path)
    if hints.columns == NO_COLUMNS or reader.name in _HAVE_TABLES:
        return reader
    if reader is not plain.READER:
        raise UserError.at(
            path, None, f"--columns is for tables, and this file is {reader.name}", "Leave it out"
        )
    return separated.READER


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


@lru_cache(maxsize=1)  # a source is read twice, the second time to control the first
def reader_of(content: bytes, path: str) -> Reader:
    """Who can read this file: by what its content shows, then by its ending.

    Raises UserError where nobody can.
    """
    if not content.strip(b" \t\r\n\x00\xef\xbb\xbf\xff\xfe"):
        raise UserError.at(path, None, "this file holds no words", "Is it the right file?")
    for reader in READERS:
        if reader.shows(content):
            return reader
    if content.startswith(archive.OLE):
        raise archive.describe_ole(content, path)
    if content.startswith(b"PK"):
        raise archive.foreign(content, path)
    for start, what, do in _FOREIGN:
        if content.startswith(start):
            raise UserError.at(path, None, f"this file is {what}, whatever its name says", do)
    for reader in READERS:
        if path.lower().endswith(reader.endings) and reader.may_be(content):
            return reader
    if READERS[-1].may_be(content):
        return READERS[-1]
    ending = path.lower().rpartition(".")[2]
    if ending in ("docx", "odt", "xlsx", "pdf"):
        raise UserError.at(
            path,
            None,
            f"this is not a {ending} document, although its name says so: "
            "it is damaged, or something else",
            "Open it in the program it came from and save it again, or ask for it again",
        )
    raise UserError.at(
        path, None, "this file is not text", "Save the transcript as plain text (.txt, UTF-8)"
    )
