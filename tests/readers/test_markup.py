"""Files for programs are never taken for what somebody said; a transcript that mentions a tag or a
brace is text.
"""

from __future__ import annotations

import base64

import pytest

from gtpipe.model.problems import UserError
from gtpipe.readers import markup, registry
from gtpipe.readers.reading import Hints

PICTURE = base64.encodebytes(bytes(range(256)) * 2).decode()


@pytest.mark.parametrize(
    ("name", "written", "what", "do"),
    [
        ("a.txt", '{"words": "<p>I: So?</p>", "media": "a.mp3"}', "JSON", ".docx, .txt, .csv"),
        ("a.txt", '[{"who": "I",\n  "said": "So?"},\n', "JSON", "Export"),
        ("a.txt", '{"who": "I"}\n{"who": "P"}\n', "JSON", "Export"),
        ("a.txt", '"who": "I",\n"said": "So?",\n"at": 3.0,\n', "JSON", "Export"),
        ("a.notes", '["I: So?", "P: No."]', "JSON", "Export"),
        ("a.txt", 'Exported\n<?xml version="1.0"?>\n<TIER>I: So?</TIER>\n', "XML", "Export"),
        ("a.txt", "<interview>\nI: So?\nP: No.\n</interview>\n", "XML (<interview>)", "Export"),
        ("a.txt", '<u who="I">So?</u>\n<u who="P">No.</u>\n', "XML", "Export"),
        (
            "a.txt",
            '<event start="1">So?</event> <event start="2">No.</event> <event start="3"/>',
            "XML (<event>)",
            "Export",
        ),
        ("a.txt", "<p>I: So?</p>\n<p>P: No.</p>\n", "a web page", ".html"),
        ("a.md", "I: So?<br>\nP: No.<br>\nI: Why?<br>\n", "a web page", ".html"),
        ("a.txt", "I:&nbsp;So?\nP:&nbsp;No.\nI:&nbsp;Why?\n", "a web page", ".html"),
        (
            "a.txt",
            "[Script Info]\nTitle: x\nDialogue: 0,0:00:01.00,0:00:02.00,D,,0,0,0,,So?\n",
            "subtitles",
            ".srt",
        ),
        ("a.txt", "{10}{50}I: So?\n{60}{90}P: No.\n", "subtitles", ".srt"),
        ("a.txt", "\\pard I: So?\\par\n\\pard P: caf\\'e9\\par\n", "rich text", ".docx"),
        ("a.txt", f"I: So?\nP: No.\n{PICTURE}", "base64", "Save the transcript"),
        (
            "a.txt",
            "MIME-Version: 1.0\nContent-Transfer-Encoding: 7bit\n\nI: So?\nP: No.\n",
            "an e-mail",
            "Save the transcript",
        ),
        (
            "a.txt",
            "I: So?\nP: Well,\n00:00:07.000 --> 00:00:09.000\nno.\n",
            "times of captions",
            ".srt",
        ),
        ("a.txt", "I: So?\nP: Well,\n0:00:07,1 --> 0:00:09,2\nno.\n", "times of captions", ".srt"),
    ],
)
def test_files_for_programs_are_refused_with_what_they_are(name, written, what, do):
    with pytest.raises(UserError) as raised:
        registry.read(written.encode(), name, Hints(frozenset("IP")))
    problem = raised.value.problems[0]
    assert what in problem.what and do in problem.do


@pytest.mark.parametrize(
    "said",
    [
        "No <laughs> never.",
        "<laughs>\n\nP: <sighs> well.",
        "I typed { and then }.",
        "[laughs] So I wrote <a href='x'>.",
        "5 < 6 and 7 > 3, & so on.",
        "<laughing> yes </laughing> so.",
        "<b>never</b>, **ever**.",
        "the arrow --> there, 3:05 --> later.",
        'He said "yes": "no".',
        "C:\\par is a folder.",
        "www.example.org/" + "a" * 300,
    ],
)
def test_a_transcript_that_mentions_a_mark_is_text(said):
    reading = registry.read(f"I: So?\n\nP: {said}\n\nI: Why?\n".encode(), "a.txt", Hints())
    assert reading.labels() == {"I": (2, 1), "P": (said.count("P: ") + 1, 3)}


@pytest.mark.parametrize("label", ["[I]", "{I}", "<10:02:13 AM> I:", "[00:03] I:"])
def test_brackets_at_the_beginning_of_lines_are_no_json_and_no_xml(label):
    markup.refuse(f"{label} So?\n{label.replace('I', 'P')} No.\n" * 3, "a.txt")
