"""Chapters that a command is given, and the study they are of."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from gtpipe.quotes.documents import Paragraph
    from gtpipe.study import Corpus


def read_chapters(files: list[str], command: str) -> dict[str, list[Paragraph]]:
    """File as typed → its paragraphs. Raises UserError with every one that cannot be
    read; `command` is what was typed.
    """
    from gtpipe.model.problems import Problem, UserError, error
    from gtpipe.quotes import documents

    paragraphs: dict[str, list[Paragraph]] = {}
    problems: list[Problem] = []
    for path in files:
        try:
            paragraphs[path] = documents.paragraphs(Path(path).read_bytes(), path)
        except UserError as exc:
            problems += exc.problems
        except OSError as exc:
            what = exc.strerror or "this cannot be read"
            do = f"Name a chapter: gtpipe {command} FILE"
            problems.append(error(path, None, what[0].lower() + what[1:], do))
    if problems:
        raise UserError(*problems)
    return paragraphs


def study_of(chapter: str) -> Corpus:
    """The study around this folder; else the one around the chapter."""
    from gtpipe.store.layout import Study
    from gtpipe.store.private import as_the_study_says
    from gtpipe.study import load

    here = Study.around(Path.cwd())
    study = here or Study.around(Path(os.path.abspath(chapter)).parent) or Study.find()
    with as_the_study_says(study):
        return load(study)
