"""Rows of procedures follow what happens to the study: codes renamed, people who withdraw, merges,
a command that is killed; and no row that a person can write makes a traceback.
"""

from __future__ import annotations

import re
import shutil

import pytest
from conftest import PIPELINE, StudyFolder, git, hashes, start
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from gtpipe.commands import begin_study
from gtpipe.formats import procedure_rows
from gtpipe.formats.procedures import shipped
from gtpipe.gitdriver.merge import merge_texts

RESPONSES = """\
# put to them in May
- about: noticing the pay
  put-to: jim
  response: agrees

- about: "easy beginnings"   # mine
  put-to: eve
  response: challenges
  words: |
    jim 4 "awkward"
    eve 2

- about: jim 2
  put-to: eve
  response: adds
"""
OWN = """\
procedure: sorting
what: Which codes somebody put on which pile
tables:
- table: piles
  file: piles.csv
  layout: grid
  rows: who
  fields:
  - field: who
    kind: participant
  - field: code
    kind: code
  - field: pile
"""
PILES = 'who,code,pile\njim,noticing the pay,"a, b"\neve,easy beginnings,noticing the pay\n'


@pytest.fixture
def answered(analysed):
    for name in ("member-responses", "items"):
        analysed.ok("procedures", "add", name, "--because", "second interviews")
    analysed.write("data/responses.yaml", RESPONSES)
    analysed.write("data/items.yaml", "- item: 1\n  asks: so?\n")
    analysed.write("data/items.csv", "participant,item,happening\njim,1,yes\neve,1,no\n")
    return analysed


def test_a_code_renamed_or_merged_is_renamed_in_the_rows_and_no_other_byte_changes(answered):
    answered.ok("codes", "rename", "noticing the pay", "minding money", "--why", "x")
    answered.ok("codes", "rename", "focused: easy beginnings", "no: a start", "--why", "x")
    now = RESPONSES.replace("noticing the pay", "minding money")
    now = now.replace('"easy beginnings"   #', '"no: a start"   #')
    assert answered.read("data/responses.yaml") == now
    merge = ("codes", "merge", "minding money", "--into", "meeting around the ward", "--why", "x")
    answered.ok(*merge)
    now = now.replace("minding money", "meeting around the ward")
    assert answered.read("data/responses.yaml") == now


def test_a_code_is_renamed_in_the_one_cell_of_a_table_that_names_it(analysed):
    analysed.write("data/procedures/sorting.yaml", OWN)
    analysed.write("data/piles.csv", PILES)
    analysed.ok("procedures", "add", "sorting", "--because", "they sorted cards")
    assert analysed.read("data/piles.csv") == PILES
    analysed.ok("codes", "rename", "noticing the pay", "minding, money", "--why", "x")
    assert analysed.read("data/piles.csv") == PILES.replace(
        "jim,noticing the pay,", 'jim,"minding, money",'
    )


def test_a_code_is_renamed_in_the_lists_of_all_rows(analysed):
    """In one list a label stands once; each row has lists of its own."""
    own = OWN.replace("field: pile\n", "field: pile\n    list-of: code\n")
    analysed.write("data/procedures/sorting.yaml", own)
    piles = 'who,code,pile\njim,,"noticing the pay\nmeeting around the ward"\neve,,{0}\neve,,{0}\n'
    analysed.write("data/piles.csv", piles.format("noticing the pay"))
    analysed.ok("procedures", "add", "sorting", "--because", "they sorted cards")
    merge = ("codes", "merge", "noticing the pay", "--into", "meeting around the ward")
    analysed.ok(*merge, "--why", "x")
    merged = piles.format("meeting around the ward").replace('"noticing the pay\n', "")
    assert analysed.read("data/piles.csv") == merged.replace('ward"', "ward")


def test_a_code_that_is_dropped_stays_in_the_rows_and_is_told(answered):
    answered.ok("codes", "drop", "noticing the pay", "--why", "x")
    assert answered.read("data/responses.yaml") == RESPONSES
    assert 'data/responses.yaml:2: note: "about" is "noticing the pay"' in answered("check").out


def test_who_withdraws_is_out_of_the_rows_and_what_others_said_stays(answered):
    answered("withdraw", "jim", "--why", "asked to", "--yes")
    assert answered.read("data/responses.yaml") == (
        '# put to them in May\n- about: "easy beginnings"   # mine\n  put-to: eve\n'
        "  response: challenges\n  words: |\n    eve 2\n\n"
    )
    assert answered.read("data/items.csv") == "participant,item,happening\neve,1,no\n"
    answered.ok("run")
    assert "jim" not in answered.read("data/derived/procedures/items.csv")


def test_an_incident_that_is_gone_is_told_with_its_line_and_as_an_error(answered):
    answered.write("data/responses.yaml", RESPONSES.replace("eve 2", "eve 200"))
    assert "data/responses.yaml:11: " in (told := answered("check")).out and told.code == 1
    answered.write("data/responses.yaml", RESPONSES.replace("about: jim 2", "about: jm 2"))
    assert 'data/responses.yaml:13: "about" is "jm 2"' in (told := answered("check")).out


def test_words_of_an_incident_follow_the_pseudonyms_that_are_put_in(empty):
    (empty.root.parent / "key.txt").write_text("Gemma -> (PSW)\n")
    empty.write("pipeline.yaml", empty.read("pipeline.yaml") + "privacy: {names: ../key.txt}\n")
    empty.write("in/walk.txt", "I: So?\n\nP: Well, Gemma said so.\n")
    empty.ok("ingest", "in/walk.txt", "--date", "2026-03-02", "--participant", "P=Ann")
    empty.ok("procedures", "add", "member-responses", "--because", "second interviews")
    row = '- about: walk 2 "Gemma said so"\n  put-to: Ann\n  response: agrees\n'
    row += '  words: |\n    walk 2 "Gemma"\n'
    empty.write("data/responses.yaml", row)
    empty.ok("names", "apply", "walk", "--why", "promised")
    assert empty.read("data/responses.yaml") == row.replace("Gemma", "(PSW)")


def test_two_runs_write_the_same_bytes_and_no_file_of_a_person(answered):
    before = hashes(answered.root, people_only=True)
    answered.ok("run")
    first = hashes(answered.root)
    shutil.rmtree(answered.root / ".gtpipe")
    shutil.rmtree(answered.root / "data/derived")
    answered.ok("run")
    assert hashes(answered.root) == first
    assert hashes(answered.root, people_only=True) == before


def test_switching_on_killed_at_any_moment_is_all_or_nothing(analysed):
    settings_before = analysed.read("pipeline.yaml")
    for wait in (0.01, 0.03, 0.06, 0.1, 0.2, 0.4):
        process = start("procedures", "add", "items", "--because", "x", cwd=analysed.root)
        process.join(wait)
        process.kill()
        process.join()
        analysed("memo")
        is_on = analysed.read("pipeline.yaml") != settings_before
        assert is_on == (analysed.root / "data/items.csv").exists()
        if is_on:
            break


def test_git_merges_what_two_people_write_into_the_rows(answered, capsys, monkeypatch):
    root = answered.root
    begin_study.init(root.parent / "other")
    shutil.copy(root.parent / "other/.gitattributes", root)
    answered.ok("procedures", "add", "review-grid", "--because", "a review")
    attributes = answered.read(".gitattributes")
    assert "data/studies.csv merge=union\n" in attributes
    git("init", "-b", "main", cwd=root)
    answered.ok("git", "setup")  # of those that were on before there was such a file
    attributes = answered.read(".gitattributes")
    assert "data/items.csv merge=union\ndata/responses*.yaml diff=gtpipe" in attributes
    git("add", "-A", cwd=root)
    git("commit", "-q", "-m", "begin", cwd=root)
    git("clone", "-q", str(root), "../kit", cwd=root)
    kit = StudyFolder(root.parent / "kit", capsys, monkeypatch)
    for study, row, response in ((answered, "p1,1,yes\n", "kit"), (kit, "p2,1,no\n", "pat")):
        study.write("data/items.csv", study.read("data/items.csv") + row)
        name = "data/responses.yaml" if study is answered else "data/responses.KR.yaml"
        there = study.root / name
        text = there.read_text() if there.exists() else ""
        study.write(name, text + f"- about: eve 2\n  put-to: {response}\n  response: adds\n")
        git("add", "-A", cwd=study.root)
        git("commit", "-q", "-m", "rows", cwd=study.root)
    pulled = git("pull", "-q", "--no-rebase", "--no-edit", str(kit.root), "main", cwd=root)
    assert pulled.returncode == 0, pulled.stderr
    assert answered.read("data/items.csv").endswith("p1,1,yes\np2,1,no\n")
    shown = answered.ok("procedures", "show", "member-responses")
    assert "put-to: pat" in shown and "put-to: kit" in shown


def test_rows_of_both_are_kept_apart_and_one_that_both_changed_is_marked():
    base = "- about: eve 2\n  put-to: eve\n  response: adds\n"
    ours = base + "\n- about: jim 2\n  put-to: jim\n  response: adds\n"
    theirs = base + "\n- about: jim 2\n  put-to: eve\n  response: agrees\n"
    merged = merge_texts(base, ours, theirs)
    assert merged.conflicts == 0 and merged.text.count("about: jim 2") == 2
    other = merge_texts(base, base.replace("adds", "agrees"), base.replace("adds", "clarifies"))
    assert other.conflicts == 1
    mapping = "sources:\n- source: lit\n  codes: |\n    a × 1\n\nprinciples:\n- principle: P\n"
    ours = mapping.replace("    a × 1\n", "    a × 1\n    b × 2\n")
    theirs = mapping + "  from: |\n    lit: a\n"
    assert merge_texts(mapping, ours, theirs).text == ours + "  from: |\n    lit: a\n"


# --- rows that a person might write ---------------------------------------------------------------

WORDS = [
    "",
    "jim",
    "eve 2",
    'jim 4 "awkward"',
    "4",
    "-1",
    "2026-02-30",
    "yes",
    "no",
    "lit: a",
    "a × 2",
]
WORDS += [
    "noticing the pay",
    "category: x",
    "matrix --by",
    '"',
    "'",
    "[",
    "{a: b}",
    "|",
    "a: b",
    "# x",
]
WORDS += ["\u2028", "é", "- x", "&a", "*a", "!x", "%", "@", "`", "\t", "x" * 50, "1.5", "null", "~"]
CELL = st.one_of(st.sampled_from(WORDS), st.text(max_size=12))


@st.composite
def written(draw) -> tuple[str, str, str]:
    """A procedure, one of its files and a text for it: rows as they may be, then cut about."""
    name = draw(st.sampled_from(sorted(shipped())))
    table = draw(st.sampled_from(shipped()[name].tables))
    names = [*table.fields, draw(CELL)]
    lines = [",".join(table.fields)] if table.file.endswith(".csv") else []
    for _ in range(draw(st.integers(1, 3))):
        chosen = draw(st.lists(st.sampled_from(names), min_size=1, max_size=5))
        said = [(field, draw(CELL)) for field in chosen]
        if table.file.endswith(".csv"):
            lines.append(",".join(value for _, value in said))
            continue
        entry = [
            f"  {field}: |\n    {value}" if draw(st.booleans()) else f"  {field}: {value}"
            for field, value in said
        ]
        lines.append("- " + "\n".join(entry)[2:])
    text = "\n".join(lines) + "\n"
    if table.section:
        text = f"{table.section}:\n{text}"
    if table.file.endswith(".md"):
        text = "---\n" + re.sub(r"(?m)^[- ] ", "", text) + "---\nprose\n"
    if draw(st.booleans()):
        at = draw(st.integers(0, len(text)))
        text = text[:at] + draw(CELL) + text[at + draw(st.integers(0, 3)) :]
    return name, table.file.replace("*", "one"), text


@pytest.fixture
def whole(analysed):
    """A study that has every procedure on."""
    reasons = "".join(f"  {name}: tried\n" for name in shipped())
    reasons = "\n".join(
        line
        for line in reasons.splitlines()
        if not shipped()[line.split(":")[0].strip()].of_agreement
    )
    analysed.write("pipeline.yaml", PIPELINE + f"procedures:\n{reasons}\n")
    return analysed


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(written())
def test_whatever_the_rows_say_there_is_no_traceback_and_every_problem_has_its_line(whole, case):
    name, file, text = case
    target = whole.write(f"data/{file}", text.encode("utf-8", "surrogatepass"))
    try:
        ran = whole("check", "--format", "csv")
        assert ran.code in (0, 1), ran.err
        for line in ran.out.splitlines()[1:]:
            if f"data/{file}" in line.split(",")[1:2]:
                assert line.split(",")[2].isdigit(), line
        shown = whole("procedures", "show", name)
        assert shown.code in (0, 1) and "Traceback" not in shown.err, shown.err
    finally:
        target.unlink()


TURNED = st.sampled_from(
    """layout: grid;layout: by group;layout: mapping;layout: side by side;columns: who;kind: number;
    values: code, pile;items: code;who: who;rows: who, code;cell: pile;mapped: code;sources: piles;
    under: code;own-fields: yes;once: who;to: x;list-of: row;table: piles;kind: query;hash: who;
    at-most: 1;choices: a;file: x""".split(";")
).map(str.strip)


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.tuples(st.integers(0, 13), TURNED, st.integers(0, 4)), max_size=4))
def test_whatever_a_schema_says_there_is_no_traceback(analysed, changed):
    lines = OWN.splitlines()
    for at, line, how in changed:
        place = min(at, len(lines) - 1)
        indent = " " * (4 if place > 7 else 2)
        lines[place : place + (how == 0)] = [indent + line]
    analysed.write("data/procedures/sorting.yaml", "\n".join(lines) + "\n")
    analysed.write("data/piles.csv", PILES)
    analysed.write("pipeline.yaml", PIPELINE + "procedures:\n  sorting: tried\n")
    for command in (("check",), ("procedures", "show", "sorting"), ("procedures",)):
        ran = analysed(*command)
        assert ran.code in (0, 1) and "Traceback" not in ran.err, ran.err


def test_a_header_that_a_merge_kept_twice_is_no_row():
    table = shipped()["appraisal"].tables[1]
    text = procedure_rows.empty([table]) * 2 + "ray12,aims,2,said\n"
    rows, problems = procedure_rows.loads(text, "data/appraisal.csv", [table])
    assert [row.get("study") for row in rows["ratings"]] == ["ray12"] and not problems


@given(st.lists(st.lists(CELL, min_size=2, max_size=2), min_size=1, max_size=4))
def test_an_edit_of_a_table_leaves_the_other_rows_byte_for_byte(rows):
    table = shipped()["appraisal"].tables[1]
    text, lines = procedure_rows.appended(
        procedure_rows.empty([table]),
        "data/appraisal.csv",
        [
            (n, {"study": f"s{n}", "because": said, "criterion": other})
            for n, (said, other) in enumerate(rows)
        ],
    )
    assert procedure_rows.edited(text, "data/appraisal.csv", lambda line, cells: cells) == text
    kept = procedure_rows.without(text, "data/appraisal.csv", {max(lines)})
    assert text.startswith(kept)
