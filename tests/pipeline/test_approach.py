"""`approach:` chooses words and stages; a stage without its line is off; files stay the same."""

from __future__ import annotations

import json
import shutil

import pytest
from conftest import PIPELINE, ROOT, command

from gtpipe.model.approach import APPROACHES, STAGES
from gtpipe.model.problems import UserError
from gtpipe.store import settings

REFLEXIVE = "approach: reflexive thematic analysis\n"
FOUR = "  focused-code: {}\n  memo: {}\n"
THEORY_FILES = ("theory.md", "theory.mmd", "theory.svg", "negative-cases.md", "sufficiency.csv")


def lines_of(status: str) -> list[str]:
    """The stages that `status` shows."""
    shown = status.partition("\n\n")[0].splitlines()[1:]
    return [line.split()[0] for line in shown]


@pytest.mark.parametrize("approach", APPROACHES)
def test_a_study_begins_with_the_lines_of_its_approach(empty, tmp_path, approach):
    empty.ok("init", str(tmp_path / "new"), "--approach", approach)
    text = (tmp_path / "new/pipeline.yaml").read_text()
    read = settings.loads(text)
    assert f"\napproach: {approach}\n" in text and read.approach is APPROACHES[approach]
    assert read.stages == APPROACHES[approach].stages
    status = empty("status", cwd=tmp_path / "new").out
    assert lines_of(status) == list(read.stages)
    assert ("theoretical-code" in status) == (approach != "reflexive thematic analysis")


def test_an_approach_that_is_none_is_told_with_the_nearest(empty, tmp_path):
    empty.write("pipeline.yaml", PIPELINE + "approach: reflexive thematic analyis\n")
    ran = empty("status")
    assert ran.code == 1
    assert (
        'pipeline.yaml:11: "reflexive thematic analyis" is no approach that gtpipe knows. '
        'Did you mean "reflexive thematic analysis"?' in ran.err
    )
    empty.write("pipeline.yaml", PIPELINE + "approach: astrology\n")
    assert (
        "Write constructivist grounded theory or reflexive thematic analysis or framework analysis"
        in empty("check").out
    )
    ran = empty("init", str(tmp_path / "new"), "--approach", "framework")
    assert ran.code == 2 and "framework analysis" in ran.err and not (tmp_path / "new").exists()


@pytest.mark.parametrize(
    ("listed", "on"),
    [
        ("", STAGES),
        ("stages: {}\n", STAGES),
        ("stages:\n  ingest: {}\n  initial-code: {}\n", STAGES),
        (f"stages:\n  ingest: {{}}\n  initial-code: {{}}\n{FOUR}", [*STAGES[:3], "memo"]),
        ("stages:\n  initial-code: {}\n  memo: {}\n", ["initial-code", "memo"]),
        (f"{REFLEXIVE}stages:\n  initial-code:\n", [*STAGES[:3], "memo"]),
        (f"{REFLEXIVE}stages:\n  theoretical-code: {{}}\n", ["theoretical-code"]),
    ],
)
def test_a_stage_without_its_line_is_off(listed, on):
    """Studies that were begun when only the first two stages had a line have all they had."""
    assert list(settings.loads("study: s\n" + listed).stages) == list(on)


def test_a_stage_that_is_off_is_not_seen_and_its_files_go_where_gtpipe_wrote_them(analysed):
    """Nor is what stands in its own file told: nobody builds on it."""
    before = analysed.hashes()
    analysed.write("pipeline.yaml", PIPELINE + FOUR)
    analysed.write("data/derived/notes.md", "mine\n")
    theory = analysed.read("data/theory.yaml")
    analysed.write("data/theory.yaml", theory.replace("easy beginnings", "easy beginings"))
    ran = analysed("run")
    assert "theoretical" not in ran.out and ran.code == 0
    assert ran.err.startswith(
        "Taken away, as their stage is off: data/derived/negative-cases.md, "
        "data/derived/sufficiency.csv, data/derived/theory.md and 2 more\n"
    )
    gone = {f"data/derived/{name}" for name in THEORY_FILES}
    now = analysed.hashes()
    assert {path for path in before if path not in now} == gone
    status, check = analysed.ok("status", "--all"), analysed.ok("check")
    for word in ("theor", "sufficiency", "no support"):
        assert word not in status and word not in check
    assert "Taken away" not in analysed("run").err
    refused = analysed("theoretical-code")
    assert refused.code == 1 and refused.err == (
        "The stage theoretical-code is off in pipeline.yaml. Under `stages:`, have a line for each "
        "stage that is to be on, as `theoretical-code: {}`.\n"
    )
    analysed.write("pipeline.yaml", PIPELINE + FOUR + "  theoretical-code: {}\n")
    analysed.write("data/theory.yaml", theory)
    analysed.ok("run")
    again = analysed.hashes()
    assert {path: again[path] for path in gone} == {path: before[path] for path in gone}


def test_what_a_person_put_under_the_name_of_a_page_stays(analysed):
    """In a clone nothing says who made a file, but how it begins."""
    shutil.rmtree(analysed.root / ".gtpipe")
    analysed.write("data/derived/sufficiency.csv", "my own table\n")
    analysed.write("data/derived/compare/focused/of-mine.md", "# Not a label\n")
    analysed.write("pipeline.yaml", PIPELINE + "  memo: {}\n")
    analysed.ok("run")
    left = {path.name for path in (analysed.root / "data/derived").rglob("*") if path.is_file()}
    assert {"sufficiency.csv", "of-mine.md", "memos.md", "codebook.csv"} <= left
    assert not left & {"theory.md", "theory.mmd", "theory.svg", "focused-codes.csv", "lineage.csv"}


def test_ingest_and_memo_may_be_off_too(analysed):
    analysed.write(
        "pipeline.yaml",
        PIPELINE.replace("  ingest: {}\n", "") + "  focused-code: {}\n  theoretical-code: {}\n",
    )
    analysed.write("data/sources/new.txt", "I: And?\n\nP: No.\n")
    ran = analysed("run")
    assert ran.code == 0 and "ingest" not in ran.out and "memo" not in ran.out
    status = analysed.ok("status")
    assert lines_of(status) == ["initial-code", "focused-code", "theoretical-code"]
    assert status.endswith("\nNothing waits for you.\n")  # the diary is of the stage of memos
    assert not (analysed.root / "data/derived/memos.md").exists()
    assert not (analysed.root / "data/transcripts/new.md").exists()


def test_a_reflexive_thematic_analysis_has_themes_and_no_code_book_to_fill(analysed):
    """The files are the same: only what is called what differs, and what is asked for."""
    analysed.write("data/comments.yaml", "- about: jim 4\n  by: KR\n  comment: Is it the pay?\n")
    focused = analysed.read("data/focused-codes.yaml").replace(
        "  because: it comes back in both\n", ""
    )
    analysed.write("data/focused-codes.yaml", focused)
    analysed.ok("run")
    tables = {
        name: analysed.read(f"data/derived/{name}")
        for name in ("codebook.csv", "focused-codes.csv", "lineage.csv", "not-taken-up.csv")
    }
    assert "1 focused code without a reason" in analysed.ok("status", "--all")
    analysed.write("pipeline.yaml", REFLEXIVE + PIPELINE)
    assert lines_of(analysed.ok("status")) == ["ingest", "initial-code", "focused-code", "memo"]
    analysed.ok("run")
    assert {name: analysed.read(f"data/derived/{name}") for name in tables} == tables
    memos = analysed.read("data/derived/memos.md")
    assert "## By theme\n" in memos and "## By overarching theme\n" in memos
    left = analysed.ok("status", "--all")
    assert "1 theme without a reason: minding the money" in left and "definition" not in left
    assert "definition" not in analysed.ok("check")
    assert 'the theme "minding the money" has no reason' in analysed.ok("check")
    assert "easy beginnings · theme\n" in analysed.ok("compare", "easy beginnings")
    assert analysed.ok("trace", "focused: easy beginnings").startswith("easy beginnings (theme)\n")
    assert analysed("comments").err == (
        "No figure of agreement between coders: in a reflexive thematic analysis a second reader "
        "enriches an interpretation, and there is no one right coding to agree on "
        "(Braun & Clarke 2021).\n"
    )
    assert json.loads(analysed.ok("comments", "--format", "json"))[0]["by"] == "KR"


def test_a_framework_analysis_has_main_themes_and_keeps_its_code_book(analysed):
    analysed.write("pipeline.yaml", "approach: framework analysis\n" + PIPELINE)
    analysed.ok("run")
    page = analysed.read("data/derived/theory.md")
    assert "\nSubthemes: keeping hours\n" in page and "ategor" not in page
    assert "## Does not fit the theme easy beginnings\n" in analysed.read(
        "data/derived/negative-cases.md"
    )
    assert "2 codes without a definition" in analysed.ok("status", "--all")
    assert analysed("comments").err == "No comment.\n"


def test_a_study_that_says_no_approach_is_one_of_grounded_theory(analysed):
    before = analysed.hashes()
    analysed.write("pipeline.yaml", "approach: constructivist grounded theory\n" + PIPELINE)
    analysed.ok("run")
    after = analysed.hashes()
    assert {path for path in before if after[path] != before[path]} == {"pipeline.yaml"}
    assert "## By focused code\n" in analysed.read("data/derived/memos.md")


def test_the_study_here_says_its_approach_and_its_stages():
    read = settings.loads((ROOT / "pipeline.yaml").read_text())
    assert read.approach.name == "constructivist grounded theory" and read.stages == STAGES
    shown = command("status", cwd=ROOT).stdout
    assert lines_of(shown) == list(STAGES)


def test_a_wrong_setting_and_a_wrong_approach_are_told_at_once():
    with pytest.raises(UserError) as told:
        settings.loads("study: s\napproach: [a, b]\nstages:\n  memos: {}\n")
    assert len(told.value.problems) == 2
