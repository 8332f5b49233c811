"""The questions of the evaluation: nineteen, on the four criteria of Charmaz (2014), worded anew.

No score.
"""

from __future__ import annotations

from typing import NamedTuple

(
    ACCOUNTS,
    CATEGORIES,
    FOCUSED_CODES,
    RELATIONS,
    AGAINST,
    COMPARISONS,
    MEMOS,
    IDEAS,
    NOT_TAKEN_UP,
    SUFFICIENCY,
    FEW,
    SAMPLING,
    SCHEDULE,
    COMMENTS,
) = (
    "accounts",
    "categories",
    "focused codes",
    "relations",
    "against",
    "comparisons",
    "memos",
    "ideas",
    "not taken up",
    "sufficiency",
    "few",
    "sampling",
    "schedule",
    "comments",
)


class Question(NamedTuple):
    """A question, and the kinds of pointers that belong to it (keys of `pointers`)."""

    criterion: str
    number: int
    text: str
    pointers: tuple[str, ...]

    @property
    def id(self) -> str:
        return f"{self.criterion} {self.number}"


_ASKED: dict[str, tuple[tuple[str, tuple[str, ...]], ...]] = {
    "credibility": (
        (
            "How well do you know the place and the matter you write about, and what do you know "
            "it from?",
            (ACCOUNTS, SCHEDULE),
        ),
        (
            "Does what you collected bear what you claim: how many accounts, how unlike each "
            "other, and how far into each did you go?",
            (ACCOUNTS, SUFFICIENCY, FEW),
        ),
        (
            "Where did you hold incident against incident and category against category, and "
            "what came of it?",
            (COMPARISONS, AGAINST),
        ),
        (
            "How much of all that you were told do the categories take in, and what stays outside?",
            (CATEGORIES, NOT_TAKEN_UP),
        ),
        (
            "Can somebody go from the words to the categories, and from there to the argument, "
            "without having to jump?",
            (RELATIONS, FOCUSED_CODES),
        ),
        (
            "Do you show enough that a reader who doubts you could judge alone, and might come "
            "round?",
            (CATEGORIES, AGAINST, COMMENTS),
        ),
    ),
    "originality": (
        ("What do the categories let somebody see that they did not see before?", (CATEGORIES,)),
        (
            "Which understanding of the accounts is yours, beyond telling them over again?",
            (FOCUSED_CODES, MEMOS),
        ),
        (
            "To whom does this matter, those concerned and those who theorise, and why?",
            (RELATIONS, IDEAS),
        ),
        (
            "Which ideas or ways of doing things does it dispute, widen or sharpen?",
            (RELATIONS, AGAINST),
        ),
    ),
    "resonance": (
        (
            "Is the experience there with all its sides, or only with those that were easy to "
            "tell?",
            (CATEGORIES, AGAINST),
        ),
        (
            "What goes without saying in the accounts, and what is unsettled or in between? Have "
            "you brought it out?",
            (AGAINST, COMPARISONS),
        ),
        (
            "Where an account points beyond one life, to services, money or rules, have you "
            "followed it there?",
            (RELATIONS, FEW),
        ),
        (
            "Would those you spoke with, and others in their place, find themselves in it, and "
            "understand something better by it?",
            (ACCOUNTS, COMMENTS),
        ),
    ),
    "usefulness": (
        ("What can somebody do with this on an ordinary day?", (CATEGORIES,)),
        ("Which processes in it may be at work elsewhere too?", (CATEGORIES, RELATIONS)),
        (
            "What do those processes take for granted, and have you looked at what that does to "
            "people?",
            (RELATIONS, AGAINST),
        ),
        ("Which questions does it leave for studies of other matters?", (SAMPLING, NOT_TAKEN_UP)),
        (
            "What does it add to what is known, and how could it make anything better?",
            (IDEAS, SUFFICIENCY),
        ),
    ),
}


QUESTIONS = tuple(
    Question(criterion, number, text, pointers)
    for criterion, asked in _ASKED.items()
    for number, (text, pointers) in enumerate(asked, 1)
)
