"""Taking back at the desk: as many acts as were done, those of before the sitting too, and nobody
else's.
"""

from __future__ import annotations

import pytest
from conftest import StudyFolder, hashes

from gtpipe.desk.sitting import Sitting
from gtpipe.model.problems import UserError
from gtpipe.store import log
from gtpipe.store.layout import Study

SHEET = "data/initial-codes/jim.yaml"


def sitting_at(study: StudyFolder) -> Sitting:
    return Sitting.begin(Study(study.root), "jim")


def test_more_acts_are_taken_back_and_brought_back_than_the_cache_keeps(study: StudyFolder):
    before = hashes(study.root, people_only=True)
    sitting = sitting_at(study)
    acts = log.UNDONE_AT_MOST + 5
    for number in range(acts):
        sitting.code(sitting.turn, f"code {number}")
    after = hashes(study.root, people_only=True)
    for _ in range(acts):
        assert "before this sitting" not in sitting.undo()
    assert hashes(study.root, people_only=True) == before and sitting.mine == []
    for _ in range(acts):
        sitting.redo()
    assert hashes(study.root, people_only=True) == after and len(sitting.mine) == acts


def test_what_was_done_before_is_taken_back_where_the_file_stands_as_it_was_left(
    study: StudyFolder,
):
    study.ok("code", "eve", "4", "from the shell")
    study.ok("code", "jim", "4", "from the shell")
    sitting = sitting_at(study)
    told = sitting.undo()
    assert told == "Took back: code jim 4 'from the shell' (of before this sitting)"
    assert sitting.place[:2] == ("jim", "4")
    assert sitting.undo().startswith("Took back: code eve 4")
    assert sitting.place[:2] == ("eve", "4")
    assert "from the shell" not in study.read("data/initial-codes/eve.yaml")
    sitting.redo()
    sitting.redo()
    assert "    from the shell\n" in study.read(SHEET)


def test_what_somebody_changed_since_is_not_taken_back(study: StudyFolder):
    sitting = sitting_at(study)
    sitting.code(sitting.turn, "mine")
    study.write(SHEET, study.read(SHEET) + "# a remark\n")
    with pytest.raises(UserError, match="this file changed since"):
        sitting.undo()
    assert study.read(SHEET).endswith("# a remark\n") and "    mine\n" in study.read(SHEET)


def test_another_coders_acts_are_not_taken_back_nor_is_an_interview(study: StudyFolder):
    study.ok("code", "jim", "2", "his")
    study.ok("code", "jim", "2", "hers", "--by", "KR")
    study.write("in/ada.txt", "I: So?\n\nP: Well.\n")
    study.ok("ingest", "in/ada.txt")
    assert "his" in sitting_at(study).undo()
    assert (study.root / "data/transcripts/ada.md").exists()
    assert "initial-code" in sitting_at(study).undo()  # which made the empty sheets
    with pytest.raises(UserError, match="no change that could be taken back"):
        sitting_at(study).undo()
    assert "    hers\n" in study.read("data/initial-codes/jim.KR.yaml")
