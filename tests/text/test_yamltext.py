"""YAML as people write it: what is wrong is told by the line where it is, and what is not is left
alone.
"""

from __future__ import annotations

import pytest

from gtpipe.model.problems import UserError
from gtpipe.text import entry_edits, frontmatter, tokens, worddiff, yamltext

CONFLICT = "- code: a\n<<<<<<< HEAD\n  definition: x\n=======\n  definition: y\n>>>>>>> other\n"


def wrong(text: str):
    with pytest.raises(UserError) as refused:
        yamltext.parse(text, "data/codebook.yaml")
    (problem,) = refused.value.problems
    return problem


def test_a_conflict_that_git_left_is_told_with_all_its_lines():
    for text in (CONFLICT, CONFLICT.replace("\n", "\r\n")):
        problem = wrong(text)
        assert problem.line == 2
        assert problem.what == "a merge left conflict markers here, at lines 2, 4, 6"


@pytest.mark.parametrize("gone", ["<<<<<<< HEAD\n", "=======\n", ">>>>>>> other\n"])
def test_markers_that_are_not_all_there_are_no_conflict(gone):
    """Somebody who writes about merging may quote a marker or two."""
    assert yamltext.conflict_markers(CONFLICT.replace(gone, ""), "x") is None
    quoted = CONFLICT.replace(gone, f"# {gone}")
    assert yamltext.conflict_markers(quoted, "x") is None


def test_a_second_document_is_told_at_its_line():
    problem = wrong("- code: a\n\n---\n- code: b\n")
    assert (problem.line, problem.what) == (3, "a second document starts here")


@pytest.mark.parametrize("newline", ["\n", "\r\n"])
@pytest.mark.parametrize("blank", ["", "   ", "\n  \n"])
def test_the_line_that_is_broken_is_shown_and_no_blank_one_below_it(newline, blank):
    text = f'- code: a\n- code: "b\n{blank}\n'.replace("\n", newline)
    problem = wrong(text)
    assert (problem.line, problem.excerpt) == (2, '- code: "b')


def test_a_line_of_any_kind_counts_at_line_feeds_alone():
    """As editors and git count: what YAML takes for a line break besides them is none."""
    problem = wrong('- code: "a\x85b\u2028c\rd"\n- code: [e\n')
    assert problem.line == 2


@pytest.mark.parametrize(
    "typed",
    [
        'jim 2 "so we met"',
        'jim 2 "he said: no"',
        'jim 2 "the pay # or not"',
        "jim 2 'it: went'",
        "jim 2",
        "2: x",
        "- a",
        ' jim 2 "a" ',
    ],
)
def test_an_incident_behind_its_field_is_read_as_it_was_typed(typed):
    written = f"- code: x\n  incident: {entry_edits.address(typed, 'x')}\n"
    (entry,) = yamltext.items(yamltext.parse(written, "x"))
    assert yamltext.value_of(entry, "incident") == typed.strip()


def test_the_quotation_marks_of_an_incident_need_none_around_them():
    assert entry_edits.address('jim 2 "so we met"', "x") == 'jim 2 "so we met"'
    assert entry_edits.address("no", "x") == '"no"'


def test_a_field_in_front_of_a_page_that_is_nearly_a_known_one_is_a_note():
    """People may have fields of their own: those are left alone."""
    page = frontmatter.Page("---\nabuot: x\nmood: low\n---\n\nWords.\n", "m.md", ("about", "date"))
    (problem,) = page.problems
    assert (problem.severity, problem.line) == ("note", 2)
    assert problem.what == 'the front matter has no field "abuot"'
    assert problem.do == 'did you mean "about"?'
    assert page.prose == "Words."


@pytest.mark.parametrize(
    ("written", "seen"),
    [
        ("“So,” he said", "So, he said"),
        ("don’t", "don't"),
        ("(‘so’)", "(so)"),
        ("the boys’ hour", "the boys hour"),
        ("*really* – no...", "really - no…"),
    ],
)
def test_apostrophes_within_a_word_stay_where_quotation_marks_are_left_out(written, seen):
    assert tokens.plain(written) == seen


def test_a_long_wording_with_a_word_that_comes_often_differs_by_the_words_that_differ():
    """A word that comes again and again is as good as any other for finding what stayed."""
    old = " ".join(f"and word{n}" for n in range(150))
    new = old.replace("and word70 and", "or word70 and")
    assert worddiff.difference(old, new, 2) == "… and word69 [-and-] {+or+} word70 and …"
    repeated = " ".join(["no"] * 250)
    assert worddiff.difference(repeated, f"yes {repeated} yes", 1) == "{+yes+} no … no {+yes+}"


def test_how_alike_two_wordings_are_counts_each_word_as_often_as_it_is_in_both():
    assert worddiff.alike("the pay", "The  pay") == 1.0
    assert worddiff.alike("a a b", "a c") == 0.4
    assert worddiff.alike("", "") == 1.0 and worddiff.alike("a", "b") == 0.0


@pytest.mark.parametrize("value", ["caf\u00e9 \u201cso\u201d", 'a "b"', "a\x7fb", "a\x85b", "a\\b"])
def test_a_value_in_quotes_keeps_what_can_be_seen_as_it_is(value):
    written = yamltext.quoted(value)
    assert yamltext.value_of(yamltext.parse(f"a: {written}\n", "x"), "a") == value
    assert ("caf\u00e9" in written) is ("caf\u00e9" in value)
    assert all(yamltext.printable(char) for char in written) and "\x7f" not in written


def test_a_line_that_is_added_to_a_block_has_no_spaces_at_its_end():
    sheet = "- turn: 2\n  codes: |\n    a\n"
    entry = entry_edits.entry(sheet, "x", "turn", "2")
    added = entry_edits.add_lines(sheet, "x", entry, "codes", ["b", "", "  a note  "], ())
    assert added == sheet + "    b\n\n      a note\n"
