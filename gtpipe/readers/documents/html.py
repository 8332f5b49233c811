"""Web pages (.html), as transcription programs and word processors save them.

Parsed by lxml as browsers do.
"""

from __future__ import annotations

import codecs
import re
from html.parser import HTMLParser
from typing import TYPE_CHECKING

from gtpipe.model.problems import UserError
from gtpipe.readers import archive, decoding
from gtpipe.readers.documents import blocks
from gtpipe.readers.reading import Hints, Reader, Reading

if TYPE_CHECKING:
    from lxml.etree import _Element

_MOST, _TAGS = 64 * 2**20, 600_000  # bytes, and tags, which take many times theirs when parsed
_SKIPPED = frozenset("script style template noscript".split())
_INLINE = frozenset(
    """a abbr acronym b bdi bdo big button center cite code data del dfn em font i img input ins kbd
label map mark meter nobr output progress q rp rt ruby s samp small span strike strong sub sup time
tt u var wbr""".split()
)
_BLOCKS = frozenset(
    """address applet area article aside audio base basefont blockquote body br canvas caption col
colgroup datalist dd details dialog dir div dl dt embed fieldset figcaption figure footer form frame
frameset h1 h2 h3 h4 h5 h6 head header hgroup hr html iframe legend li link main menu meta nav
noframes object ol optgroup option p param picture pre search section select slot source summary svg
table tbody td textarea tfoot th thead title tr track ul video xml""".split()
)
_BOLD = frozenset("b strong th h1 h2 h3 h4 h5 h6".split())
_ITALIC = frozenset("i em cite dfn var address".split())
_SETS_WORDS = _BOLD | _ITALIC | {"sup"}
_HEADINGS = frozenset("h1 h2 h3 h4 h5 h6".split())
_NOT_BOLD = frozenset("normal 100 200 300 400 500".split())
_AT_THE_EDGE = ("header", "footer")  # titles that LibreOffice gives to what stands on every page
_UNBROKEN = frozenset(("pre", "textarea"))
_WEIGHT = re.compile(r"font-weight\s*:\s*(bold|normal|\d+)", re.IGNORECASE)
_SLANT = re.compile(r"font-style\s*:\s*(italic|oblique|normal)", re.IGNORECASE)
_BLANKS = re.compile("[ \t\r\n\f]+")
_START = re.compile(
    r"\s*(?:<\?xml[^>]*>\s*)?(?:<!--.*?-->\s*)?(?:<!doctype\s+html|<html[\s>])",
    re.IGNORECASE | re.DOTALL,
)
_CHARSET = re.compile(
    rb"<(?:meta|\?xml)[^>]*?(?:charset|encoding)\s*=\s*[\"']?\s*([A-Za-z0-9_.:-]+)", re.IGNORECASE
)


class _Walk:
    """One walk through a page: its paragraphs and tables into `document`."""

    def __init__(self) -> None:
        self.document = blocks.Document()
        self.words = blocks.ParagraphText()
        self.rows: list[blocks.TableRow | None] | None = None  # inside a table
        self.cells: list[tuple[blocks.TextLine, ...]] = []
        self.cell: list[blocks.TextLine] | None = None  # inside a cell, its lines go here

    def end_paragraph(self, is_heading: bool = False) -> None:
        lines = self.words.lines()
        self.words = blocks.ParagraphText()
        if lines and self.cell is not None:
            self.cell += lines
        elif lines:
            self.document.paragraph(lines, is_heading)

    def add(self, words: str | None, look: blocks.Look, unbroken: bool) -> None:
        if not words:
            return
        if not unbroken:
            words = _BLANKS.sub(" ", words)
            if not self.words.runs or self.words.runs[-1].endswith((" ", "\n")):
                words = words.lstrip(" ")
        self.words.add(words, look)

    def element(
        self, element: _Element, look: blocks.Look = blocks.PLAIN, unbroken: bool = False
    ) -> None:
        tag = element.tag
        if not isinstance(tag, str) or tag in _SKIPPED:
            return
        edge = element.get("title", "") if tag == "div" else ""
        if tag == "title":
            self.document.aside("title", "".join(map(str, element.itertext())))
        elif tag == "br":
            self.words.add("\n", look)
        elif edge in _AT_THE_EDGE:
            self.end_paragraph()
            self.document.aside(edge, _words_of(element))
        elif tag == "table" and element.find(".//table") is None:
            self.table(element)
        else:
            self.box(element, _look(element, look), unbroken or tag in _UNBROKEN)

    def box(self, element: _Element, look: blocks.Look, unbroken: bool) -> None:
        """An element with words inside, a paragraph of its own or not."""
        tag = element.tag
        if _is_no_tag(tag):
            self.document.aside("unknown tag", f"<{tag.lower()}>")
        is_block = tag in _BLOCKS and tag != "dd"
        if is_block:
            self.end_paragraph()
        if self.rows is not None and tag in ("tr", "td", "th"):
            self.row_or_cell(element, look, self.rows)
            return
        self.children(element, look, unbroken)
        if tag == "dt":  # who speaks, in a list of terms: what is said stands below
            self.words.add("\n")
        elif is_block or tag == "dd":
            self.end_paragraph(tag in _HEADINGS)

    def children(self, element: _Element, look: blocks.Look, unbroken: bool) -> None:
        self.add(element.text, look, unbroken)
        for child in element:
            self.element(child, look, unbroken)
            self.add(child.tail, look, unbroken)

    def table(self, table: _Element) -> None:
        """A table without tables inside.

        Pages that are laid out with tables have them nested: there a cell is a paragraph.
        """
        self.end_paragraph()
        rows = self.rows = []
        self.children(table, blocks.PLAIN, False)
        self.end_paragraph()
        self.rows = None
        self.document.table(rows)

    def row_or_cell(
        self, element: _Element, look: blocks.Look, rows: list[blocks.TableRow | None]
    ) -> None:
        if element.tag == "tr":
            outer, self.cells = self.cells, []
            self.children(element, look, False)
            self.end_paragraph()
            rows.append(self.document.row(self.cells))
            self.cells = outer
            return
        outer_cell, self.cell = self.cell, []
        self.children(element, look, False)
        self.end_paragraph()
        span = element.get("colspan", "1")
        self.cells += [
            tuple(self.cell),
            *[()] * (min(int(span), 64) - 1 if re.fullmatch("[0-9]{1,8}", span) else 0),
        ]
        self.cell = outer_cell


def _words_of(element: _Element) -> str:
    """All words below an element, one paragraph a line, and what hangs on them."""
    walk = _Walk()
    walk.children(element, blocks.PLAIN, False)
    walk.end_paragraph()
    lines = [line.text for line in blocks.lines_of(walk.document.blocks)]
    return "\n".join([*lines, *(aside.words for aside in walk.document.asides)])


def _look(element: _Element, look: blocks.Look) -> blocks.Look:
    """How words in an element are set, where `look` is how they are around it."""
    tag, style = element.tag, element.get("style")
    if not style and tag not in _SETS_WORDS:
        return look
    weight, slant = _WEIGHT.search(style or ""), _SLANT.search(style or "")
    return blocks.Look(
        weight[1].lower() not in _NOT_BOLD if weight else look.bold or tag in _BOLD,
        slant[1].lower() != "normal" if slant else look.italic or tag in _ITALIC,
        look.raised or (tag == "sup" and not _is_note(element)),
    )


def _is_note(sup: _Element) -> bool:
    """Whether what is raised is the mark of a footnote: a link, or in one."""
    return sup.find(".//a") is not None or next(sup.iterancestors("a"), None) is not None


def _is_no_tag(tag: str) -> bool:
    """`<laughs>` in a page is a tag to every browser, which shows nothing;
    somebody may have typed it as a word.
    """
    return tag.isalpha() and tag not in _BLOCKS and tag not in _INLINE and tag not in _SKIPPED


def read(content: bytes, path: str, hints: Hints) -> Reading:
    """Raises UserError when the page is too large or too deep, or nothing in it says who speaks."""
    from lxml import etree

    text, remarks = _text_of(content, path)
    parser = etree.HTMLParser(
        encoding="utf-8", no_network=True, remove_comments=True, remove_pis=True, huge_tree=False
    )
    walk = _Walk()
    try:
        root = etree.fromstring(text.encode(), parser)
        if root is None:
            raise UserError.at(path, None, "this web page holds no words", "Is it the right file?")
        if any(
            seen.type == etree.ErrorTypes.ERR_RESOURCE_LIMIT for seen in parser.error_log
        ):  # lxml stops there, and says no more
            raise ValueError
        walk.element(root)
        walk.end_paragraph()
    except (etree.XMLSyntaxError, ValueError, RecursionError):
        raise UserError.at(
            path,
            None,
            "this web page cannot be read: it is damaged or nested too deep",
            "Copy what it shows into a new document, or save it as plain text (.txt, UTF-8)",
        ) from None
    return blocks.reading("html", walk.document, path, hints, remarks)


def _text_of(content: bytes, path: str) -> tuple[str, tuple[str, ...]]:
    """The page as text, in the encoding it names where that fits."""
    if len(content) > _MOST or content.count(b"<") > _TAGS:
        raise archive.too_much(
            path, f"this web page is {len(content) / 2**20:,.0f} MB in millions of pieces"
        )
    named = _CHARSET.search(content[:4096])
    remarks: tuple[str, ...] = ()
    text = ""
    if named and not content.startswith(
        (codecs.BOM_UTF8, codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
    ):
        name = named[1].decode("ascii").lower()
        name = (
            "cp1252" if name in ("iso-8859-1", "latin1", "latin-1", "us-ascii", "ascii") else name
        )
        try:
            text = "" if name.startswith(("utf-16", "utf-32", "utf-7")) else content.decode(name)
        except (UnicodeError, LookupError):
            text = ""
    try:
        text, remarks = (text, ()) if text else decoding.decode(content)
    except UnicodeDecodeError as exc:
        raise decoding.undecodable(exc, content, path) from None
    decoding.refuse_half_references(text, path)
    if re.search("<html[ >]", text[:8192], re.IGNORECASE) and not re.search(
        "</html", text[-8192:], re.IGNORECASE
    ):
        remarks += ("the page breaks off: check that its last words are here",)
    text = re.sub("[\x00-\x08\x0e-\x1f]", " ", text.removeprefix("\ufeff"))
    text = text[:-8192] + re.sub(
        r"</?[A-Za-z][^<>]*\Z", "", text[-8192:]
    )  # a tag that broke off is nowhere shown
    return text.encode("utf-8", "replace").decode(), tuple(
        remark for remark in remarks if "line ends" not in remark
    )


class _Plain(HTMLParser):
    """Every piece of text, tags apart, as Python's own parser hands it out."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.pieces: list[str] = []
        self.raised: list[bool] = []
        self.skipped = self.links = 0
        self.raised_from = -1  # the first piece of a superscript that is open
        self.is_note = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.skipped += tag in _SKIPPED
        if _is_no_tag(tag) and not self.skipped:
            self.piece(f" <{tag}> ")
        elif tag not in _INLINE:
            self.end_superscript()
            self.piece(" ")
        elif tag == "sup" and self.raised_from < 0:
            self.raised_from, self.is_note = len(self.pieces), self.links > 0
        elif tag == "a":
            self.links += 1
            self.is_note = True

    def handle_endtag(self, tag: str) -> None:
        self.skipped -= tag in _SKIPPED and self.skipped > 0
        if tag not in _INLINE:
            self.end_superscript()
            self.piece(" ")
        elif tag == "sup":
            self.end_superscript()
        elif tag == "a" and self.links:
            self.links -= 1

    def handle_data(self, data: str) -> None:
        if not self.skipped and data:
            self.piece(data)

    def piece(self, words: str) -> None:
        self.pieces.append(words)
        self.raised.append(False)

    def end_superscript(self) -> None:
        if self.raised_from >= 0 and not self.is_note:
            count = len(self.pieces) - self.raised_from
            self.raised[self.raised_from :] = [True] * count
        self.raised_from = -1


def control_text(content: bytes) -> str | None:
    parser = _Plain()
    try:
        parser.feed(_text_of(content, "")[0])
        parser.close()
        parser.end_superscript()
    except AssertionError:  # how it says that it does not know a declaration: `<![x`
        return None
    return blocks.clean("".join(blocks.with_powers(parser.pieces, parser.raised)))


def _shows(content: bytes) -> bool:
    start = content[:8192]
    if start.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return _START.match(start[: len(start) // 2 * 2].decode("utf-16", "replace")) is not None
    return _START.match(start.removeprefix(codecs.BOM_UTF8).decode("latin-1")) is not None


READER = Reader("html", (".html", ".htm", ".xhtml"), _shows, decoding.is_text, read, control_text)
