"""Whether a stage must run: its record in the cache against the files it reads and those it made.

The record of a stage, kept in `.gtpipe/state.json`, says by which gtpipe it was laid out, of which
files, and what was written.
"""

from __future__ import annotations

import os
from collections.abc import Collection, Iterable
from contextlib import suppress
from pathlib import Path

from gtpipe import __version__
from gtpipe.formats import withdrawn
from gtpipe.model.problems import UserError
from gtpipe.pipeline import reasons
from gtpipe.pipeline.stages import (
    FIRST_LINES,
    INGEST,
    PROCEDURES,
    STAGES,
    SUGGEST,
    THEORETICAL_CODE,
    Stage,
    is_on,
    laid_out_as,
)
from gtpipe.render import lines
from gtpipe.render.pages import is_page
from gtpipe.sources.standing import not_as_ingested
from gtpipe.store import cache, seen, transaction
from gtpipe.store.cache import Freshness
from gtpipe.store.layout import (
    DERIVED,
    INGESTED,
    MEMOS,
    SHEETS,
    TRANSCRIPTS,
    Snapshot,
    Study,
    digest,
    named_in,
)
from gtpipe.store.seen import SeenFiles
from gtpipe.store.settings import Settings
from gtpipe.study import Corpus, procedures
from gtpipe.study import kept as conclusions
from gtpipe.suggest.pages import FIRST_LINE

LAYOUT_VERSION = 11
"""To be raised with each change of what is laid out of the same files: every study is then laid out
anew at its next run."""

NOT_RUN = "not run on this computer yet"
_MADE_BY = f"gtpipe {__version__}, layout {LAYOUT_VERSION}"


class Standing:
    """The digests of what stands under `data/derived`, each file read once; '' where there is
    none.
    """

    def __init__(self, study: Study) -> None:
        self._root, self._known = f"{study.root}/", dict[str, str]()
        self.seen = SeenFiles(study, seen.DERIVED)

    def digest(self, path: str) -> str:
        if path not in self._known:
            self._known[path] = ""
            with suppress(OSError):
                self._known[path] = self._digest(path)
        return self._known[path]

    def _digest(self, path: str) -> str:
        found = os.stat(self._root + path)
        known = self.seen.fingerprint(path, found)
        if known is None:
            with open(self._root + path, "rb", buffering=0) as file:
                known = digest(file.readall())
            self.seen.saw(path, found, known)
        return known


def why_stale(
    study: Study, stage: Stage, snapshot: Snapshot | None = None, outputs: Standing | None = None
) -> list[str]:
    """Why a stage's files are not what they would be after a run; empty where they are. `outputs`
    is what stands under `data/derived`, where that was looked at.
    """
    snapshot, outputs = snapshot or Snapshot(study), outputs or Standing(study)
    if stage is SUGGEST and not snapshot.settings().suggest:
        return ["`suggest` is false in pipeline.yaml"] if owned(study, SUGGEST) else []
    kept = cache.load_state(study).get(stage.name)
    if kept is None:
        return [NOT_RUN]
    if kept["version"] != _MADE_BY:
        return ["made by another version of gtpipe"]
    now = {path: outputs.digest(path) for path in owned(study, stage)}
    return [
        *reasons.of_inputs(study, kept["inputs"], _inputs(study, stage, snapshot), snapshot),
        *reasons.of_outputs(kept["outputs"], now),
    ]


def states(study: Study, snapshot: Snapshot) -> list[tuple[str, str, list[str]]]:
    """Each stage with `fresh`, `stale` or `missing`, and why."""
    settings = snapshot.settings()
    found = [_state_of_ingest(study, snapshot)] if INGEST in settings.stages else []
    stages = [stage for stage in (*STAGES, PROCEDURES) if is_on(stage, settings)]
    outputs = Standing(study)
    for stage in (*stages, *((SUGGEST,) if suggests(study, settings) else ())):
        why = why_stale(study, stage, snapshot, outputs)
        state = "fresh" if not why else "missing" if why == [NOT_RUN] else "stale"
        found.append((stage.name, state, why))
    outputs.seen.save()
    return found


def _state_of_ingest(study: Study, snapshot: Snapshot) -> tuple[str, str, list[str]]:
    new, changed = (
        ", ".join(path.rpartition("/")[2] for path in paths)
        for paths in not_as_ingested(study, snapshot)
    )
    why = [f"new in data/sources/: {new}"] if new else []
    why += [f"no longer what was ingested: {changed}"] if changed else []
    if why:
        return INGEST, "stale", why
    if not study.files(TRANSCRIPTS, ".md"):
        return INGEST, "missing", ["no interview yet: `gtpipe ingest FILE`"]
    return INGEST, "fresh", []


def suggests(study: Study, settings: Settings) -> bool:
    """Whether suggestions are to be laid out, or some are left from when they were."""
    return settings.suggest or bool(owned(study, SUGGEST))


def as_made(study: Study, stage: Stage, outputs: Standing) -> tuple[dict[str, str], dict[str, str]]:
    """The pages of a stage that stand in `outputs` as this gtpipe made them: what each was made of,
    and its digest.
    """
    record = _record(study, stage)
    if record is None:
        return {}, {}
    made_of = record["made_of"]
    standing = {
        path: digest
        for path, digest in record["outputs"].items()
        if path in made_of and outputs.digest(path) == digest
    }
    return {path: made_of[path] for path in standing}, standing


def tables_as_made(study: Study, stage: Stage, outputs: Standing) -> list[str]:
    """The tables of a stage that stand in `outputs` as this gtpipe made them."""
    record = _record(study, stage)
    return [
        path
        for path, digest in (record["outputs"].items() if record else ())
        if record and path not in record["made_of"] and outputs.digest(path) == digest
    ]


def changed_since(corpus: Corpus, stage: Stage) -> dict[str, tuple[str, str]] | None:
    """The files that a stage reads and that changed since it was laid out, with their fingerprints
    then and now, '' where there was or is none; None where it was not laid out by this gtpipe, or
    labels lead elsewhere since.
    """
    record = _record(corpus.study, stage)
    if record is None or record["made_of"].get(_LEADS) != _leads(corpus):
        return None
    before, now = record["inputs"], _inputs(corpus.study, stage, corpus.snapshot)
    return {
        path: (before.get(path, ""), now.get(path, ""))
        for path in {*before, *now}
        if before.get(path) != now.get(path)
    }


_LEADS = "where old labels lead"


def _leads(corpus: Corpus) -> str:
    told = (corpus.settings.approach, corpus.current, corpus.current_focused)
    return digest(repr((told, corpus.material.persons.everybody)).encode("utf-8", "replace"))


def _record(study: Study, stage: Stage) -> Freshness | None:
    """What is on record of a stage, where this gtpipe laid it out."""
    record = cache.load_state(study).get(stage.name)
    return record if record is not None and record["version"] == _MADE_BY else None


def pieces_as_made(
    study: Study, stage: Stage, outputs: Standing
) -> dict[str, list[tuple[str, int]]]:
    """What each piece of a page was made of, and its length in bytes, of the pages that stand in
    `outputs` as this gtpipe made them.
    """
    record = _record(study, stage)
    return {
        path: pieces
        for path, pieces in (record["pieces"].items() if record else ())
        if record and outputs.digest(path) == record["outputs"].get(path)
    }


def keep(
    corpus: Corpus,
    stage: Stage,
    outputs: dict[str, str],
    made_of: dict[str, str],
    pieces: dict[str, list[tuple[str, int]]],
) -> None:
    """Record what a stage made of a study: the digest of each file, and what pages and their pieces
    were made of.
    """
    study, snapshot = corpus.study, corpus.snapshot
    state = cache.load_state(study)
    state[stage.name] = {
        "version": _MADE_BY,
        "inputs": _inputs(study, stage, snapshot),
        "outputs": outputs,
        "made_of": {**made_of, _LEADS: _leads(corpus)},
        "pieces": pieces,
    }
    cache.save_state(study, state)
    reasons.keep_entries(study, (*stage.reads, *stage.beside), snapshot)


def forget(study: Study) -> None:
    """Have the cache keep nothing of files that are gone, nor what files said before the stages
    last saw them.
    """
    snapshot = Snapshot(study)
    folders = (SHEETS, TRANSCRIPTS, INGESTED, MEMOS)
    paths = {path for folder in folders for path in snapshot.files(folder)}
    paths |= {path for path in reasons.ENTRY_FILES if study.path(path).is_file()}
    gone = {row.interview for row in withdrawn.read(snapshot)}  # here, or where it was pulled from
    kept = {path for path in paths if named_in(path) not in gone}
    for path in paths:
        with suppress(UserError):
            kept.add(snapshot.fingerprint(path) or "")
            if path.startswith(SHEETS):
                kept.add(conclusions.key_of_sheet(path, snapshot))
            elif path.startswith((TRANSCRIPTS, MEMOS)):
                kept.add(conclusions.key_of_page(path, snapshot.fingerprint(path) or ""))
    there = set[str]()
    for record in cache.load_state(study).values():
        kept |= {fingerprint for path, fingerprint in record["inputs"].items() if path in paths}
        there |= record["inputs"].keys() | record["outputs"].keys()
    snapshot.seen.save()
    snapshot.seen.forget(there)
    SeenFiles(study, seen.DERIVED).forget(there)
    cache.prune(study, kept, transaction.kept_for_undo(study))


def owned(study: Study, stage: Stage) -> list[str]:
    """The files that stand where a stage writes. In its folders, those that gtpipe wrote: nobody
    else's.
    """
    record = cache.load_state(study).get(stage.name)
    outputs = record["outputs"] if record else {}
    found = _of_procedures(study, outputs) if stage is PROCEDURES else []
    for place in stage.owns:
        path = f"{DERIVED}/{place}"
        if path.endswith("/"):
            ending = ".yaml" if stage is SUGGEST else ".md"
            files = study.files(path.rstrip("/"), ending)
        else:
            files = _kept(study, [place])
        if stage is SUGGEST:
            files = [file for file in files if _is_suggestions(study.path(file))]
        elif path.endswith("/"):
            files = [file for file in files if file in outputs or _is_page(study.path(file))]
        found += files
    return found + [file for file in _kept(study, stage.owned) if _begins_as_ours(study, file)]


def _of_procedures(study: Study, outputs: Collection[str]) -> list[str]:
    """The pages and tables of procedures: those that the record has, and those of this name."""
    there = study.files(f"{DERIVED}/{PROCEDURES.name}", ".md", ".csv")
    known = procedures.catalogue(Snapshot(study), []) if there else {}
    named = {f"{DERIVED}/{path}" for name in known for path in laid_out_as(name)}
    return [path for path in there if path in outputs or path in named]


def everything_owned(study: Study) -> list[str]:
    """The derived files of all stages that gtpipe wrote."""
    found = [path for stage in (*STAGES, PROCEDURES, SUGGEST) for path in left_by(study, stage)]
    return list(dict.fromkeys(found))


def left_by(study: Study, stage: Stage) -> list[str]:
    """What a stage that is off has left and gtpipe wrote: by its record, or as it begins."""
    record = cache.load_state(study).get(stage.name)
    outputs = record["outputs"] if record else {}
    tables = [f"{DERIVED}/{name}" for name in FIRST_LINES]
    return [
        path
        for path in owned(study, stage)
        if path in outputs or path not in tables or _begins_as_ours(study, path)
    ]


def lose(study: Study, stage: Stage) -> None:
    """Keep no record of a stage that is off."""
    state = cache.load_state(study)
    state.pop(stage.name, None)
    cache.save_state(study, state)


def _kept(study: Study, names: Iterable[str]) -> list[str]:
    paths = [f"{DERIVED}/{name}" for name in names]
    return [path for path in paths if study.path(path).is_file()]


def _begins_as_ours(study: Study, path: str) -> bool:
    """Whether a table or page begins as gtpipe writes those of its name."""
    first = FIRST_LINES[path.rpartition("/")[2]].encode()
    with open(study.path(path), "rb") as file:
        return file.read(len(first)) == first


def _is_suggestions(path: Path) -> bool:
    first = FIRST_LINE.encode()
    with open(path, "rb") as file:
        return file.read(len(first)) == first


def _is_page(path: Path) -> bool:
    """Whether a file is a comparison page, or one of lines."""
    with open(path, "rb") as file:
        beginning = file.read(10_000).decode("utf-8", "replace")
    return is_page(path.name, beginning) or lines.is_page(path.name, beginning)


def _inputs(study: Study, stage: Stage, snapshot: Snapshot) -> dict[str, str]:
    """The files a stage reads, path → fingerprint; among them the parser, where suggestions need
    one.
    """
    found: dict[str, str] = {}
    for place in (*stage.reads, *stage.beside):
        folder = place.rstrip("/")
        for path in snapshot.files(folder, ".md", ".yaml") if place.endswith("/") else [place]:
            fingerprint = snapshot.fingerprint(path)
            if fingerprint:
                found[path] = fingerprint
    on = snapshot.settings().procedures if stage in (PROCEDURES, THEORETICAL_CODE) else ()
    known = procedures.catalogue(snapshot, []) if on else {}
    laid_out = [known[name] for name in on if name in known]
    laid_out = [one for one in laid_out if stage is PROCEDURES or one.in_theory]
    for path in procedures.files_of(laid_out, snapshot):
        if fingerprint := snapshot.fingerprint(path):
            found[path] = fingerprint
    if stage is SUGGEST:
        from gtpipe.suggest import models

        settings = snapshot.settings()
        model = models.find(settings.language).model if settings.suggest else None
        found["the parser"] = model.digest if model else "none"
    return found
