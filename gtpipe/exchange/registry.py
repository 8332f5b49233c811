"""Which reader takes a file or folder of another program: found by what it holds, not by its name.

A reader's module has `READER`, and is imported when something is read. The first that `shows`
itself takes it, so those that could take much stand last.
"""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from typing import NamedTuple

from gtpipe.exchange.records import Project
from gtpipe.model.problems import UserError, did_you_mean

MODULES = tuple(
    "refi_reader taguette_reader qualcoder_reader qc_reader atlas_reader taguette_pages "
    "tables_reader".split()
)


class ExchangeReader(NamedTuple):
    """A kind of file: its `name` in words, whether a file or folder `shows` that it is one (quick,
    and never an exception), and what it holds. `read` gets what a person said with `--columns`, of
    `columns` alone: for a table column → heading. It raises UserError.
    """

    name: str
    shows: Callable[[Path], bool]
    read: Callable[[Path, dict[str, str]], Project]
    columns: tuple[str, ...] = ()


def read(path: Path, columns: dict[str, str] | None = None) -> Project:
    """What a file of another program holds. Raises UserError."""
    if not path.exists():
        raise UserError.at(str(path), None, "no such file", "Look at its name")
    readers = [import_module(f"gtpipe.exchange.{module}").READER for module in MODULES]
    reader = next((reader for reader in readers if reader.shows(path)), None)
    if reader is None:
        known = ", ".join(reader.name for reader in readers)
        raise UserError.at(
            str(path),
            None,
            "no program is known that writes such a file",
            f"What can be read: {known}. A transcript is read by `gtpipe ingest`",
        )
    unknown = next((name for name in columns or () if name not in reader.columns), None)
    if unknown is not None:
        raise UserError.at(
            str(path),
            None,
            f'--columns cannot say "{unknown}" of {reader.name}',
            did_you_mean(unknown, reader.columns)
            or f"It can say {', '.join(reader.columns) or 'nothing there: leave it out'}",
        )
    project: Project = reader.read(path, columns or {})
    return project
