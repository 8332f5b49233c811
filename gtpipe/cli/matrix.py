"""`gtpipe matrix`: codes by groups, with the words."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from gtpipe.cli.options import TAKES_LABELS, Output, Replace, argument, option, workbook_path
from gtpipe.cli.reading import named_things, read_study, say_what_is_hidden
from gtpipe.model.plural import count
from gtpipe.model.problems import UsageError
from gtpipe.render.tables import write_rows, write_workbook
from gtpipe.render.terminal import say, write, write_json

if TYPE_CHECKING:
    from collections.abc import Iterable

    from gtpipe.analysis.groups import Grouping
    from gtpipe.analysis.matrix import Matrix
    from gtpipe.model.level import CodeRef
    from gtpipe.study import Corpus


class MatrixFormat(StrEnum):
    """How a matrix is printed."""

    table = "table"
    md = "md"
    csv = "csv"
    json = "json"
    xlsx = "xlsx"


def register(app: typer.Typer) -> None:
    app.command(**TAKES_LABELS)(matrix)


def matrix(
    codes: Annotated[
        list[str] | None,
        argument(
            "[CODES]…", "Codes, focused codes, categories; all focused codes, if none is named."
        ),
    ] = None,
    by: Annotated[
        list[str] | None,
        option(
            "--by",
            "ATTRIBUTE",
            "A column of participants.csv, a field of transcripts (wave); or participant, "
            "interview, coder, schedule. Again for another, crossed with it.",
        ),
    ] = None,
    where: Annotated[
        list[str] | None,
        option(
            "--where",
            "ATTRIBUTE=VALUE",
            "Only those of this value: context=NHS. Again for another, of both.",
        ),
    ] = None,
    extracts: Annotated[
        bool, typer.Option("--extracts", help="The words of each cell below the table.")
    ] = False,
    format: Annotated[
        MatrixFormat, typer.Option("--format", help="For people, or for programs.")
    ] = MatrixFormat.table,
    output: Output = None,
    replace: Replace = False,
) -> None:
    """Set codes against groups: whose incidents, what words.

    gtpipe matrix --by setting
    gtpipe matrix "noticing the clock" --by age --extracts
    gtpipe matrix --by setting --by age --where setting="community team"
    """
    from gtpipe.analysis.matrix import matrix

    workbook = workbook_path(format, output, replace)
    corpus = read_study()
    grouping = _grouping([name.strip() for name in by or () if name.strip()], where or (), corpus)
    things = named_things(codes, corpus) if codes else _all_focused(corpus)
    holdings = corpus.looking.holdings
    table = matrix(things, holdings, grouping, corpus.material.persons)
    _write(table, format, extracts, workbook)
    if table.left_out and format is not MatrixFormat.md:
        from gtpipe.render.matrix import addresses

        places = table.places_left_out
        say(
            f"note: {count(len(places), 'incident')} left out, because an interviewer speaks "
            f"there: {addresses(places)}"
        )
    say_what_is_hidden(corpus)


def _grouping(by: list[str], where: Iterable[str], corpus: Corpus) -> Grouping:
    from gtpipe.analysis import groups

    if not by:
        columns = groups.known(corpus.material)
        raise UsageError(f"say by what: --by {columns[0]}; there are {', '.join(columns)}")
    only = [_value(typed) for typed in where]
    grouping = groups.crossed(by, corpus.material, corpus.codings, corpus.settings.researchers)
    for name in by:
        for other in groups.hidden(name, corpus.material):
            place = "transcripts have a field"
            if other.startswith(groups.ATTRIBUTE):
                place = "participants.csv has a column"
            say(f'note: {place} "{name}" too: --by "{other}" means that one')
    return groups.restricted(
        grouping, only, corpus.material, corpus.codings, corpus.settings.researchers
    )


def _value(typed: str) -> tuple[str, str]:
    """`context=NHS` apart."""
    name, equals, value = (part.strip() for part in typed.partition("="))
    if not (name and equals and value):
        raise UsageError(f'--where "{typed}": write it as ATTRIBUTE=VALUE, context=NHS')
    return name, value


def _all_focused(corpus: Corpus) -> tuple[CodeRef, ...]:
    from gtpipe.model.level import FOCUSED, CodeRef
    from gtpipe.model.problems import UserError

    labels = corpus.looking.focused
    if not labels:
        do = "Name codes: gtpipe matrix CODE… --by …"
        raise UserError.of(f"no {FOCUSED.noun} yet", do)
    say(f"All {FOCUSED.nouns} ({len(labels)}); to choose, name codes.")
    return tuple(CodeRef(FOCUSED, label) for label in labels)


def _write(table: Matrix, format: MatrixFormat, extracts: bool, workbook: Path | None) -> None:
    from gtpipe.analysis.matrix import EXTRACT, STANDING, header, nested, overview, rows
    from gtpipe.render.matrix import markdown, show

    if format is MatrixFormat.csv:
        write_rows(header(table), rows(table), format)
    elif format is MatrixFormat.json:
        write_json(nested(table))
    elif format is MatrixFormat.md:
        write(markdown(table))
    elif workbook is not None:
        sheets = [
            ("extracts" if how == EXTRACT else how, header(table), rows(table, {how}))
            for how in STANDING
        ]
        whole = ("overview", *overview(table))
        write_workbook(workbook, [whole, *(one for one in sheets if one[2] or one is sheets[0])])
    else:
        show(table, extracts)
