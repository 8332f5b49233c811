"""The study as a file of another program's: what `gtpipe export` writes."""

from __future__ import annotations

from typing import NamedTuple

from gtpipe.commands.project_of_study import Request, project_of
from gtpipe.exchange.records import Loss, Project
from gtpipe.model.plural import count
from gtpipe.model.problems import UserError, refusal
from gtpipe.study import Corpus

__all__ = ["Exported", "Request", "refi_codebook", "refi_project", "taguette"]


class Exported(NamedTuple):
    """A file's bytes, in words what it holds (`4 interviews, 120 codings`), and what of the study
    it cannot hold; the kind of a loss is a noun in the plural, `negative cases`.
    """

    content: bytes
    holds: str
    losses: tuple[Loss, ...] = ()


def refi_project(corpus: Corpus, request: Request) -> Exported:
    """A REFI-QDA project, `.qdpx`."""
    from gtpipe.exchange import refi_writer

    project = project_of(corpus, request)
    return Exported(refi_writer.project(project), _holds(project), project.losses)


def refi_codebook(corpus: Corpus, request: Request) -> Exported:
    """A REFI-QDA code book, `.qdc`. Raises UserError where the study has no code."""
    from gtpipe.exchange import refi_writer

    project = project_of(corpus, request)
    if not project.codes:
        raise UserError(refusal("no code yet", "`gtpipe guide coding` shows how to begin"))
    return Exported(refi_writer.codebook(project), count(len(project.codes), "code"))


def taguette(corpus: Corpus, request: Request) -> Exported:
    """A Taguette database."""
    from gtpipe.exchange import taguette_writer

    project = project_of(corpus, request)
    content, losses = taguette_writer.database(project)
    return Exported(content, _holds(project), (*losses, *project.losses))


def _holds(project: Project) -> str:
    coded = sum(bool(coding.code) for coding in project.codings)
    return ", ".join(
        (
            count(len(project.sources), "interview"),
            count(len(project.codes), "code"),
            count(coded, "coding"),
            count(len(project.memos), "memo"),
        )
    )
