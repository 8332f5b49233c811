"""Coded interviews as a Word document: read back by python-docx and by the letter of the file, not
by what wrote it.
"""

from __future__ import annotations

import io
import subprocess
import sys
import zipfile
from collections import Counter
from pathlib import Path

import docx
import pytest
from benchmarks.generate import generate
from lxml import etree

from gtpipe.model import bookmarks
from gtpipe.model.level import CodeRef, Level
from gtpipe.render.word import interviews
from gtpipe.render.word.document import Document, Run
from gtpipe.store.layout import Study
from gtpipe.study import load

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
SIGNS = {W + "tab": "\t", W + "br": "\n", W + "p": "\n\n"}


def comments(content: bytes) -> list[tuple[str, str, str, str]]:
    """Author, initials, text and words of each comment of a document."""
    package = zipfile.ZipFile(io.BytesIO(content))
    text, begun, ended = "", {}, {}
    for element in etree.fromstring(package.read("word/document.xml")).iter():
        text += element.text or "" if element.tag == W + "t" else SIGNS.get(element.tag, "")
        if element.tag == W + "commentRangeStart":
            begun[element.get(W + "id")] = len(text)
        elif element.tag == W + "commentRangeEnd":
            ended[element.get(W + "id")] = len(text)
    return [
        (
            comment.get(W + "author"),
            comment.get(W + "initials"),
            "\n".join(
                "".join(t.text or "" for t in p.iter(W + "t")) for p in comment.iter(W + "p")
            ),
            text[begun[comment.get(W + "id")] : ended[comment.get(W + "id")]],
        )
        for comment in etree.fromstring(package.read("word/comments.xml"))
    ]


def spoken(content: bytes) -> list[str]:
    """The turns of a document, each without its id, its line and who speaks."""
    styles = ("Turn", "Turn of the interviewer")
    paragraphs = docx.Document(io.BytesIO(content)).paragraphs
    turns = (p.text.split("\t", 2)[2] for p in paragraphs if p.style.name in styles)
    return [turn.partition(": ")[2] for turn in turns]


def test_the_words_are_those_of_the_transcript(analysed):
    corpus = load(Study(analysed.root))
    turns = [turn.text for one in corpus.material.interviews.values() for turn in one.turns]
    assert spoken(interviews.content(corpus)) == turns
    assert spoken(interviews.content(corpus, ["eve"])) == turns[-4:]


def test_each_code_is_a_comment_on_its_words(analysed):
    found = comments(interviews.content(load(Study(analysed.root))))
    pat = ("Pat Morgan", "PM")
    assert found == [
        (
            *pat,
            "meeting around the ward\nfocused code: easy beginnings",
            "Well, er, I met him around the ward (laugh)\nand it went from there.",
        ),
        (*pat, "it went from there\npassive? ask again", "it went from there"),
        (
            *pat,
            "noticing the pay\nfocused code: minding the money",
            "A bit. It was, like, a *bit* [pause 3s] awkward.\n\nHim being paid and that. <laughs>",
        ),
        (*pat, "meeting around the ward\nfocused code: easy beginnings", "She just sat down"),
        (
            *pat,
            "noticing the pay\nfocused code: minding the money",
            "She goes home at five. I don't.",
        ),
    ]


def test_a_code_over_turns_runs_from_the_first_to_the_last(coded):
    coded.ok("code", "jim", "2-4", "getting to know him", "--by", "KR")
    coded.ok("code", "jim", "2", "arriving", "--words", "I met him around the ward")
    content = interviews.content(load(Study(coded.root)), ["jim"])
    over = next(one for one in comments(content) if one[2] == "getting to know him")
    assert over[:2] == ("Kit Rowe", "KR")
    assert over[3].startswith("Well, er, I met him") and over[3].endswith("that. <laughs>")
    assert "I: And then?" in over[3]
    assert [one[3] for one in comments(content) if one[2] == "arriving"] == [
        "I met him around the ward"
    ]


def test_two_hundred_codings_are_two_hundred_comments(tmp_path):
    generate(tmp_path, interviews=4, turns=40, codings=200, codes=60, coders=2)
    corpus = load(Study(tmp_path))
    expected = Counter(
        (
            {"AB": "Ansa Belu", "CD": "Corin Dasse"}[coding.coder],
            coding.coder,
            coding.code,
            corpus.material.interviews[coding.interview].words(coding.turn, coding.span),
        )
        for coding in corpus.codings
    )
    content = interviews.content(corpus)
    found = Counter(
        (author, initials, text.partition("\n")[0], words)
        for author, initials, text, words in comments(content)
    )
    assert found == expected and found.total() == 200
    assert len(list(docx.Document(io.BytesIO(content)).comments)) == 200


NASTY = (
    "<script>alert(1)</script> & \"]' ]]>",
    "\u05e9\u05dc\u05d5\u05dd \u202eright to left\u202c",
    "{ PAGE } \\* MERGEFORMAT",
    "telling " + "long " * 400,
)


@pytest.mark.parametrize("label", NASTY)
def test_any_label_is_text(coded, label):
    coded.ok("code", "eve", "4", label, "--note", label)
    content = interviews.content(load(Study(coded.root)))
    text = next(text for _, _, text, _ in comments(content) if text.startswith(label[:8]))
    assert text == "\n".join([" ".join(label.split())] * 2)
    assert b"instrText" not in zipfile.ZipFile(io.BytesIO(content)).read("word/document.xml")


def test_what_xml_cannot_hold_is_marked():
    document = Document("a\x00title", "en")
    document.heading(1, "one\x0btwo\ud800", CodeRef(Level.INITIAL, "one"))
    begin, end = document.comment("who\x01", "w", "said\x02")
    document.paragraph([begin, Run("words\uffff", bold=True), end])
    read = docx.Document(io.BytesIO(document.content()))
    assert [p.text for p in read.paragraphs] == ["one\ufffdtwo\ufffd", "words\ufffd"]
    assert [(one.author, one.text) for one in read.comments] == [("who\ufffd", "said\ufffd")]


def test_names_of_bookmarks_are_such_as_word_takes(coded):
    content = zipfile.ZipFile(io.BytesIO(interviews.content(load(Study(coded.root)))))
    names = [
        one.get(W + "name")
        for one in etree.fromstring(content.read("word/document.xml")).iter(W + "bookmarkStart")
    ]
    assert len(names) == len(set(names)) == 8 + 5
    assert all(len(name) <= 40 and name.replace("_", "").isalnum() for name in names)
    assert len(bookmarks.of_comment(99_999, "a", "b")) <= 40


def test_headings_of_one_code_have_names_apart():
    document = Document("")
    for _ in range(2):
        document.heading(2, "waiting", CodeRef(Level.FOCUSED, "waiting"))
    xml = zipfile.ZipFile(io.BytesIO(document.content())).read("word/document.xml")
    names = [one.get(W + "name") for one in etree.fromstring(xml).iter(W + "bookmarkStart")]
    assert names[1] == f"{names[0]}_2"
    assert bookmarks.read(names[0]) == bookmarks.read(names[1])


def test_the_same_study_gives_the_same_bytes(analysed):
    program = (
        "import sys, hashlib, pathlib\n"
        "from gtpipe.render.word import interviews\n"
        "from gtpipe.store.layout import Study\n"
        "from gtpipe.study import load\n"
        "content = interviews.content(load(Study(pathlib.Path(sys.argv[1]))))\n"
        "print(hashlib.sha256(content).hexdigest())"
    )
    made = {
        subprocess.run(
            [sys.executable, "-c", program, str(analysed.root)],
            env={"PYTHONHASHSEED": seed, "PYTHONPATH": str(Path(__file__).parents[2])},
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        for seed in ("1", "2")
    }
    assert len(made) == 1
