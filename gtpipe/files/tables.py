"""CSV files: the pipeline's own (`data/derived`, `data/ingested`) and the participants' table, which is a person's."""

from __future__ import annotations

import csv
import io
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from gtpipe import limits
from gtpipe.errors import Problem, UserError, error
from gtpipe.model import Participant, Where
from gtpipe.study import PARTICIPANTS


_SOURCE = "source"
_EARLIER = "earlier"


def dumps(header: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """Comma, line feed, quotes only where needed."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(header)
    writer.writerows(rows)
    return out.getvalue()


@dataclass(frozen=True)
class Ingested:
    """`data/ingested/<interview>.csv`: turn id → hash of the words as read, in the source's order; and the source's digest.

    `earlier` are hashes of words that a turn had before its source was corrected.
    """

    turns: dict[str, str]
    source: str = ""
    earlier: tuple[tuple[str, str], ...] = ()

    def dumps(self) -> str:
        rows = [*([(_SOURCE, self.source)] if self.source else []), *self.turns.items(),
                *((f"{_EARLIER} {turn}", hash) for turn, hash in self.earlier)]
        return dumps(("turn", "hash"), rows)

    def had(self, turn: str, hash: str) -> bool:
        """Whether these were once the words of the turn, as read."""
        return bool(hash) and (self.turns.get(turn) == hash or (turn, hash) in self.earlier)


def loads_ingested(text: str) -> Ingested:
    """What ingest recorded. Ids of turns begin with a digit; `source` and `earlier 2` are other things."""
    try:
        rows = list(csv.reader(io.StringIO(text, newline="")))
    except csv.Error:
        return Ingested({})
    pairs = [(row[0], row[1]) for row in rows[1:] if len(row) == 2]
    return Ingested(
        {turn: hash for turn, hash in pairs if turn[:1].isdigit()},
        next((hash for turn, hash in pairs if turn == _SOURCE), ""),
        tuple((turn.removeprefix(_EARLIER).strip(), hash) for turn, hash in pairs if turn.startswith(_EARLIER)),
    )


def loads_participants(text: str) -> tuple[dict[str, Participant], list[Problem]]:
    """Participants by name, and what is wrong with the table. Commas, semicolons or tabs, as the header has them."""
    problems: list[Problem] = []
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter(text), strict=True)
    participants: dict[str, Participant] = {}
    header: list[str] = []
    try:
        for row in reader:
            cells = [cell.strip() for cell in row]
            if not any(cells):
                continue
            if not header:
                header = cells[: max(n for n, cell in enumerate(cells, 1) if cell)]
                _check_header(header, reader.line_num)
                continue
            if len(cells) > len(header) and any(cells[len(header) :]):
                problems.append(error(PARTICIPANTS, reader.line_num, "this row has more cells than the header",
                                      "Put a value that holds the separator in double quotes"))
            values = dict(zip(header, cells + [""] * len(header)))
            name = values.pop("participant")
            if not name:
                problems.append(error(PARTICIPANTS, reader.line_num, "this row names no participant"))
            elif name in participants:
                problems.append(error(PARTICIPANTS, reader.line_num, f'the participant "{name}" stands twice',
                                      f"The first is at line {participants[name].where.line}; keep one row"))
            else:
                participants[name] = Participant(name, tuple(values.items()), Where(PARTICIPANTS, reader.line_num))
    except csv.Error:
        raise UserError(
            error(
                PARTICIPANTS,
                reader.line_num,
                "the row that ends here cannot be read",
                "Look at its quotation marks",
            )
        ) from None
    if not header and text.strip():
        raise UserError(error(PARTICIPANTS, 1, "no header", "The first line names the columns: `participant`, then any others"))
    return participants, problems


def _check_header(header: list[str], line: int) -> None:
    if "participant" not in header:
        raise UserError(error(PARTICIPANTS, line, 'no column "participant" in the header',
                              f"The columns are {limits.some(header)}"))
    for column, count in Counter(header).items():
        if count > 1:
            raise UserError(error(PARTICIPANTS, line, f'the column "{column}" stands twice', "Rename one"))


def delimiter(text: str) -> str:
    first = text.lstrip("\r\n").partition("\n")[0]
    return max(",;\t", key=first.count)


def add_participants(text: str, names: Sequence[str]) -> str:
    """`text` of participants.csv (which `loads_participants` takes) with a row for each of `names` at its end.

    What stood there stays as it is.
    """
    if not text.strip():
        return dumps(["participant"], [[name] for name in names])
    separator = delimiter(text)
    newline = "\r\n" if "\r\n" in text else "\n"
    header = next(row for row in csv.reader(io.StringIO(text, newline=""), delimiter=separator) if any(row))
    column = [cell.strip() for cell in header].index("participant")
    out = io.StringIO()
    writer = csv.writer(out, delimiter=separator, lineterminator=newline)
    for name in names:
        writer.writerow([name if i == column else "" for i in range(len(header))])
    return text + ("" if text.endswith("\n") else newline) + out.getvalue()
