"""The page of the theory: pictures that lead on and are told in words, and what theory.md says."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from conftest import THEORY
from links import broken, read, text

REPORT = "data/derived/report"


def reported(study, *options: str) -> Path:
    study.ok("report", *options)
    return study.root / REPORT


@pytest.fixture
def page(analysed):
    return read(reported(analysed), "theory.html")


def under(page, id: str) -> str:
    (section,) = page.xpath(f"//*[@id='{id}']")
    return text(section)


@pytest.mark.parametrize("figure", ["model", "data-structure"])
def test_a_picture_says_in_words_what_it_shows(page, figure):
    (svg,) = page.xpath(f"//*[local-name()='svg'][contains(@aria-labelledby, '{figure}-title')]")
    told = text(svg.xpath("./*[local-name()='desc']")[0])
    for label in ("easy beginnings", "minding the money", "becoming believable"):
        assert label in told
        assert label in " ".join(svg.xpath(".//*[local-name()='text']/text()"))
    captions = [text(one) for one in page.xpath("//figcaption//p")]
    assert told in captions


def test_every_node_of_the_model_leads_on(page, analysed):
    links = page.xpath("//*[local-name()='svg'][1]//*[local-name()='a']/@href")
    assert [one for one in links if one.startswith("focused-codes/easy-beginnings")]
    assert [one for one in links if one.startswith("categories/keeping-hours")]
    assert "#relation-1" in links
    assert broken(analysed.root / REPORT) == []


def test_it_says_what_theory_md_says(page, analysed):
    """Every sentence and extract of the text, but for its marks of Markdown."""
    shown = re.sub(r"\W+", " ", text(page))
    lines = analysed.read("data/derived/theory.md").splitlines()
    said = [re.sub(r"^[>#*\s—]+|\*\*.*?\*\*:?|\\", "", line).strip() for line in lines]
    front = re.compile(r"^(Because|Hypothesis|Part of|Led to|Memo|Subcategories|Support): ")
    for line in filter(None, said):
        words = re.sub(r"\W+", " ", front.sub("", line)).strip()
        if words in ("Contradiction", "Support", "Relations") or words.startswith("2026 03 21"):
            continue  # headings, and a memo that is called by its title here
        for part in re.split(r"(?<=qualified) | PM$", words):
            assert part.casefold() in shown.casefold(), line


def test_for_and_against_stand_beside_each_other(page):
    relation = page.xpath("//section[@id='relation-1']")[0]
    support, against = relation.xpath("./div[@class='for-and-against']/div")
    assert "She just sat down" in text(support)
    assert "awkward" in text(against)
    assert "nobody was sent" in text(relation)
    assert [text(one) for one in relation.xpath(".//p/a")] == ["Paid to be nice"]
    assert "No support yet." in under(page, "relation-2")


def test_negative_cases_and_searches(page):
    said = text(page)
    assert "belief has hours" in said
    assert "No negative case recorded (PM looked on 2026-04-02)." in said
    looked = page.xpath("//h2[@id='looked-for']/following-sibling::ul/li")
    assert [text(one) for one in looked] == [
        "keeping hours: PM looked on 2026-04-02; none recorded"
    ]


def test_without_words(analysed):
    report = reported(analysed, "--words", "no")
    said = text(read(report, "theory.html"))
    for words in ("She just sat down", "awkward", "nobody was sent", "belief has hours"):
        assert words not in said
    assert "easy beginnings opens the way to becoming believable" in said
    assert "jim 4" in said
    assert broken(report) == []


def test_a_study_without_theory(coded):
    said = text(read(reported(coded), "theory.html"))
    assert "No category yet." in said
    assert "No relation yet." in said


def test_categories_that_are_part_of_each_other(analysed):
    theory = THEORY.replace(
        "- category: becoming believable\n",
        "- category: becoming believable\n  part-of: keeping hours\n",
    )
    analysed.write("data/theory.yaml", theory)
    report = reported(analysed)
    assert "opens the way to" in text(read(report, "theory.html"))
    assert broken(report) == []


def test_labels_that_would_be_markup(analysed):
    label = '</svg><script>alert("1")</script>'
    analysed.write("data/theory.yaml", THEORY.replace("becoming believable", f"'{label}'"))
    report = reported(analysed)
    page = read(report, "theory.html")
    assert not page.xpath("//script[not(@src)]")
    assert len(page.xpath("//*[local-name()='svg']")) == 2
    assert label in text(page)
    assert broken(report) == []
