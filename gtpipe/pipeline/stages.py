"""The table of stages: one entry feeds `run`, `status` and the freshness records.

What a stage lays out is a module of its name with a function `outcome`; `run` calls it.
"""

from __future__ import annotations

from dataclasses import dataclass

from gtpipe.store import settings
from gtpipe.store.layout import (
    ANSWERS,
    CODEBOOK,
    DIARY,
    FOCUSED_CODES,
    MEMOS,
    PARTICIPANTS,
    SHEETS,
    THEORY,
    TRANSCRIPTS,
)


@dataclass(frozen=True)
class Stage:
    """A stage that lays out derived files.

    `reads` are files and folders of the study, `owns` those under `data/derived` it writes; folders
    end in /. What is wrong in the files that it looks at `beside` those does not stop it.
    """

    name: str
    reads: tuple[str, ...]
    owns: tuple[str, ...]
    beside: tuple[str, ...] = ()


# The first stage, ingest, has files of people alone to write, and lays out nothing.
_CODED = (settings.FILE, PARTICIPANTS, CODEBOOK, f"{TRANSCRIPTS}/", f"{SHEETS}/")
_FOCUSED = (*_CODED, FOCUSED_CODES)
_MEMOS = f"{MEMOS}/"  # comparison pages list the memos about their code and its incidents
INITIAL_CODE = Stage(
    "initial-code", (*_CODED, _MEMOS), ("codebook.csv", "usage.csv", "uncoded.csv", "compare/")
)
FOCUSED_CODE = Stage(
    "focused-code",
    (*_FOCUSED, _MEMOS),
    ("focused-codes.csv", "lineage.csv", "not-taken-up.csv", "compare/focused/"),
    beside=(THEORY,),  # negative cases are no extracts
)
THEORETICAL_CODE = Stage(
    "theoretical-code",
    (*_FOCUSED, THEORY),
    ("theory.md", "theory.mmd", "negative-cases.md", "sufficiency.csv"),
)
MEMO = Stage("memo", (*_FOCUSED, THEORY, _MEMOS, f"{DIARY}/"), ("memos.md",))

STAGES = (INITIAL_CODE, FOCUSED_CODE, THEORETICAL_CODE, MEMO)

# Beside the cycle, and only where the settings say `suggest: true`: what is laid out here counts
# nowhere.
SUGGEST = Stage(
    "suggest", (*_FOCUSED, ANSWERS), ("suggestions/initial/", "suggestions/focused.yaml")
)
