"""`data/log.jsonl`: the audit trail. One line a change of a person's file: when, command, by, why,
hashes; append-only.

Nothing is computed from it but what `undo` can take back. Codes stand in it, so words that a person
made a code of do; stretches and notes do not. Lines that are damaged are told by `check`, and left
out by who reads it.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from typing import NamedTuple

from gtpipe.model.problems import Problem, error
from gtpipe.store.layout import LOG, digest
from gtpipe.text import jsontext
from gtpipe.text.yamltext import conflict_markers

UNDONE_AT_MOST = 20  # changes, counted from the last, that can be taken back
_MARKERS = (b"<<<<<<<", b"|||||||", b"=======", b">>>>>>>")

Files = dict[str, tuple[str | None, str | None]]


class LogRecord(NamedTuple):
    """A line of the log. `files`: path → digests before and after (None: no such file). `undoes`:
    the digest of a line.
    """

    digest: str
    when: str
    command: str
    by: str
    why: str
    files: Files
    undoes: str = ""


def line(
    command: str,
    by: str,
    why: str,
    files: Iterable[tuple[str, str | None, str | None]],
    undoes: str = "",
) -> str:
    """One line of the log. `files` holds path, and 12 hex digits of the content before and after
    (None: no such file).
    """
    record = {
        "when": datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
        "command": command,
        "by": by,
        "why": why,
        "files": {path: [before, after] for path, before, after in files},
        **({"undoes": undoes} if undoes else {}),
    }
    return json.dumps(record, ensure_ascii=False) + "\n"


def loads(one: bytes | str) -> LogRecord | None:
    """A line as a record, None where it is none."""
    try:
        record = jsontext.loads(one)
        files = {path: (before, after) for path, (before, after) in record["files"].items()}
        texts = [record[name] for name in ("when", "command", "by", "why")] + [
            record.get("undoes", "")
        ]
    except (ValueError, KeyError, TypeError, AttributeError):
        return None
    if not all(isinstance(text, str) for text in texts) or not all(
        value is None or isinstance(value, str) for pair in files.values() for value in pair
    ):
        return None
    content = one if isinstance(one, bytes) else one.encode()
    return LogRecord(digest(content.strip()), *texts[:4], files, texts[4])


def lines(content: bytes) -> Iterator[tuple[int, bytes]]:
    """The lines that say something, with their numbers."""
    return ((number, one) for number, one in enumerate(content.split(b"\n"), 1) if one.strip())


def last(content: bytes, most: int) -> list[LogRecord]:
    """The last records, `most` of them at most, oldest first."""
    found: list[LogRecord] = []
    for one in reversed(content.split(b"\n")):
        if len(found) == most:
            break
        record = loads(one) if one.strip() else None
        if record is not None:
            found.append(record)
    return found[::-1]


def records(content: bytes) -> list[LogRecord]:
    """Every line that is a record, in order."""
    return [record for _, one in lines(content) if (record := loads(one)) is not None]


def standing(
    lines: Iterable[LogRecord],
) -> tuple[list[LogRecord], list[tuple[LogRecord, LogRecord]]]:
    """The changes that stand, oldest first; and the undos that stand, each with the change that it
    took back.
    """
    known: dict[str, LogRecord] = {}
    standing: dict[str, LogRecord] = {}
    undone: dict[str, tuple[LogRecord, LogRecord]] = {}
    for line in lines:
        known[line.digest] = line
        taken = known.get(line.undoes)
        if not line.undoes:
            standing[line.digest] = line
        elif line.undoes in standing:
            undone[line.digest] = line, standing.pop(line.undoes)
        elif line.undoes in undone:
            change = undone.pop(line.undoes)[1]
            # It stands as this line left it, which is as it left it itself: the same bytes.
            standing[change.digest] = change
        elif (
            taken is None
        ):  # what it took back is not in the log any more: it is a change as any other
            standing[line.digest] = line
    return list(standing.values()), list(undone.values())


def problems(content: bytes) -> list[Problem]:
    """A conflict that git left in the log, once; and every line that is no record."""
    conflict = conflict_markers(content.decode("utf-8", "replace"), LOG)
    return ([conflict] if conflict else []) + [
        error(
            LOG,
            number,
            "this line of the log is damaged",
            "Bring it back from git, or remove it: no file depends on it",
        )
        for number, one in lines(content)
        if not one.startswith(_MARKERS) and loads(one) is None
    ]
