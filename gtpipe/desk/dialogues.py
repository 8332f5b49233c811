"""What is written beside coding: memo, focused code, negative case, comment, bookmark; and the page
of all keys.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from gtpipe.desk.app import Desk


def go_to(desk: Desk) -> None:
    """Ask for a turn or an incident, and go there."""


def memo(desk: Desk) -> None:
    """A memo on what is under the cursor."""


def take_up(desk: Desk) -> None:
    """The code under the cursor taken up under a focused code."""


def negative(desk: Desk) -> None:
    """Write down that the incident under the cursor does not fit."""


def comment(desk: Desk) -> None:
    """A comment on what is under the cursor."""


def bookmark(desk: Desk) -> None:
    """Bookmark this place with a question."""


def show_keys(desk: Desk) -> None:
    """All keys, on a page of their own."""
