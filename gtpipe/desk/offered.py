"""To be written."""

from __future__ import annotations

from textual.widgets import Static


class Offered(Static, can_focus=True):
    def look(self) -> None:
        """Show what the sitting says now."""

    is_wanted = False

    def suggest(self) -> None:
        """Show suggestions for the turn under the cursor, or hide them."""
