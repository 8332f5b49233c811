"""Changes of what people named and wrote: codes, focused codes, categories, relations, memos."""

from __future__ import annotations

from typing import NamedTuple

from gtpipe.history.match_codes import Matched
from gtpipe.history.versions import Version
from gtpipe.model.records import Named, label_order, one_line

CODE, FOCUSED_CODE, CATEGORY, RELATION = "code", "focused code", "category", "relation"
NEGATIVE, LOOK, JUDGEMENT, MEMO = "negative case", "look for negative cases", "judgement", "memo"
NEW, GONE, RENAMED, PROBABLY, MERGED, SPLIT = (
    "new",
    "gone",
    "renamed",
    "probably renamed",
    "merged",
    "split",
)
PROBABLY_MERGED, PROBABLY_SPLIT = "probably merged", "probably split"
CHANGED, PARKED, UNPARKED, IN, OUT, MOVED = "changed", "parked", "unparked", "in", "out", "moved"


class EntryChange(NamedTuple):
    """A change of what has a name in an entry: a code, a category, a memo …

    `label` is what it is called now (what it was called, where it is gone or split); `others` the
    old labels of what was renamed or merged, the parts of a split, and what came `in` or went `out`
    of its `field`, or `moved` there: then `before` and `after` are from where and where to.
    `shared` says, of what was probably renamed, merged or split, how many of how many applications
    are the same. `count` is the number of applications.
    """

    what: str
    kind: str
    label: str
    others: tuple[str, ...] = ()
    field: str = ""
    before: str = ""
    after: str = ""
    shared: tuple[int, int] | None = None
    count: int = 0


def members_of(
    what: str, matched: Matched, old: Version, new: Version, level: str
) -> list[EntryChange]:
    """Which codes of a level came, went, were renamed, merged or split."""
    used, before = new.used[level], old.used[level]
    entries = new.codebook if what == CODE else new.focused
    entry_changes = []
    for label in sorted({*matched.leads.values()}, key=label_order):
        sources = matched.sources(label, old.labels[level])
        others = tuple(source for source in sources if source != label)
        recorded = tuple(other for other in others if other not in matched.probable)
        supposed = tuple(other for other in others if other in matched.probable)
        goes_on = label in sources
        if recorded:
            kind = MERGED if len(recorded) + goes_on > 1 else RENAMED
            entry_changes.append(EntryChange(what, kind, label, recorded, count=used[label]))
        if supposed:
            shared = tuple(map(sum, zip(*(matched.probable[other] for other in supposed))))
            kind = PROBABLY_MERGED if len(sources) > 1 else PROBABLY
            entry_changes.append(
                EntryChange(what, kind, label, supposed, shared=shared, count=used[label])
            )
    for label, parts in matched.splits.items():
        kind = PROBABLY_SPLIT if label in matched.supposed else SPLIT
        shared = matched.supposed.get(label)
        entry_changes.append(
            EntryChange(what, kind, label, parts, shared=shared, count=before[label])
        )
    for label in matched.new:
        definition = entries[label].definition if label in entries else ""
        entry_changes.append(EntryChange(what, NEW, label, after=definition, count=used[label]))
    entry_changes += [EntryChange(what, GONE, label, count=before[label]) for label in matched.gone]
    return entry_changes


def fields_of(what: str, label: str, before, after, names: tuple[str, ...]) -> list[EntryChange]:
    """The texts of an entry that changed, and whether it was parked or taken up again. None stands for no entry."""
    entry_changes = []
    for name in names:
        was, now = (_text(entry, name) for entry in (before, after))
        if was != now and one_line(was) != one_line(now):
            entry_changes.append(
                EntryChange(what, CHANGED, label, field=name, before=was, after=now)
            )
    was, now = (getattr(entry, "parked", None) if entry else None for entry in (before, after))
    if now is not None and was != now:
        entry_changes.append(EntryChange(what, PARKED, label, before=was or "", after=now))
    elif was is not None and now is None:
        entry_changes.append(EntryChange(what, UNPARKED, label, before=was))
    return entry_changes


def _text(entry, name: str) -> str:
    """What a field of an entry says; '' where there is no entry, or it has no such field."""
    value = getattr(entry, name.replace("-", "_")) if entry else ""
    return value.label if isinstance(value, Named) else value or ""


def lists_of(
    what: str, label: str, name: str, before: tuple[str, ...], after: tuple[str, ...]
) -> list[EntryChange]:
    """What came into a list of an entry, and what went."""
    came = tuple(dict.fromkeys(one for one in after if one not in before))
    went = tuple(dict.fromkeys(one for one in before if one not in after))
    entry_changes = [EntryChange(what, IN, label, came, field=name)] if came else []
    return entry_changes + ([EntryChange(what, OUT, label, went, field=name)] if went else [])
