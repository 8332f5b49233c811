"""Bytes of a text file → its text, and in words how it was read."""

from __future__ import annotations

import codecs
import re

_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig", "UTF-8"),
    (codecs.BOM_UTF16_LE, "utf-16", "UTF-16"),
    (codecs.BOM_UTF16_BE, "utf-16", "UTF-16"),
)
_CONTROLS = re.compile(rb"[\x00-\x06\x0e-\x1a\x1c-\x1f]")


def is_text(content: bytes) -> bool:
    """Whether `content` can be a text file: marked as Unicode, or free of NUL and other control bytes."""
    if content.startswith(tuple(mark for mark, _, _ in _MARKS)):
        return True
    return not _CONTROLS.search(content)


def decode(content: bytes) -> tuple[str, tuple[str, ...]]:
    """The text with line feeds as line ends, and remarks on the encoding where it is not plain UTF-8.

    Raises UnicodeDecodeError when the bytes are neither UTF-8 nor Windows-1252, or not what a byte order mark promises.
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
            text = content.decode("cp1252")
            remarks.append("not UTF-8, read as Windows-1252 (Latin-1): if letters look wrong, save the file as UTF-8")
    if "\r" in text:
        remarks.append("Windows line ends" if "\r\n" in text else "old Macintosh line ends")
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    return re.sub("[\f\v\x85\u2028\u2029]", "\n", text), tuple(remarks)
