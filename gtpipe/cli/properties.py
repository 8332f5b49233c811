"""`gtpipe properties`: the positions of a code's properties, side by side with the words."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated

import typer

from gtpipe.cli.options import TAKES_LABELS, argument
from gtpipe.cli.reading import named_things, read_whole, say_what_is_hidden
from gtpipe.render.tables import write_rows
from gtpipe.render.terminal import say, write


class PropertiesFormat(StrEnum):
    """How properties are printed."""

    table = "table"
    md = "md"
    csv = "csv"
    json = "json"


def register(app: typer.Typer) -> None:
    app.command(**TAKES_LABELS)(properties)


def properties(
    codes: Annotated[
        list[str] | None,
        argument(
            "[CODES]…", "Focused codes, categories; all that have properties, if none is named."
        ),
    ] = None,
    format: Annotated[
        PropertiesFormat, typer.Option("--format", help="For people, or for programs.")
    ] = PropertiesFormat.table,
) -> None:
    """Lay the positions of a code's properties side by side, with the words.

    Positions that nobody has met are named too.

    gtpipe properties "being given something of theirs"
    """
    from gtpipe.analysis import properties as analysis
    from gtpipe.render import properties as shown
    from gtpipe.store.layout import FOCUSED_CODES, THEORY

    corpus = read_whole(FOCUSED_CODES, THEORY)
    material = corpus.material
    things = named_things(codes, corpus) if codes else [of for of, _ in analysis.entries(material)]
    codings = corpus.codings
    laid = [
        each
        for thing in things
        for each in analysis.laid_out(
            thing, material, codings, analysis.unfit(thing, material, corpus.names, codings)
        )
    ]
    if format in (PropertiesFormat.csv, PropertiesFormat.json):
        write_rows(shown.HEADER, shown.rows(laid), format)
    elif format is PropertiesFormat.md and laid:
        write(shown.markdown(laid))
    elif laid:
        shown.show(laid)
    else:
        of_it = f' of "{things[0].label}"' if len(things) == 1 else ""
        say(
            f"No property{of_it} yet. It is written under `properties: |` in {FOCUSED_CODES} "
            f"or {THEORY}."
        )
    say_what_is_hidden(corpus)
