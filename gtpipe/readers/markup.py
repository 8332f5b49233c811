"""Files for programs that look like text: JSON, XML, pages, subtitles, rich text, attachments.

What no reader of its own takes is refused here, before its marks are taken for somebody's words. A
transcript that mentions `<laughs>` or has one `{` in it is text.
"""

from __future__ import annotations

import json
import re

from gtpipe.model.problems import UserError
from gtpipe.readers.reading import SourceTurn

_EXPORT = "Export it from the program it came from as .docx, .txt, .csv, .vtt or .srt"
_TAG = re.compile(
    r"<(?P<slash>/?)(?P<name>[A-Za-z][\w:.-]*)"
    r"(?P<fields>(?:\s+[\w:.-]+\s*=\s*(?:\"[^\"]*\"|'[^']*'))*)\s*/?>"
)
_INLINE = ("b", "i", "u", "em", "strong", "s", "sub", "sup", "small", "mark")
_PAGE = (
    *("html", "head", "body", "p", "div", "span", "br", "table", "tr", "td", "ul", "ol", "li"),
    *("section", "article", "h1", "h2", "h3", "a", "img", "font", "pre"),
)
# What an XML file is by one of its tags, and what to do.
_XML = {
    "w:document": ("a Word document in XML", "In Word save it as .docx"),
    "pkg:package": ("a Word document in XML", "In Word save it as .docx"),
    "office:document": ("a LibreOffice document in XML", "In LibreOffice save it as .odt"),
}
_DECLARED = re.compile(r"^[ \t]*<(?:\?xml|!doctype)\b", re.I | re.M)
_JSON_START = re.compile(r'\{\s*"[^"\n]{1,80}"\s*:|\[\s*[\[{]\s*"')
_JSON_LINE = re.compile(
    r'\s*"[\w .-]{1,40}"\s*:\s*(?:[\[{]|(?:"[^"]*"|-?[\d.]+|true|false|null)),?'
)
# A key of JSON, and how a line of subtitles or mail begins: sought in the whole text at once.
_JSON_KEY = re.compile(r'"\s*:')
_SUBTITLES_START = re.compile(
    r"\n(?:\[Script Info|Dialogue:|\{\d|\d+:\d\d:\d\d[.,]\d|Scenarist_SCC)", re.I
)
_SUBTITLES = (
    re.compile(r"\[Script Info\]|Dialogue:\s*\w+=?\d*,\s*\d+:\d\d:\d\d[.:]\d+,", re.I),
    re.compile(r"\{\d+\}\{\d+\}"),
    re.compile(r"\d+:\d\d:\d\d[.,]\d{1,3}\s*,\s*\d+:\d\d:\d\d[.,]\d{1,3}\s*$"),
    re.compile(r"Scenarist_SCC"),
)
_TIMING = re.compile(r"\d:\d\d(?:[.,]\d{1,3})?\s*-->\s*\d")
_RICH_TEXT = re.compile(
    r"\\(?:pard?|plain|rtf1|fs\d+|lang\d+|cf\d+|f\d+|b0|i0|ql|sa\d+|fi-?\d+)(?=[\\\s{};])"
    r"|\\'[0-9a-f]{2}"
)
_ENTITY = re.compile(r"&(?:nbsp|amp|lt|gt|quot|#\d{2,6}|#x[0-9a-fA-F]{2,5});")
_BASE64 = re.compile(r"(?=.*[A-Z])(?=.*[a-z])(?=.*\d)[A-Za-z0-9+/]{60,}={0,2}")
_NO_GAP = re.compile(r"\n([^ \n]{60}.*)")
_ATTACHMENT = re.compile(r"\n(?:Content-Transfer-Encoding|MIME-Version):", re.I)


def refuse(text: str, path: str) -> None:
    """Raises UserError where `text` is for a program: what it is, and what to do."""
    for look in (_json, _subtitles, _rich_text, _attachment, _tags):
        what, do = look(text)
        if what:
            raise UserError.at(path, None, f"this file is {what}, not text that somebody said", do)


def refuse_timing(turns: tuple[SourceTurn, ...], path: str) -> None:
    """Raises UserError for times of captions that would stand among the words."""
    for turn in turns:
        found = _TIMING.search(turn.text) if "-->" in turn.text else None
        if found:
            raise UserError.at(
                path,
                turn.line,
                "times of captions stand among the words of this turn",
                "Say how its times look with --shape NAME, or save it as .srt or .vtt",
                excerpt=turn.text[max(0, found.start() - 40) :][:100],
            )


def _json(text: str) -> tuple[str, str]:
    bare = text.strip()
    if bare[:1] not in ("{", "[") and len(_JSON_KEY.findall(text)) < 3:
        return "", ""
    lines = [line for line in text.split("\n") if line.strip()]
    if not (
        (bare[:1] in ("{", "[") and (_JSON_START.match(bare) or _is_json(bare)))
        or (len(lines) >= 2 and all(line[:1] in "[{" and _is_json(line) for line in lines))
        or sum(map(bool, map(_JSON_LINE.fullmatch, lines))) >= max(3, len(lines) / 2)
    ):
        return "", ""
    return "JSON", _EXPORT


def _is_json(text: str) -> bool:
    try:
        return isinstance(json.loads(text), (dict, list))
    except RecursionError:
        return True
    except ValueError:
        return False


def _subtitles(text: str) -> tuple[str, str]:
    if not _SUBTITLES_START.search("\n" + text.lstrip()):
        return "", ""
    lines = text.split("\n")
    for pattern in _SUBTITLES:
        if sum(map(bool, map(pattern.match, lines))) >= 2 or pattern.match(text.lstrip()):
            return "subtitles", "Save them as .srt or .vtt"
    return "", ""


def _rich_text(text: str) -> tuple[str, str]:
    if text.lstrip().startswith("{\\rtf") or len(_RICH_TEXT.findall(text)) >= 3:
        return (
            "rich text (RTF), or a part of it",
            "Open it in Word or LibreOffice, save it as .docx",
        )
    return "", ""


def _attachment(text: str) -> tuple[str, str]:
    text = "\n" + text
    coded = [len(line) for line in _NO_GAP.findall(text) if _BASE64.fullmatch(line.strip())]
    if len(coded) >= 3 or max(coded, default=0) >= 200 or len(_ATTACHMENT.findall(text)) >= 2:
        return "an e-mail, or something coded as text (base64)", (
            "Save the transcript that is in it as .docx or .txt"
        )
    return "", ""


def _tags(text: str) -> tuple[str, str]:
    bare = text.strip()
    found = list(_TAG.finditer(bare))
    if not found and not bare.startswith("<") and not _ENTITY.search(bare):
        return "", ""
    inline = set(_INLINE) - {tag["name"].lower() for tag in found if tag["fields"]}
    tags = [tag for tag in found if tag["name"].lower() not in inline]
    names = {tag["name"].lower() for tag in tags}
    closed = sum(bool(tag["slash"]) for tag in tags)
    lines = [line.strip() for line in bare.split("\n") if line.strip()]
    heads = [_TAG.match(line) for line in lines]
    begun = sum(head is not None and head["name"].lower() not in inline for head in heads)
    whole = tags and tags[0].start() == 0 and bare.endswith(f"</{tags[0]['name']}>")
    is_markup = (
        _DECLARED.search(bare) is not None
        or whole
        or sum(bool(tag["fields"]) for tag in tags) >= max(3, len(lines) / 20)
        or (closed >= 2 and 2 * begun >= len(lines))
        or sum(tag["name"].lower() == "br" for tag in tags) + len(_ENTITY.findall(bare))
        >= max(3, len(lines) / 10)
    )
    if not is_markup:
        return "", ""
    for name, known in _XML.items():
        if name in names:
            return known
    if names & set(_PAGE) or _ENTITY.search(bare):
        return "a piece of a web page (HTML)", (
            "Give its name the ending .html, or copy what the page shows"
        )
    return f"XML (<{tags[0]['name']}>)" if tags else "XML", _EXPORT
