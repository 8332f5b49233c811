"""Office documents and web pages: whose words, in which order, and everything else told
as standing aside."""

from __future__ import annotations

import io
import time
import zipfile

import docx as python_docx
import odfdo
import pytest
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls
from hypothesis import given, settings
from hypothesis import strategies as st

from gtpipe.analysis.coverage import lost_words
from gtpipe.analysis.speakers import Roles, interview_of
from gtpipe.model.problems import UserError
from gtpipe.readers import archive
from gtpipe.readers.documents import docx, html, odt, rtf
from gtpipe.readers.notices import notice
from gtpipe.readers.reading import Hints

KNOWN = Hints(frozenset({"I", "Ana"}))
READERS = {module.READER.name: module.READER for module in (docx, odt, rtf, html)}


def read(form, content, hints=KNOWN):
    """Read, and proved: every word is a turn's, left out or aside, and a second reading that knows
    the labels is the same."""
    reader = READERS[form]
    assert reader.shows(content)
    reading = reader.read(content, "x." + form, hints)
    interview, _ = interview_of(reading, "x", "x", Roles())
    assert lost_words(reading, interview, reader.control_text(content)) == ""
    known = Hints(frozenset(reading.labels()), only_known=True, shape=reading.shape)
    again = reader.read(content, "x." + form, known)
    assert again.turns == reading.turns and not again.doubts
    return reading


def said(reading):
    return [(turn.label, turn.text) for turn in reading.turns]


def aside(reading):
    return [(aside.number, aside.what, aside.words) for aside in reading.asides]


def refused(form, content, hints=KNOWN):
    with pytest.raises(UserError) as refusal:
        READERS[form].read(content, "in/x." + form, hints)
    (problem,) = refusal.value.problems
    assert problem.path == "in/x." + form and problem.do
    return problem.what


def saved(document):
    file = io.BytesIO()
    document.save(file)
    return file.getvalue()


def word(*paragraphs):
    """A Word document; a paragraph is a string, or (bold words, others)."""
    document = python_docx.Document()
    for paragraph in paragraphs:
        if isinstance(paragraph, str):
            document.add_paragraph(paragraph)
        else:
            added = document.add_paragraph()
            added.add_run(paragraph[0]).bold = True
            added.add_run(paragraph[1])
    return document


def with_xml(*paragraphs):
    """A Word document of paragraphs given as what stands inside <w:p>."""
    document = python_docx.Document()
    for inside in paragraphs:
        document.element.body.insert(
            -1,
            parse_xml(
                f"<w:p {nsdecls('w')} "
                'xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006" '
                'xmlns:wps="http://schemas.microsoft.com/office/word/2010/wordprocessingShape">'
                f"{inside}</w:p>"
            ),
        )
    return saved(document)


def run(words):
    return f'<w:r><w:t xml:space="preserve">{words}</w:t></w:r>'


def rewritten(content, name, change):
    """The archive with one file inside changed."""
    file = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(content)) as old,
        zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as new,
    ):
        for other in old.infolist():
            new.writestr(
                other, change(old.read(other)) if other.filename == name else old.read(other)
            )
    return file.getvalue()


def opendocument(*paragraphs, extra="", styles="", body=""):
    """An OpenDocument text whose content.xml is written by hand; a paragraph is what
    stands inside <text:p>."""
    document = odfdo.Document("text")
    inside = body or "".join(f"<text:p>{paragraph}</text:p>" for paragraph in paragraphs)
    names = " ".join(
        f'xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{full}:1.0"'
        for name, full in (
            ("office", "office"),
            ("text", "text"),
            ("table", "table"),
            ("style", "style"),
            ("draw", "drawing"),
            ("fo", "xsl-fo-compatible"),
            ("svg", "svg-compatible"),
        )
    )
    xml = (
        '<?xml version="1.0" encoding="UTF-8"?>'
        f'<office:document-content {names} xmlns:dc="http://purl.org/dc/elements/1.1/" '
        f'office:version="1.3"><office:automatic-styles>{styles}</office:automatic-styles>'
        f"<office:body><office:text>{extra}{inside}</office:text></office:body>"
        "</office:document-content>"
    )
    return rewritten(saved(document), "content.xml", lambda _: xml.encode())


def rich(body):
    return (
        r"{\rtf1\ansi\ansicpg1252\deff0{\fonttbl{\f0\fswiss\fcharset0 Arial;}"
        r"{\f1\fnil\fcharset204 Arial Cyr;}}" + "\n" + body + "}"
    ).encode("cp1252")


def page(body):
    return (
        f'<!DOCTYPE html>\n<html><head><meta charset="utf-8"><style>p {{ color: red }}</style>'
        f"</head><body>{body}</body></html>"
    ).encode()


# Word


def test_a_word_transcript_with_bold_names_keeps_tabs_breaks_and_every_sign():
    content = saved(
        word(
            ("I:", " So\thow was it?"),
            ("Ana:", " Well, er …\n[laughs] it’s *fine* & <ok>."),
            "And then I left.",
            ("I:", " Oh."),
        )
    )
    reading = read("docx", content)
    assert said(reading) == [
        ("I", "So\thow was it?"),
        ("Ana", "Well, er …\n[laughs] it’s *fine* & <ok>.\n\nAnd then I left."),
        ("I", "Oh."),
    ]
    assert [turn.line for turn in reading.turns] == [1, 2, 4] and reading.unit == "paragraph"


def test_words_before_the_first_speaker_are_left_out_by_paragraph():
    reading = read("docx", saved(word("Interview 3", "", "Ward 2", "I: So?", "Ana: Yes.")))
    assert reading.left_out == ((1, "Interview 3"), (2, "Ward 2"))


def test_tracked_changes_are_accepted_and_deletions_are_counted():
    deleted = '<w:del w:id="1" w:author="PM"><w:r><w:delText>never said</w:delText></w:r></w:del>'
    inserted = f'<w:ins w:id="2" w:author="PM">{run("put in")}</w:ins>'
    away = f'<w:moveFrom w:id="3" w:author="PM">{run("wandering")}</w:moveFrom>'
    here = f'<w:moveTo w:id="4" w:author="PM">{run(" wandering")}</w:moveTo>'
    reading = read("docx", with_xml(run("I: So?"), run("Ana: ") + away + deleted + inserted + here))
    assert said(reading)[1] == ("Ana", "put in wandering")
    assert reading.remarks == (
        "1 tracked deletion accepted: the deleted words are left out",
        "1 passage moved under tracked changes: read where it was moved to",
    )


def test_a_paragraph_whose_end_was_deleted_goes_on_in_the_next():
    joined = '<w:pPr><w:rPr><w:del w:id="1" w:author="PM"/></w:rPr></w:pPr>'
    reading = read("docx", with_xml(run("I: So?"), joined + run("Ana: It was awk"), run("ward.")))
    assert said(reading)[1] == ("Ana", "It was awkward.")


def test_field_codes_are_no_words_and_links_hyphens_and_symbols_are():
    field = (
        '<w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText>REF x</w:instrText></w:r>'
    )
    link = f'<w:hyperlink w:anchor="x">{run("the ward")}</w:hyperlink>'
    signs = (
        "<w:r><w:t>well</w:t><w:noBreakHyphen/><w:t>k</w:t><w:softHyphen/><w:t>nown</w:t>"
        '<w:sym w:font="Wingdings" w:char="F04A"/></w:r>'
    )
    control = (
        '<w:sdt><w:sdtPr><w:alias w:val="x"/></w:sdtPr>'
        f"<w:sdtContent>{run(' really')}</w:sdtContent></w:sdt>"
    )
    reading = read("docx", with_xml(run("Ana: at ") + field + link + run(" ") + signs + control))
    assert said(reading) == [("Ana", "at the ward well-known\uf04a really")]
    assert reading.remarks == ("1 sign of a symbol font, which may look otherwise here",)


def test_a_space_that_stands_by_itself_in_the_file_keeps_words_apart():
    reading = read(
        "docx",
        with_xml(
            run("Ana:")
            + run(" ")
            + run("well")
            + "<w:r><w:t> </w:t></w:r>"
            + run("yes")
            + "<w:r><w:tab/></w:r>"
            + run("no")
        ),
    )
    assert said(reading) == [("Ana", "well yes\tno")]
    content = opendocument(
        "Ana:<text:span> </text:span><text:span>well</text:span><text:s/>"
        "<text:span>yes</text:span> <text:span>no</text:span>"
    )
    assert said(read("odt", content)) == [("Ana", "well yes no")]
    assert said(read("html", page("<p><b>Ana:</b> <i>well</i> <i>yes</i><i> </i>no"))) == [
        ("Ana", "well yes no")
    ]
    assert said(read("rtf", rich(r"{\b Ana:}{ }{\i well}{ }{\i yes}\~no\par"))) == [
        ("Ana", "well yes\xa0no")
    ]


def test_hidden_words_are_words():
    reading = read(
        "docx",
        with_xml(
            '<w:r><w:rPr><w:vanish/></w:rPr><w:t xml:space="preserve">Ana: </w:t></w:r>'
            + run("Yes.")
        ),
    )
    assert said(reading) == [("Ana", "Yes.")] and reading.remarks == (
        "1 hidden passage read like the rest",
    )


def test_a_text_box_stands_aside_once_though_it_is_saved_twice():
    box = f"<w:txbxContent><w:p>{run('Recorded in May')}</w:p></w:txbxContent>"
    both = (
        f'<w:r><mc:AlternateContent><mc:Choice Requires="wps"><wps:txbx>{box}</wps:txbx>'
        "</mc:Choice>"
        f"<mc:Fallback><w:pict>{box}</w:pict></mc:Fallback></mc:AlternateContent></w:r>"
    )
    reading = read("docx", with_xml(run("I: So?"), run("Ana: Yes.") + both))
    assert said(reading)[1] == ("Ana", "Yes.") and aside(reading) == [
        (2, "text box", "Recorded in May")
    ]


def test_comments_headers_and_footers_stand_aside():
    document = word("I: So?", "Ana: Yes.")
    document.sections[0].header.paragraphs[0].text = "Study of wards"
    document.sections[0].footer.paragraphs[0].text = "page"
    document.add_comment(document.paragraphs[1].runs, text="She hesitates", author="PM")
    reading = read("docx", saved(document))
    assert said(reading) == [("I", "So?"), ("Ana", "Yes.")]
    assert aside(reading) == [
        (1, "header", "Study of wards"),
        (1, "footer", "page"),
        (2, "comment", "She hesitates"),
    ]


def test_footnotes_stand_aside_with_the_paragraph_they_hang_on():
    content = with_xml(
        run("I: So?"), run("Ana: Yes.") + '<w:r><w:footnoteReference w:id="2"/></w:r>'
    )
    notes = (
        f'<w:footnotes {nsdecls("w")}><w:footnote w:id="2"><w:p>{run("nods")}</w:p></w:footnote>'
        "</w:footnotes>"
    )
    kind = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/footnotes"
    content = rewritten(
        content,
        "word/_rels/document.xml.rels",
        lambda xml: xml.replace(
            b"</Relationships>",
            (
                f'<Relationship Id="rId99" Type="{kind}" Target="footnotes.xml"/></Relationships>'
            ).encode(),
        ),
    )
    file = io.BytesIO(content)
    with zipfile.ZipFile(file, "a") as package:
        package.writestr("word/footnotes.xml", notes)
    assert aside(read("docx", file.getvalue())) == [(2, "footnote", "nods")]


def table_of(*rows, before=()):
    document = word(*before)
    table = document.add_table(len(rows), len(rows[0]))
    for row, cells in zip(table.rows, rows, strict=True):
        for cell, words in zip(row.cells, cells, strict=True):
            cell.text = words
    return document


def test_a_table_with_a_speaker_column_is_read_by_its_rows():
    document = table_of(
        ("Speaker", "Words"),
        ("I", "So?"),
        ("Ana", "Yes.\nA bit."),
        ("I", "And?"),
        before=("Interview 3",),
    )
    document.add_paragraph("End of recording")
    reading = read("docx", saved(document))
    assert said(reading) == [("I", "So?"), ("Ana", "Yes.\nA bit."), ("I", "And?")]
    assert reading.left_out == ((1, "Interview 3"),)
    assert (6, "paragraph outside the tables", "End of recording") in aside(reading)


def test_a_table_that_goes_on_in_another_needs_one_header():
    document = table_of(("Speaker", "Words"), ("I", "So?"), ("Ana", "Yes."))
    document.add_page_break()
    table = document.add_table(1, 2)
    table.cell(0, 0).text, table.cell(0, 1).text = "I", "Why?"
    assert said(read("docx", saved(document))) == [("I", "So?"), ("Ana", "Yes."), ("I", "Why?")]


def test_a_table_about_the_interview_above_labelled_paragraphs_is_left_out():
    document = table_of(("Date", "3 May"), ("Place", "ward"))
    for words in ("I: So?", "Ana: Yes.", "I: And?", "Ana: No."):
        document.add_paragraph(words)
    reading = read("docx", saved(document))
    assert said(reading) == [("I", "So?"), ("Ana", "Yes."), ("I", "And?"), ("Ana", "No.")]
    assert [words for _, words in reading.left_out] == ["Date", "3 May", "Place", "ward"]


def test_one_speaker_s_table_stands_whatever_is_said_around_it():
    document = table_of(
        ("Speaker", "Words"),
        ("Ana", "Yes."),
        before=("Interview 3", "Ward 2, a quiet afternoon in May"),
    )
    document.add_paragraph("Here the recording ends")
    assert said(read("docx", saved(document))) == [("Ana", "Yes.")]


def test_a_monologue_under_a_table_about_the_interview_is_not_in_the_table():
    document = table_of(("Date", "3 May"), ("Place", "the ward upstairs"))
    document.add_paragraph(
        "It began when my sister fell ill, and nobody came to see her for weeks on end."
    )
    document.add_paragraph("So I went.")
    reading = read("docx", saved(document), Hints(monologue="Ana"))
    assert said(reading)[-1] == ("Ana", "So I went.")


def test_a_table_of_one_column_is_paragraphs():
    reading = read("docx", saved(table_of(("I: So?",), ("Ana: Yes.",), ("And no.",))))
    assert said(reading) == [("I", "So?"), ("Ana", "Yes.\n\nAnd no.")]


def test_bold_characters_at_the_beginning_of_a_line_are_counted_styles_included():
    document = word(("Ana", " went\non"))
    document.styles["Heading 1"].font.bold = True
    document.add_paragraph("Part two", style="Heading 1")
    walk = docx.walk_of(python_docx.Document(io.BytesIO(saved(document))).part, "x")
    assert [block.lines for block in walk.document.blocks] == [
        (("Ana went", 3, 0), ("on", 0, 0)),
        (("Part two", 8, 0),),
    ]


def test_a_word_document_with_macros_is_refused_with_what_to_do():
    content = rewritten(
        saved(word("I: So?")),
        "[Content_Types].xml",
        lambda xml: xml.replace(
            b"application/vnd.openxmlformats-officedocument.wordprocessingml.document.main",
            b"application/vnd.ms-word.document.macroEnabled.main",
        ),
    )
    assert "with macros" in refused("docx", content)


def test_a_word_document_that_takes_in_another_is_refused():
    content = rewritten(
        saved(word("I: So?")),
        "word/document.xml",
        lambda xml: xml.replace(b"<w:sectPr", b"<w:altChunk/><w:sectPr"),
    )
    assert refused("docx", content) == "this Word document holds another document inside"


# OpenDocument


def test_an_opendocument_transcript_keeps_spaces_tabs_and_breaks():
    content = opendocument(
        'I: So<text:tab/>how<text:s text:c="3"/>was it?',
        "<text:span>Ana</text:span>: Well,<text:line-break/>[laughs] &lt;ok&gt;.",
        "More.",
    )
    assert said(read("odt", content)) == [
        ("I", "So\thow was it?"),
        ("Ana", "Well,\n[laughs] <ok>.\n\nMore."),
    ]


def test_an_opendocument_written_by_a_library_is_read():
    document = odfdo.Document("text")
    document.body.clear()
    for words in ("I: So?", "Ana: Well  yes."):
        document.body.append(odfdo.Paragraph(words))
    document.body.get_paragraphs()[1].insert_annotation(after="Well", body="She nods", creator="PM")
    document.body.get_paragraphs()[1].insert_note(
        after="yes", note_id="n1", citation="1", body="said twice"
    )
    reading = read("odt", saved(document))
    assert said(reading) == [("I", "So?"), ("Ana", "Well  yes.")]
    assert aside(reading) == [(2, "comment", "She nods"), (2, "footnote", "said twice")]


def test_opendocument_deletions_are_no_words_and_are_counted():
    deleted = (
        '<text:tracked-changes><text:changed-region text:id="c1"><text:deletion>'
        "<office:change-info><dc:creator>PM</dc:creator>"
        "</office:change-info><text:p>never said</text:p></text:deletion></text:changed-region>"
        "</text:tracked-changes>"
    )
    reading = read(
        "odt", opendocument("I: So?", 'Ana: Yes<text:change text:change-id="c1"/>.', extra=deleted)
    )
    assert said(reading)[1] == ("Ana", "Yes.") and reading.remarks[0].startswith(
        "1 tracked deletion "
    )


def test_opendocument_lists_sections_and_text_boxes():
    body = (
        "<text:section><text:list><text:list-item><text:p>I: So?</text:p></text:list-item>"
        "</text:list></text:section>"
        "<text:p>Ana: Yes.<draw:frame><draw:text-box><text:p>Ward 2</text:p></draw:text-box>"
        "<svg:desc>a box</svg:desc></draw:frame></text:p>"
    )
    reading = read("odt", opendocument(body=body))
    assert said(reading) == [("I", "So?"), ("Ana", "Yes.")] and aside(reading) == [
        (2, "text box", "Ward 2")
    ]


def test_an_opendocument_table_with_a_speaker_column():
    rows = "".join(
        f"<table:table-row><table:table-cell><text:p>{who}</text:p></table:table-cell>"
        f"<table:table-cell><text:p>{words}</text:p>"
        "</table:table-cell></table:table-row>"
        for who, words in (("Speaker", "Words"), ("I", "So?"), ("Ana", "Yes."))
    )
    assert said(read("odt", opendocument(body=f"<table:table>{rows}</table:table>"))) == [
        ("I", "So?"),
        ("Ana", "Yes."),
    ]


def test_opendocument_headers_and_footers_stand_aside():
    def with_header(xml):
        start = xml.index(b"<style:master-page")
        end = xml.index(b">", start)
        name = xml[start:end].rstrip(b"/")
        rest = (
            xml[end + 1 :]
            if xml[end - 1 : end] == b"/"
            else xml[xml.index(b"</style:master-page>", end) + 20 :]
        )
        return (
            xml[:start]
            + name
            + (
                b"><style:header><text:p>Study of wards</text:p></style:header><style:footer>"
                b"<text:p>3 May</text:p>"
                b"</style:footer></style:master-page>"
            )
            + rest
        )

    content = rewritten(opendocument("I: So?", "Ana: Yes."), "styles.xml", with_header)
    assert aside(read("odt", content)) == [(1, "header", "Study of wards"), (1, "footer", "3 May")]


def test_an_opendocument_in_one_file_is_read():
    with zipfile.ZipFile(io.BytesIO(opendocument("I: So?", "Ana: Yes."))) as package:
        xml = package.read("content.xml")
    flat = xml.replace(
        b"office:document-content ",
        b'office:document office:mimetype="application/vnd.oasis.opendocument.text" ',
    ).replace(b"/office:document-content", b"/office:document")
    assert said(read("odt", flat)) == [("I", "So?"), ("Ana", "Yes.")]


def test_opendocument_bold_comes_from_styles():
    styles = (
        '<style:style style:name="T1" style:family="text">'
        '<style:text-properties fo:font-weight="bold"/></style:style>'
    )
    root = archive.xml_of(
        odt.files_in(
            opendocument('<text:span text:style-name="T1">Ana</text:span> yes', styles=styles), "x"
        )[0],
        "x",
        "text",
    )
    walk = odt.Walk(odt._styles(root))
    walk.body(root.find(".//{urn:oasis:names:tc:opendocument:xmlns:office:1.0}text"))
    assert walk.document.blocks[0].lines == (("Ana yes", 3, 0),)


# Rich text


def test_a_rich_text_transcript_keeps_signs_of_every_code_page():
    content = rich(
        r"\pard{\b I:} So\tab caf\'e9\line\{x\}?\par"
        "\n"
        r"{\b Ana}: {\f1\'ef\'f0\'e8\'e2} \u-10179?\u-8704? \ldblquote er\rdblquote  non\_stop\par"
    )
    assert said(read("rtf", content)) == [("I", "So\tcafé\n{x}?"), ("Ana", "прив 😀 “er” non-stop")]


def test_rich_text_notes_comments_headers_and_boxes_stand_aside():
    content = rich(
        r"{\header\pard Study\par}\pard I: So?\par Ana: "
        r"Yes.{\super\chftn{\footnote\pard nods\par}} And"
        r"{\*\atnid PM}{\*\atnauthor Pat}\chatn{\*\annotation\pard Look\par} "
        r"no.{\shp{\*\shpinst{\shptxt\pard Box\par}}}\par"
    )
    reading = read("rtf", content)
    assert said(reading) == [("I", "So?"), ("Ana", "Yes. And no.")]
    assert aside(reading) == [
        (1, "header", "Study"),
        (2, "footnote", "nods"),
        (2, "comment", "Look"),
        (2, "text box", "Box"),
    ]


def test_rich_text_deletions_pictures_and_field_codes_are_no_words():
    content = rich(
        r'\pard I: So?\par Ana: {\field{\*\fldinst{HYPERLINK "http://x.y/"}}{\fldrslt here}}'
        r"{\deleted gone} yes"
        r"{\*\shppict{\pict\pngblip 89504e47}}{\pict\bin4 }}{{}.\par"
    )
    reading = read("rtf", content)
    assert said(reading)[1] == ("Ana", "here yes.") and reading.remarks[0].startswith(
        "1 tracked deletion "
    )


def test_a_rich_text_table_with_a_speaker_column_and_a_bar_among_the_words():
    row = r"\trowd\cellx2000\cellx8000\pard\intbl %s\cell %s\cell\row" "\n"
    content = rich(
        r"Ward 2\par"
        + "".join(
            row % cells
            for cells in (("Speaker", "Words"), ("I", "So|so?"), ("Ana", r"Yes.\par No."))
        )
        + r"\pard End\par"
    )
    reading = read("rtf", content)
    assert said(reading) == [("I", "So|so?"), ("Ana", "Yes.\nNo.")]
    assert reading.left_out == ((1, "Ward 2"),) and (
        5,
        "paragraph outside the tables",
        "End",
    ) in aside(reading)


def test_rich_text_as_a_macintosh_writes_it():
    content = (
        b"{\\rtf1\\ansi\\ansicpg1252\\cocoartf2709\n"
        b"{\\fonttbl\\f0\\fswiss\\fcharset0 Helvetica;\\f1\\fswiss\\fcharset0 Helvetica-Bold;}\n"
        b"{\\colortbl;\\red255\\green255\\blue255;}\n\\pard\\tx720\n\n\\f1\\b\\fs24 \\cf0 I:\n"
        b"\\f0\\b0  So?\\\n\\\n"
        b"\\f1\\b Ana:\n\\f0\\b0  Caf\\'e9 \\'96 yes.\\\nAnd more.}"
    )
    assert said(read("rtf", content)) == [("I", "So?"), ("Ana", "Café – yes.\nAnd more.")]


def test_rich_text_that_ends_before_its_end_is_refused():
    assert (
        refused("rtf", rich(r"I: So?\par Ana: Yes.\par")[:-9])
        == "this rich text document is damaged or was not saved to its end"
    )


# Web pages


def test_a_web_page_is_read_as_it_shows():
    content = page(
        "<h1>Interview</h1><p><b>I:</b> So,\n"
        " how &amp; why?</p><div>Ana: Well,<br>er&nbsp;&lt;ok&gt;<script>x()</script></div>"
        "<p>M<i>or</i>e."
    )
    reading = read("html", content)
    assert said(reading) == [("I", "So, how & why?"), ("Ana", "Well,\ner\xa0<ok>\n\nMore.")]
    assert reading.left_out == ((1, "Interview"),)


def test_a_web_page_of_one_block_with_breaks_has_its_turns_at_the_breaks():
    assert said(read("html", page("I: So?<br><br>Ana: Yes.<br>No."))) == [
        ("I", "So?"),
        ("Ana", "Yes.\nNo."),
    ]


def test_a_web_page_table_with_a_speaker_column():
    rows = "".join(
        f"<tr><td>{who}<td>{words}"
        for who, words in (("Speaker", "Words"), ("I", "So?"), ("Ana", "<p>Yes.<p>No."))
    )
    assert said(read("html", page(f"<table>{rows}</table>"))) == [
        ("I", "So?"),
        ("Ana", "Yes.\nNo."),
    ]


def test_a_tag_that_no_browser_knows_may_be_a_word_and_stands_aside():
    reading = read("html", page("<title>Ward</title><p>I: So?<p>Ana: Yes <laughs> no."))
    assert said(reading)[1] == ("Ana", "Yes no.")
    assert aside(reading) == [(1, "title", "Ward"), (2, "unknown tag", "<laughs>")]


@pytest.mark.parametrize(
    "content",
    [
        "<html><meta charset=windows-1251><p>Ana: Привет.</html>".encode("cp1251"),
        "\ufeff<!-- saved --><html><p>Ana: Привет.</html>".encode(),
        "<html><p>Ana: Привет.</html>".encode("utf-16"),
        '<?xml version="1.0" encoding="utf-8"?><html><p>Ana: Привет.</p></html>'.encode(),
    ],
)
def test_a_web_page_says_its_encoding_in_many_ways(content):
    assert said(read("html", content)) == [("Ana", "Привет.")]


@pytest.mark.parametrize(
    "content",
    [
        b"I: So?\nP: Yes <laughs> no.\n",
        b"<laughs> I: So?\n",
        b"I: <html> is a word\n",
        b"<htmlish>",
    ],
)
def test_a_plain_transcript_with_pointed_brackets_is_no_web_page(content):
    assert not html.READER.shows(content)


# Archives


def test_an_archive_is_known_by_what_is_inside():
    assert (
        archive.kind_of(saved(word("x"))) == "docx" and archive.kind_of(opendocument("x")) == "odt"
    )
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as package:
        package.writestr("notes.txt", "x")
    assert (
        archive.kind_of(file.getvalue()) == "zip"
        and archive.kind_of(b"PK\x03\x04") == ""
        and archive.kind_of(b"") == ""
    )


@pytest.mark.parametrize(
    ("form", "content"),
    [("docx", saved(word("I: So?", "Ana: Yes."))), ("odt", opendocument("I: So?", "Ana: Yes."))],
)
def test_a_document_that_broke_off_is_known_and_refused(form, content):
    cut = content[: len(content) * 2 // 3]
    assert READERS[form].shows(cut)
    assert "damaged or was not saved to its end" in refused(form, cut)


@pytest.mark.parametrize(
    ("form", "content", "name"),
    [
        ("docx", saved(word("I: So?")), "word/document.xml"),
        ("odt", opendocument("I: So?"), "content.xml"),
    ],
)
def test_a_document_that_would_fill_the_memory_is_refused(form, content, name):
    assert "too much for a transcript" in refused(
        form, rewritten(content, name, lambda xml: xml + b" " * 70 * 2**20)
    )


@pytest.mark.parametrize(
    ("form", "content", "name"),
    [
        ("docx", saved(word("I: So?")), "word/document.xml"),
        ("odt", opendocument("I: So?"), "content.xml"),
    ],
)
def test_a_document_with_entities_of_its_own_is_refused(form, content, name):
    hostile = rewritten(
        content,
        name,
        lambda xml: xml.replace(
            b"?>", b'?><!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]>', 1
        ),
    )
    assert "declares a document type" in refused(form, hostile)


@pytest.mark.parametrize(
    ("form", "content", "name", "tag"),
    [
        ("docx", saved(word("I: So?")), "word/document.xml", b"w:ins"),
        ("odt", opendocument("I: So?"), "content.xml", b"text:section"),
    ],
)
def test_a_document_nested_without_end_is_refused(form, content, name, tag):
    end = b"</w:body>" if form == "docx" else b"</office:text>"
    deep = rewritten(
        content,
        name,
        lambda xml: xml.replace(
            end,
            b"<" + tag + b">" * 1 + (b"<" + tag + b">") * 1500 + (b"</" + tag + b">") * 1501 + end,
        ),
    )
    assert "damaged" in refused(form, deep)


def test_a_web_page_nested_without_end_is_refused_since_its_words_would_be_lost():
    assert "nested too deep" in refused(
        "html", page("<p>I: So?</p>" + "<div>" * 50_000 + "Ana: Yes.")
    )


def test_protected_and_old_documents_are_told_what_to_do():
    protected = archive.OLE + b"\0" * 600 + "EncryptedPackage".encode("utf-16-le")
    assert refused("docx", protected) == "this document is protected with a password"
    old = archive.describe_ole(archive.OLE + "WordDocument".encode("utf-16-le"), "x.doc").problems[
        0
    ]
    assert "old Word document" in old.what and "soffice --headless --convert-to docx" in old.do
    manifest = rewritten(
        opendocument("I: So?"),
        "META-INF/manifest.xml",
        lambda xml: xml + b"<manifest:encryption-data/>",
    )
    assert "password" in refused("odt", manifest)


@pytest.mark.parametrize(
    ("form", "content"),
    [
        ("docx", saved(word("I: So?", "Ana: Yes."))),
        ("odt", opendocument("I: So?", "Ana: Yes.")),
        ("rtf", rich(r"\pard I: So?\par Ana: caf\'e9 \u8230?\par{\footnote x}")),
        ("html", page("<p>I: So?<table><tr><td>Ana: Yes.")),
    ],
)
@settings(max_examples=40)
@given(data=st.data())
def test_no_bytes_make_a_reader_stumble(form, content, data):
    """Whatever became of a file on its way, it is read or refused in words."""
    if form in ("docx", "odt") and data.draw(st.booleans()):
        name = (
            "content.xml"
            if form == "odt"
            else data.draw(
                st.sampled_from(
                    ["word/document.xml", "word/_rels/document.xml.rels", "word/styles.xml"]
                )
            )
        )
        content = rewritten(content, name, lambda inside: damaged(inside, data))
    else:
        content = damaged(content, data)
    refusal = None
    try:
        READERS[form].shows(content)
        READERS[form].read(content, "x", KNOWN)
        READERS[form].control_text(content)
    except UserError as exc:
        refusal = exc
    assert refusal is None or refusal.problems[0].do


def damaged(content, data):
    at = data.draw(st.integers(0, len(content) - 1))
    if data.draw(st.booleans()):
        return content[:at]
    return (
        content[:at]
        + data.draw(st.binary(max_size=3))
        + content[at + data.draw(st.integers(0, 9)) :]
    )


# Round trips

SPOKEN = st.text(
    st.characters(
        exclude_categories=("Cs", "Cc", "Cn", "Zl", "Zp", "Co"), exclude_characters=":：\xad\u2011"
    ),
    min_size=1,
    max_size=30,
).filter(lambda text: text.split() and text[:1].isalpha())
TURNS = st.lists(st.tuples(st.sampled_from(["I", "Ana"]), SPOKEN), min_size=1, max_size=6)


def as_rich(text):
    units = text.encode("utf-16-le")
    codes = (int.from_bytes(units[i : i + 2], "little") for i in range(0, len(units), 2))
    return "".join(
        chr(code)
        if 31 < code < 127 and chr(code) not in "\\{}"
        else f"\\u{code - 0x10000 if code > 0x7FFF else code}?"
        for code in codes
    )


def escaped(text):
    return text.replace("&", "&amp;").replace("<", "&lt;")


WRITERS = {
    "docx": lambda turns: saved(word(*((f"{who}:", f" {words}") for who, words in turns))),
    "odt": lambda turns: opendocument(*(f"{who}: {escaped(words)}" for who, words in turns)),
    "rtf": lambda turns: rich(
        "".join(f"{{\\b {who}:}} {as_rich(words)}\\par\n" for who, words in turns)
    ),
    "html": lambda turns: page(
        "".join(f"<p><b>{who}:</b> {escaped(words)}</p>\n" for who, words in turns)
    ),
}


@pytest.mark.parametrize("form", WRITERS)
@settings(max_examples=40)
@given(turns=TURNS)
def test_what_is_written_is_what_is_read(form, turns):
    reading = read(form, WRITERS[form](turns))
    assert [(turn.label, turn.text.split()) for turn in reading.turns] == [
        (who, words.split()) for who, words in turns
    ]


# Superscripts


RAISED = [("Ana", "10^400 stars, x^-2, the 1st, H2O, dog1 and well2."), ("I", "10^400, I said.")]


def test_a_superscript_of_digits_is_a_power_in_every_format():
    """Marks of footnotes and what is raised behind a space or is a word stay as they are."""

    def in_word(words, up="superscript"):
        settings = f'<w:rPr><w:vertAlign w:val="{up}"/></w:rPr>' if up else ""
        return f'<w:r>{settings}<w:t xml:space="preserve">{words}</w:t></w:r>'

    tracked = (
        '<w:r><w:rPr><w:rPrChange w:id="1" w:author="PM"><w:rPr><w:vertAlign w:val="superscript"/>'
        "</w:rPr></w:rPrChange></w:rPr><w:t>2</w:t></w:r>"
    )
    content = with_xml(
        run("Ana: 10")
        + in_word("40")
        + in_word("0")
        + run(" stars, x")
        + in_word("-2")
        + run(", the 1")
        + in_word("st")
        + run(", H")
        + in_word("2", "subscript")
        + run("O, dog1 and well")
        + tracked
        + run("."),
        run("I: 10") + in_word("400") + run(", I said."),
    )
    assert said(read("docx", content)) == RAISED
    styles = "".join(
        f'<style:style style:name="{name}" style:family="text">'
        f'<style:text-properties style:text-position="{position}"/></style:style>'
        for name, position in (("T1", "super 58%"), ("T2", "sub 58%"), ("T3", "33% 58%"))
    )

    def span(name, words):
        return f'<text:span text:style-name="{name}">{words}</text:span>'

    content = opendocument(
        f"Ana: 10{span('T1', '40')}{span('T3', '0')} stars, x{span('T1', '-2')}, "
        f"the 1{span('T1', 'st')}, H{span('T2', '2')}O, dog1 and well2.",
        f"I: 10{span('T3', '400')}, I said.",
        styles=styles,
    )
    assert said(read("odt", content)) == RAISED
    content = page(
        "<p>Ana: 10<sup>4<i>00</i></sup> stars, x<sup>-2</sup>, the 1<sup>st</sup>, "
        "H<sub>2</sub>O, dog<sup><a href='#1'>1</a></sup> and well<a href='#2'><sup>2</sup></a>."
        "</p><p>I: 10<sup>400</sup>, I said.</p>"
    )
    assert said(read("html", content)) == RAISED
    content = rich(
        r"\pard Ana: 10{\super 40{\b 0}} stars, x\super -2\nosupersub , the 1{\super st}, "
        r"H{\sub 2}O, dog1 and well2.\par I: 10\super 400\plain , I said.\par"
    )
    assert said(read("rtf", content)) == RAISED


def test_powers_in_notes_and_comments_are_proved_too():
    content = rich(r"\pard I: So?\par Ana: Yes.{\footnote\pard 10{\super 400} times\par} And.\par")
    assert aside(read("rtf", content)) == [(2, "footnote", "10^400 times")]
    note = (
        '<text:note text:note-class="footnote"><text:note-citation>1</text:note-citation>'
        '<text:note-body><text:p>10<text:span text:style-name="T1">400</text:span></text:p>'
        "</text:note-body></text:note>"
    )
    styles = (
        '<style:style style:name="T1" style:family="text">'
        '<style:text-properties style:text-position="super 58%"/></style:style>'
    )
    content = opendocument("I: So?", f"Ana: Yes.{note}", styles=styles)
    assert aside(read("odt", content)) == [(2, "footnote", "10^400")]


# Notices of programs


def test_what_programs_write_stands_aside_as_a_notice():
    footer = (
        "This editable transcript was computer generated and might contain errors. "
        "People can also change the text after it was created."
    )
    document = word(
        ("Ana", " started transcription"),
        "Transcript",
        "I: So?",
        "Ana: Nora started transcription, I think.",
        ("Ana", " stopped transcription"),
        "Transcription ended after 00:06:12",
        footer,
    )
    reading = read("docx", saved(document))
    assert said(reading) == [("I", "So?"), ("Ana", "Nora started transcription, I think.")]
    assert aside(reading) == [
        (1, "notice", "Ana started transcription"),
        (2, "notice", "Transcript"),
        (5, "notice", "Ana stopped transcription"),
        (6, "notice", "Transcription ended after 00:06:12"),
        (7, "notice", footer),
    ]


@pytest.mark.parametrize(
    "line",
    [
        "I started transcription",
        "Ana: Nora started transcription",
        "Then. Nora started transcription",
        "Attendees were late",
        "The transcript",
        "Transcription ended after lunch",
    ],
)
def test_what_somebody_may_have_said_is_no_notice(line):
    assert notice(line) == ""


def test_comments_above_a_page_are_no_reason_to_wait():
    """Programs write many there; a text that begins so and is no page is told apart at once."""
    comments = "<!-- saved -->\n" * 400
    assert html.READER.shows(f"<?xml version='1.0'?>{comments}<html>".encode())
    begun = time.process_time()
    assert not html.READER.shows(f"{comments}Ana: So?".encode())
    assert time.process_time() - begun < 1
