"""The levels that a label stands on, and a code by its level and label.

`INITIAL` and its like are the members by a short name, for the many places that name one.
"""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, Literal, NamedTuple

from gtpipe.model.approach import spoken


class Level(StrEnum):
    """A level of the analysis; the value is what files and commands write in front of a label."""

    INITIAL = "initial"
    FOCUSED = "focused"
    CATEGORY = "category"
    RELATION = "relation"

    @property
    def noun(self) -> str:
        """One of this level, in the words of the study's approach."""
        return spoken().noun(self)

    @property
    def nouns(self) -> str:
        """Several of this level, likewise."""
        return spoken().noun(self, 2)


if TYPE_CHECKING:
    MaybeLevel = Level | Literal[""]
else:
    MaybeLevel = str  # as far as what is kept is read by its types, which know no such union
"""The level that a person typed in front of a label; '' where there is none."""

INITIAL, FOCUSED, CATEGORY, RELATION = Level
CODE_LEVELS = (CATEGORY, FOCUSED, INITIAL)
"""The highest first: what a label without `level:` in front means."""
ALL_LEVELS = (*CODE_LEVELS, RELATION)


class CodeRef(NamedTuple):
    """A code, focused code, category or relation, by its current label."""

    level: Level
    label: str

    @property
    def kind(self) -> str:
        """What it is, in words."""
        return self.level.noun

    @property
    def typed(self) -> str:
        """As a command names it without doubt."""
        is_clear = self.level is INITIAL and not split_level(self.label)[0]
        return self.label if is_clear else f"{self.level}: {self.label}"


def split_level(typed: str) -> tuple[MaybeLevel, str]:
    """`focused: easy beginnings` → level and label; the level is '' where none is in front.

    >>> split_level("focused: easy beginnings")
    (<Level.FOCUSED: 'focused'>, 'easy beginnings')
    >>> split_level("waiting: a second job")
    ('', 'waiting: a second job')
    """
    for level in (INITIAL, FOCUSED, CATEGORY):
        label = typed.removeprefix(f"{level}:")
        if label != typed and label.strip():
            return level, label.strip()
    return "", typed
