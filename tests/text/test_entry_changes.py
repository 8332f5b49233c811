"""What changed between two versions of a book, in the words of `status`."""

from __future__ import annotations

import pytest

from gtpipe.text import entry_changes

BOOK = "- code: waiting\n  definition: nothing moves\n\n- code: hurrying\n"


def changes(before: str, after: str) -> list[str]:
    old, new = (entry_changes.entries(text, "data/codebook.yaml") for text in (before, after))
    assert old is not None and new is not None
    return entry_changes.changes(old, new)


@pytest.mark.parametrize(
    ("before", "after", "words"),
    [
        (
            "waiting\n",
            "waiting in line\n  was: |\n    waiting\n",
            'was renamed to "waiting in line"',
        ),
        ("- code: hurrying\n", "", "was removed from the code book"),
        ("hurrying\n", "hurrying\n  exclude: running\n", "exclude changed"),
        ("nothing moves", "standing still", "redefined"),
        ("- code: hurrying\n", "- code: hurrying\n- code: going\n", "is new in the code book"),
    ],
)
def test_a_change_is_said_in_words(before, after, words):
    (change,) = changes(BOOK, BOOK.replace(before, after, 1))
    assert change.endswith(words)


def test_a_merged_code_is_said_to_live_on():
    merged = "- code: waiting\n  definition: nothing moves\n  merged-from: |\n    hurrying\n"
    assert changes(BOOK, merged) == ['"hurrying" was merged into "waiting"']


def test_entries_in_another_order_say_the_same():
    first, second = BOOK.split("\n\n")
    assert changes(BOOK, f"{second}\n{first}\n") == ["the order of entries changed"]


def test_a_list_in_brackets_is_read_as_well():
    assert changes("[{code: a}]\n", "[{code: a}, {code: b}]\n") == [
        'code "b" is new in the code book'
    ]
