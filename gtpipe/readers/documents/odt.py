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
from typing import TYPE_CHECKING, NamedTuple

from gtpipe.model.problems import UserError
from gtpipe.readers import archive
from gtpipe.readers.documents import blocks
from gtpipe.readers.reading import Hints, Reader, Reading

if TYPE_CHECKING:
    from lxml.etree import _Element

WHAT = "OpenDocument text"
_NAMES = "{urn:oasis:names:tc:opendocument:xmlns:%s:1.0}"
TEXT, _TABLE, OFFICE, STYLE, _DRAW = (
    _NAMES % name for name in ("text", "table", "office", "style", "drawing")
)
_WEIGHT, _SLANT = (_NAMES % "xsl-fo-compatible" + name for name in ("font-weight", "font-style"))
_POSITION = STYLE + "text-position"
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
                "table-of-content illustration-index table-index object-index user-index "
                "alphabetical-index"
            ).split()
        ),
    )
)
_SIGNS = {TEXT + "tab": "\t", TEXT + "line-break": "\n", TEXT + "s": " "}
_BLANKS = re.compile("[ \t\r\n]+")
_HEAVY = frozenset(("bold", "600", "700", "800", "900"))
_RAISES = re.compile("super|[1-9]")


class Styles(NamedTuple):
    """Names of styles: those that are bold, italic, and that raise their words."""

    bold: frozenset[str] = frozenset()
    italic: frozenset[str] = frozenset()
    raised: frozenset[str] = frozenset()

    def look(self, name: str | None) -> blocks.Look:
        return blocks.Look(name in self.bold, name in self.italic, name in self.raised)


NO_STYLES = Styles()


class Walk:
    """One walk through a text: its paragraphs and tables into `document`."""

    def __init__(self, styles: Styles = NO_STYLES) -> None:
        self.document = blocks.Document()
        self.styles = styles

    def body(self, body: _Element) -> None:
        for element in self.content(body):
            if element.tag in PARAGRAPHS:
                self.document.paragraph(self.paragraph(element), element.tag == TEXT + "h")
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
                self.document.aside("text box", words_of(child, self.styles))
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
        look = self.styles.look(p.get(TEXT + "style-name"))
        self.gather(p, words, look._replace(raised=False))
        return words.lines()

    def gather(self, element: _Element, words: blocks.ParagraphText, look: blocks.Look) -> None:
        """The words inside a paragraph, through spans, links and fields;
        notes, comments and text boxes aside.
        """
        words.add(_BLANKS.sub(" ", element.text or ""), look)
        for child in element:
            tag = child.tag
            if tag in _SIGNS:
                words.add(_SIGNS[tag], look)
            elif tag == TEXT + "note":
                what = "endnote" if child.get(TEXT + "note-class") == "endnote" else "footnote"
                self.document.aside(what, words_of(child, self.styles))
            elif tag == OFFICE + "annotation":
                self.document.aside("comment", words_of(child, self.styles))
            elif tag == TEXT + "ruby-text":
                self.document.aside("phonetic guide", "".join(map(str, child.itertext())))
            elif _is_drawing(child):
                self.document.aside("text box", words_of(child, self.styles))
            elif tag not in _SKIPPED and isinstance(tag, str):
                style = child.get(TEXT + "style-name")
                self.gather(
                    child,
                    words,
                    self.styles.look(style) if style and tag == TEXT + "span" else look,
                )
            if child.tail:
                words.add(_BLANKS.sub(" ", child.tail), look)


def words_of(element: _Element, styles: Styles) -> str:
    """All words below an element, one paragraph a line, and what hangs on them."""
    walk = Walk(styles)
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


def _styles(*roots: _Element) -> Styles:
    """What styles say: bold and italic by themselves or by their parents."""
    bold: dict[str, bool | None] = {}
    italic: dict[str, bool | None] = {}
    raised = set()
    parents: dict[str, str] = {}
    for root in roots:
        for style in root.iter(STYLE + "style"):
            name = style.get(STYLE + "name", "")
            properties = style.find(STYLE + "text-properties")
            weight, slant, position = (
                None if properties is None else properties.get(setting)
                for setting in (_WEIGHT, _SLANT, _POSITION)
            )
            bold[name] = None if weight is None else weight in _HEAVY
            italic[name] = None if slant is None else slant in ("italic", "oblique")
            if _RAISES.match(position or ""):
                raised.add(name)
            parents[name] = style.get(STYLE + "parent-style-name", "")
    return Styles(
        blocks.styles_set_so(bold, parents),
        blocks.styles_set_so(italic, parents),
        frozenset(raised),
    )


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
        walk = Walk(_styles(*roots))
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
                        walk.document.aside(what, words_of(part, walk.styles), 1)
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
        raise UserError.at(
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
_STYLES = re.compile(r"<style:style [^<>]*(?<!/)>.*?</style:style>", re.S)
_RAISED_STYLE = re.compile(
    r"<style:style (?:[^<>]* )?style:name=\"([^\"]*)\"[^<>]*>(?:(?!</style:style>).)*?"
    r"style:text-position=\"(?:super|[1-9])",
    re.S,
)
_STYLE_NAME = re.compile(r' text:style-name="([^"]*)"')


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
    raised = {
        html.unescape(name)
        for name in _RAISED_STYLE.findall("".join(_STYLES.findall(styles + text)))
    }
    return "\n".join(
        blocks.clean(_control_words(_APART.sub(r"\n\g<0>", _LEFT_OUT.sub("", body)), raised))
        for body in bodies
    )


def _control_words(body: str, raised: set[str]) -> str:
    """The words between tags, told apart by whether the span they stand in is raised."""
    if not raised:
        return html.unescape(_TAG.sub("", body))
    pieces: list[str] = []
    ups: list[bool] = []
    spans = [False]
    at = 0
    for tag in _TAG.finditer(body):
        if tag.start() > at:
            pieces.append(html.unescape(body[at : tag.start()]))
            ups.append(spans[-1])
        at = tag.end()
        if tag[0].startswith("<text:span") and not tag[0].endswith("/>"):
            style = _STYLE_NAME.search(tag[0])
            spans.append(html.unescape(style[1]) in raised if style else spans[-1])
        elif tag[0] == "</text:span>" and len(spans) > 1:
            spans.pop()
    return "".join(blocks.with_powers([*pieces, body[at:] or " "], [*ups, False]))


def _shows(content: bytes) -> bool:
    return archive.shows(content, "odt") or (
        content[:100].lstrip().startswith(b"<")
        and b"<office:document " in content[:2000]
        and b"application/vnd.oasis.opendocument.text" in content[:20_000]
    )


def _may_be(content: bytes) -> bool:
    return content.startswith(archive.ZIP)


READER = Reader("odt", (".odt", ".ott", ".fodt"), _shows, _may_be, read, control_text)
