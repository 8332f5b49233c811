"""Three versions of the same thing become one: the rules that hold for anything made of lines.

Pure; used by `merge`.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Iterable
from typing import NamedTuple, TypeAlias, TypeVar

Known = TypeVar("Known", bound=Hashable)
Version = TypeVar("Version")


class Clash(NamedTuple):
    """Two versions of the same lines."""

    ours: str
    theirs: str


# A merged text in parts; a `Clash` is for a person to decide.
Output: TypeAlias = "list[str | Clash]"


def chosen(base: Version | None, ours: Version, theirs: Version) -> Version | None:
    """The version that stands where at most one side changed it, or both alike; None where both did
    differently.
    """
    if ours == theirs or theirs == base:
        return ours
    return theirs if ours == base else None


def marked(clash: Clash, size: int) -> str:
    """Both versions between git's conflict markers."""
    return f"{'<' * size} ours\n{clash.ours}{'=' * size}\n{clash.theirs}{'>' * size} theirs\n"


def either(base: str, ours: str, theirs: str) -> Output:
    """One of the versions, or both as a clash."""
    one = chosen(base, ours, theirs)
    return [Clash(ours, theirs) if one is None else one]


def in_order(ours: list[Known], theirs: list[Known], base: list[Known]) -> list[Known]:
    """All that stands in either, each once: the order is that of the side that changed it, what
    both added ours first.
    """
    mine, other = set(ours), set(theirs)
    shared = [one for one in ours if one in other]
    moved = shared != [one for one in theirs if one in mine]
    began = set(base)
    theirs_moved = moved and [one for one in base if one in mine and one in other] == [
        one for one in shared if one in began
    ]
    skeleton, rest, in_skeleton, in_rest = (
        (theirs, ours, other, mine) if theirs_moved else (ours, theirs, mine, other)
    )
    behind: dict[Known | None, list[Known]] = {None: []}
    anchor = None
    for one in rest:
        if one in in_skeleton:
            anchor = one
        else:
            behind.setdefault(anchor, []).append(one)
    found: list[Known] = []
    waiting = behind[None]
    for one in skeleton:
        if waiting and (theirs_moved or one in in_rest):
            found += waiting
            waiting = []
        found.append(one)
        waiting = waiting + behind.get(one, [])
    return found + waiting


def merged_lines(
    base: Iterable[str], ours: Iterable[str], theirs: Iterable[str]
) -> list[str] | None:
    """Lines of no form (comments, notes, words) as one; None where both changed the same line
    differently.
    """
    b, o, t = numbered(base), numbered(ours), numbered(theirs)
    unchanged = chosen(list(b), list(o), list(t))
    if unchanged is not None:
        return [line for line, _ in unchanged]
    gone_in_both = [line for line in b if line not in o and line not in t and line[0].strip()]
    new = [[line for line in side if line not in b and line[0].strip()] for side in (o, t)]
    if gone_in_both and new[0] and new[1] and new[0] != new[1]:
        return None
    return [
        line
        for line, number in in_order(list(o), list(t), list(b))
        if not (((line, number) in b) and not ((line, number) in o and (line, number) in t))
    ]


def numbered(lines: Iterable[str]) -> dict[tuple[str, int], None]:
    """Each line with which one of equals it is."""
    seen: Counter[str] = Counter()
    found: dict[tuple[str, int], None] = {}
    for line in lines:
        found[line, seen[line]] = None
        seen[line] += 1
    return found


def merged_text(base: str, ours: str, theirs: str) -> Output:
    """Comments and blank lines, or the words of a turn, as one."""
    merged = merged_lines(*(text.split("\n")[:-1] for text in (base, ours, theirs)))
    return [Clash(ours, theirs) if merged is None else "".join(f"{line}\n" for line in merged)]
