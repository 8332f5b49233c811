"""Plain text and Markdown, in any usual encoding. `speaker_turns` finds whose words they are."""

from __future__ import annotations

import re

from gtpipe.model import limits
from gtpipe.model.problems import UserError
from gtpipe.readers import decoding, markup
from gtpipe.readers.lines import emphasis, speaker_turns
from gtpipe.readers.reading import Hints, Line, Reader, Reading

_EMPHASISED = re.compile(r"\s*(\*{1,3}|_{1,3})(?![\s*_])(?:(?!\1).)+\1\s*")


def read(content: bytes, path: str, hints: Hints) -> Reading:
    """Raises UserError when the file's bytes are not what its byte order mark says,
    it is for a program, or nothing in it is a label.
    """
    text, remarks = text_of(content, path)
    limits.refuse_many(text.count("\n"), limits.LINES, "lines", path)
    markup.refuse(text, path)
    lines = [Line(line, number) for number, line in enumerate(text.split("\n"), 1)]
    found = _turns_in(lines, path, hints)
    return Reading(
        "text",
        found.turns,
        found.left_out,
        (*remarks, *found.remarks),
        found.doubts,
        found.asides,
        shape=found.shape,
    )


def _turns_in(lines: list[Line], path: str, hints: Hints) -> speaker_turns.TurnsInLines:
    """The turns; in Markdown, paragraphs in bold or italics throughout may be whose `hints` say."""
    if hints.shape.bold:
        return emphasis.turns_in(_with_emphasis(lines), frozenset(), path, hints)
    try:
        return speaker_turns.turns_in(lines, path, hints)
    except UserError:
        if not hints.monologue:
            emphasis.refuse_alternating(_with_emphasis(lines), frozenset(), path)
        raise


def _with_emphasis(lines: list[Line]) -> list[Line]:
    return [
        line._replace(bold=len(line.text)) if _EMPHASISED.fullmatch(line.text) else line
        for line in lines
    ]


def text_of(
    content: bytes, path: str, most: int = limits.TEXT_BYTES
) -> tuple[str, tuple[str, ...]]:
    """The text, and remarks on its encoding. Raises UserError naming the first line that cannot be
    read, or for too much.
    """
    if len(content) > most:
        raise UserError.at(
            path,
            None,
            f"this file holds {len(content) / 2**20:,.0f} MB of text, too much for a transcript",
            "Is it the right file? If it is many interviews, ingest them one by one",
        )
    try:
        return decoding.decode(content)
    except UnicodeDecodeError as exc:
        raise decoding.undecodable(exc, content, path) from None


def control_text(content: bytes) -> str:
    return decoding.decode(content)[0]


READER = Reader(
    "text",
    (".txt", ".md", ".markdown", ".text"),
    lambda content: False,
    decoding.is_text,
    read,
    control_text,
)
