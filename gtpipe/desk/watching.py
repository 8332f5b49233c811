"""What other programs do to the files of the study, seen while the desk is open.

The files are looked at once a second: size, times, place on the disk. Nothing is asked of the
system, which tells of nothing that another computer writes into a shared folder. A look at a
study of a hundred interviews takes a few milliseconds.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from gtpipe.store import settings
from gtpipe.store.layout import DATA, DERIVED, LOG, SOURCES, Study

if TYPE_CHECKING:
    from gtpipe.desk.app import Desk

_NOT_LOOKED_AT = {DERIVED, SOURCES, LOG}
_Stamp = tuple[int, int, int, int]


class Watch:
    """What the files that people write looked like at the last look."""

    def __init__(self, study: Study) -> None:
        self._root = str(study.root)
        self._seen = self._stamps()

    def changed(self) -> list[str]:
        """The files that came, went or changed since the last look."""
        before, self._seen = self._seen, self._stamps()
        return sorted({path for path, _ in before.items() ^ self._seen.items()})

    def _stamps(self) -> dict[str, _Stamp]:
        found: dict[str, _Stamp] = {}
        self._look_in("", found, {settings.FILE})
        self._look_in(DATA, found)
        return found

    def _look_in(self, folder: str, found: dict[str, _Stamp], only: set[str] | None = None) -> None:
        """What cannot be looked at is not there: who reads it says why."""
        try:
            with os.scandir(os.path.join(self._root, folder)) as entries:
                here = [one for one in entries if only is None or one.name in only]
        except OSError:
            return
        for one in here:
            path = f"{folder}/{one.name}" if folder else one.name
            if one.name.startswith(".") or path in _NOT_LOOKED_AT:
                continue
            try:
                if one.is_dir() and folder == DATA:
                    self._look_in(path, found)
                else:
                    stat = one.stat()
                    times = stat.st_mtime_ns, stat.st_ctime_ns
                    found[path] = (*times, stat.st_size, stat.st_ino)
            except OSError:
                continue


def look(desk: Desk) -> None:
    """Take in what changed since it was read, and say so. Called about once a second."""
    sitting = desk.sitting
    was_broken = sitting.broken
    paths = sitting.look_around()
    if not paths:
        return
    desk.look()
    if sitting.broken is None:
        more = f" and {len(paths) - 1} more" if len(paths) > 1 else ""
        how = "mended, and read again" if was_broken else "changed elsewhere, and read again"
        desk.tell(f"{paths[0]}{more}: {how}.")
