"""The git repository a study lies in, asked through the git command; nothing here writes
(`rewriting` does).

Paths are relative to the study, which may be a folder of a larger repository, or stand in a linked
worktree. The study, its repository and that one's settings may have come from somebody else: `git`
is the one way to call git, and runs nothing of theirs.
"""

from __future__ import annotations

import os
import re
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import NamedTuple

from gtpipe.model.names import is_readable
from gtpipe.model.problems import UserError
from gtpipe.store.layout import Study

_BEGIN = "Begin with `git init`, `git add -A` and `git commit`; from then on git remembers"


class Commit(NamedTuple):
    """One commit that touched the study. `date` is its author's, as 2026-03-21."""

    hash: str
    author: str
    date: str
    subject: str
    parents: tuple[str, ...]


class Version(NamedTuple):
    """A file as a commit brought it: its path in the repository, and the hash of its content."""

    commit: str
    path: str
    blob: str


@dataclass(frozen=True)
class Repository:
    """`top` is the work tree's root, `prefix` the study's folder below it, with a slash at its end
    ('' at the top).
    """

    study: Study
    top: str
    prefix: str

    @classmethod
    def of(cls, study: Study) -> Repository:
        """The repository around the study. Raises UserError where there is none, or no git."""
        ran = _git(study, "rev-parse", "--show-toplevel", "--show-prefix")
        top, _, prefix = os.fsdecode(ran.stdout).removesuffix("\n").partition("\n")
        if ran.returncode:
            raise _none_around(study, ran.stderr)
        if os.path.realpath(os.path.join(top, prefix)) != os.path.realpath(study.root):
            raise UserError.at(
                ".",
                None,
                "the repository around this study has its files elsewhere",
                "Look at `core.worktree` in its .git/config",
            )
        return cls(study, top, prefix)

    def git(self, *arguments: str, input: bytes | None = None, umask: int = -1) -> bytes:
        """What a git command prints. Raises UserError with git's own words where it fails."""
        ran = git(self.study.root, *arguments, input=input, umask=umask)
        if ran.returncode:
            raise UserError.at(
                ".",
                None,
                f"git {arguments[0]} failed in this study's repository",
                "`git fsck` tells whether it is whole",
                excerpt=_first_line(ran.stderr),
            )
        return ran.stdout

    @cached_property
    def has_commits(self) -> bool:
        return _git(self.study, "rev-parse", "-q", "--verify", "HEAD^{commit}").returncode == 0

    @cached_property
    def is_shallow(self) -> bool:
        """Whether the clone holds only the last part of the history."""
        return self.git("rev-parse", "--is-shallow-repository").strip() == b"true"

    def resolve(self, revision: str) -> str:
        """The full hash of a commit named as git does (`HEAD~2`, a tag, a branch). Raises UserError
        with what to do.
        """
        if not self.has_commits:
            raise UserError.at(".", None, "this repository has no commit yet", _BEGIN)
        ran = _git(
            self.study, "rev-parse", "-q", "--verify", "--end-of-options", f"{revision}^{{commit}}"
        )
        if ran.returncode:
            do = (
                "This clone is shallow; `git fetch --unshallow` brings the rest"
                if self.is_shallow
                else "`git log --oneline` and `git tag` name what there is"
            )
            raise UserError.at(".", None, f'git knows no commit "{revision}"', do)
        return ran.stdout.decode().strip()

    def conflicted(self) -> list[str]:
        """The study's files that a merge in progress left in conflict, sorted."""
        listed = self.git("ls-files", "--unmerged", "-z").decode("utf-8", "surrogateescape")
        return sorted({entry.partition("\t")[2] for entry in listed.split("\0") if entry})

    def files(self, commit: str, *places: str) -> dict[str, str]:
        """Study-relative paths in `places` (files or folders) at a commit → the hash git knows
        their content by.
        """
        listed = self.git("ls-tree", "-r", "-z", commit, "--", *places)
        found = {}
        for entry in listed.split(b"\0"):
            head, _, path = entry.partition(b"\t")
            if path and head.split()[1] == b"blob" and is_readable(os.fsdecode(path)):
                found[os.fsdecode(path)] = head.split()[2].decode()
        return found

    def contents(self, blobs: list[str]) -> dict[str, bytes]:
        """The content of each blob, by its hash; all in one call of git. Raises UserError where one
        is not here.
        """
        if not blobs:
            return {}
        answer = self.git(
            "cat-file", "--batch", input="".join(f"{blob}\n" for blob in blobs).encode()
        )
        found, at = {}, 0
        for blob in blobs:
            end = answer.index(b"\n", at)
            if answer[at:end].count(b" ") != 2:  # "<hash> missing", as in a partial clone
                raise UserError.at(
                    ".",
                    None,
                    "files of earlier versions are not in this clone",
                    "`git fetch --refetch --no-filter` brings them",
                )
            size = int(answer[at:end].split()[2])
            found[blob] = answer[end + 1 : end + 1 + size]
            at = end + size + 2
        return found

    def commits(self, *places: str, newest: int = 0) -> list[Commit]:
        """Commits that touched `places`, oldest first; merges included where they did. `newest`
        limits their number.
        """
        if not self.has_commits:
            return []
        limit = [f"--max-count={newest}"] if newest else []
        return self._log("--topo-order", *limit, "--", *places)

    def life(self, *places: str) -> list[Commit]:
        """Every commit reachable from HEAD that touched `places`, and the merges between them:
        parents before children, else by time.

        `parents` are the nearest such ancestors, not git's own.
        """
        if not self.has_commits:
            return []
        return self._log("--date-order", "--full-history", "--parents", "--", *places)

    def _log(self, *arguments: str) -> list[Commit]:
        """The commits of `git log`, the last one first. Nothing that an author or a subject may
        hold ends a field but NUL.
        """
        listed = self.git("log", "-z", "--format=%H%x00%an%x00%as%x00%s%x00%P", *arguments).decode(
            "utf-8", "replace"
        )
        words = listed.split("\0")[:-1]
        found = [
            Commit(hash, author, date, subject, tuple(parents.split()))
            for hash, author, date, subject, parents in zip(
                *(words[at::5] for at in range(5)), strict=False
            )
        ]
        return found[::-1]

    def trees(self, commits: list[Commit], *places: str) -> dict[str, dict[str, str]]:
        """Commit → `files` of it; `commits` as `life` gives them. Only what changed from one to the
        next is asked for.
        """
        found: dict[str, dict[str, str]] = {}
        pairs = [(commit.hash, commit.parents[0]) for commit in commits if commit.parents]
        asked = "".join(f"{hash} {parent}\n" for hash, parent in pairs).encode()
        told = (
            self.git(
                "diff-tree",
                "--stdin",
                "-r",
                "--raw",
                "--no-renames",
                "--no-abbrev",
                "-z",
                "--relative",
                "--",
                *places,
                input=asked,
            )
            .decode("utf-8", "surrogateescape")
            .split("\0")
            if pairs
            else []
        )
        changed: dict[str, list[tuple[str, str]]] = {}
        at, commit_told = 0, ""
        while at < len(told) and told[at]:
            if told[at].startswith(":"):
                changed[commit_told].append((told[at + 1], told[at].split()[3]))
                at += 2
            else:
                commit_told = told[at].split()[0]
                changed[commit_told] = []
                at += 1
        for commit in commits:
            if not commit.parents or commit.parents[0] not in found:
                found[commit.hash] = self.files(commit.hash, *places)
                continue
            tree = dict(found[commit.parents[0]])
            for path, blob in changed.get(commit.hash, ()):
                if blob.strip("0") and is_readable(path):
                    tree[path] = blob
                else:
                    tree.pop(path, None)
            found[commit.hash] = tree
        return found

    def moved_from(self, commit: str, path: str) -> str | None:
        """The folder of the repository from which the study's file `path` was moved here in
        `commit`, None where it was not.
        """
        listed = self.git(
            "diff-tree",
            "--no-commit-id",
            "-r",
            "-M",
            "--diff-filter=R",
            "--name-status",
            "-z",
            commit,
        )
        told = listed.decode("utf-8", "surrogateescape").split("\0")
        for source, target in zip(told[1::3], told[2::3], strict=True):
            if target == self.prefix + path and source.endswith(path):
                return source.removesuffix(path).rstrip("/") or "."
        return None

    def every_version(self) -> list[Version]:
        """Every version of every file that a branch, tag, remote or stash leads to, with the commit
        that brought it; paths are of the repository.
        """
        commits = self.git("rev-list", "--all")
        options = ("-r", "-m", "--root", "--raw", "--no-renames", "--no-abbrev", "-z")
        listed = self.git("diff-tree", "--stdin", *options, input=commits)
        told = listed.decode("utf-8", "surrogateescape").split("\0")
        found: dict[Version, None] = {}
        at, commit = 0, ""
        while at < len(told) and told[at]:
            if told[at].startswith(":"):
                _, mode, _, blob, _ = told[at].split()
                if blob.strip("0") and mode.startswith("100"):
                    found[Version(commit, told[at + 1], blob)] = None
                at += 2
            else:
                commit = told[at].split()[0]
                at += 1
        return list(found)

    def blobs_at_head(self) -> frozenset[str]:
        """The content of every file of the repository at HEAD, by its hash."""
        listed = self.git("ls-tree", "-r", "-z", "--full-tree", "HEAD").split(b"\0")
        return frozenset(one.partition(b"\t")[0].split()[2].decode() for one in listed if one)

    def named(self, commits: Sequence[str]) -> list[Commit]:
        """These commits, the newest first."""
        return self._log("--no-walk", *commits)[::-1] if commits else []

    def messages(self) -> list[bytes]:
        """The message of every commit and tag that something leads to."""
        said = self.git("log", "--all", "-z", "--format=%B").split(b"\0")
        tags = self.git("for-each-ref", "refs/tags", "--format=%(contents)%00").split(b"\0\n")
        return [*said, *tags]

    def leading_to(self, commits: Sequence[str]) -> list[str]:
        """The full names of the refs that lead to any of the commits."""
        if not commits:
            return []
        contains = [f"--contains={commit}" for commit in commits]
        listed = self.git("for-each-ref", "--format=%(refname)", *contains)
        return listed.decode("utf-8", "replace").split("\n")[:-1]

    def remotes(self) -> dict[str, str]:
        """Remote → where it is, without a password."""
        found = {}
        for name in self.git("remote").decode("utf-8", "replace").split():
            place = self.git("remote", "get-url", name).decode("utf-8", "replace").strip()
            found[name] = re.sub(r"^(https?://)[^/]*@", r"\1", place)
        return found

    def worktrees(self) -> list[str]:
        """The folders in which the repository is checked out."""
        listed = self.git("worktree", "list", "--porcelain").decode("utf-8", "replace")
        return [
            one.removeprefix("worktree ")
            for one in listed.split("\n")
            if one.startswith("worktree ")
        ]

    @property
    def has_stash(self) -> bool:
        return _git(self.study, "rev-parse", "-q", "--verify", "refs/stash").returncode == 0

    def changed(self) -> bool:
        """Whether a file that git knows is not as it was committed."""
        return bool(self.git("status", "--porcelain", "--untracked-files=no"))

    def tags(self) -> dict[str, list[str]]:
        """Commit → the tags that stand at it, in the order of their letters."""
        listed = self.git(
            "for-each-ref", "refs/tags", "--format=%(objectname) %(*objectname) %(refname:strip=2)"
        ).decode("utf-8", "replace")
        found: dict[str, list[str]] = {}
        for line in listed.splitlines():
            direct, peeled, name = line.split(" ", 2)
            found.setdefault(peeled or direct, []).append(name)
        return found


def would_track(path: Path) -> bool:
    """Whether a new file at `path` would be git's: it lies in a work tree, and is not ignored."""
    folder = next(place for place in path.parents if place.is_dir())
    if not any(os.path.lexists(place / ".git") for place in (folder, *folder.parents)):
        return False
    return _program() is None or git(folder, "check-ignore", "-q", str(path)).returncode != 0


def _none_around(study: Study, said: bytes) -> UserError:
    """There is no repository around the study; or one that git does not open, as one whose folder
    is somebody else's.
    """
    if any(os.path.lexists(folder / ".git") for folder in (study.root, *study.root.parents)):
        return UserError.at(
            ".",
            None,
            "git does not open the repository around this study",
            "If the study came from somebody else, run no git in it yourself before you know why",
            excerpt=_first_line(said),
        )
    return UserError.at(
        ".", None, "this study is not in a git repository, which keeps its history", _BEGIN
    )


def _first_line(said: bytes) -> str:
    return said.decode("utf-8", "replace").strip().partition("\n")[0]


def _git(study: Study, *arguments: str) -> subprocess.CompletedProcess[bytes]:
    return git(study.root, *arguments)


# What git is told whatever the settings of a repository say: they can name commands, and a
# repository may have come with an archive, or lie as a bare one among the files of a clone.
_SETTINGS = {
    "safe.bareRepository": "explicit",
    "core.fsmonitor": "false",
    "core.hooksPath": os.devnull,
    "core.sshCommand": "false",
    "core.askPass": "",
    "credential.helper": "",
    "diff.external": "",
    "log.showSignature": "false",  # which is how `git log` comes to run gpg.program
    "protocol.allow": "never",
    "core.quotePath": "false",
    "color.ui": "false",
    "i18n.logOutputEncoding": "UTF-8",
}
_ENVIRONMENT = {
    "LC_ALL": "C",
    "LANGUAGE": "C",
    "GIT_OPTIONAL_LOCKS": "0",
    "GIT_LITERAL_PATHSPECS": "1",
    "GIT_TERMINAL_PROMPT": "0",
    "GIT_NO_LAZY_FETCH": "1",  # an object that is not here is not fetched ...
    "GIT_ALLOW_PROTOCOL": "none",  # ... nor by an older git, whatever the repository allows
}
# Variables by which git is told of another repository than the one around the study, as it tells
# its hooks; and of commands.
_NOT_HANDED_ON = frozenset(
    "GIT_DIR GIT_WORK_TREE GIT_COMMON_DIR GIT_INDEX_FILE GIT_OBJECT_DIRECTORY "
    "GIT_ALTERNATE_OBJECT_DIRECTORIES GIT_NAMESPACE GIT_PREFIX GIT_IMPLICIT_WORK_TREE "
    "GIT_SHALLOW_FILE GIT_GRAFT_FILE GIT_REPLACE_REF_BASE GIT_CONFIG GIT_EXTERNAL_DIFF "
    "GIT_DIFF_OPTS GIT_ASKPASS SSH_ASKPASS GIT_SSH GIT_SSH_COMMAND GIT_PROXY_COMMAND".split()
)
_SHOWS_CHANGES = ("diff", "diff-tree", "diff-index", "diff-files", "log", "show")


def git(
    folder: str | os.PathLike[str], *arguments: str, input: bytes | None = None, umask: int = -1
) -> subprocess.CompletedProcess[bytes]:
    """Run `git ARGUMENTS` in `folder`, with nothing run or fetched that a repository or its files
    name; what it writes is open to others as `umask` says, where it says.

    It is about the repository around `folder`, whatever the environment says of another; git's own
    settings of this user and machine hold. Raises UserError where there is no git.
    """
    program = _program()
    if program is None:
        raise UserError.at(
            ".",
            None,
            "git is not installed, and keeps the history of a study",
            "Install it; everything else works without",
        )
    settings = [word for name, value in _SETTINGS.items() for word in ("-c", f"{name}={value}")]
    command, *rest = arguments
    quietly = ["--no-ext-diff", "--no-textconv"] if command in _SHOWS_CHANGES else []
    told = _environment()
    if command == "check-ignore":  # takes paths as they are, and refuses to be told so
        del told["GIT_LITERAL_PATHSPECS"]
    return subprocess.run(
        [program, "--no-pager", *settings, command, *quietly, *rest],
        cwd=folder,
        env=told,
        input=input,
        stdin=subprocess.DEVNULL if input is None else None,
        capture_output=True,
        umask=umask,
    )


def _environment() -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if name not in _NOT_HANDED_ON}
    return kept | _ENVIRONMENT


def environment_for_others() -> dict[str, str]:
    """What a program is told that calls git itself: the same as `git` is, by variables alone."""
    settings = {"GIT_CONFIG_COUNT": str(len(_SETTINGS))}
    for number, (name, value) in enumerate(_SETTINGS.items()):
        settings |= {f"GIT_CONFIG_KEY_{number}": name, f"GIT_CONFIG_VALUE_{number}": value}
    folders = [folder for folder in os.get_exec_path() if os.path.isabs(folder)]
    return _environment() | settings | {"PATH": os.pathsep.join(folders)}


def _program() -> str | None:
    """Where git is: in a folder that the PATH names whole, since a relative one is the study's."""
    name = "git.exe" if os.name == "nt" else "git"
    places = (os.path.join(folder, name) for folder in os.get_exec_path() if os.path.isabs(folder))
    return next(
        filter(lambda place: os.access(place, os.X_OK) and os.path.isfile(place), places), None
    )
