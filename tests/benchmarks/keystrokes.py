"""How many keys a code takes: ten turns of this repository's study coded anew as they are coded, at
the desk (pressed, and what was written compared), line by line, and in Taguette.

    python tests/benchmarks/keystrokes.py

Line by line, Tab goes through what is offered; words are tied by a clause that is offered, or by
their first and last words. Taguette, by its guide (Using Taguette, Highlighting): drag over the
words, "new highlight", tick each tag, "Save & Close"; a new tag: "Create a tag", its name, save.
"""

from __future__ import annotations

import sys
import tempfile
from collections import Counter, deque
from collections.abc import Callable
from pathlib import Path

from gtpipe.desk import word_places
from gtpipe.desk.app import Desk
from gtpipe.model import anchor
from gtpipe.model.level import INITIAL
from gtpipe.model.names import label_order
from gtpipe.model.records import Coding, Turn
from gtpipe.store.layout import Study
from gtpipe.study import load

sys.path.insert(0, str(Path(__file__).parents[1] / "desk"))

from pilot import at_desk, typed
from screens import copy_of_the_study

NAME, TURNS = "nadia", 10


def moves(text: str) -> dict[int, dict[str, int]]:
    """Word → key → the word that the cursor is on then."""
    words = word_places.words(text)
    begins = [word_places.at(words, begin) for begin, _ in word_places.sentences(text)]
    last = len(words) - 1
    return {
        n: {
            "w": min(n + 1, last),
            "b": max(n - 1, 0),
            "right_parenthesis": next((one for one in begins if one > n), n),
            "left_parenthesis": next((one for one in reversed(begins) if one < n), n),
            "end": last,
            "home": 0,
        }
        for n in range(len(words))
    }


def way(text: str, start: int, goal: int) -> list[str]:
    """The fewest keys from one word to another."""
    steps = moves(text)
    seen, waiting = {start}, deque([(start, list[str]())])
    while waiting:
        at, keys = waiting.popleft()
        if at == goal:
            return keys
        for key, to in steps[at].items():
            if to not in seen:
                seen.add(to)
                waiting.append((to, [*keys, key]))
    raise ValueError(goal)


def shortest(label: str, offered: Callable[[str], list[str]]) -> tuple[str, int] | None:
    """What is typed of a known label, and how many keys then choose it; None for a new one."""
    parts = {
        label[a:b] for a in range(len(label)) for b in range(a + 1, min(len(label), a + 9) + 1)
    }
    found = [
        (len(part) + labels.index(label), part, labels.index(label) + 1)
        for part in sorted(parts)
        if part == part.strip() and label in (labels := offered(part))
    ]
    return min(found)[1:] if found else None


def plain_words(words: str, turn: Turn) -> int:
    """Keys of ` <- ` and the words behind it."""
    clauses = anchor.clauses(turn.text)
    costs = [len(words) + 2]
    parts = words.split()
    if len(parts) > 4:
        costs.append(len(" ".join((*parts[:2], "…", *parts[-2:]))) + 2)
    if words in clauses:
        parts = [words[a:b] for a in range(len(words)) for b in range(a + 1, a + 12)]
        alike = [
            len(p) + [c for c in clauses if p.casefold() in c.casefold()].index(words)
            for p in parts
        ]
        costs.append(min(alike) + 1)
    return 4 + min(costs)


def selecting(desk: Desk, coding: Coding, turn: Turn) -> list[str]:
    """The fewest keys that select the words of a coding, from where the cursor is."""
    if coding.span is None:
        return []
    words = word_places.words(turn.text)
    first, last = (word_places.at(words, one) for one in (coding.span[0], coding.span[1] - 1))
    start = word_places.at(words, desk.sitting.place.at)
    best = [*way(turn.text, start, first), "v", *way(turn.text, first, last)]
    for begin, end in word_places.sentences(turn.text):
        if [word_places.at(words, begin), word_places.at(words, end - 1)] == [first, last]:
            best = min(best, [*way(turn.text, start, first), "V"], key=len)
    return best


class Count:
    """Keys at the desk and line by line; clicks and letters in Taguette."""

    desk = plain = clicks = letters = 0


async def code(pilot, desk: Desk, coding: Coding, known: set[str], count: Count) -> None:
    """One code as it was given, at the desk; what it takes elsewhere."""
    turn = desk.sitting.interview.at(coding.turn)
    position = desk.sitting.interview.position
    on = [
        one
        for one in desk.sitting.turns
        if position[desk.turn.id] < position[one.id] <= position[turn.id]
    ]
    await pilot.press(*["j"] * len(on))
    dropped = desk.selection is not None
    await pilot.press(*["escape"] * dropped)
    before = selecting(desk, coding, turn)
    await pilot.press(*before, "enter")
    label = coding.typed
    by_few = shortest(label, lambda part: [c.label for c in desk.book.known.matching(part)])
    text, downs = min((label, 0), by_few or (label, 0), key=lambda one: len(one[0]) + one[1])
    await typed(pilot, text)
    await pilot.press(*["down"] * downs, "enter")
    await pilot.pause()
    count.desk += len(on) + dropped + len(before) + 1 + len(text) + downs + 1
    labels = sorted(known, key=label_order)
    by_tab = shortest(label, lambda part: [one for one in labels if part in one])
    text, tabs = min((label, 0), by_tab or (label, 0), key=lambda one: len(one[0]) + one[1])
    words = turn.text[slice(*coding.span)] if coding.span else ""
    count.plain += len(on) + len(text) + tabs + 1 + (plain_words(words, turn) if words else 0)
    is_new = label not in known
    count.clicks += 1 + 2 * is_new
    count.letters += len(label) * is_new
    known.add(label)


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        root = copy_of_the_study(Path(folder))
        corpus = load(Study(root))
        mine = [c for c in corpus.codings if c.interview == NAME and c.level == INITIAL]
        turns = list(dict.fromkeys(c.turn for c in mine))[:TURNS]
        wanted = [c for c in mine if c.turn in turns]
        for path in (f"initial-codes/{NAME}.yaml", "focused-codes.yaml", "theory.yaml"):
            (root / "data" / path).unlink()
        known = {c.typed for c in load(Study(root)).codings if c.level == INITIAL}
        count = Count()
        count.clicks = 3 * len({(c.turn, c.span) for c in wanted})

        async def code_all(pilot, desk: Desk) -> None:
            for coding in wanted:
                await code(pilot, desk, coding, known, count)

        at_desk(root, NAME, code_all, (120, 40))
        made = [c for c in load(Study(root)).codings if c.interview == NAME]
    assert Counter(map(_said, made)) == Counter(map(_said, wanted))
    codes, new = len(wanted), count.letters
    print(
        f"{codes} codes at {len(turns)} turns, {sum(c.span is not None for c in wanted)} tied to "
        f"words; {new} letters of new labels"
    )
    for name, keys in (("at the desk", count.desk), ("line by line", count.plain)):
        bare = f"{(keys - new) / codes:.1f} without the letters of new labels"
        print(f"{name}: {keys} keys, {keys / codes:.1f} a code; {bare}")
    clicks = f"{count.clicks} clicks and drags, {count.clicks / codes:.1f} a code"
    print(f"Taguette: {clicks}, and {new} letters")


def _said(coding: Coding) -> tuple[str, ...]:
    """A coding but for marks at the ends of its words."""
    words = (
        "" if coding.span is None else "".join(filter(str.isalnum, coding.words or coding.typed))
    )
    return coding.turn, coding.typed, words


if __name__ == "__main__":
    main()
