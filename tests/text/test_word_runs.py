"""Runs of six words are found over line ends and marks, and nowhere else."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from gtpipe.text.word_runs import WordRuns

SAID = "I knocked it off coming back, didn't I, on the way from (hospice)."


def test_a_run_is_found_whatever_stands_between_the_words():
    runs = WordRuns([SAID])
    text = "He said:\n> **Knocked** it off\n> coming back, DIDN’T I\n\nand went."
    (found,) = runs.found(text)
    assert found.line == 2 and text[found.start : found.end] == text[13:53]
    assert runs.blanked(text) == "He said:\n> **(withdrawn)\n\nand went."


def test_five_words_are_no_run_and_what_others_said_too_is_none():
    assert not WordRuns([SAID]).stand_in("knocked it off coming back and")
    assert not WordRuns([SAID], ["I knocked it off coming back"]).stand_in(
        "I knocked it off coming back"
    )
    assert not WordRuns(["(withdrawn)", "Yes."])


def test_two_runs_apart_are_two_and_one_that_goes_on_is_one():
    runs = WordRuns(["one two three four five six seven eight nine"])
    text = "one two three four five six seven; no\none two three four five six"
    assert [run.line for run in runs.found(text)] == [1, 2]


words = st.lists(st.sampled_from("a b c d e don't été 你好 x_y".split()), max_size=30)


@given(words, words)
def test_a_run_is_found_where_a_plain_search_finds_it(said, written):
    def plain(listed):
        return [tuple(listed[at : at + 6]) for at in range(len(listed) - 5)]

    simple = [word for word in said if word.isalpha() and word.isascii()]
    text = [word for word in written if word.isalpha() and word.isascii()]
    runs = WordRuns([" ".join(simple)])
    expected = bool({*plain(simple)} & {*plain(text)})
    assert runs.stand_in("\n".join(text)) == expected
    assert not runs.stand_in(runs.blanked("\n".join(text)))
