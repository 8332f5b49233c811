"""Sources as somebody else might make them: floods, halves of characters, names of files that no
computer or no message bears.
"""

from __future__ import annotations

import io
import os
import time
import zipfile

import pytest

from gtpipe.model import limits

HALF = (
    "this line contains half a character. "
    "The program that wrote this file cut it in two: "
    "put it right there, or take it out of the file."
)


def segments(*texts: str) -> str:
    return (
        '{"segments": ['
        + ", ".join(
            f'{{"start": {n}, "end": {n + 1}, "text": {text}, "speaker": "P"}}'
            for n, text in enumerate(texts)
        )
        + "]}"
    )


@pytest.mark.parametrize(
    ("name", "content", "told"),
    [
        (
            "s.json",
            segments('"so"', '"a \\ud800 b"'),
            "2: segment 2 contains half a character (U+D800).",
        ),
        (
            "s.json",
            segments('"so"').replace('"P"', '"P\\udc00"'),
            "1: segment 1 contains half a character (U+DC00).",
        ),
        ("s.txt", b"I: So?\n\nP: caf\xc3\xa9 \xed\xa0\x80\n", f"3: {HALF}"),
        ("s.csv", b"speaker,words\nI,So?\nP,a \xed\xb0\x80\n", f"3: {HALF}"),
        ("s.vtt", "WEBVTT\n\n00:00:01.000 --> 00:00:02.000\n<v P>a &#xD800; b\n", f"4: {HALF}"),
        ("s.html", "<html><body><p>I: So?</p>\n<p>P: &#55357; b</p></body></html>", f"2: {HALF}"),
        (
            "s.txt",
            b"\xff\xfe"
            + "I: So?\n\nP: a ".encode("utf-16-le")
            + b"\x00\xd8"
            + " b\n".encode("utf-16-le"),
            "3: this line is not UTF-16",
        ),
        (
            "s.json",
            '{"segments": [{"text": ' + "[" * 100_000 + "]" * 100_000 + "}]}",
            " lists are nested too deeply in this JSON.",
        ),
        (
            "s.json",
            '{"a": ' * 100_000 + "1" + "}" * 100_000,
            " lists are nested too deeply in this JSON.",
        ),
    ],
    ids=str,
)
def test_what_is_no_character_or_has_no_bottom_is_told_with_its_place(empty, name, content, told):
    empty.write(f"in/{name}", content)
    before = empty.hashes()
    ran = empty("ingest", f"in/{name}")
    assert ran.code == 1 and ran.err.startswith(f"in/{name}:{told}"), ran.err[:300]
    assert empty.hashes() == before


def test_a_word_document_with_half_a_character_is_told(empty):
    import docx

    whole, broken = io.BytesIO(), io.BytesIO()
    document = docx.Document()
    document.add_paragraph("I: So?")
    document.add_paragraph("P: HALF")
    document.save(whole)
    with zipfile.ZipFile(whole) as before, zipfile.ZipFile(broken, "w") as after:
        for part in before.namelist():
            after.writestr(part, before.read(part).replace(b"HALF", b"&#xD800;"))
    empty.write("in/s.docx", broken.getvalue())
    ran = empty("ingest", "in/s.docx")
    assert ran.code == 1 and ran.err.startswith(
        "in/s.docx: this Word document is damaged, or of a kind that cannot be read"
    )


FLOODS = {
    "labels.txt": lambda: "".join(f"L{n}: so\n" for n in range(100_000 - 1)),
    "labels.csv": lambda: "speaker,words\n" + "".join(f"L{n},so\n" for n in range(99_000)),
    "lines.txt": lambda: "I: So?\n\nP: well\n" + "and\n" * 2_000_000,
    "line.txt": lambda: "I: So?\n\nP: " + "word " * 1_000_000,
    "text.txt": lambda: "I: So?\n\nP: " + "word " * 10_000_000,
    "cues.vtt": lambda: "WEBVTT\n\n" + "00:00:01.000 --> 00:00:02.000\n<v P>so\n\n" * 200_000,
    "dense.vtt": lambda: "WEBVTT\n" + "\n00:00:01.000 --> 00:00:02.000\n<v P>so" * 60_000,
    "segments.json": lambda: segments(*['"so"'] * 60_000),
    "columns.csv": lambda: (
        ",".join(f"c{n}" for n in range(100_000)) + "\n" + ("so," * 100_000 + "\n") * 5
    ),
    "columns.html": lambda: (
        "<html><body><table>"
        + ("<tr>" + "<td>so</td>" * 5_000 + "</tr>") * 3
        + "</table></body></html>"
    ),
}


@pytest.mark.parametrize("name", FLOODS)
def test_a_flood_is_told_in_seconds_and_in_few_words(empty, name):
    empty.write(f"in/{name}", FLOODS[name]())
    before = empty.hashes()
    began = time.process_time()
    ran = empty("ingest", f"in/{name}", "--participant", "*")
    assert time.process_time() - began < 20
    assert ran.code == 1 and ran.err.startswith(f"in/{name}:") and len(ran.err) < 600, ran.err[:600]
    assert ran.out == "" and empty.hashes() == before


def test_of_many_unknown_speakers_the_first_are_named(empty):
    empty.write("in/y.txt", "".join(f"Q{n}: so\n\n" for n in range(400)))
    told = empty("ingest", "in/y.txt").err.split("\n")
    assert (
        len(told) == 22
        and "labels seen: Q0 1, Q1 1," in told[0]
        and "Q19 1 and 380 more)" in told[0]
    )
    assert (
        told[20]
        == 'in/y.txt:41: 380 more unknown speakers, the first of them "Q20". Is it the right file?'
    )


def test_of_many_problems_the_first_are_shown(study):
    study.write(
        "data/initial-codes/jim.yaml",
        "".join(f"- turn: {n}\n  codes: |\n    x\n\n" for n in range(100, 5000)),
    )
    told = study("check").out.split("\n")
    assert told[limits.PROBLEMS] == "and 4,801 more problems (--format csv lists all)"
    assert study("check", "--format", "csv").out.count("\n") > 4900


def test_more_codes_at_a_turn_than_anybody_gives_are_told(study):
    study.write(
        "data/initial-codes/jim.yaml",
        "- turn: 2\n  codes: |\n" + "".join(f"    code {n}\n" for n in range(20_000)),
    )
    ran = study("check")
    assert ran.code == 1 and ran.out.startswith(
        "data/initial-codes/jim.yaml:1003: turn 2 has 20,000 codes, and no turn has more than "
        "1,000. Look whether they belong to it.\n"
    )


def test_the_longest_interviews_are_far_below_every_limit():
    assert (
        limits.LINES >= 20 * 4_000
        and limits.TEXT_BYTES >= 40 * 250_000
        and limits.LABELS >= 20 * 23
    )


# --- names of files ------------------------------------------------------------

TEXT = "I: So?\n\nP: Well.\n"


@pytest.mark.parametrize(
    ("file", "interview"),
    [
        ("con.txt", "con-1"),
        ("CON.md", "con-1"),
        ("Nul.txt", "nul-1"),
        ("lpt1.txt", "lpt1-1"),
        ("com¹.txt", "com¹-1"),
        ("aux .txt", "aux-1"),
    ],
)
def test_a_name_that_windows_keeps_for_itself_is_not_an_interviews(empty, file, interview):
    empty.write(f"in/{file}", TEXT)
    ran = empty("ingest", f"in/{file}")
    stem = os.path.splitext(file)[0]
    assert (
        ran.code == 0
        and f"in/{file}: note: the interview is called {interview}: "
        f'Windows can have no file called "{stem}".'
        in ran.err
    )
    empty.ok("initial-code")
    kept = {
        path.name.partition(".")[0] for path in (empty.root / "data").rglob("*") if path.is_file()
    }
    assert stem.strip().lower() not in {name.lower() for name in kept} and interview in kept
    assert empty.ok("ingest", f"in/{file}") == f"ingest: {interview} as before, nothing to do\n"
    ran = empty("ingest", f"in/{file}", "--as", "con")
    assert ran.code == 2 and "Windows can have no file of this name; con-1 is one" in ran.err


def test_the_source_of_a_name_not_every_computer_can_have_is_kept_under_the_interviews(empty):
    empty.write("in/Interview 3: Ann?.txt", TEXT)
    ran = empty("ingest", "in/Interview 3: Ann?.txt")
    assert (empty.root / "data/sources/interview-3-ann.txt").read_text() == TEXT
    assert (
        "note: kept as data/sources/interview-3-ann.txt, since not every computer can have a file "
        "of its own name." in ran.err
    )
    assert (
        empty.ok("ingest", "in/Interview 3: Ann?.txt")
        == "ingest: interview-3-ann as before, nothing to do\n"
    )


def test_a_name_that_is_too_long_is_told_and_as_helps(empty):
    file = f"in/{'x' * 240}.txt"
    empty.write(file, TEXT)
    ran = empty("ingest", file)
    assert ran.code == 1 and ran.err.endswith(
        "xx…: the name of this file is too long. Rename the file, or give it --as NAME.\n"
    )
    empty.ok("ingest", file, "--as", "ann")
    assert (empty.root / "data/sources/ann.txt").exists()
    assert empty("ingest", f"in/{'y' * 300}.txt").err.endswith(
        "yy…: no such file: its name is too long for one.\n"
    )


def test_names_that_differ_in_capitals_only_are_told(study):
    (study.root / "data/transcripts/jim.md").rename(study.root / "data/transcripts/Jim.md")
    (study.root / "data/ingested/jim.csv").unlink()
    study.write("in/JIM.txt", TEXT)
    ran = study("ingest", "in/JIM.txt")
    assert (
        ran.code == 1
        and "data/transcripts/Jim.md is already there, and differs from jim.md in capitals only"
        in ran.err
    )
    study.write("in/Eve.md", TEXT)
    study.ok("ingest", "in/Eve.md", "--as", "other")
    assert (study.root / "data/sources/other.md").exists() and not (
        study.root / "data/sources/Eve.md"
    ).exists()


def test_a_file_name_forges_no_message(study):
    forged = "a\ndata/codebook.yaml:1: error.txt"
    study.write(f"in/{forged}", "words and no speaker\n")
    ran = study("ingest", f"in/{forged}")
    assert ran.code == 1 and ran.err.startswith(
        "in/a\\ndata/codebook.yaml:1: error.txt:1: no speaker labels seen in this file."
    )
    study.write(f"in/{forged}", TEXT)
    ran = study("ingest", f"in/{forged}", "--as", "ann")
    assert ran.code == 0 and "\ndata/codebook.yaml" not in ran.out + ran.err
    for folder, ending in (
        ("transcripts", "md"),
        ("initial-codes", "yaml"),
        ("memos", "md"),
        ("sources", "txt"),
    ):
        study.write(f"data/{folder}/b\x1b[2J\nc.{ending}", TEXT)
    ran = study("check")
    assert ran.code == 1
    for folder, ending in (("transcripts", "md"), ("initial-codes", "yaml"), ("memos", "md")):
        assert (
            f"data/{folder}/b\\x1b[2J\\nc.{ending}: a control character, or what is no letter, "
            "stands in this name: the file is not read. "
            "Rename it.\n"
        ) in ran.out
    assert "\x1b" not in ran.out
    ran = study("ingest")
    assert ran.code == 1 and "data/sources/b\\x1b[2J\\nc.txt: a control character" in ran.err


@pytest.mark.skipif(os.name == "nt", reason="names there are text")
def test_a_file_name_that_is_no_text_is_told(coded):
    for folder in (b"data/memos", b"data/transcripts", b"data/initial-codes"):
        path = os.path.join(os.fsencode(coded.root), folder, b"x\xff.md")
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with open(path, "w") as file:
            file.write("---\ntitle: x\n---\n\nwords\n")
    for command in ("check", "status", "run"):
        ran = coded(command)
        assert ran.code in (0, 1) and "Traceback" not in ran.err
    assert "data/memos/x?.md: a control character, or what is no letter" in coded("check").out


def test_a_source_is_a_file_among_the_sources(study, tmp_path):
    """A transcript that came from elsewhere may name any path as its source."""
    secret = tmp_path / "secret.txt"
    secret.write_text(TEXT)
    study.write(
        "data/transcripts/jim.md",
        study.read("data/transcripts/jim.md").replace(
            "source: jim.txt", "source: ../../../secret.txt"
        ),
    )
    study.write("in/jim.txt", "I: So how did you get started?\n\nP: Otherwise.\n")
    for arguments in (
        ("status",),
        ("ingest", "--correct", "in/jim.txt", "--as", "jim", "--remove"),
    ):
        assert study(*arguments).code in (0, 1)
        assert secret.read_text() == TEXT
