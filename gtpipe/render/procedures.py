"""Procedures as text: what there is, and what is laid out of the rows."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

from gtpipe.analysis.procedure_layouts import Part, fields_of
from gtpipe.model.procedures import Procedure, Schema
from gtpipe.render.blocks import Block
from gtpipe.render.tables import Format, write_rows
from gtpipe.render.terminal import block, out
from gtpipe.text.markdown import plain

PROSE = "prose"  # of a page: read as it is
NO_ROW = "No row yet."
LISTED = ("procedure", "on", "what", "never", "because", "files")
Rows = list[tuple[object, ...]]


def listed(known: Mapping[str, Schema], on: Mapping[str, str]) -> Rows:
    """Every procedure there is, those that are on first."""
    ordered = sorted(known.values(), key=lambda one: (one.name not in on, one.name))
    return [
        (one.name, _on(one, on), one.what, one.never, on.get(one.name, ""), files(one))
        for one in ordered
    ]


def _on(schema: Schema, on: Mapping[str, str]) -> str:
    return f"always: {schema.command}" if schema.command else "on" * (schema.name in on)


def files(schema: Schema) -> list[str]:
    return list(dict.fromkeys(f"data/{table.file}" for table in schema.tables))


def overview(known: Mapping[str, Schema], on: Mapping[str, str]) -> Iterator[Block]:
    """The same, to be read."""
    for name, is_on, what, never, because, _ in listed(known, on):
        yield Block(f"{name}{' · ' if is_on else ''}{is_on}", style="bold")
        yield Block(f"{what}.", 2)
        aside = (("never", never), ("because", because))
        yield from (Block(f"{word}: {said}", 2) for word, said in aside if said)


def markdown(procedure: Procedure, parts: Sequence[Part]) -> str:
    """The page of a procedure."""
    schema = procedure.schema
    lines = [f"# {schema.name}", plain(f"{schema.what}.")]
    for part in parts:
        if part.title:
            lines.append(f"## {plain(part.title)}")
        if part.as_entries:
            lines += [_entry(part.header, row) for row in part.rows]
        elif part.rows:
            lines.append(_table(part.header, part.rows))
        lines += [plain(note) for note in part.notes]
    if not any(part.rows for part in parts):
        lines.append(NO_ROW)
    return "\n\n".join(lines) + "\n"


def show(parts: Sequence[Part]) -> None:
    """The same at a terminal, in columns."""
    for part in parts:
        if part.title:
            block(part.title, style="bold")
        if not part.as_entries and part.rows:
            write_rows(part.header, part.rows, Format.table)
        for row in part.rows if part.as_entries else ():
            if entry := _entry(part.header, row, str):
                block(entry, 2)
                out()
        for note in part.notes:
            block(note)
    if not any(part.rows for part in parts):
        out(NO_ROW)


def _entry(
    header: Sequence[str], row: Sequence[object], typed: Callable[[str], str] = plain
) -> str:
    """A row field by field; what has several lines is set in below its name; prose follows."""
    said, prose = [], ""
    for name, value in zip(header, map(str, row), strict=True):
        lines = [typed(line) for line in value.split("\n") if line.strip()]
        if name == PROSE:
            prose = f"\n\n{typed(value)}" if value else ""
        elif len(lines) == 1:
            said.append(f"- {typed(name)}: {lines[0]}")
        elif lines:
            said += [f"- {typed(name)}:", *(f"  - {line}" for line in lines)]
    return "\n".join(said) + prose


def _table(header: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    def line(cells: Iterable[object]) -> str:
        shown = (plain(str(cell)).replace("\n", "<br>") for cell in cells)
        return f"| {' | '.join(shown)} |"

    return "\n".join([line(header), "|" + " --- |" * len(header), *map(line, rows)])


def table(procedure: Procedure, parts: Sequence[Part]) -> tuple[tuple[str, ...], Rows]:
    """All parts as one table: the title of each in a column of its own, where there are several;
    a field that a part lacks is empty. Without a row, the fields of the first table."""
    first = procedure.schema.tables[0]
    names = [name for part in parts for name in part.header] or fields_of(first, ())
    header = tuple(dict.fromkeys(names))
    title = next((table.under for table in procedure.schema.tables if table.layout), "") or "part"
    titled = any(part.title for part in parts)
    rows: Rows = []
    for part in parts:
        for row in part.rows:
            said = dict(zip(part.header, row, strict=True))
            front = (part.title,) if titled else ()
            rows.append((*front, *(said.get(name, "") for name in header)))
    return ((title, *header) if titled else header), rows
