"""Taking back the last changing command, and bringing back what was taken back last. Used by
`gtpipe undo`.

The log says which files a change made of what; what they were before is kept in the cache, or in
git. A change is taken back only where each of its files still stands as the change left it, and as
one change more, with a line of its own in the log. Undo after undo goes further back; `redo` takes
the last undo back, so that the change stands again.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from gtpipe.model.problems import Problem, UserError, error
from gtpipe.store import cache, log, own_files, placing, settings, transaction
from gtpipe.store.layout import LOG, Snapshot, Study, digest
from gtpipe.store.log import LogRecord
from gtpipe.store.repository import Repository
from gtpipe.store.transaction import FileChange

_COMMITS = 50  # how far back git is asked for what a file was

CAN, CAN_REDO = "can be taken back", "taken back; `gtpipe undo --redo` brings it back"


@dataclass(frozen=True)
class Undone:
    """What was taken back, or with `dry_run` would be; with `redo`, which change stands again."""

    logged: LogRecord
    changes: tuple[FileChange, ...]


@dataclass(frozen=True)
class UndoableChange:
    """A change of the log, and whether it can be taken back, in words."""

    logged: LogRecord
    state: str


def undo(
    study: Study, *, redo: bool = False, by: str = "", why: str = "", dry_run: bool = False
) -> Undone:
    """Take back the last change, or with `redo` the last undo. Raises UserError, nothing written,
    where it cannot be.
    """
    with transaction.change(study) as change:
        snapshot = change.snapshot
        changes, undone = log.standing(log.records(snapshot.bytes(LOG) or b""))
        if redo:
            if not undone:
                raise UserError(
                    error(LOG, None, "nothing was taken back that could be brought back", _LIST)
                )
            line, taken_back = undone[-1]
            command = f"undo --redo: {taken_back.command}"
        else:
            if not changes:
                raise UserError(
                    error(LOG, None, "the log names no change that could be taken back")
                )
            line = taken_back = changes[-1]
            command = f"undo: {taken_back.command}"
        made, problems = _back(study, line, _now(snapshot, line.files))
        if problems:
            raise UserError(*problems)
        if not dry_run:
            change.add(*made)
            change.log(command, by, why, undoes=line.digest)
        return Undone(taken_back, tuple(made))


_LIST = "`gtpipe undo --list` shows what can be taken back"


def listed(study: Study) -> list[UndoableChange]:
    """The last changes, newest first, as one undo after another would meet them."""
    snapshot = Snapshot(study)
    changes, undone = log.standing(log.records(snapshot.bytes(LOG) or b""))
    found: list[UndoableChange] = []
    if undone:
        line, taken_back = undone[-1]
        problems = _back(study, line, _now(snapshot, line.files))[1]
        found.append(
            UndoableChange(
                taken_back, f"taken back, for good: {_first(problems)}" if problems else CAN_REDO
            )
        )
    now: dict[str, str | None] = {}
    in_the_way = ""
    for one in changes[: -log.UNDONE_AT_MOST - 1 : -1]:
        now = {**_now(snapshot, one.files), **now}
        problems = _back(study, one, now)[1]
        if in_the_way:
            found.append(
                UndoableChange(one, f"no: {in_the_way} comes first, and cannot be taken back")
            )
        elif problems:
            found.append(UndoableChange(one, f"no: {_first(problems)}"))
            in_the_way = f"`{one.command}`"
        else:
            found.append(UndoableChange(one, CAN))
            now |= {path: before for path, (before, _) in one.files.items()}
    return found


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
    study: Study, line: LogRecord, now: dict[str, str | None]
) -> tuple[list[FileChange], list[Problem]]:
    """What takes a line of the log back where the files have the digests `now`; and what keeps it
    from being done.
    """
    changes: list[FileChange] = []
    problems: list[Problem] = []
    for path, (before, after) in line.files.items():
        if not own_files.is_own(path):
            problems.append(
                error(LOG, None, f"it names {path}, which is none of the study's own files", _LIST)
            )
        elif now[path] != after:
            what = (
                "this file is not there any more"
                if now[path] is None
                else "this file changed since"
            )
            problems.append(
                error(path, None, f"{what}, so `{line.command}` cannot be taken back", _LIST)
            )
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
            kept = (
                (None, placing.ANYBODY)
                if before is None
                else cache.find_before(study, before) or _in_git(study, path, before)
            )
            if kept is None:
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
                changes.append(FileChange(path, Snapshot(study).bytes(path), kept[0], kept[1]))
    return changes, problems


def _in_git(study: Study, path: str, wanted: str) -> tuple[bytes, int] | None:
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
        ((content, placing.ANYBODY) for content in contents.values() if digest(content) == wanted),
        None,
    )
