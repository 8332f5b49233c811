"""Who is gone from a study, by a command or by hand, and which derived files name an incident of
theirs still.

An interview is gone whose transcript the log, the record of withdrawals or a stage has seen, and
of which neither that nor a sheet is there any more (where a sheet is left, the transcript was lost,
which `check` tells); a turn, where ingest wrote it, or where `(withdrawn)` stands in its place.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from contextlib import suppress

from gtpipe.formats import withdrawn
from gtpipe.store import every_file, stage_records
from gtpipe.store.layout import (
    DERIVED,
    LOG,
    PAGES,
    SHEETS,
    TRANSCRIPTS,
    Snapshot,
    Study,
    digest,
    named_in,
    transcript_of,
)
from gtpipe.study.records import StudyRecords

_LOGGED = re.compile(rf'"{TRANSCRIPTS}/([^"/\\]+)\.md": \['.encode())


def interviews(study: Study, snapshot: Snapshot) -> frozenset[str]:
    """The interviews that were there once."""
    logged = _LOGGED.findall(snapshot.bytes(LOG) or b"")
    known = {name.decode("utf-8", "replace") for name in logged}
    known |= {row.interview for row in withdrawn.read(snapshot)}
    for record in stage_records.load(study).values():
        known |= {named_in(path) for path in record.inputs if path.startswith(TRANSCRIPTS)}
    there = {named_in(path) for path in snapshot.files(TRANSCRIPTS, ".md")}
    there |= {named_in(path) for path in snapshot.files(SHEETS)}
    return frozenset(known - there)


def turns(records: StudyRecords) -> dict[str, frozenset[str]]:
    """Interview → those of its turns that are gone."""
    found: dict[str, frozenset[str]] = {}
    for name, interview in records.material.interviews.items():
        recorded = None if records.no_turn_is_lost else records.recorded.get(name)
        missing = (id for id in recorded.turns if id not in interview.position) if recorded else ()
        ids = frozenset([*missing, *interview.taken_out])
        if ids:
            found[name] = ids
    return found


def naming(
    study: Study, snapshot: Snapshot, gone: Collection[str], of_turns: Mapping[str, Collection[str]]
) -> Iterator[str]:
    """The derived files that name an incident of an interview or turn that is gone, and were not
    laid out since: what a person wrote may name it still. Of a report, the pages of such an
    interview.
    """
    named = [rf"{re.escape(name)}[ ,]\d" for name in sorted(gone)]
    named += [rf"## {re.escape(name)}(?: ·|$)" for name in sorted(gone)]
    for name, ids in sorted(of_turns.items()):
        named.append(rf"{re.escape(name)} (?:{'|'.join(map(re.escape, sorted(ids)))})(?![\w–-])")
    if not named:
        return
    form = re.compile(rf"(?<![\w-])(?:{'|'.join(named)})", re.M)
    today = _laid_out_since(study, snapshot, gone, of_turns)
    for place in every_file.paths(study.path(DERIVED)):
        path = f"{DERIVED}/{place}"
        if named_in(place) in gone:
            yield path
        elif not path.startswith(f"{PAGES}/"):
            with suppress(OSError):
                content = study.path(path).read_bytes()
                is_named = form.search(content.decode("utf-8", "replace"))
                if is_named and (path, digest(content)) not in today:
                    yield path


def _laid_out_since(
    study: Study, snapshot: Snapshot, gone: Collection[str], of_turns: Collection[str]
) -> set[tuple[str, str]]:
    """Path and digest of what stages made when all that is gone was gone already."""
    found = set[tuple[str, str]]()
    for record in stage_records.load(study).values():
        made_of = record.inputs
        if not any(transcript_of(name) in made_of for name in gone) and all(
            made_of.get(path) == snapshot.fingerprint(path) for path in map(transcript_of, of_turns)
        ):
            found |= {(path, record.made.digest(path)) for path in record.made}
    return found
