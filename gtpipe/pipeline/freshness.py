"""Whether a stage must run: its record in the cache against the files it reads and those it made.

The record of a stage (`store.stage_records`) says by which gtpipe it was laid out, of which
files, and what was written.
"""

from __future__ import annotations

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
from gtpipe.store import cache, stage_records, transaction
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
from gtpipe.store.settings import Settings
from gtpipe.store.stage_records import Made, StageRecord, Standing
from gtpipe.study import Corpus, procedures
from gtpipe.study import kept as conclusions
from gtpipe.suggest.pages import FIRST_LINE

LAYOUT_VERSION = 11
"""To be raised with each change of what is laid out of the same files: every study is then laid out
anew at its next run."""

NOT_RUN = "not run on this computer yet"
_MADE_BY = f"gtpipe {__version__}, layout {LAYOUT_VERSION}"


def why_stale(
    study: Study, stage: Stage, snapshot: Snapshot | None = None, outputs: Standing | None = None
) -> list[str]:
    """Why a stage's files are not what they would be after a run; empty where they are. `outputs`
    is what stands under `data/derived`, where that was looked at.
    """
    snapshot, outputs = snapshot or Snapshot(study), outputs or Standing(study)
    if stage is SUGGEST and not snapshot.settings().suggest:
        return ["`suggest` is false in pipeline.yaml"] if owned(study, SUGGEST) else []
    kept = stage_records.load(study).get(stage.name)
    if kept is None:
        return [NOT_RUN]
    if kept.version != _MADE_BY:
        return ["made by another version of gtpipe"]
    return [
        *reasons.of_inputs(study, kept.inputs, _inputs(study, stage, snapshot), snapshot),
        *reasons.of_outputs(outputs.changed(stage.name), left_over(study, stage, kept.made)),
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
    outputs.save()
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


def as_made(study: Study, stage: Stage, outputs: Standing) -> StageRecord | None:
    """The record of a stage, where this gtpipe laid it out and all of its files stand so."""
    record = record_of(study, stage)
    return None if record is None or outputs.changed(stage.name) else record


def changed_since(corpus: Corpus, stage: Stage) -> dict[str, tuple[str, str]] | None:
    """The files that a stage reads and that changed since it was laid out, with their fingerprints
    then and now, '' where there was or is none; None where it was not laid out by this gtpipe, or
    labels lead elsewhere since.
    """
    record = record_of(corpus.study, stage)
    if record is None or record.leads != _leads(corpus):
        return None
    before, now = record.inputs, _inputs(corpus.study, stage, corpus.snapshot)
    return {
        path: (before.get(path, ""), now.get(path, ""))
        for path in {*before, *now}
        if before.get(path) != now.get(path)
    }


def _leads(corpus: Corpus) -> str:
    """Where old labels lead."""
    told = (corpus.settings.approach, corpus.current, corpus.current_focused)
    return digest(repr((told, corpus.material.persons.everybody)).encode("utf-8", "replace"))


def record_of(study: Study, stage: Stage) -> StageRecord | None:
    """What is on record of a stage, where this gtpipe laid it out."""
    record = stage_records.load(study).get(stage.name)
    return record if record is not None and record.version == _MADE_BY else None


def record_now(
    corpus: Corpus, stage: Stage, made: Made, pieces: dict[str, list[tuple[str, int]]]
) -> StageRecord:
    """The record of a stage that has `made` its files out of a study."""
    study, snapshot = corpus.study, corpus.snapshot
    reasons.keep_entries(study, (*stage.reads, *stage.beside), snapshot)
    inputs = _inputs(study, stage, snapshot)
    return StageRecord(_MADE_BY, inputs, _leads(corpus), made, pieces)


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
    for record in stage_records.load(study).values():
        kept |= {fingerprint for path, fingerprint in record.inputs.items() if path in paths}
        there |= record.inputs.keys()
    snapshot.seen.save()
    snapshot.seen.forget(there)
    cache.prune(study, kept, transaction.kept_for_undo(study))


def left_over(study: Study, stage: Stage, made: Made) -> list[str]:
    """The files that stand where a stage writes and that gtpipe wrote, but for those that it has
    `made`.
    """
    return [path for path in owned(study, stage) if path not in made]


def _made(study: Study, stage: Stage) -> set[str]:
    record = stage_records.load(study).get(stage.name)
    return {*record.made} if record else set()


def owned(study: Study, stage: Stage) -> list[str]:
    """The files that stand where a stage writes. In its folders, those that gtpipe wrote: nobody
    else's.
    """
    outputs = _made(study, stage)
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
    outputs = _made(study, stage)
    tables = [f"{DERIVED}/{name}" for name in FIRST_LINES]
    return [
        path
        for path in owned(study, stage)
        if path in outputs or path not in tables or _begins_as_ours(study, path)
    ]


def lose(study: Study, stage: Stage) -> None:
    """Keep no record of a stage that is off."""
    records = stage_records.load(study)
    records.pop(stage.name, None)
    stage_records.save(study, records)


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
