"""Two versions of a study → what changed in focused codes, theory and memos. Pure.

Labels of the old version are led on first, so that a code renamed is no change of what takes it up.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from typing import TypeVar

from gtpipe.formats import properties
from gtpipe.history.match_codes import Matched
from gtpipe.history.named_changes import EntryChange, Kind, What, fields_of, lists_of, members_of
from gtpipe.history.versions import Version
from gtpipe.model.level import FOCUSED, INITIAL, Level
from gtpipe.model.names import label_order, one_line
from gtpipe.model.records import Category, FocusedCode, Incident, Look, Memo, Named

Lead = Callable[[Named], str]
Entry = TypeVar("Entry")
Key = tuple[tuple[str, ...], int]  # what an entry is about, and how many before it are as well
_DECIDED = ("because", "by", "written-after")  # what a focused code says of the decision


def analysis(old: Version, new: Version, matched: dict[Level, Matched]) -> list[EntryChange]:
    """Focused codes, categories, relations, negative cases, judgements and memos that changed."""
    leads = {level: found.leads for level, found in matched.items()}
    changes = members_of(What.FOCUSED_CODE, matched[FOCUSED], old, new, FOCUSED)
    if old.focused is not new.focused:
        changes += _focused(
            old, new, matched[FOCUSED], _leading(old, leads, {}), _standing(new, leads, {})
        )
    renamed: dict[str, str] = {}
    if old.theory is not new.theory:
        renamed = _renamed_categories(old, new, _leading(old, leads, {}), _standing(new, leads, {}))
    onto, now = _leading(old, leads, renamed), _standing(new, leads, renamed)
    if old.theory is not new.theory:
        changes += (
            _categories(old, new, renamed, onto, now)
            + _relations(old, new, onto, now)
            + _negative_cases(old, new, onto, now)
            + _looks(old, new, onto, now)
            + _judgements(old, new, onto, now)
        )
    return changes + _memos(old, new, onto, now)


def _leading(
    version: Version, leads: dict[Level, dict[str, str]], categories: dict[str, str]
) -> Lead:
    """How a name in the old version is written in the new one: through its own lineage, then
    through what was renamed since.
    """

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
    version: Version, leads: dict[Level, dict[str, str]], categories: dict[str, str]
) -> Lead:
    """What a name in the new version means. One that still names what was renamed by hand means the
    same as before.
    """

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


# --- focused codes --------------------------------------------------------------------------------


def _focused(
    old: Version, new: Version, matched: Matched, onto: Lead, now: Lead
) -> list[EntryChange]:
    changes: list[EntryChange] = []
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
            changes += _texts(
                label, [old.focused[source] for source in sources], after, label in matched.new
            )
        elif label in new.labels[FOCUSED]:
            was = old.focused[label]
            changes += fields_of(What.FOCUSED_CODE, label, was, None, ("definition", *_DECIDED))
    return changes + _taken_up(came, went)


def _texts(
    label: str, sources: list[FocusedCode], after: FocusedCode, is_new: bool
) -> list[EntryChange]:
    """What an entry says, against those it was made of."""
    same = next(
        (one for one in sources if one.label == label), sources[0] if len(sources) == 1 else None
    )
    names = _DECIDED if is_new else ("definition", *_DECIDED)
    changes = fields_of(What.FOCUSED_CODE, label, same, after, names)
    for name, incidents in after.lists.items():
        if is_new and name == "judged":  # what a new entry saw is no change
            continue
        before = tuple(one for source in sources for one in _addresses(source.lists[name]))
        changes += lists_of(What.FOCUSED_CODE, label, name, before, _addresses(incidents))
    stood = properties.facts(each for source in sources for each in source.properties)
    now = properties.facts(after.properties)
    return changes + lists_of(What.FOCUSED_CODE, label, "properties", stood, now)


def _taken_up(came: list[tuple[str, str]], went: list[tuple[str, str]]) -> list[EntryChange]:
    """Initial codes that went from one focused code to another, and those that came or went."""
    changes = []
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
        changes.append(
            EntryChange(
                What.FOCUSED_CODE,
                Kind.MOVED,
                after,
                tuple(codes),
                field="takes-up",
                before=before,
                after=after,
            )
        )
    changes += [
        EntryChange(What.FOCUSED_CODE, Kind.IN, label, tuple(codes), field="takes-up")
        for label, codes in ins.items()
    ]
    return changes + [
        EntryChange(What.FOCUSED_CODE, Kind.OUT, label, tuple(codes), field="takes-up")
        for label, codes in outs.items()
    ]


# --- theory ---------------------------------------------------------------------------------------


def _renamed_categories(old: Version, new: Version, onto: Lead, now: Lead) -> dict[str, str]:
    """Categories have no lineage: one that is gone and one that is new, with the same definition or
    most of the same codes.
    """
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
    changes = [
        EntryChange(What.CATEGORY, Kind.PROBABLY, label, (was,)) for was, label in renamed.items()
    ]
    changes += [
        EntryChange(What.CATEGORY, Kind.NEW, label, after=after[label].definition)
        for label in after
        if label not in before
    ]
    changes += [
        EntryChange(What.CATEGORY, Kind.GONE, label) for label in before if label not in after
    ]
    for label, one in after.items():
        was = before.get(label)
        said = ("definition", "written-after")
        changes += fields_of(What.CATEGORY, label, was, one, said) if was else []
        parts = [
            onto(was.part_of) if was and was.part_of else "",
            now(one.part_of) if one.part_of else "",
        ]
        if parts[0] != parts[1]:
            changes.append(
                EntryChange(
                    What.CATEGORY,
                    Kind.CHANGED,
                    label,
                    field="part-of",
                    before=parts[0],
                    after=parts[1],
                )
            )
        changes += lists_of(
            What.CATEGORY,
            label,
            "focused",
            _each(was.focused, onto) if was else (),
            _each(one.focused, now),
        )
        stood = properties.facts(was.properties if was else ())
        changes += lists_of(
            What.CATEGORY, label, "properties", stood, properties.facts(one.properties)
        )
    return changes


def _numbered(
    entries: Iterable[Entry], about: Callable[[Entry], tuple[str, ...]]
) -> dict[Key, Entry]:
    """Entries by what they are about; those about the same are told apart by their order."""
    found: dict[Key, Entry] = {}
    numbers: Counter[tuple[str, ...]] = Counter()
    for entry in entries:
        found[about(entry), numbers[about(entry)]] = entry
        numbers[about(entry)] += 1
    return found


def _came_and_went(
    what: What,
    before: dict[Key, Entry],
    after: dict[Key, Entry],
    name: Callable[[tuple[str, ...]], str],
    says: Callable[[Entry], str],
) -> list[EntryChange]:
    new = [
        EntryChange(what, Kind.NEW, name(key[0]), after=says(entry))
        for key, entry in after.items()
        if key not in before
    ]
    return new + [EntryChange(what, Kind.GONE, name(key[0])) for key in before if key not in after]


def _relations(old: Version, new: Version, onto: Lead, now: Lead) -> list[EntryChange]:
    before = _numbered(
        old.theory.relations, lambda one: (onto(one.source), one.kind, onto(one.target))
    )
    after = _numbered(
        new.theory.relations, lambda one: (now(one.source), one.kind, now(one.target))
    )
    changes = []
    for key in [key for key in before if key not in after]:
        (source, kind, target), _ = key
        between = (other for other in after if other not in before)
        other = next((other for other in between if other[0][::2] == (source, target)), None)
        if other is not None:
            changes.append(
                EntryChange(
                    What.RELATION,
                    Kind.CHANGED,
                    " ".join(other[0]),
                    field="kind",
                    before=kind,
                    after=other[0][1],
                )
            )
            before[other] = before.pop(key)
    changes += _came_and_went(What.RELATION, before, after, " ".join, lambda one: one.hypothesis)
    for key, relation in after.items():
        was, label = before.get(key), " ".join(key[0])
        if was is not None:
            changes += fields_of(What.RELATION, label, was, relation, ("hypothesis",))
        memos = [entry.memo.label if entry and entry.memo else "" for entry in (was, relation)]
        if memos[0] != memos[1]:
            changes.append(
                EntryChange(
                    What.RELATION,
                    Kind.CHANGED,
                    label,
                    field="memo",
                    before=memos[0],
                    after=memos[1],
                )
            )
        for field, incidents_before, incidents in (
            ("support", was.support if was else (), relation.support),
            ("contradict", was.contradict if was else (), relation.contradict),
        ):
            changes += lists_of(
                What.RELATION, label, field, _addresses(incidents_before), _addresses(incidents)
            )
    return changes


def _negative_cases(old: Version, new: Version, onto: Lead, now: Lead) -> list[EntryChange]:
    before = _numbered(
        old.theory.negative_cases, lambda case: (case.incident.address, onto(case.contradicts))
    )
    after = _numbered(
        new.theory.negative_cases, lambda case: (case.incident.address, now(case.contradicts))
    )
    changes = _came_and_went(
        What.NEGATIVE,
        before,
        after,
        " contradicts ".join,
        lambda case: ": ".join(part for part in (case.led_to, case.note) if part),
    )
    for key in [key for key in after if key in before]:
        changes += fields_of(
            What.NEGATIVE,
            " contradicts ".join(key[0]),
            before[key],
            after[key],
            ("led-to", "note", "by"),
        )
    return changes


def _looks(old: Version, new: Version, onto: Lead, now: Lead) -> list[EntryChange]:
    """Looks for negative cases."""
    before = _numbered(old.theory.looks, lambda look: (onto(look.looked_for), look.by, look.date))
    after = _numbered(new.theory.looks, lambda look: (now(look.looked_for), look.by, look.date))

    def name(names: tuple[str, ...]) -> str:
        return ", ".join([names[0], *filter(None, names[1:])])

    changes = _came_and_went(
        What.LOOK, before, after, name, lambda look: f"found {_what_was_found(look)}"
    )
    for key in after:
        if key in before:
            ends = [_what_was_found(look) for look in (before[key], after[key])]
            if ends[0] != ends[1]:
                changes.append(
                    EntryChange(
                        What.LOOK,
                        Kind.CHANGED,
                        name(key[0]),
                        field="found",
                        before=ends[0],
                        after=ends[1],
                    )
                )
    return changes


def _what_was_found(look: Look) -> str:
    if look.found is None:
        return "none"
    return look.found if isinstance(look.found, str) else look.found.address


def _judgements(old: Version, new: Version, onto: Lead, now: Lead) -> list[EntryChange]:
    """Judgements of sufficiency."""
    before = _numbered(old.theory.judgements, lambda one: (one.interview.label,))
    after = _numbered(new.theory.judgements, lambda one: (one.interview.label,))
    changes = _came_and_went(What.JUDGEMENT, before, after, "".join, lambda one: one.judgement)
    for key, judgement in after.items():
        was, label = before.get(key), key[0][0]
        if was is not None:
            changes += fields_of(What.JUDGEMENT, label, was, judgement, ("judgement", "by"))
        modified = _each(was.modified, onto) if was else ()
        changes += lists_of(
            What.JUDGEMENT, label, "modified", modified, _each(judgement.modified, now)
        )
    return changes


# --- memos ----------------------------------------------------------------------------------------


def _memos(old: Version, new: Version, onto: Lead, now: Lead) -> list[EntryChange]:
    changes = []
    for name in sorted({*old.memos, *new.memos}):
        was, memo = old.memos.get(name), new.memos.get(name)
        if was is None or memo is None:
            kind, only = (Kind.NEW, new.memos[name]) if was is None else (Kind.GONE, was)
            changes.append(EntryChange(What.MEMO, kind, name, _about(only), after=only.title))
        elif was is not memo:
            fields = [
                field
                for field in ("title", "date", "by", "kind")
                if getattr(was, field) != getattr(memo, field)
            ]
            if set(_each(was.about, onto)) != set(_each(memo.about, now)):
                fields.append("about")
            if one_line(was.prose) != one_line(memo.prose):
                fields.append("prose")
            if fields:
                changes.append(
                    EntryChange(
                        What.MEMO,
                        Kind.CHANGED,
                        name,
                        _about(memo),
                        field=", ".join(fields),
                        before=was.title,
                        after=memo.title,
                    )
                )
    return changes


def _about(memo: Memo) -> tuple[str, ...]:
    return tuple(
        f"{named.level}: {named.label}" if named.level else named.label for named in memo.about
    )
