"""The life of a study's codes, commit by commit, oldest first: a story is read from its beginning,
and ends where one is.

A merge is told only by what it changed against every one of its parents; the rest was told where it
was done.
"""

from __future__ import annotations

import shlex
from collections.abc import Iterable, Set
from dataclasses import dataclass, replace
from typing import NamedTuple

from gtpipe.history.changes import Changes, CodingChange, between
from gtpipe.history.named_changes import EntryChange, Kind, What
from gtpipe.history.version_reader import PLACES, VersionReader, life
from gtpipe.history.versions import Version
from gtpipe.model.level import FOCUSED, INITIAL, Level, split_level
from gtpipe.model.names import label_order
from gtpipe.model.problems import Problem, UserError, did_you_mean
from gtpipe.store import log
from gtpipe.store.repository import Commit

WORKING = "not committed yet"


class Reason(NamedTuple):
    """A line of data/log.jsonl that gives a reason."""

    command: str
    by: str
    why: str


@dataclass(frozen=True)
class Moment:
    """One commit, or the files as they are now. `changes` is what it tells, `against` what changed
    from each parent.
    """

    commit: Commit
    tags: tuple[str, ...]
    version: Version
    changes: Changes
    against: tuple[tuple[str, Changes], ...]
    reasons: tuple[Reason, ...]

    @property
    def memos(self) -> tuple[EntryChange, ...]:
        """The memos written in it."""
        return tuple(
            change
            for change in self.changes.entry_changes
            if change.what == What.MEMO and change.kind == Kind.NEW
        )

    @property
    def says_something(self) -> bool:
        return bool(self.changes or self.tags or self.reasons)


def moments(reader: VersionReader, now: bool) -> list[Moment]:
    """Every commit of the study, parents before children; with `now`, the files as they are at the
    end, where they differ.
    """
    commits, trees = life(reader)
    tags = _tags(reader, {commit.hash for commit in commits})
    versions: dict[str, Version] = {}
    logs: dict[str, frozenset[bytes]] = {}
    found = []
    for commit in commits:
        parents = [versions[parent] for parent in commit.parents if parent in versions]
        version = reader.version(
            trees[commit.hash], commit.hash[:7], parents[0] if parents else None
        )
        versions[commit.hash] = version
        lines = reader.log(trees[commit.hash])
        logs[commit.hash] = frozenset(lines)
        known = frozenset().union(*(logs[parent] for parent in commit.parents if parent in logs))
        found.append(
            _moment(
                commit,
                tuple(tags.get(commit.hash, ())),
                version,
                versions,
                [line for line in lines if line not in known],
            )
        )
    if now:
        head = commits[-1].hash if commits else ""
        version = reader.now(versions.get(head))
        commit = Commit("", "", "", WORKING, (head,) if head else ())
        lines = reader.log(reader.tree_now)
        last = _moment(
            commit,
            (),
            version,
            versions,
            [line for line in lines if line not in logs.get(head, ())],
        )
        if last.says_something:
            found.append(last)
    return found


def _moment(
    commit: Commit,
    tags: tuple[str, ...],
    version: Version,
    versions: dict[str, Version],
    lines: list[bytes],
) -> Moment:
    against = tuple(
        (parent, between(versions[parent], version))
        for parent in commit.parents
        if parent in versions
    )
    changes = against[0][1] if against else between(Version(""), version)
    if len(against) > 1:
        changes = _in_all(changes, [other for _, other in against[1:]])
    return Moment(commit, tags, version, changes, against, tuple(_reasons(lines)))


def _in_all(changes: Changes, others: list[Changes]) -> Changes:
    """Of `changes`, those that stand in all `others` too, whatever was there before."""
    entry_changes = [
        {change._replace(before="", applications=0) for change in other.entry_changes}
        for other in others
    ]
    codings = [{(one.kind, one.at) for one in other.codings} for other in others]
    transcripts = [set(other.transcripts) for other in others]
    return replace(
        changes,
        entry_changes=tuple(
            one
            for one in changes.entry_changes
            if all(one._replace(before="", applications=0) in there for there in entry_changes)
        ),
        codings=tuple(
            one for one in changes.codings if all((one.kind, one.at) in there for there in codings)
        ),
        transcripts=tuple(
            one for one in changes.transcripts if all(one in there for there in transcripts)
        ),
    )


def _reasons(lines: Iterable[bytes]) -> Iterable[Reason]:
    for line in lines:
        logged = log.loads(line)
        if logged is not None and logged.why:
            yield Reason(logged.command, logged.by, logged.why)


def _tags(reader: VersionReader, known: set[str]) -> dict[str, list[str]]:
    """Commit → its tags. A tag that stands at a commit that touched nothing told here belongs to
    the last one before it.
    """
    found: dict[str, list[str]] = {}
    for hash, names in reader.repository.tags().items():
        if hash not in known:
            try:
                hash = reader.repository.git("rev-list", "-1", hash, "--", *PLACES).decode().strip()
            except UserError:  # the tag is of something else than a commit
                continue
        if hash in known:
            found.setdefault(hash, []).extend(names)
    return {hash: sorted(names) for hash, names in found.items()}


def problems(moments: Iterable[Moment]) -> list[Problem]:
    """What could not be read on the way, each once."""
    found: dict[tuple[str, str], Problem] = {}
    for moment in moments:
        for problem in moment.version.problems:
            found.setdefault((problem.path, problem.what.partition("this file")[2]), problem)
    return list(found.values())


def counts(moments: list[Moment]) -> list[tuple[str, int]]:
    """Day and number of initial codes, from the first commit to the last along first parents, and
    now.
    """
    by_hash = {moment.commit.hash: moment for moment in moments}
    found = []
    moment = moments[-1] if moments else None
    while moment is not None:
        found.append((moment.commit.date or "now", len(moment.version.labels[INITIAL])))
        moment = by_hash.get(moment.commit.parents[0]) if moment.commit.parents else None
    return found[::-1]


# --- the life of one code -------------------------------------------------------------------------


@dataclass(frozen=True)
class Life:
    """One code through all moments: its level, what it is called in the end (or was, at last), and
    the moments that tell of it.
    """

    level: Level
    label: str
    leads_on: bool
    is_gone: bool
    moments: tuple[Moment, ...]


def of_code(moments: list[Moment], typed: str) -> Life:
    """The life of the code or focused code called `typed`, now or once. Raises UserError where
    there never was one.
    """
    wanted, label = split_level(typed)
    for level in (INITIAL, FOCUSED):
        if wanted not in ("", level):
            continue
        ends = _forward(moments, level, label)
        if ends:
            return _life(moments, level, label, ends)
    known = {
        name
        for moment in moments
        for level in (INITIAL, FOCUSED)
        if wanted in ("", level)
        for name in moment.version.labels[level]
    }
    raise UserError.of(
        f'no code "{label}", now or in git\'s history',
        did_you_mean(label, sorted(known)) or "`gtpipe codes list` shows the codes",
    )


def _forward(moments: list[Moment], level: Level, label: str) -> dict[str, set[str]]:
    """Commit → what the code that was once called `label` is called there; {} where it never stood
    anywhere.
    """
    found: dict[str, set[str]] = {}
    for moment in moments:
        labels = moment.version.labels[level]
        here = {moment.version.current[level].get(label, label)} & labels
        if not here:
            for parent, changes in moment.against:
                here |= {
                    changes.leads[level].get(one, one) for one in found.get(parent, ())
                } & labels
        if here:
            found[moment.commit.hash] = here
    return found


def _life(moments: list[Moment], level: Level, label: str, ends: dict[str, set[str]]) -> Life:
    last = moments[-1].commit.hash
    is_gone = last not in ends
    if is_gone:
        last = next(
            moment.commit.hash for moment in reversed(moments) if moment.commit.hash in ends
        )
    tracked: dict[str, set[str]] = {last: set(ends[last])}
    for moment in reversed(moments):
        here = tracked.get(moment.commit.hash, set())
        for parent, changes in moment.against:
            tracked.setdefault(parent, set()).update(Earlier(changes, level).called(here))
    called = sorted(ends[last], key=label_order)[0]
    shown = []
    for moment in moments:
        were = set().union(*(tracked.get(parent, set()) for parent, _ in moment.against))
        labels = were | tracked.get(moment.commit.hash, set())
        if labels:
            changes = moment.changes
            about = telling_of(
                moment,
                labels,
                level,
                [one for one in changes.entry_changes if labels & concerned(one, level)],
                [one for one in changes.codings if labels & coded(one, level)],
                [one for one in moment.reasons if labels & named_in(one, level)],
            )
            if about.changes or about.reasons:
                shown.append(about)
    return Life(level, called, called != label, is_gone, tuple(shown))


class Earlier:
    """What codes of a level were called before changes, and what they were split from.

    A label that is new goes on being looked for: a code may have been taken out and brought back.
    """

    def __init__(self, changes: Changes, level: Level) -> None:
        self._leads, self._there = changes.leads[level], changes.old.labels[level]
        what = _what(level)
        splits = {
            change.label: change.others
            for change in changes.entry_changes
            if change.what == what and change.kind in (Kind.SPLIT, Kind.PROBABLY_SPLIT)
        }
        self._came_from: dict[str, set[str]] = {}
        for was, label in self._leads.items():
            self._came_from.setdefault(label, set()).add(was)
        for source, parts in splits.items():
            for part in parts:
                self._came_from.setdefault(part, set()).add(source)

    @property
    def touched(self) -> Set[str]:
        """The labels of which something is told; every other was called the same."""
        return self._leads.keys() | self._came_from.keys()

    def called(self, here: Iterable[str]) -> set[str]:
        """What the codes that are called so now were called."""
        found = set()
        for label in here:
            came_from = self._came_from.get(label)
            if label not in self._leads and (label in self._there or came_from is None):
                found.add(label)
            found.update(came_from or ())
        return found


def _what(level: Level) -> str:
    return What.FOCUSED_CODE if level == FOCUSED else What.CODE


def concerned(change: EntryChange, level: Level) -> set[str]:
    """The codes of a level that a change of an entry tells of."""
    if change.what == What.MEMO:
        named = map(split_level, change.others)
        return {label for typed, label in named if typed in ("", level)}
    if change.what == _what(level):
        in_list = change.kind in (Kind.IN, Kind.OUT, Kind.MOVED)
        return {change.label} if in_list else {change.label, *change.others}
    holds_codes = change.field == ("takes-up" if level == INITIAL else "focused")
    return (
        set(change.others)
        if change.kind in (Kind.IN, Kind.OUT, Kind.MOVED) and holds_codes
        else set()
    )


def coded(change: CodingChange, level: Level) -> set[str]:
    """The codes of a level that were given, taken away or changed."""
    ends = (change.before, change.after)
    return {end.label for end in ends if end is not None and end.level == level}


def named_in(reason: Reason, level: Level) -> set[str]:
    """The codes of a level that a reason may be given for: what its command names."""
    try:
        words = shlex.split(reason.command)
    except ValueError:
        words = [reason.command]
    in_focused = reason.command.removeprefix("codes ").startswith("focused ")
    otherwise = level if in_focused or level == INITIAL else INITIAL
    named = map(split_level, words)
    return {label for typed, label in named if (typed or otherwise) == level}


def telling_of(
    moment: Moment,
    labels: Set[str],
    level: Level,
    entry_changes: Iterable[EntryChange],
    codings: Iterable[CodingChange],
    reasons: Iterable[Reason],
) -> Moment:
    """A moment that tells of these codes alone, by what of it concerns them."""
    what = _what(level)
    changes = tuple(
        change._replace(others=tuple(name for name in change.others if name in labels))
        if change.kind in (Kind.IN, Kind.OUT, Kind.MOVED)
        and change.what != what
        and change.field in ("takes-up", "focused")
        else change
        for change in entry_changes
    )
    narrowed = replace(
        moment.changes, entry_changes=changes, codings=tuple(codings), transcripts=()
    )
    return replace(moment, changes=narrowed, reasons=tuple(reasons))
