"""What other programs do to the files of the study, seen while the desk is open."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from gtpipe.desk.app import Desk


def look(desk: Desk) -> None:
    """Take in what changed since it was read. Called about once a second."""
