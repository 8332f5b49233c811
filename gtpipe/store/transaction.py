"""Writing so that nothing a person wrote can be lost: one writer at a time, all files of a change
or none.

A command that changes what a person wrote does it within `change`: under the lock, it reads the
study as it stands, says what each file is to be, and what the log is to say of it; at the end all
is written, or nothing. `commit` compares the files with what was read, writes new content to
dot-named files beside them, puts down the journal (from here on the change stands) and the line of
the log, and replaces the files. A command killed on the way leaves the old state (no journal) or,
after `journal.recover`, the new one. Derived files can be made again, and go through `derived`.
"""

from __future__ import annotations

import errno
import os
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, nullcontext
from contextvars import ContextVar
from dataclasses import dataclass
from pathlib import Path

from gtpipe.model.problems import UserError
from gtpipe.store import cache, journal, log, placing
from gtpipe.store.journal import Plan
from gtpipe.store.layout import (
    CACHE,
    DATA,
    INGESTED,
    LOG,
    SHEETS,
    SOURCES,
    TRANSCRIPTS,
    UNFINISHED,
    Snapshot,
    Study,
    digest,
    transcript_of,
)
from gtpipe.store.own_files import OWN_FILES, check_folder, inside, real_place, too_long

LOCK_SECONDS = 10.0
_OF_INTERVIEWS = (SOURCES, INGESTED, TRANSCRIPTS, SHEETS)
_BYTE_ORDER_MARK = b"\xef\xbb\xbf"


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
    """What the log says of a change: the command, who gave it and why, and what it did as data
    (`log`). `undoes` is the digest of the line of the log that it takes back.
    """

    command: str
    by: str
    why: str = ""
    undoes: str = ""
    did: log.Facts | None = None


class Transaction:
    """A change of a study as a command makes it: what was read, what each file is to be, what the
    log is to say.

    `changed` are the paths that the change, once it is done, did change.
    """

    def __init__(self, study: Study) -> None:
        self.study = study
        self.snapshot = Snapshot(study)
        self.changed: tuple[str, ...] = ()
        self._files: list[FileChange] = []
        self._entry: LogEntry | None = None

    def text(self, path: str) -> str:
        """What the file says; nothing where there is no such file."""
        return self.snapshot.text(path) or ""

    def write(self, path: str, text: str) -> FileChange:
        """The file is to hold `text`, behind a byte order mark where it had one."""
        before = self.snapshot.bytes(path)
        file = FileChange(path, before, encode_keeping_bom(text, before))
        self.add(file)
        return file

    def add(self, *files: FileChange) -> None:
        """These files, whose content before and after is known, are to change as well."""
        self._files += files

    def log(
        self,
        command: str,
        by: str,
        why: str = "",
        *,
        undoes: str = "",
        did: log.Facts | None = None,
    ) -> None:
        """What the one line of the log says. Without it nothing is written."""
        self._entry = LogEntry(command, by, why, undoes, did)

    def _commit(self) -> None:
        if self._entry is not None:
            self.changed = commit(self.study, self._files, self._entry)
        elif self._files:
            raise ValueError("a change of files that the log says nothing of")


@contextmanager
def change(study: Study, *, cached: bool = False) -> Iterator[Transaction]:
    """A change of a person's files, under the lock: written at the end, all of it or, where an
    exception ends it, nothing. With `cached`, for a change of a line or an entry, files are
    believed to be what they were when they were seen; those that it writes are compared all the
    same.

    Raises UserError when somebody else holds the lock, or a file is no longer what was read;
    OSError when the disk refuses.
    """
    with locked(study, cached=cached):
        transaction = Transaction(study)
        yield transaction
        transaction._commit()


_gathered: ContextVar[list[FileChange] | None] = ContextVar("gathered", default=None)


@contextmanager
def gathered() -> Iterator[list[FileChange]]:
    """Within, what changes wrote is gathered: each file with its content before and after."""
    found: list[FileChange] = []
    token = _gathered.set(found)
    try:
        yield found
    finally:
        _gathered.reset(token)


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
        raise UserError.at(
            f"{CACHE}/{cache.LOCK}",
            None,
            "another gtpipe is writing in this study",
            "Wait until it is done, then try again",
        ) from None
    with lock:
        if journal.recover(study):
            cache.prune_before(study, kept_for_undo(study))
        cache.own(study)
        placing.close(map(study.path, (CACHE, DATA, *OWN_FILES)))
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
    journal.check_log(study)
    root = os.path.realpath(study.root)
    targets = [real_place(study, change.path, root) for change in changes]
    study.path(DATA).mkdir(exist_ok=True)
    line = log.line(
        entry.command,
        entry.by,
        entry.why,
        ((c.path, _digest(c.before), _digest(c.after)) for c in changes),
        entry.undoes,
        entry.did,
    )
    temporaries: list[Path] = []
    try:
        is_kept = not log.is_withdrawal(entry.did)
        plan = _laid_beside(study, changes, targets, line, temporaries, is_kept)
        _still_as_read(study, changes)
        journal.write(study, plan)
        journal.append(study.path(LOG), plan["log"])
    except BaseException:
        journal.forget(study, temporaries)
        raise
    journal.finish(study, plan)
    gathering = _gathered.get()
    if gathering is not None:
        gathering += changes
    cache.prune_before(study, kept_for_undo(study))
    return tuple(change.path for change in changes)


def _laid_beside(
    study: Study,
    changes: list[FileChange],
    targets: list[Path],
    line: str,
    temporaries: list[Path],
    is_kept: bool,
) -> Plan:
    """The plan of a change whose new content lies beside its targets, in `temporaries`; with
    `is_kept`, what was there is kept for `undo`.
    """
    root = os.path.realpath(study.root)
    plan: Plan = {"files": [], "log": journal.planned_line(study.path(LOG), line)}
    for change, target in zip(changes, targets, strict=True):
        if change.before is not None and is_kept:
            cache.keep_before(study, change.before, placing.mode_of(target))
        temporary = None
        if change.after is not None:
            target.parent.mkdir(parents=True, exist_ok=True)
            beside = placing.beside(target)
            temporaries.append(beside)
            placing.make(beside, change.after, placing.mode_of(target, _most(study, change)))
            temporary = inside(root, beside)
        plan["files"].append(
            {
                "temporary": temporary,
                "target": inside(root, target),
                "before": _digest(change.before),
                "after": _digest(change.after),
            }
        )
    return plan


def _most(study: Study, change: FileChange) -> int:
    """What a new file may be open to: a sheet, which copies the words of a transcript, to no more
    than that one.
    """
    folder, _, name = change.path.rpartition("/")
    if folder == SHEETS:
        return change.most & placing.mode_of(study.path(transcript_of(name.partition(".")[0])))
    return change.most


def kept_for_undo(study: Study) -> set[str]:
    """The digests of what files were before the last changes of the log, and of what the last undos
    took away and put back, whatever was done since. None of an interview's file that somebody
    removed by hand.
    """
    try:
        content = log.since_withdrawal(study.path(LOG).read_bytes())
    except OSError:
        return set()
    changes, _ = log.standing(log.last(content, 4 * log.UNDONE_AT_MOST))
    undos = log.last_undos(content, log.REDONE_AT_MOST)
    kept = {
        (path, before)
        for one in changes[-log.UNDONE_AT_MOST :]
        for path, (before, _) in one.files.items()
    } | {(path, one) for undo in undos for path, both in undo.files.items() for one in both}
    removed = {
        path for path in {path for path, _ in kept} if _removed_by_hand(study, path, content)
    }
    return {one for path, one in kept if one is not None and path not in removed}


def _removed_by_hand(study: Study, path: str, logged: bytes) -> bool:
    """Whether it is an interview's file that is gone, and no command took it away."""
    of_interview = path.startswith(tuple(f"{one}/" for one in _OF_INTERVIEWS))
    if not of_interview or os.path.exists(study.path(path)):
        return False
    last = log.last_of(logged, path)
    return last is None or last.files[path][1] is not None


def _digest(content: bytes | None) -> str | None:
    return None if content is None else digest(content)


def _now(study: Study, path: str) -> bytes | None:
    try:
        return study.path(path).read_bytes()
    except FileNotFoundError:
        return None
    except OSError as exc:
        if exc.errno == errno.ENAMETOOLONG:
            raise UserError(too_long(path)) from None
        raise


def as_read(study: Study, changes: Iterable[FileChange]) -> bool:
    """Whether every file to be changed is still what was read."""
    return all(_now(study, change.path) == change.before for change in changes)


def _still_as_read(study: Study, changes: Iterable[FileChange]) -> None:
    for change in changes:
        if _now(study, change.path) != change.before:
            what = (
                "this file is already there"
                if change.before is None
                else "this file changed while the command ran"
            )
            raise UserError.at(
                change.path,
                None,
                what,
                "Nothing was written; look at it, then run the command again",
            )


def encode_keeping_bom(text: str, before: bytes | None) -> bytes:
    """`text` as bytes, behind a byte order mark where the file had one before."""
    mark = _BYTE_ORDER_MARK if (before or b"").startswith(_BYTE_ORDER_MARK) else b""
    return mark + text.encode()
