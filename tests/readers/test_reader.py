"""How plain text and Markdown are understood: whose words they are, and that none is lost."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gtpipe.analysis.coverage import lost_words
from gtpipe.analysis.speakers import Roles, interview_of
from gtpipe.formats import transcripts
from gtpipe.readers.lines import plain
from gtpipe.readers.reading import Hints

IP = Hints(frozenset({"I", "P", "Dan", "Ana", "Participant"}))


def turns(text: str, labels: Hints = IP) -> list[tuple[str, str, str]]:
    reading = plain.read(text.encode(), "x.txt", labels)
    return [(turn.label, turn.time, turn.text) for turn in reading.turns]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("I: So?\nP: Yes.", [("I", "", "So?"), ("P", "", "Yes.")]),
        ("I:\tSo?\nP:Yes.", [("I", "", "So?"), ("P", "", "Yes.")]),
        ("**Dan:** So?\n\n**Ana**: Yes.", [("Dan", "", "So?"), ("Ana", "", "Yes.")]),
        ("Dan\nSo?\n\nAna\nYes.\n\nOr no.", [("Dan", "", "So?"), ("Ana", "", "Yes.\n\nOr no.")]),
        ("Dan\n\nSo?\n\nAna\n\nYes.", [("Dan", "", "So?"), ("Ana", "", "Yes.")]),
        ("Dan:\nSo?\n\nAna:\n\nYes.", [("Dan", "", "So?"), ("Ana", "", "Yes.")]),
        ("**Dan**\n\nSo?\n\n**Ana**\n\nYes.", [("Dan", "", "So?"), ("Ana", "", "Yes.")]),
        (
            "[00:01:05] I: So?\nP [00:01:09]: Yes.\nI: (1:12) And?",
            [("I", "00:01:05", "So?"), ("P", "00:01:09", "Yes."), ("I", "1:12", "And?")],
        ),
        (
            "**Dan:** \\[04:05\\] So?\n\n**Ana:**\\[04:09\\] Yes.",
            [("Dan", "04:05", "So?"), ("Ana", "04:09", "Yes.")],
        ),
        (
            "00:01:05 I: So?\nP: At 10:30, yes.",
            [("I", "00:01:05", "So?"), ("P", "", "At 10:30, yes.")],
        ),
        (
            "[00:01]\nI: So?\n\n[00:02]\nP: Yes.\n[00:03] still me",
            [("I", "00:01", "So?"), ("P", "00:02", "Yes.\n[00:03] still me")],
        ),
        (
            "I: So?\nP: He said: no.\nand I: well.",
            [("I", "", "So?"), ("P", "", "He said: no.\nand I: well.")],
        ),
        (
            "I: So?\nP: one\n\n\ntwo\n   three",
            [("I", "", "So?"), ("P", "", "one\n\n\ntwo\n   three")],
        ),
        ("I: So?\nP:\nI: Nothing?", [("I", "", "So?"), ("P", "", ""), ("I", "", "Nothing?")]),
        (
            "Dan\nSo?\nAna\nYes.\nDan\nGood.",
            [("Dan", "", "So?"), ("Ana", "", "Yes."), ("Dan", "", "Good.")],
        ),
        (
            "I: Who?\n\nP: I think it was\n\nAna\n\nwith tea.",
            [("I", "", "Who?"), ("P", "", "I think it was\n\nAna\n\nwith tea.")],
        ),
        ("- **I:** So?\n- **P:** Yes.", [("I", "", "So?"), ("P", "", "Yes.")]),
        (
            "**Dan:** So?\n\n**Ana:** Yes.\n\nNote: I mean no.",
            [("Dan", "", "So?"), ("Ana", "", "Yes.\n\nNote: I mean no.")],
        ),
    ],
)
def test_whose_words_they_are(text, expected):
    assert turns(text) == expected


@pytest.mark.parametrize(
    ("text", "label"),
    [
        ("I: So?\n\nAnna: Yes.", "Anna"),
        ("I: So?\n\nDr. Smith: Yes.", "Dr. Smith"),
        ("I: So?\n\nMarcel van Lohuizen: Yes.", "Marcel van Lohuizen"),
        ("I: So?\n\nINTERVIEWER 2: Yes.", "INTERVIEWER 2"),
        ("**I:** So?\n\n**the other one:** Yes.", "the other one"),
        ("Dan\nSo?\n\nMaria\nYes, I did.", "Maria"),
        ("I: So?\n\nr: Yes.", "r"),
        ("I: So?\n\nАнна: Да.", "Анна"),
        ("I: So?\n\n[Unknown]: Hello.", "Unknown"),
        ("I: So?\n\nMum:She came.", "Mum"),
        ("I: So?\n\nМама：Да.", "Мама"),
        ("I: So?\n\n1: One.", "1"),
        ("I: So?\n\n1 P: One.", "1 P"),
        ("**I:** So?\n\n**Kris Nova: ** Yes.", "Kris Nova"),
        ("I: So?\n\n- **Zoe:** Yes.", "Zoe"),
    ],
)
def test_an_unknown_speaker_is_never_taken_for_words(text, label):
    """Doubt is a question to the person: words must not end up in somebody else's mouth."""
    assert turns(text)[1][0] == label


@pytest.mark.parametrize(
    "speech",
    [
        "I thought: no.",
        "And then he said: come in.",
        "https://example.org is it.",
        "10:30: that was when.",
        "Well, so: yes.",
        "(Laughs): no.",
    ],
)
def test_a_colon_in_speech_is_speech(speech):
    assert turns(f"I: So?\n\nP: Yes.\n{speech}")[1] == ("P", "", f"Yes.\n{speech}")


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("I: So?\n\nP: Yes.\n\nFemale voice: It was me.", 5),
        ("I: So?\n\nP: Yes.\n\nspeaker two: hmm", 5),
        ("I: So?\n\nP: Yes.\n\nAna?: maybe", 5),
        ("**I:** So?\n\n**P:** Yes.\n\nCarer: hidden words", 5),
        ("I: Who?\n\nP: I think it was\n\nAna\n\nwith tea.", 5),
    ],
)
def test_what_only_might_begin_with_a_speaker_is_words_and_in_doubt(text, line):
    reading = plain.read(text.encode(), "x.txt", IP)
    assert len(reading.turns) == 2
    assert [doubt.number for doubt in reading.doubts] == [line]
    assert plain.read(text.encode(), "x.txt", Hints(IP.known, frozenset({"*", "Ana"}))).doubts == ()


def test_a_stray_quotation_mark_hides_no_label():
    text = "**I:** So?\n\n**P:** Yes.\n\n'**Mat:** no longer hidden"
    assert turns(text)[-1] == ("Mat", "", "no longer hidden")


def test_a_second_reading_with_the_labels_found_is_the_same_reading():
    """What was ingested is recognised later, whatever labels the study has learnt meanwhile."""
    text = "**Dan:** So?\n\n**Break:** [00:10]\n\nBreak: [00:20] on\n\n**Zed:** Yes.\nZed:really."
    first = plain.read(text.encode(), "x.txt", IP)
    again = plain.read(text.encode(), "x.txt", Hints(frozenset(first.labels()), only_known=True))
    assert first.turns == again.turns


def test_what_a_person_says_is_no_speaker_is_words():
    labels = Hints(IP.known, frozenset({"Note"}))
    assert turns("I: So?\n\nP: Yes.\nNote: no.", labels)[1] == ("P", "", "Yes.\nNote: no.")


def test_words_before_the_first_speaker_are_listed():
    reading = plain.read(b"# Interview 3\n\nin March\nI: So?\n", "x.md", IP)
    assert reading.left_out == ((1, "# Interview 3"), (3, "in March"))


said = st.text(
    st.characters(
        codec="utf-8", exclude_categories=("Cs", "Cc"), exclude_characters="\ufeff\u2028\u2029"
    ),
    max_size=60,
)
speech = st.lists(
    st.tuples(st.sampled_from(["I", "P", "Ana B."]), st.lists(said, min_size=1, max_size=4)),
    min_size=1,
    max_size=8,
)
LAYOUTS = [
    "{label}: {words}\n\n",
    "**{label}:** {words}\n\n",
    "**{label}**: {words}\n",
    "{label}:\n{words}\n\n",
    "[00:01:05] {label}: {words}\n",
    "{label}: \\[04:05\\] {words}\n\n",
]


@given(speech, st.sampled_from(LAYOUTS))
def test_no_word_is_lost_whatever_was_said(spoken, layout):
    """For any words in any layout: the words of the source are those of the stored turns, or
    it is refused."""
    source = "".join(layout.format(label=label, words="\n".join(lines)) for label, lines in spoken)
    reading = plain.read(source.encode(), "x.txt", Hints(frozenset({"I", "P", "Ana B."})))
    roles = Roles(("I",), ("*",))
    interview, problems = interview_of(reading, "x", "data/transcripts/x.md", roles)
    errors = [problem.what for problem in problems if problem.is_error]
    nobody = ["no participant speaks in this interview"]
    assert errors in ([doubt.what for doubt in reading.doubts], nobody)
    stored, wrong = transcripts.loads(transcripts.dumps(interview), "data/transcripts/x.md")
    assert not [problem for problem in wrong if problem.is_error]
    assert lost_words(reading, stored, plain.control_text(source.encode())) == ""


def test_a_lost_word_is_noticed():
    reading = plain.read(b"I: one two three\nP: four five\n", "x.txt", IP)
    interview, _ = interview_of(reading, "x", "data/transcripts/x.md", Roles(("I",), ("P",)))
    text = transcripts.dumps(interview).replace("two ", "")
    assert "two three" in lost_words(
        reading, transcripts.loads(text, "data/transcripts/x.md")[0], None
    )
