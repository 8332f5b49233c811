"""`gtpipe procedures add` and `import`: switch a procedure on, with the reason for it; take the
answers of a wide table into its rows.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from gtpipe.commands.begin_study import attributes_for
from gtpipe.commands.code_change_proof import PlannedSnapshot
from gtpipe.exchange import table_files
from gtpipe.formats import procedure_rows
from gtpipe.model.names import one_line
from gtpipe.model.problems import Problem, UserError, did_you_mean, error, in_shell, refusal
from gtpipe.model.procedures import BY_GROUP, Procedure, Schema, Table
from gtpipe.readers.tables.column_headers import Row as SourceRow
from gtpipe.store import settings, transaction
from gtpipe.store.layout import DATA, SETTINGS, Snapshot, Study
from gtpipe.study import Corpus, load
from gtpipe.study.procedures import catalogue, line_of, procedure_of
from gtpipe.text import yamltext
from gtpipe.text.document import Document


def find(snapshot: Snapshot, name: str) -> Schema:
    """The procedure called so. Raises UserError."""
    problems: list[Problem] = []
    known = catalogue(snapshot, problems)
    if name not in known:
        do = did_you_mean(name, known) or "`gtpipe procedures` lists them"
        raise UserError(refusal(f'there is no procedure "{name}"', do), *problems)
    return known[name]


def find_on(corpus: Corpus, name: str) -> Procedure:
    """The procedure called so, with its rows. Raises UserError where it is off, or not there."""
    if name not in corpus.material.procedures:
        schema = find(corpus.snapshot, name)
        if schema.command:
            return procedure_of(schema, "", corpus.snapshot, corpus.settings, [])
        do = f'`gtpipe procedures add {in_shell(name)} --because "…"`'
        raise corpus.missing(refusal(f"{name} is off in this study", do))
    return corpus.material.procedures[name]


def add(study: Study, name: str, because: str, *, by: str = "") -> tuple[str, ...]:
    """Switch a procedure on, and make the files of its rows that are not there; the paths that
    changed. Raises UserError, nothing written, without a reason, or where it is on.
    """
    because = one_line(because)
    if not because:
        do = f'`gtpipe procedures add {in_shell(name)} --because "…"`'
        raise UserError(refusal("a procedure has a reason: why does this study need it?", do))
    with transaction.change(study) as change:
        chosen = change.snapshot.settings()
        schema = find(change.snapshot, name)
        if schema.command:
            raise UserError(refusal(f"{name} is always on", f"`{schema.command}` shows it"))
        if name in chosen.procedures:
            line = line_of(change.snapshot, name)
            raise UserError(
                error(SETTINGS, line, f"{name} is on already: {chosen.procedures[name]}")
            )
        if schema.of_agreement and chosen.approach.no_agreement:
            raise UserError(refusal(chosen.approach.no_agreement))
        change.write(SETTINGS, switched_on(change.text(SETTINGS), name, because))
        for file in dict.fromkeys(table.file for table in schema.tables):
            path = f"{DATA}/{file}"
            if "*" not in path and change.snapshot.bytes(path) is None:
                of = [table for table in schema.tables if table.file == file]
                change.write(path, procedure_rows.empty(of))
        places = [
            f"{DATA}/{table.file.replace('.yaml', '*.yaml') if table.per_person else table.file}"
            for table in schema.tables
            if not table.file.endswith(".md")
        ]
        if (attributes := attributes_for(study, dict.fromkeys(places))) is not None:
            change.add(attributes)
        change.log(f"procedures add {name} --because …", by, because)
    return change.changed


def switched_on(text: str, name: str, because: str) -> str:
    """The settings with one line more below `procedures:`. Raises UserError where that cannot be
    written by lines.
    """
    document = Document(text, SETTINGS)
    pair = yamltext.pair_of(yamltext.parse(text, SETTINGS), "procedures")
    line = f"  {name}: {yamltext.field_value(because, '    ')}"
    if pair is None:
        document.insert(len(document.lines), ["", "procedures:", line])
    elif isinstance(pair[1], yamltext.Mapping) and pair[1].pairs:
        column = document.column(pair[1].pairs[0][0].start)
        last = document.end_below(pair[0].line, 1)
        document.insert(last, [" " * column + line.lstrip()])
    else:
        document.insert(pair[0].line, [line])
    expected = {**settings.loads(text).procedures, name: because}
    try:
        after = settings.loads(document.text).procedures
    except UserError:
        after = {}
    if after != expected:
        do = f"Write `{line.strip()}` below `procedures:` by hand"
        raise UserError(
            error(SETTINGS, None, "this cannot be written without touching other lines", do)
        )
    return document.text


def import_rows(study: Study, name: str, file: Path, *, by: str = "") -> tuple[str, int]:
    """Take the answers of a wide table, a person a row, into the rows of a procedure: their file,
    and how many. Raises UserError, nothing written, where a column or a value fits nothing.
    """
    sheets, _ = table_files.sheets(file)
    with transaction.change(study) as change:
        before = load(study, change.snapshot)
        procedure = find_on(before, name)
        table = next((one for one in procedure.schema.tables if one.layout == BY_GROUP), None)
        if table is None or not table.file.endswith(".csv"):
            raise UserError(refusal(f"{name} has no table of answers", "Write its rows by hand"))
        header, *answers = sheets[0].rows
        columns = _columns(header, file, procedure, table)
        path = f"{DATA}/{table.file}"
        text = change.text(path) or procedure_rows.empty([table])
        rows = [
            (row.number, cells) for row in answers for cells in _long(row.cells, columns, table)
        ]
        after, lines = procedure_rows.appended(text, path, rows)
        planned = load(study, PlannedSnapshot(change.snapshot, {path: after}))
        had = {(problem.path, problem.line, problem.what) for problem in before.errors()}
        wrong = [
            replace(one, path=str(file), line=lines[one.line])
            for one in planned.errors()
            if (one.path, one.line, one.what) not in had and one.path == path and one.line in lines
        ]
        if wrong:
            raise UserError(*wrong)
        change.write(path, after)
        change.log(f"procedures import {name} …", by)
    return path, len(rows)


def _columns(
    header: SourceRow, file: Path, procedure: Procedure, table: Table
) -> list[tuple[str, str]]:
    """Of each column behind the first, which says who, its item and field: `2.1 important` or
    `2.1`, which is the first of the values; or a field alone. Raises UserError.
    """
    items, values = table.items, table.values
    asked = procedure.named(table.fields[items].table) if table.fields[items].table else {}
    found: list[tuple[str, str]] = []
    problems: list[Problem] = []
    for title in map(str.strip, header.cells[1:]):
        for field in ("", *sorted(table.fields, key=len, reverse=True)):
            item = title.removesuffix(field).rstrip(" :-_")
            if title.endswith(field) and (item in asked or (not item and field)):
                found.append((item, field or values[0]))
                break
        else:
            known = [*asked, *(f"{item} {field}" for item in asked for field in values)]
            do = did_you_mean(title, known) or f"A column is called as `ITEM {values[0]}`"
            what = f'the column "{title}" is no item of {procedure.name}'
            problems.append(error(str(file), header.number, what, do))
    if problems:
        raise UserError(*problems)
    return found


def _long(
    cells: Sequence[str], columns: Sequence[tuple[str, str]], table: Table
) -> Iterator[dict[str, str]]:
    """The answers of one person, a row for each item that has any."""
    said: dict[str, dict[str, str]] = {}
    for (item, field), value in zip(columns, cells[1:], strict=False):
        if value.strip():
            said.setdefault(item, {})[field] = value.strip()
    for item, answers in said.items():
        yield {table.who: cells[0].strip(), table.items: item, **answers}
