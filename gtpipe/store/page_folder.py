"""A folder that gtpipe alone fills with pages: written all or nothing, and never where a person has
files of their own.

The folder keeps a list of what gtpipe wrote there, by digest. Whatever else lies in it is a
person's: then nothing is written.
"""

from __future__ import annotations

import json
import os
import shutil
import stat
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from pathlib import Path

from gtpipe.model.problems import UserError
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
        for path in self._there():
            marks = self._listed.get(path)  # what is not listed is not read, however big it is
            mark = digest((folder / path).read_bytes()) if marks else ""
            if not marks or mark not in marks:
                raise self._not_ours(path, "this was not written by gtpipe, or changed since")
            self.standing[path] = mark

    def _not_ours(self, path: str, what: str) -> UserError:
        place = f"{self._shown}/{path}" if path else self._shown
        do = "Move it away, or choose another folder with --output DIR; nothing was written"
        return UserError.at(place, None, what, do)

    def _read_list(self) -> dict[str, tuple[str, ...]]:
        """A link or a pipe is not read: `_there` refuses it."""
        try:
            if not stat.S_ISREG(os.lstat(self.folder / LISTED).st_mode):
                return {}
            found = jsontext.loads((self.folder / LISTED).read_bytes())
        except (OSError, ValueError):
            return {}
        if not isinstance(found, dict):
            return {}
        return {
            path: tuple(map(str, kept)) for path, kept in found.items() if isinstance(kept, list)
        }

    def _there(self) -> Iterator[str]:
        """The files in the folder but for gtpipe's own two, one after the other: of a folder with
        a person's files little is read. What is no plain file, a link too, is a person's.
        """
        for place, folders, names in os.walk(self.folder):
            folders[:] = sorted(name for name in folders if not placing.is_temporary(name))
            for name in sorted([*folders, *names]):
                path, mode = self._inside(place, name), os.lstat(Path(place) / name).st_mode
                if stat.S_ISLNK(mode):
                    raise self._not_ours(path, "this is a link")
                if stat.S_ISDIR(mode) or placing.is_temporary(name):
                    continue
                if not stat.S_ISREG(mode):
                    raise self._not_ours(path, "this is no plain file")
                if path == IGNORED and (self.folder / path).read_bytes() == _IGNORE_ALL:
                    continue
                if path != LISTED and name not in _NOBODYS:
                    yield path

    def _inside(self, place: str, name: str) -> str:
        return (Path(place) / name).relative_to(self.folder).as_posix()

    def write(self, files: Iterable[tuple[str, bytes | None]]) -> tuple[str, ...]:
        """Have the folder hold these pages and no other; None is one that stands right. Returns the
        paths that changed, those that went included.

        The new ones are written beside the old before any of these is replaced: where there is no
        room for them, OSError, and the old pages stand. UserError where a person changed something
        meanwhile.
        """
        self.folder.mkdir(parents=True, exist_ok=True)
        self._clear()
        beside = placing.beside(self.folder / "new")
        try:
            return self._put(beside, files)
        finally:
            shutil.rmtree(beside, ignore_errors=True)
            placing.close((self.folder,))

    def _clear(self) -> None:
        """Remove what a command that was killed left."""
        with os.scandir(self.folder) as entries:
            for entry in list(entries):
                if placing.is_temporary(entry.name):
                    if entry.is_dir(follow_symlinks=False):
                        shutil.rmtree(entry.path, ignore_errors=True)
                    else:
                        os.unlink(entry.path)

    def _put(self, beside: Path, files: Iterable[tuple[str, bytes | None]]) -> tuple[str, ...]:
        kept: dict[str, str] = {}
        new: list[str] = []
        mode = placing.mode_of(self.folder / LISTED)
        for path, content in files:
            kept[path] = self.standing[path] if content is None else digest(content)
            if content is not None and self.standing.get(path) != kept[path]:
                if not new:
                    beside.mkdir(mode=0o700)
                placing.make(beside / str(len(new)), content, mode, sync=False)
                new.append(path)
        gone = sorted(self.standing.keys() - kept.keys())
        listed = {path: (mark,) for path, mark in kept.items()}
        if not new and not gone and listed == self._listed:
            return ()
        for place in {(self.folder / path).parent for path in new}:
            place.mkdir(parents=True, exist_ok=True)
        PageFolder(self.folder, self._shown)  # whatever changed meanwhile is a person's
        both = {path: (mark, *listed.get(path, ())) for path, mark in self.standing.items()}
        self._keep_list({**listed, **both}, mode)
        for number, path in enumerate(new):
            os.replace(beside / str(number), self.folder / path)
        for path in gone:
            os.unlink(self.folder / path)
            with suppress(OSError):
                (self.folder / path).parent.rmdir()
        self._keep_list(listed, mode)
        self.standing = kept
        return tuple(sorted([*new, *gone]))

    def _keep_list(self, listed: Mapping[str, tuple[str, ...]], mode: int) -> None:
        ignored = self.folder / IGNORED
        if not ignored.exists():
            placing.replace(ignored, _IGNORE_ALL, mode, sync=False)
        content = json.dumps(listed, indent=0, sort_keys=True, ensure_ascii=False) + "\n"
        placing.replace(self.folder / LISTED, content.encode(), mode, sync=False)
