"""The styles of the documents, by the ids that `Document.paragraph` and `Run` take.

Plain, in black and grey, so that they print; sizes in half points, distances in twentieths.
"""

from __future__ import annotations

_MAIN = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_GREY = '<w:color w:val="595959"/>'


def _size(half_points: int) -> str:
    return f'<w:sz w:val="{half_points}"/><w:szCs w:val="{half_points}"/>'


def _style(
    id: str, name: str, paragraph: str = "", letters: str = "", based: str = "Normal"
) -> str:
    return (
        f'<w:style w:type="paragraph" w:styleId="{id}"><w:name w:val="{name}"/>'
        f'<w:basedOn w:val="{based}"/><w:qFormat/><w:pPr>{paragraph}</w:pPr>'
        f"<w:rPr>{letters}</w:rPr></w:style>"
    )


def _heading(level: int, half_points: int) -> str:
    return _style(
        f"Heading{level}",
        f"heading {level}",
        f'<w:keepNext/><w:keepLines/><w:spacing w:before="{480 - 80 * level}" w:after="120"/>'
        f'<w:outlineLvl w:val="{level - 1}"/>',
        f"<w:b/>{_size(half_points)}",
    )


def _letters(id: str, name: str, look: str) -> str:
    return (
        f'<w:style w:type="character" w:styleId="{id}"><w:name w:val="{name}"/>'
        f"<w:rPr>{look}</w:rPr></w:style>"
    )


_TURN = (
    '<w:tabs><w:tab w:val="left" w:pos="510"/><w:tab w:val="left" w:pos="1418"/></w:tabs>'
    '<w:spacing w:after="120"/><w:ind w:left="1418" w:hanging="1418"/>'
)
_BORDERS = "".join(
    f'<w:{side} w:val="single" w:sz="4" w:space="0" w:color="A6A6A6"/>'
    for side in ("top", "left", "bottom", "right", "insideH", "insideV")
)

STYLES = "".join(
    (
        '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
        f'<w:styles xmlns:w="{_MAIN}"><w:docDefaults><w:rPrDefault><w:rPr>'
        '<w:rFonts w:ascii="Calibri" w:hAnsi="Calibri" w:cs="Calibri" w:eastAsia="Calibri"/>'
        f'{_size(22)}<w:lang w:val="{{language}}"/></w:rPr></w:rPrDefault><w:pPrDefault/>'
        '</w:docDefaults><w:style w:type="paragraph" w:default="1" w:styleId="Normal">'
        '<w:name w:val="Normal"/><w:qFormat/><w:pPr>'
        '<w:spacing w:after="120" w:line="264" w:lineRule="auto"/></w:pPr></w:style>'
        '<w:style w:type="character" w:default="1" w:styleId="DefaultParagraphFont">'
        '<w:name w:val="Default Paragraph Font"/></w:style>'
        '<w:style w:type="table" w:default="1" w:styleId="TableNormal">'
        '<w:name w:val="Normal Table"/><w:tblPr><w:tblInd w:w="0" w:type="dxa"/><w:tblCellMar>'
        '<w:left w:w="85" w:type="dxa"/><w:right w:w="85" w:type="dxa"/></w:tblCellMar></w:tblPr>'
        "</w:style>",
        _style("Title", "Title", '<w:spacing w:after="240"/>', f"<w:b/>{_size(40)}"),
        *(_heading(level, size) for level, size in ((1, 32), (2, 26), (3, 24), (4, 22))),
        # A turn of an interview: its id, its line, then who speaks and the words.
        _style("Turn", "Turn", _TURN),
        _style("Interviewer", "Turn of the interviewer", "", _GREY, "Turn"),
        _style("Quote", "Quote", '<w:ind w:left="567" w:right="567"/>', ""),
        _style("Details", "Details", '<w:spacing w:after="200"/>', _GREY),
        _style(
            "ListBullet",
            "List Bullet",
            '<w:numPr><w:numId w:val="1"/></w:numPr><w:spacing w:after="60"/>'
            '<w:ind w:left="425" w:hanging="283"/>',
        ),
        _style("Picture", "Picture", '<w:keepNext/><w:spacing w:before="120"/>'),
        _style("Caption", "caption", "", f"{_GREY}{_size(20)}"),
        _style(
            "Cell",
            "Cell of a table",
            '<w:spacing w:before="40" w:after="40" w:line="240" w:lineRule="auto"/>',
            _size(19),
        ),
        _style("AfterTable", "After a table", '<w:spacing w:after="120"/>', _size(8)),
        _style("Footer", "footer", '<w:jc w:val="center"/>', f"{_GREY}{_size(18)}"),
        _style("CommentText", "annotation text", '<w:spacing w:after="0"/>', _size(20)),
        _letters("CommentReference", "annotation reference", _size(16)),
        _letters("Aside", "Aside", f"{_GREY}{_size(18)}"),
        '<w:style w:type="table" w:styleId="TableGrid"><w:name w:val="Table Grid"/>'
        '<w:basedOn w:val="TableNormal"/><w:tblPr><w:tblBorders>'
        f"{_BORDERS}</w:tblBorders></w:tblPr></w:style></w:styles>",
    )
)
