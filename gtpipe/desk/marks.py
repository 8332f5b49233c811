"""The few marks of the desk that are no letters; plain ones where the terminal has no UTF-8."""

from __future__ import annotations

import os
from functools import cache
from typing import NamedTuple


class Marks(NamedTuple):
    """`here` stands before the turn under the cursor, `code` before a code in the margin, `chosen`
    before the one under the cursor.
    """

    here: str
    code: str
    chosen: str
    wrong: str
    more: str
    rule: str


_MARKS = Marks(here="▌", code="┃", chosen="▶", wrong="✗", more="…", rule="─")
_PLAIN = Marks(here="|", code="|", chosen=">", wrong="!", more="~", rule="-")


@cache
def has_utf8() -> bool:
    """Whether the terminal takes more than ASCII, as the locale says: nothing said is a yes."""
    locale = next(filter(None, map(os.environ.get, ("LC_ALL", "LC_CTYPE", "LANG"))), "")
    _, dot, encoding = locale.partition(".")
    return not dot or encoding.partition("@")[0].casefold().replace("-", "") == "utf8"


def marks() -> Marks:
    return _MARKS if has_utf8() else _PLAIN


def printable(text: str) -> str:
    """`text` letter for letter, with `?` for what the terminal cannot show."""
    return text if has_utf8() else text.encode("ascii", "replace").decode()
