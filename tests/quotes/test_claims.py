"""Claims of number in a chapter beside the record: nothing is called true, and what cannot be so is
marked.
"""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gtpipe.quotes.numbers import Kind, Nouns, said_in

PEOPLE = {"ana": "manager", "ben": "nurse", "cleo": "manager", "dov": "nurse", "eli": "nurse"}
SAYS, CONTRADICTS, OPEN = "", "contradicts the record", "cannot be known here"


@pytest.fixture
def study(empty):
    """Five participants, a clock noticed by three of them, of whom two are managers."""
    table = "".join(f"{name},{profession}\n" for name, profession in PEOPLE.items())
    empty.write("data/participants.csv", f"participant,profession\n{table}")
    for day, name in enumerate(PEOPLE, start=1):
        front = f"interview: {name}\ndate: 2026-01-0{day}\nspeakers: {{I: interviewer, P: {name}}}"
        empty.write(
            f"data/transcripts/{name}.md",
            f"---\n{front}\n---\n\n[1] I: And?\n\n[2] P: It was late by the clock.\n",
        )
        code = "noticing the clock" if name in ("ana", "ben", "cleo") else "waiting"
        empty.write(f"data/initial-codes/{name}.yaml", f"- turn: 2\n  codes: |\n    {code}\n")
    empty.write("data/codebook.yaml", "- code: being paid\n")
    return empty


def told(study, text: str) -> list[tuple[str, str]]:
    """Claim and verdict of each that is near a theme."""
    study.write("c.md", text)
    ran = study("claims", "c.md", "--format", "json")
    rows = json.loads(ran.out)
    assert ran.code == any(row["verdict"] == CONTRADICTS for row in rows)
    return [(row["claim"], row["verdict"]) for row in rows]


@pytest.mark.parametrize(
    ("sentence", "claim", "verdict"),
    [
        ("Three participants noticed the clock.", "Three participants", SAYS),
        ("Seven participants were noticing the clock.", "Seven participants", CONTRADICTS),
        ("Noticing the clock was told by 2 interviewees.", "2 interviewees", CONTRADICTS),
        ("Most noticed the clock.", "Most noticed", SAYS),
        (
            "A minority of participants noticed the clock.",
            "A minority of participants",
            CONTRADICTS,
        ),
        ("All the people noticed the clock.", "All the people", CONTRADICTS),
        ("Nobody noticed the clock.", "Nobody", CONTRADICTS),
        ("Both managers noticed the clock.", "Both managers", SAYS),
        ("Half of the managers noticed the clock.", "Half of the managers", CONTRADICTS),
        ("A third of the nurses noticed the clock.", "A third of the nurses", SAYS),
        ("Only 1 nurse was noticing the clock.", "Only 1 nurse", SAYS),
        ("Ana was the only one noticing the clock.", "the only one", CONTRADICTS),
        ("Ben was the only nurse noticing the clock.", None, SAYS),
        ("Only ana noticed the clock.", "Only ana", CONTRADICTS),
        ("Three of the 5 participants noticed the clock.", "Three of the 5 participants", SAYS),
        ("3 of 23 participants noticed the clock.", "3 of 23 participants", CONTRADICTS),
        ("60% of participants noticed the clock.", "60% of participants", SAYS),
        ("30 per cent of people noticed the clock.", "30 per cent of people", CONTRADICTS),
        ("Three interviews have noticing the clock.", "Three interviews", SAYS),
        ("Five extracts show noticing the clock.", "Five extracts", CONTRADICTS),
        ("23 of 255 were about noticing the clock.", "23 of 255", SAYS),
        ("Half of the gardeners noticed the clock.", "Half of the gardeners", OPEN),
        ("Most participants did not notice; they were noticing the clock.", None, OPEN),
        ("Almost all participants noticed the clock.", "Almost all participants", SAYS),
        ("All but one of the nurses noticed the clock.", "All but one of the nurses", CONTRADICTS),
        ("All but two participants noticed the clock.", "All but two participants", SAYS),
        ("At least two participants noticed the clock.", "At least two participants", SAYS),
        ("More than 3 participants noticed the clock.", "More than 3 participants", CONTRADICTS),
        ("Fewer than three people noticed the clock.", "Fewer than three people", CONTRADICTS),
        ("About four participants noticed the clock.", "About four participants", SAYS),
        ("One in five participants noticed the clock.", "One in five participants", CONTRADICTS),
        ("Ben was one of three participants who noticed the clock.", None, SAYS),
        (
            "Three participants (Ana, Ben and Dov) noticed the clock.",
            "Three participants",
            CONTRADICTS,
        ),
        ("Three participants, Ana, Ben, and Cleo, noticed the clock.", "Three participants", SAYS),
        ("Several participants were being paid.", "Several participants", CONTRADICTS),
    ],
)
def test_each_kind_of_claim_is_found_and_judged_by_the_record(study, sentence, claim, verdict):
    found = told(study, f"{sentence}\n")
    if claim:
        assert found == [(claim, verdict)]
    assert [one for _, one in found] in ([verdict], [])


def test_where_not_everybody_is_coded_more_may_be_and_less_may_not(study):
    study.write("data/initial-codes/eli.yaml", "- turn: 2\n  codes: |\n")
    assert told(study, "Four participants noticed the clock.\n")[0][1] == OPEN
    assert told(study, "Five participants noticed the clock.\n")[0][1] == CONTRADICTS
    assert told(study, "Two participants noticed the clock.\n")[0][1] == CONTRADICTS
    assert told(study, "Nobody was waiting.\n")[0][1] == CONTRADICTS
    study.write("c.md", "Four participants noticed the clock.\n")
    assert study.ok("claims", "c.md") == (
        "c.md:1: “Four participants”: cannot be known here\n"
        "    Four participants noticed the clock.\n"
        "    noticing the clock (code): 3 of 4 participants: ana, ben, cleo; not coded so: dov; "
        "not coded yet: eli\n"
        "    It is not known of eli.\n\n"
        "1 claim of number near a theme: 1 cannot be known here\n"
    )


def test_the_nearest_theme_is_that_of_the_sentence_the_paragraph_the_heading(study):
    study.write(
        "c.md",
        "We met five participants.\n\n# Noticing the clock\n\nSeven participants spoke of it. "
        "We interviewed twelve participants.\n\n> Most participants waited.\n\n"
        "Two participants were waiting. Three people said “most of us”.\n",
    )
    ran = study("claims", "c.md", "--format", "csv")
    assert [line.split(",")[1:4] for line in ran.out.splitlines()[1:]] == [
        ["5", "Seven participants", "noticing the clock"],
        ["9", "Two participants", "waiting"],
        ["9", "Three people", "waiting"],
    ]
    study.write(
        "data/initial-codes/eli.yaml", "- turn: 2\n  codes: |\n    waiting\n    2\n    no\n"
    )
    assert study("claims", "c.md").out.endswith(
        "The sentence does not name it. The text says “Three people”; on record are 2.\n\n"
        "3 claims of number near a theme: "
        "1 contradicts the record, 1 cannot be known here; 2 near none, not looked at\n"
    )


def test_what_does_not_fit_and_what_was_not_judged_stand_beside(study):
    study.write(
        "data/focused-codes.yaml",
        "- focused: minding time\n  because: it comes back\n  takes-up: |\n    noticing the clock\n"
        "  judged: |\n    ana 2\n  does-not-fit: |\n    cleo 2\n",
    )
    study.write("c.md", "Two participants were minding time.\n")
    out = study.ok("claims", "c.md")
    assert (
        "minding time (focused code): 1 of 4 participants: ana; not coded so: cleo, dov, eli" in out
    )
    assert "    does not fit: cleo 2\n    not judged: 1 incident\n" in out


def test_of_an_item_each_answer_stands_beside_by_name(study):
    study.ok("procedures", "add", "items", "--because", "a form was sent round")
    asks = "Are you asked about pay?"
    study.write("data/items.yaml", f"- item: 2.1\n  asks: {asks}\n- item: 2.2\n  asks: Why?\n")
    rows = "ana,2.1,yes,4\nben,2.1,yes,2\ncleo,2.1,no,4\ndov,2.1,dk,\n"
    study.write("data/items.csv", f"participant,item,happening,important\n{rows}")
    study.write("c.md", "Two participants said that item 2.1 is happening.\n")
    assert study.ok("claims", "c.md") == (
        "c.md:1: “Two participants”: cannot be known here\n"
        "    Two participants said that item 2.1 is happening.\n"
        "    item 2.1 (happening: dk): 1 of 4 participants: dov; others: ana, ben, cleo; "
        "no answer: eli\n"
        "    item 2.1 (happening: no): 1 of 4 participants: cleo; others: ana, ben, dov; "
        "no answer: eli\n"
        "    item 2.1 (happening: yes): 2 of 4 participants: ana, ben; others: cleo, dov; "
        "no answer: eli\n"
        "    It is not known of eli.\n\n"
        "1 claim of number near a theme: 1 cannot be known here\n"
    )
    for text, verdict in (
        ("Four participants said that item 2.1 was happening.", CONTRADICTS),
        ("Three participants said that item 2.1 was happening.", OPEN),
        ("Most people were asked about pay: two called it important (item 2.1).", OPEN),
        ("Both managers were asked: “Are you asked about pay?”", SAYS),
        ("Two participants answered item 2.2.", OPEN),
    ):
        assert [one for _, one in told(study, text)] == [verdict], text


def test_a_chapter_that_cannot_be_read_is_told(study):
    ran = study("claims", "no.md")
    assert ran.code == 1 and "Name a chapter: gtpipe claims FILE" in ran.err


@pytest.mark.parametrize(
    "sentence",
    [
        "There were three reasons for this, in most cases.",
        "The most experienced nurse spoke; one participant agreed.",
        "In 2014 participants met, for three years participants talked.",
        "The four participants no longer met.",
        "Two or three more participants said so, one of the participants first.",
        "The first two participants, and three other participants, left.",
    ],
)
def test_other_numbers_are_no_claims(sentence):
    assert list(said_in(sentence, Nouns({"profession": ["nurse"]}))) == []


@given(st.integers(1, 999), st.integers(1, 999))
def test_numbers_in_words_and_digits_are_read(number, of):
    nouns = Nouns({})
    (said,) = said_in(f"so {number} of {of:,} participants did", nouns)
    assert (said.kind, said.number, said.of) == (Kind.OF, number, of)


@given(st.text("most half of the only 23 participants,.“”%\n"))
def test_any_text_is_read(text):
    for said in said_in(text, Nouns({"profession": ["nurse"]})):
        assert 0 <= said.start < said.end <= len(text)
