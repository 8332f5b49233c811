"""Which code of an older version is which code of a newer one: as the lineage says, else by what they have in common."""

from __future__ import annotations

from collections.abc import Callable, Collection, Hashable, Iterable, Mapping
from typing import NamedTuple

from gtpipe.model import Code, FocusedCode, label_order

Entries = Mapping[str, Code] | Mapping[str, FocusedCode]
Places = Callable[[str], set[Hashable]]


class Matched(NamedTuple):
    """`leads` has the labels that changed: old → new. `probable` those among them that no lineage tells of, with how many
    of the old code's applications the two have in common. `splits` is old code → the codes it was split into."""

    leads: dict[str, str]
    probable: dict[str, tuple[int, int]]
    splits: dict[str, tuple[str, ...]]
    new: tuple[str, ...]
    gone: tuple[str, ...]

    def sources(self, label: str, old_labels: Collection[str]) -> tuple[str, ...]:
        """The old codes that are now `label`."""
        found = [old for old, new in self.leads.items() if new == label]
        if label in old_labels and label not in self.leads:
            found.append(label)
        return tuple(sorted(found, key=label_order))


def match(
    old: Entries, new: Entries, old_labels: Collection[str], new_labels: Collection[str], before: Places, after: Places,
    alike: Callable[[str, str], bool],
) -> Matched:
    """Bring the codes of two versions together.

    `before` and `after` give the places of a code in the old and the new version; `alike` says whether an old and a new
    code without any place are the same by their words.
    """
    leads = _recorded(old, new, old_labels, new_labels, before, after)
    gone = [label for label in sorted(old_labels, key=label_order) if label not in new_labels and label not in leads]
    stay = {label for label in old_labels if label in new_labels and label not in leads}
    fresh = [label for label in sorted(new_labels, key=label_order) if label not in stay and label not in leads.values()]
    splits = _splits(old, new, old_labels)
    parts = {label for labels in splits.values() for label in labels}
    probable = _probable([label for label in gone if label not in splits], [label for label in fresh if label not in parts],
                         before, after, alike)
    return Matched(
        leads={**leads, **{one: other for one, (other, _) in probable.items()}},
        probable={one: shared for one, (_, shared) in probable.items()},
        splits=splits,
        new=tuple(label for label in fresh if label not in parts and label not in {other for other, _ in probable.values()}),
        gone=tuple(label for label in gone if label not in probable and label not in splits),
    )


def _recorded(old: Entries, new: Entries, old_labels: Collection[str], new_labels: Collection[str], before: Places,
              after: Places) -> dict[str, str]:
    """Old label → new, as `was` and `merged-from` say.

    A label that is still, or again, a code of its own led on only if that was written since, and its applications went along.
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
    return {source: tuple(sorted(labels, key=label_order)) for source, labels in sorted(found.items(), key=lambda one: label_order(one[0]))}


def _probable(gone: Iterable[str], fresh: Iterable[str], before: Places, after: Places,
              alike: Callable[[str, str], bool]) -> dict[str, tuple[str, tuple[int, int]]]:
    """Old label → new and what they share, where each has at least half of its places in common with the other."""
    were = {label: before(label) for label in gone}
    standing: dict[Hashable, list[str]] = {}
    are = {label: after(label) for label in fresh} if were else {}
    for label, places in are.items():
        for place in places:
            standing.setdefault(place, []).append(label)
    found = []
    for label, places in were.items():
        shared: dict[str, int] = {}
        for place in places:
            for other in standing.get(place, ()):
                shared[other] = shared.get(other, 0) + 1
        found += [(-number, label_order(label), label_order(other), label, other) for other, number in shared.items()
                  if 2 * number >= len(places) and 2 * number >= len(are[other])]
        found += [(0, label_order(label), label_order(other), label, other) for other in are
                  if not places and not are[other] and alike(label, other)]
    chosen: dict[str, tuple[str, tuple[int, int]]] = {}
    taken = set()
    for number, _, _, label, other in sorted(found):
        if label not in chosen and other not in taken:
            chosen[label] = (other, (-number, len(were[label])))
            taken.add(other)
    return chosen
