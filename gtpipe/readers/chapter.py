"""A chapter or paper as a person writes it (.md, .txt, .docx, .odt, .tex, .html): its paragraphs, and which are block quotes.

Markup falls away, words stay. A line of text keeps its number; Word and LibreOffice have none: there paragraphs with words count.
"""

from __future__ import annotations

import html as entities
import re
from collections.abc import Iterator
from typing import Any, NamedTuple

from gtpipe.errors import UserError, error
from gtpipe.readers import archive, decoding, docx, odt

ENDINGS = (".md", ".markdown", ".qmd", ".rmd", ".txt", ".text", ".docx", ".odt", ".fodt", ".tex", ".html", ".htm", ".xhtml")


class Paragraph(NamedTuple):
    """`number` is that of its first line, or its place among the paragraphs where `by_line` is False.

    `is_block`: set apart as a quotation. Parts of one block quote are one paragraph, apart by blank lines.
    """

    number: int
    text: str
    is_block: bool = False
    by_line: bool = True

    def line(self, offset: int) -> int:
        return self.number + (self.text.count("\n", 0, offset) if self.by_line else 0)


def paragraphs(content: bytes, path: str) -> list[Paragraph]:
    """The paragraphs of a chapter. Raises UserError where it cannot be read, or its name says no format that is read."""
    ending = path.rpartition("/")[2].rpartition(".")[2].lower()
    if content.startswith(archive.OLE):
        raise archive.describe_ole(content, path)
    if ending == "docx":
        return list(_docx(content, path))
    if ending in ("odt", "fodt"):
        return list(_odt(content, path))
    if f".{ending}" not in ENDINGS:
        raise UserError(error(path, None, "a chapter is read as .md, .txt, .docx, .odt, .tex or .html", "Save it as one of these"))
    if not decoding.is_text(content):
        raise UserError(error(path, None, f"this is no text, though its name ends in .{ending}", "Is it the right file?"))
    try:
        text = decoding.decode(content)[0]
    except UnicodeDecodeError:
        raise UserError(error(path, None, "this is neither UTF-8 nor Windows-1252", "Save it as UTF-8")) from None
    if ending == "tex":
        from gtpipe.readers import latex

        return [Paragraph(number, text, is_block) for number, text, is_block in latex.paragraphs(text)]
    if ending in ("html", "htm", "xhtml"):
        return list(_html(text, path))
    return list(_plain(text) if ending in ("txt", "text") else _markdown(text))


# --- text and Markdown -----------------------------------------------------------------------------------------------

_FRONT = re.compile(r"\A---[ \t]*\n.*?\n(?:---|\.\.\.)[ \t]*(?:\n|\Z)", re.S)
_COMMENT = re.compile(r"<!--.*?-->", re.S)
_FENCE = re.compile(r" {0,3}(`{3,}|~{3,})")
_QUOTED = re.compile(r" {0,3}>[> ]*")
_OWN_LINE = re.compile(r" {0,3}(?:#{1,6}\s|[-*+]\s+|\d+[.)]\s+|\||\[\^[^\]]+\]:|:::)")
_TAG = re.compile(r"</?(?:em|strong|i|b|u|s|br|span|q|sup|sub|a|p|div|cite|mark|small|blockquote)\b[^<>]*>", re.I)
_LINK = re.compile(r"!?\[([^\[\]]*)\]\((?:https?:|mailto:|#|\.{0,2}/|[\w-]+\.)[^()\s]*(?:\s+\"[^\"]*\")?\)")
_FOOTNOTE = re.compile(r"\[\^[^\]]+\](?!:)")
_ESCAPED = re.compile(r"\\([!-/:-@\[-`{-~])")


def _lines_kept(match: re.Match) -> str:
    return "\n" * match.group().count("\n")


def _markdown(text: str) -> Iterator[Paragraph]:
    text = _COMMENT.sub(_lines_kept, _FRONT.sub(_lines_kept, text))
    gathered: list[str] = []
    start, is_block, fence, in_tag = 1, False, "", False

    def ended() -> Iterator[Paragraph]:
        words = _inline("\n".join(gathered)).rstrip()
        if words.strip() and not words.startswith("[!"):
            yield Paragraph(start, words, is_block)
        gathered.clear()

    for number, line in enumerate(text.split("\n"), 1):
        marked = _FENCE.match(line)
        if fence or (marked and not is_block):
            yield from ended()
            closes = fence and marked and marked[1].startswith(fence)
            fence = "" if closes else fence or marked[1]
            is_block = False
            continue
        opens = re.match(r"\s*<blockquote\b", line, re.I)
        in_tag = in_tag or bool(opens)
        quoted = _QUOTED.match(line)
        lazy = is_block and gathered and gathered[-1].strip() and line.strip() and not _OWN_LINE.match(line)
        block = bool(quoted) or in_tag or bool(lazy)
        if block != is_block or opens or (not block and (not line.strip() or _OWN_LINE.match(line) or (gathered and _OWN_LINE.match(gathered[-1][:8])
                                                                                                     and gathered[-1][:1] in "#|"))):
            yield from ended()
            is_block = block
        if not gathered:
            start = number
        if block or line.strip():
            gathered.append(line[quoted.end() :] if quoted else line)
        if in_tag and re.search(r"</blockquote>", line, re.I):
            yield from ended()
            in_tag = False
    yield from ended()


def _inline(text: str) -> str:
    """Text without Markdown's own signs; emphasis stays, which comparing passes over."""
    text = re.sub(r"<q\b[^<>]*>", "“", re.sub("</q>", "”", text, flags=re.I), flags=re.I)
    text = _FOOTNOTE.sub("", _LINK.sub(r"\1", _TAG.sub("", text)))
    return entities.unescape(_ESCAPED.sub(r"\1", text))


def _plain(text: str) -> Iterator[Paragraph]:
    """Paragraphs apart by blank lines; block quotes begin with `>`, or are indented where the rest is not."""
    found: list[tuple[int, list[str]]] = []
    for number, line in enumerate(text.split("\n"), 1):
        if not line.strip():
            found.append((number + 1, []))
        elif found and found[-1][1]:
            found[-1][1].append(line)
        else:
            found.append((number, [line]))
    found = [(number, lines) for number, lines in found if lines]
    indented = [all(line.startswith(("    ", "\t")) for line in lines) for _, lines in found]
    set_apart = 2 * sum(indented) <= len(found)
    for (number, lines), is_indented in zip(found, indented):
        if all(line.lstrip().startswith(">") for line in lines):
            yield Paragraph(number, "\n".join(line.lstrip().lstrip("> ") for line in lines), True)
        else:
            yield Paragraph(number, "\n".join(lines), is_indented and set_apart)


# --- documents -------------------------------------------------------------------------------------------------------

_QUOTE_STYLE = re.compile(r"quot|zitat|citation|block ?text|cita\b|citazione|citaat", re.I)
_MOST_INDENT = 340  # twentieths of a point, 0.6 cm: what is set in further, and is no list, is a block quote


def _docx(content: bytes, path: str) -> Iterator[Paragraph]:
    part = docx.opened(content, path)
    walk = docx.walk_of(part, path)
    names: dict[str, str] = {}
    apart: dict[str, bool] = {}
    for style in part.styles.element.iter(docx.W + "style"):
        id, name = style.get(docx.W + "styleId", ""), style.find(docx.W + "name")
        names[id] = name.get(docx.VAL, "") if name is not None else ""
        apart[id] = bool(_QUOTE_STYLE.search(names[id] or id)) or _is_set_in(style.find(docx.PPR))
    fresh = docx.Walk(frozenset())
    number = 0
    for element in docx.blocks_of(part.element.find(docx.W + "body")):
        if element.tag == docx.TBL:
            for p in element.iter(docx.P):
                words = "\n".join(line.text for line in fresh.paragraph(p) or ())
                number += bool(words)
                if words:
                    yield Paragraph(number, words, False, False)
            continue
        lines = fresh.paragraph(element)
        if lines:
            number += 1
            settings = element.find(docx.PPR)
            style = None if settings is None else settings.find(docx.STYLE)
            yield Paragraph(number, "\n".join(line.text for line in lines),
                            _is_set_in(settings) or (style is not None and apart.get(style.get(docx.VAL), False)), False)
    for aside in walk.document.asides:
        if aside.what in ("footnote", "endnote"):
            yield Paragraph(aside.number, aside.words, False, False)


def _is_set_in(settings: Any) -> bool:
    """Whether a Word paragraph is indented as a whole, and no item of a list."""
    if settings is None or settings.find(docx.W + "numPr") is not None:
        return False
    indent = settings.find(docx.W + "ind")
    if indent is None:
        return False
    left = indent.get(docx.W + "left") or indent.get(docx.W + "start") or "0"
    hanging = indent.get(docx.W + "hanging") or "0"
    return left.isdigit() and hanging in ("0", "") and int(left) > _MOST_INDENT


def _odt(content: bytes, path: str) -> Iterator[Paragraph]:
    roots = [archive.xml_of(xml, path, odt.WHAT) for xml in odt.files_in(content, path) if xml]
    body = next((found for root in roots if (found := root.find(f".//{odt.OFFICE}body/{odt.OFFICE}text")) is not None), None)
    if body is None:
        raise archive.broken(path, odt.WHAT)
    parents = {style.get(odt.STYLE + "name", ""): style.get(odt.STYLE + "parent-style-name", "")
               for root in roots for style in root.iter(odt.STYLE + "style")}
    walk = odt.Walk()
    number = 0
    for element in walk.content(body):
        inner = [element] if element.tag in odt.PARAGRAPHS else [p for p in element.iter() if p.tag in odt.PARAGRAPHS]
        for p in inner:
            lines = walk.paragraph(p)
            number += bool(lines)
            if lines:
                yield Paragraph(number, "\n".join(line.text for line in lines), _is_quote(p.get(odt.TEXT + "style-name", ""), parents), False)
    for aside in walk.document.asides:
        if aside.what in ("footnote", "endnote"):
            yield Paragraph(aside.number, aside.words, False, False)


def _is_quote(style: str, parents: dict[str, str]) -> bool:
    seen: set[str] = set()
    while style and style not in seen:
        if _QUOTE_STYLE.search(style.replace("_20_", " ")):
            return True
        seen.add(style)
        style = parents.get(style, "")
    return False


# --- web pages -------------------------------------------------------------------------------------------------------

_ENDS = frozenset("address article aside body dd details div dl dt fieldset figcaption figure footer h1 h2 h3 h4 h5 h6 header hr li main nav "
                  "ol p section table td th tr ul".split())
_UNSHOWN = frozenset("head script style template noscript title".split())


def _html(text: str, path: str) -> Iterator[Paragraph]:
    from lxml import etree

    parser = etree.HTMLParser(encoding="utf-8", no_network=True, remove_comments=True, remove_pis=True, huge_tree=False)
    try:
        root = etree.fromstring(text.removeprefix("\ufeff").encode(), parser)
    except (etree.XMLSyntaxError, ValueError):
        root = None
    if root is None:
        raise UserError(error(path, None, "this web page holds no words, or cannot be read", "Is it the right file?"))
    found: list[Paragraph] = []
    pieces: list[str] = []

    def ended(line: int, is_block: bool) -> None:
        words = "".join(pieces)
        pieces.clear()
        if words.strip():
            found.append(Paragraph(line, words.strip(), is_block))

    def add(words: str | None) -> None:
        pieces.append(re.sub("[ \t\r\n\f]+", " ", words or ""))

    def walk(element: Any, line: int) -> None:
        """Inside a block quote paragraphs are apart by blank lines, and it is one."""
        tag = element.tag
        if not isinstance(tag, str) or tag in _UNSHOWN:
            return
        line = element.sourceline or line
        if tag == "blockquote":
            ended(line, False)
            quoted = ["".join(p.itertext()) for p in element.iter("p")] or ["".join(element.itertext())]
            footer = [] if element.find(".//p") is None else ["".join(foot.itertext()) for foot in element.iter("footer", "cite")
                                                              if not any(above.tag == "p" for above in foot.iterancestors())]
            pieces.append("\n\n".join(" ".join(part.split()) for part in [*quoted, *footer]))
            ended(line, True)
            return
        if tag in _ENDS:
            ended(line, False)
        if tag == "br":
            pieces.append("\n")
        pieces.append("“" if tag == "q" else "")
        add(element.text)
        for child in element:
            walk(child, line)
            add(child.tail)
        pieces.append("”" if tag == "q" else "")
        if tag in _ENDS:
            ended(line, False)

    try:
        walk(root, 1)
    except RecursionError:
        raise UserError(error(path, None, "this web page is nested too deep to be read", "Save it as plain text")) from None
    ended(1, False)
    return iter(found)
