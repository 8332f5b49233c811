"""A YAML file of turns or entries that loses nothing: read from text, edited, printed back byte for
byte.

    Document → Section → Entry → Field → Block → Line

Every piece knows its text and its `lead`, the comments and blank lines that stand above it, so that
all pieces put together are the file again (`printed`). What is not laid out line by line, such as
an entry in braces, stands `whole` in the piece it belongs to. `entry_edits` and the formats edit a
document by its lines; git's diff and merge (`gitdriver`) take its pieces.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

from gtpipe.model.records import one_line
from gtpipe.text import yamltext
from gtpipe.text.yamltext import Mapping, Node, Pair, Scalar, Sequence

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

_BLOCK = re.compile(r"[|>][+-]?([1-9])?")


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


class Document:
    """A file as it was read, and its lines, which may be edited.

    Line numbers count from 1 and, like offsets, are those of the text that was read: an edit that
    moves lines is the last one, or goes from the end of the file to its beginning. Raises UserError
    where its pieces are asked for and the text is not YAML.
    """

    def __init__(self, text: str, path: str = "") -> None:
        self.path = path
        self.source = text
        self.lines = text.removesuffix("\n").split("\n") if text else []
        self.newline = "\r\n" if "\r\n" in text else "\n"
        self._end = "\n" if not text or text.endswith("\n") else ""

    # --- what was read ---

    @cached_property
    def node(self) -> Node | None:
        return yamltext.parse(self.source, self.path)

    @cached_property
    def _pieces(self) -> _Pieces:
        return _Reader(Document(self.source)).document(self.node)

    @property
    def sections(self) -> tuple[Section, ...]:
        return self._pieces.sections

    @property
    def tail(self) -> str:
        """What stands behind the last entry."""
        return self._pieces.tail

    @property
    def entries(self) -> tuple[Entry, ...]:
        """The entries of all sections, in the order of the file."""
        return tuple(entry for section in self.sections for entry in section.entries)

    def section(self, name: str) -> Section | None:
        return next((section for section in self.sections if section.name == name), None)

    def entry(self, field: str, value: str) -> Entry | None:
        """The first entry that has `value` in `field`."""
        return next((entry for entry in self.entries if entry.value(field) == value), None)

    @property
    def is_laid_out_by_lines(self) -> bool:
        """Whether every section, entry and field has lines of its own."""
        return (
            self._pieces.whole is None
            and all(section.whole is None for section in self.sections)
            and all(entry.whole is None for entry in self.entries)
        )

    @property
    def printed(self) -> str:
        """All pieces put together: the text that was read."""
        if self._pieces.whole is not None:
            return self._pieces.whole
        return "".join(section.lead + section.body for section in self.sections) + self.tail

    # --- its lines ---

    @property
    def text(self) -> str:
        """The text with its edits."""
        return "\n".join(self.lines) + (self._end if self.lines else "")

    def column(self, offset: int) -> int:
        return offset - (self.source.rfind("\n", 0, offset) + 1)

    def indent(self, line: int) -> int:
        text = self.lines[line - 1]
        return len(text) - len(text.lstrip(" "))

    def is_blank(self, line: int) -> bool:
        return not self.lines[line - 1].strip()

    def filled(self, line: int) -> Iterator[int]:
        """The lines below `line` that are not blank."""
        return (n for n in range(line + 1, len(self.lines) + 1) if not self.is_blank(n))

    def end_of(self, line: int) -> int:
        """The offset of the end of `line`, before its line end."""
        end = sum(len(other) + 1 for other in self.lines[:line]) - 1
        return end - self.lines[line - 1].endswith("\r")

    def block(self, field: Field) -> tuple[int, int]:
        """The last line, not blank, of a block (its `|` line if it is empty); its indentation."""
        explicit = _BLOCK.match(self.source, field.node.start)
        indent = field.column + int(explicit[1]) if explicit and explicit[1] else 0
        last = field.node.line
        for line in self.filled(last):
            if self.indent(line) <= field.column or self.indent(line) < indent:
                break
            indent = indent or self.indent(line)
            last = line
        return last, indent or field.column + 2

    def end_of_entry(self, entry: Entry) -> int:
        """The last line, not blank, of an entry, with what stands below it as deep as a field."""
        return self._end_below(entry.line, entry.column)

    def end_of_field(self, field: Field) -> int:
        """The last line, not blank, of a field, with what stands below it set in deeper."""
        return self._end_below(field.key.line, field.column + 1)

    def _end_below(self, line: int, column: int) -> int:
        last = line
        for other in self.filled(line):
            if self.indent(other) < column:
                break
            last = other
        return last

    def end_of_notes(self, line: int) -> int:
        """The last line of the notes below a code's line in a sheet; that line if it has none."""
        last, indent = line, self.indent(line)
        for other in self.filled(line):
            text = self.lines[other - 1]
            if text[:indent].strip(" ") or not text[indent : indent + 1].isspace():
                break
            last = other
        return last

    # --- edits ---

    def insert(self, after: int, added: list[str]) -> None:
        """`added` lines below line `after`, with the file's line end."""
        carriage = self.newline.removesuffix("\n")
        new = [line + carriage for line in added]
        if not self._end and after == len(self.lines) and new:
            self.lines[-1] += carriage
            new[-1] = new[-1].removesuffix(carriage)
        self.lines[after:after] = new

    def insert_entry(self, after: int, behind: bool, block: str, column: int) -> None:
        """An entry below line `after`, a blank line between it and its neighbour.

        `block` holds its lines, to stand at `column`; `behind`: whether the neighbour is above.
        """
        added = indented(block, column)
        self.insert(after, (["", *added] if after else added) if behind else [*added, ""])

    def replace(self, start: int, end: int, new: str) -> str:
        """The text that was read with the value `new` between two offsets, a space before it."""
        gap = "" if self.source[start - 1] == " " else " "
        return self.source[:start] + gap + new.replace("\n", self.newline) + self.source[end:]


def indented(block: str, column: int) -> list[str]:
    """The lines of `block` at `column`."""
    lines = block.removesuffix("\n").split("\n")
    return [f"{' ' * column}{line}" if line else line for line in lines]


# --- reading --------------------------------------------------------------------------------------


class _Pieces(NamedTuple):
    sections: tuple[Section, ...]
    tail: str = ""
    whole: str | None = None


class _Reader:
    """Cuts a text into pieces from its beginning to its end."""

    def __init__(self, document: Document) -> None:
        self.lines = document
        self.text = document.source
        self.starts = [0, *(match.end() for match in re.finditer("\n", self.text))]
        self.done = 1  # the first line that is in no piece yet

    def line(self, offset: int) -> int:
        return bisect_right(self.starts, offset)

    def start(self, line: int) -> int:
        return self.starts[line - 1] if line <= len(self.starts) else len(self.text)

    def slice(self, first: int, last: int) -> str:
        """Lines `first` to `last`, both included, with their ends."""
        return self.text[self.start(first) : self.start(last + 1)]

    def lead(self, line: int) -> str:
        """What stands between the last piece and `line`."""
        if line < self.done:
            raise NotByLinesError
        return self.slice(self.done, line - 1)

    def place(self, offset: int, before: str) -> tuple[int, int]:
        """Line and column of `offset`, in front of which stand only spaces and `before`."""
        line = self.line(offset)
        start = self.starts[line - 1]
        if self.text[start:offset].strip(" ") != before:
            raise NotByLinesError
        return line, offset - start

    def document(self, node: Node | None) -> _Pieces:
        if node is None:
            return _Pieces((Section(None, None, (), self.text),))
        if isinstance(node, Mapping):
            parts: list[tuple[Scalar | None, Node]] = list(node.pairs)
        else:
            parts = [(None, node)]
        try:
            sections = tuple(self.section(key, value) for key, value in parts)
            return _Pieces(sections, self.text[self.start(self.done) :])
        except NotByLinesError:
            sections = tuple(_section(self.text, key, value) for key, value in parts)
            return _Pieces(sections, whole=self.text)

    def section(self, key: Scalar | None, node: Node) -> Section:
        lead = header = ""
        first = self.line(node.start)
        if key is not None:
            first, _ = self.place(key.start, "")
            lead, header = self.lead(first), self.slice(first, first)
            self.done = first + 1
        if key is not None and isinstance(node, Scalar) and not node.value and not node.style:
            return Section(key, node, (), lead, header)
        try:
            if not isinstance(node, Sequence) or node.flow:
                raise NotByLinesError
            seen: Counter[Key] = Counter()
            entries = [self.entry(item, seen) for item in node.items]
        except NotByLinesError:
            if key is None:
                self.done = 1
                lead = self.lead(first)
            self.done = max(first, self.last_of(node)) + 1
            whole = self.slice(first, self.done - 1)
            return _section(self.text, key, node, lead, whole)
        if key is None and entries:  # what stands above the first entry of a file is the file's
            top = entries[0]
            lead = top.lead
            entries[0] = Entry(top.key, top.node, top.fields, "", top.whole)
        return Section(key, node, tuple(entries), lead, header)

    def entry(self, item: Node, seen: Counter[Key]) -> Entry:
        line, _ = self.place(item.start, "-")
        lead = self.lead(line)
        self.done = line
        whole = None
        try:
            fields = self.fields(item)
        except NotByLinesError:
            self.done = self.last_of(item) + 1
            fields, whole = _fields(item, self.text), self.slice(line, self.done - 1)
        key = _key(fields, seen)
        return Entry(key, item, fields, lead, whole)

    def fields(self, item: Node) -> tuple[Field, ...]:
        """The fields of an entry, each with its own lines below the one before it."""
        if not isinstance(item, Mapping) or self.text[item.start] == "{" or not item.pairs:
            raise NotByLinesError
        fields = tuple(
            self.field(pair, "-" if number == 0 else "") for number, pair in enumerate(item.pairs)
        )
        names = {field.name for field in fields}
        if len(names) < len(fields) or len({field.column for field in fields}) > 1:
            raise NotByLinesError
        if not names & set(NAMES):
            raise NotByLinesError
        return fields

    def field(self, pair: Pair, before: str) -> Field:
        key, value = pair
        if not isinstance(value, Scalar):
            raise NotByLinesError
        line, column = self.place(key.start, before)
        lead = self.lead(line)
        if value.style in ("|", ">"):
            last, _ = self.lines.block(Field(key, value, column))
        elif not value.value and value.style is None:
            last = line
        else:
            last = self.line(value.end - 1)
        self.done = last + 1
        return Field(key, value, column, lead, self.slice(line, last))

    def last_of(self, node: Node) -> int:
        """The last line, not blank, of a value; of a list or mapping with remarks behind it."""
        filled = self.text[node.start : node.end].rstrip()
        return self.line(node.start + max(len(filled) - 1, 0))


def _section(text: str, key: Scalar | None, node: Node, lead: str = "", whole: str = "") -> Section:
    """A section whose entries do not stand line by line."""
    seen: Counter[Key] = Counter()
    entries = []
    for item in yamltext.items(node):
        fields = _fields(item, text)
        entries.append(Entry(_key(fields, seen), item, fields, whole=""))
    return Section(key, node, tuple(entries), lead, whole=whole)


def _fields(item: Node, text: str) -> tuple[Field, ...]:
    """The fields of an entry that does not stand line by line: what they say, and no lines."""
    return tuple(
        Field(key, value, key.start - (text.rfind("\n", 0, key.start) + 1))
        for key, value in yamltext.pairs(item)
    )


def _key(fields: tuple[Field, ...], seen: Counter[Key]) -> Key:
    values = {field.name: one_line(field.value) for field in fields}
    kind = next((kind for kind in NAMES if kind in values), "")
    key = Key(kind, tuple(values.get(name, "") for name in NAMES.get(kind, ())))
    seen[key] += 1
    return key._replace(number=seen[key] - 1)


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
