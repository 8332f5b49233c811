"""A study read whole: every file that a person wrote as records, every coding, and every problem found on the way.

One broken file does not hide the problems of the others. Sheets, the slow ones to parse, are cached by content.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TypeVar

from gtpipe import sources
from gtpipe.analysis import checks, focused_codes, references, schedules, theoretical_sampling
from gtpipe.analysis import codings as initial_code
from gtpipe.analysis import comments as commented
from gtpipe.analysis import memos as memo
from gtpipe.analysis import theory as theoretical_code
from gtpipe.analysis.references import Names
from gtpipe.formats import (
    codebook,
    comments,
    diary,
    focused,
    memos,
    naming,
    personal,
    sampling,
    schedule,
    sheets,
    tables,
    theory,
    transcripts,
)
from gtpipe.formats.answers import ANSWERS
from gtpipe.model.problems import (
    Problem,
    UserError,
    did_you_mean,
    error,
    in_file_order,
    in_shell,
    note,
)
from gtpipe.model.records import (
    INITIAL,
    Code,
    Coding,
    Material,
    Sheet,
    SheetCode,
    SheetEntry,
    Theory,
    Where,
    label_order,
    split_into,
    study_order,
)
from gtpipe.store import log
from gtpipe.store import settings as pipeline_yaml
from gtpipe.store.cache import ParsedFiles
from gtpipe.store.layout import (
    CODEBOOK,
    COMMENTS,
    DATA,
    DIARY,
    EVALUATION,
    FOCUSED_CODES,
    INGESTED,
    LOG,
    MEMOS,
    PARTICIPANTS,
    SAMPLING,
    SCHEDULE,
    SHEETS,
    THEORY,
    TRANSCRIPTS,
    Snapshot,
    Study,
    unreadable,
)
from gtpipe.store.settings import Settings
from gtpipe.text import yamltext

SHEET_FORMAT = 3
# What no entry of another file names: a merge may leave its markers there as well.
_BESIDE = (EVALUATION, ANSWERS, ".gitattributes", ".gitignore")
Entry = TypeVar("Entry")


@dataclass(frozen=True)
class Corpus:
    """What a study's files say at one moment. `unreadable` are the errors that keep a file from being read."""

    study: Study
    snapshot: Snapshot
    settings: Settings
    material: Material
    unreadable: tuple[Problem, ...]

    @cached_property
    def _coded(self) -> tuple[tuple[Coding, ...], list[Problem]]:
        return initial_code.codings_of(self.material, self.current, self.current_focused)

    @property
    def codings(self) -> tuple[Coding, ...]:
        """Every application whose anchor holds, in study order."""
        return self._coded[0]

    @property
    def current(self) -> dict[str, str]:
        """Old labels of initial codes and the ones they count under."""
        return naming.current_labels(self.material.codebook)

    @property
    def current_focused(self) -> dict[str, str]:
        """Old labels of focused codes and the ones they count under."""
        return naming.current_labels(self.material.focused)

    @property
    def last_interview(self) -> str:
        """The last interview in study order; '' where there is none, or one cannot be read that may
        be it."""
        broken = (problem.path for problem in self.unreadable if problem.is_error)
        if any(path.startswith(f"{TRANSCRIPTS}/") for path in broken):
            return ""
        return next(reversed(self.material.interviews), "")

    @cached_property
    def names(self) -> Names:
        """Everything that can be named."""
        return references.names(self.material, self.codings, self.current, self.current_focused)

    @cached_property
    def problems(self) -> tuple[Problem, ...]:
        """All errors, and the notes a file gives rise to by itself, in order."""
        belonging = [
            *checks.belonging(self.material, self.settings.researchers),
            *self._files_of_strangers(),
        ]
        # What could not be read may be what others name: do not report its absence.
        missing = {*self._broken, *(_transcript(name) for name in self._gone)}
        belonging = [p for p in belonging if not _because_of(p, missing)]
        named = self._named_and_not_there()
        hanging = {name: [p for p in named if _names(p, name)] for name in self._gone}
        named = [p for p in named if not any(p in those for those in hanging.values())]
        return in_file_order(
            [
                *self.unreadable,
                *belonging,
                *(self._hangs_on(name, those) for name, those in hanging.items()),
                *self._coded[1],
                *self._codes_among_words(),
                *self._sheets_gone,
                *named,
                *log.problems(self.snapshot.bytes(LOG) or b""),
            ]
        )

    @cached_property
    def _broken(self) -> frozenset[str]:
        """The files that cannot be read."""
        return frozenset(problem.path for problem in self.unreadable if problem.is_error)

    @cached_property
    def _gone(self) -> tuple[str, ...]:
        """Interviews that have a sheet, and whose transcript is not there any more."""
        there = {_interview_of(path) for path in self.snapshot.files(TRANSCRIPTS, ".md")}
        read = {_interview_of(path) for path in self.snapshot.files(INGESTED, ".csv")}
        # A sheet that is named nearly like a transcript, and was never read from a source, is named wrongly.
        return tuple(
            sorted(
                name
                for name in {sheet.interview for sheet in self.material.sheets} - there
                if name in read or not did_you_mean(name, there)
            )
        )

    def _hangs_on(self, name: str, elsewhere: list[Problem]) -> Problem:
        """That a transcript is gone, once, and how much hangs on it."""
        own = [sheet for sheet in self.material.sheets if sheet.interview == name]
        codes = sum(len(entry.codes) for sheet in own for entry in sheet.entries)
        hangs = [f"{len(own)} sheet{'s' * (len(own) > 1)} with {codes} code{'s' * (codes != 1)}"]
        if elsewhere:
            paths = sorted({problem.path for problem in elsewhere})
            places = f"{len(elsewhere)} place{'s' * (len(elsewhere) > 1)} in {', '.join(paths[:4])}"
            hangs.append(places + (f" and {len(paths) - 4} more" if len(paths) > 4 else ""))
        return error(
            _transcript(name),
            None,
            f"this transcript is gone; on it hang {', and '.join(hangs)}",
            f"Bring it back from git: `git restore {in_shell(_transcript(name))}`",
        )

    @cached_property
    def _sheets_gone(self) -> tuple[Problem, ...]:
        """Sheets of the first researcher that the log knows and that are not there: an empty one must not take their place."""
        coder = self.settings.default_coder
        have = {(sheet.interview, sheet.coder) for sheet in self.material.sheets}
        logged = self.snapshot.bytes(LOG) or b""
        paths = (
            sheets.path_of(name, coder, coder)
            for name in self.material.interviews
            if (name, coder) not in have
        )
        broken = {problem.path for problem in self.unreadable}
        return tuple(
            error(
                path,
                None,
                "this sheet was here before and is gone",
                "Bring it back from git; to begin it anew, make an empty file of this name, "
                "then `gtpipe initial-code --refresh-text`",
            )
            for path in paths
            if f'"{path}": ['.encode() in logged and path not in broken
        )

    @cached_property
    def _ingested(self) -> dict[str, tables.Ingested]:
        """Interview → what was read."""
        found = {}
        for path in self.snapshot.files(INGESTED, ".csv"):
            name = path.rpartition("/")[2].removesuffix(".csv")
            record = tables.loads_ingested(self.snapshot.text(path) or "")
            interview = self.material.interviews.get(name)
            texts = {turn.id: turn.text for turn in interview.turns} if interview else {}
            turns = {
                id: sheets.hashed_now(hash, texts.get(id, "")) for id, hash in record.turns.items()
            }
            found[name] = replace(record, turns=turns)
        return found

    def _codes_among_words(self) -> Iterable[Problem]:
        """Copies that hold more than the turn, and not because the transcript was shortened since."""
        for sheet, entry, turn in checks.other_copies(self.material, sheets.hash_words):
            ingested = self._ingested.get(sheet.interview)
            if ingested and ingested.had(turn.id, entry.words_hash):
                continue
            problem = checks.more_than_the_turn(sheet, entry, turn, self._copy(sheet, entry))
            if problem:
                yield problem

    def _copy(self, sheet: Sheet, entry: SheetEntry) -> str:
        """The words as an entry of a sheet copies them."""
        if sheet.path not in self._copies:
            self._copies[sheet.path] = sheets.copies(
                self.snapshot.text(sheet.path) or "", sheet.path
            )
        return self._copies[sheet.path].get(entry.turn, "")

    @cached_property
    def _copies(self) -> dict[str, dict[str, str]]:
        return {}

    def _named_and_not_there(self) -> list[Problem]:
        """What focused codes, theory and memos name; not asked while files that they name things of cannot be read."""
        broken = self._broken - {pipeline_yaml.FILE, PARTICIPANTS, *_BESIDE}
        names = self._names_and_of_gone
        found: list[Problem] = []
        if not self._sheets_gone and not any(map(_is_named_by_others, broken)):
            if FOCUSED_CODES not in broken:
                found += focused_codes.problems(self.material, self.codings, names)
                found += [
                    p
                    for p in theoretical_code.problems(self.material, self.codings, names)
                    if not any(
                        f'no memo "{path.rpartition("/")[2].removesuffix(".md")}"' in p.what
                        for path in broken
                    )
                ]
                if THEORY not in broken:
                    found += memo.problems(self.material, names) + schedules.problems(
                        self.material, names
                    )
                    found += memo.diary_problems(self.material) + self._strangers()
                    found += theoretical_sampling.problems(self.material, names)
                    found += [
                        p
                        for p in commented.problems(self.material, names)
                        if not any(
                            f'about "{path.rpartition("/")[2].removesuffix(".md")}"' in p.what
                            for path in broken
                        )
                    ]
        return found

    @cached_property
    def _names_and_of_gone(self) -> Names:
        """Everything that can be named, codes included that only sheets without a transcript hold."""
        known = dict(self.names.known)
        for sheet in self.material.sheets if self._gone else ():
            for code in (
                code
                for entry in sheet.entries
                for code in entry.codes
                if sheet.interview in self._gone
            ):
                known[code.level] = known[code.level] | {code.label}
        return replace(self.names, known=known)

    def _strangers(self) -> list[Problem]:
        """Initials under a decision or a memo that nobody has."""
        theory = self.material.theory
        signed = [
            (one.by, one.where)
            for one in (
                *self.material.focused.values(),
                *theory.negative_cases,
                *theory.looks,
                *theory.judgements,
                *self.material.comments,
                *self.material.sampling,
            )
        ]
        signed += [(memo.by, Where(memo.path, 1)) for memo in self.material.memos]
        known = self.settings.researchers
        return [
            note(
                *where,
                f'nobody under `researchers` in pipeline.yaml has the initials "{by}"',
                did_you_mean(by, known),
            )
            for by, where in signed
            if by and known and by not in known
        ]

    def _files_of_strangers(self) -> list[Problem]:
        """Files of comments and sampling by initials that nobody has: a copy that is no part of the study, or a slip."""
        known = self.settings.researchers
        return [
            error(
                path,
                None,
                f'nobody under `researchers` in pipeline.yaml has the initials "{initials}"',
                did_you_mean(initials, known)
                or "Add the person there; or, if this is a copy, move it away",
            )
            for book in (COMMENTS, SAMPLING)
            for path in personal.paths(self.snapshot.files(DATA), book)
            if (initials := personal.initials_of(path, book)) and initials not in known
        ]

    @cached_property
    def notes(self) -> tuple[Problem, ...]:
        """What is worth knowing across files: uncoded turns, undefined codes, look-alikes, old copies of words."""
        found = in_file_order(
            [
                *checks.notes(self.material, self.codings, self.unread),
                *checks.copies(
                    self.material,
                    sheets.hash_words,
                    {name: ingested.turns for name, ingested in self._ingested.items()},
                    self._copy,
                ),
                *self._perhaps_codes(),
                *_turns_gone(
                    self.material,
                    {
                        name: read
                        for name, read in self._ingested.items()
                        if name not in self._gone and _transcript(name) not in self._broken
                    },
                ),
                *(
                    ()
                    if pipeline_yaml.FILE in self._broken
                    else _sources_changed(self.study, self.snapshot)
                ),
            ]
        )
        return tuple(problem for problem in found if problem.path not in self._broken)

    def _perhaps_codes(self) -> Iterable[Problem]:
        """Lines of sheets that are read as notes or comments, and may have been meant as codes."""
        for sheet in self.material.sheets:
            yield from sheets.remarks(
                self.snapshot.text(sheet.path) or "", sheet.path, sheet.entries
            )

    @property
    def unread(self) -> set[str]:
        """Interviews with a sheet that could not be read."""
        return {
            p.path.rpartition("/")[2].partition(".")[0]
            for p in self.unreadable
            if p.is_error and p.path.startswith(SHEETS)
        }

    def errors(self, reads: tuple[str, ...] = ("",)) -> tuple[Problem, ...]:
        """The errors; with `reads`, those of files whose paths begin so."""
        return tuple(p for p in self.problems if p.is_error and p.path.startswith(reads))

    def hiding(self) -> tuple[Problem, ...]:
        """Errors that keep a code or its words from being shown."""
        gone = (
            error(
                _transcript(name),
                None,
                "this transcript is gone",
                "`gtpipe check` says what hangs on it",
            )
            for name in self._gone
        )
        return tuple(
            problem for problem in (*self.unreadable, *self._coded[1], *gone) if problem.is_error
        )

    def all_notes(self) -> tuple[Problem, ...]:
        """Notes of single files and those across files."""
        return in_file_order([*(p for p in self.problems if not p.is_error), *self.notes])


def _transcript(name: str) -> str:
    return f"{TRANSCRIPTS}/{name}.md"


def _interview_of(path: str) -> str:
    """The interview that a transcript, or the record of its ingest, is of."""
    return path.rpartition("/")[2].rpartition(".")[0]


def _is_named_by_others(path: str) -> bool:
    """Whether what stands in a file is what focused codes, theory, memos and comments name."""
    return not (
        path in (FOCUSED_CODES, THEORY)
        or path.startswith((MEMOS, DIARY, SCHEDULE, INGESTED))
        or any(personal.is_of(path, book) for book in (COMMENTS, SAMPLING))
    )


def _names(problem: Problem, interview: str) -> bool:
    """Whether a problem says that an interview, or an incident in it, is not there: `"jim"`, `"jim 2"`."""
    return (
        re.search(rf'"{re.escape(interview)}(?: \S+(?: ["“].*["”])?)?"', problem.what) is not None
    )


def _because_of(problem: Problem, unreadable: set[str]) -> bool:
    if PARTICIPANTS in unreadable and PARTICIPANTS in problem.what:
        return True
    if pipeline_yaml.FILE in unreadable and pipeline_yaml.FILE in problem.what:
        return True
    interview = problem.path.rpartition("/")[2].partition(".")[0]
    if problem.path.startswith(SHEETS) and f"{TRANSCRIPTS}/{interview}.md" in unreadable:
        return True
    return problem.path == PARTICIPANTS and any(path.startswith(TRANSCRIPTS) for path in unreadable)


def _turns_gone(material: Material, ingested: dict[str, tables.Ingested]) -> Iterable[Problem]:
    """Transcripts and turns that ingest wrote and that are not there any more."""
    for name, as_read in ingested.items():
        interview = material.interviews.get(name)
        if interview is None:
            yield note(
                f"{INGESTED}/{name}.csv",
                None,
                f"the transcript of {name} is gone or cannot be read; "
                "this record of its ingest remains",
                "Bring the transcript back from git, or remove this file to ingest the source anew",
            )
            continue
        gone = [id for id in as_read.turns if interview.turn(id) is None]
        if gone:
            yield note(
                interview.path,
                None,
                f"turn {', '.join(gone[:12])}{' …' if len(gone) > 12 else ''} was ingested "
                "and is not here any more",
                "If it was not meant, bring its line `[ID] LABEL: …` back from git or from the source",
            )


def _sources_changed(study: Study, snapshot: Snapshot) -> Iterable[Problem]:
    for path in sources.not_as_ingested(study, snapshot)[1]:
        yield note(
            path,
            None,
            "this source is no longer what was ingested; the transcript stands as it is",
            f"To bring its corrections in, `gtpipe ingest --correct {in_shell(path)}`; to have it as another interview, "
            f"`gtpipe ingest {in_shell(path)} --as NAME`",
        )


def load(
    study: Study,
    snapshot: Snapshot | None = None,
    *,
    only: Collection[str] | None = None,
    lenient: bool = False,
) -> Corpus:
    """Read the study; with `only`, of transcripts and sheets just those of the interviews named.

    Raises UserError only when `pipeline.yaml` cannot be read: who codes is said there. With `lenient`,
    for who only looks for problems, that is one of them, and the others are found without it.
    """
    snapshot = snapshot or Snapshot(study)
    problems: list[Problem] = []
    try:
        settings = snapshot.settings()
    except UserError as exc:
        if not lenient:
            raise
        problems += exc.problems
        settings = Settings()
    codes = _codebook(snapshot, problems)
    sheets_read = _sheets(study, snapshot, settings, problems, only)
    return _bring_together(study, snapshot, settings, codes, sheets_read, problems, only)


def load_code(study: Study, label: str) -> tuple[Corpus, str]:
    """The code called `label`, and the books of the interviews it stands in. An old label leads on.

    Raises UserError with the nearest label where there is no such code.
    """
    snapshot = Snapshot(study)
    settings = snapshot.settings()
    problems: list[Problem] = []
    codes = _codebook(snapshot, problems)
    sheets_read = _sheets(study, snapshot, settings, problems, None)
    standing = _where_labels_stand(sheets_read, codes)
    label = naming.current_labels(codes).get(label, label)
    if label not in standing:
        unread = [problem for problem in problems if problem.is_error]
        parts = " and ".join(f'"{part}"' for part in split_into(label, codes))
        do = did_you_mean(label, standing) or "`gtpipe codes list` shows them"
        do = f"It was split into {parts}" if parts else do
        raise UserError(
            error(
                "the study",
                None,
                f'no code "{label}"',
                "It may stand in a file that cannot be read, see below" if unread else do,
            ),
            *unread,
        )
    only = standing[label]
    sheets_read = tuple(sheet for sheet in sheets_read if sheet.interview in only)
    return _bring_together(study, snapshot, settings, codes, sheets_read, problems, only), label


def code_labels(study: Study) -> list[str]:
    """Every initial code of the study, in a sheet or in the code book, in label order; transcripts are not read."""
    snapshot = Snapshot(study)
    codes = _codebook(snapshot, [])
    return sorted(
        _where_labels_stand(_sheets(study, snapshot, snapshot.settings(), [], None), codes),
        key=label_order,
    )


def labels_of(material: Material) -> set[str]:
    """The initial codes that stand in a sheet, also where their words are lost, or in the code
    book.
    """
    return {*_where_labels_stand(material.sheets, material.codebook)}


def codebook_of(study: Study) -> dict[str, Code]:
    """The entries of the code book alone, as far as it can be read."""
    return _codebook(Snapshot(study), [])


def _where_labels_stand(
    sheets_read: Iterable[Sheet], codes: dict[str, Code]
) -> dict[str, set[str]]:
    current = naming.current_labels(codes)
    standing: dict[str, set[str]] = {label: set() for label in codes}
    for sheet in sheets_read:
        for entry in sheet.entries:
            for code in entry.codes:
                if code.level == INITIAL:
                    standing.setdefault(current.get(code.label, code.label), set()).add(
                        sheet.interview
                    )
    return standing


def _bring_together(
    study: Study,
    snapshot: Snapshot,
    settings: Settings,
    codes: dict[str, Code],
    sheets_read: tuple[Sheet, ...],
    problems: list[Problem],
    only: Collection[str] | None,
) -> Corpus:
    for folder, ending, what in (
        (TRANSCRIPTS, ".md", "a transcript"),
        (SHEETS, ".yaml", "a sheet"),
        (MEMOS, ".md", "a memo"),
        (DIARY, ".md", "an entry"),
        (SCHEDULE, ".md", "a version"),
    ):
        problems += [_not_read(study, path, ending, what) for path in study.others(folder, ending)]
    for other in study.files(DATA, ".yml"):
        meant = other.removesuffix(".yml") + ".yaml"
        books = (COMMENTS, SAMPLING)
        if meant in (CODEBOOK, FOCUSED_CODES, THEORY) or any(
            personal.is_of(meant, book) for book in books
        ):
            name = meant.rpartition("/")[2]
            problems.append(
                error(other, None, f"this is not read: the file is called {name}", "Rename it")
            )
    for path in (*_BESIDE, *snapshot.files(INGESTED, ".csv")) if only is None else ():
        content = snapshot.bytes(path) or b""
        conflict = (
            yamltext.conflict_markers(content.decode("utf-8", "replace"), path)
            if b"<<<<<<<" in content
            else None
        )
        problems += [conflict] if conflict else []
    interviews = _gather(
        (path for path in snapshot.files(TRANSCRIPTS, ".md") if _wanted(path, only)),
        lambda path: transcripts.loads(snapshot.text(path) or "", path),
        problems,
    )
    table, more = _or_problem(
        lambda: tables.loads_participants(snapshot.text(PARTICIPANTS) or ""), {}, problems
    )
    problems += more
    material = Material(
        interviews={interview.name: interview for interview in sorted(interviews, key=study_order)},
        participants=table,
        sheets=sheets_read,
        codebook=codes,
        **(_analysis(snapshot, problems) if only is None else {}),
    )
    return Corpus(study, snapshot, settings, material, tuple(problems))


def _analysis(snapshot: Snapshot, problems: list[Problem]) -> dict:
    """Focused codes, theory, comments, sampling, memos, diary and schedule."""
    found: dict = {}
    for name, path, loads, nothing in (
        ("focused", FOCUSED_CODES, focused.loads, {}),
        ("theory", THEORY, theory.loads, Theory()),
    ):
        found[name], more = _or_problem(lambda: loads(snapshot.text(path) or ""), nothing, problems)
        problems += more
    for name, book, loads in (
        ("comments", COMMENTS, comments.loads),
        ("sampling", SAMPLING, sampling.loads),
    ):
        found[name], more = each_file(snapshot, book, loads)
        problems += more
    for name, folder, loads in (
        ("memos", MEMOS, memos.loads),
        ("diary", DIARY, diary.loads),
        ("schedule", SCHEDULE, schedule.loads),
    ):
        found[name] = tuple(
            _gather(
                snapshot.files(folder, ".md"),
                lambda path: loads(snapshot.text(path) or "", path),
                problems,
            )
        )
    return found


def each_file(
    snapshot: Snapshot,
    book: str,
    loads: Callable[[str, str], tuple[tuple[Entry, ...], list[Problem]]],
) -> tuple[tuple[Entry, ...], list[Problem]]:
    """The entries of all files of a book that each person has a file of, in their order, and what is wrong."""
    problems: list[Problem] = []
    found: list[Entry] = []
    for path in personal.paths(snapshot.files(DATA), book):
        entries, more = _or_problem(lambda: loads(snapshot.text(path) or "", path), (), problems)
        found += entries
        problems += more
    return tuple(found), problems


def _wanted(path: str, only: Collection[str] | None) -> bool:
    return only is None or path.rpartition("/")[2].partition(".")[0] in only


def _codebook(snapshot: Snapshot, problems: list[Problem]) -> dict[str, Code]:
    codes, more = _or_problem(lambda: codebook.loads(snapshot.text(CODEBOOK) or ""), {}, problems)
    problems += more
    return codes


def _not_read(study: Study, path: str, ending: str, what: str) -> Problem:
    """A name that is nearly right would hide a person's work, and is an error; anything else is a note."""
    place = study.path(path)
    wrong = unreadable(path)
    if wrong is not None:
        return wrong
    if place.is_dir() and not path.endswith(ending):
        return note(
            path,
            None,
            "this folder is not read",
            f"Files stand in {path.rpartition('/')[0]} itself",
        )
    if place.is_dir() or not place.exists():
        return error(
            path,
            None,
            "this must be a file, and is a folder" if place.is_dir() else "this link leads nowhere",
            "Move it away",
        )
    if path.casefold().endswith((ending, ".yml", ".markdown")):
        return error(
            path, None, f"this is not read: the name of {what} ends in {ending}", "Rename it"
        )
    return note(path, None, f"this is not read: the name of {what} ends in {ending}")


def _gather(paths: Iterable[str], load, problems: list[Problem]) -> list:
    found = []
    for path in paths:
        record, more = _or_problem(lambda: load(path), None, problems)
        problems += more
        if record is not None:
            found.append(record)
    return found


def _or_problem(load, otherwise, problems: list[Problem]):
    try:
        return load()
    except UserError as exc:
        problems += exc.problems
        return otherwise, []


def _sheets(
    study: Study,
    snapshot: Snapshot,
    settings: Settings,
    problems: list[Problem],
    only: Collection[str] | None,
) -> tuple[Sheet, ...]:
    cache = ParsedFiles(study, "sheet", SHEET_FORMAT)
    paths = [path for path in snapshot.files(SHEETS, ".yaml") if _wanted(path, only)]
    prints: dict[str, str] = {}
    for path in paths:
        try:
            prints[path] = snapshot.fingerprint(path) or ""
        except UserError as exc:
            problems += exc.problems
    kept = cache.get({print: print for print in prints.values()})
    found = []
    for path in prints:
        interview, _, coder = path.rpartition("/")[2].removesuffix(".yaml").partition(".")
        coder = coder or settings.default_coder
        entries = thaw(kept.get(prints[path]))
        if entries is not None:
            found.append(Sheet(interview, coder, path, entries))
            continue
        loaded = _or_problem(lambda: sheets.loads(snapshot.text(path) or "", path), None, problems)
        entries, more = loaded
        problems += more
        if entries is None:
            continue
        if not more:
            cache.put(prints[path], freeze(entries), prints[path])
        found.append(Sheet(interview, coder, path, entries))
    cache.save()
    return tuple(found)


def freeze(entries: tuple[SheetEntry, ...]) -> list:
    return [[*entry[:-1], [list(code) for code in entry.codes]] for entry in entries]


def thaw(kept: object) -> tuple[SheetEntry, ...] | None:
    """What `freeze` made, read back; None for anything else."""
    try:
        return tuple(
            [
                SheetEntry(
                    turn,
                    line,
                    speaker,
                    words,
                    tuple([SheetCode(*code) for code in codes]) if codes else (),
                )
                for turn, line, speaker, words, codes in kept
            ]
        )
    except (TypeError, ValueError):
        return None
