"""The fields of one entry, as its record needs them: for every book that is a list of entries."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TypedDict, TypeVar

from gtpipe.formats import naming, properties
from gtpipe.model.names import is_date
from gtpipe.model.problems import Problem, error
from gtpipe.model.records import Code, FocusedCode, Incident, Named, Property, Where
from gtpipe.text import yamltext
from gtpipe.text.yamltext import Mapping, Node, Sequence

Coded = TypeVar("Coded", Code, FocusedCode)


class Lineage(TypedDict):
    """What an entry says of its past, and why it is `parked` (None where it is not)."""

    was: tuple[str, ...]
    merged_from: tuple[str, ...]
    split_from: tuple[str, ...]
    parked: str | None


class EntryReader:
    """Reads one entry of the file `path`; what is missing or odd goes to `problems` with its line.

    `what` is the entry in words, with its article; a field that is not `known` is an error.
    """

    def __init__(
        self,
        item: Node,
        known: Iterable[str],
        what: str,
        *,
        text: str,
        path: str,
        problems: list[Problem],
    ) -> None:
        self.text, self.path, self.problems = text, path, problems
        self.where = Where(path, item.line)
        self.is_entry = isinstance(item, Mapping)
        self.fields = yamltext.fields(item, known, path, what, problems)

    def line(self, name: str) -> int:
        """The line of a field; that of the entry where it is missing."""
        return self.fields[name][0].line if name in self.fields else self.where.line

    def error(self, name: str, what: str, do: str = "") -> None:
        """An error at the line of a field; none where this is no entry, which is told already."""
        if self.is_entry:
            self.problems.append(error(self.path, self.line(name), what, do))

    def get(self, name: str) -> str:
        return yamltext.text_of(self.fields.get(name), self.path, self.problems)

    def date(self, name: str = "date") -> str:
        """A day; one that is none is an error."""
        date = self.get(name)
        if date and not is_date(date):
            self.error(name, f'"{date}" is not a date', "Write it as 2026-04-02")
        return date

    def label(self, name: str) -> Named | None:
        return naming.label(self.fields.get(name), self.path, self.problems)

    def labels(self, name: str) -> tuple[Named, ...]:
        return naming.labels(self.fields.get(name), self.text, self.path, self.problems)

    def incidents(self, name: str) -> tuple[Incident, ...]:
        return naming.incidents(self.fields.get(name), self.text, self.path, self.problems)

    def properties(self) -> tuple[Property, ...]:
        pair = self.fields.get("properties")
        lines = yamltext.block_lines(pair, self.text, self.path, self.problems)
        return properties.loads(lines, self.path, self.problems)

    def interview(self, name: str) -> Named | None:
        """The interview a field names, None where it is missing or empty; it has no level."""
        typed = self.get(name)
        return Named(typed, Where(self.path, self.line(name))) if typed else None

    def own_label(self, name: str, what: str, do: str) -> str:
        """The label that names the entry, '' where it is missing or no single line (an error)."""
        label = self.get(name)
        if label and "\n" not in label:
            return label
        self.error(name, "a label is one line" if label else f"this entry names no {what}", do)
        return ""

    def lineage(self) -> Lineage:
        def past(name: str) -> tuple[str, ...]:
            lines = yamltext.block_lines(self.fields.get(name), self.text, self.path, self.problems)
            return tuple(line.strip() for _, line in lines if line)

        return Lineage(
            was=past("was"),
            merged_from=past("merged-from"),
            split_from=past("split-from"),
            parked=self.get("parked") if "parked" in self.fields else None,
        )


def items(
    text: str, path: str, what: str, begins: str, problems: list[Problem]
) -> tuple[Node, ...]:
    """The entries of a file that is a list of `what`; `begins` says how each of them does.

    Raises UserError where it is not YAML.
    """
    node = yamltext.parse(text, path)
    if node is not None and not isinstance(node, Sequence):
        problems.append(error(path, node.line, f"this file is a list of {what}", begins))
    return yamltext.items(node)


def by_label(
    text: str,
    path: str,
    what: str,
    begins: str,
    read: Callable[[Node, str, list[Problem]], Coded | None],
) -> tuple[dict[str, Coded], list[Problem]]:
    """The codes of a file that is a list of them, by label and in its order.

    A label that stands twice is an error, and so is an old one that leads to two codes. `what` is
    one entry in words, `begins` its first line, `read` makes the record. Raises UserError where it
    is not YAML.
    """
    problems: list[Problem] = []
    codes: dict[str, Coded] = {}
    for item in items(text, path, f"{what}s", f"Each begins with `{begins}`", problems):
        code: Coded | None = read(item, text, problems)
        if code is None:
            continue
        first = codes.setdefault(code.label, code)
        if first is not code:
            problems.append(
                error(
                    path,
                    code.where.line,
                    f'the {what} "{code.label}" stands twice',
                    f"The first is at line {first.where.line}; keep one",
                )
            )
    return codes, problems + naming.clashes(codes, path)
