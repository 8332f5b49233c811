"""Why a stage is stale, in words: which of its files are not what they were when it last ran.

What a sheet or a file of entries said then is kept in the cache, so that a change is told turn by
turn and entry by entry; of a file of entries its text, which is taken apart once it changed.
"""

from __future__ import annotations

from collections.abc import Mapping

from gtpipe.model.level import FOCUSED, INITIAL
from gtpipe.model.records import SheetEntry
from gtpipe.store.cache import ParsedFiles
from gtpipe.store.layout import (
    CODEBOOK,
    DIARY,
    FOCUSED_CODES,
    MEMOS,
    PROCEDURES,
    SCHEDULE,
    SHEETS,
    THEORY,
    TRANSCRIPTS,
    Snapshot,
    Study,
)
from gtpipe.study import kept as conclusions
from gtpipe.text import entry_changes

ENTRY_FILES = (CODEBOOK, FOCUSED_CODES, THEORY)
ENTRIES_FORMAT = 2
MOST_ENTRIES, MOST_TURNS, MOST_OUTPUTS = 5, 8, 3
_LEVELS = {"code": INITIAL, "focused code": FOCUSED}
_FILE_OF = {
    SHEETS: "sheet",
    TRANSCRIPTS: "transcript of",
    MEMOS: "memo",
    DIARY: "diary entry",
    SCHEDULE: "schedule",
    PROCEDURES: "procedure",
}


def of_inputs(
    study: Study, before: dict[str, str], now: dict[str, str], snapshot: Snapshot
) -> list[str]:
    """What changed in the files a stage reads; both are path → fingerprint.

    That a sheet has the new label of a code that was renamed or merged is no change of its own.
    """
    reasons = []
    led: dict[tuple[str, str], str] = {}
    for path in sorted({*before, *now}):
        if before.get(path) == now.get(path):
            continue
        how = "is new" if path not in before else "is gone" if path not in now else "changed"
        folder, _, name = path.rpartition("/")
        stem = name.removesuffix(".md").removesuffix(".yaml")
        if folder == SHEETS and how == "changed":
            reasons += _turns_changed(study, stem, before[path], now[path], led)
        elif path in ENTRY_FILES and how == "changed":
            reasons += _entries_changed(study, path, before[path], snapshot, led)
        elif folder in _FILE_OF:
            reasons.append(f"the {_FILE_OF[folder]} {stem} {how}")
        else:
            reasons.append(f"{name} {how}")
    return reasons


def of_outputs(changed: Mapping[str, str], left_over: list[str]) -> list[str]:
    """What became of the files a stage wrote: the digests of those that are `changed`, '' where
    gone.
    """
    reasons = []
    for how, paths in (
        ("missing", [path for path, digest in changed.items() if not digest]),
        ("not as gtpipe wrote it", [path for path, digest in changed.items() if digest]),
        ("left over", left_over),
    ):
        if len(paths) > MOST_OUTPUTS:
            reasons.append(f"{len(paths)} files under data/derived/ are {how}")
        else:
            reasons += [f"{path} is {how}" for path in paths]
    return reasons


def keep_entries(study: Study, paths: tuple[str, ...], snapshot: Snapshot) -> None:
    """Keep what the files of entries among `paths` say, for the next change of them."""
    cache = _entries_kept(study)
    for path in ENTRY_FILES:
        fingerprint = snapshot.fingerprint(path) if path in paths else None
        if fingerprint and not cache.holds(fingerprint):
            cache.put(fingerprint, snapshot.text(path) or "", fingerprint)
    cache.save()


def _entries_kept(study: Study) -> ParsedFiles[str]:
    return ParsedFiles(study, "entries", ENTRIES_FORMAT, str)


def _entries_changed(
    study: Study, path: str, before: str, snapshot: Snapshot, led: dict[tuple[str, str], str]
) -> list[str]:
    """What changed entry by entry; what was renamed or merged is put into `led`, (level, old label)
    → new.
    """
    name = path.rpartition("/")[2]
    kept = _entries_kept(study).get({before: before}).get(before)
    now = entry_changes.entries(snapshot.text(path) or "", path)
    was = None if kept is None or now is None else entry_changes.entries(kept, path)
    if was is None or now is None:
        return [f"{name} changed"]
    for one in entry_changes.led_on(was, now):
        if one.what in _LEVELS:
            led[_LEVELS[one.what], one.old] = one.new
    changes = entry_changes.changes(was, now)
    if not changes:
        return [f"{name} was edited, its entries are the same"]
    more = len(changes) - MOST_ENTRIES
    return changes[:MOST_ENTRIES] + [f"{more} more entries of {name} changed"] * (more > 0)


def _turns_changed(
    study: Study, sheet: str, before: str, now: str, led: dict[tuple[str, str], str]
) -> list[str]:
    """`jim 12 recoded, 14 coded`, where both versions of the sheet are in the cache."""
    kept = conclusions.sheets(study).get({before: before, now: now})
    entries_before, entries_now = kept.get(before), kept.get(now)
    if entries_before is None or entries_now is None:
        return [f"{sheet} recoded"]
    codes_now = _codes(entries_now, {})
    if codes_now == _codes(entries_before, {}):
        return [f"the sheet of {sheet} was edited, its codes are the same"]
    codes_before = _codes(entries_before, led)
    turns: dict[str, list[str]] = {"recoded": [], "coded": []}
    for turn in {**codes_before, **codes_now}:
        if codes_before.get(turn, []) != codes_now.get(turn, []):
            turns["recoded" if codes_before.get(turn) else "coded"].append(turn)
    listed = [
        f"{', '.join(some[:MOST_TURNS])}{' …' if len(some) > MOST_TURNS else ''} {how}"
        for how, some in turns.items()
        if some
    ]
    return [f"{sheet} {', '.join(listed)}"] if listed else []


def _codes(
    entries: tuple[SheetEntry, ...], led: dict[tuple[str, str], str]
) -> dict[str, list[tuple[str, str, str | None, str]]]:
    """Turn → its codes, as level, label, words and note; a label that `led` on is the new one."""
    return {
        entry.turn: [
            (code.level, led.get((code.level, code.label), code.label), code.words, code.note)
            for code in entry.codes
        ]
        for entry in entries
        if entry.codes
    }
