"""The source of an interview as it came, moved to a folder outside the study: it holds the names
that the transcript holds no more.

It is copied first, and read back; then the change that takes it out of the study is written. So
there is at no moment no copy, and no file that stands there is written over.
"""

from __future__ import annotations

import os
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from gtpipe.formats import tables, transcripts
from gtpipe.model.problems import Problem, UserError, error
from gtpipe.store import placing, repository
from gtpipe.store.layout import (
    EARLIER,
    INGESTED,
    SOURCES,
    Snapshot,
    Study,
    earlier_versions,
    transcript_of,
)
from gtpipe.store.transaction import FileChange


@dataclass(frozen=True)
class Leaving:
    """Files that leave the study: where each goes, and what it holds."""

    files: dict[Path, bytes]
    removed: tuple[FileChange, ...]

    def copy(self) -> None:
        """Raises UserError where another file stands in the place."""
        for target, content in self.files.items():
            target.parent.mkdir(parents=True, exist_ok=True)
            if not target.exists():
                placing.make(target, content)
            if target.read_bytes() != content:
                raise UserError(_taken(target))


def sources_of(study: Study, snapshot: Snapshot, interview: str) -> list[str]:
    """The source of an interview, and those it had before it was corrected, as far as they are
    here.
    """
    source, _ = transcripts.head_of(snapshot.text(transcript_of(interview)) or "")
    stem = source.rpartition(".")[0] or source
    record = tables.loads_ingested(snapshot.text(f"{INGESTED}/{interview}.csv") or "")
    own = [f"{SOURCES}/{source}"] if source and not {"/", "\\"} & set(source) else []
    earlier = [
        path
        for path in study.files(EARLIER)
        if record.turns and stem and earlier_versions([stem]).fullmatch(path)
    ]
    return [path for path in (*own, *earlier) if snapshot.bytes(path) is not None]


def moved_out(
    study: Study, snapshot: Snapshot, paths: Iterable[str], folder: Path | None
) -> Leaving:
    """What moving the files to `folder` does; nothing where there is no folder. Raises UserError
    where they cannot go there.
    """
    if folder is None:
        return Leaving({}, ())
    folder = Path(os.path.abspath(folder.expanduser()))
    real = Path(os.path.realpath(folder))
    if real.is_relative_to(os.path.realpath(study.root)):
        what = "this folder is in the study, which is to hold the names no more"
        raise UserError.at(str(folder), None, what, "Name a folder outside of it")
    if folder.exists() and not folder.is_dir():
        raise UserError.at(str(folder), None, "this is a file", "Name a folder")
    files: dict[Path, bytes] = {}
    removed = []
    for path in paths:
        content = snapshot.bytes(path) or b""
        target = folder / path.rpartition("/")[2]
        if repository.would_track(real / target.name):
            what = "git would track what is put here"
            do = "Name a folder outside of any repository, or one that git ignores"
            raise UserError.at(str(folder), None, what, do)
        if target.exists() and (not target.is_file() or target.read_bytes() != content):
            raise UserError(_taken(target))
        files[target] = content
        removed.append(FileChange(path, content, None))
    return Leaving(files, tuple(removed))


def _taken(target: Path) -> Problem:
    return error(str(target), None, "another file is there", "Name another folder")
