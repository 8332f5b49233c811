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
    """What changed, entry by entry, in the order of the files.

    Such as `focused code "easy beginnings" redefined`, `category "x" is new`.
    """
    led = _led_on(before, after)
    renamed = {name for name, how in led.values() if how == "was"}
    found = [
        change
        for name in {**before, **after}
        if name not in renamed
        and (change := _change(name, before.get(name), after.get(name), led.get(name)))
    ]
    if not found and list(before) != list(after):
        found.append("the order of entries changed")
    return found


# What became of an entry that is gone, by the field of another entry that names it.
_LED = {"was": "was renamed to", "merged-from": "was merged into"}


def _led_on(before: Entries, after: Entries) -> dict[str, tuple[str, str]]:
    """Entry that is gone → the one it lives on in, and the field in which that says so."""
    found = {}
    for name, fields in after.items():
        kind = name.partition(' "')[0]
        for field in _LED:
            if field == "was" and name in before:
                continue
            for line in fields.get(field, "").split("\n")[1:]:
                old = f'{kind} "{line.strip()}"'
                if old in before and old not in after:
                    found[old] = (name, field)
    return found


def _change(
    name: str, old: dict[str, str] | None, new: dict[str, str] | None, led: tuple[str, str] | None
) -> str:
    """How an entry differs, '' where it does not."""
    is_code = name.startswith('code "')
    if old is None:
        return f"{name} is new" + (" in the code book" if is_code else "")
    if new is None and led is not None:
        heir, field = led
        return f"{name} {_LED[field]} {_quoted(heir)}"
    if new is None:
        return f"{name} was removed" + (" from the code book" if is_code else "")
    if old.get("definition") != new.get("definition"):
        return f"{name} redefined"
    fields = [field for field in {**old, **new} if old.get(field) != new.get(field)]
    return f"{name}: {', '.join(fields)} changed" if fields else ""


def _quoted(name: str) -> str:
    """The label in an entry's name, with its quotation marks."""
    return name[name.index('"') :]
