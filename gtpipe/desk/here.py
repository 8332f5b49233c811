"""The codes at the turn under the cursor, with their counts; the one under the cursor marked."""

from __future__ import annotations

from textual.widgets import Static


class Here(Static):
    def look(self) -> None:
        """Show the codes of this turn."""
        from gtpipe.desk.app import Desk

        desk = self.app
        assert isinstance(desk, Desk)
        here = desk.sitting.codings_at(desk.turn.id)
        chosen = desk.coding
        self.update(
            "\n".join(f"{'>' if c == chosen else ' '} {c.typed}" for c in here) or "No code here."
        )
