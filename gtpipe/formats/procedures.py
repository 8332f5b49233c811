"""The schema of a procedure: which fields a row has, what each may hold, how rows are laid out.
Those in `gtpipe/procedures/` are shipped, those in `data/procedures/` a study's own.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache
from importlib.resources import files

from gtpipe.formats.entry import EntryReader
from gtpipe.model.problems import Problem, did_you_mean, error
from gtpipe.model.procedures import KINDS, LAYOUTS, ROLES, Field, Schema, Table, Waits
from gtpipe.store.layout import named_in
from gtpipe.text import yamltext
from gtpipe.text.yamltext import Node

_ROLES = tuple(dict.fromkeys(role for roles in ROLES.values() for role in roles))
_OF_SCHEMA = ("procedure", "what", "never", "in-theory", "of-agreement", "tables")
_OF_TABLE = (
    *("table", "file", "section", "entry", "per-person", "own-fields", "once", "one-of"),
    *("layout", *_ROLES, "fields"),
)
_OF_FIELD = (
    *("field", "kind", "list-of", "needed", "choices", "from", "to", "table", "hash"),
    *("at-most", "waits"),
)
_FILE = re.compile(r"[\w-]+\.(?:yaml|csv)|[\w-]+/\*\.md")
_NAME = re.compile(r"[a-z0-9][a-z0-9-]*")


@cache
def shipped() -> dict[str, Schema]:
    """The procedures that come with gtpipe, by name."""
    found = {}
    for file in sorted(files("gtpipe").joinpath("procedures").iterdir(), key=lambda one: one.name):
        if file.name.endswith(".yaml"):
            path = f"gtpipe/procedures/{file.name}"
            schema, problems = loads(file.read_text("utf-8"), path)
            assert schema is not None and not problems, problems
            found[schema.name] = schema
    return found


def loads(text: str, path: str) -> tuple[Schema | None, list[Problem]]:
    """The schema, None where it cannot be used, and what is wrong with it. Raises UserError where
    it is not YAML.
    """
    problems: list[Problem] = []
    node = yamltext.parse(text, path)
    if node is None:
        return None, [error(path, 1, "no procedure here", "It begins with `procedure: NAME`")]
    top = _Reader(node, _OF_SCHEMA, "a procedure", text=text, path=path, problems=problems)
    name = named_in(path)
    if top.get("procedure") != name or not _NAME.fullmatch(name):
        do = f"Write `procedure: {name}`, in small letters, figures and hyphens, or rename the file"
        top.error("procedure", f'the file is called "{name}"', do)
    pair = top.fields.get("tables")
    tables = tuple(_table(one, text, path, problems) for one in yamltext.items(pair and pair[1]))
    if not tables:
        top.error("tables", "this procedure has no table", "Write `tables:`, and below it one")
    schema = Schema(
        name,
        top.get("what"),
        tables,
        top.where,
        top.get("never"),
        top.yes("in-theory"),
        top.yes("of-agreement"),
    )
    _belong_together(schema, problems)
    return (None if problems else schema), problems


class _Reader(EntryReader):
    """The fields of a schema."""

    def some(self, name: str) -> tuple[str, ...]:
        """What stands with commas between."""
        return tuple(part.strip() for part in self.get(name).split(",") if part.strip())

    def yes(self, name: str) -> bool:
        said = self.get(name)
        if said not in ("", "yes", "no", "true", "false"):
            self.error(name, f'"{name}" is "{said}"', "Write `yes` or `no`")
        return said in ("yes", "true")

    def of(self, name: str, known: Iterable[str]) -> tuple[str, ...]:
        """As `some`; what is not `known` is an error."""
        known = tuple(known)
        for one in self.some(name):
            if one not in known:
                do = did_you_mean(one, known) or f"Write one of {', '.join(known)}"
                self.error(name, f'"{name}" names "{one}"', do)
        return self.some(name)

    def number(self, name: str) -> int | None:
        said = self.get(name)
        if said and not re.fullmatch(r"-?\d{1,9}", said):
            self.error(name, f'"{name}" is "{said}"', "Write a whole number")
            return None
        return int(said) if said else None


def _table(item: Node, text: str, path: str, problems: list[Problem]) -> Table:
    entry = _Reader(item, _OF_TABLE, "a table", text=text, path=path, problems=problems)
    pair = entry.fields.get("fields")
    fields: dict[str, Field] = {}
    for one in yamltext.items(pair and pair[1]):
        field = _field(one, text, path, problems)
        if field.name in fields:
            problems.append(error(path, one.line, f'the field "{field.name}" stands twice'))
        fields[field.name] = field
    name, file = entry.get("table"), entry.get("file")
    if not fields or not name:
        entry.error("table", "a table has a name and fields", "Write `table: …`, `fields:`")
    if not _FILE.fullmatch(file):
        do = "Write `file: NAME.yaml`, `NAME.csv`, or `FOLDER/*.md` for a page each"
        entry.error("file", f'"{file}" is no file of rows below data/', do)
    (layout,) = entry.of("layout", LAYOUTS) or ("",)
    own = entry.yes("own-fields")
    roles = {
        role: entry.some(role) if role == "sources" or own else entry.of(role, fields)
        for role in _ROLES
        if role in entry.fields
    }
    return Table(
        name,
        file,
        fields or {"": Field("")},
        entry.get("section"),
        entry.get("entry") or "a row",
        layout,
        roles,
        entry.of("once", fields),
        entry.of("one-of", fields),
        entry.yes("per-person"),
        own,
    )


def _field(item: Node, text: str, path: str, problems: list[Problem]) -> Field:
    entry = _Reader(item, _OF_FIELD, "a field", text=text, path=path, problems=problems)
    name, waits = entry.get("field"), entry.get("waits")
    if not name or "\n" in name:
        entry.error("field", "a field has a name of one line", "Write `field: …`")
    is_list = "list-of" in entry.fields
    kinds = entry.of("list-of" if is_list else "kind", KINDS) or ("text",)
    if "choice" in kinds and not entry.some("choices"):
        entry.error("kind", "a choice is one of several", "Write `choices: yes, no`")
    when, _, values = waits.partition(" is ")
    return Field(
        name,
        kinds,
        is_list,
        entry.yes("needed"),
        entry.some("choices"),
        entry.number("from") or 0,
        entry.number("to"),
        entry.get("table"),
        entry.get("hash"),
        entry.number("at-most") or 0,
        Waits("" if when == "yes" else when, tuple(one.strip() for one in values.split(",") if one))
        if waits
        else None,
    )


def _belong_together(schema: Schema, problems: list[Problem]) -> None:
    """Errors where a table names a field or a table that is not there."""
    names = [table.name for table in schema.tables]
    for table in schema.tables:
        wrong = [
            f'the layout "{table.layout}" needs `{role}`'
            for role in ROLES.get(table.layout, ())[:1]
            if role not in table.roles
        ]
        for field in table.fields.values():
            wrong += [
                f'"{field.name}" waits for "{field.waits.field}", which is no field'
                for _ in range(bool(field.waits and field.waits.field))
                if field.waits and field.waits.field not in table.fields
            ]
            if {"row", "mapped"} & {*field.kinds} and field.table not in names:
                wrong.append(f'"{field.name}" names rows of "{field.table}", which is no table')
            if field.hash and field.hash not in table.fields:
                wrong.append(f'"{field.name}" has its digest in "{field.hash}", which is no field')
        wrong += [
            f'"{one}" is no table' for one in table.roles.get("sources", ()) if one not in names
        ]
        problems += [error(*schema.where, f"{table.name}: {what}") for what in wrong]
