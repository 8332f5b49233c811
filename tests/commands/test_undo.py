"""`gtpipe undo`: the last changing command is taken back, where its files still stand as it left
them.
"""

from __future__ import annotations

import io
import json
import shutil
from contextlib import chdir, redirect_stderr, redirect_stdout

import pytest
from conftest import copied, git, hashes
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from gtpipe.cli import main

RENAME = ("codes", "rename", "meeting around the ward", "bumping into", "--why", "shorter")
LAST = "codes rename 'meeting around the ward' 'bumping into'"


def people(study) -> dict[str, str]:
    return hashes(study.root, people_only=True)


def kept_with(study, *texts: str) -> str:
    """Where the one kept file that holds all of `texts` is."""
    (path,) = (
        path
        for path in (study.root / ".gtpipe/before").iterdir()
        if all(text in path.read_text() for text in texts)
    )
    return path.relative_to(study.root).as_posix()


def test_the_last_change_is_taken_back_in_every_file_and_logged(analysed):
    before = people(analysed)
    log = analysed.read("data/log.jsonl")
    analysed.ok(*RENAME)
    assert people(analysed) != before
    ran = analysed("undo", "--why", "too early")
    day = json.loads(analysed.read("data/log.jsonl").splitlines()[-1])["when"][:10]
    assert (ran.code, ran.out) == (0, f"taken back: {LAST} ({day}, PM): 4 files\n")
    assert ran.err == "Noted under PM. Next: `gtpipe run`; `gtpipe undo --redo` brings it back.\n"
    assert people(analysed) == before
    renamed, undone = map(
        json.loads, analysed.read("data/log.jsonl").removeprefix(log).splitlines()
    )
    assert (undone["command"], undone["by"], undone["why"]) == (f"undo: {LAST}", "PM", "too early")
    assert undone["files"] == {
        path: [after, before] for path, (before, after) in renamed["files"].items()
    }
    assert analysed("check").code == 0


def test_undo_after_undo_goes_further_back_and_redo_brings_the_last_one_back(coded):
    states = [people(coded)]
    for turn, label in (("2", "one"), ("4", "two"), ("4", "three")):
        coded.ok("code", "jim", turn, label)
        states.append(people(coded))
    for state in states[-2::-1]:
        coded.ok("undo")
        assert people(coded) == state
    for state in states[1:]:
        coded.ok("undo", "--redo")
        assert people(coded) == state
    ran = coded("undo", "--redo")
    assert ran.code == 1 and ran.err == (
        "data/log.jsonl: nothing was taken back that could be brought back. "
        "`gtpipe undo --list` shows what can be taken back.\n"
    )
    coded.ok("undo")
    assert people(coded) == states[-2]


def test_what_a_command_made_goes_and_what_it_removed_comes_back(coded):
    before = people(coded)
    coded.write("in/zoe.txt", "I: And?\n\nP: I kept the keys.\n")
    coded.ok("ingest", "in/zoe.txt")
    after = people(coded)
    coded.ok("undo")
    assert people(coded) == before and not (coded.root / "data/transcripts/zoe.md").exists()
    coded.ok("undo", "--redo")
    assert people(coded) == after


def test_a_file_edited_since_is_not_touched_and_nothing_else_either(analysed):
    analysed.ok(*RENAME)
    analysed.write("data/codebook.yaml", analysed.read("data/codebook.yaml") + "# mine\n")
    before = analysed.hashes()
    ran = analysed("undo")
    assert ran.code == 1 and ran.err == (
        f"data/codebook.yaml: this file changed since, so `{LAST}` cannot be taken back. "
        "Put the file back as it was then with git, or go on by hand; "
        f"what it held before is in {kept_with(analysed, 'meeting around the ward', '- code:')}.\n"
    )
    (analysed.root / "data/theory.yaml").rename(analysed.root / "away")
    assert analysed("undo").code == 1
    (analysed.root / "away").rename(analysed.root / "data/theory.yaml")
    assert analysed.hashes() == before


def test_a_dry_run_shows_the_lines_and_writes_nothing(coded):
    coded.ok("code", "jim", "4", "x")
    before = coded.hashes()
    ran = coded("undo", "--dry-run")
    assert (ran.code, ran.err) == (0, "Nothing was written.\n")
    assert [line for line in ran.out.splitlines() if line[0] in "+-"] == [
        "--- data/initial-codes/jim.yaml",
        "+++ data/initial-codes/jim.yaml",
        "-    x",
    ]
    assert coded.hashes() == before


def test_the_list_says_what_can_be_taken_back_and_why_the_rest_cannot(coded):
    coded.ok("code", "jim", "2", "one")
    coded.ok("codes", "define", "one", "a number")
    coded.ok("code", "eve", "4", "two")
    coded.ok("undo")
    coded.write("data/codebook.yaml", coded.read("data/codebook.yaml") + "# mine\n")
    listed = json.loads(coded.ok("undo", "--list", "--format", "json"))
    waiting = len(listed) - 2
    assert [(row["by"], row["command"], row["state"]) for row in listed[:3]] == [
        ("PM", "code eve 4 two", "taken back; `gtpipe undo --redo` brings it back"),
        (
            "PM",
            "codes define one",
            "no: data/codebook.yaml: this file changed since, so `codes define one` "
            f"cannot be taken back; {waiting} earlier changes wait behind it",
        ),
        ("PM", "code jim 2 one", "waits"),
    ]
    assert [row["state"] for row in listed[2:]] == ["waits"] * waiting
    coded.write("data/codebook.yaml", coded.read("data/codebook.yaml").removesuffix("# mine\n"))
    listed = json.loads(coded.ok("undo", "--list", "--format", "json"))
    assert [row["state"] for row in listed[1:3]] == ["can be taken back"] * 2
    assert listed[-1]["command"] == "ingest jim.txt" and listed[-1]["state"] == "can be taken back"


def test_what_git_holds_is_taken_from_there_where_this_computer_kept_nothing(coded):
    git("init", "-q", cwd=coded.root)
    git("add", "-A", cwd=coded.root)
    git("commit", "-qm", "x", cwd=coded.root)
    before = people(coded)
    coded.ok("code", "jim", "2", "one")
    shutil.rmtree(coded.root / ".gtpipe")
    coded.ok("undo")
    assert people(coded) == before


def test_what_is_kept_nowhere_is_told(coded):
    coded.ok("code", "jim", "2", "one")
    kept = coded.root / ".gtpipe/before"
    before = coded.hashes()
    for damage in ("changed", "gone"):
        for path in kept.iterdir():
            path.write_bytes(b"poison") if damage == "changed" else path.unlink()
        ran = coded("undo")
        assert ran.code == 1 and ran.err.startswith(
            "data/initial-codes/jim.yaml: what this file was before `code jim 2 one` "
            "is kept neither here nor in git. "
        )
    assert coded.hashes() == before


def test_the_files_before_are_private_and_only_of_the_last_twenty_changes(coded):
    for number in range(25):
        coded.ok("code", "jim", "2", f"code {number}")
    kept = list((coded.root / ".gtpipe/before").iterdir())
    assert len(kept) == 20 and {path.stat().st_mode & 0o777 for path in kept} == {0o600}
    for _ in range(20):
        coded.ok("undo")
    assert coded("undo").code == 1


def test_a_private_file_that_comes_back_is_private_still(coded):
    coded.write("in/zoe.txt", "I: And?\n\nP: Nobody knows.\n").chmod(0o600)
    coded.ok("ingest", "in/zoe.txt")
    coded.ok("undo")
    coded.ok("undo", "--redo")
    assert (coded.root / "data/transcripts/zoe.md").stat().st_mode & 0o777 == 0o600


def test_a_log_that_came_with_a_study_cannot_make_undo_reach_outside(coded, tmp_path):
    (tmp_path / "outside").write_text("precious")
    for path in ("../outside", "/etc/hostname", ".git/config", "data/../../outside"):
        coded.write(
            "data/log.jsonl",
            json.dumps(
                {"when": "", "command": "x", "by": "", "why": "", "files": {path: [None, "0" * 12]}}
            )
            + "\n",
        )
        ran = coded("undo")
        assert (
            ran.code == 1 and f"it names {path}, which is none of the study's own files" in ran.err
        )
    assert (tmp_path / "outside").read_text() == "precious"


def test_the_beginning_of_a_study_is_not_taken_back(tmp_path, empty):
    empty.ok("init", str(tmp_path / "new"), "--researcher", "PM: Pat Morgan")
    ran = empty("undo", cwd=tmp_path / "new")
    assert ran.code == 1 and "the study began with `init`, which cannot be taken back" in ran.err
    assert (tmp_path / "new/pipeline.yaml").exists()


def test_a_study_without_a_log_says_so(empty):
    ran = empty("undo")
    assert (ran.code, ran.err) == (
        1,
        "data/log.jsonl: the log names no change that could be taken back.\n",
    )
    assert empty("undo", "--list").err == "No change in the log yet.\n"


@pytest.mark.parametrize(
    "given", [("--list", "--redo"), ("--list", "--dry-run"), ("--list", "--why", "w")]
)
def test_the_list_goes_by_itself(coded, given):
    assert coded("undo", *given).code == 2


def test_what_was_taken_back_cannot_come_back_once_its_file_has_changed(coded):
    coded.ok("codes", "define", "noticing the pay", "money is spoken of")
    coded.ok("undo")
    assert "taken back; `gtpipe undo --redo` brings it back" in coded.ok("undo", "--list")
    book = coded.read("data/codebook.yaml")
    coded.write("data/codebook.yaml", book + "# by hand\n")
    assert "taken back, and cannot come back as things stand: " in coded.ok("undo", "--list")
    before = people(coded)
    assert coded("undo", "--redo").code == 1 and people(coded) == before


PROSE = "The hour is theirs until somebody looks at the clock.\n"


def a_memo_with_prose(study) -> str:
    """A memo as `memo new` logs it; its path."""
    return study.ok("memo", "new", f"Hour: {PROSE.strip()}", "--about", "idea: hours").strip()


def test_a_memo_taken_back_comes_back_whatever_was_done_and_taken_back_since(coded):
    path = a_memo_with_prose(coded)
    memo = coded.read(path)
    assert PROSE.strip() in memo
    coded.ok("undo")
    assert not (coded.root / path).exists()
    coded.ok("code", "eve", "4", "other")
    coded.ok("run")
    coded.ok("undo")
    coded.ok("undo", "--redo")
    coded.ok("undo", "--redo")
    assert coded.read(path) == memo and "other" in coded.read("data/initial-codes/eve.yaml")


def test_two_undos_and_another_command_then_two_redos_bring_both_back(coded):
    path = a_memo_with_prose(coded)
    coded.ok("codes", "define", "noticing the pay", "money is spoken of")
    after = people(coded)
    coded.ok("undo")
    coded.ok("undo")
    for number in range(25):
        coded.ok("code", "jim", "2", f"code {number}")
    coded.ok("run")
    listed = json.loads(coded.ok("undo", "--list", "--format", "json"))
    assert [row["state"] for row in listed[:2]] == [
        "taken back; `gtpipe undo --redo` brings it back"
    ] * 2
    coded.ok("undo", "--redo")
    coded.ok("undo", "--redo")
    for where in (path, "data/codebook.yaml"):
        assert people(coded)[where] == after[where]


def test_what_cannot_come_back_does_not_keep_what_can_from_it_and_says_where_it_is(coded):
    path = a_memo_with_prose(coded)
    coded.ok("undo")
    coded.ok("codes", "define", "noticing the pay", "money is spoken of")
    coded.ok("undo")
    coded.write("data/codebook.yaml", coded.read("data/codebook.yaml") + "# mine\n")
    kept = kept_with(coded, "money is spoken of")
    assert kept in coded.ok("undo", "--list", "--format", "json")
    ran = coded("undo", "--redo")
    assert ran.code == 0 and (coded.root / path).exists()
    assert ran.err.startswith(
        "`codes define 'noticing the pay'` cannot come back as things stand; "
    )
    ran = coded("undo", "--redo")
    assert ran.code == 1 and ran.err == (
        "data/codebook.yaml: this file changed since, so `codes define 'noticing the pay'` cannot "
        "be brought back. Put the file back as it was then with git, or go on by hand; "
        f"what it held before is in {kept}.\n"
    )


def test_an_interview_that_was_taken_back_comes_back_later_unless_removed_by_hand(coded):
    coded.write("in/zoe.txt", "I: And?\n\nP: I kept Zelda.\n")
    coded.ok("ingest", "in/zoe.txt")
    coded.ok("undo")
    coded.ok("code", "jim", "2", "other")
    coded.ok("undo", "--redo")
    assert "Zelda" in coded.read("data/transcripts/zoe.md")
    for path in coded.root.glob("data/*/zoe.*"):
        path.unlink()
    coded.ok("run")
    assert not any(b"Zelda" in p.read_bytes() for p in (coded.root / ".gtpipe/before").iterdir())


@settings(max_examples=8, suppress_health_check=list(HealthCheck), deadline=None)
@given(st.lists(st.sampled_from(("memo", "define", "code", "undo", "redo", "run")), max_size=14))
def test_no_line_of_prose_that_stood_is_ever_lost(built, tmp_path_factory, taken):
    """Whatever is done, taken back and brought back: it stands in a file, or is kept."""
    root = copied(built / "coded", tmp_path_factory.mktemp("prose") / "study")
    stood: list[str] = []
    for number, step in enumerate(taken):
        prose = f"prose {number} ends"
        command = {
            "memo": ("memo", "new", prose, "--about", "idea: hours"),
            "define": ("codes", "define", "noticing the pay", prose),
            "code": ("code", "jim", "2", "other", "--note", prose),
            "undo": ("undo",),
            "redo": ("undo", "--redo"),
            "run": ("run",),
        }[step]
        with chdir(root), redirect_stdout(io.StringIO()), redirect_stderr(io.StringIO()):
            done = main(list(command)) == 0
        if done and step in ("memo", "define", "code"):
            stood.append(prose)
        there = b"".join(
            path.read_bytes()
            for folder in ("data", "data/memos", "data/initial-codes", ".gtpipe/before")
            for path in (root / folder).glob("*")
            if path.is_file()
        )
        assert [one for one in stood if one.encode() not in there] == []
