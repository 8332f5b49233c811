"""Sheets of the usual shape are read by their lines: to the letter what YAML reads."""

from __future__ import annotations

from hypothesis import example, given, settings
from hypothesis import strategies as st

from gtpipe.formats import plain_sheet, sheets
from gtpipe.model.problems import UserError

PATH = "data/initial-codes/a.yaml"
words = st.text("ab \t:#'\"-|<>\\“”…éх\u3000\u00ad\u200d\x85\u2028\xa0&*!%@`[]{}", max_size=12)
lines = st.builds(
    "{}{}\n".format,
    st.sampled_from(["", " ", "   ", "    ", "    ", "    ", "     ", "      ", "\t"]),
    st.one_of(
        words,
        st.sampled_from(
            ["label", 'label <- "a b"', "label <-", "<- x", "# note", "", "- turn: 3", "---", "..."]
        ),
    ),
)
blocks = st.builds(
    "  {}: {}\n{}".format,
    st.sampled_from(["text", "codes", "focused", "speaker", "other"]),
    st.sampled_from(["|", "|-", "|", "|+", ">", "|2", "", "P", "Ana B.", "a: b", "a #b"]),
    st.lists(lines, max_size=4).map("".join),
)
entries = st.builds(
    "{}- {}: {}\n{}".format,
    st.sampled_from(["", "\n", "# a comment\n\n", "  # set in\n", "    \n", "     \n"]),
    st.sampled_from(["turn", "turns", "turn", "speaker"]),
    st.sampled_from(["1", "2", "3a", "7-10", "7–10", "'4'", "4 ", "", "x"]),
    st.lists(blocks, max_size=3).map("".join),
)
USUAL = """# how to code

- turn: 2
  speaker: P
  text: |-
    Some words…

      and more
  codes: |
    waiting
      a note
     on it

    losing count <- "more"
  focused: |

# [3] I: And?

- turns: 4-5
  codes: |
"""


def by_yaml(text: str) -> object:
    try:
        return sheets._loads(text, PATH)
    except UserError as exc:
        return exc.problems


def same(text: str) -> bool:
    """Whether it is read by its lines; and then as YAML has it."""
    if plain_sheet.read(text) is None:
        return False
    assert sheets.loads(text, PATH) == by_yaml(text)
    return True


@settings(max_examples=600, deadline=None)
@given(st.lists(entries, min_size=1, max_size=3).map("".join))
@example("- turn: 1\n  codes: |\n    a\n# b\n    c\n")
def test_what_is_read_by_lines_is_what_yaml_reads(text: str) -> None:
    same(text)


@settings(max_examples=600, deadline=None)
@given(st.integers(0, len(USUAL) - 1), st.integers(0, 3), st.text(" \n#-:|ta1\t\r\"'<", max_size=6))
def test_so_it_is_when_somebody_types_into_a_sheet(at: int, gone: int, typed: str) -> None:
    same(USUAL[:at] + typed + USUAL[at + gone :])


def test_the_usual_shape_is_read_by_its_lines() -> None:
    assert same(USUAL)
