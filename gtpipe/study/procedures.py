"""The procedures of a study: which there are, which are on, and their rows."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from gtpipe.formats import personal, procedure_rows
from gtpipe.formats import procedures as schemas
from gtpipe.model.problems import Problem, UserError, did_you_mean, error
from gtpipe.model.procedures import Procedure, Row, Schema, Table
from gtpipe.store.layout import DATA, OWN_FILES, PROCEDURES, SETTINGS, Snapshot, own_schema
from gtpipe.store.settings import Settings
from gtpipe.text import yamltext


def catalogue(snapshot: Snapshot, problems: list[Problem]) -> dict[str, Schema]:
    """The procedures by name: those that are shipped, and the study's own, which win."""
    found = dict(schemas.shipped())
    for path in snapshot.files(PROCEDURES, ".yaml"):
        try:
            schema, wrong = schemas.loads(snapshot.text(path) or "", path)
        except UserError as exc:
            schema, wrong = None, list(exc.problems)
        problems += wrong
        wrong = [] if schema is None else [*_of_gtpipe(schema, found)]
        problems += wrong
        if schema is not None and not wrong:
            found[schema.name] = schema
    return found


def _of_gtpipe(schema: Schema, known: Mapping[str, Schema]) -> Iterator[Problem]:
    """Errors where a study's own schema takes what is gtpipe's."""
    if schema.command or (schema.name in known and known[schema.name].command):
        what = (
            "only what is gtpipe's own is always on"
            if schema.command
            else (f"{schema.name} is always on, and is gtpipe's own")
        )
        do = "Take out `command`" if schema.command else "Give this one another name"
        yield error(*schema.where, what, do)
    for table in schema.tables:
        if f"{DATA}/{table.file}" in OWN_FILES:
            what = f"{DATA}/{table.file} holds other things than rows of {schema.name}"
            yield error(*schema.where, what, "Give the rows a file of their own")


def load(snapshot: Snapshot, settings: Settings, problems: list[Problem]) -> dict[str, Procedure]:
    """Those that are on, with their rows; nothing is read where none is."""
    if not settings.procedures:
        return {}
    wrong: list[Problem] = []
    known = catalogue(snapshot, wrong)
    problems += [one for one in wrong if _stem(one.path) in settings.procedures]
    found = {}
    for name, because in settings.procedures.items():
        if name in known and known[name].command:
            do = f"Take `{name}` out; `{known[name].command}` shows it"
            problems.append(error(SETTINGS, line_of(snapshot, name), f"{name} is always on", do))
        elif name in known:
            found[name] = procedure_of(known[name], because, snapshot, settings, problems)
        elif not any(_stem(one.path) == name for one in wrong):
            what = f'there is no procedure "{name}"'
            do = (
                did_you_mean(name, known)
                or f"`gtpipe procedures` lists them; or write {own_schema(name)}"
            )
            problems.append(error(SETTINGS, line_of(snapshot, name), what, do))
    return found


def _stem(path: str) -> str:
    return path.rpartition("/")[2].removesuffix(".yaml")


def line_of(snapshot: Snapshot, name: str) -> int | None:
    """The line of the settings that switches a procedure on."""
    listed = yamltext.pair_of(yamltext.parse(snapshot.text(SETTINGS) or "", SETTINGS), "procedures")
    pair = yamltext.pair_of(listed and listed[1], name)
    return pair[0].line if pair else None


def procedure_of(
    schema: Schema, because: str, snapshot: Snapshot, settings: Settings, problems: list[Problem]
) -> Procedure:
    """A procedure with its rows, as far as they can be read."""
    if schema.of_agreement and settings.approach.no_agreement:
        what, do = settings.approach.no_agreement, f"Take `{schema.name}` out"
        problems.append(error(SETTINGS, line_of(snapshot, schema.name), what, do))
    rows: dict[str, tuple[Row, ...]] = {table.name: () for table in schema.tables}
    read, unread = [], set[str]()
    for file in dict.fromkeys(table.file for table in schema.tables):
        of = [table for table in schema.tables if table.file == file]
        for other in snapshot.study.files(DATA, ".yml"):
            if personal.is_of(other.removesuffix("yml") + "yaml", f"{DATA}/{file}"):
                what = f"this is not read: rows of {schema.name} stand in {file}"
                problems.append(error(other, None, what, "Rename it"))
        for path in paths_of(of[0], snapshot):
            read.append(path)
            try:
                text = snapshot.text(path)
                found, wrong = ({}, []) if text is None else procedure_rows.loads(text, path, of)
            except UserError as exc:
                found, wrong = {}, list(exc.problems)
                unread |= {table.name for table in of}
            problems += [one for one in wrong if one not in problems]  # two may share a file
            for name, more in found.items():
                rows[name] += more
    return Procedure(schema, because, rows, tuple(read), frozenset(unread))


def paths_of(table: Table, snapshot: Snapshot) -> list[str]:
    """The files that rows of a table stand in, as far as they are there or would be."""
    path = f"{DATA}/{table.file}"
    if path.endswith("/*.md"):
        return snapshot.files(path.removesuffix("/*.md"), ".md")
    if table.per_person:
        return personal.paths(snapshot.lying_in(DATA), path)
    return [path]


def folders(chosen: Iterable[Procedure]) -> list[str]:
    """Where each page is a row."""
    files = dict.fromkeys(table.file for one in chosen for table in one.schema.tables)
    return [f"{DATA}/{file.removesuffix('/*.md')}" for file in files if file.endswith("/*.md")]


def places(chosen: Iterable[Schema]) -> list[str]:
    """Where rows stand that git merges, with a star for the initials of whose they are."""
    files = [
        table.file.replace(".", "*.") if table.per_person else table.file
        for schema in chosen
        for table in schema.tables
        if not table.file.endswith(".md")
    ]
    return [f"{DATA}/{file}" for file in dict.fromkeys(files)]


def files_of(chosen: Iterable[Schema], snapshot: Snapshot) -> list[str]:
    """All that the procedures hang on: their rows, and the schemas that are the study's own."""
    found = [schema.where.path for schema in chosen if schema.where.path.startswith(DATA)]
    found += [path for s in chosen for table in s.tables for path in paths_of(table, snapshot)]
    return list(dict.fromkeys(found))
