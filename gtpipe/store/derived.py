"""`data/derived/`: files that can be made again, written where they do not stand right already."""

from __future__ import annotations

import os
import posixpath
from collections.abc import Iterable
from contextlib import suppress

from gtpipe.store import placing
from gtpipe.store.layout import Study
from gtpipe.store.own_files import check_folder


def write_derived(
    study: Study, files: Iterable[tuple[str, bytes]], gone: Iterable[str] = ()
) -> tuple[str, ...]:
    """Make the derived `files`, paths with their content, stand as given; none of `gone` stays.

    A file that is right already is not touched, and none before the last one was laid out; only
    then is it asked what is `gone`. Returns the paths that changed. Call it under `locked`.
    """
    root, mode_of_new = f"{study.root}/", placing.mode_of_new()
    laid: dict[str, str] = {}
    is_empty: dict[str, bool] = {}
    try:
        for path, content in files:
            folder, target, mode = posixpath.dirname(path), root + path, mode_of_new
            if folder not in is_empty:
                check_folder(study, folder)
                os.makedirs(root + folder, exist_ok=True)
                is_empty[folder] = not os.listdir(root + folder)
            if not is_empty[folder]:
                if _holds(target, content):
                    continue
                mode = placing.mode_of(target)
            temporary = f"{root}{folder}/{placing.temporary_name()}"
            laid[path] = temporary
            placing.make(temporary, content, mode, sync=False)
        gone = sorted(gone)
        for path in gone:
            os.unlink(root + path)
        for path, temporary in laid.items():
            os.replace(temporary, root + path)
    except BaseException:
        for temporary in laid.values():
            with suppress(OSError):
                os.unlink(temporary)
        raise
    return tuple(sorted([*laid, *gone]))


def _holds(path: str, content: bytes) -> bool:
    """Whether a file, and no link, holds just `content`."""
    if os.path.islink(path):
        return False
    try:
        with open(path, "rb", buffering=0) as file:
            return file.read(len(content) + 1) == content
    except FileNotFoundError:
        return False
