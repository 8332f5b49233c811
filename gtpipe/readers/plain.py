"""Plain text and Markdown, in any usual encoding. Whose words a line holds, `labels` finds."""

from __future__ import annotations

from gtpipe.errors import UserError, error
from gtpipe.readers import Hints, Line, Reader, Reading, decoding, labels


def read(content: bytes, path: str, hints: Hints) -> Reading:
    """Raises UserError when the file's bytes are not what its byte order mark says, or nothing in it is a label."""
    text, remarks = text_of(content, path)
    lines = [Line(line, number) for number, line in enumerate(text.split("\n"), 1)]
    found = labels.turns_in(lines, path, hints)
    return Reading("text", found.turns, found.left_out, remarks, found.doubtful)


def text_of(content: bytes, path: str) -> tuple[str, tuple[str, ...]]:
    """The text, and remarks on its encoding. Raises UserError naming the first line that cannot be read."""
    try:
        return decoding.decode(content)
    except UnicodeDecodeError as exc:
        line = content.count(b"\n", 0, exc.start) + 1
        what = "neither UTF-8 nor Windows-1252" if exc.encoding in ("cp1252", "charmap") else f"not {exc.encoding}, as the file begins"
        raise UserError(error(path, line, f"this line is {what}", "Save the file as UTF-8")) from None


def plainly(content: bytes) -> str:
    return decoding.decode(content)[0]


READER = Reader("text", (".txt", ".md", ".markdown", ".text"), lambda content: False, decoding.is_text, read, plainly)
