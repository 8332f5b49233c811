"""Changes in words: sections of points for a person, Markdown for a memo or a mail, plain data for
a program. Pure.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
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
    TranscriptChange,
)
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
from gtpipe.history.versions import Version
from gtpipe.model.level import FOCUSED, INITIAL, Level
from gtpipe.model.names import label_order, natural, one_line
from gtpipe.model.plural import count
from gtpipe.model.records import Interview, Turn
from gtpipe.text.markdown import plain
from gtpipe.text.worddiff import difference

MOST_PLACES = 12  # of one code, before the rest is counted
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
_LISTS = {  # field → what is said of something that came into it, and that went
    "takes-up": ("takes up", "no longer takes up"),
    "incidents": ("incident added", "incident taken out"),
    "does-not-fit": ("does not fit, added", "does not fit, taken out"),
    "focused": ("holds", "no longer holds"),
    "support": ("support added", "support taken out"),
    "contradict": ("contradicting, added", "contradicting, taken out"),
    "modified": ("modified by it", "no longer modified by it"),
}


class Point(NamedTuple):
    """One thing to tell: a word for its kind in front, the words, and what belongs under it."""

    mark: str
    text: str
    under: tuple[str, ...] = ()


class Section(NamedTuple):
    title: str
    points: tuple[Point, ...]


def sections(changes: Changes, extracts: bool = False) -> list[Section]:
    """What changed, in sections; empty ones are left out. With `extracts` every application is told
    with its words.
    """
    sections = [
        Section("Codes", tuple(_named(changes, CODE))),
        Section("Applications", tuple(_applications(changes, extracts))),
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
    """What became of a field: `defined`, `redefined`, `undefined`; `changed` for any but the
    definition.
    """
    if change.field != "definition":
        return CHANGED
    return "defined" if not change.before else "undefined" if not change.after else "redefined"


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
            else "; ".join(change.others)
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
    field = (
        ""
        if change.field == "definition" and change.what in (CODE, FOCUSED_CODE)
        else f", {change.field}"
    )
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


# --- applications ---------------------------------------------------------------------------------


def label_of(coding: ComparedCoding) -> str:
    return f'"{"focused: " if coding.level == FOCUSED else ""}{coding.label}"'


def _applications(changes: Changes, extracts: bool) -> list[Point]:
    groups: dict[tuple[str, str], list[CodingChange]] = {}
    merged = {
        (change.what, change.label)
        for change in changes.entry_changes
        if change.kind in (MERGED, PROBABLY_MERGED)
    }
    for one in changes.codings:
        if (
            one.kind == TOGETHER
            and (FOCUSED_CODE if one.at.level == FOCUSED else CODE, one.at.label) in merged
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


# --- for a mail, and for programs -----------------------------------------------------------------


def markdown(title: str, sections: list[Section]) -> str:
    """The sections as Markdown; what people wrote is shown as they typed it."""
    lines = [f"## {plain(title)}", ""]
    for section in sections:
        lines += [f"### {section.title}", ""]
        for point in section.points:
            lines.append(f"- **{point.mark}** {plain(point.text)}")
            lines += [f"  - {plain(line)}" for line in point.under]
        lines.append("")
    return "\n".join(lines).rstrip("\n") + "\n"


def as_data(changes: Changes) -> dict[str, object]:
    """Everything, as JSON holds it: `things` are changes of entries, `applications` changes of
    codings.
    """
    return {
        "things": [
            {
                "what": change.what,
                "kind": change.kind,
                "label": change.label,
                "others": list(change.others),
                "field": change.field,
                "before": change.before,
                "after": change.after,
                "shared": list(change.shared) if change.shared else None,
                "count": change.applications,
            }
            for change in changes.entry_changes
        ],
        "applications": [
            {
                "kind": one.kind,
                "interview": one.at.interview,
                "turn": one.at.turn,
                "participant": participant(one.at, changes),
                "coder": ((changes.new.first and changes.new) or changes.old).coder(one.at.coder),
                "level": one.at.level,
                "before": None
                if one.before is None
                else {"label": one.before.label, "words": one.before.words},
                "after": None
                if one.after is None
                else {"label": one.after.label, "words": one.after.words},
                "note": one.note,
            }
            for one in changes.codings
        ],
        "transcripts": [
            {
                "interview": one.interview,
                "kind": one.kind,
                "corrected": list(one.corrected),
                "added": list(one.added),
                "gone": list(one.gone),
            }
            for one in changes.transcripts
        ],
    }
