"""A chapter or paper as a person writes it (.md, .txt, .docx, .odt, .tex, .html): its paragraphs,
and which are block quotes.

Markup falls away, words stay. A line of text keeps its number; Word and LibreOffice have none:
there paragraphs with words count.
"""

from __future__ import annotations

import html as entities
import re
from collections.abc import Iterator
from typing import Any, NamedTuple

from gtpipe.model.problems import UserError
from gtpipe.readers import archive, decoding
from gtpipe.readers.documents import docx, odt

ENDINGS = tuple(
    ".md .markdown .qmd .rmd .txt .text .docx .odt .fodt .tex .html .htm .xhtml".split()
)


class Paragraph(NamedTuple):
    """`number` is that of its first line, or its place among the paragraphs where
    `by_line` is False.

    `is_block`: set apart as a quotation. Parts of one block quote are one paragraph, apart
    by blank lines.
    `keeps_lines`: whether a new line of the text is one of the file too.
    """

    number: int
    text: str
    is_block: bool = False
    by_line: bool = True
    keeps_lines: bool = True

    def line(self, offset: int) -> int:
        is_counted = self.by_line and self.keeps_lines
        return self.number + (self.text.count("\n", 0, offset) if is_counted else 0)


def paragraphs(content: bytes, path: str) -> list[Paragraph]:
    """The paragraphs of a chapter. Raises UserError where it cannot be read, or its name says no
    format that is read."""
    ending = path.rpartition("/")[2].rpartition(".")[2].lower()
    if content.startswith(archive.OLE):
        raise archive.describe_ole(content, path)
    if ending == "docx":
        return list(_docx(content, path))
    if ending in ("odt", "fodt"):
        return list(_odt(content, path))
    if f".{ending}" not in ENDINGS:
        raise UserError.at(
            path,
            None,
            "a chapter is read as .md, .txt, .docx, .odt, .tex or .html",
            "Save it as one of these",
        )
    if not decoding.is_text(content):
        raise UserError.at(
            path,
            None,
            f"this is no text, though its name ends in .{ending}",
            "Is it the right file?",
        )
    try:
        text = decoding.decode(content)[0]
    except UnicodeDecodeError:
        raise UserError.at(
            path, None, "this is neither UTF-8 nor Windows-1252", "Save it as UTF-8"
        ) from None
    if ending == "tex":
        from gtpipe.quotes import latex

        return [
            Paragraph(number, text, is_block) for number, text, is_block in latex.paragraphs(text)
        ]
    if ending in ("html", "htm", "xhtml"):
        return list(_html(text, path))
    return list(_plain(text) if ending in ("txt", "text") else _markdown(text))


# --- text and Markdown ----------------------------------------------------------------------------

_FRONT = re.compile(r"\A---[ \t]*\n.*?\n(?:---|\.\.\.)[ \t]*(?:\n|\Z)", re.S)
_COMMENT = re.compile(r"<!--.*?-->", re.S)
_OWN_LINE = re.compile(r"\n(?=\[\^[^\]]+\]:|:::|\|)|(?<=</blockquote>)\n")
_TAG = re.compile(
    r"</?(?:em|strong|i|b|u|s|br|span|q|sup|sub|a|p|div|cite|footer|mark|small|blockquote)\b"
    r"[^<>]*>",
    re.I,
)
_LINK = re.compile(
    r"!?\[([^\[\]]*)\]\((?:https?:|mailto:|#|\.{0,2}/|[\w-]+\.)[^()\s]*(?:\s+\"[^\"]*\")?\)"
)
_FOOTNOTE = re.compile(r"\[\^[^\]]+\](?!:)")
_ESCAPED = re.compile(r"\\([!-/:-@\[-`{-~])")


def _lines_kept(match: re.Match[str]) -> str:
    return "\n" * match.group().count("\n")


def _markdown(text: str) -> Iterator[Paragraph]:
    """The blocks that a CommonMark parser sees; what is in them is read by `_inline`, which keeps
    lines and brackets."""
    from markdown_it import MarkdownIt

    parser = MarkdownIt("commonmark").enable("table").disable(["code", "reference", "html_block"])
    parser.core.ruler.enableOnly(["normalize", "block"])
    gathered: dict[
        int, list[str]
    ] = {}  # line → its pieces, of a block quote or of the row of a table
    depth, start, marker = 0, 0, ""
    in_tag = False

    def ended(is_block: bool) -> Iterator[Paragraph]:
        last = max(gathered, default=-1)
        lines = (" | ".join(gathered.get(number, ())) for number in range(start, last + 1))
        words = _inline("\n".join(lines)).rstrip()
        if words.strip() and not words.startswith("[!"):
            lead = len(words) - len(words.lstrip("\n"))
            yield Paragraph(start + 1 + lead, words[lead:], is_block)
        gathered.clear()

    for token in parser.parse(_COMMENT.sub(_lines_kept, _FRONT.sub(_lines_kept, text))):
        if token.type == "list_item_open":
            marker = f"{token.info}{token.markup} "
        elif token.type in ("blockquote_open", "tr_open"):
            depth += 1
            start = token.map[0] if token.map and depth == 1 else start
        elif token.type in ("blockquote_close", "tr_close"):
            depth -= 1
            if not depth:
                yield from ended(token.type == "blockquote_close")
        elif token.type == "inline" and token.map:
            at = token.map[0]
            for part in [token.content] if depth else _OWN_LINE.split(token.content):
                if not depth and not in_tag:
                    start = at
                for number, line in enumerate((marker + part).split("\n"), at):
                    gathered.setdefault(number, []).append(line)
                marker = ""
                at += part.count("\n") + 1
                is_tagged = in_tag or bool(re.search(r"<blockquote\b", part, re.I))
                in_tag = is_tagged and not re.search(r"</blockquote>", part, re.I)
                if not depth and not in_tag:
                    yield from ended(is_tagged)
    yield from ended(in_tag)


def _inline(text: str) -> str:
    """Text without Markdown's own signs; emphasis stays, which comparing passes over."""
    text = re.sub(r"<q\b[^<>]*>", "“", re.sub("</q>", "”", text, flags=re.I), flags=re.I)
    text = _FOOTNOTE.sub("", _LINK.sub(r"\1", _TAG.sub("", text)))
    return entities.unescape(_ESCAPED.sub(r"\1", text))


_ITEM = re.compile(r"[ \t]*(?:[-*+•·]|\(?(?:\d+|[A-Za-z])[.)])[ \t]")
_SET_IN = 2  # columns further than the rest of the file


def _plain(text: str) -> Iterator[Paragraph]:
    """Paragraphs apart by blank lines, or by lines that are set in; block quotes begin with `>`, or
    are set in where the rest is not."""
    found: list[tuple[int, list[str]]] = []
    for number, line in enumerate(text.split("\n"), 1):
        if not line.strip():
            found.append((number + 1, []))
        elif found and found[-1][1]:
            found[-1][1].append(line)
        else:
            found.append((number, [line]))
    found = [part for number, lines in found if lines for part in _by_indent(number, lines)]
    base = min((_indent(line) for _, lines in found for line in lines), default=0)
    set_in = [
        min(map(_indent, lines)) >= base + _SET_IN and not _ITEM.match(lines[0])
        for _, lines in found
    ]
    rare = 2 * sum(set_in) <= len(found)  # else the first lines of paragraphs are set in, by habit
    for (number, lines), is_set_in in zip(found, set_in, strict=True):
        if all(line.lstrip().startswith(">") for line in lines):
            yield Paragraph(number, "\n".join(line.lstrip().lstrip("> ") for line in lines), True)
        else:
            yield Paragraph(number, "\n".join(lines), is_set_in and (rare or len(lines) > 1))


def _indent(line: str) -> int:
    line = line.expandtabs(4)
    return len(line) - len(line.lstrip())


def _by_indent(number: int, lines: list[str]) -> Iterator[tuple[int, list[str]]]:
    """Lines without a blank one among them, apart where some are set in below a line that is not.

    A single line that is set in between others is the first of a paragraph, unless a colon
    announces it.
    """
    start = 0
    for at in range(1, len(lines)):
        here, first = _indent(lines[at]), _indent(lines[start])
        goes_in = here >= max(first, _indent(lines[at - 1])) + _SET_IN and not _ITEM.match(
            lines[start]
        )
        comes_out = min(map(_indent, lines[start:at])) >= here + _SET_IN and (
            at - start > 1 or (start > 0 and lines[start - 1].rstrip().endswith(":"))
        )
        if goes_in or comes_out:
            yield number + start, lines[start:at]
            start = at
    yield number + start, lines[start:]


# --- documents ------------------------------------------------------------------------------------

_QUOTE_STYLE = re.compile(r"quot|zitat|citation|block ?text|cita\b|citazione|citaat", re.I)
_MOST_INDENT = (
    340  # twentieths of a point, 0.6 cm: what is set in further, and is no list, is a block quote
)


def _docx(content: bytes, path: str) -> Iterator[Paragraph]:
    part = docx.opened(content, path)
    walk = docx.walk_of(part, path)
    names: dict[str, str] = {}
    apart: dict[str, bool] = {}
    for style in part.styles.element.iter(docx.W + "style"):
        id, name = style.get(docx.W + "styleId", ""), style.find(docx.W + "name")
        names[id] = name.get(docx.VAL, "") if name is not None else ""
        apart[id] = bool(_QUOTE_STYLE.search(names[id] or id)) or _is_set_in(style.find(docx.PPR))
    fresh = docx.Walk()
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
            yield Paragraph(
                number,
                "\n".join(line.text for line in lines),
                _is_set_in(settings)
                or (style is not None and apart.get(style.get(docx.VAL) or "", False)),
                False,
            )
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
    body = next(
        (
            found
            for root in roots
            if (found := root.find(f".//{odt.OFFICE}body/{odt.OFFICE}text")) is not None
        ),
        None,
    )
    if body is None:
        raise archive.broken(path, odt.WHAT)
    styles = [style for root in roots for style in root.iter(odt.STYLE + "style")]
    parents = {
        style.get(odt.STYLE + "name", ""): style.get(odt.STYLE + "parent-style-name", "")
        for style in styles
    }
    set_in = {style.get(odt.STYLE + "name", "") for style in styles if _has_margin(style)}
    walk = odt.Walk()
    number = 0
    for element in walk.content(body):
        inner = (
            [element]
            if element.tag in odt.PARAGRAPHS
            else [p for p in element.iter() if p.tag in odt.PARAGRAPHS]
        )
        for p in inner:
            lines = walk.paragraph(p)
            number += bool(lines)
            if lines:
                yield Paragraph(
                    number,
                    "\n".join(line.text for line in lines),
                    _is_quote(p.get(odt.TEXT + "style-name", ""), parents, set_in),
                    False,
                )
    for aside in walk.document.asides:
        if aside.what in ("footnote", "endnote"):
            yield Paragraph(aside.number, aside.words, False, False)


_FO = "{urn:oasis:names:tc:opendocument:xmlns:xsl-fo-compatible:1.0}"
_LENGTH = re.compile(r"([\d.]+)(cm|mm|in|pt|pc|px)\Z")
_CENTIMETRES = {"cm": 1, "mm": 0.1, "in": 2.54, "pt": 2.54 / 72, "pc": 2.54 / 6, "px": 2.54 / 96}


def _has_margin(style: Any) -> bool:
    """Whether a paragraph style of LibreOffice is set in as a whole."""
    for settings in style.iter(odt.STYLE + "paragraph-properties"):
        length = _LENGTH.match(settings.get(_FO + "margin-left", ""))
        if length and float(length[1]) * _CENTIMETRES[length[2]] > _MOST_INDENT * 2.54 / 1440:
            return not settings.get(_FO + "text-indent", "").startswith("-")
    return False


def _is_quote(style: str, parents: dict[str, str], set_in: set[str]) -> bool:
    seen: set[str] = set()
    while style and style not in seen:
        if _QUOTE_STYLE.search(style.replace("_20_", " ")) or style in set_in:
            return True
        seen.add(style)
        style = parents.get(style, "")
    return False


# --- web pages ------------------------------------------------------------------------------------

_ENDS = frozenset(
    "address article aside body dd details div dl dt fieldset figcaption figure footer "
    "h1 h2 h3 h4 h5 h6 header hr li main nav ol p section table td th tr ul".split()
)
_UNSHOWN = frozenset("head script style template noscript title".split())


def _html(text: str, path: str) -> Iterator[Paragraph]:
    from lxml import etree

    parser = etree.HTMLParser(
        encoding="utf-8", no_network=True, remove_comments=True, remove_pis=True, huge_tree=False
    )
    try:
        root = etree.fromstring(text.removeprefix("\ufeff").encode(), parser)
    except (etree.XMLSyntaxError, ValueError):
        root = None
    if root is None:
        raise UserError.at(
            path, None, "this web page holds no words, or cannot be read", "Is it the right file?"
        )
    found: list[Paragraph] = []
    pieces: list[str] = []

    def ended(line: int, is_block: bool) -> None:
        words = re.sub(r" *\n *", "\n", "".join(pieces)).strip()
        pieces.clear()
        if words:
            found.append(
                Paragraph(line, re.sub(r"\n{2,}", "\n\n", words), is_block, keeps_lines=False)
            )

    def add(words: str | None) -> None:
        pieces.append(re.sub("[ \t\r\n\f]+", " ", words or ""))

    def walk(element: Any, line: int, is_quoted: bool) -> None:
        """Inside a block quote paragraphs are apart by blank lines, and it is one."""
        tag = element.tag
        if not isinstance(tag, str) or tag in _UNSHOWN:
            return
        line = element.sourceline or line
        begins = not is_quoted and (
            tag == "blockquote"
            or (tag in ("p", "div") and bool(_QUOTE_STYLE.search(element.get("class", ""))))
        )
        is_apart = (
            tag in _ENDS or begins or (tag == "cite" and element.getparent().tag == "blockquote")
        )
        if is_apart and not is_quoted:
            ended(line, False)
        pieces.append("\n\n" if is_apart else "\n" if tag == "br" else "“" if tag == "q" else "")
        add(element.text)
        for child in element:
            walk(child, line, is_quoted or begins)
            add(child.tail)
        pieces.append("\n\n" if is_apart else "”" if tag == "q" else "")
        if is_apart and not is_quoted:
            ended(line, begins)

    try:
        walk(root, 1, False)
    except RecursionError:
        raise UserError.at(
            path, None, "this web page is nested too deep to be read", "Save it as plain text"
        ) from None
    ended(1, False)
    return iter(found)
