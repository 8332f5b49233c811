"""The lives of all codes at once, each as `timeline.of_code` tells it of one.

Most codes are called the same all the time: only those that were not are followed from commit to
commit, and a moment is asked for the codes that it tells of, not each code for every moment.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from gtpipe.history.timeline import Earlier, Moment, coded, concerned, named_in, telling_of
from gtpipe.model.level import Level

Names = dict[str, set[str]]
"""Code of today → what it was called at a commit, where that is not just the same."""


def of_all(moments: Sequence[Moment], level: Level) -> dict[str, tuple[Moment, ...]]:
    """Code of today → the moments that tell of it, oldest first, and of each what concerns it."""
    if not moments:
        return {}
    today = moments[-1].version.labels[level]
    called = _called(moments, level, today)
    found: dict[str, list[Moment]] = {}
    for moment in moments:
        changes = moment.changes
        lists = (
            _by_label(concerned(one, level) for one in changes.entry_changes),
            _by_label(coded(one, level) for one in changes.codings),
            _by_label(named_in(one, level) for one in moment.reasons),
        )
        told = set().union(*lists)
        known = [called[moment.commit.hash], *(called[parent] for parent, _ in moment.against)]
        followed = set().union(*known)
        for code in (told & today) | followed:
            labels = set().union(*(names.get(code, {code}) for names in known))
            if code in followed and not labels & told:
                continue
            entries, codings, reasons = (_places(listed, labels) for listed in lists)
            about = telling_of(
                moment,
                labels,
                level,
                (changes.entry_changes[place] for place in entries),
                (changes.codings[place] for place in codings),
                (moment.reasons[place] for place in reasons),
            )
            found.setdefault(code, []).append(about)
    return {code: tuple(lived) for code, lived in found.items()}


def _called(moments: Sequence[Moment], level: Level, today: frozenset[str]) -> dict[str, Names]:
    """Commit → what the codes of today were called there."""
    found: dict[str, Names] = {}
    after: dict[str, list[Names]] = {}  # commit → what each that follows it says
    for moment in reversed(moments):
        names = _together(after.pop(moment.commit.hash, []))
        found[moment.commit.hash] = names
        for parent, changes in moment.against:
            earlier = Earlier(changes, level)
            before = {
                code: earlier.called(names.get(code, {code}))
                for code in names.keys() | (earlier.touched & today)
            }
            after.setdefault(parent, []).append(
                {code: labels for code, labels in before.items() if labels != {code}}
            )
    return found


def _together(said: Sequence[Names]) -> Names:
    codes = set().union(*said)
    return {code: set().union(*(names.get(code, {code}) for names in said)) for code in codes}


def _by_label(concerned: Iterable[set[str]]) -> dict[str, list[int]]:
    """Label → the places in a list at which it is told of."""
    found: dict[str, list[int]] = {}
    for place, labels in enumerate(concerned):
        for label in labels:
            found.setdefault(label, []).append(place)
    return found


def _places(listed: Mapping[str, list[int]], labels: Iterable[str]) -> list[int]:
    return sorted({place for label in labels for place in listed.get(label, ())})
