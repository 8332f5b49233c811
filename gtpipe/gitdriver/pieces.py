"""A YAML file of a study taken apart by turn, entry, field and line, so that its pieces put
together are its text again.

Used to show a file in git's diff (`textconv`) and to merge two versions of it (`merging`). What
stands between pieces, comments and blank lines, is the `lead` of the piece below it. What is not
laid out line by line is not taken apart.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import Counter
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

from gtpipe.formats import theory
from gtpipe.model.records import one_line
from gtpipe.text import yamltext
from gtpipe.text.yamltext import Mapping, Node, Scalar, Sequence

# The field that says what an entry is → the fields that name it. The first one found counts.
NAMES = {
    "turn": ("turn",),
    "code": ("code",),
    "category": ("category",),
    "from": ("from", "kind", "to"),
    "looked-for": ("looked-for", "by", "date"),
    "incident": ("incident", "contradicts"),
    "interview": ("interview", "by"),
    "focused": ("focused",),
    "about": ("about", "by", "comment"),
    "who": ("who", "by", "date"),
}
# Blocks that hold one thing a line; what stands deeper belongs to the line above it.
LISTS = frozenset(
    (
        "codes",
        "focused",
        "takes-up",
        "incidents",
        "does-not-fit",
        "was",
        "merged-from",
        "split-from",
        "support",
        "contradict",
        "modified",
        "for",
    )
)

_BLOCK = re.compile(r"[|>][+-]?([1-9])?")


class NotInPieces(ValueError):
    """This file is no list of turns or entries written line by line."""


class Key(NamedTuple):
    """What an entry is known by: its kind, the fields that name it, and which one of equals it is."""

    kind: str
    name: tuple[str, ...]
    number: int = 0


class Unit(NamedTuple):
    """A line of a block without its indentation, and the deeper lines below it, less the same
    indentation.
    """

    head: str
    rest: tuple[str, ...]

    @property
    def says(self) -> str:
        return self.head.rstrip()


class Block(NamedTuple):
    """The value of a field that is a list: its first line in the file, blank lines, and its units."""

    head: str
    preface: str
    indent: int
    units: tuple[Unit, ...]


@dataclass(frozen=True)
class Field:
    """A field of an entry: whole lines, the first one with its indentation and, in the first field,
    the `- `.
    """

    name: str
    lead: str
    text: str
    value: str
    line: int
    column: int
    style: str | None

    @cached_property
    def block(self) -> Block | None:
        """The lines of a list, None for any other value."""
        return (
            _block(self) if self.style == "|" or (not self.value and self.style is None) else None
        )


@dataclass(frozen=True)
class Entry:
    """A turn of a sheet, or an entry of a book."""

    key: Key
    lead: str
    fields: tuple[Field, ...]
    line: int

    @cached_property
    def body(self) -> str:
        return "".join(field.lead + field.text for field in self.fields)

    def get(self, name: str) -> Field | None:
        return next((field for field in self.fields if field.name == name), None)

    def listed(self, name: str) -> tuple[str, ...]:
        """The lines of one of its lists."""
        field = self.get(name)
        return tuple(unit.says for unit in field.block.units) if field and field.block else ()


@dataclass(frozen=True)
class Part:
    """A list of entries: a whole file, or one part of the theory with its line `categories:`."""

    name: str
    lead: str
    header: str
    entries: tuple[Entry, ...]

    @cached_property
    def body(self) -> str:
        return self.header + "".join(entry.lead + entry.body for entry in self.entries)


@dataclass(frozen=True)
class Pieces:
    parts: tuple[Part, ...]
    tail: str

    @property
    def text(self) -> str:
        return "".join(part.lead + part.body for part in self.parts) + self.tail


def take_apart(text: str) -> Pieces:
    """`text`, which ends with a line feed or is empty, in pieces.

    Raises NotInPieces where it is laid out in another way, UserError where it is not YAML.
    """
    node = yamltext.parse(text, "")
    if node is None:
        return Pieces((Part("", text, "", ()),), "")
    pieces = _Cut(text).file(node)
    if pieces.text != text:
        raise NotInPieces
    return pieces


class _Cut:
    def __init__(self, text: str) -> None:
        self.text = text
        self.lines = text.split("\n")
        self.starts = [0]
        for line in self.lines:
            self.starts.append(self.starts[-1] + len(line) + 1)
        self.done = 1  # the first line that is in no piece yet

    def line(self, offset: int) -> int:
        return bisect_right(self.starts, offset)

    def slice(self, first: int, last: int) -> str:
        """Lines `first` to `last`, both included, with their ends."""
        return self.text[self.starts[first - 1] : self.starts[last]]

    def lead(self, line: int) -> str:
        """What stands between the last piece and `line`."""
        if line < self.done:
            raise NotInPieces
        return self.slice(self.done, line - 1)

    def file(self, node: Node) -> Pieces:
        if isinstance(node, Sequence):
            parts = [self.part("", None, node)]
        elif isinstance(node, Mapping) and all(key.value in theory.PARTS for key, _ in node.pairs):
            parts = [self.part(key.value, key, value) for key, value in node.pairs]
        else:
            raise NotInPieces
        if len({part.name for part in parts}) < len(parts):
            raise NotInPieces
        return Pieces(tuple(parts), self.slice(self.done, len(self.lines)))

    def part(self, name: str, key: Scalar | None, node: Node) -> Part:
        lead = header = ""
        if key is not None:
            line, _ = self.place(key.start, "")
            lead, header = self.lead(line), self.slice(line, line)
            self.done = line + 1
        if isinstance(node, Scalar) and not node.value and node.style is None:
            return Part(name, lead, header, ())
        if not isinstance(node, Sequence) or node.flow:
            raise NotInPieces
        entries: list[Entry] = []
        seen: Counter[Key] = Counter()
        for item in node.items:
            entry = self.entry(item, seen)
            if (
                key is None and not entries
            ):  # what stands above the first entry of a file is the file's
                lead, entry = entry.lead, Entry(entry.key, "", entry.fields, entry.line)
            entries.append(entry)
        return Part(name, lead, header, tuple(entries))

    def entry(self, item: Node, seen: Counter[Key]) -> Entry:
        if not isinstance(item, Mapping) or self.text[item.start] == "{" or not item.pairs:
            raise NotInPieces
        line, _ = self.place(item.start, "-")
        lead = self.lead(line)
        self.done = line
        fields = tuple(
            self.field(key, value, "-" if number == 0 else "")
            for number, (key, value) in enumerate(item.pairs)
        )
        names = {field.name for field in fields}
        kind = next((kind for kind in NAMES if kind in names), None)
        if kind is None or len(names) < len(fields) or len({field.column for field in fields}) > 1:
            raise NotInPieces
        said = {field.name: one_line(field.value) for field in fields}
        key = Key(kind, tuple(said.get(name, "") for name in NAMES[kind]))
        seen[key] += 1
        return Entry(key._replace(number=seen[key] - 1), lead, fields, line)

    def field(self, key: Scalar, value: Node, before: str) -> Field:
        if not isinstance(value, Scalar):
            raise NotInPieces
        line, column = self.place(key.start, before)
        lead = self.lead(line)
        if value.style in ("|", ">"):
            last = self.last_of_block(value, line, column)
        elif not value.value and value.style is None:
            last = line
        else:
            last = self.line(value.end - 1)
        self.done = last + 1
        return Field(
            key.value, lead, self.slice(line, last), value.value.strip(), line, column, value.style
        )

    def place(self, offset: int, before: str) -> tuple[int, int]:
        """Line and column of `offset`, in front of which stand only spaces and `before`."""
        line = self.line(offset)
        start = self.starts[line - 1]
        if self.text[start:offset].strip(" ") != before:
            raise NotInPieces
        return line, offset - start

    def last_of_block(self, value: Scalar, line: int, column: int) -> int:
        """The last line, not blank, of a block whose field's name stands at `column`."""
        explicit = _BLOCK.match(self.text, value.start)
        indent = column + int(explicit[1]) if explicit and explicit[1] else 0
        last = line
        for number in range(line + 1, len(self.lines) + 1):
            content = self.lines[number - 1].lstrip(" ")
            if not content.strip():
                continue
            deep = len(self.lines[number - 1]) - len(content)
            if deep <= column or deep < indent:
                break
            indent = indent or deep
            last = number
        return last


def _block(field: Field) -> Block:
    lines = field.text.split("\n")[:-1]
    content = lines[1:]
    filled = [line for line in content if line.strip()]
    explicit = re.search(r":[ \t]+\|[+-]?([1-9])", lines[0])
    indent = (
        field.column + int(explicit[1])
        if explicit
        else min((len(line) - len(line.lstrip(" ")) for line in filled), default=field.column + 2)
    )
    units: list[tuple[str, list[str]]] = []
    preface: list[str] = []
    for line in content:
        bare = line[indent:] if line[:indent].strip(" ") == "" else line.lstrip(" ")
        if bare.strip() and not bare[0].isspace():
            units.append((bare, []))
        elif units:
            units[-1][1].append(bare)
        elif bare.strip():
            raise NotInPieces
        else:
            preface.append(line + "\n")
    return Block(
        lines[0] + "\n",
        "".join(preface),
        indent,
        tuple(Unit(head, tuple(rest)) for head, rest in units),
    )
