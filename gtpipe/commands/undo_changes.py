"""Taking back the last changing command, and bringing back what was taken back last. Used by
`gtpipe undo`.

The log says which files a change made of what; what they were before is kept in the cache, or in
git. A change is taken back only where each of its files still stands as the change left it, and as
one change more, with a line of its own in the log. Undo after undo goes further back; `redo` takes
the last undo back that can be, so that its change stands again: what an undo took away is kept
whatever was done since.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from gtpipe.model.plural import count
from gtpipe.model.problems import Problem, UserError, error
from gtpipe.store import cache, log, own_files, placing, settings, transaction
from gtpipe.store.layout import LOG, Snapshot, Study, digest
from gtpipe.store.log import LogRecord
from gtpipe.store.repository import Repository
from gtpipe.store.transaction import FileChange

_COMMITS = 50  # how far back git is asked for what a file was

CAN, CAN_REDO = "can be taken back", "taken back; `gtpipe undo --redo` brings it back"
WAITS = "waits"


@dataclass(frozen=True)
class Undone:
    """What was taken back, or with `dry_run` would be; with `redo`, which change stands again, and
    the commands of those taken back later that cannot.
    """

    logged: LogRecord
    changes: tuple[FileChange, ...]
    passed_over: tuple[str, ...] = ()


@dataclass(frozen=True)
class UndoableChange:
    """A change of the log, and whether it can be taken back, in words."""

    logged: LogRecord
    state: str


def undo(
    study: Study,
    *,
    redo: bool = False,
    by: str = "",
    why: str = "",
    dry_run: bool = False,
    only: Callable[[LogRecord], bool] = lambda _: True,
    held: Mapping[str, bytes] = MappingProxyType({}),
) -> Undone:
    """Take back the last change, or with `redo` the last undo that can be. Raises UserError,
    nothing written, where it cannot be.

    `only` says of which lines of the log; `held` is content by its digest, for who remembers more
    of it than is kept.
    """
    with transaction.change(study) as change:
        snapshot = change.snapshot
        changes, undone = log.standing(log.records(snapshot.bytes(LOG) or b""))
        changes = [one for one in changes if only(one)]
        undone = [(line, about) for line, about in undone if only(line)]
        if redo and not undone:
            raise UserError.at(
                LOG, None, "nothing was taken back that could be brought back", _LIST
            )
        if not redo and not changes:
            raise UserError.at(LOG, None, "the log names no change that could be taken back")
        wanted = undone[::-1] if redo else [(changes[-1], changes[-1])]
        tried = []
        for line, about in wanted:
            made, problems = _back(study, line, _now(snapshot, line.files), held)
            if not problems:
                break
            tried.append((about.command, problems))
        else:
            raise UserError(*tried[0][1])
        if not dry_run:
            change.add(*made)
            command = f"{'undo --redo' if redo else 'undo'}: {about.command}"
            change.log(command, by, why, undoes=line.digest)
        return Undone(about, tuple(made), tuple(command for command, _ in tried))


_LIST = "`gtpipe undo --list` shows what can be taken back"


def listed(study: Study) -> list[UndoableChange]:
    """What was taken back, as one redo after another would meet it; then the last changes, newest
    first, as one undo after another would.
    """
    snapshot = Snapshot(study)
    changes, undone = log.standing(log.records(snapshot.bytes(LOG) or b""))
    taken_back = undone[: -log.UNDONE_AT_MOST - 1 : -1]
    redone = _one_after_another(study, snapshot, taken_back)
    found = [
        UndoableChange(one, _blocked(study, line, problems) if problems else CAN_REDO)
        for (line, one), (_, problems) in zip(taken_back, redone, strict=True)
    ]
    met = _one_after_another(
        study, snapshot, [(one, one) for one in changes[: -log.UNDONE_AT_MOST - 1 : -1]]
    )
    blocked = next((number for number, (_, problems) in enumerate(met) if problems), len(met))
    found += [UndoableChange(one, CAN) for one, _ in met[:blocked]]
    if blocked < len(met):
        one, problems = met[blocked]
        behind = met[blocked + 1 :]
        waits = (
            f"; {count(len(behind), 'earlier change')} {'waits' if len(behind) == 1 else 'wait'}"
            " behind it"
            if behind
            else ""
        )
        found.append(UndoableChange(one, f"no: {_first(problems)}{waits}"))
        found += [UndoableChange(one, WAITS) for one, _ in behind]
    return found


def _one_after_another(
    study: Study, snapshot: Snapshot, lines: Iterable[tuple[LogRecord, LogRecord]]
) -> list[tuple[LogRecord, list[Problem]]]:
    """Of each line to take back and the change that it is about: the change, and what would be in
    the way once those before it are taken back.
    """
    found: list[tuple[LogRecord, list[Problem]]] = []
    now: dict[str, str | None] = {}
    for line, about in lines:
        now = {**_now(snapshot, line.files), **now}
        problems = _back(study, line, now)[1]
        if not problems:
            now |= {path: before for path, (before, _) in line.files.items()}
        found.append((about, problems))
    return found


def _blocked(study: Study, line: LogRecord, problems: list[Problem]) -> str:
    """Why an undo cannot be taken back now, and where what it took away is kept."""
    kept = [cache.find_before(study, before) for before, _ in line.files.values() if before]
    places = ", ".join(one.place for one in kept if one and one.place)
    where = f"; what it took away is in {places}" if places else ""
    return f"taken back, and cannot come back as things stand: {_first(problems)}{where}"


def _first(problems: list[Problem]) -> str:
    more = f", and {len(problems) - 1} more" if len(problems) > 1 else ""
    return f"{problems[0].path}: {problems[0].what}{more}"


def _now(snapshot: Snapshot, paths: Iterable[str]) -> dict[str, str | None]:
    """The digest of each file as it stands; None where there is none, or it is none of the study's
    own.
    """
    contents = {path: snapshot.bytes(path) if own_files.is_own(path) else None for path in paths}
    return {
        path: None if content is None else digest(content) for path, content in contents.items()
    }


def _back(
    study: Study,
    line: LogRecord,
    now: dict[str, str | None],
    held: Mapping[str, bytes] = MappingProxyType({}),
) -> tuple[list[FileChange], list[Problem]]:
    """What takes a line of the log back where the files have the digests `now`; and what keeps it
    from being done.
    """
    changes: list[FileChange] = []
    problems: list[Problem] = []
    if log.is_withdrawal(line.did):
        return [], [error(LOG, None, "a participant withdrew, and that is not taken back", _LIST)]
    for path, (before, after) in line.files.items():
        if not own_files.is_own(path):
            problems.append(
                error(LOG, None, f"it names {path}, which is none of the study's own files", _LIST)
            )
        elif now[path] != after:
            problems.append(_in_the_way(study, line, path, now[path]))
        elif before is None and path == settings.FILE:
            problems.append(
                error(
                    path,
                    None,
                    f"the study began with `{line.command}`, which cannot be taken back",
                    _LIST,
                )
            )
        else:
            kept = _kept(study, path, before, held) if before else None
            if before is not None and kept is None:
                problems.append(
                    error(
                        path,
                        None,
                        f"what this file was before `{line.command}` "
                        "is kept neither here nor in git",
                        _LIST,
                    )
                )
            else:
                content, mode = (kept.content, kept.mode) if kept else (None, placing.ANYBODY)
                changes.append(FileChange(path, Snapshot(study).bytes(path), content, mode))
    return changes, problems


def _kept(study: Study, path: str, before: str, held: Mapping[str, bytes]) -> cache.Kept | None:
    """What a file was when it had the digest `before`, from wherever it is kept."""
    if kept := cache.find_before(study, before):
        return kept
    content = held.get(before)
    if content is not None and digest(content) == before:
        return cache.Kept(content, placing.ANYBODY)
    return _in_git(study, path, before)


def _in_the_way(study: Study, line: LogRecord, path: str, now: str | None) -> Problem:
    """A file that stands no longer as a line of the log left it; and where to find what that took
    away.
    """
    before, _ = line.files[path]
    kept = cache.find_before(study, before) if before else None
    command = line.command.removeprefix("undo: ") if line.undoes else line.command
    return error(
        path,
        None,
        f"{'this file is not there any more' if now is None else 'this file changed since'}, "
        f"so `{command}` cannot be {'brought' if line.undoes else 'taken'} back",
        "Put the file back as it was then with git, or go on by hand"
        + (f"; what it held before is in {kept.place}" if kept else ""),
    )


def _in_git(study: Study, path: str, wanted: str) -> cache.Kept | None:
    """What a file was when it had the digest `wanted`, from the last commits that touched it; None
    where git has no such version.
    """
    try:
        repository = Repository.of(study)
        blobs = [
            repository.files(commit.hash, path).get(path)
            for commit in reversed(repository.commits(path, newest=_COMMITS))
        ]
        contents = repository.contents([blob for blob in dict.fromkeys(blobs) if blob])
    except UserError:
        return None
    return next(
        (
            cache.Kept(content, placing.ANYBODY)
            for content in contents.values()
            if digest(content) == wanted
        ),
        None,
    )
