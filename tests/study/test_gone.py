"""Who was removed by hand is seen too: what still quotes them is an error, and `run` mends it."""

from __future__ import annotations

import shutil

import pytest
from conftest import ROOT, StudyFolder
from six_words import said_by, still_there


def remove_jim(study: StudyFolder) -> None:
    for path in (
        "transcripts/jim.md",
        "sources/jim.txt",
        "ingested/jim.csv",
        "initial-codes/jim.yaml",
    ):
        (study.root / "data" / path).unlink()
    table = study.read("data/participants.csv")
    study.write("data/participants.csv", table.replace("jim\n", ""))
    shutil.rmtree(study.root / "in", ignore_errors=True)


def test_what_quotes_somebody_who_is_gone_is_an_error_and_run_takes_it_away(analysed):
    """Though the theory names them still, and so cannot be laid out."""
    runs = said_by(analysed.root, "P", "jim")
    remove_jim(analysed)
    assert "data/derived/compare/noticing-the-pay" in str(still_there(analysed.root, runs))
    ran = analysed("check")
    assert ran.code == 1 and "still quote somebody who is gone from the study." in ran.out
    ran = analysed("run")
    assert ran.code == 1 and 'no interview "jim"' in ran.err
    assert "Taken away, as it quotes what is gone from the study: data/derived/" in ran.err
    assert not {path for path in still_there(analysed.root, runs) if not path.startswith(".gtpipe")}
    assert "still quote" not in analysed("check").out
    assert not (analysed.root / "data/derived/theory.md").exists()


def test_where_nothing_names_them_all_is_laid_out_anew(coded):
    coded.ok("report")
    runs = said_by(coded.root, "P", "jim")
    remove_jim(coded)
    coded.ok("run")
    assert not still_there(coded.root, runs)
    assert (coded.root / "data/derived/theory.md").exists() and coded("check").code == 0


def test_a_page_that_a_person_keeps_there_is_told_and_left(coded):
    coded.write("data/derived/compare/my-notes.md", "jim 2 said it\n")
    remove_jim(coded)
    coded("run")
    ran = coded("check")
    assert (
        ran.code == 1 and "data/derived/compare/my-notes.md: this still quotes somebody" in ran.out
    )
    assert coded.read("data/derived/compare/my-notes.md") == "jim 2 said it\n"


@pytest.mark.parametrize("how", ["emptied", "taken out"])
def test_turns_that_are_emptied_or_taken_out_by_hand_are_seen(analysed, how):
    text = analysed.read("data/transcripts/eve.md")
    begin, end = text.index("[2"), text.index("[3")
    gone = text[begin : text.index("P:") + 2] + " (withdrawn)\n\n" if how == "emptied" else ""
    analysed.write("data/transcripts/eve.md", text[:begin] + gone + text[end:])
    assert "still quote" in analysed("check").out
    assert analysed("run").code == 1
    assert "still quote" not in analysed("check").out
    assert "She just sat down" not in str(
        [p.read_text() for p in (analysed.root / "data/derived").rglob("*.md")]
    )


def test_nothing_is_gone_from_the_study_that_comes_with_gtpipe(tmp_path, capsys, monkeypatch):
    shutil.copytree(ROOT / "data", tmp_path / "data")
    shutil.copy(ROOT / "pipeline.yaml", tmp_path)
    study = StudyFolder(tmp_path, capsys, monkeypatch)
    study.ok("run")
    assert "gone" not in study.ok("check")


def test_prose_that_names_an_incident_of_theirs_is_a_persons_and_stays(analysed):
    """What is laid out of it since quotes nobody, though it says `jim 4`."""
    text = analysed.read("data/focused-codes.yaml")
    prose = "because: it comes back in both, see jim 4"
    analysed.write("data/focused-codes.yaml", text.replace("because: it comes back in both", prose))
    analysed.ok("run")
    analysed.ok("report")
    shutil.rmtree(analysed.root / "in")
    assert analysed("withdraw", "jim", "--why", "asked", "--yes").code == 0
    analysed.ok("report")
    for _ in range(2):
        assert "Taken away" not in analysed("run").err
        assert "see jim 4" in analysed.read("data/derived/theory.md")
        assert (analysed.root / "data/derived/report/index.html").exists()
        assert analysed("check").code == 0
    shutil.rmtree(analysed.root / ".gtpipe")  # as in a new clone
    assert "still quote" in analysed("check").out
    assert "Taken away" not in analysed("run").err and analysed("check").code == 0
