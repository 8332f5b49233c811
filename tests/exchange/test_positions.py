"""How places are counted is found out: every way that programs count in, over texts with everything
that they count differently.
"""

from __future__ import annotations

from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gtpipe.exchange import positions
from gtpipe.exchange.positions import CONVENTIONS, Convention, Stretch, Unit
from gtpipe.model.problems import UserError

TEXT = "\ufeffI: 😀 so?\r\nP: It was late,\r\nand naïve 😀 of me.\r\nI: Why?\r\n"


def counted(raw: str, at: int, convention: Convention) -> int:
    """The place that a program writes for place `at` of the plain text, one character at a time."""
    plain = positions.plain(raw)
    found = convention.width("\ufeff") if convention.counts_mark and raw[:1] == "\ufeff" else 0
    for char in plain[:at]:
        found += convention.line_end if char == "\n" else convention.width(char)
    return found


def stretches(raw: str, convention: Convention, *words: str, quoted: bool = True):
    plain = positions.plain(raw)
    for one in words:
        start = plain.index(one)
        places = (counted(raw, at, convention) for at in (start, start + len(one)))
        yield Stretch("t", *places, one if quoted else "")


@pytest.mark.parametrize("quoted", [True, False])
@pytest.mark.parametrize(
    "convention",
    [*CONVENTIONS, *(Convention(Unit.BYTES, *more) for more in product((1, 2), (0, 1)))],
)
def test_each_way_of_counting_is_found_by_the_words_or_by_their_bounds(convention, quoted):
    words = ("It was late", "naïve 😀 of me", "Why", "so")
    asked = tuple(stretches(TEXT, convention, *words, quoted=quoted))
    tried = (*CONVENTIONS, *(Convention(Unit.BYTES, *more) for more in product((1, 2), (0, 1))))
    found = positions.find({"t": TEXT}, asked, tried)
    plain = positions.plain(TEXT)
    assert tuple(plain[slice(*span)] for span in found.spans if span) == words
    assert str(found.convention) in found.told


@given(
    st.text(st.sampled_from("ab 😀é\r\n"), max_size=40),
    st.booleans(),
    st.sampled_from(CONVENTIONS),
    st.data(),
)
def test_a_place_counted_is_the_place_that_was_meant(text, has_mark, convention, data):
    raw = "\ufeff" * has_mark + text
    at = data.draw(st.integers(0, len(positions.plain(raw))))
    assert positions._Text(raw).place(counted(raw, at, convention), convention) == at


def test_the_way_of_the_specification_is_taken_where_several_fit():
    found = positions.find({"t": "It was late."}, [Stretch("t", 0, 6)])
    assert found.convention == Convention()
    assert found.told.startswith("Places count code points, a line end as 1: 2 of 2 ends")


def test_a_quotation_cut_short_is_one():
    words = "It was late,\nand naïve"
    assert positions.says(words, "It was late, and…") and not positions.says(words, "It was")


def test_places_that_no_way_of_counting_explains_stop_the_import():
    off = [Stretch("t", at, at + 4) for at in (1, 2, 10, 12, 21, 36)]
    with pytest.raises(UserError) as raised:
        positions.find({"t": "Somebody remembered everything\r\nbefore breakfasts"}, off)
    assert "no way of counting explains the places" in raised.value.problems[0].what


def test_where_no_space_stands_between_words_none_is_cut():
    found = positions.find({"t": "我很晚\r\n才回家。"}, [Stretch("t", 1, 3), Stretch("t", 4, 6)])
    assert found.convention == Convention()


def test_what_reaches_beyond_its_text_stands_nowhere():
    asked = [Stretch("t", 0, 2, "It"), Stretch("t", 3, 900, "was")]
    assert positions.find({"t": "It was late."}, asked).spans == ((0, 2), None)
