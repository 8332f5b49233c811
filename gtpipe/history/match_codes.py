"""Which code of an older version is which code of a newer one: as the lineage says, else by what
they share.

By hand, in the sheets alone, codes are renamed, merged and split without a word in the code book.
What happened is then told from the places where they stood and stand: a code that is gone, and most
of whose places are those of a code now that was not there before, is probably that code, or merged
into it; and the other way round, a new code was probably split off.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Hashable, Iterable, Mapping
from typing import NamedTuple

from gtpipe.model.names import label_order
from gtpipe.model.records import Code, FocusedCode

Entries = Mapping[str, Code] | Mapping[str, FocusedCode]
Places = Callable[[str], set[Hashable]]


class Matched(NamedTuple):
    """`leads` has the labels that changed: old → new. `probable` those among them that no lineage
    tells of, with how many of the old code's applications the two have in common. `splits` is old
    code → the codes it was split into, `supposed` those that no lineage tells of, with how many of
    the parts' applications were the old code's."""

    leads: dict[str, str]
    probable: dict[str, tuple[int, int]]
    splits: dict[str, tuple[str, ...]]
    supposed: dict[str, tuple[int, int]]
    new: tuple[str, ...]
    gone: tuple[str, ...]

    def sources(self, label: str, old_labels: Collection[str]) -> tuple[str, ...]:
        """The old codes that are now `label`."""
        found = [old for old, new in self.leads.items() if new == label]
        if label in old_labels and label not in self.leads:
            found.append(label)
        return tuple(sorted(found, key=label_order))


NOTHING = Matched({}, {}, {}, {}, (), ())


class Sides(NamedTuple):
    """The places of a code in the old version and in the new one."""

    before: Places
    after: Places


def match(
    old: Entries,
    new: Entries,
    old_labels: Collection[str],
    new_labels: Collection[str],
    everywhere: Sides,
    changed: Sides,
    alike: Callable[[str, str], bool],
    decided: Collection[str] = (),
) -> Matched:
    """Bring the codes of two versions together.

    The places of a code may be asked `everywhere`, or only in what `changed`; `alike` says whether
    an old and a new code without any place are the same by their words. New ones that are `decided`
    on are split off from nothing that goes on.
    """
    leads = _recorded(old, new, old_labels, new_labels, everywhere.before, everywhere.after)
    gone = sorted(
        (label for label in old_labels if label not in new_labels and label not in leads),
        key=label_order,
    )
    stay = {label for label in old_labels if label in new_labels and label not in leads}
    led_to = {*leads.values()}
    fresh = sorted(
        (label for label in new_labels if label not in stay and label not in led_to),
        key=label_order,
    )
    splits = _splits(old, new, old_labels)
    parts = {label for labels in splits.values() for label in labels}
    known = {**{label: label for label in stay}, **leads}  # what is recorded, or goes on
    hand = _by_hand(
        [label for label in gone if label not in splits],
        [label for label in fresh if label not in parts],
        known,
        changed,
        alike,
        decided,
        splits,
    )
    splits |= hand.splits
    accounted_for = {label for labels in hand.splits.values() for label in labels}
    accounted_for |= parts | {label for label, _ in hand.leads.values()}
    return Matched(
        leads={**leads, **{one: other for one, (other, _) in hand.leads.items()}},
        probable={one: shared for one, (_, shared) in hand.leads.items()},
        splits=splits,
        supposed=hand.supposed,
        new=tuple(label for label in fresh if label not in accounted_for),
        gone=tuple(label for label in gone if label not in hand.leads and label not in splits),
    )


def _recorded(
    old: Entries,
    new: Entries,
    old_labels: Collection[str],
    new_labels: Collection[str],
    before: Places,
    after: Places,
) -> dict[str, str]:
    """Old label → new, as `was` and `merged-from` say.

    A label that is still, or again, a code of its own led on only if that was written since, and
    its applications went along.
    """
    led = {past: entry.label for entry in old.values() for past in (*entry.was, *entry.merged_from)}
    leads: dict[str, str] = {}
    for entry in new.values():
        pasts = (*entry.was, *entry.merged_from)
        for label in pasts:
            if label not in old_labels or label == entry.label:
                continue
            if label in new_labels:
                if led.get(label) in (entry.label, *pasts):
                    continue
                places = before(label)
                there, here = len(places & after(entry.label)), len(places & after(label))
                if there < here or (there == here and entry.label in old_labels):
                    continue
            leads[label] = entry.label
    return leads


def _splits(old: Entries, new: Entries, old_labels: Collection[str]) -> dict[str, tuple[str, ...]]:
    found: dict[str, list[str]] = {}
    for entry in new.values():
        known = old[entry.label].split_from if entry.label in old else ()
        for source in entry.split_from:
            if source in old_labels and source not in known and source != entry.label:
                found.setdefault(source, []).append(entry.label)
    return {
        source: tuple(sorted(labels, key=label_order))
        for source, labels in sorted(found.items(), key=lambda one: label_order(one[0]))
    }


class _Hand(NamedTuple):
    """What was done by hand: old label → new; what was split into which parts; each with what they
    share."""

    leads: dict[str, tuple[str, tuple[int, int]]]
    splits: dict[str, tuple[str, ...]]
    supposed: dict[str, tuple[int, int]]


def _by_hand(
    gone: list[str],
    fresh: list[str],
    known: Mapping[str, str],
    places: Sides,
    alike: Callable[[str, str], bool],
    decided: Collection[str],
    split: Collection[str],
) -> _Hand:
    """Renames first, one to one; then which of the gone landed in a code, and which of the new came
    out of one.

    `known` are the old labels of which it is certain what they are now, `split` those that the
    lineage splits.
    """
    before, after = places
    renamed = _renamed(gone, fresh, before, after, alike) if gone and fresh else {}
    had: dict[str, set[Hashable]] = {}
    left = [label for label in gone if label not in renamed and before(label)]
    if left:
        for old, label in known.items():
            had.setdefault(label, set()).update(before(old))
    merged = _landed(
        left,
        {label: had.get(label, set()) for label in [*fresh, *had]},
        {*had},
        {label for label, _ in renamed.values()},
        before,
        after,
    )
    leads = {**renamed, **merged}
    taken = {label for label, _ in leads.values()}
    left = [label for label in fresh if label not in taken and after(label)]
    merged_into = {into for into, _ in merged.values()}
    whole = {label for label, (other, _) in renamed.items() if other not in merged_into}
    sources = [label for label in gone if label not in leads or label in whole]
    has = {old: after(label) for old, label in known.items() if old not in split} if left else {}
    came = _landed(
        left,
        {label: has.get(label, set()) for label in [*sources, *has]},
        {*has},
        whole,
        after,
        before,
        decided,
    )
    splits: dict[str, list[str]] = {}
    supposed: dict[str, tuple[int, int]] = {}
    for label, (source, shared) in came.items():
        splits.setdefault(source, []).append(label)
        one = supposed.get(source, (0, 0))
        supposed[source] = (one[0] + shared[0], one[1] + shared[1])
    for source in [source for source in splits if source in renamed]:
        label, _ = leads.pop(source)
        splits[source].append(label)
        supposed[source] = (
            supposed[source][0] + len(before(source) & after(label)),
            supposed[source][1] + len(after(label)),
        )
    return _Hand(
        leads,
        {source: tuple(sorted(labels, key=label_order)) for source, labels in splits.items()},
        supposed,
    )


def _renamed(
    gone: Iterable[str],
    fresh: Iterable[str],
    before: Places,
    after: Places,
    alike: Callable[[str, str], bool],
) -> dict[str, tuple[str, tuple[int, int]]]:
    """Old label → new and what they share, where each has half of its places in common with the
    other.

    Of several with as many, it is the one whose label contains the other, or has most words of it.
    """
    were = {label: before(label) for label in gone}
    are = {label: after(label) for label in fresh}
    standing = _standing(are)
    found = []
    for label, places in were.items():
        shared: dict[str, int] = {}
        for place in places:
            for other in standing.get(place, ()):
                shared[other] = shared.get(other, 0) + 1
        found += [
            (-number, *_kinship(label, other), label, other)
            for other, number in shared.items()
            if 2 * number >= len(places) and 2 * number >= len(are[other])
        ]
        found += [
            (0, *_kinship(label, other), label, other)
            for other in are
            if not places and not are[other] and alike(label, other)
        ]
    chosen: dict[str, tuple[str, tuple[int, int]]] = {}
    taken = set()
    for number, *_, label, other in sorted(found):
        if label not in chosen and other not in taken:
            chosen[label] = (other, (-number, len(were[label])))
            taken.add(other)
    return chosen


def _landed(
    left: Iterable[str],
    among: Mapping[str, set[Hashable]],
    going_on: Collection[str],
    taken: Collection[str],
    here: Places,
    there: Places,
    apart: Collection[str] = (),
) -> dict[str, tuple[str, tuple[int, int]]]:
    """Which of the labels `left` over landed in which of those `among` the labels there, and what
    they share.

    Most of its places must be the other's there. One that was `going_on` had places of its own all
    along, which say nothing: they are given with it, and nothing that stands `apart` lands in it.
    One that is neither that nor `taken` by another must be made up of several, for the most part.
    """
    places = {label: own for label in left if (own := here(label))}
    if not places:
        return {}
    wanted = set().union(*places.values())
    theirs = {label: met for label in among if (met := there(label) & wanted)}
    standing = _standing(theirs)
    landed: dict[str, dict[str, tuple[int, int]]] = {}
    for label, own in places.items():
        found = []
        for other in {other for place in own for other in standing.get(place, ())}:
            if other in going_on and label in apart:
                continue
            telling = own - among[other] if other in going_on else own
            number = len(telling & theirs[other])
            if number and (
                2 * number > len(telling) or (2 * number == len(telling) and other not in going_on)
            ):
                found.append((-number, *_kinship(label, other), other))
        if found:
            other = min(found)[-1]
            landed.setdefault(other, {})[label] = (len(own & theirs[other]), len(own))
    return {
        label: (other, shared)
        for other, parts in landed.items()
        for label, shared in parts.items()
        if other in going_on
        or other in taken
        or (
            len(parts) > 1
            and 2 * len(set().union(*(places[part] for part in parts)) & theirs[other])
            >= len(there(other))
        )
    }


def _standing(places: Mapping[str, set[Hashable]]) -> dict[Hashable, list[str]]:
    """Place → the labels that stand there."""
    found: dict[Hashable, list[str]] = {}
    for label, own in places.items():
        for place in own:
            found.setdefault(place, []).append(label)
    return found


def _kinship(label: str, other: str) -> tuple[bool, int, tuple[str, str], tuple[str, str]]:
    """A sort key: labels of which one contains the other, then those with most words in common;
    then letters."""
    one, two = label.casefold(), other.casefold()
    return (
        not (one in two or two in one),
        -len({*one.split()} & {*two.split()}),
        label_order(label),
        label_order(other),
    )
