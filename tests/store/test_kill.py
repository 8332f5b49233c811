"""A command killed at any write, fsync, replace, unlink or truncate leaves the old study or the new
one.

The kill is acted in this process: at the n-th such call half of it is done, if it can be halved,
and from there on every other fails too, as for a process that is no more. Then the next command
comes.
"""

from __future__ import annotations

import contextlib
import itertools
import os
from contextlib import redirect_stderr, redirect_stdout
from io import StringIO
from pathlib import Path

import pytest
from conftest import ROOT

from gtpipe.cli import main
from gtpipe.store import placing
from gtpipe.store.layout import UNFINISHED

CALLS = ("write", "fsync", "replace", "unlink", "ftruncate")
NEXT = (
    "code",
    "eve",
    "2",
    "settled",
)  # takes the lock, and changes nothing where the code stands already
SETUP = (
    ["codes", "merge", "noticing the pay", "--into", "it went from there", "--why", "one thing"],
)
COMMANDS = {
    "code": ((), ["code", "jim", "4", "x", "--words", "like", "--note", "two\nlines"]),
    "codes rename": (
        (),
        ["codes", "rename", "meeting around the ward", "bumping into", "--why", "shorter"],
    ),
    "codes merge": ((), *SETUP),
    "ingest": ((), ["ingest", "in/zoe.txt", "in/ann.txt"]),
    "import": (
        (),
        [
            "import",
            str(ROOT / "tests/exchange/samples/qualcoder-4.0beta.qdpx"),
            *("--interviewer", "Interviewer", "--participant", "*", "--unlabelled", "above"),
            *("--coder", "ana=PM", "--coder", "ben=KR"),
        ],
    ),
    "undo": (SETUP, ["undo", "--why", "too early"]),
}


class Killed(BaseException):
    """The process is no more."""


class Killing:
    """Counts the calls that change a disk; kills at the n-th."""

    def __init__(self, monkeypatch, at: int) -> None:
        self.at, self.count, self.dead = at, 0, False
        for name in CALLS:
            monkeypatch.setattr(os, name, self._watched(name, getattr(os, name)))

    def _watched(self, name: str, call):
        def watched(*arguments, **more):
            self.count += not self.dead
            if self.dead or self.count == self.at:
                if name == "write" and not self.dead:
                    call(arguments[0], bytes(arguments[1])[: len(arguments[1]) // 2])
                self.dead = True
                raise Killed
            return call(*arguments, **more)

        return watched


def contents(root: Path) -> dict[str, bytes]:
    """What a study's files hold, the cache and the log's clock apart; temporary ones too."""
    files = (
        path
        for path in root.rglob("*")
        if path.is_file() and ".gtpipe" not in path.relative_to(root).parts
    )
    return {path.relative_to(root).as_posix(): path.read_bytes() for path in files}


def without_times(held: dict[str, bytes]) -> dict[str, bytes]:
    """The log as how many lines it has."""
    return {
        path: b"%d" % content.count(b"\n") if path == "data/log.jsonl" else content
        for path, content in held.items()
    }


def put_back(root: Path, held: dict[str, bytes]) -> None:
    now = contents(root)
    for path in now.keys() - held.keys():
        (root / path).unlink()
    for path, content in held.items():
        if now.get(path) != content:
            (root / path).parent.mkdir(parents=True, exist_ok=True)
            (root / path).write_bytes(content)


def quietly(*command: str) -> int:
    with redirect_stdout(StringIO()), redirect_stderr(StringIO()):
        return main(list(command))


@pytest.mark.parametrize("name", COMMANDS)
def test_killed_at_any_step_it_is_the_old_study_or_the_new_after_the_next_command(
    coded, name, monkeypatch
):
    before, command = COMMANDS[name]
    coded.write("in/zoe.txt", "I: And you?\n\nP: I kept the keys.\n")
    coded.write("in/ann.txt", "I: And you?\n\nP: Nobody asked.\n")
    for one in (NEXT, *before):
        coded.ok(*one)
    old = contents(coded.root)
    ends = []
    for at in itertools.count(1):
        put_back(coded.root, old)
        with monkeypatch.context() as patched:
            killing = Killing(patched, at)
            with contextlib.suppress(Killed):
                assert quietly(*command) == 0
        if not killing.dead:
            break
        decided = (coded.root / UNFINISHED).exists()
        assert quietly(*NEXT) == 0
        now = without_times(contents(coded.root))
        ends.append((decided, now))
        assert not [path for path in coded.root.rglob("*") if placing.is_temporary(path.name)]
    new = without_times(contents(coded.root))
    assert len(ends) >= 10 and new != without_times(old)
    stands = [now == new for _, now in ends]
    assert all(now in (without_times(old), new) for _, now in ends)
    assert all(now == new for decided, now in ends if decided)
    assert stands == sorted(stands) and {*stands} == {
        False,
        True,
    }  # from one step on, the change stands
