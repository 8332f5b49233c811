"""Cells of a table for a spreadsheet: what begins like a formula gets an apostrophe in front, so
that none is taken for one; a number is left a number.

Words begin so as well: `- and then`, `=)`. What is written so comes back as it was.
"""

from __future__ import annotations

import re

_LIKE_A_FORMULA = re.compile("'*[=+\\-@\t\r\n＝＋－＠]")
_NUMBER = re.compile(r"[+-]\d+(?:[.,]\d+)?\Z")
_NEUTRAL = re.compile(f"'{_LIKE_A_FORMULA.pattern}")


def neutral(cell: str) -> str:
    """A cell as text that no spreadsheet works out."""
    is_like = _LIKE_A_FORMULA.match(cell) and not _NUMBER.match(cell)
    return f"'{cell}" if is_like else cell


def as_typed(cell: str) -> str:
    """`neutral` backwards."""
    return cell[1:] if _NEUTRAL.match(cell) else cell
