"""An edit of a person's file is given out only if the file, read back, says what it should.

Each format reads the file before an edit (`whole`), says in records what it must hold after it, and
has the edited text proved. What cannot be written line by line is left for a person to write.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import fields, is_dataclass
from typing import TypeVar

from gtpipe.model.problems import Problem, UserError
from gtpipe.model.records import Where

Read = TypeVar("Read")


def whole(read: tuple[Read, list[Problem]]) -> Read:
    """What was read of a file. Raises UserError where something is wrong with it."""
    records, problems = read
    if problems:
        raise UserError(*problems)
    return records


def proved(
    edited: str,
    loads: Callable[[str], tuple[Read, list[Problem]]],
    expected: Read,
    refusal: Problem,
) -> str:
    """`edited`, if it says what is `expected`.

    Raises UserError with `refusal` where it does not.
    """
    try:
        after = whole(loads(edited))
    except UserError:
        raise UserError(refusal) from None
    if content(after) != content(expected):
        raise UserError(refusal)
    return edited


def content(record: object) -> object:
    """What a record says, without the lines it stands at and, by label, without their order."""
    if isinstance(record, Where):
        return None
    if isinstance(record, dict):
        return {label: content(entry) for label, entry in record.items()}
    if is_dataclass(record):
        values = (content(getattr(record, field.name)) for field in fields(record))
        return (type(record).__name__, *values)
    if isinstance(record, tuple):
        return tuple(content(part) for part in record)
    return record
