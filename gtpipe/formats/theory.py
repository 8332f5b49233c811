"""`data/theory.yaml`: categories, relations, negative cases, sufficiency; a person's file, read and
checked.

No stage writes it; `gtpipe negative` adds an entry, `codes define` changes a definition; no other
line is touched.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import TypeVar

from gtpipe.formats import edits, naming
from gtpipe.model.problems import Problem, UserError, error
from gtpipe.model.records import (
    Category,
    Incident,
    Judgement,
    Look,
    Named,
    NegativeCase,
    Relation,
    Theory,
    Where,
    is_date,
)
from gtpipe.store.layout import THEORY
from gtpipe.text import entry_edits, yamltext
from gtpipe.text.document import Document
from gtpipe.text.yamltext import Mapping, Pair, Sequence

PARTS = ("categories", "relations", "negative-cases", "sufficiency")
CATEGORY = ("category", "definition", "written-after", "part-of", "focused")
RELATION = ("from", "kind", "to", "hypothesis", "support", "contradict", "memo")
NEGATIVE_CASE = ("incident", "contradicts", "led-to", "note", "by")
LOOK = ("looked-for", "found", "by", "date")
JUDGEMENT = ("interview", "modified", "judgement", "by")
LED_TO = ("qualified", "revised", "left")

Fields = dict[str, Pair]
Record = TypeVar("Record")


def loads(text: str) -> tuple[Theory, list[Problem]]:
    """The theory and what is wrong with the file. Raises UserError where it is not YAML."""
    node = yamltext.parse(text, THEORY)
    problems: list[Problem] = []
    if node is None:
        return Theory(), problems
    parts = yamltext.fields(node, PARTS, THEORY, "the theory", problems)
    reader = _Reader(text, problems)
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
    block += entry_edits.fields([("contradicts", _typed(case.contradicts))])
    block += f"  led-to: {case.led_to}\n"
    block += entry_edits.fields([("note", case.note), ("by", case.by)])
    before = edits.whole(loads(text))
    return _added(text, block, replace(before, negative_cases=(*before.negative_cases, case)))


def add_look(text: str, look: Look) -> str:
    """`text` with one more look for negative cases.

    Raises UserError when the file has errors or cannot be added to by lines.
    """
    found = look.found.address if isinstance(look.found, Incident) else look.found or "none"
    block = entry_edits.block([("looked-for", _typed(look.looked_for))])
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
        raise UserError(
            error(
                THEORY,
                item.line if item else None,
                f'the entry of "{label}" cannot be edited by a command',
                "Write the definition there by hand",
            )
        )
    return _proved(
        entry_edits.set_value(text, THEORY, item, "definition", definition, CATEGORY), expected
    )


def _typed(named: Named) -> str:
    return f"{named.level}: {named.label}" if named.level else named.label


def _added(text: str, block: str, expected: Theory) -> str:
    """`text` with `block` among its negative cases."""
    return _proved(entry_edits.append_in(text, THEORY, "negative-cases", block, PARTS), expected)


def _proved(edited: str, expected: Theory) -> str:
    what = "this cannot be written without touching other lines"
    return edits.proved(edited, loads, expected, error(THEORY, None, what, "Write it by hand"))


def _only(found: Iterable[Record | None]) -> tuple[Record, ...]:
    return tuple(record for record in found if record is not None)


class _Reader:
    """Entries of the file as records; what is missing or odd goes to `problems` with its line."""

    def __init__(self, text: str, problems: list[Problem]) -> None:
        self.text, self.problems = text, problems

    def items(self, parts: Fields, name: str) -> tuple[Mapping, ...]:
        if name not in parts:
            return ()
        key, node = parts[name]
        if isinstance(node, yamltext.Scalar) and not node.value:
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

    def fields(self, item: Mapping, known: tuple[str, ...], what: str) -> Fields:
        return yamltext.fields(item, known, THEORY, what, self.problems)

    def get(self, fields: Fields, name: str) -> str:
        return yamltext.text_of(fields.get(name), THEORY, self.problems)

    def needed(self, fields: Fields, name: str, item: Mapping, what: str) -> Named | None:
        """The label in a field that must be there."""
        found = naming.label(fields.get(name), THEORY, self.problems)
        if found is None:
            line = fields[name][0].line if name in fields else item.line
            self.problems.append(
                error(THEORY, line, f'this {what} has no "{name}"', f"Write `{name}: …`")
            )
        elif "\n" in found.label:
            self.problems.append(error(THEORY, found.where.line, "a label is one line"))
        return found

    def incidents(self, fields: Fields, name: str) -> tuple[Incident, ...]:
        return naming.incidents(fields.get(name), self.text, THEORY, self.problems)

    def category(self, item: Mapping) -> Category | None:
        fields = self.fields(item, CATEGORY, "a category")
        label = self.needed(fields, "category", item, "category")
        focused = naming.labels(fields.get("focused"), self.text, THEORY, self.problems)
        part_of = naming.label(fields.get("part-of"), THEORY, self.problems)
        if label is None:
            return None
        written = naming.interview(fields.get("written-after"), THEORY, self.problems)
        definition = self.get(fields, "definition")
        return Category(label.label, label.where, definition, part_of, focused, written)

    def relation(self, item: Mapping) -> Relation | None:
        fields = self.fields(item, RELATION, "a relation")
        source, kind, target = (
            self.needed(fields, name, item, "relation") for name in ("from", "kind", "to")
        )
        support, contradict = (
            self.incidents(fields, "support"),
            self.incidents(fields, "contradict"),
        )
        memo = naming.label(fields.get("memo"), THEORY, self.problems)
        if source is None or kind is None or target is None:
            return None
        return Relation(
            source,
            kind.label,
            target,
            Where(THEORY, item.line),
            self.get(fields, "hypothesis"),
            support,
            contradict,
            memo,
        )

    def negative(self, item: Mapping) -> NegativeCase | Look | None:
        if any(key.value == "looked-for" for key, _ in item.pairs):
            return self._look(item)
        fields = self.fields(item, NEGATIVE_CASE, "a negative case")
        typed = self.needed(fields, "incident", item, "negative case")
        contradicts = self.needed(fields, "contradicts", item, "negative case")
        led_to = self.needed(fields, "led-to", item, "negative case")
        if led_to is not None and led_to.label not in LED_TO:
            self.problems.append(
                error(
                    THEORY,
                    led_to.where.line,
                    f'"led-to" is "{led_to.label}"',
                    f"Write {', '.join(LED_TO[:-1])} or {LED_TO[-1]}",
                )
            )
        incident = naming.incident(typed.label, typed.where, self.problems) if typed else None
        if incident is None or contradicts is None:
            return None
        return NegativeCase(
            incident,
            contradicts,
            led_to.label if led_to else "",
            Where(THEORY, item.line),
            self.get(fields, "note"),
            self.get(fields, "by"),
        )

    def _look(self, item: Mapping) -> Look | None:
        fields = self.fields(item, LOOK, "a look for negative cases")
        looked_for = self.needed(fields, "looked-for", item, "entry")
        date = self.get(fields, "date")
        if date and not is_date(date):
            self.problems.append(
                error(
                    THEORY,
                    fields["date"][0].line,
                    f'"{date}" is not a date',
                    "Write it as 2026-04-02",
                )
            )
        found = self.needed(fields, "found", item, "look")
        if looked_for is None or found is None:
            return None
        what: Incident | str | None = None
        if found.label.casefold().rstrip(".") != "none":
            what = naming.incident(found.label, found.where, []) or found.label
        return Look(looked_for, what, self.get(fields, "by"), date, Where(THEORY, item.line))

    def judgement(self, item: Mapping) -> Judgement | None:
        fields = self.fields(item, JUDGEMENT, "an entry of the sufficiency")
        interview = self.needed(fields, "interview", item, "entry of the sufficiency")
        modified = naming.labels(fields.get("modified"), self.text, THEORY, self.problems)
        if interview is None:
            return None
        return Judgement(
            interview,
            modified,
            self.get(fields, "judgement"),
            self.get(fields, "by"),
            Where(THEORY, item.line),
        )
