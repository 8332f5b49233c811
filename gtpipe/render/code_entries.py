"""Codes of every level in one form: what is said of each, and what it stands under."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import NamedTuple

from gtpipe.model.level import FOCUSED, INITIAL, CodeRef
from gtpipe.render.coding_rows import SEVERAL
from gtpipe.render.pages import NO_REASON
from gtpipe.render.tables import Row
from gtpipe.study import Corpus
from gtpipe.text import entry_edits

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

    @property
    def row(self) -> Row:
        """Under HEADER."""
        return (
            self.code.level.value,
            self.code.label,
            *(self.definition, self.include, self.exclude, self.because),
            "" if self.parked is None else self.parked or NO_REASON,
            SEVERAL.join(above.label for above in self.under),
        )


def entries(
    corpus: Corpus,
    codes: Iterable[CodeRef],
    above: Callable[[CodeRef], Sequence[CodeRef]],
    *,
    words: bool,
) -> tuple[Entry, ...]:
    """An entry for each code. Without `words` no reason is told, which may stand in participants'
    words.
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


def as_code_book(entries: Iterable[Entry]) -> str:
    """The initial codes as a code book, `codebook.yaml`."""
    blocks = (
        entry_edits.block(
            (
                ("code", entry.code.label),
                ("definition", entry.definition),
                ("include", entry.include),
                ("exclude", entry.exclude),
            )
        )
        for entry in entries
        if entry.code.level is INITIAL
    )
    return "\n".join(blocks)
