"""The table of stages: one entry feeds `run`, `status` and the freshness records. Each stage's thinking is a module here."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Stage:
    """A stage that lays out derived files: what it reads, as study-relative files and folders (ending in /), and what it
    owns under `data/derived`.

    `version` grows when the same input would give other output, so that a new gtpipe makes its files anew.
    """

    name: str
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
    """What a stage lays out: tables and pages by their path under `data/derived`."""

    tables: dict[str, Table]
    pages: dict[str, str]


# The first stage, ingest, has files of people alone to write, and lays out nothing.
INITIAL_CODE = Stage(
    "initial-code",
    ("pipeline.yaml", "data/participants.csv", "data/codebook.yaml", "data/transcripts/", "data/initial-codes/"),
    ("codebook.csv", "usage.csv", "uncoded.csv", "compare/"),
    1,
)

STAGES = (INITIAL_CODE,)
