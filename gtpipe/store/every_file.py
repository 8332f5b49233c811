"""Every file in a study's folder, whoever wrote it: where words may stand that are to be gone."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from gtpipe.store import placing


def paths(root: Path) -> Iterator[str]:
    """The plain files below a folder, sorted, links not followed; what begins with a dot is left
    out of folders, and so are the packages of programs.
    """
    for folder, inner, names in os.walk(root):
        if "pyvenv.cfg" in names:
            inner.clear()
            continue
        inner[:] = sorted(
            name for name in inner if not name.startswith(".") and name != "node_modules"
        )
        for name in sorted(names):
            path = Path(folder) / name
            with suppress(OSError):
                if not placing.is_temporary(name) and stat.S_ISREG(os.lstat(path).st_mode):
                    yield path.relative_to(root).as_posix()
