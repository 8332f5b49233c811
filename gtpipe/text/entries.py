"""The pieces of a file of turns or entries: what each says, and the lines it stands in.

    Section → Entry → Field → Block → Line

Every piece knows its text and its `lead`, the comments and blank lines that stand above it, so that
all pieces put together are the file again. `text.document` reads and edits the file as a whole.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

from gtpipe.text.yamltext import Node, Scalar

# The field that says what an entry is → the fields that name it. The first one found counts.
NAMES = {
    "principle": ("principle",),
    "session": ("session", "asked"),
    "source": ("source",),
    "item": ("item",),
    "group": ("group",),
    "turn": ("turn",),
    "turns": ("turns",),
    "code": ("code",),
    "category": ("category",),
    "from": ("from", "kind", "to"),
    "looked-for": ("looked-for", "by", "date"),
    "incident": ("incident", "contradicts"),
    "interview": ("interview", "by"),
    "focused": ("focused",),
    "about": ("about", "by", "comment", "put-to"),
    "seeks": ("seeks", "by-way-of", "who", "by", "date"),
    "who": ("who", "by", "date"),
    "shape": ("shape",),
    "approved": ("approved",),
    "amendment": ("amendment", "what"),
    "consent": ("consent", "date"),
    "destroy": ("destroy",),
}


class NotByLinesError(ValueError):
    """This is not written line by line."""


class Key(NamedTuple):
    """What an entry is known by: its kind, what its naming fields say, its number among equals."""

    kind: str
    name: tuple[str, ...]
    number: int = 0


class Line(NamedTuple):
    """A line of a block, and the deeper lines below it, all without the block's indentation."""

    head: str
    rest: tuple[str, ...]

    @property
    def says(self) -> str:
        return self.head.rstrip()


class Block(NamedTuple):
    """A field that is a list: its first line in the file, blank lines below that, and its lines."""

    head: str
    preface: str
    indent: int
    lines: tuple[Line, ...]


@dataclass(frozen=True)
class Field:
    """A field of an entry: its name and value as they were read, and the whole lines they stand in.

    The first field of an entry begins with its `- `; `column` is that of the name.
    """

    key: Scalar
    node: Node
    column: int
    lead: str = ""
    text: str = ""

    @property
    def name(self) -> str:
        return self.key.value

    @property
    def value(self) -> str:
        """The field's text, trimmed; '' for a list or mapping."""
        return self.node.value.strip() if isinstance(self.node, Scalar) else ""

    @property
    def style(self) -> str | None:
        return self.node.style if isinstance(self.node, Scalar) else None

    @cached_property
    def block(self) -> Block | None:
        """The lines of a list, None for any other value.

        Raises NotByLinesError where a note stands above them all.
        """
        is_list = self.style == "|" or (not self.value and self.style is None)
        return _block(self) if is_list else None


@dataclass(frozen=True)
class Entry:
    """A turn of a sheet, or an entry of a book.

    `whole` is its text where it has no line a field.
    """

    key: Key
    node: Node
    fields: tuple[Field, ...]
    lead: str = ""
    whole: str | None = None

    @property
    def line(self) -> int:
        return self.node.line

    @property
    def column(self) -> int:
        """The column of its fields; of what has none, the margin."""
        return self.fields[0].column if self.fields else 0

    @cached_property
    def body(self) -> str:
        if self.whole is not None:
            return self.whole
        return "".join(field.lead + field.text for field in self.fields)

    def get(self, name: str) -> Field | None:
        return next((field for field in self.fields if field.name == name), None)

    def value(self, name: str) -> str:
        """The text of a field, trimmed; '' where it is missing."""
        field = self.get(name)
        return field.value if field else ""

    def listed(self, name: str) -> tuple[str, ...]:
        """The lines of one of its lists."""
        field = self.get(name)
        return tuple(line.says for line in field.block.lines) if field and field.block else ()


@dataclass(frozen=True)
class Section:
    """A list of entries: a whole file, or one part of it with its line, such as `categories:`."""

    key: Scalar | None  # its name; a file that is one list of entries has none
    node: Node | None
    entries: tuple[Entry, ...]
    lead: str = ""
    header: str = ""
    whole: str | None = None

    @property
    def name(self) -> str:
        return self.key.value if self.key else ""

    @property
    def line(self) -> int:
        return self.key.line if self.key else 1

    @cached_property
    def body(self) -> str:
        if self.whole is not None:
            return self.whole
        return self.header + "".join(entry.lead + entry.body for entry in self.entries)


class Pieces(NamedTuple):
    """A whole file. `whole` is its text where a section shares its lines with another."""

    sections: tuple[Section, ...]
    tail: str = ""
    whole: str | None = None


def _block(field: Field) -> Block:
    head, *content = field.text.removesuffix("\n").split("\n")
    filled = [line for line in content if line.strip()]
    explicit = re.search(r":[ \t]+\|[+-]?([1-9])", head)
    indent = (
        field.column + int(explicit[1])
        if explicit
        else min((len(line) - len(line.lstrip(" ")) for line in filled), default=field.column + 2)
    )
    lines: list[tuple[str, list[str]]] = []
    preface: list[str] = []
    for line in content:
        bare = line[indent:] if line[:indent].strip(" ") == "" else line.lstrip(" ")
        if bare.strip() and not bare[0].isspace():
            lines.append((bare, []))
        elif lines:
            lines[-1][1].append(bare)
        elif bare.strip():
            raise NotByLinesError
        else:
            preface.append(line + "\n")
    units = tuple(Line(first, tuple(rest)) for first, rest in lines)
    return Block(head + "\n", "".join(preface), indent, units)
