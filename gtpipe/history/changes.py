"""Two versions of a study → what changed between them, no more and no less. Pure: records in, records out.

What was renamed or merged is renamed and merged in the old version first; applications are then compared as a multiset of
interview, coder, turn, stretch and code. So a renamed code is one change, and not a thousand removals and additions.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from functools import cached_property
from typing import NamedTuple

from gtpipe.history.analysis_changes import analysis
from gtpipe.history.match_codes import NOTHING, Matched, Sides, match
from gtpipe.history.records import CODE, EntryChange, fields_of, members_of
from gtpipe.history.versions import CoderSheet, SheetLine, Version
from gtpipe.model.records import FOCUSED, INITIAL, label_order, natural, one_line

ADDED, REMOVED, RECODED, RETIED, TOGETHER, NOTED = (
    "added",
    "removed",
    "recoded",
    "retied",
    "fell together",
    "note",
)


class ComparedCoding(NamedTuple):
    """A code at a place. `coder` is '' for the first researcher."""

    interview: str
    coder: str
    turn: str
    words: str | None
    level: str
    label: str


class CodingChange(NamedTuple):
    """One application that was added, removed, given another label (`recoded`) or other words (`retied`), that fell
    together with its double in a merge, or whose note changed. Labels are those of the new version."""

    kind: str
    before: ComparedCoding | None
    after: ComparedCoding | None
    note: str = ""

    @property
    def at(self) -> ComparedCoding:
        return self.after or self.before


class TranscriptChange(NamedTuple):
    """What happened to a transcript: `new`, `gone` or `changed`, and then in which turns."""

    interview: str
    kind: str
    corrected: tuple[str, ...] = ()
    added: tuple[str, ...] = ()
    gone: tuple[str, ...] = ()


@dataclass(frozen=True)
class Changes:
    """Everything that changed from `old` to `new`; `leads` is level → old label → new."""

    old: Version
    new: Version
    entry_changes: tuple[EntryChange, ...]
    codings: tuple[CodingChange, ...]
    transcripts: tuple[TranscriptChange, ...]
    leads: dict[str, dict[str, str]] = field(default_factory=dict)

    def __bool__(self) -> bool:
        return bool(self.entry_changes or self.codings or self.transcripts)


def between(old: Version, new: Version) -> Changes:
    """What changed from `old` to `new`."""
    matched = {level: _match(old, new, level) for level in (INITIAL, FOCUSED)}
    leads = {level: found.leads for level, found in matched.items()}
    entry_changes = [*_codes(old, new, matched[INITIAL]), *analysis(old, new, matched)]
    return Changes(
        old,
        new,
        tuple(entry_changes),
        tuple(_applications(old, new, matched)),
        tuple(_transcripts(old, new)),
        leads,
    )


# --- codes -----------------------------------------------------------------------------------------------------------


class _Places:
    """Where codes stand in one version; with `other`, only in sheets that are not the same
    there."""

    def __init__(self, version: Version, level: str, other: Version | None = None) -> None:
        self.version, self.level, self.other = version, level, other

    @cached_property
    def by_label(self) -> dict[str, set]:
        found: dict[str, set] = {}
        current = self.version.current[self.level]
        for (interview, coder), sheet in self.version.sheets.items():
            if self.other is not None and self.other.sheets.get((interview, coder)) is sheet:
                continue
            for line in sheet.lines:
                if line.level == self.level:
                    found.setdefault(current.get(line.label, line.label), set()).add(
                        (interview, coder, line.turn, line.words)
                    )
        return found

    def __call__(self, label: str) -> set:
        places = (
            self.by_label.get(label, set()) if self.version.used[self.level].get(label) else set()
        )
        if self.level == FOCUSED and label in self.version.focused:
            entry = self.version.focused[label]
            current = self.version.current[INITIAL]
            places = places | {current.get(named.label, named.label) for named in entry.takes_up}
            places |= {
                (one.interview, one.turn, one.words and one_line(one.words))
                for one in entry.incidents
            }
        return places


def _match(old: Version, new: Version, level: str) -> Matched:
    entries = [version.codebook if level == INITIAL else version.focused for version in (old, new)]
    if old.labels[level] == new.labels[level] and (
        entries[0] is entries[1] or _lineage(entries[0]) == _lineage(entries[1])
    ):
        return NOTHING

    def alike(one: str, other: str) -> bool:
        a, b = entries[0].get(one), entries[1].get(other)
        return bool(
            a and b and one_line(a.definition) and one_line(a.definition) == one_line(b.definition)
        )

    everywhere = Sides(_Places(old, level), _Places(new, level))
    changed = Sides(_Places(old, level, new), _Places(new, level, old))
    decided = new.focused if level == FOCUSED else ()
    labels = (old.labels[level], new.labels[level])
    return match(*entries, *labels, everywhere, changed, alike, decided)


def _lineage(entries) -> list[tuple]:
    return [
        (label, entry.was, entry.merged_from, entry.split_from)
        for label, entry in sorted(entries.items())
    ]


def _codes(old: Version, new: Version, matched: Matched) -> list[EntryChange]:
    """Initial codes: which came, went, were renamed, merged, split; and what the code book says of those that stayed."""
    entry_changes = members_of(CODE, matched, old, new, INITIAL)
    if old.codebook is new.codebook and not matched.leads:
        return entry_changes
    for label in sorted({*old.codebook, *new.codebook} & new.labels[INITIAL], key=label_order):
        sources = matched.sources(label, old.labels[INITIAL])
        source = label if label in sources else sources[0] if len(sources) == 1 else ""
        names = (
            ("include", "exclude") if label in matched.new else ("definition", "include", "exclude")
        )
        entry_changes += fields_of(
            CODE, label, old.codebook.get(source), new.codebook.get(label), names
        )
    return entry_changes


# --- applications ----------------------------------------------------------------------------------------------------


def _applications(old: Version, new: Version, matched: dict[str, Matched]) -> list[CodingChange]:
    leads = {level: found.leads for level, found in matched.items()}

    def onto(line: SheetLine) -> str:
        label = old.current[line.level].get(line.label, line.label)
        return leads[line.level].get(label, label)

    def now(line: SheetLine) -> str:
        return new.current[line.level].get(line.label, line.label)

    differ = {
        (level, label)
        for level in (INITIAL, FOCUSED)
        for label in {*old.current[level], *new.current[level], *leads[level]}
        if onto(SheetLine("", level, label, None, "")) != now(SheetLine("", level, label, None, ""))
    }
    splits = {level: one.splits for level, one in matched.items()}
    found: list[CodingChange] = []
    for key in sorted({*old.sheets, *new.sheets}, key=lambda key: (natural(key[0]), key)):
        before, after = old.sheets.get(key, _EMPTY), new.sheets.get(key, _EMPTY)
        if (before is after or before.lines == after.lines) and differ.isdisjoint(before.counts):
            continue
        found += _of_sheet(
            key,
            [(line.turn, line.words, line.level, onto(line)) for line in before.lines],
            before,
            [(line.turn, line.words, line.level, now(line)) for line in after.lines],
            after,
            old,
            splits,
        )
    return found


_EMPTY = CoderSheet()


def _of_sheet(
    key,
    before: list[tuple],
    old_sheet: CoderSheet,
    after: list[tuple],
    new_sheet: CoderSheet,
    old: Version,
    splits,
) -> list[CodingChange]:
    """What changed in one sheet, whose lines stand, as (turn, words, level, label they count under), `before` and `after`."""

    def coding(one: tuple) -> ComparedCoding:
        return ComparedCoding(*key, *one)

    were, are = Counter(before), Counter(after)
    removed, added = were - are, are - were
    found = []
    for one in [one for one in removed if are[one]]:
        own = {line.label for line, placed in zip(old_sheet.lines, before) if placed == one}
        if len({old.current[one[2]].get(label, label) for label in own}) > 1:
            found += [CodingChange(TOGETHER, coding(one), None)] * removed.pop(one)
    gone, come = ([coding(one) for one in side.elements()] for side in (removed, added))
    for kind, like in ((RETIED, _elsewhere), (RECODED, _place)):
        pairs = _pairs(gone, come, like, splits if kind == RECODED else {})
        gone = list((Counter(gone) - Counter([one for one, _ in pairs])).elements())
        come = list((Counter(come) - Counter([other for _, other in pairs])).elements())
        found += [CodingChange(kind, one, other) for one, other in pairs]
    found += [CodingChange(REMOVED, one, None) for one in gone] + [
        CodingChange(ADDED, None, one) for one in come
    ]
    notes = [_notes(placed, sheet) for placed, sheet in ((before, old_sheet), (after, new_sheet))]
    for one in sorted({*notes[0], *notes[1]}, key=str):
        now = notes[1].get(one, [])
        if were[one] == are[one] and notes[0].get(one, []) != now:
            found.append(CodingChange(NOTED, coding(one), coding(one), "\n".join(now)))
    return sorted(
        found,
        key=lambda one: (
            natural(one.at.turn),
            one.kind,
            one.at.words or "",
            label_order(one.at.label),
            one.at.level,
        ),
    )


def _notes(placed: list[tuple], sheet: CoderSheet) -> dict[tuple, list[str]]:
    """The notes of a sheet, sorted, by what they are on."""
    found: dict[tuple, list[str]] = {}
    for one, line in zip(placed, sheet.lines):
        if line.note:
            found.setdefault(one, []).append(line.note)
    return {one: sorted(notes) for one, notes in found.items()}


def _elsewhere(one: ComparedCoding) -> tuple:
    return (one.turn, one.level, one.label)


def _place(one: ComparedCoding) -> tuple:
    return (one.turn, one.words, one.level)


def _pairs(
    gone: list[ComparedCoding], come: list[ComparedCoding], like, splits
) -> list[tuple[ComparedCoding, ComparedCoding]]:
    """Of what went and what came, those that are alike, each once; first where a split says so, then by label and words."""
    waiting: dict[tuple, list[ComparedCoding]] = {}
    for one in come:
        waiting.setdefault(like(one), []).append(one)
    pairs = []
    rest = []
    for one in gone:
        there = waiting.get(like(one), [])
        parts = splits.get(one.level, {}).get(one.label, ())
        chosen = next((other for other in there if other.label in parts), None)
        if chosen is None:
            rest.append(one)
        else:
            there.remove(chosen)
            pairs.append((one, chosen))
    for one in sorted(rest, key=_by_words):
        there = waiting.get(like(one))
        if there:
            chosen = min(there, key=_by_words)
            there.remove(chosen)
            pairs.append((one, chosen))
    return pairs


def _by_words(one: ComparedCoding) -> tuple:
    return (label_order(one.label), one.words or "")


# --- transcripts -----------------------------------------------------------------------------------------------------


def _transcripts(old: Version, new: Version) -> list[TranscriptChange]:
    found = []
    for name in sorted({*old.prints, *new.prints}, key=natural):
        if name not in old.prints or name not in new.prints:
            found.append(TranscriptChange(name, "gone" if name in old.prints else "new"))
        elif (
            old.prints[name] != new.prints[name]
            and name in old.interviews
            and name in new.interviews
        ):
            before = {turn.id: turn for turn in old.interviews[name].turns}
            after = {turn.id: turn for turn in new.interviews[name].turns}
            corrected = tuple(
                id for id, turn in after.items() if id in before and turn[1:4] != before[id][1:4]
            )
            added = tuple(id for id in after if id not in before)
            gone = tuple(id for id in before if id not in after)
            if corrected or added or gone:
                found.append(TranscriptChange(name, "changed", corrected, added, gone))
    return found
