"""What the tests share: a study in a temporary folder, written as files, driven by the real command
line.
"""

from __future__ import annotations

import gc
import hashlib
import io
import multiprocessing
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass
from multiprocessing.process import BaseProcess
from pathlib import Path

import hypothesis
import pexpect
import pytest
from forked import STREAMS, become

from gtpipe.cli import main
from gtpipe.store import user_state
from gtpipe.store.layout import Study

# What gtpipe keeps of its user outside studies lies in a folder of this session: nothing of the
# machine is touched.
STATE_HOME = tempfile.TemporaryDirectory(prefix="gtpipe-state-")
os.environ["GTPIPE_STATE_HOME"] = STATE_HOME.name
# Commands that tests start are compiled once, as they are where gtpipe is used.
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
sys.dont_write_bytecode = False

# By hand each run looks at new examples; in CI the same ones every time.
hypothesis.settings.register_profile("ci", derandomize=True, deadline=None)
hypothesis.settings.register_profile("hand", deadline=None)
hypothesis.settings.load_profile("ci" if os.environ.get("CI") else "hand")

ROOT = Path(__file__).resolve().parent.parent
SHARED = ROOT.parent / "shared"
FORKED = str(ROOT / "tests/forked.py")

STAGES = ("ingest", "initial-code", "focused-code", "theoretical-code", "memo")
PIPELINE = """\
study: Peer support at work
researchers:
  PM: Pat Morgan
  KR: Kit Rowe
speakers:
  interviewer: [I]
  participant: [P]
stages:
  ingest: {}
  initial-code: {sheet-text: true}
"""
JIM = """\
I: So how did you get started?

P: Well, er, I met him around the ward (laugh)
and it went from there.

I: And then?

P: A bit. It was, like, a *bit* [pause 3s] awkward.

Him being paid and that. <laughs>
"""
EVE = """\
**I:** How did you meet?

**P:** \\[00:12\\] She just sat down. No form, nothing.

**I:** And now?

**P:** She goes home at five. I don't.
"""


FOCUSED = """\
# what carries the analysis
- focused: easy beginnings
  definition: a start that nobody arranged
  because: holds in both accounts
  by: PM
  takes-up: |
    meeting around the ward
  incidents: |
    eve 2 "She just sat down"
  does-not-fit: |
    jim 4
  judged: |
    jim 2
    eve 2 "She just sat down"

- focused: minding the money
  because: it comes back in both
  takes-up: |
    noticing the pay
  judged: |
    jim 4
    eve 4
"""
THEORY = """\
categories:
- category: becoming believable
  definition: how a paid stranger comes to be believed
  focused: |
    easy beginnings

- category: keeping hours
  part-of: becoming believable
  focused: |
    minding the money

relations:
- from: easy beginnings
  kind: opens the way to
  to: becoming believable
  hypothesis: nobody was sent
  support: |
    eve 2 "She just sat down"
  contradict: |
    jim 4 "awkward"
  memo: 2026-03-21-paid-to-be-nice

- from: minding the money
  kind: slows
  to: becoming believable

negative-cases:
- incident: eve 4 "She goes home at five"
  contradicts: becoming believable
  led-to: qualified
  note: belief has hours
  by: PM
- looked-for: keeping hours
  found: none
  by: PM
  date: 2026-04-02

sufficiency:
- interview: jim
  judgement: too early
  by: PM
- interview: eve
  modified: |
    easy beginnings
  by: PM
"""
MEMO = """\
---
title: Paid to be nice
date: 2026-03-21
by: PM
kind: comparison
about: |
  noticing the pay
  eve 4
  focused: easy beginnings
  becoming believable
---

Jim minds the pay, Eve the hours.
Is it one thing?
"""
DIARY = """\
---
date: 2026-03-22
re-read: jim, eve
reason: I liked Jim too much
---

Private thoughts.
"""
V1 = "---\nversion: v1\ndate: 2026-02-01\n---\n\n- How did you meet?\n- And then?\n"
V2 = """\
---
date: 2026-03-22
prompted-by: |
  noticing the pay
because: nobody was asked about money
---

- How did you meet?
- What about money?
"""


@dataclass
class Ran:
    """What a command did."""

    code: int
    out: str
    err: str


class StudyFolder:
    """A study under test: its files, and the command line run in it."""

    def __init__(self, root: Path, capsys, monkeypatch) -> None:
        self.root, self._capsys, self._monkeypatch = root, capsys, monkeypatch

    def __call__(self, *arguments: str, cwd: Path | None = None) -> Ran:
        """Run `gtpipe ARGUMENTS` in this process, from the study's folder."""
        self._monkeypatch.chdir(cwd or self.root)
        self._capsys.readouterr()
        code = main(list(arguments))
        captured = self._capsys.readouterr()
        return Ran(code, captured.out, captured.err)

    def ok(self, *arguments: str) -> str:
        """Run a command that must succeed; its stdout."""
        ran = self(*arguments)
        assert ran.code == 0, ran.out + ran.err
        return ran.out

    def write(self, path: str, text: str | bytes) -> Path:
        target = self.root / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(text if isinstance(text, bytes) else text.encode())
        return target

    def read(self, path: str) -> str:
        return (self.root / path).read_bytes().decode()

    def hashes(self) -> dict[str, str]:
        return hashes(self.root)


def hashes(root: Path, *, people_only: bool = False) -> dict[str, str]:
    """Every file of a study but the cache → hash. `people_only`: what stands under data/ outside
    derived/, log excepted.
    """
    found = {}
    for path in sorted(root.rglob("*")):
        name = path.relative_to(root).as_posix()
        if not path.is_file() or name.startswith((".gtpipe/", ".git/")):
            continue
        if people_only and (
            not name.startswith("data/")
            or name.startswith("data/derived")
            or name == "data/log.jsonl"
        ):
            continue
        found[name] = hashlib.sha256(path.read_bytes()).hexdigest()
    return found


def pytest_collection_finish() -> None:
    """What was imported and collected stays until the end: looking through it for rubbish again and
    again takes a tenth of the time.
    """
    gc.freeze()
    gc.set_threshold(20_000, 20, 20)


def pytest_make_parametrize_id(val: object, argname: str) -> str | None:
    """A long text or file is called by its argument: in a document stands when it was made, and
    each worker makes its own.
    """
    return argname if isinstance(val, str | bytes) and len(val) > 100 else None


@pytest.fixture(autouse=True, scope="session")
def coder():
    """Who codes in these studies of two researchers, for commands in this process and in others."""
    with pytest.MonkeyPatch.context() as environment:
        environment.setenv("GTPIPE_CODER", "PM")
        yield


@pytest.fixture
def empty(tmp_path, capsys, monkeypatch) -> StudyFolder:
    """A study with settings and nothing else."""
    study = StudyFolder(tmp_path / "study", capsys, monkeypatch)
    study.write("pipeline.yaml", PIPELINE)
    return study


@pytest.fixture
def counted(empty) -> StudyFolder:
    """A study with a code that has 2,050 incidents."""
    empty.write("in/ann.txt", "".join(f"P: And then it was {n}.\n\n" for n in range(1, 2051)))
    empty.ok("ingest", "in/ann.txt", "--date", "2026-03-02")
    empty.ok("initial-code")
    sheet = empty.read("data/initial-codes/ann.yaml")
    coded = sheet.replace("  codes: |\n", "  codes: |\n    counting\n")
    empty.write("data/initial-codes/ann.yaml", coded)
    return empty


# What each study is made of, one after the other: files to write (path, text), and commands.
STUDY = (
    ("in/jim.txt", JIM),
    ("in/eve.md", EVE),
    ["ingest", "in/jim.txt", "--date", "2026-03-02"],
    ["ingest", "in/eve.md", "--date", "2026-03-09"],
    ["initial-code"],
)
CODED = (
    ["code", "jim", "2", "meeting around the ward"],
    [
        "code",
        "jim",
        "2",
        "it went from there",
        "--words",
        "it went from there",
        "--note",
        "passive? ask again",
    ],
    ["code", "jim", "4", "noticing the pay"],
    ["code", "eve", "2", "meeting around the ward", "--words", "She just sat down"],
    ["code", "eve", "4", "noticing the pay"],
    ["codes", "define", "meeting around the ward", "first contact outside any appointment"],
    ["run"],
)
ANALYSED = (
    ("data/focused-codes.yaml", FOCUSED),
    ("data/theory.yaml", THEORY),
    ("data/memos/2026-03-21-paid-to-be-nice.md", MEMO),
    ("data/diary/2026-03-22.md", DIARY),
    ("data/schedule/v1.md", V1),
    ("data/schedule/v2.md", V2),
    ["run"],
)


def _build(root: Path, steps: tuple) -> None:
    """Take the steps in `root`, each of which must succeed."""
    here = Path.cwd()
    os.chdir(root)
    try:
        for step in steps:
            if isinstance(step, tuple):
                (root / step[0]).parent.mkdir(parents=True, exist_ok=True)
                (root / step[0]).write_bytes(step[1].encode())
                continue
            told = io.StringIO()
            with redirect_stdout(told), redirect_stderr(told):
                assert main(step) == 0, told.getvalue()
    finally:
        os.chdir(here)


@pytest.fixture(scope="session")
def built(tmp_path_factory) -> Path:
    """The studies of the fixtures below, made once and to be copied."""
    root = tmp_path_factory.mktemp("built")
    before = root / "empty"
    before.mkdir()
    (before / "pipeline.yaml").write_text(PIPELINE)
    for name, steps in (("study", STUDY), ("coded", CODED), ("analysed", ANALYSED)):
        before = copied(before, root / name)
        _build(before, steps)
    return root


def _copy(built: Path, name: str, tmp_path: Path, capsys, monkeypatch) -> StudyFolder:
    return StudyFolder(copied(built / name, tmp_path / "study"), capsys, monkeypatch)


def copied(study: Path, target: Path) -> Path:
    """A copy of a study whose cache is believed there too, as one that was made there."""
    shutil.copytree(study, target)
    cached = target / ".gtpipe/id"
    if cached.exists():
        user_state.new_id(Study(target))
        cached.write_text(user_state.known_id(Study(target)))
    return target


@pytest.fixture
def study(built, tmp_path, capsys, monkeypatch) -> StudyFolder:
    """A study of two interviews, ingested and with empty sheets."""
    return _copy(built, "study", tmp_path, capsys, monkeypatch)


@pytest.fixture
def coded(built, tmp_path, capsys, monkeypatch) -> StudyFolder:
    """The same, with codes in both interviews, one defined."""
    return _copy(built, "coded", tmp_path, capsys, monkeypatch)


@pytest.fixture
def analysed(built, tmp_path, capsys, monkeypatch) -> StudyFolder:
    """The same, with focused codes, a theory, a memo, a diary entry and two versions of the
    schedule.
    """
    return _copy(built, "analysed", tmp_path, capsys, monkeypatch)


@pytest.fixture(scope="session")
def dask() -> Iterator[str]:
    """The engine of a Dask of two processes, for the tests of the xdist group `dask`."""
    distributed = pytest.importorskip("distributed", reason="Dask is not installed")
    with distributed.LocalCluster(
        n_workers=2, threads_per_worker=1, dashboard_address=None, silence_logs=50, memory_limit=0
    ) as cluster:
        yield f"dask:{cluster.scheduler_address}"


@pytest.fixture(scope="session")
def forked() -> Iterator[str]:
    """The socket of a process that has imported gtpipe already and forks for each command
    (`forked.py`).
    """
    with tempfile.TemporaryDirectory(prefix="gtpipe-") as folder:
        path = f"{folder}/socket"
        server = subprocess.Popen(
            [sys.executable, FORKED, "serve", path],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            env={**os.environ, "PYTHONPATH": str(ROOT)},
        )
        assert server.stdout.readline() == "ready\n"
        yield path
        server.stdin.close()
        server.wait(10)
        server.stdout.close()


@pytest.fixture(scope="session")
def program(forked, tmp_path_factory) -> Path:
    """A `gtpipe` to be put on the PATH, or started in a terminal."""
    place = tmp_path_factory.mktemp("bin") / "gtpipe"
    place.write_text(f'#!/bin/sh\nexec "{sys.executable}" -I -S "{FORKED}" run "{forked}" "$@"\n')
    place.chmod(0o755)
    return place


@pytest.fixture
def terminal(program) -> Iterator[Callable[..., pexpect.spawn]]:
    """Start `gtpipe ARGUMENTS` in a study's folder, in a terminal of a size (rows, columns)."""
    desks = []

    def begin(study: StudyFolder, *arguments: str, size=(24, 80), **environment: str):
        env = {"TERM": "xterm", "PROMPT_TOOLKIT_NO_CPR": "1", "PATH": "/usr/bin:/bin"}
        env |= {"LANG": "C.UTF-8", "GTPIPE_CODER": "PM", user_state.HOME: STATE_HOME.name}
        desk = pexpect.spawn(
            str(program),
            [*arguments],
            cwd=str(study.root),
            dimensions=size,
            encoding="utf-8",
            timeout=30,
            env=env | environment,
        )
        desks.append(desk)
        return desk

    yield begin
    for desk in desks:
        desk.close(force=True)


def start(*arguments: str, cwd: Path, streams: Sequence[int] = (), before=None) -> BaseProcess:
    """Begin `gtpipe ARGUMENTS` in a fork of this process, which has imported it already: with these
    streams (default: none), and once it did what `before` says.
    """
    streams = streams or [os.open(os.devnull, os.O_RDWR) for _ in range(STREAMS)]

    def run() -> None:
        if before:
            before()
        become({"arguments": arguments, "cwd": cwd, "env": dict(os.environ)}, streams)

    process = multiprocessing.get_context("fork").Process(target=run)
    process.start()
    for stream in streams:
        os.close(stream)
    return process


def command(
    *arguments: str, cwd: Path, env: dict[str, str] | None = None, input: str = "", before=None
) -> subprocess.CompletedProcess:
    """Run `gtpipe ARGUMENTS` in a process of its own, as `start` does; `input` is what it reads.

    What `env` says only an interpreter of its own obeys from the beginning.
    """
    if env is not None:
        return subprocess.run(
            [sys.executable, "-m", "gtpipe", *arguments],
            cwd=cwd,
            env={**os.environ, **env},
            capture_output=True,
            text=True,
            encoding="utf-8",
            input=input,
        )
    (read, typed), *told = (os.pipe() for _ in range(STREAMS))
    process = start(*arguments, cwd=cwd, streams=(read, *(end for _, end in told)), before=before)
    with os.fdopen(typed, "w", encoding="utf-8") as stdin:
        stdin.write(input)
    with ThreadPoolExecutor() as pool:
        out, err = pool.map(_rest, (end for end, _ in told))
    process.join()
    return subprocess.CompletedProcess(arguments, process.exitcode, out, err)


def limited(size: int):
    """For `before`: no file may grow beyond so many bytes, as where the disk is full."""
    import resource

    def set_limit() -> None:
        sys.dont_write_bytecode = True  # Python would leave half a compiled module
        resource.setrlimit(resource.RLIMIT_FSIZE, (size, size))

    return set_limit


def _rest(end: int) -> str:
    with os.fdopen(end, encoding="utf-8") as stream:
        return stream.read()


def git(*arguments: str, cwd: Path) -> subprocess.CompletedProcess:
    """Run git, with an author of its own and no settings of the machine."""
    env = {**os.environ, "GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_SYSTEM": os.devnull}
    for who in ("AUTHOR", "COMMITTER"):
        env |= {f"GIT_{who}_NAME": "Pat Morgan", f"GIT_{who}_EMAIL": "pat@example.org"}
    return subprocess.run(
        ["git", *arguments], cwd=cwd, env=env, capture_output=True, text=True, encoding="utf-8"
    )
