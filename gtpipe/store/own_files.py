"""Which files gtpipe may write: the study's own, under data/ or named here, and reached through no
link that leads out.

`transaction` asks it before anything is written, `journal` before an unfinished change is obeyed.
"""

from __future__ import annotations

import os
import posixpath
from pathlib import Path

from gtpipe.model.problems import Problem, UserError, error
from gtpipe.store import placing, settings
from gtpipe.store.layout import CACHE, DATA, DERIVED, Study

OWN_FILES = (settings.FILE, ".gitignore", ".gitattributes")
_MOST_BYTES = 255  # of a name, on the file systems there are


def is_own(path: str) -> bool:
    """Whether `path` names, plainly, a file of the study that gtpipe may write: under data/, the
    settings, what git is told.
    """
    parts = path.split("/")
    return (
        path == posixpath.normpath(path)
        and "\0" not in path
        and ".." not in parts
        and (
            path in OWN_FILES
            or (
                parts[0] == DATA
                and len(parts) > 1
                and ".git" not in [part.casefold() for part in parts]
            )
        )
    )


def real_place(study: Study, path: str, root: str = "") -> Path:
    """Where `path` really is: a link to another of the study's files is followed, and stays a link.
    `root` is where the study really is, if that is known.

    Raises UserError where it leads anywhere else: nothing outside the study's own files is written.
    """
    target = Path(os.path.realpath(study.path(path)))
    if not is_own(inside(root or os.path.realpath(study.root), target)):
        link = placing.link_on_the_way(study.root, path)
        raise UserError.at(
            link or path,
            None,
            "this link leads out of the study's own files, and nothing is written through it"
            if link
            else "this is none of the study's own files",
            f"Put the {'folder' if study.path(link).is_dir() else 'file'} itself in its place"
            if link
            else "",
        )
    if len(os.fsencode(target.name)) > _MOST_BYTES:
        raise UserError(too_long(path))
    return target


def inside(root: str, path: Path) -> str:
    """`path` from `root`, both real."""
    if str(path).startswith(root + os.sep):
        return path.as_posix()[len(root) + 1 :]
    return Path(os.path.relpath(path, root)).as_posix()


def too_long(path: str) -> Problem:
    return error(path, None, "this name is too long for a file", "Give it a shorter one")


def check_folder(study: Study, path: str) -> None:
    """Raises UserError when `path`, or a folder above it inside the study, is a link, or something
    else than a folder.
    """
    link = placing.link_on_the_way(study.root, path)
    if link:
        raise UserError.at(
            link,
            None,
            "this must be a folder of the study's own, and is a link",
            "Remove the link; gtpipe makes the folder"
            if link != DATA
            else "Put the folder itself in its place",
        )
    folder = study.path(path)
    for place in (folder, *folder.parents):
        if place == study.root:
            return
        if place.exists() and not place.is_dir():
            raise UserError.at(
                place.relative_to(study.root).as_posix(),
                None,
                "this must be a folder, and is a file",
                "Move it away; gtpipe makes the folder",
            )


def check_not_own(study: Study, folder: Path) -> None:
    """Raises UserError when `folder` is one of the study's own, or in one; those below
    data/derived/ hold nothing that cannot be made again.
    """
    path = inside(os.path.realpath(study.root), Path(os.path.realpath(folder)))
    if path.split("/")[0] in (DATA, CACHE, ".git") and not path.startswith(f"{DERIVED}/"):
        what = "the study's own files are there, and nothing else is written to it"
        raise UserError.at(str(folder), None, what, "Choose another folder")
