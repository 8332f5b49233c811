"""Writing so that nothing a person wrote can be lost: one writer at a time, all files of a change or none.

A change of a person's files goes through `commit`: the files are compared with what was read; new content is written
to dot-named files beside them; a journal is put down (from here on the change stands); then the files are replaced.
A command killed on the way leaves the old state (no journal) or, after `recover`, the new one. Derived files can be
made again, and go through `write_derived`.
"""

from __future__ import annotations

import errno
import itertools
import json
import os
import shutil
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from gtpipe.errors import Problem, UserError, error
from gtpipe.files import log
from gtpipe.study import CACHE, DATA, LOG, UNFINISHED, Study, digest

TEMPORARY = ".gtpipe-tmp"
LOCK_SECONDS = 10.0


@dataclass(frozen=True)
class Change:
    """One file to write: its content as it was read (None: it must not exist) and as it is to be (None: gone)."""

    path: str
    before: bytes | None
    after: bytes | None


@dataclass(frozen=True)
class Entry:
    """What the log says of a change."""

    command: str
    by: str
    why: str = ""


@contextmanager
def locked(study: Study) -> Iterator[None]:
    """Hold the study's lock; finish first what a killed command left. Raises UserError when somebody else holds it."""
    from filelock import FileLock, Timeout

    folder = study.path(CACHE)
    if folder.exists() and not folder.is_dir():
        raise UserError(error(CACHE, None, "this must be a folder, and is a file", "Remove it; gtpipe makes the folder"))
    folder.mkdir(exist_ok=True)
    try:
        lock = FileLock(folder / "lock", timeout=LOCK_SECONDS).acquire()
    except Timeout:
        raise UserError(error(f"{CACHE}/lock", None, "another gtpipe is writing in this study",
                              "Wait until it is done, then try again")) from None
    with lock:
        recover(study)
        yield


def commit(study: Study, changes: Iterable[Change], entry: Entry) -> tuple[str, ...]:
    """Write all of `changes` and one line of the log, or nothing. Returns the paths that changed.

    Call it under `locked`. Raises UserError when a file is no longer what was read, OSError when the disk refuses.
    """
    changes = [change for change in changes if change.before != change.after]
    if not changes:
        return ()
    _still_as_read(study, changes)
    planned: list[tuple[Path | None, Path]] = []
    journal = study.path(UNFINISHED)
    journal.parent.mkdir(exist_ok=True)
    logged = log.line(entry.command, entry.by, entry.why,
                      ((c.path, _digest(c.before), _digest(c.after)) for c in changes))
    try:
        for change in changes:
            target = _target(study, change.path)
            if change.after is None:
                planned.append((None, target))
                continue
            target.parent.mkdir(parents=True, exist_ok=True)
            beside = target.with_name(f".{target.name}{TEMPORARY}")
            planned.append((beside, target))
            _write(beside, change.after, like=target)
        logged = _after_a_line_end(study.path(LOG)) + logged
        root = os.path.realpath(study.root)
        plan = {
            "files": [
                {"temporary": beside and os.path.relpath(beside, root), "target": os.path.relpath(target, root),
                 "before": _digest(change.before), "after": _digest(change.after)}
                for change, (beside, target) in zip(changes, planned)
            ],
            "log": {"size": _size(study.path(LOG)), "line": logged},
        }
        _still_as_read(study, changes)
        _replace_whole(journal, json.dumps(plan).encode())
    except BaseException:
        _forget(planned, journal)
        raise
    try:
        _append(study.path(LOG), plan["log"])
    except BaseException:
        _forget(planned, journal)
        raise
    _finish_all(study, plan)
    return tuple(change.path for change in changes)


def _digest(content: bytes | None) -> str | None:
    return None if content is None else digest(content)


def _now(study: Study, path: str) -> bytes | None:
    try:
        return study.path(path).read_bytes()
    except FileNotFoundError:
        return None


def as_read(study: Study, changes: Iterable[Change]) -> bool:
    """Whether every file to be changed is still what was read."""
    return all(_now(study, change.path) == change.before for change in changes)


def _still_as_read(study: Study, changes: Iterable[Change]) -> None:
    for change in changes:
        if _now(study, change.path) != change.before:
            what = "this file stands already" if change.before is None else "this file changed while the command ran"
            raise UserError(error(change.path, None, what, "Nothing was written; look at it, then run the command again"))


def _target(study: Study, path: str) -> Path:
    """Where `path` really is, links followed, so that a link to a shared folder stays a link."""
    return Path(os.path.realpath(study.path(path)))


def _size(path: Path) -> int:
    return path.stat().st_size if path.exists() else 0


def _after_a_line_end(path: Path) -> str:
    """What must stand before a new line of the file: nothing, or the line end that its last line lacks."""
    if not _size(path):
        return ""
    with open(path, "rb") as file:
        file.seek(-1, os.SEEK_END)
        return "" if file.read() == b"\n" else "\n"


def _write(path: Path, content: bytes, like: Path | None = None) -> None:
    with open(path, "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    if like is not None and like.exists():
        shutil.copymode(like, path)


def _replace_whole(path: Path, content: bytes) -> None:
    beside = path.with_name(f".{path.name.lstrip('.')}{TEMPORARY}")
    try:
        _write(beside, content)
        os.replace(beside, path)
    except BaseException:
        with suppress(OSError):
            beside.unlink()
        raise


def _append(path: Path, planned: dict) -> None:
    """Append the planned line; on failure the log has its old length again. What is half there is written anew."""
    with open(path, "ab", buffering=0) as file:  # no buffer: closing must not write what was refused
        file.truncate(planned["size"])
        try:
            line = planned["line"].encode()
            if file.write(line) != len(line):
                raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), str(path))
            os.fsync(file.fileno())
        except BaseException:
            with suppress(OSError):
                os.ftruncate(file.fileno(), planned["size"])
            raise


def _forget(planned: Iterable[tuple[Path | None, Path]], journal: Path) -> None:
    with suppress(OSError):
        journal.unlink()
    for beside, _ in planned:
        if beside is not None:
            with suppress(OSError):
                beside.unlink()


def recover(study: Study) -> None:
    """Finish a change that a killed command had decided on, and remove what one left behind before deciding.

    Raises UserError when a file of that change is no longer what it was.
    """
    journal = study.path(UNFINISHED)
    if journal.exists():
        plan = _plan_in(journal)
        _finish_log(study.path(LOG), plan["log"])
        _finish_all(study, plan)
    data = study.path(DATA)
    for top in [data, *(p.resolve() for p in data.iterdir() if p.is_symlink() and p.is_dir())] if data.is_dir() else []:
        for folder, _, names in os.walk(top):
            for name in names:
                if name.startswith(".") and name.endswith(TEMPORARY):
                    with suppress(OSError):
                        os.unlink(os.path.join(folder, name))


def _plan_in(journal: Path) -> dict:
    try:
        plan = json.loads(journal.read_bytes())
        whole = isinstance(plan["log"]["size"], int) and isinstance(plan["log"]["line"], str) and all(
            {"temporary", "target", "before", "after"} == file.keys() for file in plan["files"])
    except (ValueError, TypeError, KeyError, AttributeError):
        whole = False
    if not whole:
        raise UserError(error(UNFINISHED, None, "the record of an unfinished change is damaged",
                              "Compare data/ with git, then remove this file"))
    return plan


def _finish_all(study: Study, plan: dict) -> None:
    """Put the planned files in their places and forget the plan.

    A file that a person changed meanwhile keeps their version, what was to be written lies beside it, and an error says
    so; so does one whose new content is gone.
    """
    problems = [problem for file in plan["files"] if (problem := _finish(Path(os.path.realpath(study.root)), file))]
    study.path(UNFINISHED).unlink()
    if problems:
        raise UserError(*problems)


def _finish_log(path: Path, planned: dict) -> None:
    logged = path.read_bytes() if path.exists() else b""
    line = planned["line"].encode()
    if line in logged[planned["size"] :]:
        return
    if len(logged) < planned["size"] or not line.startswith(logged[planned["size"] :]):
        # The log was changed since: nothing of it may be cut off.
        planned = {"size": len(logged), "line": _after_a_line_end(path) + planned["line"].lstrip("\n")}
    _append(path, planned)


def _finish(root: Path, file: dict) -> Problem | None:
    target = root / file["target"]
    now = digest(target.read_bytes()) if target.exists() else None
    if file["after"] is None:
        if now not in (None, file["before"]):
            return error(file["target"], None, "this file changed while a gtpipe command was removing it; your version stands",
                         "Remove it yourself, if nothing in it is needed")
        target.unlink(missing_ok=True)
        return None
    beside = root / file["temporary"]
    if now == file["after"]:
        with suppress(OSError):
            beside.unlink()
        return None
    if not beside.exists():
        return error(file["target"], None, "a command was cut off, and what it was to write here is gone; "
                                           "the file stands as before", "Run that command again: data/log.jsonl names it")
    if now == file["before"]:
        os.replace(beside, target)
        return None
    new = next(place for n in itertools.count() if not (place := target.with_name(f"{target.name}.gtpipe-new{n or ''}")).exists())
    os.replace(beside, new)
    return error(file["target"], None, "this file changed while a gtpipe command was writing it; your version stands",
                 f"What the command would have written is in {new.name}, beside it")


def write_derived(study: Study, files: dict[str, bytes], owned: Iterable[str]) -> tuple[str, ...]:
    """Make the derived `files` stand as given; of those in `owned` that are not among them, none stays.

    A file that is right already is not touched. Returns the paths that changed. Call it under `locked`.
    """
    changed = []
    for path in sorted(owned):
        if path not in files:
            study.path(path).unlink(missing_ok=True)
            changed.append(path)
    for path, content in files.items():
        target = study.path(path)
        try:
            if target.read_bytes() == content:
                continue
        except FileNotFoundError:
            target.parent.mkdir(parents=True, exist_ok=True)
        beside = target.with_name(f".{target.name}{TEMPORARY}")
        try:
            with open(beside, "wb") as file:
                file.write(content)
            os.replace(beside, target)
        except BaseException:
            with suppress(OSError):
                beside.unlink()
            raise
        changed.append(path)
    return tuple(sorted(changed))


def check_folder(study: Study, path: str) -> None:
    """Raises UserError when `path`, or a folder above it inside the study, is something else than a folder."""
    folder = study.path(path)
    for place in (folder, *folder.parents):
        if place == study.root:
            return
        if place.exists() and not place.is_dir():
            raise UserError(error(str(place.relative_to(study.root)), None, "this must be a folder, and is a file",
                                  "Move it away; gtpipe makes the folder"))
