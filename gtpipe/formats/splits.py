"""`data/split-<code>.yaml`: where a person says what becomes of each application of a code that is
split. Gone when it is done.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

from gtpipe.model.level import Level
from gtpipe.model.problems import Problem, UserError, error, in_shell
from gtpipe.text import entry_edits, yamltext
from gtpipe.text.document import Document
from gtpipe.text.yamltext import Mapping, Scalar

PARTS = ("split", "level", "applications", "holds", "places")
FIELDS = {
    "applications": ("incident", "by", "said", "note", "to", "drop"),
    "holds": ("item", "to", "drop"),
    "places": ("place", "to", "drop"),
}


class SplitItem(NamedTuple):
    """One thing to be assigned: `key` says which, in words that stand in the file; the rest is for
    reading.
    """

    section: str
    key: str
    by: str = ""
    said: str = ""
    note: str = ""


class SplitDecision(NamedTuple):
    """What a person decided of one thing: the labels it goes to, or why it is dropped.

    `line` is where that stands.
    """

    section: str
    key: str
    by: str
    to: tuple[str, ...]
    drop: str
    line: int


@dataclass(frozen=True)
class Split:
    """A file as a person filled it in."""

    label: str
    level: str
    assigned: tuple[SplitDecision, ...]


def dumps(level: Level, label: str, typed: str, parts: tuple[SplitItem, ...]) -> str:
    """The file with nothing decided yet."""
    what = "code" if level == "initial" else "focused code"
    text = (
        f"# Splitting the {what} {yamltext.quoted(label)}.\n"
        "# Below each `to: |` write the label that this goes to; "
        "the old label keeps it where it is.\n"
        "# `drop: reason` instead takes it out. "
        "`holds` and `places` may go to several labels, one a line.\n"
        f'# When all is said: gtpipe codes split {in_shell(typed)} --why "…"\n\n'
        f"split: {yamltext.field_value(label, '  ')}\nlevel: {level}\n"
    )
    for section, fields in FIELDS.items():
        found = [part for part in parts if part.section == section]
        if found:
            text += f"\n{section}:\n" + "\n".join(_entry(fields[0], part) for part in found)
    return text


def _entry(key: str, part: SplitItem) -> str:
    said = f"  said: {yamltext.literal(part.said, '    ')}\n" if part.said else ""
    named = entry_edits.block([(key, part.key), ("by", part.by)])
    return named + said + entry_edits.fields([("note", part.note)]) + "  to: |\n"


def add(text: str, path: str, parts: tuple[SplitItem, ...]) -> str:
    """`text` of a file with `parts` that it lacked under their sections.

    What a person wrote stands as it was.
    """
    for section, fields in FIELDS.items():
        new = [part for part in parts if part.section == section]
        if new:
            block = "\n".join(_entry(fields[0], part) for part in new)
            text = entry_edits.append_in(text, path, section, block, PARTS)
    return text if text.endswith("\n") else text + "\n"


def listed(text: str, path: str) -> list[SplitItem]:
    """The things that a file lists, decided or not. Raises UserError where it is not YAML."""
    return [
        SplitItem(section.name, entry.value(FIELDS[section.name][0]), entry.value("by"))
        for section in Document(text, path).sections
        if section.name in FIELDS
        for entry in section.entries
    ]


def loads(text: str, path: str) -> Split:
    """What a person decided. Raises UserError with everything that is wrong or still open."""
    problems: list[Problem] = []
    node = yamltext.parse(text, path)
    parts = yamltext.fields(node, PARTS, path, "this file", problems) if node is not None else {}
    assigned: list[SplitDecision] = []
    for section, known in FIELDS.items():
        for item in yamltext.items(parts[section][1]) if section in parts else ():
            assigned.append(_assigned(item, section, known, text, path, problems))
    if problems:
        raise UserError(*problems)
    return Split(
        yamltext.text_of(parts.get("split"), path, []),
        yamltext.text_of(parts.get("level"), path, []),
        tuple(assigned),
    )


def _assigned(
    item: yamltext.Node,
    section: str,
    known: tuple[str, ...],
    text: str,
    path: str,
    problems: list[Problem],
) -> SplitDecision:
    fields = yamltext.fields(item, known, path, "an entry here", problems)
    key = yamltext.text_of(fields.get(known[0]), path, problems)
    value = fields["to"][1] if "to" in fields else None
    if isinstance(value, Scalar) and value.style is None and value.value:
        to: tuple[str, ...] = (value.value.strip(),)
    else:
        to = tuple(
            line.strip()
            for _, line in yamltext.block_lines(fields.get("to"), text, path, problems)
            if line.strip()
        )
    drop = yamltext.text_of(fields.get("drop"), path, problems)
    line = (
        item.line if not isinstance(item, Mapping) or "to" not in fields else fields["to"][0].line
    )
    if not to and not drop:
        problems.append(
            error(
                path,
                line,
                f"nothing is said of {key or 'this entry'}" + (" yet" if key else ""),
                "Write a label under `to: |`, or `drop: reason`",
            )
        )
    elif to and drop:
        problems.append(
            error(path, line, f"{key} goes to a code and is dropped", "Keep one of the two")
        )
    elif section == "applications" and len(to) > 1:
        problems.append(
            error(
                path,
                line,
                f"{key} goes to {len(to)} labels",
                "An application goes to one; code the others by hand",
            )
        )
    return SplitDecision(
        section, key, yamltext.text_of(fields.get("by"), path, problems), to, drop, line
    )
