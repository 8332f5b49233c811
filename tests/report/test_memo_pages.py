"""Memos as pages: their prose as it was written, what they are about, and what refers to them."""

from __future__ import annotations

from pathlib import Path

from conftest import MEMO
from links import broken, read, text

REPORT = "data/derived/report"
PAGE = "memos/2026-03-21-paid-to-be-nice.html"
LATER = """\
---
title: "<b>Again</b>"
date: 2026-04-01
kind: theoretical
about: |
  memo: 2026-03-21-paid-to-be-nice
  jim 4 "awkward"
  idea: belief has hours
---

First line,
<script>alert(1)</script> second line.

   Another paragraph.
"""


def reported(study, *options: str) -> Path:
    study.write("data/memos/2026-04-01-again.md", LATER)
    study.ok("report", *options)
    return study.root / REPORT


def test_memos_by_date(analysed):
    report = reported(analysed)
    rows = [[text(cell) for cell in row] for row in read(report, "memos.html").xpath("//tbody/tr")]
    assert [row[:4] for row in rows] == [
        ["2026-03-21", "Paid to be nice", "comparison", "PM"],
        ["2026-04-01", "<b>Again</b>", "theoretical", ""],
    ]
    assert rows[0][4] == "noticing the pay; eve 4; focused: easy beginnings; becoming believable"
    assert broken(report) == []


def test_prose_stands_as_it_was_written(analysed):
    report = reported(analysed)
    page = read(report, "memos/2026-04-01-again.html")
    (prose,) = page.xpath("//div[@class='prose']")
    paragraphs = [one.xpath(".//text()") for one in prose.xpath("./p")]
    assert paragraphs == [
        ["First line,", "<script>alert(1)</script> second line."],
        ["   Another paragraph."],
    ]
    assert not page.xpath("//script[not(@src)]")


def test_what_it_is_about_and_what_refers_to_it(analysed):
    analysed.ok("comment", "2026-03-21-paid-to-be-nice", "Say more", "--by", "KR")
    report = reported(analysed)
    page = read(report, PAGE)
    links = {text(one): one.get("href") for one in page.xpath("//dl[@class='facts']//a")}
    assert links["eve 4"] == "../interviews/eve.html#eve-4"
    assert links["becoming believable"].startswith("../categories/")
    assert links["<b>Again</b>"] == "2026-04-01-again.html" or links["<b>Again</b>"].endswith(
        "memos/2026-04-01-again.html"
    )
    assert links["easy beginnings opens the way to becoming believable"] == (
        "../theory.html#relation-1"
    )
    assert "Say more" in text(page)
    later = read(report, "memos/2026-04-01-again.html")
    about = {text(one): one.get("href") for one in later.xpath("//dl[@class='facts']//a")}
    assert about['jim 4 "awkward"'] == "../interviews/jim.html#jim-4"
    assert about["Paid to be nice"].endswith(PAGE)
    assert "idea: belief has hours" in text(later)


def test_the_diary_only_where_it_is_quotable(analysed):
    assert "Private" not in text(read(reported(analysed), "memos.html"))
    diary = "---\ndate: 2026-04-02\nby: PM\nquotable: true\n---\n\nI liked Jim.\n"
    analysed.write("data/diary/2026-04-02.md", diary)
    page = read(reported(analysed), "memos.html")
    assert "I liked Jim." in text(page)
    assert "Private" not in text(page)
    report = reported(analysed, "--words", "no")
    assert "I liked Jim." not in text(read(report, "memos.html"))


def test_without_words_no_prose_and_no_stretch(analysed):
    report = reported(analysed, "--words", "no")
    assert "Is it one thing" not in text(read(report, PAGE))
    later = text(read(report, "memos/2026-04-01-again.html"))
    assert "awkward" not in later
    assert "jim 4" in later


def test_a_study_without_memos_has_no_page_of_them(coded):
    coded.ok("report")
    report = coded.root / REPORT
    assert not (report / "memos.html").exists()
    assert broken(report) == []


def test_a_title_that_is_a_file_of_the_report(analysed):
    analysed.write("data/memos/index.md", MEMO)
    report = reported(analysed)
    assert broken(report) == []
    names = [path.name for path in (report / "memos").iterdir()]
    assert len(names) == 3
    assert "index.html" not in names
