"""What a page is made of, so that it is laid out only where that changed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence, Set
from contextlib import suppress
from functools import cache, cached_property, partial
from hashlib import sha256

import msgspec

from gtpipe.analysis.annotations import WrittenAbout
from gtpipe.analysis.incidents import Spoken
from gtpipe.model.level import FOCUSED, INITIAL
from gtpipe.model.problems import UserError
from gtpipe.model.records import Code, FocusedCode, IncidentKey, Interview, Later, Memo, Where
from gtpipe.render import pages
from gtpipe.store.layout import SHEETS, digest
from gtpipe.study import Corpus

Place = IncidentKey | Spoken
"""Where an incident stands that a page tells of: interview and turn."""


class MadeOf:
    """Asked for the incidents that a page tells of, and what else it says.

    Of an incident count what is coded at its turns, the transcript, and the memos about what was
    said in the interview; of the study, which label counts under which: that is all that a page
    shows of other codes.
    """

    def __init__(self, corpus: Corpus, memos: WrittenAbout[Memo]) -> None:
        self._corpus, self._memos = corpus, memos
        self._interviews: dict[str, str] = {}
        self._turns = _Turns(corpus)

    def __call__(self, places: Sequence[Place], *told: object) -> str:
        interviews = dict.fromkeys([place.interview for place in places])
        turns = [place.turn for place in places]
        said = msgspec.json.encode((self._lineage, *map(self._interview, interviews), told, turns))
        return digest(said + b"".join([self._turns.coded_at(*place[:2]) for place in places]))

    @cached_property
    def _lineage(self) -> str:
        corpus = self._corpus
        told = (corpus.settings.approach, corpus.current, corpus.current_focused)
        return digest_of((*told, corpus.material.persons.everybody))

    def _interview(self, name: str) -> str:
        if name not in self._interviews:
            print = self._corpus.snapshot.fingerprint(self._corpus.material.interviews[name].path)
            memos = [(place, as_told(memo)) for place, memo in self._memos.in_interview(name)]
            self._interviews[name] = digest_of((name, print, memos))
        return self._interviews[name]


class _Turns:
    """What is coded at turns, wherever that stands in its sheet, as digests; of an interview that
    is asked for often, of all its turns at once.
    """

    def __init__(self, corpus: Corpus) -> None:
        self._interviews, self._codings = corpus.material.interviews, corpus.codings
        self._asked = Counter[str]()
        self._known: dict[str, bytearray] = {}  # of each turn of an interview, side by side

    def coded_at(self, name: str, turn: str) -> bytes | bytearray:
        interview = self._interviews[name]
        at = interview.position.get(turn)
        self._asked[name] += 1
        if at is None or self._asked[name] < _OFTEN:
            return self._digest(self._codings.at(name, interview.ids_of(turn)))
        if name not in self._known:
            self._known[name] = self._of_all(interview)
        return self._known[name][at * _SIZE : (at + 1) * _SIZE]

    def _of_all(self, interview: Interview) -> bytearray:
        position = interview.position
        found = bytearray(self._digest(()) * len(position))
        for turn in self._codings.turns_coded(interview.name):
            at, places = position[turn], self._codings.at(interview.name, (turn,))
            found[at * _SIZE : (at + 1) * _SIZE] = self._digest(places)
        return found

    def _digest(self, places: Sequence[int]) -> bytes:
        return sha256(msgspec.json.encode(self._codings.told_at(places))).digest()[:_SIZE]


_SIZE, _OFTEN = 8, 4  # bytes; times


def all_but_sheets(
    corpus: Corpus, reads: Iterable[str], *told: object, named: Set[str] | None = None
) -> str:
    """Of a page that hangs on all files that a stage `reads`; but of sheets only on the labels that
    are in use, of those `named` where that is all it asks, and on what is `told`.
    """
    snapshot, found = corpus.snapshot, dict[str, str | None]()
    for place in reads:
        folder = place.rstrip("/")
        for path in snapshot.files(folder) if folder != place else [place]:
            if not path.startswith(f"{SHEETS}/"):
                with suppress(UserError):
                    found[path] = snapshot.fingerprint(path)
    known = corpus.names.known
    labels = [
        sorted(known[level] if named is None else known[level] & named)
        for level in (INITIAL, FOCUSED)
    ]
    return digest_of((found, labels, told))


def digest_of(what: object) -> str:
    return digest(msgspec.json.encode(what))


def as_told(memo: Memo) -> tuple[str, ...]:
    """What pages say of a memo."""
    return memo.name, memo.title, memo.date, memo.by


def without_lines(value: object) -> object:
    """What an entry says, wherever it and what it names stand in their files."""
    if isinstance(value, Where):
        return None
    if isinstance(value, Code):
        return {**vars(value), "where": None}  # what it names has no place of its own
    if isinstance(value, FocusedCode):
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
