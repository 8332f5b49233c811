"""What programs read off the pages is what stands in the study: every coding, every word. Nothing
of gtpipe reads here: lxml, csv and a few lines.
"""

from __future__ import annotations

import csv
import re
from collections import Counter
from pathlib import Path

import lxml.html
import pytest
from benchmarks import analysis, generate
from browsing import copied_files
from conftest import ROOT, command

pytestmark = pytest.mark.xdist_group("counts")  # they share studies that take a while
STUDIES = {"one coder": {"seed": 1}, "two coders": {"seed": 2, "coders": 2}}


@pytest.fixture(scope="module")
def made(tmp_path_factory) -> dict[str, Path]:
    """Made-up studies of ten interviews, and this repository's own two, with their tables and
    pages.
    """
    folder = tmp_path_factory.mktemp("studies")
    for name, more in STUDIES.items():
        generate.generate(
            folder / name, interviews=10, turns=30, codings=500, codes=80, **{"coders": 1, **more}
        )
        analysis.add_analysis(folder / name, focused=8, categories=3, memos=5, seed=more["seed"])
    for name, study in (("root", ROOT), ("tea-round", ROOT / "examples/tea-round")):
        copied_files(study, folder / name)
    for study in folder.iterdir():
        for line in (["run"], ["report"]):
            ran = command(*line, cwd=study)
            assert ran.returncode == 0, ran.stderr
    return {study.name: study for study in folder.iterdir()}


def pages(study: Path, kind: str) -> dict[str, lxml.html.HtmlElement]:
    """The pages of a kind by what their heading says."""
    found = sorted((study / "data/derived/report" / kind).glob("*.html"))
    parsed = [lxml.html.parse(path).getroot() for path in found]
    return {page.findtext(".//h1"): page for page in parsed}


@pytest.mark.parametrize("name", [*STUDIES, "root", "tea-round"])
def test_the_codings_on_the_pages_of_interviews_are_those_of_the_codebook(made, name):
    study = made[name]
    places = {
        (one.get("data-code"), interview, one.get("data-at"), one.get("data-span"))
        for interview, page in pages(study, "interviews").items()
        for one in page.xpath("//*[@data-coder and @data-level='initial']")
    }
    on_pages = Counter(code for code, *_ in places)
    interviews = Counter(code for code, _ in {(code, interview) for code, interview, *_ in places})
    with open(study / "data/derived/codebook.csv", encoding="utf-8-sig", newline="") as table:
        rows = list(csv.DictReader(table))
    counted = {row["code"]: int(row["incidents"]) for row in rows if row["incidents"] != "0"}
    assert sum(counted.values()) >= 20 and dict(on_pages) == counted
    assert dict(interviews) == {
        row["code"]: int(row["interviews"]) for row in rows if row["incidents"] != "0"
    }


@pytest.mark.parametrize("name", [*STUDIES, "root", "tea-round"])
def test_each_code_has_its_incidents_on_its_page(made, name):
    study = made[name]
    with open(study / "data/derived/codebook.csv", encoding="utf-8-sig", newline="") as table:
        counted = {row["code"]: int(row["incidents"]) for row in csv.DictReader(table)}
    found = {
        code: len(page.xpath("//article[contains(@class, 'incident')]"))
        for code, page in pages(study, "codes").items()
    }
    assert found == counted


def spoken(transcript: str) -> list[str]:
    """The words of a transcript without its head, numbers, times and labels."""
    body = re.sub(r"\A---\n.*?\n---\n", "", transcript, flags=re.DOTALL)
    return re.sub(r"^\[\d+(?: [\d:]+)?\] [^:]+: ", "", body, flags=re.MULTILINE).split()


@pytest.mark.parametrize("name", [*STUDIES, "root", "tea-round"])
def test_the_words_of_each_interview_are_those_of_its_transcript(made, name):
    study = made[name]
    found = pages(study, "interviews")
    transcripts = sorted((study / "data/transcripts").glob("*.md"))
    assert sorted(found) == sorted(path.stem for path in transcripts)
    for path in transcripts:
        turns = found[path.stem].xpath("//*[@data-turn]//*[@data-words]")
        words = " ".join(turn.text_content() for turn in turns).split()
        assert words == spoken(path.read_text(encoding="utf-8")), path.name
