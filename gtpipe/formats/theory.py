"""`data/theory.yaml`: categories, relations, negative cases, sufficiency; a person's file, read and
checked.

No stage writes it; `gtpipe negative` adds an entry, `codes define` changes a definition; no other
line is touched.
"""

from __future__ import annotations

from collections.abc import Iterable
from collections.abc import Sequence as Several
from dataclasses import replace
from typing import TypeVar

from gtpipe.formats import edits, naming
from gtpipe.formats.entry import EntryReader
from gtpipe.model.problems import Problem, UserError, error
from gtpipe.model.records import (
    NOWHERE,
    Category,
    Incident,
    Judgement,
    Look,
    Named,
    NegativeCase,
    Relation,
    Theory,
)
from gtpipe.store.layout import THEORY
from gtpipe.text import entry_edits, yamltext
from gtpipe.text.document import Document
from gtpipe.text.yamltext import Mapping, Pair, Scalar, Sequence

PARTS = ("categories", "relations", "negative-cases", "sufficiency")
CATEGORY = ("category", "definition", "written-after", "part-of", "focused", "properties")
RELATION = ("from", "kind", "to", "hypothesis", "support", "contradict", "memo")
NEGATIVE_CASE = ("incident", "contradicts", "led-to", "note", "by")
LOOK = ("looked-for", "found", "by", "date")
JUDGEMENT = ("interview", "modified", "judgement", "by")

Fields = dict[str, Pair]
Record = TypeVar("Record")


def loads(text: str) -> tuple[Theory, list[Problem]]:
    """The theory and what is wrong with the file. Raises UserError where it is not YAML."""
    node = yamltext.parse(text, THEORY)
    problems: list[Problem] = []
    if node is None:
        return Theory(), problems
    parts = yamltext.fields(node, PARTS, THEORY, "the theory", problems)
    reader = _TheoryReader(text, problems)
    negative = [reader.negative(item) for item in reader.items(parts, "negative-cases")]
    theory = Theory(
        categories=_only(reader.category(item) for item in reader.items(parts, "categories")),
        relations=_only(reader.relation(item) for item in reader.items(parts, "relations")),
        negative_cases=tuple(case for case in negative if isinstance(case, NegativeCase)),
        looks=tuple(look for look in negative if isinstance(look, Look)),
        judgements=_only(reader.judgement(item) for item in reader.items(parts, "sufficiency")),
    )
    return theory, problems


def add_negative_case(text: str, case: NegativeCase) -> str:
    """`text` with one more negative case.

    Raises UserError when the file has errors or cannot be added to by lines.
    """
    block = f"- incident: {entry_edits.address(case.incident.address, THEORY)}\n"
    block += entry_edits.fields([("contradicts", case.contradicts.typed)])
    block += entry_edits.fields([("led-to", case.led_to), ("note", case.note), ("by", case.by)])
    before = edits.whole(loads(text))
    return _added(text, block, replace(before, negative_cases=(*before.negative_cases, case)))


def add_category(
    text: str, label: str, definition: str = "", part_of: str = "", focused: Several[str] = ()
) -> str:
    """`text` with one more category. Raises UserError as `add_negative_case` does."""
    block = entry_edits.block(
        [("category", label), ("definition", definition), ("part-of", part_of)]
    )
    if focused:
        block += "  focused: |\n" + "".join(f"    {one}\n" for one in focused)
    before = edits.whole(loads(text))
    category = Category(
        label,
        NOWHERE,
        definition.strip(),
        naming.named_as(part_of, NOWHERE) if part_of else None,
        tuple(naming.named_as(one, NOWHERE) for one in focused),
    )
    edited = entry_edits.append_in(text, THEORY, "categories", block, PARTS)
    return _proved(edited, replace(before, categories=(*before.categories, category)))


def add_relation(text: str, source: str, kind: str, target: str, hypothesis: str = "") -> str:
    """`text` with one more relation. Raises UserError as `add_negative_case` does."""
    fields = [("from", source), ("kind", kind), ("to", target), ("hypothesis", hypothesis)]
    before = edits.whole(loads(text))
    ends = (naming.named_as(one, NOWHERE) for one in (source, target))
    relation = Relation(next(ends), kind, next(ends), NOWHERE, hypothesis.strip())
    edited = entry_edits.append_in(text, THEORY, "relations", entry_edits.block(fields), PARTS)
    return _proved(edited, replace(before, relations=(*before.relations, relation)))


def add_look(text: str, look: Look) -> str:
    """`text` with one more look for negative cases.

    Raises UserError when the file has errors or cannot be added to by lines.
    """
    found = look.found.address if isinstance(look.found, Incident) else look.found or "none"
    block = entry_edits.block([("looked-for", look.looked_for.typed)])
    block += f"  found: {entry_edits.address(found, THEORY)}\n"
    block += entry_edits.fields([("by", look.by)])
    block += f"  date: {look.date}\n" if look.date else ""
    before = edits.whole(loads(text))
    return _added(text, block, replace(before, looks=(*before.looks, look)))


def define(text: str, label: str, definition: str) -> str:
    """`text` with the definition of the category `label`; no other line changes. Raises UserError
    when that cannot be done by lines.
    """
    before = edits.whole(loads(text))
    categories = Document(text, THEORY).section("categories")
    entries = categories.entries if categories else ()
    item = next((entry for entry in entries if entry.value("category") == label), None)
    expected = replace(
        before,
        categories=tuple(
            replace(one, definition=definition) if one.label == label else one
            for one in before.categories
        ),
    )
    if item is None or entry_edits.in_braces(text, item):
        raise UserError.at(
            THEORY,
            item.line if item else None,
            f'the entry of "{label}" cannot be edited by a command',
            "Write the definition there by hand",
        )
    return _proved(
        entry_edits.set_value(text, THEORY, item, "definition", definition, CATEGORY), expected
    )


def _added(text: str, block: str, expected: Theory) -> str:
    """`text` with `block` among its negative cases."""
    return _proved(entry_edits.append_in(text, THEORY, "negative-cases", block, PARTS), expected)


def _proved(edited: str, expected: Theory) -> str:
    what = "this cannot be written without touching other lines"
    return edits.proved(edited, loads, expected, error(THEORY, None, what, "Write it by hand"))


def _only(found: Iterable[Record | None]) -> tuple[Record, ...]:
    return tuple(record for record in found if record is not None)


class _TheoryReader:
    """Entries of the file as records; what is missing or odd goes to `problems` with its line."""

    def __init__(self, text: str, problems: list[Problem]) -> None:
        self.text, self.problems = text, problems

    def items(self, parts: Fields, name: str) -> tuple[Mapping, ...]:
        if name not in parts:
            return ()
        key, node = parts[name]
        if isinstance(node, Scalar) and not node.value:
            return ()
        if not isinstance(node, Sequence):
            self.problems.append(
                error(THEORY, key.line, f'"{name}" must be a list', "Each entry begins with `- `")
            )
            return ()
        self.problems += [
            error(THEORY, item.line, f'an entry of "{name}" must be lines of `field: value`')
            for item in node.items
            if not isinstance(item, Mapping)
        ]
        return tuple(yamltext.mappings(node))

    def entry(self, item: Mapping, known: tuple[str, ...], what: str) -> EntryReader:
        return EntryReader(item, known, what, text=self.text, path=THEORY, problems=self.problems)

    def category(self, item: Mapping) -> Category | None:
        entry = self.entry(item, CATEGORY, "a category")
        label = _needed(entry, "category", "category")
        focused, part_of = entry.labels("focused"), entry.label("part-of")
        properties = entry.properties()
        if label is None:
            return None
        written = entry.interview("written-after")
        definition = entry.get("definition")
        return Category(label.label, label.where, definition, part_of, focused, written, properties)

    def relation(self, item: Mapping) -> Relation | None:
        entry = self.entry(item, RELATION, "a relation")
        source, kind, target = (_needed(entry, name, "relation") for name in ("from", "kind", "to"))
        support, contradict = entry.incidents("support"), entry.incidents("contradict")
        memo = entry.label("memo")
        if source is None or kind is None or target is None:
            return None
        hypothesis = entry.get("hypothesis")
        return Relation(
            source, kind.label, target, entry.where, hypothesis, support, contradict, memo
        )

    def negative(self, item: Mapping) -> NegativeCase | Look | None:
        if yamltext.pair_of(item, "looked-for"):
            return self._look(item)
        entry = self.entry(item, NEGATIVE_CASE, "a negative case")
        typed, contradicts = (
            _needed(entry, name, "negative case") for name in ("incident", "contradicts")
        )
        led_to = entry.get("led-to")
        if not led_to:
            entry.error("led-to", 'this negative case has no "led-to"', "Write `led-to: …`")
        incident = naming.incident(typed.label, typed.where, self.problems) if typed else None
        if incident is None or contradicts is None:
            return None
        note, by = entry.get("note"), entry.get("by")
        return NegativeCase(incident, contradicts, led_to, entry.where, note, by)

    def _look(self, item: Mapping) -> Look | None:
        entry = self.entry(item, LOOK, "a look for negative cases")
        looked_for = _needed(entry, "looked-for", "entry")
        date = entry.date()
        found = _needed(entry, "found", "look")
        if looked_for is None or found is None:
            return None
        what: Incident | str | None = None
        if found.label.casefold().rstrip(".") != "none":
            what = naming.incident(found.label, found.where, []) or found.label
        return Look(looked_for, what, entry.get("by"), date, entry.where)

    def judgement(self, item: Mapping) -> Judgement | None:
        entry = self.entry(item, JUDGEMENT, "an entry of the sufficiency")
        interview = _needed(entry, "interview", "entry of the sufficiency")
        modified = entry.labels("modified")
        if interview is None:
            return None
        judgement, by = entry.get("judgement"), entry.get("by")
        return Judgement(interview, modified, judgement, by, entry.where)


def _needed(entry: EntryReader, name: str, what: str) -> Named | None:
    """The label in a field that must be there."""
    label = entry.label(name)
    if label is None:
        entry.error(name, f'this {what} has no "{name}"', f"Write `{name}: …`")
    elif "\n" in label.label:
        entry.error(name, "a label is one line")
    return label
