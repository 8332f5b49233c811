"""Coding in a real terminal: type, complete, go back, take back, stop, resume; an editor open beside it loses nothing."""

from __future__ import annotations

import sys

import pexpect
import pytest

CTRL_B, CTRL_D, CTRL_T, CTRL_U, CTRL_Z = "\x02", "\x04", "\x14", "\x15", "\x1a"


@pytest.fixture
def sit(study):
    """Start `gtpipe code …` in a terminal of 80×24."""
    desks = []

    def start(*arguments: str) -> pexpect.spawn:
        desk = pexpect.spawn(sys.executable, ["-m", "gtpipe", "code", *arguments], cwd=str(study.root), dimensions=(24, 80),
                             encoding="utf-8", timeout=20, env={"TERM": "xterm", "PROMPT_TOOLKIT_NO_CPR": "1", "PATH": "/usr/bin:/bin", "LANG": "C.UTF-8"})
        desks.append(desk)
        return desk

    yield start
    for desk in desks:
        desk.close(force=True)


def type_in(desk: pexpect.spawn, text: str) -> None:
    desk.expect("code>")
    desk.send(text)


def test_coding_turn_by_turn_stop_and_resume(study, sit):
    desk = sit("jim")
    desk.expect("jim 2")
    desk.expect("So how did you get started")
    desk.expect("met him around the ward")
    desk.expect("no code yet")
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
    assert '    meeting by chance\n    easy beginnings <- "met him around the ward"\n' in study.read("data/initial-codes/jim.yaml")

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
    desk.expect("stopped")
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
    desk.expect("does not stand in turn 2")
    type_in(desk, CTRL_U + CTRL_D)
    desk.expect(pexpect.EOF)
    assert study.read("data/initial-codes/jim.yaml") == before


def test_one_turn_is_shown_without_a_terminal(coded):
    assert coded.ok("code", "jim", "2") == """\
jim 2 (turn 2 of 4)
  I: So how did you get started?

  P: Well, er, I met him around the ward (laugh)
  and it went from there.

  · meeting around the ward (PM)
  · it went from there <- (PM)
      passive? ask again
"""
