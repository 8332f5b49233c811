"""What changed between two versions of a YAML file, entry by entry, in words: for `status` and what
a stage says it did.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from gtpipe.model.problems import UserError
from gtpipe.text.document import Document

# The field that names an entry → what the entry is.
KINDS = {
    "code": "code",
    "focused": "focused code",
    "category": "category",
    "from": "relation",
    "incident": "negative case",
    "looked-for": "look for negative cases",
    "interview": "judgement of",
}
LINEAGE = {"was": "renamed to", "merged-from": "merged into"}
Entries = dict[str, dict[str, str]]


def entries(text: str, path: str) -> Entries | None:
    """Each entry's name (`focused code "easy beginnings"`) → its fields as they stand in the file.

    None where the file cannot be read.
    """
    try:
        named = Document(text, path).entries
    except UserError:
        return None
    found: Entries = {}
    for entry in named:
        if entry.key.kind not in KINDS:
            continue
        label = entry.key.name[0] if entry.key.kind != "from" else " ".join(entry.key.name)
        name = unnumbered = f'{KINDS[entry.key.kind]} "{label}"'
        number = 1
        while name in found:
            number += 1
            name = f"{unnumbered} ({number})"
        found[name] = {
            field.name: text[field.node.start : field.node.end].strip() for field in entry.fields
        }
    return found


class LedOn(NamedTuple):
    """A label that leads to another since: `what` it is the label of, and `how` it came to that."""

    what: str
    old: str
    new: str
    how: str


def led_on(before: Entries, after: Entries) -> list[LedOn]:
    """Labels that were renamed or merged, as `was` and `merged-from` say now and did not before."""
    known = {(led.what, led.old) for led in _lineage(before)}
    return [
        led
        for led in _lineage(after)
        if (led.what, led.old) not in known and f'{led.what} "{led.old}"' not in after
    ]


def _lineage(entries: Entries) -> Iterator[LedOn]:
    for name, fields in entries.items():
        what, _, rest = name.partition(' "')
        for field, how in LINEAGE.items():
            for line in fields.get(field, "").removeprefix("|").splitlines():
                if line.strip():
                    yield LedOn(what, line.strip(), rest.rpartition('"')[0], how)


def changes(before: Entries, after: Entries) -> list[str]:
    """`focused code "easy beginnings" redefined`, `category "x" is new`, …, in the order of the
    files; in front what was renamed or merged, of which nothing else is told.
    """
    led = led_on(before, after)
    found = [
        ("" if one.what == "code" else f"{one.what} ") + f'"{one.old}" was {one.how} "{one.new}"'
        for one in led
    ]
    told = {f'{one.what} "{label}"' for one in led for label in (one.old, one.new)}
    for name in {**before, **after}:
        old, new = before.get(name), after.get(name)
        if old == new or (name in told and (old is None or new is None)):
            continue
        book = name.startswith('code "')
        if old is None:
            defined = book and new is not None and new.get("definition")
            how = "was defined" if defined else "is new in the code book" if book else "is new"
            found.append(f"{name} {how}")
        elif new is None:
            found.append(f"{name} was removed{' from the code book' if book else ''}")
        elif old.get("definition") != new.get("definition"):
            found.append(f"{name} {'redefined' if old.get('definition') else 'was defined'}")
        else:
            fields = [field for field in {**old, **new} if old.get(field) != new.get(field)]
            if name not in told or not LINEAGE.keys() >= {*fields}:
                found.append(f"{name}: {', '.join(fields)} changed")
    if not found and list(before) != list(after):
        found.append("the order of entries changed")
    return found
