"""What goes out as tables, JSON and documents: a row for each coding, nothing a spreadsheet works
out, and the same bytes each time.
"""

from __future__ import annotations

import csv
import io
import json
import zipfile

import docx
import openpyxl
import pytest
from conftest import ROOT
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from gtpipe.exchange import registry
from gtpipe.render import study_json
from gtpipe.text import cells

KINDS = {"csv": "csv", "xlsx": "xlsx", "json": "json", "schema": "json", "md": "md", "docx": "docx"}
FORMULA = '=HYPERLINK("http://x")'


def exported(study, kind: str, *more: str, name: str = "out") -> bytes:
    path = f"{name}.{KINDS[kind]}"
    study.ok("export", kind, "--output", path, *more)
    return (study.root / path).read_bytes()


def rows(content: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(content.decode(), newline="")))


@pytest.fixture
def told(analysed):
    """The same, with attributes, and what a spreadsheet would take for formulas."""
    analysed.write("data/participants.csv", f'participant,age,code\njim,34,-\neve,"{"@SUM"}",-7\n')
    analysed.ok("code", "eve", "4", FORMULA, "--note", "- or is it?")
    return analysed


@pytest.mark.parametrize("kind", KINDS)
def test_the_same_study_gives_the_same_bytes(analysed, kind):
    assert exported(analysed, kind) == exported(analysed, kind, name="again")


def test_a_row_for_each_coding_with_what_is_known_of_who_speaks(told):
    found = rows(exported(told, "csv"))
    assert [*found[0]] == [
        *("interview", "turn", "line", "participant", "age", "attribute: code"),
        *("coder", "level", "code", "words", "note"),
    ]
    assert [(r["interview"], r["turn"], r["level"], r["code"], r["words"]) for r in found] == [
        (
            *("jim", "2", "initial", "meeting around the ward"),
            "Well, er, I met him around the ward (laugh)\nand it went from there.",
        ),
        ("jim", "2", "initial", "it went from there", "it went from there"),
        (
            *("jim", "4", "initial", "noticing the pay"),
            "A bit. It was, like, a *bit* [pause 3s] awkward.\n\nHim being paid and that. <laughs>",
        ),
        ("eve", "2", "initial", "meeting around the ward", "She just sat down"),
        ("eve", "4", "initial", "noticing the pay", "She goes home at five. I don't."),
        ("eve", "4", "initial", f"'{FORMULA}", "She goes home at five. I don't."),
        ("eve", "2", "focused", "easy beginnings", "She just sat down"),
    ]
    transcript = told.read("data/transcripts/jim.md").split("\n")
    assert transcript[int(found[0]["line"]) - 1].startswith("[2] P: Well, er")
    assert found[0]["age"] == "34" and found[0]["coder"] == "PM"
    assert found[1]["note"] == "passive? ask again"


def test_no_cell_is_a_formula(told):
    """In CSV an apostrophe stands in front; a number stays one. In a workbook cells are text, and
    stay so when they are edited.
    """
    (row,) = (row for row in rows(exported(told, "csv")) if "HYPERLINK" in row["code"])
    assert (row["code"], row["note"]) == (f"'{FORMULA}", "'- or is it?")
    assert (row["age"], row["attribute: code"]) == ("'@SUM", "-7")
    sheet = openpyxl.load_workbook(io.BytesIO(exported(told, "xlsx")))["codings"]
    found = {cell.value: cell for line in sheet.iter_rows(min_row=2) for cell in line}
    for words in (FORMULA, "- or is it?", "@SUM"):
        assert found[words].data_type == "s" and found[words].quotePrefix
    assert not found["noticing the pay"].quotePrefix


@given(st.text("'=+-@\t\r\n＝ 5.,a", max_size=6))
def test_a_cell_made_harmless_comes_back(cell):
    harmless = cells.neutral(cell)
    assert cells.as_typed(harmless) == cell
    assert harmless[:1] not in ("=", "+", "-", "@", "\t", "\r") or harmless[1:2].isdigit()


def test_the_table_is_read_back(told):
    exported(told, "csv")
    project = registry.read(told.root / "out.csv")
    assert [coding.words for coding in project.codings[1:2]] == ["it went from there"]
    assert FORMULA in [code.name for code in project.codes]


def test_the_workbook_has_the_codes_with_what_they_stand_under(analysed):
    book = openpyxl.load_workbook(io.BytesIO(exported(analysed, "xlsx")))
    assert book.sheetnames == ["codings", "code book"]
    header, *found = book["code book"].iter_rows(values_only=True)
    assert header[:3] == ("level", "code", "definition") and header[-1] == "under"
    assert [(row[0], row[1], row[-1]) for row in found] == [
        ("category", "becoming believable", None),
        ("category", "keeping hours", "becoming believable"),
        ("focused", "easy beginnings", "becoming believable"),
        ("focused", "minding the money", "keeping hours"),
        ("initial", "meeting around the ward", "easy beginnings"),
        ("initial", "it went from there", None),
        ("initial", "noticing the pay", "minding the money"),
    ]


@pytest.mark.parametrize("more", [(), ("--without-words",), ("--only", "jim")])
def test_the_json_is_as_its_schema_says(told, more):
    told.ok("codes", "park", "noticing the pay", "--why", "later")
    schema = json.loads(exported(told, "schema", name="schema"))
    Draft202012Validator.check_schema(schema)
    found = json.loads(exported(told, "json", *more))
    Draft202012Validator(schema).validate(found)
    assert found["format"] == study_json.FORMAT and found["version"] == study_json.VERSION
    assert bool(found["words"]) == (more != ("--without-words",))


def test_the_json_names_no_key_that_the_schema_does_not(told):
    """A schema that says of every object what it holds, and no more, still fits."""
    schema = json.loads(exported(told, "schema", name="schema"))
    strict = json.loads(json.dumps(schema), object_hook=_closed)
    Draft202012Validator(strict).validate(json.loads(exported(told, "json")))


def _closed(value: dict[str, object]) -> dict[str, object]:
    is_open = "required" in value and "properties" in value
    return {**value, "additionalProperties": False} if is_open else value


def test_places_in_the_json_are_the_words(analysed):
    found = json.loads(exported(analysed, "json"))
    turns = {
        (one["name"], turn["turn"]): turn["words"]
        for one in found["interviews"]
        for turn in one["turns"]
    }
    for one in found["codings"]:
        words = turns[one["interview"], one["turn"]]
        assert words[slice(one["start"], one["end"])] == one["words"]
    assert found["relations"][0]["support"] == ['eve 2 "She just sat down"']
    assert found["memos"][0]["about"] == [
        *("noticing the pay", "eve 4", "focused: easy beginnings", "becoming believable")
    ]


@pytest.mark.parametrize("kind", KINDS)
def test_without_words_none_is_in_it(analysed, kind):
    content = exported(analysed, kind, "--without-words")
    if kind in ("xlsx", "docx"):
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            content = b"".join(map(archive.read, archive.namelist()))
    for words in (b"sat down", b"around the ward (laugh)", b"goes home", b"ask again", b"hours."):
        assert words not in content


def test_only_some_codes_or_interviews(analysed):
    found = rows(exported(analysed, "csv", "--only", "minding the money"))
    assert [(row["interview"], row["code"]) for row in found] == [
        ("jim", "noticing the pay"),
        ("eve", "noticing the pay"),
    ]
    found = json.loads(exported(analysed, "json", "--only", "eve"))
    assert [one["name"] for one in found["interviews"]] == ["eve"]
    assert {one["interview"] for one in found["codings"]} == {"eve"}
    assert [one["name"] for one in found["participants"]] == ["eve"]
    ran = analysed("export", "csv", "--output", "x.csv", "--only", "noticing the pax")
    assert ran.code == 1 and 'Did you mean "noticing the pay"?' in ran.err
    assert not (analysed.root / "x.csv").exists()


def test_documents_have_each_code_with_its_words(analysed):
    text = exported(analysed, "md").decode()
    assert "### noticing the pay\n\nNo definition yet.\n\n- Under: minding the money\n\n" in text
    assert "> it went from there\n>\n> — jim 2 · PM · passive? ask again\n" in text
    assert "a \\*bit\\* [pause 3s] awkward." in text  # as it was typed, not in italics
    document = docx.Document(io.BytesIO(exported(analysed, "docx")))
    shown = [(one.style.name, one.text) for one in document.paragraphs if one.text]
    assert shown[0] == ("Title", "Peer support at work")
    assert ("Heading 2", "noticing the pay") in shown
    assert ("Quote", "it went from there\n— jim 2 · PM · passive? ask again") in shown


def test_the_root_study_goes_out(tmp_path, capsys, monkeypatch):
    from conftest import StudyFolder

    root = StudyFolder(ROOT, capsys, monkeypatch)
    for kind in ("csv", "json"):
        root.ok("export", kind, "--output", str(tmp_path / f"x.{kind}"))
    found = json.loads((tmp_path / "x.json").read_bytes())
    Draft202012Validator(json.loads(study_json.schema())).validate(found)
    assert len(rows((tmp_path / "x.csv").read_bytes())) == len(found["codings"])


def test_what_is_refused(analysed):
    ran = analysed("export", "csv", "--flat", "--output", "x.csv")
    assert ran.code == 2 and "--flat: a table of codings has codes side by side anyway" in ran.err
    ran = analysed("export", "csv", "--output", "x.xlsx")
    assert ran.code == 2 and "the name of a table of codings ends in .csv" in ran.err
    analysed.write("x.csv", "mine\n")
    assert analysed("export", "csv", "--output", "x.csv").code == 1
    assert analysed.read("x.csv") == "mine\n"
