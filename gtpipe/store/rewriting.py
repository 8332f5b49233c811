"""The one change of git's history that gtpipe makes, and only when asked: what a participant who
withdrew said, out of every commit. Done by git-filter-repo, which is installed beside gtpipe
(`pip install 'gtpipe[history]'`), after a bundle of all there was is laid down outside.
"""

from __future__ import annotations

import hashlib
import importlib.util
import os
import shutil
import subprocess
import sys
from collections.abc import Iterable, Mapping
from pathlib import Path

from gtpipe.model.problems import UserError
from gtpipe.store import placing
from gtpipe.store.layout import CACHE, Study
from gtpipe.store.repository import Repository, environment_for_others

MODULE = "git_filter_repo"
_FOLDER = "rewriting"  # in the cache: what files are to say from now on, while it is done
_BLOB = """
import os
place = os.path.join({folder!r}, blob.original_id)
if os.path.exists(place):
    with open(place, "rb") as file:
        blob.data = file.read()
"""
_MESSAGE = """
import hashlib, os
place = os.path.join({folder!r}, b"message-" + hashlib.sha256(message).hexdigest().encode())
if os.path.exists(place):
    with open(place, "rb") as file:
        return file.read()
return message
"""


def check(repository: Repository, bundle: Path) -> None:
    """Raises UserError where the history cannot be rewritten, or `bundle` may not be made."""
    if importlib.util.find_spec(MODULE) is None:
        raise UserError.of(
            "git-filter-repo, which rewrites the history, is not installed",
            "`pip install 'gtpipe[history]'`",
        )
    if repository.is_shallow:
        do = "`git fetch --unshallow` brings the rest"
        raise UserError.of("this clone holds only the last part of the history", do)
    _check_what_would_be_lost(repository)
    place = Path(os.path.realpath(bundle))
    if Path(os.path.realpath(repository.top)) in place.parents:
        what = "the backup holds the words, and would lie in the repository"
        raise UserError.at(str(bundle), None, what, "Name a place outside")
    if os.path.lexists(bundle) or not place.parent.is_dir():
        what = "this is already there" if os.path.lexists(bundle) else "there is no such folder"
        raise UserError.at(str(bundle), None, what, "Name another place for the backup")


def _check_what_would_be_lost(repository: Repository) -> None:
    if repository.changed():
        do = "Commit what you changed, then try again"
        raise UserError.of("files are not as they were committed", do)
    if repository.has_stash:
        do = "`git stash pop` or `git stash drop` each of them first"
        raise UserError.of("there is a stash, which may hold the words", do)
    others = repository.worktrees()[1:]
    if others:
        do = "`git worktree remove` the others first"
        raise UserError.of(f"the repository is checked out in {', '.join(others)} too", do)


def was_stopped(study: Study) -> bool:
    """Whether a rewriting was stopped before its end: git may then still keep, beside the new
    history, what nothing leads to any more.
    """
    return (study.path(CACHE) / _FOLDER).is_dir()


def finish(repository: Repository) -> None:
    """Have git forget what nothing leads to any more. Raises UserError where more would be lost."""
    _check_what_would_be_lost(repository)
    repository.git("reflog", "expire", "--expire=now", "--all")
    repository.git("gc", "--prune=now", "--quiet")
    shutil.rmtree(repository.study.path(CACHE) / _FOLDER)


def rewrite(
    repository: Repository,
    paths: Iterable[str],
    versions: Mapping[str, bytes],
    messages: Mapping[bytes, bytes],
    bundle: Path,
) -> None:
    """Lay down `bundle`, then take `paths` out of every commit, and have versions of other files
    and messages say something else.

    All commits, branches and tags stay, under new hashes. Raises UserError where git refuses.
    """
    # What the bundle holds is for its owner alone.
    repository.git("bundle", "create", os.path.abspath(bundle), "--all", "HEAD", umask=0o077)
    folder = repository.study.path(CACHE) / _FOLDER
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(mode=0o700, parents=True)
    for blob, content in versions.items():
        placing.make(folder / blob, content, sync=False)
    for message, said in messages.items():
        name = f"message-{hashlib.sha256(message).hexdigest()}"
        placing.make(folder / name, said, sync=False)
    _run(repository, paths, os.fsencode(folder.absolute()))
    shutil.rmtree(folder, ignore_errors=True)


def _run(repository: Repository, paths: Iterable[str], folder: bytes) -> None:
    chosen = [word for path in paths for word in ("--path", path)]
    ran = subprocess.run(
        [
            # Not from the current folder, which is the study's: modules may lie there.
            *(sys.executable, "-P", "-m", MODULE, "--force", "--quiet"),
            *("--replace-refs", "delete-no-add"),
            *("--prune-empty", "never", "--prune-degenerate", "never"),
            *(["--invert-paths", *chosen] if chosen else []),
            *("--blob-callback", _BLOB.format(folder=folder)),
            *("--message-callback", _MESSAGE.format(folder=folder)),
        ],
        cwd=repository.top,
        env=environment_for_others(),
        stdin=subprocess.DEVNULL,
        capture_output=True,
    )
    if ran.returncode:
        said = ran.stderr.decode("utf-8", "replace").strip().rpartition("\n")[2]
        do = "The backup holds all there was: `git fetch` takes it from there"
        raise UserError.at(".", None, "git-filter-repo failed", do, excerpt=said)
