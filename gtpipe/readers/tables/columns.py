"""Rows of a table in, turns out.

Which column says who speaks, which holds the words, which the time, `column_headers` finds.

What no turn takes up (other columns, the header row, a label said again) is an aside, so that
every word of the table is accounted for.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from gtpipe.model import limits
from gtpipe.model.names import one_line
from gtpipe.model.problems import UserError
from gtpipe.model.records import TIME
from gtpipe.readers.reading import Aside, Hints, SourceTurn
from gtpipe.readers.tables import column_headers
from gtpipe.readers.tables.column_headers import Layout, Row, letter

_SECONDS = (
    "start, start time, starttime, start s, start seconds, begin, begin time, time, timestamp, in, "
    "begin time ss msec"
).split(", ")
_MILLISECONDS = "start ms, begin time msec, begin ms, start milliseconds".split(", ")
_UNITS = {**dict.fromkeys(_SECONDS, 1), **dict.fromkeys(_MILLISECONDS, 1000)}
WITHIN = "time within a turn"  # as an aside: the time of a row that goes on
_SECONDS_NUMBER = re.compile(r"\d{1,9}(?:[.,]\d{1,9})?")


@dataclass(frozen=True)
class TableTurns:
    """The turns of a table.

    `remarks` say which columns were taken for what, as `columns` does in words.
    """

    turns: tuple[SourceTurn, ...]
    left_out: tuple[tuple[int, str], ...]
    asides: tuple[Aside, ...]
    remarks: tuple[str, ...]
    columns: str
    layout: Layout

    def labels(self) -> set[str]:
        return {turn.label for turn in self.turns}


def turns_in_table(rows: Sequence[Row], path: str, hints: Hints) -> TableTurns | None:
    """Who says what in a table, None where no column says who speaks.

    Raises UserError for a named column that is not there.

    An empty speaker cell: the speaker before goes on. Rows of one speaker in a row are one turn,
    each row a line of it.

    >>> rows = [Row(1, ("Ana", "So?")), Row(2, ("Bo", "No.")), Row(3, ("", "Not I."))]
    >>> found = turns_in_table(rows, "talk.csv", Hints(frozenset({"Ana", "Bo"})))
    >>> [(turn.label, turn.text) for turn in found.turns]
    [('Ana', 'So?'), ('Bo', 'No.\\nNot I.')]
    """
    filled = [row for row in rows if any(cell.strip() for cell in row.cells)]
    if not filled:
        return None
    width = max(len(row.cells) for row in filled)
    limits.refuse_many(len(filled), limits.LINES, "rows", path)
    limits.refuse_many(width, limits.COLUMNS, "columns", path)
    table = [
        Row(
            row.number, tuple(cell.strip() for cell in row.cells) + ("",) * (width - len(row.cells))
        )
        for row in filled
    ]
    layout = column_headers.layout_of(table, path, hints)
    if layout.words < 0:
        return None
    monologue = "" if layout.speaker >= 0 else hints.only_speaker
    if layout.speaker < 0 and not monologue:
        return None
    return _TurnGatherer(table, layout, hints, monologue).turns()


def turns_or_error(rows: Sequence[Row], path: str, hints: Hints) -> TableTurns:
    """The same for a file that is one table: UserError showing the columns where they are not
    understood.
    """
    table = turns_in_table(rows, path, hints)
    if table is not None and hints.monologue and table.columns.startswith("speaker"):
        raise UserError.at(
            path,
            None,
            f"--monologue is for a source where nothing says who speaks; "
            f"here is the {table.columns}",
            "Leave --monologue out",
        )
    if table is not None and (table.turns or table.left_out):
        _refuse_sorted_by_speaker(table, path)
        return table
    filled = [row for row in rows if any(cell.strip() for cell in row.cells)]
    if not filled:
        raise UserError.at(path, None, "this table holds no words", "Is it the right file?")
    seen = "; ".join(
        f"{letter(index)}: {one_line(cell)[:30]}" for index, cell in enumerate(filled[0].cells[:12])
    )
    below = (
        " | ".join(one_line(cell)[:40] for cell in filled[1].cells[:12]) if len(filled) > 1 else ""
    )
    raise UserError.at(
        path,
        filled[0].number,
        f"it is not clear which columns of this table say who speaks and what. "
        f"The columns begin {seen}",
        f"{column_headers.DO}; if one person speaks throughout, --monologue NAME",
        excerpt=below,
    )


def _refuse_sorted_by_speaker(table: TableTurns, path: str) -> None:
    """Raises UserError where each speaker has one turn and a later one begins sooner than the one
    above ends, as annotation programs write one tier after another: that is nobody's order.
    """
    if len(table.turns) > limits.LABELS or len(table.labels()) < len(table.turns):
        return
    within = [aside for aside in table.asides if aside.what == WITHIN]
    for above, below in pairwise(table.turns):
        last = next((a for a in reversed(within) if above.line < a.number < below.line), None)
        began, ended = (_seconds(time) for time in (below.lead, last.words if last else ""))
        if last is not None and began is not None and ended is not None and began < ended:
            raise UserError.at(
                path,
                below.line,
                "this table is sorted by speaker, not by time: "
                f"this row begins sooner than the one above it ({last.words})",
                "Sort its rows by the time at which they begin, and ingest it again",
            )


def _seconds(written: str) -> float | None:
    """The first time in these words, in seconds (or what the table counts), None for none."""
    clock = re.search(TIME, written)
    if clock:
        hours, minutes, seconds = ["0", "0", *clock.group().replace(",", ".").split(":")][-3:]
        return int(hours) * 3600 + int(minutes) * 60 + float(seconds)
    number = _SECONDS_NUMBER.search(written)
    return float(number.group().replace(",", ".")) if number else None


def seconds_as_time(seconds: float) -> str:
    """The second in which it begins.

    >>> seconds_as_time(65.2)
    '00:01:05'
    """
    whole = int(seconds)
    return f"{whole // 3600:02d}:{whole // 60 % 60:02d}:{whole % 60:02d}"


class _TurnGatherer:
    """Goes through the rows once; a turn grows until another speaks."""

    def __init__(self, table: list[Row], layout: Layout, hints: Hints, monologue: str) -> None:
        self.table, self.layout, self.hints, self.monologue = table, layout, hints, monologue
        self.header = table[layout.header].cells if layout.header >= 0 else ()
        self.left_out: list[tuple[int, str]] = []
        self.asides: list[Aside] = []
        self.done: list[SourceTurn] = []
        self.said: list[str] = []
        self.seconds = False
        self.divisor = _divisor(table, layout)

    def turns(self) -> TableTurns:
        for index, row in enumerate(self.table):
            if index < self.layout.header:
                self.left_out.append((row.number, " ".join(filter(None, row.cells))))
            elif row.cells == self.header:
                header = "header row" if index == self.layout.header else "repeated header row"
                self._aside(row, header, " ".join(filter(None, row.cells)))
            else:
                self._row(row)
        self._close()
        columns = self._described()
        remarks = [columns]
        if self.seconds:
            counted = "milliseconds" if self.divisor == 1000 else "seconds"
            remarks.append(f"times in {counted} are written as hours, minutes and seconds")
        return TableTurns(
            tuple(self.done),
            tuple(self.left_out),
            tuple(self.asides),
            tuple(remarks),
            columns,
            self.layout,
        )

    def _row(self, row: Row) -> None:
        layout = self.layout
        words = row.cells[layout.words]
        who = row.cells[layout.speaker] if layout.speaker >= 0 else ""
        label, beside = (self.monologue, "") if self.monologue else column_headers.split_label(who)
        for index, cell in enumerate(row.cells):
            if cell and index not in (layout.speaker, layout.words, layout.time):
                self.asides.append(Aside(row.number, self._column(index), cell))
        if label and not self._may_speak(label):
            # Its words are words after all, where it has any; a row of nothing else is a heading.
            if words:
                words = f"{who} {words}"
            else:
                self._aside(row, self._column(layout.speaker), who)
        elif self.done and label == self.done[-1].label and not self.monologue:
            self._aside(row, "repeated label", who)
        elif label and (words or not self.monologue):
            self._open(row, label, who, beside, words)
            return
        elif who:
            self._aside(row, self._column(layout.speaker), who)
        self._go_on(row, words)

    def _go_on(self, row: Row, words: str) -> None:
        """A row in which the one before speaks on, or nobody does."""
        time = self.layout.time
        if time >= 0:
            is_within = words and self.done
            self._aside(row, WITHIN if is_within else self._column(time), row.cells[time])
        if words and self.done:
            self.said.append(words)
        elif words:
            self.left_out.append((row.number, words))

    def _open(self, row: Row, label: str, who: str, beside: str, words: str) -> None:
        self._close()
        layout = self.layout
        written = row.cells[layout.time] if layout.time >= 0 else ""
        time = self._time(written)
        lead = {layout.speaker: one_line(who)} if who else {}
        if time and column_headers.ONLY_MARKS.fullmatch(written):
            lead[layout.time] = one_line(written)
        elif written:
            self._aside(row, self._column(layout.time), written)
        text = " ".join(lead[index] for index in sorted(lead))
        self.done.append(
            SourceTurn(label, time or beside, "", row.number, text + " " if text else "")
        )
        self.said = [words]

    def _close(self) -> None:
        if self.done:
            self.done[-1] = self.done[-1]._replace(
                text="\n".join(words for words in self.said if words).strip()
            )

    def _aside(self, row: Row, what: str, words: str) -> None:
        if words:
            self.asides.append(Aside(row.number, what, words))

    def _may_speak(self, label: str) -> bool:
        if label in self.hints.not_speakers:
            return False
        return bool(self.monologue) or label in self.hints or not self.hints.only_known

    def _time(self, written: str) -> str:
        match = column_headers.A_TIME.match(written)
        if match:
            return match["time"]
        if self.divisor and _SECONDS_NUMBER.fullmatch(written):
            self.seconds = True
            return seconds_as_time(float(written.replace(",", ".")) / self.divisor)
        return ""

    def _column(self, index: int) -> str:
        return f'column "{self._name(index)}"'

    def _name(self, index: int) -> str:
        return (
            one_line(self.header[index])[:40]
            if self.header and self.header[index]
            else letter(index)
        )

    def _described(self) -> str:
        layout = self.layout
        roles = (("speaker", layout.speaker), ("words", layout.words), ("time", layout.time))
        parts = [f'{what} in "{self._name(index)}"' for what, index in roles if index >= 0]
        return ", ".join(parts).replace(" in ", " in column ", 1)


def _divisor(table: list[Row], layout: Layout) -> int:
    """What to divide numbers in the time column by to have seconds; 0 where they are none.

    Whisper's tables count milliseconds, and so do those whose times are whole and far apart.
    """
    if layout.time < 0:
        return 0
    if layout.header < 0:
        return column_headers.begins_and_ends(table).get(layout.time, 0)
    names = [column_headers.plain_heading(cell) for cell in table[layout.header].cells]
    if names == ["start", "end", "text"] and all(
        row.cells[0].isdecimal() for row in table[layout.header + 1 :]
    ):
        return 1000
    return _UNITS.get(names[layout.time], 0)
