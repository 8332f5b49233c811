"""What is wrong in a person's file is told with file and line, all at once; and nothing
is written.
"""

from __future__ import annotations

import os
import re

import pytest
import yaml
from conftest import DIARY, EVE, FOCUSED, JIM, MEMO, PIPELINE, THEORY, V2
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from gtpipe.formats import (
    codebook,
    diary,
    focused,
    memos,
    schedule,
    sheet_edits,
    sheets,
    tables,
    theory,
    transcripts,
)
from gtpipe.model.problems import UserError
from gtpipe.store import settings as pipeline_yaml
from gtpipe.text import yamltext

SHEET = "data/initial-codes/jim.yaml"
BOOK = "data/codebook.yaml"
TABLE = "data/participants.csv"
TRANSCRIPT = "data/transcripts/jim.md"

ENTRY = "- turn: 2\n  codes: |\n    one\n"

CASES = [
    # the file, its content, the line, what is said
    (
        SHEET,
        "- turn: 2\n  codes: |\n    one\n   two\n",
        4,
        "neither `field: value` nor part of the block",
    ),
    (SHEET, "- turn: 2\n  codes: |\n\tone\n", 3, "a tab stands where YAML wants spaces"),
    (
        SHEET,
        ENTRY + "\n- turn: 2\n  codes: |\n    two\n",
        5,
        "turn 2 stands twice in this sheet; the first is at line 1",
    ),
    (
        SHEET,
        '- turn: 2\n  codes: |\n    one <- "around a ward"\n',
        3,
        'turn 2 of jim does not contain "around a ward"',
    ),
    (SHEET, '- turn: 2\n  codes: |\n    one <- "Met him"\n', 3, 'Did you mean "met him"?'),
    (SHEET, '- turn: 2\n  codes: |\n    one <- "And then?"\n', 3, "It is in turn 3"),
    (SHEET, '- turn: 2\n  codes: |\n    one <- "t"\n', 3, "5 times. Add words around it"),
    (
        SHEET,
        "- turn: 2\n  codes: |\n    one <- around the ward\n",
        3,
        "must stand in quotation marks",
    ),
    (SHEET, '- turn: 2\n  codes: |\n    <- "ward"\n', 3, "no label stands before `<-`"),
    (SHEET, "- turn: 99\n  codes: |\n    one\n", 1, "has no turn 99"),
    (SHEET, "- codes: |\n    one\n", 1, "this entry names no turn"),
    (SHEET, "- turn: 2\n  code: |\n    one\n", 2, 'no field "code". Did you mean "codes"?'),
    (SHEET, "- turn: 2\n  codes: one\n", 2, '"codes" must be a block'),
    (SHEET, "- turn: 2\n  codes:\n    - one\n", 2, '"codes" must be a block'),
    (SHEET, "- turn: 2\n  codes: # hope\n", 2, "which YAML reads as a comment"),
    (SHEET, "- turn: 2\n  codes: why: because\n", 2, '"codes" must be a block'),
    (
        SHEET,
        "- turn: 2\n  speaker: why: because\n",
        2,
        "a colon followed by a space inside a value",
    ),
    (
        SHEET,
        "- turn: 2\n  codes |\n    one\n- turn: 4\n",
        2,
        "neither `field: value` nor part of the block",
    ),
    (
        SHEET,
        "- turn: 2\n  speaker: P\n  text: |-\n    Well, er, I met him around the ward (laugh)\n  "
        "  and it went from there.\n    a code\n",
        1,
        'the words of turn 2 end before "a code". If these are codes, put `codes: |`',
    ),
    (SHEET, "- turn: 2\n  speaker: *really*\n", 2, 'Write the value in quotes: "*really*"'),
    (SHEET, "just words\n", 1, "a sheet is a list of turns"),
    (
        SHEET,
        "- turn: 2\n  codes: |\n<<<<<<< HEAD\n    one\n=======\n    two\n>>>>>>> main\n",
        3,
        "conflict markers here, at lines 3, 5, 7",
    ),
    (SHEET, "- turn: 2\n  codes: |\n    a\x07b\n", 3, "a control character (U+0007)"),
    (SHEET, b"- turn: 2\n  codes: |\n    caf\xe9\n", 3, "this line is not UTF-8"),
    (SHEET, b"\x89PNG\x00\x00", 1, "this is not text"),
    ("data/initial-codes/jim.KR.yml", ENTRY, None, "the name of a sheet ends in .yaml. Rename it"),
    (
        TRANSCRIPT,
        "---\nspeakers: {I: interviewer, P: jim}\n---\n[1] I: So?\n\n[2]P: Yes.\n",
        6,
        '"[2]P:" is not the head of a turn',
    ),
    (
        TRANSCRIPT,
        "---\nspeakers: {I: interviewer, P: jim}\n---\n[1] I: So?\n [2 0:1] P: Yes.\n",
        5,
        "is not the head of a turn",
    ),
    (TABLE, 'participant,role\njim,"nurse\neve,x\n', 3, "the row that ends here cannot be read"),
    (TABLE, ",,\n", 1, "no header"),
    (SHEET, "[" * 3000, 1, "brackets are nested too deeply here"),
    (SHEET, "- " * 300 + "a\n", 1, "brackets are nested too deeply here"),
    (
        BOOK,
        "- code: a\n  definition: !really\n",
        2,
        "`!` at the start of a value means something else in YAML",
    ),
    (
        BOOK,
        "- code: a\n  definition: &so\n",
        2,
        "`&` at the start of a value means something else in YAML",
    ),
    (
        BOOK,
        "- code: a\n  definition: `so`\n",
        2,
        "a backtick at the start of a value means something else in YAML",
    ),
    (
        BOOK,
        '- code: a\n  definition: "so" he said\n',
        2,
        "words stand behind the closing quotation mark",
    ),
    (
        BOOK,
        "- code: a\n  definition: [laughs] so\n",
        2,
        "a bracket at the start of a value begins a list in YAML",
    ),
    (
        "data/initial-codes/jimm.yaml",
        ENTRY,
        None,
        'no interview "jimm" in data/transcripts/. Did you mean "jim"?',
    ),
    ("data/initial-codes/jim.XY.yaml", ENTRY, None, 'has the initials "XY"'),
    ("data/initial-codes/jim.PM.yaml", ENTRY, None, "is PM's sheet of jim already"),
    (BOOK, "- code: a\n\n- code: a\n", 3, 'the code "a" stands twice'),
    (BOOK, "- code: why: because\n", 1, "a colon followed by a space inside a value"),
    (BOOK, "- code: # hope\n", 1, "this entry names no code"),
    (BOOK, "- code: a\n  definiton: x\n", 2, 'Did you mean "definition"?'),
    (
        BOOK,
        "- code: a\n  was: |\n    x\n- code: b\n  was: |\n    x\n",
        4,
        '"x" was "a" (line 1) and "b"',
    ),
    (BOOK, "code: a\n", 1, "this file is a list of codes"),
    (
        BOOK,
        "- code: a\n  definition: 'open\n\n- code: b\n",
        2,
        "a quotation mark is opened here and not closed",
    ),
    (TABLE, "name,age\njim,55\n", 1, 'no column "participant"'),
    (
        TABLE,
        "participant,age\njim,55\neve,\njim,56\n",
        4,
        '"jim" has age "56" here and "55" at line 2. Keep the one that is right',
    ),
    (
        TABLE,
        "participant\njimmy\neve\n",
        None,
        'data/transcripts/jim.md:4: no participant "jim" in data/participants.csv. Did you mean '
        '"jimmy"?',
    ),
    (TABLE, "participant,age\njim,55,x\neve,\n", 2, "more cells than the header"),
    (TRANSCRIPT, "[1] I: So?\n", 1, "no front matter"),
    (
        TRANSCRIPT,
        "---\nspeakers: {I: interviewer, P: jim}\n---\n[1] I: So?\n[1] P: Yes.\n",
        5,
        "turn 1 stands twice; the first is at line 4",
    ),
    (
        TRANSCRIPT,
        "---\nspeakers: {I: interviewer, P: jim}\n---\n[1] I: So?\n[2] Q: Yes.\n",
        5,
        'turn 2: unknown speaker "Q"',
    ),
    (
        TRANSCRIPT,
        "---\nspeakers: {I: interviewer, P: jim}\n---\n[1] I: So?\n[2] and on\n",
        5,
        "does not say who speaks",
    ),
    (
        TRANSCRIPT,
        "---\nspeakers: {I: interviewer, P: jim}\ndate: March\n---\n[1] I: So?\n",
        3,
        '"March" is not a date',
    ),
    (TRANSCRIPT, "---\nspeakers:\n---\n[1] I: So?\n", 2, "does not say who speaks"),
    (
        TRANSCRIPT,
        "---\ninterview: jan\nspeakers: {I: interviewer, P: jim}\n---\n[1] I: So?\n",
        2,
        'the file is called "jim" and its interview "jan"',
    ),
    (
        TRANSCRIPT,
        "---\nspeakers: {I: interviewer, P: jim}\n---\nwords\n[1] I: So?\n",
        4,
        "words before the first turn",
    ),
]


@pytest.mark.parametrize(
    ("path", "content", "line", "says"),
    CASES,
    ids=[f"{c[0].rpartition('/')[2]}-{i}" for i, c in enumerate(CASES)],
)
def test_bad_input_is_told_with_file_and_line_and_nothing_is_written(
    study, path, content, line, says
):
    study.write(path, content)
    before = study.hashes()
    for command in ("check", "initial-code"):
        ran = study(command)
        told = ran.out + ran.err
        assert ran.code == 1, told
        place = "" if path == TABLE and line is None else f"{path}:{line}: " if line else f"{path}:"
        assert any(place in text and says in text for text in told.split("\n")), told
    assert study.hashes() == before


LIBYAML = getattr(yaml, "CBaseLoader", yaml.BaseLoader)
OWN = "wants spaces|something else|begins a list|nested|mark is opened|stand behind|neither|a colon"


@pytest.mark.parametrize("loader", [yaml.BaseLoader, LIBYAML], ids=["python", "libyaml"])
def test_what_is_wrong_is_said_in_our_own_words(monkeypatch, loader):
    """PyYAML says it in words that change with its version, and others with libyaml and without."""
    monkeypatch.setattr(yamltext, "Loader", loader)
    for path, content, line, says in CASES:
        if path in (SHEET, BOOK) and isinstance(content, str) and re.search(OWN, says):
            with pytest.raises(UserError) as told:
                yamltext.parse(content, path)
            (problem,) = told.value.problems
            assert problem.line == line and says in problem.what


def test_the_broken_line_itself_is_shown(study):
    study.write(SHEET, "- turn: 2\n  codes: |\n    one\n   two words\n")
    assert "    |    two words\n" in study("check").out


def test_all_problems_are_told_at_once(study):
    study.write(SHEET, '- turn: 99\n\n- turn: 2\n  codes: |\n    one <- "nowhere"\n')
    study.write(BOOK, "- code: a\n- code: a\n")
    study.write("data/initial-codes/eve.yaml", "- turn: 2\n\tcodes: |\n")
    assert study("check").out.count("data/") >= 4


def test_an_unreadable_file_is_told(study):
    target = study.root / SHEET
    if os.geteuid() == 0:
        target.unlink()
        target.mkdir()
        says = "this must be a file, and is a folder"
    else:
        target.chmod(0)
        says = "cannot be read"
    ran = study("check")
    assert ran.code == 1 and says in ran.out
    assert study("initial-code").code == 1


def test_a_link_that_leads_nowhere_is_told_and_not_written_through(study, tmp_path):
    sheet = study.root / SHEET
    sheet.unlink()
    sheet.symlink_to(tmp_path / "nowhere" / "jim.yaml")
    assert "this link leads nowhere" in study("check").out
    assert study("run").code == 1
    assert not (tmp_path / "nowhere").exists()


def test_what_is_no_text_is_refused_as_an_argument(study):
    assert study("code", "jim", "2", "a\udcff").code == 2
    assert study("code", "jim", "2", "x", "--note", "\x07").code == 1


def test_a_folder_in_the_way_is_told(study):
    (study.root / "data/derived").rename(study.root / "data/elsewhere")
    study.write("data/derived", "a file")
    ran = study("initial-code")
    assert ran.code == 1 and "data/derived: this must be a folder, and is a file" in ran.err
    assert study.read("data/derived") == "a file"


def test_an_unknown_name_gets_the_nearest_one(coded):
    assert 'Did you mean "noticing the pay"?' in coded("compare", "noticing the day").err
    assert 'Did you mean "jim"?' in coded("code", "jin", "2", "x").err
    assert "It has turns 1 to 4" in coded("code", "jim", "5", "x").err
    assert 'Did you mean "KR"?' in coded("code", "jim", "2", "x", "--by", "KRR").err
    assert 'Did you mean "met him"?' in coded("code", "jim", "2", "x", "--words", "Met  him").err
    assert (
        'Turn 2 of jim contains "e" 7 times' in coded("code", "jim", "2", "x", "--words", "e").err
    )


@pytest.mark.parametrize("label", ["", "  ", "two\nlines", "a\tb", "bell\x07", "line\u2028sep"])
def test_a_label_that_cannot_be_one_is_refused(study, label):
    before = study.hashes()
    assert study("code", "jim", "2", label).code == 1
    assert study.hashes() == before


@pytest.mark.parametrize(
    "arguments",
    [("nonsense",), ("code",), ("compare",), ("init", "--nope"), ("codes", "define", "x")],
)
def test_a_wrong_command_line_is_exit_2(study, arguments):
    assert study(*arguments).code == 2


def test_an_edit_into_a_broken_file_is_refused(study):
    study.write(SHEET, "- turn: 2\n  codes: |\n    one\n   two\n")
    before = study.hashes()
    assert study("code", "jim", "4", "x").code == 1
    assert study.hashes() == before


LOADERS = [
    (
        lambda text: sheets.loads(text, SHEET),
        sheet_edits.new_sheet(
            transcripts.loads("---\nspeakers: {P: jim}\n---\n[1] P: Well: so.\n", TRANSCRIPT)[0],
            True,
        )
        + '    a <- "so"\n      n\n',
    ),
    (
        codebook.loads,
        '- code: a\n  definition: b, c\n  was: |\n    d\n\n- code: "e: f"\n  parked: g\n',
    ),
    (pipeline_yaml.loads, PIPELINE),
    (tables.loads_participants, 'participant,age\njim,"5,5"\neve,\n'),
    (focused.loads, FOCUSED),
    (theory.loads, THEORY),
    (lambda text: memos.loads(text, "data/memos/x.md"), MEMO),
    (lambda text: diary.loads(text, "data/diary/x.md"), DIARY),
    (lambda text: schedule.loads(text, "data/schedule/v2.md"), V2),
    (
        lambda text: transcripts.loads(text, TRANSCRIPT),
        "---\ndate: 2026-03-02\nspeakers: {I: interviewer, P: jim}\n---\n\n[1] I: So?\n\n[2 "
        "00:01] P: \\[2] x\n",
    ),
]


@given(st.sampled_from(LOADERS), st.data())
@settings(max_examples=600, suppress_health_check=[HealthCheck.too_slow], deadline=None)
def test_no_mutation_of_a_file_is_a_traceback(loader, data):
    """One character more, less or other, or a line less: read, or a problem; never
    anything else.
    """
    loads, text = loader
    at = data.draw(st.integers(0, len(text) - 1))
    how = data.draw(st.sampled_from(["delete", "insert", "replace", "line"]))
    char = data.draw(
        st.one_of(
            st.sampled_from(list("\t\n\r\x00:#|>-[]{}\"'*&!%@`<\\ \u2028\ufeff")),
            st.characters(codec="utf-8"),
        )
    )
    if how == "line":
        lines = text.split("\n")
        del lines[text.count("\n", 0, at)]
        mutated = "\n".join(lines)
    else:
        mutated = text[:at] + ("" if how == "delete" else char) + text[at + (how != "insert") :]
    try:
        loads(mutated)
    except UserError as exc:
        for problem in exc.problems:
            assert problem.line is None or 1 <= problem.line <= mutated.count("\n") + 1


def test_words_of_the_fixtures_are_what_the_cases_assume():
    assert "met him around the ward" in JIM and "She just sat down" in EVE
