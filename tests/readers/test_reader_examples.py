"""The examples in the docstrings of the readers' rules give what they show."""

from __future__ import annotations

import doctest
from importlib import import_module

import pytest


@pytest.mark.parametrize(
    "module",
    [
        "lines.turn_openings",
        "lines.turn_layout",
        "lines.speaker_turns",
        "tables.column_headers",
        "tables.columns",
    ],
)
def test_examples_of_rules_give_what_they_show(module):
    results = doctest.testmod(import_module(f"gtpipe.readers.{module}"))
    assert results.attempted >= 3 and not results.failed
