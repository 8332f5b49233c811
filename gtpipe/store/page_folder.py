"""A folder that gtpipe alone fills with pages: written all or nothing, and never where a person has
files of their own.

The folder keeps a list of what gtpipe wrote there, by digest. Whatever else lies in it is a
person's: then nothing is written.
"""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from pathlib import Path, PurePosixPath

from gtpipe.model.problems import UserError, error
from gtpipe.store import placing
from gtpipe.store.layout import digest
from gtpipe.text import jsontext

LISTED = ".gtpipe-pages.json"
IGNORED = ".gitignore"  # the folder holds participants' words: git leaves it alone wherever it is
_IGNORE_ALL = b"*\n"
_NOBODYS = (".DS_Store", "Thumbs.db", "desktop.ini")


class PageFolder:
    """A folder of pages as it stands. `standing` maps each page that is there as gtpipe wrote it to
    its digest.

    Raises UserError where something else than gtpipe's pages lies there.
    """

    def __init__(self, folder: Path, shown: str) -> None:
        """`shown` is the folder as messages call it."""
        self.folder, self._shown = folder, shown
        if folder.exists() and not folder.is_dir():
            raise self._not_ours("", "this is a file; the pages need a folder")
        self._listed = self._read_list()
        self.standing: dict[str, str] = {}
        for path in sorted(self._there()):
            content = (folder / path).read_bytes()
            if digest(content) not in self._listed.get(path, ()):
                raise self._not_ours(path, "this was not written by gtpipe, or changed since")
            self.standing[path] = digest(content)

    def _not_ours(self, path: str, what: str) -> UserError:
        place = f"{self._shown}/{path}" if path else self._shown
        do = "Move it away, or choose another folder with --output DIR; nothing was written"
        return UserError(error(place, None, what, do))

    def _read_list(self) -> dict[str, tuple[str, ...]]:
        try:
            found = jsontext.loads((self.folder / LISTED).read_bytes())
        except (OSError, ValueError):
            return {}
        if not isinstance(found, dict):
            return {}
        return {
            path: tuple(map(str, kept)) for path, kept in found.items() if isinstance(kept, list)
        }

    def _there(self) -> Iterator[str]:
        """The files in the folder but for gtpipe's own two. A link is a person's."""
        for place, folders, names in os.walk(self.folder):
            for name in list(folders):
                if placing.is_temporary(name):  # left by a command that was killed
                    folders.remove(name)
                elif (Path(place) / name).is_symlink():
                    raise self._not_ours(self._inside(place, name), "this is a link")
            for name in names:
                path = self._inside(place, name)
                if (Path(place) / name).is_symlink():
                    raise self._not_ours(path, "this is a link")
                if path == IGNORED and (self.folder / path).read_bytes() == _IGNORE_ALL:
                    continue
                if path != LISTED and name not in _NOBODYS and not placing.is_temporary(name):
                    yield path

    def _inside(self, place: str, name: str) -> str:
        return (Path(place) / name).relative_to(self.folder).as_posix()

    def write(self, files: Iterable[tuple[str, bytes | None]]) -> tuple[str, ...]:
        """Have the folder hold these pages and no other; None is one that stands right. Returns the
        paths that changed, those that went included.

        The new ones are written beside the old before any of these is replaced: where there is no
        room for them, OSError, and the old pages stand.
        """
        self.folder.mkdir(parents=True, exist_ok=True)
        beside = placing.beside(self.folder / "new")
        for old in self.folder.glob(".*" + placing.TEMPORARY):
            shutil.rmtree(old, ignore_errors=True)
        beside.mkdir(mode=0o700)
        try:
            return self._put(beside, files)
        finally:
            shutil.rmtree(beside, ignore_errors=True)

    def _put(self, beside: Path, files: Iterable[tuple[str, bytes | None]]) -> tuple[str, ...]:
        kept: dict[str, str] = {}
        new: dict[str, str] = {}
        mode = placing.mode_of(self.folder / LISTED)
        for path, content in files:
            if content is None:
                kept[path] = self.standing[path]
                continue
            kept[path] = digest(content)
            if self.standing.get(path) != kept[path]:
                new[path] = f"{len(new)}"
                placing.make(beside / new[path], content, mode, sync=False)
        gone = sorted(set(self.standing) - set(kept))
        if new or gone or {path: (mark,) for path, mark in kept.items()} != self._listed:
            both = {
                path: sorted({*([self.standing[path]] if path in self.standing else []), *marks})
                for path, marks in {
                    **{path: [] for path in gone},
                    **{path: [mark] for path, mark in kept.items()},
                }.items()
            }
            self._keep_list(both, mode)
        self._move(beside, new)
        for path in gone:
            os.unlink(self.folder / path)
            with suppress(OSError):
                (self.folder / path).parent.rmdir()
        if new or gone or {path: (mark,) for path, mark in kept.items()} != self._listed:
            self._keep_list({path: [mark] for path, mark in kept.items()}, mode)
        return tuple(sorted([*new, *gone]))

    def _keep_list(self, listed: Mapping[str, list[str]], mode: int) -> None:
        ignored = self.folder / IGNORED
        if not ignored.exists():
            placing.replace(ignored, _IGNORE_ALL, mode, sync=False)
        content = json.dumps(listed, indent=0, sort_keys=True, ensure_ascii=False) + "\n"
        placing.replace(self.folder / LISTED, content.encode(), mode, sync=False)

    def _move(self, beside: Path, new: Mapping[str, str]) -> None:
        made: set[Path] = set()
        for path, temporary in new.items():
            target = self.folder / PurePosixPath(path)
            if target.parent not in made:
                target.parent.mkdir(parents=True, exist_ok=True)
                made.add(target.parent)
            os.replace(beside / temporary, target)
