"""Changes in words: sections of points for a person. Pure; `render.history` lays them out."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from gtpipe.history.changes import TOGETHER, Changes, TranscriptChange
from gtpipe.history.coding_wording import MOST_PLACES, Point, applications, places
from gtpipe.history.named_changes import EntryChange, Kind, What
from gtpipe.model.level import FOCUSED, INITIAL, Level
from gtpipe.model.names import one_line
from gtpipe.model.plural import count
from gtpipe.text.worddiff import difference

_ORDER = (
    Kind.RENAMED,
    Kind.PROBABLY,
    Kind.MERGED,
    Kind.PROBABLY_MERGED,
    Kind.SPLIT,
    Kind.PROBABLY_SPLIT,
    Kind.NEW,
    Kind.GONE,
    Kind.CHANGED,
    Kind.PARKED,
    Kind.UNPARKED,
    Kind.MOVED,
    Kind.IN,
    Kind.OUT,
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
        Section("Codes", tuple(_named(changes, What.CODE))),
        Section("Applications", tuple(applications(changes, extracts))),
        Section("Focused codes", tuple(_named(changes, What.FOCUSED_CODE))),
        Section(
            "Theory",
            tuple(
                point
                for what in (What.CATEGORY, What.RELATION, What.NEGATIVE, What.LOOK, What.JUDGEMENT)
                for point in _named(changes, what)
            ),
        ),
        Section(
            "Memos",
            tuple(_memo(change) for change in changes.entry_changes if change.what == What.MEMO),
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


def _named(changes: Changes, what: What) -> list[Point]:
    entry_changes = sorted(
        (change for change in changes.entry_changes if change.what == what),
        key=lambda change: _ORDER.index(change.kind),
    )
    fresh = {change.label: change for change in entry_changes if change.kind == Kind.NEW}
    points = []
    bare = [
        change
        for change in fresh.values()
        if not change.after and not _details(change, entry_changes)
    ]
    for change in entry_changes:
        if change.kind == Kind.NEW:
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
        elif change.kind == Kind.GONE and what in (What.CODE, What.FOCUSED_CODE):
            gone = [one for one in entry_changes if one.kind == Kind.GONE]
            if change is gone[0]:
                points.append(
                    Point(_mark(change), ", ".join(f"{_name(one)}{_had(one)}" for one in gone))
                )
        elif change.label not in fresh or change.kind == Kind.MOVED:
            points.append(_point(change, changes))
    return points


def _details(change: EntryChange, entry_changes: Sequence[EntryChange]) -> tuple[str, ...]:
    """What else is told of something new."""
    found = []
    for other in entry_changes:
        if other.label == change.label and other.kind == Kind.CHANGED:
            found.append(f"{other.field}: {one_line(other.after)}")
        elif other.label == change.label and other.kind == Kind.PARKED:
            found.append(f"parked: {other.after or 'no reason given'}")
        elif other.label == change.label and other.kind == Kind.IN:
            found.append(f"{_LISTS[other.field][0]}: {'; '.join(other.others)}")
    return tuple(found)


def _mark(change: EntryChange) -> str:
    if change.kind == Kind.CHANGED and change.what in (What.CODE, What.FOCUSED_CODE):
        return how(change)
    shorter = {
        Kind.PROBABLY: Kind.RENAMED,
        Kind.PROBABLY_MERGED: Kind.MERGED,
        Kind.PROBABLY_SPLIT: Kind.SPLIT,
        Kind.IN: Kind.CHANGED,
        Kind.OUT: Kind.CHANGED,
    }
    return shorter.get(change.kind, change.kind)


def how(change: EntryChange) -> str:
    """What became of a field: `defined`, `redefined`, `undefined`, and the like for those in
    `HOW`; `changed` for any other.
    """
    come, changed, gone = HOW.get(change.field, (Kind.CHANGED,) * 3)
    return come if not change.before else gone if not change.after else changed


HOW = {  # field → what it is that it is filled, that it changed, that it was emptied
    "definition": ("defined", "redefined", "undefined"),
    "number": ("numbered", "renumbered", "without a number"),
    "status": ("provisional", Kind.CHANGED, "settled"),
    "notes": ("noted", "noted", "notes taken out"),
}


def _name(change: EntryChange) -> str:
    """What has changed, by its label in quotation marks; without one, by its sentence or place."""
    if change.what in (What.CODE, What.FOCUSED_CODE):
        return f'"{change.label}"'
    return (
        f'category "{change.label}"'
        if change.what == What.CATEGORY
        else f"{change.what}: {change.label}"
    )


def _point(change: EntryChange, changes: Changes) -> Point:
    mark, label = _mark(change), _name(change)
    if change.kind == Kind.RENAMED:
        return Point(
            mark, f"{_quoted(change.others)} is now {label}{_applied(change.applications)}"
        )
    if change.kind == Kind.PROBABLY:
        return Point(mark, f"{_quoted(change.others)} is probably now {label}{_shared(change)}")
    if change.kind == Kind.MERGED:
        return Point(
            mark,
            f"{_quoted(change.others)} into {label}{_applied(change.applications)}",
            _together(change, changes),
        )
    if change.kind == Kind.PROBABLY_MERGED:
        sections = f"{_they_were(change)} probably merged into {label}{_shared(change)}"
        return Point(mark, sections, _together(change, changes))
    if change.kind == Kind.PROBABLY_SPLIT and _goes_on(change, changes):
        return Point(mark, f"{_they_were(change)} probably split off from {label}{_shared(change)}")
    if change.kind == Kind.PROBABLY_SPLIT:
        others = _quoted(change.others)
        return Point(mark, f"{label} was probably split into {others}{_shared(change)}")
    if change.kind == Kind.SPLIT:
        return Point(mark, f"{label}{_applied(change.applications)} into {_quoted(change.others)}")
    if change.kind in (Kind.NEW, Kind.GONE):
        return Point(mark, label)
    if change.kind == Kind.PARKED:
        return Point(mark, f"{label}: {one_line(change.after) or 'no reason given'}")
    if change.kind == Kind.UNPARKED:
        return Point(
            mark,
            f"{label}" + (f" (was parked: {one_line(change.before)})" if change.before else ""),
        )
    if change.kind == Kind.MOVED:
        return Point(mark, f'{_quoted(change.others)} from "{change.before}" to "{change.after}"')
    if change.kind in (Kind.IN, Kind.OUT):
        listed = (
            _quoted(change.others)
            if change.field in ("takes-up", "focused", "modified")
            else "; ".join(change.others[:SHOWN])
            + (f"; and {len(change.others) - SHOWN} more" if len(change.others) > SHOWN else "")
        )
        return Point(mark, f"{label}: {_LISTS[change.field][change.kind == Kind.OUT]} {listed}")
    return Point(mark, f"{label}{_field(change)}")


def by_hand(changes: Changes, level: Level) -> list[str]:
    """What was probably renamed, merged or split, of the codes of a level, in words."""
    what = What.FOCUSED_CODE if level == FOCUSED else What.CODE
    return [
        _point(change, changes).text
        for change in changes.entry_changes
        if change.what == what
        and change.kind in (Kind.PROBABLY, Kind.PROBABLY_MERGED, Kind.PROBABLY_SPLIT)
    ]


def _they_were(change: EntryChange) -> str:
    return f"{_quoted(change.others)} {'was' if len(change.others) == 1 else 'were'}"


def _goes_on(change: EntryChange, changes: Changes) -> bool:
    """Whether a code is still there, under its label or another."""
    level = FOCUSED if change.what == What.FOCUSED_CODE else INITIAL
    return change.label in changes.new.labels[level] or change.label in changes.leads[level]


def _field(change: EntryChange) -> str:
    told = ("definition", "notes")  # by the mark in front
    field = f", {change.field}"
    if change.field in told and change.what in (What.CODE, What.FOCUSED_CODE):
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
    what = "applications" if change.what == What.CODE else "codes, incidents and applications"
    return f": {change.shared[0]:,} of {change.shared[1]:,} {what} in common"


def _together(change: EntryChange, changes: Changes) -> tuple[str, ...]:
    level = FOCUSED if change.what == What.FOCUSED_CODE else INITIAL
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
    mark = {Kind.NEW: "written", Kind.GONE: "gone"}.get(change.kind, Kind.CHANGED)
    about = f", about {'; '.join(change.others)}" if change.others else ""
    field = f" ({change.field})" if change.kind == Kind.CHANGED else ""
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
