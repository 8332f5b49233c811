"""`gtpipe import`: a study of another program, brought in."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from gtpipe.cli.ingest import (
    LOOKS,
    WHO,
    Interviewer,
    Label,
    NotASpeaker,
    Participant,
    SkipHeading,
    Unlabelled,
)
from gtpipe.cli.options import By, Why, argument, option, today, writer
from gtpipe.model import limits, plural
from gtpipe.model.problems import UsageError
from gtpipe.render.terminal import out, progress, say, show_problems

if TYPE_CHECKING:
    from gtpipe.commands.import_study import Imported


BECOMES = "What becomes what"  # a heading of the help
_SEVERAL = {
    "entry in the code book": "entries in the code book",
    "category": "categories",
    "attribute of a participant": "attributes of participants",
}


def register(app: typer.Typer) -> None:
    app.command("import")(import_)


def import_(
    file: Annotated[Path, argument("FILE", "A file or folder of another program.")],
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Show the plan; write nothing.")
    ] = False,
    strict: Annotated[
        bool, typer.Option("--strict", help="Refuse where anything would be lost.")
    ] = False,
    coder: Annotated[
        list[str] | None,
        option(
            "--coder", "NAME=INITIALS", "Who a person of the file is here. Again for more.", BECOMES
        ),
    ] = None,
    as_name: Annotated[
        list[str] | None,
        option(
            "--as",
            "SOURCE=NAME",
            "What the interview of a source is called. Again for more.",
            BECOMES,
        ),
    ] = None,
    parents: Annotated[
        str,
        option(
            "--parents",
            "focused|category",
            "What codes become that stand above others: focused codes, or categories too. "
            "Otherwise the path to a code stands in its definition.",
            BECOMES,
        ),
    ] = "",
    columns: Annotated[
        str,
        option(
            "--columns",
            "interview=…,code=…,words=…,coder=…",
            "Which columns of a table hold what.",
            BECOMES,
        ),
    ] = "",
    interviewer: Interviewer = None,
    participant: Participant = None,
    not_a_speaker: NotASpeaker = None,
    monologue: Annotated[
        str,
        option(
            "--monologue",
            "LABEL",
            "Who speaks in texts that name nobody: one person throughout.",
            WHO,
        ),
    ] = "",
    skip_heading: SkipHeading = False,
    shape: Annotated[
        str,
        option(
            "--shape",
            "NAME",
            "The form of the texts: a program's, or one of the study's own `shapes`.",
            LOOKS,
        ),
    ] = "",
    label: Label = None,
    unlabelled: Unlabelled = "",
    by: By = "",
    why: Why = "",
) -> None:
    """Bring in a study of another program.

    Its texts become interviews; codings, code book, memos and cases come with them. Nothing that
    stands is changed, and all of it is written or nothing.

    gtpipe import study.qdpx --interviewer I --participant '*' --coder "Ana Ruiz=AR" --dry-run
    """
    from gtpipe.commands.import_study import ImportOptions, import_project
    from gtpipe.exchange import registry
    from gtpipe.sources.options import Options, answers_of
    from gtpipe.store.layout import Study

    study = Study.find()
    options = ImportOptions(
        _pairs(coder, "--coder NAME=INITIALS"),
        _pairs(as_name, "--as SOURCE=NAME"),
        parents,
        Options(
            tuple(interviewer or ()),
            tuple(participant or ()),
            tuple(not_a_speaker or ()),
            skip_heading=skip_heading,
            monologue=monologue.strip(),
            shape=shape.strip(),
            answers=answers_of(label=label or (), unlabelled=unlabelled),
        ),
        strict,
        dry_run,
        writer(study, by) if by else "",
        why,
        today(),
    )
    with progress("import") as tell:
        tell(f"reading {file.name}")
        project = registry.read(file, _pairs(columns.split(","), "--columns code=…,words=…"))
        report = import_project(study, project, str(file), options, tell)
    origin = f"{project.name}, of {project.origin}"
    _show(report, f"would import {origin}" if dry_run else f"import: {origin}")
    show_problems(report.problems, study.root)
    if dry_run:
        say("Nothing was written.")


def _pairs(given: list[str] | None, form: str) -> dict[str, str]:
    """`NAME=VALUE`, each once. Raises UsageError."""
    found: dict[str, str] = {}
    for one in filter(None, given or ()):
        name, equals, value = one.rpartition("=")
        if not equals or not name.strip() or not value.strip():
            raise UsageError(f"{form.split()[0]} {one}: write it as {form}")
        found[name.strip()] = value.strip()
    return found


def _show(report: Imported, heading: str) -> None:
    from gtpipe.commands.import_study import by_kind

    if not report.changed:
        out(f"{heading}: nothing to do, all of it stands here")
    else:
        out(heading)
        for what, count in report.made:
            out(f"  {plural.count(count, what, _SEVERAL.get(what, ''))}")
    for told in report.told:
        say(f"  {told}.")
    if report.losses:
        say("Not taken over:")
        for kind, which in by_kind(report.losses):
            some = limits.some(dict.fromkeys(filter(None, which)), 3)
            say(f"  {len(which):,} × {kind}" + (f": {some}" if some else ""))
