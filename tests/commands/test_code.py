"""`gtpipe code`: the last code is taken back where nobody changed the sheet since."""

from __future__ import annotations

from gtpipe.commands.code import add_code, take_back
from gtpipe.store.layout import Study

JIM = "data/initial-codes/jim.yaml"


def test_the_last_code_is_taken_back_and_logged(coded):
    before = coded.read(JIM)
    edit = add_code(Study(coded.root), "jim", "4", "drifting")
    assert edit is not None and coded.read(JIM) != before
    assert take_back(Study(coded.root), edit, "PM")
    assert coded.read(JIM) == before
    assert "code: the last one taken back" in coded.read("data/log.jsonl").splitlines()[-1]


def test_a_sheet_that_somebody_changed_since_is_left_alone(coded):
    edit = add_code(Study(coded.root), "jim", "4", "drifting")
    assert edit is not None
    edited = coded.read(JIM) + "# mine\n"
    coded.write(JIM, edited)
    log = coded.read("data/log.jsonl")
    assert not take_back(Study(coded.root), edit, "PM")
    assert (coded.read(JIM), coded.read("data/log.jsonl")) == (edited, log)
