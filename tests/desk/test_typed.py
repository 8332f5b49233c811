"""One line at the bottom of the desk, whatever was pasted into it."""

from __future__ import annotations

import pytest

from gtpipe.desk.typed import clauses, entered, pasted
from gtpipe.model.problems import UserError


@pytest.mark.parametrize(
    ("text", "line", "told"),
    [
        ("waiting", "waiting", ""),
        ("waiting\n", "waiting", ""),
        ("a\r\nb\nc", "a b c", "Pasted as one line: 2 line breaks are spaces."),
        ("\x1b[31mred\x00", "[31mred", ""),
        ("x" * 10_000, "x" * 10_000, "10,000 characters pasted."),
        ("می‌روم", "می‌روم", ""),
    ],
)
def test_what_is_pasted_becomes_one_line(text, line, told):
    assert pasted(text) == (line, told)


def test_a_code_is_typed_as_in_a_sheet():
    assert entered(' at five <- "goes home at five" ') == ("at five", "goes home at five")
    assert entered("at five") == ("at five", None)
    with pytest.raises(UserError):
        entered("at five <- goes home")


def test_behind_an_arrow_the_clauses_of_the_turn_are_offered():
    turn = "She goes home at five. I don't, I never do."
    assert clauses("at five <- FIVE", turn) == ['at five <- "She goes home at five."']
    assert len(clauses("at five <-", turn)) == 4
