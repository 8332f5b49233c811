"""The files that sources are, and the transcripts that name them."""

from __future__ import annotations

import errno
from pathlib import Path

from gtpipe.formats import transcripts
from gtpipe.model import limits
from gtpipe.model.problems import UserError, did_you_mean
from gtpipe.store.layout import INGESTED, SOURCES, TRANSCRIPTS, Snapshot, Study, transcript_of

_NOT_SOURCES = ("thumbs.db", "desktop.ini")


def own_sources(study: Study) -> list[str]:
    def is_one(path: str) -> bool:
        name = path.rpartition("/")[2].casefold()
        return name not in _NOT_SOURCES and not name.startswith(("~$", "readme."))

    return [path for path in study.files(SOURCES) if is_one(path)]


def read_bytes(file: Path, shown: str) -> bytes:
    try:
        if file.exists() and not file.is_file():
            raise UserError.at(
                shown,
                None,
                "this is a folder" if file.is_dir() else "this is no ordinary file",
                "Name the files in it" if file.is_dir() else "Name a transcript",
            )
        size = file.stat().st_size
        if size > limits.SOURCE_BYTES:
            raise UserError.at(
                shown,
                None,
                f"this file is {size / 2**20:,.0f} MB large, too much for a transcript",
                "Ingest the transcript itself, without recordings and pictures",
            )
        return file.read_bytes()
    except FileNotFoundError:
        near = (
            did_you_mean(file.name, [f.name for f in file.parent.iterdir()])
            if file.parent.is_dir()
            else ""
        )
        raise UserError.at(shown, None, "no such file", near) from None
    except OSError as exc:
        if exc.errno == errno.ENAMETOOLONG:
            raise UserError.at(
                limits.cut(shown, limits.EXCERPT),
                None,
                "no such file: its name is too long for one",
            ) from None
        raise UserError.at(
            shown, None, f"this file cannot be read: {exc.strerror}", "Look at its permissions"
        ) from None


def heads(snapshot: Snapshot) -> dict[str, tuple[str, dict[str, str]]]:
    """Interview → the source its transcript names, and its speakers: who each label is."""
    return {
        path.rpartition("/")[2].removesuffix(".md"): transcripts.head_of(_front(snapshot, path))
        for path in snapshot.files(TRANSCRIPTS, ".md")
    }


def _front(snapshot: Snapshot, path: str) -> str:
    """The front matter of a transcript, and as much as was read with it."""
    head = snapshot.head(path)
    if b"\n---" not in head:
        return snapshot.text(path) or ""
    return head.decode("utf-8", "ignore").removeprefix("\ufeff")


def has_interview(snapshot: Snapshot, name: str) -> bool:
    return (
        snapshot.bytes(transcript_of(name)) is not None
        or snapshot.bytes(f"{INGESTED}/{name}.csv") is not None
    )
