"""The rows of a procedure, which a person writes: entries of a YAML file or a part of it, rows of a
CSV table, or a page each. What a field holds is looked at where the whole study is known.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence

from gtpipe.formats import tables
from gtpipe.model.problems import Problem, UserError, did_you_mean, error
from gtpipe.model.procedures import Cell, Field, Row, Table, cell_of
from gtpipe.model.records import Named, Where
from gtpipe.text import frontmatter, yamltext
from gtpipe.text.yamltext import Node, Pair

Rows = dict[str, tuple[Row, ...]]


def loads(text: str, path: str, of: Sequence[Table]) -> tuple[Rows, list[Problem]]:
    """The rows in a file by table, `of` those that stand in it; and what is wrong with it. Raises
    UserError where it cannot be read.
    """
    problems: list[Problem] = []
    if path.endswith(".md"):
        found: Rows = {of[0].name: _page(text, path, of[0], problems)}
    elif path.endswith(".csv"):
        found = {of[0].name: tuple(_in_csv(text, path, of[0], problems))}
    else:
        found = _in_yaml(text, path, of, problems)
    for table in of:
        _complete(table, found.get(table.name, ()), problems)
    return found, problems


def _complete(table: Table, rows: Sequence[Row], problems: list[Problem]) -> None:
    """Errors where a row lacks what it needs."""
    needed = [field.name for field in table.fields.values() if field.needed]
    for row in rows:
        for name in needed:
            if not row.get(name):
                problems.append(error(*row.where, f'{table.entry} without "{name}"', _write(name)))
        if table.one_of and not any(row.all(table.one_of)):
            one_of = " or ".join(f'"{name}"' for name in table.one_of)
            what = f"{table.entry} without {one_of}"
            problems.append(error(*row.where, what, _write(table.one_of[0])))


def _write(name: str) -> str:
    return f"Write `{name}: …`"


# --- YAML ---------------------------------------------------------------------------------------


def _in_yaml(text: str, path: str, of: Sequence[Table], problems: list[Problem]) -> Rows:
    node = yamltext.parse(text, path)
    if node is None:
        return {}
    if not of[0].section:
        lists = {of[0].name: node}
    else:
        known = [table.section for table in of]
        top = yamltext.fields(node, known, path, "this file", problems)
        lists = {one.name: top[one.section][1] for one in of if one.section in top}
    found = {}
    for table in of:
        if table.name not in lists:
            continue
        listed = lists[table.name]
        is_list = isinstance(listed, yamltext.Sequence)
        if not is_list and (isinstance(listed, yamltext.Mapping) or yamltext.words_of(listed)):
            begins = f"Each begins with `- {table.key}: …`"
            problems.append(error(path, listed.line, f"this is a list of {table.noun}s", begins))
        rows = [_entry(item, text, path, table, problems) for item in yamltext.items(listed)]
        found[table.name] = tuple(row for row in rows if row is not None)
    return found


def _entry(item: Node, text: str, path: str, table: Table, problems: list[Problem]) -> Row | None:
    """A row; None where it has no fields at all, which is all that is wrong with it."""
    known = [*table.fields]
    known += [key.value for key, _ in yamltext.pairs(item)] if table.own_fields else []
    fields = yamltext.fields(item, dict.fromkeys(known), path, table.entry, problems)
    if not isinstance(item, yamltext.Mapping):
        return None
    return Row(
        {
            name: cell
            for name, pair in fields.items()
            if (
                cell := _cell(table.fields.get(name) or Field(name), pair, text, path, problems)
            ).text
        },
        Where(path, item.line),
    )


def _cell(field: Field, pair: Pair, text: str, path: str, problems: list[Problem]) -> Cell:
    where = Where(path, pair[0].line)
    if not field.is_list:
        said = yamltext.text_of(pair, path, problems)
        return cell_of(said, where)
    lines = yamltext.block_lines(pair, text, path, problems)
    values = [Named(line.strip(), Where(path, number)) for number, line in lines if line.strip()]
    return Cell("\n".join(one.label for one in values), tuple(values), where)


# --- pages and tables ---------------------------------------------------------------------------


def _page(text: str, path: str, table: Table, problems: list[Problem]) -> tuple[Row, ...]:
    """A page as a row: its first field is the file's name; `prose` is what follows the others."""
    page = frontmatter.Page(text, path, [*table.fields])
    problems += page.problems
    cells = {table.key: page.name, "prose": page.prose if "prose" in table.fields else ""}
    found = {name: cell_of(said, Where(path, 1)) for name, said in cells.items() if said}
    for name, pair in page.fields.items():
        if name in table.fields and name not in found:
            cell = _cell(table.fields[name], pair, page.front, path, problems)
            found |= {name: cell} if cell.text else {}
    return (Row(found, Where(path, 1)),)


def _in_csv(text: str, path: str, table: Table, problems: list[Problem]) -> Iterator[Row]:
    header: list[str] = []
    for line, _, cells in _csv_rows(text, path):
        if not header:
            header = cells
            _check_header(header, line, path, table, problems)
            continue
        if cells == header:  # git keeps that of both who began a table
            continue
        if any(cells[len(header) :]):
            do = "Put a value that holds the separator in double quotes"
            problems.append(error(path, line, "this row has more cells than the header", do))
        where = Where(path, line)
        found = {}
        for name, said in zip(header, cells, strict=False):
            field = table.fields.get(name)
            if said and (field or table.own_fields):
                found[name] = cell_of(said, where, bool(field and field.is_list))
        yield Row(found, where)


def _csv_rows(text: str, path: str) -> Iterator[tuple[int, int, list[str]]]:
    """The rows that hold anything, each with its first and last line. Raises UserError."""
    conflict = yamltext.conflict_markers(text, path)
    if conflict:
        raise UserError(conflict)
    reader = csv.reader(
        io.StringIO(text, newline=""), delimiter=tables.delimiter(text), strict=True
    )
    line = 1
    try:
        for cells in reader:
            if any(cell.strip() for cell in cells):
                yield line, reader.line_num, [cell.strip() for cell in cells]
            line = reader.line_num + 1
    except csv.Error:
        what = "the row that begins here cannot be read"
        raise UserError.at(path, line, what, "Look at its quotation marks") from None


def edited(text: str, path: str, edit: Callable[[int, list[str]], Sequence[str] | None]) -> str:
    """A table with what `edit` gives for the row at a line, None to take it out; rows that stay the
    same keep their lines as they are.
    """
    lines = io.StringIO(text, newline="").readlines()
    for first, last, cells in reversed([*_csv_rows(text, path)]):
        new = edit(first, list(cells))
        if new != cells:
            end = "\r\n" if lines[last - 1].endswith("\r\n") else "\n"
            lines[first - 1 : last] = [] if new is None else [_written(new, text, end)]
    return "".join(lines)


def _written(cells: Sequence[str], text: str, end: str = "\n") -> str:
    """A row as it stands in a table; a line of a cell ends as lines do."""
    out = io.StringIO()
    writer = csv.writer(out, delimiter=tables.delimiter(text), lineterminator=end)
    writer.writerow([cell.replace("\r\n", "\n").replace("\r", "\n") for cell in cells])
    return out.getvalue()


def appended(
    text: str, path: str, rows: Sequence[tuple[int, Mapping[str, str]]]
) -> tuple[str, dict[int, int]]:
    """A table with more rows at its end, by column; and of the line of each, the number that came
    with it. Raises UserError where it has no column for what a row says.
    """
    end = "\r\n" if "\r\n" in text else "\n"
    first, _, header = next(_csv_rows(text, path), (1, 1, []))
    for name in dict.fromkeys(name for _, cells in rows for name in cells):
        if name not in header:
            what = f'there is no column "{name}" for what is to be added'
            raise UserError.at(path, first, what, "Write it into the header")
    text += "" if text.endswith("\n") else end
    lines: dict[int, int] = {}
    for number, cells in rows:
        lines[text.count("\n") + 1] = number
        text += _written([cells.get(name, "") for name in header], text, end)
    return text, lines


def without(text: str, path: str, lines: Collection[int]) -> str:
    """A table without the rows that begin at `lines`."""
    return edited(text, path, lambda line, cells: None if line in lines else cells)


def _check_header(
    header: Sequence[str], line: int, path: str, table: Table, problems: list[Problem]
) -> None:
    known = [*table.fields]
    for number, name in enumerate(header):
        if name in header[:number]:
            problems.append(error(path, line, f'the column "{name}" stands twice', "Rename one"))
        elif not name:
            problems.append(error(path, line, "a column has no name", "Name it, or take it out"))
        elif name not in known and not table.own_fields:
            do = did_you_mean(name, known) or f"The columns are {', '.join(known)}"
            problems.append(error(path, line, f'{table.entry} has no column "{name}"', do))


def empty(of: Sequence[Table]) -> str:
    """A file of rows that has none yet, `of` the tables that stand in it."""
    if of[0].file.endswith(".csv"):
        return ",".join(of[0].fields) + "\n"
    return "".join(
        f"{table.section}:\n" * bool(table.section)
        + f"# Each begins with `- {table.key}: …`; the fields: {', '.join(table.fields)}.\n"
        for table in of
    )
