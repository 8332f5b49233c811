"""Two wordings of the same thing, word by word: what was taken out stands in [-…-], what came in in
{+…+}.
"""

from __future__ import annotations

from difflib import SequenceMatcher

from gtpipe.model.typography import same

AROUND = 6


def difference(old: str, new: str, around: int | None = AROUND) -> str:
    """Both wordings as one line.

    Of what stayed, only `around` words beside each change (None: all); `…` stands for the rest.
    """
    before, after = old.split(), new.split()
    shown: list[str] = []
    looks = (_as_they_look(before), _as_they_look(after))
    changes = SequenceMatcher(None, *looks, autojunk=False).get_opcodes()
    for number, (kind, i1, i2, j1, j2) in enumerate(changes):
        if kind == "equal":
            shown += _nearest(
                before[i1:i2], around, behind=number > 0, ahead=number < len(changes) - 1
            )
            continue
        if i1 < i2:
            shown.append(f"[-{' '.join(before[i1:i2])}-]")
        if j1 < j2:
            shown.append(f"{{+{' '.join(after[j1:j2])}+}}")
    return " ".join(shown)


def _as_they_look(words: list[str]) -> list[str]:
    return [word if word.isascii() else same(word) for word in words]


def _nearest(words: list[str], around: int | None, behind: bool, ahead: bool) -> list[str]:
    """Of words that stayed, those near a change `behind` or `ahead` of them."""
    if around is None or len(words) <= around * (behind + ahead) + 1:
        return words
    return [*(words[:around] if behind else ()), "…", *(words[-around:] if ahead else ())]


def alike(one: str, other: str) -> float:
    """How much of two wordings is shared, 0 to 1: twice the common words, each as often as in both,
    over all (Dice 1945).
    """
    from collections import Counter

    a, b = Counter(same(one).casefold().split()), Counter(same(other).casefold().split())
    whole = a.total() + b.total()
    return 2 * (a & b).total() / whole if whole else 1.0
