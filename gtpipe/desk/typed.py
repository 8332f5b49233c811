"""What is typed at the bottom of the desk: one line, in the grammar of the sheets."""

from __future__ import annotations

import re
from typing import NamedTuple

from gtpipe.formats import code_line
from gtpipe.model import anchor
from gtpipe.model.plural import count
from gtpipe.model.problems import UserError

_CONTROLS = re.compile(r"[\x00-\x08\x0e-\x1f\x7f-\x9f]")
LONG = 200  # characters that one does not paste unawares


class Pasted(NamedTuple):
    """What was pasted as one line, and what to say of it: '' where it was one short line."""

    text: str
    told: str


def pasted(text: str) -> Pasted:
    """One line of whatever was pasted: line breaks are spaces in it, control characters left out.

    >>> pasted("waiting\\nfor it")
    Pasted(text='waiting for it', told='Pasted as one line: 1 line break is a space.')
    """
    bare = _CONTROLS.sub("", text.strip("\r\n"))
    parts = bare.splitlines()
    line = " ".join(part.strip() for part in parts) if len(parts) > 1 else bare
    told = []
    if len(parts) > 1:
        breaks = count(len(parts) - 1, "line break")
        told.append(
            f"Pasted as one line: {breaks} {'is a space' if len(parts) == 2 else 'are spaces'}."
        )
    if len(line) > LONG:
        told.append(f"{count(len(line), 'character')} pasted.")
    return Pasted(line, " ".join(told))


class Entered(NamedTuple):
    """A code as typed: its label, and the words it is tied to (None where none are typed)."""

    label: str
    words: str | None


def entered(typed: str) -> Entered:
    """A line in the grammar of the sheets. Raises UserError."""
    try:
        return Entered(*code_line.read_line(typed.strip()))
    except ValueError as exc:
        raise UserError.of(str(exc), 'Type it as in a sheet: label <- "words"') from None


def label_part(typed: str) -> tuple[str, bool]:
    """What is typed of the label, and whether an arrow stands behind it."""
    label, arrow, _ = typed.partition("<-")
    return label.strip(), bool(arrow)


def clauses(typed: str, text: str) -> list[str]:
    """Lines as they may go on: the clauses of a turn that hold what is typed behind `<-`."""
    label, _, begun = typed.partition("<-")
    wanted = begun.strip(' "“”').casefold()
    return [
        f'{label.rstrip()} <- "{clause}"'
        for clause in anchor.clauses(text)
        if wanted in clause.casefold()
    ]
