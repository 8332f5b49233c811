"""Where each page of a report is, and links from page to page.

A page is called as what it is about where a file can be called so on every computer; otherwise by a
slug and a digest. Paths are relative to the report's folder, `/` between parts.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Mapping
from typing import NamedTuple

from gtpipe.model.level import CATEGORY, FOCUSED, INITIAL, CodeRef, Level
from gtpipe.model.names import is_portable, slug
from gtpipe.model.records import IncidentKey, first_and_last
from gtpipe.render import pages

FOLDERS: dict[Level, str] = {INITIAL: "codes", FOCUSED: "focused-codes", CATEGORY: "categories"}
LISTS: dict[Level, str] = {level: f"{folder}.html" for level, folder in FOLDERS.items()}
OVERVIEW, INTERVIEWS, THEORY, ACROSS, MEMOS, HISTORY, SEARCH = (
    "index.html",
    "interviews.html",
    "theory.html",
    "across.html",
    "memos.html",
    "history.html",
    "search.html",
)
BROUGHT = "across/brought.html"
INCIDENTS = "incidents"
"""The id of the incidents on the page of a code."""


class Link(NamedTuple):
    """Words that lead to a page, or to a part of it; nowhere, where there is no path."""

    text: str
    path: str = ""
    anchor: str = ""


class Places:
    """The pages of a study. What is not in the report has no path, and links to it are words."""

    def __init__(
        self,
        interviews: Iterable[str],
        labels: Mapping[Level, Iterable[str]],
        memos: Iterable[str],
        participants: Iterable[str] = (),
    ) -> None:
        self._interviews = file_names(interviews)
        self._memos = file_names(memos)
        self._participants = file_names(participants)
        called = {level: pages.names(list(found)) for level, found in labels.items()}
        self._codes = {
            CodeRef(level, label): Link(label, f"{FOLDERS[level]}/{name.removesuffix('.md')}.html")
            for level, names in called.items()
            for label, name in names.items()
        }
        self.interviews = dict(self._interviews)
        self.longer = tuple(
            sorted(
                (level, label)
                for level, names in called.items()
                for label, name in names.items()
                if name != pages.possible_names(label)[0]
            )
        )
        self._turns: dict[tuple[str, str], Link] = {}

    def interview(self, name: str) -> Link:
        """The page of an interview."""
        return Link(name, _page("interviews", self._interviews.get(name)))

    def turn(self, interview: str, turn: str) -> Link:
        """A turn on the page of its interview; of several, the first."""
        found = self._turns.get((interview, turn))
        if found is None:
            first = (first_and_last(turn) or (turn, turn))[0]
            path, anchor = self.interview(interview).path, turn_id(interview, first)
            found = self._turns[interview, turn] = Link(f"{interview} {turn}", path, anchor)
        return found

    def incident(self, place: IncidentKey) -> Link:
        return self.turn(place.interview, place.turn)

    def code(self, code: CodeRef) -> Link:
        """The page of a code, focused code or category."""
        return self._codes.get(code) or Link(code.label)

    def participant(self, name: str) -> Link:
        """The page of a participant over time: of those who were interviewed more than once."""
        return Link(name, _page("participants", self._participants.get(name)))

    def memo(self, name: str, title: str) -> Link:
        """The page of a memo, called by its title."""
        return Link(title or name, _page("memos", self._memos.get(name)))


def turn_id(interview: str, turn: str) -> str:
    """The id of a turn on its page: `jim-12`. An id holds no white space."""
    return re.sub(r"\s", "_", f"{interview}-{turn}")


def brought_id(interview: str) -> str:
    """The id, on `BROUGHT`, of what an interview brought."""
    return re.sub(r"\s", "_", f"brought-{interview}")


def _page(folder: str, name: str | None) -> str:
    return "" if name is None else f"{folder}/{name}.html"


def file_names(names: Iterable[str]) -> dict[str, str]:
    """Name → file name without ending; with a digest where names differ only by capitals, or no
    file can be called so everywhere."""
    names = list(names)
    folded = Counter(map(_folded, names))
    return {
        name: name if folded[_folded(name)] == 1 and _is_safe(name) else _digested(name)
        for name in names
    }


def _folded(name: str) -> str:
    """A name as a file system sees it that makes no difference of capitals, or of how a letter is
    put together."""
    return unicodedata.normalize("NFC", name).casefold()


def _is_safe(name: str) -> bool:
    return is_portable(name) and name.casefold() != "index" and len(name.encode()) <= 120


def _digested(name: str) -> str:
    return f"{slug(name)[:40] or 'page'}-{hashlib.sha256(name.encode()).hexdigest()[:8]}"
