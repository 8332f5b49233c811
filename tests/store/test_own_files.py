"""Which files are the study's own, and what is kept of them in the cache."""

from __future__ import annotations

import errno
import gc
import os
import shutil

import pytest
from test_believed import elsewhere

from gtpipe.model.problems import UserError
from gtpipe.store.layout import Study
from gtpipe.store.own_files import check_folder, is_own


@pytest.mark.parametrize(
    ("path", "own"),
    [
        ("data/codebook.yaml", True),
        ("data/initial-codes/jim.yaml", True),
        ("pipeline.yaml", True),
        ("data", False),
        ("data/", False),
        ("data/../x", False),
        ("../data/x", False),
        ("/data/x", False),
        ("data//x", False),
        ("data/.git/config", False),
        ("data/a/.GIT/hooks/x", False),
        ("data/a\0b", False),
        ("gtpipe/x.py", False),
        (".git/config", False),
        ("", False),
    ],
)
def test_gtpipe_writes_under_data_and_its_settings_and_nowhere_else(path, own):
    assert is_own(path) is own


def test_what_a_stage_made_elsewhere_is_not_believed_here(coded, tmp_path):
    """A record of freshness that came with the folder is somebody else's word."""
    sent = elsewhere(coded, tmp_path)
    assert (sent.root / ".gtpipe/state.json").exists()
    assert "initial-code     missing: not run on this computer yet" in sent.ok("status")


def test_a_command_that_only_looks_keeps_what_it_parsed_in_a_new_clone(coded):
    shutil.rmtree(coded.root / ".gtpipe")
    coded.ok("check")
    assert (coded.root / ".gtpipe/parsed.sqlite").exists()


@pytest.mark.skipif(not os.path.isdir("/proc/self/fd"), reason="no list of open files here")
def test_a_sitting_of_many_commands_leaves_no_file_of_the_study_open(coded):
    """Also before anything looks for rubbish: the desk looks at the files again after each act."""
    gc.disable()
    try:
        for command in ("codes list", "code jim 2 x", "status", "undo", "check", "run"):
            coded.ok(*command.split())
        links = [f"/proc/self/fd/{each}" for each in os.listdir("/proc/self/fd")]
        held = [os.readlink(each) for each in links if os.path.lexists(each)]
    finally:
        gc.enable()
    assert not [each for each in held if str(coded.root) in each]


def test_on_a_disk_without_links_the_state_of_this_user_is_kept_all_the_same(
    coded, tmp_path, monkeypatch
):
    def refuse(*_: object) -> None:
        raise OSError(errno.EPERM, "no links here")

    monkeypatch.setenv("GTPIPE_STATE_HOME", str(tmp_path / "state"))
    monkeypatch.setattr(os, "link", refuse)
    coded.ok("code", "jim", "2", "drifting")
    coded.ok("run")
    assert [path.name for path in (tmp_path / "state").iterdir() if path.is_file()] == ["key"]
    assert "initial-code     fresh" in coded.ok("status")


def test_what_files_held_before_goes_with_the_lines_of_the_log_that_could_take_it_back(coded):
    coded.ok("codes", "define", "noticing the pay", "a secret")
    coded.ok("codes", "define", "noticing the pay", "no secret")
    kept = coded.root / ".gtpipe/before"
    assert any(b"a secret" in path.read_bytes() for path in kept.iterdir())
    coded.ok("run")
    assert any(b"a secret" in path.read_bytes() for path in kept.iterdir())
    (coded.root / "data/log.jsonl").unlink()
    coded.ok("run")
    assert list(kept.iterdir()) == []


@pytest.mark.parametrize("path", ["data/derived", "data/initial-codes", "data/memos/x.md"])
def test_a_file_in_the_place_of_a_folder_is_told_before_anything_is_written(coded, path):
    folder = path.removesuffix("/x.md")
    target = coded.root / folder
    if target.exists():
        target.rename(coded.root / "elsewhere")
    coded.write(folder, "a file")
    study = Study(coded.root)
    with pytest.raises(UserError) as refused:
        check_folder(study, path)
    (problem,) = refused.value.problems
    assert (problem.path, problem.what) == (folder, "this must be a folder, and is a file")
    target.unlink()
    check_folder(study, path)
