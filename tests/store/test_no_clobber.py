"""Nothing loses or changes what a person wrote: no stage, no crash, no full disk, no second
process, no editor.
"""

from __future__ import annotations

import json
import os
import random
import shutil
import time

import pytest
from conftest import command, hashes, limited, start

from gtpipe.model.problems import UserError
from gtpipe.store import placing, transaction, user_state
from gtpipe.store.layout import Study
from gtpipe.store.transaction import FileChange, LogEntry

KILLS = 20

FILE = {"temporary": None, "target": "data/x.yaml", "before": None, "after": None}


def leftovers(root) -> list[str]:
    return [
        str(p) for p in root.rglob("*") if p.name.endswith(".gtpipe-tmp") or "unfinished" in p.name
    ]


def test_run_leaves_every_file_of_a_person_alone(analysed):
    before = hashes(analysed.root, people_only=True)
    for stage in (
        "run",
        "initial-code",
        "focused-code",
        "theoretical-code",
        "memo",
        "status",
        "check",
    ):
        analysed.ok(stage)
    assert hashes(analysed.root, people_only=True) == before


def test_run_killed_at_any_moment_leaves_every_file_of_a_person_alone(analysed):
    """And the next run ends where an undisturbed one does."""
    coded = analysed
    done = hashes(coded.root / "data/derived")
    before = hashes(coded.root, people_only=True)
    random.seed(2)
    took = None
    for _ in range(KILLS):
        for page in (coded.root / "data/derived").rglob("*.*"):
            page.unlink()
        began = time.monotonic()
        process = start("run", cwd=coded.root)
        process.join(took and random.uniform(0, took))
        took = took or time.monotonic() - began
        process.kill()
        process.join()
        assert hashes(coded.root, people_only=True) == before
    coded.ok("run")
    assert hashes(coded.root / "data/derived") == done
    assert hashes(coded.root, people_only=True) == before
    assert leftovers(coded.root) == []


def test_ingest_killed_at_any_moment_is_all_or_none(empty):
    for n in range(12):
        empty.write(f"in/p{n}.txt", f"I: So {n}?\n\nP: Yes {n}.\n" * 40)
    files = [f"in/p{n}.txt" for n in range(12)]
    random.seed(3)
    for _ in range(KILLS // 2):
        process = start("ingest", *files, cwd=empty.root)
        time.sleep(random.uniform(0, 0.2))
        process.kill()
        process.join()
        empty("memo")  # any next command that changes files finishes or forgets
        made = {p.name for p in (empty.root / "data/transcripts").glob("*.md")}
        assert len(made) in (0, 12)
        assert leftovers(empty.root) == [] or not made
    empty.ok("ingest", *files)
    assert leftovers(empty.root) == []
    assert empty.read("data/participants.csv") == "participant\n" + "".join(
        f"p{n}\n" for n in range(12)
    )
    assert len(empty.read("data/log.jsonl").splitlines()) == 1


def test_a_merge_of_codes_killed_at_any_moment_is_the_old_study_or_the_new(empty):
    """Over 100 sheets, at moments spread over the whole command, every second while the files are
    put in place.

    (`test_kill` goes through a merge of few sheets step by step.)
    """
    for n in range(100):
        empty.write(
            f"data/transcripts/p{n}.md",
            f"---\ndate: 2026-03-02\nspeakers: {{P: p{n}}}\n---\n\n[1] P: words\n",
        )
        empty.write(
            f"data/initial-codes/p{n}.yaml",
            "- turn: 1\n  codes: |\n    one\n      # note\n    other\n",
        )
    empty.write("data/participants.csv", "participant\n" + "".join(f"p{n}\n" for n in range(100)))
    empty.ok("status")
    merge = ("codes", "merge", "one", "--into", "two", "--why", "x")
    old = hashes(empty.root, people_only=True)
    shutil.copytree(empty.root, empty.root.parent / "kept")
    began = time.monotonic()
    start(*merge, cwd=empty.root).join()
    took = time.monotonic() - began
    new = hashes(empty.root, people_only=True)
    ends = set()
    for n in range(KILLS // 3):
        shutil.rmtree(empty.root)
        shutil.copytree(empty.root.parent / "kept", empty.root)
        process = start(*merge, cwd=empty.root)
        if n % 2:
            while not (empty.root / transaction.UNFINISHED).exists() and process.is_alive():
                pass
        else:
            time.sleep(took * 3 * (n + 1) / KILLS)
        process.kill()
        process.join()
        empty.ok("ingest")  # changes files, so it finishes or forgets
        now = {
            path: digest
            for path, digest in hashes(empty.root, people_only=True).items()
            if not path.endswith(placing.TEMPORARY)
        }
        assert now in (old, new)
        ends.add(now == new)
    empty.ok("initial-code")
    assert leftovers(empty.root) == []
    assert ends == {True, False}


def unfinished(
    root, files: list[tuple[str, bytes | None, bytes | None]], log: dict, **more
) -> dict:
    """A record of an unfinished change, signed by this user; of each file the new content lies
    beside it, where there is some.
    """
    plan: dict = {"files": [], "log": log}
    for n, (path, before, after) in enumerate(files):
        temporary = (
            None if after is None else f"{os.path.dirname(path)}/.{n:016x}{placing.TEMPORARY}"
        )
        plan["files"].append(
            {
                "temporary": temporary,
                "target": path,
                **{
                    what: None if content is None else transaction.digest(content)
                    for what, content in (("before", before), ("after", after))
                },
            }
        )
        if temporary:
            (root / temporary).write_bytes(after)
    plan |= more
    plan["signed"] = user_state.sign(Study(root), json.dumps(plan, sort_keys=True).encode())
    (root / transaction.UNFINISHED).write_text(json.dumps(plan))
    return plan


@pytest.mark.parametrize(
    "moment", ["after the journal", "in the log", "between the files", "after the files"]
)
def test_a_change_cut_off_half_way_is_finished_by_the_next_command_that_changes_files(
    coded, moment
):
    """The journal stands: what it says is done, once; a half line of the log is written anew."""
    root = coded.root
    study = Study(root)
    old = (root / "data/codebook.yaml").read_bytes()
    sheet = (root / "data/initial-codes/jim.yaml").read_bytes()
    log = (root / "data/log.jsonl").read_bytes()
    changes = [
        FileChange("data/codebook.yaml", old, old + b"\n- code: new\n"),
        FileChange("data/initial-codes/jim.yaml", sheet, sheet + b"# remark\n"),
    ]
    with transaction.locked(study):
        transaction.commit(study, changes, LogEntry("a change", "PM"))
    line = (root / "data/log.jsonl").read_bytes()[len(log) :]
    # Put things back as the kill would have left them.
    plan = unfinished(
        root,
        [(c.path, c.before, c.after) for c in changes],
        {"size": len(log), "line": line.decode()},
    )
    for change, file in zip(changes, plan["files"], strict=True):
        if moment == "after the files":
            os.unlink(root / file["temporary"])
        else:
            (root / change.path).write_bytes(change.before)
    if moment == "between the files":
        os.replace(root / plan["files"][0]["temporary"], root / plan["files"][0]["target"])
    (root / "data/log.jsonl").write_bytes(
        log + {"after the journal": b"", "in the log": line[:9]}.get(moment, line)
    )
    before = coded.hashes()
    ran = coded("status")
    assert (
        "note: a change stands here that a command could not finish" in ran.err
        and "`gtpipe run`" in ran.err
    )
    assert coded.hashes() == before
    coded.ok("focused-code")
    assert [(root / c.path).read_bytes() for c in changes] == [c.after for c in changes]
    assert (root / "data/log.jsonl").read_bytes() == log + line
    assert leftovers(root) == []


def test_a_file_edited_after_a_crash_keeps_the_persons_version(coded):
    log = coded.read("data/log.jsonl")
    unfinished(
        coded.root, [("data/codebook.yaml", b"before", b"gtpipe's")], {"size": 0, "line": "{}\n"}
    )
    mine = coded.read("data/codebook.yaml")
    ran = coded("run")
    assert ran.code == 1 and "your version stands" in ran.err
    assert coded.read("data/codebook.yaml") == mine
    assert coded.read("data/codebook.yaml.gtpipe-new") == "gtpipe's"
    assert coded.read("data/log.jsonl") == log + "{}\n"
    assert coded("run").code == 0


def test_a_change_whose_new_content_is_gone_is_told(coded):
    mine = coded.read("data/codebook.yaml")
    plan = unfinished(
        coded.root, [("data/codebook.yaml", mine.encode(), b"new")], {"size": 0, "line": "{}\n"}
    )
    (coded.root / plan["files"][0]["temporary"]).unlink()
    ran = coded("run")
    assert ran.code == 1 and "what it was to write here is gone" in ran.err
    assert coded.read("data/codebook.yaml") == mine and coded("run").code == 0


@pytest.mark.parametrize(
    "content",
    [
        "{}",
        "garbage",
        "[]",
        '{"files": [{}], "log": {"size": 0, "line": ""}}',
        "[" * 3000,
        '"\\ud800"',
        '{"files": [], "log": {"size": -1, "line": ""}}',
        '{"files": "abc", "log": {"size": 0, "line": ""}}',
        *(
            json.dumps({"files": [FILE | odd], "log": {"size": 0, "line": ""}})
            for odd in ({"before": 1}, {"target": None}, {"more": ""}, {"temporary": ["a"]})
        ),
        json.dumps({"files": [FILE], "log": {"size": True, "line": ""}}),
        json.dumps({"files": [FILE], "log": {"size": 0, "line": None}}),
        json.dumps({"files": [FILE], "log": {"size": 0, "line": ""}, "more": 1}),
    ],
)
def test_a_damaged_record_of_a_change_is_told(coded, content):
    """By a command that changes files, as an error; by one that looks, as a note."""
    coded.write(transaction.UNFINISHED, content)
    ran = coded("run")
    assert ran.code == 1
    assert ran.err == (
        f"{transaction.UNFINISHED}: the record of an unfinished change is damaged. Compare data/ "
        "with git, then remove this file.\n"
    )
    ran = coded("check")
    assert ran.code == 0 and f"{transaction.UNFINISHED}: note: a change stands here" in ran.err


def test_a_save_while_the_new_content_is_written_is_kept(coded, monkeypatch):
    """An editor saves after the first look and before the files are replaced: nothing is
    overwritten.
    """
    sheet = coded.root / "data/initial-codes/jim.yaml"
    make = placing.make

    def make_and_save(path, *arguments, **more):
        make(path, *arguments, **more)
        if path.parent == sheet.parent:
            sheet.write_bytes(sheet.read_bytes() + b"# saved meanwhile\n")

    monkeypatch.setattr(placing, "make", make_and_save)
    ran = coded("code", "jim", "2", "late")
    assert ran.code == 1 and "changed while the command ran" in ran.err
    assert sheet.read_text().endswith("# saved meanwhile\n") and "late" not in sheet.read_text()
    assert leftovers(coded.root) == []


def test_a_study_reached_through_a_link_is_written_all_the_same(coded, tmp_path):
    (tmp_path / "deep/er").mkdir(parents=True)
    link = tmp_path / "deep/er/link"
    link.symlink_to(coded.root)
    assert coded("code", "jim", "2", "through the link", cwd=link).code == 0
    assert "through the link" in coded.read("data/initial-codes/jim.yaml")


@pytest.mark.parametrize("size", [0, 100, 700, 3000])
def test_a_full_disk_leaves_everything_as_it_was(analysed, size):
    coded = analysed
    coded.write("in/zoe.txt", "I: So?\n\nP: " + "Fine. " * 300 + "\n")
    for arguments in (
        ("code", "jim", "4", "new", "--note", "n" * 800),
        ("codes", "define", "noticing the pay", "d" * 900),
        ("codes", "focused", "add", "new", "--because", "b" * 900),
        ("memo", "new", "T"),
        ("ingest", "in/zoe.txt"),
        ("run",),
    ):
        before = hashes(coded.root, people_only=True)
        log = coded.read("data/log.jsonl")
        for page in (
            *(coded.root / "data/derived").rglob("*.csv"),
            *(coded.root / "data/derived").rglob("*.md"),
        ):
            page.unlink()
        ran = command(*arguments, cwd=coded.root, before=limited(size))
        if ran.returncode:
            assert ran.returncode == 1 and "Traceback" not in ran.stderr, ran.stderr
            assert hashes(coded.root, people_only=True) == before
            assert coded.read("data/log.jsonl") == log
            assert leftovers(coded.root) == []
    coded.ok("run")
    assert coded("check").code == 0


def test_a_file_changed_while_a_command_ran_is_not_overwritten(coded):
    study = Study(coded.root)
    read = (coded.root / "data/codebook.yaml").read_bytes()
    coded.write("data/codebook.yaml", read + b"\n# typed meanwhile\n")
    before = coded.hashes()
    with transaction.locked(study), pytest.raises(UserError, match="changed while the command ran"):
        transaction.commit(
            study, [FileChange("data/codebook.yaml", read, b"gtpipe's")], LogEntry("x", "PM")
        )
    assert coded.hashes() == before


def test_two_processes_at_once_lose_no_code(coded):
    processes = [start("code", "jim", "2", f"code {n}", cwd=coded.root) for n in range(8)]
    for process in processes:
        process.join()
    assert [process.exitcode for process in processes] == [0] * 8
    sheet = coded.read("data/initial-codes/jim.yaml")
    assert all(f"    code {n}\n" in sheet for n in range(8))
    assert len(coded.read("data/log.jsonl").splitlines()) == len(
        {*coded.read("data/log.jsonl").splitlines()}
    )


def test_another_interview_of_the_same_name_that_came_in_meanwhile_is_an_error(empty, monkeypatch):
    """Between reading and writing, somebody else ingests other words under the same name: told,
    exit 1, theirs stand.
    """
    from gtpipe.cli import main
    from gtpipe.commands import ingest

    empty.write("in/jim.txt", "I: So?\nP: Mine.\n")
    empty.write("other/jim.txt", "I: So?\nP: Theirs.\n")
    plan = ingest.plan
    theirs = []

    def plan_then_somebody_else(*arguments):
        made = plan(*arguments)
        if not theirs:
            theirs.append(True)
            assert main(["ingest", "other/jim.txt"]) == 0
        return made

    monkeypatch.setattr(ingest, "plan", plan_then_somebody_else)
    ran = empty("ingest", "in/jim.txt")
    assert ran.code == 1 and "was ingested before, from other content" in ran.err
    assert "Theirs." in empty.read("data/transcripts/jim.md")


def test_a_second_writer_waits_and_is_told(coded, monkeypatch):
    monkeypatch.setattr(transaction, "LOCK_SECONDS", 0.1)
    with transaction.locked(Study(coded.root)):
        ran = coded("code", "jim", "2", "x")
    assert ran.code == 1 and "another gtpipe is writing" in ran.err


def test_a_sheet_that_is_a_link_to_another_place_in_the_study_stays_one(coded):
    shared = coded.root / "data/shared/jim.yaml"
    shared.parent.mkdir()
    sheet = coded.root / "data/initial-codes/jim.yaml"
    sheet.rename(shared)
    sheet.symlink_to("../shared/jim.yaml")
    coded.ok("code", "jim", "2", "linked")
    assert sheet.is_symlink() and "    linked\n" in shared.read_text()


def test_permissions_of_a_sheet_are_kept(coded):
    sheet = coded.root / "data/initial-codes/jim.yaml"
    sheet.chmod(0o600)
    coded.ok("code", "jim", "2", "private")
    assert sheet.stat().st_mode & 0o777 == 0o600


def test_a_code_that_stands_already_is_not_written_twice(coded):
    before = coded.hashes()
    assert "stands there already" in coded.ok("code", "jim", "4", "noticing the pay")
    assert coded.hashes() == before


def test_the_log_says_what_changed_and_never_the_words(coded):
    coded.ok(
        "code",
        "jim",
        "2",
        "x",
        "--words",
        "met him around",
        "--note",
        "secret thought",
        "--why",
        "second look",
    )
    entry = json.loads(coded.read("data/log.jsonl").splitlines()[-1])
    assert entry["command"] == "code jim 2 x --words … --note …"
    assert (entry["by"], entry["why"]) == ("PM", "second look")
    ((before, after),) = entry["files"].values()
    assert len(before) == len(after) == 12 and before != after
    assert "met him" not in json.dumps(entry) and "secret" not in json.dumps(entry)
