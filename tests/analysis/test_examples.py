"""What the example studies lay out, against what their rows come to by hand. That each of them runs
and is as it stands here, `tests/cli/test_docs.py` shows.
"""

from __future__ import annotations

import csv
import shutil

import pytest
from conftest import ROOT

from gtpipe.cli import main

EXAMPLES = ROOT / "examples"


def laid_out(example: str, procedure: str) -> list[dict[str, str]]:
    path = EXAMPLES / example / f"data/derived/procedures/{procedure}.csv"
    with path.open(encoding="utf-8", newline="") as file:
        return [*csv.DictReader(file)]


@pytest.fixture
def show(tmp_path, monkeypatch, capsys):
    """Rows of a procedure in a copy of the study on forms."""
    copy = shutil.copytree(EXAMPLES / "panel-forms", tmp_path / "panel-forms")
    monkeypatch.chdir(copy)

    def shown(*arguments: str) -> list[dict[str, str]]:
        assert main(["procedures", "show", "items", *arguments, "--format", "csv"]) == 0
        return [*csv.DictReader(capsys.readouterr().out.splitlines())]

    return shown


def test_items_are_counted_with_who_answered_and_the_mean_of_those_who_gave_a_number():
    """1.1: 4, 3, 4, 4, 4, 2, 2 = 23 of seven. 2.2: 3, 4, 3, 3 = 13 of four; one does not know, for
    one it is not relevant. Nine people; one refused the form, one did not send it back.
    """
    found = {row["item"]: row for row in laid_out("panel-forms", "items")}
    assert [(row["n"], row["important: n"], row["important: mean"]) for row in found.values()] == [
        ("7", "7", "3.29"),
        ("7", "7", "2.29"),
        ("7", "7", "3.86"),
        ("6", "4", "3.25"),
        ("7", "25", ""),
    ]
    assert [found["2.2"][f"happening: {said}"] for said in ("yes", "no", "dk", "nr")] == [
        *("1", "2", "2", "1")
    ]
    assert [row["top-three: yes"] for row in found.values()] == ["4", "3", "6", "4", "17"]


def test_what_people_put_first_comes_to_the_same_however_they_are_grouped(show):
    """2.1 of three volunteers: 4, 4, 4; of three readers: 4, 3, 4; of one of the council: 4."""
    rows = show("--by", "group")
    means = {row["group"]: row["important: mean"] for row in rows if row["item"] == "2.1"}
    assert means == {"council": "4.00", "reader": "3.67", "volunteer": "4.00"}
    for item in ("1.1", "1.2", "2.1", "2.2", "all items"):
        (whole,) = (row["top-three: yes"] for row in show() if row["item"] == item)
        parts = [row["top-three: yes"] for row in rows if row["item"] == item]
        assert sum(int(part or 0) for part in parts) == int(whole)


def test_each_source_is_counted_for_itself():
    """Of the literature 5 + 4 + 6 + 9 + 2 mentions of five codes, of the panel nine of seven; two
    labels stand in both.
    """
    page = (EXAMPLES / "two-lists/data/derived/procedures/mapping.md").read_text(encoding="utf-8")
    assert "| all | 5 | 26 | 7 | 9 |\n" in page and "| not mapped | 1 | 9 | 0 | 0 |\n" in page
    assert page.count("counted in each, never together") == 2


def test_both_sides_of_a_reading_stand_in_the_theory():
    theory = (EXAMPLES / "second-interviews/data/derived/theory.md").read_text(encoding="utf-8")
    assert "- reading: She hides from her father that the shop is hers.\n" in theory
    assert "  - hana-2 2: it was manners\n" in theory
