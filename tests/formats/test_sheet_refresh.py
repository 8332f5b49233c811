"""A sheet is brought into line with who speaks in its transcript; what a person wrote there stands
there still.
"""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from gtpipe.formats import sheet_edits, sheets
from gtpipe.formats.sheet_refresh import refresh
from gtpipe.model.level import FOCUSED, INITIAL
from gtpipe.model.records import Interview, SheetCode, Turn

LABELS = ("I", "P", "Ana B.")
WORDS = st.lists(
    st.text("abc # [1]:é\"'-\\|>", min_size=1, max_size=12).map(str.strip).filter(bool),
    min_size=1,
    max_size=3,
).map("\n\n".join)
ROLES = st.fixed_dictionaries(
    {label: st.sampled_from(("interviewer", "p", "q")) for label in LABELS}
)
TURNS = st.lists(st.tuples(st.sampled_from(LABELS), WORDS), min_size=1, max_size=4)


def an_interview(said: list[tuple[str, str]], speakers: dict[str, str]) -> Interview:
    turns = tuple(
        Turn(str(number), "", label, words, 0) for number, (label, words) in enumerate(said, 1)
    )
    return Interview("x", "x.md", "", speakers, turns)


@given(TURNS, st.lists(ROLES, min_size=2, max_size=4), st.booleans())
def test_a_sheet_without_codes_is_the_sheet_that_a_new_one_would_be(said, roles, with_text):
    text = sheet_edits.new_sheet(an_interview(said, roles[0]), with_text)
    for speakers in roles[1:]:
        interview = an_interview(said, speakers)
        text = refresh(text, "x.yaml", interview, with_text)
        assert text == sheet_edits.new_sheet(interview, with_text)


@st.composite
def written_in(draw, text: str, interview: Interview) -> tuple[str, list[str]]:
    """A sheet with codes, notes and comments of a person in all places, and the comments."""
    for turn in interview.turns:
        for level in draw(st.lists(st.sampled_from((INITIAL, FOCUSED)), max_size=2)):
            code = SheetCode(level, f"code {draw(st.integers(0, 9))}", None, "a\n  note", 0)
            text = sheet_edits.add_code(text, "x.yaml", interview, turn, code, True)
    lines, comments = [], []

    def comment() -> str:
        comments.append(f"# remark {len(comments)}!")
        return comments[-1]

    in_words = False
    for line in text.removesuffix("\n").split("\n"):
        if in_words and (line.startswith("    ") or not line):
            lines.append(line)
            continue
        in_words = False
        where = draw(st.sampled_from(("", "", "", "", "", "above", "set in", "behind")))
        if where == "above" or (where and not line.startswith(" ")):
            lines.append(comment())
        elif where == "set in" and line.startswith("  ") and line[2:3].isalpha():
            lines.append("  " + comment())
        field = line.startswith("  ") and line[2:3].isalpha()
        if where == "behind" and field and line.endswith(("|", "|-", " P", " I")):
            line = f"{line}  {comment()}"
        lines.append(line)
        in_words = field and "|" in line
    if draw(st.booleans()):
        lines.append("  " + comment() if lines[-1].startswith("  ") else comment())
    return draw(st.sampled_from(("\n", "\r\n"))).join([*lines, ""]), comments


@given(st.data(), TURNS, st.lists(ROLES, min_size=2, max_size=4), st.booleans())
def test_no_code_note_or_comment_is_lost_whoever_speaks(data, said, roles, with_text):
    interview = an_interview(said, roles[0])
    text, comments = data.draw(written_in(sheet_edits.new_sheet(interview, with_text), interview))
    entries, problems = sheets.loads(text, "x.yaml")
    assert not problems
    codes = sheet_edits.codes_by_turn(entries)
    for speakers in roles[1:]:
        interview = replace(interview, speakers=speakers)
        text = refresh(text, "x.yaml", interview, with_text)
        entries, problems = sheets.loads(text, "x.yaml")
        assert not problems and sheet_edits.codes_by_turn(entries) == codes
        assert [text.count(comment) for comment in comments] == [1] * len(comments)
        assert {entry.turn for entry in entries} == {
            turn.id for turn in interview.turns if interview.participant(turn) or turn.id in codes
        }
        assert refresh(text, "x.yaml", interview, with_text) == text
