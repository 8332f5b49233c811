"""`gtpipe names`: real names, and whatever else tells who somebody is."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from gtpipe.cli import pseudonyms
from gtpipe.cli.options import FormatOption, ListingGroup, Strict, argument
from gtpipe.render.tables import Format, write_rows
from gtpipe.render.terminal import out, progress, say, show_problems


class NamesGroup(ListingGroup):
    """It looks for names where no command is named."""

    otherwise = "look"


app = typer.Typer(cls=NamesGroup)


def register(to: typer.Typer) -> None:
    pseudonyms.add_to(app)
    to.add_typer(app, name="names")


@app.callback()
def names() -> None:
    """Find real names that the study promised to keep out.

    Alone, or with FILE…, it looks for them, as `gtpipe names look` does. `privacy: names:` in
    pipeline.yaml says where your list is: one person or place a line, all spellings, and what
    stands for it.

    gtpipe names chapter.docx
    """


@app.command()
def look(
    files: Annotated[
        list[str] | None,
        argument(
            "[FILE]…", "Files or folders; without any, the whole study and the chapters beside it."
        ),
    ] = None,
    strict: Strict = False,
    format: FormatOption = Format.table,
) -> None:
    """Look for names of the list, addresses and numbers.

    It tells path, line and the line of the list, never a name. Exit code 1 where a name stands.

    gtpipe names look chapter.docx
    """
    from gtpipe.render.real_names import HEADER, line_of, row, summary
    from gtpipe.sources.look_for_names import look
    from gtpipe.store.layout import Snapshot, Study

    around = (
        Study.around(place) for place in (Path.cwd(), *(Path(file).parent for file in files or ()))
    )
    study = next(filter(None, around), None) or Study.find()
    with progress("names") as tell:
        search = look(study, files or (), tell)
    if format is not Format.table:
        write_rows(HEADER, [row(finding) for finding in search.findings], format)
    else:
        for finding in search.findings:
            out(line_of(finding))
        out(summary(search))
    show_problems((*search.problems, *search.unread), study.root)
    if not Snapshot(study).settings().names:
        say(
            "note: pipeline.yaml names no list of real names: only addresses and numbers were "
            "looked for. `gtpipe guide privacy` shows how to write one."
        )
    is_wrong = any(problem.is_error for problem in search.problems)
    if search.names or is_wrong or (strict and (search.notes or search.unread)):
        raise typer.Exit(1)
