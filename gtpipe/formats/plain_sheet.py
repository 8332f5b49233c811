"""A sheet of the shape that nearly all have, read by its lines: what YAML says of it, and sooner.

Only what can be read in one way is: entries that begin with `- turn:` at the margin, fields two in,
blocks four in, comments at the margin. Of anything else nothing is said, and YAML reads it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from textwrap import dedent

from gtpipe.formats.code_line import read_line
from gtpipe.model import anchor, limits
from gtpipe.model.level import FOCUSED, INITIAL, Level
from gtpipe.model.records import TURN_ID, SheetCode
from gtpipe.text import yamltext

_ABOVE = r"(?: {0,4}\n|#[^\n]*\n)*"  # blank lines, and comments at the margin
_TURN = re.compile(rf"{_ABOVE}(?P<turn>- (?:turn: ({TURN_ID})|turns: ({TURN_ID}-{TURN_ID})) *\n)")
_FIELD = re.compile(
    rf"{_ABOVE}  (?:speaker: (?P<speaker>[^\W_][\w .()'’/-]*)\n"
    r"|(?P<name>text|codes|focused): \|-? *\n"
    r"(?P<block>(?:    (?! )[^\n]*\n)?(?:    [^\n]*\n| {0,3}\n)*))"
)
_END = re.compile(rf"{_ABOVE}\Z")
_LEVELS = {"codes": INITIAL, "focused": FOCUSED}
Read = tuple[str, int, str, str | None, tuple[SheetCode, ...]]
"""The turn of an entry, its line, who speaks, the copy of the words, and the codes."""


def read(text: str) -> list[Read] | None:
    """The entries of a sheet; None where YAML must read it."""
    if "\r" in text or "\t" in text or "<<<<<<<" in text or not yamltext.printable(text):
        return None
    try:
        entries = list(_entries(text))
    except ValueError:
        return None
    return entries if len({entry[0] for entry in entries}) == len(entries) else None


def _entries(text: str) -> Iterator[Read]:
    """Raises ValueError where the text has another shape."""
    at, line = 0, 1  # what is not read yet, and its line
    while named := _TURN.match(text, at):
        start = named.start("turn")
        line += text.count("\n", at, start)
        entry, at = line, named.end()
        line += 1
        speaker, words = "", None
        codes: dict[str, list[SheetCode]] = {}
        seen = 0
        fields: set[str | None] = set()
        while field := _FIELD.match(text, at):
            name, block = field["name"], field["block"]
            seen += 1
            fields.add(name)
            if name is None:
                speaker = field["speaker"].strip()
            elif block.startswith("     ") or (block.strip() and not block[:5].strip()):
                raise ValueError
            elif name == "text":
                words = block.replace("\n    ", "\n")[4:]
            else:
                first = line + text.count("\n", at, field.start("block"))
                codes[name] = _codes(block, _LEVELS[name], first)
            line += text.count("\n", at, field.end())
            at = field.end()
        if len(fields) != seen:
            raise ValueError
        found = (*codes.get("codes", ()), *codes.get("focused", ()))
        if len(found) > limits.CODES:
            raise ValueError
        yield anchor.turns(named[2] or named[3]), entry, speaker, words, found
    if not at or not _END.match(text, at):
        raise ValueError


def _codes(block: str, level: Level, line: int) -> list[SheetCode]:
    """The codes of a block whose first line is `line`. Raises ValueError where one cannot be
    read.
    """
    found: list[tuple[int, str, list[str]]] = []
    for number, shown in enumerate(block.split("\n"), line):
        bare = shown[4:].rstrip()
        if bare and not bare[0].isspace():
            found.append((number, bare, []))
        elif found:
            found[-1][2].append(bare)
        elif bare:
            raise ValueError
    return [
        SheetCode(
            level,
            *read_line(bare),
            dedent("\n".join(notes)).strip("\n") if any(notes) else "",
            number,
        )
        for number, bare, notes in found
    ]
