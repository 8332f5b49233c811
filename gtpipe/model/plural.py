"""Numbers of things, said as a person would."""

from __future__ import annotations


def count(number: int, one: str, more: str = "") -> str:
    """
    >>> count(1, "memo"), count(1200, "turn"), count(2, "category", "categories")
    ('1 memo', '1,200 turns', '2 categories')
    """
    return f"{number:,} {one if number == 1 else more or one + 's'}"
