"""Two versions of a study → what changed between them, no more and no less. Pure: records in,
records out.

What was renamed or merged is renamed and merged in the old version first; applications are then
compared as a multiset of interview, coder, turn, stretch and code. So a renamed code is one change,
and not a thousand removals and additions.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Hashable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import NamedTuple

from gtpipe.formats import codebook
from gtpipe.history.analysis_changes import analysis
from gtpipe.history.match_codes import NOTHING, Entries, Matched, Sides, match
from gtpipe.history.named_changes import EntryChange, What, fields_of, members_of
from gtpipe.history.versions import CoderSheet, SheetLine, Version
from gtpipe.model.level import FOCUSED, INITIAL, Level
from gtpipe.model.names import label_order, natural, one_line
from gtpipe.model.records import Code

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
    level: Level
    label: str


class CodingChange(NamedTuple):
    """One application that was added, removed, given another label (`recoded`) or other words
    (`retied`), that fell together with its double in a merge, or whose note changed. Labels are
    those of the new version.
    """

    kind: str
    before: ComparedCoding | None
    after: ComparedCoding | None
    note: str = ""

    @property
    def at(self) -> ComparedCoding:
        coding = self.after or self.before
        assert coding is not None, "a change has a side"
        return coding


_Placed = tuple[ComparedCoding, SheetLine]
Splits = Mapping[str, tuple[str, ...]]


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
    leads: dict[Level, dict[str, str]] = field(default_factory=dict)

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


# --- codes ----------------------------------------------------------------------------------------


class _Places:
    """Where codes stand in one version; with `other`, only in sheets that are not the same
    there."""

    def __init__(self, version: Version, level: Level, other: Version | None = None) -> None:
        self.version, self.level, self.other = version, level, other

    @cached_property
    def by_label(self) -> dict[str, set[Hashable]]:
        found: dict[str, set[Hashable]] = {}
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

    def __call__(self, label: str) -> set[Hashable]:
        places = self.by_label.get(label, set())
        if self.level == FOCUSED and label in self.version.focused:
            entry = self.version.focused[label]
            current = self.version.current[INITIAL]
            places = places | {current.get(named.label, named.label) for named in entry.takes_up}
            places |= {
                (one.interview, one.turn, one.words and one_line(one.words))
                for one in entry.incidents
            }
        return places


def _match(old: Version, new: Version, level: Level) -> Matched:
    entries: tuple[Entries, Entries] = (old.codebook, new.codebook)
    if level == FOCUSED:
        entries = (old.focused, new.focused)
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
    return match(
        *entries,
        old.labels[level],
        new.labels[level],
        everywhere,
        changed,
        alike,
        decided=new.focused if level == FOCUSED else (),
    )


def _lineage(entries: Entries) -> list[tuple[object, ...]]:
    return [
        (label, entries[label].was, entries[label].merged_from, entries[label].split_from)
        for label in sorted(entries)
    ]


def _codes(old: Version, new: Version, matched: Matched) -> list[EntryChange]:
    """Initial codes: which came, went, were renamed, merged, split; and what the code book says of
    those that stayed.
    """
    entry_changes = members_of(What.CODE, matched, old, new, INITIAL)
    if old.codebook is new.codebook and not matched.leads:
        return entry_changes
    led_to = {*matched.leads.values()}
    changed = {
        label
        for label in {*old.codebook, *new.codebook} & new.labels[INITIAL]
        if label in matched.leads
        or label in led_to
        or not _says_the_same(old.codebook.get(label), new.codebook.get(label))
    }
    for label in sorted(changed, key=label_order):
        sources = matched.sources(label, old.labels[INITIAL])
        source = label if label in sources else sources[0] if len(sources) == 1 else ""
        names = codebook.SAID[1:] if label in matched.new else codebook.SAID
        entry_changes += fields_of(
            What.CODE, label, old.codebook.get(source), new.codebook.get(label), names
        )
    return entry_changes


def _says_the_same(before: Code | None, after: Code | None) -> bool:
    """Whether an entry of the code book is the same in both, letter for letter."""
    return before is after or bool(
        before
        and after
        and all(
            getattr(before, name) == getattr(after, name) for name in (*codebook.SAID, "parked")
        )
    )


# --- applications ---------------------------------------------------------------------------------


def _applications(old: Version, new: Version, matched: dict[Level, Matched]) -> list[CodingChange]:
    leads = {level: found.leads for level, found in matched.items()}

    def onto(level: Level, label: str) -> str:
        label = old.current[level].get(label, label)
        return leads[level].get(label, label)

    def now(level: Level, label: str) -> str:
        return new.current[level].get(label, label)

    differ = {
        (level, label)
        for level in (INITIAL, FOCUSED)
        for label in {*old.current[level], *new.current[level], *leads[level]}
        if onto(level, label) != now(level, label)
    }
    splits = {level: one.splits for level, one in matched.items()}
    found: list[CodingChange] = []
    both = [
        (key, old.sheets.get(key, _EMPTY), new.sheets.get(key, _EMPTY))
        for key in {*old.sheets, *new.sheets}
    ]
    changed = [
        sheet
        for sheet in both
        if sheet[1] is not sheet[2] or (differ and not differ.isdisjoint(sheet[1].counts))
    ]
    for key, before, after in sorted(changed, key=lambda sheet: (natural(sheet[0][0]), sheet[0])):
        lines = [
            (before.by_turn.get(turn, ()), after.by_turn.get(turn, ()))
            for turn in _changed_turns(before, after, differ)
        ]
        codings = _ChangedSheet(
            [
                (_coding(key, line, onto(line.level, line.label)), line)
                for of_turn, _ in lines
                for line in of_turn
            ],
            [
                (_coding(key, line, now(line.level, line.label)), line)
                for _, of_turn in lines
                for line in of_turn
            ],
            old.current,
        )
        found += codings.changes(splits)
    return found


_EMPTY = CoderSheet()


def _changed_turns(
    before: CoderSheet, after: CoderSheet, differ: Collection[tuple[Level, str]]
) -> Iterator[str]:
    """The turns whose lines are not the same in both, or have a label that counts under another."""
    for turn in {**before.by_turn, **after.by_turn}:
        were = before.by_turn.get(turn, ())
        if were != after.by_turn.get(turn, ()) or (
            differ and any((line.level, line.label) in differ for line in were)
        ):
            yield turn


def _coding(key: tuple[str, str], line: SheetLine, label: str) -> ComparedCoding:
    return ComparedCoding(*key, line.turn, line.words, line.level, label)


class _ChangedSheet:
    """One sheet in two versions: its codings, by the labels they count under now, with their
    lines. `current` are the labels that old ones led to in the old version, by level.
    """

    def __init__(
        self,
        before: list[_Placed],
        after: list[_Placed],
        current: Mapping[Level, Mapping[str, str]],
    ) -> None:
        self.before, self.after, self.current = before, after, current
        self.were = Counter(coding for coding, _ in before)
        self.are = Counter(coding for coding, _ in after)

    def changes(self, splits: Mapping[Level, Splits]) -> list[CodingChange]:
        """What changed, by turn."""
        removed, added = self.were - self.are, self.are - self.were
        found = []
        for coding in [coding for coding in removed if self._fell_together(coding)]:
            found += [CodingChange(TOGETHER, coding, None)] * removed.pop(coding)
        gone, come = list(removed.elements()), list(added.elements())
        for kind, like in ((RETIED, _elsewhere), (RECODED, _place)):
            pairs = _pairs(gone, come, like, splits if kind == RECODED else {})
            gone = list((Counter(gone) - Counter([one for one, _ in pairs])).elements())
            come = list((Counter(come) - Counter([other for _, other in pairs])).elements())
            found += [CodingChange(kind, one, other) for one, other in pairs]
        found += [CodingChange(REMOVED, coding, None) for coding in gone]
        found += [CodingChange(ADDED, None, coding) for coding in come]
        found += self._notes_changed()
        return sorted(
            found,
            key=lambda change: (
                natural(change.at.turn),
                change.kind,
                change.at.words or "",
                label_order(change.at.label),
                change.at.level,
            ),
        )

    def _fell_together(self, coding: ComparedCoding) -> bool:
        """Whether a coding stands on, and was there under two labels that are one now."""
        if not self.are[coding]:
            return False
        current = self.current[coding.level]
        labels = {line.label for placed, line in self.before if placed == coding}
        return len({current.get(label, label) for label in labels}) > 1

    def _notes_changed(self) -> list[CodingChange]:
        before, after = _notes(self.before), _notes(self.after)
        return [
            CodingChange(NOTED, coding, coding, "\n".join(after.get(coding, [])))
            for coding in sorted({*before, *after}, key=str)
            if self.were[coding] == self.are[coding]
            and before.get(coding, []) != after.get(coding, [])
        ]


def _notes(placed: list[_Placed]) -> dict[ComparedCoding, list[str]]:
    """The notes of a sheet, sorted, by what they are on."""
    found: dict[ComparedCoding, list[str]] = {}
    for coding, line in placed:
        if line.note:
            found.setdefault(coding, []).append(line.note)
    return {coding: sorted(notes) for coding, notes in found.items()}


def _elsewhere(coding: ComparedCoding) -> Hashable:
    return (coding.turn, coding.level, coding.label)


def _place(coding: ComparedCoding) -> Hashable:
    return (coding.turn, coding.words, coding.level)


def _pairs(
    gone: list[ComparedCoding],
    come: list[ComparedCoding],
    like: Callable[[ComparedCoding], Hashable],
    splits: Mapping[Level, Splits],
) -> list[tuple[ComparedCoding, ComparedCoding]]:
    """Of what went and what came, those that are alike, each once; first where a split says so,
    then by label and words.
    """
    waiting: dict[Hashable, list[ComparedCoding]] = {}
    for coding in come:
        waiting.setdefault(like(coding), []).append(coding)
    pairs = []
    rest = []
    for coding in gone:
        there = waiting.get(like(coding), [])
        parts = splits.get(coding.level, {}).get(coding.label, ())
        chosen = next((other for other in there if other.label in parts), None)
        if chosen is None:
            rest.append(coding)
        else:
            there.remove(chosen)
            pairs.append((coding, chosen))
    for coding in sorted(rest, key=_by_words):
        there = waiting.get(like(coding), [])
        if there:
            chosen = min(there, key=_by_words)
            there.remove(chosen)
            pairs.append((coding, chosen))
    return pairs


def _by_words(coding: ComparedCoding) -> tuple[tuple[str, str], str]:
    return (label_order(coding.label), coding.words or "")


# --- transcripts ----------------------------------------------------------------------------------


def _transcripts(old: Version, new: Version) -> list[TranscriptChange]:
    found = []
    changed = {name for name, _ in old.prints.items() ^ new.prints.items()}
    for name in sorted(changed, key=natural):
        if name not in old.prints or name not in new.prints:
            found.append(TranscriptChange(name, "gone" if name in old.prints else "new"))
        elif name in old.interviews and name in new.interviews:
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
