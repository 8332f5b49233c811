"""Transcripts as they come, through the command line: one interview in every format; files that
cannot be read; nothing lost."""

from __future__ import annotations

import csv
import html
import io
import json
import re
import time
import tracemalloc
import zipfile
from dataclasses import replace
from pathlib import Path

import docx
import odfdo
import openpyxl
import pypdf
import pytest
from msoffcrypto.format.ooxml import OOXMLFile
from PIL import Image
from reportlab.lib.pagesizes import A4
from reportlab.lib.utils import ImageReader, simpleSplit
from reportlab.pdfgen import canvas

from gtpipe.analysis.coverage import lost_words
from gtpipe.analysis.speakers import Roles, interview_of
from gtpipe.formats import transcripts
from gtpipe.readers import registry
from gtpipe.readers.reading import Hints

INTERVIEW = (
    ("I", "So, how did the choir come about?"),
    (
        "P",
        "Well, er, my sister rang – “you’re coming,” she said – and I, I went along (laughs) in "
        "my work boots.",
    ),
    ("I", "Mhm. And was it what you’d expected?"),
    (
        "P",
        "No! I’d thought of a café, not a crypt … 30 of us, 5 tenors & a dog called Zoë. [pause "
        "3s] It was: cold.",
    ),
    ("I", "Cold?"),
    ("P", "You could see the Kyrie. I mean see it, in the air."),
)


def lines(turns) -> str:
    return "\n\n".join(f"{label}: {words}" for label, words in turns) + "\n"


def saved(document) -> bytes:
    file = io.BytesIO()
    document.save(file)
    return file.getvalue()


def word_paragraphs(turns) -> bytes:
    document = docx.Document()
    for label, words in turns:
        document.add_paragraph(f"{label}:\t{words}")
    return saved(document)


def word_bold(turns) -> bytes:
    """Names in bold and nothing behind them but a space."""
    document = docx.Document()
    for label, words in turns:
        paragraph = document.add_paragraph()
        paragraph.add_run(label).bold = True
        paragraph.add_run(f" {words}")
    return saved(document)


def word_table(turns) -> bytes:
    document = docx.Document()
    table = document.add_table(0, 2)
    for turn in turns:
        for cell, words in zip(table.add_row().cells, turn, strict=True):
            cell.text = words
    return saved(document)


def opendocument(turns) -> bytes:
    document = odfdo.Document("text")
    document.body.clear()
    for label, words in turns:
        document.body.append(odfdo.Paragraph(f"{label}: {words}"))
    return saved(document)


def rich_text(turns) -> bytes:
    def typed(words: str) -> str:
        return "".join(sign if sign.isascii() else f"\\u{ord(sign)}?" for sign in words)

    body = "".join(f"{{\\b {label}:}} {typed(words)}\\par\n" for label, words in turns)
    return f"{{\\rtf1\\ansi\\ansicpg1252{{\\fonttbl{{\\f0 Arial;}}}}\n{body}}}".encode()


def pdf(turns) -> bytes:
    """Set in paragraphs, with a page number."""
    file = io.BytesIO()
    sheet = canvas.Canvas(file, pagesize=A4, invariant=True)
    y = 780
    for label, words in turns:
        for row in simpleSplit(f"{label}: {words}", "Helvetica", 11, 420):
            if y < 100:
                sheet.showPage()
                y = 780
            sheet.setFont("Helvetica", 11)
            sheet.drawString(72, y, row)
            y -= 14
        y -= 8
    sheet.save()
    return file.getvalue()


def web_page(turns) -> bytes:
    body = "\n".join(f"<p><b>{label}:</b> {html.escape(words)}</p>" for label, words in turns)
    return (
        f'<!DOCTYPE html>\n<html><head><meta charset="utf-8"></head><body>\n{body}\n'
        "</body></html>\n"
    ).encode()


def cues(turns):
    """Beginning, end, label and words: ten words a cue, as recognisers write them."""
    spoken = [
        (label, " ".join(words.split()[at : at + 10]))
        for label, words in turns
        for at in range(0, len(words.split()), 10)
    ]
    for number, (label, words) in enumerate(spoken):
        start, end = (
            f"{second // 3600:02d}:{second // 60 % 60:02d}:{second % 60:02d}"
            for second in (number * 3, number * 3 + 2)
        )
        yield start, end, label, words


def captions(turns) -> bytes:
    return (
        "WEBVTT\n\n"
        + "\n".join(
            f"{start}.000 --> {end}.500\n<v {label}>{html.escape(words, quote=False)}</v>\n"
            for start, end, label, words in cues(turns)
        )
    ).encode()


def subtitles(turns) -> bytes:
    """As Zoom does: the label before every cue."""
    return "\n".join(
        f"{number}\n{start},000 --> {end},500\n{label}: {words}\n"
        for number, (start, end, label, words) in enumerate(cues(turns), 1)
    ).encode()


def separated(turns, delimiter=",", header=("Speaker", "Text")) -> bytes:
    out = io.StringIO()
    csv.writer(out, delimiter=delimiter).writerows([header, *turns] if header else turns)
    return out.getvalue().encode()


def workbook(turns, header=("Speaker", "Text")) -> bytes:
    book = openpyxl.Workbook()
    for row in (header, *turns):
        book.active.append(row)
    return saved(book)


def recognised(turns) -> bytes:
    """As WhisperX writes it."""
    return json.dumps(
        {
            "segments": [
                {"start": n * 3.0, "end": n * 3 + 2.5, "text": f" {words}", "speaker": label}
                for n, (label, words) in enumerate(turns)
            ]
        }
    ).encode()


WAYS = {
    "paragraphs.docx": word_paragraphs,
    "bold.docx": word_bold,
    "table.docx": word_table,
    "a.odt": opendocument,
    "a.rtf": rich_text,
    "a.pdf": pdf,
    "a.html": web_page,
    "a.vtt": captions,
    "a.srt": subtitles,
    "a.csv": separated,
    "a.tsv": lambda turns: separated(turns, "\t"),
    "a.xlsx": workbook,
    "a.json": recognised,
    "cp1252.txt": lambda turns: lines(turns).encode("cp1252"),
    "utf16.txt": lambda turns: lines(turns).encode("utf-16"),
    "a.md": lambda turns: re.sub(r"(?m)^(\w):", r"**\1:**", lines(turns)).encode(),
}


def heard(study, name: str) -> list[tuple[str, str]]:
    """Label and words of each turn of a transcript."""
    path = f"data/transcripts/{name}.md"
    interview, problems = transcripts.loads(study.read(path), path)
    assert not [problem for problem in problems if problem.is_error]
    return [(turn.label, " ".join(turn.text.split())) for turn in interview.turns]


@pytest.mark.parametrize("file", WAYS)
def test_one_interview_in_every_format_is_the_same_interview(empty, file):
    """And a second ingest changes nothing, with the kept source or without it, as in
    a colleague's clone."""
    empty.write(f"in/{file}", WAYS[file](INTERVIEW))
    out = empty.ok("ingest", f"in/{file}")
    name = Path(file).stem
    assert heard(empty, name) == [*INTERVIEW], out
    assert (empty.root / "data/sources" / file).read_bytes() == (
        empty.root / "in" / file
    ).read_bytes()
    before = empty.hashes()
    assert empty.ok("ingest", f"in/{file}") == f"ingest: {name} as before, nothing to do\n"
    assert empty.ok("ingest") == "ingest: fresh\n"
    assert "transcripts.md" not in empty("check").out
    assert empty.hashes() == before
    (empty.root / "data/sources" / file).unlink()
    before = empty.hashes()
    assert empty.ok("ingest", f"in/{file}") == f"ingest: {name} as before, nothing to do\n"
    assert empty.hashes() == before


# --- known again ----------------------------------------------------------------------------------


def saved_again(content: bytes) -> bytes:
    """The same words in other bytes."""
    if content.startswith(b"PK"):
        with zipfile.ZipFile(io.BytesIO(content)) as package:
            names = package.namelist()
        known = next(name for name in ("docProps/core.xml", "meta.xml") if name in names)
        return zipped_again(
            content,
            {
                known: zipfile.ZipFile(io.BytesIO(content))
                .read(known)
                .replace(b"?>", b"?><!-- again -->", 1)
            },
        )
    return content.replace(b"\n", b"\r\n")


def plain_paragraphs(turns) -> bytes:
    document = docx.Document()
    for _, words in turns:
        document.add_paragraph(words)
    return saved(document)


def without_names(turns) -> bytes:
    return "\n\n".join(words for _, words in turns).encode()


def translated(turns) -> bytes:
    """A table whose last column could be the words as well as the one before."""
    rows = [
        (label, words, f"auf Deutsch also {words} und so weiter und so fort")
        for label, words in turns
    ]
    return separated(rows, header=("Person", "Said", "Gesagt"))


AGAIN = {
    "paragraphs.docx": (word_paragraphs, ()),
    "table.docx": (word_table, ()),
    "a.odt": (opendocument, ()),
    "a.xlsx": (workbook, ()),
    "a.vtt": (captions, ()),
    "a.csv": (separated, ()),
    "monologue.docx": (plain_paragraphs, ("--monologue", "P")),
    "monologue.txt": (without_names, ("--monologue", "P")),
    "columns.csv": (translated, ("--columns", "speaker=Person,words=Gesagt")),
}


@pytest.mark.parametrize("clone", [False, True], ids=["kept", "clone"])
@pytest.mark.parametrize("file", AGAIN)
def test_a_file_saved_again_with_the_same_words_is_known(empty, file, clone):
    write, options = AGAIN[file]
    content = write(INTERVIEW)
    empty.write(f"in/{file}", content)
    empty.ok("ingest", f"in/{file}", *options)
    if clone:
        (empty.root / "data/sources" / file).unlink()
    assert saved_again(content) != content
    empty.write(f"in/{file}", saved_again(content))
    before = empty.hashes()
    assert (
        empty.ok("ingest", f"in/{file}", *options)
        == f"ingest: {Path(file).stem} as before, nothing to do\n"
    )
    assert empty.hashes() == before
    empty.write(f"in/{file}", write([*INTERVIEW[:-1], ("P", "You could see the Gloria.")]))
    ran = empty("ingest", f"in/{file}", *options)
    assert ran.code == 1 and f"`gtpipe ingest --correct in/{file}`" in ran.err


def test_a_change_in_the_column_that_was_taken_is_seen_though_it_is_not_named_again(empty):
    content = translated(INTERVIEW)
    empty.write("in/a.csv", content)
    empty.ok("ingest", "in/a.csv", "--columns", "speaker=Person,words=Gesagt")
    empty.write("in/a.csv", content.replace(b"auf Deutsch also Cold?", b"auf Deutsch also Warm?"))
    assert empty("ingest", "in/a.csv").code == 1


def test_a_source_edited_where_it_is_kept_is_not_taken_for_the_old_one(empty):
    empty.write("in/a.docx", word_paragraphs(INTERVIEW))
    empty.ok("ingest", "in/a.docx")
    empty.write(
        "data/sources/a.docx",
        word_paragraphs([*INTERVIEW[:-1], ("P", "You could see the Gloria.")]),
    )
    ran = empty("ingest", "data/sources/a.docx")
    assert ran.code == 1 and "`gtpipe ingest --correct data/sources/a.docx`" in ran.err


@pytest.mark.parametrize("file", ["paragraphs.docx", "a.vtt"])
def test_a_corrected_source_brings_its_corrections_in_and_the_codes_stay(empty, file):
    name = Path(file).stem
    empty.write(f"in/{file}", WAYS[file](INTERVIEW))
    empty.ok("ingest", f"in/{file}", "--date", "2026-03-02")
    empty.ok("initial-code")
    empty.ok("code", name, "2", "being fetched", "--words", "you’re coming")
    empty.ok("code", name, "6", "seeing one’s breath", "--words", "see the Kyrie")
    sheet = empty.read(f"data/initial-codes/{name}.yaml")
    corrected = [
        *INTERVIEW[:1],
        ("P", INTERVIEW[1][1].replace("rang", "phoned")),
        INTERVIEW[2],
        INTERVIEW[3],
        ("I", "Cold, you say?"),
        ("P", "You could see the Gloria. I mean see it, in the air."),
        ("I", "Thanks."),
    ]
    content = empty.write(f"in/{file}", WAYS[file](corrected)).read_bytes()
    before = empty.hashes()
    assert "would correct" in empty.ok("ingest", "--correct", f"in/{file}", "--dry-run")
    assert empty.hashes() == before
    ran = empty("ingest", "--correct", f"in/{file}")
    assert ran.code == 0, ran.err
    assert [line.split(":")[0] for line in ran.out.splitlines()] == [
        "ingest",
        "  2 corrected",
        "  5 corrected",
        "  6 corrected",
        "  6a inserted",
    ]
    assert heard(empty, name) == corrected
    assert empty.read(f"data/initial-codes/{name}.yaml") == sheet
    assert "being fetched" in ran.err and "Gloria" in ran.err and "see the Kyrie" in ran.err
    assert (empty.root / "data/sources" / file).read_bytes() == content
    assert empty.ok("ingest", f"in/{file}") == f"ingest: {name} as before, nothing to do\n"
    for more in ((), ("--dry-run",)):
        assert (
            empty.ok("ingest", "--correct", f"in/{file}", *more)
            == f"ingest: {name}: nothing to correct\n"
        )


# --- files that cannot be read --------------------------------------------------------------------

GOOD = {"docx": word_paragraphs, "odt": opendocument, "xlsx": workbook}


def cut(content: bytes) -> bytes:
    return content[: len(content) * 2 // 3]


def encrypted(content: bytes) -> bytes:
    file = io.BytesIO()
    OOXMLFile(io.BytesIO(content)).encrypt("secret", file)
    return file.getvalue()


def locked_pdf() -> bytes:
    writer = pypdf.PdfWriter(io.BytesIO(pdf(INTERVIEW)))
    writer.encrypt("secret", algorithm="RC4-128")
    file = io.BytesIO()
    writer.write(file)
    return file.getvalue()


def picture() -> bytes:
    file = io.BytesIO()
    Image.new("RGB", (40, 40), "grey").save(file, "PNG")
    return file.getvalue()


def scan() -> bytes:
    file = io.BytesIO()
    sheet = canvas.Canvas(file, pagesize=A4)
    sheet.drawImage(ImageReader(io.BytesIO(picture())), 0, 0, *A4)
    sheet.save()
    return file.getvalue()


def zipped_again(content: bytes, change: dict[str, bytes]) -> bytes:
    """The archive with other files inside, or more."""
    file = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(content)) as old,
        zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as new,
    ):
        for name in old.namelist():
            if name not in change:
                new.writestr(name, old.read(name))
        for name, inside in change.items():
            new.writestr(name, inside)
    return file.getvalue()


def bomb(form: str, member: str) -> bytes:
    return zipped_again(GOOD[form](INTERVIEW), {member: b"<a>" + b" " * 70_000_000 + b"</a>"})


def with_entity(path: Path) -> bytes:
    document = (
        zipfile.ZipFile(io.BytesIO(word_paragraphs(INTERVIEW))).read("word/document.xml").decode()
    )
    head, rest = document.split("?>", 1)
    rest = rest.replace("Cold?", "&secret;")
    return zipped_again(
        word_paragraphs(INTERVIEW),
        {
            "word/document.xml": f'{head}?><!DOCTYPE w:document [<!ENTITY secret SYSTEM "file://{path}">]>{rest}'.encode()
        },
    )


OLD_WORD = (
    b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
    + bytes(504)
    + "WordDocument".encode("utf-16-le")
    + bytes(2000)
)
BROKEN = {
    "cut.docx": (
        lambda: cut(word_paragraphs(INTERVIEW)),
        "this Word document is damaged or was not saved to its end. Open it in Word",
    ),
    "cut.odt": (
        lambda: cut(opendocument(INTERVIEW)),
        "this OpenDocument text is damaged or was not saved to its end. Open it",
    ),
    "cut.xlsx": (
        lambda: cut(workbook(INTERVIEW)),
        "this Excel workbook is damaged or was not saved to its end. Open it",
    ),
    "cut.pdf": (
        lambda: cut(pdf(INTERVIEW)),
        "this PDF is cut short: its end is missing. Copy or download it again",
    ),
    "locked.docx": (
        lambda: encrypted(word_paragraphs(INTERVIEW)),
        "protected with a password. Open it with its password and save a copy",
    ),
    "locked.xlsx": (
        lambda: encrypted(workbook(INTERVIEW)),
        "protected with a password. Open it with its password and save a copy",
    ),
    "locked.pdf": (
        locked_pdf,
        "this PDF is protected by a password. Open it with the password and save it without one",
    ),
    "empty.txt": (lambda: b"", "this file holds no words. Is it the right file?"),
    "empty.docx": (lambda: b"", "this file holds no words. Is it the right file?"),
    "blank.docx": (lambda: word_paragraphs(()), "this file holds no words. Is it the right file?"),
    "picture.txt": (
        picture,
        "this file is a picture (PNG), whatever its name says. Ingest the transcript itself",
    ),
    "old.doc": (
        lambda: OLD_WORD,
        "this is an old Word document (.doc), whatever its name says. Open it in Word, Excel or "
        "LibreOffice and save it as .docx",
    ),
    "scan.pdf": (
        scan,
        "this PDF is a scan: its pages are pictures, without text. Run text recognition first, "
        "for example `ocrmypdf in/scan.pdf",
    ),
    "bomb.docx": (
        lambda: bomb("docx", "word/document.xml"),
        "too much for a transcript. Take out pictures",
    ),
    "bomb.odt": (
        lambda: bomb("odt", "content.xml"),
        "too much for a transcript. Take out pictures",
    ),
    "bomb.xlsx": (
        lambda: bomb("xlsx", "xl/worksheets/sheet1.xml"),
        "too much for a transcript. Take out pictures",
    ),
    "short.csv": (
        lambda: b"Speaker,Text,Mood\nI,Hello?,fine\nP,Hello.\nI,Bye.,fine\n",
        ":3: this row has 2 cells where the others have 3. Put words",
    ),
    "nothing.html": (
        lambda: (
            b"<!DOCTYPE html><html><head><script>let a = 1</script></head><body><p> </p></body>"
            b"</html>"
        ),
        "this file holds no words. Is it the right file?",
    ),
    "timing.vtt": (
        lambda: (
            b"WEBVTT\n\n00:00:01.000 --> 00:00:02.000\n<v I>Hello?\n\n"
            b"00:00:03.000 -> 00:00:04.000\n<v P>Hello.\n"
        ),
        ":6: this line is not the time of a caption. Write it like",
    ),
    "settings.json": (
        lambda: b'{"name": "gtpipe", "version": [1, 2]}',
        "this JSON holds no segments of speech. This needs the JSON of Whisper",
    ),
}


@pytest.mark.parametrize("file", BROKEN)
def test_a_file_that_cannot_be_read_is_told_with_what_to_do_and_nothing_is_written(empty, file):
    content, says = BROKEN[file]
    empty.write(f"in/{file}", content())
    before, started = empty.hashes(), time.process_time()
    ran = empty("ingest", f"in/{file}")
    assert time.process_time() - started < 5
    assert ran.code == 1 and ran.err.startswith(f"in/{file}:") and says in ran.err, ran.err
    assert empty.hashes() == before
    assert empty("ingest", f"in/{file}", "--dry-run").code == 1


def test_two_hundred_megabytes_of_zeros_are_refused_unread(empty):
    with open(empty.write("in/zeros.txt", ""), "wb") as file:
        file.truncate(200 * 2**20)
    started = time.process_time()
    tracemalloc.start()
    try:
        ran = empty("ingest", "in/zeros.txt")
        _, most = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert time.process_time() - started < 5 and most < 20 * 2**20
    assert (ran.code, ran.err) == (
        1,
        "in/zeros.txt: this file is 200 MB large, too much for a transcript. "
        "Ingest the transcript itself, without recordings and pictures.\n",
    )
    assert not (empty.root / "data").exists()


def test_ninety_megabytes_of_zeros_hold_no_words(empty):
    with open(empty.write("data/sources/zeros.docx", ""), "wb") as file:
        file.truncate(90 * 2**20)
    ran = empty("ingest")
    assert ran.code == 1 and ran.err.startswith("data/sources/zeros.docx: this file holds no words")


def test_an_entity_brings_no_other_file_into_a_transcript(empty, tmp_path):
    secret = tmp_path / "secret.txt"
    secret.write_text("the key is under the mat")
    empty.write("in/a.docx", with_entity(secret))
    before = empty.hashes()
    ran = empty("ingest", "in/a.docx")
    assert (
        ran.code == 1
        and "declares a document type or entities of its own" in ran.err
        and "mat" not in ran.out + ran.err
    )
    assert empty.hashes() == before


@pytest.mark.parametrize(
    ("file", "content"),
    [
        ("a.docx", pdf),
        ("a.txt", word_paragraphs),
        ("a.pdf", web_page),
        ("a.doc", rich_text),
        ("a.csv", workbook),
        ("a.txt", captions),
        ("a", opendocument),
        ("a.docx", lambda turns: lines(turns).encode()),
    ],
)
def test_what_a_file_is_counts_not_what_it_is_called(empty, file, content):
    empty.write(f"in/{file}", content(INTERVIEW))
    ran = empty("ingest", f"in/{file}")
    assert ran.code == 0, ran.err
    assert heard(empty, "a") == [*INTERVIEW]


def test_one_broken_file_among_good_ones_is_told_and_none_is_ingested(empty):
    empty.write("in/good.docx", word_table(INTERVIEW))
    empty.write("in/bad.pdf", cut(pdf(INTERVIEW)))
    before = empty.hashes()
    ran = empty("ingest", "in/good.docx", "in/bad.pdf")
    assert (
        ran.code == 1
        and ran.err.startswith("in/bad.pdf: this PDF is cut short")
        and empty.hashes() == before
    )


# --- nothing lost ---------------------------------------------------------------------------------


@pytest.mark.parametrize("file", WAYS)
def test_a_reading_that_lacks_a_word_or_has_one_more_is_noticed(file):
    """For every format: the second, simpler reading of the same bytes finds it."""
    content = WAYS[file](INTERVIEW)
    reader = registry.reader_of(content, file)
    control_text = reader.control_text(content)
    reading = reader.read(content, file, Hints(frozenset("IP")))

    def lost(changed) -> str:
        interview, _ = interview_of(changed, "x", "x", Roles(("I",), ("P",)))
        return lost_words(changed, interview, control_text)

    def with_turn(index: int, text: str):
        turns = list(reading.turns)
        turns[index] = turns[index]._replace(text=text)
        return replace(reading, turns=tuple(turns))

    assert control_text is not None and lost(reading) == ""
    last = reading.turns[-1].text
    for fewer in (
        last.replace("Kyrie", ""),
        last.removesuffix("."),
        last.partition("\n")[0].rpartition(" ")[0],
    ):
        assert lost(with_turn(-1, fewer)), fewer
    assert lost(with_turn(0, reading.turns[0].text + " really"))
    assert lost(replace(reading, turns=reading.turns[:-1]))
    unsaid = replace(
        reading, turns=tuple(turn._replace(lead=turn.lead + "Bishop ") for turn in reading.turns)
    )
    assert lost(unsaid)


# --- what ingest shows and what it is told --------------------------------------------------------


def test_dry_run_shows_a_word_document_before_anything_is_written(empty):
    document = docx.Document()
    document.sections[0].header.paragraphs[0].text = "Choir study, confidential"
    document.add_paragraph("Interview 3, in the vestry")
    for label, words in INTERVIEW:
        document.add_paragraph(f"{label}: {words}")
    document.add_comment(document.paragraphs[2].runs, "check against the tape", "KR", "KR")
    empty.write("in/zoe.docx", saved(document))
    before = empty.hashes()
    assert (
        empty.ok("ingest", "in/zoe.docx", "--dry-run", "--skip-heading")
        == """\
in/zoe.docx: read as docx; would be the interview zoe
  I: 3 turns, first at paragraph 2: interviewer
  P: 3 turns, first at paragraph 3: zoe
  before the first speaker, paragraph 1: Interview 3, in the vestry
  left out, as nobody's speech: header (first at paragraph 1): "Choir study, confidential"
  left out, as nobody's speech: comment (first at paragraph 3): "check against the tape"
  what each part of the source is:
    heading, left out by your word      1  first at paragraph 1: Interview 3, in the vestry
    words of I                          3  first at paragraph 2: So, how did the choir come about?
    words of P                          3  first at paragraph 3: Well, er, my sister rang – “you’re coming,” she said – and I…
    header                              1  first at paragraph 1: Choir study, confidential
    comment                             1  first at paragraph 3: check against the tape
  [1] I: So, how did the choir come about?
  [2] P: Well, er, my sister rang – “you’re coming,” she said – and I, I went along (laughs) in my work boots…
  [3] I: Mhm. And was it what you’d expected?
  [4] P: No! I’d thought of a café, not a crypt … 30 of us, 5 tenors & a dog called Zoë. [pause 3s] It was: c…
  [5] I: Cold?
"""  # noqa: E501
    )
    assert empty.hashes() == before


def test_dry_run_shows_a_table_with_the_columns_that_it_takes_and_leaves(empty):
    rows = (
        ("nr", "who", "mood", "what", "at"),
        (1, "Kim", "calm", "Were you late?", "0:05"),
        (2, "Bo", "", "Er, no.", "0:07"),
        (3, "Bo", "cross", "The bus was.", "0:09"),
    )
    empty.write("in/bo.xlsx", workbook(rows[1:], rows[0]))
    before = empty.hashes()
    ran = empty(
        "ingest",
        "in/bo.xlsx",
        "--columns",
        "speaker=who,words=what,time=at",
        "--interviewer",
        "Kim",
        "--dry-run",
    )
    assert (ran.code, ran.out) == (
        1,
        """\
in/bo.xlsx: read as xlsx; would be the interview bo
  Kim: 1 turn, first at row 2: interviewer
  Bo: 1 turn, first at row 3: unknown
  speaker in column "who", words in "what", time in "at"
  left out, as nobody's speech: header row (first at row 1): "nr who mood what at"
  left out, as nobody's speech: column "nr" (3 times, first at row 2): "1"; "2"; "3"
  left out, as nobody's speech: column "mood" (2 times, first at row 2): "calm"; "cross"
  left out, as nobody's speech: repeated label (first at row 4): "Bo"
  left out, as nobody's speech: time within a turn (first at row 4): "0:09"
  what each part of the source is:
    words of Kim            1  first at row 2: Were you late?
    words of Bo             1  first at row 3: Er, no. The bus was.
    header row              1  first at row 1: nr who mood what at
    column "nr"             3  first at row 2: 1
    column "mood"           2  first at row 2: calm
    repeated label          1  first at row 4: Bo
    time within a turn      1  first at row 4: 0:09
  [1 0:05] Kim: Were you late?
  [2 0:07] Bo: Er, no.…
""",
    )
    assert (
        'in/bo.xlsx:3: unknown speaker "Bo" (1 of 2 turns; labels seen: Kim 1, Bo 1). Say who it '
        "is with" in ran.err
    )
    assert empty.hashes() == before


def test_one_who_speaks_throughout_is_named_and_every_paragraph_is_a_turn(empty):
    empty.write("in/ada.docx", plain_paragraphs(INTERVIEW[1::2]))
    ran = empty("ingest", "in/ada.docx")
    assert (
        ran.code == 1
        and "say who with --monologue NAME" in ran.err
        and "Well, er, my sister rang" in ran.err
    )
    ran = empty("ingest", "in/ada.docx", "--monologue", "Ada")
    assert ran.code == 1 and 'unknown speaker "Ada" (3 of 3 turns' in ran.err
    empty.ok("ingest", "in/ada.docx", "--monologue", "Ada", "--participant", "Ada")
    assert heard(empty, "ada") == [("Ada", words) for _, words in INTERVIEW[1::2]]
    assert empty.ok("ingest") == "ingest: fresh\n"
    empty.write("in/both.docx", word_paragraphs(INTERVIEW))
    ran = empty("ingest", "in/both.docx", "--monologue", "P")
    assert ran.code == 1 and "these lines do: I 3, P 3" in ran.err


@pytest.mark.parametrize(
    "write", [word_paragraphs, captions, workbook, pdf], ids=lambda write: write.__name__
)
def test_a_group_with_two_interviewers_is_everybody_by_their_own_name(empty, write):
    talk = [
        ("Dr. Roth", "So who was first?"),
        ("Ana", "Me, I think."),
        ("Bo", "No, that was me, er, on the Monday."),
        ("Kim", "Which Monday?"),
        ("Ana", "[laughs] There’s only one."),
        ("Bo", "That’s what you think."),
    ]
    file = {
        word_paragraphs: "group.docx",
        captions: "group.vtt",
        workbook: "group.xlsx",
        pdf: "group.pdf",
    }[write]
    empty.write(f"in/{file}", write(talk))
    ran = empty(
        "ingest",
        f"in/{file}",
        "--interviewer",
        "Dr. Roth",
        "--interviewer",
        "Kim",
        "--participant",
        "Ana",
        "--participant",
        "Bo=bo",
    )
    assert ran.code == 0, ran.err
    assert heard(empty, "group") == talk
    assert (
        "Dr. Roth 1 (interviewer), Ana 2 (participant group-ana), Bo 2 (participant bo), Kim 1 "
        "(interviewer)" in ran.out
    )
    assert empty.read("data/participants.csv").splitlines()[1:] == ["group-ana", "bo"]
    empty.ok("initial-code")
    empty.ok("code", "group", "3", "insisting on having been first")
    assert "Participants: bo." in empty.ok("compare", "insisting on having been first")


def test_what_libreoffice_puts_on_every_page_of_a_web_page_is_told_and_nobodys_speech(empty):
    page = (
        web_page(INTERVIEW)
        .decode()
        .replace(
            "<body>", '<body><div title="header"><p>Choir study</p><p>con<b>fidential</b></p></div>'
        )
    )
    empty.write(
        "in/a.html", page.replace("</body>", '<div title="footer"><p>typed by KR</p></div></body>')
    )
    ran = empty("ingest", "in/a.html")
    assert ran.code == 0 and heard(empty, "a") == [*INTERVIEW]
    assert 'header (first at paragraph 1): "Choir study confidential"' in ran.err
    assert 'footer (first at paragraph 7): "typed by KR"' in ran.err
