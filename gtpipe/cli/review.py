"""`gtpipe review`: coding with suggestions to accept, edit, reject or leave alone."""

from __future__ import annotations

from typing import Annotated

import typer

from gtpipe.cli.options import By, Plain, Why, argument, option, writer


def register(app: typer.Typer) -> None:
    app.command()(review)


def review(
    interview: Annotated[
        str | None, argument("INTERVIEW", "Without it: the first with turns you gave no code yet.")
    ] = None,
    uncoded: Annotated[
        bool, typer.Option("--uncoded", help="Only turns that carry no code of yours.")
    ] = False,
    model: Annotated[
        str, option("--model", "NAME", "The spaCy pipeline to parse with, by name or path.")
    ] = "",
    plain: Plain = False,
    by: By = "",
    why: Why = "",
) -> None:
    """Code with suggestions beside the words.

    They come from your own codes, from actions and from striking words.
    None is a code until you take it. ? shows the keys.
    """
    from gtpipe.store.layout import Study

    study = Study.find()
    from gtpipe.cli import desk, lines, plain_form

    name, coder = interview or "", writer(study, by)
    if lines.has_screen() and not plain:
        desk.sit_down(
            study, name, coder, why, offers=True, uncoded=uncoded or not name, model=model
        )
    elif not plain_form.review(study, name, uncoded, model, coder, why):
        raise typer.Exit(1)
