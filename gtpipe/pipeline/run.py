"""Running a stage: load the study, think and lay out, write what changed, keep the record."""

from __future__ import annotations

from array import array
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, suppress
from dataclasses import dataclass
from hashlib import sha256

from gtpipe.formats import answers, sheet_edits, sheet_refresh, sheets, tables
from gtpipe.model.problems import Problem, UserError, refusal
from gtpipe.model.records import InPieces, Later, Outcome, Progress
from gtpipe.pipeline import freshness
from gtpipe.pipeline.since import Since, since
from gtpipe.pipeline.stages import (
    FOCUSED_CODE,
    INITIAL_CODE,
    MEMO,
    PROCEDURES,
    STAGES,
    SUGGEST,
    THEORETICAL_CODE,
    Stage,
    is_on,
)
from gtpipe.store import derived, own_files, stage_records, transaction, who
from gtpipe.store.layout import DERIVED, PAGES, Snapshot, Study, digest
from gtpipe.store.page_folder import PageFolder
from gtpipe.store.settings import FILE
from gtpipe.store.stage_records import Made, Standing
from gtpipe.store.transaction import FileChange, LogEntry, encode_keeping_bom
from gtpipe.study import Corpus, gone, load


def outcomes() -> dict[str, Callable[[Corpus, Since], Outcome]]:
    """What each stage lays out; the suggestions are laid out by `suggest`, beside the cycle.
    Imported when something is laid out: figures take longer to import than it takes to see that
    nothing changed.
    """
    from gtpipe.pipeline import focused_code, initial_code, memo, procedures, theoretical_code

    return {
        INITIAL_CODE.name: initial_code.outcome,
        FOCUSED_CODE.name: focused_code.outcome,
        THEORETICAL_CODE.name: theoretical_code.outcome,
        MEMO.name: memo.outcome,
        PROCEDURES.name: lambda corpus, _: procedures.outcome(corpus),
    }


@dataclass(frozen=True)
class Result:
    """What a stage did: the paths it changed (none: everything stood right), and why it was stale.

    `corpus` is the study it read; `remarks` are lines for a person, such as what to install.
    """

    stage: str
    changed: tuple[str, ...]
    because: tuple[str, ...]
    corpus: Corpus
    remarks: tuple[str, ...] = ()

    @property
    def is_first(self) -> bool:
        """Whether the stage had not run on this computer before."""
        return self.because == (freshness.NOT_RUN,)

    @property
    def problems(self) -> tuple[Problem, ...]:
        """Notes."""
        return tuple(problem for problem in self.corpus.told() if not problem.is_error)


def run_stage(
    study: Study,
    stage: Stage,
    why: str = "",
    refresh_text: bool = False,
    progress: Progress = lambda message: None,
) -> Result:
    """Run a stage. Raises UserError, with every error at once and nothing written, when a file it
    reads has one.

    `initial-code` makes the sheets that are missing, and with `refresh_text` brings the others into
    line with their transcripts.
    """
    if not is_on(stage, Snapshot(study).settings()):
        do = (
            f"Under `stages:`, have a line for each stage that is to be on, as `{stage.name}: {{}}`"
        )
        raise UserError(refusal(f"The stage {stage.name} is off in {FILE}", do))
    _check_folders(study, stage)
    with transaction.locked(study, cached=not refresh_text):
        progress(f"{stage.name}: reading")
        corpus, outputs = load(study, progress=progress), Standing(study)
        because = freshness.why_stale(study, stage, corpus.snapshot, outputs)
        return _run_stage(corpus, stage, outputs, because, progress, why, refresh_text)


def _check_folders(study: Study, stage: Stage) -> None:
    for place in stage.owns:
        own_files.check_folder(study, f"{DERIVED}/{place}".rpartition("/")[0])


def _run_stage(
    corpus: Corpus,
    stage: Stage,
    outputs: Standing,
    because: Sequence[str],
    progress: Progress,
    why: str,
    refresh_text: bool = False,
) -> Result:
    """Run a stage under the lock; `outputs` is what stood under `data/derived`, and `because` says
    why the stage is stale.
    """
    study = corpus.study
    changed: tuple[str, ...] = ()
    corpus = _without_errors(corpus, stage)
    if stage is INITIAL_CODE:
        changed = _write_sheets(corpus, why, refresh_text)
        if changed:
            corpus = _without_errors(load(study), stage)
    progress(f"{stage.name}: laying out")
    outcome, remarks = _laid_out(stage, corpus, since(corpus, stage, outputs))
    files = _Files(study, stage, outcome, outputs)
    owned = freshness.owned(study, stage)
    gone = (path for path in owned if path not in files.paths)
    written = derived.write_derived(study, files, gone)
    record = freshness.record_now(corpus, stage, files.made(), files.pieces)
    outputs.keep(stage.name, record, written)
    return Result(stage.name, changed + written, tuple(because), corpus, remarks)


class _Files:
    """The files of a stage, laid out one after the other; pages that stand as they are to be are
    left, and so are pieces of pages. Then it is known of each path its digest, and what it and its
    pieces are made of where it says so.
    """

    def __init__(self, study: Study, stage: Stage, outcome: Outcome, before: Standing) -> None:
        self._study, self._outcome = study, outcome
        self._was = freshness.record_of(study, stage) or stage_records.NOTHING
        self._changed = before.changed(stage.name)
        self._new, self._numbers = list[str](), array("Q")  # digest, and what it is made of
        self.pieces = dict[str, list[tuple[str, int]]]()
        self.paths = {f"{DERIVED}/{name}" for name in outcome.stays}

    def __iter__(self) -> Iterator[tuple[str, bytes | Iterator[bytes]]]:
        for name, page in self._outcome.pages:
            path = f"{DERIVED}/{name}"
            self.paths.add(path)
            if isinstance(page, str):
                yield self._laid(path, page.encode())
                continue
            made_of = page.made_of if isinstance(page, Later) else _made_of(page)
            if path not in self._changed and self._was.made.made_of(path) == made_of:
                if pieces := self._pieces_of(path):
                    self.pieces[path] = pieces
            else:
                if isinstance(page, Later):
                    yield self._laid(path, page.make().encode(), made_of)
                else:
                    yield path, self._in_pieces(path, page, made_of)
        for name, table in self._outcome.tables.items():
            path = f"{DERIVED}/{name}"
            self.paths.add(path)
            yield self._laid(path, tables.dumps(table.header, table.rows).encode())

    def _in_pieces(self, path: str, page: InPieces, made_of: str) -> Iterator[bytes]:
        """A page that may be large, made while it is written: each piece ends with a line end, or
        is empty and left out, and an empty line stands between them.
        """
        had = self._pieces_of(path)
        self.pieces[path], summed, between = [], sha256(), b""
        wanted = self._was.made.digest(path) if had else ""
        with derived.if_it_is(self._study, path, wanted) as file:
            standing, at = dict[str, tuple[int, int]](), 0  # start and length
            for of, length in had if file else ():
                standing[of] = at, length
                at += length + 1 if length else 0  # the line end between
            for piece in page.pieces:
                length = 0
                if file and piece.made_of in standing:
                    parts = derived.stretch(file, *standing[piece.made_of])
                else:
                    parts = (part.encode() for part in piece.parts())
                for part in filter(None, parts):
                    if not length:
                        summed.update(between)
                        yield between
                    summed.update(part)
                    length += len(part)
                    yield part
                between = b"\n" if length else between
                self.pieces[path].append((piece.made_of, length))
        self._keep(path, summed.hexdigest()[:12], made_of)

    def _laid(self, path: str, content: bytes, made_of: str = "0") -> tuple[str, bytes]:
        self._keep(path, digest(content), made_of)
        return path, content

    def _keep(self, path: str, content: str, made_of: str) -> None:
        self._new.append(path)
        self._numbers.extend(map(stage_records.number, (content, made_of)))

    def _pieces_of(self, path: str) -> list[tuple[str, int]]:
        return [] if path in self._changed else self._was.pieces.get(path, [])

    def made(self) -> Made:
        """The files, once they are laid out."""
        new, number = {*self._new}, iter(self._numbers)
        return self._was.made.changed_to(
            {path for path in self._was.made if path not in self.paths or path in new},
            zip(self._new, number, number, strict=True),
        )


def _made_of(page: InPieces) -> str:
    return digest("\n".join(piece.made_of for piece in page.pieces).encode())


def run_stale(study: Study, why: str, progress: Progress) -> Iterator[Result | str]:
    """Run every stage that is not fresh, in order; the result of each, or the name of one that is
    fresh.
    """
    outputs, snapshot, corpus = Standing(study), Snapshot(study), None
    with ExitStack() as held:  # the lock, from the first stage that runs on
        for stage in (*STAGES, SUGGEST, PROCEDURES):
            if not is_on(stage, snapshot.settings()):
                continue
            if stage is SUGGEST and not freshness.suggests(study, snapshot.settings()):
                continue
            because = freshness.why_stale(study, stage, snapshot, outputs)
            if not because:
                yield stage.name
                continue
            _check_folders(study, stage)
            if corpus is None:
                held.enter_context(transaction.locked(study, cached=True))
                progress(f"{stage.name}: reading")
                corpus = load(study, progress=progress)
            result = _run_stage(corpus, stage, outputs, because, progress, why)
            corpus, snapshot = result.corpus, result.corpus.snapshot
            yield result
    outputs.save()
    snapshot.seen.save()


def take_away(study: Study) -> tuple[str, ...]:
    """Take away what gtpipe wrote of stages that are off now, and no other file; the paths."""
    settings = Snapshot(study).settings()
    off = [stage for stage in (*STAGES, PROCEDURES) if not is_on(stage, settings)]
    left = {stage: freshness.left_by(study, stage) for stage in off}
    if not any(left.values()):
        return ()
    with transaction.locked(study, cached=True):
        for stage in off:
            freshness.lose(study, stage)
        return derived.write_derived(study, (), [path for paths in left.values() for path in paths])


def take_away_the_gone(study: Study, *, turns: bool = False) -> tuple[str, ...]:
    """Take away what is laid out of interviews that are gone, with `turns` of single turns too: a
    stage that cannot run would leave it. Of the pages of a report that hold any, all go. Only what
    gtpipe wrote; the paths.
    """
    snapshot = Snapshot(study)
    left = gone.interviews(study, snapshot)
    of_turns = gone.turns(load(study, snapshot)) if turns else {}
    naming = [*gone.naming(study, snapshot, left, of_turns)]
    if not naming:
        return ()
    with transaction.locked(study, cached=True):
        ours = {*freshness.everything_owned(study)}
        changed = derived.write_derived(study, {}, [path for path in naming if path in ours])
        if any(path.startswith(f"{PAGES}/") for path in naming):
            with suppress(UserError):  # files of a person's lie there: `check` names them
                gone_pages = PageFolder(study.path(PAGES), PAGES).write(())
                changed += tuple(f"{PAGES}/{path}" for path in gone_pages)
        return changed


def _without_errors(corpus: Corpus, stage: Stage) -> Corpus:
    reads = stage.reads
    if stage is PROCEDURES:
        reads += tuple(path for one in corpus.material.procedures.values() for path in one.paths)
    errors = [p for p in corpus.told_errors() if p.path.startswith(reads)]
    if errors:
        raise UserError(*errors)
    return corpus


def _laid_out(stage: Stage, corpus: Corpus, before: Since) -> tuple[Outcome, tuple[str, ...]]:
    """What a stage lays out, and what to say about it; no suggestions where the settings do not ask
    for any.
    """
    if stage is not SUGGEST:
        return outcomes()[stage.name](corpus, before), ()
    if not corpus.settings.suggest:
        return Outcome({}, {}), ()
    from gtpipe.suggest import stage as suggest
    from gtpipe.suggest.suggester import Suggester, of_focused_codes

    material, codings = corpus.material, corpus.codings
    given = answers.read(corpus.snapshot)
    suggester = Suggester(corpus.study, material, codings, given, corpus.settings.language)
    of_focused = of_focused_codes(material, codings, corpus.current)
    return suggest.outcome(suggester, codings, *of_focused), tuple(suggester.remarks)


def _write_sheets(corpus: Corpus, why: str, refresh_text: bool) -> tuple[str, ...]:
    """Write the sheets that are missing; with `refresh_text`, bring the others into line."""
    changes = _new_sheets(corpus) + (_refreshed_sheets(corpus) if refresh_text else [])
    if not changes:
        return ()
    command = INITIAL_CODE.name + (" --refresh-text" if refresh_text else "")
    by = who.known(corpus.study, corpus.settings.researchers)
    return transaction.commit(corpus.study, changes, LogEntry(command, by, why))


def _new_sheets(corpus: Corpus) -> list[FileChange]:
    """An empty sheet for each interview without one."""
    coder = corpus.settings.default_coder
    have = {(sheet.interview, sheet.coder) for sheet in corpus.material.sheets}
    return [
        FileChange(
            sheets.path_of(interview.name, coder, coder),
            None,
            sheet_edits.new_sheet(
                interview, corpus.settings.sheet_text, corpus.settings.sheet_interviewer
            ).encode(),
        )
        for interview in corpus.material.interviews.values()
        if (interview.name, coder) not in have
    ]


def _refreshed_sheets(corpus: Corpus) -> list[FileChange]:
    """The sheets that are not in line with their transcripts of today."""
    changes = []
    for sheet in corpus.material.sheets:
        before = corpus.snapshot.bytes(sheet.path)
        text = corpus.snapshot.text(sheet.path) or ""
        interview = corpus.material.interviews[sheet.interview]
        chosen = corpus.settings
        after = sheet_refresh.refresh(
            text, sheet.path, interview, chosen.sheet_text, chosen.sheet_interviewer
        )
        if after != text:
            changes.append(FileChange(sheet.path, before, encode_keeping_bom(after, before)))
    return changes
