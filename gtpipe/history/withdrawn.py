"""What git still holds of a participant who withdrew: which files, in which commits, and what leads
there; and what those files would say without them.

What they said is taken from the transcripts of all commits, so that it can still be looked for when
the study itself has forgotten it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property

from gtpipe.analysis.withdrawal import Withdrawal, said_by, said_by_others
from gtpipe.formats import sheet_withdrawn, transcripts
from gtpipe.history import withdrawn_rows
from gtpipe.history.forgotten import stretches, without_words
from gtpipe.model.problems import UserError
from gtpipe.model.procedures import Schema
from gtpipe.model.records import Incident, Interview, SheetCode, SheetEntry, Where
from gtpipe.sources import every_word
from gtpipe.store.layout import (
    DERIVED,
    INGESTED,
    LINES,
    SHEETS,
    SOURCES,
    TRANSCRIPTS,
    Snapshot,
    earlier_versions,
    named_in,
)
from gtpipe.store.repository import Commit, Repository, Version
from gtpipe.study import procedures
from gtpipe.text.word_runs import WordRuns

_MOST_BYTES = 20_000_000
_NOTE = re.compile(r"[0-9a-f/]{40,}")  # of git, on a commit
_PLAIN = (".md", ".yaml", ".csv", ".txt", ".jsonl", ".py")
_OF_ROWS = (f"{DERIVED}/procedures/", f"{DERIVED}/theory.md")
_LAID_OUT = b"(withdrawn: `gtpipe run` lays this out anew)\n"
_DOCUMENT = b"(withdrawn: this version held words of somebody who withdrew)\n"


@dataclass(frozen=True)
class StillInGit:
    """`paths` (of the repository) held nothing but what is theirs; `versions` of other files, by
    hash, held words of theirs, and say from now on what stands there; so do `messages` of commits.
    `commits` brought any of it, and `refs` lead to one of these. `now` are files that hold words of
    theirs as they were committed last.
    """

    paths: tuple[str, ...]
    versions: dict[str, bytes]
    messages: dict[bytes, bytes]
    files: tuple[str, ...]
    commits: tuple[Commit, ...]
    refs: tuple[str, ...]
    now: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.paths or self.versions or self.messages)


class WithdrawnInHistory:
    """A participant as the commits of a repository know them."""

    def __init__(
        self,
        repository: Repository,
        participant: str,
        here: Iterable[Interview],
        going: frozenset[str] = frozenset(),
    ) -> None:
        """`here` are the interviews as the study has them now; `going` are files that stand in its
        folder and are to go.
        """
        self.repository, self.participant = repository, participant
        self._here, self._going = tuple(here), going

    @cached_property
    def _versions(self) -> list[Version]:
        return self.repository.every_version() if self.repository.has_commits else []

    @cached_property
    def _transcripts(self) -> dict[str, Interview]:
        """Every version of every transcript of the study, by hash, as far as it can be read."""
        front = f"{self.repository.prefix}{TRANSCRIPTS}/"
        at = {
            one.blob: one.path.removeprefix(self.repository.prefix)
            for one in self._versions
            if one.path.startswith(front) and one.path.endswith(".md")
        }
        found = {}
        for blob, content in self.repository.contents(list(at)).items():
            try:
                found[blob] = transcripts.loads(content.decode("utf-8", "replace"), at[blob])[0]
            except UserError:
                continue
        return found

    @cached_property
    def interviews(self) -> tuple[Interview, ...]:
        """The versions of transcripts in which they speak."""
        everything = self._transcripts.values()
        return tuple(one for one in everything if self.participant in one.participants)

    @cached_property
    def runs(self) -> WordRuns:
        """What they said, by runs of six words, but for what others say today; in an earlier
        version the other may be the same person under another pseudonym.
        """
        said = said_by(self.participant, self.interviews)
        return WordRuns(said, said_by_others(self.participant, self._here))

    @cached_property
    def _shared(self) -> frozenset[str]:
        return frozenset(
            one.name for one in self.interviews if set(one.participants) != {self.participant}
        )

    @cached_property
    def _whole(self) -> frozenset[str]:
        return frozenset(one.name for one in self.interviews) - self._shared

    def still_there(self) -> StillInGit:
        """All that git holds of them."""
        if not self.interviews:
            return StillInGit((), {}, {}, (), (), ())
        paths = tuple(sorted({one.path for one in self._versions if self._is_theirs(one.path)}))
        versions = dict(self._edited({*paths}))
        brought = [one for one in self._versions if one.path in paths or one.blob in versions]
        commits = list(dict.fromkeys(one.commit for one in brought))
        others = [one for one in brought if one.path not in paths]
        files = {one.path for one in others if not _NOTE.fullmatch(one.path)}
        return StillInGit(
            paths,
            versions,
            dict(self._messages()),
            tuple(sorted(files)),
            tuple(
                one._replace(subject=self.runs.blanked(one.subject))
                for one in self.repository.named(commits)
            ),
            tuple(self.repository.leading_to(commits)),
            tuple(sorted({one.path for one in others if versions.get(one.blob) == b""})),
        )

    @cached_property
    def _own(self) -> re.Pattern[str]:
        """The paths, seen from the study, that held nothing but what is theirs."""
        whole = "|".join(map(re.escape, sorted(self._whole))) or "(?!)"
        sources = {one.source for one in self.interviews if one.source}
        stems = {source.rpartition(".")[0] or source for source in sources} | self._whole
        named = "|".join(map(re.escape, sorted(sources))) or "(?!)"
        return re.compile(
            rf"{TRANSCRIPTS}/(?:{whole})\.md|{INGESTED}/(?:{whole})\.csv"
            rf"|{SHEETS}/(?:{whole})(?:\.\w+)?\.yaml"
            rf"|{DERIVED}/suggestions/initial/(?:{whole})\.yaml|{DERIVED}/{LINES}/(?:{whole})\.md"
            rf"|{SOURCES}/(?:{named})|{earlier_versions(stems).pattern}"
        )

    def _is_theirs(self, path: str) -> bool:
        inside = self._inside(path)
        if inside is None or not self._own.fullmatch(inside):
            return False
        # What stands there otherwise is somebody else's by now.
        return inside in self._going or not self.repository.study.path(inside).exists()

    def _inside(self, path: str) -> str | None:
        """A path of the repository as seen from the study; None where it lies elsewhere."""
        prefix = self.repository.prefix
        return path.removeprefix(prefix) if path.startswith(prefix) else None

    def left(self) -> tuple[str, ...]:
        """The files, in whatever commit, in which runs of theirs stand that were known before the
        history was rewritten.
        """
        found: dict[str, None] = {}
        self.__dict__.pop("_versions", None)
        at = {one.blob: one.path for one in self._versions}
        for blob, content in self._contents(list(at)):
            if self._stand_in(content, at[blob]):
                found[at[blob]] = None
        return tuple(sorted(found))

    # --- what other files would say ---

    def _edited(self, paths: set[str]) -> Iterator[tuple[str, bytes]]:
        """Versions of other files that hold words of theirs, and what they say without."""
        at = {one.blob: one.path for one in self._versions if one.path not in paths}
        now = self.repository.blobs_at_head()
        for blob, content in self._contents(list(at)):
            edited = self._without(at[blob], content, blob in now)
            if edited != content:
                yield blob, edited

    def _contents(self, blobs: list[str]) -> Iterator[tuple[str, bytes]]:
        """Those of the versions that are no recordings."""
        for start in range(0, len(blobs), 200):
            for blob, content in self.repository.contents(blobs[start : start + 200]).items():
                if len(content) <= _MOST_BYTES:
                    yield blob, content

    def _stand_in(self, content: bytes, path: str) -> bool:
        """Whether words of theirs stand in a version of a file, of whatever kind."""
        if _is_plain(content, path):
            return self.runs.stand_in(content.decode("utf-8", "replace"))
        return every_word.hold(content, path, self.runs)

    def _without(self, path: str, content: bytes, is_now: bool) -> bytes:
        if is_now:  # what stands there now was judged by a person
            return b"" if self._stand_in(content, path) else content
        if b"\0" not in content[:8000]:
            content = self._text_without(path, content)
        is_left = not _is_plain(content, path) and self._stand_in(content, path)
        return _DOCUMENT if is_left else content

    def _text_without(self, path: str, content: bytes) -> bytes:
        text = content.decode("utf-8", "surrogateescape")
        inside = self._inside(path) or ""
        if inside.startswith(f"{DERIVED}/"):
            is_theirs = self.runs.stand_in(text) or self._stretches.search(text)
            if inside.startswith(_OF_ROWS):  # what rows say stands in no transcript
                is_theirs = is_theirs or self._named.search(text)
            return _LAID_OUT if is_theirs else content
        if (of := withdrawn_rows.tables_at(inside, self._schemas)) and _is_plain(content, path):
            rest = withdrawn_rows.without(text, inside, of, self._withdrawal)
            if rest is None:
                return _DOCUMENT
            text = rest
        name = named_in(inside)
        if name in self._shared:
            text = self._group(inside, name, text)
        text = self.runs.blanked(self._stretches.sub(without_words, text))
        return text.encode("utf-8", "surrogateescape")

    @cached_property
    def _named(self) -> re.Pattern[str]:
        names = "|".join(map(re.escape, sorted({self.participant, *self._whole})))
        return re.compile(rf"(?<![\w-])(?:{names})(?![\w-])")

    @cached_property
    def _schemas(self) -> tuple[Schema, ...]:
        """The procedures whose rows may have stood in the study, on today or not."""
        known = procedures.catalogue(Snapshot(self.repository.study), [])
        return tuple(schema for schema in known.values() if not schema.command)

    @cached_property
    def _withdrawal(self) -> Withdrawal:
        shared = {
            one.name: (one, self._without_them(one))
            for one in reversed(self.interviews)
            if one.name in self._shared
        }
        return Withdrawal(self.participant, self._whole, shared)

    @cached_property
    def _stretches(self) -> re.Pattern[str]:
        """An incident of theirs as it is named."""
        return stretches(self._whole, self._turns)

    @cached_property
    def _turns(self) -> dict[str, set[str]]:
        """Interview with others → the turns that were theirs, in any version."""
        found: dict[str, set[str]] = {}
        for one in self.interviews:
            if one.name in self._shared:
                theirs = [t.id for t in one.turns if one.participant(t) == self.participant]
                found.setdefault(one.name, set()).update(theirs)
        return found

    def _group(self, path: str, name: str, text: str) -> str:
        """A version of the transcript or of a sheet of an interview with others."""
        try:
            if path.startswith(f"{TRANSCRIPTS}/"):
                for name_then in self._called(transcripts.loads(text, path)[0]):
                    text = transcripts.withdrawn(text, path, name_then)
                return text
            if path.startswith(f"{SHEETS}/"):
                return self._sheet(path, name, text)
        except UserError:
            pass
        return text

    def _called(self, version: Interview) -> list[str]:
        """What they are called in a version of an interview with others: the speaker of no turns
        but theirs.
        """
        theirs = self._turns[version.name]
        others = {version.participant(t) for t in version.turns if t.id not in theirs}
        return [name for name in version.participants if name not in others]

    def _sheet(self, path: str, name: str, text: str) -> str:
        before = next(one for one in self.interviews if one.name == name)
        after = self._without_them(before)
        withdrawal = Withdrawal(self.participant, frozenset(), {name: (before, after)})

        def falls(entry: SheetEntry, code: SheetCode) -> bool:
            return withdrawal.falls(Incident(name, entry.turn, code.words, Where(path, code.line)))

        return sheet_withdrawn.without(text, path, after, self._turns[name], falls, False)

    def _without_them(self, interview: Interview) -> Interview:
        written = transcripts.dumps(interview)
        text = transcripts.withdrawn(written, interview.path, self.participant)
        return transcripts.loads(text, interview.path)[0]

    def _messages(self) -> Iterator[tuple[bytes, bytes]]:
        for message in self.repository.messages():
            text = message.decode("utf-8", "surrogateescape")
            edited = self.runs.blanked(text)
            if edited != text:
                yield message, edited.encode("utf-8", "surrogateescape")


def _is_plain(content: bytes, path: str) -> bool:
    """Whether what a version says stands in it as it is: no document, no markup, UTF-8."""
    try:
        return path.endswith(_PLAIN) and "\0" not in content.decode("utf-8")
    except UnicodeDecodeError:
        return False
