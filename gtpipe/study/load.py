"""The files of a study, parsed and brought together as records.

One broken file does not hide the problems of the others. Sheets, the slow ones to parse, are cached
by content.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from functools import partial
from typing import TypeVar

from gtpipe.analysis.labels import no_code, was_split
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
from gtpipe.model.approach import speak
from gtpipe.model.codings import Gathering
from gtpipe.model.level import FOCUSED, INITIAL
from gtpipe.model.names import label_order
from gtpipe.model.problems import Problem, UserError, error, note
from gtpipe.model.records import (
    Code,
    FocusedCode,
    Interview,
    Material,
    Memo,
    Progress,
    Sheet,
    SheetEntry,
    Theory,
    Turn,
    split_into,
    study_order,
)
from gtpipe.store.cache import ParsedFiles
from gtpipe.store.layout import (
    CODEBOOK,
    COMMENTS,
    DATA,
    DIARY,
    FOCUSED_CODES,
    INGESTED,
    MEMOS,
    PARTICIPANTS,
    SAMPLING,
    SCHEDULE,
    SHEETS,
    THEORY,
    TRANSCRIPTS,
    Snapshot,
    Study,
    named_in,
    unreadable,
)
from gtpipe.store.settings import Settings
from gtpipe.study import cold, kept, procedures
from gtpipe.study.cold import Known
from gtpipe.study.corpus import Corpus
from gtpipe.study.records import BESIDE
from gtpipe.text import yamltext

Entry = TypeVar("Entry")
Otherwise = TypeVar("Otherwise")
Loaded = tuple[Entry, list[Problem]]
"""What the `loads` of a file format gives: the record, and what is wrong with it."""


def load(
    study: Study,
    snapshot: Snapshot | None = None,
    *,
    only: Collection[str] | None = None,
    lenient: bool = False,
    progress: Progress = lambda message: None,
) -> Corpus:
    """Read the study; with `only`, of transcripts and sheets just those of the interviews named.

    Raises UserError only when `pipeline.yaml` cannot be read: who codes is said there. With
    `lenient`, for who only looks for problems, that is one of them, and the others are found
    without it.
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
    paths, own = _paths(snapshot, TRANSCRIPTS, only), _paths(snapshot, SHEETS, only)
    known = cold.known(study, snapshot, paths, own, progress)
    sheets_read = _sheets(study, snapshot, settings, problems, own, known)
    return _bring_together(study, snapshot, settings, codes, sheets_read, problems, only, known)


def load_interview(study: Study, snapshot: Snapshot, names: Collection[str]) -> Corpus:
    """The interviews called one of `names` with their sheets, for who asks nothing of codes: the
    code book is not read.
    """
    settings, problems = snapshot.settings(), list[Problem]()
    paths, own = _paths(snapshot, TRANSCRIPTS, names), _paths(snapshot, SHEETS, names)
    known = cold.known(study, snapshot, paths, own)
    sheets_read = _sheets(study, snapshot, settings, problems, own, known)
    return _bring_together(study, snapshot, settings, {}, sheets_read, problems, names, known)


def reread(corpus: Corpus, name: str) -> Corpus:
    """`corpus` with the sheets of one interview as they stand now; nothing else is read again."""
    here = load(corpus.study, only={name})
    old, problems = corpus.coded
    own, wrong = here.coded
    sheets_now = [sheet for sheet in corpus.material.sheets if sheet.interview != name]
    sheets_now += here.material.sheets
    paths = {sheet.path for sheet in (*corpus.material.sheets, *here.material.sheets)}
    paths = {path for path in paths if named_in(path) == name}
    others = [one for one in corpus.unreadable if one.path not in paths]
    errors = [one for one in here.unreadable if one.path in paths]
    found = replace(
        corpus,
        snapshot=here.snapshot,
        material=replace(
            corpus.material, sheets=tuple(sorted(sheets_now, key=lambda sheet: sheet.path))
        ),
        unreadable=tuple(others + errors),
    )
    order = corpus.material.order
    at = bisect_left(old, order[name], key=lambda coding: order[coding.interview])
    end = bisect_right(old, order[name], key=lambda coding: order[coding.interview])
    kept_problems = [one for one in problems if one.path not in paths]
    now = Gathering()
    now.add_all(old, 0, at)
    now.add_all(own, 0, len(own))
    now.add_all(old, end, len(old))
    found.__dict__["coded"] = (
        now.done({INITIAL: corpus.current, FOCUSED: corpus.current_focused}),
        kept_problems + wrong,
    )
    return found


def load_code(study: Study, label: str) -> tuple[Corpus, str, set[str]]:
    """The study as far as the interviews that the code called `label` stands in, its label now (an
    old one leads on), and the focused codes that stand beside turns, in any interview.

    Raises UserError with the nearest label where there is no such code.
    """
    snapshot = Snapshot(study)
    settings = snapshot.settings()
    problems: list[Problem] = []
    codes = _codebook(snapshot, problems)
    sheets_read = _all_sheets(study, snapshot, settings, problems)
    current = naming.current_labels(codes)
    label = current.get(label, label)
    called = {label, *(old for old, now in current.items() if now == label)}
    only = {one.interview for one in sheets_read if called & {*kept.labels_on(INITIAL, one)}}
    if not only and label not in codes:
        typed = {one for sheet in sheets_read for one in kept.labels_on(INITIAL, sheet)}
        standing = {current.get(one, one) for one in typed} | codes.keys()
        unread = [problem for problem in problems if problem.is_error]
        parts = split_into(label, codes)
        absent = was_split(label, parts) if parts else no_code(label, standing)
        if unread and not parts:
            absent = replace(absent, do="It may stand in a file that cannot be read, see below")
        raise UserError(absent, *unread)
    beside_turns = {one for sheet in sheets_read for one in kept.labels_on(FOCUSED, sheet)}
    sheets_read = tuple(sheet for sheet in sheets_read if sheet.interview in only)
    corpus = _bring_together(study, snapshot, settings, codes, sheets_read, problems, only)
    return corpus, label, beside_turns


def code_labels(study: Study) -> list[str]:
    """Every initial code of the study, in a sheet or in the code book, in label order; transcripts
    are not read.
    """
    return sorted(labels_there(study, codebook_of(study)), key=label_order)


def labels_there(study: Study, codes: Mapping[str, Code]) -> set[str]:
    """The same in no order, where the entries `codes` of the code book are known."""
    snapshot = Snapshot(study)
    prints = _fingerprints(snapshot, _paths(snapshot, SHEETS, None), [])
    cache = kept.labels(study)
    typed = cache.get({print: print for print in prints.values()})
    others = [path for path, print in prints.items() if print not in typed]
    known = cold.known(study, snapshot, sheets=others)
    for sheet in _sheets(study, snapshot, snapshot.settings(), [], others, known):
        typed[prints[sheet.path]] = tuple(dict.fromkeys(kept.labels_on(INITIAL, sheet)))
        cache.put(prints[sheet.path], typed[prints[sheet.path]], prints[sheet.path])
    cache.save()
    current = naming.current_labels(codes)
    found = {current.get(label, label) for label in set[str]().union(*typed.values())}
    return found | codes.keys()


def codebook_of(study: Study) -> dict[str, Code]:
    """The entries of the code book alone, as far as it can be read."""
    return _codebook(Snapshot(study), [])


def _bring_together(
    study: Study,
    snapshot: Snapshot,
    settings: Settings,
    codes: dict[str, Code],
    sheets_read: tuple[Sheet, ...],
    problems: list[Problem],
    only: Collection[str] | None,
    known: Known | None = None,
) -> Corpus:
    speak(settings.approach)
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
        if meant in (CODEBOOK, FOCUSED_CODES, THEORY) or any(
            personal.is_of(meant, file) for file in (COMMENTS, SAMPLING)
        ):
            name = meant.rpartition("/")[2]
            problems.append(
                error(other, None, f"this is not read: the file is called {name}", "Rename it")
            )
    for path in (*BESIDE, *snapshot.files(INGESTED, ".csv")) if only is None else ():
        content = snapshot.bytes(path) or b""
        conflict = (
            yamltext.conflict_markers(content.decode("utf-8", "replace"), path)
            if b"<<<<<<<" in content
            else None
        )
        problems += [conflict] if conflict else []
    paths = _paths(snapshot, TRANSCRIPTS, only)
    known = known or cold.known(study, snapshot, paths)
    interviews = _interviews(snapshot, problems, paths, known)
    participants = _or_problem(
        lambda: tables.loads_participants(snapshot.text(PARTICIPANTS) or ""), {}, problems
    )
    material = Material(
        interviews={interview.name: interview for interview in sorted(interviews, key=study_order)},
        participants=participants,
        sheets=sheets_read,
        codebook=codes,
    )
    if only is None:
        material = _with_analysis(material, snapshot, settings, problems)
        for folder in procedures.folders(material.procedures.values()):
            others = study.others(folder, ".md")
            problems += [_not_read(study, path, ".md", "a page") for path in others]
    return Corpus(study, snapshot, settings, material, tuple(problems))


def _with_analysis(
    material: Material, snapshot: Snapshot, settings: Settings, problems: list[Problem]
) -> Material:
    """With focused codes, theory, comments, sampling, memos, diary, schedule and procedures."""
    focused_codes = focused_of(snapshot, problems)
    written = theory_of(snapshot, problems)
    commented, wrong = each_file(snapshot, COMMENTS, comments.loads)
    sought, more = each_file(snapshot, SAMPLING, sampling.loads)
    problems += wrong + more
    return replace(
        material,
        focused=focused_codes,
        theory=written,
        comments=commented,
        sampling=sought,
        memos=each_memo(snapshot, problems),
        diary=_each_page(snapshot, snapshot.files(DIARY, ".md"), diary.loads, problems),
        schedule=_each_page(snapshot, snapshot.files(SCHEDULE, ".md"), schedule.loads, problems),
        procedures=procedures.load(snapshot, settings, problems),
    )


def each_file(
    snapshot: Snapshot, book: str, loads: Callable[[str, str], Loaded[tuple[Entry, ...]]]
) -> tuple[tuple[Entry, ...], list[Problem]]:
    """The entries of all files of a book that each person has a file of, in order; and what is
    wrong.
    """
    problems: list[Problem] = []
    found: list[Entry] = []
    for path in personal.paths(snapshot.lying_in(DATA), book):
        load = partial(_load_page, snapshot, path, loads)
        found += _or_problem(load, (), problems)
    return tuple(found), problems


def _paths(snapshot: Snapshot, folder: str, only: Collection[str] | None) -> list[str]:
    """The transcripts, or the sheets, of all interviews or those in `only`."""
    ending = ".md" if folder == TRANSCRIPTS else ".yaml"
    return [
        path for path in snapshot.files(folder, ending) if only is None or named_in(path) in only
    ]


def _codebook(snapshot: Snapshot, problems: list[Problem]) -> dict[str, Code]:
    return _book(snapshot, CODEBOOK, codebook.loads, kept.codebooks, {}, problems)


def focused_of(snapshot: Snapshot, problems: list[Problem]) -> dict[str, FocusedCode]:
    """The focused codes, as far as they can be read."""
    return _book(snapshot, FOCUSED_CODES, focused.loads, kept.focused_codes, {}, problems)


def theory_of(snapshot: Snapshot, problems: list[Problem]) -> Theory:
    """The theory, as far as it can be read."""
    return _book(snapshot, THEORY, theory.loads, kept.theories, Theory(), problems)


def _book(
    snapshot: Snapshot,
    path: str,
    loads: Callable[[str], Loaded[Entry]],
    kept_in: Callable[[Study], ParsedFiles[Entry]],
    nothing: Entry,
    problems: list[Problem],
) -> Entry:
    """What a file says that there is one of; what nothing is wrong with is kept."""

    def load() -> Loaded[Entry]:
        print = snapshot.fingerprint(path)
        if print is None:
            return nothing, []
        cache = kept_in(snapshot.study)
        known = cache.get({print: print})
        if print in known:
            return known[print], []
        found, wrong = loads(snapshot.text(path) or "")
        if not wrong and not kept.has_levels(found):
            cache.put(print, found, print)
            cache.save()
        return found, wrong

    return _or_problem(load, nothing, problems)


def _not_read(study: Study, path: str, ending: str, what: str) -> Problem:
    """A name that is nearly right would hide a person's work, and is an error; anything else is a
    note.
    """
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


def _each_page(
    snapshot: Snapshot,
    paths: Iterable[str],
    loads: Callable[[str, str], Loaded[Entry]],
    problems: list[Problem],
) -> tuple[Entry, ...]:
    """The record of each file that can be read."""
    records = (
        _or_problem(partial(_load_page, snapshot, path, loads), None, problems) for path in paths
    )
    return tuple(record for record in records if record is not None)


def each_memo(snapshot: Snapshot, problems: list[Problem]) -> tuple[Memo, ...]:
    """The memos that can be read; those that nothing is wrong with are kept."""
    cache = kept.memos(snapshot.study)
    prints = _fingerprints(snapshot, snapshot.files(MEMOS, ".md"), problems)
    keys = {path: kept.key_of_page(path, print) for path, print in prints.items()}
    known = cache.get({key: key for key in keys.values()})
    found = []
    for path, key in keys.items():
        if key in known:
            found.append(kept.memo_of(known[key], path))
            continue
        wrong: list[Problem] = []
        memo = _or_problem(partial(_load_page, snapshot, path, memos.loads), None, wrong)
        problems += wrong
        if memo is not None:
            found.append(memo)
            if not wrong:
                cache.put(key, kept.kept_memo(memo), key)
    cache.save()
    return tuple(found)


def _load_page(
    snapshot: Snapshot, path: str, loads: Callable[[str, str], Loaded[Entry]]
) -> Loaded[Entry]:
    return loads(snapshot.text(path) or "", path)


def _or_problem(
    load: Callable[[], Loaded[Entry]], otherwise: Otherwise, problems: list[Problem]
) -> Entry | Otherwise:
    """What `load` gives, or `otherwise` where the file cannot be read; `problems` hold what is
    wrong.
    """
    try:
        record, more = load()
    except UserError as exc:
        problems += exc.problems
        return otherwise
    problems += more
    return record


def _interviews(
    snapshot: Snapshot, problems: list[Problem], paths: Iterable[str], known: Known
) -> list[Interview]:
    """The interviews; the words of those that were known are read when they are asked for."""
    found = []
    for path, print in _fingerprints(snapshot, paths, problems).items():
        name = path.rpartition("/")[2].removesuffix(".md")
        key = kept.key_of_page(path, print)
        all_but_words = known.interviews.get(key)
        if all_but_words is not None:
            read = partial(_turns, snapshot, path, all_but_words.speakers)
            places = known.places.get(key, ())
            found.append(kept.interview_of(all_but_words, places, name, path, read))
        else:
            load = partial(_load_page, snapshot, path, transcripts.loads)
            interview = _or_problem(load, None, problems)
            found += [interview] if interview is not None else []
    return found


def _turns(
    snapshot: Snapshot,
    path: str,
    speakers: Iterable[str],
    ids: tuple[str, ...],
    labels: tuple[str, ...],
) -> Sequence[Turn]:
    content = snapshot.bytes(path) or b""
    return transcripts.turns_as_known(content, path, ids, labels, speakers)


def _fingerprints(
    snapshot: Snapshot, paths: Iterable[str], problems: list[Problem]
) -> dict[str, str]:
    """Path → fingerprint of the files that can be read."""
    found = {}
    for path in paths:
        try:
            found[path] = snapshot.fingerprint(path) or ""
        except UserError as exc:
            problems += exc.problems
    return found


def _sheets(
    study: Study,
    snapshot: Snapshot,
    settings: Settings,
    problems: list[Problem],
    paths: Iterable[str],
    known: Known,
) -> tuple[Sheet, ...]:
    found: list[Sheet] = []
    for path, print in _fingerprints(snapshot, paths, problems).items():
        interview, _, coder = path.rpartition("/")[2].removesuffix(".yaml").partition(".")
        coder = coder or settings.default_coder
        coded = known.coded.get(kept.key_of_sheet(path, snapshot))
        if coded is not None:
            read = partial(_entries, study, snapshot, path)
            sheet = kept.sheet_of(coded, interview, coder, path, read)
        else:
            entries = known.entries.get(print)
            if entries is None:
                load = partial(_load_page, snapshot, path, sheets.loads)
                entries = _or_problem(load, None, problems)
            if entries is None:
                continue
            sheet = Sheet(interview, coder, path, entries)
        found.append(sheet)
    return tuple(found)


def _all_sheets(
    study: Study, snapshot: Snapshot, settings: Settings, problems: list[Problem]
) -> tuple[Sheet, ...]:
    paths = _paths(snapshot, SHEETS, None)
    known = cold.known(study, snapshot, sheets=paths)
    return _sheets(study, snapshot, settings, problems, paths, known)


def _entries(study: Study, snapshot: Snapshot, path: str) -> tuple[SheetEntry, ...]:
    """The entries of a sheet of which nothing is wrong."""
    print = snapshot.fingerprint(path) or ""
    known = kept.sheets(study).get({print: print}).get(print)
    return known if known is not None else _load_page(snapshot, path, sheets.loads)[0]
