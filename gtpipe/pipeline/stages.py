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
    LINES,
    MEMOS,
    PARTICIPANTS,
    SCHEDULE,
    SHEETS,
    THEORY,
    TRANSCRIPTS,
)
from gtpipe.store.settings import Settings


@dataclass(frozen=True)
class Stage:
    """A stage that lays out derived files.

    `reads` are files and folders of the study, `owns` those under `data/derived` it writes; folders
    end in /. `owned` is what it wrote once and writes no longer. What is wrong in the files that it
    looks at `beside` those does not stop it.
    """

    name: str
    reads: tuple[str, ...]
    owns: tuple[str, ...]
    owned: tuple[str, ...] = ()
    beside: tuple[str, ...] = ()


FIRST_LINES = {
    "codebook.csv": "code,definition,in-vivo,first,parked",
    "usage.csv": "code,incidents,interviews,participants",
    "framework.md": "# Framework",
    "uncoded.csv": "interview,turn,participant",
    "focused-codes.csv": "focused,definition,because",
    "lineage.csv": "initial,focused",
    "not-taken-up.csv": "code,incidents,parked",
    "theory.md": "# Theory",
    "theory.mmd": "flowchart",
    "theory.svg": '<?xml version="1.0" encoding="UTF-8"?>\n'
    '<svg xmlns="http://www.w3.org/2000/svg" class="figure"',
    "negative-cases.md": "# Negative cases",
    "sufficiency.csv": "interview,new-initial-codes",
    "memos.md": "# Memos",
}
"""How files begin that gtpipe writes under these names: by it a file is known as its own, where it
is to be taken away.
"""


INGEST = "ingest"  # the first stage has files of people alone to write, and lays out nothing
_CODED = (settings.FILE, PARTICIPANTS, CODEBOOK, f"{TRANSCRIPTS}/", f"{SHEETS}/")
_FOCUSED = (*_CODED, FOCUSED_CODES)
_MEMOS = f"{MEMOS}/"  # comparison pages list the memos about their code and its incidents
INITIAL_CODE = Stage(
    "initial-code",
    (*_CODED, _MEMOS),
    ("codebook.csv", "uncoded.csv", "framework.md", "compare/", f"{LINES}/"),
    ("usage.csv",),
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
    ("theory.md", "theory.mmd", "theory.svg", "negative-cases.md", "sufficiency.csv"),
)
MEMO = Stage("memo", (*_FOCUSED, THEORY, _MEMOS, f"{DIARY}/", f"{SCHEDULE}/"), ("memos.md",))

STAGES = (INITIAL_CODE, FOCUSED_CODE, THEORETICAL_CODE, MEMO)

# Beside the cycle, and only where the settings say `suggest: true`: what is laid out here counts
# nowhere.
SUGGEST = Stage(
    "suggest", (*_FOCUSED, ANSWERS), ("suggestions/initial/", "suggestions/focused.yaml")
)

# Beside it too, and only where the settings name any: the procedures, and the files of their rows.
PROCEDURES = Stage("procedures", (*_FOCUSED, THEORY), ())


def laid_out_as(procedure: str) -> tuple[str, str]:
    """The page and the table of a procedure."""
    return f"{PROCEDURES.name}/{procedure}.md", f"{PROCEDURES.name}/{procedure}.csv"


def is_on(stage: Stage, chosen: Settings) -> bool:
    """Whether a study has the stage: the suggestions lie beside the cycle, and say themselves."""
    if stage is PROCEDURES:
        return bool(chosen.procedures)
    return stage is SUGGEST or stage.name in chosen.stages
