"""Numbered lines of transcripts, and what a chapter prints of them."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gtpipe.analysis.lines import Lines
from gtpipe.model.records import Interview, Turn

KEYS = "The keys were under the mat and nobody told me. It was about the rent, it always is."
TRANSCRIPT = f"""\
---
interview: jim-2
date: 2026-01-02
speakers: {{I: interviewer, P: jim}}
wave: 2
---

[1] I: What happened?

[2 00:00:41] P: {KEYS}

And then (laugh)
I went home.

[3] I: And then?
"""


@pytest.fixture
def cited(empty):
    """A study whose lines are numbered, with a code on words of one turn."""
    empty.write("pipeline.yaml", empty.read("pipeline.yaml") + "line-width: 30\n")
    empty.write("data/participants.csv", "participant,profession\njim,nurse\n")
    empty.write("data/transcripts/jim-2.md", TRANSCRIPT)
    empty.ok("run")
    empty.ok("code", "jim-2", "2", "being left out", "--words", "nobody told me. It was about the")
    return empty


def test_a_transcript_is_laid_out_line_by_line(cited):
    cited.ok("run")
    page = cited.read("data/derived/lines/jim-2.md")
    assert page == (
        "# jim-2, line by line\n\n"
        "Lines of 30 characters, numbered for citation; what is coded hangs on the turns. "
        "Numbers change where the transcript is corrected.\n\n"
        "```text\n"
        "jim-2 1  1  I: What happened?\n\n"
        "jim-2 2  2  P: The keys were under the mat\n"
        "         3  and nobody told me. It was\n"
        "         4  about the rent, it always is.\n"
        "         5  And then (laugh) I went home.\n\n"
        "jim-2 3  6  I: And then?\n"
        "```\n"
    )
    before = cited.hashes()
    rewrapped = TRANSCRIPT.replace("mat and nobody", "mat\nand nobody")
    cited.write("data/transcripts/jim-2.md", rewrapped)
    cited.ok("run")
    assert cited.read("data/derived/lines/jim-2.md") == page
    cited.write("data/transcripts/jim-2.md", TRANSCRIPT)
    cited.ok("run")
    assert cited.hashes() == before


def test_lines_go_with_the_setting_and_with_the_interview(cited):
    cited.write("data/derived/lines/mine.md", "# what I wrote\n")
    cited.write("pipeline.yaml", cited.read("pipeline.yaml").replace("line-width: 30\n", ""))
    cited.ok("run")
    lines = [path for path in cited.hashes() if path.startswith("data/derived/lines/")]
    assert lines == ["data/derived/lines/mine.md"]
    cited.write("pipeline.yaml", cited.read("pipeline.yaml") + "line-width: 40\n")
    cited.ok("run")
    cited.ok("withdraw", "jim", "--why", "asked for it", "--yes")
    assert not (cited.root / "data/derived/lines/jim-2.md").exists()


@pytest.mark.parametrize("width", ["7x", "0", "19", "201"])
def test_a_width_that_is_none_is_told(empty, width):
    empty.write("pipeline.yaml", empty.read("pipeline.yaml") + f"line-width: {width}\n")
    ran = empty("check")
    assert ran.code == 1 and "Write a number of characters from 20 to 200, as 72" in ran.out
    assert ran.out.startswith("pipeline.yaml:11: ")


def test_extracts_are_cited_as_a_template_says_and_found_again(cited):
    of = ("quotes", "--insert", "being left out", "--format", "text", "--cite")
    words = "“nobody told me. It was about the”"
    assert cited.ok(*of, "{participant}, {profession}. Lines {lines}") == (
        f"{words} (jim, nurse. Lines 3-4)\n"
    )
    assert cited.ok(*of, "[{interview} {turn}, {time}, wave {wave}]") == (
        f"{words} [jim-2 2, 00:00:41, wave 2]\n"
    )
    chapter = cited.ok(*of, "{participant}, {profession}. Lines {lines}")
    cited.write("c.md", chapter)
    assert cited.ok("quotes", "c.md") == "1 quotation: 1 exact\n"
    for refused, told in (
        ("{partcipant}", '"{partcipant}" names nothing of an extract. Did you mean "participant"?'),
        ("{x y}", "There is participant, interview, turn, time, lines, profession, wave."),
    ):
        ran = cited(*of, refused)
        assert (ran.code, ran.out) == (1, "") and told in ran.err
    cited.write("pipeline.yaml", cited.read("pipeline.yaml").replace("line-width: 30\n", ""))
    ran = cited(*of, "{lines}")
    assert ran.code == 1 and "The lines of this study have no numbers. Write `line-width" in ran.err
    assert cited("quotes", "c.md", "--cite", "{turn}").code == 2


def test_numbers_that_are_stale_are_told_with_those_of_today(cited):
    rows = (
        ("“The keys were under the mat and nobody told me” (jim, nurse. Lines 2-3)", "exact"),
        ("“The keys were under the mat and nobody told me” (Jim, lines 1–9).", "exact"),
        ("“The keys were under the mat and nobody told me” (jim, line 2)", "at other lines"),
        ("Jim said, “the keys were under the mat” (l. 3).", "at other lines"),
        ("“And then (laugh) I went home.” (jim, line 5)", "exact"),
    )
    for text, verdict in rows:
        cited.write("c.md", f"{text}\n")
        ran = cited("quotes", "c.md", "--all", "--format", "json")
        assert [row["verdict"] for row in json.loads(ran.out)] == [verdict], text
        assert ran.code == (verdict != "exact")
    cited.write("c.md", "“And then (laugh) I went home.” (jim, line 5)\n")
    longer = TRANSCRIPT.replace("What happened?", "What happened, if you would tell me?")
    cited.write("data/transcripts/jim-2.md", longer)
    assert (
        "    jim-2 2 (jim): the text says line 5; the words stand at line 6 today\n"
        "    Print line 6; the transcript was corrected, or the width changed.\n"
    ) in cited("quotes", "c.md").out
    cited.write("pipeline.yaml", cited.read("pipeline.yaml").replace("line-width: 30\n", ""))
    cited.ok("quotes", "c.md")


words = st.text("ab é\n.日", max_size=60).map(str.strip)


@given(st.lists(words, min_size=1, max_size=4), st.integers(20, 30), st.data())
def test_no_word_is_lost_and_a_stretch_is_where_its_words_are(said, width, data):
    turns = tuple(Turn(str(n), "", "P", text, n) for n, text in enumerate(said, start=1))
    interview = Interview("jim", "", "", {"P": "jim"}, turns)
    lines = Lines(interview, width)
    assert [line.number for line in lines.all] == [*range(1, len(lines.all) + 1)]
    assert all(len(line.text) <= width for line in lines.all)
    for turn in turns:
        of = lines.of_turn(turn.id)
        shown = "".join(line.text for line in of).replace(" ", "")
        assert shown == "".join(f"P: {turn.text}".split())
        assert lines.of(turn.id) == (of[0].number, of[-1].number)
        places = [at for at, char in enumerate(turn.text) if not char.isspace()]
        if places:
            at = data.draw(st.sampled_from(places))
            number = next(line.number for line in of if line.span[0] <= at < line.span[1])
            assert lines.of(turn.id, (at, at + 1)) == (number, number)
    if len(turns) > 1:
        assert lines.of(f"1-{len(turns)}") == (1, len(lines.all))
