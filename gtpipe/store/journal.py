"""The journal of a change: what is to be put where, written down before any file is replaced.

From then on the change stands: a command killed on the way is finished by the next one that changes
files (`recover`). The journal is obeyed only where it is this user's own: signed, of this study in
this folder, not known to git, and about nothing but the study's own files, which are not reached
through links.
"""

from __future__ import annotations

import itertools
import json
import os
import posixpath
import stat
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path
from typing import TypedDict

from gtpipe.model.problems import Problem, UserError, error
from gtpipe.store import placing, user_state
from gtpipe.store.layout import CACHE, DATA, LOG, UNFINISHED, Study, digest
from gtpipe.store.own_files import is_own
from gtpipe.text import jsontext


class PlannedFile(TypedDict):
    """A file to replace: where its new content lies (None: the file goes), and the digests before
    and after.
    """

    temporary: str | None
    target: str
    before: str | None
    after: str | None


class PlannedLine(TypedDict):
    """A line for the log, and how long the log was before it."""

    size: int
    line: str


class Plan(TypedDict):
    """All that a change does."""

    files: list[PlannedFile]
    log: PlannedLine


def planned_line(path: Path, line: str) -> PlannedLine:
    """A line for the log at `path`, behind the line end that its last line may lack."""
    return {"size": _size(path), "line": _line_end_missing(path) + line}


def write(study: Study, plan: Plan) -> None:
    """Put the journal down, signed: from here on the change stands."""
    record = {**plan, "signed": user_state.sign(study, _canonical(plan))}
    placing.replace(study.path(UNFINISHED), json.dumps(record).encode())


def forget(study: Study, temporaries: Iterable[Path]) -> None:
    """Take back what was laid down for a change that is not made."""
    for path in (study.path(UNFINISHED), *temporaries):
        with suppress(OSError):
            os.unlink(path)


def _canonical(plan: Plan) -> bytes:
    """A plan as it is signed."""
    return json.dumps(plan, sort_keys=True).encode()


def recover(study: Study) -> bool:
    """Finish a change that a killed command had decided on, and remove what one left behind before
    deciding. Whether there was such a change.

    Raises UserError when a file of that change is no longer what it was, or the record of it is not
    to be obeyed.
    """
    is_unfinished = os.path.lexists(study.path(UNFINISHED))
    if is_unfinished:
        plan, why = _read(study)
        if plan is None or why:
            raise UserError.at(
                UNFINISHED, None, why, "Compare data/ with git, then remove this file"
            )
        check_log(study)
        _finish_log(study.path(LOG), plan["log"])
        finish(study, plan)
    folders = [str(study.root), str(study.path(CACHE)), str(study.path(DATA))]
    for folder in folders:  # grows while it is gone through
        with suppress(OSError), os.scandir(folder) as entries:
            for entry in entries:
                if entry.is_dir(follow_symlinks=False):
                    if folder != folders[0]:
                        folders.append(entry.path)
                elif entry.name.endswith(placing.TEMPORARY) and placing.is_temporary(entry.name):
                    with suppress(OSError):
                        if entry.is_file(follow_symlinks=False):
                            os.unlink(entry.path)
    return is_unfinished


def _read(study: Study) -> tuple[Plan | None, str]:
    """The change that the journal records; and why it is not to be obeyed, '' where it is."""
    record = _record(study)
    plan = _plan_of(record) if record is not None else None
    if record is None or plan is None:
        return None, "the record of an unfinished change is damaged"
    if _is_tracked(study):
        return plan, "this record of an unfinished change came with git, and is not obeyed"
    signature = record.get("signed")
    if not isinstance(signature, str) or not user_state.is_signed(
        study, _canonical(plan), signature
    ):
        return plan, (
            "this record of an unfinished change was not made by you, in this folder on this "
            "computer, and is not obeyed"
        )
    strange = [file["target"] for file in plan["files"] if not _is_ours(study, file)]
    if strange:
        return plan, (
            f"this record of an unfinished change is about {strange[0]}, which is none of "
            "the study's own files, and is not obeyed"
        )
    return plan, ""


def _record(study: Study) -> dict[str, object] | None:
    """What stands in the journal, None where it is no such record."""
    path = study.path(UNFINISHED)
    if not stat.S_ISREG(os.lstat(path).st_mode):
        return None
    try:
        record = jsontext.loads(path.read_bytes())
    except ValueError:
        return None
    return record if isinstance(record, dict) else None


def _plan_of(record: dict[str, object]) -> Plan | None:
    """The plan of a record, None where anything in it is missing, odd or more than there should
    be.
    """
    line, files = record.get("log"), record.get("files")
    if not (record.keys() <= {"log", "files", "signed"} and isinstance(line, dict)):
        return None
    if not isinstance(files, list) or line.keys() != {"size", "line"}:
        return None
    if type(line["size"]) is not int or line["size"] < 0 or not isinstance(line["line"], str):
        return None
    planned: list[PlannedFile] = []
    for file in files:
        if not isinstance(file, dict) or file.keys() != PlannedFile.__annotations__.keys():
            return None
        if not all(value is None or isinstance(value, str) for value in file.values()):
            return None
        if file["target"] is None:
            return None
        planned.append(
            {
                "temporary": file["temporary"],
                "target": file["target"],
                "before": file["before"],
                "after": file["after"],
            }
        )
    return {"files": planned, "log": {"size": line["size"], "line": line["line"]}}


def _is_tracked(study: Study) -> bool:
    """Whether git knows the journal: one that a commit brought is nobody's unfinished change."""
    from gtpipe.store.repository import Repository

    try:
        return bool(Repository.of(study).git("ls-files", "-z", "--", UNFINISHED))
    except UserError:  # no repository, or no git
        return False


def _is_ours(study: Study, file: PlannedFile) -> bool:
    """Whether a file of a journal is one of the study's own, reached through no link, and its
    temporary lies beside it.
    """
    target, temporary = file["target"], file["temporary"]
    folder = posixpath.dirname(target)
    return (
        is_own(target)
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


def finish(study: Study, plan: Plan) -> None:
    """Put the planned files in their places and forget the plan.

    A file that a person changed meanwhile keeps their version, what was to be written lies beside
    it, and an error says so; so does one whose new content is gone.
    """
    problems = [
        problem
        for file in plan["files"]
        if (problem := _finish_file(Path(os.path.realpath(study.root)), file))
    ]
    os.unlink(study.path(UNFINISHED))
    if problems:
        raise UserError(*problems)


def _finish_log(path: Path, planned: PlannedLine) -> None:
    logged = path.read_bytes() if path.exists() else b""
    line = planned["line"].encode()
    if line in logged[planned["size"] :]:
        return
    if len(logged) < planned["size"] or not line.startswith(logged[planned["size"] :]):
        # The log was changed since: nothing of it may be cut off.
        planned = {
            "size": len(logged),
            "line": _line_end_missing(path) + planned["line"].lstrip("\n"),
        }
    append(path, planned)


def _finish_file(root: Path, file: PlannedFile) -> Problem | None:
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
    beside = root / (file["temporary"] or "")
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
            f"Run that command again: {LOG} names it",
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


def check_log(study: Study) -> None:
    """Raises UserError unless the log is an ordinary file, or not there."""
    path = study.path(LOG)
    if os.path.lexists(path) and not stat.S_ISREG(os.lstat(path).st_mode):
        is_link = path.is_symlink()
        raise UserError.at(
            LOG,
            None,
            f"this must be a file, and is {'a link' if is_link else 'something else'}",
            "Put the file itself in its place" if is_link else "Move it away",
        )


def _size(path: Path) -> int:
    return path.stat().st_size if path.exists() else 0


def _line_end_missing(path: Path) -> str:
    """What must stand before a new line of the file: nothing, or the line end that its last line
    lacks.
    """
    if not _size(path):
        return ""
    with open(path, "rb") as file:
        file.seek(-1, os.SEEK_END)
        return "" if file.read() == b"\n" else "\n"


def append(path: Path, planned: PlannedLine) -> None:
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
