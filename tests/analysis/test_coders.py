"""`gtpipe compare --coders`: several coders of one interview side by side, nothing counted."""

from __future__ import annotations

import hypothesis.strategies as st
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
