"""`gtpipe import`: what another program's file holds, made into files of the study.

A `Project` is planned against the study as it stands, and written in one transaction: all of it or
none. Nothing that stands is changed, and a second import of one file changes nothing.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from gtpipe.exchange.records import Loss, Project
from gtpipe.model.problems import Problem
from gtpipe.model.records import Progress
from gtpipe.sources.options import Options
from gtpipe.store.layout import Study

PARENTS = ("", "focused", "category")


@dataclass(frozen=True)
class ImportOptions:
    """What a person says beside the file. `coders` are names of people in it → initials here;
    `parents` what codes that others stand under become; `ingest` who speaks in its texts, and their
    form. `today` dates a memo that has no date.
    """

    coders: dict[str, str] = field(default_factory=dict)
    parents: str = ""
    ingest: Options = field(default_factory=Options)
    strict: bool = False
    dry_run: bool = False
    by: str = ""
    why: str = ""
    today: str = ""


@dataclass(frozen=True)
class Imported:
    """What an import made, or in a dry run would make: how many of what, in words; the paths that
    change; what was lost, and notes.
    """

    made: tuple[tuple[str, int], ...] = ()
    changed: tuple[str, ...] = ()
    losses: tuple[Loss, ...] = ()
    told: tuple[str, ...] = ()
    problems: tuple[Problem, ...] = ()


def import_project(
    study: Study,
    project: Project,
    shown: str,
    options: ImportOptions,
    progress: Progress = lambda message: None,
) -> Imported:
    """Bring a project into the study. `shown` is its file as the person named it.

    Raises UserError, and nothing is written, where something must be said first; with `strict`,
    where anything would be lost.
    """
    raise NotImplementedError
