"""Source files and whose they are: reading a new one, and knowing one that was read before.

A source belongs to the interview whose transcript names it in `source:`. Used by
`commands.ingest`, `status`, `check`.
"""

from __future__ import annotations

import errno
import os
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path

from gtpipe.analysis import speakers as stage
from gtpipe.analysis.speakers import Roles, person
from gtpipe.formats import tables, transcripts
from gtpipe.formats.sheets import hash_words
from gtpipe.model import limits
from gtpipe.model.problems import (
    Problem,
    UsageError,
    UserError,
    did_you_mean,
    error,
    in_shell,
    note,
)
from gtpipe.model.records import Interview, is_device, is_portable, slug
from gtpipe.model.typography import same
from gtpipe.readers.reading import Columns, Hints, Reading
from gtpipe.store.cache import ParsedFiles
from gtpipe.store.layout import (
    INGESTED,
    PARTICIPANTS,
    SOURCES,
    TRANSCRIPTS,
    Snapshot,
    Study,
    digest,
    fingerprint,
)
from gtpipe.store.settings import Settings

SOURCE_FORMAT = 5
_NOT_SOURCES = ("thumbs.db", "desktop.ini")


@dataclass(frozen=True)
class Options:
    """What the command says beside the files.

    `participants` may be `LABEL=NAME`; `*` is everybody not named otherwise.
    """

    interviewers: tuple[str, ...] = ()
    participants: tuple[str, ...] = ()
    not_speakers: tuple[str, ...] = ()
    as_name: str = ""
    date: str = ""
    schedule: str = ""
    skip_heading: bool = False
    columns: Columns = field(default_factory=Columns)
    monologue: str = ""
    dry_run: bool = False
    why: str = ""


@dataclass(frozen=True)
class Taken:
    """What became of one source: `known` when it stood already; else its reading and the interview
    made of it.

    `most` is what the file is open to, and so the most that its copy and its transcript may be.
    """

    shown: str
    name: str
    known: bool
    reading: Reading | None = None
    interview: Interview | None = None
    content: bytes = b""
    source: str = ""
    problems: tuple[Problem, ...] = ()
    most: int = 0o666


def columns_of(given: str) -> Columns:
    """`speaker=Who,words=Text` as columns. Raises UsageError."""
    found = {}
    for part in filter(None, given.split(",")):
        what, equals, name = part.partition("=")
        if not equals or what.strip() not in Columns._fields or not name.strip():
            raise UsageError(f"--columns {given}: write it as speaker=NAME,words=NAME,time=NAME")
        found[what.strip()] = name.strip()
    return Columns(**found)


def _own_sources(study: Study) -> list[str]:
    def is_one(path: str) -> bool:
        name = path.rpartition("/")[2].casefold()
        return name not in _NOT_SOURCES and not name.startswith(("~$", "readme."))

    return [path for path in study.files(SOURCES) if is_one(path)]


class Shelf:
    """What ingest knows before it looks at a file: settings, who is who, the sources it has and
    whose they are.
    """

    def __init__(self, study: Study, options: Options, snapshot: Snapshot | None = None) -> None:
        self.study, self.options = study, options
        self.snapshot = snapshot or Snapshot(study)
        self.settings = self.snapshot.settings()
        self.sources = _own_sources(study)
        heads = _heads(self.snapshot)
        # A transcript that came from elsewhere may name any path: a source is a file in the folder
        # of the sources.
        self.interview_of = {
            f"{SOURCES}/{source}": name
            for name, (source, _) in heads.items()
            if source and not {"/", "\\"} & set(source) and source not in (".", "..")
        }
        self.labels_of = {name: tuple(speakers) for name, (_, speakers) in heads.items()}
        naming = any("=" in given for given in options.participants)
        roles = _roles(self.settings, options, self._people() if naming else ())
        self.roles = roles.remembering({name: speakers for name, (_, speakers) in heads.items()})
        self.cache = ParsedFiles(study, "source", SOURCE_FORMAT)

    def _people(self) -> Iterable[str]:
        return tables.loads_participants(self.snapshot.text(PARTICIPANTS) or "")[0]

    def take(self, file: Path, explicit: bool) -> Taken:
        """Read a source, or find that it was read before. Raises UserError."""
        shown = str(file) if explicit else os.path.relpath(file, self.study.root)
        content = _bytes(file, shown)
        inside = _inside(self.study, file)
        named = self.options.as_name
        known = self._known_as(file, inside, content)
        if known and not named:
            return self.known(content, shown, known, explicit)
        name = named or slug(file.stem)
        if not name:
            raise UserError(
                error(
                    shown,
                    None,
                    "no interview can be named after this file",
                    "Give it a name with --as NAME",
                )
            )
        if _has_interview(self.snapshot, name):
            return self.known(content, shown, name, explicit)
        self._refuse_a_twin(content, shown, file)
        self._refuse_other_capitals(name, shown)
        target = inside or self._place(file, content, name, shown)
        read = self._read(content, shown, name, target)
        taken = replace(read, most=file.stat().st_mode & 0o777)
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
        return replace(taken, problems=(*taken.problems, *told))

    def interview_at(self, file: Path) -> str:
        """The interview that a file in `data/sources/`, or one of its name there, was ingested as;
        '' where there is none.
        """
        return self.interview_of.get(self.inside(file) or f"{SOURCES}/{file.name}", "")

    def inside(self, file: Path) -> str:
        """The file's path under `data/sources/`, '' when it lies elsewhere."""
        return _inside(self.study, file)

    def content(self, file: Path) -> tuple[bytes, str]:
        """What is in a file, and the file as the person named it. Raises UserError."""
        return _bytes(file, str(file)), str(file)

    def kept_at(self, name: str) -> str:
        """Where the source of an interview is kept; '' where it is not here."""
        return next(
            (
                path
                for path, other in self.interview_of.items()
                if other == name and self.snapshot.bytes(path) is not None
            ),
            "",
        )

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
    def _of_size(self) -> dict[int, list[str]]:
        """The sources by size, so that none is read just to see that it is another."""
        found: dict[int, list[str]] = {}
        for path in self.sources:
            found.setdefault(os.stat(self.study.path(path)).st_size, []).append(path)
        return found

    def _refuse_a_twin(self, content: bytes, shown: str, file: Path) -> None:
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
            raise UserError(
                error(
                    shown,
                    None,
                    f"this is the very content of {twin}, the interview {other}",
                    "To have it as another interview all the same, give it --as NAME",
                )
            )

    def _place(self, file: Path, content: bytes, name: str, shown: str) -> str:
        """Where the source is kept: under its own name; or the interview's, where that is taken or
        is none everywhere.
        """
        if len(os.fsencode(file.name)) > limits.SOURCE_NAME and not self.options.as_name:
            raise UserError(
                error(
                    limits.cut(shown, limits.EXCERPT),
                    None,
                    "the name of this file is too long",
                    "Rename the file, or give it --as NAME",
                )
            )
        own, ours = file.name, name + (file.suffix if is_portable(f"a{file.suffix}") else "")
        may_be_own = is_portable(own) and len(os.fsencode(own)) <= limits.SOURCE_NAME
        for path in (f"{SOURCES}/{name}" for name in ((own, ours) if may_be_own else (ours,))):
            if self._stands(path) in (None, content):
                return path
            if not self.options.as_name:
                break
        raise UserError(
            error(
                shown, None, f"{path} stands already, with other content", "Give this one --as NAME"
            )
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
                raise UserError(
                    error(
                        shown,
                        None,
                        f"{path} stands already, and differs from {name}.md in capitals only, "
                        "which many computers take for the same",
                        f"Rename it to {name}.md, or give this file --as NAME",
                    )
                )

    def _read(self, content: bytes, shown: str, name: str, target: str) -> Taken:
        from gtpipe.readers import registry

        hints = self.roles.hints(self.options.columns, self.options.monologue)
        reading = registry.read(content, shown, hints)
        path = f"{TRANSCRIPTS}/{name}.md"
        interview, problems = stage.interview_of(
            reading,
            name,
            path,
            self.roles,
            date=self.options.date,
            schedule=self.options.schedule,
            source=target.rpartition("/")[2],
            skip_heading=self.options.skip_heading,
            source_path=shown,
        )
        if not any(problem.is_error for problem in problems):
            stored, wrong = transcripts.loads(transcripts.dumps(interview), path)
            plainly = registry.control_text(content, shown, hints)
            lost = stage.lost_words(reading, stored, plainly) or next(
                (p.what for p in wrong if p.is_error), ""
            )
            if lost:
                problems.append(
                    error(
                        shown,
                        None,
                        f"refused, because words would be lost: {lost}",
                        "Save the file as plain UTF-8 text, one label a turn, and try again",
                    )
                )
        return Taken(shown, name, False, reading, interview, content, target, tuple(problems))

    def known(self, content: bytes, shown: str, name: str, explicit: bool) -> Taken:
        """What was ingested under this name: nothing to do.

        Other words: refused, or told when nobody asked.
        """
        record = self.snapshot.text(f"{INGESTED}/{name}.csv")
        if record is None:
            if not explicit:
                return Taken(shown, name, True)
            raise UserError(
                error(
                    shown,
                    None,
                    f"{TRANSCRIPTS}/{name}.md stands already, and was not made by ingest",
                    "Give this file --as NAME",
                )
            )
        kept = self.kept(name)
        ingested = tables.loads_ingested(record)
        recorded = list(ingested.turns.values())
        if digest(content) == ingested.source:
            same = True
        elif explicit and kept is not None and ingested.source in ("", digest(kept)):
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
            raise UserError(error(shown, None, what, do))
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
        key = fingerprint(
            "\n".join([fingerprint(content), *self.options.columns, *labels]).encode()
        )
        record = f"{INGESTED}/{name}.csv"
        kept = self.cache.get({key: record}).get(key)
        if not isinstance(kept, list) or not all(
            isinstance(turn, list) and len(turn) == 3 for turn in kept
        ):
            from gtpipe.readers import registry

            try:
                reading = registry.read(
                    content,
                    shown,
                    Hints(frozenset(labels), only_known=True, columns=self.options.columns),
                )
            except UserError:
                return []
            kept = [[same(turn.label), turn.time, hash_words(turn.text)] for turn in reading.turns]
            self.cache.put(key, kept, record)
        return kept


def _words(turns: list[list[str]]) -> list[str]:
    return [words for _, _, words in turns]


def _inside(study: Study, file: Path) -> str:
    """The file's path under `data/sources/`, '' when it lies elsewhere."""
    folder = Path(os.path.realpath(study.path(SOURCES)))
    real = Path(os.path.realpath(file))
    return f"{SOURCES}/{real.name}" if real.parent == folder else ""


def _bytes(file: Path, shown: str) -> bytes:
    try:
        if file.exists() and not file.is_file():
            raise UserError(
                error(
                    shown,
                    None,
                    "this is a folder" if file.is_dir() else "this is no ordinary file",
                    "Name the files in it" if file.is_dir() else "Name a transcript",
                )
            )
        size = file.stat().st_size
        if size > limits.SOURCE_BYTES:
            raise UserError(
                error(
                    shown,
                    None,
                    f"this file is {size / 2**20:,.0f} MB large, too much for a transcript",
                    "Ingest the transcript itself, without recordings and pictures",
                )
            )
        return file.read_bytes()
    except FileNotFoundError:
        near = (
            did_you_mean(file.name, [f.name for f in file.parent.iterdir()])
            if file.parent.is_dir()
            else ""
        )
        raise UserError(error(shown, None, "no such file", near)) from None
    except OSError as exc:
        if exc.errno == errno.ENAMETOOLONG:
            raise UserError(
                error(
                    limits.cut(shown, limits.EXCERPT),
                    None,
                    "no such file: its name is too long for one",
                )
            ) from None
        raise UserError(
            error(
                shown, None, f"this file cannot be read: {exc.strerror}", "Look at its permissions"
            )
        ) from None


def _heads(snapshot: Snapshot) -> dict[str, tuple[str, dict[str, str]]]:
    """Interview → the source its transcript names, and its speakers: who each label is."""
    return {
        path.rpartition("/")[2].removesuffix(".md"): transcripts.head_of(_front(snapshot, path))
        for path in snapshot.files(TRANSCRIPTS, ".md")
    }


def _front(snapshot: Snapshot, path: str) -> str:
    """The front matter of a transcript, and as much as was read with it."""
    head = snapshot.head(path)
    if b"\n---" not in head:
        return snapshot.text(path) or ""
    return head.decode("utf-8", "ignore").removeprefix("\ufeff")


def _roles(settings: Settings, options: Options, people: Iterable[str]) -> Roles:
    """Who is who, by the settings and the command.

    A name that is one of `people`, or given twice, is one name, as it stood first.
    """
    names: dict[str, str] = {}
    spelt = {person(name): name for name in people}
    participants: list[str] = []
    for given in options.participants:
        label, equals, name = given.rpartition("=")
        label = label if equals else given
        if equals:
            names[label] = spelt.setdefault(person(name), name.strip())
        participants.append(label.strip())
    interviewers = tuple(label.strip() for label in options.interviewers)
    for labels, listed, role in (
        (interviewers, settings.participant_labels, "participant"),
        (participants, settings.interviewer_labels, "interviewer"),
    ):
        for label in labels:
            if label.casefold() in {other.casefold() for other in listed}:
                raise UsageError(
                    f'"{label}" is a label of the {role} in pipeline.yaml; change it there first'
                )
    both = {label.casefold() for label in interviewers} & {
        label.casefold() for label in participants
    }
    if both:
        raise UsageError(f'"{sorted(both)[0]}" is given as interviewer and as participant')
    return Roles(
        (*settings.interviewer_labels, *interviewers),
        (*settings.participant_labels, *participants),
        names,
        options.not_speakers,
    )


def not_as_ingested(study: Study, snapshot: Snapshot) -> tuple[list[str], list[str]]:
    """Sources that are no interview yet, and sources that are no longer what was ingested."""
    shelf = Shelf(study, Options(), snapshot)
    new, changed = [], []
    for path in shelf.sources:
        name = shelf.interview_of.get(path) or slug(Path(path).stem)
        if not _has_interview(snapshot, name):
            new.append(path)
        elif shelf.known(snapshot.bytes(path) or b"", path, name, explicit=False).problems:
            changed.append(path)
    shelf.cache.save()
    return new, changed


def _has_interview(snapshot: Snapshot, name: str) -> bool:
    return (
        snapshot.bytes(f"{TRANSCRIPTS}/{name}.md") is not None
        or snapshot.bytes(f"{INGESTED}/{name}.csv") is not None
    )
