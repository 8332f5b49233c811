"""Names, by-lines, marks, brackets and blocks of a chapter: what is exact is not accused, whatever
its shape, and what is wrong is told, all of it. The sample is made by `benchmarks/quoting.py`."""

from __future__ import annotations

import json

import pytest
from benchmarks import quoting
from conftest import StudyFolder

ALICE = """\
---
interview: p1
date: 2026-01-01
speakers: {I: interviewer, P: alice}
---

[1] I: How was it on the ward?

[2] P: I never took the early bus there, 'cause the boys' room was (laugh) always locked. \
[pause 3s] And then the nurse said, "Come back on Thursday." So I went home.

[3] I: And then?

[4] P: We had tea in the (PSW) office… it was late and nobody came, don't ask me why. \
she said nothing about the money.
"""
JIM = """\
---
interview: jim
date: 2026-01-02
speakers: {I: interviewer, P: jim}
---

[1] I: What happened?

[2] P: The keys were under the mat and nobody told me. It was about the rent, it always is.

[4] P: Das war halt so, da hat keiner gefragt. On n'en parle plus, voilà tout.
"""
ROOM = "'cause the boys' room was (laugh) always locked"
BUS, KEYS = "I never took the early bus there", "The keys were under the mat and nobody told me"
EXACT, MARKED, ALTERED = "exact", "exact with marked changes", "altered without a mark"
OTHER_NAME, TWO_NAMES = "under another name", "the same words under two names"


@pytest.fixture
def two(empty) -> StudyFolder:
    """A study in which Alice is interviewed in p1, and Jim in jim."""
    empty.write("data/participants.csv", "participant,setting\nalice,Day centre\njim,home\n")
    empty.write("data/transcripts/p1.md", ALICE)
    empty.write("data/transcripts/jim.md", JIM)
    return empty


def told(study: StudyFolder, text: str, name: str = "c.md") -> list[tuple[str, str, str]]:
    """(verdict, whose the text says it is, where it stands) of all that is said of a chapter."""
    study.write(name, text)
    rows = json.loads(study("quotes", name, "--all", "--format", "json").out)
    return [(row["verdict"], row["said-by"], row["place"]) for row in rows]


# --- a sample of what benchmarks/quoting.py tries -------------------------------------------------


@pytest.fixture(scope="module")
def made_up():
    """Transcripts, and of each format a chapter of exact quotations and one of altered ones."""
    study = quoting.made_up(7, turns=8)
    chapters = [list(quoting.chapters(study, 150, 7, altered=altered)) for altered in (False, True)]
    return study, {
        exact.name.partition(".")[2]: (exact, altered)
        for exact, altered in zip(*chapters, strict=True)
    }


@pytest.mark.parametrize("ending", quoting.FORMATS)
def test_exact_quotations_are_never_accused_and_altered_ones_always(made_up, empty, ending):
    study, chapters = made_up
    study.write(empty.root)
    for chapter in chapters[ending]:
        empty.write(chapter.name, chapter.chapter.content)
    names = [chapter.name for chapter in chapters[ending]]
    rows = json.loads(empty("quotes", *names, "--all", "--format", "json").out)
    for chapter in chapters[ending]:
        mine = [row for row in rows if row["file"] == chapter.name]
        assert quoting.wrong(chapter, mine, chapter.name.startswith("altered")) == []


# --- names ----------------------------------------------------------------------------------------


def test_a_name_nobody_bears_is_told_with_the_nearest(two):
    two.write("c.md", f"“{BUS}” (Alexa).\n")
    ran = two("quotes", "c.md")
    assert (ran.code, ran.out) == (
        1,
        f"""\
c.md:1: under another name
    “{BUS}”
    p1 2 (alice): nobody in this study is called Alexa, the nearest name is alice; \
the words are alice's
    Name alice.

1 quotation: 1 under another name
""",
    )


STRANGERS = {
    "with a turn": f"“{BUS}” (Alexa, turn 2)",
    "behind a dash": f"“{BUS}” — Alexa, p1, line 9",
    "with the interview": f"“{BUS}” [Robert, p1]",
    "in small letters": f"“{BUS}” (allice)",
    "before a colon": f"Robert (turn 2): “{BUS}”.",
    "before what it said": f"As Robert said, “{BUS}”.",
    "behind": f"“{BUS},” said Robert.",
    "under a block": f"> {BUS}\n>\n> — Alexa",
    "in brackets in a block": f"> {BUS}. (Alexa)",
    "below a block": f"> {BUS}\n\nAlexa, turn 2",
    "with a number": f"“{BUS}” (P44)",
    "beside one who is there": f"“{BUS}” (Alice and Robert, turn 2)",
    "beside another": f"“{BUS}” (Alexa & Robert)",
    "according to": f"According to Robert, “{BUS}”.",
    "in the person's words": f"It was, in Robert’s words, “{BUS}”.",
}


@pytest.mark.parametrize("shape", STRANGERS)
def test_a_name_nobody_bears_is_told_in_every_place(two, shape):
    ((verdict, _, place),) = told(two, STRANGERS[shape] + "\n")
    assert (verdict, place) == (OTHER_NAME, "p1 2")


@pytest.mark.parametrize(
    ("text", "verdicts"),
    [
        ("Robert said, “no.”", ["short (not checked)", OTHER_NAME]),
        ("Robert said, “parrots talked about it all the while”.", ["not found"]),
        ("“What happened?” (Robert)", [OTHER_NAME]),
    ],
)
def test_a_name_nobody_bears_is_told_whatever_words_it_is_given(two, text, verdicts):
    assert [verdict for verdict, _, _ in told(two, text)] == verdicts
    ran = two("quotes", "c.md")
    assert ran.code == 1 and "nobody in this study is called Robert" in ran.out


def test_an_author_who_is_cited_with_a_year_is_nobody_of_the_study(two):
    assert [verdict for verdict, _, _ in told(two, "Charmaz says, “all is data”.\n")] == [
        "not found"
    ]
    cited = "Charmaz (2014) wrote a book.\n\nCharmaz says, “codes”, and Charmaz said: “memos”.\n"
    assert {verdict for verdict, _, _ in told(two, cited)} == {"short (not checked)"}


def test_participants_whom_no_chapter_names_are_told(two):
    two.write("c.md", f"“{BUS}” (Alice).\n")
    two.write("d.md", "Jim’s words come later.\n")
    assert two("quotes", "c.md").err == "note: no chapter here names jim\n"
    assert two("quotes", "c.md", "d.md").err == ""


NO_STRANGERS = (
    "(emphasis added)",
    "(see Table 2)",
    "(PSW)",
    "(Day centre)",
    "(p1)",
    "(Interview 4)",
    "(Alice, 34, day centre)",
    "(Alice and the others)",
    "(Glaser and Strauss, 1967)",
    "(Hervorhebung im Original)",
    "(Charmaz, 2014)",
)


@pytest.mark.parametrize("bracket", NO_STRANGERS)
def test_what_is_no_name_is_taken_for_none(two, bracket):
    assert [verdict for verdict, _, _ in told(two, f"“{BUS}” {bracket}.\n")] == [EXACT]


def test_a_capital_at_the_beginning_of_a_sentence_is_no_speaker_where_the_word_is_an_ordinary_one(
    two,
):
    text = f"Many women spoke of it. Women said: “{BUS}”. Nobody said: “{KEYS}”.\n"
    assert [verdict for verdict, _, _ in told(two, text)] == [EXACT, EXACT]


def test_a_wrong_name_is_told_beside_what_is_altered(two):
    found = told(two, "“The keys were under the carpet and nobody told me” (Alice).\n")
    assert found == [(ALTERED, "alice", "jim 2"), (OTHER_NAME, "alice", "jim 2")]
    assert two("quotes", "c.md").out.endswith(
        "1 quotation: 1 altered without a mark, 1 under another name\n"
    )


def test_a_wrong_interview_is_told(two):
    found = told(
        two, f"“{BUS}” (Alice, jim).\n\n“{KEYS}” (Jim, jim, turn 2).\n\n“{KEYS}” (Jim, turn 4)\n"
    )
    assert [verdict for verdict, _, _ in found][:3] == ["another interview", EXACT, "another turn"]


def test_words_under_two_names_and_words_printed_twice_are_told(two):
    found = told(
        two, f"“{KEYS}” (Jim).\n\n“{KEYS}” (Alice).\n\n“{BUS}” (Alice).\n\n> {BUS}\n>\n> (Alice)\n"
    )
    assert [verdict for verdict, _, _ in found] == [EXACT, TWO_NAMES, EXACT, EXACT, "printed twice"]
    two.write("twice.md", f"“{BUS}” (Alice).\n\n“{BUS}” (Alice).\n\n“come back” and “come back”\n")
    ran = two("quotes", "twice.md")
    assert ran.code == 0
    assert "twice.md:3: note: printed twice\n" in ran.out and "first at twice.md:1\n" in ran.out


def test_an_altered_extract_under_two_names_is_told(two):
    wrong = "The keys were under the rug and nobody told me"
    found = told(two, f"“{wrong}” (Jim).\n\n“{wrong}” (Alice).\n")
    assert [verdict for verdict, _, _ in found] == [ALTERED, ALTERED, TWO_NAMES]


# --- marks ----------------------------------------------------------------------------------------

MARKS = {
    "two British ones": ("'We had tea' and 'nobody came' (Alice)", 2),
    "two curly British ones": ("‘We had tea’ and ‘it was late and nobody came’ (Alice)", 2),
    "apostrophes alone": (
        "It went on 'cause the boys' room was cold, don't you know, goin' home 'n' all.",
        0,
    ),
    "apostrophes inside": (
        f"He heard '{BUS}, 'cause the boys' room was (laugh) always locked', she said.",
        1,
    ),
    "one that begins with an apostrophe": (
        "''cause the boys' room was (laugh) always locked' (Alice)",
        1,
    ),
    "narrow spaces": ("Jim : «\u202fOn n’en parle plus, voilà tout.\u202f» Et après.", 1),
    "single guillemets": ("Jim : ‹On n’en parle plus, voilà tout›.", 1),
    "low and high": ("Jim sagt: „Das war halt so, da hat keiner gefragt.“ Und dann.", 1),
    "German guillemets": ("»Das war halt so« und »da hat keiner gefragt« (Jim).", 2),
    "Swedish ones": ("”Das war halt so” och ”da hat keiner gefragt” (Jim).", 2),
    "Finnish ones": ("»Das war halt so» ja »da hat keiner gefragt» (Jim).", 2),
    "underscores": (f"_'{BUS}'_ (Alice) and _“{KEYS}”_ (Jim)", 2),
}


@pytest.mark.parametrize("style", MARKS)
def test_every_style_of_marks_is_read(two, style):
    text, number = MARKS[style]
    for ending in ("md", "txt", "html"):
        found = [verdict for verdict, _, _ in told(two, f"{text}\n", f"c.{ending}")]
        assert found == [EXACT] * number


def test_a_capital_at_the_beginning_is_no_alteration(two):
    text = "“She said nothing about the money.” Then: “i never took the early bus there”.\n"
    assert [verdict for verdict, _, _ in told(two, text)] == [EXACT, EXACT]
    text = "“And then the nurse said […] Come back on Thursday.” “And Then the nurse said”\n"
    assert [verdict for verdict, _, _ in told(two, text)] == [MARKED, ALTERED]


# --- brackets and ellipses ------------------------------------------------------------------------


def test_what_brackets_put_in_is_told_as_that(two):
    two.write("c.md", "“We had tea in the [staff] (PSW) office” (Alice)\n")
    ran = two("quotes", "c.md")
    assert (ran.code, ran.out) == (
        0,
        """\
c.md:1: note: exact with marked changes
    “We had tea in the [staff] (PSW) office”
    p1 4 (alice): put in: [staff]
    Leave it where the words in brackets are yours.

1 quotation: 1 exact with marked changes
""",
    )


BRACKETS = {
    "a bracket of the transcript": ("“always locked. [pause 3s] And then the nurse said”", EXACT),
    "words lost behind one": ("“always locked. [pause 3s] then the nurse said”", ALTERED),
    "round ones of the transcript": ("“the boys' room was (laugh) always locked”", EXACT),
    "round ones of the author": ("“the boys' room was (nearly) always locked”", ALTERED),
    "in place of a word": ("“The keys were under [it] and nobody told me”", MARKED),
    "beside words left out": ("“The keys [all of them] … nobody told me”", MARKED),
    "three points": ("“The keys ... nobody told me”", MARKED),
    "three points in brackets": ("“The keys [...] nobody told me”", MARKED),
    "one sign": ("“The keys … nobody told me”", MARKED),
    "an ellipsis of the transcript": ("“in the (PSW) office… it was late”", EXACT),
    "left out without a mark": ("“The keys nobody told me”", ALTERED),
}


@pytest.mark.parametrize("case", BRACKETS)
def test_brackets_and_ellipses(two, case):
    text, verdict = BRACKETS[case]
    assert [verdict for verdict, _, _ in told(two, text + "\n")] == [verdict]


# --- blocks ---------------------------------------------------------------------------------------

BY_LINES = (
    "— p1, turn 2",
    "— Alice",
    "(Alice, p1)",
    "Alice, turn 2",
    "— Alice, interview p1, lines 9–10",
    "Alice (p1, line 9)",
)


@pytest.mark.parametrize("by_line", BY_LINES)
def test_a_by_line_may_stand_in_a_block_of_its_own(two, by_line):
    before = "First Jim spoke of it."
    for text in (
        f"{before}\n\n> {BUS}.\n\n> {by_line}\n\nAnd on.\n",
        f"{before}\n\n> {BUS}.\n\n{by_line}\n\nAnd on.\n",
        f"{before}\n\n> {BUS}.\n>\n> {by_line}\n\nAnd on.\n",
    ):
        assert told(two, text) == [(EXACT, "alice", "p1 2")]


TEXTS = {
    "set in by two": f"Alice told it.\n\n  {BUS},\n  {ROOM}.\n\nAnd on.\n",
    "set in, no blank lines": f"Alice told it:\n    {BUS},\n    {ROOM}.\nAnd on.\n",
    "by blank lines": f"Alice told it.\n\n{BUS}, {ROOM}.\n\nAnd on.\n",
    "in underscores": f"_{BUS}, 'cause the boys'\nroom was_.\n\n— Alice, turn 2\n",
    "by-line behind": f"{BUS}, 'cause the boys' room. (Alice, turn 2)\n",
}


@pytest.mark.parametrize("shape", TEXTS)
def test_extracts_of_plain_text_are_checked_without_marks(two, shape):
    text = TEXTS[shape]
    assert told(two, text, "c.txt") == [(EXACT, "alice", "p1 2")]
    changed = told(
        two,
        text.replace("boys' room", "girls' room")
        .replace("boys'\nroom", "girls'\nroom")
        .replace("the boys'", "the girls'"),
        "c.txt",
    )
    assert changed == [(ALTERED, "alice", "p1 2")]


def test_a_paragraph_that_looks_like_an_extract_is_not_passed_over_in_silence(two):
    text = "Prose goes on for a while, and stops. (Jim, turn 2)\n\n"
    text += "Jim was frank about his keys (Jim, turn 2).\n"
    two.write("c.txt", text)
    ran = two("quotes", "c.txt")
    assert ran.code == 0
    assert ran.out.startswith("c.txt:1: note: set apart, in no transcript (not checked)\n")
    assert ran.out.endswith("1 quotation: 1 set apart, in no transcript (not checked)\n")


def test_margins_and_classes_set_a_block_apart(two):
    block = f"<p class='block-quote'>{BUS}</p><p>— Jim</p><blockquote>{KEYS}<br>— Jim</blockquote>"
    assert told(two, f"<html><body><p>So:</p>{block}</body></html>", "c.html") == [
        (OTHER_NAME, "jim", "p1 2"),
        (EXACT, "jim", "jim 2"),
    ]


def test_lists_lazy_lines_and_tables_in_markdown_keep_their_lines(two):
    text = f"- one\n  > {BUS},\n{ROOM}\n\n| who | what |\n|---|---|\n| Jim | “{KEYS}” |\n"
    two.write("c.md", text)
    rows = json.loads(two("quotes", "c.md", "--all", "--format", "json").out)
    assert [(row["line"], row["verdict"], row["said-by"]) for row in rows] == [
        (2, EXACT, ""),
        (7, EXACT, "jim"),
    ]


def test_sources_in_brackets_of_latex_quotations_are_by_lines(two):
    text = f"\\begin{{displayquote}}[Alice, turn~2]\n{BUS}\n\\end{{displayquote}}\n\n"
    text += 'Jim : \\og On n\'en parle plus \\fg{} et "<voilà tout">.\n'
    assert told(two, text, "c.tex")[:2] == [(EXACT, "alice", "p1 2"), (EXACT, "jim", "jim 4")]
