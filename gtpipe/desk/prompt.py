"""The line at the bottom: the only place where one types."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, cast

from textual.app import ComposeResult
from textual.containers import Vertical
from textual.widgets import Input, Static

if TYPE_CHECKING:
    from gtpipe.desk.app import Desk


class Prompt(Vertical):
    """Hidden until something is asked."""

    DEFAULT_CSS = """
    Prompt { height: auto; display: none; padding: 0 1; }
    Prompt Input { border: none; height: 1; padding: 0; }
    """

    then: Callable[[str], None] | None = None

    @property
    def desk(self) -> Desk:
        return cast("Desk", self.app)

    def compose(self) -> ComposeResult:
        yield Static(id="asked", markup=False)
        yield Input(id="line")

    def ask(
        self, what: str, then: Callable[[str], None], default: str = "", *, labels: bool = False
    ) -> None:
        """Ask for a line; `then` gets it."""
        self.then = then
        self.query_one("#asked", Static).update(what)
        line = self.query_one(Input)
        line.value = default
        self.display = True
        line.focus()

    def close(self) -> None:
        self.display = False

    def on_input_submitted(self, event: Input.Submitted) -> None:
        then, self.then = self.then, None
        self.close()
        self.desk.words.focus()
        if then is not None and event.value.strip():
            then(event.value)

    def code(self) -> None:
        """Ask for a code for the selected words, or the turn."""
        self.ask("code", self._code, labels=True)

    def _code(self, typed: str) -> None:
        desk = self.desk
        if desk.act(lambda: desk.sitting.code(desk.turn, typed, desk.selected_words)):
            desk.words.unselect()

    def note(self) -> None:
        """Ask for a note on the code under the cursor."""

    def define(self) -> None:
        """Ask for a definition of the code under the cursor."""

    def find(self) -> None:
        """Ask what to find in words and codes."""
