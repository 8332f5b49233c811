"""What `gtpipe trace` shows: a tree in the terminal, nested objects or rows for programs."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from gtpipe.analysis.trace_tree import (
    APPLIED,
    BY_HAND,
    COMMENT,
    INCIDENT,
    KINDS,
    LABEL,
    LOOK,
    MEMO,
    OPEN,
    REASON,
    Node,
)
from gtpipe.history import origins
from gtpipe.history.origins import History, Origin
from gtpipe.model.level import CATEGORY, FOCUSED
from gtpipe.render.tables import Row
from gtpipe.render.terminal import clean, console, out

HEADER = ("from", "link", "to", "when", "by", "why")
# Kinds whose names are told as they are, and those whose link stands in front of a colon.
_UNQUOTED = (INCIDENT, MEMO, REASON, LOOK, BY_HAND, OPEN)
_AFTER_A_COLON = (INCIDENT, REASON, LOOK, BY_HAND, OPEN)
_OLD_AND_NEW = ("was", "took in", "split from", "split into")
_LEVELS = {KINDS[level]: level for level in (FOCUSED, CATEGORY)}  # called as the approach does
_PLAIN = ("definition", "title", "comment")  # what these are can be seen without their name


def nested(node: Node, history: History) -> dict[str, object]:
    """A node and what hangs on it, for programs."""
    data: dict[str, object] = {"link": node.link} if node.link else {}
    data |= {"kind": node.kind, "name": node.name}
    if node.made:
        data["made"] = [history.of(made)._asdict() for made in node.made]
    data |= dict(node.said)
    if node.words:
        data["words"] = node.words
    children = [nested(child, history) for part in node.parts for child in part.nodes]
    return {**data, "children": children} if children else data


def rows(node: Node, history: History) -> Iterator[Row]:
    """A row for each link, and for each time it was made."""
    for part in node.parts:
        for child in part.nodes:
            for origin in [history.of(made) for made in child.made] or [Origin("", "", "", "")]:
                yield (node.name, child.link, child.name, origin.when, origin.by, origin.why)
            yield from rows(child, history)


class Line(NamedTuple):
    """A line of the tree: the branches before it, those before
    its continuation, its text and style.
    """

    prefix: str
    rest: str
    text: str
    style: str


def show(tree: Node, history: History) -> None:
    lines = _lines(tree, history, "", "")
    if sys.stdout.isatty():
        _show_wrapped(lines)
        return
    for line in lines:
        out(f"{line.prefix}{line.text}".rstrip())


def _show_wrapped(lines: Iterator[Line]) -> None:
    """On a terminal a long line is wrapped, and the branches beside it go on."""
    from rich.text import Text

    screen = console()
    for line in lines:
        width = max(20, screen.width - len(line.rest))
        for number, part in enumerate(Text(clean(line.text)).wrap(screen, width) or [Text("")]):
            part.rstrip()
            branches = (line.rest if number else line.prefix, "dim")
            screen.print(Text.assemble(branches, (part.plain, line.style)), soft_wrap=True)


def _lines(node: Node, history: History, first: str, below: str) -> Iterator[Line]:
    """The lines of a node and what hangs on it; `first` stands
    before its own line, `below` before the others.
    """
    yield Line(first, below, _title(node, history), "" if node.link else "bold")
    parts = [part for part in node.parts if part.nodes]
    inside = below + ("│ " if parts else "  ") + "  "
    for name, text in node.said:
        for number, line in enumerate(text.split("\n")):
            head = "" if number or name in _PLAIN else f"{name}: "
            yield Line(inside, f"{inside}  ", head + line, "dim")
    # Words that are a stretch of the turn stand in quotes; without, they are the whole turn.
    words = f'"{node.words}"' if node.words and node.name.endswith('"') else node.words
    for line in words.split("\n") if words else ():
        yield Line(inside, inside, line, "italic")
    for number, part in enumerate(parts):
        is_last = number == len(parts) - 1
        if not part.title:
            yield from _branches(part.nodes, history, below, is_last)
            continue
        here, under = (f"{below}└─ ", f"{below}   ") if is_last else (f"{below}├─ ", f"{below}│  ")
        yield Line(here, under, part.title, "bold")
        yield from _branches(part.nodes, history, under, True)


def _branches(
    nodes: Sequence[Node], history: History, below: str, in_last_part: bool
) -> Iterator[Line]:
    for number, child in enumerate(nodes):
        is_last = in_last_part and number == len(nodes) - 1
        yield from _lines(
            child,
            history,
            below + ("└─ " if is_last else "├─ "),
            below + ("   " if is_last else "│  "),
        )


def _title(node: Node, history: History) -> str:
    """A node in one line: its link, its name, and when the link was made, by whom and why."""
    if not node.link:
        level = _LEVELS.get(node.kind)
        return f"{node.name} ({level.noun if level else node.kind})"
    made = [history.of(made) for made in node.made]
    if node.kind == LABEL and node.link in _OLD_AND_NEW:
        return _old_or_new_label(node, made[0])
    said = {node.name, *(text for _, text in node.said)}
    told = "; ".join(text for origin in made if (text := _origin(origin, said)))
    return _link_and_name(node) + (f" ({told})" if told else "")


def _old_or_new_label(node: Node, origin: Origin) -> str:
    dated = f" {'until' if node.link == 'was' else 'on'} {origin.when}" if origin.when else ""
    told = _origin(origin._replace(when=""), set())
    return f'{node.link} "{node.name}"{dated}' + (f" ({told})" if told else "")


def _link_and_name(node: Node) -> str:
    name = node.name if node.kind in _UNQUOTED else f'"{node.name}"'
    if node.kind == INCIDENT and node.words:
        name = name.partition(' "')[0]  # the words stand below
    if node.kind == COMMENT:
        return "comment"
    if node.link == APPLIED:
        return name
    return f"{node.link}: {name}" if node.kind in _AFTER_A_COLON else f"{node.link} {name}"


def _origin(origin: Origin, said: set[str]) -> str:
    """`2026-03-21, PM: why`; of a commit, its subject."""
    why = "" if origin.why in said else origin.why
    parts = [part for part in (origin.when, origin.by) if part]
    if origin.source == origins.COMMITTED and why:
        return ", ".join([*parts, f'commit "{why}"'])
    if origin.source == origins.UNCOMMITTED:
        parts.append(origins.UNCOMMITTED)
    return ", ".join(parts) + (f": {why}" if why and parts else why)
