"""Changes of files as a unified diff, for `--dry-run`."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from difflib import unified_diff

from gtpipe.store.transaction import FileChange


def as_diff(changes: Iterable[FileChange]) -> Iterator[str]:
    """The edits line by line; of what is no text, that it would change."""
    for change in changes:
        try:
            before, after = (
                (content or b"").decode("utf-8").split("\n")
                for content in (change.before, change.after)
            )
        except UnicodeDecodeError:
            yield f"{change.path}: would be {_how(change)}"
            continue
        target = change.path if change.after is not None else "/dev/null"
        for line in unified_diff(before, after, change.path, target, n=1, lineterm=""):
            yield line.rstrip("\n")


def _how(change: FileChange) -> str:
    if change.after is None:
        return "removed"
    return "made again" if change.before is None else "as it was before"
