"""How common English words are.

`everyday-en.txt` holds the 8,000 commonest words of written talk, the commonest first.
"""

from __future__ import annotations

from functools import cache
from importlib.resources import files


@cache
def ranks() -> dict[str, int]:
    """Word in small letters → its rank, from 0."""
    lines = (files("gtpipe.text") / "everyday-en.txt").read_text("utf-8").splitlines()
    return {
        word: rank for rank, word in enumerate(line for line in lines if not line.startswith("#"))
    }
