"""Words in lines of a terminal: letters that take two columns, none, or run from right to left."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from gtpipe.desk import word_places
from gtpipe.desk.wrapping import column_of, letter_at, line_of, shown, wrapped

SEEN = [*"ab 漢字 שלום \n\t-’.", "e\u0301", "👩\u200d👧"]  # what the eye takes for one
TEXT = st.lists(st.sampled_from(SEEN), max_size=40).map("".join)


def lines(text: str, width: int) -> list[str]:
    return [text[slice(*line)] for line in wrapped(text, width)]


@pytest.mark.parametrize(
    ("text", "width", "expected"),
    [
        ("one two three", 8, ["one two", "three"]),
        ("one  two", 3, ["one", "two"]),
        ("", 8, [""]),
        ("a\n\nb", 8, ["a", "", "b"]),
        ("abcdefgh", 3, ["abc", "def", "gh"]),
        ("漢字漢字", 5, ["漢字", "漢字"]),
        ("ne\u0301e ne\u0301e", 3, ["ne\u0301e", "ne\u0301e"]),
        ("שלום עולם", 5, ["שלום", "עולם"]),
    ],
)
def test_lines_are_broken_between_words_by_what_the_eye_sees(text, width, expected):
    assert lines(text, width) == expected


@given(TEXT, st.integers(2, 20))
def test_no_letter_is_lost_and_no_line_too_long(text, width):
    found = wrapped(text, width)
    covered = {n for line in found for n in range(*line)}
    assert all(n in covered for n, letter in enumerate(text) if not letter.isspace())
    assert all(cell_len(shown(line)) <= width for line in lines(text, width))
    assert [line.start for line in found] == sorted(line.start for line in found)


@given(TEXT, st.integers(4, 20))
def test_a_word_is_found_again_at_its_column(text, width):
    for start, _ in word_places.words(text):
        found = wrapped(text, width)
        line = found[line_of(found, start)]
        if text[start : start + 1].isalnum():
            assert letter_at(text, line, column_of(text, line, start)) == start


def test_what_a_terminal_would_obey_is_not_shown_and_moves_no_letter():
    assert shown("a\x1b[2Jb\u202ec\td") == "a\ufffd[2Jb\ufffdc d"


def test_a_word_is_what_one_would_mark():
    text = "I don't – half-nine, नमस्ते 漢字."
    assert [text[slice(*word)] for word in word_places.words(text)] == [
        "I", "don't", "half-nine", "नमस्ते", "漢", "字",
    ]  # fmt: skip


def test_a_turn_without_a_word_is_one():
    assert word_places.words("…") == ((0, 1),)
    assert word_places.sentences("…") == ((0, 1),)
