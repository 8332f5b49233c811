"""Source files and whose they are: reading a new one, and knowing one that was read before.

A source belongs to the interview whose transcript names it in `source:`. Used by
`commands.ingest`, `status`, `check`.
"""

from __future__ import annotations

import os
from collections.abc import Iterable
from dataclasses import replace
from functools import cached_property
from pathlib import Path
from typing import NamedTuple

from gtpipe.formats import shapes, tables, withdrawn
from gtpipe.formats.sheets import hash_words
from gtpipe.model import limits
from gtpipe.model.names import is_device, is_portable, slug
from gtpipe.model.problems import Kind, Problem, UserError, in_shell, note
from gtpipe.model.records import Interview
from gtpipe.model.shape import Shape
from gtpipe.model.typography import same
from gtpipe.readers.reading import Hints
from gtpipe.sources.files import has_interview, heads, own_sources, read_bytes
from gtpipe.sources.options import Options, roles_of
from gtpipe.sources.source_reader import SourceReader, Taken
from gtpipe.store.cache import ParsedFiles
from gtpipe.store.layout import (
    INGESTED,
    PARTICIPANTS,
    SHAPES,
    SOURCES,
    TRANSCRIPTS,
    Snapshot,
    Study,
    digest,
    fingerprint,
    transcript_of,
)

SOURCE_FORMAT = 6


class NewSource(NamedTuple):
    """A source to be read: what is in it, the file as the person named it, what its interview is to
    be called, and where it is kept. `most` is as in `Taken`, `told` what is to be told besides.
    """

    content: bytes
    shown: str
    name: str
    target: str
    most: int
    told: tuple[Problem, ...]

    def read_as(self, taken: Taken) -> Taken:
        """What became of it, with what only this process knows."""
        problems = (*taken.problems, *self.told)
        return replace(taken, content=self.content, most=self.most, problems=problems)


class SourceCatalogue:
    """What ingest knows before it looks at a file: settings, who is who, the sources it has and
    whose they are.
    """

    def __init__(
        self,
        study: Study,
        options: Options,
        snapshot: Snapshot | None = None,
        before: Iterable[Interview] = (),
        shapes: Iterable[Shape] = (),
    ) -> None:
        """`before` are interviews, and `shapes` forms, that the same command will write."""
        self.study, self.options, self._shapes = study, options, tuple(shapes)
        self.snapshot = snapshot or Snapshot(study)
        self.settings = self.snapshot.settings()
        self.sources = own_sources(study)
        of_interviews = heads(self.snapshot)
        # A transcript that came from elsewhere may name any path: a source is a file in the folder
        # of the sources.
        self.interview_of = {
            f"{SOURCES}/{source}": name
            for name, (source, _) in of_interviews.items()
            if source and not {"/", "\\"} & set(source) and source not in (".", "..")
        }
        self.labels_of = {name: tuple(said) for name, (_, said) in of_interviews.items()}
        naming = any("=" in given for given in options.participants)
        roles = roles_of(self.settings, options, self._people() if naming else ())
        said = {name: said for name, (_, said) in of_interviews.items()}
        self.roles = roles.remembering(said | {one.name: one.speakers for one in before})
        self.cache: ParsedFiles[object] = ParsedFiles(study, "source", SOURCE_FORMAT, object)

    @cached_property
    def reader(self) -> SourceReader:
        """What reads a source. Raises UserError."""
        told, wrong = shapes.loads(self.snapshot.text(SHAPES) or "")
        if wrong:
            raise UserError(*wrong)
        known = (*self.settings.shapes, *told, *self._shapes)
        return SourceReader(self.options, self.roles, known)

    def _people(self) -> Iterable[str]:
        return tables.loads_participants(self.snapshot.text(PARTICIPANTS) or "")[0]

    def take(self, file: Path, explicit: bool) -> Taken:
        """Read a source, or find that it was read before. Raises UserError."""
        found = self.look_at(file, explicit)
        return found if isinstance(found, Taken) else found.read_as(self.reader.read(*found[:4]))

    def look_at(self, file: Path, explicit: bool) -> Taken | NewSource:
        """A source that was read before, or one to be read. Raises UserError."""
        shown = str(file) if explicit else os.path.relpath(file, self.study.root)
        content = read_bytes(file, shown)
        self._refuse_withdrawn(content, shown)
        inside = self.inside(file)
        named = self.options.as_name
        known = self._known_as(file, inside, content)
        if known and not named:
            return self.known(content, shown, known, explicit)
        name = named or slug(file.stem)
        if not name:
            raise UserError.at(
                shown,
                None,
                "no interview can be named after this file",
                "Give it a name with --as NAME",
            )
        if has_interview(self.snapshot, name):
            return self.known(content, shown, name, explicit)
        if not named:
            self._refuse_name_of_withdrawn(name, shown)
        self._refuse_a_twin(content, shown)
        self._refuse_other_capitals(name, shown)
        target = inside or self._place(file, content, name, shown)
        told = []
        if not named and is_device(file.stem):
            told.append(
                note(
                    shown,
                    None,
                    f"the interview is called {name}: Windows can have no file called "
                    f'"{file.stem}"',
                )
            )
        elif not inside and not is_portable(file.name):
            told.append(
                note(
                    shown,
                    None,
                    f"kept as {target}, since not every computer can have a file of its own name",
                )
            )
        return NewSource(content, shown, name, target, file.stat().st_mode & 0o777, tuple(told))

    def interview_at(self, file: Path) -> str:
        """The interview that a file in `data/sources/`, or one of its name there, was ingested as;
        '' where there is none.
        """
        return self.interview_of.get(self.inside(file) or f"{SOURCES}/{file.name}", "")

    def inside(self, file: Path) -> str:
        """The file's path under `data/sources/`, '' when it lies elsewhere."""
        real = Path(os.path.realpath(file))
        return f"{SOURCES}/{real.name}" if real.parent == self._folder else ""

    @cached_property
    def _folder(self) -> Path:
        return Path(os.path.realpath(self.study.path(SOURCES)))

    def content(self, file: Path) -> tuple[bytes, str]:
        """What is in a file, and the file as the person named it. Raises UserError."""
        return read_bytes(file, str(file)), str(file)

    def kept_at(self, name: str) -> str:
        """Where the source of an interview is kept; '' where it is not here."""
        paths = self._sources_of.get(name, ())
        return next((path for path in paths if self.snapshot.bytes(path) is not None), "")

    @cached_property
    def _sources_of(self) -> dict[str, list[str]]:
        found: dict[str, list[str]] = {}
        for path, name in self.interview_of.items():
            found.setdefault(name, []).append(path)
        return found

    def record(self, name: str) -> str:
        """What ingest recorded of an interview, '' for one it did not make."""
        return self.snapshot.text(f"{INGESTED}/{name}.csv") or ""

    def kept(self, name: str) -> bytes | None:
        """The source of an interview, None where it is not here."""
        path = self.kept_at(name)
        return self.snapshot.bytes(path) if path else None

    def _known_as(self, file: Path, inside: str, content: bytes) -> str:
        """The interview that this very file was ingested as: by its place, or by its name and
        content.
        """
        if inside:
            return self.interview_of.get(inside, "")
        kept = f"{SOURCES}/{file.name}"
        return self.interview_of.get(kept, "") if self.snapshot.bytes(kept) == content else ""

    @cached_property
    def withdrawn(self) -> tuple[withdrawn.Withdrawn, ...]:
        """From which interviews, and sources, somebody withdrew."""
        return withdrawn.read(self.snapshot)

    def _refuse_withdrawn(self, content: bytes, shown: str) -> None:
        if any(one.source == digest(content) for one in self.withdrawn):
            raise UserError.at(
                shown,
                None,
                "a participant whose words this file holds withdrew, and it is not ingested again",
                "Destroy the file, as it was promised",
            )

    def _refuse_name_of_withdrawn(self, name: str, shown: str) -> None:
        if any(one.interview == name for one in self.withdrawn):
            raise UserError.at(
                shown,
                None,
                f"the participant of an interview {name} withdrew",
                f"If this is somebody else's, give it --as NAME; --as {name} will do",
            )

    @cached_property
    def _of_size(self) -> dict[int, list[str]]:
        """The sources by size, so that none is read just to see that it is another."""
        found: dict[int, list[str]] = {}
        for path in self.sources:
            found.setdefault(os.stat(self.study.path(path)).st_size, []).append(path)
        return found

    def _refuse_a_twin(self, content: bytes, shown: str) -> None:
        twin = next(
            (
                path
                for path in self._of_size.get(len(content), ())
                if self.snapshot.bytes(path) == content
            ),
            "",
        )
        other = self.interview_of.get(twin, "")
        if other and not self.options.as_name:
            raise UserError.at(
                shown,
                None,
                f"this is the very content of {twin}, the interview {other}",
                "To have it as another interview all the same, give it --as NAME",
                kind=Kind.TWIN,
                about=other,
            )

    def _place(self, file: Path, content: bytes, name: str, shown: str) -> str:
        """Where the source is kept: under its own name; or the interview's, where that is taken or
        is none everywhere.
        """
        if len(os.fsencode(file.name)) > limits.SOURCE_NAME and not self.options.as_name:
            raise UserError.at(
                limits.cut(shown, limits.EXCERPT),
                None,
                "the name of this file is too long",
                "Rename the file, or give it --as NAME",
            )
        own, ours = file.name, name + (file.suffix if is_portable(f"a{file.suffix}") else "")
        may_be_own = is_portable(own) and len(os.fsencode(own)) <= limits.SOURCE_NAME
        for path in (f"{SOURCES}/{name}" for name in ((own, ours) if may_be_own else (ours,))):
            if self._stands(path) in (None, content):
                return path
            if not self.options.as_name:
                break
        raise UserError.at(
            shown, None, f"{path} is already there, with other content", "Give this one --as NAME"
        )

    def _stands(self, path: str) -> bytes | None:
        """What stands at a source's path, or at one that differs in capitals only, which many disks
        take for the same.
        """
        twin = next((other for other in self.sources if other.casefold() == path.casefold()), path)
        return self.snapshot.bytes(twin)

    def _refuse_other_capitals(self, name: str, shown: str) -> None:
        for path in self.snapshot.files(TRANSCRIPTS, ".md"):
            if path.rpartition("/")[2].removesuffix(".md").casefold() == name.casefold():
                raise UserError.at(
                    shown,
                    None,
                    f"{path} is already there, and differs from {name}.md in capitals only, "
                    "which many computers take for the same",
                    f"Rename it to {name}.md, or give this file --as NAME",
                )

    def known(self, content: bytes, shown: str, name: str, explicit: bool) -> Taken:
        """What was ingested under this name: nothing to do.

        Other words: refused, or told when nobody asked.
        """
        record = self.snapshot.text(f"{INGESTED}/{name}.csv")
        if record is None:
            if not explicit:
                return Taken(shown, name, True)
            raise UserError.at(
                shown,
                None,
                f"{transcript_of(name)} is already there, and was not made by ingest",
                "Give this file --as NAME",
            )
        if digest(content) == tables.source_of_ingested(record):
            return Taken(shown, name, True)
        kept = self.kept(name) if explicit else None
        ingested = tables.loads_ingested(record)
        recorded = list(ingested.turns.values())
        if kept is not None and ingested.source in ("", digest(kept)):
            same = kept == content or self._says_the_same(content, kept, shown, name, recorded)
        else:
            same = self._says(content, shown, name, recorded)
        if same:
            return Taken(shown, name, True)
        what = f'an interview "{name}" was ingested before, from other content'
        do = (
            f"If it is a corrected version, `gtpipe ingest --correct {in_shell(shown)}"
            + (
                f" --as {name}`"
                if name != (self.interview_at(Path(shown)) or slug(Path(shown).stem))
                else "`"
            )
            + "; to ingest it as another interview, give it --as NAME"
        )
        if explicit:
            raise UserError.at(shown, None, what, do)
        told = note(
            shown,
            None,
            f"this is no longer what was ingested as {name}; the transcript stands as it is",
            do,
        )
        return Taken(shown, name, True, problems=(told,))

    def _says(self, content: bytes, shown: str, name: str, recorded: list[str]) -> bool:
        """Whether the words of `content`, turn by turn, are those recorded; by the transcript's
        labels, or all there are.
        """
        return any(
            _words(self._turns(content, shown, name, more)) == recorded for more in self._labels()
        )

    def _says_the_same(
        self, content: bytes, kept: bytes, shown: str, name: str, recorded: list[str]
    ) -> bool:
        """Whether `content` says what the kept source says, label by label, read such that the kept
        source gives what is recorded.
        """
        for more in self._labels():
            before = self._turns(kept, shown, name, more)
            if before and _words(before) == recorded:
                return before == self._turns(content, shown, name, more)
        return False

    def _labels(self) -> tuple[tuple[str, ...], ...]:
        return (), tuple(sorted(self.roles.labels))

    def _turns(
        self, content: bytes, shown: str, name: str, more: Iterable[str] = ()
    ) -> list[list[str]]:
        """Label, time and hash of the words of each turn. Cached by content."""
        labels = sorted({*self.labels_of.get(name, ()), *more})
        record = f"{INGESTED}/{name}.csv"
        shape = tables.loads_ingested(self.record(name)).shape
        key = fingerprint(
            "\n".join(
                [fingerprint(content), *self.options.columns, shape.as_text(), *labels]
            ).encode()
        )
        kept = self.cache.get({key: record}).get(key)
        if not isinstance(kept, list) or not all(
            isinstance(turn, list) and len(turn) == 3 for turn in kept
        ):
            from gtpipe.readers import registry

            try:
                reading = registry.read(
                    content,
                    shown,
                    Hints(
                        frozenset(labels),
                        only_known=True,
                        columns=self.options.columns,
                        shape=shape,
                    ),
                )
            except UserError:
                return []
            kept = [[same(turn.label), turn.time, hash_words(turn.text)] for turn in reading.turns]
            self.cache.put(key, kept, record)
        return kept


def _words(turns: list[list[str]]) -> list[str]:
    return [words for _, _, words in turns]
