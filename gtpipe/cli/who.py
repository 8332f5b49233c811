"""`gtpipe who`: the participants of a code by name."""

from __future__ import annotations

from typing import Annotated

import typer

from gtpipe.cli.options import TAKES_LABELS, FormatOption, argument, option
from gtpipe.cli.reading import named_things, one_attribute, read_study, say_what_is_hidden
from gtpipe.render.tables import Format, write_rows


def register(app: typer.Typer) -> None:
    app.command(**TAKES_LABELS)(who)


def who(
    codes: Annotated[list[str], argument("X…", "Codes, focused codes, categories.")],
    by: Annotated[
        list[str] | None, option("--by", "ATTRIBUTE", "In groups of a column of participants.csv.")
    ] = None,
    format: FormatOption = Format.table,
) -> None:
    """See who has an incident under a code, by name, and who is not coded so.

    Not coded so does not mean "did not experience".

    gtpipe who "noticing the clock" --by setting
    """
    from gtpipe.analysis import groups, participation
    from gtpipe.render import blocks
    from gtpipe.render.participation import header, layout, rows

    attribute = one_attribute(by)
    corpus = read_study()
    material, codings = corpus.material, corpus.codings
    things = named_things(codes, corpus)
    column = groups.attribute(attribute, material) if attribute else ""
    answers = participation.who(things, corpus.looking.holdings, material, codings)
    if format is Format.table:
        uncoded = participation.uncoded_beside(material, codings)
        blocks.show(layout(answers, uncoded, column, corpus))
    else:
        write_rows(header(column, material), rows(answers, column, material), format)
    say_what_is_hidden(corpus)
