"""The table of stages: one entry feeds `run`, `status` and the freshness records. Each stage's thinking is a module here."""

from __future__ import annotations

from dataclasses import dataclass, field

from gtpipe.errors import Problem


@dataclass(frozen=True)
class Stage:
    """A stage: what it reads and what it owns under `data/derived`, as study-relative files and folders (ending in /).

    `version` grows when the same input would give other output, so that a new gtpipe makes its files anew.
    """

    name: str
    summary: str
    reads: tuple[str, ...]
    owns: tuple[str, ...]
    version: int


@dataclass(frozen=True)
class Table:
    """A table to be written as CSV."""

    header: tuple[str, ...]
    rows: tuple[tuple[object, ...], ...]


@dataclass(frozen=True)
class Outcome:
    """What a stage lays out: tables and pages by their path under `data/derived`, and what it noticed."""

    tables: dict[str, Table] = field(default_factory=dict)
    pages: dict[str, str] = field(default_factory=dict)
    problems: tuple[Problem, ...] = ()


INGEST = Stage(
    "ingest",
    "transcripts from data/sources/ into data/transcripts/",
    ("data/sources/", "data/transcripts/", "data/ingested/"),
    (),
    1,
)
INITIAL_CODE = Stage(
    "initial-code",
    "coding sheets, the code book's tables, one comparison page a code",
    ("pipeline.yaml", "data/participants.csv", "data/codebook.yaml", "data/transcripts/", "data/initial-codes/"),
    ("codebook.csv", "usage.csv", "uncoded.csv", "compare/"),
    1,
)

STAGES = (INGEST, INITIAL_CODE)
