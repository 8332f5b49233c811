"""OpenDocument texts (.odt, and .fodt, the same in one XML file):
what stands in them with tracked changes accepted.

An OpenDocument's words stand in two files of fixed names, so there is nothing a library has to
find; lxml reads them. odfdo would give a paragraph's text with comments, their authors and dates,
and notes in the midst of the words.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from gtpipe.readers import archive
from gtpipe.readers.documents import blocks
from gtpipe.readers.reading import Hints, Reader, Reading, refusal

if TYPE_CHECKING:
    from lxml.etree import _Element

WHAT = "OpenDocument text"
_NAMES = "{urn:oasis:names:tc:opendocument:xmlns:%s:1.0}"
TEXT, _TABLE, OFFICE, STYLE, _DRAW = (
    _NAMES % name for name in ("text", "table", "office", "style", "drawing")
)
_WEIGHT = "{urn:oasis:names:tc:opendocument:xmlns:xsl-fo-compatible:1.0}font-weight"
PARAGRAPHS = frozenset((TEXT + "p", TEXT + "h"))
_CELLS = frozenset((_TABLE + "table-cell", _TABLE + "covered-table-cell"))
# What is no word of the document: deletions, numbers that programs write themselves, templates of
# indexes, names and dates of comments, descriptions and bytes of pictures.
_SKIPPED = frozenset(
    (
        TEXT + "tracked-changes",
        TEXT + "number",
        TEXT + "note-citation",
        OFFICE + "binary-data",
        OFFICE + "forms",
        "{http://purl.org/dc/elements/1.1/}creator",
        "{http://purl.org/dc/elements/1.1/}date",
        *(_NAMES % "svg-compatible" + name for name in ("title", "desc")),
        *(_NAMES % "meta" + name for name in ("creator-initials", "date-string")),
        *(
            f"{TEXT}{name}-source"
            for name in (
                "table-of-content",
                "illustration-index",
                "table-index",
                "object-index",
                "user-index",
                "alphabetical-index",
            )
        ),
    )
)
_SIGNS = {TEXT + "tab": "\t", TEXT + "line-break": "\n", TEXT + "s": " "}
_BLANKS = re.compile("[ \t\r\n]+")


class Walk:
    """One walk through a text: its paragraphs and tables into `document`."""

    def __init__(self, bold_styles: frozenset[str] = frozenset()) -> None:
        self.document = blocks.Document()
        self.bold_styles = bold_styles

    def body(self, body: _Element) -> None:
        for element in self.content(body):
            if element.tag in PARAGRAPHS:
                self.document.paragraph(self.paragraph(element))
            else:
                self.document.table([self.row(row) for row in _rows(element)])

    def content(self, element: _Element) -> Iterator[_Element]:
        """Paragraphs and tables in order, those in lists and sections too;
        frames that stand by themselves are asides.
        """
        for child in element:
            if child.tag in PARAGRAPHS or child.tag == _TABLE + "table":
                yield child
            elif _is_drawing(child):
                self.document.aside("text box", words_of(child))
            elif child.tag not in _SKIPPED and isinstance(child.tag, str):
                yield from self.content(child)

    def row(self, row: _Element) -> blocks.TableRow | None:
        cells: list[tuple[blocks.TextLine, ...]] = []
        for cell in row:
            if cell.tag in _CELLS:
                cells.append(self.cell(cell))
                repeated = cell.get(_TABLE + "number-columns-repeated", "1")
                cells += [()] * (
                    min(int(repeated), 64) - 1
                    if repeated.isascii() and repeated.isdigit() and len(repeated) < 9
                    else 0
                )
        return self.document.row(cells)

    def cell(self, cell: _Element) -> tuple[blocks.TextLine, ...]:
        """Its lines, those of tables inside it too."""
        lines: list[blocks.TextLine] = []
        for element in self.content(cell):
            if element.tag in PARAGRAPHS:
                lines += self.paragraph(element)
            else:
                for row in _rows(element):
                    lines += (
                        line for inner in row if inner.tag in _CELLS for line in self.cell(inner)
                    )
        return tuple(lines)

    def paragraph(self, p: _Element) -> tuple[blocks.TextLine, ...]:
        words = blocks.ParagraphText()
        self.gather(p, words, p.get(TEXT + "style-name") in self.bold_styles)
        return words.lines()

    def gather(self, element: _Element, words: blocks.ParagraphText, bold: bool) -> None:
        """The words inside a paragraph, through spans, links and fields;
        notes, comments and text boxes aside.
        """
        words.add(_BLANKS.sub(" ", element.text or ""), bold)
        for child in element:
            tag = child.tag
            if tag in _SIGNS:
                words.add(_SIGNS[tag], bold)
            elif tag == TEXT + "note":
                what = "endnote" if child.get(TEXT + "note-class") == "endnote" else "footnote"
                self.document.aside(what, words_of(child))
            elif tag == OFFICE + "annotation":
                self.document.aside("comment", words_of(child))
            elif tag == TEXT + "ruby-text":
                self.document.aside("phonetic guide", "".join(map(str, child.itertext())))
            elif _is_drawing(child):
                self.document.aside("text box", words_of(child))
            elif tag not in _SKIPPED and isinstance(tag, str):
                style = child.get(TEXT + "style-name")
                self.gather(
                    child,
                    words,
                    style in self.bold_styles if style and tag == TEXT + "span" else bold,
                )
            if child.tail:
                words.add(_BLANKS.sub(" ", child.tail), bold)


def words_of(element: _Element) -> str:
    """All words below an element, one paragraph a line, and what hangs on them."""
    walk = Walk()
    walk.body(element)
    lines = [line.text for line in blocks.lines_of(walk.document.blocks)]
    return "\n".join([*lines, *(aside.words for aside in walk.document.asides)])


def _rows(table: _Element) -> Iterator[_Element]:
    for child in table:
        if child.tag == _TABLE + "table-row":
            yield child
        elif isinstance(child.tag, str) and child.tag.startswith(_TABLE):
            yield from _rows(child)


def _is_drawing(element: _Element) -> bool:
    return (
        isinstance(element.tag, str)
        and element.tag.startswith(_DRAW)
        and element.tag != _DRAW + "a"
    )


def _bold_styles(*roots: _Element) -> frozenset[str]:
    """Names of styles that are bold, by themselves or by their parents."""
    own: dict[str, bool | None] = {}
    parents: dict[str, str] = {}
    for root in roots:
        for style in root.iter(STYLE + "style"):
            name = style.get(STYLE + "name", "")
            properties = style.find(STYLE + "text-properties")
            weight = None if properties is None else properties.get(_WEIGHT)
            own[name] = None if weight is None else weight in ("bold", "600", "700", "800", "900")
            parents[name] = style.get(STYLE + "parent-style-name", "")
    return blocks.bold_styles(own, parents)


def read(content: bytes, path: str, hints: Hints) -> Reading:
    """Raises UserError when the text is damaged, protected, hostile,
    or nothing in it says who speaks.
    """
    roots = [archive.xml_of(xml, path, WHAT) for xml in files_in(content, path) if xml]
    body = next(
        (
            found
            for root in roots
            if (found := root.find(f".//{OFFICE}body/{OFFICE}text")) is not None
        ),
        None,
    )
    if body is None:
        raise archive.broken(path, WHAT)
    try:
        walk = Walk(_bold_styles(*roots))
        walk.body(body)
        for root in roots:
            for page in root.iter(STYLE + "master-page"):
                for part in page:
                    what = next(
                        (
                            what
                            for what in ("header", "footer")
                            if isinstance(part.tag, str) and part.tag.startswith(STYLE + what)
                        ),
                        "",
                    )
                    if what:
                        walk.document.aside(what, words_of(part), 1)
    except RecursionError:  # no program nests hundreds of elements
        raise archive.broken(path, WHAT) from None
    deleted = len(body.findall(f"{TEXT}tracked-changes//{TEXT}deletion"))
    remarks = blocks.remarks_on_deletions(deleted)
    return blocks.reading("odt", walk.document, path, hints, remarks)


def files_in(content: bytes, path: str) -> tuple[bytes, bytes]:
    """The XML that holds the words, and the one with named styles, headers and footers."""
    if not content.startswith(archive.ZIP):
        if b"<!ENTITY" in content or len(content) > 64 * 2**20:
            raise archive.broken(path, WHAT)
        return content, b""
    package = archive.opened(content, path, WHAT)
    if b"encryption-data" in archive.member(package, "META-INF/manifest.xml", path, WHAT):
        raise refusal(
            path,
            None,
            "this OpenDocument text is protected with a password",
            "Save a copy without a password",
        )
    text = archive.xml_member(package, "content.xml", path, WHAT)
    if not text:
        raise archive.broken(path, WHAT)
    return text, archive.xml_member(package, "styles.xml", path, WHAT)


_LEFT_OUT = re.compile(
    r"<(text:tracked-changes|text:number|text:note-citation|office:binary-data|office:forms|"
    r"dc:creator|dc:date|svg:title|svg:desc|meta:creator-initials|meta:date-string|"
    r"text:[a-z-]+-source)(?: [^<>]*)?(?<!/)>.*?</\1>|<!--.*?-->",
    re.S,
)
_APART = re.compile(r"</text:(?:p|h)>|<text:(?:s|tab|line-break|p|h)[ />]")
_TAG = re.compile(r"<[^<>]*>")


def control_text(content: bytes) -> str | None:
    """The XML without its tags, by pattern and without a tree;
    None where it is written as no office program does.
    """
    text, styles = (xml.decode("utf-8", "replace") for xml in files_in(content, ""))
    bodies = [
        *re.findall(r"<office:text[ >].*</office:text>", text, re.S),
        *re.findall(
            r"<style:(?:header|footer)[a-z-]*[ >].*?</style:(?:header|footer)[a-z-]*>",
            styles or text,
            re.S,
        ),
    ]
    if "<office:text" not in text or any("<![CDATA[" in body for body in bodies):
        return None
    return "\n".join(
        blocks.clean(html.unescape(_TAG.sub("", _APART.sub(r"\n\g<0>", _LEFT_OUT.sub("", body)))))
        for body in bodies
    )


def _shows(content: bytes) -> bool:
    return archive.shows(content, "odt") or (
        content[:100].lstrip().startswith(b"<")
        and b"<office:document " in content[:2000]
        and b"application/vnd.oasis.opendocument.text" in content[:20_000]
    )


def _may_be(content: bytes) -> bool:
    return content.startswith(archive.ZIP)


READER = Reader("odt", (".odt", ".ott", ".fodt"), _shows, _may_be, read, control_text)
