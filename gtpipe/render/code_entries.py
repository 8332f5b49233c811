"""Codes of every level in one form: what is said of each, and what it stands under."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import groupby
from typing import NamedTuple

from gtpipe.model.level import FOCUSED, INITIAL, CodeRef
from gtpipe.model.names import one_line
from gtpipe.render.code_tables import said_of_some
from gtpipe.render.coding_rows import SEVERAL
from gtpipe.render.page_parts import Heading, Paragraph, Part, Points, as_markdown
from gtpipe.render.pages import NO_REASON, NOTHING_YET
from gtpipe.render.tables import Row
from gtpipe.study import Corpus
from gtpipe.text import entry_edits
from gtpipe.text.markdown import plain

HEADER = ("level", "code", "definition", "include", "exclude", "because", "parked", "under")


class Entry(NamedTuple):
    """A code; `under` are what takes it up, the first of them first. `parked` is None where it is
    not.
    """

    code: CodeRef
    definition: str = ""
    include: str = ""
    exclude: str = ""
    because: str = ""
    parked: str | None = None
    was: tuple[str, ...] = ()
    under: tuple[CodeRef, ...] = ()
    number: str = ""
    status: str = ""
    notes: str = ""

    def row(self, more: Iterable[str]) -> Row:
        """Under HEADER and `more` fields."""
        return (
            self.code.level.value,
            self.code.label,
            *(self.definition, self.include, self.exclude, self.because),
            "" if self.parked is None else self.parked or NO_REASON,
            SEVERAL.join(above.label for above in self.under),
            *(getattr(self, name) for name in more),
        )

    def parts(self, escaped: Callable[[str], str]) -> Iterator[Part]:
        """What is said of it, for people."""
        yield Heading(3, escaped(self.code.label), self.code)
        yield Paragraph(escaped(self.definition or NOTHING_YET))
        parked = "" if self.parked is None else self.parked or NO_REASON
        told = {
            "Number": self.number,
            "Status": self.status,
            "Include": self.include,
            "Exclude": self.exclude,
            "Notes": self.notes,
            "Because": self.because,
            "Parked": parked,
            "Under": "; ".join(above.label for above in self.under),
        }
        shown = {name: one_line(text) for name, text in told.items() if text}
        points = tuple((escaped(f"{name}: {text}"), ()) for name, text in shown.items())
        if points:
            yield Points(points)


def entries(
    corpus: Corpus,
    codes: Iterable[CodeRef],
    above: Callable[[CodeRef], Sequence[CodeRef]],
    *,
    words: bool,
) -> tuple[Entry, ...]:
    """An entry for each code. Without `words` no reason and no note is told, which may stand in
    participants' words.
    """
    material = corpus.material
    categories = {category.label: category for category in material.theory.categories}
    found = []
    for code in codes:
        entry = Entry(code, under=tuple(above(code)))
        if code.level is INITIAL and (said := material.codebook.get(code.label)):
            entry = entry._replace(
                definition=said.definition,
                include=said.include,
                exclude=said.exclude,
                parked=said.parked,
                was=said.was,
                number=said.number,
                status=said.status,
                notes=said.notes if words else "",
            )
        elif code.level is FOCUSED and (focused := material.focused.get(code.label)):
            entry = entry._replace(
                definition=focused.definition,
                because=focused.because if words else "",
                parked=focused.parked,
                was=focused.was,
            )
        elif code.label in categories:
            entry = entry._replace(definition=categories[code.label].definition)
        found.append(entry)
    return tuple(found)


def table(entries: Sequence[Entry]) -> tuple[tuple[str, ...], list[Row]]:
    """Header and rows; numbers, statuses and notes where a code has one."""
    more = said_of_some(entries)
    return (*HEADER, *more), [entry.row(more) for entry in entries]


def as_code_book(entries: Iterable[Entry]) -> str:
    """The initial codes as a code book, `codebook.yaml`."""
    blocks = (
        entry_edits.block(
            (
                ("code", entry.code.label),
                ("number", entry.number),
                ("status", entry.status),
                ("definition", entry.definition),
                ("include", entry.include),
                ("exclude", entry.exclude),
                ("notes", entry.notes),
            )
        )
        for entry in entries
        if entry.code.level is INITIAL
    )
    return "\n".join(blocks)


def as_document(entries: Iterable[Entry], title: str) -> str:
    """The codes for people, as Markdown."""
    parts: list[Part] = [Heading(1, plain(title))]
    for level, some in groupby(entries, key=lambda entry: entry.code.level):
        parts.append(Heading(2, level.nouns.capitalize()))
        for entry in some:
            parts += entry.parts(plain)
    return as_markdown(parts)
