"""Figures of agreement, against printed examples and two libraries; and that none is shown unasked.

The stretches are those of Krippendorff (2004), Content Analysis, p. 254, counted from 0.
"""

from __future__ import annotations

import json
import sys
from itertools import permutations, product

import hypothesis.strategies as st
import krippendorff
import pytest
from hypothesis import given
from sklearn.metrics import cohen_kappa_score

from gtpipe.analysis.agreement import (
    Measure,
    disagreement,
    figures,
    kappa,
    masi_alpha,
    masi_distance,
)
from gtpipe.analysis.coders import side_by_side
from gtpipe.model.level import INITIAL
from gtpipe.model.records import Coding, Interview, Turn

LENGTH = 300
C = [[(75, 145), (220, 250)], [(70, 150), (205, 225), (250, 270)]]
K = [[(30, 90), (150, 200)], [(30, 90), (150, 200)]]
GIVEN = [("c", 0, C[0]), ("c", 1, C[1]), ("k", 0, K[0]), ("k", 1, K[1])]


def interview(*turns: tuple[str, str]) -> Interview:
    """An interview of turns: label and words."""
    made = tuple(Turn(str(n), "", who, text, n) for n, (who, text) in enumerate(turns, 1))
    return Interview("mot", "mot.md", "", {"I": "interviewer", "P": "mot"}, made)


def coding(coder: str, code: str, turn: int, span=None) -> Coding:
    return Coding("mot", str(turn), "mot", coder, INITIAL, code, code, None, span, "", False, ())


def test_stretches_as_printed():
    observed, expected = disagreement(C, LENGTH)
    assert (round(observed, 4), round(expected, 4)) == (0.0144, 0.0532)
    assert 1 - observed / expected == pytest.approx(0.7286, abs=0.0001)
    also, by_chance = disagreement(K, LENGTH)
    assert (also, round(by_chance, 3)) == (0, 0.049)
    assert 1 - (observed + also) / (expected + by_chance) == pytest.approx(0.8591, abs=0.0005)


def test_stretches_as_printed_from_the_codings_of_an_interview():
    made = [
        coding(("PM", "KR")[coder], code, 1, stretch)
        for code, coder, stretches in GIVEN
        for stretch in stretches
    ]
    sides = side_by_side(interview(("P", "x" * LENGTH)), made, ["PM", "KR"])
    in_all, of_c, of_k = figures(Measure.UNITISED, [sides])
    assert in_all.code is None and in_all.value == pytest.approx(0.8591, abs=0.0005)
    assert of_c.code.label == "c" and of_c.value == pytest.approx(0.7286, abs=0.0001)
    assert (of_k.value, of_k.compared, of_k.coders) == (1, LENGTH, ("PM", "KR"))


def as_printed(coders, length):
    """Krippendorff 2004, p. 253-255, word for word: sections with their gaps, each with each."""
    sections = []
    for units in coders:
        cuts = [0, *(end for unit in units for end in unit), length]
        all_of = zip(cuts[::2], cuts[1::2], strict=True)
        gaps = [(start, end - start, 0) for start, end in all_of if end > start]
        sections.append(gaps + [(start, end - start, 1) for start, end in units])
    number, apart = len(coders), 0
    for one, other in permutations(sections, 2):
        for (b, length_b, is_b), (c, length_c, is_c) in product(one, other):
            if is_b and is_c and -length_b < b - c < length_c:
                apart += (b - c) ** 2 + (b + length_b - c - length_c) ** 2
            elif is_b and not is_c and length_c - length_b >= b - c >= 0:
                apart += length_b**2
            elif not is_b and is_c and length_b - length_c >= c - b >= 0:
                apart += length_c**2
    every = [section for of in sections for section in of]
    units = [length_b for _, length_b, is_unit in every if is_unit]
    sums = sum(
        (len(units) - 1) / 3 * (2 * unit**3 - 3 * unit**2 + unit)
        + unit**2 * sum(gap - unit + 1 for _, gap, is_unit in every if not is_unit and gap >= unit)
        for unit in units
    )
    pairs = number * length * (number * length - 1) - sum(unit * (unit - 1) for unit in units)
    return apart / (number * (number - 1) * length**2), 2 / length * sums / pairs


UNITS = st.lists(st.integers(0, 40), max_size=8, unique=True).map(
    lambda ends: [*zip(sorted(ends)[::2], sorted(ends)[1::2], strict=False)]
)


@given(st.lists(UNITS, min_size=2, max_size=4), st.integers(41, 50))
def test_stretches_come_to_what_the_printed_formulas_do(coders, length):
    assert disagreement(coders, length) == pytest.approx(as_printed(coders, length))


def test_a_stretch_over_turns_is_one_and_turns_follow_each_other():
    over = Coding(
        *("mot", "1-3", "mot", "PM", INITIAL, "x", "x", None, (1, 15), "", False, ("1", "2"))
    )
    study = interview(("P", "abc"), ("I", "def"), ("P", "cghi"))
    assert study.at("1-3").text[1:15] == "bc\n\nI: def\n\nP:"
    made = [over, *(coding("KR", "x", turn) for turn in (1, 2, 3))]
    in_all, of_x = figures(Measure.UNITISED, [side_by_side(study, made, ["PM", "KR"])])
    observed, expected = disagreement([[(1, 6)], [(0, 3), (3, 6), (6, 10)]], 10)
    assert (of_x.compared, of_x.value, in_all.value) == (10, *[1 - observed / expected] * 2)


@given(
    st.lists(
        st.lists(
            st.frozensets(st.sampled_from("abcdefghijkl"), max_size=11), min_size=1, max_size=4
        ),
        min_size=1,
        max_size=12,
    )
)
def test_sets_come_to_what_the_library_makes_of_their_distances(units):
    domain = sorted({codes for unit in units for codes in unit}, key=sorted)
    bits = {code: 1 << n for n, code in enumerate("abcdefghijkl")}
    masks = [sum(bits[code] for code in codes) for codes in domain]
    counts = [[unit.count(codes) for codes in domain] for unit in units]
    ours = masi_alpha(units)
    if ours is None:
        judged = {codes for unit in units if len(unit) > 1 for codes in unit}
        assert len(judged) < 2
        return
    theirs = krippendorff.alpha(
        value_counts=counts,
        level_of_measurement=lambda *_, **__: [[masi_distance(a, b) for b in masks] for a in masks],
    )
    assert ours == pytest.approx(theirs)


def test_how_far_sets_are_apart():
    """Passonneau 2006: 1 − Jaccard × 1, 2/3, 1/3 or 0; two empty sets are alike."""
    assert masi_distance(0b11, 0b11) == masi_distance(0, 0) == 0
    assert masi_distance(0b11, 0) == masi_distance(0b1, 0b10) == 1
    assert masi_distance(0b111, 0b011) == pytest.approx(1 - 2 / 3 * 2 / 3)
    assert masi_distance(0b011, 0b110) == pytest.approx(1 - 1 / 3 * 1 / 3)


@given(st.lists(st.tuples(st.booleans(), st.booleans()), min_size=1, max_size=30))
def test_kappa_is_what_the_library_says(answers):
    one, other = zip(*answers, strict=True)
    ours = kappa(len(answers), sum(one), sum(other), sum(a and b for a, b in answers))
    if len({*one, *other}) == 1:
        assert ours is None
    else:
        assert ours == pytest.approx(cohen_kappa_score(one, other))


# --- at the command line --------------------------------------------------------------------------

PM = """\
- turn: 2
  codes: |
    meeting around the ward
    going from there <- "it went from there"

- turn: 4
  codes: |
    noticing the pay
"""
KR = """\
- turn: 2
  codes: |
    meeting around the ward

- turn: 4
  codes: |
    noticing the pay <- "Him being paid"
    going from there
"""
ON = "procedures:\n  agreement: the reviewers of the paper ask for it\n"


@pytest.fixture
def two(analysed):
    """Jim coded by two researchers; figures of agreement are on."""
    analysed.write("data/initial-codes/jim.yaml", PM)
    analysed.write("data/initial-codes/jim.KR.yaml", KR)
    analysed.write("pipeline.yaml", analysed.read("pipeline.yaml") + ON)
    return analysed


def test_no_figure_is_shown_that_a_study_has_not_asked_for_with_its_reason(two):
    two.write("pipeline.yaml", two.read("pipeline.yaml").removesuffix(ON))
    ran = two("compare", "--coders", "--figure", "alpha")
    assert (ran.code, ran.out) == (1, "") and ran.err == (
        'Agreement is off in this study. `gtpipe procedures add agreement --because "…"`.\n'
    )
    ran = two("compare", "--figure", "alpha", "going from there")
    assert ran.code == 2 and "--figure belongs to --coders" in ran.err
    assert "alpha" not in two.ok("compare", "--coders")


def test_under_a_reflexive_approach_there_is_none_and_the_reason_is_said(two):
    settings = "approach: reflexive thematic analysis\n" + two.read("pipeline.yaml")
    two.write("pipeline.yaml", settings)
    ran = two("compare", "--coders", "--figure", "kappa")
    assert (ran.code, ran.out) == (1, "")
    reason = "there is no one right coding to agree on (Braun & Clarke 2021)."
    assert f"{reason}\n" in ran.err
    told = two("check").out
    assert f"{reason} Take `agreement` out.\n" in told
    two.write("pipeline.yaml", settings.removesuffix(ON))
    ran = two("procedures", "add", "agreement", "--because", "a reviewer asks")
    assert ran.code == 1 and f"{reason}\n" in ran.err


def test_the_figures_stand_below_what_was_coded_with_what_they_assume(two):
    read = two.ok("compare", "--coders", "jim")
    shown = two.ok("compare", "--coders", "jim", "--figure", "alpha")
    assert shown.startswith(read)
    assert shown.removeprefix(read) == (
        "\n"
        "Agreement: alpha\n"
        "  Krippendorff's alpha, nominal (2004), for each code: a turn has it or not.\n"
        "  It assumes that the coders worked apart, with the same definitions of the same codes, "
        "and that a turn which one of them left empty has no code in it for them. On which words "
        "of a turn a code stands is not looked at.\n"
        "  1: alike in everything; 0: as chance would have it; below 0: unlike beyond chance. It "
        "does not say whose reading is better, and over few turns one difference moves it far.\n"
        "\n"
        "  PM and KR, over 2 turns that one of them coded\n"
        "    -0.5000  going from there\n"
        "     1.0000  meeting around the ward\n"
        "     1.0000  noticing the pay\n"
    )
    assert "\n    -1.0000  going from there\n" in two.ok("compare", "--coders", "--figure", "kappa")
    assert "characters\n" in two.ok("compare", "--coders", "--figure", "u-alpha")


def test_for_programs_each_figure_is_a_row(two):
    (row,) = json.loads(two.ok("compare", "--coders", "--figure", "masi", "--format", "json"))
    # At either turn a set of two holds the other's one: 2/3 × 1/2 alike. Of the four other pairs
    # one shares a code, 1/3 × 1/3; three share none.
    apart, by_chance = 2 / 3, (2 * 2 / 3 + 8 / 9 + 3) / 6
    assert (row["measure"], row["coders"], row["compared"]) == ("masi", ["PM", "KR"], 2)
    assert row["value"] == round(1 - apart / by_chance, 4)


def test_without_the_library_it_is_said_how_to_have_it(two, monkeypatch):
    monkeypatch.setitem(sys.modules, "krippendorff", None)
    ran = two("compare", "--coders", "--figure", "alpha")
    assert ran.code == 1 and "pip install 'gtpipe[agreement]'" in ran.err
    assert two("compare", "--coders", "--figure", "u-alpha").code == 0
