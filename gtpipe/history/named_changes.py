"""Changes of what people named and wrote: codes, focused codes, categories, relations, memos."""

from __future__ import annotations

from enum import StrEnum
from typing import NamedTuple

from gtpipe.history.match_codes import Matched
from gtpipe.history.versions import Version
from gtpipe.model.level import Level
from gtpipe.model.names import label_order, one_line
from gtpipe.model.records import Named


class What(StrEnum):
    """What has a name, or is written."""

    CODE = "code"
    FOCUSED_CODE = "focused code"
    CATEGORY = "category"
    RELATION = "relation"
    NEGATIVE = "negative case"
    LOOK = "look for negative cases"
    JUDGEMENT = "judgement"
    MEMO = "memo"


class Kind(StrEnum):
    """What became of it."""

    NEW = "new"
    GONE = "gone"
    RENAMED = "renamed"
    PROBABLY = "probably renamed"
    MERGED = "merged"
    SPLIT = "split"
    PROBABLY_MERGED = "probably merged"
    PROBABLY_SPLIT = "probably split"
    CHANGED = "changed"
    PARKED = "parked"
    UNPARKED = "unparked"
    IN = "in"
    OUT = "out"
    MOVED = "moved"


class EntryChange(NamedTuple):
    """A change of what has a name in an entry: a code, a category, a memo …

    `label` is what it is called now (what it was called, where it is gone or split); `others` the
    old labels of what was renamed or merged, the parts of a split, and what came `in` or went `out`
    of its `field`, or `moved` there: then `before` and `after` are from where and where to.
    `shared` says, of what was probably renamed, merged or split, how many of how many applications
    are the same. `applications` is their number; of what was merged, how many moved.
    """

    what: What
    kind: Kind
    label: str
    others: tuple[str, ...] = ()
    field: str = ""
    before: str = ""
    after: str = ""
    shared: tuple[int, int] | None = None
    applications: int = 0


def members_of(
    what: What, matched: Matched, old: Version, new: Version, level: Level
) -> list[EntryChange]:
    """Which codes of a level came, went, were renamed, merged or split."""
    used, before = new.used[level], old.used[level]
    entries = new.codebook if what == What.CODE else new.focused
    changes = []
    for label in sorted({*matched.leads.values()}, key=label_order):
        sources = matched.sources(label, old.labels[level])
        others = tuple(source for source in sources if source != label)
        recorded = tuple(other for other in others if other not in matched.probable)
        supposed = tuple(other for other in others if other in matched.probable)
        goes_on = label in sources
        if recorded:
            kind = Kind.MERGED if len(recorded) + goes_on > 1 else Kind.RENAMED
            moved = sum(before[other] for other in recorded) if kind == Kind.MERGED else used[label]
            changes.append(EntryChange(what, kind, label, recorded, applications=moved))
        if supposed:
            pairs = [matched.probable[other] for other in supposed]
            shared = (sum(same for same, _ in pairs), sum(of for _, of in pairs))
            kind = Kind.PROBABLY_MERGED if len(sources) > 1 else Kind.PROBABLY
            changes.append(
                EntryChange(what, kind, label, supposed, shared=shared, applications=used[label])
            )
    for label, parts in matched.splits.items():
        kind = Kind.PROBABLY_SPLIT if label in matched.supposed else Kind.SPLIT
        changes.append(
            EntryChange(
                what,
                kind,
                label,
                parts,
                shared=matched.supposed.get(label),
                applications=before[label],
            )
        )
    for label in matched.new:
        definition = entries[label].definition if label in entries else ""
        changes.append(
            EntryChange(what, Kind.NEW, label, after=definition, applications=used[label])
        )
    changes += [
        EntryChange(what, Kind.GONE, label, applications=before[label]) for label in matched.gone
    ]
    return changes


def fields_of(
    what: What, label: str, before: object, after: object, names: tuple[str, ...]
) -> list[EntryChange]:
    """The texts of an entry that changed, and whether it was parked or taken up again; `names` are
    those of the fields. None stands for no entry.
    """
    changes = []
    for name in names:
        was, now = (_text(entry, name) for entry in (before, after))
        if was != now and one_line(was) != one_line(now):
            changes.append(
                EntryChange(what, Kind.CHANGED, label, field=name, before=was, after=now)
            )
    parked_before: str | None = getattr(before, "parked", None)
    parked_now: str | None = getattr(after, "parked", None)
    if parked_now is not None and parked_before != parked_now:
        changes.append(
            EntryChange(what, Kind.PARKED, label, before=parked_before or "", after=parked_now)
        )
    elif parked_before is not None and parked_now is None:
        changes.append(EntryChange(what, Kind.UNPARKED, label, before=parked_before))
    return changes


def _text(entry: object, name: str) -> str:
    """What a field of an entry says; '' where there is no entry."""
    value: Named | str | None = getattr(entry, name.replace("-", "_")) if entry else ""
    return value.label if isinstance(value, Named) else value or ""


def lists_of(
    what: What, label: str, name: str, before: tuple[str, ...], after: tuple[str, ...]
) -> list[EntryChange]:
    """What came into a list of an entry, and what went."""
    came = tuple(dict.fromkeys(one for one in after if one not in before))
    went = tuple(dict.fromkeys(one for one in before if one not in after))
    changes = [EntryChange(what, Kind.IN, label, came, field=name)] if came else []
    return changes + ([EntryChange(what, Kind.OUT, label, went, field=name)] if went else [])
