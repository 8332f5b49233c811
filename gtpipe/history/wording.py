"""Changes in words: sections of points for a person, Markdown for a memo or a mail, plain data for a program. Pure."""

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
    Application,
    Applied,
    Changes,
    Spoken,
)
from gtpipe.history.records import (
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
    Thing,
)
from gtpipe.history.versions import Version
from gtpipe.model.level import Level
from gtpipe.model.records import FOCUSED, INITIAL, label_order, natural, one_line
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


def told(changes: Changes, extracts: bool = False) -> list[Section]:
    """What changed, in sections; empty ones are left out. With `extracts` every application is told with its words."""
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
        Section("Memos", tuple(_memo(thing) for thing in changes.things if thing.what == MEMO)),
        Section("Transcripts", tuple(spoken(one) for one in changes.transcripts)),
    ]
    return [section for section in sections if section.points]


def number(count: int, one: str, more: str = "") -> str:
    return f"{count:,} {one}" if count == 1 else f"{count:,} {more or one + 's'}"


def _quoted(labels: Iterable[str]) -> str:
    return ", ".join(f'"{label}"' for label in labels)


def _applied(count: int) -> str:
    return f" ({number(count, 'application')})" if count else ""


def _had(thing: Thing) -> str:
    return f" (had {number(thing.count, 'application')})" if thing.count else ""


# --- what has a name -------------------------------------------------------------------------------------------------


def _named(changes: Changes, what: str) -> list[Point]:
    things = sorted(
        (thing for thing in changes.things if thing.what == what),
        key=lambda thing: _ORDER.index(thing.kind),
    )
    fresh = {thing.label: thing for thing in things if thing.kind == NEW}
    points = []
    bare = [thing for thing in fresh.values() if not thing.after and not _details(thing, things)]
    for thing in things:
        if thing.kind == NEW:
            if thing not in bare:
                about = f": {one_line(thing.after)}" if thing.after else ""
                points.append(
                    Point(
                        _mark(thing),
                        f"{_name(thing)}{_applied(thing.count)}{about}",
                        _details(thing, things),
                    )
                )
            elif thing is bare[0]:
                points.append(
                    Point(
                        _mark(thing),
                        ", ".join(f"{_name(one)}{_applied(one.count)}" for one in bare),
                    )
                )
        elif thing.kind == GONE and what in (CODE, FOCUSED_CODE):
            gone = [one for one in things if one.kind == GONE]
            if thing is gone[0]:
                points.append(
                    Point(_mark(thing), ", ".join(f"{_name(one)}{_had(one)}" for one in gone))
                )
        elif thing.label not in fresh or thing.kind == MOVED:
            points.append(_point(thing, changes))
    return points


def _details(thing: Thing, things: Sequence[Thing]) -> tuple[str, ...]:
    """What else is told of something new."""
    found = []
    for other in things:
        if other.label == thing.label and other.kind == CHANGED:
            found.append(f"{other.field}: {one_line(other.after)}")
        elif other.label == thing.label and other.kind == PARKED:
            found.append(f"parked: {other.after or 'no reason given'}")
        elif other.label == thing.label and other.kind == IN:
            found.append(f"{_LISTS[other.field][0]}: {'; '.join(other.others)}")
    return tuple(found)


def _mark(thing: Thing) -> str:
    if thing.kind == CHANGED and thing.what in (CODE, FOCUSED_CODE):
        return how(thing)
    shorter = {
        PROBABLY: RENAMED,
        PROBABLY_MERGED: MERGED,
        PROBABLY_SPLIT: SPLIT,
        IN: CHANGED,
        OUT: CHANGED,
    }
    return shorter.get(thing.kind, thing.kind)


def how(thing: Thing) -> str:
    """What became of a field: `defined`, `redefined`, `undefined`; `changed` for any but the definition."""
    if thing.field != "definition":
        return CHANGED
    return "defined" if not thing.before else "undefined" if not thing.after else "redefined"


def _name(thing: Thing) -> str:
    """What a thing is called: a label in quotation marks; what has none, by its sentence or place."""
    if thing.what in (CODE, FOCUSED_CODE):
        return f'"{thing.label}"'
    return f'category "{thing.label}"' if thing.what == CATEGORY else f"{thing.what}: {thing.label}"


def _point(thing: Thing, changes: Changes) -> Point:
    mark, label = _mark(thing), _name(thing)
    if thing.kind == RENAMED:
        return Point(mark, f"{_quoted(thing.others)} is now {label}{_applied(thing.count)}")
    if thing.kind == PROBABLY:
        return Point(mark, f"{_quoted(thing.others)} is probably now {label}{_shared(thing)}")
    if thing.kind == MERGED:
        return Point(
            mark,
            f"{_quoted(thing.others)} into {label}{_applied(thing.count)}",
            _together(thing, changes),
        )
    if thing.kind == PROBABLY_MERGED:
        told = f"{_they_were(thing)} probably merged into {label}{_shared(thing)}"
        return Point(mark, told, _together(thing, changes))
    if thing.kind == PROBABLY_SPLIT and _goes_on(thing, changes):
        return Point(mark, f"{_they_were(thing)} probably split off from {label}{_shared(thing)}")
    if thing.kind == PROBABLY_SPLIT:
        others = _quoted(thing.others)
        return Point(mark, f"{label} was probably split into {others}{_shared(thing)}")
    if thing.kind == SPLIT:
        return Point(mark, f"{label}{_applied(thing.count)} into {_quoted(thing.others)}")
    if thing.kind in (NEW, GONE):
        return Point(mark, label)
    if thing.kind == PARKED:
        return Point(mark, f"{label}: {one_line(thing.after) or 'no reason given'}")
    if thing.kind == UNPARKED:
        return Point(
            mark, f"{label}" + (f" (was parked: {one_line(thing.before)})" if thing.before else "")
        )
    if thing.kind == MOVED:
        return Point(mark, f'{_quoted(thing.others)} from "{thing.before}" to "{thing.after}"')
    if thing.kind in (IN, OUT):
        listed = (
            _quoted(thing.others)
            if thing.field in ("takes-up", "focused", "modified")
            else "; ".join(thing.others)
        )
        return Point(mark, f"{label}: {_LISTS[thing.field][thing.kind == OUT]} {listed}")
    return Point(mark, f"{label}{_field(thing)}")


def by_hand(changes: Changes, level: Level) -> list[str]:
    """What was probably renamed, merged or split, of the codes of a level, in words."""
    what = FOCUSED_CODE if level == FOCUSED else CODE
    return [
        _point(thing, changes).text
        for thing in changes.things
        if thing.what == what and thing.kind in (PROBABLY, PROBABLY_MERGED, PROBABLY_SPLIT)
    ]


def _they_were(thing: Thing) -> str:
    return f"{_quoted(thing.others)} {'was' if len(thing.others) == 1 else 'were'}"


def _goes_on(thing: Thing, changes: Changes) -> bool:
    """Whether a code is still there, under its label or another."""
    level = FOCUSED if thing.what == FOCUSED_CODE else INITIAL
    return thing.label in changes.new.labels[level] or thing.label in changes.leads[level]


def _field(thing: Thing) -> str:
    field = (
        ""
        if thing.field == "definition" and thing.what in (CODE, FOCUSED_CODE)
        else f", {thing.field}"
    )
    if not thing.before:
        return f"{field}: {one_line(thing.after)}"
    if not thing.after:
        return f"{field} taken out: {one_line(thing.before)}"
    return f"{field}: {difference(thing.before, thing.after)}"


def _shared(thing: Thing) -> str:
    if thing.shared is None:
        return ""
    if not thing.shared[1]:
        return ": same definition"
    what = "applications" if thing.what == CODE else "codes, incidents and applications"
    return f": {thing.shared[0]:,} of {thing.shared[1]:,} {what} in common"


def _together(thing: Thing, changes: Changes) -> tuple[str, ...]:
    level = FOCUSED if thing.what == FOCUSED_CODE else INITIAL
    fell = [
        one
        for one in changes.applications
        if one.kind == TOGETHER and (one.at.level, one.at.label) == (level, thing.label)
    ]
    if not fell:
        return ()
    return (
        f"{number(len(fell), 'application')} fell together with another at {places([one.at for one in fell], changes)}",
    )


def _memo(thing: Thing) -> Point:
    mark = {NEW: "written", GONE: "gone"}.get(thing.kind, CHANGED)
    about = f", about {'; '.join(thing.others)}" if thing.others else ""
    field = f" ({thing.field})" if thing.kind == CHANGED else ""
    return Point(mark, f'"{one_line(thing.after)}"{field}{about}')


# --- applications ----------------------------------------------------------------------------------------------------


def label_of(application: Application) -> str:
    return f'"{"focused: " if application.level == FOCUSED else ""}{application.label}"'


def _applications(changes: Changes, extracts: bool) -> list[Point]:
    groups: dict[tuple[str, str], list[Applied]] = {}
    merged = {
        (thing.what, thing.label)
        for thing in changes.things
        if thing.kind in (MERGED, PROBABLY_MERGED)
    }
    for one in changes.applications:
        if (
            one.kind == TOGETHER
            and (FOCUSED_CODE if one.at.level == FOCUSED else CODE, one.at.label) in merged
        ):
            continue
        name = (
            f"{label_of(one.before)} → {label_of(one.after)}"
            if one.kind == RECODED
            else label_of(one.at)
        )
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


def participant(application: Application, changes: Changes) -> str:
    """Who speaks at the place, '' where that cannot be told."""
    for version in (changes.new, changes.old):
        interview = version.interviews.get(application.interview)
        turn = interview.turn(application.turn) if interview else None
        if turn is not None:
            return interview.participant(turn)
    return ""


def _who(application: Application, changes: Changes) -> str:
    """The participant, where the interview's name does not say it already."""
    name = participant(application, changes)
    return "" if name == application.interview else name


def _several(changes: Changes) -> bool:
    return changes.old.has_several_coders or changes.new.has_several_coders


def _coder(application: Application, changes: Changes) -> str:
    version: Version = changes.new if changes.new.first else changes.old
    return version.coder(application.coder) if _several(changes) else ""


def places(applications: list[Application], changes: Changes) -> str:
    """`jim 2, 4; eve 6 (KR)`: turns by interview, with the participant where the interview is not named after them."""
    ordered = sorted(
        applications, key=lambda one: (natural(one.interview), one.coder, natural(one.turn))
    )
    shown = ordered if len(ordered) <= MOST_PLACES + 2 else ordered[:MOST_PLACES]
    groups: dict[tuple[str, str, str], list[str]] = {}
    for one in shown:
        groups.setdefault((one.interview, _who(one, changes), _coder(one, changes)), []).append(
            one.turn
        )
    said = []
    for (interview, who, coder), turns in groups.items():
        beside = ", ".join(part for part in (who, coder and f"coded by {coder}") if part)
        said.append(f"{interview} {', '.join(turns)}" + (f" ({beside})" if beside else ""))
    rest = ordered[len(shown) :]
    if rest:
        interviews = len({one.interview for one in rest})
        said.append(f"and {len(rest):,} more in {number(interviews, 'interview')}")
    return "; ".join(said)


def _extract(one: Applied, changes: Changes) -> str:
    at = one.at
    beside = ", ".join(
        part
        for part in (_who(at, changes), _coder(at, changes) and f"coded by {_coder(at, changes)}")
        if part
    )
    head = f"{at.interview} {at.turn}" + (f" ({beside})" if beside else "")
    if one.kind == RETIED:
        was, now = (
            f'"{end.words}"' if end.words is not None else "the whole turn"
            for end in (one.before, one.after)
        )
        return f"{head}: {was} → {now}"
    if one.kind == NOTED:
        return f"{head}: {one_line(one.note) or 'no note any more'}"
    return f"{head}: {words_at(at, changes, old=one.after is None)}"


def words_at(application: Application, changes: Changes, old: bool) -> str:
    """The stretch, or what was said in the turn."""
    if application.words is not None:
        return f'"{application.words}"'
    for version in (changes.old, changes.new) if old else (changes.new, changes.old):
        interview = version.interviews.get(application.interview)
        turn = interview.turn(application.turn) if interview else None
        if turn is not None:
            return f'"{one_line(turn.text)}"'
    return "(this turn cannot be found)"


def spoken(one: Spoken) -> Point:
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
            said.append(f"{number(len(turns), 'turn')} {before} {one.interview}{after}{which}")
    return Point("changed", "; ".join(said))


# --- for a mail, and for programs ------------------------------------------------------------------------------------


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


def as_data(changes: Changes) -> dict:
    """Everything, as JSON holds it. `things` are named things, `applications` with place, participant and coder."""
    return {
        "things": [
            {
                "what": thing.what,
                "kind": thing.kind,
                "label": thing.label,
                "others": list(thing.others),
                "field": thing.field,
                "before": thing.before,
                "after": thing.after,
                "shared": list(thing.shared) if thing.shared else None,
                "count": thing.count,
            }
            for thing in changes.things
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
            for one in changes.applications
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
