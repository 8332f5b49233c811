"""A withdrawal killed at any call that changes a disk leaves the old study or the new one."""

from __future__ import annotations

import contextlib
import shutil

from conftest import hashes
from six_words import said_by, still_there
from test_kill import Killed, Killing

from gtpipe.cli import main
from gtpipe.store import placing


def test_killed_at_any_step_it_is_the_old_study_or_the_new(analysed, monkeypatch):
    """After the next `run`; and where it is the new one, nothing of them is left anywhere."""
    runs = said_by(analysed.root, "P", "jim")
    shutil.rmtree(analysed.root / "in")
    kept = analysed.root.parent / "kept"
    shutil.copytree(analysed.root, kept)

    def held() -> dict[str, str]:
        found = hashes(analysed.root)
        found.pop("data/log.jsonl")
        return found

    old = held()
    ends = []
    # Behind the decision pages are laid out, step by step: there every twelfth is tried.
    at = 0
    while True:
        at += 12 if ends[-2:] == [True, True] else 1
        shutil.rmtree(analysed.root)
        shutil.copytree(kept, analysed.root)
        with monkeypatch.context() as patched:
            killing = Killing(patched, at)
            with contextlib.suppress(Killed):
                analysed("withdraw", "jim", "--why", "asked", "--yes")
        if not killing.dead:
            break
        main(["undo", "--dry-run"])  # takes the lock, and changes nothing
        assert main(["run"]) == 0
        now = held()
        is_new = "data/withdrawn.csv" in now
        ends.append(is_new)
        if is_new:
            assert not still_there(analysed.root, runs)
        else:
            assert now == old
        assert not [path for path in analysed.root.rglob("*") if placing.is_temporary(path.name)]
        new = now if is_new else None
    assert held() == new and {*ends} == {False, True}  # caches are written when the clock says so
