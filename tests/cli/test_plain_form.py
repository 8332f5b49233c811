"""Coding in a real terminal: type, complete, go back, take
back, stop, resume; an editor open beside it loses nothing.
"""

from __future__ import annotations

import re
from functools import partial

import pexpect
import pytest

CTRL_B, CTRL_C, CTRL_D, CTRL_G = "\x02", "\x03", "\x04", "\x07"
CTRL_T, CTRL_U, CTRL_Z = "\x14", "\x15", "\x1a"


@pytest.fixture
def sit(study, terminal):
    """Start `gtpipe code --plain …` in a terminal."""
    return partial(terminal, study, "code", "--plain")


def type_in(desk: pexpect.spawn, text: str) -> None:
    desk.expect("code>")
    desk.send(text)


def test_coding_turn_by_turn_stop_and_resume(study, sit):
    desk = sit("jim")
    desk.expect("jim 2")
    desk.expect("So how did you get started")
    desk.expect("met him around the ward")
    desk.expect("No code yet")
    type_in(desk, "meeting by chance\r")
    desk.expect("· meeting by chance")
    type_in(desk, 'easy beginnings <- "met him around the ward"\r')
    desk.expect("· easy beginnings")
    type_in(desk, "\r")
    desk.expect("jim 4")
    type_in(desk, CTRL_D)
    desk.expect("Stopped at jim 4")
    desk.expect(pexpect.EOF)
    desk.wait()
    assert desk.exitstatus == 0
    assert (
        '    meeting by chance\n    easy beginnings <- "met him around the ward"\n'
        in study.read("data/initial-codes/jim.yaml")
    )

    desk = sit("jim")
    desk.expect("jim 4")
    type_in(desk, CTRL_B)
    desk.expect("jim 2")
    desk.expect("easy beginnings")
    type_in(desk, "\r")
    desk.expect("jim 4")
    type_in(desk, "last one\r")
    desk.expect("· last one")
    type_in(desk, "\r")
    desk.expect("That was the last turn of jim")
    desk.expect(pexpect.EOF)
    assert "    last one\n" in study.read("data/initial-codes/jim.yaml")


def test_a_note_with_a_code_and_a_code_taken_back(study, sit):
    desk = sit("jim")
    type_in(desk, "noted" + CTRL_T)
    desk.expect("note>")
    desk.send("why so?\r")
    desk.expect("· noted")
    type_in(desk, "wrong\r")
    desk.expect("· wrong")
    type_in(desk, CTRL_Z)
    desk.expect("taken back")
    type_in(desk, "late\r")
    desk.expect("· late")
    type_in(desk, CTRL_T)
    desk.expect("note>")
    desk.send("after all\r")
    desk.expect("· late.*after all")
    type_in(desk, "ends here" + CTRL_Z)
    desk.expect("taken back")
    desk.send(CTRL_U + CTRL_D)
    desk.expect(pexpect.EOF)
    sheet = study.read("data/initial-codes/jim.yaml")
    assert "    noted\n      why so?\n" in sheet and "wrong" not in sheet and "late" not in sheet


def test_what_an_editor_saved_in_between_is_kept(study, sit):
    desk = sit("jim")
    desk.expect("code>")
    sheet = study.read("data/initial-codes/jim.yaml")
    study.write("data/initial-codes/jim.yaml", sheet.replace("# [3]", "# my remark\n# [3]"))
    desk.send("typed at the desk\r")
    desk.expect("· typed at the desk")
    after = study.read("data/initial-codes/jim.yaml")
    assert "# my remark\n" in after and "    typed at the desk\n" in after
    study.write("data/initial-codes/jim.yaml", after + "- broken:\n\tx\n")
    desk.send("refused\r")
    desk.expect("a tab")
    desk.expect("code>.*refused")  # what was not written stands there still
    desk.send("\x03")
    desk.expect("Stopped")
    desk.expect(pexpect.EOF)
    desk.wait()
    assert desk.exitstatus == 130
    assert study.read("data/initial-codes/jim.yaml") == after + "- broken:\n\tx\n"


def test_labels_of_the_study_are_completed(study, sit):
    study.ok("code", "eve", "2", "meeting without an appointment")
    desk = sit("jim")
    desk.expect("code>")
    desk.send("appoint")
    desk.expect("meeting without an appointment")
    desk.send("\t\r")
    desk.expect("· meeting without an appointment")
    type_in(desk, CTRL_D)
    desk.expect(pexpect.EOF)
    assert "    meeting without an appointment\n" in study.read("data/initial-codes/jim.yaml")


def test_a_bad_line_is_told_and_nothing_written(study, sit):
    before = study.read("data/initial-codes/jim.yaml")
    desk = sit("jim")
    type_in(desk, "x <- no quotes\r")
    desk.expect("must stand in quotation marks")
    type_in(desk, CTRL_U + 'x <- "not said"\r')
    desk.expect("Turn 2 of [a-z]* does not contain")
    type_in(desk, CTRL_U + CTRL_D)
    desk.expect(pexpect.EOF)
    assert study.read("data/initial-codes/jim.yaml") == before


def seen(desk: pexpect.spawn) -> str:
    """What stood on the screen before the next prompt."""
    desk.expect("code>")
    return re.sub(r"\x1b\[[0-9;?]*[A-Za-z]|\r", "", desk.before)


def ended(desk: pexpect.spawn) -> int:
    desk.expect(pexpect.EOF)
    desk.close()
    return desk.exitstatus


def test_it_says_whose_sheet_it_writes(study, sit):
    desk = sit("jim", "--by", "kr")
    assert seen(desk).lstrip().startswith("data/initial-codes/jim.KR.yaml (KR)\n")
    desk.send("easy\r")
    desk.expect("· easy")
    type_in(desk, CTRL_D)
    assert ended(desk) == 0
    assert "    easy\n" in study.read("data/initial-codes/jim.KR.yaml")
    assert "easy" not in study.read("data/initial-codes/jim.yaml")


def test_a_question_mark_is_help_and_with_a_space_before_it_a_code(study, sit):
    desk = sit("jim")
    type_in(desk, "?\r")
    desk.expect_exact("g 7, ^G   go to a turn, by its number")
    type_in(desk, " ?\r")
    desk.expect_exact("· ?")
    type_in(desk, CTRL_D)
    assert ended(desk) == 0
    assert "    ?\n" in study.read("data/initial-codes/jim.yaml")


def test_the_keys_fit_the_terminal(study, sit):
    study.write("in/a-long-name-for-a-focus-group.txt", "I: So?\n\nP: We met, then.\n")
    study.ok("ingest", "in/a-long-name-for-a-focus-group.txt")
    for name, keys in (
        ("jim", "2 · 1/2 · ? help · s suggest · ^G go to · ^T note · ^Z undo · ^D stop"),
        ("a-long-name-for-a-focus-group", "2 · 1/1 · ? help · ^D stop"),
    ):
        desk = sit(name, PROMPT_TOOLKIT_NO_CPR="")
        desk.expect_exact("\x1b[6n")  # where is the cursor?
        desk.send("\x1b[9;1R")
        desk.expect_exact(f"{name} {keys}")
        desk.send(CTRL_D)


def test_a_turn_is_gone_to_by_its_number(study, sit):
    desk = sit("jim")
    type_in(desk, "half typed" + CTRL_G)
    desk.expect("turn>")
    desk.send("4\r")
    assert "jim 4 (turn 4 of 4)" in seen(desk)
    desk.send("\r")  # what was half typed stands there still
    desk.expect("· half typed")
    for typed, told in (
        ("99", "No turn 99 in jim. It has turns 1 to 4"),
        ("3", "Turn 3 is the interviewer's. To code it: gtpipe code jim 3 LABEL"),
    ):
        type_in(desk, CTRL_G)
        desk.expect("turn>")
        desk.send(f"{typed}\r")
        desk.expect_exact(told)
    type_in(desk, CTRL_G)
    desk.expect("turn>")
    desk.send(CTRL_D)  # stays
    type_in(desk, CTRL_D)
    desk.expect("Stopped at jim 4")
    assert ended(desk) == 0
    assert study.read("data/initial-codes/jim.yaml").endswith("  codes: |\n    half typed\n")


def test_a_code_taken_back_at_another_turn_shows_that_turn_without_it(study, sit):
    desk = sit("jim")
    type_in(desk, "first\r")
    type_in(desk, "second\r")
    type_in(desk, "\r")
    desk.expect("jim 4")
    type_in(desk, CTRL_Z)
    desk.expect_exact('"second" is taken back.')
    desk.expect_exact("jim 2 (turn 2 of 4)")
    desk.expect("met him around the ward")
    desk.expect_exact("· first")
    assert "second" not in seen(desk)
    desk.send("third\r")
    desk.expect("· third")
    type_in(desk, CTRL_D)
    desk.expect("Stopped at jim 2")
    sheet = study.read("data/initial-codes/jim.yaml")
    assert "    first\n    third\n" in sheet and sheet.endswith("  codes: |\n")


def test_a_note_that_cannot_be_written_leaves_the_code_and_its_earlier_note(study, sit):
    desk = sit("jim")
    type_in(desk, "kept" + CTRL_T)
    desk.expect("note>")
    desk.send("why so?\r")
    desk.expect("· kept")
    type_in(desk, CTRL_T)
    desk.expect_exact("why so?")
    desk.send("\x11\x01\r")  # Ctrl-Q takes the next key as it is
    desk.expect("control character")
    type_in(desk, CTRL_D)
    assert ended(desk) == 0
    assert "    kept\n      why so?\n" in study.read("data/initial-codes/jim.yaml")


@pytest.mark.parametrize(
    "keys", ["half typed", "typed" + CTRL_T + "a note", CTRL_G + "4"], ids=["code", "note", "turn"]
)
def test_ctrl_c_stops_with_130_and_what_was_entered_is_kept(study, sit, keys):
    desk = sit("jim")
    type_in(desk, "entered\r")
    desk.expect("· entered")
    type_in(desk, keys)
    desk.expect_exact(keys[-1])
    desk.send(CTRL_C)
    desk.expect_exact(
        "Stopped at jim 2; what you entered is kept. `gtpipe code jim` goes on there."
    )
    assert ended(desk) == 130
    sheet = study.read("data/initial-codes/jim.yaml")
    assert "  codes: |\n    entered\n\n" in sheet and "typed" not in sheet


def test_one_turn_is_shown_without_a_terminal(coded):
    assert (
        coded.ok("code", "jim", "2")
        == """\
jim 2 (turn 2 of 4)
  I: So how did you get started?

  P: Well, er, I met him around the ward (laugh)
  and it went from there.

  · meeting around the ward (PM)
  · it went from there <- (PM)
      passive? ask again
"""
    )


def test_the_clauses_of_a_turn_are_offered_behind_the_arrow(study, sit):
    desk = sit("jim")
    type_in(desk, "beginning well <- met")
    desk.expect("I met him around the ward")
    desk.send("\t")
    desk.send("\r")
    desk.expect("· beginning well")
    assert 'beginning well <- "I met him around the ward' in study.read(
        "data/initial-codes/jim.yaml"
    )
    desk.sendcontrol("g")
    desk.expect("turn>")
    desk.send("2-4\r")
    desk.expect("jim 2-4")
    type_in(desk, "going on\r")
    desk.expect("· going on")
    assert "- turns: 2-4\n  codes: |\n    going on\n" in study.read("data/initial-codes/jim.yaml")
