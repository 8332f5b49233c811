"""`data/log.jsonl`: the audit trail. One line a change of a person's file: when, command, by, why,
hashes; append-only, but for names that must leave it (`reworded`).

Nothing is computed from it but what `undo` can take back, and when a link was made. Codes stand in
it, so words that a person made a code of do; stretches and notes do not. Lines that are damaged are
told by `check`, and left out by who reads it.

What a command did to codes stands under `did` as data, so that nobody has to take the command
apart. `kind` says what was done, `level` at which level of codes; the rest names it:

    code                 code, interview, turn, tied (whether to words of the turn)
    recode               from, to, interview, turn, coder
    tie, loosen, note    code, interview, turn, coder
    drop                 code; of one coding: interview, turn, coder as well
    rename               from, to
    merge                from (several), to
    split                from, to (several)
    park, unpark         code
    define               code, fields (their names)
    add, take-up         code, codes (the initial codes that a focused code takes up)
    keep, does-not-fit, leave
                         code (several), incidents (interview and turn, without words)
    take-comments        taken (a digest of each comment that came from a document)
    withdraw             interviews; what was done before it is taken back no more

Lines written before there was a `did` have the command alone.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from types import MappingProxyType
from typing import NamedTuple

from gtpipe.model.problems import Problem, error
from gtpipe.store.layout import LOG, digest
from gtpipe.text import jsontext
from gtpipe.text.yamltext import conflict_markers

UNDONE_AT_MOST = 20  # changes, counted from the last, that can be taken back
REDONE_AT_MOST = 200  # undos, counted from the last, whatever other changes came since
WITHDRAW = "withdraw"  # the kind of what a withdrawal did
_MARKERS = (b"<<<<<<<", b"|||||||", b"=======", b">>>>>>>")

Files = dict[str, tuple[str | None, str | None]]
Facts = Mapping[str, str | bool | Sequence[str]]


class LogRecord(NamedTuple):
    """A line of the log. `files`: path → digests before and after (None: no such file). `undoes`:
    the digest of a line. `did`: what the command did as data, empty where the line does not say.
    """

    digest: str
    when: str
    command: str
    by: str
    why: str
    files: Files
    undoes: str = ""
    did: Facts = MappingProxyType({})


def line(
    command: str,
    by: str,
    why: str,
    files: Iterable[tuple[str, str | None, str | None]],
    undoes: str = "",
    did: Facts | None = None,
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
        **({"did": did} if did else {}),
    }
    return json.dumps(record, ensure_ascii=False) + "\n"


def loads(one: bytes | str) -> LogRecord | None:
    """A line as a record, None where it is none."""
    try:
        record = jsontext.loads(one)
    except ValueError:
        return None
    if not isinstance(record, dict):
        return None
    texts = [record.get(name) for name in ("when", "command", "by", "why")]
    texts.append(record.get("undoes", ""))
    strings = [text for text in texts if isinstance(text, str)]
    files = _files(record.get("files"))
    if len(strings) != len(texts) or files is None:
        return None
    when, command, by, why, undoes = strings
    content = one if isinstance(one, bytes) else one.encode()
    did = _facts(record.get("did"))
    return LogRecord(digest(content.strip()), when, command, by, why, files, undoes, did)


def _files(value: object) -> Files | None:
    """The files of a line, None where they are not as they should be."""
    if not isinstance(value, dict):
        return None
    files: Files = {}
    for path, digests in value.items():
        if not isinstance(digests, list) or len(digests) != 2:
            return None
        before, after = digests
        if not all(one is None or isinstance(one, str) for one in digests):
            return None
        files[path] = before, after
    return files


def _facts(value: object) -> Facts:
    """What a line says of what was done; nothing of what is not as it should be."""
    if not isinstance(value, dict) or not isinstance(value.get("kind"), str):
        return {}
    return {
        name: fact
        for name, fact in value.items()
        if isinstance(fact, str | bool)
        or (isinstance(fact, list) and all(isinstance(one, str) for one in fact))
    }


def labels(did: Facts, name: str) -> tuple[str, ...]:
    """What stands under `name`: one label, several, or none."""
    value = did.get(name, ())
    if isinstance(value, bool):
        return ()
    return (value,) if isinstance(value, str) else tuple(value)


def is_withdrawal(did: Facts | None) -> bool:
    """Whether a participant withdrew: that is not taken back, and nothing before it."""
    return did is not None and did.get("kind") == WITHDRAW


def since_withdrawal(content: bytes) -> bytes:
    """The lines below the last withdrawal; all where there was none."""
    found = content.split(b"\n")
    for number in range(len(found) - 1, -1, -1):
        record = loads(found[number]) if WITHDRAW.encode() in found[number] else None
        if record is not None and is_withdrawal(record.did):
            return b"\n".join(found[number + 1 :])
    return content


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


def last_undos(content: bytes, most: int) -> list[LogRecord]:
    """The last lines that take another one back, `most` of them at most, oldest first."""
    undos = b"\n".join(one for _, one in lines(content) if b'"undoes"' in one)
    return [record for record in last(undos, most) if record.undoes]


def last_of(content: bytes, path: str) -> LogRecord | None:
    """The last record that names the file."""
    for one in reversed(content.split(b"\n")):
        record = loads(one) if path.encode() in one else None
        if record is not None and path in record.files:
            return record
    return None


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
        if is_withdrawal(line.did):  # what was before it would bring words back
            standing.clear()
            undone.clear()
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


def reworded(content: bytes, new: Callable[[str], str]) -> bytes:
    """The log with other words in its commands, reasons and facts, for names that must not stand
    there. What took a line back takes the same one back; other lines stay as they are.
    """
    digests: dict[str, str] = {}
    found = []
    for one in content.split(b"\n"):
        record = loads(one) if one.strip() else None
        if record is None:
            found.append(one)
            continue
        said = json.loads(one)
        said |= {"command": new(record.command), "why": new(record.why)}
        said |= {"undoes": digests.get(record.undoes, record.undoes)} if record.undoes else {}
        if record.did:
            said["did"] |= {name: _in_facts(fact, new) for name, fact in record.did.items()}
        line = json.dumps(said, ensure_ascii=False).encode()
        found.append(one if said == json.loads(one) else line)
        digests[record.digest] = digest(found[-1].strip())
    return b"\n".join(found)


def _in_facts(fact: str | bool | Sequence[str], new: Callable[[str], str]) -> object:
    if isinstance(fact, bool):
        return fact
    return new(fact) if isinstance(fact, str) else [new(one) for one in fact]


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
