"""Editing a person's YAML file by lines: where a block ends, where an entry ends, and new lines
between the old ones.
"""

from __future__ import annotations

import re

from gtpipe.text.yamltext import Scalar


class Lines:
    """The lines of a file to be edited; each keeps its own line end. Line numbers count from 1."""

    def __init__(self, text: str) -> None:
        self.lines = text.split("\n")
        if self.lines[-1] == "":
            self.lines.pop()
            self.open_end = False
        else:
            self.open_end = True
        self.newline = "\r\n" if "\r\n" in text else "\n"
        self._source = text

    @property
    def text(self) -> str:
        return "\n".join(self.lines) + ("" if self.open_end or not self.lines else "\n")

    def column(self, offset: int) -> int:
        return offset - (self._source.rfind("\n", 0, offset) + 1)

    def end_of(self, line: int) -> int:
        """The offset of the end of `line`, before its line end."""
        end = sum(len(other) + 1 for other in self.lines[:line]) - 1
        return end - (1 if self.lines[line - 1].endswith("\r") else 0)

    def indent(self, line: int) -> int:
        text = self.lines[line - 1]
        return len(text) - len(text.lstrip(" "))

    def blank(self, line: int) -> bool:
        return not self.lines[line - 1].strip()

    def block(self, value: Scalar, column: int) -> tuple[int, int]:
        """The last line of a block scalar that is not blank (its `|` line where it is empty), and
        its indentation.
        """
        explicit = re.match(r"[|>][+-]?([1-9])", self._source[value.start :])
        indent = column + int(explicit.group(1)) if explicit else 0
        last = value.line
        for line in range(value.line + 1, len(self.lines) + 1):
            if self.blank(line):
                continue
            if self.indent(line) <= column or (indent and self.indent(line) < indent):
                break
            indent = indent or self.indent(line)
            last = line
        return last, indent or column + 2

    def last_of_entry(self, line: int, column: int) -> int:
        """The last line, not blank, of the entry that begins at `line` with its fields at `column`."""
        last = line
        for other in range(line + 1, len(self.lines) + 1):
            if self.blank(other):
                continue
            if self.indent(other) < column:
                break
            last = other
        return last

    def end_of_notes(self, line: int) -> int:
        """The last line of the notes below a code's line in a sheet; that line where it has none."""
        last, indent = line, self.indent(line)
        for number in range(line + 1, len(self.lines) + 1):
            text = self.lines[number - 1]
            if self.blank(number):
                continue
            if text[:indent].strip(" ") or not text[indent : indent + 1].isspace():
                break
            last = number
        return last

    def insert(self, after: int, added: list[str]) -> None:
        """`added` lines below line `after`, with its line end."""
        carriage = "\r" if self.newline == "\r\n" else ""
        if self.open_end and after == len(self.lines):
            if carriage and self.lines:
                self.lines[-1] += carriage
            self.lines += [line + carriage for line in added]
            if carriage:
                self.lines[-1] = self.lines[-1].removesuffix("\r")
            return
        self.lines[after:after] = [line + carriage for line in added]

    def insert_entry(self, after: int, behind: bool, block: str, column: int) -> None:
        """An entry (its lines in `block`, to stand at `column`) below line `after`, a blank line
        between it and its neighbour.
        """
        added = [
            f"{' ' * column}{line}" if line else line
            for line in block.removesuffix("\n").split("\n")
        ]
        self.insert(after, (["", *added] if after else added) if behind else [*added, ""])
