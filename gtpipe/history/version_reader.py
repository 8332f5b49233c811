"""Versions of a study read from git's objects and from the disk, no more of them than needed.

A file is known by the hash git gives its content, so what did not change between versions is parsed
once, and a sheet parsed by an earlier command not again. What cannot be read is told, and another
version's content stands in for it.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Generic, NamedTuple, TypeVar

from gtpipe.formats import codebook, focused, memos, sheets, theory, transcripts
from gtpipe.history.forgotten import Forgotten
from gtpipe.history.versions import CoderSheet, SheetLine, Version, recount
from gtpipe.model.level import Level
from gtpipe.model.names import one_line
from gtpipe.model.problems import Problem, UserError, note
from gtpipe.model.records import Code, FocusedCode, Interview, Memo, Theory
from gtpipe.store import settings
from gtpipe.store.cache import ParsedFiles
from gtpipe.store.layout import (
    CODEBOOK,
    FOCUSED_CODES,
    LOG,
    MEMOS,
    SHEETS,
    THEORY,
    TRANSCRIPTS,
    Snapshot,
    decode,
)
from gtpipe.store.repository import Commit, Repository

FILES = (settings.FILE, CODEBOOK, FOCUSED_CODES, THEORY, LOG)
FOLDERS = {SHEETS: ".yaml", TRANSCRIPTS: ".md", MEMOS: ".md"}
PLACES = (*FILES, *FOLDERS)
FORMAT = 3
NOW = "your files"
_AT_ONCE = 400  # contents asked of git in one call


Content = TypeVar("Content")


@dataclass(frozen=True)
class _Kind(Generic[Content]):
    """A kind of file. One `called_after_its_file` is not the same as another that says the same."""

    name: str
    loads: Callable[[str, str], tuple[Content, Iterable[Problem]]]
    called_after_its_file: bool = False

    def known_as(self, path: str) -> str:
        return f"{self.name} {path}" if self.called_after_its_file else self.name


class _Parsed(NamedTuple, Generic[Content]):
    """What a file says, None where it cannot be read, and its errors."""

    content: Content | None
    errors: tuple[Problem, ...]


def _lines_of_sheet(text: str, path: str) -> tuple[CoderSheet, list[Problem]]:
    entries, problems = sheets.loads(text, path)
    lines = tuple(
        SheetLine(
            entry.turn,
            code.level,
            code.label,
            None if code.words is None else one_line(code.words),
            code.note,
        )
        for entry in entries
        for code in entry.codes
    )
    return CoderSheet(lines), problems


_SETTINGS = _Kind[str]("settings", lambda text, path: (settings.loads(text).default_coder, []))
_SHEET = _Kind[CoderSheet]("sheet", _lines_of_sheet)
_CODEBOOK = _Kind[Mapping[str, Code]]("codebook", lambda text, path: codebook.loads(text))
_FOCUSED = _Kind[Mapping[str, FocusedCode]]("focused", lambda text, path: focused.loads(text))
_THEORY = _Kind[Theory]("theory", lambda text, path: theory.loads(text))
_MEMO = _Kind[Memo]("memo", memos.loads, called_after_its_file=True)
_TRANSCRIPT = _Kind[Interview]("transcript", transcripts.loads, called_after_its_file=True)
# What is read of every version, sheets apart; a transcript is read when it is asked for.
_READ_AT_ONCE: dict[str, _Kind[Any]] = {
    settings.FILE: _SETTINGS,
    CODEBOOK: _CODEBOOK,
    FOCUSED_CODES: _FOCUSED,
    THEORY: _THEORY,
}


def _kind(path: str) -> _Kind[Any] | None:
    return _MEMO if path.startswith(f"{MEMOS}/") else _READ_AT_ONCE.get(path)


class Transcripts(Mapping[str, Interview]):
    """Interviews by name, each read when it is asked for; one that cannot be read is missing."""

    def __init__(self, paths: dict[str, str], load: Callable[[str], Interview | None]) -> None:
        self.paths, self.load = paths, load
        self.read: dict[str, Interview | None] = {}

    def __getitem__(self, name: str) -> Interview:
        if name not in self.read:
            self.read[name] = self.load(self.paths[name])
        found = self.read[name]
        if found is None:
            raise KeyError(name)
        return found

    def __iter__(self) -> Iterator[str]:
        return iter(self.paths)

    def __len__(self) -> int:
        return len(self.paths)


class VersionReader:
    """Reads versions of one study; each distinct content of a file once."""

    def __init__(self, repository: Repository) -> None:
        self.repository = repository
        self.cache: ParsedFiles[object] = ParsedFiles(
            repository.study, "codings-of-blob", FORMAT, object
        )
        self.parsed: dict[tuple[str, str], _Parsed[Any]] = {}
        self.contents: dict[str, bytes] = {}
        self.on_disk: set[str] = set()
        self._logs: dict[str, tuple[bytes, ...]] = {}
        self._counted: tuple[dict[tuple[str, str], CoderSheet], Counter[tuple[Level, str]]] = (
            {},
            Counter(),
        )

    def at(self, revision: str, instead: Version | None = None) -> Version:
        """The study at a commit, called `revision`. Raises UserError where git knows none, or it
        holds no study.
        """
        commit = self.repository.resolve(revision)
        tree = _only_read(self.repository.files(commit, *PLACES))
        if not tree:
            raise UserError.at(
                ".",
                None,
                f'at "{revision}" this folder holds no study',
                "Commit it first; or, if it stood in another folder then, name a commit since "
                "it moved",
            )
        return self.version(tree, revision, instead)

    def now(self, instead: Version | None = None) -> Version:
        """The study's files as they are on disk."""
        return self.version(self.tree_now, NOW, instead)

    @cached_property
    def tree_now(self) -> dict[str, str]:
        """Path → the hash git would know the file's content by, as it is on disk; what git ignores
        included.
        """
        snapshot = Snapshot(self.repository.study)
        paths = [
            *FILES,
            *(
                path
                for folder, ending in FOLDERS.items()
                for path in snapshot.files(folder, ending)
            ),
        ]
        hash_of = hashlib.sha256 if len(self.repository.resolve("HEAD")) == 64 else hashlib.sha1
        tree = {}
        for path in paths:
            content = snapshot.bytes(path)
            if content is not None:
                tree[path] = hash_of(b"blob %d\0" % len(content) + content).hexdigest()
                self.contents[tree[path]] = content
                self.on_disk.add(tree[path])
        return tree

    @cached_property
    def here(self) -> frozenset[str]:
        """The sheets of today: of one that is gone nothing is kept, its words least of all."""
        return frozenset(Snapshot(self.repository.study).files(SHEETS, ".yaml"))

    @cached_property
    def _forgotten(self) -> Forgotten:
        return Forgotten.of(Snapshot(self.repository.study))

    def fetch(self, trees: Iterable[dict[str, str]]) -> None:
        """Have the sheets of all `trees` parsed, with few calls of git and of the cache."""
        paths = {
            blob: path
            for tree in trees
            for path, blob in tree.items()
            if path.startswith(f"{SHEETS}/")
        }
        unparsed = {
            blob: path for blob, path in paths.items() if (_SHEET.name, blob) not in self.parsed
        }
        for blob, kept in self.cache.get(unparsed).items():
            sheet = _thaw(kept)
            if sheet is not None:
                sheet = self._forgotten.content(sheet, paths[blob])
                self.parsed[_SHEET.name, blob] = _Parsed(sheet, ())
        missing = [blob for blob in paths if (_SHEET.name, blob) not in self.parsed]
        for start in range(0, len(missing), _AT_ONCE):
            some = missing[start : start + _AT_ONCE]
            self._bring(some)
            for blob in some:
                self._parse(_SHEET, paths[blob], blob)

    def _bring(self, blobs: Iterable[str]) -> None:
        """Have the content of `blobs` at hand."""
        self.contents |= self.repository.contents(
            [blob for blob in dict.fromkeys(blobs) if blob not in self.contents]
        )

    def version(self, tree: dict[str, str], name: str, instead: Version | None = None) -> Version:
        """The version whose files are `tree`. Where one cannot be read, that of `instead` is taken,
        and a problem told.
        """
        self.fetch([tree])
        self._bring(
            blob
            for path, blob in tree.items()
            if (kind := _kind(path)) and (kind.known_as(path), blob) not in self.parsed
        )
        problems: list[Problem] = []

        def read(kind: _Kind[Content], path: str) -> Content | None:
            parsed = self._parse(kind, path, tree[path])
            problems.extend(_as_notes(parsed.errors, path, name, left_out=parsed.content is None))
            return parsed.content

        def get(kind: _Kind[Content], path: str, nothing: Content, otherwise: Content) -> Content:
            content = read(kind, path) if path in tree else nothing
            return otherwise if content is None else content

        old = instead or Version("")
        first = get(_SETTINGS, settings.FILE, "", old.first)
        found_sheets: dict[tuple[str, str], CoderSheet] = {}
        found_memos: dict[str, Memo] = {}
        transcript_paths: dict[str, str] = {}
        for path in sorted(tree):
            folder, _, file = path.rpartition("/")
            if folder == SHEETS:
                interview, _, coder = file.removesuffix(".yaml").partition(".")
                key = (interview, "" if coder == first else coder)
                sheet = read(_SHEET, path) or old.sheets.get(key)
                if sheet is not None and key in found_sheets:
                    found_sheets[key] = CoderSheet(found_sheets[key].lines + sheet.lines)
                elif sheet is not None:
                    found_sheets[key] = sheet
            elif folder == MEMOS:
                memo = read(_MEMO, path) or old.memos.get(file.removesuffix(".md"))
                if memo is not None:
                    found_memos[memo.name] = memo
            elif folder == TRANSCRIPTS:
                transcript_paths[file.removesuffix(".md")] = path
        version = Version(
            name=name,
            first=first,
            sheets=found_sheets,
            memos=found_memos,
            codebook=get(_CODEBOOK, CODEBOOK, {}, old.codebook),
            focused=get(_FOCUSED, FOCUSED_CODES, {}, old.focused),
            theory=get(_THEORY, THEORY, Theory(), old.theory),
            prints={interview: tree[path] for interview, path in transcript_paths.items()},
            interviews=Transcripts(
                transcript_paths, lambda path: self._parse(_TRANSCRIPT, path, tree[path]).content
            ),
            problems=tuple(problems),
        )
        before, counts = self._counted
        # Where a cached property keeps its value: what is the same as before is not counted again.
        version.__dict__["typed"] = recount(Counter(counts), before, found_sheets)
        self._counted = (found_sheets, version.typed)
        return version

    def _parse(self, kind: _Kind[Content], path: str, blob: str) -> _Parsed[Content]:
        key = (kind.known_as(path), blob)
        if key not in self.parsed:
            self._bring([blob])
            content: Content | None = None
            try:
                text = self._forgotten.text(decode(self.contents[blob], path))
                content, problems = kind.loads(text, path)
                errors = tuple(problem for problem in problems if problem.is_error)
            except UserError as exc:
                errors = exc.problems
            content = self._forgotten.content(content, path)
            if isinstance(content, CoderSheet) and not errors and path in self.here:
                self.cache.put(blob, [list(line) for line in content.lines], path)
            self.parsed[key] = _Parsed(content, errors)
            if blob not in self.on_disk:
                self.contents.pop(blob, None)
        return self.parsed[key]

    def save(self) -> None:
        """Keep what was parsed for the next command."""
        self.cache.save()

    def log(self, tree: dict[str, str]) -> tuple[bytes, ...]:
        """The lines of data/log.jsonl."""
        blob = tree.get(LOG, "")
        if blob and blob not in self._logs:
            self._bring([blob])
            self._logs[blob] = tuple(
                line for line in self.contents[blob].splitlines() if line.strip()
            )
        return self._logs.get(blob, ())


def life(reader: VersionReader) -> tuple[list[Commit], dict[str, dict[str, str]]]:
    """The commits that touched what is compared, oldest first, and the files of each."""
    commits = reader.repository.life(*PLACES)
    trees = {
        hash: _only_read(tree) for hash, tree in reader.repository.trees(commits, *PLACES).items()
    }
    reader.fetch(trees.values())
    return commits, trees


def _only_read(tree: dict[str, str]) -> dict[str, str]:
    """Of the files git lists, those gtpipe reads: hidden ones, other endings and deeper folders are
    none.
    """
    found = {}
    for path, blob in tree.items():
        folder, _, file = path.rpartition("/")
        if path in FILES or (
            folder in FOLDERS and file.endswith(FOLDERS[folder]) and not file.startswith(".")
        ):
            found[path] = blob
    return found


def _as_notes(
    errors: tuple[Problem, ...], path: str, name: str, left_out: bool
) -> Iterator[Problem]:
    """The errors of a file in one version as a note that says which version."""
    if errors:
        first = errors[0]
        line = f" (line {first.line})" if first.line else ""
        what = "cannot be read, and is left out" if left_out else "is read only in part"
        at = "" if name == NOW else f"at {name} "
        yield note(path, None, f"{at}this file {what}: {first.what}{line}")


def _thaw(kept: object) -> CoderSheet | None:
    """What the cache kept of a sheet; None where that is something else."""
    if not isinstance(kept, list):
        return None
    try:
        return CoderSheet(tuple([SheetLine(*line) for line in kept]))
    except TypeError:
        return None
