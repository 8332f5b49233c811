"""`gtpipe compare --coders`: several coders of one interview side by side, nothing counted."""

from __future__ import annotations

import json

import hypothesis.strategies as st
import pytest
from hypothesis import given

from gtpipe.analysis.coders import CodersSideBySide, How, side_by_side
from gtpipe.model.level import INITIAL
from gtpipe.model.records import Coding, Interview, Turn

TEXT = "I did check, mind."
INTERVIEW = Interview(
    "mot",
    "mot.md",
    "",
    {"I": "interviewer", "P": "mot"},
    tuple(Turn(str(n), "", "IP"[n % 2 == 0], TEXT, n) for n in range(1, 7)),
)


def coding(coder: str, code: str, turn: str, span=None, last: str = "") -> Coding:
    named = f"{turn}-{last}" if last else turn
    turns = tuple(one.id for one in INTERVIEW.turns_of(named)) if last else ()
    words = None if span is None else INTERVIEW.at(named).text[slice(*span)]
    return Coding("mot", named, "mot", coder, INITIAL, code, code, words, span, "", False, turns)


@st.composite
def codings(draw) -> list[Coding]:
    made = []
    for _ in range(draw(st.integers(0, 12))):
        first = draw(st.integers(1, 6))
        last = draw(st.integers(first, 6))
        made.append(
            coding(
                draw(st.sampled_from(["PM", "KR", "AL"])),
                draw(st.sampled_from(["x", "y"])),
                str(first),
                draw(st.sampled_from([None, (0, 5), (2, 18)])) if first == last else None,
                str(last) if last > first else "",
            )
        )
    return sorted(made, key=lambda each: INTERVIEW.position[each.turn])


@given(codings())
def test_every_coding_of_the_coders_stands_in_one_place(made):
    sides = side_by_side(INTERVIEW, made, ["KR", "PM"])
    own = [each for each in made if each.coder in ("PM", "KR")]
    shown = [
        each
        for turn in sides.turns
        for given in turn.given
        for codings in given.codings.values()
        for each in codings
    ]
    key = lambda each: tuple(map(str, each))  # noqa: E731
    assert sorted(shown, key=key) == sorted(own, key=key)
    assert {*sides.coders, *sides.without} == {"PM", "KR"}
    for turn in sides.turns:
        stands = {each.coder for each in own if turn.turn.id in each.stands_at}
        assert set(turn.coders) == stands <= {c for given in turn.here for c in given.coders}


def hows(sides: CodersSideBySide) -> dict[str, How]:
    return {given.code.label: given.how for turn in sides.turns for given in turn.given}


def test_the_same_words_are_the_same_however_they_were_named():
    """A stretch of all the words of a turn, or of turns, is the turn, or the turns."""
    made = [coding("PM", "x", "2"), coding("KR", "x", "2", (0, len(TEXT)))]
    made += [coding("PM", "y", "4"), coding("KR", "y", "4", (0, 5), last="5")]
    assert hows(side_by_side(INTERVIEW, made, ["PM", "KR"])) == {"x": How.SAME, "y": How.STRETCH}


def test_of_three_coders_those_are_compared_who_coded_the_turn():
    made = [coding("PM", "x", "2"), coding("KR", "x", "2"), coding("AL", "y", "4")]
    made += [coding("PM", "z", "4")]
    sides = side_by_side(INTERVIEW, made, ["PM", "KR", "AL"])
    assert hows(sides) == {"x": How.SAME, "y": How.CODE, "z": How.CODE}
    assert [turn.turn.id for turn in sides.differing] == ["4"] and not sides.by_all
    assert list(sides.not_by_all) == [("PM", "KR"), ("PM", "AL")]


# --- at the command line --------------------------------------------------------------------------

PM = """\
- turn: 2
  codes: |
    meeting around the ward
      He says ward, not office.
    going from there <- "it went from there"

- turn: 4
  codes: |
    noticing the pay
  focused: |
    easy beginnings
"""
KR = """\
- turn: 2
  codes: |
    meeting around the ward

- turns: 2-4
  codes: |
    going from there <- "it went … awkward"

- turn: 4
  codes: |
    noticing the pay <- "Him being paid"
"""


@pytest.fixture
def two(analysed):
    """Jim coded by two of three researchers, eve by one."""
    analysed.write(
        "pipeline.yaml",
        analysed.read("pipeline.yaml").replace(
            "  KR: Kit Rowe\n", "  KR: Kit Rowe\n  AL: Ada Lind\n"
        ),
    )
    analysed.write("data/initial-codes/jim.yaml", PM)
    analysed.write("data/initial-codes/jim.KR.yaml", KR)
    return analysed


def test_the_turns_that_both_coded_come_first_then_where_they_differ_with_the_words(two):
    assert two.ok("compare", "--coders", "PM", "KR", "jim") == (
        "jim · 2026-03-02\n"
        "PM and KR coded: 2, 4\n"
        "  the same codes on the same words: no turn\n"
        "  not the same: 2, 4\n"
        "Only KR coded: 3\n"
        "\n"
        "Where they differ\n"
        "\n"
        "jim 2\n"
        "  P: Well, er, I met him around the ward (laugh)\n"
        "  and it went from there.\n"
        "    the same: meeting around the ward\n"
        "        note (PM): He says ward, not office.\n"
        "    the same code on other words: going from there\n"
        '      PM: "it went from there"\n'
        '      KR: turns 2-4: "it went … awkward"\n'
        "\n"
        "jim 4\n"
        "  P: A bit. It was, like, a *bit* [pause 3s] awkward.\n"
        "\n"
        "  Him being paid and that. <laughs>\n"
        "    the same code on other words: noticing the pay\n"
        "      PM: the whole turn\n"
        '      KR: "Him being paid"\n'
        "      PM: focused: easy beginnings\n"
        "      KR: no other code\n"
        "    from above: going from there (KR turns 2-4)\n"
        "\n"
        "Only KR coded\n"
        "jim 3 · interviewer\n"
        "    from above: going from there (KR turns 2-4)\n"
    )


def test_whoever_has_not_coded_an_interview_is_told_and_is_no_difference(two):
    ran = two("compare", "--coders")
    assert ran.out.startswith("KR has not coded eve.\n\njim · 2026-03-02\nPM and KR coded: 2, 4\n")
    ran = two("compare", "--coders", "al", "pm", "jim")
    assert ran.out == "AL has not coded jim.\n"
    assert ran.err == "No interview is coded by two of them yet: nothing to compare.\n"
    rows = two.ok("compare", "--coders", "PM", "KR", "AL", "jim", "--format", "csv")
    assert rows == two.ok("compare", "--coders", "PM", "KR", "jim", "--format", "csv")


def test_for_programs_each_coding_is_a_row(two):
    rows = json.loads(two.ok("compare", "--coders", "--format", "json"))
    assert [(row["turn"], row["coder"], row["level"], row["code"], row["how"]) for row in rows] == [
        ("2", "PM", "initial", "meeting around the ward", "same"),
        ("2", "KR", "initial", "meeting around the ward", "same"),
        ("2", "PM", "initial", "going from there", "other stretch"),
        ("2-4", "KR", "initial", "going from there", "other stretch"),
        ("4", "PM", "initial", "noticing the pay", "other stretch"),
        ("4", "KR", "initial", "noticing the pay", "other stretch"),
        ("4", "PM", "focused", "easy beginnings", "other code"),
    ]
    assert rows[0]["note"] == "He says ward, not office." and rows[6]["given-by"] == ["PM"]
    shown = two.ok("compare", "--coders", "--format", "csv").splitlines()
    assert shown[
        3
    ] == "jim,2,jim,PM,initial,going from there,it went from there,,other stretch," + ('"PM, KR"')


def test_a_name_that_is_neither_a_coder_nor_an_interview_is_asked_about(two):
    ran = two("compare", "--coders", "PM", "KRR", "jin", "KR")
    assert ran.code == 1 and ran.err == (
        'No coder and no interview "KRR" in this study. Did you mean "KR"?\n'
        'No coder and no interview "jin" in this study. Did you mean "jim"?\n'
    )
    ran = two("compare", "--coders", "PM", "zebedee")
    assert "The initials are PM, KR, AL; the interviews eve, jim" in ran.err
    ran = two("compare", "--coders", "PM")
    assert ran.code == 2 and "one coder alone; name two: --coders PM KR" in ran.err
    ran = two("compare", "--coders", "PM", "KR", "--new")
    assert ran.code == 2 and "--coders goes with initials, interviews and --format" in ran.err


def test_on_a_wide_terminal_each_coder_has_a_column(two, monkeypatch):
    """Two fit into 100 columns; in fewer, and in a pipe, each line says whose it is."""
    monkeypatch.setattr("gtpipe.render.blocks.is_wide", lambda columns: columns == 2)
    monkeypatch.setattr("rich.console.Console.width", 100)
    lines = two.ok("compare", "--coders", "PM", "KR", "jim").splitlines()
    at = next(n for n, line in enumerate(lines) if line.split() == ["PM", "KR"])
    left, right = lines[at + 1][:50].strip(), lines[at + 1][50:].strip()
    assert (left, right) == ('"it went from there"', 'turns 2-4: "it went … awkward"')
