"""Changes counted, in a line or two with names: `+3 codes (a, b, c), 1 code renamed (d → e), 12
applications added`. Pure.
"""

from __future__ import annotations

from collections.abc import Iterable

from gtpipe.history.changes import ADDED, NOTED, RECODED, REMOVED, RETIED, TOGETHER, Changes
from gtpipe.history.named_changes import EntryChange, Kind, What
from gtpipe.history.wording import HOW, how, transcript_change
from gtpipe.model.level import FOCUSED, INITIAL
from gtpipe.model.names import label_order, one_line
from gtpipe.model.plural import count

MOST_NAMES = 6
FEW = 3  # codes that are named behind a count of applications
_THEORY = (
    (What.CATEGORY, "categories"),
    (What.RELATION, ""),
    (What.NEGATIVE, ""),
    (What.LOOK, "looks for negative cases"),
    (What.JUDGEMENT, ""),
)


def totals(changes: Changes) -> str:
    """How many codes, applications and focused codes there were and are, where that changed: `codes
    31 → 34`.
    """
    pairs = [
        ("codes", *(len(version.labels[INITIAL]) for version in (changes.old, changes.new))),
        (
            "applications",
            *(sum(version.used[INITIAL].values()) for version in (changes.old, changes.new)),
        ),
        (
            "codes with a number",
            *(
                sum(bool(code.number) for code in version.codebook.values())
                for version in (changes.old, changes.new)
            ),
        ),
        (FOCUSED.nouns, *(len(version.labels[FOCUSED]) for version in (changes.old, changes.new))),
    ]
    return ", ".join(
        f"{name} {before:,} → {after:,}" for name, before, after in pairs if before != after
    )


def phrases(changes: Changes) -> list[str]:
    """What changed, counted and named, a line each for codes and their applications, focused codes,
    theory and transcripts.

    Like `+3 codes (a, b, c), 1 code renamed (d → e), 12 applications added`. Memos that were
    written are not among them.
    """
    focused = [change for change in changes.entry_changes if change.what == What.FOCUSED_CODE]
    memos = [
        change
        for change in changes.entry_changes
        if change.what == What.MEMO and change.kind != Kind.NEW
    ]
    lines = (
        [*_counted(changes, What.CODE), *_counted_applications(changes)],
        [*_counted(changes, What.FOCUSED_CODE), *_taken_up(focused)],
        [phrase for what, more in _THEORY for phrase in _counted(changes, what, more)],
        [
            f"{count(len(titles), 'memo')} {kind}{_listed(titles)}"
            for kind in (Kind.CHANGED, Kind.GONE)
            if (titles := [_clear(one_line(memo.after)) for memo in memos if memo.kind == kind])
        ],
        _counted_transcripts(changes),
    )
    return [", ".join(line) for line in lines if line]


def _counted(changes: Changes, what: What, more: str = "") -> list[str]:
    entry_changes = [change for change in changes.entry_changes if change.what == what]
    found = []

    def tell(labels: list[str], how: str, before: bool = False) -> None:
        if labels:
            names = (
                ""
                if what in (What.RELATION, What.NEGATIVE, What.LOOK) and len(labels) > 1
                else _listed(labels)
            )
            counted = count(len(labels), what, more)
            found.append(f"{how}{counted}{names}" if before else f"{counted} {how}{names}")

    new = [change.label for change in entry_changes if change.kind == Kind.NEW]
    as_told = str if what in (What.RELATION, What.NEGATIVE, What.LOOK) else _clear
    tell([as_told(label) for label in new], "+", before=True)
    tell(
        [as_told(change.label) for change in entry_changes if change.kind == Kind.GONE],
        "-",
        before=True,
    )
    for kind in (Kind.RENAMED, Kind.PROBABLY, Kind.MERGED, Kind.PROBABLY_MERGED):
        tell(
            [
                f"{_joined(one.others)} → {_clear(one.label)}"
                for one in entry_changes
                if one.kind == kind
            ],
            kind,
        )
    for kind in (Kind.SPLIT, Kind.PROBABLY_SPLIT):
        tell(
            [
                f"{_clear(one.label)} → {_joined(one.others)}"
                for one in entry_changes
                if one.kind == kind
            ],
            kind,
        )
    verbs: dict[str, dict[str, None]] = {
        "defined": {},
        "redefined": {},
        "undefined": {},
        Kind.PARKED: {},
        Kind.UNPARKED: {},
        **{how: {} for hows in HOW.values() for how in hows},
    }
    taking_up = {change.label for change in entry_changes if change.field == "takes-up"}
    for change in entry_changes:
        if change.field == "judged" and change.label in taking_up:
            continue  # what the codes held came with them
        if (
            change.label not in new
            and change.kind in (Kind.CHANGED, Kind.PARKED, Kind.UNPARKED, Kind.IN, Kind.OUT)
            and change.field != "takes-up"
        ):
            verb = (
                how(change)
                if change.kind == Kind.CHANGED
                else "changed"
                if change.kind in (Kind.IN, Kind.OUT)
                else change.kind
            )
            verbs[verb][change.label] = None
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


def _taken_up(entry_changes: list[EntryChange]) -> list[str]:
    found = []
    for change in entry_changes:
        if change.field != "takes-up":
            continue
        how = {
            Kind.IN: f"taken up by {change.label}",
            Kind.OUT: f"no longer taken up by {change.label}",
            Kind.MOVED: f"moved from {change.before} to {change.after}",
        }[change.kind]
        few = len(change.others) <= MOST_NAMES
        found.append(
            f"{_joined(change.others) if few else count(len(change.others), 'code')} {how}"
        )
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
    telling = (Kind.NEW, Kind.GONE, Kind.MERGED, Kind.PROBABLY_MERGED)
    named = {
        change.label
        for change in changes.entry_changes
        if change.what in (What.CODE, What.FOCUSED_CODE) and change.kind in telling
    }
    found = []
    for kind, verb in words.items():
        group = [one for one in changes.codings if one.kind == kind]
        labels = sorted({one.at.label for one in group}, key=label_order)
        names = (
            _listed([_clear(label) for label in labels])
            if len(labels) <= FEW and not named.issuperset(labels)
            else ""
        )
        found += [f"{count(len(group), 'application')} {verb}{names}"] if group else []
    return found


def _counted_transcripts(changes: Changes) -> list[str]:
    new, gone = (
        [one.interview for one in changes.transcripts if one.kind == kind]
        for kind in ("new", "gone")
    )
    found = [
        f"{sign}{count(len(group), 'interview')}{_listed(group)}"
        for sign, group in (("+", new), ("-", gone))
        if group
    ]
    return found + [
        transcript_change(one)[1] for one in changes.transcripts if one.kind == "changed"
    ]
