"""`data/derived/`: files that can be made again, written where they do not stand right already."""

from __future__ import annotations

import os
import posixpath
from collections.abc import Iterable, Mapping
from contextlib import suppress

from gtpipe.store import placing
from gtpipe.store.layout import Study
from gtpipe.store.own_files import check_folder


def write_derived(
    study: Study, files: Mapping[str, bytes | None], owned: Iterable[str]
) -> tuple[str, ...]:
    """Make the derived `files` stand as given (None: as they do); of those in `owned` that are not
    among them, none stays.

    A file that is right already is not touched. Returns the paths that changed. Call it under
    `locked`.
    """
    changed = []
    for path in sorted(owned):
        if path not in files:
            os.unlink(study.path(path))
            changed.append(path)
    checked: set[str] = set()
    for path, content in files.items():
        if content is None:
            continue
        target, folder = study.path(path), posixpath.dirname(path)
        if folder not in checked:
            check_folder(study, folder)
            target.parent.mkdir(parents=True, exist_ok=True)
            checked.add(folder)
        if not target.is_symlink():
            with suppress(FileNotFoundError):
                if target.read_bytes() == content:
                    continue
        placing.replace(target, content, placing.mode_of(target), sync=False)
        changed.append(path)
    return tuple(sorted(changed))
