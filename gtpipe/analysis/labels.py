"""Labels: which stand in a study, on which level, and which of them a person means.

Everything that a person types to name a code goes through `Labels.resolve`, or, where more than
codes can be meant, ends in `no_code`: the one answer to a label that is not there.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from gtpipe.model import plural
from gtpipe.model.level import (
    ALL_LEVELS,
    CATEGORY,
    CODE_LEVELS,
    FOCUSED,
    INITIAL,
    RELATION,
    CodeRef,
    Level,
    MaybeLevel,
    split_level,
)
from gtpipe.model.names import label_order
from gtpipe.model.problems import Kind, Problem, UserError, did_you_mean, in_shell, refusal
from gtpipe.model.records import BETWEEN, NOWHERE, Code, FocusedCode, Material, Named, split_into
from gtpipe.text.yamltext import field_value


@dataclass(frozen=True)
class PropertyRef:
    """A property of a focused code or category as typed, `CODE / PROPERTY`; `name` is the code
    alone, which may stand there by an old label.
    """

    code: CodeRef
    label: str
    name: Named


@dataclass(frozen=True)
class Labels:
    """What can be named in a study: labels by level, old labels with the ones they count under,
    and the properties of codes and categories.
    """

    known: dict[Level, frozenset[str]]
    current: dict[str, str]
    current_focused: Mapping[str, str]
    parts: Mapping[Level, Mapping[str, tuple[str, ...]]]  # of a split code, by its old label
    properties: Mapping[CodeRef, frozenset[str]] = field(default_factory=dict)

    def levels(self, named: Named) -> tuple[Level, ...]:
        """The levels that what `named` means stands on."""
        label, _, in_front = named
        return tuple(
            [
                level
                for level, labels in self.known.items()
                if label in labels and in_front in ("", level)
            ]
        )

    def level(self, named: Named) -> MaybeLevel:
        """The level it is meant on: the one in front, else the highest it stands on; '' where it
        stands on none.
        """
        levels = self.levels(named)
        return next((level for level in ALL_LEVELS if level in levels), "")

    def now(self, named: Named, levels: Iterable[Level] = (INITIAL, FOCUSED)) -> str:
        """The label that an old one counts under now; '' where it leads nowhere."""
        current = {INITIAL: self.current, FOCUSED: self.current_focused}
        return next(
            (
                current[level][named.label]
                for level in levels
                if level in current and named.level in ("", level) and named.label in current[level]
            ),
            "",
        )

    def meanings(self, named: Named) -> frozenset[CodeRef]:
        """What a name stands for, as level and label; an old one, what it counts under on each
        level now; that of a property, its code."""
        found = self._codes(named)
        of = None if found else self.property_of(named)
        return frozenset((of.code,)) if of else found

    def _codes(self, named: Named) -> frozenset[CodeRef]:
        levels = self.levels(named)
        if levels:
            return frozenset(CodeRef(level, named.label) for level in levels)
        return frozenset(
            CodeRef(level, now)
            for level in (INITIAL, FOCUSED)
            if (now := self.now(named, (level,)))
        )

    def property_of(self, named: Named) -> PropertyRef | None:
        """The property that `CODE / PROPERTY` names; None where it names none, or is a label."""
        if BETWEEN not in named.label or self._codes(named):
            return None
        parts = named.label.split(BETWEEN)
        for number in range(1, len(parts)):
            code = named._replace(label=BETWEEN.join(parts[:number]))
            label = BETWEEN.join(parts[number:])
            meant = self._codes(code)
            for one in sorted(meant, key=lambda one: ALL_LEVELS.index(one.level)):
                if label in self.properties.get(one, ()):
                    return PropertyRef(one, label, code)
        return None

    def leads_to(self, label: str, level: Level) -> str:
        """The code that an old label led to; '' where it is a label of today, or never was one."""
        return (
            "" if label in self.known[level] else self.now(Named(label, NOWHERE, level), (level,))
        )

    def why_unknown(self, named: Named, levels: Iterable[Level], listed: bool = True) -> str:
        """What to do about a label that stands on none of `levels`; `listed` where it is a line of
        a block, which stands as typed.
        """
        now = self.now(named, levels)
        if now:
            written = now if listed else field_value(now, "")
            return f'It is called "{now}" now: write ' + (
                "that here" if written == now else f"`{written}` here, quotes and all"
            )
        others = [level for level, labels in self.known.items() if named.label in labels]
        if others:
            return (
                f"It is a label of the {others[0]} codes"
                if others[0] in (INITIAL, FOCUSED)
                else f"It is a {others[0]}"
            )
        return did_you_mean(
            named.label, sorted({other for level in levels for other in self.known[level]})
        )

    def resolve(self, typed: str, levels: Iterable[Level] = CODE_LEVELS) -> CodeRef:
        """The code called `typed`: on the level in front of it, else on the first of `levels`.

        An old label leads on. Raises UserError, with the nearest label, where there is none.
        """
        in_front, label = split_level(typed.strip())
        wanted = tuple(level for level in levels if in_front in ("", level))
        for level in wanted:
            if label in self.known[level]:
                return CodeRef(level, label)
        for level in wanted:
            now = self.now(Named(label, NOWHERE, level), (level,))
            if now:
                return CodeRef(level, now)
        raise UserError(self.no_code(label, wanted))

    def resolve_all(
        self, typed: Iterable[str], levels: Iterable[Level] = CODE_LEVELS
    ) -> tuple[CodeRef, ...]:
        """All that are named, in order. Raises UserError with every one that is not there."""
        levels = tuple(levels)
        codes: list[CodeRef] = []
        problems: list[Problem] = []
        for name in typed:
            try:
                codes.append(self.resolve(name, levels))
            except UserError as exc:
                problems += exc.problems
        if problems:
            raise UserError(*problems)
        return tuple(codes)

    def remark(self, code: CodeRef, typed: str) -> str:
        """A word on what `typed` was taken for where that may surprise: an old label, or one that
        stands on other levels; else ''.
        """
        in_front, label = split_level(typed.strip())
        remarks = []
        if code.label not in (label, typed.strip()):
            remarks.append(f'"{label}" is called "{code.label}" now')
        others = [
            level
            for level in CODE_LEVELS
            if level != code.level and code.label in self.known[level]
        ]
        if not in_front and others:
            other = CodeRef(others[0], code.label)
            remarks.append(
                f'"{code.label}" is also {plural.one(other.kind)}: '
                f"{in_shell(f'{other.level}: {other.label}')} means that one"
            )
        return "; ".join(remarks)

    def no_code(self, label: str, levels: Iterable[Level] = ALL_LEVELS) -> Problem:
        """That no code of these levels is called `label`; of one that was split, into which."""
        levels = tuple(levels)
        for level in levels:
            if label in self.parts.get(level, {}):
                return was_split(label, self.parts[level][label])
        return no_code(label, {other for level in levels for other in self.known[level]}, levels)


def no_code(label: str, known: Iterable[str], levels: Iterable[Level] = (INITIAL,)) -> Problem:
    """That none of the `known` labels of `levels` is `label`, with the nearest, or
    where to look.
    """
    levels = tuple(levels)
    do = "`gtpipe codes list` shows the codes"
    if RELATION in levels:
        do += "; a relation is named by its sentence: A kind B"
    near = did_you_mean(label, sorted(known, key=label_order))
    return refusal(
        f'no {_in_words(levels)} "{label}" in this study',
        near or do,
        kind=Kind.NO_SUCH_NAME,
        about=label,
    )


def was_split(label: str, parts: Iterable[str]) -> Problem:
    """The answer to the old label of a code that was split: which codes it became."""
    listed = " and ".join(f'"{part}"' for part in parts)
    return refusal(
        f'"{label}" was split into {listed}',
        "Name one of these",
        kind=Kind.NO_SUCH_NAME,
        about=label,
    )


def _in_words(levels: tuple[Level, ...]) -> str:
    """`code, category or relation`: a focused code is a code where initial ones are meant too."""
    kinds = [
        level.noun
        for level in (INITIAL, FOCUSED, CATEGORY, RELATION)
        if level in levels and not (level is FOCUSED and INITIAL in levels)
    ] or ["code"]
    return " or ".join(part for part in (", ".join(kinds[:-1]), kinds[-1]) if part)


def labels_of(
    material: Material,
    standing: Iterable[tuple[Level, str]],
    current: dict[str, str],
    current_focused: Mapping[str, str] = {},
) -> Labels:
    """Labels in use or written down, on each level; relations by their sentence. `standing` are the
    codes that stand at turns, each by level and label.

    One that stands in a sheet is in use, also where the words it is tied to are lost.
    """
    used: dict[Level, set[str]] = {INITIAL: set(), FOCUSED: set()}
    for level, label in standing:
        used[level].add(label)
    for sheet in material.sheets:
        entries = () if sheet.holds else sheet.entries
        for code in (code for entry in entries for code in entry.codes):
            lead = current if code.level == INITIAL else current_focused
            used[code.level].add(lead.get(code.label, code.label))
    return Labels(
        {
            INITIAL: frozenset({*used[INITIAL], *material.codebook}),
            FOCUSED: frozenset({*used[FOCUSED], *material.focused}),
            CATEGORY: frozenset(category.label for category in material.theory.categories),
            RELATION: frozenset(relation.sentence for relation in material.theory.relations),
        },
        current,
        current_focused,
        {INITIAL: _parts(material.codebook), FOCUSED: _parts(material.focused)},
        {
            CodeRef(level, entry.label): frozenset(each.label for each in entry.properties)
            for level, entries in (
                (FOCUSED, material.focused.values()),
                (CATEGORY, material.theory.categories),
            )
            for entry in entries
            if entry.properties
        },
    )


def _parts(entries: Mapping[str, Code] | Mapping[str, FocusedCode]) -> dict[str, tuple[str, ...]]:
    """The codes that each split code became, by its label."""
    split = {label for entry in entries.values() for label in entry.split_from}
    return {label: split_into(label, entries) for label in split - entries.keys()}


def old_label(old: str, now: str, command: str = "", more: str = "") -> Problem:
    """The error for an old label in a command that changes something: what it is called now, and
    the `command` to type.
    """
    return refusal(
        f'"{old}" is called "{now}" now',
        f'Name "{now}"' + (f": `gtpipe {command}`" if command else "") + more,
    )
