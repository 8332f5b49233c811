"""What changed between two versions of a YAML file, entry by entry, in words: for `status` and what
a stage says it did.
"""

from __future__ import annotations

from gtpipe.model.problems import UserError
from gtpipe.text import yamltext
from gtpipe.text.yamltext import Scalar

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
    """Each entry's name (`focused code "easy beginnings"`) → its fields as they stand in the file;
    None if unreadable.
    """
    try:
        node = yamltext.parse(text, path)
    except UserError:
        return None
    lists = [node, *(value for _, value in yamltext.pairs(node))]
    found: Entries = {}
    for part in lists:
        for item in yamltext.mappings(part):
            fields = {key.value: text[value.start : value.end].strip() for key, value in item.pairs}
            naming = next((name for name in KINDS if name in fields), "")
            if naming == "focused" and "category" in fields:
                naming = "category"
            said = {
                key.value: value.value for key, value in item.pairs if isinstance(value, Scalar)
            }
            label = (
                " ".join(said.get(name, "") for name in ("from", "kind", "to"))
                if naming == "from"
                else said.get(naming, "")
            )
            name, number = f'{KINDS.get(naming)} "{label}"', 1
            while name in found:
                number += 1
                name = f'{KINDS.get(naming)} "{label}" ({number})'
            if naming:
                found[name] = fields
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
