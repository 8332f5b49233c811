"""Stage 3: focused codes as a person decided them; lineage as given; what was not taken up."""

from __future__ import annotations

import pytest
from conftest import FOCUSED

from gtpipe.formats import focused

BOOK = "data/focused-codes.yaml"


def page(study, slug: str) -> str:
    (found,) = (study.root / "data/derived/compare/focused").glob(f"{slug}-*.md")
    return found.read_text()


def test_the_tables_say_what_the_person_decided(analysed):
    assert (
        analysed.read("data/derived/focused-codes.csv")
        == """\
focused,definition,because,by,first-incident-in,written-after,initial-codes,incidents,interviews,participants,not-judged,does-not-fit
easy beginnings,a start that nobody arranged,holds in both accounts,PM,jim,,1,2,2,2,0,1
minding the money,,it comes back in both,,jim,,1,2,2,2,0,0
"""
    )
    assert (
        analysed.read("data/derived/lineage.csv")
        == """\
initial,focused
meeting around the ward,easy beginnings
noticing the pay,minding the money
"""
    )
    assert (
        analysed.read("data/derived/not-taken-up.csv")
        == "code,incidents,parked,nothing-beside,beside\nit went from there,1,,1,\n"
    )


def test_a_page_shows_why_and_what_does_not_fit(analysed):
    assert (
        page(analysed, "easy-beginnings")
        == """\
# easy beginnings

a start that nobody arranged

Because: holds in both accounts

By: PM

Takes up:

- meeting around the ward

2 incidents. Participants: eve, jim. Interviews: jim, eve.

Comparison memos:

- 2026-03-21 [Paid to be nice](../../../memos/2026-03-21-paid-to-be-nice.md) (PM)

## jim · 2026-03-02

### jim 2 · PM

    I: So how did you get started?

    P: Well, er, I met him around the ward (laugh)
    and it went from there.

    I: And then?

- through: "meeting around the ward"
- also coded here: it went from there

## eve · 2026-03-09

### eve 2 · 00:12 · PM

    I: How did you meet?

    P: She just sat down. No form, nothing.

    I: And now?

- words: `She just sat down`
- through: "meeting around the ward", named by hand

## Does not fit

### jim 4

    I: And then?

    P: A bit. It was, like, a *bit* [pause 3s] awkward.

    Him being paid and that. <laughs>

- also coded here: noticing the pay
"""
    )
    assert page(analysed, "minding-the-money").endswith("## Does not fit\n\nNone recorded.\n")


def test_a_parked_code_is_told_apart_with_its_reason(analysed):
    analysed.write(
        "data/codebook.yaml",
        analysed.read("data/codebook.yaml") + "\n- code: it went from there\n  parked: too thin\n",
    )
    analysed.ok("focused-code")
    assert analysed.read("data/derived/not-taken-up.csv").endswith(
        "it went from there,1,too thin,1,\n"
    )
    assert "not taken up" not in analysed.ok("status", "--all")


def test_a_focused_code_beside_a_turn_appears_and_asks_for_its_reason(analysed):
    sheet = analysed.read("data/initial-codes/eve.yaml")
    analysed.write(
        "data/initial-codes/eve.yaml",
        sheet.replace(
            "  codes: |\n    noticing the pay\n",
            "  codes: |\n    noticing the pay\n  focused: |\n    going home\n",
        ),
    )
    analysed.ok("focused-code")
    assert "going home,,,,eve,,0,1,1,1,0,0\n" in analysed.read("data/derived/focused-codes.csv")
    assert 'the focused code "going home" has no entry' in analysed("check").out
    assert "1 focused code without a reason: going home" in analysed.ok("status", "--all")


def test_no_focused_code_appears_that_nobody_wrote(coded):
    assert coded.read("data/derived/focused-codes.csv").count("\n") == 1
    assert not list((coded.root / "data/derived/compare").glob("focused/*"))


def test_editing_one_initial_code_changes_only_what_depends_on_it_and_says_so(analysed):
    before = analysed.hashes()
    analysed.ok("code", "eve", "2", "noticing the pay")
    between = analysed.hashes()
    out = analysed.ok("focused-code")
    changed = sorted(name for name, hash in analysed.hashes().items() if between.get(name) != hash)
    assert [name.partition("-")[0] for name in changed] == [
        "data/derived/compare/focused/easy",
        "data/derived/compare/focused/minding",
        "data/derived/focused",
    ]
    assert "(eve 2 recoded)" in out
    assert between["data/derived/codebook.csv"] == before["data/derived/codebook.csv"]
    assert "initial-code     stale: eve 2 recoded" in analysed.ok("status")


def test_commands_write_the_file_and_no_other_line(analysed):
    analysed.ok(
        "codes",
        "focused",
        "add",
        "why: drifting",
        "--takes-up",
        "it went from there",
        "--because",
        "it is about agency",
        "--definition",
        "a, b",
    )
    assert (
        analysed.read(BOOK)
        == FOCUSED
        + """
- focused: "why: drifting"
  definition: a, b
  because: it is about agency
  by: PM
  written-after: eve
  takes-up: |
    it went from there
  judged: |
    jim 2 "it went from there"
"""
    )
    analysed.ok(
        "codes",
        "focused",
        "take-up",
        "easy beginnings",
        "noticing the pay",
        "meeting around the ward",
    )
    assert "    meeting around the ward\n    noticing the pay\n" in analysed.read(BOOK)
    before = analysed.hashes()
    assert 'takes up "noticing the pay" already' in analysed.ok(
        "codes", "focused", "take-up", "easy beginnings", "noticing the pay"
    )
    assert analysed.hashes() == before
    analysed.ok("run")


def test_a_reason_is_added_to_a_focused_code_that_has_none(analysed):
    add = ("codes", "focused", "add", "waiting")
    assert "it has no reason yet" in analysed.ok(*add, "--takes-up", "noticing the pay")
    assert "codes focused add waiting --because …` its reason." in analysed(*add).err
    told = analysed.ok(*add, "--takes-up", "noticing the pay", "--because", "both wait")
    assert told == f'{BOOK}: "waiting" has its reason now (PM)\n'
    assert "- focused: waiting\n  because: both wait\n  by: PM\n" in analysed.read(BOOK)
    refused = analysed(*add, "--because", "another")
    assert (
        refused.code == 1
        and "is already there" in refused.err
        and "both wait" in analysed.read(BOOK)
    )
    analysed.ok("run")


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("add", "easy beginnings"), "is already there"),
        (("add", "new", "--takes-up", "noticing the day"), 'Did you mean "noticing the pay"?'),
        (("take-up", "easy begginings", "noticing the pay"), 'Did you mean "easy beginnings"?'),
        (("take-up", "easy beginnings", "nothing like it"), 'No code "nothing like it"'),
    ],
)
def test_what_is_not_there_is_refused(analysed, arguments, says):
    before = analysed.hashes()
    ran = analysed("codes", "focused", *arguments)
    assert ran.code == 1 and says in ran.err
    assert analysed.hashes() == before


@pytest.mark.parametrize(
    ("old", "new", "line", "says"),
    [
        (
            "    meeting around the ward\n",
            "    meeting around a ward\n",
            7,
            '"easy beginnings" takes up "meeting around a ward", which is not there. Did you '
            'mean "meeting around the ward"?',
        ),
        (
            "    meeting around the ward\n",
            "    easy beginnings\n",
            7,
            "It is a label of the focused codes",
        ),
        (
            "    meeting around the ward\n",
            "    meeting around the ward\n    meeting around the ward\n",
            8,
            "twice",
        ),
        ('eve 2 "She', 'eve 9 "She', 9, "no turn 9 in eve"),
        ('eve 2 "She just', 'eve 2 "she just', 9, "nearly so; `gtpipe code eve 2` shows it."),
        ("    jim 4\n", "    jimm 4\n", 11, 'no interview "jimm". Did you mean "jim"?'),
        ("    jim 4\n", "    jim\n", 11, "`jim` names no incident"),
        ("- focused: minding the money", "- focused: easy beginnings", 16, "stands twice"),
        ("  because: holds", "  becuase: holds", 4, 'Did you mean "because"?'),
        ("  takes-up: |\n    noticing", "  takes-up: noticing", 18, '"takes-up" must be a block'),
    ],
)
def test_what_is_named_and_not_there_is_told_with_its_row(analysed, old, new, line, says):
    analysed.write(BOOK, FOCUSED.replace(old, new))
    before = analysed.hashes()
    for name in ("check", "focused-code", "theoretical-code"):
        ran = analysed(name)
        assert (
            ran.code == 1 and f"{BOOK}:{line}: " in ran.out + ran.err and says in ran.out + ran.err
        ), ran.out + ran.err
    assert analysed.hashes() == before
    assert analysed("initial-code").code == 0  # what comes before is not held up


def test_an_edit_keeps_every_byte_of_a_person():
    text = (
        "# ours\r\n- focused: a   # first\r\n  takes-up: |  # these\r\n      x\r\n\r\n"
        "  because: 'b'\r\n- focused: c\r\n  takes-up:\r\n"
    )
    assert focused.take_up(text, "a", ("y",)) == text.replace(
        "      x\r\n", "      x\r\n      y\r\n"
    )
    assert focused.take_up(text, "c", ("y",)) == text[:-2] + " |\r\n    y\r\n"


def test_what_stands_beside_a_focused_code_does_not_bury_what_has_none(analysed):
    sheet = analysed.read("data/initial-codes/eve.yaml")
    analysed.write(
        "data/initial-codes/eve.yaml",
        sheet.replace(
            "    noticing the pay\n",
            "    noticing the pay\n    an hour is an hour\n    zipping up\n  focused: |\n"
            "    minding the money\n    going home\n",
        ),
    )
    jim = analysed.read("data/initial-codes/jim.yaml")
    analysed.write(
        "data/initial-codes/jim.yaml",
        jim.replace("    noticing the pay\n", "    noticing the pay\n    zipping up\n"),
    )
    analysed.ok("focused-code")
    assert (
        analysed.read("data/derived/not-taken-up.csv")
        == """\
code,incidents,parked,nothing-beside,beside
it went from there,1,,1,
zipping up,2,,1,going home; minding the money
an hour is an hour,1,,0,going home; minding the money
"""
    )
