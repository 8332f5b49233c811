"""JSON of gtpipe's own files: whatever is none is told as such, and ends in no traceback."""

from __future__ import annotations

import pytest

from gtpipe.text import jsontext


@pytest.mark.parametrize(
    "content", ["{", "", b"\xff", "[" * 100_000, '{"a": "\\ud800"}', '["\\UD800"]', b'"\\udc00 x"']
)
def test_what_is_no_json_of_whole_characters_is_refused(content):
    with pytest.raises(ValueError, match=r"\w"):
        jsontext.loads(content)


def test_a_character_written_as_two_halves_is_one():
    assert jsontext.loads(b'["\\ud83d\\ude00", "\\u00e9", "\xc3\xa9"]') == ["\U0001f600", "é", "é"]
