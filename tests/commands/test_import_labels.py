"""What codes of another program are here: labels as typed, levels where a person says so, and the
path to a code in its definition otherwise; whatever their tree is like.
"""

from __future__ import annotations

import pytest

from gtpipe.commands.import_labels import CodeLabels
from gtpipe.exchange.records import Code, Coding, Project


def labels(*codes: tuple[str, str], coded: str = "", parents: str = "", **definitions: str):
    """Codes as (name, name of the code above); `coded` are the letters that were coded with."""
    made = tuple(Code(name, name, definitions.get(name, ""), above) for name, above in codes)
    codings = tuple(Coding(f"k{one}", "t", 0, 1, one) for one in coded)
    return CodeLabels(Project("x", "a test", codes=made, codings=codings), parents)


TREE = (("top", ""), ("mid", "top"), ("a", "mid"), ("b", "mid"), ("c", "top"), ("d", ""))


@pytest.mark.parametrize(
    ("parents", "levels"),
    [
        ("", {}),
        ("focused", {"mid": "focused", "top": "focused"}),
        ("category", {"mid": "focused", "top": "category"}),
    ],
)
def test_parents_are_levels_where_a_person_says_so(parents, levels):
    made = labels(*TREE, parents=parents)
    assert {id: level for id, level in made.level.items() if level != "initial"} == levels


def test_the_path_stands_where_no_level_holds_it():
    assert [labels(*TREE).definition(one) for one in "acd"] == [
        "under: top > mid",
        "under: top",
        "",
    ]
    made = labels(*TREE, parents="category", c="hope")
    assert [made.definition(one) for one in ("a", "mid", "c")] == ["", "", "under: top\nhope"]
    assert made.taken_up("mid", made.level["a"]) == ("a", "b")


def test_a_parent_is_a_code_where_it_was_coded_with_or_says_something():
    assert not labels(*TREE).is_used("mid")
    assert labels(*TREE, mid="what is between").is_used("mid")
    made = CodeLabels(
        Project(
            "x",
            "a test",
            codes=(Code("m", "mid"), Code("a", "a", parent="m")),
            codings=(Coding("k", "t", 0, 1, "m"),),
        )
    )
    assert made.is_used("m") and made.is_used("a")


def test_a_circle_is_cut_and_listed():
    made = labels(("a", "b"), ("b", "c"), ("c", "a"), ("d", "c"))
    assert [loss.kind for loss in made.losses] == ["place of a code that stands below itself"]
    assert made.definition("d").startswith("under: ")


def test_a_code_above_that_is_not_there_is_listed():
    made = labels(("a", "gone"))
    assert [loss.kind for loss in made.losses] == ["code above a code, which is not in the file"]
    assert made.label == {"a": "a"}


def test_names_are_one_line_without_control_characters():
    made = CodeLabels(Project("x", "", codes=(Code("1", " being\n late\x07 "), Code("2", "\x1b"))))
    assert list(made.label.values()) == ["being late", "a code without a name"]
