"""Every file in a study's folder, whoever wrote it: where words may stand that are to be gone."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from gtpipe.store import placing
from gtpipe.store.layout import CACHE

LEFT_OUT = (".git", CACHE, "node_modules")


def paths(root: Path) -> Iterator[str]:
    """The plain files below a folder, sorted, links not followed; in folders that begin with a
    dot too, as a trash can or an editor's copies. What git and gtpipe keep is left out, and so are
    the packages of programs.
    """
    for folder, inner, names in os.walk(root):
        if "pyvenv.cfg" in names:
            inner.clear()
            continue
        inner[:] = sorted(name for name in inner if name not in LEFT_OUT)
        for name in sorted(names):
            path = Path(folder) / name
            with suppress(OSError):
                if not placing.is_temporary(name) and stat.S_ISREG(os.lstat(path).st_mode):
                    yield path.relative_to(root).as_posix()
