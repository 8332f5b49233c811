"""Looks through a study, or through files, for real names and whatever else tells who somebody is.

What is found is told by path and line, and by the line of the list; nothing here hands on a name,
for what is printed lands in logs.
"""

from __future__ import annotations

import json
import os
import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import NamedTuple

from gtpipe.analysis import identifiers
from gtpipe.analysis.identifiers import NAME, SLIP
from gtpipe.formats import names_list
from gtpipe.model import limits
from gtpipe.model.names import is_readable
from gtpipe.model.plural import count
from gtpipe.model.problems import NOTE, Problem, UserError, error, note
from gtpipe.model.real_names import NameList
from gtpipe.model.records import Progress
from gtpipe.sources import every_word
from gtpipe.store import every_file, placing
from gtpipe.store.layout import (
    DATA,
    DERIVED,
    INGESTED,
    LOG,
    SETTINGS,
    Snapshot,
    Study,
    digest,
    transcript_of,
)
from gtpipe.store.repository import git
from gtpipe.store.seen import SeenFiles
from gtpipe.store.settings import Settings

NOBODY = NameList(())
IN_A_FILE_NAME = "in the name of a file"
_CHAPTERS = (
    *(".md", ".markdown", ".qmd", ".rmd", ".txt", ".text", ".tex", ".html", ".htm", ".xhtml"),
    *(".docx", ".doc", ".odt", ".fodt", ".rtf", ".pdf"),
)
# Digests, which may have no letter in them.
_DIGEST = re.compile(r'(?<=")[0-9a-f]{12}(?=")|(?<=,)[0-9a-f]{12}(?=\r?$)', re.M)


LOOKED = "looked-1.json"
"""What was found in files, by path; to be counted on where something else is found in the same."""

Place = tuple[str, int, str, str, int]
"""Of a finding, all but how many times."""


class Finding(NamedTuple):
    """What stands somewhere: `kind` as in `identifiers`, for a name the line of the list, and how
    many times.

    `path` ends with a slash where the file's own name would show one: of such files it is said only
    how often, and in which folder.
    """

    path: str
    line: int
    place: str
    kind: str
    list_line: int
    times: int

    @property
    def is_name(self) -> bool:
        return self.kind == NAME


@dataclass(frozen=True)
class Search:
    """What was looked for and through, and what was found, in order."""

    findings: tuple[Finding, ...] = ()
    problems: tuple[Problem, ...] = ()
    """What is wrong with the list, or worth knowing."""
    unread: tuple[Problem, ...] = ()
    """Which files could not be looked through."""
    files: int = 0

    @property
    def names(self) -> tuple[Finding, ...]:
        return tuple(finding for finding in self.findings if finding.is_name)

    @property
    def notes(self) -> tuple[Finding, ...]:
        return tuple(finding for finding in self.findings if not finding.is_name)


# --- the list -------------------------------------------------------------------------------------


def list_of(study: Study, settings: Settings) -> tuple[NameList, list[Problem]]:
    """The list that the settings name, and what is wrong with it and with where it lies.

    Raises UserError where it cannot be read.
    """
    if not settings.names:
        return NOBODY, []
    names, problems = names_list.read(study, settings.names)
    return names, [*_where_it_lies(study, settings.names), *problems]


def _where_it_lies(study: Study, typed: str) -> list[Problem]:
    """A list that git holds, or will hold with the next `git add -A`, is an error."""
    place = names_list.place(study, typed)
    for file in dict.fromkeys((place, Path(os.path.realpath(place)))):
        if _git_lists(file, "--cached"):
            do = "Take it out of git, and keep it outside: history still has it"
            return [error(typed, None, "git tracks the list of names", do)]
        if _git_lists(file, "--others", "--exclude-standard"):
            do = "Move it out of the repository, to `~/keys/` say, or have git ignore it"
            return [error(typed, None, "the list of names lies where git would take it up", do)]
    return []


def _git_lists(file: Path, *which: str) -> bool:
    """Whether the repository around a file has it among its files; without git, none has."""
    try:
        return (
            git(file.parent, "ls-files", *which, "--error-unmatch", "--", file.name).returncode == 0
        )
    except (UserError, OSError):
        return False


# --- what is looked through -----------------------------------------------------------------------


def look(
    study: Study,
    files: Sequence[str] = (),
    progress: Progress = lambda message: None,
    *,
    names: tuple[NameList, list[Problem]] | None = None,
) -> Search:
    """Looks through `files` as typed, or through the whole study and the chapters in its folder.

    `names` are the list and what is wrong with it, where it was read already. Raises UserError
    where the list, or a file that was named, cannot be read.
    """
    settings = Snapshot(study).settings()
    found, problems = names or list_of(study, settings)
    own = names_list.place(study, settings.names) if settings.names else None
    places = dict(_typed(files) if files else _all_of(study))
    if own is not None:
        places = {shown: file for shown, file in places.items() if not _is_same(file, own)}
    looked = _Looked(found, settings.look_for, None if files else SeenFiles(study, LOOKED))
    for number, (shown, file) in enumerate(places.items()):
        if number % 50 == 0:
            progress(f"{number} of {len(places)} files")
        looked.file(shown, file, by_rule=shown != SETTINGS)  # there researchers have addresses
    if looked.seen:
        looked.seen.save()
        looked.seen.forget(places.keys())
    return Search(looked.findings(), tuple(problems), tuple(looked.unread), len(places))


def _typed(files: Sequence[str]) -> Iterator[tuple[str, Path]]:
    problems = [
        error(file, None, "there is no such file", "Name files: gtpipe names FILE")
        for file in files
        if not Path(file).exists()
    ]
    if problems:
        raise UserError(*problems)
    for file in files:
        if Path(file).is_dir():
            yield from _under(Path(file), file.rstrip("/"), lambda name: True)
        else:
            yield file, Path(file)


def _all_of(study: Study) -> Iterator[tuple[str, Path]]:
    """Settings, everything under data/, and elsewhere in the study's folder what is a chapter."""
    yield SETTINGS, study.path(SETTINGS)
    yield from _under(study.path(DATA), DATA, lambda name: True)
    for shown, file in _under(study.root, "", lambda name: name.lower().endswith(_CHAPTERS)):
        if not shown.startswith(f"{DATA}/"):
            yield shown, file


def _under(folder: Path, shown: str, takes: Callable[[str], bool]) -> Iterator[tuple[str, Path]]:
    """Files below a folder in order, other studies, and what git and gtpipe keep, left out."""
    for here, folders, files in os.walk(folder):
        below = Path(here).relative_to(folder).parts
        place = "".join(f"{part}/" for part in (shown, *below) if part)
        folders[:] = sorted(
            name
            for name in folders
            if name not in every_file.LEFT_OUT
            and not any(
                os.path.exists(os.path.join(here, name, sign)) for sign in (SETTINGS, "pyvenv.cfg")
            )
        )
        for name in sorted(files):
            file = os.path.join(here, name)
            if takes(name) and not placing.is_temporary(name) and os.path.isfile(file):
                yield place + name, Path(file)


def _is_same(one: Path, other: Path) -> bool:
    return os.path.realpath(one) == os.path.realpath(other)


class _Looked:
    """Gathers what is found, file by file; what `seen` says of a file that stands as it did when it
    was looked through need not be found again.
    """

    def __init__(
        self, names: NameList, look_for: Iterable[str], seen: SeenFiles | None = None
    ) -> None:
        self._names = names
        self._look_for = tuple(look_for)
        self._times: Counter[Place] = Counter()
        self._print = digest(repr((names.people, self._look_for, identifiers.RULES)).encode())
        self.seen = seen
        self.unread: list[Problem] = []

    def file(self, shown: str, file: Path, by_rule: bool = True) -> None:
        before = None
        if self.seen is not None:
            with suppress(OSError):  # looking through it says what is wrong
                before = os.stat(file)
                print, _, known = (self.seen.fingerprint(shown, before) or "").partition(" ")
                if print == self._print:
                    self._times.update({tuple(where): times for where, times in json.loads(known)})
                    return
        unread = len(self.unread)
        found = self._found(shown, file, by_rule)
        self._times.update(found)
        is_whole = len(self.unread) == unread and is_readable(shown)
        if self.seen is not None and before is not None and is_whole:
            self.seen.saw(shown, before, f"{self._print} {json.dumps([*found.items()])}")

    def _found(self, shown: str, file: Path, by_rule: bool) -> Counter[Place]:
        """What is found in one file, and in its name."""
        look_for = self._look_for if by_rule else ()
        times: Counter[Place] = Counter()
        path = self._path(shown, times)
        try:
            pieces = every_word.pieces(file.read_bytes(), shown)
        except OSError as exc:
            what = f"not looked through: {(exc.strerror or 'it cannot be read').lower()}"
            self.unread.append(note(path, None, what))
            return times
        except UserError as exc:
            self.unread += [
                note(path, None, f"not looked through: {problem.what}", problem.do)
                for problem in exc.problems
            ]
            return times
        is_private = path.endswith("/")
        has_digests = shown == LOG or shown.startswith(INGESTED)
        for piece in pieces:
            text = _DIGEST.sub("", piece.text) if has_digests else piece.text
            for line, found in _in_piece(piece._replace(text=text), self._names, look_for):
                where = (0, "") if is_private else (0 if piece.place else line, piece.place)
                times[path, *where, found.kind, found.list_line] += 1
        return times

    def _path(self, shown: str, times: Counter[Place]) -> str:
        """The path as it may be printed: as far as no name of the list stands in it."""
        parts = shown.split("/")
        for at, part in enumerate(parts):
            hits = [match for match in self._names.matches(part) if match.exact]
            if hits or not is_readable(part):
                path = "/".join([*parts[:at], ""]) or "./"
                for line in {match.person.line for match in hits}:
                    times[path, 0, IN_A_FILE_NAME, NAME, line] += 1
                return path
        return shown

    def findings(self) -> tuple[Finding, ...]:
        """Names of the list first, then the others, each by path and place."""
        found = [Finding(*where, times) for where, times in self._times.items()]
        return tuple(
            sorted(found, key=lambda one: (not one.is_name, one.path, _in_order(one), one))
        )


def _in_order(finding: Finding) -> tuple[int, list[int]]:
    return finding.line, [int(number) for number in re.findall(r"\d+", finding.place)]


def _in_piece(
    piece: every_word.Piece, names: NameList, look_for: Sequence[str]
) -> Iterator[tuple[int, identifiers.Found]]:
    """What is found in a piece, and in which of its lines, from 1."""
    line, at = 1, 0
    rules = look_for if piece.prose else [rule for rule in look_for if rule == "e-mail"]
    for found in identifiers.search(piece.text, names, rules):
        line += piece.text.count("\n", at, found.start)
        at = found.start
        if piece.prose or found.kind != SLIP:
            yield line, found
    for broken in piece.broken:
        hidden = identifiers.in_broken_word(broken.before, broken.behind, names)
        if hidden:
            yield broken.line + 1, hidden


# --- told by other commands -----------------------------------------------------------------------


def problems_of(study: Study) -> list[Problem]:
    """What `check` tells where a list stands: files that hold a name, derived ones together."""
    settings = Snapshot(study).settings()
    if not settings.names:
        return []
    try:
        search = look(study)
    except UserError as exc:
        return [replace(problem, severity=NOTE) for problem in exc.problems]
    problems = [problem for problem in search.problems if problem.is_error]
    by_path: dict[str, list[Finding]] = {}
    for finding in search.names:
        is_derived = finding.path.startswith(f"{DERIVED}/")
        by_path.setdefault(f"{DERIVED}/" if is_derived else finding.path, []).append(finding)
    problems += [
        error(path, _first_line(path, found), _told(found), "`gtpipe names` shows each")
        for path, found in by_path.items()
    ]
    if search.notes:
        what = f"{count(_times(search.notes), 'place')} may tell who somebody is"
        problems.append(note("", None, what, "`gtpipe names` shows each"))
    return problems


def notes_on(study: Study, interviews: Iterable[str]) -> list[Problem]:
    """What `ingest` tells of transcripts that it wrote, where a list stands."""
    settings = Snapshot(study).settings()
    paths = {transcript_of(interview): interview for interview in interviews}
    if not settings.names or not paths:
        return []
    try:
        names, problems = list_of(study, settings)
    except UserError as exc:
        return [replace(problem, severity=NOTE) for problem in exc.problems]
    looked = _Looked(names, settings.look_for)
    for path in paths:
        looked.file(path, study.path(path))
    by_path: dict[str, list[Finding]] = {}
    for finding in Search(looked.findings()).names:
        by_path.setdefault(finding.path, []).append(finding)
    told = [
        note(
            path,
            _first_line(path, found),
            _told(found),
            f"`gtpipe names apply {paths[path]}` puts in what stands for them"
            if path in paths
            else "`gtpipe names` shows each",
        )
        for path, found in by_path.items()
    ]
    wrong = (replace(problem, severity=NOTE) for problem in problems if problem.is_error)
    return [*wrong, *told]


def _first_line(path: str, found: Sequence[Finding]) -> int | None:
    return None if path.endswith("/") else found[0].line or None


def _told(found: Sequence[Finding]) -> str:
    lines = sorted({finding.list_line for finding in found})
    return (
        f"{count(_times(found), 'name')} of the list "
        f"({'line' if len(lines) == 1 else 'lines'} {limits.some(map(str, lines))})"
    )


def _times(found: Iterable[Finding]) -> int:
    return sum(finding.times for finding in found)
