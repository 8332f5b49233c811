"""PDF transcripts: who speaks by the layout, nothing lost, and files that cannot be read
are told apart."""

from __future__ import annotations

import io
import random
import re

import pytest
from conftest import SHARED
from hypothesis import given, settings
from hypothesis import strategies as st
from reportlab.lib.pagesizes import A4
from reportlab.lib.utils import simpleSplit
from reportlab.pdfgen import canvas

from gtpipe.analysis import coverage
from gtpipe.model.problems import UserError
from gtpipe.readers.lines import plain
from gtpipe.readers.pages import pdf
from gtpipe.readers.reading import Hints

TURNS = (
    (
        "Ines",
        "So, how did you come to the allotment, was it through somebody or did you just walk past "
        "one day?",
    ),
    (
        "Bo",
        "Well, er, my neighbour had one, and she said [laughs] come along, there is a spade "
        "waiting for you, and "
        "so I went along on the Sunday, in the rain, with the wrong shoes on, and dug up somebody "
        "else's leeks.",
    ),
    ("Ines", "Mhm."),
    (
        "Bo",
        "3 rows of them, at 10:30 in the morning, and nobody minded - that is what I keep coming "
        "back to, nobody minded.",
    ),
)


def document(draw) -> bytes:
    """A PDF of what `draw(canvas)` draws."""
    buffer = io.BytesIO()
    sheet = canvas.Canvas(buffer, pagesize=A4, invariant=True)
    draw(sheet)
    sheet.save()
    return buffer.getvalue()


def wrapped(
    turns, *, each=lambda sheet, page: None, bold=False, spacing=6.0, name_alone=False, lines=30
) -> bytes:
    """Turns set as paragraphs, broken over lines and pages; `each` draws what stands
    on every page."""

    def draw(sheet) -> None:
        page, count, y = 1, 0, 780.0
        each(sheet, page)
        for name, words in turns:
            text = words if name_alone else f"{name}: {words}"
            rows = simpleSplit(text, "Helvetica", 11, 430) or [text]
            for place, row in enumerate([name, *rows] if name_alone else rows):
                if count == lines:
                    sheet.showPage()
                    page, count, y = page + 1, 0, 780.0
                    each(sheet, page)
                if bold and place == 0:
                    head = name if name_alone else f"{name}:"
                    sheet.setFont("Helvetica-Bold", 11)
                    sheet.drawString(72, y, head)
                    sheet.setFont("Helvetica", 11)
                    sheet.drawString(
                        72 + sheet.stringWidth(f"{head} ", "Helvetica-Bold", 11),
                        y,
                        row[len(head) :].lstrip(),
                    )
                else:
                    sheet.setFont("Helvetica", 11)
                    sheet.drawString(72, y, row)
                y, count = y - 14, count + 1
            y -= spacing
        sheet.showPage()

    return document(draw)


def read(content: bytes, *known: str):
    """The reading, after ingest's own check that no word of the file is missing from it."""
    reading = pdf.read(content, "in/a.pdf", Hints(frozenset(known)))
    assert coverage._lost_in_reading(reading, pdf.control_text(content)) == ""
    return reading


def said(reading) -> list[tuple[str, str]]:
    return [(turn.label, " ".join(turn.text.split())) for turn in reading.turns]


def asides(reading) -> list[tuple[int, str, str]]:
    return [(aside.number, aside.what, aside.words) for aside in reading.asides]


def test_turns_wrapped_over_pages_come_out_whole_without_headers_and_page_numbers():
    def each(sheet, page) -> None:
        sheet.setFont("Helvetica", 9)
        sheet.drawString(72, 815, "Allotment study: interview 4")
        sheet.drawString(72, 40, "Confidential")
        sheet.drawRightString(520, 40, f"Page {page} of 6")

    turns = TURNS * 6
    reading = read(wrapped(turns, each=each, lines=9))
    assert said(reading) == list(turns)
    assert not any("\n" in turn.text for turn in reading.turns)
    assert reading.unit == "page" and reading.turns[-1].line == 6
    assert [aside for aside in asides(reading) if aside[0] == 3] == [
        (3, "running header", "Allotment study: interview 4"),
        (3, "running footer", "Confidential Page 3 of 6"),
    ]
    assert {what for _, what, _ in asides(reading)} == {"running header", "running footer"}


@pytest.mark.parametrize("form", ["{}", "- {} -", "Page {} of 4", "{}/4", "Seite {}"])
def test_page_numbers_are_told_apart_by_counting_up(form):
    content = wrapped(
        TURNS * 3,
        each=lambda sheet, page: sheet.drawCentredString(297, 40, form.format(page)),
        lines=6,
    )
    reading = read(content)
    assert said(reading) == list(TURNS * 3)
    assert [(number, what) for number, what, _ in asides(reading)] == [
        (page, "page number") for page in range(1, 1 + len(reading.asides))
    ]
    assert asides(reading)[1][2] == form.format(2)


def test_roman_page_numbers_are_page_numbers():
    numerals = ("", "i", "ii", "iii", "iv", "v", "vi", "vii")
    content = wrapped(
        TURNS * 3,
        each=lambda sheet, page: sheet.drawCentredString(297, 40, numerals[page]),
        lines=6,
    )
    assert {what for _, what, _ in asides(read(content))} == {"page number"}


def test_the_same_words_at_the_top_of_two_pages_are_speech():
    content = wrapped(
        [("Bo", "Yeah."), ("Ines", "Really?"), ("Bo", "Yeah."), ("Ines", "Since when?")], lines=2
    )
    reading = read(content)
    assert said(reading) == [
        ("Bo", "Yeah."),
        ("Ines", "Really?"),
        ("Bo", "Yeah."),
        ("Ines", "Since when?"),
    ]
    assert reading.asides == ()


def test_a_single_page_has_no_running_header():
    content = wrapped(
        TURNS, each=lambda sheet, page: sheet.drawString(72, 815, "Interview on a Sunday")
    )
    reading = read(content)
    assert reading.asides == () and reading.left_out == ((1, "Interview on a Sunday"),)


@pytest.mark.parametrize(("every", "restart"), [(1, True), (1, False), (5, False)])
def test_line_numbers_in_the_margin_are_no_words(every, restart):
    def draw(sheet) -> None:
        count = 0
        rows = [
            row
            for name, words in TURNS * 4
            for row in simpleSplit(f"{name}: {words}", "Helvetica", 11, 430)
        ]
        for place, row in enumerate(rows):
            if place and place % 12 == 0:
                sheet.showPage()
                count = 0 if restart else count
            count += 1
            sheet.setFont("Helvetica", 11)
            y = 780 - 16 * (place % 12)
            sheet.drawString(72, y, row)
            if count % every == 0:
                sheet.drawRightString(60, y, str(count))
        sheet.showPage()

    reading = read(document(draw))
    assert said(reading) == list(TURNS * 4)
    assert {what for _, what, _ in asides(reading)} == {"line number"}


def test_numbers_said_at_the_beginning_of_lines_stay_words():
    turns = [
        (
            "Bo",
            "I counted them, one after the other, and I can tell you what I counted on that day "
            "in the long wet field, "
            "1 2 3 4 5 and then 6 7 8 and so on until it was dark and 12 and 13 were left.",
        ),
        ("Ines", "2"),
    ]
    reading = read(wrapped(turns))
    assert said(reading) == turns and reading.asides == ()


@pytest.mark.parametrize("colon", ["", ":"])
def test_names_in_a_left_column_speak_the_words_in_the_right_one(colon):
    def draw(sheet) -> None:
        y = 780
        for name, words in TURNS * 2:
            sheet.setFont("Helvetica", 11)
            sheet.drawString(72, y, name + colon)
            for row in simpleSplit(words, "Helvetica", 11, 330):
                sheet.drawString(150, y, row)
                y -= 14
            y -= 8
        sheet.showPage()

    reading = read(document(draw))
    assert said(reading) == list(TURNS * 2)
    assert reading.asides == () and not any("\n" in turn.text for turn in reading.turns)
    assert [turn.lead.strip() for turn in reading.turns] == [name + colon for name, _ in TURNS * 2]


@pytest.mark.parametrize("colon", ["", ":"])
@pytest.mark.parametrize("lines", [2, 3])
def test_names_beside_the_middle_of_their_words_are_refused(colon, lines):
    """The first line of each would go to the speaker before."""

    def draw(sheet) -> None:
        sheet.setFont("Helvetica", 11)
        for place in range(10):
            top = 780 - place * (14 * lines + 9)
            sheet.drawString(72, top - 7 * (lines - 1), ("Ines", "Bo")[place % 2] + colon)
            for line in range(lines):
                sheet.drawString(
                    150,
                    top - 14 * line,
                    f"and this is line {line} of what was said, and on it goes",
                )
        sheet.showPage()

    with pytest.raises(UserError, match="beside the middle"):
        pdf.read(document(draw), "a.pdf", Hints())


def test_bold_names_are_told_as_bold():
    from gtpipe.readers.pages import page_layout

    found, _ = pdf._pages(wrapped(TURNS, bold=True))
    lines = [line for line in page_layout.lines_of(found).lines if line.text]
    assert [line.text[: line.bold] for line in lines] == ["Ines:", "Bo:", "Ines:", "Bo:"]


def test_bold_names_alone_on_their_lines_begin_turns():
    reading = read(wrapped(TURNS * 2, bold=True, name_alone=True), "Ines", "Bo")
    assert said(reading) == list(TURNS * 2)


def test_two_columns_of_running_text_are_read_one_after_the_other():
    def draw(sheet) -> None:
        rows = [
            row
            for name, words in TURNS * 3
            for row in simpleSplit(f"{name}: {words}", "Helvetica", 10, 200)
        ]
        for place, row in enumerate(rows):
            half = (len(rows) + 1) // 2
            sheet.setFont("Helvetica", 10)
            sheet.drawString(60 if place < half else 310, 780 - 13 * (place % half), row)
        sheet.showPage()

    reading = read(document(draw))
    assert said(reading) == list(TURNS * 3)
    assert reading.remarks == ("read in two columns: page 1",)


def test_a_hyphen_at_the_end_of_a_line_is_kept_and_told():
    def draw(sheet) -> None:
        for place, row in enumerate(
            [
                "Bo: it is a well-known thing in these parts, and a well-",
                "known one is what I want, me.",
            ]
        ):
            sheet.drawString(72, 780 - 14 * place, row)
        sheet.showPage()

    reading = read(document(draw))
    assert said(reading) == [
        ("Bo", "it is a well-known thing in these parts, and a well-known one is what I want, me.")
    ]
    assert reading.remarks == (
        "1 word was split by a hyphen at the end of a line: joined, with the hyphen",
    )


def test_words_outside_the_page_and_slanted_ones_are_told():
    def each(sheet, page) -> None:
        sheet.drawString(72, -40, "cut away")
        sheet.saveState()
        sheet.rotate(45)
        sheet.drawString(400, 100, "DRAFT")
        sheet.restoreState()

    reading = read(wrapped(TURNS, each=each))
    assert said(reading) == list(TURNS)
    assert asides(reading) == [
        (1, "slanted passage", "DRAFT"),
        (1, "passage beyond the page edge", "cut away"),
    ]


def test_a_comment_pinned_to_the_page_is_told():
    reading = read(
        wrapped(
            TURNS,
            each=lambda sheet, page: sheet.textAnnotation(
                "check the tape here", (100, 100, 120, 120)
            ),
        )
    )
    assert asides(reading) == [(1, "comment", "check the tape here")]


def picture(sheet, page=1) -> None:
    from PIL import Image
    from reportlab.lib.utils import ImageReader

    sheet.drawImage(ImageReader(Image.new("RGB", (40, 40), (200, 190, 180))), 50, 50, 400, 600)


def test_a_scan_is_refused_with_what_to_do():
    def draw(sheet) -> None:
        picture(sheet)
        sheet.showPage()

    with pytest.raises(UserError, match="this PDF is a scan") as refused:
        pdf.read(document(draw), "in/scan.pdf", Hints())
    assert "ocrmypdf in/scan.pdf" in str(vars(refused.value))


def test_a_page_without_text_is_told_by_its_number():
    def draw(sheet) -> None:
        sheet.drawString(72, 780, "Ines: Here it begins.")
        sheet.showPage()
        picture(sheet)
        sheet.showPage()
        sheet.drawString(72, 780, "Bo: And here it ends.")
        sheet.showPage()

    assert read(document(draw)).remarks == ("without text, perhaps pictures: page 2",)


def test_a_locked_file_is_refused():
    from reportlab.lib.pdfencrypt import StandardEncryption

    buffer = io.BytesIO()
    sheet = canvas.Canvas(buffer, encrypt=StandardEncryption("secret", canPrint=0))
    sheet.drawString(72, 780, "Ines: Hush.")
    sheet.save()
    with pytest.raises(UserError, match="protected by a password"):
        pdf.read(buffer.getvalue(), "a.pdf", Hints())


def test_letters_without_a_meaning_are_refused():
    """A font that does not say which letters its signs are: what would come out is not
    what was said."""
    from pathlib import Path

    import reportlab
    from reportlab.pdfbase import pdfmetrics
    from reportlab.pdfbase.ttfonts import TTFont

    pdfmetrics.registerFont(TTFont("Vera", Path(reportlab.__file__).parent / "fonts/Vera.ttf"))

    def draw(sheet) -> None:
        sheet.setFont("Vera", 12)
        for place in range(20):
            sheet.drawString(72, 780 - 14 * place, "Ö: dès lévä brûlé, naïve façöñ gâté")
        sheet.showPage()

    content = document(draw)
    assert "dès lévä brûlé" in read(content).turns[0].text
    with pytest.raises(UserError, match="letters of this PDF cannot be read"):
        pdf.read(content.replace(b"/ToUnicode", b"/ToUnicodX"), "a.pdf", Hints())


def test_a_cut_file_is_refused_wherever_it_is_cut():
    content = wrapped(TURNS * 5)
    for end in range(5, len(content) - 20, 97):
        with pytest.raises(UserError):
            pdf.read(content[:end], "a.pdf", Hints())


def test_no_damage_brings_out_anything_but_an_error_in_words():
    content = wrapped(
        TURNS * 3, each=lambda sheet, page: sheet.textAnnotation("here", (1, 1, 9, 9)), lines=8
    )
    chance = random.Random(4)
    refused = 0
    for _ in range(100):
        bad = bytearray(content)
        for _ in range(chance.choice((1, 3, 30))):
            bad[chance.randrange(len(bad))] = chance.randrange(256)
        try:
            pdf.read(bytes(bad), "a.pdf", Hints())
        except UserError:
            refused += 1
        pdf.control_text(bytes(bad))
    assert refused > 15


def test_text_that_unpacks_without_end_is_refused():
    import zlib

    packer = zlib.compressobj(9)
    bomb = b"".join(packer.compress(b"0 " * 500_000) for _ in range(160)) + packer.flush()
    head = (
        b"%PDF-1.4\n1 0 obj\n<< /Length "
        + str(len(bomb)).encode()
        + b" /Filter /FlateDecode >>\nstream\n"
    )
    with pytest.raises(UserError, match="unpacks to more"):
        pdf.read(head + bomb + b"\nendstream\nendobj\n%%EOF", "a.pdf", Hints())


WORD = (
    st.text(
        st.sampled_from("abcdefgh äöüéñßÆø0123.,;!?'\"()[]<>*_#%&/\\-–—“”‘’…€"),
        min_size=1,
        max_size=12,
    )
    .map(str.split)
    .map("".join)
    .filter(bool)
)
SAID = st.lists(WORD, min_size=1, max_size=60).map(lambda words: " ".join(["well", *words]))


@settings(max_examples=30)
@given(
    st.lists(st.tuples(st.sampled_from(["Ines", "Bo", "Ömer"]), SAID), min_size=1, max_size=12),
    st.booleans(),
    st.sampled_from([7, 30]),
)
def test_words_in_are_words_out_and_speakers_in_are_speakers_out(turns, bold, lines):
    turns = [(name, words) for name, words in turns]
    reading = read(wrapped(turns, bold=bold, lines=lines), "Ines", "Bo", "Ömer")
    assert [label for label, _ in said(reading)] == [name for name, _ in turns]
    assert ["".join(words.split()) for _, words in said(reading)] == [
        "".join(words.split()) for _, words in turns
    ]


@pytest.mark.skipif(
    not SHARED.is_dir(), reason="no ../shared folder with real transcripts beside the repository"
)
@pytest.mark.parametrize("number", range(1, 8))
def test_real_interviews_read_as_their_text_files_do(number):
    """The text files were made from these pages; they still hold the page numbers, and a paragraph
    number here and there."""
    content = (SHARED / f"data/pdpilot/pdf/P{number}.pdf").read_bytes()
    text = (SHARED / f"data/pdpilot/txt/P{number}.txt").read_text(encoding="utf-8")
    known = ("Dan", "Participant", "Particpant")
    reading = read(content, *known)
    last = max(aside.number for aside in reading.asides)
    for page in range(1, last + 1):
        text, count = re.subn(rf"(?:\s+\d+)?\s+{page}/{last}(?=\s|$)", "", text, count=1)
        assert count == 1
    text = re.sub(r"\s+\d+ +(?=Particpant:)", "\n\n", text)
    expected = plain.read(text.encode(), "a.txt", Hints(frozenset(known)))
    assert [label for label, _ in said(reading)] == [label for label, _ in said(expected)]
    for (_, words), (_, others) in zip(said(reading), said(expected), strict=True):
        assert words == re.sub(
            r"(?<=\w-) (?=(?:way|monotonic)\b)", "", others
        )  # words parted at a line's end


@pytest.mark.skipif(
    not SHARED.is_dir(), reason="no ../shared folder with real transcripts beside the repository"
)
@pytest.mark.parametrize("name", ["code-system", "coded-segments"])
def test_real_reports_lose_no_word(name):
    read((SHARED / f"data/pdpilot/{name}.pdf").read_bytes())


@pytest.mark.skipif(
    not SHARED.is_dir(), reason="no ../shared folder with real transcripts beside the repository"
)
def test_another_library_finds_the_same_letters():
    """PDFium's letters by another's: what both readings of this program rest on is not
    PDFium's word alone."""
    from collections import Counter

    import pypdf

    content = (SHARED / "data/pdpilot/pdf/P5.pdf").read_bytes()
    other = "".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(content)).pages)
    assert Counter("".join(other.split())) == Counter("".join(pdf.control_text(content).split()))
