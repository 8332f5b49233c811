"""Numbers of things, and one of them, said as a person would."""

from __future__ import annotations


def count(number: int, one: str, more: str = "") -> str:
    """
    >>> count(1, "memo"), count(1200, "turn"), count(2, "category", "categories")
    ('1 memo', '1,200 turns', '2 categories')
    """
    return f"{number:,} {one if number == 1 else more or one + 's'}"


def one(noun: str) -> str:
    """
    >>> one("category"), one("overarching theme")
    ('a category', 'an overarching theme')
    """
    return f"{'an' if noun[0] in 'aeiou' else 'a'} {noun}"
