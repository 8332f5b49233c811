"""The audit trail, commit by commit, as `gtpipe history` tells it; and the life of one code."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import NamedTuple

from gtpipe.history import counting
from gtpipe.history.changes import Changes
from gtpipe.history.named_changes import EntryChange, Kind, What
from gtpipe.history.timeline import WORKING, Moment
from gtpipe.model.level import FOCUSED, CodeRef
from gtpipe.model.names import one_line
from gtpipe.render.history import points, reasons
from gtpipe.render.report.places import HISTORY, Link
from gtpipe.render.report.study import ReportedStudy
from gtpipe.render.report.templating import Page


class Wording(NamedTuple):
    """A wording that a definition had, and until which day; '' where that is not committed yet."""

    text: str
    until: str


class Lived(NamedTuple):
    """A moment: the day, whose commit, what changed, why, and the memos written in it."""

    day: str
    commit: str
    by: str
    subject: str
    tags: tuple[str, ...]
    points: tuple[str, ...]
    why: tuple[str, ...]
    memos: tuple[Link, ...] = ()

    @property
    def says_something(self) -> bool:
        """Without words, a moment may have nothing left to tell."""
        return bool(self.points or self.why or self.memos or self.tags)


def pages(reported: ReportedStudy) -> Iterator[Page]:
    """The page of the history; none of a study that is in no git, or for one participant."""
    told = [moment for moment in reported.moments if moment.says_something]
    if told and not reported.edition.only:
        content = tuple(one for one in _of_all(told, reported) if one.says_something)
        yield Page(HISTORY, "history.html", "History", HISTORY, content)


def _of_all(told: Iterable[Moment], reported: ReportedStudy) -> Iterator[Lived]:
    titled = {one_line(memo.title): memo for memo in reported.material.memos}
    words = reported.edition.words
    for moment in told:
        changes = moment.changes if words else _without_words(moment.changes)
        memos = (
            reported.places.memo(titled[title].name, title) if title in titled else Link(title)
            for title in (one_line(memo.after) for memo in moment.memos)
        )
        yield _lived(moment, counting.phrases(changes), words)._replace(memos=tuple(memos))


def of_one(moment: Moment, words: bool) -> Lived:
    """What a moment tells of one code, point by point; without `words`, no text that may quote."""
    if not words:
        moment = replace(moment, changes=_without_words(moment.changes))
    return _lived(moment, points(moment), words)


def _lived(moment: Moment, said: Iterable[str], words: bool) -> Lived:
    commit = moment.commit
    subject = commit.subject if words or not commit.hash else ""
    why = tuple(reasons(moment)) if words else ()
    return Lived(
        commit.date, commit.hash[:7], commit.author, subject, moment.tags, tuple(said), why
    )


_LABELS = ("takes-up", "focused", "modified")  # lists of labels; others hold incidents
_TEXTS = ("definition", "include", "exclude", "number", "status", "written-after", "part-of")


def _without_words(changes: Changes) -> Changes:
    """Changes of labels and definitions, and where codes were given."""
    kept = tuple(change for change in changes.entry_changes if _quotes_nobody(change))
    return replace(changes, entry_changes=kept)


def _quotes_nobody(change: EntryChange) -> bool:
    if change.what not in (What.CODE, What.FOCUSED_CODE, What.CATEGORY, What.MEMO):
        return False
    if change.kind in (Kind.IN, Kind.OUT):
        return change.field in _LABELS
    if change.what != What.MEMO and change.kind == Kind.CHANGED:
        return change.field in _TEXTS
    return change.kind not in (Kind.PARKED, Kind.UNPARKED)


def wordings(life: Iterable[Moment], thing: CodeRef) -> tuple[Wording, ...]:
    """The wordings that a definition had in the life of a code, the oldest first."""
    what = What.FOCUSED_CODE if thing.level == FOCUSED else What.CODE
    return tuple(
        Wording(change.before, moment.commit.date or f"now, {WORKING}")
        for moment in life
        for change in moment.changes.entry_changes
        if (change.what, change.kind, change.field) == (what, Kind.CHANGED, "definition")
        and change.before
    )
