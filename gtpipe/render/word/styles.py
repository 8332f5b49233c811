"""The styles of the documents, by the ids that `Document.paragraph` and `Run` take.

Plain, in black and grey, so that they print. Those that Word knows by name come from python-docx's
template and keep what makes them headings and lists; their look is ours.
"""

from __future__ import annotations

from typing import Any, NamedTuple

from docx.enum.style import WD_STYLE_TYPE
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Cm, Pt, RGBColor
from docx.styles.styles import Styles


class _Look(NamedTuple):
    """`size` of the letters in points, 0 as in the style that it is `based` on (a style of letters
    is based on none); `paragraph` as python-docx's `ParagraphFormat` names it.
    """

    id: str
    name: str
    size: float
    paragraph: dict[str, Any] = {}  # noqa: RUF012
    is_bold: bool = False
    is_grey: bool = False
    based: str = "Normal"


def _heading(level: int, size: float) -> _Look:
    shape = {"space_before": Pt(24 - 4 * level), "space_after": Pt(6)}
    return _Look(f"Heading{level}", f"Heading {level}", size, shape, is_bold=True)


_LOOKS = (
    _Look("Normal", "Normal", 11, {"space_after": Pt(6), "line_spacing": 1.1}, based=""),
    _Look("Title", "Title", 20, {"space_after": Pt(12)}, is_bold=True),
    *(_heading(level, size) for level, size in ((1, 16), (2, 13), (3, 12), (4, 11))),
    # A turn of an interview: its id, its line, then who speaks and the words.
    _Look("Turn", "Turn", 0, {"left_indent": Cm(2.5), "first_line_indent": Cm(-2.5)}),
    _Look("Interviewer", "Turn of the interviewer", 0, is_grey=True, based="Turn"),
    _Look("Quote", "Quote", 0, {"left_indent": Cm(1), "right_indent": Cm(1)}),
    _Look("Details", "Details", 0, {"space_after": Pt(10)}, is_grey=True),
    _Look("ListBullet", "List Bullet", 0, {"space_after": Pt(3)}),
    _Look("Picture", "Picture", 0, {"keep_with_next": True, "space_before": Pt(6)}),
    _Look("Caption", "Caption", 10, is_grey=True),
    _Look(
        "Cell",
        "Cell of a table",
        9.5,
        {"space_before": Pt(2), "space_after": Pt(2), "line_spacing": 1.0},
    ),
    _Look("AfterTable", "After a table", 4),
    _Look("Footer", "Footer", 9, {"alignment": WD_ALIGN_PARAGRAPH.CENTER}, is_grey=True),
    _Look("CommentText", "annotation text", 10, {"space_after": Pt(0)}),
    _Look("CommentReference", "annotation reference", 8, based=""),
    _Look("Aside", "Aside", 9, is_grey=True, based=""),
)
# Fonts and colours of the template's theme would win over ours.
_LOOK_OF_THE_TEMPLATE = (
    "w:rPr | w:pPr/*[not(self::w:keepNext|self::w:keepLines|self::w:numPr|self::w:outlineLvl)]"
)


def set_up(styles: Styles, language: str) -> None:
    """Give the styles of a new document their look."""
    for style in [*styles]:
        if style.type == WD_STYLE_TYPE.TABLE and style.name not in ("Normal Table", "Table Grid"):
            style.delete()  # a hundred that nothing here uses
    for look in _LOOKS:
        _set_up(styles, look)
    styles["Normal"].font.name = "Calibri"
    for place in (Cm(0.9), Cm(2.5)):
        styles["Turn"].paragraph_format.tab_stops.add_tab_stop(place)
    grid = styles["Table Grid"].element
    for line in grid.xpath(".//w:tblBorders/*"):
        line.set(qn("w:color"), "A6A6A6")
    for margin in grid.xpath(".//w:tblCellMar/w:left | .//w:tblCellMar/w:right"):
        margin.set(qn("w:w"), "85")
    for default in styles.element.xpath("w:docDefaults//w:lang"):
        default.set(qn("w:val"), language)


def _set_up(styles: Styles, look: _Look) -> None:
    kind = WD_STYLE_TYPE.PARAGRAPH if look.based else WD_STYLE_TYPE.CHARACTER
    if look.name not in styles:
        styles.add_style(look.name, kind, builtin=look.id.startswith("Comment"))
    style = styles[look.name]
    style.style_id = look.id
    for element in style.element.xpath(_LOOK_OF_THE_TEMPLATE):
        element.getparent().remove(element)
    if look.based:
        style.base_style = styles[look.based]
    for what, value in look.paragraph.items():
        setattr(style.paragraph_format, what, value)
    style.font.bold = look.is_bold or None
    if look.is_grey:
        style.font.color.rgb = RGBColor(0x59, 0x59, 0x59)
    if look.size:
        style.font.size = Pt(look.size)
        size = style.element.rPr.find(qn("w:sz"))
        size.addnext(OxmlElement("w:szCs", dict(size.attrib)))  # of Hebrew and Arabic letters
