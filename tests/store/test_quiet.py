"""Nothing outside a study's folder holds participants' words: no file, no temporary file, no
traceback, no line of the log, no error of another file.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from conftest import ROOT

from gtpipe.cli import main
from gtpipe.readers import workplace
from gtpipe.store.layout import Study
from gtpipe.study import load

WORDS = ("it went from there", "Nobody knows where", "She just sat down")
COMMANDS = (
    ["run"],
    ["ingest", "in/zoe.txt", "--date", "2026-04-01"],
    ["ingest", "in/old.doc", "--participant", "P", "--interviewer", "I"],
    ["run"],
    ["code", "zoe", "2", "not knowing", "--words", "Nobody knows where"],
    ["code", "jim", "2", "x", "--words", "it came from there"],
    ["codes", "rename", "not knowing", "unknowing", "--why", "shorter"],
    ["undo"],
    ["compare", "noticing the pay"],
    ["find", "nobody"],
    ["suggest", "jim", "2"],
    ["quotes", "chapter.md"],
    ["quotes", "--insert", "noticing the pay"],
    ["report"],
    ["report", "--format", "docx", "--output", "study.docx"],
    ["report", "--format", "xlsx", "--output", "study.xlsx"],
    ["figure", "theory", "--output", "theory.pdf"],
    ["figure", "theory", "--output", "theory.png"],
    ["git", "setup"],
    ["diff"],
    ["history"],
    ["check"],
    ["ethics"],
    ["status"],
)

# Every file that Python opens for writing, every folder that it makes, and each database.
WATCHED = """
import json, os, sys
from pathlib import Path
written = []
def watch(event, arguments):
    if event == "open" and isinstance(arguments[0], (str, bytes)):
        name, mode, flags = arguments
        if (mode and set(mode) & set("wax+")) or (flags or 0) & (os.O_WRONLY | os.O_RDWR):
            written.append(os.path.abspath(os.fsdecode(name)))
    elif event in ("os.mkdir", "sqlite3.connect"):
        name = os.fsdecode(arguments[0]).removeprefix("file:").partition("?")[0]
        written.append(os.path.abspath(name))
sys.addaudithook(watch)
from gtpipe.cli import main
for command in json.loads(sys.argv[1]):
    main(command)
Path(sys.argv[2]).write_text(json.dumps(written))
"""


@pytest.fixture
def talking(analysed, tmp_path):
    analysed.write("in/zoe.txt", "I: And?\n\nP: Nobody knows where it ends.\n")
    analysed.write("in/old.doc", OLD)
    analysed.write("chapter.md", "“it went from there” (Jim), “it went from here” (Jim)\n")
    return analysed


OLD = bytes.fromhex("d0cf11e0a1b11ae1") + b"\0" * 504 + "WordDocument".encode("utf-16-le") * 99


def test_nothing_is_written_outside_the_study_but_the_state_which_holds_no_words(talking, tmp_path):
    """Also not for a moment: a program that reads old Word documents finds its copy in the
    study.
    """
    places = {name: tmp_path / name for name in ("home", "tmp", "state", "bin")}
    for place in places.values():
        place.mkdir()
    antiword = places["bin"] / "antiword"
    antiword.write_text(
        "#!/bin/sh\npwd >> \"$SEEN\"\nprintf 'I: So?\\n\\nP: Nobody knows where.\\n'\n"
    )
    antiword.chmod(0o755)
    seen, list_of_written = tmp_path / "seen", tmp_path / "written.json"
    environment = {
        "PATH": f"{places['bin']}:/usr/bin:/bin",
        "HOME": str(places["home"]),
        "TMPDIR": str(places["tmp"]),
        "GTPIPE_STATE_HOME": str(places["state"]),
        "GTPIPE_CODER": "PM",
        "PYTHONPATH": str(ROOT),
        "PYTHONDONTWRITEBYTECODE": "1",
        "SEEN": str(seen),
    }
    subprocess.run(["git", "init", "-q"], cwd=talking.root, check=True)
    ran = subprocess.run(
        [sys.executable, "-c", WATCHED, json.dumps(COMMANDS), str(list_of_written)],
        cwd=talking.root,
        env=environment,
        capture_output=True,
        text=True,
    )
    assert ran.returncode == 0 and "Traceback" not in ran.stderr, ran.stderr
    inside = (str(talking.root), str(places["state"]), os.devnull)
    written = json.loads(list_of_written.read_text())
    assert len(written) > 50
    assert [path for path in written if not path.startswith(inside)] == []
    assert seen.read_text().startswith(str(talking.root / ".gtpipe"))
    assert not [path for path in places["tmp"].rglob("*") if path.is_file()]
    assert not list((talking.root / ".gtpipe").glob("gtpipe-*"))
    held = [
        (path, words)
        for name in ("home", "tmp", "state")
        for path in places[name].rglob("*")
        if path.is_file()
        for words in (*WORDS, "jim", "Jim")
        if words.encode() in path.read_bytes()
    ]
    assert held == []
    logged = talking.read("data/log.jsonl")
    assert not any(words in logged for words in WORDS[1:])  # the first is a code as well


@pytest.mark.parametrize("full", ["", "full"])
def test_a_traceback_shows_where_and_not_what(coded, monkeypatch, full):
    """An exception may say the words that it tripped over, and so may those that led to it."""

    def broken(*arguments, **more):
        try:
            {}[WORDS[2]]
        except KeyError as exc:
            raise ValueError(f"P: {WORDS[0]}") from exc

    monkeypatch.setattr("gtpipe.analysis.participation.who", broken)
    monkeypatch.setenv("GTPIPE_TRACEBACK", full)
    ran = coded("who", "noticing the pay")
    assert ran.code == 3 and "ValueError" in ran.err and "KeyError" in ran.err
    assert "who.py" in ran.err and "in broken" in ran.err
    held = [words for words in WORDS if words in ran.err]
    assert held == ([WORDS[0], WORDS[2]] if full else [])


def test_a_module_of_ours_that_ends_too_soon_is_told_as_a_defect(coded, monkeypatch):
    """As one does that was compiled on a full disk; nothing was asked that somebody could abort."""

    def broken(*arguments, **more):
        raise EOFError("marshal data too short")

    monkeypatch.setattr("gtpipe.analysis.participation.who", broken)
    ran = coded("who", "noticing the pay")
    assert ran.code == 3 and "EOFError" in ran.err and "defect" in ran.err
    assert "in broken" in ran.err and "Aborted" not in ran.err


@pytest.mark.parametrize(
    ("path", "old", "new"),
    [
        ("data/theory.yaml", 'jim 4 "awkward"', 'jim 4 "Awkward"'),
        ("data/focused-codes.yaml", 'eve 2 "She just sat down"', 'eve 2 "she Just sat down"'),
        ("data/theory.yaml", 'eve 4 "She goes home at five"', 'eve 4 "she Goes … at five"'),
    ],
)
def test_an_error_of_another_file_does_not_quote_the_transcript(analysed, path, old, new):
    assert old in analysed.read(path)
    analysed.write(path, analysed.read(path).replace(old, new))
    ran = analysed("check")
    assert ran.code == 1 and f"{path}:" in ran.out and "does not contain" in ran.out
    interview, turn, _ = new.split(" ", 2)
    assert f"he turn has it nearly so; `gtpipe code {interview} {turn}` shows it" in ran.out
    assert not any(words in ran.out for words in ("awkward", "She just", "She goes home"))
    assert not any(words in analysed("run").err for words in ("awkward", "She just", "She goes"))


def test_at_a_command_and_for_a_sheet_the_nearest_words_are_shown(analysed):
    err = analysed("code", "jim", "4", "x", "--words", "Awkward").err
    assert 'Did you mean "awkward"?' in err
    sheet = analysed.read("data/initial-codes/eve.yaml")
    analysed.write("data/initial-codes/eve.yaml", sheet.replace('<- "She just', '<- "she just'))
    assert 'Did you mean "She just sat down"?' in analysed("check").out


def test_errors_quote_no_line_of_any_other_file(analysed):
    """Whatever file is damaged, what is said of it holds no six words of a transcript."""
    runs = set()
    corpus = load(Study(analysed.root))
    for interview in corpus.material.interviews.values():
        for turn in interview.turns:
            words = turn.text.split()
            runs |= {" ".join(words[at : at + 6]) for at in range(max(len(words) - 5, 0))}
    assert len(runs) > 5
    for path in (
        "pipeline.yaml",
        "data/participants.csv",
        "data/codebook.yaml",
        "data/focused-codes.yaml",
        "data/theory.yaml",
        "data/log.jsonl",
        "data/ethics.yaml",
        "data/schedule/v1.md",
        "data/memos/2026-03-21-paid-to-be-nice.md",
    ):
        whole = analysed.read(path) if (analysed.root / path).exists() else ""
        for damage in ("<<<<<<< a\n=======\n>>>>>>> b\n", "\t: [", '"unclosed\n', "\0"):
            analysed.write(path, damage + whole)
            for command in (["check"], ["run"], ["status"], ["who", "noticing the pay"]):
                ran = analysed(*command)
                assert not any(one in ran.err or one in ran.out for one in runs), (path, command)
        analysed.write(path, whole)


def test_a_folder_that_a_killed_command_left_goes_with_the_next(tmp_path):
    left, fresh = tmp_path / "gtpipe-old", tmp_path / "gtpipe-new"
    for place in (left, fresh):
        place.mkdir()
        (place / "source.doc").write_text("words")
    os.utime(left, (0, 0))
    with workplace.within(tmp_path), workplace.folder() as made:
        assert made.parent == tmp_path and made.stat().st_mode & 0o077 == 0
        assert not left.exists() and fresh.exists()
    assert not made.exists()


def test_a_link_in_the_place_of_the_cache_is_not_followed(tmp_path):
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "cache").symlink_to(tmp_path / "elsewhere")
    with workplace.within(tmp_path / "cache"), workplace.folder() as made:
        assert tmp_path not in made.parents


def test_main_gives_back_what_it_set(coded, monkeypatch):
    monkeypatch.chdir(coded.root)
    main(["check"])
    with workplace.folder() as made:
        assert Path(coded.root) not in made.parents
