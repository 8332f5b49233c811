"""A corrected source goes through the same account as a first reading, by the answers that were
given then.
"""

from __future__ import annotations

import shutil

import pytest
from conftest import copied

TALK = """\
I: How did the ferry come about?

P: My uncle had it.

I: And you took over?

P: I did, er, in the wet year.
"""
# P's words have no label.
ONE_SIDE = """\
I: How did the ferry come about?

My uncle had it.

I: And you took over?

I did, er, in the wet year.
"""


@pytest.fixture
def ferry(empty):
    empty.write("in/ferry.txt", TALK)
    empty.ok("ingest", "in/ferry.txt")
    empty.ok("run")
    return empty


@pytest.mark.parametrize(
    ("old", "new", "says", "answer"),
    [
        (TALK, ONE_SIDE, "2 paragraphs have no label", ("--unlabelled", "P")),
        ("\n\nP: I did", "\n\nI did", "follows a question", ("--unlabelled", "P")),
        (
            "\n\nI: And you took over?\n\nP: I did",
            " I: And you took over? P: I did",
            "--labels-within",
            ("--labels-within", "split"),
        ),
        ("I: How", "Ferry, 3 March\n\nI: How", "--skip-heading", ("--skip-heading",)),
        (
            "I: How",
            "I never liked the water. Nobody asked.\n\nI: How",
            "--unlabelled NAME --heading-to 0",
            ("--unlabelled", "P", "--heading-to", "0"),
        ),
        ("P: My", "Zed: My", 'unknown speaker "Zed"', ("--participant", "Zed=ferry")),
        (
            "P: My uncle",
            "P: My uncle had it.\n\nMind: it leaked.\n\nP: My uncle",
            'unknown speaker "Mind"',
            ("--not-a-speaker", "Mind"),
        ),
    ],
)
def test_what_a_corrected_source_leaves_in_doubt_is_asked(ferry, old, new, says, answer):
    ferry.write("in/ferry.txt", TALK.replace(old, new))
    before = ferry.hashes()
    ran = ferry("ingest", "--correct", "in/ferry.txt")
    assert ran.code == 1 and says in ran.err
    assert ferry.hashes() == before
    ran = ferry("ingest", "--correct", "in/ferry.txt", *answer)
    assert ran.code == 0, ran.err


def test_an_option_that_finds_nothing_in_a_corrected_source_is_told(ferry):
    ferry.write("in/ferry.txt", TALK.replace("the wet year", "a wet year"))
    before = ferry.hashes()
    for option, told in (
        (("--participant", "Zed"), 'no turn is labelled "Zed"'),
        (("--not-a-speaker", "Zed"), '--not-a-speaker "Zed" finds nothing to do'),
    ):
        ran = ferry("ingest", "--correct", "in/ferry.txt", *option)
        assert ran.code == 1 and told in ran.err
    assert ferry.hashes() == before


HEAD = "Ferry, 3 March\n\n"
NOTE = "I: And the boat?\n\nP: Sold.\n\nNote: it was green.\n\n"
BY_TIME = TALK.replace("I: ", "[00:00:03] - I\n").replace("P: ", "[00:00:09] - P\n")
NUMBERED = "".join(f"{number} {line}\n" for number, line in enumerate(TALK.splitlines(), 1))
ANSWERED = [
    (ONE_SIDE, ("--unlabelled", "P")),
    (ONE_SIDE + "\nNo more than that.\n", ("--unlabelled", "P")),
    (HEAD + TALK, ("--skip-heading",)),
    (HEAD + TALK, ("--heading-to", "1")),
    (NOTE + TALK, ("--not-a-speaker", "Note")),
    (TALK.replace("\n\nI: And", " I: And"), ("--labels-within", "split")),
    (TALK.replace("\n\nI: And", " I: And"), ("--labels-within", "words")),
    (TALK.replace("I: ", "").replace("P: ", ""), ("--monologue", "P")),
    (BY_TIME, ("--label", "[TIME] - NAME")),
    (NUMBERED, ("--line-numbers",)),
    (TALK, ("--encoding", "utf-8")),
    (TALK.replace("P: I did", "I did"), ("--unlabelled", "above")),
    (TALK.replace("My uncle", "#00:00:09-1# My uncle"), ("--time", "#00:00:03-4#")),
    (BY_TIME, ("--shape", "ours")),
]


@pytest.mark.parametrize(("source", "answers"), ANSWERED)
def test_answers_hold_when_the_source_comes_again_and_when_it_is_corrected(
    empty, source, answers, tmp_path, capsys, monkeypatch
):
    empty.write(
        "pipeline.yaml",
        empty.read("pipeline.yaml") + 'shapes:\n  ours:\n    label: "[TIME] - NAME"\n',
    )
    empty.write("in/ferry.txt", source)
    ran = empty("ingest", "in/ferry.txt", *answers)
    assert ran.code == 0, ran.err
    was = empty.read("data/transcripts/ferry.md")
    clone = type(empty)(copied(empty.root, tmp_path / "clone"), capsys, monkeypatch)
    shutil.rmtree(clone.root / ".gtpipe", ignore_errors=True)
    (clone.root / "data/sources/ferry.txt").unlink()
    for study in (empty, clone):
        assert "nothing to do" in study.ok("ingest", "in/ferry.txt")
        study.write("in/again/ferry.txt", source.replace("\n", "\r\n"))
        assert "nothing to do" in study.ok("ingest", "in/again/ferry.txt")
        corrected = source.replace("wet year", "wet, wet year")
        study.write("in/ferry.txt", corrected)
        ran = study("ingest", "--correct", "in/ferry.txt")
        assert ran.code == 0, ran.err
        expected = was.replace("wet year", "wet, wet year")
        assert study.read("data/transcripts/ferry.md") == expected


@pytest.mark.parametrize("kept", [True, False])
def test_where_a_heading_ended_says_nothing_of_a_source_without_one(empty, kept):
    empty.write("in/ferry.txt", HEAD + TALK)
    empty.ok("ingest", "in/ferry.txt", "--heading-to", "1")
    if not kept:
        (empty.root / "data/sources/ferry.txt").unlink()
    was = empty.read("data/transcripts/ferry.md")
    empty.write("in/ferry.txt", TALK.replace("wet year", "dry year"))
    empty.ok("ingest", "--correct", "in/ferry.txt")
    assert empty.read("data/transcripts/ferry.md") == was.replace("wet year", "dry year")


@pytest.mark.parametrize(
    ("source", "answers"),
    [
        (ONE_SIDE, ("--unlabelled", "P")),
        (TALK.replace("\n\nI: And", " I: And"), ("--labels-within", "split")),
        (HEAD + ONE_SIDE, ("--heading-to", "1", "--unlabelled", "P")),
    ],
)
def test_an_answer_that_a_corrected_source_does_not_ask_for_any_more_is_let_go(
    empty, source, answers
):
    empty.write("in/ferry.txt", source)
    empty.ok("ingest", "in/ferry.txt", *answers)
    was = empty.read("data/transcripts/ferry.md")
    empty.write("in/ferry.txt", TALK)
    empty.ok("ingest", "--correct", "in/ferry.txt")
    assert empty.read("data/transcripts/ferry.md") == was
    assert "shape" not in empty.read("data/ingested/ferry.csv")
    ran = empty("ingest", "--correct", "in/ferry.txt", *answers)
    assert ran.code == 1 and "finds nothing to do" in ran.err
