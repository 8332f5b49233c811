"""What stands around codes, found once for all their pages: what takes them up and holds them,
which codes stand on the same turns, memos and comments as pages tell them, and their lives.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import cached_property
from typing import NamedTuple

from gtpipe.analysis import cooccurrence
from gtpipe.analysis.cooccurrence import Sense
from gtpipe.analysis.properties import Laid
from gtpipe.history import lives
from gtpipe.history.timeline import Moment
from gtpipe.model.level import CATEGORY, FOCUSED, INITIAL, CodeRef, Level
from gtpipe.model.names import one_line
from gtpipe.model.records import Comment, FocusedCode, Memo
from gtpipe.render.report import history
from gtpipe.render.report.history import Lived, Wording
from gtpipe.render.report.places import THEORY, Link
from gtpipe.render.report.study import ReportedStudy

MOST_BESIDE = 40
"""Codes that are named beside one, the most frequent first; the rest is counted."""


class Signed(NamedTuple):
    """A focused code with what it is known by."""

    link: Link
    number: int
    hue: int


class Neighbour(NamedTuple):
    """A code on the same turns; `how_often` in words."""

    code: Signed
    how_often: str
    who: str


class Beside(NamedTuple):
    """The codes of one level that stand beside a code; `more` are not named."""

    kind: str
    codes: tuple[Neighbour, ...]
    more: int


class MemoOnPage(NamedTuple):
    """A memo as it is led to."""

    link: Link
    date: str
    kind: str
    by: str


class CommentOnPage(NamedTuple):
    by: str
    comment: str
    answer: str
    changed: str


class Surroundings:
    """To be asked of any code, focused code or category."""

    def __init__(self, reported: ReportedStudy) -> None:
        self._reported = reported
        material, corpus, current = reported.material, reported.corpus, reported.corpus.current
        self._taking_up: dict[str, list[str]] = {}
        self._takes_up: dict[str, tuple[str, ...]] = {}
        for label, code in material.focused.items():
            taken = (current.get(named.label, named.label) for named in code.takes_up)
            self._takes_up[label] = tuple(dict.fromkeys(taken))
            for one in self._takes_up[label]:
                self._taking_up.setdefault(one, []).append(label)
        self._categories: dict[str, dict[str, None]] = {}
        for category in material.theory.categories:
            for named in category.focused:
                self._categories.setdefault(named.label, {})[category.label] = None
        self._relations: dict[CodeRef, list[Link]] = {}
        for number, relation in enumerate(material.theory.relations, 1):
            link = Link(relation.sentence, THEORY, relation_id(number))
            ends = (relation.source, relation.target)
            for level, label in dict.fromkeys((corpus.names.level(e), e.label) for e in ends):
                if level:
                    self._relations.setdefault(CodeRef(level, label), []).append(link)

    @property
    def _is_whole(self) -> bool:
        """One participant's pages tell of nobody else: what the analysis made of all is not
        theirs."""
        return not self._reported.edition.only

    def signed(self, thing: CodeRef) -> Signed:
        """A code with its link; of a focused one the number and colour, of an initial one that of
        the first which takes it up."""
        signs = self._reported.signs
        if thing.level == FOCUSED and thing.label in signs:
            return Signed(self._reported.link(thing), *signs[thing.label])
        is_taken = thing.level == INITIAL and self._is_whole
        taken = self._taking_up.get(thing.label, ()) if is_taken else ()
        hue = next((signs[label].hue for label in taken if label in signs), 0)
        return Signed(self._reported.link(thing), 0, hue)

    def taking_up(self, thing: CodeRef) -> tuple[Signed, ...]:
        """The focused codes that take up an initial code."""
        if thing.level != INITIAL or not self._is_whole:
            return ()
        taken = self._taking_up.get(thing.label, ())
        return tuple(self.signed(CodeRef(FOCUSED, label)) for label in taken)

    def taken_up_by(self, code: FocusedCode) -> Iterable[Link]:
        """The initial codes that a focused code takes up."""
        for label in self._takes_up.get(code.label, ()):
            yield self._reported.link(CodeRef(INITIAL, label))

    def categories_of(self, thing: CodeRef) -> tuple[Link, ...]:
        """The categories that hold a focused code, or the focused codes that take up an initial
        one."""
        if not self._is_whole or thing.level == CATEGORY:
            return ()
        focused = [thing.label] if thing.level == FOCUSED else self._taking_up.get(thing.label, ())
        held = dict.fromkeys(one for label in focused for one in self._categories.get(label, ()))
        return tuple(self._reported.link(CodeRef(CATEGORY, label)) for label in held)

    def relations_of(self, thing: CodeRef) -> tuple[Link, ...]:
        """The relations that begin or end at a code or category."""
        return tuple(self._relations.get(thing, ())) if self._is_whole else ()

    def properties_of(self, thing: CodeRef) -> tuple[Laid, ...]:
        return self._reported.laid.properties(thing) if self._is_whole else ()

    def beside(self, thing: CodeRef) -> tuple[Beside, ...]:
        """The codes of its level on the same turns, the most frequent first."""
        found = self._together.get(thing, [])
        if not found:
            return ()
        named = tuple(
            Neighbour(self.signed(other), Sense().of(number), ", ".join(filter(None, people)))
            for other, number, people in found[:MOST_BESIDE]
        )
        return (Beside(thing.level.nouns, named, len(found) - len(named)),)

    @cached_property
    def _together(self) -> dict[CodeRef, list[tuple[CodeRef, int, tuple[str, ...]]]]:
        """All pairs of a level in one pass."""
        found: dict[CodeRef, list[tuple[CodeRef, int, tuple[str, ...]]]] = {}
        levels: tuple[Level, ...] = (INITIAL, FOCUSED) if self._is_whole else ()
        for level in levels:
            things = [CodeRef(level, label) for label in self._reported.labels[level]]
            for pair in cooccurrence.pairs(
                things, self._reported.holdings, self._reported.material, Sense()
            ):
                found.setdefault(pair.a, []).append((pair.b, pair.together, pair.participants))
                found.setdefault(pair.b, []).append((pair.a, pair.together, pair.participants))
        return found

    def memo(self, memo: Memo) -> MemoOnPage:
        link = self._reported.places.memo(memo.name, one_line(memo.title))
        return MemoOnPage(link, memo.date, memo.kind, memo.by)

    def comments(self, comments: Iterable[Comment]) -> tuple[CommentOnPage, ...]:
        """Comments with their answers; they may quote."""
        if not self._reported.edition.words:
            return ()
        return tuple(CommentOnPage(c.by, c.comment, c.answer, c.changed) for c in comments)

    def earlier_wordings(self, thing: CodeRef) -> tuple[Wording, ...]:
        """Those of its definition, by any label it had, the oldest first."""
        return history.wordings(self._lived(thing), thing)

    def life_of(self, thing: CodeRef) -> tuple[Lived, ...]:
        words = self._reported.edition.words
        lived = (history.of_one(moment, words) for moment in self._lived(thing))
        return tuple(one for one in lived if one.says_something)

    def known_life_of(self, thing: CodeRef) -> tuple[object, ...]:
        """What is told of the life of a code, where it is committed by its commits: they never
        change.
        """
        words, lived = self._reported.edition.words, self._lived(thing)
        return tuple(
            (one.commit.hash, one.tags) if one.commit.hash else history.of_one(one, words)
            for one in lived
        )

    def _lived(self, thing: CodeRef) -> tuple[Moment, ...]:
        return self._lives.get(thing.level, {}).get(thing.label, ())

    @cached_property
    def _lives(self) -> dict[Level, dict[str, tuple[Moment, ...]]]:
        if not self._is_whole:
            return {}
        return {level: lives.of_all(self._reported.moments, level) for level in (INITIAL, FOCUSED)}


def relation_id(number: int) -> str:
    """The id of a relation on the page of the theory; numbers begin at 1."""
    return f"relation-{number}"
