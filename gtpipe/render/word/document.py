"""A Word document (.docx, ECMA-376 part 1), built paragraph by paragraph; the same calls give the
same bytes.

Written by hand like workbooks: python-docx looks through all comments and all ids of a document for
each new one, which takes minutes for an interview study, and dates what it saves. What a person
wrote goes through `_text` alone and is text wherever it stands: no field, no markup.
"""

from __future__ import annotations

import io
import struct
import zipfile
from collections.abc import Iterable, Sequence
from typing import NamedTuple
from xml.sax.saxutils import escape, quoteattr

from gtpipe.model import bookmarks
from gtpipe.model.level import CodeRef
from gtpipe.render.word.styles import STYLES


class Run(NamedTuple):
    """Text of one look. `style` is the id of a character style in `styles`: `Aside` for what is
    told beside the words.
    """

    text: str
    bold: bool = False
    italic: bool = False
    style: str = ""


class Xml(str):
    """A piece of a paragraph that the document itself made: where a bookmark or a comment begins or
    ends.
    """


Piece = str | Run | Xml

_HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_TYPES = "application/vnd.openxmlformats-officedocument.wordprocessingml"
_DRAWING = "http://schemas.openxmlformats.org/drawingml/2006"
_SPACES = (
    'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main" '
    f'xmlns:r="{_OFFICE}" xmlns:wp="{_DRAWING}/wordprocessingDrawing" '
    f'xmlns:a="{_DRAWING}/main" xmlns:pic="{_DRAWING}/picture"'
)
# Of when a code was given nothing is known; without a day, LibreOffice saves one that is none.
_DAY = "2000-01-01T00:00:00Z"
_EMU = 360_000  # English Metric Units in a centimetre
WIDEST, HIGHEST = 16.4, 22.0  # centimetres that a picture has on the page
_PAGE = (
    '<w:sectPr><w:footerReference w:type="default" r:id="rIdFooter"/>'
    '<w:pgSz w:w="11906" w:h="16838"/><w:pgMar w:top="1304" w:right="1304" w:bottom="1304" '
    'w:left="1304" w:header="680" w:footer="680" w:gutter="0"/></w:sectPr>'
)
_FOOTER = (
    f'{_HEAD}<w:ftr {_SPACES}><w:p><w:pPr><w:pStyle w:val="Footer"/></w:pPr>'
    '<w:r><w:fldChar w:fldCharType="begin"/></w:r>'
    '<w:r><w:instrText xml:space="preserve"> PAGE </w:instrText></w:r>'
    '<w:r><w:fldChar w:fldCharType="separate"/></w:r><w:r><w:t>1</w:t></w:r>'
    '<w:r><w:fldChar w:fldCharType="end"/></w:r></w:p></w:ftr>'
)
_SETTINGS = (
    f'{_HEAD}<w:settings {_SPACES}><w:compat><w:compatSetting w:name="compatibilityMode" '
    'w:uri="http://schemas.microsoft.com/office/word" w:val="15"/></w:compat></w:settings>'
)
_NUMBERING = (
    f'{_HEAD}<w:numbering {_SPACES}><w:abstractNum w:abstractNumId="0">'
    '<w:multiLevelType w:val="singleLevel"/><w:lvl w:ilvl="0"><w:start w:val="1"/>'
    '<w:numFmt w:val="bullet"/><w:lvlText w:val="•"/><w:lvlJc w:val="left"/>'
    '<w:pPr><w:ind w:left="425" w:hanging="283"/></w:pPr></w:lvl></w:abstractNum>'
    '<w:num w:numId="1"><w:abstractNumId w:val="0"/></w:num></w:numbering>'
)


class Document:
    """A document as it is written. `title` and `language` go into its properties."""

    def __init__(self, title: str, language: str = "en") -> None:
        self.title = title
        self.language = language
        self._body: list[str] = []
        self._comments: list[str] = []
        self._pictures: list[bytes] = []
        self._taken: dict[str, int] = {}  # name of a bookmark → how often it was asked for
        self._bookmarks = 0

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
        self._body.append(_paragraph(pieces, style))

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
        twips = [round(width * 567) for width in widths or [WIDEST / len(header)] * len(header)]
        grid = "".join(f'<w:gridCol w:w="{width}"/>' for width in twips)
        self._body.append(
            '<w:tbl><w:tblPr><w:tblStyle w:val="TableGrid"/>'
            f'<w:tblW w:w="{sum(twips)}" w:type="dxa"/><w:tblLayout w:type="fixed"/></w:tblPr>'
            f"<w:tblGrid>{grid}</w:tblGrid>"
        )
        bold = [piece if isinstance(piece, (Run, Xml)) else Run(piece, True) for piece in header]
        self._body.append(_row(bold, twips, "<w:trPr><w:cantSplit/><w:tblHeader/></w:trPr>"))
        self._body += (_row(row, twips) for row in rows)
        self._body.append("</w:tbl>")
        self.paragraph("", "AfterTable")  # two tables in a row would become one

    def picture(self, png: bytes, width: float = WIDEST, alt: str = "") -> None:
        """A picture, so many centimetres wide at most, that says in words what it shows."""
        pixels = struct.unpack(">II", png[16:24])
        width = min(width, WIDEST, HIGHEST * pixels[0] / pixels[1])
        size = [round(width * _EMU), round(width * _EMU * pixels[1] / pixels[0])]
        self._pictures.append(png)
        number = len(self._pictures)
        self.paragraph(
            Xml(
                '<w:r><w:drawing><wp:inline distT="0" distB="0" distL="0" distR="0">'
                f'<wp:extent cx="{size[0]}" cy="{size[1]}"/>'
                f'<wp:docPr id="{number}" name="Picture {number}" descr={_attribute(alt)}/>'
                f'<a:graphic><a:graphicData uri="{_DRAWING}/picture"><pic:pic>'
                f'<pic:nvPicPr><pic:cNvPr id="{number}" name="Picture {number}"/><pic:cNvPicPr/>'
                f'</pic:nvPicPr><pic:blipFill><a:blip r:embed="rIdPicture{number}"/>'
                "<a:stretch><a:fillRect/></a:stretch></pic:blipFill><pic:spPr><a:xfrm>"
                f'<a:off x="0" y="0"/><a:ext cx="{size[0]}" cy="{size[1]}"/></a:xfrm>'
                '<a:prstGeom prst="rect"><a:avLst/></a:prstGeom></pic:spPr></pic:pic>'
                "</a:graphicData></a:graphic></wp:inline></w:drawing></w:r>"
            ),
            "Picture",
        )

    def page_break(self) -> None:
        self.paragraph(Xml('<w:r><w:br w:type="page"/></w:r>'))

    # --- bookmarks and comments -------------------------------------------------------------------

    def bookmark(self, name: str) -> tuple[Xml, Xml]:
        """Where a bookmark begins and ends; a name that is taken gets a number behind it."""
        taken = self._taken[name] = self._taken.get(name, 0) + 1
        self._bookmarks += 1
        called = f"{name}_{taken}" if taken > 1 else name
        return (
            Xml(f'<w:bookmarkStart w:id="{self._bookmarks}" w:name="{called}"/>'),
            Xml(f'<w:bookmarkEnd w:id="{self._bookmarks}"/>'),
        )

    def comment(self, author: str, initials: str, text: str) -> tuple[Xml, Xml]:
        """A comment, by where it begins and where it ends; a bookmark there tells it from those
        that a reader adds.
        """
        number = len(self._comments)
        begin, end = self.bookmark(bookmarks.of_comment(number, author, text))
        lines = "".join(_paragraph(line, "CommentText") for line in text.split("\n"))
        self._comments.append(
            f'<w:comment w:id="{number}" w:author={_attribute(author)} '
            f'w:initials={_attribute(initials)} w:date="{_DAY}">{lines}</w:comment>'
        )
        return (
            Xml(f'{begin}<w:commentRangeStart w:id="{number}"/>'),
            Xml(
                f'<w:commentRangeEnd w:id="{number}"/><w:r><w:rPr>'
                f'<w:rStyle w:val="CommentReference"/></w:rPr><w:commentReference w:id="{number}"/>'
                f"</w:r>{end}"
            ),
        )

    # --- the file ---------------------------------------------------------------------------------

    def content(self) -> bytes:
        """The document as bytes."""
        out = io.BytesIO()
        with zipfile.ZipFile(out, "w") as archive:
            for name, content in self._parts().items():
                file = zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0))
                file.compress_type = zipfile.ZIP_DEFLATED
                archive.writestr(file, content, compresslevel=4)
        return out.getvalue()

    def _parts(self) -> dict[str, str | bytes]:
        pictures = {
            f"word/media/image{number}.png": png for number, png in enumerate(self._pictures, 1)
        }
        related = {
            "rIdStyles": ("styles", "styles.xml"),
            "rIdSettings": ("settings", "settings.xml"),
            "rIdNumbering": ("numbering", "numbering.xml"),
            "rIdFooter": ("footer", "footer1.xml"),
            "rIdComments": ("comments", "comments.xml"),
        } | {
            f"rIdPicture{number}": ("image", name.removeprefix("word/"))
            for number, name in enumerate(pictures, 1)
        }
        kinds = {"document": "document.main"} | {
            file.removesuffix(".xml"): kind
            for kind, file in related.values()
            if file.endswith(".xml")
        }
        overrides = "".join(
            f'<Override PartName="/word/{name}.xml" ContentType="{_TYPES}.{kind}+xml"/>'
            for name, kind in kinds.items()
        )
        core = "application/vnd.openxmlformats-package.core-properties+xml"
        return {
            "[Content_Types].xml": f'{_HEAD}<Types xmlns="{_PACKAGE}/content-types">'
            '<Default Extension="rels" '
            'ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
            '<Default Extension="png" ContentType="image/png"/>'
            f'<Override PartName="/docProps/core.xml" ContentType="{core}"/>{overrides}</Types>',
            "_rels/.rels": _relations(
                ("rIdDocument", f"{_OFFICE}/officeDocument", "word/document.xml"),
                (
                    "rIdCore",
                    f"{_PACKAGE}/relationships/metadata/core-properties",
                    "docProps/core.xml",
                ),
            ),
            "docProps/core.xml": f"{_HEAD}<cp:coreProperties "
            f'xmlns:cp="{_PACKAGE}/metadata/core-properties" '
            'xmlns:dc="http://purl.org/dc/elements/1.1/">'
            f"<dc:title>{_text(self.title)}</dc:title><dc:creator>gtpipe</dc:creator>"
            f"<dc:language>{_text(self.language)}</dc:language></cp:coreProperties>",
            "word/document.xml": f"{_HEAD}<w:document {_SPACES}><w:body>{''.join(self._body)}"
            f"{_PAGE}</w:body></w:document>",
            "word/_rels/document.xml.rels": _relations(
                *((id, f"{_OFFICE}/{kind}", file) for id, (kind, file) in related.items())
            ),
            "word/styles.xml": STYLES.replace("{language}", _text(self.language)),
            "word/settings.xml": _SETTINGS,
            "word/numbering.xml": _NUMBERING,
            "word/footer1.xml": _FOOTER,
            "word/comments.xml": f"{_HEAD}<w:comments {_SPACES}>{''.join(self._comments)}"
            "</w:comments>",
            **pictures,
        }


def _relations(*related: tuple[str, str, str]) -> str:
    inside = "".join(
        f'<Relationship Id="{id}" Type="{kind}" Target="{target}"/>' for id, kind, target in related
    )
    return f'{_HEAD}<Relationships xmlns="{_PACKAGE}/relationships">{inside}</Relationships>'


def _paragraph(pieces: Piece | Iterable[Piece], style: str = "") -> str:
    settings = f'<w:pStyle w:val="{style}"/>' if style else ""
    parts = (pieces,) if isinstance(pieces, (str, Run)) else pieces
    return f"<w:p><w:pPr>{settings}</w:pPr>{''.join(map(_piece, parts))}</w:p>"


def _piece(piece: Piece) -> str:
    if isinstance(piece, Xml):
        return piece
    if isinstance(piece, str):
        return f"<w:r>{_words(piece)}</w:r>" if piece else ""
    look = f'<w:rStyle w:val="{piece.style}"/>' if piece.style else ""
    look += "<w:b/>" * piece.bold + "<w:i/>" * piece.italic
    return f"<w:r><w:rPr>{look}</w:rPr>{_words(piece.text)}</w:r>"


_LINE = '</w:t><w:br/><w:t xml:space="preserve">'
_TAB = '</w:t><w:tab/><w:t xml:space="preserve">'


def _words(text: str) -> str:
    return (
        '<w:t xml:space="preserve">'
        + _text(text).replace("\n", _LINE).replace("\t", _TAB)
        + "</w:t>"
    )


def _text(text: str) -> str:
    return escape(bookmarks.clean(text))


def _attribute(text: str) -> str:
    return quoteattr(bookmarks.clean(text))


def _row(cells: Sequence[Piece | Sequence[Piece]], twips: list[int], settings: str = "") -> str:
    inside = "".join(
        f'<w:tc><w:tcPr><w:tcW w:w="{width}" w:type="dxa"/></w:tcPr>{_paragraph(cell, "Cell")}'
        "</w:tc>"
        for cell, width in zip(cells, twips, strict=True)
    )
    return f"<w:tr>{settings or '<w:trPr><w:cantSplit/></w:trPr>'}{inside}</w:tr>"
