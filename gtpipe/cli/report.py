"""`gtpipe report`: the study to be read by people who use no terminal."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from gtpipe.cli.options import argument, option
from gtpipe.cli.reading import say_what_is_hidden
from gtpipe.model.plural import count
from gtpipe.model.problems import UsageError
from gtpipe.render.terminal import out, progress, say


class ReportFormat(StrEnum):
    """What a report is made as."""

    html = "html"
    docx = "docx"
    xlsx = "xlsx"


class Words(StrEnum):
    """Whether the participants' words are in it."""

    yes = "yes"
    no = "no"


def register(app: typer.Typer) -> None:
    app.command()(report)


def report(
    interviews: Annotated[
        list[str] | None, argument("[INTERVIEW]…", "With --format docx: these interviews alone.")
    ] = None,
    format: Annotated[
        ReportFormat,
        typer.Option(
            "--format", help="Pages for a browser; Word, with codes as comments; a workbook."
        ),
    ] = ReportFormat.html,
    output: Annotated[
        Path | None,
        option(
            "--output",
            "PLACE",
            "A folder for pages, if not data/derived/report; or FILE.docx, FILE.xlsx.",
        ),
    ] = None,
    words: Annotated[
        Words,
        typer.Option("--words", help="no: leave the participants' words out.", show_default=False),
    ] = Words.yes,
    only: Annotated[
        str, option("--only", "PARTICIPANT", "One participant's own pages, for them to see.")
    ] = "",
    replace: Annotated[
        bool, typer.Option("--replace", help="Write over a document or workbook that is there.")
    ] = False,
) -> None:
    """Make the study readable: as pages, in Word, as a workbook.

    gtpipe report
    gtpipe report jim --format docx --output jim.docx
    """
    _refuse_what_does_not_fit(interviews or [], format, words, only.strip(), replace)
    if format is ReportFormat.docx:
        _document(tuple(interviews or ()), output, words is Words.yes, replace)
    elif format is ReportFormat.xlsx:
        _workbook(output, words is Words.yes, replace)
    else:
        _pages(output, words is Words.yes, only.strip())


def _refuse_what_does_not_fit(
    interviews: list[str], format: ReportFormat, words: Words, only: str, replace: bool
) -> None:
    """Raises UsageError where what is given does not go together."""
    if interviews and format is not ReportFormat.docx:
        raise UsageError("an interview's name goes with --format docx; a report has all of them")
    if interviews and words is Words.no:
        raise UsageError("--words no leaves interviews out; name none")
    if only and format is not ReportFormat.html:
        raise UsageError("--only makes pages: leave --format out")
    if replace and format is ReportFormat.html:
        raise UsageError("--replace goes with --format docx or xlsx; pages replace their own kind")


def _pages(output: Path | None, words: bool, only: str) -> None:
    from gtpipe.commands import report as reports
    from gtpipe.render.report.study import Edition
    from gtpipe.store.layout import Study

    with progress("report") as tell:
        made = reports.pages(Study.find(), Edition(words, only), output, tell)
    pages = f"{count(made.pages, 'page')}, {count(len(made.changed), 'file')} changed"
    out(f"report: {pages if made.changed else 'nothing changed'}")
    say(f"Open {made.first} in a browser.")
    say_what_is_hidden(made.corpus)


def _document(interviews: tuple[str, ...], output: Path | None, words: bool, replace: bool) -> None:
    from gtpipe.commands import report as reports
    from gtpipe.render import outputs
    from gtpipe.store import placing
    from gtpipe.store.layout import Study

    place = outputs.check(output, replace, "a Word document", ".docx")
    with progress("report"):
        content, corpus = reports.document(Study.find(), interviews, words)
        placing.replace(place, content, placing.mode_of(place))
    out(str(place))
    say_what_is_hidden(corpus)


def _workbook(output: Path | None, words: bool, replace: bool) -> None:
    from gtpipe.commands import report as reports
    from gtpipe.render import outputs
    from gtpipe.render.tables import say_what_was_cut
    from gtpipe.store.layout import Study

    place = outputs.check(output, replace, "a workbook", ".xlsx")
    with progress("report"):
        cut, corpus = reports.workbook(Study.find(), place, words)
    out(str(place))
    say_what_was_cut(cut)
    say_what_is_hidden(corpus)
