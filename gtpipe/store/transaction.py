"""Writing so that nothing a person wrote can be lost: one writer at a time, all files of a change
or none.

A change of a person's files goes through `commit`: the files are compared with what was read; new
content is written to dot-named files beside them; a journal is put down (from here on the change
stands); then the files are replaced. A command killed on the way leaves the old state (no journal)
or, after `recover`, the new one. Derived files can be made again, and go through `write_derived`.

The journal is obeyed only by a command that changes files, and only where it is this user's own:
signed, of this study in this folder, not known to git, and about nothing but the study's own files,
which are not reached through links.
"""

from __future__ import annotations

import errno
import itertools
import json
import os
import posixpath
import stat
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, nullcontext, suppress
from dataclasses import dataclass
from pathlib import Path

from gtpipe.model.problems import Problem, UserError, error
from gtpipe.store import cache, log, placing, settings, user_state
from gtpipe.store.layout import (
    CACHE,
    DATA,
    INGESTED,
    LOG,
    SHEETS,
    TRANSCRIPTS,
    UNFINISHED,
    Study,
    digest,
)
from gtpipe.text import jsontext

LOCK_SECONDS = 10.0
_OWN_FILES = (settings.FILE, ".gitignore", ".gitattributes")
_MOST_BYTES = 255  # of a name, on the file systems there are


@dataclass(frozen=True)
class FileChange:
    """One file to write: its content as it was read (None: it must not exist) and as it is to be
    (None: gone).

    `most` is what a new file may be open to, others' bits alone: what was copied from a private
    file stays private.
    """

    path: str
    before: bytes | None
    after: bytes | None
    most: int = placing.ANYBODY


@dataclass(frozen=True)
class LogEntry:
    """What the log says of a change. `undoes` is the digest of the line of the log that it takes
    back.
    """

    command: str
    by: str
    why: str = ""
    undoes: str = ""


@contextmanager
def locked(study: Study, *, cached: bool = False) -> Iterator[None]:
    """Hold the study's lock; finish first what a killed command left. Raises UserError when
    somebody else holds it.

    Within, a study is parsed from its bytes; with `cached`, for what changes no file of a person,
    the cache is believed.
    """
    from filelock import FileLock, Timeout

    check_folder(study, CACHE)
    check_folder(study, DATA)
    folder = study.path(CACHE)
    folder.mkdir(exist_ok=True)
    if (folder / cache.LOCK).is_symlink():
        os.unlink(folder / cache.LOCK)
    try:
        lock = FileLock(folder / cache.LOCK, timeout=LOCK_SECONDS).acquire()
    except Timeout:
        raise UserError(
            error(
                f"{CACHE}/{cache.LOCK}",
                None,
                "another gtpipe is writing in this study",
                "Wait until it is done, then try again",
            )
        ) from None
    with lock:
        recover(study)
        cache.own(study)
        with nullcontext() if cached else cache.doubted():
            yield


def finish(study: Study) -> None:
    """Finish what a killed command left, for a command that changes files and looks at them before
    it takes the lock.
    """
    if os.path.lexists(study.path(UNFINISHED)):
        with locked(study):
            pass


def commit(study: Study, changes: Iterable[FileChange], entry: LogEntry) -> tuple[str, ...]:
    """Write all of `changes` and one line of the log, or nothing. Returns the paths that changed.

    Call it under `locked`. Raises UserError when a file is no longer what was read, OSError when
    the disk refuses.
    """
    changes = [change for change in changes if change.before != change.after]
    if not changes:
        return ()
    _still_as_read(study, changes)
    for folder in (DATA, INGESTED):
        check_folder(study, folder)
    _check_log(study)
    targets = [_target(study, change.path) for change in changes]
    planned: list[tuple[Path | None, Path]] = []
    journal = study.path(UNFINISHED)
    journal.parent.mkdir(exist_ok=True)
    logged = log.line(
        entry.command,
        entry.by,
        entry.why,
        ((c.path, _digest(c.before), _digest(c.after)) for c in changes),
        entry.undoes,
    )
    try:
        for change, target in zip(changes, targets):
            if change.before is not None:
                cache.keep_before(study, change.before, placing.mode_of(target))
            if change.after is None:
                planned.append((None, target))
                continue
            target.parent.mkdir(parents=True, exist_ok=True)
            beside = placing.beside(target)
            planned.append((beside, target))
            placing.make(beside, change.after, placing.mode_of(target, _most(study, change)))
        logged = _after_a_line_end(study.path(LOG)) + logged
        root = os.path.realpath(study.root)
        plan = {
            "files": [
                {
                    "temporary": beside and _inside(root, beside),
                    "target": _inside(root, target),
                    "before": _digest(change.before),
                    "after": _digest(change.after),
                }
                for change, (beside, target) in zip(changes, planned)
            ],
            "log": {"size": _size(study.path(LOG)), "line": logged},
        }
        _still_as_read(study, changes)
        placing.replace(
            journal,
            json.dumps({**plan, "signed": user_state.sign(study, _canonical(plan))}).encode(),
        )
    except BaseException:
        _forget(planned, journal)
        raise
    try:
        _append(study.path(LOG), plan["log"])
    except BaseException:
        _forget(planned, journal)
        raise
    _finish_all(study, plan)
    cache.prune_before(study, kept_for_undo(study))
    return tuple(change.path for change in changes)


def _canonical(plan: dict) -> bytes:
    """A plan as it is signed."""
    return json.dumps(plan, sort_keys=True).encode()


def _most(study: Study, change: FileChange) -> int:
    """What a new file may be open to: a sheet, which copies the words of a transcript, to no more
    than that one.
    """
    folder, _, name = change.path.rpartition("/")
    if folder == SHEETS:
        return change.most & placing.mode_of(
            study.path(f"{TRANSCRIPTS}/{name.partition('.')[0]}.md")
        )
    return change.most


def kept_for_undo(study: Study) -> set[str]:
    """The digests of what files were before the last changes of the log; of files that are gone,
    only by the very last.
    """
    try:
        lines = log.last(study.path(LOG).read_bytes(), 4 * log.UNDONE_AT_MOST)
    except OSError:
        return set()
    changes, undone = log.standing(lines)
    kept = [*changes[-log.UNDONE_AT_MOST :], *itertools.chain(*undone[-log.UNDONE_AT_MOST :])]
    return {
        before
        for one in kept
        for path, (before, after) in one.files.items()
        if before is not None
        and (os.path.exists(study.path(path)) or (after is None and one is lines[-1]))
    }


def _digest(content: bytes | None) -> str | None:
    return None if content is None else digest(content)


def _now(study: Study, path: str) -> bytes | None:
    try:
        return study.path(path).read_bytes()
    except FileNotFoundError:
        return None
    except OSError as exc:
        if exc.errno == errno.ENAMETOOLONG:
            raise UserError(_too_long(path)) from None
        raise


def as_read(study: Study, changes: Iterable[FileChange]) -> bool:
    """Whether every file to be changed is still what was read."""
    return all(_now(study, change.path) == change.before for change in changes)


def _still_as_read(study: Study, changes: Iterable[FileChange]) -> None:
    for change in changes:
        if _now(study, change.path) != change.before:
            what = (
                "this file stands already"
                if change.before is None
                else "this file changed while the command ran"
            )
            raise UserError(
                error(
                    change.path,
                    None,
                    what,
                    "Nothing was written; look at it, then run the command again",
                )
            )


def own(path: str) -> bool:
    """Whether `path` names, plainly, a file of the study that gtpipe may write: under data/, the
    settings, what git is told.
    """
    parts = path.split("/")
    return (
        path == posixpath.normpath(path)
        and "\0" not in path
        and ".." not in parts
        and (
            path in _OWN_FILES
            or (
                parts[0] == DATA
                and len(parts) > 1
                and ".git" not in [part.casefold() for part in parts]
            )
        )
    )


def _inside(root: str, path: Path) -> str:
    return Path(os.path.relpath(path, root)).as_posix()


def _target(study: Study, path: str) -> Path:
    """Where `path` really is: a link to another of the study's files is followed, and stays a link.

    Raises UserError where it leads anywhere else: nothing outside the study's own files is written.
    """
    target = Path(os.path.realpath(study.path(path)))
    if not own(_inside(os.path.realpath(study.root), target)):
        link = placing.link_on_the_way(study.root, path)
        raise UserError(
            error(
                link or path,
                None,
                "this link leads out of the study's own files, and nothing is written through it"
                if link
                else "this is none of the study's own files",
                f"Put the {'folder' if study.path(link).is_dir() else 'file'} itself in its place"
                if link
                else "",
            )
        )
    if len(os.fsencode(target.name)) > _MOST_BYTES:
        raise UserError(_too_long(path))
    return target


def _too_long(path: str) -> Problem:
    return error(path, None, "this name is too long for a file", "Give it a shorter one")


def _check_log(study: Study) -> None:
    """Raises UserError unless the log is an ordinary file, or not there."""
    path = study.path(LOG)
    if os.path.lexists(path) and not stat.S_ISREG(os.lstat(path).st_mode):
        is_link = path.is_symlink()
        raise UserError(
            error(
                LOG,
                None,
                f"this must be a file, and is {'a link' if is_link else 'something else'}",
                "Put the file itself in its place" if is_link else "Move it away",
            )
        )


def _size(path: Path) -> int:
    return path.stat().st_size if path.exists() else 0


def _after_a_line_end(path: Path) -> str:
    """What must stand before a new line of the file: nothing, or the line end that its last line
    lacks.
    """
    if not _size(path):
        return ""
    with open(path, "rb") as file:
        file.seek(-1, os.SEEK_END)
        return "" if file.read() == b"\n" else "\n"


def _append(path: Path, planned: dict) -> None:
    """Append the planned line; on failure the log has its old length again. What is half there is
    written anew.
    """
    flags = (
        os.O_WRONLY
        | os.O_CREAT
        | os.O_APPEND
        | getattr(os, "O_NOFOLLOW", 0)
        | getattr(os, "O_BINARY", 0)
    )
    handle = os.open(path, flags, placing.ANYBODY)
    try:
        os.ftruncate(handle, planned["size"])
        try:
            placing.write_all(handle, planned["line"].encode())
            os.fsync(handle)
        except BaseException:
            with suppress(OSError):
                os.ftruncate(handle, planned["size"])
            raise
    finally:
        os.close(handle)


def _forget(planned: Iterable[tuple[Path | None, Path]], journal: Path) -> None:
    with suppress(OSError):
        os.unlink(journal)
    for beside, _ in planned:
        if beside is not None:
            with suppress(OSError):
                os.unlink(beside)


def recover(study: Study) -> None:
    """Finish a change that a killed command had decided on, and remove what one left behind before
    deciding.

    Raises UserError when a file of that change is no longer what it was, or the record of it is not
    to be obeyed.
    """
    if os.path.lexists(study.path(UNFINISHED)):
        plan = _plan(study)
        _check_log(study)
        _finish_log(study.path(LOG), plan["log"])
        _finish_all(study, plan)
    walked = (
        os.walk(study.path(folder)) for folder in (CACHE, DATA)
    )  # links to folders are not followed
    for folder, _, names in [(study.root, [], os.listdir(study.root)), *itertools.chain(*walked)]:
        for name in filter(placing.is_temporary, names):
            with suppress(OSError):
                if stat.S_ISREG(os.lstat(os.path.join(folder, name)).st_mode):
                    os.unlink(os.path.join(folder, name))


def _plan(study: Study) -> dict:
    """The change that the journal records. Raises UserError where it is not to be obeyed, with what
    stands there.
    """
    found, why = _read_plan(study), ""
    if found is None:
        why = "the record of an unfinished change is damaged"
    elif _is_tracked(study):
        why = "this record of an unfinished change came with git, and is not obeyed"
    else:
        signed = found.pop("signed", None)
        if not isinstance(signed, str) or not user_state.is_signed(
            study, _canonical(found), signed
        ):
            why = (
                "this record of an unfinished change was not made by you, in this folder on this "
                "computer, and is not obeyed"
            )
        else:
            strange = [file["target"] for file in found["files"] if not _is_ours(study, file)]
            if strange:
                why = (
                    f"this record of an unfinished change is about {strange[0]}, which is none of "
                    "the study's own files, and is not obeyed"
                )
    if why:
        raise UserError(
            error(UNFINISHED, None, why, "Compare data/ with git, then remove this file")
        )
    return found


def _read_plan(study: Study) -> dict | None:
    """What the journal says, None where it is no such record."""
    journal = study.path(UNFINISHED)
    if not stat.S_ISREG(os.lstat(journal).st_mode):
        return None
    try:
        plan = jsontext.loads(journal.read_bytes())
        whole = (
            type(plan["log"]["size"]) is int
            and plan["log"]["size"] >= 0
            and isinstance(plan["log"]["line"], str)
            and all(
                {"temporary", "target", "before", "after"} == file.keys()
                and isinstance(file["target"], str)
                and all(value is None or isinstance(value, str) for value in file.values())
                for file in plan["files"]
            )
        )
    except (ValueError, TypeError, KeyError, AttributeError):
        return None
    return plan if whole else None


def _is_tracked(study: Study) -> bool:
    """Whether git knows the journal: one that a commit brought is nobody's unfinished change."""
    from gtpipe.store.repository import Repository

    try:
        return bool(Repository.of(study).git("ls-files", "-z", "--", UNFINISHED))
    except UserError:  # no repository, or no git
        return False


def _is_ours(study: Study, file: dict) -> bool:
    """Whether a file of a journal is one of the study's own, reached through no link, and its
    temporary lies beside it.
    """
    target, temporary = file["target"], file["temporary"]
    folder = posixpath.dirname(target)
    return (
        own(target)
        and not placing.link_on_the_way(study.root, target)
        and (file["after"] is None) == (temporary is None)
        and (
            temporary is None
            or (
                posixpath.dirname(temporary) == folder
                and placing.is_temporary(posixpath.basename(temporary))
                and not study.path(temporary).is_symlink()
            )
        )
    )


def _finish_all(study: Study, plan: dict) -> None:
    """Put the planned files in their places and forget the plan.

    A file that a person changed meanwhile keeps their version, what was to be written lies beside
    it, and an error says so; so does one whose new content is gone.
    """
    problems = [
        problem
        for file in plan["files"]
        if (problem := _finish(Path(os.path.realpath(study.root)), file))
    ]
    os.unlink(study.path(UNFINISHED))
    if problems:
        raise UserError(*problems)


def _finish_log(path: Path, planned: dict) -> None:
    logged = path.read_bytes() if path.exists() else b""
    line = planned["line"].encode()
    if line in logged[planned["size"] :]:
        return
    if len(logged) < planned["size"] or not line.startswith(logged[planned["size"] :]):
        # The log was changed since: nothing of it may be cut off.
        planned = {
            "size": len(logged),
            "line": _after_a_line_end(path) + planned["line"].lstrip("\n"),
        }
    _append(path, planned)


def _finish(root: Path, file: dict) -> Problem | None:
    target = root / file["target"]
    now = digest(target.read_bytes()) if target.exists() else None
    if file["after"] is None:
        if now not in (None, file["before"]):
            return error(
                file["target"],
                None,
                "this file changed while a gtpipe command was removing it; your version stands",
                "Remove it yourself, if nothing in it is needed",
            )
        if now is not None:
            os.unlink(target)
        return None
    beside = root / file["temporary"]
    if now == file["after"]:
        with suppress(OSError):
            os.unlink(beside)
        return None
    if not beside.exists():
        return error(
            file["target"],
            None,
            "a command was cut off, and what it was to write here is gone; "
            "the file stands as before",
            "Run that command again: data/log.jsonl names it",
        )
    if now == file["before"]:
        os.replace(beside, target)
        return None
    stem = os.fsdecode(os.fsencode(target.name)[:200])
    new = next(
        place
        for n in itertools.count()
        if not os.path.lexists(place := target.with_name(f"{stem}.gtpipe-new{n or ''}"))
    )
    os.replace(beside, new)
    return error(
        file["target"],
        None,
        "this file changed while a gtpipe command was writing it; your version stands",
        f"What the command would have written is in {new.name}, beside it",
    )


def write_derived(study: Study, files: dict[str, bytes], owned: Iterable[str]) -> tuple[str, ...]:
    """Make the derived `files` stand as given; of those in `owned` that are not among them, none
    stays.

    A file that is right already is not touched. Returns the paths that changed. Call it under
    `locked`.
    """
    changed = []
    for path in sorted(owned):
        if path not in files:
            os.unlink(study.path(path))
            changed.append(path)
    checked: set[str] = set()
    for path, content in files.items():
        target, folder = study.path(path), posixpath.dirname(path)
        if folder not in checked:
            check_folder(study, folder)
            target.parent.mkdir(parents=True, exist_ok=True)
            checked.add(folder)
        if not target.is_symlink():
            with suppress(FileNotFoundError):
                if target.read_bytes() == content:
                    continue
        placing.replace(target, content, placing.mode_of(target), sync=False)
        changed.append(path)
    return tuple(sorted(changed))


def check_folder(study: Study, path: str) -> None:
    """Raises UserError when `path`, or a folder above it inside the study, is a link, or something
    else than a folder.
    """
    link = placing.link_on_the_way(study.root, path)
    if link:
        raise UserError(
            error(
                link,
                None,
                "this must be a folder of the study's own, and is a link",
                "Remove the link; gtpipe makes the folder"
                if link != DATA
                else "Put the folder itself in its place",
            )
        )
    folder = study.path(path)
    for place in (folder, *folder.parents):
        if place == study.root:
            return
        if place.exists() and not place.is_dir():
            raise UserError(
                error(
                    place.relative_to(study.root).as_posix(),
                    None,
                    "this must be a folder, and is a file",
                    "Move it away; gtpipe makes the folder",
                )
            )


def encoded(text: str, before: bytes | None) -> bytes:
    """`text` as bytes, behind a byte order mark where the file had one before."""
    return (b"\xef\xbb\xbf" if (before or b"").startswith(b"\xef\xbb\xbf") else b"") + text.encode()
