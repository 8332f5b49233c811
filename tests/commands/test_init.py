"""`gtpipe init`, finding the study, and its settings."""

from __future__ import annotations

import pytest
from conftest import PIPELINE, git

from gtpipe.model.problems import UserError
from gtpipe.store import settings


def test_a_new_study_has_settings_that_can_be_read_and_says_what_git_holds(empty, tmp_path):
    ran = empty(
        "init",
        str(tmp_path / "new"),
        "--researcher",
        "PM: Pat Morgan",
        "--name",
        "Peer support: a study",
    )
    assert ran.code == 0
    assert "Source files (data/sources/) stay out of git" in ran.err
    assert "history remembers" in ran.err
    read = settings.loads((tmp_path / "new/pipeline.yaml").read_text())
    assert read.study == "Peer support: a study"
    assert read.researchers == {"PM": "Pat Morgan"}
    assert read.sheet_text is True
    assert (read.interviewer_labels, read.participant_labels) == (("I",), ("P",))


@pytest.mark.parametrize(("choice", "ignored"), [("no-sources", True), ("everything", False)])
def test_git_holds_sources_only_when_asked(empty, tmp_path, choice, ignored):
    empty.ok("init", str(tmp_path / "new"), "--git", choice)
    new = tmp_path / "new"
    git("init", cwd=new)
    (new / "data/sources/jim.txt").write_text("I: So?\n")
    (new / "data/derived/compare").mkdir(parents=True)
    (new / "data/derived/compare/x-0000.md").write_text("x")
    status = git("status", "--porcelain", "-uall", cwd=new).stdout
    assert ("data/sources/jim.txt" not in status) is ignored
    assert "compare" not in status and ".gtpipe" not in status
    attributes = git("check-attr", "eol", "merge", "--", "data/log.jsonl", cwd=new).stdout
    assert "eol: lf" in attributes and "merge: union" in attributes


@pytest.mark.parametrize(
    ("choice", "told"), [("no-sources", "stay out of git"), ("everything", "go into git too")]
)
def test_what_git_will_hold_of_the_sources_is_said(empty, tmp_path, choice, told):
    ran = empty("init", str(tmp_path / "new"), "--git", choice)
    assert f"Source files (data/sources/) {told}" in ran.err


def test_researchers_are_named_by_name_by_initials_or_both(empty, tmp_path):
    options = [
        word for one in ("Pat Morgan", "KR", "zw: Zoe West") for word in ("--researcher", one)
    ]
    empty.ok("init", str(tmp_path / "new"), *options)
    read = settings.loads((tmp_path / "new/pipeline.yaml").read_text())
    assert read.researchers == {"PM": "Pat Morgan", "KR": "", "zw": "Zoe West"}


def test_init_leaves_what_stands_in_the_folder(empty, tmp_path):
    new = tmp_path / "new"
    new.mkdir()
    (new / ".gitignore").write_text("*.log")
    empty.ok("init", str(new))
    assert (new / ".gitignore").read_text().startswith("*.log\n\n# gtpipe")
    ran = empty("init", str(new))
    assert ran.code == 1 and "a study already" in ran.err


def test_a_wrong_choice_for_git_is_a_wrong_command_line(empty, tmp_path):
    ran = empty("init", str(tmp_path / "new"), "--git", "some")
    assert ran.code == 2 and "no-sources or everything" in ran.err
    assert not (tmp_path / "new").exists()


def test_any_command_finds_the_study_from_a_folder_inside_it(coded):
    ran = coded("status", cwd=coded.root / "data/initial-codes")
    assert ran.code == 0 and ran.out.startswith("Peer support at work")


def test_outside_a_study_the_error_says_how_to_begin(empty, tmp_path):
    ran = empty("status", cwd=tmp_path)
    assert ran.code == 1 and "gtpipe init" in ran.err


@pytest.mark.parametrize(
    ("old", "new", "line", "says"),
    [
        ("study:", "studdy:", 1, 'Did you mean "study"?'),
        ("initial-code:", "intial-code:", 10, 'Did you mean "initial-code"?'),
        ("sheet-text", "sheet_text", 10, 'Did you mean "sheet-text"?'),
        ("sheet-text: true", "sheet-text: yes please", 10, "Write `true` or `false`"),
        ("participant: [P]", "participant: [I]", 7, "interviewer and as participant"),
        ("  KR: Kit", "  PM: Kit", 4, "stand twice"),
        ("study: Peer", "study: Peer: support", 1, "a colon followed by a space"),
    ],
)
def test_a_wrong_setting_is_told_with_its_line(empty, old, new, line, says):
    empty.write("pipeline.yaml", PIPELINE.replace(old, new))
    ran = empty("status")
    assert ran.code == 1
    assert f"pipeline.yaml:{line}: " in ran.err and says in ran.err


def test_settings_of_all_five_stages_are_known():
    """A settings file as the documentation shows it is read by any version."""
    text = (
        "study: x\nstages:\n  ingest: {}\n  focused-code: {}\n  theoretical-code: {}\n  memo: {}\n"
    )
    assert settings.loads(text).study == "x"
    with pytest.raises(UserError):
        settings.loads(text.replace("memo: {}", "memo: {colour: red}"))


def test_researchers_in_brackets_are_told_and_not_read(empty):
    empty.write("pipeline.yaml", PIPELINE.replace("  PM: Pat Morgan\n  KR: Kit Rowe\n", "  [PM]\n"))
    ran = empty("status")
    assert ran.code == 1
    assert '"researchers" must be lines of `INITIALS: Full Name`' in ran.err
