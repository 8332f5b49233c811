"""Changes in words: sections of points for a person. Pure; `render.history` lays them out."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from gtpipe.history.changes import TOGETHER, Changes, TranscriptChange
from gtpipe.history.coding_wording import MOST_PLACES, Point, applications, places
from gtpipe.history.named_changes import (
    CATEGORY,
    CHANGED,
    CODE,
    FOCUSED_CODE,
    GONE,
    IN,
    JUDGEMENT,
    LOOK,
    MEMO,
    MERGED,
    MOVED,
    NEGATIVE,
    NEW,
    OUT,
    PARKED,
    PROBABLY,
    PROBABLY_MERGED,
    PROBABLY_SPLIT,
    RELATION,
    RENAMED,
    SPLIT,
    UNPARKED,
    EntryChange,
)
from gtpipe.model.level import FOCUSED, INITIAL, Level
from gtpipe.model.names import one_line
from gtpipe.model.plural import count
from gtpipe.text.worddiff import difference

_ORDER = (
    RENAMED,
    PROBABLY,
    MERGED,
    PROBABLY_MERGED,
    SPLIT,
    PROBABLY_SPLIT,
    NEW,
    GONE,
    CHANGED,
    PARKED,
    UNPARKED,
    MOVED,
    IN,
    OUT,
)
SHOWN = 10  # incidents of one list
_LISTS = {  # field → what is said of something that came into it, and that went
    "takes-up": ("takes up", "no longer takes up"),
    "judged": ("judged to belong", "no longer judged to belong"),
    "left": ("looked at and left out", "no longer left out"),
    "incidents": ("incident added", "incident taken out"),
    "does-not-fit": ("does not fit, added", "does not fit, taken out"),
    "properties": ("position added", "position taken out"),
    "focused": ("holds", "no longer holds"),
    "support": ("support added", "support taken out"),
    "contradict": ("contradicting, added", "contradicting, taken out"),
    "modified": ("modified by it", "no longer modified by it"),
}


class Section(NamedTuple):
    title: str
    points: tuple[Point, ...]


def sections(changes: Changes, extracts: bool = False) -> list[Section]:
    """What changed, in sections; empty ones are left out. With `extracts` every application is told
    with its words.
    """
    sections = [
        Section("Codes", tuple(_named(changes, CODE))),
        Section("Applications", tuple(applications(changes, extracts))),
        Section("Focused codes", tuple(_named(changes, FOCUSED_CODE))),
        Section(
            "Theory",
            tuple(
                point
                for what in (CATEGORY, RELATION, NEGATIVE, LOOK, JUDGEMENT)
                for point in _named(changes, what)
            ),
        ),
        Section(
            "Memos", tuple(_memo(change) for change in changes.entry_changes if change.what == MEMO)
        ),
        Section("Transcripts", tuple(transcript_change(one) for one in changes.transcripts)),
    ]
    return [section for section in sections if section.points]


def _quoted(labels: Iterable[str]) -> str:
    return ", ".join(f'"{label}"' for label in labels)


def _applied(number: int) -> str:
    return f" ({count(number, 'application')})" if number else ""


def _had(change: EntryChange) -> str:
    return f" (had {count(change.applications, 'application')})" if change.applications else ""


# --- what has a name ------------------------------------------------------------------------------


def _named(changes: Changes, what: str) -> list[Point]:
    entry_changes = sorted(
        (change for change in changes.entry_changes if change.what == what),
        key=lambda change: _ORDER.index(change.kind),
    )
    fresh = {change.label: change for change in entry_changes if change.kind == NEW}
    points = []
    bare = [
        change
        for change in fresh.values()
        if not change.after and not _details(change, entry_changes)
    ]
    for change in entry_changes:
        if change.kind == NEW:
            if change not in bare:
                about = f": {one_line(change.after)}" if change.after else ""
                points.append(
                    Point(
                        _mark(change),
                        f"{_name(change)}{_applied(change.applications)}{about}",
                        _details(change, entry_changes),
                    )
                )
            elif change is bare[0]:
                points.append(
                    Point(
                        _mark(change),
                        ", ".join(f"{_name(one)}{_applied(one.applications)}" for one in bare),
                    )
                )
        elif change.kind == GONE and what in (CODE, FOCUSED_CODE):
            gone = [one for one in entry_changes if one.kind == GONE]
            if change is gone[0]:
                points.append(
                    Point(_mark(change), ", ".join(f"{_name(one)}{_had(one)}" for one in gone))
                )
        elif change.label not in fresh or change.kind == MOVED:
            points.append(_point(change, changes))
    return points


def _details(change: EntryChange, entry_changes: Sequence[EntryChange]) -> tuple[str, ...]:
    """What else is told of something new."""
    found = []
    for other in entry_changes:
        if other.label == change.label and other.kind == CHANGED:
            found.append(f"{other.field}: {one_line(other.after)}")
        elif other.label == change.label and other.kind == PARKED:
            found.append(f"parked: {other.after or 'no reason given'}")
        elif other.label == change.label and other.kind == IN:
            found.append(f"{_LISTS[other.field][0]}: {'; '.join(other.others)}")
    return tuple(found)


def _mark(change: EntryChange) -> str:
    if change.kind == CHANGED and change.what in (CODE, FOCUSED_CODE):
        return how(change)
    shorter = {
        PROBABLY: RENAMED,
        PROBABLY_MERGED: MERGED,
        PROBABLY_SPLIT: SPLIT,
        IN: CHANGED,
        OUT: CHANGED,
    }
    return shorter.get(change.kind, change.kind)


def how(change: EntryChange) -> str:
    """What became of a field: `defined`, `redefined`, `undefined`, and the like for those in
    `HOW`; `changed` for any other.
    """
    come, changed, gone = HOW.get(change.field, (CHANGED,) * 3)
    return come if not change.before else gone if not change.after else changed


HOW = {  # field → what it is that it is filled, that it changed, that it was emptied
    "definition": ("defined", "redefined", "undefined"),
    "number": ("numbered", "renumbered", "without a number"),
    "status": ("provisional", CHANGED, "settled"),
    "notes": ("noted", "noted", "notes taken out"),
}


def _name(change: EntryChange) -> str:
    """What has changed, by its label in quotation marks; without one, by its sentence or place."""
    if change.what in (CODE, FOCUSED_CODE):
        return f'"{change.label}"'
    return (
        f'category "{change.label}"'
        if change.what == CATEGORY
        else f"{change.what}: {change.label}"
    )


def _point(change: EntryChange, changes: Changes) -> Point:
    mark, label = _mark(change), _name(change)
    if change.kind == RENAMED:
        return Point(
            mark, f"{_quoted(change.others)} is now {label}{_applied(change.applications)}"
        )
    if change.kind == PROBABLY:
        return Point(mark, f"{_quoted(change.others)} is probably now {label}{_shared(change)}")
    if change.kind == MERGED:
        return Point(
            mark,
            f"{_quoted(change.others)} into {label}{_applied(change.applications)}",
            _together(change, changes),
        )
    if change.kind == PROBABLY_MERGED:
        sections = f"{_they_were(change)} probably merged into {label}{_shared(change)}"
        return Point(mark, sections, _together(change, changes))
    if change.kind == PROBABLY_SPLIT and _goes_on(change, changes):
        return Point(mark, f"{_they_were(change)} probably split off from {label}{_shared(change)}")
    if change.kind == PROBABLY_SPLIT:
        others = _quoted(change.others)
        return Point(mark, f"{label} was probably split into {others}{_shared(change)}")
    if change.kind == SPLIT:
        return Point(mark, f"{label}{_applied(change.applications)} into {_quoted(change.others)}")
    if change.kind in (NEW, GONE):
        return Point(mark, label)
    if change.kind == PARKED:
        return Point(mark, f"{label}: {one_line(change.after) or 'no reason given'}")
    if change.kind == UNPARKED:
        return Point(
            mark,
            f"{label}" + (f" (was parked: {one_line(change.before)})" if change.before else ""),
        )
    if change.kind == MOVED:
        return Point(mark, f'{_quoted(change.others)} from "{change.before}" to "{change.after}"')
    if change.kind in (IN, OUT):
        listed = (
            _quoted(change.others)
            if change.field in ("takes-up", "focused", "modified")
            else "; ".join(change.others[:SHOWN])
            + (f"; and {len(change.others) - SHOWN} more" if len(change.others) > SHOWN else "")
        )
        return Point(mark, f"{label}: {_LISTS[change.field][change.kind == OUT]} {listed}")
    return Point(mark, f"{label}{_field(change)}")


def by_hand(changes: Changes, level: Level) -> list[str]:
    """What was probably renamed, merged or split, of the codes of a level, in words."""
    what = FOCUSED_CODE if level == FOCUSED else CODE
    return [
        _point(change, changes).text
        for change in changes.entry_changes
        if change.what == what and change.kind in (PROBABLY, PROBABLY_MERGED, PROBABLY_SPLIT)
    ]


def _they_were(change: EntryChange) -> str:
    return f"{_quoted(change.others)} {'was' if len(change.others) == 1 else 'were'}"


def _goes_on(change: EntryChange, changes: Changes) -> bool:
    """Whether a code is still there, under its label or another."""
    level = FOCUSED if change.what == FOCUSED_CODE else INITIAL
    return change.label in changes.new.labels[level] or change.label in changes.leads[level]


def _field(change: EntryChange) -> str:
    told = ("definition", "notes")  # by the mark in front
    field = f", {change.field}"
    if change.field in told and change.what in (CODE, FOCUSED_CODE):
        field = ""
    if change.field == "status":
        return ""
    if change.field == "number":
        return f": {' → '.join(filter(None, (change.before, change.after)))}"
    if not change.before:
        return f"{field}: {one_line(change.after)}"
    if not change.after:
        return f"{field} taken out: {one_line(change.before)}"
    return f"{field}: {difference(change.before, change.after)}"


def _shared(change: EntryChange) -> str:
    if change.shared is None:
        return ""
    if not change.shared[1]:
        return ": same definition"
    what = "applications" if change.what == CODE else "codes, incidents and applications"
    return f": {change.shared[0]:,} of {change.shared[1]:,} {what} in common"


def _together(change: EntryChange, changes: Changes) -> tuple[str, ...]:
    level = FOCUSED if change.what == FOCUSED_CODE else INITIAL
    fell = [
        one
        for one in changes.codings
        if one.kind == TOGETHER and (one.at.level, one.at.label) == (level, change.label)
    ]
    if not fell:
        return ()
    where = places([one.at for one in fell], changes)
    return (f"{count(len(fell), 'application')} fell together with another at {where}",)


def _memo(change: EntryChange) -> Point:
    mark = {NEW: "written", GONE: "gone"}.get(change.kind, CHANGED)
    about = f", about {'; '.join(change.others)}" if change.others else ""
    field = f" ({change.field})" if change.kind == CHANGED else ""
    return Point(mark, f'"{one_line(change.after)}"{field}{about}')


def transcript_change(one: TranscriptChange) -> Point:
    """What happened to a transcript."""
    if one.kind != "changed":
        return Point(one.kind, f"interview {one.interview}")
    said = []
    for turns, before, after in (
        (one.corrected, "of", " corrected"),
        (one.added, "added to", ""),
        (one.gone, "taken out of", ""),
    ):
        if turns:
            which = f": {', '.join(turns)}" if len(turns) <= MOST_PLACES else ""
            said.append(f"{count(len(turns), 'turn')} {before} {one.interview}{after}{which}")
    return Point("changed", "; ".join(said))
