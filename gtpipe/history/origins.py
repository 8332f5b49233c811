"""When a link of the study was made, by whom and why: from the log where a command made it, else
from git's commits.

A link is a fact of one file, and was made by the newest commit that has it and whose parents have
not. Labels are those of today: a code that was renamed keeps the dates of its applications.
"""

from __future__ import annotations

import json
import re
import shlex
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from typing import NamedTuple

from gtpipe.analysis.trace_tree import Fact, Made
from gtpipe.history import timeline, wording
from gtpipe.history.links_in_version import Lead, facts_in
from gtpipe.history.version_reader import VersionReader
from gtpipe.model.level import FOCUSED, INITIAL, Level, MaybeLevel, split_level
from gtpipe.model.names import one_line
from gtpipe.model.problems import UserError, in_shell
from gtpipe.store import log
from gtpipe.store.layout import FOCUSED_CODES, LOG, SHEETS
from gtpipe.store.repository import Commit, Repository
from gtpipe.store.who import matching
from gtpipe.study import Corpus
from gtpipe.text import yamltext

LOGGED, COMMITTED, WRITTEN, UNCOMMITTED = "log", "git", "file", "not committed yet"


class Origin(NamedTuple):
    """When a link was made, as 2026-03-21, by whom and why; '' where nobody knows. `source` says
    who tells it.
    """

    when: str
    by: str
    why: str
    source: str


@dataclass(frozen=True)
class History:
    """What is known of the links that were asked for. `remark` is for the person, where something
    could not be looked up.
    """

    found: dict[Fact, Origin] = field(default_factory=dict)
    remark: str = ""

    def of(self, made: Made) -> Origin:
        """The origin of a link: what log or git say of its fact, else what its file says itself."""
        origin = self.found.get(made.fact) if made.fact is not None else None
        if origin is None:
            return Origin(made.when, made.by, made.why, WRITTEN)
        is_signed = made.fact is not None and made.fact.kind in ("applied", "negative", "comment")
        if origin.source == COMMITTED and made.by and is_signed:  # whoever committed it
            return origin._replace(by=made.by)
        why = origin.why or ("" if origin.source == COMMITTED else made.why)
        return origin._replace(by=origin.by or made.by, why=why)


def origins(corpus: Corpus, facts: Iterable[Fact]) -> History:
    """Log and git asked for all of `facts`. Outside git, and for what git never saw, what the log
    says is all.
    """
    facts = list(facts)
    entries = {
        Fact(fact.path, "entry", fact.names[:1]) for fact in facts if fact.kind == "takes-up"
    }
    logged = _from_log(corpus, [*facts, *entries])
    made = {fact: origin for fact, origin in logged.items() if fact.kind != "entry"}
    try:
        repository = Repository.of(corpus.study)
    except UserError:
        return History(made)
    rest = [fact for fact in (*facts, *sorted(entries & logged.keys())) if fact not in made]
    try:
        committed, remark = _from_git(corpus, repository, rest)
    except UserError as exc:
        return History(made, exc.problems[0].what)
    for fact in rest:
        entry = Fact(fact.path, "entry", fact.names[:1])
        if (
            fact.kind == "takes-up"
            and entry in logged
            and committed.get(fact) == committed.get(entry)
        ):
            made[fact] = logged[
                entry
            ]  # it came with the focused code, by the command that made that
    return History({**committed, **made}, remark)


def by_hand(corpus: Corpus, level: Level, label: str) -> list[tuple[str, Origin]]:
    """What no lineage tells of a code and those it was made of: in words, and the commit it was
    done in."""
    try:
        repository = Repository.of(corpus.study)
        if not repository.has_commits:
            return []
        reader = VersionReader(repository)
        told = timeline.moments(reader, now=not repository.conflicted())
        reader.save()
        life = timeline.of_code(told, f"{level}: {label}")
    except UserError:  # outside git, or never in a commit that can be read
        return []
    initials = {name: letters for letters, name in corpus.settings.researchers.items()}
    found = []
    for moment in life.moments:
        commit = moment.commit
        who = initials.get(commit.author, commit.author)
        origin = Origin(commit.date, who, commit.subject, COMMITTED)
        if not commit.hash:
            origin = Origin("", "", "", UNCOMMITTED)
        found += [(text, origin) for text in wording.by_hand(moment.changes, level)]
    return found


def _lead(corpus: Corpus) -> Lead:
    """A label of any time → the one it counts under now, on its level ('' for any)."""
    current = {
        INITIAL: corpus.current,
        FOCUSED: corpus.current_focused,
        "": {**corpus.current, **corpus.current_focused},
    }
    known = corpus.names.known

    def lead(level: MaybeLevel, label: str) -> str:
        if any(label in labels for name, labels in known.items() if level in ("", name)):
            return label
        return current[level].get(label, label) if level in current else label

    return lead


# --- the log --------------------------------------------------------------------------------------


def _from_log(corpus: Corpus, facts: list[Fact]) -> dict[Fact, Origin]:
    """Facts that a command of the log made: the newest line that says so."""
    text = (corpus.snapshot.bytes(LOG) or b"").decode("utf-8", "replace")
    if not text or not facts:
        return {}
    labels = {label for fact in facts for label in _labels(fact)} | {
        *corpus.current,
        *corpus.current_focused,
    }
    lead = _lead(corpus)
    wanted: dict[_Key, list[Fact]] = {}
    for fact in facts:
        if fact.kind == "applied" or fact.kind in _COMMANDS:
            wanted.setdefault(_key(fact), []).append(fact)
    found: dict[Fact, Origin] = {}
    named = _naming(labels)
    for line in text.split("\n"):
        if not named(line):
            continue
        logged = log.loads(line)
        if logged is None:
            continue
        origin = Origin(logged.when[:10], logged.by, one_line(logged.why), LOGGED)
        path = next(iter(logged.files), "")
        keys = _done(logged.did, path, lead) if logged.did else _told(logged.command, path, lead)
        for key in keys:
            for fact in wanted.get(key, ()):
                found[fact] = origin
    return found


def _naming(labels: set[str]) -> Callable[[str], bool]:
    """Whether a line of the log may name one of `labels`: a quick look before it is taken apart."""
    begins = re.compile(r'"command": "(?:code|codes|focused) ')
    written = sorted(
        {json.dumps(in_shell(label), ensure_ascii=False)[1:-1] for label in labels if label}
        | {
            json.dumps(in_shell(f"{FOCUSED}: {label}"), ensure_ascii=False)[1:-1]
            for label in labels
            if label
        }
    )
    if len(written) > 200:
        return lambda line: begins.search(line) is not None
    any_of = re.compile("|".join(map(re.escape, written)) or "(?!)")
    return lambda line: begins.search(line) is not None and any_of.search(line) is not None


_Key = tuple[str | bool, ...]
_COMMANDS = {
    "was": "rename",
    "merged-from": "merge",
    "split-from": "split",
    "parked": "park",
    "takes-up": "take-up",
    "entry": "add",
}


def _key(fact: Fact) -> _Key:
    """What a line of the log can tell of a fact."""
    if fact.kind == "applied":
        turn, level, code, words = fact.names
        return ("applied", fact.path, turn, level, code, bool(words))
    if fact.kind in ("takes-up", "entry"):
        return (fact.kind, *fact.names)
    level = FOCUSED if fact.path == FOCUSED_CODES else INITIAL
    return (_COMMANDS[fact.kind], level, fact.names[-1])


def _done(did: log.Facts, path: str, lead: Lead) -> Iterator[_Key]:
    """The keys of the facts that a command made, as the log says them."""
    kind, level = str(did["kind"]), Level("".join(log.labels(did, "level")) or INITIAL)
    if kind in ("rename", "merge", "split"):
        yield from ((kind, level, label) for label in log.labels(did, "from"))
    for code in log.labels(did, "code"):
        now = lead(level, code)
        if kind == "code":
            yield ("applied", path, str(did.get("turn")), level, now, did.get("tied") is True)
        elif kind == "take-up":
            taken = log.labels(did, "codes")
            yield from (("takes-up", now, lead(INITIAL, label)) for label in taken)
        elif kind == "add":
            yield ("entry", now)
        elif kind == "park":
            yield (kind, level, now)


def _told(command: str, path: str, lead: Lead) -> Iterator[_Key]:
    """The keys of the facts that a command made, of a line of the log without them as data."""
    try:
        words = shlex.split(command)
    except ValueError:
        return
    if words[:1] == ["code"] and len(words) > 3:
        yield ("applied", path, words[2], INITIAL, lead(INITIAL, words[3]), "--words" in words)
    elif words[:2] == ["focused", "take-up"] and len(words) > 3:
        yield from (
            ("takes-up", lead(FOCUSED, words[2]), lead(INITIAL, code)) for code in words[3:]
        )
    elif words[:2] == ["focused", "add"] and len(words) > 2:
        yield ("entry", lead(FOCUSED, words[2]))
    elif (
        words[:1] == ["codes"]
        and len(words) > 2
        and words[1] in ("rename", "merge", "split", "park")
    ):
        given = words[2 : words.index("--into")] if "--into" in words else words[2:3]
        for typed in given:
            level, label = split_level(typed)
            level = level or INITIAL
            yield (words[1], level, lead(level, label) if words[1] == "park" else label)


# --- git ------------------------------------------------------------------------------------------


def _from_git(
    corpus: Corpus, repository: Repository, facts: list[Fact]
) -> tuple[dict[Fact, Origin], str]:
    by_path: dict[str, list[Fact]] = {}
    for fact in facts:
        by_path.setdefault(fact.path, []).append(fact)
    if not by_path:
        return {}, ""
    paths = sorted(by_path)
    commits = repository.life(*paths) if repository.has_commits else []
    trees = repository.trees(commits, *paths) if commits else {}
    now = repository.files("HEAD", *paths) if commits else {}
    versions = list(_versions(commits, trees, paths))
    past = _Past(repository, by_path, corpus, versions, now)
    researchers = corpus.settings.researchers
    by = {
        commit.author: matching(researchers, commit.author, "") or commit.author
        for commit in commits
    }
    open_facts: dict[str, set[Fact]] = {
        path: {*past.at_head(path, now[path])} & {*wanted} if path in now else set()
        for path, wanted in by_path.items()
    }
    found = {
        fact: Origin("", "", "", UNCOMMITTED)
        for path, wanted in by_path.items()
        for fact in wanted
        if fact not in open_facts[path]
    }
    # What the quick look does not find stands in the file in another way than gtpipe writes it.
    for quick in (True, False):
        for version in versions:
            if open_facts[version.path]:
                commit = version.commit
                new = past.new(version, open_facts[version.path], quick)
                origin = Origin(commit.date, by[commit.author], commit.subject, COMMITTED)
                found.update((fact, origin) for fact in new)
                open_facts[version.path] -= new
    shallow = any(not commit.parents for commit in commits) and repository.is_shallow
    return found, _SHALLOW if shallow else ""


_SHALLOW = (
    "this clone is shallow: what is older than it stands under its first commit; "
    "`git fetch --unshallow` brings the rest"
)


def _versions(
    commits: list[Commit], trees: dict[str, dict[str, str]], paths: list[str]
) -> Iterator[_FileVersion]:
    """The versions of files that a commit made, newest first."""
    for commit in reversed(commits):
        for path in paths:
            blob = trees[commit.hash].get(path)
            before = [trees.get(parent, {}).get(path) for parent in commit.parents]
            if blob is not None and blob not in before:
                yield _FileVersion(commit, path, blob, before)


class _FileVersion(NamedTuple):
    """A file as a commit left it, and as each of the commit's parents had it; None where one had
    not.
    """

    commit: Commit
    path: str
    blob: str
    before: list[str | None]


class _Past:
    """Versions of the files concerned, and which of the facts asked for each holds; read as little
    as need be.
    """

    def __init__(
        self,
        repository: Repository,
        wanted: dict[str, list[Fact]],
        corpus: Corpus,
        versions: list[_FileVersion],
        now: dict[str, str],
    ) -> None:
        blobs = {*now.values(), *(version.blob for version in versions)}
        blobs |= {blob for version in versions for blob in version.before if blob}
        self.texts = {
            blob: content.decode("utf-8", "replace").removeprefix("\ufeff").replace("\r\n", "\n")
            for blob, content in repository.contents(sorted(blobs)).items()
        }
        self.wanted = {path: frozenset(facts) for path, facts in wanted.items()}
        self.lead = _lead(corpus)
        self.read: dict[tuple[str, str], frozenset[Fact]] = {}
        self.marks: dict[tuple[str, str], tuple[str, ...]] = {}
        self.whole: set[str] = set()
        self.before = {(version.path, version.blob): version.before for version in versions}
        earlier: dict[str, list[str]] = {}
        for old, label in (*corpus.current.items(), *corpus.current_focused.items()):
            earlier.setdefault(label, []).append(old)
        self.naming = {
            path: _any_of(
                name
                for fact in facts
                for label in _labels(fact)
                for name in (label, *earlier.get(label, ()))
            )
            for path, facts in wanted.items()
        }

    def at_head(self, path: str, blob: str) -> frozenset[Fact]:
        """The facts that were committed last. A sheet in which not all are found by its lines is
        read whole from here on.
        """
        if path.startswith(SHEETS) and self.facts(path, blob) < self.wanted[path]:
            self.whole.add(path)
            by_lines = self.read.pop((path, blob))
            if self.facts(path, blob) <= by_lines:
                self.whole.discard(path)
        return self.facts(path, blob)

    def new(self, version: _FileVersion, wanted: set[Fact], quick: bool) -> set[Fact]:
        """Those of `wanted` that stand in a version and in none of those before it."""
        path, blob = version.path, version.blob
        before = self._readable(path, version.before)
        if quick and not path.startswith(SHEETS):
            mark = self._mark(path, blob)
            if any(self._mark(path, old) == mark for old in before):
                return set()
        found = wanted & self.facts(path, blob)
        for old in before:
            if found:
                found -= self.facts(path, old)
        return found

    def _readable(self, path: str, before: list[str | None]) -> list[str]:
        """Versions before; in place of one that was committed with a merge's conflict in it, those
        before that.
        """
        found: dict[str, None] = {}
        waiting, seen = [blob for blob in before if blob], set()
        while waiting:
            blob = waiting.pop()
            if blob in seen:
                continue
            seen.add(blob)
            if yamltext.conflict_markers(self.texts[blob], path):
                waiting += [old for old in self.before.get((path, blob), ()) if old]
            else:
                found[blob] = None
        return list(found)

    def facts(self, path: str, blob: str) -> frozenset[Fact]:
        """The facts asked for that a version holds; none of one that cannot be read."""
        if (path, blob) not in self.read:
            self.read[path, blob] = self.wanted[path] & facts_in(
                path, self.texts[blob], self.lead, whole=path in self.whole
            )
        return self.read[path, blob]

    def _mark(self, path: str, blob: str) -> tuple[str, ...]:
        """The entries of a version in which a label of the facts occurs: while they stay the same,
        so do the facts.
        """
        if (path, blob) not in self.marks:
            naming = self.naming[path]
            self.marks[path, blob] = tuple(
                entry for entry in _ENTRY.split(self.texts[blob]) if naming.search(entry)
            )
        return self.marks[path, blob]


_OF_INCIDENTS = (
    *("judged", "incidents", "does-not-fit", "left", "properties"),
    *("negative", "support", "contradict"),
)


def _labels(fact: Fact) -> tuple[str, ...]:
    """The labels among the names of a fact; an incident's interview, turn and words are none."""
    if fact.kind in _OF_INCIDENTS:
        return fact.names[:-3]
    if fact.kind == "applied":
        return (fact.names[2],)
    return fact.names[:1] if fact.kind == "comment" else fact.names


def _any_of(names: Iterable[str]) -> re.Pattern[str]:
    return re.compile("|".join(map(re.escape, sorted(set(names)))) or "(?!)")


_ENTRY = re.compile(r"^(?=[ ]*- [a-z-]+:)", re.M)
