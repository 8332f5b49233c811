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


def test_a_rename_that_was_known_is_not_told_again():
    renamed = "- code: waiting\n  was: |\n    hoping\n"
    assert changes(renamed, renamed + "  definition: x\n") == ['code "waiting" was defined']


def test_an_old_label_that_is_a_code_again_was_not_renamed():
    """`waiting` stands beside the code that names it as its past: both are said for themselves."""
    after = BOOK + "- code: idling\n  was: |\n    waiting\n"
    assert changes(BOOK, after) == ['code "idling" is new in the code book']


def test_what_a_renamed_code_has_besides_its_past_is_told():
    after = BOOK.replace("- code: hurrying\n", "- code: running\n  was: |\n    hurrying\n")
    assert changes(BOOK, after) == ['"hurrying" was renamed to "running"']
    before = BOOK + "- code: running\n"
    merged = before.replace("- code: hurrying\n", "").replace(
        "- code: running\n", "- code: running\n  merged-from: |\n    hurrying\n"
    )
    assert changes(before, merged) == ['"hurrying" was merged into "running"']
    more = merged + "  include: jogging\n"
    assert changes(before, more) == [
        '"hurrying" was merged into "running"',
        'code "running": merged-from, include changed',
    ]


def test_two_entries_of_one_name_are_told_apart():
    twice = BOOK + "- code: waiting\n"
    assert changes(BOOK, twice) == ['code "waiting" (2) is new in the code book']
    assert changes(twice + "- code: waiting\n", twice) == [
        'code "waiting" (3) was removed from the code book'
    ]
