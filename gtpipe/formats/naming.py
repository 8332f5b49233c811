"""Labels and incidents as people name them: one a line in a block, or behind a field.

Used by focused codes, theory, memos, comments and sampling, and for what is typed at a command.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TypeVar

from gtpipe.model import anchor
from gtpipe.model.level import split_level
from gtpipe.model.problems import Problem, error
from gtpipe.model.records import Code, FocusedCode, Incident, Named, Where
from gtpipe.text import yamltext
from gtpipe.text.yamltext import Pair

LINEAGE = ("was", "merged-from", "split-from")

Entry = TypeVar("Entry", Code, FocusedCode)


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


def current_labels(entries: Mapping[str, Entry]) -> dict[str, str]:
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
    found = anchor.parse(typed, where)
    if found is None:
        problems.append(
            error(
                *where,
                f"`{typed}` names no incident",
                'Write it as `jim 2` or `jim 2 "words of the turn"`',
            )
        )
    return found
