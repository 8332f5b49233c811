"""What is kept of interviews and sheets; and what is not kept yet is concluded, and kept.

One process reads and writes the cache. Concluding is done beside it where that pays (`engine`).
"""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from gtpipe.model.problems import UserError
from gtpipe.model.records import Progress
from gtpipe.store.cache import ParsedFiles
from gtpipe.store.layout import Snapshot, Study, named_in, transcript_of
from gtpipe.study import kept
from gtpipe.study.kept import AllButWords, CodedSheet, Entries, Place

if TYPE_CHECKING:
    from gtpipe.study.conclude import Concluded, Task


AT_ONCE = 200  # interviews; what was concluded of them is kept also where the command ends early


@dataclass
class Known:
    """What is known of the files asked for, as `kept` has it: of interviews, places of words and
    codings by key; and by fingerprint of entries, where no codings are known.
    """

    interviews: dict[str, AllButWords | None] = field(default_factory=dict)
    places: dict[str, tuple[Place, ...]] = field(default_factory=dict)
    coded: dict[str, CodedSheet | None] = field(default_factory=dict)
    entries: dict[str, Entries] = field(default_factory=dict)


def known(
    study: Study,
    snapshot: Snapshot,
    transcripts: Iterable[str] = (),
    sheets: Iterable[str] = (),
    tell: Progress = lambda message: None,
) -> Known:
    """What is known of these transcripts and sheets, those that can be read."""
    keys = {path: kept.key_of_page(path, print) for path, print in _prints(snapshot, transcripts)}
    prints = dict(_prints(snapshot, sheets))
    of_sheets = {path: kept.key_of_sheet(path, snapshot) for path in prints}
    caches = kept.interviews(study), kept.codings(study), kept.sheets(study)
    interviews = caches[0].get({key: key for key in keys.values()})
    coded = caches[1].get({key: key for key in of_sheets.values() if key})
    unknown = {print: print for path, print in prints.items() if not coded.get(of_sheets[path])}
    places = kept.places(study).get({key: key for key in interviews})
    found = Known(interviews, places, coded, caches[2].get(unknown))
    cold: dict[str, list[str]] = {
        path: [] for path, key in keys.items() if key not in found.interviews
    }
    for path, print in prints.items():
        key = of_sheets[path]
        if key not in found.coded and (key or print not in found.entries):
            transcript = transcript_of(named_in(path))
            cold.setdefault(transcript, []).append(path)
    for number, ((path, own), done) in enumerate(_concluded(study, snapshot, cold, tell), 1):
        key = keys.get(path, "")
        if key and key not in interviews:
            found.interviews[key] = done.interview
            caches[0].put(key, found.interviews[key], key)
        for sheet, (entries, codings) in zip(own, done.sheets, strict=True):
            print, key = prints[sheet], of_sheets[sheet]
            if key:
                found.coded[key] = codings
                caches[1].put(key, found.coded[key], key)
            if entries is not None and print not in found.entries:
                caches[2].put(print, entries, print)
                if codings is None:
                    found.entries[print] = entries
        if number % AT_ONCE == 0:
            _save(*caches)
    _save(*caches)
    snapshot.seen.save()
    return found


def _save(*caches: ParsedFiles[Any]) -> None:
    for cache in caches:
        cache.save()


def _prints(snapshot: Snapshot, paths: Iterable[str]) -> list[tuple[str, str]]:
    """Path and fingerprint of the files that can be read."""
    found = []
    for path in paths:
        with suppress(UserError):
            found.append((path, snapshot.fingerprint(path) or ""))
    return found


def _concluded(
    study: Study, snapshot: Snapshot, cold: dict[str, list[str]], tell: Progress
) -> Iterable[tuple[tuple[str, list[str]], Concluded]]:
    """Each transcript and its sheets that are not known, in order, and what is concluded."""
    if not cold:
        return
    from gtpipe.study import engine
    from gtpipe.study.conclude import Task, conclude, of_task

    documents = sorted(cold.items())
    size = 0  # in bytes
    tasks = []
    for path, own in documents:
        there = dict(_prints(snapshot, [path]))
        size += sum(map(snapshot.size, (*there, *own)))
        of = (path, there[path]) if there.get(path) else None
        sheets = tuple([(sheet, snapshot.fingerprint(sheet) or "") for sheet in own])
        tasks.append(Task(str(study.root), of, sheets))

    def here(task: Task) -> Concluded:
        files = [
            (path, snapshot.bytes(path) or b"")
            for path, _ in (*([task.transcript] if task.transcript else []), *task.sheets)
        ]
        return conclude(files[0] if task.transcript else None, files[bool(task.transcript) :])

    results = engine.each(of_task, tasks, here, size, tell)
    yield from zip(documents, results, strict=True)
