"""Lines that name something: labels and incidents, one a line in a block, in focused codes, theory
and memos.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import TypedDict, TypeVar

from gtpipe.model.problems import Problem, error
from gtpipe.model.records import Code, FocusedCode, Incident, Named, Where, split_level
from gtpipe.text import yamltext
from gtpipe.text.yamltext import Node, Pair, Sequence

_INCIDENT = re.compile(r"(?P<interview>\S+)\s+(?P<turn>\S+)(?:\s+[\"“](?P<words>.*\S.*)[\"”])?")

LINEAGE = ("was", "merged-from", "split-from")

Entry = TypeVar("Entry", Code, FocusedCode)


def labelled(
    text: str,
    path: str,
    what: str,
    begins: str,
    read: Callable[[Node, str, list[Problem]], Entry | None],
) -> tuple[dict[str, Entry], list[Problem]]:
    """The entries of a file that is a list of them, by label and in its order; a label that stands
    twice is an error.

    `what` is one entry in words, `begins` its first line, `read` makes the record. Raises UserError
    where it is not YAML.
    """
    node = yamltext.parse(text, path)
    problems: list[Problem] = []
    found: dict[str, Entry] = {}
    if node is not None and not isinstance(node, Sequence):
        problems.append(
            error(
                path, node.line, f"this file is a list of {what}s", f"Each begins with `{begins}`"
            )
        )
    for item in node.items if isinstance(node, Sequence) else ():
        entry: Entry | None = read(item, text, problems)
        if entry is not None and entry.label in found:
            problems.append(
                error(
                    path,
                    entry.where.line,
                    f'the {what} "{entry.label}" stands twice',
                    f"The first is at line {found[entry.label].where.line}; keep one",
                )
            )
        elif entry is not None:
            found[entry.label] = entry
    return found, problems


class Lineage(TypedDict):
    """What an entry says of its past, and why it is `parked` (None where it is not)."""

    was: tuple[str, ...]
    merged_from: tuple[str, ...]
    split_from: tuple[str, ...]
    parked: str | None


def lineage(fields: dict[str, Pair], text: str, path: str, problems: list[Problem]) -> Lineage:
    """The fields `was`, `merged-from`, `split-from` and `parked` of an entry."""

    def past(name: str) -> tuple[str, ...]:
        lines = yamltext.block_lines(fields.get(name), text, path, problems)
        return tuple(line.strip() for _, line in lines if line)

    parked = yamltext.text_of(fields.get("parked"), path, problems) if "parked" in fields else None
    return Lineage(
        was=past("was"),
        merged_from=past("merged-from"),
        split_from=past("split-from"),
        parked=parked,
    )


def _led_here(entry: Code | FocusedCode) -> tuple[str, ...]:
    """The old labels that lead to an entry."""
    return entry.was + entry.merged_from


def clashes(entries: dict[str, Entry], path: str) -> list[Problem]:
    """Old labels that two entries lay claim to."""
    led: dict[str, Entry] = {}
    problems = []
    for entry in entries.values():
        for old in _led_here(entry):
            if old in led and led[old].label != entry.label:
                problems.append(
                    error(
                        path,
                        entry.where.line,
                        f'"{old}" was "{led[old].label}" (line {led[old].where.line}) '
                        f'and "{entry.label}"',
                        "An old label leads to one code: remove it from one `was` or `merged-from`",
                    )
                )
            led[old] = entry
    return problems


def current_labels(entries: dict[str, Entry]) -> dict[str, str]:
    """Old label → the label it counts under now.

    A label that has an entry of its own leads nowhere else.
    """
    lead = {
        old: entry.label
        for entry in entries.values()
        for old in _led_here(entry)
        if old not in entries
    }
    return {old: label for old, label in lead.items() if old != label}


def labels(pair: Pair | None, text: str, path: str, problems: list[Problem]) -> tuple[Named, ...]:
    """The labels in a block."""
    return tuple(
        named_as(line.strip(), Where(path, number))
        for number, line in yamltext.block_lines(pair, text, path, problems)
        if line.strip()
    )


def label(pair: Pair | None, path: str, problems: list[Problem]) -> Named | None:
    """The label behind `field: `, None where it is missing or empty."""
    typed = yamltext.text_of(pair, path, problems)
    return named_as(typed, Where(path, pair[0].line)) if pair and typed else None


def named_as(typed: str, where: Where) -> Named:
    """What `typed` names, a level in front taken apart."""
    level, label = split_level(typed)
    return Named(label, where, level)


def interview(pair: Pair | None, path: str, problems: list[Problem]) -> Named | None:
    """The interview named behind `field: `, None where it is missing or empty; it has no level."""
    name = yamltext.text_of(pair, path, problems)
    return Named(name, Where(path, pair[0].line)) if pair and name else None


def incidents(
    pair: Pair | None, text: str, path: str, problems: list[Problem]
) -> tuple[Incident, ...]:
    """The incidents in a block; a line that is none is an error."""
    found = (
        incident(line.strip(), Where(path, number), problems)
        for number, line in yamltext.block_lines(pair, text, path, problems)
        if line.strip()
    )
    return tuple(one for one in found if one is not None)


def incident(typed: str, where: Where, problems: list[Problem]) -> Incident | None:
    """The incident named by `typed`: an interview, a turn, and a stretch in quotation marks where
    one is meant.
    """
    match = _INCIDENT.fullmatch(typed)
    if match is None:
        problems.append(
            error(
                *where,
                f"`{typed}` names no incident",
                'Write it as `jim 2` or `jim 2 "words of the turn"`',
            )
        )
        return None
    return Incident(match["interview"], match["turn"], match["words"], where)
