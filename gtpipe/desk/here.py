"""The codes at the turn under the cursor, with their counts and notes; the one under the cursor
marked.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from rich.cells import cell_len
from rich.text import Text
from textual.widgets import Static

from gtpipe.desk.marks import marks
from gtpipe.desk.rows import fitted, said
from gtpipe.model.level import INITIAL
from gtpipe.model.names import one_line
from gtpipe.model.records import Coding

if TYPE_CHECKING:
    from gtpipe.desk.app import Desk

NOTE_LINES = 3
LEAST = 5  # lines of it, such that what is below stands still from turn to turn


class Here(Static):
    """The list above the panes."""

    _height = 0

    @property
    def desk(self) -> Desk:
        return cast("Desk", self.app)

    def look(self) -> None:
        """Show the codes of this turn."""
        here, chosen = self.desk.sitting.codings_at(self.desk.turn.id), self.desk.coding
        lines = Text("\n").join(self._line(coding, coding == chosen) for coding in here)
        height = max(lines.plain.count("\n") + 1, LEAST)
        self.update(lines if here else Text("No code here.", "dim"), layout=height != self._height)
        self._height = height

    def on_resize(self) -> None:
        self.look()

    def _line(self, coding: Coding, is_chosen: bool) -> Text:
        """A code; under the cursor with its note."""
        sitting, width = self.desk.sitting, max(self.size.width, 12)
        label = coding.typed if coding.level == INITIAL else f"{coding.level}: {coding.typed}"
        who = "" if coding.coder == sitting.coder else f" ({coding.coder})"
        number = str(sitting.counts[coding.code]) if coding.level == INITIAL else ""
        noted = " +note" if coding.note and not is_chosen else ""
        room = width - 2 - cell_len(f"{who}{noted}") - len(number) - 1
        label = fitted(label, room)
        mark = marks().chosen if is_chosen else marks().code
        line = Text(f"{mark} {label}{who}", "bold" if is_chosen else "")
        line.append(noted, "dim")
        line.append(f"{number:>{max(width - line.cell_len, 0)}}", "dim")
        if is_chosen and coding.note:
            for words in said(one_line(coding.note), width - 2, most=NOTE_LINES):
                line.append(f"\n  {words[0].text}", "italic dim")
        return line
