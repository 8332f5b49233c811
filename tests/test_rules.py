"""The examples that stand with the rules of the model."""

import doctest

import pytest

from gtpipe.model import anchor, level


@pytest.mark.parametrize("module", [anchor, level], ids=lambda module: module.__name__)
def test_the_examples_of_a_rule_hold(module):
    failed, tried = doctest.testmod(module)
    assert tried and not failed
