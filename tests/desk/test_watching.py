"""What another program writes while the desk is open is taken in, and never overwritten."""

from __future__ import annotations

import errno
import os

import pytest
from conftest import StudyFolder, hashes
from pilot import at_desk, pasted, seen

from gtpipe.desk import watching
from gtpipe.desk.sitting import Sitting
from gtpipe.model.problems import UserError, refusal
from gtpipe.store import placing
from gtpipe.store.layout import Study

SHEET = "data/initial-codes/jim.yaml"


async def code(pilot, label: str) -> None:
    await pilot.press("enter")
    await pasted(pilot, label)
    await pilot.press("enter")


def told(desk) -> str:
    return "\n".join(seen(desk))


def test_what_an_editor_saves_is_seen_and_kept_beside_what_is_typed(study: StudyFolder):
    async def edited_meanwhile(pilot, desk):
        sheet = study.read(SHEET)
        study.write(SHEET, sheet.replace("  codes: |\n", "  codes: |\n    by hand\n", 1))
        watching.look(desk)
        await pilot.pause()
        assert "by hand" in told(desk)
        assert f"{SHEET}: changed elsewhere, and read again." in told(desk)
        await code(pilot, "at the desk")
        watching.look(desk)  # what was written here is no news
        await pilot.pause()
        assert "changed elsewhere" not in told(desk)
        study.write(SHEET, study.read(SHEET) + "# a remark\n")
        await code(pilot, "and again")  # before anybody looked
        assert desk.sitting.look_around() == []

    at_desk(study.root, "jim", edited_meanwhile)
    sheet = study.read(SHEET)
    assert "  codes: |\n    by hand\n    at the desk\n    and again\n" in sheet
    assert sheet.endswith("# a remark\n")


def test_a_file_that_breaks_makes_the_desk_read_only_until_it_is_mended(coded: StudyFolder):
    async def broken_meanwhile(pilot, desk):
        sheet = coded.read(SHEET)
        coded.write(SHEET, sheet + "- broken:\n\tx\n")
        line = sheet.count("\n") + 2
        watching.look(desk)
        await pilot.pause()
        assert f"{SHEET}:{line}: this is not readable as YAML" in told(desk)
        assert "meeting around the ward" in told(desk)  # as it was
        await code(pilot, "refused")
        assert "\\n" not in told(desk)
        await pilot.press("escape", "u")
        assert coded.read(SHEET) == sheet + "- broken:\n\tx\n"
        coded.write(SHEET, sheet)
        watching.look(desk)
        await pilot.pause()
        assert "this is not readable" not in told(desk)
        assert f"{SHEET}: mended, and read again." in told(desk)
        await code(pilot, "taken")

    at_desk(coded.root, "jim", broken_meanwhile)
    assert "    taken\n" in coded.read(SHEET) and "refused" not in coded.read(SHEET)


def test_a_turn_corrected_elsewhere_is_read_as_it_is_now(study: StudyFolder):
    async def corrected_meanwhile(pilot, desk):
        await pilot.press("j", "end", "v", "b", "b")
        transcript = study.read("data/transcripts/jim.md")
        study.write("data/transcripts/jim.md", transcript.partition(" It was, like")[0] + "\n")
        watching.look(desk)
        await pilot.pause()
        assert desk.turn.text == "A bit."
        await code(pilot, "a bit")

    at_desk(study.root, "jim", corrected_meanwhile)
    assert "    a bit" in study.read(SHEET)


def test_a_transcript_that_goes_is_told_and_shown_as_it_was(study: StudyFolder):
    async def gone(pilot, desk):
        os.rename(study.root / "data/transcripts/jim.md", study.root / "jim.md")
        watching.look(desk)
        await pilot.pause()
        assert "The transcript of jim is gone" in told(desk)
        assert "met him around the ward" in told(desk)

    at_desk(study.root, "jim", gone)


def test_two_desks_at_one_study_see_each_other_and_take_back_their_own(study: StudyFolder):
    pat = Sitting.begin(Study(study.root), "jim", "PM")
    kit = Sitting.begin(Study(study.root), "jim", "KR")
    before = hashes(study.root, people_only=True)
    turn = pat.interview.at("2")
    pat.code(turn, "of pat")
    kit.code(turn, "of kit")
    assert kit.look_around() == [SHEET] and pat.look_around() == ["data/initial-codes/jim.KR.yaml"]
    kit.shows_others = pat.shows_others = True
    for one in (pat, kit):
        assert sorted(c.typed for c in one.codings_at("2")) == ["of kit", "of pat"]
    assert "of pat" in pat.undo() and "of kit" in study.read("data/initial-codes/jim.KR.yaml")
    assert "of kit" in kit.undo()
    assert hashes(study.root, people_only=True) == before
    same = Sitting.begin(Study(study.root), "jim", "PM")  # twice the same person
    same.code(turn, "here")
    pat.code(turn, "there")
    assert "    here\n    there\n" in study.read(SHEET)


def test_a_full_disk_is_told_and_nothing_is_lost(study: StudyFolder, monkeypatch):
    before = hashes(study.root)

    async def full(pilot, desk):
        make = placing.make

        def refuse(*arguments: object, **more: object) -> None:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

        monkeypatch.setattr(placing, "make", refuse)
        await code(pilot, "no room")
        assert "Nothing was written: No space left on device" in told(desk)
        assert hashes(study.root) == before
        monkeypatch.setattr(placing, "make", make)
        await pilot.press("enter")  # what was typed stands in the line still

    at_desk(study.root, "jim", full)
    assert "    no room\n" in study.read(SHEET)


@pytest.mark.parametrize("name", ["data/log.jsonl", "data/derived/x.csv", "data/.x.swp"])
def test_what_no_person_writes_is_not_looked_at(study: StudyFolder, name: str):
    sitting = Sitting.begin(Study(study.root), "jim")
    study.write(name, "x\n")
    assert sitting.look_around() == []


@pytest.mark.parametrize(
    "failure", [UserError(refusal("it broke")), OSError(errno.EIO, "It broke")]
)
def test_what_breaks_before_it_is_looked_into_is_told(coded: StudyFolder, monkeypatch, failure):
    """Of the other interviews the words are read when they are shown."""

    def breaks(*_):
        raise failure

    async def broken_unseen(pilot, desk):
        monkeypatch.setattr("gtpipe.desk.comparison.Comparison.views", breaks)
        monkeypatch.setattr("gtpipe.desk.code_book.CodeBook.lately", property(breaks))
        await pilot.resize_terminal(120, 40)
        assert "t broke" in told(desk)
        for keys in (["greater_than_sign"], ["o", "down"], ["escape", "enter"]):
            await pilot.press(*keys)
            assert "t broke" in told(desk) or keys[0] == "o"
        assert desk.failed is None

    at_desk(coded.root, "jim", broken_unseen, size=(80, 24))
