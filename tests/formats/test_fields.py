"""Fields that people leave empty, or fill in a way of their own."""

from __future__ import annotations

import pytest

from gtpipe.formats import (
    answers,
    codebook,
    diary,
    edits,
    evaluation,
    relabel,
    sheet_edits,
    sheets,
    tables,
    theory,
    transcripts,
)
from gtpipe.model import limits
from gtpipe.model.problems import UserError, error
from gtpipe.model.records import Interview, Turn

DIARY = "---\ndate: 2026-03-22\nre-read: {}\nreason: I liked Jim\n---\n\nPrivate.\n"


@pytest.mark.parametrize(
    "named", ["jim,  eve", "[jim, eve]", " jim ,eve, ", "jim, , eve", "\n- jim\n- eve"]
)
def test_interviews_to_read_again_are_named_in_a_line_or_as_a_list(named):
    entry, problems = diary.loads(DIARY.format(named), "data/diary/2026-03-22.md")
    assert not problems and entry.re_read == ("jim", "eve")


def test_a_theory_with_nothing_in_its_sections_yet_is_none_and_no_error():
    read, problems = theory.loads("categories:\nrelations:\nnegative-cases: []\n")
    assert not problems and not read.categories and not read.relations


def test_a_section_of_the_theory_that_is_no_list_is_told():
    _, (problem,) = theory.loads("categories: becoming believable\n")
    assert problem.line == 1


def test_turns_that_came_between_others_are_recorded_as_well():
    read = tables.loads_ingested("turn,hash\nsource,aa\n2,bb\n2a,cc\nearlier 1,dd\n")
    assert read.turns == {"2": "bb", "2a": "cc"} and read.source == "aa"


@pytest.mark.parametrize(
    ("value", "new", "after"),
    [
        ("'focused: old'", "new", '"focused: new"'),
        ("old", "new", "new"),
        ('"focused: old"', "category: new", '"category: new"'),
    ],
)
def test_the_level_in_front_of_a_label_stays_unless_the_new_one_brings_its_own(value, new, after):
    text = f"- about: {value}\n  by: PM\n"
    changed = relabel.at_line(text, "x", 1, "old", (new,))
    assert changed == f"- about: {after}\n  by: PM\n"


@pytest.mark.parametrize(("found", "case"), [("none", None), ("None.", None), ("jim 2", "jim 2")])
def test_a_look_for_negative_cases_found_none_or_an_incident(found, case):
    read, problems = theory.loads(
        "categories:\n- category: becoming believable\n"
        f"negative-cases:\n- looked-for: becoming believable\n  found: {found}\n"
    )
    (look,) = read.looks
    assert not problems and (look.found.address if look.found else None) == case


ANSWERS = "interview,turn,suggestion,answer,by\njim,2,waiting,rejected,PM\n"


@pytest.mark.parametrize("newline", ["\n", "\r\n"])
def test_an_answer_that_stands_is_not_added_again(newline):
    """Empty cells that a spreadsheet left behind it make no other answer."""
    text = ANSWERS.replace("PM\n", "PM,,\n").replace("\n", newline)
    (answer,), problems = answers.loads(text)
    assert not problems and answer[:5] == ("jim", "2", "waiting", "rejected", "PM")
    assert answers.add(text, [answers.Answer("jim", "2", "waiting", "rejected", "PM")]) == text
    new = answers.Answer("jim", "4", "waiting", "rejected", "PM")
    assert answers.add(text, [new, new]) == text + f"jim,4,waiting,rejected,PM{newline}"


def test_an_evaluation_with_windows_line_ends_says_the_same():
    page = evaluation.page({}).replace(
        f"\n{evaluation.UNANSWERED}\n", "\nWe went there for a year.\n\nAnd again.\n", 1
    )
    read = evaluation.answers(page)
    assert [answer.text for answer in read if answer.text] == [
        "We went there for a year.\n\nAnd again."
    ]
    assert evaluation.answers(page.replace("\n", "\r\n")) == read


def test_a_heading_right_below_the_pointers_of_the_question_before_is_its_own():
    page = evaluation.page({})
    head, pointers, rest = page.partition("<!-- /pointers -->\n")
    below = rest[rest.index("### ") :]
    first, second = evaluation.answers(head + pointers + below)[:2]
    assert first.text == "" and second.line == (head + pointers).count("\n") + 1


@pytest.mark.parametrize("turn", ["2", '"2"', "'2'"])
def test_a_code_below_a_remark_that_ends_its_block_is_told_with_its_turn(turn):
    text = f"- turn: {turn}\n  codes: |\n    a\n  # a remark\n    b\n"
    with pytest.raises(UserError) as refused:
        sheets.loads(text, "data/initial-codes/jim.yaml")
    (problem,) = refused.value.problems
    assert problem.line == 5 and "(line 4) ended the codes of turn 2" in problem.what


TRANSCRIPT = """\
---
date: 2026-03-02
speakers: {I: interviewer, P: jim}
source: %s
---

[1] I: Hello.

[2] P: Hello!
"""


@pytest.mark.parametrize(
    ("was", "now", "after"),
    [
        ("jim.txt", "jim.docx", "jim.docx"),
        ('"jim.txt"', "jim.txt", '"jim.txt"'),
        ("jim.txt  # by mail", "jim.docx", "jim.docx  # by mail"),
        ("", "jim.docx", "jim.docx"),
    ],
)
def test_a_corrected_transcript_names_its_source_and_changes_no_other_byte(was, now, after):
    text = TRANSCRIPT.replace(" %s", f" {was}" if was else "")
    interview, problems = transcripts.loads(text, "data/transcripts/jim.md")
    assert not problems
    new = transcripts.rewrite(text, "data/transcripts/jim.md", interview.turns, {}, now)
    assert new == TRANSCRIPT % after


@pytest.mark.parametrize("head", [" [2] P:", "[2]P:", "[2 ] P :", "[2 01] P:"])
def test_a_line_that_was_meant_to_begin_a_turn_is_told(head):
    text = (TRANSCRIPT % "x").replace("[2] P:", head)
    _, problems = transcripts.loads(text, "data/transcripts/jim.md")
    (problem,) = problems
    assert problem.line == 9 and problem.what == f'"{head.strip()}" is not the head of a turn'


@pytest.mark.parametrize("newline", ["\n", "\r\n"])
def test_a_line_of_a_list_gets_its_new_labels_with_the_level_that_stood_there(newline):
    text = "- code: x\n  takes-up: |\n    old\n    focused: old\n".replace("\n", newline)

    def changed(line: int, *news: str) -> list[str]:
        return relabel.at_line(text, "x", line, "old", news).split(newline)[2:-1]

    assert changed(3, "new", "two") == ["    new", "    two", "    focused: old"]
    assert changed(4, "new") == ["    old", "    focused: new"]
    assert changed(4, "category: new") == ["    old", "    category: new"]
    assert changed(3) == ["    focused: old"]
    with pytest.raises(ValueError, match="no 'old' here"):
        relabel.at_line(text, "x", 1, "old", ("new",))


@pytest.mark.parametrize("newline", ["\n", "\r\n"])
def test_a_code_tied_to_words_keeps_its_line_end(newline):
    text = "- turn: 2\n  codes: |\n    a\n    b\n".replace("\n", newline)
    tied = relabel.retied(text, 3, "it went")
    assert tied == text.replace(f"    a{newline}", f'    a <- "it went"{newline}')
    assert relabel.retied(tied, 3, None) == text


BOOK = "- code: a\n  definition: x\n\n- code: b\n"


@pytest.mark.parametrize(
    "edited",
    [
        BOOK.replace("definition: x", "definition: y"),
        BOOK.replace("  definition: x\n", ""),
        BOOK.replace("- code: b\n", ""),
        BOOK + "- code: c\n",
        BOOK + "- code: b\n",
        BOOK.replace("- code: b", "- code: [b"),
    ],
)
def test_an_edit_that_says_something_else_than_it_should_is_refused(edited):
    """Whatever edited the lines, the result is read back before it is written."""
    expected, _ = codebook.loads(BOOK)
    refusal = error("data/codebook.yaml", 1, "cannot be edited by lines")
    with pytest.raises(UserError) as refused:
        edits.proved(edited, codebook.loads, expected, refusal)
    assert refused.value.problems == (refusal,)


@pytest.mark.parametrize("same", [BOOK, f"# mine\n\n{BOOK}", BOOK.replace("x", "'x'")])
def test_an_edit_that_says_what_it_should_stands_as_it_is(same):
    expected, _ = codebook.loads(BOOK)
    refusal = error("data/codebook.yaml", 1, "cannot be edited by lines")
    assert edits.proved(same, codebook.loads, expected, refusal) == same


def test_a_speaker_that_the_front_of_a_transcript_cannot_take_is_told():
    text = (TRANSCRIPT % "x").replace("speakers: {I: interviewer, P: jim}", "speakers:\n  P: jim")
    text = text.replace("[1] I: Hello.\n\n", "")
    interview, _ = transcripts.loads(text, "jim.md")
    with pytest.raises(UserError) as refused:
        transcripts.rewrite(text, "jim.md", interview.turns, {"Q": "zoe"}, "x")
    (problem,) = refused.value.problems
    assert problem.line == 1 and "the new speaker Q cannot be added" in problem.what
    new = transcripts.rewrite(TRANSCRIPT % "x", "jim.md", interview.turns, {"Q": "zoe"}, "x")
    assert "speakers: {I: interviewer, P: jim, Q: zoe}\n" in new


@pytest.mark.parametrize(
    ("turns", "line", "what"),
    [
        ("[1] Hello.\n", 7, "turn 1 does not say who speaks"),
        ("[1] X: Hello.\n", 7, 'turn 1: unknown speaker "X"'),
        ("[1] I: a\n\n[1] P: b\n", 9, "turn 1 stands twice; the first is at line 7"),
        ("Hello.\n\n[1] I: a\n", 7, "words before the first turn"),
        ("\n\n", 1, "this transcript has no turns"),
    ],
)
def test_a_transcript_whose_turns_do_not_hold_is_told_at_the_line(turns, line, what):
    front = (TRANSCRIPT % "x").partition("[1]")[0]
    _, (problem,) = transcripts.loads(front + turns, "data/transcripts/jim.md")
    assert (problem.line, problem.what) == (line, what)


def test_the_head_of_a_transcript_is_read_without_its_turns():
    text = (TRANSCRIPT % "jim.txt").replace("P: jim", "P: [jim]")
    for newline in ("\n", "\r\n"):
        read = transcripts.head_of(text.replace("\n", newline))
        assert read == ("jim.txt", {"I": "interviewer", "P": ""})
    assert transcripts.head_of("no front matter") == ("", {})


def test_a_row_of_the_table_says_what_is_in_it_and_whose_it_is():
    people, problems = tables.loads_participants(
        "participant,role,years\njim,nurse,\neve\n,porter,3\nzoe,,2,x\n"
    )
    assert {name: dict(person.attributes) for name, person in people.items()} == {
        "jim": {"role": "nurse", "years": ""},
        "eve": {"role": "", "years": ""},
        "zoe": {"role": "", "years": "2"},
    }
    assert [(problem.line, problem.what) for problem in problems] == [
        (4, "this row names no participant"),
        (5, "this row has more cells than the header"),
    ]


def test_an_empty_row_among_participants_is_none():
    table = "participant,role\n,\njim,nurse\n\n ,  \n"
    people, problems = tables.loads_participants(table)
    assert [*people] == ["jim"] and not problems


def test_what_an_interviewer_says_stands_in_a_sheet_as_comments():
    """A character that no editor shows is replaced; paragraphs stay apart."""
    turn = Turn("2", "", "I", "One.\n\nTwo\x07.", 3)
    sheet = sheet_edits.new_sheet(Interview("jim", "x", "", {"I": "interviewer"}, (turn,)), True)
    assert "# [2] I: One.\n#\n# Two\ufffd.\n" in sheet


@pytest.mark.parametrize(("number", "told"), [(limits.CODES, 0), (limits.CODES + 1, 1)])
def test_a_turn_has_as_many_codes_as_the_limit_says(number, told):
    codes = "".join(f"    code {n}\n" for n in range(number))
    _, problems = sheets.loads(f"- turn: 2\n  codes: |\n{codes}", "x")
    assert len(problems) == told
    assert all(problem.line == 3 + limits.CODES for problem in problems)
