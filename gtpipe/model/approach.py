"""The approaches that a study may take: their words, their stages, and what they do not ask for.

`approach:` in pipeline.yaml names one. It chooses what people read; files, fields, commands and
formats are the same under each, so that a study may change its approach.
"""

from __future__ import annotations

from contextvars import ContextVar
from dataclasses import dataclass

STAGES = ("ingest", "initial-code", "focused-code", "theoretical-code", "memo")
"""Every stage there is, in the order of the cycle."""


@dataclass(frozen=True)
class Approach:
    """An approach by the name that pipeline.yaml gives it, with its source.

    `focused`, `category` and `part` are what it calls these, one and many; `stages` those that are
    on where pipeline.yaml does not say. `defines_codes`: whether a code without a definition is
    worth telling. `no_agreement` says why no figure of agreement between coders is shown, '' where
    nothing speaks against one.
    """

    name: str
    source: str
    focused: tuple[str, str] = ("focused code", "focused codes")
    category: tuple[str, str] = ("category", "categories")
    part: tuple[str, str] = ("subcategory", "subcategories")
    stages: tuple[str, ...] = STAGES
    defines_codes: bool = True
    no_agreement: str = ""

    def noun(self, level: str, number: int = 1) -> str:
        """What one of a level is called, or several of them."""
        words = {
            "initial": ("code", "codes"),
            "focused": self.focused,
            "category": self.category,
            "relation": ("relation", "relations"),
        }
        return words[level][number != 1]


GROUNDED_THEORY = Approach("constructivist grounded theory", "Charmaz 2014")
APPROACHES = {
    one.name: one
    for one in (
        GROUNDED_THEORY,
        Approach(
            "reflexive thematic analysis",
            "Braun & Clarke 2022",
            focused=("theme", "themes"),
            category=("overarching theme", "overarching themes"),
            part=("subtheme", "subthemes"),
            stages=tuple(stage for stage in STAGES if stage != "theoretical-code"),
            defines_codes=False,
            no_agreement="No figure of agreement between coders: in a reflexive thematic "
            "analysis a second reader enriches an interpretation, and there is no one right "
            "coding to agree on (Braun & Clarke 2021).",
        ),
        Approach(
            "framework analysis",
            "Ritchie & Spencer 1994",
            focused=("theme", "themes"),
            category=("main theme", "main themes"),
            part=("subtheme", "subthemes"),
        ),
    )
}

_spoken: ContextVar[Approach] = ContextVar("approach", default=GROUNDED_THEORY)


def speak(approach: Approach) -> None:
    """From here on levels are called as in `approach`: that of the study that was read last."""
    _spoken.set(approach)


def spoken() -> Approach:
    return _spoken.get()
