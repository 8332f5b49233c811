"""What a comparison page is made of, so that it is laid out only where that changed."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import cache, cached_property, partial
from typing import Protocol

import msgspec

from gtpipe.analysis.annotations import WrittenAbout
from gtpipe.analysis.incidents import codings_at
from gtpipe.model.records import Code, Coding, FocusedCode, Later, Memo, Where
from gtpipe.render import pages
from gtpipe.store.layout import digest
from gtpipe.study import Corpus


class Place(Protocol):
    """An incident of which a page tells."""

    @property
    def interview(self) -> str: ...

    @property
    def turn(self) -> str: ...


class MadeOf:
    """Asked for the incidents that a page tells of, and what else it says.

    Of an incident count what is coded at its turns, the transcript, and the memos about what was
    said in the interview; of the study, which label counts under which: that is all that a page
    shows of other codes.
    """

    def __init__(self, corpus: Corpus, memos: WrittenAbout[Memo]) -> None:
        self._corpus, self._memos = corpus, memos
        self._interviews: dict[str, str] = {}
        self._turns: dict[tuple[str, str], bytes] = {}

    def __call__(self, places: Sequence[Place], *told: object) -> str:
        interviews = dict.fromkeys([place.interview for place in places])
        said = repr((self._lineage, *map(self._interview, interviews), told))
        turns = b"".join([self._coded_at(place.interview, place.turn) for place in places])
        return digest(said.encode("utf-8", "surrogatepass") + turns)

    @cached_property
    def _lineage(self) -> str:
        corpus = self._corpus
        return _digest_of((corpus.settings.approach, corpus.current, corpus.current_focused))

    def _interview(self, name: str) -> str:
        if name not in self._interviews:
            print = self._corpus.snapshot.fingerprint(self._corpus.material.interviews[name].path)
            memos = [(place, as_told(memo)) for place, memo in self._memos.in_interview(name)]
            self._interviews[name] = _digest_of((name, print, memos))
        return self._interviews[name]

    def _coded_at(self, interview: str, turn: str) -> bytes:
        """The codings at a turn, or at several, wherever they stand in their sheets."""
        found = self._turns.get((interview, turn))
        if found is None:
            material, around = self._corpus.material, self._corpus.looking.around
            codings = codings_at(around, material.interviews[interview], turn)
            found = msgspec.json.encode([coding[:_WHERE] for coding in codings])
            self._turns[interview, turn] = found
        return found


_WHERE = Coding._fields.index("where")


def _digest_of(what: object) -> str:
    return digest(repr(what).encode("utf-8", "surrogatepass"))


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
    number_of_pages = max(-(-incidents // pages.AT_ONCE), 1)
    made = cache(make) if number_of_pages > 1 else make
    for number in range(1, number_of_pages + 1):
        path = pages.numbered(name, number)
        yield path, Later(made_of, partial(_one, made, path))


def _one(made: Callable[[], dict[str, str]], path: str) -> str:
    return made()[path]
