"""A Markdown file that begins with fields between two lines `---`: transcripts, memos, diary
entries, schedules.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from gtpipe.model.names import is_date
from gtpipe.model.problems import Problem, UserError, did_you_mean, error, note
from gtpipe.text import yamltext
from gtpipe.text.yamltext import Mapping, Node, Scalar

_FRONT = re.compile(r"---[ \t]*\n(.*?)^---[ \t]*$\n?", re.S | re.M)
Fields = dict[str, tuple[Scalar, Node]]


def split(text: str, path: str, fields: Sequence[str]) -> tuple[str, int]:
    """The front matter (behind one line end, so that its lines count as in the file) and where the
    rest begins.

    `text` has line feeds alone. Raises UserError where there is no front matter, or a merge left
    its markers.
    """
    conflict = yamltext.conflict_markers(text, path)
    if conflict:
        raise UserError(conflict)
    parts = _FRONT.match(text)
    if not parts:
        raise UserError.at(
            path,
            1,
            "no front matter: the file must begin with a line `---`, fields, and a line `---`",
            f"The fields are {', '.join(fields)}",
        )
    return "\n" + parts.group(1), parts.end()


def read(front: str, path: str, known: Sequence[str], problems: list[Problem]) -> Fields:
    """The fields by name.

    People may have fields of their own; one that is nearly a known one which is missing is a note.
    """
    node = yamltext.parse(front, path)
    found: Fields = {}
    if node is not None and not isinstance(node, Mapping):
        problems.append(
            error(
                path,
                node.line,
                "the front matter must be lines of `field: value`",
                f"The fields are {', '.join(known)}",
            )
        )
    pairs = yamltext.pairs(node)
    missing = set(known) - {key.value for key, _ in pairs}
    for key, value in pairs:
        if key.value in found:
            problems.append(
                error(path, key.line, f'"{key.value}" stands twice in the front matter', "Keep one")
            )
        elif key.value not in known and (near := did_you_mean(key.value, sorted(missing))):
            what = f'the front matter has no field "{key.value}"'
            problems.append(note(path, key.line, what, near))
        found.setdefault(key.value, (key, value))
    return found


class Page:
    """A Markdown file with front matter, taken apart: its fields, and what follows them.

    Raises UserError without one.
    """

    def __init__(self, text: str, path: str, known: Sequence[str]) -> None:
        self.text = text.replace("\r\n", "\n")
        self.path = path
        self.name = path.rpartition("/")[2].removesuffix(".md")
        self.problems: list[Problem] = []
        self.front, self.body = split(self.text, path, known)
        self.fields = read(self.front, path, known, self.problems)

    @property
    def prose(self) -> str:
        return self.text[self.body :].strip("\n")

    def get(self, name: str) -> str:
        return yamltext.text_of(self.fields.get(name), self.path, self.problems)

    def error(self, name: str, what: str, do: str) -> None:
        """An error at the line of the field `name`."""
        self.problems.append(error(self.path, self.fields[name][0].line, what, do))

    def date(self) -> str:
        """The field `date`; one that is no day is an error."""
        date = self.get("date")
        if date and not is_date(date):
            self.error("date", f'"{date}" is not a date', "Write it as 2026-03-21")
        return date
