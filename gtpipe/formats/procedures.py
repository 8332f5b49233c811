"""The schema of a procedure: which fields a row has, what each may hold, how rows are laid out.
Those in `gtpipe/procedures/` are shipped, those in `data/procedures/` a study's own.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import fields
from functools import cache
from importlib.resources import files
from typing import Any, TypeVar

from gtpipe.formats.entry import EntryReader
from gtpipe.model.problems import Problem, did_you_mean, error
from gtpipe.model.procedures import KINDS, LAYOUTS, NEEDS, Field, Schema, Table, Waits
from gtpipe.store.layout import named_in
from gtpipe.text import yamltext
from gtpipe.text.yamltext import Node

_FILE = re.compile(r"[\w-]+\.(?:yaml|csv)|[\w-]+/\*\.md")
_CALLED = {"least": "from", "most": "to"}
_YES_NO = {"": False, "yes": True, "true": True, "no": False, "false": False}
Made = TypeVar("Made", Schema, Table, Field)
_NAME = re.compile(r"[a-z0-9][a-z0-9-]*")


@cache
def shipped() -> dict[str, Schema]:
    """The procedures that come with gtpipe, by name."""
    there = (file.name for file in files("gtpipe").joinpath("procedures").iterdir())
    names = sorted(name.removesuffix(".yaml") for name in there if name.endswith(".yaml"))
    return {name: shipped_as(name) for name in names}


@cache
def shipped_as(name: str) -> Schema:
    """One of those, without the others."""
    text = files("gtpipe").joinpath("procedures", f"{name}.yaml").read_text("utf-8")
    schema, problems = loads(text, f"gtpipe/procedures/{name}.yaml")
    assert schema is not None and not problems, problems
    return schema


def loads(text: str, path: str) -> tuple[Schema | None, list[Problem]]:
    """The schema, None where it cannot be used, and what is wrong with it. Raises UserError where
    it is not YAML.
    """
    problems: list[Problem] = []
    node = yamltext.parse(text, path)
    if node is None:
        return None, [error(path, 1, "no procedure here", "It begins with `procedure: NAME`")]
    top = _Reader(node, Schema, "procedure", text=text, path=path, problems=problems)
    name = named_in(path)
    if top.get("procedure") != name or not _NAME.fullmatch(name):
        do = f"Write `procedure: {name}`, in small letters, figures and hyphens, or rename the file"
        top.error("procedure", f'the file is called "{name}"', do)
    tables = [_table(one, text, path, problems) for one in top.listed("tables")]
    if not tables:
        top.error("tables", "this procedure has no table", "Write `tables:`, and below it one")
    elif not any(table.layout for _, table in tables) and not top.get("command"):
        do = "Write `layout: list`, and `under:` one of its fields"
        tables[0][0].error("table", "none of its tables has a layout: no row would be shown", do)
    names = {table.name for _, table in tables}
    for entry, table in tables:
        wanted = {field.table for field in table.fields.values() if field.table}
        wanted |= {table.sources} if table.sources else set()
        for missing in sorted(wanted - names):
            entry.error("table", f'"{missing}" is no table of this procedure')
        if not table.section and [one.file for _, one in tables].count(table.file) > 1:
            what = f'another table stands in "{table.file}" too'
            entry.error("file", what, "Give each a `section` of it, or another file")
    made = top.made(Schema, tables=tuple(table for _, table in tables), where=top.where)
    return (None if problems else made), problems


class _Reader(EntryReader):
    """The fields of a schema, a table or a field, each by its type in the record."""

    def __init__(self, item: Node, record: type[Made], what: str, **of: Any) -> None:
        self.called = {
            one.name: what if one.name == "name" else _CALLED.get(one.name, one.name)
            for one in fields(record)
            if one.name != "where"
        }
        self.called = {name: called.replace("_", "-") for name, called in self.called.items()}
        super().__init__(item, self.called.values(), f"a {what}", **of)

    def made(self, record: type[Made], **given: Any) -> Made:
        """The record, of what is written and what is `given`."""
        read: dict[str, Callable[[str], object]] = {
            "str": self.get,
            "bool": self.yes,
            "int": self.number,
            "int | None": self.number,
            "tuple[str, ...]": self.some,
            "Waits | None": self.waits,
        }
        found: dict[str, Any] = {
            one.name: read[str(one.type)](self.called[one.name])
            for one in fields(record)
            if self.called.get(one.name) in self.fields and one.name not in given
        }
        return record(**{"name": "", **found, **given})

    def listed(self, name: str) -> tuple[Node, ...]:
        pair = self.fields.get(name)
        return yamltext.items(pair and pair[1])

    def some(self, name: str) -> tuple[str, ...]:
        """What stands with commas between."""
        return tuple(part.strip() for part in self.get(name).split(",") if part.strip())

    def yes(self, name: str) -> bool:
        if (said := self.get(name)) not in _YES_NO:
            self.error(name, f'"{name}" is "{said}"', "Write `yes` or `no`")
        return _YES_NO.get(said, False)

    def number(self, name: str) -> int:
        said = self.get(name)
        if not re.fullmatch(r"-?[0-9]{1,9}", said):
            self.error(name, f'"{name}" is "{said}"', "Write a whole number")
            return 0
        return int(said)

    def waits(self, name: str) -> Waits:
        """`yes`, a field, or `FIELD is a, b`."""
        when, _, values = self.get(name).partition(" is ")
        parts = tuple(one.strip() for one in values.split(",") if one.strip())
        return Waits("" if when == "yes" else when, parts)

    def check(self, name: str, known: Iterable[str], said: Iterable[str] | None = None) -> None:
        """An error for each that is `said`, if not given the value, and not `known`."""
        known = tuple(known)
        for one in [self.get(name)] if said is None else said:
            if one and one not in known:
                do = did_you_mean(one, known) or f"Write one of {', '.join(known)}" * bool(known)
                self.error(name, f'"{name}" names "{one}"', do)


def _table(item: Node, text: str, path: str, problems: list[Problem]) -> tuple[_Reader, Table]:
    entry = _Reader(item, Table, "table", text=text, path=path, problems=problems)
    read = [_field(one, text, path, problems) for one in entry.listed("fields")]
    known = {field.name: field for _, field in read}
    table = entry.made(Table, fields=known or {"": Field("")}, file=entry.get("file"))
    if not known or not table.name or len(known) < len(read):
        do = "Write `table: …`, and below `fields:` each once"
        entry.error("table", "a table has a name, and fields of which none stands twice", do)
    if not _FILE.fullmatch(table.file):
        do = "Write `file: NAME.yaml`, `NAME.csv`, or `FOLDER/*.md` for a page each"
        entry.error("file", f'"{table.file}" is no file of rows below data/', do)
    if (table.per_person or table.section) and not table.file.endswith(".yaml"):
        what = f'"{table.file}" has neither sections nor a file for each person'
        entry.error("file", what, "Write `file: NAME.yaml`")
    entry.check("layout", LAYOUTS)
    for role in NEEDS.get(table.layout, ()):
        if not getattr(table, role):
            entry.error("layout", f'the layout "{table.layout}" needs `{role}`')
    for name in ("under", "who", "items", "columns", "rows", "cell", "because", "mapped"):
        entry.check(name, known)
    if table.rows and bool(table.columns) != bool(table.cell):
        entry.error("layout", "`columns` and `cell` go together")
    for name in ("values", "once", "one-of"):
        entry.check(name, known, entry.some(name))
    for reader, field in read:
        reader.check("waits", known, [field.waits.field] if field.waits else [])
        reader.check("hash", known)
    return entry, table


def _field(item: Node, text: str, path: str, problems: list[Problem]) -> tuple[_Reader, Field]:
    entry = _Reader(item, Field, "field", text=text, path=path, problems=problems)
    field = entry.made(Field)
    if not field.name or "\n" in field.name:
        entry.error("field", "a field has a name of one line", "Write `field: …`")
    entry.check("list-of" if field.is_list else "kind", KINDS, field.kinds)
    if ("choice" in field.kinds or field.at_most) and not field.choices:
        entry.error("kind", "a choice is one of several", "Write `choices: yes, no`")
    if "query" in field.kinds and not field.hash:
        entry.error("kind", "a query has its digest in another field", "Write `hash: …`")
    if field.least is not None and field.most is not None and field.least > field.most:
        entry.error("from", f"no number is from {field.least} to {field.most}", "Swap the two")
    if {"row", "mapped"} & {*field.kinds} and not field.table:
        entry.error("kind", "this names rows of a table", "Write `table: …`")
    return entry, field
