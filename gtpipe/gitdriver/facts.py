"""What a file says, whatever its order and layout, as a set: by this a merge is checked before it
is given out.
"""

from __future__ import annotations

from typing import TypeAlias

from gtpipe.gitdriver import entries
from gtpipe.model.records import BETWEEN
from gtpipe.text.entries import Field, Key, NotByLinesError

# Of which entry (or none), in which field, what it says.
Fact: TypeAlias = tuple[Key | str, str, str]

# The same note may stand at two codes, and go at one: of these none may be missing, and that is all
# that can be asked.
BESIDE = ("note", "comment")


def intended(base: set[Fact], ours: set[Fact], theirs: set[Fact]) -> set[Fact]:
    """(base + added by either) - removed by either.

    Of an entry's labels the one that leads on from the other.
    """
    expected = (ours & theirs) | (ours - base) | (theirs - base)
    led_on = {(key, line) for key, name, line in expected if name == "was"}
    return {
        (key, name, said)
        for key, name, said in expected
        if not (isinstance(key, Key) and name == key.kind and (key, said) in led_on)
    }


def of(text: str, names: dict[Key, Key] | None = None) -> set[Fact]:
    """What a file says, one by one, whatever its order and layout: the values of fields, the lines
    of lists, the notes on them, positions of properties, and comments. `names` gives the old name
    of an entry that has a new one.

    Raises UserError where it is not YAML, NotByLinesError where it is laid out in another way.
    """
    document = entries.read(text)
    found = _comments(document.tail)
    for section in document.sections:
        seen = set()
        found |= _comments(section.lead)
        for entry in section.entries:
            found |= _comments(entry.lead)
            key = (names or {}).get(entry.key, entry.key)
            if key in seen or (
                key.number and key.kind in ("turn", "turns", "code", "focused", "category")
            ):
                raise NotByLinesError
            seen.add(key)
            for field in entry.fields:
                found |= _comments(field.lead) | _said_in(key, field)
    return found


def _comments(lead: str) -> set[Fact]:
    return {("", "comment", line) for line in remarks(lead)}


def _said_in(key: Key, field: Field) -> set[Fact]:
    if field.name == "text":
        return {(key, "text", line.strip()) for line in field.value.split("\n") if line.strip()}
    if field.name not in entries.LISTS or field.block is None:
        return {(key, field.name, field.value)}
    facts = {(key, field.name, line.says) for line in field.block.lines}
    if field.name == "properties":
        return facts | {
            (key, field.name, f"{line.says}{BETWEEN}{position.strip()}")
            for line in field.block.lines
            for position in line.rest
            if position.strip()
        }
    return facts | {
        (key, "note", note.strip())
        for line in field.block.lines
        for note in line.rest
        if note.strip()
    }


def remarks(lead: str) -> set[str]:
    """The lines between two pieces that are not blank."""
    return {line.strip() for line in lead.split("\n")} - {""}
