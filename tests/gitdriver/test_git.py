"""In real git: what different people write merges by git's ordinary merge; what does not is told
with file and lines.
"""

from __future__ import annotations

import pytest
from conftest import FOCUSED, MEMO, STAGES, THEORY, git

from gtpipe.store.log import line


@pytest.fixture
def versioned(coded):
    """The coded study in git, everything committed, on `main`."""
    coded.ok("init", "../other")
    for name in (".gitignore", ".gitattributes"):
        coded.write(name, (coded.root.parent / "other" / name).read_text())
    git("init", "-b", "main", cwd=coded.root)
    git("add", "-A", cwd=coded.root)
    git("commit", "-m", "begin", cwd=coded.root)
    return coded


def on_branches(study, first, second):
    """Do `first` on one branch and `second` on another, commit both, merge; the merge's outcome."""
    for name, work in (("one", first), ("two", second)):
        git("checkout", "-q", "-b", name, "main", cwd=study.root)
        work()
        study.ok("run")
        git("add", "-A", cwd=study.root)
        assert git("commit", "-q", "-m", name, cwd=study.root).returncode == 0
    return git("merge", "--no-edit", "one", cwd=study.root)


def clean_after(study, merge) -> None:
    assert merge.returncode == 0, merge.stdout
    study.ok("run")
    ran = study("check")
    assert ran.code == 0 and "conflict" not in ran.out
    assert study("run").out == "".join(f"{stage}: fresh\n" for stage in STAGES)


def test_two_people_code_different_interviews(versioned):
    merge = on_branches(
        versioned,
        lambda: versioned.ok("code", "jim", "4", "one's"),
        lambda: versioned.ok("code", "eve", "2", "two's"),
    )
    clean_after(versioned, merge)
    assert {"one's", "two's"} <= {
        row.split(",")[0] for row in versioned.read("data/derived/codebook.csv").split("\n")
    }
    assert len(versioned.read("data/log.jsonl").splitlines()) == len(
        set(versioned.read("data/log.jsonl").splitlines())
    )


def test_two_people_code_neighbouring_turns(versioned):
    merge = on_branches(
        versioned,
        lambda: versioned.ok("code", "jim", "2", "one's"),
        lambda: versioned.ok("code", "jim", "4", "two's"),
    )
    clean_after(versioned, merge)
    sheet = versioned.read("data/initial-codes/jim.yaml")
    assert "    one's\n" in sheet and "    two's\n" in sheet


def test_one_codes_a_turn_the_other_adds_an_interview(versioned):
    def ingest() -> None:
        versioned.write("data/sources/zoe.txt", "I: So?\n\nP: Fine.\n")
        versioned.ok("ingest")
        versioned.ok("initial-code")

    merge = on_branches(versioned, lambda: versioned.ok("code", "jim", "2", "one's"), ingest)
    clean_after(versioned, merge)


def test_one_redefines_a_focused_code_the_other_adds_a_relation_and_a_memo(versioned):
    for path, text in (
        ("data/focused-codes.yaml", FOCUSED),
        ("data/theory.yaml", THEORY),
        ("data/memos/2026-03-21-paid-to-be-nice.md", MEMO),
    ):
        versioned.write(path, text)
    versioned.ok("run")
    git("add", "-A", cwd=versioned.root)
    git("commit", "-m", "a theory", cwd=versioned.root)

    def redefine() -> None:
        versioned.write(
            "data/focused-codes.yaml", FOCUSED.replace("a start that nobody", "a start somebody")
        )
        versioned.ok("codes", "focused", "take-up", "minding the money", "it went from there")

    def relate() -> None:
        versioned.write(
            "data/theory.yaml",
            THEORY.replace(
                "negative-cases:",
                "- from: keeping hours\n  kind: limits\n  to: easy beginnings\n\nnegative-cases:",
            ),
        )
        versioned.ok("memo", "new", "On limits", "--about", "keeping hours")

    merge = on_branches(versioned, redefine, relate)
    clean_after(versioned, merge)
    theory = versioned.read("data/derived/theory.md")
    assert (
        "### keeping hours limits easy beginnings" in theory
        and "a start somebody arranged" in theory
    )


def test_two_people_code_the_same_turn_and_the_markers_are_told(versioned):
    merge = on_branches(
        versioned,
        lambda: versioned.ok("code", "jim", "4", "one's"),
        lambda: versioned.ok("code", "jim", "4", "two's"),
    )
    assert merge.returncode == 1
    sheet = versioned.read("data/initial-codes/jim.yaml").split("\n")
    lines = [n for n, text in enumerate(sheet, 1) if text[:7] in ("<<<<<<<", "=======", ">>>>>>>")]
    ran = versioned("check")
    assert ran.code == 1
    assert (
        f"data/initial-codes/jim.yaml:{lines[0]}: a merge left conflict markers here, "
        f"at lines {', '.join(map(str, lines))}" in ran.out
    )
    assert versioned("initial-code").code == 1


def test_one_code_more_is_one_line_in_git_diff(versioned):
    versioned.ok("code", "jim", "4", "one more")
    versioned.ok("run")
    stat = git(
        "diff", "--numstat", "data/initial-codes", "data/codebook.yaml", cwd=versioned.root
    ).stdout
    assert stat == "1\t0\tdata/initial-codes/jim.yaml\n"


def test_a_run_leaves_a_committed_study_as_it_is(versioned):
    versioned.ok("run")
    assert git("status", "--porcelain", cwd=versioned.root).stdout == ""


def test_a_line_of_the_log_stands_for_itself():
    assert line("x", "PM", "ошибка", [("data/a", None, "0" * 12)]).count("\n") == 1
