"""A desk without a terminal: keys are pressed, and what is seen is text."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from pathlib import Path

from textual import events
from textual.pilot import Pilot

from gtpipe.desk.app import Desk
from gtpipe.desk.sitting import Sitting
from gtpipe.store.layout import Study

Pressing = Callable[[Pilot[None], Desk], Awaitable[None]]


def at_desk(
    root: Path, name: str, pressing: Pressing, size: tuple[int, int] = (110, 30), by: str = "PM"
) -> None:
    """Sit at the desk of a study, and do what `pressing` does."""

    async def sit() -> None:
        desk = Desk(Sitting.begin(Study(root), name, by))
        async with desk.run_test(size=size) as pilot:
            await pilot.pause()
            await pressing(pilot, desk)

    asyncio.run(sit())


async def typed(pilot: Pilot[None], text: str) -> None:
    """Type letters one by one."""
    await pilot.press(*("space" if letter == " " else letter for letter in text))


async def pasted(pilot: Pilot[None], text: str) -> None:
    """Put in a text at once, as a terminal hands on what is pasted."""
    pilot.app.post_message(events.Paste(text))
    await pilot.pause()


def seen(desk: Desk) -> list[str]:
    """The screen as text, line by line."""
    return [strip.text.rstrip() for strip in desk.screen._compositor.render_strips()]
