"""What a comparison page is made of, so that it is laid out only where that changed."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from functools import cache, cached_property, partial

from gtpipe.analysis.annotations import WrittenAbout
from gtpipe.model.records import Code, FocusedCode, Later, Memo, Where
from gtpipe.render import pages
from gtpipe.store.layout import digest
from gtpipe.study import Corpus


class MadeOf:
    """Asked for the interviews that a page tells of, and what else it says.

    Of an interview count its transcript, its sheets, and the memos about what was said in it; of
    the study, which label counts under which: that is all that a page shows of other codes.
    """

    def __init__(self, corpus: Corpus, memos: WrittenAbout[Memo]) -> None:
        self._corpus, self._memos = corpus, memos
        self._known: dict[str, str] = {}

    def __call__(self, interviews: Iterable[str], *told: object) -> str:
        parts = (self._lineage, *map(self._interview, interviews), *map(repr, told))
        return digest("\n".join(parts).encode("utf-8", "surrogatepass"))

    @cached_property
    def _lineage(self) -> str:
        corpus = self._corpus
        told = (corpus.settings.approach, corpus.current, corpus.current_focused)
        return repr((*told, corpus.material.persons.everybody))

    def _interview(self, name: str) -> str:
        if name not in self._known:
            snapshot, material = self._corpus.snapshot, self._corpus.material
            prints = [snapshot.fingerprint(material.interviews[name].path), *self._sheets[name]]
            memos = [(place, as_told(memo)) for place, memo in self._memos.in_interview(name)]
            self._known[name] = repr((name, prints, memos))
        return self._known[name]

    @cached_property
    def _sheets(self) -> dict[str, list[str]]:
        found: dict[str, list[str]] = {name: [] for name in self._corpus.material.interviews}
        for sheet in self._corpus.material.sheets:
            if sheet.interview in found:
                print = self._corpus.snapshot.fingerprint(sheet.path)
                found[sheet.interview].append(f"{sheet.coder} {print}")
        return found


def as_told(memo: Memo) -> tuple[str, ...]:
    """What pages say of a memo."""
    return memo.name, memo.title, memo.date, memo.by


def without_lines(value: object) -> object:
    """What an entry says, wherever it and what it names stand in their files."""
    if isinstance(value, Where):
        return None
    if isinstance(value, (Code, FocusedCode)):
        return tuple(map(without_lines, vars(value).values()))
    return tuple(map(without_lines, value)) if isinstance(value, tuple) else value


def later_pages(
    name: str, incidents: int, made_of: str, make: Callable[[], dict[str, str]]
) -> Iterator[tuple[str, Later]]:
    """The page of a code with so many incidents, called `name`, and those that follow it; `make`
    lays all of them out.
    """
    made = cache(make)
    for number in range(1, max(-(-incidents // pages.AT_ONCE), 1) + 1):
        path = pages.numbered(name, number)
        yield path, Later(made_of, partial(_one, made, path))


def _one(made: Callable[[], dict[str, str]], path: str) -> str:
    return made()[path]
