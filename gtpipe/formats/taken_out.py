"""Lines taken out of a file of a person's: those that name an incident, a whole entry, a name in a
list. What stands around them stays as it is.
"""

from __future__ import annotations

import re
from collections.abc import Collection

from gtpipe.text import yamltext
from gtpipe.text.document import Document
from gtpipe.text.entries import Entry

_REMARK = re.compile(r"\s+#.*\Z")


class LinesOut:
    """The lines of one file that go, and those that say something else from now on."""

    def __init__(self, text: str, path: str) -> None:
        self.path, self.document = path, Document(text, path)
        self.gone: set[int] = set()
        self.new: dict[int, str] = {}

    def line(self, number: int) -> None:
        """This line goes."""
        self.gone.add(number)

    def entry(self, number: int) -> None:
        """The entry that begins at this line goes, and one blank line below it."""
        entry = next(entry for entry in self.document.entries if entry.line == number)
        self._lines_of(entry)

    def _lines_of(self, entry: Entry) -> None:
        document = self.document
        last = document.end_of_entry(entry)
        if entry.fields:
            last = max(last, document.end_of_field(entry.fields[-1]))
        below = last < len(document.lines) and document.is_blank(last + 1)
        self.gone.update(range(entry.line, last + 1 + below))

    def entries(self, field: str, names: Collection[str]) -> None:
        """Every entry whose `field` is among `names` goes."""
        for entry in self.document.entries:
            if entry.value(field) in names:
                self._lines_of(entry)

    def value(self, number: int, value: str) -> None:
        """The field at this line has another value; it goes where that is ''."""
        line = self.document.lines[number - 1]
        bare = line.removesuffix("\r")
        if value:
            front, before = bare[: bare.index(":") + 1], bare[bare.index(":") + 1 :].strip()
            remark = _REMARK.search(before) if before[:1] not in ("'", '"') else None
            written = yamltext.field_value(value, "") + (remark.group() if remark else "")
            self.new[number] = f"{front} {written}{line[len(bare) :]}"
        else:
            self.gone.add(number)

    @property
    def text(self) -> str:
        lines = self.document.lines
        kept = [
            self.new.get(number, line)
            for number, line in enumerate(lines, 1)
            if number not in self.gone
        ]
        end = "\n" if self.document.source.endswith("\n") and kept else ""
        return "\n".join(kept) + end
