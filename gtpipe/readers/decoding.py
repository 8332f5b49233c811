"""Bytes of a text file → its text, and in words how it was read."""

from __future__ import annotations

import codecs
import re

from gtpipe.model.problems import UserError
from gtpipe.readers.reading import refusal

_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig", "UTF-8"),
    (codecs.BOM_UTF16_LE, "utf-16", "UTF-16"),
    (codecs.BOM_UTF16_BE, "utf-16", "UTF-16"),
)
_REFERENCE = re.compile(
    "&#(?:[xX]0*(?P<hex>[0-9A-Fa-f]{1,6})|0*(?P<number>[0-9]{1,7}))(?![0-9A-Fa-f])"
)
_HALVES = re.compile(rb"\xed[\xa0-\xbf][\x80-\xbf]")
_CONTROLS = re.compile(rb"[\x00-\x06\x0e-\x1a\x1c-\x1f]")


def is_text(content: bytes) -> bool:
    """Whether `content` can be a text file: marked as Unicode,
    or free of NUL and other control bytes.
    """
    if content.startswith(tuple(mark for mark, _, _ in _MARKS)):
        return True
    return not _CONTROLS.search(content)


def _is_cut(content: bytes) -> bool:
    """Whether `content` is UTF-8 but for halves of characters, as programs write them that count
    characters in UTF-16.
    """
    if not _HALVES.search(content):
        return False
    try:
        content.decode("utf-8", "surrogatepass")
    except UnicodeDecodeError:
        return False
    return True


def undecodable(exc: UnicodeDecodeError, content: bytes, path: str) -> UserError:
    """What to say of bytes that `decode` could not read, naming the line."""
    end = "\n".encode(exc.encoding if exc.encoding in ("utf-16-le", "utf-16-be") else "utf-8")
    line = content.count(end, 0, exc.start) + 1
    if _is_cut(content):
        return _half(path, line)
    promised = {"utf-8": "UTF-8", "utf-16": "UTF-16"}.get(exc.encoding[:6].removesuffix("-"))
    what = f"not {promised}, as the file begins" if promised else "neither UTF-8 nor Windows-1252"
    return refusal(path, line, f"this line is {what}", "Save the file as UTF-8")


def _half(path: str, line: int) -> UserError:
    return refusal(
        path,
        line,
        "this line contains half a character",
        "The program that wrote this file cut it in two: put it right there, or take it out of "
        "the file",
    )


def refuse_half_references(text: str, path: str) -> None:
    """Raises UserError for `&#xD800;` and its like in a page or captions: half a character, which
    everybody shows as a blot.
    """
    for found in _REFERENCE.finditer(text) if "&#" in text else ():
        if 0xD800 <= int(found["hex"] or "0", 16) + int(found["number"] or "0") <= 0xDFFF:
            raise _half(path, text.count("\n", 0, found.start()) + 1)


def decode(content: bytes) -> tuple[str, tuple[str, ...]]:
    """The text with line feeds as line ends, and remarks on the encoding where it is not plain
    UTF-8.

    Raises UnicodeDecodeError when the bytes are neither UTF-8 nor Windows-1252, or not what a byte
    order mark promises; as UTF-8, where they would be, but for characters cut in two.
    """
    remarks = []
    for mark, codec, name in _MARKS:
        if content.startswith(mark):
            text = content.decode(codec)
            remarks.append(f"{name} with a byte order mark, which is left out")
            break
    else:
        try:
            text = content.decode("utf-8")
        except UnicodeDecodeError:
            if _is_cut(content):
                raise
            text = content.decode("cp1252")
            remarks.append(
                "not UTF-8, read as Windows-1252 (Latin-1): "
                "if letters look wrong, save the file as UTF-8"
            )
    if "\r" in text:
        remarks.append("Windows line ends" if "\r\n" in text else "old Macintosh line ends")
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    return re.sub("[\f\v\x85\u2028\u2029]", "\n", text), tuple(remarks)
