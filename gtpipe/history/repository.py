"""The git repository a study lies in, asked through the git command; nothing here writes.

Paths are relative to the study, which may be a folder of a larger repository, or stand in a linked worktree.
"""

from __future__ import annotations

import os
import subprocess
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

from gtpipe.errors import UserError, error
from gtpipe.study import Study

_BEGIN = "Begin with `git init`, `git add -A` and `git commit`; from then on git remembers"


class Commit(NamedTuple):
    """One commit that touched the study. `date` is its author's, as 2026-03-21."""

    hash: str
    author: str
    date: str
    subject: str
    parents: tuple[str, ...]


@dataclass(frozen=True)
class Repository:
    """`top` is the work tree's root, `prefix` the study's folder below it, with a slash at its end ('' at the top)."""

    study: Study
    top: str
    prefix: str

    @classmethod
    def of(cls, study: Study) -> Repository:
        """The repository around the study. Raises UserError where there is none, or no git."""
        ran = _git(study, "rev-parse", "--show-toplevel", "--show-prefix")
        if ran.returncode:
            raise UserError(error(".", None, "this study is not in a git repository, which keeps its history", _BEGIN))
        top, _, prefix = ran.stdout.decode("utf-8", "surrogateescape").rstrip("\n").partition("\n")
        return cls(study, top, prefix)

    def git(self, *arguments: str, input: bytes | None = None) -> bytes:
        """What a git command prints. Raises UserError with git's own words where it fails."""
        ran = _git(self.study, *arguments, input=input)
        if ran.returncode:
            said = ran.stderr.decode("utf-8", "replace").strip().split("\n")[0]
            raise UserError(error(".", None, f"git {arguments[0]} failed: {said}"))
        return ran.stdout

    @cached_property
    def has_commits(self) -> bool:
        return _git(self.study, "rev-parse", "-q", "--verify", "HEAD^{commit}").returncode == 0

    @cached_property
    def is_shallow(self) -> bool:
        """Whether the clone holds only the last part of the history."""
        return self.git("rev-parse", "--is-shallow-repository").strip() == b"true"

    def resolve(self, revision: str) -> str:
        """The full hash of a commit named as git does (`HEAD~2`, a tag, a branch). Raises UserError with what to do."""
        if not self.has_commits:
            raise UserError(error(".", None, "this repository has no commit yet", _BEGIN))
        ran = _git(self.study, "rev-parse", "-q", "--verify", "--end-of-options", f"{revision}^{{commit}}")
        if ran.returncode:
            do = "This clone is shallow; `git fetch --unshallow` brings the rest" if self.is_shallow else \
                "`git log --oneline` and `git tag` name what there is"
            raise UserError(error(".", None, f'git knows no commit "{revision}"', do))
        return ran.stdout.decode().strip()

    def conflicted(self) -> list[str]:
        """The study's files that a merge in progress left in conflict, sorted."""
        listed = self.git("diff", "--name-only", "--diff-filter=U", "--relative", "-z").decode("utf-8", "surrogateescape")
        return sorted(path for path in listed.split("\0") if path)

    def files(self, commit: str, *places: str) -> dict[str, str]:
        """Study-relative paths in `places` (files or folders) at a commit → the hash git knows their content by."""
        listed = self.git("ls-tree", "-r", "-z", commit, "--", *places)
        found = {}
        for entry in listed.split(b"\0"):
            head, _, path = entry.partition(b"\t")
            if path and head.split()[1] == b"blob":
                found[path.decode("utf-8", "surrogateescape")] = head.split()[2].decode()
        return found

    def contents(self, blobs: list[str]) -> dict[str, bytes]:
        """The content of each blob, by its hash; all in one call of git."""
        if not blobs:
            return {}
        answer = self.git("cat-file", "--batch", input="".join(f"{blob}\n" for blob in blobs).encode())
        found, at = {}, 0
        for blob in blobs:
            end = answer.index(b"\n", at)
            size = int(answer[at:end].split()[2])
            found[blob] = answer[end + 1 : end + 1 + size]
            at = end + size + 2
        return found

    def commits(self, *places: str, newest: int = 0) -> list[Commit]:
        """Commits that touched `places`, oldest first; merges included where they did. `newest` limits their number."""
        if not self.has_commits:
            return []
        form = "%H%x00%an%x00%as%x00%s%x00%P%x1e"
        limit = [f"--max-count={newest}"] if newest else []
        listed = self.git("log", "--topo-order", f"--format={form}", *limit, "--", *places).decode("utf-8", "replace")
        found = []
        for record in listed.split("\x1e"):
            if record.strip():
                hash, author, date, subject, parents = record.strip("\n").split("\0")
                found.append(Commit(hash, author, date, subject, tuple(parents.split())))
        return found[::-1]

    def life(self, *places: str) -> list[Commit]:
        """Every commit reachable from HEAD that touched `places`, and the merges between them: parents before children, else by time.

        `parents` are the nearest such ancestors, not git's own.
        """
        if not self.has_commits:
            return []
        form = "%x1e%H%x00%an%x00%as%x00%s%x00%P"
        listed = self.git("log", "--date-order", "--full-history", "--parents", f"--format={form}", "--", *places)
        found = []
        for record in listed.decode("utf-8", "replace").split("\x1e"):
            if record.count("\0") == 4:
                hash, author, date, subject, parents = record.strip("\n").split("\0")
                found.append(Commit(hash, author, date, subject, tuple(parents.split())))
        return found[::-1]

    def trees(self, commits: list[Commit], *places: str) -> dict[str, dict[str, str]]:
        """Commit → `files` of it; `commits` as `life` gives them. Only what changed from one to the next is asked for."""
        found: dict[str, dict[str, str]] = {}
        pairs = [(commit.hash, commit.parents[0]) for commit in commits if commit.parents]
        asked = "".join(f"{hash} {parent}\n" for hash, parent in pairs).encode()
        told = self.git("diff-tree", "--stdin", "-r", "--raw", "--no-renames", "--no-abbrev", "-z", "--relative", "--", *places,
                        input=asked).decode("utf-8", "surrogateescape").split("\0") if pairs else []
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
                if blob.strip("0"):
                    tree[path] = blob
                else:
                    tree.pop(path, None)
            found[commit.hash] = tree
        return found

    def moved_from(self, commit: str, path: str) -> str | None:
        """The folder of the repository from which the study's file `path` was moved here in `commit`, None where it was not."""
        listed = self.git("diff-tree", "--no-commit-id", "-r", "-M", "--diff-filter=R", "--name-status", "-z", commit)
        told = listed.decode("utf-8", "surrogateescape").split("\0")
        for status, source, target in zip(told[::3], told[1::3], told[2::3]):
            if target == self.prefix + path and source.endswith(path):
                return source.removesuffix(path).rstrip("/") or "."
        return None

    def tags(self) -> dict[str, list[str]]:
        """Commit → the tags that stand at it, in the order of their letters."""
        listed = self.git("for-each-ref", "refs/tags", "--format=%(objectname) %(*objectname) %(refname:strip=2)").decode("utf-8", "replace")
        found: dict[str, list[str]] = {}
        for line in listed.splitlines():
            direct, peeled, name = line.split(" ", 2)
            found.setdefault(peeled or direct, []).append(name)
        return found


def _git(study: Study, *arguments: str, input: bytes | None = None) -> subprocess.CompletedProcess:
    env = {**os.environ, "LC_ALL": "C", "GIT_OPTIONAL_LOCKS": "0", "GIT_LITERAL_PATHSPECS": "1"}
    try:
        return subprocess.run(["git", "-c", "core.quotePath=false", *arguments], cwd=study.root, env=env, input=input,
                              capture_output=True)
    except FileNotFoundError:
        raise UserError(error(".", None, "git is not installed, and keeps the history of a study",
                              "Install it; everything else works without")) from None
