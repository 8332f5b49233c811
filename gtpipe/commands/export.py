"""The study as other programs hold one: what `gtpipe export` writes."""

from __future__ import annotations

from typing import NamedTuple

from gtpipe.exchange.records import Loss
from gtpipe.study import Corpus


class Request(NamedTuple):
    """What is asked for: codings of these codes and interviews alone (all, where none is named),
    with the participants' words or without, codes under those that take them up or side by side.
    """

    only: tuple[str, ...] = ()
    with_words: bool = True
    is_flat: bool = False


class Exported(NamedTuple):
    """A file's bytes, in words what it holds (`4 interviews, 120 codings`), and what of the study it
    cannot hold; the kind of a loss is a noun, `negative case`.
    """

    content: bytes
    holds: str
    losses: tuple[Loss, ...] = ()


def refi_project(corpus: Corpus, request: Request) -> Exported:
    """A REFI-QDA project, `.qdpx`."""
    raise NotImplementedError


def refi_codebook(corpus: Corpus, request: Request) -> Exported:
    """A REFI-QDA code book, `.qdc`."""
    raise NotImplementedError


def taguette(corpus: Corpus, request: Request) -> Exported:
    """A Taguette database."""
    raise NotImplementedError
