"""What was never concluded is concluded on all cores, or by Dask: the same, whoever does it."""

from __future__ import annotations

import contextlib
import os
import pickle
import shutil
import signal
import sqlite3
import sys
from pathlib import Path

import pytest
from conftest import StudyFolder, hashes

from gtpipe.model.problems import UsageError, UserError
from gtpipe.store.cache import doubted
from gtpipe.store.layout import Snapshot, Study
from gtpipe.study import conclude, engine, load

TRANSCRIPT = """---
interview: {name}
date: 2026-01-0{day}
speakers: {{I: interviewer, P: {name}}}
---

[1] I: And then?

[2] P: I waited, and it rained at the bus stop.

[3] P: At home I was home.
"""
SHEET = """# how to code
- turn: 2
  text: |-
    I waited, and it rained at the bus stop.
  codes: |
    waiting
      for whom?
    raining <- "it rained"
    I waited <-

- turn: 3
  text: |-
    At home I was home.
  focused: |
    being away
"""
DAMAGED = {
    "data/initial-codes/d2.yaml": SHEET.replace('"it rained"', '"it snowed"'),
    "data/initial-codes/d3.yaml": SHEET.replace("- turn: 3", "- turn: 9"),
    "data/initial-codes/d4.yaml": "- turn: [\n",
    "data/initial-codes/d5.AB.yaml": SHEET.replace("    waiting\n", "    waiting\n    waiting\n"),
    "data/transcripts/d6.md": TRANSCRIPT.format(name="d7", day=6),
    "data/transcripts/d7.md": "no front matter\n",
    "data/initial-codes/d8.yaml": SHEET.replace("stop.", "station."),
    "data/initial-codes/gone.yaml": SHEET,
    "data/codebook.yaml": "- code: standing about\n  was: |\n    waiting\n",
}


@pytest.fixture
def damaged(tmp_path: Path) -> Study:
    """A study of nine interviews, with something wrong in each but the first."""
    (tmp_path / "pipeline.yaml").write_text(
        "study: x\nresearchers:\n  AB: A\nstages:\n  memo: {}\n"
    )
    for folder in ("data/transcripts", "data/initial-codes"):
        (tmp_path / folder).mkdir(parents=True)
    for day in range(1, 10):
        name = f"d{day}"
        (tmp_path / f"data/transcripts/{name}.md").write_text(TRANSCRIPT.format(name=name, day=day))
        (tmp_path / f"data/initial-codes/{name}.yaml").write_text(SHEET)
    for path, text in DAMAGED.items():
        (tmp_path / path).write_text(text)
    return Study(tmp_path)


def read(study: Study, keep: bool = False) -> tuple[object, ...]:
    """All that a study says, read into an empty cache, and the rows of the cache then."""
    if not keep:
        shutil.rmtree(study.path(".gtpipe"), ignore_errors=True)
    corpus = load(study)
    material = corpus.material
    said = (
        [(one.name, one.date, one.turns, one.position) for one in material.interviews.values()],
        [(one.interview, one.coder, one.entries, one.is_plain) for one in material.sheets],
        corpus.codings,
        corpus.errors(),
        corpus.all_notes(),
    )
    connection = sqlite3.connect(study.path(".gtpipe/parsed.sqlite"))
    rows = connection.execute("select * from parsed order by kind, hash").fetchall()
    connection.close()
    return (*said, rows)


@pytest.fixture
def done_here(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The transcripts that this process concluded something of itself."""
    found: list[str] = []
    alone = conclude.conclude

    def told(transcript: conclude.File | None, sheets: list[conclude.File]) -> object:
        found.append(transcript[0] if transcript else "")
        return alone(transcript, sheets)

    monkeypatch.setattr(conclude, "conclude", told)
    return found


def test_all_cores_conclude_what_one_does(
    damaged: Study, done_here: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    here = read(damaged)
    done_here.clear()
    monkeypatch.setattr(engine, "PAYS", 0)
    monkeypatch.setattr(engine, "_cores", lambda: 2)
    assert read(damaged) == here
    assert read(damaged, keep=True) == here, "what is kept says the same"
    with doubted():
        assert read(damaged) == here
    assert not done_here


def test_a_worker_that_is_killed_is_done_without(
    damaged: Study, monkeypatch: pytest.MonkeyPatch
) -> None:
    here = read(damaged)
    monkeypatch.setattr(engine, "PAYS", 0)
    monkeypatch.setattr(engine, "_cores", lambda: 2)
    monkeypatch.setattr(conclude, "of_task", lambda task: os.kill(os.getpid(), signal.SIGKILL))
    assert read(damaged) == here


def test_a_worker_says_nothing_of_files_that_changed(damaged: Study) -> None:
    snapshot = Snapshot(damaged)
    transcript, sheet = "data/transcripts/d1.md", "data/initial-codes/d1.yaml"
    prints = [(path, snapshot.fingerprint(path) or "") for path in (transcript, sheet)]
    task = conclude.Task(str(damaged.root), prints[0], (prints[1],))
    done = conclude.of_task(task)
    assert done is not None
    assert done.interview
    assert done.sheets[0].coded
    assert b"At home" not in pickle.dumps(done), "words stay where they are"
    damaged.path(sheet).write_text(SHEET + "\n")
    assert conclude.of_task(task) is None
    damaged.path(sheet).unlink()
    assert conclude.of_task(task) is None
    with pytest.raises(FileNotFoundError):
        conclude.of_task(task._replace(root=str(damaged.root / "elsewhere")))


def test_codes_with_another_name_by_now_are_kept_as_typed(damaged: Study) -> None:
    """Whether a code is in vivo is asked of the name that it goes by today."""
    book = damaged.path("data/codebook.yaml")
    book.write_text("- code: bus stop\n  was: |\n    waiting\n")

    def in_vivo() -> set[tuple[str, bool]]:
        first = [one for one in load(damaged).codings if one.interview == "d1"]
        return {(one.code, one.in_vivo) for one in first if one.typed == "waiting"}

    assert in_vivo() == {("bus stop", True)}
    book.unlink()
    assert in_vivo() == {("waiting", False)}


def test_only_dask_is_an_engine() -> None:
    with pytest.raises(UsageError, match="no engine"), engine.by("spark"):
        pass


def test_dask_that_is_not_there_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "distributed", None)
    with pytest.raises(UserError) as told, engine.by("dask"):
        pass
    assert "gtpipe[dask]" in told.value.problems[0].do


# --- Dask -----------------------------------------------------------------------------------------


@pytest.mark.xdist_group("dask")
def test_dask_concludes_what_one_process_does(
    damaged: Study, done_here: list[str], dask: str
) -> None:
    here = read(damaged)
    done_here.clear()
    with engine.by(dask):
        assert read(damaged) == here
    assert not done_here


@pytest.mark.xdist_group("dask")
def test_a_dask_worker_may_be_killed_midway(
    damaged: Study, done_here: list[str], dask: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    distributed = pytest.importorskip("distributed", reason="Dask is not installed")
    here = read(damaged)
    done_here.clear()
    of_task, first = conclude.of_task, damaged.path(".killed")

    def dies_once(task: conclude.Task) -> conclude.Concluded | None:
        with contextlib.suppress(FileExistsError):
            os.close(os.open(first, os.O_CREAT | os.O_EXCL))
            os.kill(os.getpid(), signal.SIGKILL)
        return of_task(task)

    register = distributed.protocol.pickle.cloudpickle.register_pickle_by_value
    register(sys.modules[__name__])
    monkeypatch.setattr(conclude, "of_task", dies_once)
    with engine.by(dask):
        assert read(damaged) == here
    assert first.exists()
    assert not done_here, "another worker does it"


def test_a_dask_worker_that_does_not_see_the_study_is_told() -> None:
    distributed = pytest.importorskip("distributed", reason="Dask is not installed")

    class Sent:
        def result(self) -> None:
            raise FileNotFoundError("/elsewhere")

    with pytest.raises(UserError) as told:
        engine._result(distributed, Sent())
    assert "does not see the study" in told.value.problems[0].what


def test_without_its_scheduler_the_rest_is_done_here(capfd: pytest.CaptureFixture[str]) -> None:
    distributed = pytest.importorskip("distributed", reason="Dask is not installed")
    did: list[str] = []

    class Client:
        def __init__(self, *_: object, **__: object) -> None: ...
        def map(self, function: object, tasks: list[int], **_: object) -> list[Sent]:
            return [Sent(task) for task in tasks]

        def close(self, timeout: int) -> None:
            did.append("closed")

    class Sent:
        def __init__(self, task: int) -> None:
            self.task = task

        def result(self) -> int:
            if self.task > 1:
                raise distributed.client.FutureCancelledError("key", "scheduler-connection-lost")
            return self.task

        def release(self) -> None: ...

    with pytest.MonkeyPatch.context() as patch, engine.by("dask:tcp://127.0.0.1:1"):
        patch.setattr(distributed, "Client", Client)
        found = list(engine.each(len, [0, 1, 2, 3], lambda task: 10 * task, 0))
    assert found == [0, 1, 20, 30]
    assert did == ["closed"]
    assert not capfd.readouterr().err


def test_a_dask_worker_of_another_version_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(engine._OtherVersionsError):
        engine._on_worker("Python 2", len, ())


def test_run_by_dask_writes_what_run_writes(coded: StudyFolder) -> None:
    pytest.importorskip("distributed", reason="Dask is not installed")
    settings = coded.read("pipeline.yaml")
    coded.write(
        "pipeline.yaml", settings.replace("sheet-text: true", "sheet-text: true, suggest: true")
    )
    made = []
    for options in ([], ["--engine", "dask"]):
        for place in (".gtpipe", "data/derived"):
            shutil.rmtree(coded.root / place)
        assert coded("run", *options).code == 0
        connection = sqlite3.connect(coded.root / ".gtpipe/parsed.sqlite")
        rows = connection.execute("select * from parsed order by kind, hash").fetchall()
        connection.close()
        made.append((hashes(coded.root), rows))
    assert made[0] == made[1]
    assert any(kind.startswith("parse-") for kind, *_ in made[0][1])


def test_no_scheduler_at_an_address_is_told(
    damaged: Study, monkeypatch: pytest.MonkeyPatch
) -> None:
    pytest.importorskip("distributed", reason="Dask is not installed")
    monkeypatch.setattr(engine, "ANSWERS_WITHIN", 1)
    with pytest.raises(UserError) as told, engine.by("dask:tcp://127.0.0.1:1"):
        read(damaged)
    assert "No Dask scheduler answers" in told.value.problems[0].what
