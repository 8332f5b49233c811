"""Procedures: what a study may ask for besides coding, each off until it has a reason."""

from __future__ import annotations

import csv
import io
import json

import openpyxl
import pytest
from conftest import hashes

from gtpipe.analysis.procedure_layouts import mean
from gtpipe.formats.procedures import loads, shipped

RESPONSES = """\
- about: "category: becoming believable"
  reading: a wage is told as a gift
  put-to: jim
  at: jim 2
  response: challenges
  words: |
    jim 4 "awkward"
  effect: kept, both stand
  by: PM
- about: jim 2
  put-to: advisory group 1
  response: adds
"""


@pytest.fixture
def on(analysed):
    """Switch procedures on, and write their rows."""

    def switch(name: str, **files: str):
        analysed.ok("procedures", "add", name, "--because", f"this study asks for {name}")
        for file, text in files.items():
            analysed.write(f"data/{file.replace('__', '/').replace('_', '.')}", text)
        return analysed

    return switch


def table(study, *arguments: str) -> list[list[str]]:
    shown = study.ok("procedures", "show", *arguments, "--format", "csv")
    return [*csv.reader(io.StringIO(shown))]


def waiting(study) -> str:
    return study.ok("status").partition("Waiting for you:")[2]


# --- on and off -----------------------------------------------------------------------------------


def test_what_there_is_is_listed_and_nothing_of_it_shows_before_it_is_on(analysed):
    before = hashes(analysed.root)
    listed = analysed.ok("procedures", "--format", "csv")
    assert {line.partition(",")[0] for line in listed.splitlines()[1:]} == {*shipped()}
    analysed.write("data/responses.yaml", "- nothing: of this\n")
    analysed.ok("run")
    assert analysed.ok("check") and "responses" not in analysed.ok("status")
    (analysed.root / "data/responses.yaml").unlink()
    assert {
        path: now for path, now in hashes(analysed.root).items() if before.get(path) != now
    } == {}


def test_it_is_switched_on_with_a_reason_and_off_by_taking_its_line_out(on):
    study = on("member-responses", responses_yaml=RESPONSES)
    assert "procedures:\n  member-responses: this study asks for" in study.read("pipeline.yaml")
    assert study("procedures", "add", "items").err.startswith("A procedure has a reason")
    assert "Did you mean" in study("procedures", "add", "item", "--because", "x").err
    assert "is on already" in study("procedures", "add", "member-responses", "--because", "x").err
    assert "Items is off in this study" in study("procedures", "show", "items").err
    study.ok("run")
    assert (study.root / "data/derived/procedures/member-responses.md").is_file()
    assert "Responses to becoming believable" in study.read("data/derived/theory.md")
    settings = study.read("pipeline.yaml").partition("procedures:")[0]
    study.write("pipeline.yaml", settings)
    study.ok("run")
    assert not [*(study.root / "data/derived/procedures").glob("*")]
    assert "Responses" not in study.read("data/derived/theory.md")


def test_a_procedure_that_is_none_and_one_without_a_reason_are_told_with_their_line(analysed):
    settings = analysed.read("pipeline.yaml")
    analysed.write("pipeline.yaml", settings + "procedures:\n  itms: because\n")
    line = settings.count("\n") + 2
    assert (
        f'pipeline.yaml:{line}: there is no procedure "itms". Did you mean' in analysed("check").out
    )
    analysed.write("pipeline.yaml", settings + "procedures:\n  items:\n")
    assert f"pipeline.yaml:{line}: the procedure" in analysed("check").out


# --- the layouts ----------------------------------------------------------------------------------


def test_responses_stand_under_what_they_are_about_and_in_the_theory_with_both_sides(on):
    study = on("member-responses", responses_yaml=RESPONSES)
    study.ok("run")
    page = study.read("data/derived/procedures/member-responses.md")
    assert "## category: becoming believable\n\n- reading: a wage is told as a gift\n" in page
    assert "- at: jim 2: Well, er, I met him around the ward (laugh) and it went from" in page
    assert "- words: jim 4: awkward\n- effect: kept, both stand\n" in page
    theory = study.read("data/derived/theory.md")
    both = "- reading: a wage is told as a gift\n- put-to: jim\n- at: jim 2"
    assert f"Responses to becoming believable:\n\n{both}" in theory
    assert "## Responses to other readings\n\n### jim 2\n\n- put-to: advisory group 1\n" in theory
    assert not {"%", "rate", "agreement"} & {*theory.split()}


def test_each_person_has_a_file_of_their_own_and_nobody_elses_is_read(on):
    study = on("member-responses", responses_yaml=RESPONSES)
    study.write("data/responses.KR.yaml", "- about: eve 2\n  put-to: eve\n  response: adds\n")
    assert [row[0] for row in table(study, "member-responses")][3:] == ["eve 2"]
    study.write("data/responses.XX.yaml", "")
    assert "data/responses.XX.yaml: nobody under `researchers`" in study("check").out
    study.write("data/responses.XX.yaml", b"\xff")
    told = study("check").out
    assert "data/responses.XX.yaml:1: this line is not UTF-8" in told


def test_a_challenge_without_what_came_of_it_waits(on):
    study = on(
        "member-responses", responses_yaml=RESPONSES.replace("  effect: kept, both stand\n", "")
    )
    told = "member-responses: 1 response without effect: category: becoming believable"
    assert told in waiting(study)
    study.write("data/responses.yaml", RESPONSES)
    assert "response" not in waiting(study)


PEOPLE = "participant,role,site\n" + "".join(
    f"p{n},{'worker' if n < 4 else 'manager'},{'north' if n % 2 else 'south'}\n"
    for n in range(1, 7)
)
ASKED = "".join(f"- item: {n}.1\n  domain: {n}\n  asks: Is {n} so?\n" for n in range(1, 9))
# Worked out by hand: item → what p1 … p6 said is important ("": nothing), and who has it on top.
IMPORTANT = {
    1: ("4 4 3 2 2 1", "1 2 3"),
    2: ("3 3 3 3 3 3", "1 4"),
    3: ("1 dk 2 nr 4 4", "5 6"),
    4: ("4 4 4 _ _ _", "1 2 3"),
    5: ("2 1 1 1 1 1", ""),
    6: ("1 2 3 4 dk nr", "4 6"),
    7: ("_ _ _ 4 3 4", "2 4 5 6"),
    8: ("3 4 3 4 3 4", "3 5"),
}
MEANS = {  # item → workers, managers; the same by site: north (p1, p3, p5), south (p2, p4, p6)
    "1.1": ("3.67", "1.67", "3.00", "2.33"),
    "2.1": ("3.00", "3.00", "3.00", "3.00"),
    "3.1": ("1.50", "4.00", "2.33", "4.00"),
    "4.1": ("4.00", "", "4.00", "4.00"),
    "5.1": ("1.33", "1.00", "1.33", "1.00"),
    "6.1": ("2.00", "4.00", "2.00", "3.00"),
    "7.1": ("", "3.67", "3.00", "4.00"),
    "8.1": ("3.33", "3.67", "3.00", "4.00"),
}
NUMBERS = {"3.1": ("2", "2", "3", "1"), "6.1": ("3", "1", "2", "2"), "7.1": ("0", "3", "1", "2")}


def answers() -> str:
    lines = ["participant,item,happening,important,top-three,form"]
    for item, (values, top) in IMPORTANT.items():
        for person, value in enumerate(values.split(), 1):
            chosen = "yes" if str(person) in top.split() else ""
            if value != "_" or chosen:
                lines.append(f"p{person},{item}.1,,{value.replace('_', '')},{chosen},")
    return "\n".join(lines) + "\n"


def test_items_by_group_have_their_n_and_what_nobody_answered_is_empty(on):
    study = on("items", items_yaml=ASKED, items_csv=answers(), participants_csv=PEOPLE)
    for by, first in (("role", 0), ("site", 2)):
        header, *rows = table(study, "items", "--by", by)
        groups = ("worker", "manager") if by == "role" else ("north", "south")
        said = {(row[0], row[3]): dict(zip(header, row, strict=True)) for row in rows}
        for item, means in MEANS.items():
            for place, group in enumerate(groups, first):
                row = said[item, group]
                assert row["important: mean"] == means[place], (item, group)
                number = NUMBERS.get(item, [row["important: n"]] * 4)[place]
                assert row["important: n"] == number
                assert row["happening: yes"] == ""
        top = [said["all items", group]["top-three: yes"] for group in groups]
        assert (sum(map(int, top)), said["all items", groups[0]]["important: mean"]) == (18, "")
    whole = study.ok("procedures", "show", "items", "--by", "role")
    assert not {"%", "deviation", "interval", "p ="} & {*whole.split()}
    told = study("procedures", "show", "items", "--by", "rol").err
    assert 'No attribute "rol"' in told and 'Did you mean "role"' in told


def test_a_fourth_of_the_top_three_is_told_and_who_refused_the_form_is_named(on):
    rows = "participant,item,happening,important,top-three,form\n"
    rows += "".join(f"p1,{n}.1,yes,4,yes,\n" for n in range(1, 5)) + "p2,,,,,refused\n"
    study = on("items", items_yaml=ASKED, items_csv=rows, participants_csv=PEOPLE)
    assert 'data/items.csv:5: "top-three" is "yes" more than 3 times for p1' in study("check").out
    assert "form refused: 1 (p2)." in study.ok("procedures", "show", "items")


def test_what_fits_no_field_is_told_and_is_in_no_number(on):
    rows = "participant,item,happening,important\np1,1.1,yes,7\np2,1.1,yes,3\n,1.1,yes,\np3,,,\n"
    study = on("items", items_yaml=ASKED, items_csv=rows, participants_csv=PEOPLE)
    header, *said = table(study, "items")
    row = dict(zip(header, said[0], strict=True))
    assert (row["n"], row["important: n"], row["important: mean"]) == ("2", "1", "3.00")
    assert "no answer: 1 (p3)." in study.ok("procedures", "show", "items")
    study.write("data/items.csv", "participant,item\n")
    assert study.ok("procedures", "show", "items") == "No row yet.\n"


def test_means_are_rounded_as_a_person_would():
    assert [mean([1, 2]), mean([1] * 7 + [2]), mean([2] * 199 + [3])] == ["1.50", "1.13", "2.01"]


def test_a_wide_workbook_becomes_rows_and_a_value_that_fits_nothing_is_told_with_its_row(
    on, tmp_path
):
    study = on("items", items_yaml=ASKED, participants_csv=PEOPLE)
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.append(["who", "1.1 happening", "1.1 important", "2.1", "form"])
    sheet.append(["p1", "yes", 4, "no", None])
    sheet.append(["p2", None, None, None, "refused"])
    book.save(tmp_path / "wide.xlsx")
    assert "data/items.csv: 3 rows more" in study.ok(
        "procedures", "import", "items", str(tmp_path / "wide.xlsx")
    )
    assert study.read("data/items.csv").splitlines()[1:] == [
        "p1,1.1,yes,4,,",
        "p1,2.1,no,,,",
        "p2,,,,,refused",
    ]
    before = study.hashes()
    sheet.append(["nobody", "yes", 5, "no", None])
    book.save(tmp_path / "wide.xlsx")
    told = study("procedures", "import", "items", str(tmp_path / "wide.xlsx")).err
    assert (
        'wide.xlsx:4: "important" is "5"' in told
        and 'wide.xlsx:4: "participant" is "nobody"' in told
    )
    assert "wide.xlsx:2: an answer stands twice: p1, 1.1" in told
    (tmp_path / "one.csv").write_text("who\np1\n")
    told = study("procedures", "import", "items", str(tmp_path / "one.csv")).err
    assert "one.csv:1: no column names an item of items. The first says who" in told
    (tmp_path / "one.csv").write_text("who,1.1,1.1 happening\np1,yes,no\n")
    told = study("procedures", "import", "items", str(tmp_path / "one.csv")).err
    assert 'one.csv:1: the column "1.1 happening" says what another says too.' in told
    assert study.hashes() == before


def test_no_answer_is_lost_where_the_table_has_no_column_for_it(on, tmp_path):
    study = on("items", items_yaml=ASKED, participants_csv=PEOPLE, items_csv="\n\n")
    (tmp_path / "wide.csv").write_text("who,1.1 important\np1,4\n")
    typed = ("procedures", "import", "items", str(tmp_path / "wide.csv"))
    assert 'data/items.csv:1: there is no column "participant" for what' in study(*typed).err
    study.write("data/items.csv", "participant,item,happening\r\n")
    assert 'data/items.csv:1: there is no column "important" for what is' in study(*typed).err
    study.write("data/items.csv", "participant,item,important\r\n")
    study.ok(*typed)
    after = (study.root / "data/items.csv").read_bytes()
    assert after == b"participant,item,important\r\np1,1.1,4\r\n"


def test_orders_stand_side_by_side_as_given(on):
    rows = "- group: A\n  order: |\n    trust\n    a job\n  added: |\n    a phone\n"
    rows += "- group: B\n  constellation: boundaries in the middle\n"
    rows += "- group: C\n  order: |\n    a job\n    trust\n"
    study = on("workshop", workshops_yaml=rows)
    assert table(study, "workshop") == [
        ["group", "A", "B", "C"],
        ["order 1", "trust", "", "a job"],
        ["order 2", "a job", "", "trust"],
        ["added 1", "a phone", "", ""],
        ["constellation", "", "boundaries in the middle", ""],
    ]
    study.write("data/workshops.yaml", "- group: A\n- group: A\n  order: |\n    x\n")
    told = study("check").out
    assert 'data/workshops.yaml:1: a workshop without "order" or "constellation"' in told
    assert "data/workshops.yaml:2: a workshop stands twice: A. The first is at line 1" in told


def mapped(source: str, codes: int, mentions: int) -> tuple[list[str], list[str]]:
    """So many labels of a source, with so many mentions; two have the names of another's."""
    labels = ["Mutuality", "Person-centred"]
    labels += [f"{source} {number}" for number in range(codes - 2)]
    counted = [f"    {label} × {1 + (n < mentions - codes)}" for n, label in enumerate(labels)]
    return labels, counted


def test_two_sources_are_mapped_and_never_added_and_their_labels_do_not_melt(on):
    (one, counted), (other, counted_too) = mapped("lit", 47, 55), mapped("panel", 44, 49)
    rows = ["sources:", "- source: literature", "  codes: |", *counted]
    rows += ["- source: panel", "  codes: |", *counted_too, "principles:"]
    for number in range(5):
        rows += [f"- principle: P{number}", "  draft: |", "    2016-03-01 | first", "  from: |"]
        rows += [f"    literature: {label}" for label in one[number::5]]
        rows += [f"    panel: {label}" for label in other[number::5] if label != "panel 41"]
    study = on("mapping", mapping_yaml="\n".join(rows) + "\n")
    shown = table(study, "mapping")
    assert shown[0][1:6] == [
        *("principle", "literature: codes", "literature: mentions"),
        *("panel: codes", "panel: mentions"),
    ]
    assert ["", "all", "47", "55", "44", "49"] in [row[:6] for row in shown]
    assert ["", "not mapped", "0", "0", "1", "1"] in [row[:6] for row in shown]
    assert (
        sum(int(row[2]) for row in shown[1:6]) == 47
        and sum(int(row[4]) for row in shown[1:6]) == 43
    )
    page = study.ok("procedures", "show", "mapping")
    for label in ("Mutuality", "Person-centred"):
        assert f'"{label}" stands in literature and panel: counted in each, never together.' in page
    assert not any("91" in row or "104" in row for row in shown)
    study.write("data/mapping.yaml", "\n".join(rows).replace("panel: panel 3", "panel: panl 3", 1))
    assert (
        "data/mapping.yaml:" in study("check").out
        and "is no label of a source" in study("check").out
    )


def test_a_label_that_stands_twice_in_a_source_is_told_and_a_source_may_hold_a_colon(on):
    rows = (
        'sources:\n- source: "Lee: 2010"\n  codes: |\n    Trust × 2\n    Trust × 3\n    Time × 1\n'
    )
    rows += "principles:\n- principle: Trust\n  from: |\n    Lee: 2010: Trust\n"
    study = on("mapping", mapping_yaml=rows)
    told = study("check").out
    assert 'data/mapping.yaml:5: "Trust" stands twice in Lee: 2010. Write it once' in told
    assert "is no label" not in told
    study.write("data/mapping.yaml", rows.replace("    Trust × 2\n", ""))
    assert ["", "Trust", "1", "3"] in [row[:4] for row in table(study, "mapping")]


def test_what_is_wrong_with_a_file_of_two_procedures_is_told_once(on):
    on("review-grid", studies_csv="id,authors,\nlee10,Lee,\n")
    told = on("appraisal")("check").out
    assert told.count("data/studies.csv:1: a column has no name. Name it, or take it out.") == 1


def test_what_names_rows_of_a_table_that_cannot_be_read_brings_no_problem_of_its_own(on):
    on("review-grid", studies_csv='id,authors\n"lee10,Lee\n')
    told = on("appraisal", appraisal_csv="study,criterion,rating,because\nlee10,aims,2,x\n")(
        "check"
    )
    assert "data/studies.csv:2: the row that begins here cannot be read" in told.out
    assert "data/appraisal.csv" not in told.out


def test_a_row_without_fields_and_a_folder_in_place_of_the_rows_are_told_once(on):
    study = on("member-responses", responses_yaml="- just a word\n")
    told = study("check").out
    assert "data/responses.yaml:1: a response must be lines of `field: value`." in told
    assert told.count("data/responses.yaml") == 1
    (study.root / "data/responses.yaml").unlink()
    (study.root / "data/responses.yaml").mkdir()
    (study.root / "data/comments.KR.yaml").mkdir()
    told = study("check").out
    for file in ("responses", "comments.KR"):
        assert f"data/{file}.yaml: this must be a file, and is a folder." in told


def test_columns_of_one_name_are_told_apart(on):
    on("review-grid", studies_csv="id,authors,year\nlee10,Lee,2010\n")
    study = on("appraisal", appraisal_csv="study,criterion,rating,because\nlee10,total,2,said\n")
    assert json.loads(study.ok("procedures", "show", "appraisal", "--format", "json")) == [
        {"study": "lee10", "total": "2: said", "total (3)": "2 over 1 of 1"}
    ]


def test_a_grid_keeps_its_ids_and_describes_a_total_without_a_cut(on):
    studies = 'id,authors,year,country\nlee10,Lee,2010,Ghana\nray12,"Ray, Fox",2012,Peru\n'
    ratings = "study,criterion,rating,because\nray12,aims,2,said\nray12,reflexive,0,no word\n"
    study = on("review-grid", studies_csv=studies)
    on("appraisal", appraisal_csv=ratings)
    assert table(study, "review-grid") == [*csv.reader(io.StringIO(studies))]
    assert table(study, "appraisal") == [
        ["study", "aims", "reflexive", "total"],
        ["lee10", "", "", ""],
        ["ray12", "2: said", "0: no word", "2 over 2 of 2"],
    ]
    study.write("data/studies.csv", studies.replace("lee10,Lee,2010,Ghana\n", ""))
    assert table(study, "appraisal")[1:] == [["ray12", "2: said", "0: no word", "2 over 2 of 2"]]
    study.write("data/appraisal.csv", ratings + "lee10,aims,3,\n")
    told = study("check").out
    for what in (
        '"study" is "lee10", which is no study',
        '"rating" is "3"',
        'a rating without "because"',
    ):
        assert f"data/appraisal.csv:4: {what}" in told


SYNTHESIS = """\
---
pattern: the pay is read differently
categories: |
  becoming believable
query: matrix "easy beginnings" --by participant
as-of: {}
drafted-by: PM
---
In one place it is a gift.

In another it is not.
"""


def test_a_query_that_comes_to_something_else_is_told_and_a_draft_waits_to_be_checked(on):
    study = on("synthesis", **{"synthesis__2.3_md": SYNTHESIS.format("")})
    told = study("check").out
    assert "data/synthesis/2.3.md:5: note: nothing says what this query came to" in told
    digest = told.partition("`as-of: ")[2][:12]
    study.write("data/synthesis/2.3.md", SYNTHESIS.format(digest))
    assert "query" not in study("check").out
    assert "synthesis: 1 synthesis without checked-by: 2.3" in waiting(study)
    assert "- as-of: " in (page := study.ok("procedures", "show", "synthesis", "--format", "md"))
    assert page.endswith("In one place it is a gift.\n\nIn another it is not.\n")
    study.ok("code", "eve", "4", "meeting around the ward")
    study.ok("codes", "focused", "keep", "easy beginnings", "--all", "--why", "seen")
    assert "data/synthesis/2.3.md:6: note: this query comes to something else" in study("check").out
    study.write("data/synthesis/2.3.md", SYNTHESIS.format(digest).replace('"easy b', '"hard b'))
    assert "data/synthesis/2.3.md:5: note: this query: no code" in study("check").out
    study.write("data/synthesis/2.4.txt", "")
    assert "data/synthesis/2.4.txt: note: this is not read" in study("check").out


def test_what_supervision_wants_read_again_is_a_task_and_a_log_has_columns_of_ones_own(on):
    row = (
        "- session: 2026-03-02\n  asked: do I hear gifts only?\n  re-read: |\n    jim\n    eve 2\n"
    )
    study = on("supervision", supervision_yaml=row)
    on("reflexive-log", **{"reflexive-log_csv": "date,what moved\n2026-03-01,the wage\n"})
    assert "supervision: 1 question without done: 2026-03-02" in waiting(study)
    study.write("data/supervision.yaml", row + "  done: both read; two codes changed\n")
    assert "supervision" not in waiting(study)
    assert table(study, "reflexive-log")[0] == ["date", "what moved"]


def test_every_format_says_the_same(on, tmp_path):
    study = on("workshop", workshops_yaml="- group: A\n  order: |\n    =1+1\n")
    assert json.loads(study.ok("procedures", "show", "workshop", "--format", "json")) == [
        {"group": "order 1", "A": "=1+1"}
    ]
    shown = study.ok("procedures", "show", "workshop", "--format", "md")
    assert shown.endswith("\n\n| group | A |\n| --- | --- |\n| order 1 | =1+1 |\n")
    assert study.ok("procedures", "show", "workshop") == "group    A\norder 1  =1+1\n"
    study.ok(
        "procedures", "show", "workshop", "--format", "xlsx", "--output", str(tmp_path / "w.xlsx")
    )
    cells = openpyxl.load_workbook(tmp_path / "w.xlsx").active.iter_rows(values_only=True)
    assert [*cells] == [("group", "A"), ("order 1", "=1+1")]


# --- schemas --------------------------------------------------------------------------------------


OWN = """\
procedure: letters
what: Letters to participants
tables:
- table: letters
  file: letters.yaml
  entry: a letter
  layout: list
  under: to
  fields:
  - field: to
    kind: participant
    needed: yes
  - field: says
    waits: yes
"""


def test_files_that_are_nobodys_or_called_otherwise_are_told(on):
    study = on("member-responses", responses_XY_yaml="", responses_yml=RESPONSES)
    told = study("check").out
    assert "data/responses.XY.yaml: nobody under `researchers` in pipeline.yaml has the" in told
    assert (
        "data/responses.yml: this is not read: rows of member-responses stand in responses.yaml. "
        "Rename it.\n" in told
    )


def test_words_of_several_paragraphs_stand_on_one_line(on):
    study = on("member-responses", responses_yaml=RESPONSES.replace('jim 4 "awkward"', "jim 4"))
    page = study.ok("procedures", "show", "member-responses")
    assert "awkward. Him being paid and that." in page


def test_a_text_that_begins_like_an_incident_is_left_as_typed_and_a_name_in_capitals_is_told(on):
    rows = RESPONSES.replace("a wage is told as a gift", "jim 4").replace(
        "put-to: jim", "put-to: Jim"
    )
    study = on("member-responses", responses_yaml=rows)
    assert "- reading: jim 4\n" in study.ok("procedures", "show", "member-responses")
    told = study("check").out
    assert 'note: "put-to" is "Jim", which is no participant. Did you mean "jim"?' in told


def test_a_study_writes_its_own_and_its_own_wins(analysed):
    analysed.write("data/procedures/letters.yaml", OWN)
    analysed.write("data/procedures/items.yaml", OWN.replace("letters", "items"))
    analysed.ok("procedures", "add", "letters", "--because", "we answer everybody")
    analysed.write("data/letters.yaml", "- to: jim\n- to: jm\n")
    told = analysed("check").out
    assert 'data/letters.yaml:2: "to" is "jm", which is no participant. Did you mean "jim"' in told
    assert "letters: 2 letters without says" in waiting(analysed)
    listed = analysed.ok("procedures")
    assert listed.count("Letters to participants") == 2 and "structured items" not in listed


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        (
            "procedure: letters",
            "procedure: letters\ncommand: gtpipe rm",
            "only what is gtpipe's own",
        ),
        ("file: letters.yaml", "file: codebook.yaml", "data/codebook.yaml holds other things than"),
    ],
)
def test_a_schema_takes_nothing_that_is_gtpipes(analysed, old, new, told):
    analysed.write("data/procedures/letters.yaml", OWN.replace(old, new, 1))
    shown = analysed("procedures").err
    assert f"data/procedures/letters.yaml:1: {told}" in shown
    assert "letters · on" not in shown


def test_two_tables_of_one_file_are_told_apart_by_their_sections():
    second = OWN[OWN.index("- table: ") :].replace("- table: ", "- table: other-", 1)
    _, problems = loads(OWN + second, "data/procedures/letters.yaml")
    assert {p.what for p in problems} == {'another table stands in "letters.yaml" too'}


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("layout: list", "layout: lst", ':7: "layout" names "lst". '),
        ("under: to", "under: too", ':8: "under" names "too". '),
        ("kind: participant", "kind: person", ':11: "kind" names "person". '),
        ("waits: yes", "waits: sais is x", ':14: "waits" names "sais". did you mean'),
        ("kind: participant", "kind: choice", ":11: a choice is one of several"),
        ("procedure: letters", "procedure: leters", ':1: the file is called "letters"'),
        ("file: letters.yaml", "file: ../x.yaml", ':5: "../x.yaml" is no file of rows'),
        ("  under: to\n", "", 'the layout "list" needs `under`'),
        (
            "kind: participant",
            "kind: number\n    from: 2\n    to: 1",
            ":12: no number is from 2 to 1. Swap the two",
        ),
        (
            "file: letters.yaml",
            "file: l.csv\n  per-person: yes",
            ':5: "l.csv" has neither sections',
        ),
    ],
)
def test_a_schema_that_does_not_hold_together_is_told_with_its_line(old, new, told):
    schema, problems = loads(OWN.replace(old, new, 1), "data/procedures/letters.yaml")
    assert schema is None
    assert any(told in f":{p.line}: {p.what}. {p.do}" for p in problems), problems
