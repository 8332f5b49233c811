"""`gtpipe report`: the study to be read by people who use no terminal."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from gtpipe.cli.options import Replace
from gtpipe.cli.reading import say_what_is_hidden
from gtpipe.model.plural import count
from gtpipe.model.problems import UsageError
from gtpipe.render.terminal import out, progress, say


class ReportFormat(StrEnum):
    """What a report is made as."""

    html = "html"


class Words(StrEnum):
    """Whether the participants' words are in it."""

    yes = "yes"
    no = "no"


def register(app: typer.Typer) -> None:
    app.command()(report)


def report(
    format: Annotated[
        ReportFormat, typer.Option("--format", help="html: pages for a browser.")
    ] = ReportFormat.html,
    output: Annotated[
        Path | None,
        typer.Option(
            "--output",
            metavar="PLACE",
            help="Where it goes; pages go to data/derived/report, if not given.",
            show_default=False,
        ),
    ] = None,
    words: Annotated[Words, typer.Option("--words", help="no: places and codes only.")] = Words.yes,
    only: Annotated[
        str,
        typer.Option(
            "--only", metavar="PARTICIPANT", help="The pages of one participant, for them to see."
        ),
    ] = "",
    replace: Replace = False,
) -> None:
    """Make the study readable in a browser, in Word, as a workbook.

    gtpipe report
    """
    from gtpipe.commands import report as reports
    from gtpipe.render.report.study import Edition
    from gtpipe.store.layout import Study

    if format is ReportFormat.html and replace:
        raise UsageError("--replace goes with --format docx or xlsx; pages replace their own kind")
    edition = Edition(words is Words.yes, only.strip())
    with progress("report") as tell:
        made = reports.pages(Study.find(), edition, output, tell)
    what = (
        f"{count(made.pages, 'page')}, {len(made.changed)} changed"
        if made.changed
        else "nothing changed"
    )
    out(f"report: {what}")
    say(f"Open {made.first} in a browser.")
    say_what_is_hidden(made.corpus)
