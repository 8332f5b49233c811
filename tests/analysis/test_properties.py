"""Properties of focused codes and categories: positions with the words, and `?` where nobody has
met one; what theoretical sampling makes of that.
"""

from __future__ import annotations

import csv
import io
import json
from datetime import date

import pytest
from conftest import git
from hypothesis import given, settings
from hypothesis import strategies as st

from gtpipe.formats import focused, properties
from gtpipe.gitdriver import textconv
from gtpipe.gitdriver.merge import merge_texts
from gtpipe.store.layout import FOCUSED_CODES, THEORY

SAMPLING = "data/sampling.yaml"
MEMO = "data/memos/2026-04-03-hours.md"
TODAY = date.today().isoformat()
EASY = """\
  properties: |
    who comes to whom
      the worker comes over: eve 2 "She just sat down"
      they run into each other: jim 2 "met him around the ward"
      the participant asks: ?
    how long it takes
      there at once: eve 2 "No form, nothing.", jim 2
"""
HOURS = """\
  properties: |
    whose hours they are
      the worker's: eve 4 "She goes home at five", jim 4
      both of theirs: ?
"""


@pytest.fixture
def told(analysed):
    """The analysed study, with properties of a focused code and of a category."""
    text = analysed.read(FOCUSED_CODES)
    analysed.write(FOCUSED_CODES, text.replace("  judged: |\n", EASY + "  judged: |\n", 1))
    text = analysed.read(THEORY)
    analysed.write(
        THEORY, text.replace("    minding the money\n", f"    minding the money\n{HOURS}", 1)
    )
    analysed.ok("run")
    return analysed


def with_properties(study, block: str) -> None:
    """The focused code "minding the money" with these properties."""
    text = study.read(FOCUSED_CODES)
    study.write(FOCUSED_CODES, f"{text}  properties: |\n{block}")


# --- read and checked -----------------------------------------------------------------------------


def test_positions_stand_side_by_side_with_the_words_and_open_ones_are_named(told):
    assert (
        told.ok("properties", "easy beginnings")
        == """\
easy beginnings · focused code

  who comes to whom
    the worker comes over
      eve 2
        She just sat down
    they run into each other
      jim 2
        met him around the ward
    the participant asks: not met yet

  how long it takes
    there at once
      jim 2
        Well, er, I met him around the ward (laugh)
        and it went from there.
      eve 2
        No form, nothing.

Open: who comes to whom / the participant asks
"""
    )
    assert (
        told.ok("properties", "keeping hours", "--format", "md")
        == """\
# keeping hours

## whose hours they are

| the worker's | both of theirs |
| --- | --- |
| A bit. It was, like, a \\*bit\\* [pause 3s] awkward. Him being paid and that. \\<laughs> — \
jim 4 | not met yet |
| She goes home at five — eve 4 |  |
"""
    )
    rows = json.loads(told.ok("properties", "--format", "json"))
    assert [(row["code"], row["position"], row["state"], row["words"]) for row in rows][1:3] == [
        ("easy beginnings", "they run into each other", "met", "met him around the ward"),
        ("easy beginnings", "the participant asks", "open", ""),
    ]
    table = list(csv.DictReader(io.StringIO(told.ok("properties", "--format", "csv"))))
    assert table == rows and len(rows) == 8
    assert 'No property of "minding the money" yet' in told("properties", "minding the money").err


def test_what_does_not_fit_the_code_is_marked_where_it_stands_at_a_position(told):
    told.write(
        FOCUSED_CODES,
        told.read(FOCUSED_CODES).replace("asks: ?", "asks: ?\n      nobody can say: jim 4"),
    )
    assert "      jim 4 (does not fit)\n" in told.ok("properties", "easy beginnings")
    told.ok("run")
    assert "  - nobody can say: jim 4 (does not fit)\n" in told.read("data/derived/theory.md")


@pytest.mark.parametrize(
    ("block", "problem"),
    [
        ("    pay\n      met: jim 40\n", "no turn 40 in jim"),
        ("    pay\n      met: tom 4\n", 'no interview "tom"'),
        (
            '    pay\n      met: jim 4, eve 4 "at nine"\n',
            'turn 4 of eve does not contain "at nine"',
        ),
        (
            "    pay\n      met: jim 4\n      met: eve 4\n",
            'the position "met" of "pay" stands twice',
        ),
        ("    pay\n    time\n    pay\n", 'the property "pay" stands twice'),
        ("    pay\n      nobody said\n", "`nobody said` is no position of a property"),
        ("    pay\n      met: jim 4, ?\n", "`met: jim 4, ?` is no position of a property"),
        ("    pay\n    met: jim 4\n", "`met: jim 4` looks like a position"),
        ("    pay\n    open: ?\n", "`open: ?` looks like a position"),
    ],
)
def test_what_is_wrong_with_a_position_is_told_with_its_line(analysed, block, problem):
    with_properties(analysed, block)
    line = analysed.read(FOCUSED_CODES).count("\n")
    ran = analysed("check")
    assert ran.code == 1 and f"{FOCUSED_CODES}:{line}: {problem}" in ran.out


def test_a_category_is_checked_as_well_and_a_list_must_be_a_block(told):
    told.write(THEORY, told.read(THEORY).replace("jim 4\n      both", "jim 44\n      both"))
    assert "no turn 44 in jim" in told("check").out
    with_properties(told, "")
    told.write(
        FOCUSED_CODES,
        told.read(FOCUSED_CODES).replace("  properties: |\n", "", 2) + "  properties: pay\n",
    )
    assert '"properties" must be a block' in told("check").out


WORD = st.text("abcé ':,/\"?#-", min_size=1, max_size=12).map(str.strip).filter(bool)
LABEL = WORD.filter(lambda text: not properties._position(text, properties.NOWHERE))
PLACE = st.tuples(st.sampled_from(("jim", "eve")), st.integers(1, 20), st.none() | WORD)


def typed(place: tuple[str, int, str | None]) -> str:
    interview, turn, words = place
    return f"{interview} {turn}" + ("" if words is None else f' "{words}"')


def no_quotes(place: tuple[str, int, str | None]) -> bool:
    return '"' not in (place[2] or "")


POSITIONS = st.dictionaries(
    WORD.filter(lambda text: ":" not in text),
    st.lists(PLACE.filter(no_quotes), max_size=3),
    max_size=3,
)
PROPERTIES = st.dictionaries(LABEL, POSITIONS, min_size=1, max_size=3)


def block_of(told: dict) -> str:
    """Properties as a person writes them, from property → position → incidents."""
    lines = []
    for label, positions in told.items():
        lines.append(f"    {label}\n")
        lines += [
            f"      {position}: {', '.join(map(typed, places)) or '?'}\n"
            for position, places in positions.items()
        ]
    return "".join(lines)


def said(entry) -> dict:
    return {
        each.label: {
            position.label: [
                (one.interview, int(one.turn), one.words) for one in position.incidents
            ]
            for position in each.positions
        }
        for each in entry.properties
    }


@settings(max_examples=200)
@given(PROPERTIES)
def test_whatever_is_written_is_read_and_stands_when_the_entry_is_edited(told):
    text = f"- focused: a\n  because: b\n  properties: |\n{block_of(told)}"
    found, problems = focused.loads(text)
    assert not problems and said(found["a"]) == told
    edited = focused.take_up(focused.define(text, "a", "what it is"), "a", ("x",))
    assert said(focused.loads(edited)[0]["a"]) == told and block_of(told) in edited


# --- shown ----------------------------------------------------------------------------------------


def test_theory_and_focused_pages_show_properties(told):
    assert """\
Properties of easy beginnings:

- who comes to whom
  - the worker comes over: eve 2 "She just sat down"
  - they run into each other: jim 2 "met him around the ward"
  - the participant asks: not met yet
- how long it takes
  - there at once: jim 2, eve 2 "No form, nothing."
""" in told.read("data/derived/theory.md")
    assert "Properties of keeping hours:\n\n- whose hours they are\n" in told.read(
        "data/derived/theory.md"
    )
    (page,) = (told.root / "data/derived/compare/focused").glob("easy-*.md")
    assert """\
## Properties

### who comes to whom

| the worker comes over | they run into each other | the participant asks |
| --- | --- | --- |
| She just sat down — eve 2 | met him around the ward — jim 2 | not met yet |
""" in page.read_text()


def test_a_trace_and_a_diff_know_positions(told):
    trace = told.ok("trace", "easy beginnings")
    assert 'property "who comes to whom"' in trace and "the participant asks: not met yet" in trace
    assert "they run into each other: jim 2 (PM)" in trace
    assert "both of theirs: not met yet" in told.ok("trace", "category: keeping hours")
    git("init", "-b", "main", cwd=told.root)
    git("add", "-A", cwd=told.root)
    git("commit", "-q", "-m", "begin", cwd=told.root)
    told.write(FOCUSED_CODES, told.read(FOCUSED_CODES).replace("asks: ?", 'asks: jim 4 "A bit"'))
    out = told.ok("diff")
    assert (
        '"easy beginnings": position added who comes to whom / the participant asks: jim 4 "A bit"'
        in out
    )
    assert "position taken out who comes to whom / the participant asks: ?" in out


# --- codes change ---------------------------------------------------------------------------------


def test_a_memo_about_a_property_follows_its_code(told):
    told.ok("memo", "new", "Hours", "--about", "easy beginnings / how long it takes")
    path = f"data/memos/{TODAY}-hours.md"
    assert "  easy beginnings / how long it takes\n" in told.read(path)
    assert "is no code" not in told.ok("check")
    assert "Hours" in told.ok("memo", "list", "--about", "easy beginnings")
    assert f"Hours (PM): {TODAY}-hours" in told.ok("compare", "focused: easy beginnings")
    told.ok("codes", "rename", "focused: easy beginnings", "soft starts", "--why", "w")
    assert "  soft starts / how long it takes\n" in told.read(path)
    ran = told("memo", "new", "None", "--about", "soft starts / how short")
    assert ran.code == 1 and 'soft starts / how short" in this study' in ran.err
    told.write(path, told.read(path).replace("how long", "how short"))
    assert "soft starts / how short" in told.ok("check")


def test_undo_and_rename_leave_properties_as_they_stand(told):
    before = told.read(FOCUSED_CODES)
    told.ok("codes", "rename", "focused: easy beginnings", "soft starts", "--why", "w")
    assert EASY in told.read(FOCUSED_CODES) and "soft starts" in told.read(FOCUSED_CODES)
    told.ok("undo")
    assert told.read(FOCUSED_CODES) == before


def test_merging_brings_positions_together_and_takes_no_question_mark_away(told):
    with_properties(
        told,
        "    who comes to whom\n      the family sends for them: jim 4\n"
        "    how long it takes\n      there at once: ?\n",
    )
    out = told.ok(
        *("codes", "merge", "focused: minding the money", "--into", "easy beginnings", "--why", "w")
    )
    assert (
        '"easy beginnings" has other incidents, or none, at a position of "how long it takes"'
        in out
    )
    entry = focused.loads(told.read(FOCUSED_CODES))[0]["easy beginnings"]
    assert properties.facts(entry.properties) == (
        'who comes to whom / the worker comes over: eve 2 "She just sat down"',
        'who comes to whom / they run into each other: jim 2 "met him around the ward"',
        "who comes to whom / the participant asks: ?",
        "who comes to whom / the family sends for them: jim 4",
        'how long it takes / there at once: eve 2 "No form, nothing."',
        "how long it takes / there at once: jim 2",
        'how long it takes (of "minding the money") / there at once: ?',
    )


def test_a_split_hands_a_property_on_and_drops_none_that_is_open(told):
    told.ok("codes", "split", "focused: easy beginnings", "--why", "two things")
    path = "data/split-focused-easy-beginnings.yaml"
    (path,) = (p.relative_to(told.root).as_posix() for p in told.root.glob("data/split-*.yaml"))
    begun = told.read(path)
    assert "- item: 'property: who comes to whom'\n" in begun.replace('"', "'")
    open_one, closed = "property: who comes to whom", "property: how long it takes"

    def filled(answers: dict[str, str]) -> str:
        lines, key = [], ""
        for line in begun.split("\n"):
            if line.startswith("- "):
                key = line.partition(": ")[2].strip("'\"")
            if line == "  to: |":
                line = answers.get(key, "  to: |\n    being met")
            lines.append(line)
        return "\n".join(lines)

    before = told.read(FOCUSED_CODES)
    told.write(path, filled({open_one: "  drop: not needed"}))
    ran = told("codes", "split", "focused: easy beginnings", "--why", "two things")
    assert ran.code == 1 and 'the property "who comes to whom" has an open position' in ran.err
    assert told.read(FOCUSED_CODES) == before
    told.write(
        path,
        filled(
            {
                open_one: "  to: |\n    being met\n    easy beginnings",
                closed: "  to: |\n    starting quickly",
            }
        ),
    )
    told.ok("codes", "split", "focused: easy beginnings", "--why", "two things")
    entries = focused.loads(told.read(FOCUSED_CODES))[0]
    assert {
        label: [each.label for each in entry.properties] for label, entry in entries.items()
    } == {
        "easy beginnings": ["who comes to whom"],
        "minding the money": [],
        "being met": ["who comes to whom"],
        "starting quickly": ["how long it takes"],
    }


SHORT = st.sampled_from((("jim", 2, None), ("jim", 4, "A bit"), ("eve", 2, None)))
SMALL = st.dictionaries(
    st.sampled_from("pq"),
    st.dictionaries(st.sampled_from("xyz"), st.lists(SHORT, max_size=2, unique=True), max_size=3),
    min_size=1,
)


def facts(told: dict) -> set[tuple[str, str]]:
    """What stands at positions, whatever the property is called now."""
    return {
        (position, typed(place) if place else "?")
        for positions in told.values()
        for position, places in positions.items()
        for place in places or [None]
    }


@settings(max_examples=60)
@given(st.tuples(SMALL, SMALL, SMALL))
def test_for_all_properties_a_merge_of_codes_loses_nothing_that_stands_at_a_position(told):
    from types import SimpleNamespace

    from gtpipe.commands import code_entry_edits
    from gtpipe.model.level import FOCUSED

    text = "\n".join(
        f"- focused: {label}\n  because: b\n  properties: |\n{block_of(each)}"
        for label, each in zip("abc", told, strict=True)
    )
    plan = SimpleNamespace(
        texts={FOCUSED_CODES: text}, messages=[], text=lambda path: plan.texts[path]
    )
    for source in "bc":
        for each in code_entry_edits.properties_of(plan, FOCUSED, source):
            code_entry_edits.hand_property_on(plan, FOCUSED, source, "a", each.label)
    entries, problems = focused.loads(plan.texts[FOCUSED_CODES])
    assert not problems
    assert facts(said(entries["a"])) == set().union(*map(facts, told))
    assert [said(entries[label]) for label in "bc"] == list(told[1:])


def test_a_corrected_turn_tells_the_positions_that_stand_on_it(told):
    told.write("in/jim.txt", told.read("in/jim.txt").replace("around the ward", "on the ward"))
    out = told.ok("ingest", "--correct", "in/jim.txt", "--as", "jim")
    lines = told.read(FOCUSED_CODES).split("\n")
    number = next(n for n, line in enumerate(lines, 1) if "they run into each other" in line)
    assert f"{FOCUSED_CODES}:{number}" in out + told("check").out


# --- git ------------------------------------------------------------------------------------------

BASE = f"- focused: easy beginnings\n  because: b\n{EASY}"


def test_git_merges_positions_line_by_line():
    ours = BASE.replace("asks: ?", "asks: jim 4")
    theirs = BASE.replace("    how long", "      nobody comes: ?\n    how long")
    assert merge_texts(BASE, ours, theirs) == (theirs.replace("asks: ?", "asks: jim 4"), 0)


def test_two_answers_to_one_question_mark_are_for_a_person_to_decide():
    ours, theirs = (BASE.replace("asks: ?", f"asks: {place}") for place in ("jim 4", "eve 4"))
    text, conflicts = merge_texts(BASE, ours, theirs)
    assert conflicts == 1 and "asks: jim 4" in text and "asks: eve 4" in text


def test_a_position_that_both_added_otherwise_is_for_a_person_to_decide():
    ours, theirs = (
        BASE.replace("    how long", f"      by post: {place}\n    how long")
        for place in ("jim 4", "?")
    )
    text, conflicts = merge_texts(BASE, ours, theirs)
    assert conflicts == 1 and "by post: jim 4" in text and "by post: ?" in text


def flat(told: dict) -> dict:
    """Position → its incidents, over all properties."""
    return {
        (label, position): places
        for label, positions in told.items()
        for position, places in positions.items()
    }


@settings(max_examples=300)
@given(SMALL, SMALL, SMALL)
def test_for_all_properties_git_merges_what_two_did_or_asks(base, ours, theirs):
    for side in (ours, theirs):  # nobody takes a property out: another label would be a new name
        side.update({label: side.get(label, positions) for label, positions in base.items()})
    text, conflicts = merge_texts(
        *(
            f"- focused: a\n  because: b\n  properties: |\n{block_of(each)}"
            for each in (base, ours, theirs)
        )
    )
    b, o, t = map(flat, (base, ours, theirs))
    wanted, differ = {}, False
    for key in {**b, **o, **t}:
        old, mine, other = b.get(key), o.get(key), t.get(key)
        wanted[key] = other if mine == old else mine
        differ = differ or (mine != other and old not in (mine, other))
    assert bool(conflicts) == differ
    if not conflicts:
        found, problems = focused.loads(text)
        assert not problems
        assert flat(said(found["a"])) == {
            key: places for key, places in wanted.items() if places is not None
        }


def test_a_diff_names_the_property_of_each_position():
    shown = textconv.shown(BASE.encode()).decode()
    at = 'focused "easy beginnings"'
    assert f"{at} · property: who comes to whom\n" in shown
    assert f"{at} · who comes to whom / the participant asks: ?\n" in shown


# --- sampling -------------------------------------------------------------------------------------


def test_an_open_position_is_sought_and_what_came_of_it_is_kept(told):
    seeks = "who comes to whom / the participant asks"
    out = told.ok(
        *("sampling", "add", "--seeks", seeks, "--by-way-of", "question", "--why", "nobody asked")
    )
    assert out == f"{SAMPLING}: 1, {seeks} (PM)\n"
    written = f"""\
- seeks: {seeks}
  by-way-of: question
  by: PM
  date: {TODAY}
  for: |
    focused: easy beginnings
  why: nobody asked
"""
    assert told.read(SAMPLING) == written
    assert (
        told.ok("sampling")
        == f"""\
To seek next
  1  {seeks} (by way of: question)
     nobody asked
     for: focused: easy beginnings
     PM, {TODAY}

Open positions
  easy beginnings
    {seeks}  (sought by 1)
  keeping hours
    whose hours they are / both of theirs
"""
    )
    assert f"to seek next: {seeks}" in told.ok("status")
    again = ("sampling", "add", "--seeks", seeks, "--by-way-of", "question")
    assert "an open entry seeks this already" in told(*again).err
    said = "both say the worker must come first"
    assert told.ok("sampling", "done", "1", "--came-of-it", said) == (
        f"{SAMPLING}: 1 done, {seeks}: {said} (PM)\n"
    )
    assert told.read(SAMPLING) == f"{written}  came-of-it: {said}\n"
    assert "Nobody noted down" in told.ok("sampling")
    assert f"     came of it: {said}\n" in told.ok("sampling", "--all")
    assert told("check").code == 0
    assert "asks: ?" in told.read(FOCUSED_CODES)  # it stays open until a person writes what was met


def test_the_interview_it_led_to_and_what_came_of_it_may_be_said_one_after_the_other(told):
    seeks = "whose hours they are / both of theirs"
    told.ok("sampling", "add", "a night worker", "--seeks", seeks, "--by-way-of", "person")
    told.ok("sampling", "done", "1", "eve")
    told.ok("sampling", "done", "1", "--came-of-it", "she keeps her own hours")
    assert told.read(SAMPLING).endswith("  done: eve\n  came-of-it: she keeps her own hours\n")
    ran = told("sampling", "done", "1", "--came-of-it", "more")
    assert (
        ran.code == 1
        and 'decision 1 says already under "came-of-it": she keeps her own hours' in ran.err
    )
    log = json.loads(told.read("data/log.jsonl").splitlines()[-1])["command"]
    assert log == "sampling done 1 --came-of-it …"


def test_a_position_must_be_there_and_be_one(told):
    ran = told("sampling", "add", "--seeks", "who comes to whom / the participant ask")
    assert ran.code == 1 and 'Did you mean "who comes to whom / the participant asks"?' in ran.err
    with_properties(told, "    who comes to whom\n      the participant asks: ?\n")
    seeks = "who comes to whom / the participant asks"
    ran = told("sampling", "add", "--seeks", seeks)
    assert ran.code == 1 and "Say which: --for 'focused: easy beginnings' or --for" in ran.err
    told.ok("sampling", "add", "--seeks", seeks, "--for", "minding the money")
    met = "who comes to whom / the worker comes over"
    assert (
        f'"{met}" is not open: eve 2 "She just sat down"'
        in told("sampling", "add", "--seeks", met).err
    )
    assert told("sampling", "add").code == 1
    assert told("sampling", "add", "x", "--by-way-of", "phone").code == 2


def test_a_sampling_by_hand_is_checked(told):
    told.write(
        SAMPLING, "- seeks: who comes to whom / nobody\n  by-way-of: document\n\n- seeks: x\n"
    )
    out = told.ok("check")
    assert (
        f'{SAMPLING}:1: note: this seeks "who comes to whom / nobody", which is no position' in out
    )
    told.write(SAMPLING, "- seeks: x\n  by-way-of: phone\n")
    ran = told("check")
    assert ran.code == 1 and (
        f'{SAMPLING}:2: "by-way-of" is "phone". '
        "Write person, question, re-reading or document." in ran.out
    )


def test_positions_of_two_people_merge(told):
    first, second = (
        f"- seeks: whose hours they are / both of theirs\n  by-way-of: {way}\n  by: PM\n"
        for way in ("person", "document")
    )
    text, conflicts = merge_texts("", first, second)
    assert conflicts == 0 and first in text and second in text
