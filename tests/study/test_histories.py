"""Random histories of a study lose no coding, note, comment or blank line.

`benchmarks/histories.py` plays thousands.
"""

from __future__ import annotations

import os

import pytest
from histories import History

HISTORIES = 60
AT_A_TIME = 20


@pytest.mark.parametrize("first", range(0, HISTORIES, AT_A_TIME))
def test_nothing_that_a_person_wrote_is_lost_in_any_history(tmp_path, monkeypatch, first):
    monkeypatch.setenv("GTPIPE_CODER", "PM")
    shift = 0 if os.environ.get("CI") else int.from_bytes(os.urandom(4))
    base = tmp_path / "base"
    History(base, 0).make()
    for seed in range(first, first + AT_A_TIME):
        History(tmp_path / str(seed), seed + shift).play(base, 5)
