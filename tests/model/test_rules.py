"""The rules of the model: the examples that stand with them, and what a wrong name is answered."""

import doctest
from difflib import SequenceMatcher
from time import perf_counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gtpipe.model import anchor, level, plural
from gtpipe.model.problems import did_you_mean
from gtpipe.model.spelling import Spellings


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
