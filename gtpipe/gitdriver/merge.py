"""Three versions of a sheet or a book become one: merged by turn and entry, by field, and by line
of a list.

`base` is what both began with. What one side changed is taken; what both added is kept, ours first;
where both changed the same thing differently, both versions stand between git's conflict markers,
and nothing else does. A label that one side changed is the same entry still: by its `was`, or by
its place and what else it says. Pure: text in, text out. The result is read back and compared with
what it must hold (`(base + added by either) - removed by either`) before it is given out.
"""

from __future__ import annotations

from collections.abc import Callable
from difflib import SequenceMatcher
from typing import NamedTuple

from gtpipe.formats import properties
from gtpipe.gitdriver import entries, facts, merged_settings
from gtpipe.gitdriver.match_entries import SameEntries, old_labels
from gtpipe.gitdriver.threeway import (
    Clash,
    Output,
    chosen,
    either,
    in_order,
    marked,
    merged_lines,
    merged_text,
    numbered,
)
from gtpipe.model.problems import UserError
from gtpipe.text.document import Document
from gtpipe.text.entries import Block, Entry, Field, Line, NotByLinesError, Section

# A line, and which one of equals it is.
Numbered = tuple[str, int]


class CannotMergeError(ValueError):
    """These versions cannot be merged by entry; git's ordinary merge can."""


class Merged(NamedTuple):
    """The merged text, and how many places in it are for a person to decide."""

    text: str
    conflicts: int


def merge_texts(base: str, ours: str, theirs: str, *, marker_size: int = 7) -> Merged:
    """The three versions of a file as one.

    Raises CannotMergeError where one of them is not laid out in entries, nor all are settings.
    """
    simple = chosen(base, ours, theirs)
    if simple is not None:
        return Merged(simple, 0)
    ended = [
        text if not text or text.endswith("\n") else text + "\n" for text in (base, ours, theirs)
    ]
    try:
        versions = [entries.read(text) for text in ended]
    except (UserError, NotByLinesError):
        settings = merged_settings.merge(base, ours, theirs)
        if settings is None:
            raise CannotMergeError from None
        return Merged(settings, 0)
    try:
        same = SameEntries(*versions)
        output = _file(same, *versions)
        _check(same, output, ended)
    except NotByLinesError:
        raise CannotMergeError from None
    text = "".join(part if isinstance(part, str) else marked(part, marker_size) for part in output)
    conflicts = sum(isinstance(part, Clash) for part in output)
    if not conflicts and not chosen(*(text.endswith("\n") for text in (base, ours, theirs))):
        text = text.removesuffix("\n")
    return Merged(text, conflicts)


# --- putting together -----------------------------------------------------------------------------


def _file(same: SameEntries, base: Document, ours: Document, theirs: Document) -> Output:
    versions = [{part.name: part for part in version.sections} for version in (base, ours, theirs)]
    if any("" in one for one in versions[1:]) and any(
        name for one in versions for name, part in one.items()
    ):
        versions, tails = _without_empty(versions, (base, ours, theirs))
    else:
        tails = [version.tail for version in (base, ours, theirs)]
    b, o, t = versions
    output: Output = []
    for name in in_order(list(o), list(t), list(b)):
        old, mine, other = b.get(name), o.get(name), t.get(name)
        if mine and other:
            output += merged_text(old.lead if old else "", mine.lead, other.lead)
            output += either(old.header if old else "", mine.header, other.header)
            output += _part(same, old, mine, other)
        else:
            output += _one_sided(old, mine, other)
    return output + merged_text(*tails)


def _without_empty(
    versions: list[dict[str, Section]], whole: tuple[Document, ...]
) -> tuple[list[dict[str, Section]], list[str]]:
    """A theory that holds nothing but comments has no part; they are what stands at its end."""
    found, tails = [], []
    for parts, version in zip(versions, whole, strict=True):
        empty = parts.get("")
        if empty is not None and empty.entries:
            raise NotByLinesError
        found.append({name: part for name, part in parts.items() if name})
        tails.append((empty.lead if empty else "") + version.tail)
    return found, tails


def _one_sided(
    base: Section | Entry | None, ours: Section | Entry | None, theirs: Section | Entry | None
) -> Output:
    """What stands in one version alone: added there, or taken out in the other."""
    standing = ours or theirs
    if standing is None:
        return []
    if base is None:
        return [standing.lead, standing.body]
    unchanged = [line.rstrip() for line in standing.body.split("\n") if line.strip()] == [
        line.rstrip() for line in base.body.split("\n") if line.strip()
    ]
    if unchanged and not facts.remarks(standing.lead) - facts.remarks(base.lead):
        return []
    return [standing.lead, Clash(ours.body if ours else "", theirs.body if theirs else "")]


def _part(same: SameEntries, base: Section | None, ours: Section, theirs: Section) -> Output:
    b = same.entries(base, {})
    o, t = same.entries(ours, same.ours), same.entries(theirs, same.theirs)
    tops = {id(next(iter(version.values()))) for version in (b, o, t) if version}
    output: Output = []
    begun = False
    for key in in_order(list(o), list(t), list(b)):
        old, mine, other = b.get(key), o.get(key), t.get(key)
        if mine and other:
            merged = merged_text(old.lead if old else "", mine.lead, other.lead) + _entry(
                old, mine, other
            )
        else:
            merged = _one_sided(old, mine, other)
        lead = merged[0] if merged else ""
        # What was the first entry in its version had no line to stand apart by.
        if begun and lead == "" and all(id(one) in tops for one in (mine, other) if one):
            merged = ["\n", *merged]
        begun = begun or any(merged)
        output += merged
    return output


def _entry(base: Entry | None, ours: Entry, theirs: Entry) -> Output:
    one = chosen(base.body if base else None, ours.body, theirs.body)
    if one is not None:
        return [one]
    if ours.fields[0].name != theirs.fields[0].name:
        return [Clash(ours.body, theirs.body)]
    b, o, t = (
        {field.name: field for field in entry.fields} if entry else {}
        for entry in (base, ours, theirs)
    )
    output: Output = []
    for name in in_order(list(o), list(t), list(b)):
        old, mine, other = b.get(name), o.get(name), t.get(name)
        if mine and other:
            output += merged_text(old.lead if old else "", mine.lead, other.lead)
            output += (
                _field(old, mine, other) if old or name != ours.key.kind else _label(ours, theirs)
            )
        elif mine:
            output += _lone_field(old, mine, lambda text: Clash(text, ""))
        elif other:
            output += _lone_field(old, other, lambda text: Clash("", text))
    return output


def _lone_field(base: Field | None, standing: Field, clash: Callable[[str], Clash]) -> Output:
    """A field that stands on one side alone; `clash` sets its text against nothing."""
    if base is None:
        return [standing.lead + standing.text]
    if base.name in entries.LISTS and standing.block:
        return _shortened(base, standing, standing.block, clash)
    if standing.text == base.text:
        return _remarks(base, standing)
    return [standing.lead, clash(standing.text)]


def _label(ours: Entry, theirs: Entry) -> Output:
    """The line with the label of an entry that both added; the one that was renamed knows the
    other's.
    """
    mine, other = ours.fields[0], theirs.fields[0]
    if other.value in old_labels(ours):
        return [mine.text]
    return [other.text] if mine.value in old_labels(theirs) else _field(None, mine, other)


def _field(base: Field | None, ours: Field, theirs: Field) -> Output:
    one = chosen(base.text if base else None, ours.text, theirs.text)
    if one is not None:
        return [one]
    if ours.name in entries.LISTS and ours.block and theirs.block and (base is None or base.block):
        return _block(base.block if base else None, ours.block, theirs.block, _join(ours.name))
    if ours.name == "text" and base:
        merged = merged_text(base.text, ours.text, theirs.text)
        return merged if isinstance(merged[0], str) else [Clash(ours.text, theirs.text)]
    if (
        "#" not in ours.text + theirs.text
    ):  # a change of the quotation marks gives way to one of the words
        said = chosen(base.value if base else None, ours.value, theirs.value)
        if said is not None:
            return [ours.text if said == ours.value else theirs.text]
    return [Clash(ours.text, theirs.text)]


def _shortened(base: Field, standing: Field, block: Block, clash: Callable[[str], Clash]) -> Output:
    """A list that one side took out altogether: of the other's, what is new stays."""
    if base.block is None:
        return [standing.lead, clash(standing.text)]
    empty = block._replace(preface="", lines=())
    is_ours = bool(clash("ours").ours)
    sides = (block, empty) if is_ours else (empty, block)
    merged = _block(base.block, *sides, _join(base.name))
    return [standing.lead, *merged] if len(merged) > 1 else _remarks(base, standing)


def _remarks(base: Field, standing: Field) -> Output:
    """What one side remarked above a field that the other took out."""
    return [standing.lead] if facts.remarks(standing.lead) - facts.remarks(base.lead) else []


# --- lists ----------------------------------------------------------------------------------------


# How what stands below a line of a list becomes one; None where a person decides.
Join = Callable[[tuple[str, ...], tuple[str, ...], tuple[str, ...]], "list[str] | None"]


def _join(name: str) -> Join:
    return _merged_positions if name == "properties" else merged_lines


def _merged_positions(
    base: tuple[str, ...], ours: tuple[str, ...], theirs: tuple[str, ...]
) -> list[str] | None:
    """The positions of a property as one; None where both changed the same one differently."""
    b, o, t = map(properties.by_position, (base, ours, theirs))
    if (len(b), len(o), len(t)) != (len(base), len(ours), len(theirs)):
        return None
    lines = []
    for label in in_order(list(o), list(t), list(b)):
        line = chosen(*(side.get(label, "") for side in (b, o, t)))
        if line is None:
            return None
        lines += [line] if line else []
    return lines


def _block(base: Block | None, ours: Block, theirs: Block, join: Join) -> Output:
    head = chosen(base.head if base else None, ours.head, theirs.head)
    if head is None:
        head = next((block.head for block in (ours, theirs) if block.lines), ours.head)
    if (ours.lines or theirs.lines) and "|" not in head:
        head = next(block.head for block in (ours, theirs) if block.lines)
    indent = ours.indent if ours.lines else theirs.indent
    if base and base.lines and theirs.lines and ours.indent == base.indent:
        indent = theirs.indent
    output: Output = [head]
    preface = chosen(base.preface if base else None, ours.preface, theirs.preface)
    if preface or ours.preface:
        output.append(ours.preface if preface is None else preface)
    return output + _Lines(base, ours, theirs, indent, join).merged()


class _Lines:
    """The lines of three versions of a list as one, written at `indent`.

    A line that one side wrote in another's place takes along what the other side wrote to that;
    where the other side took that out, or wrote a third in its place, a person decides.
    """

    def __init__(
        self, base: Block | None, ours: Block, theirs: Block, indent: int, join: Join
    ) -> None:
        self.indent, self.join = indent, join
        self.base, self.ours, self.theirs = map(_numbered, (base, ours, theirs))
        self.by_ours = _replaced(self.base, self.ours)
        self.by_theirs = _replaced(self.base, self.theirs)
        self.decided: set[Numbered] = set()  # lines of the base that a person is asked about

    def merged(self) -> Output:
        keys = in_order(list(self.ours), list(self.theirs), list(self.base))
        return [part for key in keys for part in self._line(key)]

    def _line(self, key: Numbered) -> Output:
        old, mine, other = self.base.get(key), self.ours.get(key), self.theirs.get(key)
        if mine and other:
            replaced = self.by_ours.get(key) or self.by_theirs.get(key)
            before = old or (self.base[replaced] if replaced else None)
            return self._joined(before.rest if before else (), mine, other)
        standing = mine or other
        if standing is None:
            return []
        if old is not None:
            if standing.rest == old.rest or self._moved_on(key):
                return []
            return [Clash(self._written(mine), self._written(other))]
        replaced = (self.by_ours if mine else self.by_theirs).get(key)
        if replaced is None:
            return [self._written(standing)]
        twin = (self.theirs if mine else self.ours).get(replaced)
        if twin is not None:
            moved = standing._replace(rest=twin.rest)
            sides = (standing, moved) if mine else (moved, standing)
            return self._joined(self.base[replaced].rest, *sides)
        if replaced in self.decided:
            return []
        self.decided.add(replaced)
        return [
            Clash(
                self._written(_in_place_of(replaced, self.by_ours, self.ours, self.theirs)),
                self._written(_in_place_of(replaced, self.by_theirs, self.theirs, self.ours)),
            )
        ]

    def _moved_on(self, key: Numbered) -> bool:
        """Whether a side wrote another line in the place of this one, which the other side kept."""
        return (key in self.theirs and key in self.by_ours.values()) or (
            key in self.ours and key in self.by_theirs.values()
        )

    def _joined(self, base: tuple[str, ...], ours: Line, theirs: Line) -> Output:
        rest = self.join(base, ours.rest, theirs.rest)
        if rest is None:
            return [Clash(self._written(ours), self._written(theirs))]
        return [self._written(ours._replace(rest=tuple(rest)))]

    def _written(self, line: Line | None) -> str:
        front = " " * self.indent
        stretch = (line.head, *line.rest) if line else ()
        return "".join(f"{front if text.strip() else ''}{text}\n" for text in stretch)


def _in_place_of(
    old: Numbered,
    replaced: dict[Numbered, Numbered],
    side: dict[Numbered, Line],
    other: dict[Numbered, Line],
) -> Line | None:
    """What `side` alone wrote in the place of `old`, the last where there are several."""
    return next(
        (side[new] for new, was in reversed(replaced.items()) if was == old and new not in other),
        None,
    )


def _numbered(block: Block | None) -> dict[Numbered, Line]:
    lines = block.lines if block else ()
    return dict(zip(numbered(line.says for line in lines), lines, strict=True))


def _replaced(base: dict[Numbered, Line], side: dict[Numbered, Line]) -> dict[Numbered, Numbered]:
    """New line → the line that stood in its place.

    More lines than there were are additions, below.
    """
    before, after = list(base), list(side)
    changes = SequenceMatcher(None, before, after, autojunk=False).get_opcodes()
    return {
        new: old
        for kind, first, last, begin, end in changes
        if kind == "replace" and last - first <= end - begin
        # what the side wrote more than it took out is not paired
        for old, new in zip(before[first:last], after[begin:end], strict=False)
        if new not in base and old not in side
    }


# --- reading back ---------------------------------------------------------------------------------


def _check(same: SameEntries, output: Output, versions: list[str]) -> None:
    """Raises CannotMergeError where the result does not hold what it must, whichever way its
    conflicts are decided.
    """
    names = {**same.ours, **same.theirs}
    base, ours, theirs = (facts.of(text, names) for text in versions)
    expected = facts.intended(base, ours, theirs)
    try:
        found = [
            facts.of(
                "".join(part if isinstance(part, str) else part[side] for part in output), names
            )
            for side in (0, 1)
        ]
    except UserError:
        raise CannotMergeError from None
    stated = found[0] | found[1]
    if expected - stated or stated - (ours | theirs):
        raise CannotMergeError
    if not any(isinstance(part, Clash) for part in output) and any(
        fact[1] not in facts.BESIDE for fact in stated - expected
    ):
        raise CannotMergeError
