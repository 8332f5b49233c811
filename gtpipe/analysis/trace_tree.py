"""What a trace is: a tree of nodes, each with its link to the node it hangs on, and the facts of
files that the links rest on. It is grown in `trace`, shown by `render.trace`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import NamedTuple

from gtpipe.model.level import CATEGORY, FOCUSED, INITIAL, RELATION

KINDS = {
    INITIAL: "initial code",
    FOCUSED: "focused code",
    CATEGORY: "category",
    RELATION: "relation",
}
INCIDENT, MEMO, COMMENT, LOOK, LABEL, REASON, PROPERTY, OPEN = (
    "incident",
    "memo",
    "comment",
    "look for negative cases",
    "label",
    "reason",
    "property",
    "open position",
)
BY_HAND = "change by hand"
APPLIED, UP, DOWN, SAID, ABOUT = (
    "applied at",
    "up to the theory",
    "down to the words",
    "memos and comments",
    "what it is about",
)


class Fact(NamedTuple):
    """A link as it stands in a file: `("data/focused-codes.yaml", "takes-up", ("easy beginnings",
    "meeting around the ward"))`.
    """

    path: str
    kind: str
    names: tuple[str, ...]


class Made(NamedTuple):
    """The making of a link, as far as the files say: by whom, why, when; `fact` is what a log or
    git may know more of.
    """

    fact: Fact | None
    by: str = ""
    why: str = ""
    when: str = ""


@dataclass(frozen=True)
class Part:
    """Nodes that belong together, under a title where they have one."""

    title: str
    nodes: tuple[Node, ...]


@dataclass(frozen=True)
class Node:
    """A code, theme, incident, memo, … and its `link` to the node it hangs on. `said` is (name,
    text), `words` what was said.

    A link may be `made` several times: each coder gives a code for themselves.
    """

    kind: str
    name: str
    link: str = ""
    said: tuple[tuple[str, str], ...] = ()
    words: str = ""
    made: tuple[Made, ...] = ()
    parts: tuple[Part, ...] = ()


def with_changes(tree: Node, changes: Iterable[tuple[str, Fact]]) -> Node:
    """The tree with what was done to its root by hand, in words, behind what its entry says of its
    past."""
    nodes = tuple(Node(BY_HAND, text, "by hand", made=(Made(fact),)) for text, fact in changes)
    if not nodes:
        return tree
    past = tree.parts[0].nodes if tree.parts and not tree.parts[0].title else ()
    return replace(tree, parts=(Part("", (*past, *nodes)), *tree.parts[bool(past) :]))


def facts(node: Node) -> list[Fact]:
    """Every fact that the links of a tree rest on, each once."""
    return list(
        dict.fromkeys(made.fact for one in _all(node) for made in one.made if made.fact is not None)
    )


def _all(node: Node) -> Iterator[Node]:
    yield node
    for part in node.parts:
        for child in part.nodes:
            yield from _all(child)
