"""Changes of applications in words: which code, at which turns, who speaks and who coded. Pure."""

from __future__ import annotations

from typing import NamedTuple

from gtpipe.history.changes import (
    ADDED,
    NOTED,
    RECODED,
    REMOVED,
    RETIED,
    TOGETHER,
    Changes,
    CodingChange,
    ComparedCoding,
)
from gtpipe.history.named_changes import Kind, What
from gtpipe.history.versions import Version
from gtpipe.model.level import FOCUSED
from gtpipe.model.names import label_order, natural, one_line
from gtpipe.model.plural import count
from gtpipe.model.records import Interview, Turn

MOST_PLACES = 12  # of one code, before the rest is counted


class Point(NamedTuple):
    """One thing to tell: a word for its kind in front, the words, and what belongs under it."""

    mark: str
    text: str
    under: tuple[str, ...] = ()


def label_of(coding: ComparedCoding) -> str:
    return f'"{"focused: " if coding.level == FOCUSED else ""}{coding.label}"'


def applications(changes: Changes, extracts: bool) -> list[Point]:
    groups: dict[tuple[str, str], list[CodingChange]] = {}
    merged = {
        (change.what, change.label)
        for change in changes.entry_changes
        if change.kind in (Kind.MERGED, Kind.PROBABLY_MERGED)
    }
    for one in changes.codings:
        if (
            one.kind == TOGETHER
            and (What.FOCUSED_CODE if one.at.level == FOCUSED else What.CODE, one.at.label)
            in merged
        ):
            continue
        name = label_of(one.at)
        if one.kind == RECODED and one.before is not None:
            name = f"{label_of(one.before)} → {name}"
        groups.setdefault((one.kind, name), []).append(one)
    order = (ADDED, REMOVED, RECODED, RETIED, TOGETHER, NOTED)
    marks = {RETIED: "other words", NOTED: "note changed"}
    points = []
    for (kind, name), group in sorted(
        groups.items(), key=lambda item: (order.index(item[0][0]), label_order(item[0][1]))
    ):
        mark = marks.get(kind, kind)
        if extracts:
            points.append(Point(mark, name, tuple(_extract(one, changes) for one in group)))
        else:
            points.append(Point(mark, f"{name}: {places([one.at for one in group], changes)}"))
    return points


def participant(coding: ComparedCoding, changes: Changes) -> str:
    """Who speaks at the place, '' where that cannot be told."""
    interview, turn = _turn(coding, changes.new, changes.old)
    return interview.participant(turn) if interview and turn else ""


def _turn(coding: ComparedCoding, *versions: Version) -> tuple[Interview | None, Turn | None]:
    """The turn of a coding, with its interview, in the first of the versions that has it."""
    for version in versions:
        interview = version.interviews.get(coding.interview)
        turn = interview.turn(coding.turn) if interview else None
        if turn is not None:
            return interview, turn
    return None, None


def _by_whom(coding: ComparedCoding, changes: Changes) -> str:
    """` (KR, coded by PM)`: the participant, where the interview is not named after them, and the
    coder, where there are several.
    """
    who = participant(coding, changes)
    names = [who] if who and who != coding.interview else []
    if changes.old.has_several_coders or changes.new.has_several_coders:
        version = changes.new if changes.new.first else changes.old
        coder = version.coder(coding.coder)
        names += [f"coded by {coder}"] if coder else []
    return f" ({', '.join(names)})" if names else ""


def places(codings: list[ComparedCoding], changes: Changes) -> str:
    """`jim 2, 4; eve 6 (KR)`: turns by interview."""
    ordered = sorted(
        codings, key=lambda one: (natural(one.interview), one.coder, natural(one.turn))
    )
    shown = ordered if len(ordered) <= MOST_PLACES + 2 else ordered[:MOST_PLACES]
    groups: dict[tuple[str, str], list[str]] = {}
    for one in shown:
        groups.setdefault((one.interview, _by_whom(one, changes)), []).append(one.turn)
    listed = [f"{interview} {', '.join(turns)}{by}" for (interview, by), turns in groups.items()]
    rest = ordered[len(shown) :]
    if rest:
        interviews = len({one.interview for one in rest})
        listed.append(f"and {len(rest):,} more in {count(interviews, 'interview')}")
    return "; ".join(listed)


def _extract(one: CodingChange, changes: Changes) -> str:
    at = one.at
    head = f"{at.interview} {at.turn}{_by_whom(at, changes)}"
    if one.kind == RETIED:
        was, now = (
            f'"{end.words}"' if end and end.words is not None else "the whole turn"
            for end in (one.before, one.after)
        )
        return f"{head}: {was} → {now}"
    if one.kind == NOTED:
        return f"{head}: {one_line(one.note) or 'no note any more'}"
    return f"{head}: {words_at(at, changes, old=one.after is None)}"


def words_at(coding: ComparedCoding, changes: Changes, old: bool) -> str:
    """The stretch, or what was said in the turn."""
    if coding.words is not None:
        return f'"{coding.words}"'
    versions = (changes.old, changes.new) if old else (changes.new, changes.old)
    _, turn = _turn(coding, *versions)
    return f'"{one_line(turn.text)}"' if turn else "(this turn cannot be found)"
