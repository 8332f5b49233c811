"""Whose initials a command writes: --by, the environment, git, the only researcher; or it asks."""

from __future__ import annotations

import json
import os
import sys

import pexpect
import pytest
from conftest import hashes

WHO = (
    "pipeline.yaml: who writes? It may be PM (Pat Morgan) or KR (Kit Rowe). "
    "Add `--by KR`; to keep the answer, "
    "`git config gtpipe.coder KR`, or GTPIPE_CODER=KR where there is no git.\n"
)


@pytest.fixture
def nobody(tmp_path, monkeypatch):
    """Somebody whom nothing names: no GTPIPE_CODER, no settings of git but those of a test."""
    monkeypatch.delenv("GTPIPE_CODER")
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", str(tmp_path / "gitconfig"))
    monkeypatch.setenv("GIT_CONFIG_SYSTEM", os.devnull)
    monkeypatch.setenv("HOME", str(tmp_path))


@pytest.fixture
def clone(study, nobody):
    """The study as that person has it."""
    return study


@pytest.fixture
def git_says(clone, tmp_path):
    """Write the settings of git that this person has."""

    def write(**settings: str) -> None:
        lines = (
            f"[{name.partition('_')[0]}]\n\t{name.partition('_')[2]} = {value}\n"
            for name, value in settings.items()
        )
        (tmp_path / "gitconfig").write_text("".join(lines), encoding="utf-8")

    return write


def last_logged(study) -> dict:
    return json.loads(study.read("data/log.jsonl").splitlines()[-1])


def wrote(study, *more: str) -> str:
    """Whose initials a code goes under; '' where the command is refused, with nothing written."""
    before = study.hashes()
    ran = study("code", "jim", "2", "sitting near", *more)
    if ran.code:
        assert study.hashes() == before
        return ""
    path, _, rest = ran.out.partition(": turn 2: ")
    coder = rest.rpartition("(")[2].removesuffix(")\n")
    assert path == f"data/initial-codes/{'jim' if coder == 'PM' else f'jim.{coder}'}.yaml"
    assert last_logged(study)["by"] == coder and "    sitting near\n" in study.read(path)
    return coder


def test_what_is_typed_comes_before_the_environment_and_that_before_git(
    clone, git_says, monkeypatch
):
    git_says(gtpipe_coder="kr", user_name="Pat Morgan")
    assert (
        clone.ok("code", "jim", "2", "sitting near")
        == 'data/initial-codes/jim.KR.yaml: turn 2: "sitting near" (KR)\n'
    )
    assert (
        clone.ok("code", "jim", "2", "sitting near")
        == 'data/initial-codes/jim.KR.yaml: turn 2: "sitting near" stands there already (KR)\n'
    )
    monkeypatch.setenv("GTPIPE_CODER", "pm")
    assert (
        clone.ok("code", "jim", "2", "sitting near")
        == 'data/initial-codes/jim.yaml: turn 2: "sitting near" (PM)\n'
    )
    assert (
        clone.ok("code", "jim", "4", "sitting near", "--by", "kr")
        == 'data/initial-codes/jim.KR.yaml: turn 4: "sitting near" (KR)\n'
    )


@pytest.mark.parametrize(
    ("name", "email", "coder"),
    [
        ("Kit Rowe", "", "KR"),
        ("KIT   rowe", "kit@elsewhere.example", "KR"),
        ("k", "Lee@Example.org", "LO"),
        ("Lee Okafor", "", "LO"),
        ("Sam Lind", "sam2@example.org", "S2"),  # two of one name: the e-mail says which
        ("Sam Lind", "", ""),
        ("Kit Rowe", "lee@example.org", ""),  # somebody else's e-mail: no guess
        ("Kit", "kit", ""),
        ("", "", ""),
        ("René Faß", "", "RF"),
    ],
)
def test_git_s_user_is_the_researcher_with_that_name_or_e_mail(clone, git_says, name, email, coder):
    clone.write(
        "pipeline.yaml",
        clone.read("pipeline.yaml").replace(
            "  KR: Kit Rowe\n",
            "  KR: Kit Rowe\n  LO: Lee Okafor <lee@example.org>\n"
            "  S1: Sam Lind <sam1@example.org>\n  S2: Sam Lind <sam2@example.org>\n"
            "  RF: Rene\u0301 FASS\n",
        ),
    )
    git_says(user_name=name, user_email=email)
    assert wrote(clone) == coder


def test_this_repository_s_settings_count_those_of_the_machine_do_not(
    clone, git_says, tmp_path, monkeypatch
):
    from conftest import git

    git_says(gtpipe_coder="PM")
    assert wrote(clone) == "PM"
    git("init", "-q", cwd=clone.root)
    git("config", "gtpipe.coder", "KR", cwd=clone.root)
    assert wrote(clone) == "KR"
    git("config", "--unset", "gtpipe.coder", cwd=clone.root)
    (tmp_path / "system").write_text("[gtpipe]\n\tcoder = KR\n[user]\n\tname = Kit Rowe\n")
    monkeypatch.setenv("GIT_CONFIG_SYSTEM", str(tmp_path / "system"))
    git_says()
    assert wrote(clone) == ""


def test_a_name_of_nobody_is_an_error_that_says_where_it_came_from(clone, git_says, monkeypatch):
    git_says(gtpipe_coder="KT")
    ran = clone("code", "jim", "2", "sitting near")
    assert (ran.code, ran.out) == (1, "")
    assert (
        ran.err == 'pipeline.yaml: nobody under `researchers` has the initials "KT", '
        "which git's gtpipe.coder gives. Correct it, or add a line `KT: Full Name` there.\n"
    )
    monkeypatch.setenv("GTPIPE_CODER", "XQ")
    assert clone("code", "jim", "2", "sitting near").err == (
        'pipeline.yaml: nobody under `researchers` has the initials "XQ", '
        "which GTPIPE_CODER gives. Correct it, or add a line `XQ: Full Name` there.\n"
    )
    clone.write("pipeline.yaml", clone.read("pipeline.yaml").replace("  KR: Kit Rowe\n", ""))
    assert wrote(clone) == ""
    monkeypatch.delenv("GTPIPE_CODER")
    assert (
        wrote(clone) == ""
    )  # a second coder, not listed yet, does not write into the first one's sheet


def test_a_study_of_one_person_or_none_asks_nothing(clone, git_says):
    git_says(user_name="Somebody Else")
    clone.write("pipeline.yaml", clone.read("pipeline.yaml").replace("  KR: Kit Rowe\n", ""))
    assert wrote(clone) == "PM"
    clone.write("pipeline.yaml", "study: x\nspeakers: {interviewer: [I], participant: [P]}\n")
    assert (
        clone.ok("code", "jim", "4", "sitting near")
        == 'data/initial-codes/jim.yaml: turn 4: "sitting near"\n'
    )


WRITING = [
    ("code", "jim", "2", "sitting near"),
    ("codes", "define", "noticing the pay", "what it costs"),
    ("codes", "rename", "noticing the pay", "minding the pay", "--why", "plainer"),
    ("codes", "rename", "noticing the pay", "minding the pay", "--dry-run"),
    (
        "codes",
        "merge",
        "noticing the pay",
        "--into",
        "meeting around the ward",
        "--why",
        "one thing",
    ),
    ("codes", "split", "noticing the pay"),
    ("codes", "park", "noticing the pay", "--why", "later"),
    ("codes", "drop", "noticing the pay", "--why", "nothing"),
    ("codes", "focused", "add", "keeping count"),
    ("codes", "focused", "take-up", "easy beginnings", "noticing the pay"),
    ("memo", "new", "On pay"),
    ("comments", "add", "noticing the pay", "really?"),
    ("negative", "jim 2", "--contradicts", "keeping hours", "--led-to", "left"),
    ("negative", "--looked-for", "keeping hours", "--found", "none"),
    ("sampling", "add", "somebody unpaid"),
    ("evaluation",),
]


@pytest.mark.parametrize("arguments", WRITING, ids=" ".join)
def test_where_several_could_write_and_nothing_says_who_nothing_is_written(
    nobody, analysed, arguments
):
    before = analysed.hashes()
    ran = analysed(*arguments)
    assert (ran.code, ran.out, ran.err) == (1, "", WHO)
    assert analysed.hashes() == before
    ran = analysed(*arguments, "--by", "KR")
    assert ran.code == 0 and ("--dry-run" in arguments or "KR" in ran.out + ran.err), ran.err
    assert "--dry-run" in arguments or last_logged(analysed)["by"] == "KR"


def test_looking_and_stages_ask_nobody(clone, git_says):
    clone.write("in/amy.txt", "I: So?\n\nP: I keep a list.\n")
    clone.ok("code", "jim", "2")
    clone.ok("ingest", "in/amy.txt")
    assert last_logged(clone)["by"] == ""
    clone.ok("initial-code")
    assert last_logged(clone)["by"] == "" and (clone.root / "data/initial-codes/amy.yaml").exists()
    clone.ok("run")
    git_says(user_name="Kit Rowe")
    clone.write("in/bo.txt", "I: So?\n\nP: I do not.\n")
    clone.ok("ingest", "in/bo.txt")
    assert last_logged(clone)["by"] == "KR"
    clone.ok("initial-code")
    assert last_logged(clone)["by"] == "KR" and (clone.root / "data/initial-codes/bo.yaml").exists()
    assert clone.ok("evaluation", "--by", "KR").startswith(
        "data/evaluation.md: made; put your answers in it (KR)\n"
    )
    git_says()
    assert clone.ok("evaluation").startswith("data/evaluation.md: everything stands right\n")


@pytest.fixture
def ask(clone, tmp_path):
    """Type a command at a terminal; what is asked can be answered."""
    env = {
        "TERM": "xterm",
        "PATH": "/usr/bin:/bin",
        "LANG": "C.UTF-8",
        "HOME": str(tmp_path),
        "PROMPT_TOOLKIT_NO_CPR": "1",
    }

    def start(*arguments: str) -> pexpect.spawn:
        return pexpect.spawn(
            sys.executable,
            ["-m", "gtpipe", *arguments],
            cwd=str(clone.root),
            dimensions=(24, 80),
            encoding="utf-8",
            timeout=20,
            env=env,
        )

    return start


def ended(terminal: pexpect.spawn) -> int:
    terminal.expect(pexpect.EOF)
    terminal.close()
    return terminal.exitstatus


def test_at_a_terminal_a_person_is_asked_and_told_how_to_keep_the_answer(clone, ask):
    terminal = ask("code", "jim", "2", "sitting near")
    terminal.expect_exact("Who writes?\r\n  PM  Pat Morgan\r\n  KR  Kit Rowe\r\nYour initials: ")
    terminal.send("kit\r")
    terminal.expect_exact('Nobody here has the initials "kit".\r\nYour initials: ')
    terminal.send("kr\r")
    terminal.expect_exact(
        "To keep this answer: git config gtpipe.coder KR\r\n"
        'data/initial-codes/jim.KR.yaml: turn 2: "sitting near" (KR)\r\n'
    )
    assert ended(terminal) == 0


def test_a_question_left_open_writes_nothing(clone, ask):
    before = hashes(clone.root)
    terminal = ask("codes", "rename", "a", "b")
    terminal.expect_exact("Your initials: ")
    terminal.send("\x04")
    terminal.expect_exact("who writes?")
    assert ended(terminal) == 1
    terminal = ask("code", "jim")
    terminal.expect_exact("Your initials: ")
    terminal.send("\x03")
    assert ended(terminal) == 130
    terminal = ask("codes", "rename", "a", "b", "--by", "KR")
    terminal.expect_exact("Why? ")
    terminal.send("\x03")
    assert ended(terminal) == 130
    assert hashes(clone.root) == before
