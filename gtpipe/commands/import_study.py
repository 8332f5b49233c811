"""`gtpipe import`: what another program's file holds, made into files of the study.

A `Project` is planned against the study as it stands, and written in one transaction: all of it or
none. Nothing that stands is changed, and a second import of one file changes nothing.
"""

from __future__ import annotations

import os
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from pathlib import Path

from gtpipe.commands.import_coders import find_coders
from gtpipe.commands.import_codings import place_codings
from gtpipe.commands.import_labels import CodeLabels
from gtpipe.commands.import_levels import build_levels, define_codes
from gtpipe.commands.import_memos import write_memos
from gtpipe.commands.import_people import add_people
from gtpipe.commands.import_plan import ImportPlan
from gtpipe.commands.import_sources import ingest_sources
from gtpipe.exchange.records import Loss, Project
from gtpipe.model.problems import Problem, UsageError, UserError, error, in_shell
from gtpipe.model.records import Progress
from gtpipe.sources import look_for_names
from gtpipe.sources.options import Options
from gtpipe.store import placing, transaction, who
from gtpipe.store.layout import Study
from gtpipe.store.transaction import FileChange, encode_keeping_bom

PARENTS = ("", "focused", "category")


@dataclass(frozen=True)
class ImportOptions:
    """What a person says beside the file. `coders` are names of people in it → initials here,
    `names` of sources → what the interview is called; `parents` what codes that others stand under
    become; `ingest` who speaks in its texts, and their form. `today` dates a memo that has no date.
    """

    coders: dict[str, str] = field(default_factory=dict)
    names: dict[str, str] = field(default_factory=dict)
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
    if options.parents not in PARENTS:
        raise UsageError(f"--parents {options.parents}: say focused or category")
    with transaction.change(study) as change:
        snapshot = change.snapshot
        researchers = snapshot.settings().researchers
        by = options.by or who.known(study, researchers)
        labels = CodeLabels(project, options.parents)
        # What comes from a private file stays private.
        most = (
            os.stat(shown).st_mode & placing.ANYBODY if os.path.exists(shown) else placing.ANYBODY
        )
        ingested = ingest_sources(
            study, snapshot, project, shown, options.ingest, options.names, most, progress
        )
        plan = ImportPlan(project, labels, snapshot, ingested.interviews, ingested.new, shown)
        find_coders(plan, options.coders, by)
        if plan.problems:
            raise UserError(*plan.problems)
        progress("placing the codings")
        place_codings(plan)
        define_codes(plan)
        build_levels(plan)
        add_people(plan)
        write_memos(plan, options.today)
        losses = (*project.losses, *labels.losses, *ingested.losses, *plan.losses)
        if plan.problems:
            raise UserError(*plan.problems)
        if options.strict and losses:
            raise UserError(*(_as_error(shown, *one) for one in by_kind(losses)))
        files = [
            *(one for one in ingested.changes if one.path not in plan.files),
            *(
                FileChange(path, before, encode_keeping_bom(text, before), most)
                for path, text in plan.files.items()
                for before in (snapshot.bytes(path),)
            ),
        ]
        made = {"interview": len(ingested.new), **plan.made}
        counted = tuple((what, count) for what, count in made.items() if count)
        told = (*project.told, *labels.told, *dict.fromkeys(plan.told))
        report = Imported(counted, (), losses, told, ingested.problems)
        if options.dry_run:
            return replace(report, changed=tuple(one.path for one in files))
        change.add(*files)
        change.log(f"import {in_shell(Path(shown).name)}", by, options.why)
    new = [interview.name for id, interview in ingested.interviews.items() if id in ingested.new]
    named = look_for_names.notes_on(study, new)
    return replace(report, changed=change.changed, problems=(*report.problems, *named))


def by_kind(losses: Iterable[Loss]) -> list[tuple[str, list[str]]]:
    """The kinds of what was lost, in the order they were met, each with what it was."""
    found: dict[str, list[str]] = {}
    for loss in losses:
        found.setdefault(loss.kind, []).append(loss.which)
    return list(found.items())


def _as_error(shown: str, kind: str, which: list[str]) -> Problem:
    what = f"would be lost: {kind} ({len(which)})"
    return error(shown, None, what, "Without --strict it is imported all the same")
