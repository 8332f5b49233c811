"""How the plain form asks for a line: in a terminal with completion, keys and a line at the foot;
anywhere else, one line of standard input after the other.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from prompt_toolkit.completion import Completer

CONTROL_KEYS = {"c-b": "b", "c-g": "g", "c-t": "n", "c-z": "u"}
"""A key with Ctrl means the letter alone on a line; what was typed so far is kept."""


class Lines(Protocol):
    """Where lines come from. `keeps`: a line that could not be done stands there again."""

    keeps: bool

    def code(
        self, prompt: str, typed: str, foot: str, completer: Callable[[], Completer]
    ) -> tuple[str, str]:
        """A line, and the letter of the key that ended it ("": Enter). Raises EOFError."""

    def more(self, prompt: str, standing: str, foot: str) -> str | None:
        """A line that belongs to the one before; None where it was left."""


def is_full_terminal() -> bool:
    """Whether a person sees and types, and the cursor can be moved."""
    dumb = os.environ.get("TERM", "").casefold() in ("", "dumb", "unknown")
    return sys.stdin.isatty() and sys.stdout.isatty() and not dumb


def has_screen() -> bool:
    """Whether the desk can be shown, which draws on standard error."""
    return is_full_terminal() and sys.stderr.isatty()


class TerminalLines:
    keeps = True

    def __init__(self) -> None:
        from prompt_toolkit import PromptSession
        from prompt_toolkit.key_binding import KeyBindings

        keys = KeyBindings()
        for key, letter in CONTROL_KEYS.items():
            keys.add(key, eager=True)(
                lambda event, letter=letter: event.app.exit(
                    result=(event.app.current_buffer.text, letter)
                )
            )
        self._codes: PromptSession[str | tuple[str, str]] = PromptSession(
            key_bindings=keys, complete_while_typing=True, reserve_space_for_menu=5
        )
        self._more: PromptSession[str] = PromptSession()

    def code(
        self, prompt: str, typed: str, foot: str, completer: Callable[[], Completer]
    ) -> tuple[str, str]:
        answer = self._codes.prompt(
            prompt, completer=completer(), default=typed, bottom_toolbar=foot
        )
        return (answer, "") if isinstance(answer, str) else answer

    def more(self, prompt: str, standing: str, foot: str) -> str | None:
        try:
            return self._more.prompt(prompt, default=standing, bottom_toolbar=foot)
        except EOFError:
            return None


class PlainLines:
    """Lines of standard input. Where somebody types them, what is asked stands before them; an
    empty answer keeps what is shown in brackets.
    """

    keeps = False

    def __init__(self) -> None:
        self._is_asked = sys.stdin.isatty()

    def code(
        self, prompt: str, typed: str, foot: str, completer: Callable[[], Completer]
    ) -> tuple[str, str]:
        return self._read(prompt), ""

    def more(self, prompt: str, standing: str, foot: str) -> str | None:
        shown = f"{prompt}[{standing}] " if standing else prompt
        try:
            return self._read(shown) or standing
        except EOFError:
            return None

    def _read(self, prompt: str) -> str:
        if self._is_asked:
            sys.stdout.flush()
            sys.stderr.write(prompt)
            sys.stderr.flush()
        line = sys.stdin.readline()
        if not line:
            raise EOFError
        return line.rstrip("\r\n")
