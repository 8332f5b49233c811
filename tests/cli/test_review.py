"""The plain form with suggestions, in a real terminal: accept, edit, reject, leave
alone, compare, take back, stop, resume; exact files afterwards.
"""

from __future__ import annotations

import csv
import re
from functools import partial

import pexpect
import pytest
from conftest import PIPELINE, command

CTRL_B, CTRL_D, CTRL_T, CTRL_U, CTRL_Z = "\x02", "\x04", "\x14", "\x15", "\x1a"
ESCAPES = re.compile(r"\x1b\[[0-9;?]*[A-Za-z]|\x1b[=>]|\r")
SAID = {
    "ada": (
        "2026-05-01",
        [
            "Everybody had a folder with tabs and I had a carrier bag.",
            "I mouthed the words for a month and nobody noticed.",
            "The tenor drove me home because the last bus goes at nine.",
        ],
    ),
    "ben": (
        "2026-05-04",
        [
            "Folders, everybody had a folder with tabs. I had the carrier bag from the shop.",
            "I mouthed the words and the tenor noticed in a month.",
            "There is no bus home after nine so the alto drove me.",
        ],
    ),
    "bo": (
        "2026-05-08",
        [
            "They all had a folder with tabs. I had a carrier bag, me.",
            "I mouthed the words as well, for a month or more, until somebody noticed.",
            "My sister drove me home, the bus goes at nine.",
        ],
    ),
}


@pytest.fixture
def choir(empty):
    """Three interviews about a choir, the first two coded, the last one bare."""
    empty.write("pipeline.yaml", PIPELINE)
    for name, (date, said) in SAID.items():
        empty.write(
            f"in/{name}.txt",
            "".join(f"I: And part {n} of it?\n\nP: {words}\n\n" for n, words in enumerate(said, 1)),
        )
        empty.ok("ingest", f"in/{name}.txt", "--date", date)
    empty.ok("initial-code")
    for name in ("ada", "ben"):
        empty.ok("code", name, "2", "arriving with the wrong bag", "--words", "carrier bag")
        empty.ok("code", name, "2", "seeing what others have")
        empty.ok("code", name, "4", "pretending to sing")
        empty.ok("code", name, "6", "getting a lift")
    return empty


@pytest.fixture
def sit(choir, terminal):
    """Start `gtpipe review --plain …` in a terminal."""
    return partial(terminal, choir, "review", "--plain")


def type_in(desk: pexpect.spawn, text: str) -> str:
    """Type at the next prompt; what stood on the screen before it."""
    desk.expect("review>")
    shown = ESCAPES.sub("", desk.before)
    desk.send(text)
    return shown


def ask_for(desk: pexpect.spawn) -> str:
    """Ask for suggestions at the next prompt; what is offered, and the prompt left open."""
    type_in(desk, "s\r")
    return until_offered(desk)


def until_offered(desk: pexpect.spawn) -> str:
    """What stands before the prompt below the next suggestions; a prompt may be drawn twice."""
    shown = ""
    while not numbers(shown):
        shown = type_in(desk, "")
    return shown


def stop(desk: pexpect.spawn) -> None:
    type_in(desk, CTRL_U + CTRL_D)
    desk.expect("Stopped at")
    desk.expect(pexpect.EOF)


def numbers(shown: str) -> dict[str, str]:
    """Label → number, as a screen offers them."""
    return {
        label.strip(): number
        for number, label in re.findall(
            r"^  (\d) (.+?)  +(?:your code|action|in vivo) ", shown, re.M
        )
    }


def codes(study, name: str, turn: str) -> list[str]:
    """The lines under a turn of a sheet."""
    entry = (
        study.read(f"data/initial-codes/{name}.yaml")
        .partition(f"- turn: {turn}\n")[2]
        .partition("- turn:")[0]
    )
    return [
        line.strip()
        for line in entry.partition("codes: |\n")[2].split("\n")
        if line.startswith("    ")
    ]


def answered(study) -> list[str]:
    return study.read("data/answers.csv").splitlines()


def test_the_words_come_first_then_what_is_offered_with_source_and_reason(choir, sit):
    desk = sit("bo")
    first = type_in(desk, "")
    assert not numbers(first)
    assert "(Suggestions are shown after a code of yours, or with s.)" in first
    desk.send("s\r")
    shown = first + until_offered(desk)
    desk.send(CTRL_D)
    order = [
        shown.index(words)
        for words in ("I: And part 1", "P: They all had a folder", "No code yet", "  1 ")
    ]
    assert order == sorted(order)
    assert re.search(r"  \d arriving with the wrong bag +your code · like ada 2, ben 2", shown)
    assert (
        len(numbers(shown))
        == shown.count(" · like ") + shown.count("action ·") + shown.count("in vivo ·")
        <= 6
    )
    assert max(len(line) for line in shown.partition("bo 2 (")[2].split("\n")) <= 80
    desk.expect(pexpect.EOF)
    assert not (choir.root / "data/answers.csv").exists() and codes(choir, "bo", "2") == []


def test_suggestions_come_after_a_code_of_ones_own_which_stays_ones_own(choir, sit):
    """Typed before anything was offered, a code that would have been offered is no suggestion
    taken; a turn that carries a code already is offered some at once."""
    desk = sit("bo")
    type_in(desk, "1\r")
    desk.expect("Suggestions are shown after a code of yours, or with s")
    type_in(desk, "i\r")
    desk.expect("Suggestions are shown after a code of yours, or with s")
    type_in(desk, "seeing what others have\r")
    shown = until_offered(desk)
    assert "arriving with the wrong bag" in numbers(shown)
    assert "seeing what others have" not in numbers(shown)
    desk.send("\r")
    desk.expect("bo 4")
    assert not numbers(type_in(desk, CTRL_B))
    assert "arriving with the wrong bag" in numbers(until_offered(desk))
    desk.send(CTRL_D)
    desk.expect(pexpect.EOF)
    assert codes(choir, "bo", "2") == ["seeing what others have"]
    assert not (choir.root / "data/answers.csv").exists()


def test_a_session_accepts_edits_rejects_stops_and_resumes(choir, sit):
    desk = sit("bo")
    desk.expect("bo 2")
    shown = ask_for(desk)
    offered = numbers(shown)
    mine, other = offered["arriving with the wrong bag"], offered["seeing what others have"]
    desk.send(f"{mine}\r")
    desk.expect("· arriving with the wrong bag")
    type_in(desk, f"e{other}\r")
    desk.expect("edit>")
    desk.send(" by heart\r")
    desk.expect("· seeing what others have by heart")
    type_in(desk, "\r")
    desk.expect("bo 4")
    shown = ask_for(desk)
    reject = numbers(shown)["pretending to sing"]
    desk.send(f"{reject}r\r")
    desk.expect("× pretending to sing")
    type_in(desk, f"{reject}\r")
    desk.expect("is answered")
    stop(desk)
    assert codes(choir, "bo", "2") == [
        "arriving with the wrong bag",
        "seeing what others have by heart",
    ]
    assert codes(choir, "bo", "4") == []
    assert answered(choir) == [
        "interview,turn,suggestion,answer,by",
        "bo,2,arriving with the wrong bag,accepted,PM",
        "bo,2,seeing what others have,edited,PM",
        "bo,4,pretending to sing,rejected,PM",
    ]

    desk = sit("bo")
    desk.expect("bo 4")  # where it was left
    shown = ask_for(desk)
    desk.send(CTRL_B)
    assert "pretending to sing" not in shown
    desk.expect("bo 2")
    desk.expect("seeing what others have by heart")
    shown = type_in(desk, "\r")
    assert "arriving with the wrong bag" not in numbers(shown)
    desk.expect("bo 4")
    type_in(desk, "\r")
    desk.expect("bo 6")
    type_in(desk, "\r")
    desk.expect("That was the last turn of bo")
    desk.expect(pexpect.EOF)
    desk.wait()
    assert desk.exitstatus == 0 and len(answered(choir)) == 4


def test_words_in_vivo_are_tied_and_own_codes_are_written_beside(choir, sit):
    desk = sit("bo")
    type_in(desk, '"7"\r')
    desk.expect("· 7")
    type_in(desk, " x\r")
    desk.expect("· x")
    type_in(desk, "x\r")
    desk.expect('No key "x"')
    type_in(desk, "9\r")
    desk.expect("No suggestion 9 here")
    type_in(desk, 'bags <- "carrier bag"\r')
    desk.expect("· bags")
    type_in(desk, "n\r")
    desk.expect("note>")
    desk.send("whose?\r")
    desk.expect("whose")
    type_in(desk, "seeing what others have\r")
    desk.expect("· seeing what others have")
    stop(desk)
    assert codes(choir, "bo", "2") == [
        "7",
        "x",
        'bags <- "carrier bag"',
        "whose?",
        "seeing what others have",
    ]
    assert answered(choir)[1:] == [
        "bo,2,seeing what others have,accepted,PM"
    ]  # typed, and it was what was offered


def test_leaving_alone_is_recorded_only_when_said_and_the_last_answer_can_be_taken_back(choir, sit):
    before = choir.read("data/initial-codes/bo.yaml")
    desk = sit("bo", "--by", "kr")
    shown = ask_for(desk)
    offered = numbers(shown)
    desk.send(f"{offered['arriving with the wrong bag']}\r")
    desk.expect("· arriving")
    type_in(desk, CTRL_Z)
    desk.expect("is taken back")
    ask_for(desk)
    desk.send(f"r {offered['arriving with the wrong bag']}\r")
    desk.expect("× arriving")
    type_in(desk, CTRL_Z)
    desk.expect("Rejected no more")
    ask_for(desk)
    desk.send("i\r")
    desk.expect("bo 4")
    stop(desk)
    assert (
        choir.read("data/initial-codes/bo.yaml")
        == choir.read("data/initial-codes/bo.KR.yaml")
        == before
    )
    rows = [",".join(row) for row in csv.reader(answered(choir)[1:])]
    assert sorted(rows) == sorted(f"bo,2,{label},ignored,KR" for label in offered)


def test_going_to_a_turn_and_stopping_with_ctrl_c(choir, sit):
    desk = sit("bo")
    desk.expect("bo 2")
    type_in(desk, "\x07")
    desk.expect("turn>")
    desk.send("6\r")
    desk.expect("bo 6")
    ask_for(desk)
    desk.send("e1\r")
    desk.expect("edit>")
    desk.send("\x03")
    desk.expect_exact(
        "Stopped at bo 6; what you entered is kept. `gtpipe review bo` goes on there."
    )
    desk.expect(pexpect.EOF)
    desk.close()
    assert desk.exitstatus == 130 and codes(choir, "bo", "6") == []


def test_comparing_shows_the_incidents_it_resembles_and_a_memo_can_be_opened(choir, sit):
    desk = sit("bo")
    number = numbers(ask_for(desk))["arriving with the wrong bag"]
    desk.send(f"c {number}\r")
    desk.expect("ada 2 · ada")
    desk.expect("and I had")
    desk.expect("ben 2 · ben")
    shown = type_in(desk, "?\r")
    desk.expect("take suggestion 1 as it is")
    type_in(desk, "m\r")
    desk.expect("title>")
    desk.send("Bags and belonging\r")
    desk.expect("bags-and-belonging.md")
    stop(desk)
    (memo,) = (choir.root / "data/memos").iterdir()
    assert (
        "title: Bags and belonging\n" in memo.read_text()
        and "about: |\n  bo 2\n" in memo.read_text()
    )
    assert (
        codes(choir, "bo", "2") == [] and not (choir.root / "data/answers.csv").exists() and shown
    )


def test_what_was_written_is_learned_at_once(choir, sit):
    desk = sit("bo")
    desk.expect("bo 2")
    type_in(desk, "\r")
    desk.expect("bo 4")
    type_in(desk, "fearing the tenor\r")
    desk.expect("· fearing the tenor")
    type_in(desk, CTRL_B)
    desk.expect("bo 2")
    type_in(desk, "minding the tabs\r")
    desk.expect("· minding the tabs")
    stop(desk)
    desk = sit("ada")
    desk.expect("ada 2")
    shown = type_in(desk, "")  # it carries codes: what is offered stands there
    number = numbers(shown)["minding the tabs"]
    assert re.search(rf"  {number} minding the tabs +your code · like bo 2", shown)
    desk.send(f"{number}\r")
    desk.expect("· minding the tabs")
    stop(desk)
    assert codes(choir, "ada", "2")[-1] == "minding the tabs"


def test_without_a_name_the_first_interview_with_bare_turns_and_uncoded_turns_alone_when_asked(
    choir, sit
):
    desk = sit()
    desk.expect("bo 2")
    stop(desk)
    choir.ok("code", "bo", "2", "folders everywhere")
    desk = sit("bo", "--uncoded")
    shown = type_in(desk, CTRL_D)
    assert "bo 4" in shown and "bo 2 (" not in shown
    desk.expect(pexpect.EOF)
    choir.ok("code", "bo", "4", "miming")
    choir.ok("code", "bo", "6", "miming")
    desk = sit("bo", "--uncoded")
    desk.expect("Every turn of bo carries a code of yours")
    desk.expect(pexpect.EOF)
    desk = sit()
    desk.expect("No turn without a code of yours")
    desk.expect(pexpect.EOF)
    desk.wait()
    assert desk.exitstatus == 1


def test_in_a_pipe_each_line_answers_and_a_line_that_could_not_be_done_is_exit_code_1(choir):
    """A script or a reader that speaks types the same lines; nothing waits for a key."""
    lines = '7\n 7\nbags <- "carrier bag"\ns\nr 1\n\nmiming\nu\nn\ng 6\nx <- "not said"\nq\n'
    ran = command("review", "bo", cwd=choir.root, input=lines)
    assert ran.returncode == 1 and "\x1b" not in ran.stdout
    told = ran.stderr.splitlines()
    assert told == [
        "data/initial-codes/bo.yaml (PM)",
        "Suggestions are shown after a code of yours, or with s. "
        "If it is a code, put a space before it.",
        '"miming" is taken back.',
        "Type a code first: ^T writes a note with it, or on the last one you added.",
        'Turn 6 of bo does not contain "not said". '
        "Copy the words from the turn; `gtpipe code bo 6` shows it.",
        "Stopped at bo 6; `gtpipe review bo` goes on there.",
    ]
    assert codes(choir, "bo", "2") == ["7", 'bags <- "carrier bag"']
    assert [row.rpartition(",rejected")[1:] for row in answered(choir)[1:]] == [
        (",rejected", ",PM")
    ]
    assert codes(choir, "bo", "4") == codes(choir, "bo", "6") == []


def test_a_terminal_that_cannot_move_the_cursor_is_asked_line_by_line(choir, terminal):
    desk = terminal(choir, "code", "bo", TERM="dumb")
    desk.expect_exact("code> ")
    desk.sendline("bags everywhere")
    desk.expect_exact("  · bags everywhere\r\ncode> ")
    desk.sendline("n")
    desk.expect_exact("note> ")
    desk.sendline("why?")
    desk.expect_exact("code> ")
    desk.sendline("n")
    desk.expect_exact("note> [why?] ")
    desk.sendline("")
    desk.expect_exact("code> ")
    desk.sendeof()
    desk.expect_exact("Stopped at bo 2; `gtpipe code bo` goes on there.")
    desk.expect(pexpect.EOF)
    assert codes(choir, "bo", "2") == ["bags everywhere", "why?"]
