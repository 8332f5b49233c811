"""A YAML file of turns or entries that loses nothing: read, edited, printed back byte for byte.

    Document → Section → Entry → Field → Block → Line

A document is the lines of a file, which may be edited, and its pieces (`text.entries`), which put
together are the file again. `entry_edits` and the formats edit its lines; git's diff and merge
(`gitdriver`) take its pieces.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property
from itertools import accumulate

from gtpipe.text import yamltext
from gtpipe.text.entries import Entry, Field, Pieces, Section
from gtpipe.text.take_apart import end_of_block, take_apart
from gtpipe.text.yamltext import Node


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
    def _pieces(self) -> Pieces:
        return take_apart(self.source, self.node)

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
        end = self._starts[line] - 1
        return end - (self.source[end - 1 : end] == "\r")

    def start_of(self, line: int) -> int:
        """The offset of the beginning of `line`."""
        return self._starts[line - 1]

    @cached_property
    def _starts(self) -> list[int]:
        """The offset at which each line of the text that was read begins, and the one behind it."""
        return list(accumulate((len(line) + 1 for line in self.source.split("\n")), initial=0))

    def block(self, field: Field) -> tuple[int, int]:
        """The last line, not blank, of a block (its `|` line if it is empty); its indentation."""
        return end_of_block(self.source, self.lines, field)

    def end_of_entry(self, entry: Entry) -> int:
        """The last line, not blank, of an entry, with what stands below it as deep as a field."""
        return self.end_below(entry.line, entry.column)

    def end_of_field(self, field: Field) -> int:
        """The last line, not blank, of a field, with what stands below it set in deeper."""
        return self.end_below(field.key.line, field.column + 1)

    def end_below(self, line: int, column: int) -> int:
        """The last line, not blank, below `line` and set in to `column` at least, or `line`."""
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
        return self.source[:start] + self.value_at(start, new) + self.source[end:]

    def value_at(self, start: int, new: str) -> str:
        """The value `new` as written at an offset: a space before it, the file's line ends."""
        gap = "" if self.source[start - 1] == " " else " "
        return gap + new.replace("\n", self.newline)


def indented(block: str, column: int) -> list[str]:
    """The lines of `block` at `column`."""
    lines = block.removesuffix("\n").split("\n")
    return [f"{' ' * column}{line}" if line else line for line in lines]
