"""The files people write: what is read is what was typed, what is written reads the same, and edits
touch their lines only.
"""

from __future__ import annotations

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from gtpipe.formats import code_line, codebook, sheet_edits, sheet_refresh, sheets, transcripts
from gtpipe.model.level import INITIAL
from gtpipe.model.names import one_line
from gtpipe.model.problems import UserError
from gtpipe.model.records import Interview, SheetCode, Turn
from gtpipe.text import yamltext

# Text as people may write or paste it: every script, brackets, quotes, odd spaces; no control
# characters but the tab.
CHARACTERS = st.characters(
    codec="utf-8", exclude_categories=("Cs", "Cc"), exclude_characters="\u2028\u2029"
)
LINE = st.one_of(
    st.text(CHARACTERS, max_size=40),
    st.sampled_from(
        [
            "[2] I: not a turn",
            "\\[2] I: nor this",
            "[3 00:01:05]",
            "---",
            "# hope",
            "- dash",
            "why: because",
            "<<<<<<< HEAD",
            "\tindented",
            "   three spaces",
            "'cause",
            '"quoted"',
            "*really*",
            "|-",
            "no",
            "1.5",
        ]
    ),
)
TEXT = st.lists(LINE, min_size=1, max_size=5).map("\n".join).map(str.strip)
LABEL = (
    st.text(CHARACTERS, min_size=1, max_size=60)
    .map(str.strip)
    .filter(lambda label: not code_line.why_not_a_label(label))
)
AWKWARD = st.sampled_from(
    [
        "no",
        "1.5",
        "why: because",
        "# hope",
        "not asking #2",
        "- dash",
        '"quoted"',
        "'cause he was there",
        "*really*",
        "[pause 3s]",
        "a <- b",
        'a <- "b"',
        "<-",
        "\\<-",
        "x <-",
        "{a}",
        "|",
        "> so",
        "a/b",
    ]
)
LABELS = st.one_of(LABEL, AWKWARD)
NOTE = (
    st.lists(LINE.map(str.rstrip), max_size=3)
    .map("\n".join)
    .map(lambda note: note.strip("\n"))
    .filter(
        lambda note: (
            yamltext.printable(note)
            and "\t" not in note
            and (not note or not note[0].isspace())
            and all(not line or line.strip() for line in note.split("\n"))
            and not note.endswith((" ", "\n"))
        )
    )
)


@given(
    st.lists(
        st.tuples(
            st.sampled_from(["I", "P", "Dr. Smith", "why: so", "no"]),
            st.sampled_from(["", "00:01:05", "4:05"]),
            TEXT,
        ),
        max_size=6,
    )
)
def test_any_turns_survive_writing_and_reading(spoken):
    labels = ["I", "P", "Dr. Smith", "why: so", "no"]
    turns = tuple(
        Turn(str(n), time, label, text, 0) for n, (label, time, text) in enumerate(spoken, 1)
    )
    interview = Interview(
        "x",
        "data/transcripts/x.md",
        "2026-03-02",
        dict.fromkeys(labels, "interviewer"),
        turns,
        "v1",
        "a: b.txt",
    )
    text = transcripts.dumps(interview)
    assume(yamltext.conflict_markers(text, "x") is None)
    read, problems = transcripts.loads(text, "data/transcripts/x.md")
    assert not [problem for problem in problems if problem.is_error]
    assert [turn[:4] for turn in read.turns] == [turn[:4] for turn in turns]
    assert (read.date, read.schedule, read.source, read.speakers) == (
        "2026-03-02",
        "v1",
        "a: b.txt",
        interview.speakers,
    )


SPEECH = st.one_of(LINE, st.sampled_from(["[laughs]", "\\[5]", "\\[5] I: no", " ", ""])).filter(
    lambda line: not line.lstrip().startswith("[") or line == "[laughs]"
)
WRITTEN = st.tuples(
    st.sampled_from(["] I:", "b]  P: ", " 00:01:05] P:", "] why: so:", "]\nI:", "] I:I:"]),
    st.lists(SPEECH, max_size=3).map("\n".join),
).map("".join)


@given(st.lists(WRITTEN, max_size=6), st.booleans())
def test_turns_are_the_same_where_their_ids_and_labels_are_known_before(written, windows):
    head = "---\ndate: 2026-03-02\nspeakers: {I: interviewer, P: jim, 'why: so': ann}\n---\n"
    text = head + "\n".join(f"[{number}{turn}" for number, turn in enumerate(written))
    text = text.replace("\n", "\r\n") if windows else text
    assume(yamltext.conflict_markers(text, "x.md") is None)
    read, problems = transcripts.loads(text, "x.md")
    assume(not problems)
    known = transcripts.turns_as_known(
        text.encode(), "x.md", tuple(read.position), read.labels, read.speakers
    )
    assert tuple(known) == read.turns


@given(LABELS, st.one_of(st.none(), TEXT.map(one_line).filter(bool)))
def test_any_label_and_stretch_survive_on_a_line(label, words):
    assume(words is None or yamltext.printable(words))
    assert code_line.read_line(code_line.write_line(label, words)) == (label, words)


def an_interview(texts: list[str]) -> Interview:
    turns = tuple(
        Turn(str(n), "", "I" if n % 2 else "P", text, n) for n, text in enumerate(texts, 1)
    )
    return Interview("jim", "data/transcripts/jim.md", "", {"I": "interviewer", "P": "jim"}, turns)


@given(
    st.lists(TEXT, min_size=2, max_size=6),
    st.lists(st.tuples(LABELS, NOTE), max_size=6),
    st.booleans(),
    st.data(),
)
def test_any_labels_and_notes_survive_a_sheet_and_every_other_byte_stays(
    texts, codes, with_text, data
):
    """A sheet is filled code by code, as people do; each code adds its lines, the others stay, but
    for the comment that showed the words which the new entry has.
    """
    interview = an_interview(texts)
    text = sheet_edits.new_sheet(interview, with_text)
    wanted: dict[str, list] = {}
    for label, note in codes:
        turn = data.draw(st.sampled_from(interview.turns))
        code = SheetCode(INITIAL, label, None, note, 0)
        after = sheet_edits.add_code(text, "jim.yaml", interview, turn, code, with_text)
        shown = sheet_edits.comment_text(turn)
        if with_text and not interview.participant(turn) and turn.id not in wanted:
            assert f"\n{shown}" in text and f"\n{shown}" not in after
            text = text.replace(f"\n{shown}", "\n", 1)
        assert is_subsequence(text.split("\n"), after.split("\n"))
        text = after
        wanted.setdefault(turn.id, []).append(code[:4])
    entries, problems = sheets.loads(text, "jim.yaml")
    assert not problems
    assert {e.turn: [c[:4] for c in e.codes] for e in entries if e.codes} == wanted
    for entry in entries:
        assert entry.words_hash in ("", sheets.hash_words(interview.turn(entry.turn).text))


def is_subsequence(short: list[str], long: list[str]) -> bool:
    rest = iter(long)
    return all(any(line == other for other in rest) for line in short)


PERSONS_SHEET = """\
# my remarks
- turn: 2    # the first
  codes: |   # here
      deep indentation
        and a note

  speaker: "P"
  focused: |
    a theme
- codes: |
    first

    second <- "A bit."
     a note

  turn: "4"

  # a remark inside

- {turn: 6}
-   turn: 8
    codes:
"""


@pytest.mark.parametrize(
    ("turn", "code", "added", "below"),
    [
        ("2", SheetCode(INITIAL, "new", None, "", 0), ["      new"], "        and a note"),
        (
            "2",
            SheetCode("focused", "new", None, "why\n  so", 0),
            ["    new", "      why", "        so"],
            "    a theme",
        ),
        ("4", SheetCode(INITIAL, "new", "A bit.", "", 0), ['    new <- "A bit."'], "     a note"),
        (
            "4",
            SheetCode("focused", "new", None, "", 0),
            ["  focused: |", "    new"],
            "  # a remark inside",
        ),
    ],
)
@pytest.mark.parametrize("newline", ["\n", "\r\n"])
def test_a_code_is_added_to_a_sheet_as_a_person_left_it(turn, code, added, below, newline):
    """Whatever its indentation, order, remarks and line ends: the new lines come below the last
    code, the rest stays.
    """
    interview = an_interview(["a", "b", "c", "A bit.", "e", "f", "g", "h"])
    text = PERSONS_SHEET.replace("\n", newline)
    after = sheet_edits.add_code(text, "jim.yaml", interview, interview.turn(turn), code, True)
    at = text.index(below + newline) + len(below + newline)
    assert after == text[:at] + "".join(line + newline for line in added) + text[at:]


def test_an_empty_field_becomes_a_block():
    interview = an_interview(["a", "b", "c", "A bit.", "e", "f", "g", "h"])
    after = sheet_edits.add_code(
        PERSONS_SHEET,
        "jim.yaml",
        interview,
        interview.turn("8"),
        SheetCode(INITIAL, "new", None, "", 0),
        True,
    )
    assert after == PERSONS_SHEET[:-1] + " |\n      new\n"


def test_what_cannot_be_edited_by_lines_is_refused():
    interview = an_interview(["a", "b", "c", "d", "e", "f"])
    with pytest.raises(UserError):
        sheet_edits.add_code(
            PERSONS_SHEET,
            "jim.yaml",
            interview,
            interview.turn("6"),
            SheetCode(INITIAL, "new", None, "", 0),
            True,
        )


def test_an_indented_list_gets_an_indented_entry():
    interview = an_interview(["a", "b", "c", "d"])
    after = sheet_edits.add_code(
        "  - turn: 2\n    codes: |\n      x\n",
        "jim.yaml",
        interview,
        interview.turn("4"),
        SheetCode(INITIAL, "new", None, "", 0),
        False,
    )
    assert after == (
        "  - turn: 2\n    codes: |\n      x\n\n"
        "  - turn: 4\n    speaker: P\n    codes: |\n      new\n"
    )


def test_a_remark_behind_a_block_stays():
    after = codebook.define(
        "- code: a\n  definition: |  # keep me\n    old\n    text\n  parked: b\n",
        "a",
        {"definition": "new"},
    )
    assert after == "- code: a\n  definition: new  # keep me\n  parked: b\n"


def test_an_entry_for_a_turn_comes_where_the_transcript_has_it():
    interview = an_interview(["a", "b", "c", "d"])
    text = "- turn: 4\n  codes: |\n    x"
    after = sheet_edits.add_code(
        text,
        "jim.yaml",
        interview,
        interview.turn("2"),
        SheetCode(INITIAL, "new", None, "", 0),
        False,
    )
    assert after == "- turn: 2\n  speaker: P\n  codes: |\n    new\n\n- turn: 4\n  codes: |\n    x"
    after = sheet_edits.add_code(
        "",
        "jim.yaml",
        interview,
        interview.turn("3"),
        SheetCode("focused", "new", None, "", 0),
        False,
    )
    assert after == "- turn: 3\n  speaker: I\n  codes: |\n  focused: |\n    new\n"


@given(st.lists(TEXT, min_size=2, max_size=5), st.lists(TEXT, min_size=2, max_size=5))
def test_refreshing_takes_the_transcripts_words_and_keeps_the_codes(old, new):
    interview = an_interview(old)
    text = sheet_edits.new_sheet(interview, True)
    text = sheet_edits.add_code(
        text,
        "jim.yaml",
        interview,
        interview.turn("2"),
        SheetCode(INITIAL, "kept", None, "a note", 0),
        True,
    )
    corrected = an_interview(new)
    after = sheet_refresh.refresh(text, "jim.yaml", corrected, True)
    entries = {entry.turn: entry for entry in sheets.loads(after, "jim.yaml")[0]}
    assert [code[:4] for code in entries["2"].codes] == [(INITIAL, "kept", None, "a note")]
    for turn in corrected.participant_turns:
        assert entries[turn.id].words_hash == sheets.hash_words(turn.text)
    assert sheet_refresh.refresh(after, "jim.yaml", corrected, True) == after


DEFINITION = st.lists(
    st.text(CHARACTERS, min_size=1, max_size=30).map(str.strip).filter(bool), min_size=1, max_size=3
).map("\n".join)
PERSONS_BOOK = """\
# ours
- code: first   # a remark
  exclude: >-
    folded
    text

- definition: 'quoted'
  code: "why: because"
  was: |
    because
# the end"""


@given(LABELS, DEFINITION)
def test_any_definition_survives_the_code_book_and_every_other_line_stays(label, definition):
    assume(label not in ("first", "why: because", "because"))
    after = codebook.define(PERSONS_BOOK, label, {"definition": definition})
    assert after.startswith(PERSONS_BOOK)
    codes, problems = codebook.loads(after)
    assert not problems and codes[label].definition == definition
    again = codebook.define(
        after, "why: because", {"definition": definition, "include": definition}
    )
    codes, problems = codebook.loads(again)
    assert (
        not problems
        and codes["why: because"].definition == codes["why: because"].include == definition
    )
    assert again.startswith(
        "# ours\n- code: first   # a remark\n  exclude: >-\n    folded\n    text\n\n- definition: "
    )


@given(st.text(max_size=60))
def test_a_quoted_value_is_the_same_text_for_every_reader(value):
    import yaml

    assume(not any("\ud800" <= c <= "\udfff" for c in value))
    for written in (
        yamltext.inline(value),
        yamltext.quoted(value),
        yamltext.field_value(value, "    "),
    ):
        if "\r" in value and written.startswith("|"):
            continue
        assert yaml.safe_load(f"a:\n  b: {written}\n") == {"a": {"b": value}}
