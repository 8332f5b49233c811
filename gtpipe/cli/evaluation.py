"""`gtpipe evaluation`: nineteen questions to the study, answered in prose."""

from __future__ import annotations

import typer

from gtpipe.cli.options import By, FormatOption, signed, writer
from gtpipe.render.tables import Format, write_rows
from gtpipe.render.terminal import out

_DONE = {
    "new": "made; put your answers in it",
    "refreshed": "links to your material refreshed; your answers are as they were",
    "": "everything stands right",
}


def register(app: typer.Typer) -> None:
    app.command()(evaluation)


def evaluation(by: By = "", format: FormatOption = Format.table) -> None:
    """Answer nineteen questions about your study, in prose.

    The answers are yours, in data/evaluation.md; this refreshes the links to your material.
    """
    from gtpipe.commands.evaluation import answers, evaluate
    from gtpipe.render import blocks
    from gtpipe.render.evaluation import HEADER, layout, row
    from gtpipe.store.layout import EVALUATION, Study
    from gtpipe.store.who import UnknownWriterError

    study = Study.find()
    if format is not Format.table:
        write_rows(HEADER, [row(each) for each in answers(study)], format)
        return
    try:
        changed, answered, coder = evaluate(study, by)
    except UnknownWriterError:
        changed, answered, coder = evaluate(study, writer(study, by))
    out(f"{EVALUATION}: {_DONE[changed]}{signed(coder)}")
    blocks.show(layout(answered))
