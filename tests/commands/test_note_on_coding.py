"""A note on a coding that stands there already: written, changed, taken out; other lines stay."""

from __future__ import annotations

import pytest

from gtpipe.commands.note_on_coding import put_note
from gtpipe.model.problems import UserError
from gtpipe.store.layout import Study
from gtpipe.study import load

SHEET = "data/initial-codes/jim.yaml"


def coding(study, label):
    corpus = load(Study(study.root))
    return next(c for c in corpus.codings if (c.interview, c.code) == ("jim", label))


def test_a_note_is_written_below_its_code_changed_and_taken_out(coded):
    before = coded.read(SHEET)
    study = Study(coded.root)
    pay = coding(coded, "noticing the pay")
    assert put_note(study, pay, "not yet\nsaid aloud")
    noted = before.replace(
        "    noticing the pay\n", "    noticing the pay\n      not yet\n      said aloud\n"
    )
    assert coded.read(SHEET) == noted
    assert not put_note(study, coding(coded, "noticing the pay"), "not yet\nsaid aloud")
    assert put_note(study, pay, "# unsure <- ")
    assert "    noticing the pay\n      # unsure <-\n" in coded.read(SHEET)
    assert put_note(study, pay, "")
    assert coded.read(SHEET) == before
    coded.ok("undo")
    assert "# unsure" in coded.read(SHEET)


def test_a_note_in_the_middle_of_a_sheet_with_other_line_ends(coded):
    sheet = coded.read(SHEET).replace("\n", "\r\n")
    coded.write(SHEET, sheet)
    put_note(Study(coded.root), coding(coded, "it went from there"), "active, rather")
    assert coded.read(SHEET) == sheet.replace("passive? ask again", "active, rather")


def test_a_coding_that_is_gone_gets_no_note(coded):
    pay = coding(coded, "noticing the pay")
    coded.write(SHEET, coded.read(SHEET).replace("    noticing the pay\n", ""))
    before = coded.hashes()
    with pytest.raises(UserError, match="does not stand at jim 4 any more"):
        put_note(Study(coded.root), pay, "too late")
    assert coded.hashes() == before
