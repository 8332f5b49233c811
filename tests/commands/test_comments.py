"""A second reader's comments: written by hand or by command,
answered, listed until answered; no figure is made of them.
"""

from __future__ import annotations

import json

import pytest
from conftest import hashes
from hypothesis import given, settings
from hypothesis import strategies as st

from gtpipe.formats import comments, row_edits

FILE = "data/comments.yaml"
KITS = "data/comments.KR.yaml"
BY_HAND = """\
# from the meeting in May
- about: meeting around the ward   # her main doubt
  by: KR
  comment: >
    Is this one code
    or two?
  answer:

- about: jim 2 "it went from there"
  by: KR
  comment: who is passive here?
  answer: nobody; it is how he talks
  changed: noted beside the turn
"""


def test_a_comment_is_one_entry_more(analysed):
    out = analysed.ok(
        "comments", "add", "meeting around the ward", "one code or two?", "--by", "KR"
    )
    assert out == "data/comments.KR.yaml: comment 1 (KR), on meeting around the ward\n"
    analysed.ok(
        "comments",
        "add",
        'jim 2 "it went from there"',
        "Who is passive?\n\nHe, or it?",
        "--by",
        "KR",
    )
    assert (
        analysed.read(KITS)
        == """\
- about: meeting around the ward
  by: KR
  comment: one code or two?

- about: jim 2 "it went from there"
  by: KR
  comment: |-
    Who is passive?

    He, or it?
"""
    )


@pytest.mark.parametrize(
    "about",
    [
        "meeting around the ward",
        "focused: easy beginnings",
        "becoming believable",
        "easy beginnings opens the way to becoming believable",
        "2026-03-21-paid-to-be-nice",
        "jim 2",
        'eve 4 "She goes home"',
    ],
)
def test_a_comment_is_about_anything_that_can_be_named(analysed, about):
    analysed.ok("comments", "add", about, "look again", "--by", "KR")
    assert analysed.read(KITS).startswith(
        f"- about: {about}\n" if ":" not in about else f'- about: "{about}"\n'
    )
    assert json.loads(analysed.ok("comments", about, "--format", "json"))[0]["about"] == about
    assert "this comment" not in analysed.ok("check")


def test_what_is_not_there_is_an_error_with_the_nearest_name(analysed):
    ran = analysed("comments", "add", "easy beginings", "hm")
    assert (ran.code, ran.err) == (
        1,
        'No code, category, relation, memo or incident "easy beginings" in this study. '
        'Did you mean "easy beginnings"?\n',
    )
    assert (
        'Did you mean "it went from there"?'
        in analysed("comments", "add", 'jim 2 "It went from There"', "hm").err
    )
    assert "No turn 99 in jim" in analysed("comments", "add", "jim 99", "hm").err
    assert (
        "nobody under `researchers`" in analysed("comments", "add", "jim 2", "hm", "--by", "XY").err
    )
    assert analysed("comments", "add", "jim 2").code == 2
    assert not (analysed.root / FILE).exists()


def test_an_old_label_is_refused_with_what_it_is_called_now(analysed):
    analysed.write(
        "data/codebook.yaml",
        analysed.read("data/codebook.yaml") + "  was: |\n    met on the ward\n",
    )
    ran = analysed("comments", "add", "met on the ward", "hm")
    assert (ran.code, ran.err) == (
        1,
        '"met on the ward" is called "meeting around the ward" now. '
        'Name "meeting around the ward": `gtpipe comments add \'meeting '
        "around the ward' …`.\n",
    )
    assert not (analysed.root / FILE).exists()
    analysed.write(FILE, "- about: met on the ward\n  by: KR\n  comment: whose ward?\n")
    assert "whose ward?" in analysed.ok("comments", "met on the ward")


def test_an_answer_changes_its_lines_and_no_others(analysed):
    analysed.write(FILE, BY_HAND)
    assert (
        analysed.ok("comments", "answer", "1", "two: see the memo", "--changed", "split")
        == "data/comments.yaml: comment 1 answered (PM), on meeting around the ward\n"
    )
    assert analysed.read(FILE) == BY_HAND.replace(
        "  answer:\n", '  answer: "two: see the memo"\n  changed: split\n'
    )
    ran = analysed("comments", "answer", "2", "again")
    assert (
        ran.code == 1
        and 'data/comments.yaml:10: comment 2 says already under "answer": nobody; it is how he '
        "talks."
        in ran.err
    )
    assert "no comment 3. They go from 1 to 2" in analysed("comments", "answer", "3", "again").err


def test_an_answer_in_a_file_with_windows_line_ends_keeps_them(analysed):
    analysed.write(FILE, BY_HAND.replace("\n", "\r\n"))
    analysed.ok("comments", "answer", "1", "two\nof them")
    assert analysed.read(FILE) == BY_HAND.replace(
        "  answer:\n", "  answer: |-\n    two\n    of them\n"
    ).replace("\n", "\r\n")


def test_the_log_says_what_a_comment_is_about_and_not_its_words(analysed):
    analysed.ok("comments", "add", 'jim 2 "it went from there"', "a doubt", "--by", "KR")
    analysed.ok("comments", "add", "easy beginnings", "another doubt")
    analysed.ok("comments", "answer", "2", "no doubt", "--changed", "nothing")
    lines = [json.loads(line) for line in analysed.read("data/log.jsonl").splitlines()[-3:]]
    assert [(line["command"], line["by"], list(line["files"])) for line in lines] == [
        ("comments add 'jim 2' --words … … --by KR", "KR", [KITS]),
        ("comments add 'easy beginnings' …", "PM", [FILE]),
        ("comments answer 2 … --changed … (about 'jim 2' --words …)", "PM", [KITS]),
    ]
    assert "doubt" not in analysed.read("data/log.jsonl")


def test_they_are_listed_with_their_numbers_all_or_unanswered_or_about_one_thing(analysed):
    analysed.write(FILE, BY_HAND)
    assert (
        analysed.ok("comments")
        == """\
1 · meeting around the ward · KR
  Is this one code or two?
    no answer yet: gtpipe comments answer 1 "…"
2 · jim 2 "it went from there" · KR
  who is passive here?
    answer: nobody; it is how he talks
    changed: noted beside the turn
"""
    )
    assert analysed.ok("comments", "--unanswered", "--format", "csv") == (
        "number,about,by,comment,answer,changed\n1,meeting around the ward,KR,Is this one code "
        "or two?,,\n"
    )
    assert (
        analysed.ok("comments", "jim 2", "--format", "csv").splitlines()[1].startswith('2,"jim 2 ')
    )
    assert analysed("comments", "noticing the pay").err == "No comment.\n"


def test_unanswered_ones_wait_in_status(analysed):
    analysed.write(FILE, BY_HAND)
    assert (
        "  1 comment without an answer: KR on meeting around the ward  (gtpipe comments "
        "--unanswered)\n" in analysed.ok("status")
    )
    analysed.ok("comments", "answer", "1", "two")
    assert "without an answer" not in analysed.ok("status")


def test_a_comment_on_what_is_gone_is_a_note_with_what_it_is_called_now(analysed):
    analysed.write(
        FILE,
        BY_HAND.replace("about: meeting around", "about: met around")
        + "\n- about: eve 77\n  by: XY\n  comment: where?\n",
    )
    analysed.write(
        "data/codebook.yaml",
        analysed.read("data/codebook.yaml") + "  was: |\n    met around the ward\n",
    )
    out = analysed.ok("check")
    assert (
        'data/comments.yaml:2: note: this comment is about "met around the ward", which is '
        'called "meeting around the ward" now. '
        "Write `about: meeting around the ward`.\n"
    ) in out
    assert (
        'data/comments.yaml:15: note: this comment is about "eve 77", which is nothing that this '
        "study has" in out
    )
    assert (
        "data/comments.yaml:15: note: nobody under `researchers` in pipeline.yaml has the "
        'initials "XY"' in out
    )


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        (
            "- about: jim 2\n  coment: hm\n",
            ':2: a comment has no field "coment". Did you mean "comment"?',
        ),
        ("- about: jim 2\n", ':1: a comment without "comment". Write `comment: …`.'),
        ("- by: KR\n  comment: hm\n", ':1: a comment without "about". Write `about: …`.'),
        ("about: jim 2\n", ":1: this is a list of comments. Each begins with `- about: …`."),
        ("- hm\n", ":1: a comment must be lines of `field: value`."),
    ],
)
def test_what_is_wrong_with_the_file_is_told_with_its_line_and_stops_writing(
    analysed, text, problem
):
    analysed.write(FILE, text)
    ran = analysed("check")
    assert ran.code == 1 and f"data/comments.yaml{problem}" in ran.out
    assert analysed("comments", "add", "jim 4", "more").code == 1
    assert analysed.read(FILE) == text


def test_no_derived_file_changes_and_looking_writes_nothing(analysed):
    before = hashes(analysed.root)
    analysed.ok("comments", "add", "jim 2", "hm")
    after = hashes(analysed.root)
    assert {name for name in after if before.get(name) != after[name]} == {FILE, "data/log.jsonl"}
    assert "stale" not in analysed.ok("status")
    for command in (["comments"], ["trace", "meeting around the ward"]):
        analysed.ok(*command)
    assert hashes(analysed.root) == after


TYPED = (
    st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), min_size=1)
    .map(str.strip)
    .filter(bool)
)
TRICKY = st.sampled_from(
    [
        "no",
        "1.5",
        "~",
        "why: because",
        "# hope",
        "'cause",
        '"she"',
        "- a\n- b",
        "|",
        "a\n\n b\n",
        "x\n---\ny",
        "*really*",
        "a: b\n  c",
    ]
)


@settings(max_examples=100)
@given(
    st.lists(
        st.tuples(TYPED | TRICKY.map(str.strip), TYPED | TRICKY.map(str.strip)),
        min_size=1,
        max_size=4,
    ),
    st.booleans(),
)
def test_what_was_typed_is_what_is_read(pairs, windows):
    text = BY_HAND.replace("\n", "\r\n") if windows else BY_HAND
    for said, _ in pairs:
        row = {"about": "jim 2", "by": "KR", "comment": said}
        text = row_edits.add(text, FILE, comments.table(), [row])
    for number, (_, answer) in enumerate(pairs, 3):
        values = {"answer": answer, "changed": answer}
        text = row_edits.fill_in(text, FILE, comments.table(), number, values)
    found, problems = comments.loads(text)
    assert not problems
    assert [(one.comment, one.answer, one.changed) for one in found[2:]] == [
        (said, answer, answer) for said, answer in pairs
    ]
    assert text.startswith((BY_HAND.replace("\n", "\r\n") if windows else BY_HAND).rstrip())


def test_an_answer_stands_without_the_spaces_around_it(analysed):
    analysed.ok("comments", "add", "noticing the pay", "Is it one code?")
    analysed.ok("comments", "answer", "1", "  It is.  ", "--changed", " nothing ")
    (path,) = analysed.root.glob("data/comments*.yaml")
    text = path.read_text()
    assert "  answer: It is.\n" in text and "  changed: nothing\n" in text


def test_comments_are_a_procedure_that_is_always_on(analysed):
    """Its rows are laid out on request, and nothing of it stands among the derived files."""
    listed = analysed.ok("procedures", "--format", "csv")
    assert "\ncomments,always: gtpipe comments," in listed
    analysed.write(FILE, BY_HAND)
    shown = analysed.ok("procedures", "show", "comments")
    assert (
        'jim 2 "it went from there"' in shown
        and not (analysed.root / "data/derived/procedures").exists()
    )
    before = analysed.read("pipeline.yaml")
    ran = analysed("procedures", "add", "comments", "--because", "x")
    assert ran.code == 1 and ran.err == "Comments is always on. `gtpipe comments` shows it.\n"
    assert analysed.read("pipeline.yaml") == before
    analysed.write("pipeline.yaml", before + "procedures:\n  sampling: we sample\n")
    assert "sampling is always on. Take `sampling` out" in analysed("check").out
    analysed.write("pipeline.yaml", before)
    own = "procedure: comments\ntables:\n- table: x\n  file: x.yaml\n  layout: list\n  under: a\n"
    own += "  fields:\n  - field: a\n"
    analysed.write("data/procedures/comments.yaml", own)
    told = analysed("procedures").err
    assert "data/procedures/comments.yaml:1: comments is always on, and is gtpipe's own." in told
