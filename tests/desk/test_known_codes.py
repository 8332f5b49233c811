"""Completion by any word, and the orders of the code book."""

from __future__ import annotations

import json

import pytest

from gtpipe.desk.known_codes import KnownCode, KnownCodes, given_lately
from gtpipe.desk.sitting import Sitting
from gtpipe.store.layout import Study

CODES = KnownCodes(
    [
        KnownCode("Wondering if it is meant", 2),
        KnownCode("being worried about", 4),
        KnownCode("noticing the clock", 6, "when time runs out", ("watching the clock",)),
        KnownCode("not being asked", 3),
        KnownCode("pretending to be worn out", 1),
        KnownCode("عد الأيام", 1),
    ]
)


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("wo", ["Wondering if it is meant", "being worried about", "pretending to be worn out"]),
        ("being", ["being worried about", "not being asked"]),
        ("clock not", ["noticing the clock"]),
        ("watching", ["noticing the clock"]),
        ("worn pret", ["pretending to be worn out"]),
        ("orr", ["being worried about"]),
        ("الأيام", ["عد الأيام"]),
        ("nothing of the kind", []),
        ("x" * 10_000, []),
    ],
)
def test_any_word_of_a_label_finds_it(typed, found):
    assert [code.label for code in CODES.matching(typed)] == found


def test_nothing_typed_means_every_code_and_the_most_given_first():
    assert [code.incidents for code in CODES.matching("")] == [6, 4, 3, 2, 1, 1]


def test_a_label_that_looks_alike_is_that_code():
    assert CODES.alike("Not-being asked").label == "not being asked"
    assert CODES.alike("not asked") is None


def test_what_was_given_of_late_comes_first_then_the_others_by_name():
    labels = [
        code.label
        for code in CODES.beginning_with(["not being asked", "gone", "noticing the clock"])
    ]
    assert labels == [
        "not being asked",
        "noticing the clock",
        "being worried about",
        "pretending to be worn out",
        "Wondering if it is meant",
        "عد الأيام",
    ]


def test_the_log_says_what_was_given_of_late():
    did = [
        {"kind": "code", "code": "a"},
        {"kind": "recode", "from": "a", "to": "b"},
        {"kind": "define", "code": "c"},
        {"kind": "code", "code": "a"},
    ]
    lines = [
        {"when": "", "command": "", "by": "", "why": "", "files": {}, "did": one} for one in did
    ]
    assert given_lately("\n".join(map(json.dumps, lines)).encode()) == ["a", "b"]


def test_incidents_are_counted_once_for_two_coders(coded):
    sheet = coded.read("data/initial-codes/jim.yaml")
    coded.write("data/initial-codes/jim.KR.yaml", sheet)
    sitting = Sitting.begin(Study(coded.root), "jim")
    known = KnownCodes.of(sitting.counts, sitting.corpus.material.codebook)
    assert known.get("noticing the pay") == KnownCode("noticing the pay", 2)
    assert (
        known.get("meeting around the ward").definition == "first contact outside any appointment"
    )
