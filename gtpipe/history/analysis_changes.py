"""Two versions of a study → what changed in focused codes, theory and memos. Pure.

Labels of the old version are led on first, so that a code renamed is no change of what takes it up.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

from gtpipe.history.match_codes import Matched
from gtpipe.history.records import (
    CATEGORY,
    CHANGED,
    FOCUSED_CODE,
    GONE,
    IN,
    JUDGEMENT,
    LOOK,
    MEMO,
    MOVED,
    NEGATIVE,
    NEW,
    OUT,
    PROBABLY,
    RELATION,
    EntryChange,
    fields_of,
    lists_of,
    members_of,
)
from gtpipe.history.versions import Version
from gtpipe.model.records import (
    FOCUSED,
    INITIAL,
    Category,
    FocusedCode,
    Incident,
    Memo,
    Named,
    label_order,
    one_line,
)

Lead = Callable[[Named], str]
_DECIDED = ("because", "by", "written-after")  # what a focused code says of the decision


def analysis(old: Version, new: Version, matched: dict[str, Matched]) -> list[EntryChange]:
    """Focused codes, categories, relations, negative cases, judgements and memos that changed."""
    leads = {level: found.leads for level, found in matched.items()}
    entry_changes = members_of(FOCUSED_CODE, matched[FOCUSED], old, new, FOCUSED)
    if old.focused is not new.focused:
        entry_changes += _focused(
            old, new, matched[FOCUSED], _leading(old, leads, {}), _standing(new, leads, {})
        )
    renamed: dict[str, str] = {}
    if old.theory is not new.theory:
        renamed = _renamed_categories(old, new, _leading(old, leads, {}), _standing(new, leads, {}))
    onto, now = _leading(old, leads, renamed), _standing(new, leads, renamed)
    if old.theory is not new.theory:
        entry_changes += (
            _categories(old, new, renamed, onto, now)
            + _relations(old, new, onto, now)
            + _cases(old, new, onto, now)
        )
    return entry_changes + _memos(old, new, onto, now)


def _leading(
    version: Version, leads: dict[str, dict[str, str]], categories: dict[str, str]
) -> Lead:
    """How a name in the old version is written in the new one: through its own lineage, then through what was renamed since."""

    def lead(named: Named) -> str:
        for level in (FOCUSED, INITIAL):
            if named.level in ("", level):
                own = version.current[level].get(named.label, named.label)
                led = leads[level].get(own, own)
                if led != named.label or own in version.labels[level]:
                    return led
        return categories.get(named.label, named.label)

    return lead


def _standing(
    version: Version, leads: dict[str, dict[str, str]], categories: dict[str, str]
) -> Lead:
    """What a name in the new version means. One that still names what was renamed by hand means the same as before."""

    def lead(named: Named) -> str:
        for level in (FOCUSED, INITIAL):
            if named.level in ("", level):
                own = version.current[level].get(named.label, named.label)
                if own in version.labels[level]:
                    return own
                if own in leads[level]:
                    return leads[level][own]
        return categories.get(named.label, named.label)

    return lead


def _each(names: Iterable[Named], lead: Lead) -> tuple[str, ...]:
    return tuple(lead(named) for named in names)


def _initial(names: Iterable[Named], lead: Lead) -> tuple[str, ...]:
    return tuple(lead(named._replace(level=INITIAL)) for named in names)


def _addresses(incidents: Iterable[Incident]) -> tuple[str, ...]:
    return tuple(incident.address for incident in incidents)


# --- focused codes ---------------------------------------------------------------------------------------------------


def _focused(
    old: Version, new: Version, matched: Matched, onto: Lead, now: Lead
) -> list[EntryChange]:
    entry_changes: list[EntryChange] = []
    came: list[tuple[str, str]] = []
    went: list[tuple[str, str]] = []
    for label in sorted({*new.focused, *old.focused}, key=label_order):
        after = new.focused.get(label)
        if after is None and label in matched.leads:
            continue
        sources = (
            [
                source
                for source in matched.sources(label, old.labels[FOCUSED])
                if source in old.focused
            ]
            if after
            else [label]
        )
        before = {
            code: None
            for source in sources
            for code in _initial(old.focused[source].takes_up, onto)
        }
        taken = dict.fromkeys(_initial(after.takes_up, now)) if after else {}
        came += [(code, label) for code in taken if code not in before]
        went += [(code, label) for code in before if code not in taken]
        if after is not None:
            entry_changes += _texts(
                label, [old.focused[source] for source in sources], after, label in matched.new
            )
        elif label in new.labels[FOCUSED]:
            was = old.focused[label]
            entry_changes += fields_of(FOCUSED_CODE, label, was, None, ("definition", *_DECIDED))
    return entry_changes + _taken_up(came, went)


def _texts(
    label: str, sources: list[FocusedCode], after: FocusedCode, is_new: bool
) -> list[EntryChange]:
    """What an entry says, against those it was made of."""
    same = next(
        (one for one in sources if one.label == label), sources[0] if len(sources) == 1 else None
    )
    names = _DECIDED if is_new else ("definition", *_DECIDED)
    entry_changes = fields_of(FOCUSED_CODE, label, same, after, names)
    for name in ("incidents", "does-not-fit"):
        field = name.replace("-", "_")
        before = tuple(one for source in sources for one in _addresses(getattr(source, field)))
        entry_changes += lists_of(
            FOCUSED_CODE, label, name, before, _addresses(getattr(after, field))
        )
    return entry_changes


def _taken_up(came: list[tuple[str, str]], went: list[tuple[str, str]]) -> list[EntryChange]:
    """Initial codes that went from one focused code to another, and those that only came or went."""
    entry_changes = []
    left = list(dict.fromkeys(went))
    ins: dict[str, list[str]] = {}
    outs: dict[str, list[str]] = {}
    moved: dict[tuple[str, str], list[str]] = {}
    for code, label in came:
        source = next((pair for pair in left if pair[0] == code), None)
        if source is None:
            ins.setdefault(label, []).append(code)
        else:
            left.remove(source)
            moved.setdefault((source[1], label), []).append(code)
    for code, label in left:
        outs.setdefault(label, []).append(code)
    for (before, after), codes in moved.items():
        entry_changes.append(
            EntryChange(
                FOCUSED_CODE,
                MOVED,
                after,
                tuple(codes),
                field="takes-up",
                before=before,
                after=after,
            )
        )
    entry_changes += [
        EntryChange(FOCUSED_CODE, IN, label, tuple(codes), field="takes-up")
        for label, codes in ins.items()
    ]
    return entry_changes + [
        EntryChange(FOCUSED_CODE, OUT, label, tuple(codes), field="takes-up")
        for label, codes in outs.items()
    ]


# --- theory ----------------------------------------------------------------------------------------------------------


def _renamed_categories(old: Version, new: Version, onto: Lead, now: Lead) -> dict[str, str]:
    """Categories have no lineage: one that is gone and one that is new, with the same definition or most of the same codes."""
    before, after = (
        {one.label: one for one in version.theory.categories} for version in (old, new)
    )
    found: dict[str, str] = {}
    for label in sorted(before.keys() - after.keys(), key=label_order):
        others = sorted(after.keys() - before.keys() - set(found.values()), key=label_order)
        other = next(
            (other for other in others if _alike(before[label], after[other], onto, now)), None
        )
        if other is not None:
            found[label] = other
    return found


def _alike(one: Category, other: Category, onto: Lead, now: Lead) -> bool:
    a, b = set(_each(one.focused, onto)), set(_each(other.focused, now))
    same_words = bool(one.definition) and one_line(one.definition) == one_line(other.definition)
    return same_words or (bool(a & b) and 2 * len(a & b) >= max(len(a), len(b)))


def _categories(
    old: Version, new: Version, renamed: dict[str, str], onto: Lead, now: Lead
) -> list[EntryChange]:
    before = {renamed.get(one.label, one.label): one for one in old.theory.categories}
    after = {one.label: one for one in new.theory.categories}
    entry_changes = [
        EntryChange(CATEGORY, PROBABLY, label, (was,)) for was, label in renamed.items()
    ]
    entry_changes += [
        EntryChange(CATEGORY, NEW, label, after=after[label].definition)
        for label in after
        if label not in before
    ]
    entry_changes += [EntryChange(CATEGORY, GONE, label) for label in before if label not in after]
    for label, one in after.items():
        was = before.get(label)
        said = ("definition", "written-after")
        entry_changes += fields_of(CATEGORY, label, was, one, said) if was else []
        parts = [
            onto(was.part_of) if was and was.part_of else "",
            now(one.part_of) if one.part_of else "",
        ]
        if parts[0] != parts[1]:
            entry_changes.append(
                EntryChange(
                    CATEGORY, CHANGED, label, field="part-of", before=parts[0], after=parts[1]
                )
            )
        entry_changes += lists_of(
            CATEGORY,
            label,
            "focused",
            _each(was.focused, onto) if was else (),
            _each(one.focused, now),
        )
    return entry_changes


def _numbered(entries: Iterable, key: Callable) -> dict[tuple, object]:
    """Entries by key; one that has the key of another is told apart by how many came before."""
    found: dict[tuple, object] = {}
    for entry in entries:
        number = 0
        while (*key(entry), number) in found:
            number += 1
        found[(*key(entry), number)] = entry
    return found


def _compare(
    what: str, before: dict, after: dict, name: Callable, details: Callable
) -> list[EntryChange]:
    entry_changes = [
        EntryChange(what, NEW, name(key), after=details(after[key]))
        for key in after
        if key not in before
    ]
    return entry_changes + [
        EntryChange(what, GONE, name(key)) for key in before if key not in after
    ]


def _relations(old: Version, new: Version, onto: Lead, now: Lead) -> list[EntryChange]:
    before = _numbered(
        old.theory.relations, lambda one: (onto(one.source), one.kind, onto(one.target))
    )
    after = _numbered(
        new.theory.relations, lambda one: (now(one.source), one.kind, now(one.target))
    )
    entry_changes = []
    for key in [key for key in before if key not in after]:
        other = next(
            (
                other
                for other in after
                if other not in before and (other[0], other[2]) == (key[0], key[2])
            ),
            None,
        )
        if other is not None:
            entry_changes.append(
                EntryChange(
                    RELATION, CHANGED, _sentence(other), field="kind", before=key[1], after=other[1]
                )
            )
            before[other] = before.pop(key)
    entry_changes += _compare(RELATION, before, after, _sentence, lambda one: one.hypothesis)
    for key, one in after.items():
        was, label = before.get(key), _sentence(key)
        memos = [entry.memo.label if entry and entry.memo else "" for entry in (was, one)]
        if was is not None:
            entry_changes += fields_of(RELATION, label, was, one, ("hypothesis",))
        if memos[0] != memos[1]:
            entry_changes.append(
                EntryChange(RELATION, CHANGED, label, field="memo", before=memos[0], after=memos[1])
            )
        entry_changes += lists_of(
            RELATION,
            label,
            "support",
            _addresses(was.support) if was else (),
            _addresses(one.support),
        )
        entry_changes += lists_of(
            RELATION,
            label,
            "contradict",
            _addresses(was.contradict) if was else (),
            _addresses(one.contradict),
        )
    return entry_changes


def _sentence(key: tuple) -> str:
    return f"{key[0]} {key[1]} {key[2]}"


def _cases(old: Version, new: Version, onto: Lead, now: Lead) -> list[EntryChange]:
    """Negative cases, looks for them, and judgements of sufficiency."""
    entry_changes = []
    before = _numbered(
        old.theory.negative_cases, lambda one: (one.incident.address, onto(one.contradicts))
    )
    after = _numbered(
        new.theory.negative_cases, lambda one: (one.incident.address, now(one.contradicts))
    )
    name: Callable = lambda key: f"{key[0]} contradicts {key[1]}"
    entry_changes += _compare(
        NEGATIVE,
        before,
        after,
        name,
        lambda one: ": ".join(part for part in (one.led_to, one.note) if part),
    )
    for key in after:
        if key in before:
            entry_changes += fields_of(
                NEGATIVE, name(key), before[key], after[key], ("led-to", "note", "by")
            )
    before = _numbered(old.theory.looks, lambda one: (onto(one.looked_for), one.by, one.date))
    after = _numbered(new.theory.looks, lambda one: (now(one.looked_for), one.by, one.date))
    name = lambda key: f"{key[0]}" + "".join(f", {part}" for part in key[1:3] if part)
    entry_changes += _compare(LOOK, before, after, name, lambda one: f"found {_found(one)}")
    for key in after:
        if key in before and _found(before[key]) != _found(after[key]):
            entry_changes.append(
                EntryChange(
                    LOOK,
                    CHANGED,
                    name(key),
                    field="found",
                    before=_found(before[key]),
                    after=_found(after[key]),
                )
            )
    before = _numbered(old.theory.judgements, lambda one: (one.interview.label,))
    after = _numbered(new.theory.judgements, lambda one: (one.interview.label,))
    name = lambda key: key[0]
    entry_changes += _compare(JUDGEMENT, before, after, name, lambda one: one.judgement)
    for key in after:
        was = before.get(key)
        if was is not None:
            entry_changes += fields_of(JUDGEMENT, name(key), was, after[key], ("judgement", "by"))
        modified = _each(was.modified, onto) if was else ()
        entry_changes += lists_of(
            JUDGEMENT, name(key), "modified", modified, _each(after[key].modified, now)
        )
    return entry_changes


def _found(look) -> str:
    return (
        "none"
        if look.found is None
        else look.found
        if isinstance(look.found, str)
        else look.found.address
    )


# --- memos -----------------------------------------------------------------------------------------------------------


def _memos(old: Version, new: Version, onto: Lead, now: Lead) -> list[EntryChange]:
    entry_changes = []
    for name in sorted({*old.memos, *new.memos}):
        was, memo = old.memos.get(name), new.memos.get(name)
        if was is None or memo is None:
            one = memo or was
            entry_changes.append(
                EntryChange(MEMO, NEW if memo else GONE, name, _about(one), after=one.title)
            )
        elif was is not memo:
            fields = [
                field
                for field in ("title", "date", "by", "kind")
                if getattr(was, field) != getattr(memo, field)
            ]
            fields += (
                ["about"] if set(_each(was.about, onto)) != set(_each(memo.about, now)) else []
            )
            fields += ["prose"] if one_line(was.prose) != one_line(memo.prose) else []
            if fields:
                entry_changes.append(
                    EntryChange(
                        MEMO,
                        CHANGED,
                        name,
                        _about(memo),
                        field=", ".join(fields),
                        before=was.title,
                        after=memo.title,
                    )
                )
    return entry_changes


def _about(memo: Memo) -> tuple[str, ...]:
    return tuple(
        f"{named.level}: {named.label}" if named.level else named.label for named in memo.about
    )
