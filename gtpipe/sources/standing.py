"""Whether the sources stand as they were ingested. That all do is kept, for as long as nothing that
it was concluded of changes.
"""

from __future__ import annotations

from pathlib import Path

from gtpipe.model.names import slug
from gtpipe.sources.catalogue import SourceCatalogue
from gtpipe.sources.files import has_interview
from gtpipe.sources.options import Options
from gtpipe.store import cache
from gtpipe.store.layout import (
    INGESTED,
    PARTICIPANTS,
    SETTINGS,
    SHAPES,
    SOURCES,
    TRANSCRIPTS,
    Snapshot,
    Study,
    fingerprint,
    unreadable,
)

_ALL = "all is ingested, 1"


def not_as_ingested(study: Study, snapshot: Snapshot) -> tuple[list[str], list[str]]:
    """Sources that are no interview yet, and sources that are no longer what was ingested."""
    if all_as_ingested(study, snapshot):
        return [], []
    catalogue = SourceCatalogue(study, Options(), snapshot)
    new, changed = [], []
    for path in catalogue.sources:
        name = catalogue.interview_of.get(path) or slug(Path(path).stem)
        if not has_interview(snapshot, name):
            new.append(path)
        elif catalogue.known(snapshot.bytes(path) or b"", path, name, explicit=False).problems:
            changed.append(path)
    catalogue.cache.save()
    snapshot.seen.save()
    if not new and not changed:
        keep_all_as_ingested(study, snapshot)
    return new, changed


def all_as_ingested(study: Study, snapshot: Snapshot) -> bool:
    """Whether it is known that there is nothing to ingest, and nothing to tell of a source."""
    return not cache.is_doubted() and cache.is_concluded(
        study, _ALL, _concluded_of(study, snapshot)
    )


def keep_all_as_ingested(study: Study, snapshot: Snapshot) -> None:
    """Keep that there is nothing to ingest, and nothing to tell: but for a source whose name cannot
    be read, which ingest tells each time.
    """
    if any(map(unreadable, study.others(SOURCES, ""))):
        return
    cache.conclude(study, _ALL, _concluded_of(study, snapshot))


def _concluded_of(study: Study, snapshot: Snapshot) -> str:
    """All that it hangs on: sources, what is on record of them, transcripts, and what is said of
    their forms.
    """
    paths = [SETTINGS, SHAPES, PARTICIPANTS]
    paths += [
        path for folder in (SOURCES, INGESTED, TRANSCRIPTS) for path in snapshot.files(folder)
    ]
    others = "\n".join(study.others(SOURCES, "")).encode("utf-8", "surrogateescape")
    return fingerprint(snapshot.state_of(paths).encode() + others)
