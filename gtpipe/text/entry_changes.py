"""What changed between two versions of a YAML file, entry by entry, in words: for `status` and what
a stage says it did.
"""

from __future__ import annotations

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


def changes(before: Entries, after: Entries) -> list[str]:
    """`focused code "easy beginnings" redefined`, `category "x" is new`, …, in the order of the
    files.
    """
    found = []
    for name in {**before, **after}:
        old, new = before.get(name), after.get(name)
        if old == new:
            continue
        book = " in the code book" if name.startswith('code "') else ""
        if old is None:
            found.append(f"{name} is new{book}")
        elif new is None:
            found.append(f"{name} is not there any more{book}")
        elif old.get("definition") != new.get("definition"):
            found.append(f"{name} redefined")
        else:
            fields = [field for field in {**old, **new} if old.get(field) != new.get(field)]
            found.append(f"{name}: {', '.join(fields)} changed")
    if not found and list(before) != list(after):
        found.append("the order of entries changed")
    return found
