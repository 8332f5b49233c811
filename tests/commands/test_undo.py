"""`gtpipe undo`: the last changing command is taken back, where its files still stand as it left
them.
"""

from __future__ import annotations

import json
import shutil

import pytest
from conftest import git, hashes

RENAME = ("codes", "rename", "meeting around the ward", "bumping into", "--why", "shorter")
LAST = "codes rename 'meeting around the ward' 'bumping into'"


def people(study) -> dict[str, str]:
    return hashes(study.root, people_only=True)


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
        "`gtpipe undo --list` shows what can be taken back.\n"
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
    assert [(row["by"], row["command"], row["state"]) for row in listed[:3]] == [
        ("PM", "code eve 4 two", "taken back; `gtpipe undo --redo` brings it back"),
        (
            "PM",
            "codes define one",
            "no: data/codebook.yaml: this file changed since, so `codes define one` "
            "cannot be taken back",
        ),
        ("PM", "code jim 2 one", "no: `codes define one` comes first, and cannot be taken back"),
    ]
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
    assert "taken back, for good: " in coded.ok("undo", "--list")
    before = people(coded)
    assert coded("undo", "--redo").code == 1 and people(coded) == before
