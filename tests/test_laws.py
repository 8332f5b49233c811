"""What the rooms promise and no import can hold: the thinking knows no path of a study."""

import ast
import re
from pathlib import Path

import pytest

import gtpipe

PATH = re.compile(r"\bdata/|[\w>*]\.(?:yaml|csv|md|jsonl)\b")
ANALYSIS = sorted((Path(gtpipe.__file__).parent / "analysis").glob("*.py"))


def paths_in(source: str) -> list[str]:
    """The strings of a module, but its docstrings, in which a path of a study stands."""
    tree = ast.parse(source)
    docstrings = {
        node.value
        for node in ast.walk(tree)
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
    }
    return [
        node.value
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
        if node not in docstrings and PATH.search(node.value)
    ]


@pytest.mark.parametrize("module", ANALYSIS, ids=lambda path: path.stem)
def test_the_analysis_names_no_path(module):
    assert paths_in(module.read_text(encoding="utf-8")) == []


def test_a_path_in_a_string_is_seen_and_one_in_a_docstring_is_not():
    source = """
'''`data/theory.yaml`.'''
THEORY = "data/theory.yaml"
f"no {label} in data/memos/"
name.removesuffix(".md")
"""
    assert paths_in(source) == ["data/theory.yaml", " in data/memos/"]
