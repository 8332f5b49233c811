"""A Word document (.docx), built paragraph by paragraph; the same calls give the same bytes.

python-docx writes it. Where it would look through the document, its comments or all that may stand
in an element for each one that is added, elements are put in their places directly: a hundred
interviews with 12,000 comments take 4 s of CPU so, where `add_comment` alone takes over a minute.
What a person wrote is text wherever it stands: no field, no markup.
"""

from __future__ import annotations

import io
import itertools
import re
import zipfile
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from typing import Any, NamedTuple

import docx
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Cm, Emu, Mm
from lxml.etree import _Element

from gtpipe.model import bookmarks
from gtpipe.model.bookmarks import clean
from gtpipe.model.level import CodeRef
from gtpipe.render.word import styles


class Run(NamedTuple):
    """Text of one look. `style` is the id of a character style in `styles`: `Aside` for what is
    told beside the words.
    """

    text: str
    bold: bool = False
    italic: bool = False
    style: str = ""


class Xml(tuple[_Element, ...]):
    """A piece of a paragraph that the document itself made: where a bookmark or a comment begins or
    ends. It stands in one place.
    """


Piece = str | Run | Xml

# Of when a code was given nothing is known; without a day, LibreOffice saves one that is none.
_DAY = datetime(2000, 1, 1, tzinfo=UTC)
WIDEST, HIGHEST = 16.4, 22.0  # centimetres that a picture has on the page
_LONGEST_PROPERTY = 255  # letters
_OF_THE_TEMPLATE = ("thumbnail", "extended-properties", "customXml", "stylesWithEffects")


class Document:
    """A document as it is written. `title` and `language` go into its properties."""

    def __init__(self, title: str, language: str = "en") -> None:
        self.title = title
        self._docx = docx.Document()
        self._end = self._docx.element.body.sectPr
        self._comments = self._docx.part._comments_part
        self._numbers = itertools.count()  # of comments
        self._taken: dict[str, int] = {}  # name of a bookmark → how often it was asked for
        self._bookmarks = 0
        styles.set_up(self._docx.styles, clean(language))
        _set_up_pages(self._docx)
        properties = self._docx.core_properties
        properties.title = clean(title)[:_LONGEST_PROPERTY]
        properties.language = clean(language)[:_LONGEST_PROPERTY]
        properties.author, properties.comments = "gtpipe", ""
        properties.created = properties.modified = _DAY

    # --- paragraphs -------------------------------------------------------------------------------

    def heading(self, level: int, text: str, names: CodeRef | None = None) -> None:
        """A heading, 1 to 4; 0 for the title of the document. A comment on it, and on what stands
        below it, is about the code that it `names`.
        """
        pieces: tuple[Piece, ...] = (text,)
        if names is not None:
            begin, end = self.bookmark(bookmarks.of_heading(names))
            pieces = (begin, text, end)
        self.paragraph(pieces, f"Heading{level}" if level else "Title")

    def paragraph(self, pieces: Piece | Iterable[Piece], style: str = "") -> None:
        """A paragraph; `style` is the id of one in `styles`. A line feed is a line break."""
        # `add_paragraph` of python-docx looks through all paragraphs for the end.
        self._end.addprevious(_paragraph(pieces, style))

    def quotation(self, text: Piece | Iterable[Piece]) -> None:
        """What somebody said, set apart."""
        self.paragraph(text, "Quote")

    def list_item(self, text: Piece | Iterable[Piece]) -> None:
        self.paragraph(text, "ListBullet")

    def table(
        self,
        header: Sequence[Piece],
        rows: Iterable[Sequence[Piece | Sequence[Piece]]],
        widths: Sequence[float] = (),
    ) -> None:
        """A table whose header is repeated on each page; `widths` of its columns in centimetres."""
        table = self._docx.add_table(0, len(header), "Table Grid")
        table.autofit = False
        for column, width in zip(table.columns, widths, strict=False):
            column.width = Cm(width)
        bold = [piece if isinstance(piece, (Run, Xml)) else Run(piece, True) for piece in header]
        for number, cells in enumerate((bold, *rows)):
            row = table.add_row()
            settings = row._tr.get_or_add_trPr()
            settings.append(OxmlElement("w:cantSplit"))
            if number == 0:
                settings.append(OxmlElement("w:tblHeader"))
            for tc, pieces in zip(row._tr.tc_lst, cells, strict=True):
                tc[-1:] = [_paragraph(pieces, "Cell")]
        self.paragraph("", "AfterTable")  # two tables in a row would become one

    def picture(self, png: bytes, width: float = WIDEST, alt: str = "") -> None:
        """A picture, so many centimetres wide at most, that says in words what it shows."""
        paragraph = self._docx.add_paragraph(style="Picture")
        shape = paragraph.add_run().add_picture(io.BytesIO(png), Cm(min(width, WIDEST)))
        share = min(1, Cm(HIGHEST) / shape.height)
        shape.width, shape.height = Emu(int(shape.width * share)), Emu(int(shape.height * share))
        for side in "TBLR":
            shape._inline.set(f"dist{side}", "0")  # else LibreOffice moves it to the right
        shape._inline.docPr.set("descr", clean(alt))

    def page_break(self) -> None:
        self._docx.add_page_break()

    # --- bookmarks and comments -------------------------------------------------------------------

    def bookmark(self, name: str) -> tuple[Xml, Xml]:
        """Where a bookmark begins and ends; a name that is taken gets a number behind it."""
        taken = self._taken[name] = self._taken.get(name, 0) + 1
        self._bookmarks += 1
        called = f"{name}_{taken}" if taken > 1 else name
        begin = _element("w:bookmarkStart", id=self._bookmarks, name=called)
        return Xml([begin]), Xml([_element("w:bookmarkEnd", id=self._bookmarks)])

    def comment(self, author: str, initials: str, text: str) -> tuple[Xml, Xml]:
        """A comment, by where it begins and where it ends; a bookmark there tells it from those
        that a reader adds.
        """
        number = next(self._numbers)
        begin, end = self.bookmark(bookmarks.of_comment(number, author, text))
        # `add_comment` of python-docx looks through all comments for an id, and at the clock.
        element = _element("w:comment", id=number, author=author, initials=initials)
        element.date = _DAY
        self._comments.element.append(element)
        for line in text.split("\n"):
            element.append(_paragraph(line, "CommentText"))
        reference = _styled("r", "CommentReference")
        reference.append(_element("w:commentReference", id=number))
        return (
            Xml([*begin, _element("w:commentRangeStart", id=number)]),
            Xml([_element("w:commentRangeEnd", id=number), reference, *end]),
        )

    # --- the file ---------------------------------------------------------------------------------

    def content(self) -> bytes:
        """The document as bytes."""
        saved, out = io.BytesIO(), io.BytesIO()
        self._docx.save(saved)
        with zipfile.ZipFile(saved) as package, zipfile.ZipFile(out, "w") as archive:
            for name in package.namelist():
                file = zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0))  # `save` looks at the clock
                file.compress_type = zipfile.ZIP_DEFLATED
                archive.writestr(file, package.read(name), compresslevel=4)
        return out.getvalue()


def _set_up_pages(document: docx.document.Document) -> None:
    """A4 with page numbers, and nothing of the template that says what is not so."""
    section = document.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.top_margin = section.bottom_margin = Cm(2.3)
    section.left_margin = section.right_margin = Cm(2.3)
    section.header_distance = section.footer_distance = Cm(1.2)
    section.footer.paragraphs[0]._p.append(_element("w:fldSimple", instr="PAGE"))
    for mode in document.settings.element.xpath("//w:compatSetting[@w:name='compatibilityMode']"):
        mode.set(qn("w:val"), "15")  # else Word shows it as of an old version
    for relations in (document.part.rels, document.part.package.rels):
        for id, relation in [*relations.items()]:
            if relation.reltype.rpartition("/")[2] in _OF_THE_TEMPLATE:
                del relations[id]


def _paragraph(pieces: Piece | Iterable[Piece], style: str) -> Any:
    p = _styled("p", style)
    for piece in (pieces,) if isinstance(pieces, (str, Run, Xml)) else pieces:
        if isinstance(piece, Xml):
            p.extend(piece)
        elif piece:
            run = piece if isinstance(piece, Run) else Run(piece)
            r = _styled("r", run.style)
            p.append(r)
            for tag in ("w:b",) * run.bold + ("w:i",) * run.italic:
                r.get_or_add_rPr().append(_element(tag))
            # `text` of python-docx clears the run first, and goes letter by letter.
            for words in re.split("([\n\t])", clean(run.text)):
                if words == "\n":
                    r.add_br()
                elif words == "\t":
                    r.add_tab()
                elif words:
                    r.add_t(words)
    return p


def _styled(kind: str, style: str) -> Any:
    """A paragraph `p` or run `r`; python-docx looks for all other settings to set a style."""
    element = _element(f"w:{kind}")
    if style:
        element.append(_element(f"w:{kind}Pr"))
        element[0].append(_element(f"w:{kind}Style", val=style))
    return element


def _element(tag: str, /, **attributes: str | int) -> Any:
    return OxmlElement(
        tag, {qn(f"w:{key}"): clean(str(value)) for key, value in attributes.items()}
    )
