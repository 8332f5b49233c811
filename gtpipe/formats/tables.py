"""CSV files: the pipeline's own (`data/derived`, `data/ingested`) and the participants' table,
which is a person's.
"""

from __future__ import annotations

import csv
import io
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import cached_property
from itertools import islice

from gtpipe.model import limits
from gtpipe.model.problems import Problem, UserError, error
from gtpipe.model.records import Named, Participant, Where
from gtpipe.model.shape import NO_SHAPE, Shape, from_text
from gtpipe.store.layout import PARTICIPANTS
from gtpipe.text import yamltext

_SOURCE = "source"
_SHAPE = "shape"
_EARLIER = "earlier"
_PSEUDONYMS = "pseudonyms"
SAME_PERSON = "same-person-as"  # a column that says how people are counted, and nothing of them


def dumps(header: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """Comma, line feed, quotes only where needed."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(header)
    writer.writerows(rows)
    return out.getvalue()


@dataclass(frozen=True)
class Ingested:
    """`data/ingested/<interview>.csv`: turn id → hash of the words as read, in the source's order;
    and the source's digest.

    `earlier` are hashes of words that a turn had before its source was corrected. `shape` is the
    form by which the source was read, as far as it was declared or known. Where it
    `has_pseudonyms`, the hashes are those of the words with what stands for names.
    """

    turns: dict[str, str]
    source: str = ""
    earlier: tuple[tuple[str, str], ...] = ()
    shape: Shape = NO_SHAPE
    has_pseudonyms: bool = False

    def dumps(self) -> str:
        rows = [
            *([(_SOURCE, self.source)] if self.source else []),
            *([(_SHAPE, self.shape.as_text())] if self.shape.as_text() else []),
            *([(_PSEUDONYMS, "put in")] if self.has_pseudonyms else []),
            *self.turns.items(),
            *((f"{_EARLIER} {turn}", hash) for turn, hash in self.earlier),
        ]
        return dumps(("turn", "hash"), rows)

    def had(self, turn: str, hash: str) -> bool:
        """Whether these were once the words of the turn, as read."""
        return bool(hash) and (self.turns.get(turn) == hash or (turn, hash) in self.earlier)


def loads_ingested(text: str) -> Ingested:
    """What ingest recorded.

    Ids of turns begin with a digit; `source` and `earlier 2` are other things.
    """
    try:
        rows = list(csv.reader(io.StringIO(text, newline="")))
    except csv.Error:
        return Ingested({})
    pairs = [(row[0], row[1]) for row in rows[1:] if len(row) == 2]
    return Ingested(
        {turn: hash for turn, hash in pairs if turn[:1].isdigit()},
        next((hash for turn, hash in pairs if turn == _SOURCE), ""),
        tuple(
            (turn.removeprefix(_EARLIER).strip(), hash)
            for turn, hash in pairs
            if turn.startswith(_EARLIER)
        ),
        next((from_text(shape) for turn, shape in pairs if turn == _SHAPE), NO_SHAPE),
        any(turn == _PSEUDONYMS for turn, _ in pairs),
    )


def source_of_ingested(text: str) -> str:
    """As the `source` of `loads_ingested`; what stands behind it is not read."""
    rows = islice(csv.reader(io.StringIO(text, newline="")), 1, None)
    with suppress(csv.Error):
        return next((row[1] for row in rows if len(row) == 2 and row[0] == _SOURCE), "")
    return ""


@dataclass
class _Row:
    """A row of the participants' table: its line, what is in it, and the header it stands under, at
    `header_line`.

    A header is a row of its own. `width` is the number of cells of the header, empty ones at its
    end included.
    """

    line: int
    cells: tuple[str, ...]
    header: tuple[str, ...]
    header_line: int
    width: int
    separator: str

    @property
    def is_header(self) -> bool:
        return self.line == self.header_line

    @cached_property
    def name(self) -> str:
        column = self.header.index("participant")
        return self.cells[column] if column < len(self.cells) else ""

    @cached_property
    def attributes(self) -> dict[str, str]:
        """Column → what is written in it, where something is."""
        return {
            column: cell
            for column, cell in zip(self.header, self.cells, strict=False)  # a row may be short
            if cell and column != "participant"
        }


def loads_participants(text: str) -> tuple[dict[str, Participant], list[Problem]]:
    """Participants by name, and what is wrong with the table.

    Commas, semicolons or tabs, as a header has them.

    Git merges this table by keeping the lines of both (`merge=union`). So a person may stand in
    several rows, which are one where they do not contradict each other, and a header may stand
    between rows, for those below it. Raises UserError where it cannot be read.
    """
    conflict = yamltext.conflict_markers(text, PARTICIPANTS)
    if conflict:
        raise UserError(conflict)
    problems: list[Problem] = []
    rows: list[_Row] = []
    columns: dict[str, None] = {}
    said: dict[str, dict[str, _Row]] = {}
    first: dict[str, _Row] = {}
    for row in _rows(text):
        if row.is_header:
            columns |= dict.fromkeys(column for column in row.header if column != "participant")
            continue
        if any(row.cells[len(row.header) :]):
            problems.append(
                error(
                    PARTICIPANTS,
                    row.line,
                    "this row has more cells than the header",
                    "Put a value that holds the separator in double quotes",
                )
            )
        if not row.name:
            problems.append(error(PARTICIPANTS, row.line, "this row names no participant"))
            continue
        rows.append(row)
        first.setdefault(row.name, row)
        for column, value in row.attributes.items():
            other = said.setdefault(row.name, {}).setdefault(column, row)
            if other.attributes[column] != value:
                problems.append(
                    error(
                        PARTICIPANTS,
                        row.line,
                        f'"{row.name}" has {column} "{value}" here and '
                        f'"{other.attributes[column]}" at line {other.line}',
                        "Keep the one that is right",
                    )
                )
    problems += _under_either_header(rows)
    found = {}
    for name, row in first.items():
        rows_of = said.get(name, {})
        values = (
            (column, rows_of[column].attributes[column] if column in rows_of else "")
            for column in columns
            if column != SAME_PERSON
        )
        found[name] = Participant(
            name, tuple(values), Where(PARTICIPANTS, row.line), _same_person(rows_of)
        )
    return found, problems


def _same_person(said: dict[str, _Row]) -> Named | None:
    row = said.get(SAME_PERSON)
    return Named(row.attributes[SAME_PERSON], Where(PARTICIPANTS, row.line)) if row else None


def _under_either_header(rows: Sequence[_Row]) -> Iterator[Problem]:
    """Values below a second header that names their column otherwise than the first one does.

    Where both sides of a merge added a column, a row that one of them alone changed stands once,
    below the header of either. Rows that stand below both are in no doubt.
    """
    first: dict[tuple[str, ...], set[str]] = {}
    at: dict[tuple[str, ...], int] = {}
    for row in rows:
        first.setdefault(row.header, set()).add(row.name)
        at.setdefault(row.header, row.header_line)
    for row in rows:
        for header, names in first.items():
            if at[header] >= row.header_line or row.name in names:
                continue
            for one, other, cell in zip(header, row.header, row.cells, strict=False):
                if one != other and cell and "participant" not in (one, other):
                    yield error(
                        PARTICIPANTS,
                        row.line,
                        f'"{cell}" may be {one} or {other} of "{row.name}": the headers at lines '
                        f"{at[header]} and {row.header_line} differ there",
                        "Write one header with all columns, and each value in its own",
                    )


def _rows(text: str) -> Iterator[_Row]:
    """The rows that are not empty. Raises UserError where the table cannot be read."""
    lines = io.StringIO(text.removeprefix("\ufeff").replace("\n\ufeff", "\n"), newline="")
    separator, before = delimiter(text), 0
    reader = csv.reader(lines, delimiter=separator, strict=True)
    header: tuple[str, ...] = ()
    header_line = width = 0
    try:
        while (found := next(reader, None)) is not None:
            line = before + reader.line_num
            if header and len(found) == 1 and _OTHER_HEADER.match(found[0]):
                # The other side of a merge was saved with another separator.
                separator, before = delimiter(found[0]), line
                reader = csv.reader(lines, delimiter=separator, strict=True)
                found = next(csv.reader(found, delimiter=separator, strict=True))
            cells = tuple(cell.strip() for cell in found)
            if not any(cells):
                continue
            if not header or cells[0] == "participant" or _names_columns(cells, header):
                width = len(cells)
                header = cells[: max(n for n, cell in enumerate(cells, 1) if cell)]
                header_line = line
                _check_header(header, line)
            yield _Row(line, cells, header, header_line, width, separator)
    except csv.Error:
        raise UserError.at(
            PARTICIPANTS,
            before + reader.line_num,
            "the row that ends here cannot be read",
            "Look at its quotation marks",
        ) from None
    if not header and text.strip():
        raise UserError.at(
            PARTICIPANTS,
            1,
            "no header",
            "The first line names the columns: `participant`, then any others",
        )


_OTHER_HEADER = re.compile(r"participant[,;\t]")


def _names_columns(cells: tuple[str, ...], header: tuple[str, ...]) -> bool:
    """Whether a row is a header again, whose first column is not that of the participants."""
    column = header.index("participant")
    return column < len(cells) and cells[column] == "participant"


def _check_header(header: Sequence[str], line: int) -> None:
    if "participant" not in header:
        raise UserError.at(
            PARTICIPANTS,
            line,
            'no column "participant" in the header',
            f"The columns are {limits.some(header)}",
        )
    for column, count in Counter(header).items():
        if count > 1:
            raise UserError.at(
                PARTICIPANTS, line, f'the column "{column}" stands twice', "Rename one"
            )


def without_participant(text: str, name: str) -> str:
    """`text` of participants.csv without the rows of `name`, and with nobody the same person as
    them; what else stands there stays.
    """
    lines = text.split("\n")
    gone: set[int] = set()
    before = 0
    for row in _rows(text):
        first = next(n for n in range(before + 1, row.line + 1) if lines[n - 1].strip())
        if not row.is_header and row.name == name:
            gone.update(range(first, row.line + 1))
        elif not row.is_header and row.attributes.get(SAME_PERSON) == name and first == row.line:
            line = lines[first - 1].removesuffix("\r")
            cells = next(csv.reader([line], delimiter=row.separator))
            cells[row.header.index(SAME_PERSON)] = ""
            out = io.StringIO()
            csv.writer(out, delimiter=row.separator, lineterminator="").writerow(cells)
            lines[first - 1] = out.getvalue() + lines[first - 1][len(line) :]
        before = row.line
    return "\n".join(line for number, line in enumerate(lines, 1) if number not in gone)


def delimiter(text: str) -> str:
    first = text.lstrip("\r\n").partition("\n")[0]
    return max(",;\t", key=first.count)


def add_participants(text: str, names: Sequence[str]) -> str:
    """`text` of participants.csv (which `loads_participants` takes) with a row for each of `names`
    at its end.

    They stand under the last header. What stood there stays as it is.
    """
    if not text.strip():
        return dumps(["participant"], [[name] for name in names])
    *_, last = _rows(text)
    newline = "\r\n" if "\r\n" in text else "\n"
    column = last.header.index("participant")
    out = io.StringIO()
    writer = csv.writer(out, delimiter=last.separator, lineterminator=newline)
    for name in names:
        writer.writerow([name if i == column else "" for i in range(last.width)])
    return text + ("" if text.endswith("\n") else newline) + out.getvalue()


def add_attributes(text: str, values: Mapping[str, Mapping[str, str]]) -> str:
    """`text` of participants.csv (which `loads_participants` takes) with attributes of participants
    who stand in it: a column more at the end for each that is new, a value where none stands. No
    other row changes. Raises UserError where the table has several headers, as after a merge.
    """
    rows = list(_rows(text))
    header = rows[0].header if rows else ()
    wanted = dict.fromkeys(column for said in values.values() for column in said)
    new = [column for column in wanted if column not in header]
    if sum(row.is_header for row in rows) > 1:
        raise UserError.at(
            PARTICIPANTS, rows[-1].header_line, "a second header", "Write one header first"
        )
    raw = list(io.StringIO(text, newline=""))
    columns = [*header, *new]
    before = 0
    lines: list[str] = []
    for row in rows:
        own = values.get(row.name, {}) if not row.is_header else {}
        cells = [*row.cells, *[""] * len(header)][: max(len(header), len(row.cells))]
        there = row.attributes if not row.is_header else {}
        added = {column: said for column, said in own.items() if not there.get(column)}
        cells[len(header) :] = new if row.is_header else [""] * len(new)
        for column, said in added.items():
            cells[columns.index(column)] = said
        first = before
        before = row.line
        if not new and not added:
            lines += raw[first:before]
            continue
        out = io.StringIO()
        end = "\r\n" if raw[before - 1].endswith("\r\n") else "\n"
        csv.writer(out, delimiter=row.separator, lineterminator=end).writerow(cells)
        lines += [line for line in raw[first : before - 1] if not line.strip()]
        lines.append(out.getvalue())
    return "".join([*lines, *raw[before:]])
