"""Running a stage: read, check, think, write, note in the log; and telling whether it needs to run: fresh or stale."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from gtpipe import sources
from gtpipe.analysis import checks, focused_codes, memos, theoretical_sampling
from gtpipe.analysis import codings as initial_code
from gtpipe.formats import answers, evaluation, sheets, tables
from gtpipe.model.problems import Problem, UserError
from gtpipe.model.records import Interview, Outcome, Progress, one_line
from gtpipe.pipeline import focused_code as lay_focused
from gtpipe.pipeline import initial_code as lay_initial
from gtpipe.pipeline import theoretical_code as lay_theory
from gtpipe.pipeline.stages import (
    FOCUSED_CODE,
    INITIAL_CODE,
    MEMO,
    STAGES,
    SUGGEST,
    THEORETICAL_CODE,
    Stage,
)
from gtpipe.render import pages
from gtpipe.store import cache, derived, own_files, transaction, who
from gtpipe.store.cache import ParsedFiles
from gtpipe.store.layout import (
    CODEBOOK,
    DATA,
    DERIVED,
    DIARY,
    EVALUATION,
    FOCUSED_CODES,
    INGESTED,
    MEMOS,
    SCHEDULE,
    SHEETS,
    THEORY,
    TRANSCRIPTS,
    Snapshot,
    Study,
    digest,
)
from gtpipe.store.settings import Settings
from gtpipe.store.transaction import FileChange, LogEntry, encode_keeping_bom
from gtpipe.study import SHEET_FORMAT, Corpus, load, thaw
from gtpipe.suggest import pages as suggested
from gtpipe.text import entry_changes as entries

NOT_RUN = "not run here yet"
ENTRIES_FORMAT = 1


@dataclass(frozen=True)
class Result:
    """What a stage did: paths it changed (none: everything stood right), why it was stale, and the books it read.

    `remarks` are lines for a person, such as what to install.
    """

    stage: str
    changed: tuple[str, ...]
    because: tuple[str, ...]
    read: Corpus
    remarks: tuple[str, ...] = ()

    @property
    def problems(self) -> tuple[Problem, ...]:
        """Notes."""
        return self.read.all_notes()


def run_stage(
    study: Study,
    stage: Stage,
    why: str = "",
    refresh_text: bool = False,
    progress: Progress = lambda message: None,
    read: Corpus | None = None,
) -> Result:
    """Run a stage. Raises UserError, with every error at once and nothing written, when a file it reads has one.

    `initial-code` makes the sheets that are missing, and with `refresh_text` takes the transcripts' words into them.
    `read` are the books, where another stage of the same command has read them.
    """
    for place in stage.owns:
        own_files.check_folder(study, f"{DERIVED}/{place}".rpartition("/")[0])
    with transaction.locked(study, cached=not refresh_text):
        progress(f"{stage.name}: reading")
        read = _without_errors(read or load(study), stage)
        because = tuple(why_stale(study, stage, read.snapshot))
        changed: tuple[str, ...] = ()
        if stage is INITIAL_CODE:
            changes = _new_sheets(read) + (_refreshed(read) if refresh_text else [])
            command = stage.name + (" --refresh-text" if refresh_text else "")
            if changes:
                by = who.known(study, read.settings.researchers)
                changed = transaction.commit(study, changes, LogEntry(command, by, why))
            if changed:
                read = _without_errors(load(study), stage)
        progress(f"{stage.name}: laying out")
        remarks: tuple[str, ...] = ()
        if stage is SUGGEST:
            made, remarks = _suggested(read)
        else:
            made = OUTCOMES[stage.name](read)
        changed += _write(study, stage, made, read.snapshot)
    return Result(stage.name, changed, because, read, remarks)


def _without_errors(read: Corpus, stage: Stage) -> Corpus:
    if read.errors(stage.reads):
        raise UserError(*read.errors(stage.reads))
    return read


OUTCOMES: dict[str, Callable[[Corpus], Outcome]] = {
    INITIAL_CODE.name: lambda read: lay_initial.outcome(read.material, read.codings),
    FOCUSED_CODE.name: lambda read: lay_focused.outcome(read.material, read.codings, read.current),
    THEORETICAL_CODE.name: lambda read: lay_theory.outcome(
        read.material, read.codings, read.current
    ),
    MEMO.name: lambda read: memos.outcome(read.material, read.names),
}


def _suggested(read: Corpus) -> tuple[Outcome, tuple[str, ...]]:
    """The pages of suggestions, and what to say about them; none where the settings do not ask for any."""
    if not read.settings.suggest:
        return Outcome({}, {}), ()
    from gtpipe.suggest import stage as suggest
    from gtpipe.suggest.suggester import Suggester, of_focused_codes

    given = answers.read(read.snapshot)
    suggester = Suggester(read.study, read.material, read.codings, given, read.settings.language)
    return suggest.outcome(
        suggester, read.codings, *of_focused_codes(read.material, read.codings, read.current)
    ), tuple(suggester.remarks)


def suggests(study: Study, settings: Settings) -> bool:
    """Whether suggestions are to be laid out, or some are left from when they were."""
    return settings.suggest or bool(_owned(study, SUGGEST))


def _new_sheets(read: Corpus) -> list[FileChange]:
    """An empty sheet for each interview without one."""
    coder = read.settings.default_coder
    have = {(sheet.interview, sheet.coder) for sheet in read.material.sheets}
    return [
        FileChange(
            sheets.path_of(interview.name, coder, coder),
            None,
            sheets.new_sheet(interview, read.settings.sheet_text).encode(),
        )
        for interview in read.material.interviews.values()
        if (interview.name, coder) not in have
    ]


def _refreshed(read: Corpus) -> list[FileChange]:
    changes = []
    for sheet in read.material.sheets:
        before = read.snapshot.bytes(sheet.path)
        text = read.snapshot.text(sheet.path) or ""
        interview = read.material.interviews[sheet.interview]
        after = sheets.refresh(text, sheet.path, interview, read.settings.sheet_text)
        if after != text:
            changes.append(FileChange(sheet.path, before, encode_keeping_bom(after, before)))
    return changes


def _write(study: Study, stage: Stage, made: Outcome, snapshot: Snapshot) -> tuple[str, ...]:
    """Bring the stage's derived files up to date, remove those it no longer makes, and keep the freshness record."""
    files = {
        f"{DERIVED}/{name}": tables.dumps(table.header, table.rows).encode()
        for name, table in made.tables.items()
    }
    files |= {f"{DERIVED}/{name}": page.encode() for name, page in made.pages.items()}
    changed = derived.write_derived(study, files, _owned(study, stage))
    state = cache.load_state(study)
    state[stage.name] = {
        "version": _version(),
        "inputs": _inputs(study, stage, snapshot),
        "outputs": {path: digest(content) for path, content in files.items()},
    }
    cache.save_state(study, state)
    _keep_entries(study, stage, snapshot)
    return changed


def _keep_entries(study: Study, stage: Stage, snapshot: Snapshot) -> None:
    """Keep what the YAML files of entries say, so that the next change can be told entry by entry."""
    kept = ParsedFiles(study, "entries", ENTRIES_FORMAT)
    for path in (CODEBOOK, FOCUSED_CODES, THEORY):
        fingerprint = snapshot.fingerprint(path) if path in stage.reads else None
        found = (
            entries.entries(snapshot.text(path) or "", path)
            if fingerprint and not kept.get({fingerprint: fingerprint})
            else None
        )
        if found is not None:
            kept.put(fingerprint, found, fingerprint)
    kept.save()


def _owned(study: Study, stage: Stage) -> list[str]:
    """The files that stand where this stage writes. In its folders, those that gtpipe wrote: nobody else's."""
    found: list[str] = []
    for place in stage.owns:
        path = f"{DERIVED}/{place}"
        if stage is SUGGEST:
            pages = (
                study.files(path.rstrip("/"), ".yaml")
                if path.endswith("/")
                else [path]
                if study.path(path).is_file()
                else []
            )
            found += [page for page in pages if _begins(study.path(page), suggested.FIRST_LINE)]
        elif path.endswith("/"):
            record = cache.load_state(study).get(stage.name)
            made = record["outputs"] if record else {}
            found += [
                page
                for page in study.files(path.rstrip("/"), ".md")
                if page in made or _is_page(study.path(page))
            ]
        elif study.path(path).is_file():
            found.append(path)
    return found


def _begins(path: Path, line: str) -> bool:
    with open(path, "rb") as file:
        return file.read(len(line.encode())) == line.encode()


def _is_page(path: Path) -> bool:
    """Whether a file is a comparison page: called after the label in its first line."""
    with open(path, "rb") as file:
        first = file.readline(10_000).decode("utf-8", "replace").rstrip("\n")
    return first.startswith("# ") and path.name in pages.possible_names(first[2:])


@lru_cache(maxsize=1)
def _version() -> str:
    """A hash of the code that lays files out: another gtpipe makes its files anew, whatever its number."""
    package = Path(__file__).parent
    sources = sorted(path for path in package.rglob("*.py") if path.parent.name != "cli")
    return digest(b"".join(source.read_bytes() for source in sources))


def _inputs(study: Study, stage: Stage, snapshot: Snapshot) -> dict[str, str]:
    found: dict[str, str] = {}
    for place in stage.reads:
        for path in (
            snapshot.files(place.rstrip("/"), ".md", ".yaml") if place.endswith("/") else [place]
        ):
            fingerprint = snapshot.fingerprint(path)
            if fingerprint:
                found[path] = fingerprint
    if stage is SUGGEST:
        from gtpipe.suggest import models

        settings = snapshot.settings()
        model = models.find(settings.language).model if settings.suggest else None
        found["the parser"] = model.digest if model else "none"
    return found


def why_stale(study: Study, stage: Stage, snapshot: Snapshot | None = None) -> list[str]:
    """Why the stage's derived files are not what they would be after a run, in words; empty where they are."""
    snapshot = snapshot or Snapshot(study)
    if stage is SUGGEST and not snapshot.settings().suggest:
        return ["`suggest` is false in pipeline.yaml"] if _owned(study, SUGGEST) else []
    kept = cache.load_state(study).get(stage.name)
    if kept is None:
        return [NOT_RUN]
    if kept.get("version") != _version():
        return ["made by another version of gtpipe"]
    reasons = _input_reasons(study, kept["inputs"], _inputs(study, stage, snapshot), snapshot)
    outputs = Snapshot(study)
    now = {path: (outputs.fingerprint(path) or "")[:12] for path in _owned(study, stage)}
    return reasons + _output_reasons(kept["outputs"], now)


def _input_reasons(
    study: Study, old: dict[str, str], new: dict[str, str], snapshot: Snapshot
) -> list[str]:
    reasons = []
    for path in sorted({*old, *new}):
        if old.get(path) == new.get(path):
            continue
        how = "is new" if path not in old else "is gone" if path not in new else "changed"
        folder, _, name = path.rpartition("/")
        if folder == SHEETS and how == "changed":
            reasons.append(_recoded(study, name.removesuffix(".yaml"), old[path], new[path]))
        elif path in (CODEBOOK, FOCUSED_CODES, THEORY) and how == "changed":
            reasons += _entries_changed(study, path, old[path], snapshot) or [
                f"{name} was edited, its entries are the same"
            ]
        elif folder in _FILE_OF:
            reasons.append(
                f"the {_FILE_OF[folder]} {name.removesuffix('.md').removesuffix('.yaml')} {how}"
            )
        else:
            reasons.append(f"{name} {how}")
    return reasons


_FILE_OF = {
    SHEETS: "sheet",
    TRANSCRIPTS: "transcript of",
    MEMOS: "memo",
    DIARY: "diary entry",
    SCHEDULE: "schedule",
}


def _entries_changed(study: Study, path: str, old: str, snapshot: Snapshot) -> list[str]:
    kept = ParsedFiles(study, "entries", ENTRIES_FORMAT).get({old: old}).get(old)
    now = entries.entries(snapshot.text(path) or "", path)
    if not isinstance(kept, dict) or now is None:
        return [f"{path.rpartition('/')[2]} changed"]
    told = entries.changes(kept, now)
    return (
        told
        if len(told) <= 5
        else [*told[:5], f"{len(told) - 5} more entries of {path.rpartition('/')[2]} changed"]
    )


def _recoded(study: Study, sheet: str, old: str, new: str) -> str:
    """`jim 12, 14 recoded`, where both versions of the sheet are in the cache; else `jim recoded`."""
    kept = ParsedFiles(study, "sheet", SHEET_FORMAT).get({old: old, new: new})
    versions = [thaw(kept.get(fingerprint)) for fingerprint in (old, new)]
    if None in versions:
        return f"{sheet} recoded"
    before, after = (
        {entry.turn: [code[:-1] for code in entry.codes] for entry in entries}
        for entries in versions
    )
    turns = [turn for turn in {**before, **after} if before.get(turn, []) != after.get(turn, [])]
    if not turns:
        return f"the sheet of {sheet} was edited, its codes are the same"
    return f"{sheet} {', '.join(turns[:8])}{' …' if len(turns) > 8 else ''} recoded"


def _output_reasons(kept: dict[str, str], now: dict[str, str]) -> list[str]:
    reasons = []
    for what, paths in (
        ("missing", [path for path in kept if path not in now]),
        (
            "not as gtpipe wrote it",
            [path for path in kept if path in now and kept[path] != now[path]],
        ),
        ("left over", [path for path in now if path not in kept]),
    ):
        if len(paths) > 3:
            reasons.append(f"{len(paths)} files under data/derived/ are {what}")
        else:
            reasons += [f"{path} is {what}" for path in paths]
    return reasons


def states(study: Study, snapshot: Snapshot) -> list[tuple[str, str, list[str]]]:
    """Each stage with `fresh`, `stale` or `missing`, and why."""
    new, changed = (
        ", ".join(path.rpartition("/")[2] for path in paths)
        for paths in sources.not_as_ingested(study, snapshot)
    )
    why = [f"new in data/sources/: {new}"] * bool(new) + [
        f"no longer what was ingested: {changed}"
    ] * bool(changed)
    if why:
        found = [("ingest", "stale", why)]
    elif not study.files(TRANSCRIPTS, ".md"):
        found = [("ingest", "missing", ["no interview yet: `gtpipe ingest FILE`"])]
    else:
        found = [("ingest", "fresh", [])]
    for stage in (*STAGES, *((SUGGEST,) if suggests(study, snapshot.settings()) else ())):
        why = why_stale(study, stage, snapshot)
        found.append(
            (stage.name, "fresh" if not why else "missing" if why == [NOT_RUN] else "stale", why)
        )
    return found


def run_stale(study: Study, why: str, progress: Progress) -> Iterator[Result | str]:
    """Run every stage of the table that is not fresh, in order; the result of each, or the name of one that is fresh."""
    read = None
    for stage in STAGES:
        if not why_stale(study, stage, read.snapshot if read else None):
            yield stage.name
            continue
        result = run_stage(study, stage, why, progress=progress, read=read)
        read = result.read
        yield result
    settings = (read.snapshot if read else Snapshot(study)).settings()
    if suggests(study, settings):
        if settings.suggest and not why_stale(study, SUGGEST, read.snapshot if read else None):
            yield SUGGEST.name
        else:
            yield run_stage(study, SUGGEST, why, progress=progress, read=read)
    forget(study)


def forget(study: Study) -> None:
    """Have the cache keep nothing of files that are gone, nor what files said before the stages last saw them."""
    snapshot = Snapshot(study)
    paths = [path for folder in (SHEETS, TRANSCRIPTS, INGESTED) for path in snapshot.files(folder)]
    paths += [path for path in (CODEBOOK, FOCUSED_CODES, THEORY) if study.path(path).is_file()]
    keep = {*paths}
    for path in paths:
        with suppress(UserError):
            keep.add(snapshot.fingerprint(path) or "")
    for record in cache.load_state(study).values():
        keep |= {fingerprint for path, fingerprint in record["inputs"].items() if path in paths}
    cache.prune(study, keep, transaction.kept_for_undo(study))


def waiting(read: Corpus) -> list[tuple[str, str]]:
    """What waits for a person: a sentence and what to type, in the order of the cycle."""
    found: list[tuple[str, str]] = []
    material, codings = read.material, read.codings
    coded = {coding.interview for coding in codings}
    if not material.interviews and not read.unreadable:
        found.append(("no interview yet", "gtpipe ingest FILE"))
    if not read.settings.researchers:
        found.append(
            (
                "nobody is named as researcher, so the log cannot say who did what",
                "pipeline.yaml: researchers",
            )
        )
    for interview, turns in initial_code.uncoded(material, codings):
        if interview.name in read.unread:
            continue
        of = f"{len(turns)} of {len(interview.participant_turns)} participant turns uncoded"
        found.append((f"{interview.name}: {of}", f"gtpipe code {interview.name}"))
    for earlier, later in _came_in_while_uncoded(material.interviews.values(), coded):
        found.append(
            (
                f"{later} came in while {earlier} was uncoded: code each before the next, "
                "so that the next can follow what was found",
                f"gtpipe code {earlier}",
            )
        )
    undefined = checks.undefined(material, codings)
    if undefined:
        found.append(
            (f"{_count(undefined, 'code')} without a definition", "gtpipe codes list --undefined")
        )
    found += [
        (f"a split of a code was begun: {path}", "fill it in, then `gtpipe codes split` again")
        for path in read.snapshot.files(DATA, ".yaml")
        if path.startswith(f"{DATA}/split-")
    ]
    found += _waiting_analysis(read)
    return found


def _waiting_analysis(read: Corpus) -> Iterator[tuple[str, str]]:
    material, codings = read.material, read.codings
    if material.focused:
        aside = focused_codes.not_taken_up(material, codings, read.current)
        if aside:
            yield f"{_count(aside, 'initial code')} not taken up", "data/derived/not-taken-up.csv"
    bare = [
        label
        for label, code in focused_codes.focused_codes(material, codings).items()
        if not code.because
    ]
    if bare:
        yield f"{_count(bare, 'focused code')} without a reason: {', '.join(bare)}", FOCUSED_CODES
    for relation in material.theory.relations:
        if not relation.support:
            yield f'"{relation.sentence}" has no support yet', f"{THEORY}:{relation.where.line}"
    last = next(reversed(material.interviews), None)
    judged = {
        judgement.interview.label for judgement in material.theory.judgements if judgement.judgement
    }
    if last and (material.theory.categories or judged) and last not in judged:
        yield f"sufficiency not judged for {last}, the last interview", THEORY
    unanswered = [
        f"{comment.by or 'somebody'} on {comment.about.label}"
        for comment in material.comments
        if not comment.answer
    ]
    if unanswered:
        on = "; ".join(unanswered[:3]) + (" …" if len(unanswered) > 3 else "")
        yield (
            f"{_count(unanswered, 'comment')} without an answer: {on}",
            "gtpipe comments --unanswered",
        )
    seeking = [one_line(one.who) for _, one in theoretical_sampling.still_open(material)]
    if seeking:
        yield (
            f"to seek next: {'; '.join(seeking[:3])}{' …' if len(seeking) > 3 else ''}",
            "gtpipe sampling",
        )
    yield from _waiting_evaluation(read.snapshot)
    for entry in material.diary:
        if entry.is_open:
            yield (
                f"re-read {', '.join(entry.re_read)}: {entry.reason or 'no reason given'}",
                f"{entry.path}: closed: …",
            )


def _waiting_evaluation(snapshot: Snapshot) -> Iterator[tuple[str, str]]:
    """Questions of the evaluation without an answer, once there is one."""
    try:
        text = snapshot.text(EVALUATION)
        answers = [] if text is None else evaluation.answers(text)
    except UserError as exc:
        yield f"evaluation: {exc.problems[0].what}", f"{EVALUATION}:{exc.problems[0].line}"
        return
    bare = evaluation.unanswered(answers)
    if bare:
        yield f"evaluation: {len(bare)} of {len(answers)} questions not answered", EVALUATION


def _count(things: list, one: str) -> str:
    return f"{len(things)} {one}" + ("s" if len(things) > 1 else "")


def _came_in_while_uncoded(
    interviews: Iterable[Interview], coded: set[str]
) -> Iterator[tuple[str, str]]:
    """Neighbours of which the earlier carries no code. Where a date is missing nobody knows the order: both must be bare."""
    interviews = list(interviews)
    for earlier, later in zip(interviews, interviews[1:]):
        if earlier.name not in coded and ((earlier.date and later.date) or later.name not in coded):
            yield earlier.name, later.name
