"""A document of entries loses nothing: its pieces put together are the text that was read."""

from __future__ import annotations

import pytest
from conftest import FOCUSED, THEORY
from hypothesis import example, given
from hypothesis import strategies as st

from gtpipe.model.problems import UserError
from gtpipe.text.document import Document
from gtpipe.text.take_apart import end_of_block

SHEET = """\
# jim: write your codes
- turn: 2
  speaker: P
  text: |-
    It went
    from there.
  codes: |
    meeting around the ward
      a note
    # no comment

# between
- turn: 4
  codes: |
"""

LINES = st.sampled_from(
    [
        "# a remark",
        "",
        "   ",
        "  # a remark, set in",
        "- turn: 2",
        "- turn: 2   # twice",
        "  codes: |",
        "  codes: |2-",
        "    a label",
        "      a note",
        "- code: 'walking'",
        "  definition: money",
        "    and more",
        '  include: "a',
        '    b"',
        "- {code: x, definition: y}",
        "- code: [a, b]",
        "-",
        "- word",
        "categories:",
        "relations: []",
        "relations: {}",
        "- from: a",
        "  kind: leads to",
        "  to: >",
        "- - turn: 3",
        "  was:",
        "  - a",
        "[{turn: 1}, {turn: 2}]",
        "{categories: [{category: x}]}",
        "---",
        "...",
        "? a",
        ": b",
    ]
)


@given(st.lists(LINES, max_size=14), st.sampled_from(["\n", "\r\n"]), st.booleans())
@example(SHEET.split("\n"), "\n", True)
@example(THEORY.split("\n"), "\r\n", False)
def test_the_pieces_of_whatever_is_read_are_its_text(lines, newline, ended):
    text = newline.join(lines) + (newline if ended else "")
    document = Document(text)
    assert document.text == text
    try:
        document.node  # noqa: B018
    except UserError:
        return
    assert document.printed == text
    assert len(document.entries) == sum(
        len(getattr(section.node, "items", ())) for section in document.sections
    )


@pytest.mark.parametrize("text", [SHEET, FOCUSED, THEORY, "", "# nothing yet\n"])
def test_what_people_write_is_laid_out_by_lines(text):
    assert Document(text).is_laid_out_by_lines


@pytest.mark.parametrize(
    "text",
    [
        "- {turn: 2, codes: a}\n",
        "[{turn: 2}]\n",
        "- turn: 2\n  codes: [a]\n",
        "- turn: 2\n  turn: 3\n",
        "- name: x\n",
        "- - turn: 2\n",
        "categories: {}\n",
        "study: Nights\n",
    ],
)
def test_what_shares_its_lines_stands_whole(text):
    document = Document(text)
    assert not document.is_laid_out_by_lines
    assert document.printed == text


def test_an_entry_knows_its_lines_and_what_stands_above_them():
    document = Document(SHEET)
    assert document.sections[0].lead == "# jim: write your codes\n"
    first, second = document.entries
    assert second.lead == "\n# between\n"
    assert first.listed("codes") == ("meeting around the ward", "# no comment")
    assert first.get("codes").block.lines[0].rest == ("  a note",)
    assert document.entry("turn", "4") == second
    assert second.body == "- turn: 4\n  codes: |\n"


def test_the_notes_of_a_code_end_where_its_next_neighbour_begins():
    """What stands no deeper than the code is none of its notes, a remark at the margin included."""
    document = Document(SHEET)
    code = SHEET.split("\n").index("    meeting around the ward") + 1
    assert document.end_of_notes(code) == code + 1
    assert document.end_of_notes(code + 2) == code + 2


@pytest.mark.parametrize(
    ("block", "ends"),
    [("|\n    a\n      b", (3, 4)), ("|4\n        a\n      b", (3, 6)), ("|-\n\n     a\n", (3, 5))],
)
def test_a_block_ends_with_its_last_line_and_is_set_in_as_it_says(block, ends):
    text = f"- codes: {block}\n- codes: x\n"
    (field,) = Document(text).entries[0].fields
    assert end_of_block(text, text.split("\n"), field) == ends
