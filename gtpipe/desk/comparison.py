"""To be written."""

from __future__ import annotations

from textual.widgets import Static


class Comparison(Static, can_focus=True):
    def look(self) -> None:
        """Show what the sitting says now."""

    def pin(self) -> None:
        """Keep to the code under the cursor; or follow the cursor again."""

    def mark(self) -> None:
        """Mark the code under the cursor: two marked ones stand side by side."""

    def next_of_other(self) -> None:
        """To the next turn of another participant with the code under the cursor."""
