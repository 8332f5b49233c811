"""To be written."""

from __future__ import annotations

from textual.widgets import Static


class CodeBook(Static, can_focus=True):
    def look(self) -> None:
        """Show what the sitting says now."""

    def next_uncoded(self) -> None:
        """To the next turn without a code of one's own."""
