"""A study on disk: where it is, which files it has, and what they hold at one moment.

`Study.find` walks up from any folder inside it. `Snapshot` reads each file once per command, so
that a command sees one version of the study even while somebody types in an editor.
"""

from __future__ import annotations

import hashlib
import os
import re
import stat
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from gtpipe.model.level import CATEGORY, FOCUSED, INITIAL, RELATION, Level
from gtpipe.model.names import is_readable, slug
from gtpipe.model.problems import Problem, UserError, error

if TYPE_CHECKING:
    from gtpipe.store.seen import SeenFiles
    from gtpipe.store.settings import Settings

SETTINGS = "pipeline.yaml"
DATA = "data"
SOURCES = "data/sources"
EARLIER = "data/sources/earlier"
TRANSCRIPTS = "data/transcripts"
SHEETS = "data/initial-codes"
INGESTED = "data/ingested"
DERIVED = "data/derived"
PAGES = "data/derived/report"
LINES = "lines"
"""The folder under DERIVED of transcripts laid out in numbered lines."""
NOT_TAKEN_UP = f"{DERIVED}/not-taken-up.csv"
CODEBOOK = "data/codebook.yaml"
FOCUSED_CODES = "data/focused-codes.yaml"
THEORY = "data/theory.yaml"
MEMOS = "data/memos"
COMMENTS = "data/comments.yaml"
SAMPLING = "data/sampling.yaml"
EVALUATION = "data/evaluation.md"
DIARY = "data/diary"
ETHICS = "data/ethics.yaml"
SCHEDULE = "data/schedule"
SPLIT = "data/split-"  # how the names of such files begin
PARTICIPANTS = "data/participants.csv"
WITHDRAWN = "data/withdrawn.csv"
SHAPES = "data/shapes.yaml"
ANSWERS = "data/answers.csv"
PROCEDURES = "data/procedures"
LOG = "data/log.jsonl"
UNFINISHED = "data/.gtpipe-unfinished.json"
CACHE = ".gtpipe"
OWN_FILES = frozenset(
    (
        *(CODEBOOK, FOCUSED_CODES, THEORY, COMMENTS, SAMPLING, ETHICS, SHAPES),
        *(PARTICIPANTS, WITHDRAWN, ANSWERS),
        *(f"{folder}/*.md" for folder in (TRANSCRIPTS, MEMOS, DIARY, SCHEDULE)),
    )
)
"""Files that are read as what they are, and hold no rows of a study's own procedure."""

ENTRIES = {INITIAL: CODEBOOK, FOCUSED: FOCUSED_CODES, CATEGORY: THEORY, RELATION: THEORY}
"""Level → the file that its entries stand in."""


def earlier_versions(stems: Iterable[str]) -> re.Pattern[str]:
    """What sources of these names, without their endings, are called as they were before they were
    corrected.
    """
    named = "|".join(map(re.escape, sorted(stems))) or "(?!)"
    return re.compile(rf"{EARLIER}/(?:{named})\.[0-9a-f]{{12}}(?:\..*)?")


def own_schema(name: str) -> str:
    """The file in which a study says itself what a procedure is."""
    return f"{PROCEDURES}/{name}.yaml"


def transcript_of(interview: str) -> str:
    return f"{TRANSCRIPTS}/{interview}.md"


def named_in(path: str) -> str:
    """The interview that the name of a file begins with: of a transcript, a sheet, a record of its
    ingest.
    """
    return path.rpartition("/")[2].partition(".")[0]


def split_of(level: Level, label: str) -> str:
    """The file in which a code is split: its label, shortened, and a digest that tells it apart."""
    short = slug(label)[:40].strip("-") or level
    return f"{SPLIT}{short}-{fingerprint(f'{level} {label}'.encode())[:4]}.yaml"


def fingerprint(content: bytes) -> str:
    """The SHA-256 of `content` in hex."""
    return hashlib.sha256(content).hexdigest()


def digest(content: bytes) -> str:
    """The first 12 hex digits of the fingerprint, as the log and the freshness records write it."""
    return fingerprint(content)[:12]


@dataclass(frozen=True)
class Study:
    """A folder with a `pipeline.yaml`."""

    root: Path

    @classmethod
    def around(cls, start: Path) -> Study | None:
        """The study that `start` lies in, None where there is none."""
        start = start.absolute()
        return next(
            (cls(folder) for folder in (start, *start.parents) if (folder / SETTINGS).is_file()),
            None,
        )

    @classmethod
    def find(cls) -> Study:
        """The study around the current folder. Raises UserError when there is none."""
        study = cls.around(Path.cwd())
        if study is None:
            raise UserError(
                error(
                    ".",
                    None,
                    "no study here: neither this folder nor one above it has a pipeline.yaml",
                    "Go to your study's folder, or begin one with `gtpipe init`",
                )
            )
        return study

    def path(self, relative: str) -> Path:
        return self.root / relative

    def is_there(self, typed: str) -> bool:
        """Whether something is at a path as a person types it: in the study, or anywhere."""
        return bool(typed) and os.path.lexists(self.root / os.path.expanduser(typed))

    def files(self, folder: str, *endings: str) -> list[str]:
        """Study-relative paths of the files in `folder` with one of `endings` (all, where none is
        given), sorted.

        Names that begin with a dot, and those that are no text, are left out. A missing folder has
        no files; a file in its place is an error.
        """
        try:
            with os.scandir(self.root / folder) as entries:
                names = [
                    e.name
                    for e in entries
                    if not e.name.startswith(".") and is_readable(e.name) and e.is_file()
                ]
        except FileNotFoundError:
            return []
        except NotADirectoryError:
            raise UserError(
                error(
                    folder,
                    None,
                    "this must be a folder, and is a file",
                    "Move it away; gtpipe makes the folder",
                )
            ) from None
        except OSError as exc:
            raise UserError(
                error(
                    folder,
                    None,
                    f"this folder cannot be read: {exc.strerror}",
                    "Look at its permissions",
                )
            ) from None
        return [
            f"{folder}/{name}" for name in sorted(names) if not endings or name.endswith(endings)
        ]

    def others(self, folder: str, ending: str) -> list[str]:
        """What else lies in `folder`, study-relative and sorted.

        That is: other endings, folders, links that lead nowhere, names that are no text.
        """
        taken = set(self.files(folder, ending))
        names = os.listdir(self.root / folder) if (self.root / folder).is_dir() else []
        paths = sorted(f"{folder}/{name}" for name in names if not name.startswith("."))
        return [path for path in paths if path not in taken]


Bytes = bytes  # `Snapshot` calls a method so
HELD = 16_000_000
"""So many bytes of files are held; beyond, what was read first is read again if it is asked for."""


class Snapshot:
    """The bytes of a study's files at one moment: what was read and is not held any more must be
    what it was. And their fingerprints, for which no file is read that stands as it was seen.
    """

    def __init__(self, study: Study) -> None:
        self.study = study
        self._root = f"{study.root}/"  # a path is put together often enough for it to cost time
        self._listed: dict[str, list[str]] = {}
        self._held: dict[str, bytes] = {}
        self._size = 0  # of all that is held
        self._missing: set[str] = set()
        self._fingerprint: dict[str, str] = {}
        self._found: dict[str, os.stat_result] = {}  # of what was read, before it was

    def files(self, folder: str, *endings: str) -> list[str]:
        """`Study.files`, looked up once: what appears in a folder while a command runs is not part
        of it.
        """
        if folder not in self._listed:
            self._listed[folder] = self.study.files(folder)
        return [path for path in self._listed[folder] if not endings or path.endswith(endings)]

    def lying_in(self, folder: str) -> list[str]:
        """Its files, and what lies there in place of one, as a folder does: reading that tells."""
        return [*self.files(folder), *self.study.others(folder, "")]

    def head(self, path: str, size: int = 4096) -> bytes:
        """The first bytes of a file, all of it where it was read already; b'' where it cannot be
        read.
        """
        if self._is_read(path):
            return self._held.get(path, b"")
        try:
            with open(self.study.root / path, "rb") as file:
                return file.read(size)
        except OSError:
            return b""

    def size(self, path: str) -> int:
        """How many bytes the file has now, 0 where it cannot be found."""
        try:
            return os.stat(self._root + path).st_size
        except OSError:
            return 0

    def bytes(self, path: str) -> bytes | None:
        """The file's content, None where there is no such file."""
        if not self._is_read(path):
            try:
                found = os.stat(self._root + path)
                mode = found.st_mode
                if not stat.S_ISREG(mode) and not stat.S_ISDIR(
                    mode
                ):  # a device or a pipe may never end
                    raise UserError(
                        error(
                            path, None, "this must be a file, and is something else", "Move it away"
                        )
                    )
                with open(self._root + path, "rb", buffering=0) as file:
                    content = file.read()
                self._check_is_as_seen(path, content)
                if path not in self._fingerprint:
                    self._found[path] = found
                self._hold(path, content)
            except FileNotFoundError:
                self._check_is_as_seen(path, None)
                self._missing.add(path)
            except IsADirectoryError:
                raise UserError(
                    error(path, None, "this must be a file, and is a folder", "Move it away")
                ) from None
            except OSError as exc:
                raise UserError(
                    error(
                        path,
                        None,
                        f"this file cannot be read: {exc.strerror}",
                        "Look at its permissions",
                    )
                ) from None
        return self._held.get(path)

    def _is_read(self, path: str) -> bool:
        return path in self._held or path in self._missing

    def _hold(self, path: str, content: Bytes) -> None:
        """Hold what was read; of what has to go for it, the fingerprint stays."""
        self._held[path] = content
        self._size += len(content)
        while self._size > HELD and (first := next(iter(self._held))) != path:
            self.fingerprint(first)
            self._size -= len(self._held.pop(first))

    def _check_is_as_seen(self, path: str, content: Bytes | None) -> None:
        """Raises UserError where the file is not any more what its fingerprint said, or is gone."""
        seen = self._fingerprint.get(path)
        if seen is not None and (content is None or fingerprint(content) != seen):
            what = "this file changed while it was read"
            raise UserError(error(path, None, what, "Run the command again"))

    def text(self, path: str) -> str | None:
        """The file's text (UTF-8, without a byte order mark), None where there is no such file."""
        content = self.bytes(path)
        return None if content is None else decode(content, path)

    def fingerprint(self, path: str) -> str | None:
        """The whole SHA-256 of the file in hex, None where there is no such file. Its first 12
        digits are the digest.
        """
        if path not in self._fingerprint:
            known = None if self._is_read(path) else self._seen_before(path)
            if known is None:
                content = self.bytes(path)
                if content is None:
                    return None
                known = fingerprint(content)
                if path in self._found:
                    self.seen.saw(path, self._found.pop(path), known)
            self._fingerprint[path] = known
        return self._fingerprint[path]

    def state_of(self, paths: Iterable[str]) -> str:
        """A fingerprint of files together: what is concluded of them holds while it is the same."""
        summed, between = hashlib.sha256(), ""
        for path in paths:
            told = f"{between}{path} {self.fingerprint(path)}"
            summed.update(told.encode("utf-8", "surrogateescape"))
            between = "\n"
        return summed.hexdigest()

    @cached_property
    def seen(self) -> SeenFiles:
        """What files were when they were last read."""
        from gtpipe.store.seen import SeenFiles

        return SeenFiles(self.study)

    def _seen_before(self, path: str) -> str | None:
        try:
            return self.seen.fingerprint(path, os.stat(self._root + path))
        except OSError:  # `bytes` says what is wrong
            return None

    def settings(self) -> Settings:
        from gtpipe.store import settings  # brings YAML, which Tab can do without

        return settings.loads(self.text(SETTINGS) or "")


def unreadable(path: str) -> Problem | None:
    """The error for a file whose name is no text in one line, None where it is."""
    if is_readable(path):
        return None
    what = "a control character, or what is no letter, stands in this name: the file is not read"
    return error(path, None, what, "Rename it")


def decode(content: bytes, path: str) -> str:
    """UTF-8, with or without a byte order mark. Raises UserError naming the line of the first other
    byte.
    """
    try:
        text = content.decode("utf-8")
    except UnicodeDecodeError as exc:
        line = content.count(b"\n", 0, exc.start) + 1
        what = "this is not text" if b"\x00" in content else "this line is not UTF-8"
        raise UserError(error(path, line, what, "Save the file as UTF-8 in your editor")) from None
    return text.removeprefix("\ufeff")
