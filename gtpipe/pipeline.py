"""Running a stage: read, check, think, write, note in the log; and telling whether it needs to run: fresh or stale."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from gtpipe import books, cache, sources
from gtpipe.books import Books
from gtpipe.cache import ParsedFiles
from gtpipe.errors import Problem, UserError
from gtpipe.files import sheets, tables, writing
from gtpipe.files.writing import Change, Entry
from gtpipe.model import Interview
from gtpipe.stages import INITIAL_CODE, STAGES, Outcome, Stage, initial_code
from gtpipe.study import DERIVED, SHEETS, TRANSCRIPTS, Snapshot, Study, digest


NOT_RUN = "not run here yet"


@dataclass(frozen=True)
class Result:
    """What a stage did: paths it changed (none: everything stood right), and notes."""

    stage: str
    changed: tuple[str, ...]
    problems: tuple[Problem, ...] = ()


Progress = Callable[[str], None]


def run_initial_code(
    study: Study, why: str = "", refresh_text: bool = False, progress: Progress = lambda message: None
) -> Result:
    """Stage 2. Raises UserError, with every error at once and nothing written, when a file a person wrote has one."""
    writing.check_folder(study, f"{DERIVED}/compare")
    with writing.locked(study):
        progress("reading transcripts and sheets")
        read = books.read(study)
        if read.errors():
            raise UserError(*read.errors())
        changes = _new_sheets(read) + (_refreshed(read) if refresh_text else [])
        command = "initial-code" + (" --refresh-text" if refresh_text else "")
        changed = writing.commit(study, changes, Entry(command, read.settings.default_coder, why))
        if changed:
            read = books.read(study)
            if read.errors():  # somebody saved a file meanwhile
                raise UserError(*read.errors())
        progress("laying out codes and their incidents")
        made = initial_code.outcome(read.material, read.codings)
        changed += _write(study, INITIAL_CODE, made, read.snapshot)
    return Result(INITIAL_CODE.name, changed, read.all_notes())


def _new_sheets(read: Books) -> list[Change]:
    coder = read.settings.default_coder
    have = {sheet.path for sheet in read.material.sheets}
    return [
        Change(path, None, sheets.new_sheet(interview, read.settings.sheet_text).encode())
        for interview in read.material.interviews.values()
        for path in [sheets.path_of(interview.name, coder, coder)]
        if path not in have and not any((s.interview, s.coder) == (interview.name, coder) for s in read.material.sheets)
    ]


def _refreshed(read: Books) -> list[Change]:
    changes = []
    for sheet in read.material.sheets:
        before = read.snapshot.bytes(sheet.path)
        text = read.snapshot.text(sheet.path) or ""
        interview = read.material.interviews[sheet.interview]
        after = sheets.refresh(text, sheet.path, interview, read.settings.sheet_text)
        if after != text:
            changes.append(Change(sheet.path, before, encoded(after, before)))
    return changes


def encoded(text: str, before: bytes | None) -> bytes:
    """`text` as bytes, behind a byte order mark where the file had one before."""
    return (b"\xef\xbb\xbf" if (before or b"").startswith(b"\xef\xbb\xbf") else b"") + text.encode()


def _write(study: Study, stage: Stage, made: Outcome, snapshot: Snapshot) -> tuple[str, ...]:
    """Bring the stage's derived files up to date, remove those it no longer makes, and keep the freshness record."""
    files = {f"{DERIVED}/{name}": tables.dumps(table.header, table.rows).encode() for name, table in made.tables.items()}
    files |= {f"{DERIVED}/{name}": page.encode() for name, page in made.pages.items()}
    changed = writing.write_derived(study, files, _owned(study, stage))
    state = cache.load_state(study)
    state[stage.name] = {
        "version": stage.version,
        "inputs": _inputs(study, stage, snapshot),
        "outputs": {path: digest(content) for path, content in files.items()},
    }
    cache.save_state(study, state)
    return changed


def _owned(study: Study, stage: Stage) -> list[str]:
    """The files that stand where this stage writes. In its folders, those with a name gtpipe gives: nobody else's."""
    found: list[str] = []
    for place in stage.owns:
        path = f"{DERIVED}/{place}"
        if path.endswith("/"):
            found += [page for page in study.files(path.rstrip("/")) if _PAGE_NAME.search(page)]
        elif study.path(path).is_file():
            found.append(path)
    return found


_PAGE_NAME = re.compile(r"-(?:[0-9a-f]{4}){1,2}\.md$")


def _inputs(study: Study, stage: Stage, snapshot: Snapshot) -> dict[str, str]:
    found: dict[str, str] = {}
    for place in stage.reads:
        for path in snapshot.files(place.rstrip("/")) if place.endswith("/") else [place]:
            fingerprint = snapshot.fingerprint(path)
            if fingerprint:
                found[path] = fingerprint
    return found


def why_stale(study: Study, stage: Stage, snapshot: Snapshot | None = None) -> list[str]:
    """Why the stage's derived files are not what they would be after a run, in words; empty where they are."""
    snapshot = snapshot or Snapshot(study)
    kept = cache.load_state(study).get(stage.name)
    if not isinstance(kept, dict) or not all(isinstance(kept.get(what), dict) for what in ("inputs", "outputs")):
        return [NOT_RUN]
    if kept.get("version") != stage.version:
        return ["made by another version of gtpipe"]
    reasons = _input_reasons(study, kept["inputs"], _inputs(study, stage, snapshot))
    outputs = Snapshot(study)
    now = {path: (outputs.fingerprint(path) or "")[:12] for path in _owned(study, stage)}
    return reasons + _output_reasons(kept["outputs"], now)


def _input_reasons(study: Study, old: dict[str, str], new: dict[str, str]) -> list[str]:
    reasons = []
    for path in sorted({*old, *new}):
        if old.get(path) == new.get(path):
            continue
        how = "is new" if path not in old else "is gone" if path not in new else "changed"
        folder, _, name = path.rpartition("/")
        if folder == SHEETS and how == "changed":
            reasons.append(_recoded(study, name.removesuffix(".yaml"), old[path], new[path]))
        elif folder == SHEETS:
            reasons.append(f"the sheet {name} {how}")
        elif folder.startswith("data/") and name.endswith(".md"):
            reasons.append(f"the transcript of {name.removesuffix('.md')} {how}")
        else:
            reasons.append(f"{name} {how}")
    return reasons


def _recoded(study: Study, sheet: str, old: str, new: str) -> str:
    """`jim 12, 14 recoded`, where both versions of the sheet are in the cache; else `jim recoded`."""
    kept = ParsedFiles(study, "sheet", books.SHEET_FORMAT).get([old, new])
    versions = [books.thaw(kept.get(fingerprint)) for fingerprint in (old, new)]
    if None in versions:
        return f"{sheet} recoded"
    before, after = ({entry.turn: [code[:-1] for code in entry.codes] for entry in entries} for entries in versions)
    turns = [turn for turn in {**before, **after} if before.get(turn, []) != after.get(turn, [])]
    if not turns:
        return f"the sheet of {sheet} was edited, its codes are the same"
    return f"{sheet} {', '.join(turns[:8])}{' …' if len(turns) > 8 else ''} recoded"


def _output_reasons(kept: dict[str, str], now: dict[str, str]) -> list[str]:
    reasons = []
    for what, paths in (
        ("missing", [path for path in kept if path not in now]),
        ("not as gtpipe wrote it", [path for path in kept if path in now and kept[path] != now[path]]),
        ("left over", [path for path in now if path not in kept]),
    ):
        if len(paths) > 3:
            reasons.append(f"{len(paths)} files under data/derived/ are {what}")
        else:
            reasons += [f"{path} is {what}" for path in paths]
    return reasons


def states(study: Study, snapshot: Snapshot) -> list[tuple[str, str, list[str]]]:
    """Each stage with `fresh`, `stale` or `missing`, and why."""
    new, changed = (", ".join(path.rpartition("/")[2] for path in paths)
                    for paths in sources.not_as_ingested(study, snapshot))
    why = [f"new in data/sources/: {new}"] * bool(new) + [f"no longer what was ingested: {changed}"] * bool(changed)
    if why:
        found = [("ingest", "stale", why)]
    elif not study.files(TRANSCRIPTS, ".md"):
        found = [("ingest", "missing", ["no interview yet: `gtpipe ingest FILE`"])]
    else:
        found = [("ingest", "fresh", [])]
    for stage in STAGES:
        why = why_stale(study, stage, snapshot)
        found.append((stage.name, "fresh" if not why else "missing" if why == [NOT_RUN] else "stale", why))
    return found


RUN = {INITIAL_CODE.name: run_initial_code}


def run_stale(study: Study, why: str, progress: Progress) -> Iterator[Result | str]:
    """Run every stage of the table that is not fresh, in order; the result of each, or the name of one that is fresh."""
    for stage in STAGES:
        yield RUN[stage.name](study, why=why, progress=progress) if why_stale(study, stage) else stage.name


def waiting(read: Books) -> list[tuple[str, str]]:
    """What waits for a person: a sentence and what to type, in the order of the cycle."""
    found: list[tuple[str, str]] = []
    material, codings = read.material, read.codings
    coded = {coding.interview for coding in codings}
    for interview, turns in initial_code.uncoded(material, codings):
        if interview.name in read.unread:
            continue
        of = f"{len(turns)} of {len(interview.participant_turns)} participant turns uncoded"
        found.append((f"{interview.name}: {of}", f"gtpipe code {interview.name}"))
    for earlier, later in _came_in_while_uncoded(material.interviews.values(), coded):
        found.append((f"{later} came in while {earlier} was uncoded: code each before the next, "
                      "so that the next can follow what was found", f"gtpipe code {earlier}"))
    undefined = initial_code.undefined(material, codings)
    if undefined:
        count = f"{len(undefined)} codes" if len(undefined) > 1 else "1 code"
        found.append((f"{count} without a definition", "gtpipe codes list --undefined"))
    return found


def _came_in_while_uncoded(interviews: Iterable[Interview], coded: set[str]) -> Iterator[tuple[str, str]]:
    """Neighbours of which the earlier carries no code. Where a date is missing nobody knows the order: both must be bare."""
    interviews = list(interviews)
    for earlier, later in zip(interviews, interviews[1:]):
        if earlier.name not in coded and ((earlier.date and later.date) or later.name not in coded):
            yield earlier.name, later.name
