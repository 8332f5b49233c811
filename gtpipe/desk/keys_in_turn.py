"""Each key is done with before the next one is looked at.

Textual hands a key to whatever has the focus when it arrives. Where several arrive at once, over a
slow line or pasted as keys, that is the pane before the first of them did anything: what was meant
for the line at the bottom would be taken for keys of the words.
"""

from __future__ import annotations

from collections import deque

from textual import events
from textual.app import App
from textual.message_pump import MessagePump


class KeysInTurn(App[None]):
    """An app in which keys wait for one another."""

    def __init__(self, *, ansi_color: bool | None = None) -> None:
        super().__init__(ansi_color=ansi_color)
        self._waiting: deque[events.Event] = deque()

    async def on_event(self, event: events.Event) -> None:
        if not isinstance(event, events.Key | events.Paste) or event.is_forwarded:
            await super().on_event(event)
            return
        self._waiting.append(event)
        if len(self._waiting) == 1:
            await self._next_key()

    def before_key(self) -> None:
        """What is done before a key is looked at."""

    async def _next_key(self) -> None:
        self.before_key()
        await super().on_event(self._waiting[0])
        await self._follow(self.focused or self.screen)

    async def _follow(self, pump: MessagePump) -> None:
        """Go behind the key from one that it is handed to to the next, up to the app."""
        at: MessagePump | None = pump
        while at is not None and at is not self:
            if at.call_later(self._follow_on, at):
                return
            at = at._parent
        self._waiting.popleft()
        if self._waiting:
            await self._next_key()

    async def _follow_on(self, pump: MessagePump) -> None:
        """What `pump` was handed is done with; what it hands on is before this."""
        parent = pump._parent
        if parent is None or parent is self:
            self.call_later(self._follow, self)
        else:
            await self._follow(parent)
