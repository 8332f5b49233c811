"""The words of a Word document by pattern, without a tree:
the second reading that the first is compared with.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator

from gtpipe.readers import archive
from gtpipe.readers.documents import blocks

_WHAT = "Word document"
_OLD_COPY = re.compile(r"<(mc:Fallback|w:moveFrom|w:rPrChange)(?: [^<>]*)?(?<!/)>.*?</\1>", re.S)
_TOKENS = re.compile(
    r"<(?:w|m):t(?: [^<>]*)?(?<!/)>([^<]*)|<w:sym [^<>]*w:char=\"(\w+)\"|<w:(noBreakHyphen)|"
    r"(</w:p>|<w:(?:br|cr|tab|ptab)[ />])|(<w:vertAlign [^<>]*w:val=\"superscript\")|(<w:r[ >])"
)
_RELATION = re.compile(r"<Relationship [^<>]*>")
_TARGET = re.compile(r' Target="/?(?:word/)?([^"]*)"')
_SHOWN = re.compile(r'/(?:comments|footnotes|endnotes|(header|footer))"')


def symbol(code: str) -> str:
    """The character of a symbol font at this hexadecimal place."""
    return (
        chr(int(code, 16))
        if re.fullmatch("[0-9A-Fa-f]{4}", code) and not 0xD800 <= int(code, 16) < 0xE000
        else ""
    )


def key(words: str) -> str:
    """`words` without white space, to see whether two headers say the same."""
    return "".join(words.split())


def control_text(content: bytes) -> str | None:
    """The text elements of the parts by pattern, without a tree;
    None where the XML is written as no office program does.
    """
    package = archive.opened(content, "", _WHAT)

    def text_of(name: str) -> str:
        return archive.member(package, name, "", _WHAT).decode("utf-8", "replace")

    names = package.namelist()
    main = next((name for name in names if re.fullmatch(r"word/document\d*\.xml", name)), "")
    parts = [(main, ""), *_parts_beside(text_of(f"word/_rels/{main[5:]}.rels"))]
    texts: list[str] = []
    seen: set[tuple[str, str]] = set()
    for name, edge in parts:
        xml = text_of(name)
        if "<w:" not in xml or "<![CDATA[" in xml:
            return None
        words = _words(xml)
        if not edge or (edge, key(words)) not in seen:
            texts.append(words)
        seen.add((edge, key(words)))
    return "\n".join(texts)


def _parts_beside(relations: str) -> Iterator[tuple[str, str]]:
    """Files with comments, notes, headers and footers; and for the last two which of them it is."""
    for relation in _RELATION.findall(relations):
        shown, target = _SHOWN.search(relation), _TARGET.search(relation)
        if shown and target and ' TargetMode="External"' not in relation:
            yield f"word/{target[1]}", shown[1] or ""


def _words(xml: str) -> str:
    pieces: list[str] = []
    raised: list[bool] = []
    is_raised = False
    for text, code, hyphen, end, up, run in _TOKENS.findall(_OLD_COPY.sub("", xml)):
        if up or run:
            is_raised = bool(up)
            continue
        words = html.unescape(text) or symbol(code) or ("-" if hyphen else "\n" if end else "")
        if words:
            pieces.append(words)
            raised.append(is_raised)
    return blocks.clean("".join(blocks.with_powers(pieces, raised)))
