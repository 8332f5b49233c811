"""Shapes: one interview in every form in which programs write transcripts, and random interviews in
random forms among random lines. What is read is what was said, by whom and when, or it is refused.
"""

import random
from collections import Counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from printed import PLAIN, Said, conversation, examples, expected, printed, with_junk

from gtpipe.model.problems import UserError
from gtpipe.model.shape import Shape, from_text
from gtpipe.readers.lines import plain
from gtpipe.readers.lines.known_shapes import KNOWN_SHAPES, PROGRAMS
from gtpipe.readers.reading import Hints, Reading

TALK = [
    Said("Nora Kell", "00:00:03", ("So what did the allotment mean to you?",)),
    Said("Ben Ost", "00:00:07", ("Well. At first it was only", "somewhere to put the dog.")),
    Said("Nora Kell", "00:00:12", ("Hmm.",)),
    Said("Ben Ost", "00:01:15", ("And then the beans came.",)),
]
FORMS = [(shape.name, example) for shape in KNOWN_SHAPES for example in examples(shape)]

NAMED = [*FORMS, *((one.name, form) for one in PROGRAMS if one.label for form in examples(one))]


def read(text: str, hints: Hints | None = None) -> Reading:
    return plain.read(text.encode(), "in/a.txt", hints or Hints())


def turns_of(reading: Reading) -> list[tuple[str, str, str]]:
    return [(turn.label, turn.time, turn.text) for turn in reading.turns]


@pytest.mark.parametrize(("name", "example"), FORMS, ids=[f"{n}-{e}" for n, e in FORMS])
def test_one_interview_in_every_known_shape_is_the_same_interview(name, example):
    labels = {"Nora Kell": "Q", "Ben Ost": "A"} if "INITIAL" in example else {}
    talk = [turn._replace(label=labels.get(turn.label, turn.label)) for turn in TALK]
    reading = read(printed(talk, example))
    assert turns_of(reading) == expected(talk, example)
    assert not reading.doubts and not reading.left_out
    again = Hints(frozenset(reading.labels()), only_known=True, shape=reading.shape)
    assert read(printed(talk, example), again).turns == reading.turns


@pytest.mark.parametrize(("name", "example"), NAMED, ids=[f"{n}-{e}" for n, e in NAMED])
def test_a_shape_is_read_by_its_example_where_it_is_declared(name, example):
    labels = {"Nora Kell": "Q", "Ben Ost": "A"} if "INITIAL" in example else {}
    talk = [turn._replace(label=labels.get(turn.label, turn.label)) for turn in TALK]
    reading = read(printed(talk, example), Hints(shape=Shape("ours", example)))
    assert turns_of(reading) == expected(talk, example)


def test_a_shape_is_kept_and_found_again_in_its_record():
    shape = Shape("ours", "[TIME] NAME", same=(("INT", ("Int.",)),), notices=("@",), heading_to=0)
    assert from_text(shape.as_text()) == shape
    assert from_text("") == from_text("[1]") == from_text('{"within": 3}') == Shape()


def no_word_in_another_mouth(
    text: str, talk: list[Said], junk: list[str], reading: Reading
) -> None:
    """What is read holds, for each speaker, only words that they said, or lines of junk that stood
    among them and are no doubt any more.
    """
    said: dict[str, Counter[str]] = {}
    for turn in talk:
        said.setdefault(turn.label, Counter()).update(turn.lines)
    allowed = Counter(junk)
    for turn in reading.turns:
        for line in turn.text.split("\n"):
            if not line.strip() or line in allowed:
                continue
            assert said.get(turn.label, Counter())[line] > 0, (turn.label, line, text)


@settings(max_examples=200)
@given(st.integers(0, 2**32), st.sampled_from([*(example for _, example in FORMS), *PLAIN]))
def test_a_random_interview_in_a_random_shape_is_read_right_or_refused(seed, example):
    """Whatever lines stand between the turns: nobody's words stand under another speaker."""
    chance = random.Random(seed)
    talk = conversation(chance)
    text, junk = with_junk(printed(talk, example, chance.choice(("\n", "\n", ""))), chance)
    hints = Hints(frozenset(chance.sample(sorted({turn.label for turn in talk}), 1)))
    try:
        reading = read(text, hints)
    except UserError:
        return
    unknown = set(reading.labels()) - {turn.label for turn in talk}  # ingest asks who that is
    if not reading.doubts and not reading.left_out and not unknown:
        no_word_in_another_mouth(text, talk, junk, reading)


@pytest.mark.parametrize(
    ("line", "about", "do"),
    [
        ("R2; She told me.", "R2", "--label 'NAME: WORDS' --label 'NAME; WORDS'"),
        ("R2 She told me.", "R2", "put a colon behind it in the file"),
        ("R2. She told me.", "R2", "--label 'NAME. WORDS'"),
        ("R2 - She told me.", "R2", "--label 'NAME - WORDS'"),
    ],
)
def test_a_slip_behind_a_label_puts_nobodys_words_into_another_mouth(line, about, do):
    text = f"I: How was it?\nR2: Good.\nI: And then?\n{line}\nI: Hmm.\nR2: Yes.\n"
    (doubt,) = read(text, Hints(frozenset({"I", "R2"}))).doubts
    assert (doubt.number, doubt.about) == (4, about) and do in doubt.do


def test_a_declared_time_mark_is_taken_out_wherever_it_stands():
    text = "I: So?\nP: [0:12] It was good.\nI: And?\nP: Twice [1:40]. Everyone late\n"
    reading = read(text, Hints(frozenset({"I", "P"}), shape=Shape(time="[1:40]")))
    assert turns_of(reading)[1::2] == [
        ("P", "0:12", "It was good."),
        ("P", "1:40", "Twice. Everyone late"),
    ]


def test_a_heading_in_the_form_of_a_declared_label_is_a_heading():
    text = "INTERVIEW 2 - ward day room\nI: So?\nP - No.\nI: Why?\nP: Well.\n"
    both = Shape(label="NAME: WORDS\nNAME - WORDS")
    reading = read(text, Hints(frozenset({"I", "P"}), shape=both))
    assert [turn.label for turn in reading.turns] == ["I", "P", "I", "P"]
    assert reading.left_out == ((1, "INTERVIEW 2 - ward day room"),)


def test_two_labels_below_each_other_are_asked_about():
    text = "I\nBen Ost\nSo?\n\nBen Ost\nNo.\n\nI\nHmm.\n"
    (doubt,) = read(text, Hints(frozenset({"I", "Ben Ost"}))).doubts
    assert doubt.number == 2 and "one below the other" in doubt.what
