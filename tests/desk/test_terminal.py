"""The desk in a real terminal: code, take back, recode, edit the sheet outside, leave, resume."""

from __future__ import annotations

import io
import os
import signal
import time
from collections.abc import Callable
from functools import partial
from types import SimpleNamespace

import pexpect
import pytest
from conftest import StudyFolder

from gtpipe.desk.marks import has_utf8

SHEET = "data/initial-codes/jim.yaml"
CTRL_Q = "\x11"


@pytest.fixture
def sit(study: StudyFolder, terminal: Callable[..., pexpect.spawn]) -> Callable[..., pexpect.spawn]:
    """Start `gtpipe …` in a terminal of 100×30."""
    return partial(terminal, study, size=(30, 100), TERM="xterm-256color")


def wait_until(study: StudyFolder, line: str, *, stands: bool = True) -> None:
    """Until the sheet has the line, or has it no more."""
    until = time.monotonic() + 30
    while (line in study.read(SHEET)) != stands:
        assert time.monotonic() < until, study.read(SHEET)
        time.sleep(0.02)


def ended(desk: pexpect.spawn) -> int:
    desk.expect(pexpect.EOF)
    desk.close()
    return desk.exitstatus


def test_code_take_back_recode_edit_outside_leave_and_resume(study: StudyFolder, sit):
    desk = sit("code", "jim")
    desk.expect_exact("met him around the ward")
    desk.send("j\renduring it\r")
    wait_until(study, "    enduring it\n")
    desk.send("u")
    wait_until(study, "    enduring it\n", stands=False)
    desk.send("\rminding it\r")
    wait_until(study, "    minding it\n")
    desk.send("r")
    desk.expect_exact("in place of")
    desk.send("minding the money\r")
    wait_until(study, "    minding the money\n")
    study.write(SHEET, study.read(SHEET) + "    by hand\n")
    desk.expect_exact("changed elsewhere, and read again")
    desk.send("\rat last\r")
    wait_until(study, "    minding the money\n    by hand\n    at last\n")
    desk.send(CTRL_Q)
    assert ended(desk) == 0
    desk = sit("desk")
    desk.expect_exact("2 turns coded · turn 4")
    desk.send("uu")
    wait_until(study, "    at last\n", stands=False)
    desk.send(CTRL_Q)
    assert ended(desk) == 0


@pytest.mark.parametrize(
    "environment",
    [{"NO_COLOR": "1"}, {"LC_ALL": "de_DE.ISO-8859-1", "TERM": "vt100"}],
    ids=["colour", "UTF-8"],
)
def test_a_terminal_without(study: StudyFolder, sit, environment: dict[str, str]):
    desk = sit("review", "jim", **environment)
    desk.logfile_read = drawn = io.StringIO()
    desk.expect_exact("met him around the ward")
    desk.send("\rhere too\r")
    wait_until(study, "    here too\n")
    desk.setwinsize(24, 60)
    desk.send("\rin a small one\r")
    wait_until(study, "    in a small one\n")
    desk.send(CTRL_Q)
    assert ended(desk) == 0
    beyond = {one for one in drawn.getvalue() if not one.isascii()}
    assert bool(beyond) == ("LC_ALL" not in environment), beyond


@pytest.mark.parametrize(
    ("environment", "has"),
    [
        ({}, True),
        ({"LANG": "C"}, True),
        ({"LANG": "C", "TERM": "vt220"}, False),
        ({"LANG": "en_GB.UTF-8", "TERM": "vt220"}, True),
        ({"LANG": "en_GB.UTF-8", "LC_ALL": "de_DE.ISO-8859-1"}, False),
    ],
)
def test_whether_a_terminal_has_utf8(monkeypatch, environment: dict[str, str], has: bool):
    for name in ("LC_ALL", "LC_CTYPE", "LANG", "TERM"):
        monkeypatch.delenv(name, raising=False)
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    assert has_utf8() == has


def test_a_locale_that_is_not_there_is_what_it_says(monkeypatch):
    """Python then puts another one before it."""
    in_utf8 = SimpleNamespace(flags=SimpleNamespace(utf8_mode=1))
    monkeypatch.setattr("gtpipe.desk.marks.sys", in_utf8)
    monkeypatch.delenv("LC_ALL", raising=False)
    monkeypatch.setenv("LC_CTYPE", "C.UTF-8")
    monkeypatch.setenv("LANG", "de_DE.ISO-8859-1")
    assert not has_utf8()


def test_a_memo_goes_on_in_an_editor_and_the_desk_afterwards(study: StudyFolder, sit, tmp_path):
    editor = tmp_path / "editor"
    editor.write_text('#!/bin/sh\necho "and more" >> "$1"\n')
    editor.chmod(0o755)
    desk = sit("desk", "jim", EDITOR=str(editor))
    desk.expect_exact("met him around the ward")
    desk.send("mWhose money?\r")
    desk.expect_exact("go on in $EDITOR")
    desk.send("A thought.\x0f")
    desk.expect_exact("read again")  # what the editor wrote
    desk.send("\rafter it\r")
    wait_until(study, "    after it\n")
    desk.send(CTRL_Q)
    assert ended(desk) == 0
    (memo,) = (study.root / "data/memos").iterdir()
    assert memo.read_text().endswith("---\n\nA thought.\nand more\n")


def test_a_signal_ends_it_and_gives_the_terminal_back(sit):
    desk = sit("desk", "jim")
    desk.expect_exact("met him around the ward")
    desk.send("\rhalf a co")
    desk.expect_exact("half a co")
    os.kill(desk.pid, signal.SIGTERM)
    desk.expect_exact("\x1b[?1049l")  # out of the second screen
    assert ended(desk) in (None, 128 + signal.SIGTERM)
