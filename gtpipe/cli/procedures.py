"""`gtpipe procedures`: what else a study may ask for, switched on with a reason."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from gtpipe.cli.matrix import MatrixFormat
from gtpipe.cli.options import (
    By,
    FormatOption,
    Output,
    Replace,
    argument,
    option,
    workbook_path,
    writer,
)
from gtpipe.cli.reading import one_attribute, read_study, say_what_is_hidden
from gtpipe.model.plural import count
from gtpipe.render.tables import Format, write_rows
from gtpipe.render.terminal import out, say, write

procedures = typer.Typer(help="What else a study may ask for: responses, items, rankings, reviews.")
Name = Annotated[str, argument("NAME", "Its name in `gtpipe procedures`.")]


def register(app: typer.Typer) -> None:
    app.add_typer(procedures, name="procedures")


@procedures.callback(invoke_without_command=True)
def list_procedures(context: typer.Context, format: FormatOption = Format.table) -> None:
    """What else a study may ask for: responses, items, rankings, reviews.

    Alone, it lists them, and which are on: each is off until the study has a reason for it.
    """
    if context.invoked_subcommand is not None:
        return
    from gtpipe.model.problems import Problem
    from gtpipe.render import blocks, procedures
    from gtpipe.render.terminal import show_problems
    from gtpipe.store.layout import Snapshot, Study
    from gtpipe.study.procedures import catalogue

    study = Study.find()
    snapshot = Snapshot(study)
    problems: list[Problem] = []
    known, on = catalogue(snapshot, problems), snapshot.settings().procedures
    if format is Format.table:
        blocks.show(procedures.overview(known, on))
        say('To switch one on: gtpipe procedures add NAME --because "…"')
    else:
        write_rows(procedures.LISTED, procedures.listed(known, on), format)
    show_problems(problems, study.root)


@procedures.command("add")
def add_procedure(
    name: Name,
    because: Annotated[str, typer.Option("--because", help="Why this study needs it.")] = "",
    by: By = "",
) -> None:
    """Switch a procedure on, with the reason for it.

    gtpipe procedures add member-responses --because "second interviews answer the analysis"
    """
    from gtpipe.commands import procedures
    from gtpipe.render.procedures import files
    from gtpipe.store.layout import Snapshot, Study

    study = Study.find()
    for path in procedures.add(study, name, because, by=writer(study, by)):
        out(path)
    rows = files(procedures.find(Snapshot(study), name))
    say(f"Its rows are yours to write: {', '.join(rows)}")


@procedures.command("import")
def import_rows(
    name: Name, file: Annotated[Path, argument("FILE", "A workbook, or CSV.")], by: By = ""
) -> None:
    """Take answers from a wide table: a person a row, an item a column.

    gtpipe procedures import items answers.xlsx
    """
    from gtpipe.commands import import_answers
    from gtpipe.store.layout import Study

    study = Study.find()
    path, number = import_answers.import_rows(study, name, file, by=writer(study, by))
    out(f"{path}: {count(number, 'row')} more")


@procedures.command("show")
def show_procedure(
    name: Name,
    by: Annotated[
        list[str] | None, option("--by", "ATTRIBUTE", "Group by a column of participants.csv.")
    ] = None,
    format: Annotated[
        MatrixFormat, typer.Option("--format", help="For people, or for programs.")
    ] = MatrixFormat.table,
    output: Output = None,
    replace: Replace = False,
) -> None:
    """Lay out the rows of a procedure.

    gtpipe procedures show items --by setting
    """
    from gtpipe.analysis.procedure_layouts import laid_out
    from gtpipe.commands.procedures import find_on
    from gtpipe.render import procedures

    workbook = workbook_path(format, output, replace)
    corpus = read_study()
    procedure = find_on(corpus, name)
    parts = laid_out(procedure, corpus.material, corpus.names, corpus.codings, one_attribute(by))
    header, rows = procedures.table(procedure, parts)
    if format is MatrixFormat.md:
        write(procedures.markdown(procedure, parts))
    elif format is MatrixFormat.table:
        procedures.show(parts)
    else:
        write_rows(header, rows, format, workbook=workbook, title=name)
    say_what_is_hidden(corpus)
