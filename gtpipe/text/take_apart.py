"""A text and its YAML nodes cut into the pieces of `text.entries`, so that no character is lost.

What is not laid out line by line, such as an entry in braces, stays `whole` in its piece.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import Counter

from gtpipe.model.names import one_line
from gtpipe.text import yamltext
from gtpipe.text.entries import NAMES, Entry, Field, Key, NotByLinesError, Pieces, Section
from gtpipe.text.yamltext import Mapping, Node, Pair, Scalar, Sequence

_BLOCK = re.compile(r"[|>][+-]?([1-9])?")


def take_apart(text: str, node: Node | None) -> Pieces:
    """The pieces of `text`, which was read as `node`."""
    return _Reader(text).document(node)


def end_of_block(text: str, lines: list[str], field: Field) -> tuple[int, int]:
    """The last line, not blank, of a block (its `|` line if it is empty); its indentation.

    `text` is what was read, `lines` are its lines.
    """
    explicit = _BLOCK.match(text, field.node.start)
    indent = field.column + int(explicit[1]) if explicit and explicit[1] else 0
    last = field.node.line
    for number in range(last + 1, len(lines) + 1):
        content = lines[number - 1].lstrip(" ")
        if not content.strip():
            continue
        deep = len(lines[number - 1]) - len(content)
        if deep <= field.column or deep < indent:
            break
        indent = indent or deep
        last = number
    return last, indent or field.column + 2


class _Reader:
    """Cuts a text into pieces from its beginning to its end."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.lines = text.split("\n")
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

    def document(self, node: Node | None) -> Pieces:
        if node is None:
            return Pieces((Section(None, None, (), self.text),))
        if isinstance(node, Mapping):
            parts: list[tuple[Scalar | None, Node]] = list(node.pairs)
        else:
            parts = [(None, node)]
        try:
            sections = tuple(self.section(key, value) for key, value in parts)
            return Pieces(sections, self.text[self.start(self.done) :])
        except NotByLinesError:
            sections = tuple(_section(self.text, key, value) for key, value in parts)
            return Pieces(sections, whole=self.text)

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
            last, _ = end_of_block(self.text, self.lines, Field(key, value, column))
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
