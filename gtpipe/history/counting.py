"""Changes counted, in a line or two with names: `+3 codes (a, b, c), 1 code renamed (d → e), 12 applications added`. Pure."""

from __future__ import annotations

from collections.abc import Iterable

from gtpipe.history.changes import ADDED, NOTED, RECODED, REMOVED, RETIED, TOGETHER, Changes
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
from gtpipe.history.wording import how, number, spoken
from gtpipe.model.records import FOCUSED, INITIAL, label_order, one_line

MOST_NAMES = 6
FEW = 3  # codes that are named behind a count of applications
_THEORY = (
    (CATEGORY, "categories"),
    (RELATION, ""),
    (NEGATIVE, ""),
    (LOOK, "looks for negative cases"),
    (JUDGEMENT, ""),
)


def totals(changes: Changes) -> str:
    """How many codes, applications and focused codes there were and are, where that changed: `codes 31 → 34`."""
    pairs = [
        ("codes", *(len(version.labels[INITIAL]) for version in (changes.old, changes.new))),
        (
            "applications",
            *(sum(version.used[INITIAL].values()) for version in (changes.old, changes.new)),
        ),
        (
            "focused codes",
            *(len(version.labels[FOCUSED]) for version in (changes.old, changes.new)),
        ),
    ]
    return ", ".join(
        f"{name} {before:,} → {after:,}" for name, before, after in pairs if before != after
    )


def phrases(changes: Changes) -> list[str]:
    """What changed, counted and named, a line each for codes and their applications, focused codes, theory and transcripts.

    Like `+3 codes (a, b, c), 1 code renamed (d → e), 12 applications added`. Memos that were written are not among them.
    """
    focused = [thing for thing in changes.things if thing.what == FOCUSED_CODE]
    memos = [thing for thing in changes.things if thing.what == MEMO and thing.kind != NEW]
    lines = (
        [*_counted(changes, CODE), *_counted_applications(changes)],
        [*_counted(changes, FOCUSED_CODE), *_taken_up(focused)],
        [phrase for what, more in _THEORY for phrase in _counted(changes, what, more)],
        [
            f"{number(len(group), 'memo')} {kind}{_listed([_clear(one_line(memo.after)) for memo in group])}"
            for kind in (CHANGED, GONE)
            if (group := [memo for memo in memos if memo.kind == kind])
        ],
        _counted_transcripts(changes),
    )
    return [", ".join(line) for line in lines if line]


def _counted(changes: Changes, what: str, more: str = "") -> list[str]:
    things = [thing for thing in changes.things if thing.what == what]
    found = []

    def tell(labels: list[str], how: str, before: bool = False) -> None:
        if labels:
            names = (
                "" if what in (RELATION, NEGATIVE, LOOK) and len(labels) > 1 else _listed(labels)
            )
            counted = number(len(labels), what, more)
            found.append(f"{how}{counted}{names}" if before else f"{counted} {how}{names}")

    new = [thing.label for thing in things if thing.kind == NEW]
    as_told = str if what in (RELATION, NEGATIVE, LOOK) else _clear
    tell([as_told(label) for label in new], "+", before=True)
    tell([as_told(thing.label) for thing in things if thing.kind == GONE], "-", before=True)
    for kind in (RENAMED, PROBABLY, MERGED, PROBABLY_MERGED):
        tell(
            [f"{_joined(one.others)} → {_clear(one.label)}" for one in things if one.kind == kind],
            kind,
        )
    for kind in (SPLIT, PROBABLY_SPLIT):
        tell(
            [f"{_clear(one.label)} → {_joined(one.others)}" for one in things if one.kind == kind],
            kind,
        )
    verbs: dict[str, dict[str, None]] = {
        "defined": {},
        "redefined": {},
        "undefined": {},
        PARKED: {},
        UNPARKED: {},
        "changed": {},
    }
    for thing in things:
        if (
            thing.label not in new
            and thing.kind in (CHANGED, PARKED, UNPARKED, IN, OUT)
            and thing.field != "takes-up"
        ):
            verb = (
                how(thing)
                if thing.kind == CHANGED
                else "changed"
                if thing.kind in (IN, OUT)
                else thing.kind
            )
            verbs[verb][thing.label] = None
    for verb, labels in verbs.items():
        tell([as_told(label) for label in labels], verb)
    return found


def _clear(label: str) -> str:
    """A label as it may stand between commas."""
    return f'"{label}"' if any(mark in label for mark in ",;→()") else label


def _joined(labels: Iterable[str]) -> str:
    return ", ".join(map(_clear, labels))


def _listed(labels: list[str]) -> str:
    between = "; " if any(", " in label for label in labels) else ", "
    rest = f" and {len(labels) - MOST_NAMES} more" if len(labels) > MOST_NAMES + 1 else ""
    return f" ({between.join(labels[:MOST_NAMES] if rest else labels)}{rest})"


def _taken_up(things: list[Thing]) -> list[str]:
    found = []
    for thing in things:
        if thing.field != "takes-up":
            continue
        how = {
            IN: f"taken up by {thing.label}",
            OUT: f"no longer taken up by {thing.label}",
            MOVED: f"moved from {thing.before} to {thing.after}",
        }[thing.kind]
        few = len(thing.others) <= MOST_NAMES
        found.append(f"{_joined(thing.others) if few else number(len(thing.others), 'code')} {how}")
    return found


def _counted_applications(changes: Changes) -> list[str]:
    words = {
        ADDED: "added",
        REMOVED: "removed",
        RECODED: "recoded",
        RETIED: "tied to other words",
        TOGETHER: "fell together",
        NOTED: "with another note",
    }
    telling = (NEW, GONE, MERGED, PROBABLY_MERGED)
    named = {
        thing.label
        for thing in changes.things
        if thing.what in (CODE, FOCUSED_CODE) and thing.kind in telling
    }
    found = []
    for kind, verb in words.items():
        group = [one for one in changes.applications if one.kind == kind]
        labels = sorted({one.at.label for one in group}, key=label_order)
        names = (
            _listed([_clear(label) for label in labels])
            if len(labels) <= FEW and not named.issuperset(labels)
            else ""
        )
        found += [f"{number(len(group), 'application')} {verb}{names}"] if group else []
    return found


def _counted_transcripts(changes: Changes) -> list[str]:
    new, gone = (
        [one.interview for one in changes.transcripts if one.kind == kind]
        for kind in ("new", "gone")
    )
    found = [
        f"{sign}{number(len(group), 'interview')}{_listed(group)}"
        for sign, group in (("+", new), ("-", gone))
        if group
    ]
    return found + [spoken(one)[1] for one in changes.transcripts if one.kind == "changed"]
