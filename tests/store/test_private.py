"""`privacy: private: true`: what gtpipe writes can be read by its owner alone, from its first byte.

The tests walk the folder of a study, and what commands made outside it, and look at modes.
"""

from __future__ import annotations

import os
import shutil
import stat
from pathlib import Path

import pytest
from conftest import STATE_HOME, hashes

PRIVATE = "privacy:\n  private: true\n"
COMMANDS = (
    ["ingest", "in/zoe.txt", "--date", "2026-04-01"],
    ["run"],
    ["code", "zoe", "2", "keeping quiet"],
    ["code", "zoe", "2", "keeping quiet", "--by", "KR"],
    ["codes", "define", "keeping quiet", "says nothing"],
    ["memo", "new", "Quiet", "--about", "keeping quiet"],
    ["codes", "rename", "keeping quiet", "staying quiet", "--why", "shorter"],
    ["undo"],
    ["evaluation"],
    ["sampling", "add", "somebody older", "--why", "to compare"],
    ["comments", "add", "noticing the pay", "is it one thing?"],
    ["run"],
    ["report"],
    ["report", "--format", "docx", "--output", "study.docx"],
    ["report", "--format", "xlsx", "--output", "study.xlsx"],
    ["matrix", "--by", "interview", "--format", "xlsx", "--output", "matrix.xlsx"],
    ["figure", "theory", "--output", "theory.svg"],
)


@pytest.fixture
def private(analysed):
    """A study that others could read until its settings said otherwise."""
    for path in (analysed.root, *analysed.root.rglob("*")):
        path.chmod(0o755 if path.is_dir() else 0o644)
    analysed.write("in/zoe.txt", "I: And?\n\nP: Nobody knows.\n")
    analysed.write("pipeline.yaml", analysed.read("pipeline.yaml") + PRIVATE)
    return analysed


def open_to_others(root: Path) -> list[str]:
    """What under `root` has a mode that lets somebody else read, write or enter it."""
    return [
        f"{path.relative_to(root)} {stat.S_IMODE(path.lstat().st_mode):o}"
        for path in sorted(root.rglob("*"))
        if path.lstat().st_mode & 0o077
    ]


def test_all_that_commands_write_is_their_owners_alone(private, monkeypatch):
    made: list[str] = []

    def watched(call):
        """Looks at what was made before a byte is in it."""

        def watching(path, *arguments, **more):
            done = call(path, *arguments, **more)
            if str(path).startswith(str(private.root)) and os.lstat(path).st_mode & 0o077:
                made.append(f"{path} {os.lstat(path).st_mode:o}")
            return done

        return watching

    before = {path for path in private.root.iterdir() if path.name not in ("data", ".gtpipe")}
    umask = os.umask(0)
    try:
        private.ok(*COMMANDS[0])
        monkeypatch.setattr(os, "open", watched(os.open))
        monkeypatch.setattr(os, "mkdir", watched(os.mkdir))
        for command in COMMANDS[1:]:
            private.ok(*command)
    finally:
        os.umask(umask)
    assert made == []
    theirs = {path.name for path in before - {private.root / "pipeline.yaml"}}
    found = [
        one for one in open_to_others(private.root) if one.split("/")[0].split()[0] not in theirs
    ]
    assert found == []
    assert (private.root / "study.docx").exists() and (private.root / "theory.svg").exists()


def test_the_state_folder_outside_holds_no_words_and_is_its_owners_alone(private):
    private.ok(*COMMANDS[0])
    private.ok("run")
    home = Path(STATE_HOME.name)
    assert open_to_others(home) == []
    for path in home.rglob("*"):
        if path.is_file():
            assert b"Nobody knows" not in path.read_bytes() and b"jim" not in path.read_bytes()


def test_without_the_setting_modes_are_what_they_were(analysed):
    page = analysed.root / "data/derived/theory.md"
    page.chmod(0o644)
    analysed.ok("code", "jim", "2", "x")
    analysed.ok("run")
    assert stat.S_IMODE(page.stat().st_mode) == 0o644
    mask = os.umask(0o022)
    try:
        analysed.ok("figure", "theory", "--output", "theory.svg")
        assert stat.S_IMODE((analysed.root / "theory.svg").stat().st_mode) == 0o644
    finally:
        os.umask(mask)


def test_the_command_gives_the_process_its_own_mask_back(private):
    before = os.umask(0o027)
    try:
        private.ok("check")
        assert os.umask(0o027) == 0o027
    finally:
        os.umask(before)


def test_bytes_are_the_same_private_or_not(analysed):
    analysed.ok("run")
    before = hashes(analysed.root)
    analysed.write("pipeline.yaml", analysed.read("pipeline.yaml") + PRIVATE)
    analysed.ok("run")
    after = hashes(analysed.root)
    changed = {path for path in after if before.get(path) != after[path]}
    assert changed == {"pipeline.yaml"}


def test_what_a_link_leads_to_and_what_is_elsewhere_keeps_its_mode(private, tmp_path):
    other = tmp_path / "other.txt"
    other.write_text("not of this study")
    other.chmod(0o644)
    (private.root / "data/linked.txt").symlink_to(other)
    private.ok("run")
    assert stat.S_IMODE(other.stat().st_mode) == 0o644
    assert stat.S_IMODE((private.root / "in/zoe.txt").stat().st_mode) == 0o644


def test_quotes_from_outside_keeps_what_it_read_privately(private, tmp_path):
    chapter = private.write("chapter.md", "“it went from there” (Jim)\n")
    private.ok("run")
    shutil.rmtree(private.root / ".gtpipe")
    (private.root / ".gtpipe").mkdir(mode=0o700)
    private("quotes", str(chapter), cwd=tmp_path)
    assert open_to_others(private.root / ".gtpipe") == []
