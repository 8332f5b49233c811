"""Stage 5: memos, the diary, the schedule."""

from __future__ import annotations

import json
from datetime import date

import pytest
from conftest import DIARY, MEMO
from hypothesis import given
from hypothesis import strategies as st

from gtpipe.analysis.annotations import WrittenAbout
from gtpipe.analysis.labels import Labels
from gtpipe.analysis.memos import _InProse
from gtpipe.model import anchor
from gtpipe.model.level import CATEGORY, FOCUSED, INITIAL, RELATION, CodeRef
from gtpipe.model.records import IncidentKey, Interview, Material, Memo, Turn

TODAY = date.today().isoformat()


@pytest.mark.parametrize(
    ("title", "name"),
    [
        ("Ward / home?", "ward-home"),
        ("🙂", "memo"),
        ("x" * 200, "x" * 60),
        ("why: because", "why-because"),
        ("Ошибка", "ошибка"),
        ("# - 'a\"", "a"),
    ],
)
def test_any_title_makes_a_memo(analysed, title, name):
    path = analysed.ok("memo", "new", title).strip()
    assert path == f"data/memos/{TODAY}-{name}.md"
    told = json.loads(analysed.ok("memo", "list", "--format", "json"))
    assert title in [memo["title"] for memo in told]
    assert analysed("check").code == 0


def test_memos_of_one_title_in_one_day_are_two_files(analysed):
    paths = [
        analysed.ok("memo", "new", "Same", "--about", "jim 2", "--kind", "comparison").strip()
        for _ in range(3)
    ]
    assert paths == [f"data/memos/{TODAY}-same{n}.md" for n in ("", "-2", "-3")]
    assert (
        analysed.read(paths[0])
        == f"---\ntitle: Same\ndate: {TODAY}\nby: PM\nkind: comparison\nabout: |\n  jim 2\n---\n\n"
    )


def test_a_memo_about_nothing_is_refused(analysed):
    before = analysed.hashes()
    ran = analysed("memo", "new", "T", "--about", "noticing the day")
    assert ran.code == 1 and 'Did you mean "noticing the pay"?' in ran.err
    assert analysed.hashes() == before


def test_the_index_has_memos_by_what_they_are_about_and_what_lacks_one(analysed):
    entry = (
        "- 2026-03-21 [Paid to be nice](../memos/2026-03-21-paid-to-be-nice.md) (comparison, PM)"
    )
    assert (
        analysed.read("data/derived/memos.md")
        == f"""\
# Memos

{entry}

## By category

### becoming believable

{entry}

## By focused code

### easy beginnings

{entry}

## By initial code

### noticing the pay

{entry}

## By incident

### eve 4

{entry}

Without a memo: 1 category, 1 focused code, 2 initial codes (`gtpipe memo list --missing`).
"""
    )


def missing(study) -> dict[str, str]:
    """Code → level of those without a memo."""
    rows = json.loads(study.ok("memo", "list", "--missing", "--format", "json"))
    return {row["code"]: row["level"] for row in rows}


def test_codes_without_a_memo_are_listed_where_somebody_asks(analysed):
    assert missing(analysed) == {
        "keeping hours": "category",
        "minding the money": "focused",
        "it went from there": "initial",
        "meeting around the ward": "initial",
    }
    assert analysed("memo", "list", "--missing", "--about", "eve 4").code == 2


def test_a_memo_that_names_an_old_label_is_listed_and_its_prose_untouched(analysed):
    analysed.write(
        "data/codebook.yaml", "- code: minding the pay\n  was: |\n    noticing the pay\n"
    )
    analysed.ok("memo")
    assert (
        '- 2026-03-21-paid-to-be-nice: "noticing the pay", which is called "minding the pay" now'
        in analysed.read("data/derived/memos.md")
    )
    assert 'Write "minding the pay" under `about`' in analysed("check").out
    assert analysed.read("data/memos/2026-03-21-paid-to-be-nice.md") == MEMO


def test_memos_are_shown_by_what_they_are_about(analysed):
    out = analysed.ok("memo", "show", "--about", "easy beginnings")
    assert "Jim minds the pay, Eve the hours.\nIs it one thing?\n" in out
    assert analysed.ok("memo", "show", "2026-03-21-paid-to-be-nice") == out
    assert "2026-03-21-paid-to-be-nice" in analysed.ok("memo", "list", "--about", "eve 4")
    assert "No memo" in analysed("memo", "list", "--about", "it went from there").err


def test_the_diary_is_in_no_output_unless_an_entry_is_quotable(analysed):
    def outputs() -> str:
        return "".join(p.read_text() for p in (analysed.root / "data/derived").rglob("*.*"))

    assert "Private thoughts" not in outputs() and "Private" not in analysed.ok("status")
    analysed.write("data/diary/2026-03-22.md", DIARY.replace("---\n\n", "quotable: true\n---\n\n"))
    analysed.ok("run")
    assert "Private thoughts" in outputs()


def test_a_task_of_the_diary_waits_until_it_is_closed_with_a_note(analysed):
    assert "re-read jim, eve: I liked Jim too much" in analysed.ok("status")
    analysed.write(
        "data/diary/2026-03-22.md",
        DIARY.replace("reason:", "closed: read again, two codes changed\nreason:"),
    )
    assert "re-read" not in analysed.ok("status")


def test_a_task_is_not_closed_by_a_yes(analysed):
    analysed.write(
        "data/diary/2026-03-22.md",
        DIARY.replace("reason:", "closed: true\nreason:").replace("eve", "eva"),
    )
    assert "re-read" in analysed.ok("status")
    out = analysed("check").out
    assert (
        'closed by "true", and stays open' in out
        and 're-read "eva", which is no interview. Did you mean "eve"?' in out
    )


def test_a_memo_about_words_that_nobody_said_is_told(analysed):
    analysed.write(
        "data/memos/2026-03-21-paid-to-be-nice.md",
        MEMO.replace("  eve 4\n", '  eve 4 "he goes there"\n').replace("by: PM", "by: XX"),
    )
    out = analysed("check").out
    assert "this memo is about" in out and 'has the initials "XX"' in out


def test_the_schedule_says_what_came_in_and_why(analysed):
    analysed.write(
        "data/transcripts/eve.md",
        analysed.read("data/transcripts/eve.md").replace("source:", "schedule: v1\nsource:"),
    )
    assert (
        analysed.ok("schedule")
        == """\
v1 · 2026-02-01 · asked: eve
  + How did you meet?
  + And then?
v2 · 2026-03-22 · asked: nobody yet
  prompted by noticing the pay: nobody was asked about money
  + What about money?
  - And then?
"""
    )
    assert "+ And then?" in analysed.ok("schedule", "v2", "v1")
    assert analysed("schedule", "v1", "v3").code == 1 and analysed("schedule", "v1").code == 2
    assert (
        "data/transcripts/jim.md: note: this interview names no version of the schedule"
        in analysed("check").out
    )


def test_an_editor_opens_only_on_a_terminal(analysed, monkeypatch):
    monkeypatch.setenv("EDITOR", "false")
    analysed.ok("memo", "new", "Quiet")


def test_no_word_of_the_diary_is_in_a_message(analysed):
    """A forgotten line `---` makes private prose look like front matter."""
    analysed.write(
        "data/diary/a.md",
        "---\ndate: 2026-03-27\n\nI hate: my supervisor: he is awful\nI dat: it\n---\nmore\n",
    )
    analysed.write("data/diary/b.md", "---\nmy supervisor\n---\n")
    analysed.write("data/diary/c.md", "---\nquotable: my supervisor\ndat: so\n---\n")
    for command in ("check", "memo", "status", "run"):
        ran = analysed(command)
        assert "supervisor" not in ran.out + ran.err and "awful" not in ran.out + ran.err
    assert (
        "data/diary/a.md:4: the front matter of this entry cannot be read" in analysed("check").out
    )


def test_front_matter_without_fields_is_told(analysed):
    analysed.write("data/memos/2026-03-22-x.md", "---\njust words\n---\nprose\n")
    assert (
        "data/memos/2026-03-22-x.md:2: the front matter must be lines of `field: value`"
        in analysed("check").out
    )


@pytest.mark.parametrize(
    "name",
    ["data/memos/x.MD", "data/theory.yml", "data/focused-codes.yml", "data/schedule/v3.markdown"],
)
def test_a_name_that_is_nearly_right_is_told(analysed, name):
    analysed.write(name, "x")
    ran = analysed("check")
    assert ran.code == 1 and f"{name}: this is not read" in ran.out


def test_a_question_over_two_lines_is_one_question(analysed):
    analysed.write(
        "data/schedule/v3.md",
        "---\ndate: 2026-04-01\nprompted-by: |\n  noticing the pay\n---\n1. How did\n"
        "   you meet?\n2. What about money?\n",
    )
    assert "+ How did you meet?" not in analysed.ok("schedule", "v2", "v3")


def test_memos_prose_makes_no_stage_stale_but_its_own(analysed):
    path = "data/memos/2026-03-21-paid-to-be-nice.md"
    analysed.write(path, MEMO + "One more sentence.\n")
    analysed.write("data/memos/.x.md.swp", "x")
    out = analysed.ok("status")
    assert "theoretical-code fresh" in out and "the memo 2026-03-21-paid-to-be-nice changed" in out


def test_odd_titles_keep_the_index_readable(analysed):
    analysed.write(
        "data/memos/my memo (2).md", '---\ntitle: "a ] b [c](d) *e*"\ndate: 2026-03-25\n---\n'
    )
    analysed.ok("memo")
    assert "- 2026-03-25 [a \\] b \\[c\\](d) \\*e\\*](<../memos/my memo (2).md>)" in analysed.read(
        "data/derived/memos.md"
    )


def test_a_focused_code_compares_in_the_terminal(analysed):
    out = analysed.ok("compare", "easy beginnings")
    assert (
        "Because: holds in both accounts" in out
        and "Does not fit" in out
        and 'through: "meeting around the ward"' in out
    )


RENAMED = "- code: minding the pay\n  was: |\n    noticing the pay\n"


def test_a_memo_by_an_old_label_counts_for_the_code_of_today(analysed):
    analysed.ok("codes", "rename", "noticing the pay", "seeing what it pays", "--why", "closer")
    analysed.write(
        "data/memos/2026-03-21-paid-to-be-nice.md", MEMO
    )  # its author keeps the label of that day
    analysed.ok("memo")
    told = analysed.read("data/derived/memos.md")
    assert "## By initial code\n\n### seeing what it pays\n\n- 2026-03-21 [Paid to be nice]" in told
    assert "seeing what it pays" not in missing(analysed)
    for name in ("noticing the pay", "seeing what it pays", "initial: noticing the pay"):
        assert "2026-03-21-paid-to-be-nice" in analysed.ok("memo", "list", "--about", name)


def test_an_old_label_in_a_memos_prose_counts_and_is_told(analysed):
    analysed.write("data/codebook.yaml", RENAMED)
    prose = "Is Noticing\nthe pay what they do when it went from there?\n"
    analysed.write(
        "data/memos/2026-03-21-paid-to-be-nice.md",
        MEMO.partition("about:")[0] + "about: |\n  eve 4\n---\n\n" + prose,
    )
    analysed.ok("memo")
    told = analysed.read("data/derived/memos.md")
    entry = (
        "- 2026-03-21 [Paid to be nice](../memos/2026-03-21-paid-to-be-nice.md) (comparison, "
        "PM), in its prose"
    )
    assert (
        f"## By initial code\n\n### it went from there\n\n{entry}\n\n### minding the pay\n\n"
        f"{entry}\n" in told
    )
    without = missing(analysed)
    assert "meeting around the ward" in without and "minding the pay" not in without
    assert (
        '- 2026-03-21-paid-to-be-nice: "noticing the pay", which is called "minding the pay" '
        "now, in its prose\n" in told
    )
    assert (
        "data/memos/" not in analysed("check").out
    )  # the prose is a record, and nothing to be mended
    assert "2026-03-21-paid-to-be-nice" in analysed.ok("memo", "list", "--about", "minding the pay")


def test_a_label_inside_a_longer_one_or_a_word_is_not_named(analysed):
    analysed.write("data/codebook.yaml", RENAMED + "\n- code: the pay\n\n- code: ward\n")
    analysed.write(
        "data/memos/2026-03-21-paid-to-be-nice.md",
        MEMO.partition("about:")[0] + "about: |\n---\n\nMinding the pay, forwards.\n",
    )
    analysed.ok("memo")
    without = missing(analysed)
    assert {"the pay", "ward"} <= {*without} and "minding the pay" not in without


def test_a_memo_about_a_code_that_was_split_says_into_what(analysed):
    swapped = analysed.read("data/initial-codes/jim.yaml").replace(
        "    noticing the pay", "    envying the pay"
    )
    analysed.write("data/initial-codes/jim.yaml", swapped)
    analysed.write(
        "data/initial-codes/eve.yaml",
        analysed.read("data/initial-codes/eve.yaml").replace(
            "    noticing the pay", "    counting hours"
        ),
    )
    analysed.write(
        "data/codebook.yaml",
        "".join(
            f"- code: {label}\n  split-from: |\n    noticing the pay\n\n"
            for label in ("envying the pay", "counting hours")
        ),
    )
    analysed.write("data/focused-codes.yaml", "")
    analysed.write("data/theory.yaml", "")
    analysed.ok("memo")
    assert (
        '"noticing the pay", which was split into "counting hours" and "envying the pay"\n'
        in analysed.read("data/derived/memos.md")
    )


def test_memos_on_words_of_a_turn_are_found_by_the_turn_and_by_words_they_share(analysed):
    analysed.ok("memo", "new", "The ward", "--about", 'jim 2 "around the ward"')
    for about in ("jim 2", 'jim  2 "him around  the"'):
        assert "The ward" in analysed.ok("memo", "list", "--about", about)
    assert (
        "The ward"
        not in analysed.ok("memo", "list", "--about", "jim 4")
        + analysed("memo", "list", "--about", 'jim 2 "it went from"').out
    )


PLACES = st.builds(
    lambda turn, span: (turn, span),
    st.sampled_from(["1", "2", "3", "4", "1-2", "2-4"]),
    st.sampled_from([None, (0, 2), (1, 4), (3, 5)]),
)


@given(st.lists(PLACES, max_size=5), PLACES, st.booleans())
def test_memos_at_an_incident_are_those_whose_words_or_turns_reach_it(about, place, elsewhere):
    turns = tuple(Turn(str(number), "", "P", "so it was", number) for number in range(1, 5))
    interview = Interview("jim", "jim.md", "", {"P": "jim"}, turns)
    material = Material(interviews={"jim": interview})
    found = WrittenAbout[Memo]((), material)
    memos = [Memo(str(number), "", "", "", "", "", (), "") for number in range(len(about))]
    found._about = {
        "jim": [(IncidentKey("jim", *at), memo) for memo, at in zip(memos, about, strict=True)]
    }
    assert found.at_place("eve" if elsewhere else "jim", *place) == tuple(
        memo
        for memo, at in zip(memos, about, strict=True)
        if not elsewhere and anchor.reaches(interview, at, place)
    )


WORDS = st.lists(st.sampled_from("abc"), min_size=1, max_size=4).map(" ".join)


@given(st.sets(WORDS, max_size=6), st.sets(WORDS, max_size=4), WORDS, WORDS)
def test_labels_in_prose_are_the_longest_that_begin_at_a_word(initial, focused, one, other):
    prose = f"{one}, {other}"
    known = {INITIAL: initial, FOCUSED: focused, CATEGORY: set(), RELATION: set()}
    labels = Labels({level: frozenset(known[level]) for level in known}, {}, {}, {})
    words, at, wanted = f"{one} {other}".split(), 0, set()
    while at < len(words):
        here = [
            (len(label.split()), CodeRef(level, label))
            for level in known
            for label in known[level]
            if words[at : at + len(label.split())] == label.split()
        ]
        longest = max((length for length, _ in here), default=1)
        wanted |= {code for length, code in here if length == longest}
        at += longest
    memo = Memo("m", "", "", "", "", "", (), prose)
    assert set(_InProse(labels).named(memo)) == wanted


def test_a_question_that_was_only_moved_is_neither_in_nor_out(analysed):
    analysed.write(
        "data/schedule/v1.md",
        "---\ndate: 2026-02-01\n---\n\n1. How did you meet?\n   a) Who spoke first?\n"
        "   b) Where was it?\n2. And then?\n- c) Did it rain?\n",
    )
    analysed.write(
        "data/schedule/v2.md",
        "---\ndate: 2026-03-22\n---\n\n1. What about money?\n2) How did you meet\n"
        "   a) Where was it?\n   b) Who spoke first\n   c) Who paid?\n"
        "* And then...\n(iii) did it rain?\n",
    )
    assert (
        analysed.ok("schedule", "v1", "v2")
        == """\
v2 · 2026-03-22 · asked: nobody yet
  + What about money?
  + Who paid?
"""
    )


def test_a_reworded_question_is_in_and_out_and_a_short_word_is_no_letter(analysed):
    analysed.write(
        "data/schedule/v1.md",
        "---\ndate: 2026-02-01\n---\n\n- A cup of tea?\n- 2 things you liked?\n",
    )
    analysed.write(
        "data/schedule/v2.md",
        "---\ndate: 2026-03-22\n---\n\n- cup of tea?\n- 3 things you liked?\n",
    )
    told = analysed.ok("schedule", "v1", "v2")
    assert all(
        f"  {line}\n" in told
        for line in (
            "+ cup of tea?",
            "+ 3 things you liked?",
            "- A cup of tea?",
            "- 2 things you liked?",
        )
    )


# --- what a memo is about -------------------------------------------------------------------------

THOUGHT = """\
---
title: Pay as weather
date: 2026-03-25
by: KR
kind: a thing I woke up with
about: |
  {}
---

Nobody chooses it, everybody dresses for it.
"""
SUBJECTS = [
    ("2026-03-21-paid-to-be-nice", "memo", "2026-03-21-paid-to-be-nice"),
    ("memo: 2026-03-21-paid-to-be-nice.md", "memo", "2026-03-21-paid-to-be-nice"),
    ("jim", "participant", "jim"),
    ("interview: jim", "interview", "jim"),
    ("2. what about MONEY", "question of the schedule", "What about money?"),
    ("question: How did you meet?", "question of the schedule", "How did you meet?"),
    ("idea: pay as weather", "idea", "pay as weather"),
    (
        "minding the money slows becoming believable",
        "relation",
        "minding the money slows becoming believable",
    ),
]


@pytest.mark.parametrize(("typed", "kind", "name"), SUBJECTS)
def test_a_memo_may_be_about_whatever_there_is_and_of_any_kind(analysed, typed, kind, name):
    analysed.write("data/memos/2026-03-25-weather.md", THOUGHT.format(typed))
    assert "weather" not in analysed("check").out
    analysed.ok("memo")
    index = analysed.read("data/derived/memos.md")
    entry = "- 2026-03-25 [Pay as weather](../memos/2026-03-25-weather.md)"
    assert f"## By {kind}\n\n### {name}\n\n{entry} (a thing I woke up with, KR)\n" in index
    rows = json.loads(analysed.ok("memo", "list", "--about", typed, "--format", "json"))
    assert [row["memo"] for row in rows] == ["2026-03-25-weather"]
    assert analysed.ok("memo", "new", "Again", "--about", typed, "--kind", "as it: comes")
    rows = json.loads(analysed.ok("memo", "list", "--about", typed, "--format", "json"))
    assert [row["kind"] for row in rows] == ["a thing I woke up with", "as it: comes"]


def test_a_question_that_comes_in_brings_the_memos_about_it_up_to_date(analysed):
    analysed.write("data/memos/2026-03-25-weather.md", THOUGHT.format("Who pays?"))
    analysed.ok("run")
    analysed.write("data/schedule/v3.md", "---\ndate: 2026-04-01\n---\n\n- Who pays?\n")
    assert "the schedule v3 is new" in analysed.ok("status")
    analysed.ok("run")
    assert "### Who pays?\n" in analysed.read("data/derived/memos.md")


def test_the_page_leads_with_the_memos_and_ends_with_what_is_open(analysed):
    analysed.write("data/memos/2026-03-25-weather.md", THOUGHT.format("jim\n  jimmy"))
    analysed.ok("memo")
    first, *_, last = analysed.read("data/derived/memos.md").split("\n## ")
    assert first.startswith("# Memos\n\n- 2026-03-21 [Paid to be nice]")
    assert last.startswith(
        "Memos that name a label that has changed\n\n"
        '- 2026-03-25-weather: "jimmy", which is nothing that this study has\n'
    )
    assert '"jimmy", which is nothing that this study has. Did you mean "jim"?' in (
        analysed("check").out
    )


def test_a_memo_about_a_relation_follows_when_its_codes_are_renamed(analysed):
    path = "data/memos/2026-03-25-weather.md"
    lines = "easy beginnings opens the way to becoming believable\n  idea: easy beginnings"
    analysed.write(path, THOUGHT.format(lines))
    analysed.ok("codes", "rename", "focused: easy beginnings", "a start", "--why", "shorter")
    assert (
        "  a start opens the way to becoming believable\n  idea: easy beginnings\n"
        in analysed.read(path)
    )


def test_a_trace_leads_to_memos_on_incidents_and_to_memos_on_memos(analysed):
    analysed.write("data/memos/2026-03-25-weather.md", THOUGHT.format("jim 2\n  idea: pay\n  jim"))
    about = THOUGHT.format("2026-03-25-weather").replace("Pay as", "More")
    analysed.write("data/memos/2026-03-26-more.md", about)
    out = analysed.ok("trace", "meeting around the ward").replace("│", " ")
    at_jim = out.partition("jim 2")[2].partition("eve 2")[0]
    assert at_jim.index("memo 2026-03-25-weather") < at_jim.index("memo 2026-03-26-more")
    for typed in ("idea: pay", "participant: jim", "interview: jim"):
        out = analysed.ok("trace", typed)
        assert f"({typed.partition(':')[0]})\n" in out and "memo 2026-03-25-weather" in out
    out = analysed.ok("trace", "2026-03-25-weather")
    assert out.startswith("2026-03-25-weather (memo)\n")
    assert "about: jim 2" in out and 'about "idea: pay"' in out and "memo 2026-03-26-more" in out
