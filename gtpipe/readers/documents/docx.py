"""Word documents (.docx): what stands in them with all tracked changes accepted.

python-docx opens the package and finds its parts; the elements are walked directly, since its
paragraphs and runs know neither tracked changes nor content controls, and take many times as long.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, NamedTuple

from gtpipe.model.problems import UserError
from gtpipe.readers import archive
from gtpipe.readers.documents import blocks, docx_control
from gtpipe.readers.reading import Hints, Reader, Reading

if TYPE_CHECKING:
    from docx.opc.part import Part
    from docx.parts.document import DocumentPart
    from lxml.etree import _Element

WHAT = "Word document"
W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_MATH_TEXT = "{http://schemas.openxmlformats.org/officeDocument/2006/math}t"
P, TBL, _TR, _TC, _R, _T = (W + name for name in ("p", "tbl", "tr", "tc", "r", "t"))
_TEXTS = (_T, _MATH_TEXT)
_BASED_ON, _NAME = W + "basedOn", W + "name"
PPR, _RPR, _BOX, _RUBY, STYLE, _BOLD, _ITALIC, _RAISED, _RUN_STYLE, _HIDDEN, _SYMBOL, VAL, _ID = (
    W + name
    for name in "pPr rPr txbxContent rt pStyle b i vertAlign rStyle vanish sym val id".split()
)
_ENDS = tuple(
    f"{_RPR}/{W}{name}" for name in ("del", "moveFrom")
)  # the end of a paragraph that was deleted, or moved away
# What is no word of the accepted document: deletions, what was moved away, instructions of fields,
# settings, and the second copy of a text box that is there for old programs.
_SKIPPED = frozenset(
    W + name
    for name in (
        "del moveFrom delText instrText delInstrText pPr rPr sdtPr sdtEndPr tblPr tblGrid tblPrEx "
        "trPr tcPr sectPr rubyPr"
    ).split()
) | {"{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"}
_SIGNS = {
    W + "tab": "\t",
    W + "ptab": "\t",
    W + "br": "\n",
    W + "cr": "\n",
    W + "noBreakHyphen": "-",
}
_REFERENCES = {
    W + "commentReference": "comment",
    W + "footnoteReference": "footnote",
    W + "endnoteReference": "endnote",
}
_KEPT_APART = {"comments": "comment", "footnotes": "footnote", "endnotes": "endnote"}
_OFF = frozenset(("0", "false", "off", "none"))


class Styles(NamedTuple):
    """Ids of styles: those that are bold, italic, and a heading's."""

    bold: frozenset[str] = frozenset()
    italic: frozenset[str] = frozenset()
    headings: frozenset[str] = frozenset()


NO_STYLES = Styles()


class Walk:
    """One walk through a document: its paragraphs and tables into `document`,
    and counts of what is only remarked on.
    """

    def __init__(self, styles: Styles = NO_STYLES) -> None:
        self.document = blocks.Document()
        self.styles, self.style = styles, ""  # and that of the paragraph
        self.noted: dict[
            tuple[str, str], int
        ] = {}  # a comment's or note's kind and id → the paragraph it hangs on
        self.deleted = self.moved = self.hidden = self.symbols = 0
        self.carried: blocks.ParagraphText | None = (
            None  # a paragraph whose end was deleted goes on in the next
        )

    def body(self, body: _Element) -> None:
        for element in blocks_of(body):
            if element.tag == P:
                lines = self.paragraph(element)
                if lines is not None:
                    self.document.paragraph(lines, self.style in self.styles.headings)
            else:
                self.document.table([self.row(row) for row in _inside(element, _TR)])

    def row(self, row: _Element) -> blocks.TableRow | None:
        cells: list[tuple[blocks.TextLine, ...]] = []
        for cell in _inside(row, _TC):
            span = cell.find(f"{W}tcPr/{W}gridSpan")
            cells.append(self.cell(cell))
            cells += [()] * (min(_number(span), 63) - 1 if span is not None else 0)
        return self.document.row(cells)

    def cell(self, cell: _Element) -> tuple[blocks.TextLine, ...]:
        """Its lines, those of tables inside it too."""
        return tuple(
            line for p in cell.iter(P) if _is_own(p, cell) for line in self.paragraph(p) or ()
        )

    def paragraph(self, p: _Element) -> tuple[blocks.TextLine, ...] | None:
        """A paragraph's lines; None where its end was deleted, so that the next goes on with it."""
        words, goes_on = self.carried or blocks.ParagraphText(), False
        self.carried = None
        look = blocks.PLAIN
        self.style = ""
        settings = p.find(PPR)
        if settings is not None:
            style = settings.find(STYLE)
            if style is not None:
                self.style = style.get(VAL, "")
                look = blocks.Look(self.style in self.styles.bold, self.style in self.styles.italic)
            goes_on = any(settings.find(end) is not None for end in _ENDS)
        self.gather(p, words, look)
        below = p.getnext()
        if goes_on and below is not None and below.tag == P:
            self.carried = words
            return None
        return words.lines()

    def gather(self, element: _Element, words: blocks.ParagraphText, look: blocks.Look) -> None:
        """The words inside a paragraph, through content controls, insertions, links and fields."""
        for child in element:
            tag = child.tag
            if tag in _TEXTS:
                words.add(child.text or "", look)
            elif tag == _R:
                self.gather(child, words, self.look_of(child, look))
            elif tag in _SIGNS:
                words.add(_SIGNS[tag], look)
            elif tag in _REFERENCES:
                self.noted.setdefault(
                    (_REFERENCES[tag], child.get(_ID, "")), self.document.number + 1
                )
            elif tag == _BOX:
                self.document.aside("text box", words_of(child))
            elif tag == _RUBY:
                self.document.aside("phonetic guide", words_of(child))
            elif tag == _SYMBOL:
                self.symbols += 1
                words.add(docx_control.symbol(child.get(W + "char", "")), look)
            elif tag in _SKIPPED:
                if tag == W + "del":
                    self.deleted += child.find(f".//{W}delText") is not None
                elif tag == W + "moveFrom":
                    self.moved += 1
            else:
                self.gather(child, words, look)

    def look_of(self, run: _Element, look: blocks.Look) -> blocks.Look:
        settings = run.find(_RPR)
        if settings is None:
            return look
        bold, italic, raised = look
        for setting in settings:
            tag = setting.tag
            if tag == _BOLD:
                bold = setting.get(VAL, "1") not in _OFF
            elif tag == _ITALIC:
                italic = setting.get(VAL, "1") not in _OFF
            elif tag == _RAISED:
                raised = setting.get(VAL) == "superscript"
            elif tag == _RUN_STYLE:
                bold = bold or setting.get(VAL) in self.styles.bold
                italic = italic or setting.get(VAL) in self.styles.italic
            elif tag == _HIDDEN:
                self.hidden += setting.get(VAL, "1") not in _OFF
        return blocks.Look(bold, italic, raised)

    def remarks(self) -> tuple[str, ...]:
        counted = (
            (self.moved, "passage", "moved under tracked changes: read where it was moved to"),
            (self.hidden, "hidden passage", "read like the rest"),
            (self.symbols, "sign", "of a symbol font, which may look otherwise here"),
        )
        return (
            *blocks.remarks_on_deletions(self.deleted),
            *(
                f"{count} {what}{'' if count == 1 else 's'} {how}"
                for count, what, how in counted
                if count
            ),
        )


def blocks_of(element: _Element) -> Iterator[_Element]:
    """Paragraphs and tables in order, those in content controls too."""
    for child in element:
        if child.tag in (P, TBL):
            yield child
        elif child.tag not in _SKIPPED and isinstance(child.tag, str):
            yield from blocks_of(child)


def _inside(element: _Element, tag: str) -> Iterator[_Element]:
    """Rows of a table or cells of a row, those in content controls too."""
    for child in element:
        if child.tag == tag:
            yield child
        elif child.tag not in _SKIPPED and isinstance(child.tag, str):
            yield from _inside(child, tag)


def _is_own(p: _Element, element: _Element) -> bool:
    """Whether a paragraph below `element` is read with it: text boxes are read by themselves."""
    for above in p.iterancestors():
        if above is element:
            return True
        if above.tag == _BOX or above.tag in _SKIPPED:
            return False
    return False


def words_of(element: _Element) -> str:
    """All words below an element, one paragraph a line: for text boxes, comments,
    notes, headers and footers.
    """
    walk = Walk()
    lines = [
        line.text
        for p in element.iter(P)
        if _is_own(p, element)
        for line in walk.paragraph(p) or ()
    ]
    return "\n".join([*lines, *(aside.words for aside in walk.document.asides)])


def _number(element: _Element) -> int:
    value = element.get(VAL, "1")
    return int(value) if value.isascii() and value.isdigit() and len(value) < 9 else 1


def _first(element: _Element, *tags: str) -> dict[str, _Element]:
    """The first child with each of the tags, sought at once: a document has hundreds of styles."""
    return {child.tag: child for child in element.iterchildren(*tags, reversed=True)}


def _styles(roots: Iterable[_Element]) -> Styles:
    """What styles say by themselves, or by the style they are based on."""
    bold: dict[str, bool | None] = {}
    italic: dict[str, bool | None] = {}
    heading: dict[str, bool | None] = {}
    based: dict[str, str] = {}
    for style in (style for root in roots for style in root.iter(W + "style")):
        id = style.get(W + "styleId", "")
        said = _first(style, _RPR, _BASED_ON, _NAME)
        settings = _first(said[_RPR], _BOLD, _ITALIC) if _RPR in said else {}
        for own, tag in ((bold, _BOLD), (italic, _ITALIC)):
            own[id] = settings[tag].get(VAL, "1") not in _OFF if tag in settings else None
        named = said[_NAME].get(VAL, "").casefold() if _NAME in said else ""
        heading[id] = named in ("title", "subtitle") or named.startswith("heading ") or None
        based[id] = said[_BASED_ON].get(VAL, "") if _BASED_ON in said else ""
    return Styles(*(blocks.styles_set_so(own, based) for own in (bold, italic, heading)))


def read(content: bytes, path: str, hints: Hints) -> Reading:
    """Raises UserError when the document is damaged, protected, hostile,
    or nothing in it says who speaks.
    """
    if content.startswith(archive.OLE):
        raise archive.describe_ole(content, path)
    part = opened(content, path)
    try:
        walk = walk_of(part, path)
    except RecursionError:  # no program nests hundreds of elements
        raise archive.broken(path, WHAT) from None
    finally:
        _emptied(part)
    return blocks.reading("docx", walk.document, path, hints, walk.remarks())


def opened(content: bytes, path: str) -> DocumentPart:
    """The part that holds the document, as python-docx finds it."""
    archive.check_xml(archive.opened(content, path, WHAT), path, WHAT)
    import io

    import docx

    try:
        return docx.Document(io.BytesIO(content)).part
    # python-docx lets through whatever its parts trip over: KeyError, AttributeError, lxml's errors
    except Exception:
        raise UserError.at(
            path,
            None,
            "this Word document is damaged, or of a kind that cannot be read "
            "(with macros, a template, Strict)",
            "Open it in Word or LibreOffice and save it again as a Word document (.docx)",
        ) from None


def _emptied(part: Part) -> None:
    """Lets go of the trees: python-docx's parts hold each other,
    and a hundred documents would stay in memory.
    """
    for other in part.package.iter_parts():
        root = getattr(other, "element", None)
        if root is not None:
            root.clear()


def walk_of(part: DocumentPart, path: str) -> Walk:
    body = part.element.find(W + "body")
    if body is None:
        raise archive.broken(path, WHAT)
    if body.find(f".//{W}altChunk") is not None or body.find(f".//{W}subDoc") is not None:
        raise UserError.at(
            path,
            None,
            "this Word document holds another document inside",
            "Open it in Word, which takes it in, and save it again as .docx",
        )
    roots: dict[str, list[_Element]] = {}
    for _, relation in sorted(part.rels.items(), key=lambda item: str(item[0])):
        kind = str(relation.reltype).rpartition("/")[2]
        if not relation.is_external and kind in ("styles", "header", "footer", *_KEPT_APART):
            root = getattr(relation.target_part, "element", None)
            roots.setdefault(kind, []).append(
                archive.xml_of(relation.target_part.blob, path, WHAT) if root is None else root
            )
    walk = Walk(_styles(roots.get("styles", ())))
    walk.body(body)
    for kind, what in _KEPT_APART.items():
        for root in roots.get(kind, ()):
            for note in root:
                walk.document.aside(
                    what, words_of(note), walk.noted.get((what, note.get(_ID, "")), 1)
                )
    for kind in ("header", "footer"):
        seen: set[str] = set()
        for words in map(words_of, roots.get(kind, ())):
            if (
                docx_control.key(words) not in seen
            ):  # there is one for every section and kind of page, mostly the same
                walk.document.aside(kind, words, 1)
            seen.add(docx_control.key(words))
    return walk


def _shows(content: bytes) -> bool:
    return archive.shows(content, "docx")


def _may_be(content: bytes) -> bool:
    return content.startswith((archive.ZIP, archive.OLE))


READER = Reader("docx", (".docx",), _shows, _may_be, read, docx_control.control_text)
