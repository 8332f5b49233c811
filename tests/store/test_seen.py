"""A file that stands as it was seen is not read again; whatever may be otherwise is."""

from __future__ import annotations

import os
import time
from pathlib import Path

import pytest
from conftest import StudyFolder

from gtpipe.model.problems import UserError
from gtpipe.store import cache, layout, seen, stage_records
from gtpipe.store.layout import CACHE, Snapshot, Study, fingerprint

SHEET = "data/initial-codes/jim.yaml"
SETTLED = 0.08  # seconds, after which a file is no longer just written


@pytest.fixture
def study(tmp_path: Path) -> Study:
    (tmp_path / "pipeline.yaml").write_text("study: Tea\n", encoding="utf-8")
    (tmp_path / "data" / "initial-codes").mkdir(parents=True)
    (tmp_path / SHEET).write_text("- turn: 2\n", encoding="utf-8")
    study = Study(tmp_path)
    cache.save_json(study, "any.json", {})  # has the cache be this user's own
    time.sleep(SETTLED)
    return study


def look(study: Study) -> Snapshot:
    """What a command does that only looks."""
    snapshot = Snapshot(study)
    snapshot.fingerprint(SHEET)
    snapshot.seen.save()
    return snapshot


def reads(study: Study, monkeypatch: pytest.MonkeyPatch) -> bool:
    """Whether the sheet is read for its fingerprint, which is right either way."""
    asked: list[str] = []
    real = Snapshot.bytes
    with monkeypatch.context() as patch:
        patch.setattr(Snapshot, "bytes", lambda self, path: asked.append(path) or real(self, path))
        found = Snapshot(study).fingerprint(SHEET)
    assert found == fingerprint((study.root / SHEET).read_bytes())
    return bool(asked)


def test_a_file_that_stands_is_not_read_again(
    study: Study, monkeypatch: pytest.MonkeyPatch
) -> None:
    look(study)
    assert not reads(study, monkeypatch)


def test_one_that_was_just_written_is_read_again(
    study: Study, monkeypatch: pytest.MonkeyPatch
) -> None:
    (study.root / SHEET).write_text("- turn: 3\n", encoding="utf-8")
    look(study)
    assert reads(study, monkeypatch)


@pytest.mark.parametrize("how", ["in place", "another in its place", "clock set back"])
def test_a_change_of_the_same_size_is_seen(
    study: Study, monkeypatch: pytest.MonkeyPatch, how: str
) -> None:
    look(study)
    before = os.stat(study.root / SHEET)
    target = study.root / SHEET
    if how == "another in its place":
        (study.root / "new").write_text("- turn: 3\n", encoding="utf-8")
        os.replace(study.root / "new", target)
    else:
        target.write_text("- turn: 3\n", encoding="utf-8")
    if how == "clock set back":
        os.utime(target, ns=(before.st_atime_ns, before.st_mtime_ns - 10**12))
    else:
        os.utime(target, ns=(before.st_atime_ns, before.st_mtime_ns))
    assert reads(study, monkeypatch)


def test_whoever_doubts_reads(study: Study, monkeypatch: pytest.MonkeyPatch) -> None:
    look(study)
    with seen.doubted():
        assert reads(study, monkeypatch)
    with cache.doubted():
        assert reads(study, monkeypatch)


@pytest.mark.parametrize(
    "content",
    [b"", b"[]", b'{"data/initial-codes/jim.yaml": 3}', b"{" * 100_000, b'{"a": [1, 2, 3, 4]}'],
)
def test_what_is_no_record_is_not_believed(
    study: Study, monkeypatch: pytest.MonkeyPatch, content: bytes
) -> None:
    look(study)
    (study.root / CACHE / seen.NAME).write_bytes(content)
    assert reads(study, monkeypatch)


def test_a_cache_that_came_with_the_study_is_not_believed(
    study: Study, monkeypatch: pytest.MonkeyPatch
) -> None:
    look(study)
    (study.root / CACHE / "id").write_text("0" * 32 + "\n", encoding="ascii")
    assert reads(study, monkeypatch)


def test_a_file_that_changes_between_its_fingerprint_and_its_words_is_told(study: Study) -> None:
    look(study)
    snapshot = Snapshot(study)
    snapshot.fingerprint(SHEET)
    (study.root / SHEET).write_text("- turn: 3\n", encoding="utf-8")
    with pytest.raises(UserError) as told:
        snapshot.text(SHEET)
    assert told.value.problems[0].path == SHEET
    assert "changed while it was read" in told.value.problems[0].what


def test_so_is_one_that_goes_between_them(study: Study) -> None:
    """Its words are not none: a page without them would be taken for right."""
    look(study)
    snapshot = Snapshot(study)
    snapshot.fingerprint(SHEET)
    (study.root / SHEET).unlink()
    with pytest.raises(UserError) as told:
        snapshot.text(SHEET)
    assert "changed while it was read" in told.value.problems[0].what


def test_what_is_not_held_any_more_is_read_again_and_must_be_what_it_was(
    study: Study, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(layout, "HELD", 12)
    snapshot = Snapshot(study)
    for path in (SHEET, "pipeline.yaml", SHEET):
        assert snapshot.bytes(path) == (study.root / path).read_bytes()
    (study.root / "pipeline.yaml").write_text("study: Rain\n", encoding="utf-8")
    assert snapshot.text(SHEET) == "- turn: 2\n", "what was read last is held"
    with pytest.raises(UserError) as told:
        snapshot.text("pipeline.yaml")
    assert "changed while it was read" in told.value.problems[0].what


def test_strict_reads_what_looks_untouched(analysed: StudyFolder) -> None:
    """Even where what was seen is wrong."""
    path = "data/derived/codebook.csv"
    analysed("run")
    derived = analysed.root / path
    right = derived.read_bytes()
    derived.write_bytes(right + b"x,,,,\n")
    study = Study(analysed.root)
    records = stage_records.load(study)
    records["initial-code"].made.saw(path, derived.stat())
    stage_records.save(study, records)
    assert "initial-code: fresh" in analysed("run").out
    assert derived.read_bytes() != right
    analysed("run", "--strict")
    assert derived.read_bytes() == right
