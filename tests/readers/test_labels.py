"""Speaker labels as people write them: who speaks is found, what is no label stays speech, a second
reading is the same."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gtpipe.analysis.speakers import Roles, interview_of
from gtpipe.formats import transcripts
from gtpipe.model.problems import UserError
from gtpipe.readers.lines import plain, speaker_turns
from gtpipe.readers.reading import Hints, Line, SourceTurn

NOBODY = Hints()
KNOWN = Hints(frozenset({"Dan", "Ana Lee"}))


def said(text: str, hints: Hints = NOBODY) -> list[tuple[str, str, str]]:
    return [
        (turn.label, turn.time, turn.text)
        for turn in plain.read(text.encode(), "x.txt", hints).turns
    ]


def in_bold(*paragraphs: tuple[str, int], hints: Hints = NOBODY) -> list[tuple[str, str]]:
    """Paragraphs with how many characters at their beginning are bold; an empty line between them,
    as documents have it."""
    lines: list[Line] = []
    for text, bold in paragraphs:
        lines += [Line(text, len(lines) + 1, bold), Line("", len(lines) + 2)]
    return [
        (turn.label, turn.text) for turn in speaker_turns.turns_in(lines, "x.docx", hints).turns
    ]


def refused(text: str, hints: Hints = NOBODY):
    with pytest.raises(UserError) as caught:
        plain.read(text.encode(), "x.txt", hints)
    return caught.value.problems[0]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "P1 - So?\n\nP2 – Yes.\n\nP1 — Ah.",
            [("P1", "", "So?"), ("P2", "", "Yes."), ("P1", "", "Ah.")],
        ),
        ("Mia - So?\nZed - Yes.", [("Mia", "", "So?"), ("Zed", "", "Yes.")]),
        ("INTERVIEWER\nSo?\n\nBEA\nYes.", [("INTERVIEWER", "", "So?"), ("BEA", "", "Yes.")]),
        (
            "Speaker 1 00:01:05\nSo?\n\nSpeaker 2  (00:01:07)\nYes.",
            [("Speaker 1", "00:01:05", "So?"), ("Speaker 2", "00:01:07", "Yes.")],
        ),
        (
            "00:01:05 Speaker 1\nSo?\n\nSpeaker 2 [00:01:07]\nYes.",
            [("Speaker 1", "00:01:05", "So?"), ("Speaker 2", "00:01:07", "Yes.")],
        ),
        (
            "Mia Ortiz  0:12\nSo?\nZed  0:15\nYes.",
            [("Mia Ortiz", "0:12", "So?"), ("Zed", "0:15", "Yes.")],
        ),
        ("[00:01:05.2] Mia: So?", [("Mia", "00:01:05.2", "So?")]),
        ("**Mia** So then.\n\n**Zed** Yes.", [("Mia", "", "So then."), ("Zed", "", "Yes.")]),
        ("**Mia –** So then.\n\n**Zed** – Yes.", [("Mia", "", "So then."), ("Zed", "", "Yes.")]),
        ("**I: So how?**\n\nP: Well.", [("I", "", "So how?**"), ("P", "", "Well.")]),
        ("P1: So?\np1: Yes.", [("P1", "", "So?"), ("p1", "", "Yes.")]),
        (
            "Dan\u00a0: Alors\u00a0?\n\nMia : Oui.",
            [("Dan", "", "Alors\u00a0?"), ("Mia", "", "Oui.")],
        ),
        (
            "3: One.\n4: Two.\n3: Three.",
            [("3", "", "One."), ("4", "", "Two."), ("3", "", "Three.")],
        ),
    ],
)
def test_who_speaks_is_seen_without_being_told(text, expected):
    assert said(text) == expected


@pytest.mark.parametrize(
    "label",
    [
        "Interviewer/Dan",
        "O'Brien",
        "O’Brien",
        "Anne-Lise Désiré",
        "Dr. Smith",
        "M. K.",
        "FEMALE VOICE 1",
        "Moderator",
        "田中",
        "مريم",
        "דן",
    ],
)
def test_a_label_may_look_like_this(label):
    assert said(f"I: So?\n\n{label}: Yes.")[1] == (label, "", "Yes.")
    assert said(f"I：So?\n{label}：Yes.")[1] == (label, "", "Yes.")


def test_a_mark_of_writing_direction_is_no_part_of_a_label():
    assert said("\u200fדן: כן\n\nמרים\u200f: לא") == [("דן", "", "כן"), ("מרים", "", "לא")]


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("12  ", "13  "),
        ("12. ", "13. "),
        ("12) ", "13) "),
        ("[12] ", "[13] "),
        ("#12 ", "#13 "),
        ("012 ", "013 "),
        ("9\t", "10\t"),
    ],
)
def test_the_number_of_a_turn_is_no_part_of_its_label(first, second):
    turns = plain.read(
        f"{first}Dan: So?\n\n{second}Ana Lee: 3 things: tea.".encode(), "x.txt", NOBODY
    ).turns
    assert turns == (
        SourceTurn("Dan", "", "So?", 1, f"{first}Dan: "),
        SourceTurn("Ana Lee", "", "3 things: tea.", 3, f"{second}Ana Lee: "),
    )


def test_numbers_that_do_not_rise_or_tell_people_apart_are_part_of_the_label():
    assert [label for label, _, _ in said("1 P: a\n\n2 P: b\n\n1 P: c")] == ["1 P", "2 P", "1 P"]
    assert [label for label, _, _ in said("I: a\n\n1 P: b\n\n2 P: c")] == ["I", "1 P", "2 P"]


@pytest.mark.parametrize(
    "text",
    [
        "Dan: So?\n\nZed: Yes.\n\nAna Lee - that is her.",
        "Dan: So?\n\nZed: Yes.\n\nAna Lee 00:01:05 it says.",
        "Dan: So?\n\nZed: Yes.\n\n**Ana Lee** of all people.",
    ],
)
def test_among_labels_with_colons_another_form_is_words_and_in_doubt(text):
    reading = plain.read(text.encode(), "x.txt", KNOWN)
    assert [turn.label for turn in reading.turns] == ["Dan", "Zed"]
    assert [doubt.number for doubt in reading.doubts] == [5]


def test_a_known_label_speaks_without_a_colon_where_no_label_has_one():
    assert said("Dan - So?\nstill so - yes", KNOWN) == [("Dan", "", "So?\nstill so - yes")]
    assert said("Dan 0:12 So?\n\nAna Lee [0:15] Yes.", KNOWN) == [
        ("Dan", "0:12", "So?"),
        ("Ana Lee", "0:15", "Yes."),
    ]
    assert said("**Dan** So?\n\n**Never** again.", Hints(KNOWN.known, only_known=True)) == [
        ("Dan", "", "So?\n\n**Never** again.")
    ]


def test_a_colon_in_speech_among_names_with_times_is_words_and_in_doubt():
    reading = plain.read(b"Mia  0:12\nHello.\n\nZed  0:15\nYes.\n\nNote: hm.", "x.txt", NOBODY)
    assert [turn.label for turn in reading.turns] == ["Mia", "Zed"] and [
        (doubt.number, doubt.about) for doubt in reading.doubts
    ] == [(7, "Note")]


def test_in_documents_a_name_paragraph_counts_when_it_comes_again_and_a_short_answer_does_not():
    text = "Mia\n\n\nDid you?\n\nZed\n\nYes\n\nMia\n\nReally?\n\nZed\n\nYes\n\nMia\n\nOh."
    assert said(text) == [
        ("Mia", "", "Did you?"),
        ("Zed", "", "Yes"),
        ("Mia", "", "Really?"),
        ("Zed", "", "Yes"),
        ("Mia", "", "Oh."),
    ]


@pytest.mark.parametrize(
    "speech",
    [
        "1. first",
        "https://example.org/a: b",
        "10:30 was it.",
        "he said: no",
        "“Stop: now”",
        "# a heading",
        "- tea – milk",
    ],
)
def test_what_is_no_speaker_is_speech(speech):
    assert said(f"Dan: So?\n\nZed: Yes.\n{speech}\nand on") == [
        ("Dan", "", "So?"),
        ("Zed", "", f"Yes.\n{speech}\nand on"),
    ]


def test_labels_in_bold_are_labels_and_bold_in_speech_is_emphasis():
    assert in_bold(("Ana: So.", 4), ("the other one: Yes.", 14)) == [
        ("Ana", "So."),
        ("the other one", "Yes."),
    ]
    assert in_bold(("Ana So then.", 3), ("Bo\tYes.", 2)) == [("Ana", "So then."), ("Bo", "Yes.")]
    assert in_bold(("Ana – So then.", 5), ("Bo – Yes.", 2)) == [("Ana", "So then."), ("Bo", "Yes.")]
    assert in_bold(
        ("Dan So then.", 3), ("Never again.", 5), hints=Hints(KNOWN.known, only_known=True)
    ) == [("Dan", "So then.\n\nNever again.")]
    assert in_bold(
        ("Ana", 3),
        ("Well", 0),
        ("Bo", 2),
        ("Well", 0),
        ("Ana", 3),
        ("Fine.", 0),
        ("Bo", 2),
        ("Good.", 0),
    ) == [("Ana", "Well"), ("Bo", "Well"), ("Ana", "Fine."), ("Bo", "Good.")]
    with pytest.raises(UserError):
        in_bold(("Never again.", 5), ("No, I said.", 0))


def test_questions_in_bold_throughout_say_nothing_about_labels():
    assert in_bold(("I: So?", 6), ("P: Yes.", 2), ("P: And no.", 2), ("I: Oh?", 6)) == [
        ("I", "So?"),
        ("P", "Yes."),
        ("P", "And no."),
        ("I", "Oh?"),
    ]
    with pytest.raises(UserError):
        in_bold(("How did it begin", 16), ("It began late.", 0), ("And where", 9), ("At sea.", 0))


def test_one_who_speaks_throughout_speaks_every_paragraph():
    text = (
        "# My year\n\nI was ill,\nthen well.\n\n[00:01:05] I left.\n\n[00:02]\n"
        "That is: in May.\n\n## Later\n"
    )
    reading = plain.read(text.encode(), "x.txt", Hints(monologue="Eve"))
    assert reading.turns == (
        SourceTurn("Eve", "", "I was ill,\nthen well.", 3, ""),
        SourceTurn("Eve", "00:01:05", "I left.", 6, "[00:01:05] "),
        SourceTurn("Eve", "00:02", "That is: in May.", 8, "[00:02]\n"),
        SourceTurn("Eve", "", "## Later", 11, ""),
    )
    assert reading.left_out == ((1, "# My year"),)
    assert (
        plain.read(text.encode(), "x.txt", Hints(frozenset({"Eve"}), only_known=True)).turns
        == reading.turns
    )


def test_a_monologue_in_which_somebody_is_labelled_is_refused_until_told_otherwise():
    text = "Note: I was ill.\n\nI: So?\n\nNote: I left."
    problem = refused(text, Hints(monologue="Eve"))
    assert (
        problem.what
        == "--monologue is for a source where nothing says who speaks; these lines do: Note 2, I 1"
    )
    assert "--not-a-speaker" in problem.do and problem.line == 1
    hints = Hints(monologue="Eve", not_speakers=frozenset({"Note", "I"}))
    assert said(text, hints) == [
        ("Eve", "", "Note: I was ill."),
        ("Eve", "", "I: So?"),
        ("Eve", "", "Note: I left."),
    ]
    assert (
        "another NAME"
        in refused(
            "Eve: so it was.\n\nand on", Hints(monologue="Eve", not_speakers=frozenset({"Eve"}))
        ).do
    )


def test_without_labels_it_is_shown_what_was_seen_and_said_what_to_do():
    problem = refused("\nWe met in May.\n\nIt rained.\nAlways.\nStill.\n")
    assert (problem.line, problem.excerpt) == (2, "We met in May. / It rained. / Always.")
    assert "`I: …`" in problem.do and "--monologue NAME" in problem.do


LAYOUTS = [
    "{name}: {words}\n\n",
    "**{name}:** {words}\n\n",
    "**{name}**: {words}\n",
    "{name}:\n{words}\n\n",
    "[00:01:05.2] {name}: {words}\n",
    "{name} - {words}\n\n",
    "{name} – {words}\n",
    "{name}\n{words}\n\n",
    "{name}\n\n{words}\n\n",
    "**{name}**\n\n{words}\n\n",
    "**{name}** {words}\n\n",
    "{name} 00:01:05\n{words}\n\n",
    "{name}  (0:12)\n{words}\n",
    "00:12 {name}\n{words}\n\n",
    "{name} 0:12 {words}\n\n",
    "**{name}: {words}**\n\n",
    "{number}  {name}: {words}\n\n",
    "[{number}] {name}: {words}\n",
    "#{number} {name}: {words}\n\n",
    "{number:03}. {name}\u00a0: {words}\n",
    "{name}： {words}\n",
]
names = st.sampled_from(["I", "P1", "Ana B.", "Dr. Smith", "O'Brien", "3", "Speaker 2", "مريم"])
words = st.one_of(
    st.text(
        st.characters(
            codec="utf-8", exclude_categories=("Cs", "Cc"), exclude_characters="\ufeff\u2028\u2029"
        ),
        max_size=50,
    ),
    st.sampled_from(
        [
            "Yes",
            "",
            "Well: no",
            "P1",
            "Ana B. - so",
            "I: so",
            "12 I: so",
            "**I** so",
            "**P1:** so",
            "Speaker 2 0:12",
            "Speaker 2 0:12 so",
            "[00:01]",
        ]
    ),
)
speech = st.lists(st.tuples(names, st.lists(words, min_size=1, max_size=3)), min_size=1, max_size=8)
known = st.sampled_from(
    [
        NOBODY,
        Hints(frozenset({"I"})),
        Hints(frozenset({"I", "P1", "Speaker 2", "Zoe"}), frozenset({"Well", "3"})),
    ]
)


def written(spoken, layouts: list[str]) -> str:
    return "".join(
        layouts[number % len(layouts)].format(name=name, number=number, words="\n".join(lines))
        for number, (name, lines) in enumerate(spoken, 1)
    )


@given(speech, st.lists(st.sampled_from(LAYOUTS), min_size=1, max_size=3), known)
def test_a_second_reading_by_the_labels_found_gives_the_same_turns_and_no_word_is_lost(
    spoken, layouts, hints
):
    source = written(spoken, layouts)
    try:
        first = plain.read(source.encode(), "x.txt", hints)
    except UserError:
        return
    assert (
        plain.read(
            source.encode(),
            "x.txt",
            Hints(frozenset(first.labels()), only_known=True, shape=first.shape),
        ).turns
        == first.turns
    )
    kept = [
        *(text for _, text in first.left_out),
        *(turn.lead + turn.text for turn in first.turns),
        *(aside.words for aside in first.asides),
    ]
    assert sorted("".join("".join(kept).split())) == sorted(
        "".join(plain.control_text(source.encode()).split())
    )


@given(
    speech, st.lists(st.tuples(st.integers(0, 30), st.booleans()), min_size=1, max_size=8), known
)
def test_the_same_with_letters_in_bold(spoken, bolds, hints):
    texts = written(
        spoken, ["{name}: {words}\n\n", "{name} {words}\n\n", "{name}\n\n{words}\n\n"]
    ).split("\n")
    lines = [
        Line(text, number, 99 if bolds[number % len(bolds)][1] else bolds[number % len(bolds)][0])
        for number, text in enumerate(texts, 1)
    ]
    try:
        first = speaker_turns.turns_in(lines, "x.docx", hints)
    except UserError:
        return
    labels = frozenset(turn.label for turn in first.turns)
    again = Hints(labels, only_known=True, shape=first.shape)
    assert speaker_turns.turns_in(lines, "x.docx", again).turns == first.turns


plain_words = st.lists(
    st.sampled_from("so then we went home and it rained there".split()), min_size=2, max_size=6
).map(" ".join)
conversation = st.lists(plain_words, min_size=2, max_size=8).map(
    lambda lines: [(("Mia", "Zed Ito")[i % 2], [line]) for i, line in enumerate(lines)]
)


@given(conversation.map(lambda turns: turns * 2), st.sampled_from(LAYOUTS))
def test_speakers_in_speakers_out_in_every_layout(spoken, layout):
    """With nothing known of them, but for a time mark before words in the line, which only a known
    label makes a turn's."""
    hints = Hints(frozenset({"Mia", "Zed Ito"})) if layout == "{name} 0:12 {words}\n\n" else NOBODY
    reading = plain.read(written(spoken, [layout]).encode(), "x.txt", hints)
    assert [(turn.label, turn.text.removesuffix("**")) for turn in reading.turns] == [
        (name, lines[0]) for name, lines in spoken
    ]


def test_what_is_read_can_be_stored_in_every_layout():
    for layout in LAYOUTS:
        source = written([("Dan", ["So?"]), ("Ana Lee", ["Yes."])] * 2, [layout])
        interview, problems = interview_of(
            plain.read(source.encode(), "x.txt", KNOWN),
            "x",
            "data/transcripts/x.md",
            Roles(("Dan",), ("Ana Lee",)),
        )
        assert not problems
        stored, wrong = transcripts.loads(transcripts.dumps(interview), interview.path)
        assert not [p for p in wrong if p.is_error]
        assert [(t.label, t.time, t.text) for t in stored.turns] == [
            (t.label, t.time, t.text) for t in interview.turns
        ]


@pytest.mark.parametrize("line", ["**a:", "a-", "[00:01] a", "**a**", "a: **", "12 ", "Ana 0:12"])
def test_a_very_long_line_of_spaces_is_no_reason_to_wait(line):
    source = f"I: So?\n\n{line}{' ' * 20_000}x\n"
    begun = time.process_time()
    assert plain.read(source.encode(), "x.txt", NOBODY).turns
    assert time.process_time() - begun < 1


def test_in_a_file_of_bold_names_one_that_comes_once_is_asked_for():
    """Else Ana Maria's words would be the interviewer's."""
    lines = []
    for text, bold in (
        ("Interviewer", 11),
        ("So?", 0),
        ("Ana Maria", 9),
        ("Yes.", 0),
        ("Interviewer", 11),
        ("And?", 0),
    ):
        lines += [Line(text, len(lines) // 2 + 1, bold), Line("", len(lines) // 2 + 1)]
    for known in ({"Interviewer"}, set()):
        found = speaker_turns.turns_in(lines, "x.docx", Hints(frozenset(known)))
        assert [(turn.label, turn.text) for turn in found.turns] == [
            ("Interviewer", "So?"),
            ("Ana Maria", "Yes."),
            ("Interviewer", "And?"),
        ]
