"""What tells who somebody is, planted in every kind of file: all is found, in its place, and
nothing besides; and no name is ever printed.
"""

from __future__ import annotations

import io
import json
import os
import re
import time
import unicodedata
import zipfile
from collections import Counter

import pytest
import yaml
from conftest import ROOT, SHARED, StudyFolder, git

from gtpipe.analysis.identifiers import NAME, SLIP
from gtpipe.formats.names_list import loads
from gtpipe.sources import every_word
from gtpipe.sources.look_for_names import Finding, look
from gtpipe.store import seen
from gtpipe.store.layout import Study
from gtpipe.text import everyday

LIST = """\
Ellie Smith, Ellie -> Faye
Gemma -> (PSW)
Ward 7 -> (Ward)
Zoë Løvstrøm -> Nadia
Mary-Ann O’Neil -> Beth
"""
# How each of twelve kinds stands in a text, what it is told as, and the line of the list.
PLANTS = [
    ("Ellie Smith", NAME, 1),
    ("ellie", NAME, 1),
    ("GEMMA’S", NAME, 2),
    ("Gemma-like", NAME, 2),
    ("Ward 7", NAME, 3),
    ("zoe lovstrom", NAME, 4),
    ("Maryann Oneil", NAME, 5),
    ("j.doe@nhs.example", "e-mail", 0),
    ("07700 900123", "telephone", 0),
    ("EH8 9YL", "postcode", 0),
    ("3 May 1962", "date-of-birth", 0),
    ("485 777 3456", "long-number", 0),
]
INSIDE_WORDS = "Gemmaline, Elliesmithers, Ward 77, Stewardess 7, a12345678b, x@y, 10:30, 2026-03-02"
SENTENCES = [f"And then {planted} was there." for planted, _, _ in PLANTS]
LINES = "\n\n".join([INSIDE_WORDS, *SENTENCES]) + "\n"
TOLD = Counter((kind, line) for _, kind, line in PLANTS)


@pytest.fixture
def study(tmp_path, capsys, monkeypatch) -> StudyFolder:
    """A study without a word, and a list beside it."""
    study = StudyFolder(tmp_path / "study", capsys, monkeypatch)
    study.write("pipeline.yaml", "study: x\nprivacy:\n  names: ../key.txt\n")
    (tmp_path / "key.txt").write_text(LIST)
    return study


def found(study: StudyFolder, *files: str) -> tuple[Finding, ...]:
    return look(Study(study.root), files).findings


# --- files of each kind ---------------------------------------------------------------------------


def docx() -> bytes:
    """Planted in paragraphs, a table, a header, a comment, a deletion, a link, the properties."""
    import docx
    from docx.oxml import OxmlElement

    document = docx.Document()
    document.core_properties.author = SENTENCES[0]
    document.sections[0].header.paragraphs[0].text = SENTENCES[1]
    document.add_table(1, 1).cell(0, 0).text = SENTENCES[2]
    paragraph = document.add_paragraph("And then Gem")
    paragraph.add_run("ma-like").bold = True
    document.add_comment(paragraph.runs, SENTENCES[4])
    deleted, run, words = map(OxmlElement, ("w:del", "w:r", "w:delText"))
    words.text = SENTENCES[5]
    run.append(words)
    deleted.append(run)
    document.add_paragraph("Left: ")._p.append(deleted)
    for sentence in (INSIDE_WORDS, *SENTENCES[6:7], *SENTENCES[8:]):
        document.add_paragraph(sentence)
    document.part.relate_to(
        "mailto:j.doe@nhs.example",
        "http://schemas.openxmlformats.org/officeDocument/2006/relationships/hyperlink",
        is_external=True,
    )
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def odt() -> bytes:
    """Planted in paragraphs, a note, a remark, and the properties."""
    namespaces = " ".join(
        f'xmlns:{short}="urn:oasis:names:tc:opendocument:xmlns:{short}:1.0"'
        for short in ("office", "text", "meta")
    )
    namespaces += ' xmlns:dc="http://purl.org/dc/elements/1.1/"'
    body = "".join(f"<text:p>{sentence}</text:p>" for sentence in (INSIDE_WORDS, *SENTENCES[3:]))
    content = (
        f"<office:document-content {namespaces}><office:body><office:text>{body}"
        "<text:p>A<text:note><text:note-body><text:p>"
        f"{SENTENCES[0].replace(' ', '<text:s/>')}</text:p></text:note-body></text:note></text:p>"
        f"<text:p>B<office:annotation><dc:creator>{SENTENCES[1]}</dc:creator>"
        "</office:annotation></text:p>"
        "</office:text></office:body></office:document-content>"
    )
    title = f"<dc:title>{SENTENCES[2]}</dc:title>"
    meta = f"<office:document-meta {namespaces}>{title}</office:document-meta>"
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as package:
        package.writestr("mimetype", "application/vnd.oasis.opendocument.text")
        package.writestr("content.xml", content)
        package.writestr("meta.xml", meta)
    return out.getvalue()


def xlsx() -> bytes:
    """Planted in cells, a comment, the name of a sheet, and the properties."""
    import openpyxl
    from openpyxl.comments import Comment

    book = openpyxl.Workbook()
    book.properties.title = SENTENCES[0]
    book.active.title = "of ellie"
    for sentence in (INSIDE_WORDS, *SENTENCES[3:]):
        book.active.append(["x", sentence])
    book.active["A1"].comment = Comment(SENTENCES[2], "somebody")
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def pdf() -> bytes:
    """Planted on two pages, broken by a hyphen, in a comment, and in the properties."""
    from reportlab.pdfgen.canvas import Canvas

    out = io.BytesIO()
    canvas = Canvas(out)
    canvas.setAuthor(SENTENCES[0])
    canvas.textAnnotation(SENTENCES[3], [100, 100, 120, 120])
    for page in (
        [INSIDE_WORDS, "And then el-", "lie was there.", SENTENCES[2], *SENTENCES[4:6]],
        SENTENCES[6:],
    ):
        for number, line in enumerate(page):
            canvas.drawString(72, 760 - 20 * number, line.replace("’", "'"))
        canvas.showPage()
    canvas.save()
    return out.getvalue()


def rtf() -> bytes:
    lines = "\\par\n".join([INSIDE_WORDS, *SENTENCES[1:]]).replace("’", "\\'92")
    return f"{{\\rtf1\\ansi{{\\info{{\\author {SENTENCES[0]}}}}}\\b {lines}}}".encode()


def html() -> bytes:
    """Planted in paragraphs, the title, an attribute, a remark, a script, and broken by a tag."""
    title, value, remark, script, broken, *rest = SENTENCES
    broken = broken.replace("Ward 7", "W<b>ard</b> 7").replace("zoe", "zo&euml;")
    return "\n".join(
        [
            f"<html><head><title>{title}</title>",
            f"<script>let a = '{script}'</script><style>p {{ width: 12345678px }}</style></head>",
            f'<body><img width="485777345612" alt="{value}"><!-- {remark} -->',
            f"<p>{INSIDE_WORDS}</p><p>{broken}</p>",
            *(f"<p>{sentence}</p>" for sentence in rest),
            "</body></html>",
        ]
    ).encode()


def tex() -> bytes:
    sentences = [
        sentence.replace("zoe lovstrom", '\\textsc{Zo\\"e} L{\\o}vstr\\o m')
        .replace("Ellie Smith", "\\emph{Ellie}~Smith")
        .replace("EH8 9YL", "EH8~9YL".replace("~", " "))
        for sentence in SENTENCES
    ]
    return ("% " + "\n\n".join([INSIDE_WORDS, *sentences])).encode()


def yaml_of(field: str) -> bytes:
    """Entries of a file of the study, with what is planted in a field of each."""
    return "".join(f"- {field}: |\n    {line}\n" for line in LINES.split("\n\n")).encode()


def log() -> bytes:
    """Lines of the log, whose digests are no numbers; letters outside ASCII are escaped in it."""
    return b"".join(
        json.dumps(
            {"command": sentence, "files": {"data/x": [None, "485777345612"]}}, ensure_ascii=True
        ).encode()
        + b"\n"
        for sentence in (INSIDE_WORDS, *SENTENCES)
    )


FILES: dict[str, bytes] = {
    "data/sources/one.txt": LINES.encode("utf-16"),
    "data/sources/one.docx": docx(),
    "data/sources/one.vtt": f"WEBVTT\n\n{LINES}".encode(),
    "data/transcripts/one.md": LINES.encode(),
    "data/initial-codes/one.yaml": yaml_of("codes"),
    "data/codebook.yaml": yaml_of("code"),
    "data/focused-codes.yaml": yaml_of("definition"),
    "data/theory.yaml": yaml_of("hypothesis"),
    "data/comments.KR.yaml": yaml_of("comment"),
    "data/memos/2026-03-21-x.md": LINES.replace("\n\n", "\n> \n> ").encode(),
    "data/diary/2026-03-22.md": LINES.replace("\n", "\r\n").encode(),
    "data/log.jsonl": log(),
    "data/derived/compare/x.md": LINES.encode(),
    "data/derived/codebook.csv": LINES.replace("\n\n", ",1\n").encode(),
    "data/derived/report/x.html": html(),
    "data/derived/codes.xlsx": xlsx(),
    "chapters/one.docx": docx(),
    "chapters/one.odt": odt(),
    "chapters/one.tex": tex(),
    "chapters/one.html": html(),
    "chapters/one.pdf": pdf(),
    "chapters/one.rtf": rtf(),
    "chapters/one.txt": LINES.encode("cp1252"),
    "README.md": LINES.encode(),
}
assert len(FILES) * len(PLANTS) >= 200


@pytest.mark.parametrize("path", FILES)
def test_twelve_kinds_are_found_in_a_file_of_every_kind_and_nothing_besides(study, path):
    study.write(path, FILES[path])
    told = found(study)
    assert {one.path for one in told} == {path}
    assert (
        Counter({(one.kind, one.list_line): 0 for one in told})
        + sum((Counter({(one.kind, one.list_line): one.times}) for one in told), Counter())
        == TOLD
    )
    assert not any(one.kind == SLIP for one in told)


def test_all_of_them_at_once_each_in_its_line(study):
    for path, content in FILES.items():
        study.write(path, content)
    ran = study("names", "--format", "json")
    assert ran.code == 1
    rows = json.loads(ran.out)
    assert sum(row["times"] for row in rows) == len(FILES) * len(PLANTS) == 288
    in_lines = [row["line"] for row in rows if row["path"] == "data/transcripts/one.md"]
    assert sorted(in_lines) == list(range(3, 27, 2))
    in_log = [row["line"] for row in rows if row["path"] == "data/log.jsonl"]
    assert sorted(in_log) == list(range(2, 14))
    places = {row["place"] for row in rows if row["path"] == "chapters/one.pdf"}
    assert places == {"page 1", "page 1, in a comment", "page 2", "its properties"}
    for path in ("chapters/one.odt", "chapters/one.docx"):
        assert {"paragraph 2", "paragraph 3"} <= {r["place"] for r in rows if r["path"] == path}


def test_nothing_that_is_printed_holds_a_name(study):
    for path, content in FILES.items():
        study.write(path, content)
    study.write("data/derived/compare/asking-ellie.md", LINES)
    study.write("data/derived/compare/ellie-smith.html", html())
    study.write("chapters/gemma/x.md", "Nobody.\n")
    study.write("data/sources/ellie.docx", b"PK\x03\x04 broken")
    words = "ellie|smith|gemma|løvstrøm|lovstrom|neil|doe|900123|9YL|1962|777"
    for arguments in (["names"], ["names", "--format", "csv"], ["check"], ["names", "data"]):
        ran = study(*arguments)
        assert ran.code == 1
        shown = unicodedata.normalize("NFC", ran.out + ran.err)
        assert not re.search(words, shown, re.I)
        assert "Traceback" not in shown
    ran = study("names")
    assert "data/derived/compare/ in the name of a file: list line 1 (2 times)\n" in ran.out
    assert "chapters/ in the name of a file: list line 2\n" in ran.out
    assert "data/derived/compare/: list line 1 (4 times)\n" in ran.out
    assert "data/sources: note: not looked through: " in ran.err


# --- names of every kind --------------------------------------------------------------------------


def test_one_letter_off_and_what_a_rule_finds_are_notes(study):
    study.write("data/memos/x.md", "Elie was.\n\nRing 07700 900123 or 07700 900124.\n")
    ran = study("names")
    assert ran.code == 0
    assert ran.out == (
        "data/memos/x.md:1: note: perhaps list line 1\n"
        "data/memos/x.md:3: note: telephone number (2 times)\n"
        "0 names of the list, 3 notes. 2 files looked through.\n"
    )
    assert study("names", "--strict").code == 1


@pytest.mark.parametrize(
    "kind", ["e-mail", "telephone", "postcode", "date-of-birth", "long-number"]
)
def test_each_rule_can_be_left_out(study, kind):
    study.write("data/memos/x.md", LINES)
    kinds = [other for _, other, line in PLANTS if not line and other != kind]
    study.write("pipeline.yaml", f"study: x\nprivacy:\n  look-for: [{', '.join(kinds)}]\n")
    assert [one.kind for one in found(study)] == sorted(
        kinds, key=lambda other: [k for _, k, _ in PLANTS].index(other)
    )


def test_without_a_list_addresses_and_numbers_are_looked_for(study):
    study.write("pipeline.yaml", "study: x\n")
    study.write("data/memos/x.md", LINES)
    ran = study("names")
    assert ran.code == 0 and "0 names of the list, 5 notes." in ran.out
    assert "pipeline.yaml names no list of real names" in ran.err


def test_the_list_is_told_what_is_wrong_with_it(study):
    study.write("data/memos/x.md", "Will, May and Quill. A+ and C.\n")
    study.write("../key.txt", "Will -> Quill\nMay -> (M)\nQuill -> Bo\nA+ -> D\nno arrow\n")
    ran = study("names")
    assert ran.code == 1
    assert re.findall(r"key.txt:(\d): (note: )?([^.]+)\.", ran.err) == [
        ("1", "", "what stands for this name is a real name, on line 3"),
        (
            "1",
            "note: ",
            "a name of this line is an everyday word too, and is looked for with a capital only",
        ),
        (
            "2",
            "note: ",
            "a name of this line is an everyday word too, and is looked for with a capital only",
        ),
        ("5", "", "no `->` on this line"),
    ]
    assert re.findall(r"(note: perhaps )?list line (\d)", ran.out) == [
        ("", "2"),
        ("", "3"),
        ("", "4"),
        ("note: perhaps ", "1"),
    ]
    study.write("../key.txt", "# nobody yet\n")
    ran = study("names")
    assert ran.code == 1 and "key.txt: no name stands in this list." in ran.err


def test_a_list_that_is_not_there_is_an_error_here_and_a_note_of_check(study):
    (study.root / "../key.txt").unlink()
    ran = study("names")
    assert ran.code == 1 and "../key.txt: the list of names cannot be read: " in ran.err
    ran = study("check")
    assert ran.code == 0 and "../key.txt: note: the list of names cannot be read: " in ran.out


def test_a_list_that_git_tracks_or_would_take_up_is_an_error(study):
    study.write("pipeline.yaml", "study: x\nprivacy:\n  names: names.txt\n")
    study.write("names.txt", LIST)
    assert study("names").code == 0  # no repository
    git("init", "-q", cwd=study.root)
    for command in ("names", "check"):
        ran = study(command)
        assert ran.code == 1
        assert "names.txt: the list of names lies where git would take it up." in ran.out + ran.err
    study.write(".gitignore", "names.txt\n")
    assert study("names").code == 0
    git("add", "-f", "names.txt", cwd=study.root)
    for command in ("names", "check"):
        ran = study(command)
        assert ran.code == 1 and "names.txt: git tracks the list of names." in ran.out + ran.err


def test_check_and_ingest_tell_where_names_stand(study):
    study.write(
        "pipeline.yaml",
        "study: x\nspeakers:\n  interviewer: [I]\n  participant: [P]\n"
        "stages:\n  ingest: {}\nprivacy:\n  names: ../key.txt\n",
    )
    study.write("../one.txt", "I: Who came?\n\nP: Ellie and Gemma, and Ellie.\n")
    ran = study("ingest", "../one.txt")
    assert ran.code == 0
    assert (
        "data/transcripts/one.md:10: note: 3 names of the list (lines 1, 2). "
        "`gtpipe names apply one` puts in what stands for them.\n" in ran.err
    )
    ran = study("check")
    assert ran.code == 1
    assert (
        "data/sources/one.txt:3: 3 names of the list (lines 1, 2). `gtpipe names` shows each."
        in ran.out
    )
    study.write("../one.txt", "I: Who came?\n\nP: Ellie and Gemma, and she.\n")
    ran = study("ingest", "--correct", "../one.txt")
    assert "data/transcripts/one.md:10: note: 2 names of the list (lines 1, 2). " in ran.err
    study.write("data/derived/x.md", "Ellie\n")
    study.write("data/derived/y.md", "Ellie\n")
    assert "data/derived: 2 names of the list (line 1)." in study("check").out


def test_hidden_files_are_looked_through_but_for_those_of_git_and_gtpipe(study):
    for path in (".a.md", ".trash/b.md", "data/.c.yaml", ".git/d.md", ".gtpipe/e.md"):
        study.write(path, "And then Gemma was there.\n")
    assert [one.path for one in found(study)] == [".a.md", ".trash/b.md", "data/.c.yaml"]


def test_files_and_folders_can_be_named_from_anywhere(study):
    study.write("chapters/one.md", "Ellie\n")
    study.write("elsewhere.md", "Gemma\n")
    study.write("other/pipeline.yaml", "study: another\n")
    study.write("other/chapter.md", "Ellie\n")
    assert [one.path for one in found(study)] == ["chapters/one.md", "elsewhere.md"]
    ran = study("names", "one.md", cwd=study.root / "chapters")
    assert ran.out.startswith("one.md:1: list line 1\n")
    ran = study("names", "study/chapters", cwd=study.root.parent)
    assert ran.out.startswith("study/chapters/one.md:1: list line 1\n")
    ran = study("names", "gone.md")
    assert ran.code == 1 and "gone.md: there is no such file." in ran.err


def test_the_pre_commit_hook_names_a_command_that_is_there(study):
    hooks = yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text())
    hook = next(hook for hook in hooks if hook["id"] == "gtpipe-names")
    program, *words = hook["entry"].split()
    assert (program, hook["language"], hook["require_serial"]) == ("gtpipe", "python", True)
    study.write("../README.md", "Nobody.\n")
    study.write("chapter.md", "Gemma.\n")
    ran = study(*words, "README.md", "study/chapter.md", cwd=study.root.parent)
    assert (ran.code, ran.out.splitlines()[0]) == (1, "study/chapter.md:1: list line 2")
    assert study(*words, "README.md", "study/pipeline.yaml", cwd=study.root.parent).code == 0


def test_locked_and_broken_files_are_told(study):
    study.write("data/sources/a.docx", docx()[:900])
    study.write("data/sources/b.pdf", b"%PDF-1.4 broken")
    study.write(
        "data/sources/c.png", b"\x89PNG\r\n\x1a\n\x00\x01tEXtAuthor\x00Ellie Smith\x00\x02\x03"
    )
    study.write(
        "data/sources/d.doc",
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1\0" + " by Ellie Smith ".encode("utf-16-le"),
    )
    ran = study("names")
    assert "data/sources/a.docx: note: not looked through: this document is damaged" in ran.err
    assert "data/sources/b.pdf: note: not looked through: this PDF is locked or damaged." in ran.err
    assert "data/sources/c.png, somewhere in it: list line 1\n" in ran.out
    assert "data/sources/d.doc, somewhere in it: list line 1\n" in ran.out


def test_a_file_within_a_file_is_looked_through(study):
    out = io.BytesIO(docx())
    with zipfile.ZipFile(out, "a") as package:
        package.writestr("word/embeddings/inner.docx", FILES["chapters/one.odt"])
        package.writestr("word/embeddings/locked.pdf", b"%PDF-1.4 by Ellie Smith")
        package.writestr("word/media/image1.png", b"\x89PNG\r\n\x1a\n\0\1 of Gemma, taken \0\1")
    study.write("chapters/x.docx", out.getvalue())
    times = Counter[str]()
    for one in found(study):
        times[one.place] += one.times
    assert times["word/embeddings/inner.docx"] == len(PLANTS)
    assert times["word/embeddings/locked.pdf"] == times["word/media/image1.png"] == 1


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("El-\nlie, El-\n> lie", 2),
        ("Ellie-\nSmith and Ward-\n7", 2),
        ("Gemma-\nlike", 1),
        ("Gem-\nma-\nlike", 1),
    ],
)
def test_a_name_broken_at_the_end_of_a_line_is_one(study, text, names):
    study.write("data/memos/x.md", text)
    assert sum(one.times for one in found(study)) == names


# --- real conversations ---------------------------------------------------------------------------


def test_counts_are_those_of_an_independent_counting(study):
    """Sixty podcasts, with everybody who speaks in them listed by whole and by first name."""
    podcasts = sorted((SHARED / "data/podcasts/md").glob("*.md"))
    if not podcasts:
        pytest.skip("the podcasts are not here")
    texts = [podcast.read_text("utf-8") for podcast in podcasts]
    spoken = [name for text in texts for name in re.findall(r"^\*\*([^*:\n]+):\*\*", text, re.M)]
    speakers = {name.casefold(): name for name in spoken if len(name.split()) > 1}.values()
    listed: list[tuple[str, ...]] = []
    for name in sorted(speakers):
        first = name.split()[0]
        is_new = not any(first in spellings for spellings in listed)
        is_name = first.lower() not in everyday.ranks()
        listed.append((name, first) if is_new and is_name else (name,))
    names, problems = loads(
        "".join(f"{', '.join(spellings)} -> ({n})\n" for n, spellings in enumerate(listed)), "key"
    )
    assert not problems and len(listed) > 80
    counted = Counter[int]()
    for text in texts:
        counted += by_hand(text, listed)
    begun = time.process_time()
    matched = Counter(
        match.person.line for text in texts for match in names.matches(text) if match.exact
    )
    assert time.process_time() - begun < 20
    assert matched == counted and matched.total() > 10_000


def by_hand(text: str, listed: list[tuple[str, ...]]) -> Counter[int]:
    """The same by one pattern: line of the list → how often a name of it stands."""

    def bare(text: str) -> str:
        apart = unicodedata.normalize("NFKD", text.casefold())
        return "".join(char for char in apart if not unicodedata.combining(char)).translate(
            str.maketrans("łø", "lo")
        )

    lines = {
        tuple(re.findall(r"\w+", bare(spelling))): line
        for line, spellings in enumerate(listed, 1)
        for spelling in spellings
    }
    between = r"(?:[\s’'-]|(?<=\b\w)\.|(?<=\b\w\w)\.){0,3}"
    by_length = sorted(lines, key=lambda words: -len("".join(words)))
    pattern = rf"\b({'|'.join(between.join(words) for words in by_length)})\b"
    joined = {"".join(words): line for words, line in lines.items()}
    found = re.findall(pattern, bare(text).replace("_", " "))
    return Counter(joined[re.sub(r"\W", "", name)] for name in found)


def test_what_was_looked_through_is_looked_through_again_where_it_or_the_list_changed(
    study, monkeypatch
):
    def found() -> list[tuple[str, int, int]]:
        return [(one.path, one.list_line, one.times) for one in look(Study(study.root)).names]

    monkeypatch.setattr(seen, "_MOMENT", 0)
    monkeypatch.setattr(seen, "_LONG_MOMENT", 0)
    study.write("data/memos/one.md", "Ellie Smith came.\n")
    study.write("data/memos/two.md", "Nobody came here.\n")
    first = [("data/memos/one.md", 1, 1)]
    assert [found(), found()] == [first, first]
    read = []
    monkeypatch.setattr(every_word, "pieces", lambda content, path: read.append(path) or [])
    assert found() == first and read == []
    monkeypatch.undo()
    study.write("data/memos/two.md", "Ellie Smith came!\n")  # as many letters
    assert found() == [*first, ("data/memos/two.md", 1, 1)]
    (study.root.parent / "key.txt").write_text("Nobody -> Somebody\n")
    assert found() == []
    study.write("data/memos/two.md", "And then Nobody was there.\n")
    assert found() == [("data/memos/two.md", 1, 1)]
    (study.root / "data/memos/two.md").unlink()
    assert found() == []


def test_a_name_of_a_file_that_is_no_text_can_be_looked_through(study):
    place = os.fsencode(study.root / "data/memos")
    os.makedirs(place, exist_ok=True)
    with open(place + b"/cl\xe9.md", "wb") as file:
        file.write(b"Ellie Smith came.\n")
    assert [one.times for one in look(Study(study.root)).names] == [1]
    assert [one.times for one in look(Study(study.root)).names] == [1]
