"""One person at one study: acts are those of the commands, and what the files say after each is
what a fresh look at them says.
"""

from __future__ import annotations

import pytest
from conftest import StudyFolder, hashes

from gtpipe.desk.sitting import Place, Sitting
from gtpipe.model.problems import UserError
from gtpipe.store.layout import Study
from gtpipe.study import load


def sitting_at(study: StudyFolder, name: str = "") -> Sitting:
    return Sitting.begin(Study(study.root), name)


def is_as_the_files_say(sitting: Sitting) -> bool:
    fresh = load(sitting.study)
    now = sitting.corpus
    return (now.codings, now.unreadable, now.coded[1], now.material.sheets) == (
        fresh.codings,
        fresh.unreadable,
        fresh.coded[1],
        fresh.material.sheets,
    )


def at(sitting: Sitting, turn: str) -> list[str]:
    return [coding.typed for coding in sitting.codings_at(turn)]


def test_a_code_is_a_line_in_the_sheet(study: StudyFolder):
    sitting = sitting_at(study, "jim")
    turn = sitting.interview.at("2")
    words = sitting.words(turn, (turn.text.index("it went"), len(turn.text)))
    assert sitting.code(turn, "falling into it", words, "by itself?") == 'Coded "falling into it".'
    sheet = study.read("data/initial-codes/jim.yaml")
    assert '    falling into it <- "it went from there."\n      by itself?\n' in sheet
    assert at(sitting, "2") == ["falling into it"]
    assert is_as_the_files_say(sitting)
    assert sitting.code(turn, "falling into it", words, "by itself?").endswith("already.")
    assert "counts for no participant" in sitting.code(sitting.interview.at("3"), "asking on")


def test_each_act_is_seen_at_once_and_taken_back_to_the_byte(coded: StudyFolder):
    sitting = sitting_at(coded, "jim")
    before = hashes(coded.root, people_only=True)
    turn = sitting.interview.at("4")
    sitting.code(turn, "minding")
    (coding,) = (one for one in sitting.mine if one.code == "minding")
    sitting.recode(coding, "minding more")
    (coding,) = (one for one in sitting.mine if one.code == "minding more")
    sitting.tie(coding, "awkward")
    (coding,) = (one for one in sitting.mine if one.code == "minding more")
    assert sitting.span_at(coding, "4") is not None
    sitting.loosen(coding)
    sitting.define("minding more", "what it is")
    (coding,) = (one for one in sitting.mine if one.code == "minding more")
    sitting.drop(coding)
    assert "minding more" not in at(sitting, "4")
    assert is_as_the_files_say(sitting)
    for _ in range(6):
        sitting.undo()
        assert is_as_the_files_say(sitting)
    assert hashes(coded.root, people_only=True) == before
    sitting.redo()
    assert "minding" in at(sitting, "4")


def test_another_coders_codes_are_hidden_and_not_changed_here(coded: StudyFolder):
    coded.ok("code", "jim", "2", "her view", "--by", "KR")
    sitting = sitting_at(coded, "jim")
    assert "her view" not in at(sitting, "2")
    sitting.shows_others = True
    (hers,) = (one for one in sitting.codings_at("2") if one.coder == "KR")
    with pytest.raises(UserError, match="is a code of KR"):
        sitting.drop(hers)


def test_one_goes_on_where_one_left_in_the_interview_of_the_last_time(study: StudyFolder):
    sitting = sitting_at(study, "eve")
    sitting.move("4", 3)
    sitting.leave()
    assert sitting_at(study).place == Place("eve", "4")
    assert sitting_at(study, "jim").place == Place("jim", "2")


def test_back_leads_where_one_jumped_from_and_forward_there_again(study: StudyFolder):
    sitting = sitting_at(study, "eve")
    sitting.move("4", 3)
    sitting.go(Place("jim", "4"))
    assert sitting.interview.name == "jim"
    assert sitting.back() and sitting.place == Place("eve", "4", 3)
    assert not sitting.back()
    assert sitting.forward() and sitting.place == Place("jim", "4")


def test_a_sheet_that_breaks_makes_it_read_only_until_it_is_mended(coded: StudyFolder):
    sitting = sitting_at(coded, "jim")
    sheet = coded.read("data/initial-codes/jim.yaml")
    coded.write("data/initial-codes/jim.yaml", sheet + "- turn: [\n")
    sitting.refresh()
    assert sitting.broken is not None and sitting.broken.path == "data/initial-codes/jim.yaml"
    with pytest.raises(UserError):
        sitting.code(sitting.turn, "not now")
    coded.write("data/initial-codes/jim.yaml", sheet)
    sitting.refresh()
    assert sitting.broken is None
    sitting.code(sitting.turn, "now")
    assert is_as_the_files_say(sitting)


def test_what_stands_there_several_times_is_no_stretch(study: StudyFolder):
    sitting = sitting_at(study, "jim")
    turn = sitting.interview.at("4")
    bit = turn.text.index("bit")
    with pytest.raises(UserError) as refused:
        sitting.words(turn, (bit, bit + 3))
    assert 'contains "bit" 2 times' in refused.value.problems[0].what


def test_one_begins_where_it_was_left_or_where_no_code_of_ones_own_is(coded: StudyFolder):
    study = Study(coded.root)
    Sitting.begin(study, "jim").leave()
    coded.ok("code", "jim", "4", "another")
    assert Sitting.begin(study).place[:2] == ("jim", "2")
    coded.ok("codes", "drop", "noticing the pay", "--at", "jim 4", "--why", "no")
    coded.ok("codes", "drop", "another", "--at", "jim 4", "--why", "no")
    assert Sitting.begin(study, "jim").place[:2] == ("jim", "2")
    assert Sitting.begin(study, "jim", uncoded=True).place[:2] == ("jim", "4")
    assert Sitting.begin(study, uncoded=True).place[:2] == ("jim", "4")
    coded.ok("code", "jim", "2-4", "told over several turns")
    assert Sitting.begin(study, uncoded=True).place[:2] == ("jim", "2")
