"""What people wrote about a code or about an incident: memos and comments, found from the thing
they are about.

Nothing is computed from a memo, and its prose is not quoted: it is led to by title and name.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from functools import cached_property
from itertools import chain
from typing import Generic, TypeVar

from gtpipe.analysis.incidents import IncidentInContext
from gtpipe.model import anchor
from gtpipe.model.level import FOCUSED, INITIAL, Level
from gtpipe.model.records import (
    BETWEEN,
    Category,
    Code,
    Comment,
    FocusedCode,
    IncidentKey,
    Material,
    Memo,
    Named,
    Span,
    first_and_last,
)

COMPARISON = "comparison"


Written = TypeVar("Written", Memo, Comment)


class WrittenAbout(Generic[Written]):
    """Memos or comments by what they are about.

    `pairs` are in the order in which they are to be told.
    """

    def __init__(self, pairs: Iterable[tuple[Named, Written]], material: Material) -> None:
        self._entries: dict[Level, Collection[str]] = {
            INITIAL: material.codebook,
            FOCUSED: material.focused,
        }
        self._interviews = material.interviews
        self._pairs: tuple[tuple[Named, Written], ...] = tuple(pairs)
        self._labels: dict[str, list[tuple[int, str, Written]]] = {}
        for number, (named, written) in enumerate(self._pairs):
            self._labels.setdefault(named.label, []).append((number, named.level, written))

    @cached_property
    def _about(self) -> dict[str, list[tuple[IncidentKey, Written]]]:
        """By interview, what is about incidents."""
        found: dict[str, list[tuple[IncidentKey, Written]]] = {}
        for named, written in self._pairs:
            place = None if named.level else anchor.place(named.label, self._interviews)
            if place is not None:
                found.setdefault(place.interview, []).append((place, written))
        return found

    @cached_property
    def _at_turn(self) -> dict[tuple[str, str], list[tuple[IncidentKey, Written]]]:
        found: dict[tuple[str, str], list[tuple[IncidentKey, Written]]] = {}
        for one in chain.from_iterable(self._about.values()):
            found.setdefault(one[0][:2], []).append(one)
        return found

    @cached_property
    def _over_turns(self) -> set[str]:
        """The interviews in which something is about an incident over turns."""
        return {interview for interview, turn in self._at_turn if first_and_last(turn)}

    @staticmethod
    def of_memos(material: Material, kind: str = "") -> WrittenAbout[Memo]:
        """Memos by day and name; with `kind`, those of this kind alone."""
        memos = sorted(
            (memo for memo in material.memos if kind in ("", memo.kind)),
            key=lambda memo: (memo.date, memo.name),
        )
        return WrittenAbout(((named, memo) for memo in memos for named in memo.about), material)

    @staticmethod
    def of_comments(material: Material) -> WrittenAbout[Comment]:
        """Comments in the order of their file."""
        return WrittenAbout(((comment.about, comment) for comment in material.comments), material)

    def about(self, level: Level, entry: Code | FocusedCode | Category) -> tuple[Written, ...]:
        """What is about a code, focused code or category, by its label or one it had, or about one
        of its properties; each once."""
        labels = [entry.label]
        if not isinstance(entry, Category):
            had = entry.was + entry.merged_from
            labels += [label for label in had if label not in self._entries[level]]
        if not isinstance(entry, Code):
            labels += [
                f"{label}{BETWEEN}{each.label}" for label in labels for each in entry.properties
            ]
        if self._labels.keys().isdisjoint(labels):
            return ()
        numbered = {
            number: written
            for label in labels
            for number, on_level, written in self._labels.get(label, ())
            if on_level in ("", level)
        }
        return tuple(dict.fromkeys(numbered[number] for number in sorted(numbered)))

    def at(self, view: IncidentInContext) -> tuple[Written, ...]:
        """What is about an incident: about its turn, or about words of the turn that it shares."""
        return self.at_place(view.interview, view.turn, view.span)

    def at_place(self, interview: str, turn: str, place: Span | None) -> tuple[Written, ...]:
        """The same, of an incident named by its place in the turn (None: the whole turn)."""
        if interview in self._over_turns or first_and_last(turn):
            near = self._about.get(interview, [])
        else:
            near = self._at_turn.get((interview, turn), [])
        if not near:
            return ()
        return tuple(
            dict.fromkeys(
                written
                for about, written in near
                if anchor.reaches(self._interviews[interview], about[1:], (turn, place))
            )
        )

    def in_interview(self, name: str) -> list[tuple[IncidentKey, Written]]:
        """What is about incidents of an interview."""
        return self._about.get(name, [])

    def at_address(self, label: str, material: Material) -> tuple[Written, ...] | None:
        """The same, of an incident as a person types it; None where it is none of the study."""
        found = anchor.place(label, material.interviews)
        return None if found is None else self.at_place(*found)
