"""`gtpipe codes import` and `codes export`: definitions are added where none stands, and nothing
that stands is changed.
"""

from __future__ import annotations

import csv
import io
from pathlib import Path

import openpyxl
import pytest
from conftest import PIPELINE, StudyFolder

from gtpipe.formats import codebook

TABLE = """\
code,definition,include,exclude
noticing the pay,wages come up,what is earned,
meeting around the ward,where it began,,arranged meetings
saying nothing,,,
"waiting, a lot",time that nobody fills,,
"""
DEFINE = (
    *("codes", "define", "noticing the pay", "- wages"),
    *("--include", "=sums", "--exclude", "x"),
)


def defined(study) -> dict[str, tuple[str, str, str]]:
    codes, problems = codebook.loads(study.read("data/codebook.yaml"))
    assert not problems
    return {label: (one.definition, one.include, one.exclude) for label, one in codes.items()}


@pytest.fixture
def other(tmp_path, capsys, monkeypatch) -> StudyFolder:
    """Another study, without a code."""
    study = StudyFolder(tmp_path / "other", capsys, monkeypatch)
    study.write("pipeline.yaml", PIPELINE)
    return study


def workbook(study, rows: list[list[str]], name: str = "codes.xlsx") -> None:
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    book.save(study.root / name)


def test_definitions_are_added_where_none_stands_and_differences_are_shown(coded):
    before = coded.read("data/codebook.yaml")
    coded.write("codes.csv", TABLE)
    ran = coded("codes", "import", "codes.csv", "--by", "KR", "--why", "of the pilot study")
    assert ran.code == 0, ran.err
    assert ran.out == (
        "codes.csv: 2 codes new in the code book: saying nothing, waiting, a lot\n"
        "codes.csv: 2 codes defined, where nothing was said: "
        "noticing the pay, meeting around the ward\n"
        "1 code defined otherwise; what stands here stays:\n"
        "code                     field       here                                   codes.csv\n"
        "meeting around the ward  definition  first contact outside any appointment  "
        "where it began\n"
    )
    assert defined(coded) == {
        "meeting around the ward": (
            *("first contact outside any appointment", "", "arranged meetings"),
        ),
        "noticing the pay": ("wages come up", "what is earned", ""),
        "saying nothing": ("", "", ""),
        "waiting, a lot": ("time that nobody fills", "", ""),
    }
    assert coded.read("data/codebook.yaml").startswith(before.rstrip())
    assert '"command": "codes import codes.csv", "by": "KR"' in coded.read("data/log.jsonl")


def test_a_second_import_changes_nothing(coded):
    coded.write("codes.csv", TABLE)
    coded.ok("codes", "import", "codes.csv")
    before = coded.hashes()
    assert coded.ok("codes", "import", "codes.csv").startswith("codes.csv: nothing to add\n")
    assert coded.hashes() == before


def test_a_dry_run_says_the_same_and_writes_nothing(coded):
    coded.write("codes.csv", TABLE)
    before = coded.hashes()
    ran = coded("codes", "import", "codes.csv", "--dry-run")
    assert ran.code == 0 and ran.err.endswith("Nothing was written.\n")
    assert coded.hashes() == before
    assert coded.ok("codes", "import", "codes.csv") == ran.out


def test_one_undo_takes_all_of_it_back(coded):
    before = coded.read("data/codebook.yaml")
    coded.write("codes.csv", TABLE)
    coded.ok("codes", "import", "codes.csv")
    coded.ok("undo")
    assert coded.read("data/codebook.yaml") == before


def test_a_workbook_with_the_headings_of_another_program(coded):
    workbook(
        coded, [["a title"], ["Tag", "Description", "Number"], ["noticing the pay", "- wages", "3"]]
    )
    ran = coded("codes", "import", "codes.xlsx")
    assert ran.code == 0, ran.err
    assert "columns that are not read: Number." in ran.err
    assert defined(coded)["noticing the pay"][0] == "- wages"


def test_focused_codes_and_categories_get_a_definition_and_none_is_made(analysed):
    analysed.write(
        "codes.csv",
        "level,code,definition,include\n"
        "focused,minding the money,what a wage does,pay\n"
        "category,keeping hours,belief has hours,\n"
        "focused,nobody's code,?,\n"
        ",easy beginnings,arranged by nobody,\n",
    )
    ran = analysed("codes", "import", "codes.csv")
    assert ran.code == 0, ran.err
    assert "focused: minding the money, category: keeping hours" in ran.out
    assert "focused: easy beginnings  definition  a start that nobody arranged" in ran.out
    assert "focused codes that this study has not (1)" in ran.err
    assert "what belongs under focused codes and categories, and what not (1)" in ran.err
    assert "  definition: what a wage does\n" in analysed.read("data/focused-codes.yaml")
    assert "  definition: belief has hours\n" in analysed.read("data/theory.yaml")
    assert "nobody's code" not in analysed.read("data/codebook.yaml")


def test_an_old_label_is_the_code_it_is_called_now(coded):
    coded.ok("codes", "rename", "noticing the pay", "minding the pay", "--why", "more active")
    coded.write("codes.csv", TABLE)
    ran = coded("codes", "import", "codes.csv")
    assert '"noticing the pay" is called "minding the pay" here.' in ran.err
    assert defined(coded)["minding the pay"][0] == "wages come up"


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("x.csv", "code,definition\n,what?\nb,x\n", "x.csv:2: this row says what a code means"),
        ("x.csv", "code,definition\na,x\na,y\n", 'x.csv:3: "a" stands twice, and means two things'),
        ("x.csv", 'code,definition\n"a\nb",x\n', "x.csv:2: a label is one line"),
        ("x.csv", "code,definition,level\na,x,focussed\n", 'x.csv:2: "focussed" is no level'),
        ("x.csv", "code,definition\na,b\x07\n", "x.csv:2: there are control characters in its"),
        ("x.csv", "code,definition\na,x,y\nb,z\n", "x.csv:2: this row has 3 cells"),
        ("x.csv", "kode,farbe\na,rot\n", "x.csv:1: it is not clear which columns"),
        ("x.csv", "code,definition\n", "x.csv: there is no code in this file"),
        ("x.csv", "", "x.csv: this file is empty"),
        ("x.yaml", "- code: a\n- code: a\n", 'x.yaml:2: the code "a" stands twice'),
        ("x.yaml", "- code: a\n  defintion: x\n", "x.yaml:2: "),
        ("x.yaml", "- code: [a\n", "x.yaml:"),
        ("x.qdc", "<CodeBook>", "x.qdc: no program is known"),
        ("x.txt", "I: Well?\n", "no program is known that writes such a file"),
    ],
)
def test_a_file_that_is_wrong_is_refused_by_line_and_nothing_is_written(
    coded, name, content, message
):
    coded.write(name, content)
    before = coded.hashes()
    ran = coded("codes", "import", name)
    assert ran.code == 1 and message in ran.err, ran.err
    assert coded.hashes() == before


def test_all_that_is_wrong_is_said_at_once(coded):
    coded.write("x.csv", "code,definition\n,x\na,x\na,y\n")
    ran = coded("codes", "import", "x.csv")
    assert "x.csv:2: " in ran.err and "x.csv:4: " in ran.err


@pytest.mark.parametrize("ending", ["csv", "xlsx", "yaml", "qdc", "md"])
def test_the_same_study_gives_the_same_bytes(analysed, ending):
    for name in ("one", "two"):
        analysed.ok("codes", "export", "--output", f"{name}.{ending}")
    assert (analysed.root / f"one.{ending}").read_bytes() == (
        analysed.root / f"two.{ending}"
    ).read_bytes()


@pytest.mark.parametrize("ending", ["csv", "xlsx", "yaml", "qdc"])
def test_what_went_out_comes_in_and_says_nothing_new(analysed, ending):
    analysed.ok(
        "codes", "define", "noticing the pay", "- wages", "--include", "=sums", "--exclude", "x"
    )
    analysed.ok("codes", "park", "it went from there", "--why", "later")
    analysed.ok("codes", "export", "--output", f"x.{ending}")
    before = analysed.hashes()
    told = analysed.ok("codes", "import", f"x.{ending}")
    assert told.startswith(f"x.{ending}: nothing to add\n") and "otherwise" not in told
    assert analysed.hashes() == before


@pytest.mark.parametrize("ending", ["csv", "xlsx", "yaml", "qdc"])
def test_a_code_book_goes_from_study_to_study(analysed, other, tmp_path, ending):
    analysed.ok(
        "codes", "define", "noticing the pay", "- wages", "--include", "=sums", "--exclude", "x"
    )
    place = str(tmp_path / f"x.{ending}")
    analysed.ok("codes", "export", "--output", place)
    other.ok("codes", "import", place)
    found = defined(other)
    there = defined(analysed)
    definition, *criteria = found["noticing the pay"]
    assert criteria == ["=sums", "x"] and definition.endswith("- wages")
    if ending != "qdc":  # where the path to it stands in front
        assert {label: found[label] for label in there} == there


def test_what_is_exported(analysed):
    analysed.ok("codes", "export", "--output", "x.csv")
    rows = list(csv.DictReader(io.StringIO(analysed.read("x.csv"))))
    assert [(row["level"], row["code"], row["under"]) for row in rows][-2:] == [
        ("initial", "it went from there", ""),
        ("initial", "noticing the pay", "minding the money"),
    ]
    assert rows[2]["because"] == "holds in both accounts"
    analysed.ok("codes", "export", "--output", "y.csv", "--without-words")
    assert "holds in both" not in analysed.read("y.csv")
    ran = analysed("codes", "export", "--output", "x.yaml")
    assert ran.out == "x.yaml: 3 codes\n"
    assert ran.err == "Not in it: categories (2), focused codes (2).\n"
    analysed.ok("codes", "export", "--output", "x.md")
    assert "### easy beginnings\n\na start that nobody arranged\n" in analysed.read("x.md")


def test_where_a_code_book_does_not_go(analysed, other):
    ran = analysed("codes", "export", "--output", "x.txt")
    assert ran.code == 2 and "the name of a code book ends in .csv" in ran.err
    ran = analysed("codes", "export", "--output", "data/codebook.yaml", "--replace")
    assert ran.code == 1 and "the study's own files are there" in ran.err
    ran = other("codes", "export", "--output", "x.csv")
    assert ran.code == 1 and "No code yet" in ran.err and not Path(other.root, "x.csv").exists()


@pytest.mark.parametrize(
    "book",
    [
        "# mine\n- code: a\n\n# of b\n- code: b  # !\n  include: x\n- code: c\n",
        "-\n  code: a\n-\n  code: b\n  include: x\n-\n  code: c\n",
        "---\n  - include: x\n    code: b\n\n  - code: a\n  - code: c",
        "- code: b\r\n  include: x\r\n- code: a\r\n- code: c\r\n",
    ],
    ids=["remarks", "dashes", "indented", "windows"],
)
def test_many_definitions_are_written_into_a_book_however_it_is_laid_out(other, book):
    other.write("data/codebook.yaml", book)
    other.write("x.csv", "code,definition,exclude\na,first,\nb,second,y\nc,third,\nd,fourth,\n")
    other.ok("codes", "import", "x.csv")
    assert defined(other) == {
        "a": ("first", "", ""),
        "b": ("second", "x", "y"),
        "c": ("third", "", ""),
        "d": ("fourth", "", ""),
    }
    after = other.read("data/codebook.yaml").split("\n")
    assert [line for line in book.split("\n") if line not in after] == []
