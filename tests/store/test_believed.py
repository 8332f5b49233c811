"""A study that came from somebody else: its cache is not believed, its unfinished change not
obeyed, its links not followed.
"""

from __future__ import annotations

import json
import os
import shutil
import sqlite3
import stat

import pytest
from conftest import git
from test_no_clobber import unfinished

from gtpipe.model.problems import UserError
from gtpipe.store import placing, transaction, user_state
from gtpipe.store.layout import Study
from gtpipe.store.transaction import FileChange, LogEntry


def poison(root, old: str, new: str) -> None:
    """Have the cache say `new` where a sheet says `old`."""
    with sqlite3.connect(root / ".gtpipe/parsed.sqlite") as connection:
        connection.execute(
            "update parsed set content = replace(content, ?, ?) where kind like 'sheet%'",
            [old, new],
        )
    connection.close()


def elsewhere(coded, tmp_path):
    """The study as somebody else has it who was sent the whole folder: at another place, with its
    cache.
    """
    return coded.__class__(
        shutil.copytree(coded.root, tmp_path / "sent"), coded._capsys, coded._monkeypatch
    )


# --- the cache ------------------------------------------------------------------------------------


def test_a_cache_that_came_with_a_study_names_no_code_that_no_sheet_holds(coded, tmp_path):
    poison(coded.root, "noticing the pay", "LIAR")
    sent = elsewhere(coded, tmp_path)
    shutil.rmtree(sent.root / "data/derived")
    assert "LIAR" not in sent.ok("codes", "list") and "noticing the pay" in sent.ok("codes", "list")
    sent.ok("run")
    assert "LIAR" not in sent.read("data/derived/codebook.csv")


def test_a_command_that_changes_files_reads_the_bytes_even_where_the_cache_is_this_users_own(coded):
    poison(coded.root, "noticing the pay", "LIAR")
    before = coded.hashes()
    ran = coded("codes", "drop", "LIAR", "--why", "w")
    assert ran.code == 1 and 'No code "LIAR"' in ran.err
    assert coded.hashes() == before
    assert coded("codes", "rename", "noticing the pay", "seeing the pay", "--why", "w").code == 0
    assert "seeing the pay" in coded.read("data/initial-codes/jim.yaml")


def test_a_cache_is_believed_again_after_the_first_command_and_only_there(coded, tmp_path):
    sent = elsewhere(coded, tmp_path)
    assert "not run on this computer yet" in sent.ok("status")
    sent.ok("run")
    assert "initial-code: fresh" in sent.ok("run")
    moved = sent.__class__(sent.root.rename(tmp_path / "moved"), coded._capsys, coded._monkeypatch)
    assert "not run on this computer yet" in moved.ok("status")


def test_what_is_made_anew_in_the_cache_is_removed_and_never_what_a_link_leads_to(coded, tmp_path):
    for name in ("outside", "folder/outside"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text("precious")
    sent = elsewhere(coded, tmp_path)
    for name, target in (
        ("state.json", "outside"),
        ("parsed.sqlite", "outside"),
        ("before", "folder"),
        ("coding.json", "outside"),
    ):
        path = sent.root / ".gtpipe" / name
        if path.is_dir():
            shutil.rmtree(path)
        path.unlink(missing_ok=True)
        path.symlink_to(tmp_path / target)
    (sent.root / ".gtpipe/lock").unlink()
    (sent.root / ".gtpipe/lock").symlink_to(tmp_path / "outside")
    sent.ok("codes", "list")
    sent.ok("code", "jim", "2", "x")
    sent.ok("run")
    assert (
        (tmp_path / "outside").read_text()
        == (tmp_path / "folder/outside").read_text()
        == "precious"
    )
    assert not [path for path in (sent.root / ".gtpipe").rglob("*") if path.is_symlink()]


def test_without_a_place_for_this_users_state_everything_works_and_nothing_is_believed(
    coded, monkeypatch
):
    coded.write("file", "")
    monkeypatch.setenv("GTPIPE_STATE_HOME", str(coded.root / "file/no"))
    coded.ok("code", "jim", "2", "x")
    coded.ok("run")
    assert "not run on this computer yet" in coded.ok("status")
    coded.ok("check")


def test_this_users_state_holds_no_words_and_is_theirs_alone(coded, tmp_path, monkeypatch):
    home = tmp_path / "state"
    monkeypatch.setenv("GTPIPE_STATE_HOME", str(home))
    coded.ok("run")
    coded.ok("code", "jim", "2", "x")
    held = {path.relative_to(home).as_posix(): path for path in home.rglob("*") if path.is_file()}
    assert len(held) == 2 and len(held.pop("key").read_bytes()) == 32
    ((name, path),) = held.items()
    assert (
        len(name) == len("studies/") + 64
        and path.read_text() == (coded.root / ".gtpipe/id").read_text()
    )
    assert {stat.S_IMODE(path.stat().st_mode) for path in (home, home / "studies")} == {0o700}
    assert {stat.S_IMODE(path.stat().st_mode) for path in (home / "key", path)} == {0o600}


@pytest.mark.parametrize("goes_through", [True, False])
def test_words_of_an_interview_that_was_removed_do_not_stay_in_the_cache_after_the_next_run(
    coded, goes_through
):
    """Nor where the run stops at an error in another file."""
    coded.write("in/zoe.txt", "I: And?\n\nP: My daughter Zelda left in March.\n")
    coded.ok("ingest", "in/zoe.txt")
    coded.ok("initial-code")
    coded.ok(
        "code", "zoe", "2", "mother", "--words", "daughter Zelda left", "--note", "Zelda is real"
    )
    coded.ok("run")

    def keeping() -> list[str]:
        return [
            path.name
            for path in (coded.root / ".gtpipe").rglob("*")
            if path.is_file() and b"Zelda" in path.read_bytes()
        ]

    assert (
        "parsed.sqlite" in keeping() and len(keeping()) == 2
    )  # and what the sheet was before the code
    for path in coded.root.glob("data/*/zoe.*"):
        path.unlink()
    if not goes_through:
        coded.write("data/codebook.yaml", "- code: x\n  definition: why: because\n")
    assert coded("run").code == (0 if goes_through else 1)
    assert keeping() == []


def test_words_taken_out_of_a_note_do_not_stay_in_what_is_parsed(coded):
    coded.ok("code", "jim", "2", "x", "--note", "Zelda is real")
    coded.ok("run")
    sheet = "data/initial-codes/jim.yaml"
    coded.write(sheet, coded.read(sheet).replace("Zelda is real", "she is real"))
    coded.ok("run")
    assert b"Zelda" not in (coded.root / ".gtpipe/parsed.sqlite").read_bytes()


@pytest.mark.parametrize(
    "content",
    [
        "[" * 3000,
        '{"initial-code": ' + "[" * 3000,
        '{"initial-code": {"version": "1", "inputs": {"a": []}, "outputs": {}}}',
        '{"initial-code": {"version": "\\ud800", "inputs": {}, "outputs": {}}}',
        "[1]",
        '{"x": 1}',
    ],
)
def test_whatever_stands_in_the_record_of_freshness_a_run_makes_it_anew(coded, content):
    for name in ("state.json", "coding.json"):
        coded.write(f".gtpipe/{name}", content)
    coded.ok("status")
    coded.ok("run")
    assert "initial-code: fresh" in coded.ok("run")


# --- an unfinished change -------------------------------------------------------------------------


LOG = {"size": 0, "line": ""}
NOT_YOURS = (
    "this record of an unfinished change was not made by you, in this folder on this computer, "
    "and is not obeyed"
)
STRANGE = (
    "this record of an unfinished change is about {}, which is none of the study's own files, "
    "and is not obeyed"
)


def refused(coded, why: str) -> None:
    """Nothing is done but told: by a command that changes files as an error, by one that looks as a
    note.
    """
    before = coded.hashes()
    ran = coded("run")
    assert (ran.code, ran.err) == (
        1,
        f"{transaction.UNFINISHED}: {why}. Compare data/ with git, then remove this file.\n",
    )
    ran = coded("status")
    assert ran.code == 0 and ran.err.startswith(
        f"{transaction.UNFINISHED}: note: a change stands here"
    )
    assert coded.hashes() == before


def test_an_unfinished_change_that_nobody_signed_here_is_not_obeyed(coded):
    plan = unfinished(
        coded.root,
        [("data/codebook.yaml", (coded.root / "data/codebook.yaml").read_bytes(), b"")],
        LOG,
    )
    del plan["signed"]
    for signed in ({}, {"signed": "0" * 64}, {"signed": None}, {"signed": "\u00e9"}):
        coded.write(transaction.UNFINISHED, json.dumps({**plan, **signed}))
        refused(coded, NOT_YOURS)


def test_an_unfinished_change_of_the_same_study_in_another_folder_is_not_obeyed(coded, tmp_path):
    unfinished(
        coded.root,
        [("data/codebook.yaml", (coded.root / "data/codebook.yaml").read_bytes(), b"")],
        LOG,
    )
    refused(elsewhere(coded, tmp_path), NOT_YOURS)


def test_an_unfinished_change_that_git_tracks_is_not_obeyed(coded):
    git("init", "-q", cwd=coded.root)
    unfinished(
        coded.root,
        [("data/codebook.yaml", (coded.root / "data/codebook.yaml").read_bytes(), b"")],
        LOG,
    )
    git("add", "-f", transaction.UNFINISHED, cwd=coded.root)
    refused(coded, "this record of an unfinished change came with git, and is not obeyed")


@pytest.mark.parametrize(
    "target",
    [
        ".git/hooks/post-commit",
        "../outside",
        "data/../../outside",
        "data/.git/config",
        "/tmp/outside",
        "data/linked/outside",
        "data//x",
        "in/jim.txt",
    ],
)
def test_an_unfinished_change_of_anything_but_the_studys_own_files_is_not_obeyed(
    coded, tmp_path, target
):
    (coded.root / "data/linked").symlink_to(tmp_path)
    plan = unfinished(coded.root, [("data/x", None, b"code")], LOG)
    plan["files"][0] |= {
        "target": target,
        "temporary": f"{os.path.dirname(target)}/{os.path.basename(plan['files'][0]['temporary'])}",
    }
    unsigned = {name: plan[name] for name in ("files", "log")}
    signed = user_state.sign(Study(coded.root), json.dumps(unsigned, sort_keys=True).encode())
    coded.write(transaction.UNFINISHED, json.dumps({**unsigned, "signed": signed}))
    refused(coded, STRANGE.format(target))
    assert not (tmp_path / "outside").exists()


@pytest.mark.parametrize(
    "temporary", ["data/x", "data/.x.gtpipe-tmp", ".0000000000000000.gtpipe-tmp", None]
)
def test_an_unfinished_change_whose_new_content_is_not_a_temporary_file_of_gtpipe_is_not_obeyed(
    coded, temporary
):
    plan = {
        "files": [
            {
                "temporary": temporary,
                "target": "data/codebook.yaml",
                "before": None,
                "after": "0" * 12,
            }
        ],
        "log": LOG,
    }
    signed = user_state.sign(Study(coded.root), json.dumps(plan, sort_keys=True).encode())
    coded.write(transaction.UNFINISHED, json.dumps({**plan, "signed": signed}))
    refused(coded, STRANGE.format("data/codebook.yaml"))


def test_an_unfinished_change_that_is_a_link_is_not_obeyed(coded, tmp_path):
    unfinished(coded.root, [("data/codebook.yaml", b"", b"")], LOG)
    (coded.root / transaction.UNFINISHED).rename(tmp_path / "journal")
    (coded.root / transaction.UNFINISHED).symlink_to(tmp_path / "journal")
    refused(coded, "the record of an unfinished change is damaged")


# --- links and new files --------------------------------------------------------------------------


@pytest.mark.parametrize(
    "name",
    [
        ".pipeline.yaml.gtpipe-tmp",
        ".0123456789abcdef.gtpipe-tmp",
        ".gtpipe/.state.json.gtpipe-tmp",
        "data/initial-codes/.jim.yaml.gtpipe-tmp",
        "data/.gtpipe-unfinished.json.gtpipe-tmp",
        "data/derived/.codebook.csv.gtpipe-tmp",
    ],
)
def test_a_link_under_the_name_of_a_temporary_file_is_not_written_through(coded, tmp_path, name):
    (tmp_path / "outside").write_text("precious")
    (coded.root / name).symlink_to(tmp_path / "outside")
    coded.write("in/bo.txt", "Dan: hi?\n\nAnn: yes well.\n")
    coded.ok("ingest", "in/bo.txt", "--interviewer", "Dan", "--participant", "Ann")
    coded.ok("code", "jim", "2", "x")
    coded.ok("run")
    assert (tmp_path / "outside").read_text() == "precious"
    assert not (coded.root / "pipeline.yaml").is_symlink()


@pytest.mark.parametrize(
    "folder", [".gtpipe", "data", "data/derived", "data/derived/compare", "data/ingested"]
)
def test_a_folder_of_the_pipeline_that_is_a_link_is_told_and_nothing_elsewhere_is_touched(
    coded, tmp_path, folder
):
    out = tmp_path / "out"
    (coded.root / folder).rename(out)
    (coded.root / folder).symlink_to(out)
    for name in ("state.json", "parsed.sqlite", "theory.md", "diary-2026.md"):
        (out / name).write_text("mine")
    coded.write("in/bo.txt", "I: hi?\n\nP: yes well.\n")
    held = {path: path.read_bytes() for path in sorted(out.rglob("*")) if path.is_file()}
    for command in (("ingest", "in/bo.txt"), ("run",)):
        ran = coded(*command)
        if command[0] == "run" if folder.startswith("data/derived") else command[0] == "ingest":
            assert (
                ran.code == 1
                and f"{folder}: this must be a folder of the study's own, and is a link. "
                in ran.err
            )
    coded("status"), coded("check")
    now = {path: path.read_bytes() for path in sorted(out.rglob("*")) if path.is_file()}
    assert now == held


def test_a_log_that_is_a_link_is_told_and_nothing_is_written(coded, tmp_path):
    log = coded.root / "data/log.jsonl"
    log.rename(tmp_path / "log")
    log.symlink_to(tmp_path / "log")
    held = (tmp_path / "log").read_bytes()
    ran = coded("code", "jim", "2", "x")
    assert (
        ran.code == 1
        and "data/log.jsonl: this must be a file, and is a link. Put the file itself in its place."
        in ran.err
    )
    assert (tmp_path / "log").read_bytes() == held and "    x\n" not in coded.read(
        "data/initial-codes/jim.yaml"
    )


@pytest.mark.parametrize("what", ["data/initial-codes/jim.yaml", "data/initial-codes"])
def test_a_sheet_that_is_a_link_to_outside_the_study_is_told_and_not_written_through(
    coded, tmp_path, what
):
    (coded.root / what).rename(tmp_path / "there")
    (coded.root / what).symlink_to(tmp_path / "there")
    before = coded.hashes()
    ran = coded("code", "jim", "2", "x")
    assert ran.code == 1
    assert (
        f"{what}: this link leads out of the study's own files, and nothing is written through it. "
        "Put the f" in ran.err
    )
    assert coded.hashes() == before


def test_of_what_lies_among_the_pages_only_those_that_gtpipe_wrote_are_removed(coded):
    """Whoever keeps a diary there, under a name that looks like a page's, keeps it."""
    mine = coded.write("data/derived/compare/diary-2026.md", "# Diary\n")
    stale = list((coded.root / "data/derived/compare").glob("noticing-the-pay-*.md"))
    shutil.rmtree(coded.root / ".gtpipe")
    coded.ok("codes", "rename", "noticing the pay", "seeing the pay", "--why", "w")
    coded.ok("run")
    assert mine.read_text() == "# Diary\n" and len(stale) == 1 and not stale[0].exists()


def test_only_stray_temporary_files_of_gtpipes_own_are_cleared_away(coded, tmp_path):
    stray = coded.write("data/memos/.0123456789abcdef.gtpipe-tmp", "half")
    theirs = [
        coded.write(name, "mine")
        for name in (
            "data/.notes.gtpipe-tmp",
            "data/.0123456789ABCDEF.gtpipe-tmp",
            "data/memos/x.gtpipe-tmp",
        )
    ]
    (tmp_path / "memos").mkdir()
    (tmp_path / "memos/.0123456789abcdef.gtpipe-tmp").write_text("elsewhere")
    (coded.root / "data/elsewhere").symlink_to(tmp_path / "memos")
    coded.ok("code", "jim", "2", "x")
    assert not stray.exists() and all(path.exists() for path in theirs)
    assert (tmp_path / "memos/.0123456789abcdef.gtpipe-tmp").exists()


def test_a_file_with_the_longest_name_a_disk_takes_is_written(tmp_path):
    place = tmp_path / ("x" * 255)
    placing.replace(place, b"words")
    assert place.read_bytes() == b"words"


def test_a_source_with_a_long_name_is_ingested_and_coded_or_the_name_is_told(coded):
    name = "x" * 240
    coded.write(f"in/{name}.txt", "I: So?\n\nP: More.\n")
    ran = coded("ingest", f"in/{name}.txt")
    assert (
        ran.code == 1
        and "the name of this file is too long. Rename the file, or give it --as NAME" in ran.err
    )
    name = "x" * 210
    coded.write(f"in/{name}.txt", "I: So?\n\nP: More.\n")
    coded.ok("ingest", f"in/{name}.txt")
    coded.ok("run")
    coded.ok("code", name[:120], "2", "long")
    assert (
        len(
            [
                path
                for path in (coded.root / "data/initial-codes").iterdir()
                if "    long\n" in path.read_text()
            ]
        )
        == 1
    )
    coded.write(f"in/{name}.txt", "I: So?\n\nP: Much more.\n")
    coded.ok("ingest", "--correct", f"in/{name}.txt")


def test_a_name_too_long_for_a_file_is_told_before_anything_is_written(coded):
    path = f"data/{'y' * 256}"
    before = coded.hashes()
    with transaction.locked(Study(coded.root)), pytest.raises(UserError) as told:
        transaction.commit(
            Study(coded.root),
            [FileChange("data/x", None, b"1"), FileChange(path, None, b"2")],
            LogEntry("x", "PM"),
        )
    assert [(problem.path, problem.what) for problem in told.value.problems] == [
        (path, "this name is too long for a file")
    ]
    assert coded.hashes() == before


def test_a_private_source_is_private_in_its_copy_its_transcript_and_its_sheet(coded):
    source = coded.write("in/zoe.txt", "I: And?\n\nP: Nobody knows.\n")
    source.chmod(0o600)
    coded.write("in/bo.txt", "I: And?\n\nP: All know.\n").chmod(0o644)
    coded.ok("ingest", "in/zoe.txt", "in/bo.txt")
    coded.ok("initial-code")
    modes = {
        path: stat.S_IMODE((coded.root / "data" / path).stat().st_mode)
        for path in (
            "sources/zoe.txt",
            "transcripts/zoe.md",
            "initial-codes/zoe.yaml",
            "sources/bo.txt",
            "transcripts/bo.md",
            "initial-codes/bo.yaml",
        )
    }
    mask = os.umask(0)
    os.umask(mask)
    assert list(modes.values()) == [0o600] * 3 + [0o644 & ~mask] * 3
    coded.ok("code", "zoe", "2", "x", "--by", "KR")
    assert stat.S_IMODE((coded.root / "data/initial-codes/zoe.KR.yaml").stat().st_mode) == 0o600


# --- the log --------------------------------------------------------------------------------------


def test_damaged_lines_of_the_log_are_told_with_their_place_and_left_out(coded):
    log = coded.read("data/log.jsonl")
    bad = [
        "<<<<<<< HEAD",
        '{"broken',
        "=======",
        ">>>>>>> theirs",
        "[" * 3000,
        '{"when": "\\ud800"}',
        "[]",
        '{"command": 1}',
        '{"when": "", "command": "code jim 2 x", "by": "", "why": "", "files": {"a": 1}}',
    ]
    coded.write("data/log.jsonl", "\n".join(bad) + "\n" + log)
    ran = coded("check")
    told = [line for line in ran.out.splitlines() if line.startswith("data/log.jsonl")]
    conflict = (
        "a merge left conflict markers here, at lines 1, 3, 4. "
        "Keep what belongs, remove the marker lines, then `git add` the file."
    )
    damaged = (
        "this line of the log is damaged. "
        "Bring it back from git, or remove it: no file depends on it."
    )
    assert ran.code == 1 and told == [
        f"data/log.jsonl:{number}: {conflict if number == 1 else damaged}"
        for number in range(1, 10)
        if number not in (3, 4)
    ]
    for command in (
        ("trace", "noticing the pay"),
        ("status",),
        ("undo", "--list"),
        ("run",),
        ("codes", "park", "noticing the pay", "--why", "w"),
    ):
        assert coded(*command).code == 0


def test_a_line_added_behind_a_half_one_is_a_line_of_its_own(coded):
    coded.write("data/log.jsonl", coded.read("data/log.jsonl") + '{"broken')
    coded.ok("code", "jim", "2", "x")
    half, whole = coded.read("data/log.jsonl").splitlines()[-2:]
    assert half == '{"broken' and json.loads(whole)["command"] == "code jim 2 x"


@pytest.mark.parametrize(
    "path", ["data/codebook.yaml", "data/participants.csv", "data/log.jsonl", ".gtpipe/id"]
)
def test_what_would_be_read_for_ever_is_not_read(coded, path):
    """A link to a device, or a pipe that nobody writes to."""
    for make in (lambda place: place.symlink_to("/dev/zero"), os.mkfifo):
        (coded.root / path).unlink()
        make(coded.root / path)
        ran = coded("check")
        assert ran.code == (0 if path.startswith(".gtpipe") else 1)
        assert (
            path.startswith(".gtpipe")
            or f"{path}: this must be a file, and is something else. Move it away."
            in ran.out + ran.err
        )
