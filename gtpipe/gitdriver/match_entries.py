"""Which entries of three versions of a file are the same one, though a side gave it another name.

Used by `merge`.
"""

from __future__ import annotations

from difflib import SequenceMatcher

from gtpipe.text.document import Document
from gtpipe.text.entries import NAMES, Entry, Key, NotByLinesError, Section


class SameEntries:
    """Entries of the three versions under one name each: that which they had first."""

    def __init__(self, base: Document, ours: Document, theirs: Document) -> None:
        old, mine, other = (_entries(version) for version in (base, ours, theirs))
        self.ours = _renamed(old, mine, other)
        self.theirs = _renamed(old, other, mine)

    @staticmethod
    def entries(section: Section | None, names: dict[Key, Key]) -> dict[Key, Entry]:
        """The entries of a section by their first names.

        Raises NotByLinesError where two have the same.
        """
        entries = section.entries if section else ()
        found = {names.get(entry.key, entry.key): entry for entry in entries}
        if len(found) < len(entries):
            raise NotByLinesError
        return found


def _entries(version: Document) -> dict[Key, Entry]:
    return {entry.key: entry for section in version.sections for entry in section.entries}


def _renamed(
    base: dict[Key, Entry], side: dict[Key, Entry], other: dict[Key, Entry]
) -> dict[Key, Key]:
    """New name → old name of the entries that a side named anew."""
    found: dict[Key, Key] = {}
    for key, entry in side.items():
        if key in base or (key in other and not old_labels(entry)):
            continue
        for label in old_labels(entry):
            old = Key(key.kind, (label,))
            known = old in base or old in other
            if (
                known
                and old not in side
                and old not in found.values()
                and not (key in other and old in other)
            ):
                found[key] = old
                break
    before, after = list(base), list(side)
    if set(before) <= set(after):
        return found
    for kind, first, last, begin, end in SequenceMatcher(
        None, before, after, autojunk=False
    ).get_opcodes():
        if kind == "replace" and last - first == end - begin:
            for old, new in zip(before[first:last], after[begin:end], strict=True):
                if (
                    new not in found
                    and old not in found.values()
                    and old not in side
                    and new not in base
                    and not (new in other and old in other)
                    and _alike(base[old], side[new])
                ):
                    found[new] = old
    return found


def old_labels(entry: Entry) -> tuple[str, ...]:
    """The lines of the `was` of a code or focused code."""
    return entry.listed("was") if entry.key.kind in ("code", "focused") else ()


def _alike(old: Entry, new: Entry) -> bool:
    """Whether an entry in the same place is the old one with another name."""
    if old.key.kind != new.key.kind or old.key.kind in ("turn", "turns"):
        return False
    if (
        old.key.kind == "from"
        and sum(a == b for a, b in zip(old.key.name, new.key.name, strict=True)) == 2
    ):
        return True
    return any(
        field.value and (twin := new.get(field.name)) is not None and twin.value == field.value
        for field in old.fields
        if field.name not in (*NAMES[old.key.kind], "by", "date", "led-to")
    )
