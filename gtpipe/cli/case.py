"""`gtpipe case`: one participant, interview by interview."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, Annotated

import typer

from gtpipe.cli.options import TAKES_LABELS, argument
from gtpipe.cli.reading import named_things, read_study, say_what_is_hidden
from gtpipe.render.tables import write_rows
from gtpipe.render.terminal import say, write, write_json

if TYPE_CHECKING:
    from gtpipe.study import Corpus


class CaseFormat(StrEnum):
    """How a case is printed."""

    table = "table"
    md = "md"
    csv = "csv"
    json = "json"


def register(app: typer.Typer) -> None:
    app.command(**TAKES_LABELS)(case)


def case(
    participant: Annotated[str, argument("PARTICIPANT")],
    codes: Annotated[
        list[str] | None,
        argument("[CODES]…", "Only these over time; all of the participant's, if none is named."),
    ] = None,
    format: Annotated[
        CaseFormat, typer.Option("--format", help="For people, or for programs.")
    ] = CaseFormat.table,
) -> None:
    """Go through a participant's interviews in order.

    Codes stand as they were told, with memos; of each code what came again, or only later.

    gtpipe case jim
    """
    from gtpipe.analysis.case import case
    from gtpipe.render import blocks
    from gtpipe.render import case as shown

    corpus = read_study()
    name = _participant(participant, corpus)
    only = named_things(codes, corpus) if codes else ()
    material, codings = corpus.material, corpus.codings
    holdings = corpus.looking.holdings
    found = case(name, material, codings, holdings, corpus.names, only)
    if format is CaseFormat.json:
        write_json(shown.nested(found))
    elif format is CaseFormat.csv:
        write_rows(shown.HEADER, list(shown.rows(found)), format)
    elif format is CaseFormat.md:
        write(shown.markdown(found))
    else:
        blocks.show(shown.layout(found))
    if not found.accounts:
        say(f"{name} is not interviewed yet.")
    say_what_is_hidden(corpus)


def _participant(typed: str, corpus: Corpus) -> str:
    """Raises UserError with the nearest name where there is no such participant."""
    from gtpipe.analysis import subjects
    from gtpipe.model.problems import UserError, did_you_mean

    names = subjects.names(subjects.PARTICIPANT, corpus.material)
    alike = [name for name in names if name.casefold() == typed.casefold()]
    if typed in names or len(alike) == 1:
        return typed if typed in names else alike[0]
    there = f"The participants are {', '.join(names)}" if names else "There is none yet"
    near = did_you_mean(typed, names)
    raise UserError.of(f'no participant "{typed}" in this study', near or there)
