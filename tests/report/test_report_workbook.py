"""The workbook of a report: its sheets say what the tables and files of the study say."""

from __future__ import annotations

import csv
import io

import pytest
from conftest import ROOT
from openpyxl import load_workbook

from gtpipe.render import report_workbook, workbooks
from gtpipe.store.layout import Study
from gtpipe.study import load

TITLES = [
    *("code book", "codings", "matrix", "focused codes", "categories", "relations"),
    *("negative cases", "memos", "comments", "sampling"),
]


def made(root, **how) -> dict[str, list[dict[str, object]]]:
    """The sheets as openpyxl reads them: title → rows by header; an empty cell is ''."""
    content, cut = workbooks.content_of(report_workbook.sheets(load(Study(root)), **how))
    assert not cut
    found = {}
    for sheet in load_workbook(io.BytesIO(content)):
        header, *rows = sheet.iter_rows()
        assert all(cell.data_type != "f" for row in rows for cell in row)
        names = [cell.value for cell in header]
        assert len(set(names)) == len(names)
        found[sheet.title] = [
            dict(
                zip(names, ("" if cell.value is None else cell.value for cell in row), strict=True)
            )
            for row in rows
        ]
    return found


def derived(root, name: str) -> list[dict[str, str]]:
    with open(root / "data/derived" / name, newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


@pytest.fixture
def commented(analysed):
    analysed.ok("comment", 'jim 2 "it went from there"', "who is it?", "--by", "KR")
    analysed.ok("comment", "noticing the pay", "whose pay?", "--by", "KR")
    analysed.ok(
        "sampling", "add", "someone unpaid", "--why", "all are paid", "--for", "keeping hours"
    )
    return analysed


@pytest.mark.parametrize("study", [ROOT, ROOT / "examples/tea-round"], ids=["root", "tea-round"])
def test_counts_are_those_of_the_derived_tables(study):
    sheets = made(study)
    assert list(sheets) == TITLES
    for title, name in (("code book", "codebook.csv"), ("focused codes", "focused-codes.csv")):
        table = derived(study, name)
        rows = [{key: str(row[key]) for key in table[0]} for row in sheets[title]]
        assert rows == table
    codings = load(Study(study)).codings
    assert len(sheets["codings"]) == len(codings)
    assert sum(row["codings"] for row in sheets["code book"]) == sum(
        coding.level == "initial" for coding in codings
    )


def test_a_coding_is_a_row_with_who_speaks_and_what_it_is_an_extract_of(analysed):
    analysed.write("data/participants.csv", "participant,age,code\njim,61,=1+1\neve,34,b\n")
    rows = made(analysed.root)["codings"]
    assert list(rows[0].values()) == [
        *("jim", "2026-03-02", "2", 10, "jim", "61", "=1+1", "PM", "initial"),
        *("meeting around the ward", "", "easy beginnings", "becoming believable", "yes"),
        *("Well, er, I met him around the ward (laugh)\nand it went from there.", ""),
    ]
    assert list(rows[0])[5:8] == ["age", "attribute: code", "coder"]
    vivo = rows[1]
    assert (vivo["code"], vivo["words"], vivo["note"], vivo["extract-of"], vivo["whole-turn"]) == (
        *("it went from there", "it went from there", "passive? ask again", "", ""),
    )
    assert [(row["interview"], row["extract-of"], row["categories"]) for row in rows[2:]] == [
        ("jim", "minding the money", "becoming believable; keeping hours"),
        ("eve", "easy beginnings", "becoming believable"),
        ("eve", "minding the money", "keeping hours"),
    ]


def test_the_matrix_says_how_many_and_what_stands_beside_them(analysed):
    rows = made(analysed.root)["matrix"]
    assert rows == [
        {"code": "easy beginnings", "eve": 1, "jim": "1; does not fit: jim 4"},
        {"code": "minding the money", "eve": 1, "jim": 1},
    ]


def test_theory_memos_comments_and_sampling_are_there(commented):
    sheets = made(commented.root)
    (one, _) = sheets["relations"]
    assert (one["support"], one["contradicted-by"]) == (
        'eve 2 "She just sat down"',
        'jim 4 "awkward"',
    )
    assert [row["category"] for row in sheets["categories"]] == [
        "becoming believable",
        "keeping hours",
    ]
    assert sheets["negative cases"][0]["note"] == "belief has hours"
    assert sheets["negative cases"][1]["incident"] == "nothing"
    (memo,) = sheets["memos"]
    assert memo["prose"] == "Jim minds the pay, Eve the hours.\nIs it one thing?"
    assert memo["about"] == "noticing the pay; eve 4; focused: easy beginnings; becoming believable"
    assert [row["comment"] for row in sheets["comments"]] == ["who is it?", "whose pay?"]
    assert [row["who"] for row in sheets["sampling"]] == ["someone unpaid"]


def test_without_words_no_stretch_note_or_prose_is_in_it(commented):
    sheets = made(commented.root, words=False)
    text = "\n".join(
        str(value) for rows in sheets.values() for row in rows for value in row.values()
    )
    for said in (
        *("She just sat down", "awkward", "She goes home at five", "and it went from there."),
        *("passive? ask again", "Jim minds the pay", "belief has hours", "who is it?"),
    ):
        assert said not in text
    assert not {"words", "note"} & sheets["codings"][0].keys()
    assert sheets["relations"][0]["support"] == "eve 2" and "jim 2" in text
    assert [row["comment"] for row in sheets["comments"]] == ["", "whose pay?"]


def test_the_same_study_gives_the_same_bytes():
    one, other = (workbooks.content_of(report_workbook.sheets(load(Study(ROOT)))) for _ in range(2))
    assert one == other
