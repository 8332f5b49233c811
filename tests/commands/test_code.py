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


def test_an_interviewers_turn_that_is_coded_stands_in_the_sheet_once(study):
    """The entry takes the place of the comment that showed its words, and undo gives it back; a
    comment that somebody went on writing stays."""
    path = "data/initial-codes/jim.yaml"
    before = study.read(path)
    assert before.count("# [3] I: And then?\n") == 1
    study.ok("code", "jim", "3", "asking on")
    entry = "- turn: 3\n  speaker: I\n  text: |-\n    And then?\n  codes: |\n    asking on\n"
    assert study.read(path) == before.replace("# [3] I: And then?\n", entry)
    study.ok("undo")
    assert study.read(path) == before
    remarked = before.replace("# [3] I: And then?\n", "# [3] I: And then?\n# why here?\n")
    study.write(path, remarked)
    study.ok("code", "jim", "3", "asking on")
    after = study.read(path)
    assert "# [3] I: And then?\n" in after and "# why here?\n" in after
