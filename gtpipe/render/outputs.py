"""Where a command may write a file that a person named."""

from __future__ import annotations

from pathlib import Path

from gtpipe.model.problems import UsageError, UserError


def check(output: Path | None, replace: bool, what: str, *endings: str) -> Path:
    """Where to write `what` ("a workbook"). Raises UsageError for nowhere or another ending,
    UserError where a file stands and is not to be replaced.
    """
    if output is None:
        raise UsageError(f"{what} goes to a file: add --output FILE{endings[0]}")
    if output.suffix.lower() not in endings:
        raise UsageError(f"{output}: the name of {what} ends in {_either(endings)}")
    if output.is_dir() or not output.parent.is_dir():
        raise UserError.at(
            str(output),
            None,
            "this is a folder" if output.is_dir() else "there is no such folder",
            "Name a file",
        )
    if output.exists() and not replace:
        raise UserError.at(
            str(output), None, "this file is there already", "Name another, or add --replace"
        )
    return output


def _either(endings: tuple[str, ...]) -> str:
    *first, last = endings
    return f"{', '.join(first)} or {last}" if first else last
