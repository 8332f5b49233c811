"""The rules of the model: the examples that stand with them, and what a wrong name is answered."""

import doctest
from difflib import SequenceMatcher
from time import perf_counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gtpipe.model import anchor, level, limits, plural
from gtpipe.model.level import CODE_LEVELS, FOCUSED, INITIAL, CodeRef, split_level
from gtpipe.model.problems import did_you_mean, error, in_file_order, note
from gtpipe.model.records import Incident, Interview, Turn, Where
from gtpipe.model.spelling import Spellings, unseen


@pytest.mark.parametrize("module", [anchor, level, plural], ids=lambda module: module.__name__)
def test_the_examples_of_a_rule_hold(module):
    failed, tried = doctest.testmod(module)
    assert tried and not failed


def nearest_by_difflib(name: str, known: list[str]) -> str:
    """What `Spellings.nearest` finds, measured one by one."""
    wanted = name.casefold()
    by_letters = {other.casefold(): other for other in reversed(known)}
    shares = {other: SequenceMatcher(None, other, wanted).ratio() for other in by_letters}
    near = [other for other, share in shares.items() if share >= 0.6]
    best = min(near, key=lambda o: (-shares[o], abs(len(o) - len(wanted)), o), default="")
    return by_letters[best] if best else ""


LABELS = st.text("abceghinotuwy ", min_size=1, max_size=24)


@given(LABELS, st.lists(LABELS, max_size=12))
def test_the_nearest_name_is_the_one_that_difflib_finds(name, known):
    assert Spellings(tuple(known)).nearest(name) == nearest_by_difflib(name, known)


def test_thousands_of_wrong_labels_are_answered_in_seconds():
    known = tuple(f"{verb} the {noun} {n}" for n in range(100) for verb in VERBS for noun in NOUNS)
    started = perf_counter()
    for label in known[:2000]:
        assert did_you_mean(label.replace("the", "teh"), known)
    assert perf_counter() - started < 30


VERBS = ("minding", "counting", "noticing", "keeping", "leaving")
NOUNS = ("money", "hours", "pay", "days")


@pytest.mark.parametrize("label", ["easy beginnings", "focused: not a level", "a: b"])
@pytest.mark.parametrize("at", CODE_LEVELS)
def test_what_a_command_is_told_to_type_names_the_level_that_was_meant(at, label):
    typed = CodeRef(at, label).typed
    level, name = split_level(typed)
    assert (level or INITIAL, name) == (at, label)
    assert CodeRef(FOCUSED, "easy beginnings").typed == "focused: easy beginnings"
    assert CodeRef(INITIAL, "a: b").typed == "a: b"


@pytest.mark.parametrize(
    ("one", "other", "said"),
    [
        ("a\u00a0b", "a b", "has a no-break space"),
        ("a b", "a\u00a0b", "lacks a no-break space"),
        ("a\u200bb\u00ad", "ab", "has a zero-width space and a soft hyphen"),
        ("ab", "a\u200bb\u00ad", "lacks a zero-width space and a soft hyphen"),
        ("a\u200bb", "a\u00adb", "has a zero-width space"),
        ("a\ufe00", "a", "has an unseen character (U+FE00)"),
        ("a\ufe0f", "a", "has an unseen character (U+FE0F)"),
        ("a\u034f", "a", "has an unseen character (U+034F)"),
        ("e\u0301", "\u00e9", "has letters in another Unicode form"),
        ("a\u200bb\u200b", "\u200bab", "has unseen characters elsewhere"),
    ],
)
def test_what_makes_a_look_alike_another_label_is_named(one, other, said):
    assert unseen(one, other) == said


def test_a_name_in_other_capitals_is_near_and_not_only_alike():
    names = Spellings(("Night bus", "night-shift", "--"))
    assert names.alike("night shift") == "night-shift" and names.alike("'Night bus'") == "Night bus"
    assert names.alike("NIGHT BUS") == "" and names.nearest("NIGHT BUS") == "Night bus"
    assert names.alike("—") == ""


def test_of_two_names_as_near_the_one_of_more_like_length_is_meant():
    assert Spellings(("abcdxyz", "abcx")).nearest("abcd") == "abcx"
    assert Spellings(("abc", "abcdxy")).nearest("abcdef") == "abcdxy"
    assert Spellings(("bab", "abb")).nearest("ab") == "abb"


def test_problems_stand_errors_first_by_file_and_line_behind_those_of_a_whole_file():
    told = [
        note("a", 1, "n"),
        error("b", 1, "first line"),
        error("b", None, "whole file"),
        error("a", 10, "ten"),
        error("a", 9, "nine"),
    ]
    said = [problem.what for problem in in_file_order(told)]
    assert said == ["nine", "ten", "whole file", "first line", "n"]


def test_an_incident_that_is_not_there_is_told_with_those_that_are():
    turns = (Turn("1", "", "I", "Hello.", 3), Turn("2", "", "P", "Hello!", 5))
    interviews = {"jim": Interview("jim", "data/transcripts/jim.md", "", {}, turns)}

    def told(interview: str, turn: str) -> str:
        problem = anchor.find_turn(Incident(interview, turn, None, Where("x", 3)), interviews)
        assert (problem.path, problem.line) == ("x", 3)
        return f"{problem.what}. {problem.do}"

    assert told("jmi", "2") == 'no interview "jmi". did you mean "jim"?'
    assert told("zoe", "2") == 'no interview "zoe". The interviews are jim'
    assert told("jim", "3") == "no turn 3 in jim. It has turns 1 to 2"
    found = anchor.find_turn(Incident("jim", "2", None, Where("x", 3)), interviews)
    assert found == (interviews["jim"], turns[1])


def test_stretches_that_only_touch_share_no_words():
    assert not anchor.overlap((0, 3), (3, 5)) and not anchor.overlap((3, 5), (0, 3))
    assert anchor.overlap((0, 4), (3, 5)) and anchor.overlap(None, (3, 5))
    assert anchor.overlap((0, 3), None)


@pytest.mark.parametrize(
    ("names", "told"), [("ab", "a, b"), ("abc", "a, b, c"), ("abcde", "a, b, c and 2 more")]
)
def test_of_many_names_the_first_are_listed_and_the_rest_counted(names, told):
    assert limits.some(names, 3) == limits.some(iter(names), 3) == told
