"""REFI-QDA: projects (`.qdpx`) and code books (`.qdc`)."""

from __future__ import annotations

from pathlib import Path

from gtpipe.exchange.records import Project
from gtpipe.exchange.registry import ExchangeReader


def _shows(path: Path) -> bool:
    return False


def _read(path: Path, columns: dict[str, str]) -> Project:
    raise NotImplementedError


READER = ExchangeReader("REFI-QDA (.qdpx, .qdc)", _shows, _read)
