"""Places in a whole source come to the turn and the words that stand there, whatever stands between
two turns, and however short and alike the turns are.
"""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gtpipe.analysis.alignment import Alignment, tied
from gtpipe.model import anchor
from gtpipe.model.names import one_line
from gtpipe.model.records import Interview, Turn

SPEAKERS = {"I": "interviewer", "P": "jim", "Ann": "ann"}


def interview(*turns: tuple[str, str]) -> Interview:
    made = tuple(Turn(str(n), "", label, text, 0) for n, (label, text) in enumerate(turns, 1))
    return Interview("jim", "data/transcripts/jim.md", "", SPEAKERS, made)


def covered(text: str, jim: Interview, words: str) -> list[tuple[str, str]]:
    start = text.index(words)
    return [
        (part.turn.id, part.turn.text if part.span is None else part.turn.text[slice(*part.span)])
        for part in Alignment(text, jim).parts(start, start + len(words))
    ]


def test_a_short_turn_is_not_found_in_a_label():
    text = "Interviewer: I\nP: I\nInterviewer: In?\n"
    jim = interview(("Interviewer", "I"), ("P", "I"), ("Interviewer", "In?"))
    assert covered(text, jim, "P: I") == [("2", "I")]


def test_what_stands_between_turns_belongs_to_none():
    text = "Interview 4, ward B\n\n#00:01# I: So?\n\n- page 2 -\n\nP (12): Nothing.\n"
    jim = interview(("I", "So?"), ("P", "Nothing."))
    assert covered(text, jim, "page 2") == []
    assert covered(text, jim, text) == [("1", "So?"), ("2", "Nothing.")]


def test_white_space_may_differ():
    jim = interview(("P", "It was\nlate and\nI went."))
    assert covered("P:\tIt was  late\n\n   and I went.\n", jim, "late\n\n   and") == [
        ("1", "late and")
    ]


def test_a_turn_that_goes_on_without_a_label():
    text = "P: One.\n\nTwo.\n\nP: Two.\n"
    jim = interview(("P", "One."), ("P", "Two."), ("P", "Two."))
    assert covered(text, jim, "Two.\n\nP: Two") == [("2", "Two."), ("3", "Two")]


def test_after_a_correction_the_words_that_both_have_decide():
    text = "I: So?\nP: I was born in Leeds and never left it.\nI: Why?\n"
    jim = interview(("I", "So?"), ("P", "I was born in [city] and never left."), ("I", "Why?"))
    assert not Alignment(text, jim).is_exact
    assert covered(text, jim, "born in Leeds and never") == [("2", "born in [city] and never")]
    assert covered(text, jim, "Why?") == [("3", "Why?")]


PIECES = st.sampled_from(["I", "P", "yes", "no, 😀", "it was", "né", "\n", "Ann", "P:", "a", "…"])
TURNS = st.lists(
    st.tuples(
        st.sampled_from([*SPEAKERS]),
        st.lists(PIECES, min_size=1, max_size=6).map(" ".join).filter(str.strip),
    ),
    min_size=1,
    max_size=8,
)


@given(TURNS, st.sampled_from(["\n", "\n\n"]), st.data())
def test_every_stretch_of_every_turn_is_found_where_it_stands(turns, between, data):
    turns = [(label, text.strip()) for label, text in turns]
    jim = interview(*turns)
    begins, text = [], ""
    for label, said in turns:
        begins.append(len(text) + len(label) + 2)
        text += f"{label}: {said}{between}"
    which = data.draw(st.integers(0, len(turns) - 1))
    said = turns[which][1]
    start = data.draw(st.integers(0, len(said) - 1))
    end = data.draw(st.integers(start + 1, len(said)))
    if not said[start:end].strip():
        return
    (part,) = Alignment(text, jim).parts(begins[which] + start, begins[which] + end)
    assert part.turn.id == str(which + 1)
    words = said if part.span is None else said[slice(*part.span)]
    assert words.split() == said[start:end].split()


@pytest.mark.parametrize(
    ("text", "span", "words"),
    [
        ("ha ha ha", (3, 5), None),
        ("It was late. Really, it was late.", (24, 32), "it was late"),
        ("It was late", (0, 6), "It was"),
    ],
)
def test_words_that_stand_for_a_stretch_stand_once(text, span, words):
    found = tied(Turn("1", "", "P", text, 0), span)
    assert (found and found[0]) == words


@given(st.lists(PIECES, min_size=1, max_size=8).map(" ".join), st.data())
def test_what_a_stretch_is_tied_to_covers_it_and_stands_once(text, data):
    start = data.draw(st.integers(0, len(text) - 1))
    end = data.draw(st.integers(start + 1, len(text)))
    if text[start:end] != text[start:end].strip():
        return
    found = tied(Turn("1", "", "P", text, 0), (start, end))
    if found is not None:
        words, span = found
        assert span[0] <= start and end <= span[1]
        assert anchor.stretches(text, words) == [span]
        assert one_line(text[slice(*span)]) == words
