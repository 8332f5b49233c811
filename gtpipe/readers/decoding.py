"""Bytes of a text file → its text, and in words how it was read."""

from __future__ import annotations

import codecs
import re

from gtpipe.model.problems import UserError, error

_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig", "UTF-8"),
    (codecs.BOM_UTF16_LE, "utf-16", "UTF-16"),
    (codecs.BOM_UTF16_BE, "utf-16", "UTF-16"),
)
MARKED = "UTF-8 with a byte order mark, which is left out"
_REFERENCE = re.compile(
    "&#(?:[xX]0*(?P<hex>[0-9A-Fa-f]{1,6})|0*(?P<number>[0-9]{1,7}))(?![0-9A-Fa-f])"
)
_HALVES = re.compile(rb"\xed[\xa0-\xbf][\x80-\xbf]")
_CONTROLS = bytes((*range(0x07), *range(0x0E, 0x1B), *range(0x1C, 0x20)))
_DOUBTFUL = "doubtful"  # as the encoding of a UnicodeDecodeError: bytes that may be several
# UTF-8 that was read as Windows-1252 and saved once more; `Â` before a space that does not break
# may be a person's.
_TWICE = re.compile(
    "[\u00c3\u00c5\u00c4][\u0080-\u00bf\u0152\u0153\u0160\u0161\u0178\u017d\u017e\u0192\u02c6\u02dc\u2013-\u2122]"
    "|\u00c2[\u00a1-\u00bf]|\u00e2[\u0080\u20ac][\u0093-\u00bf\u0153\u0161\u017e\u02dc\u2013-\u2122]"
)
_TWICE_STARTS = "\u00c3\u00c5\u00c4\u00c2\u00e2"
_SHOWN, _WIDTH = 3, 60  # lines of each reading, and characters of each


def is_text(content: bytes) -> bool:
    """Whether `content` can be a text file: marked as Unicode,
    or free of NUL and other control bytes.
    """
    if content.startswith(tuple(mark for mark, _, _ in _MARKS)):
        return True
    return len(content.translate(None, _CONTROLS)) == len(content)


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


def _is_nearly_utf8(content: bytes) -> bool:
    """Whether `content` is UTF-8 but for a few bytes, like one line that came from elsewhere."""
    text = content.decode("utf-8", "replace")
    wrong = text.count("\ufffd")
    return sum(not char.isascii() for char in text) > 5 * wrong


def undecodable(exc: UnicodeDecodeError, content: bytes, path: str) -> UserError:
    """What to say of bytes that `decode` could not read, naming the line."""
    end = "\n".encode(exc.encoding if exc.encoding in ("utf-16-le", "utf-16-be") else "utf-8")
    line = content.count(end, 0, exc.start) + 1
    if _is_cut(content):
        return _half(path, line)
    promised = {"utf-8": "UTF-8", "utf-16": "UTF-16"}.get(exc.encoding[:6].removesuffix("-"))
    if promised:
        what = f"this line is not {promised}, as the file begins"
        return UserError.at(path, line, what, "Save the file as UTF-8")
    if _is_nearly_utf8(content):
        what = "this line is not UTF-8, as the others are"
        return UserError.at(path, line, what, "Put its letters right and save the file as UTF-8")
    return _doubtful(content, path, line)


def _doubtful(content: bytes, path: str, line: int) -> UserError:
    """What is asked of bytes in a doubtful encoding: the two likeliest readings are shown."""
    from gtpipe.readers import likely_encoding

    found = likely_encoding.candidates(content)[0]
    is_western = any(reading.codec == "cp1252" for reading in found)
    asked = error(
        path,
        line,
        "this line is not UTF-8, and as Windows-1252 its letters are unlikely"
        if is_western
        else "this line is neither UTF-8 nor Windows-1252",
        "Say which encoding it is with --encoding NAME, or save the file as UTF-8",
    )
    readings = found[:2]
    texts = [_with_line_feeds(reading.text).split("\n") for reading in readings]
    lines = [each for each in enumerate(zip(*texts, strict=False)) if any(map(str.strip, each[1]))]
    telling = sorted(
        lines, key=lambda each: (len(set(each[1])) < 2, all(map(str.isascii, each[1])))
    )
    numbers = sorted(number for number, _ in telling[:_SHOWN])
    shown = (
        error(
            path,
            numbers[0] + 1,
            f"with --encoding {reading.codec} ({reading.name}) it reads as below",
            excerpt=" ⏎ ".join(text[number].strip()[:_WIDTH] for number in numbers),
        )
        for reading, text in zip(readings, texts, strict=True)
    )
    return UserError(asked, *shown)


def _half(path: str, line: int) -> UserError:
    return UserError.at(
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

    Raises UnicodeDecodeError when the bytes are neither UTF-8 nor surely in another encoding, or
    not what a byte order mark promises; as UTF-8, where they would be, but for characters cut in
    two. `undecodable` says it in words.
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
        except UnicodeDecodeError as exc:
            if _is_cut(content):
                raise
            text, remark = _guessed(content, exc)
            remarks.append(remark)
    twice = _TWICE.search(text) if any(map(text.__contains__, _TWICE_STARTS)) else None
    if twice:
        remarks.append(
            f'letters like "{twice.group()}" come of a text that was saved as UTF-8 twice: '
            "look at it in the program it came from"
        )
    if "\r" in text:
        remarks.append("Windows line ends" if "\r\n" in text else "old Macintosh line ends")
    return _with_line_feeds(text), tuple(remarks)


def _with_line_feeds(text: str) -> str:
    text = text.replace("\r\n", "\n").replace("\r", "\n") if "\r" in text else text
    for end in "\f\v\x85\u2028\u2029":
        text = text.replace(end, "\n")
    return text


def _guessed(content: bytes, exc: UnicodeDecodeError) -> tuple[str, str]:
    """The text of bytes that are not UTF-8, and a remark. Raises UnicodeDecodeError in doubt."""
    from gtpipe.readers import likely_encoding

    if _is_nearly_utf8(content):
        raise UnicodeDecodeError(_DOUBTFUL, content, exc.start, exc.end, "the others are UTF-8")
    try:
        text = content.decode("cp1252")
    except UnicodeDecodeError as not_western:
        text, exc = "", not_western
    if text and likely_encoding.is_western(text):
        return text, (
            "not UTF-8, read as Windows-1252 (Latin-1): "
            "if letters look wrong, save the file as UTF-8"
        )
    found, is_sure = likely_encoding.candidates(content)
    if not is_sure:
        raise UnicodeDecodeError(_DOUBTFUL, content, exc.start, exc.end, "several encodings fit")
    return found[0].text, (
        f"not UTF-8, read as {found[0].codec} ({found[0].name}): "
        "if letters look wrong, say which encoding it is with --encoding NAME"
    )


def as_utf8(content: bytes, path: str, encoding: str) -> tuple[bytes, str]:
    """A text in an encoding that a person named, as UTF-8 with a byte order mark, which is above
    whatever the text says of itself; and a remark.

    Raises UserError where the name is none, or the bytes are something else.
    """
    from gtpipe.readers import likely_encoding

    codec = likely_encoding.codec_of(encoding)
    if not codec:
        raise UserError.at(
            path,
            None,
            f'there is no encoding "{encoding}"',
            likely_encoding.nearest(encoding)
            or "Name one like utf-8, cp1250, cp1251, shift_jis or gb18030",
        )
    for mark, marked, name in _MARKS:
        if content.startswith(mark) and not codec.replace("_", "-").startswith(marked[:6]):
            raise UserError.at(path, None, f"this file is marked as {name}", "Leave --encoding out")
    try:
        text = content.decode(codec).removeprefix("\ufeff")
    except UnicodeDecodeError as exc:
        raise UserError.at(
            path,
            content.count(b"\n", 0, exc.start) + 1,
            f"this line is not {encoding}, as --encoding says",
            "Name another encoding, or leave --encoding out and look at what is offered",
        ) from None
    return codecs.BOM_UTF8 + text.encode(
        "utf-8", "surrogatepass"
    ), f"read as {encoding}, as --encoding says"
