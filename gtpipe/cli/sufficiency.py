"""`gtpipe sufficiency`: interview by interview, how far a person judges that the theory copes."""

from __future__ import annotations

from typing import Annotated

import typer

from gtpipe.cli.options import FormatOption
from gtpipe.cli.reading import read_whole, say_what_is_hidden
from gtpipe.render.tables import Format, write_rows
from gtpipe.render.terminal import say


def register(app: typer.Typer) -> None:
    app.command()(sufficiency)


def sufficiency(
    counts: Annotated[
        bool, typer.Option("--counts", help="Also how many initial codes were new in each.")
    ] = False,
    format: FormatOption = Format.table,
) -> None:
    """See how far the theory copes, interview by interview, as you judge it."""
    from gtpipe.analysis import theory
    from gtpipe.render import blocks
    from gtpipe.render.sufficiency import layout
    from gtpipe.store.layout import FOCUSED_CODES, THEORY

    corpus = read_whole(FOCUSED_CODES, THEORY)
    table = theory.sufficiency(corpus.material, corpus.codings, corpus.looking.holdings)
    if format is not Format.table:
        write_rows(table.header, [*table.rows], format)
    elif not table.rows:
        say("No interview yet.")
    else:
        blocks.show(layout(table, corpus, counts=counts))
    say_what_is_hidden(corpus)
