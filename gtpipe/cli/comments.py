"""`gtpipe comment` and `gtpipe comments`: what a second reader says, and the answers."""

from __future__ import annotations

from typing import Annotated

import typer

from gtpipe.cli.options import TAKES_LABELS, By, FormatOption, signed, writer
from gtpipe.cli.reading import read_showing_problems
from gtpipe.model.problems import UsageError
from gtpipe.render.tables import Format, write_rows
from gtpipe.render.terminal import out, say


def register(app: typer.Typer) -> None:
    app.command(**TAKES_LABELS)(comment)
    app.command(**TAKES_LABELS)(comments)


def comment(
    about: Annotated[
        str,
        typer.Argument(
            metavar="X",
            show_default=False,
            help="A code, category, relation, memo, or an incident: "
            "'jim 2'. With --answer, the answer.",
        ),
    ],
    text: Annotated[
        str | None,
        typer.Argument(metavar="TEXT", help="What you want to say of it.", show_default=False),
    ] = None,
    answer: Annotated[
        int | None,
        typer.Option(
            "--answer", metavar="N", help="Answer comment N of `gtpipe comments` instead."
        ),
    ] = None,
    changed: Annotated[
        str, typer.Option("--changed", help="With --answer: what changed because of it.")
    ] = "",
    by: By = "",
) -> None:
    """Comment on anything as a second reader; or answer a
    comment: gtpipe comment --answer 3 "TEXT".
    """
    from gtpipe.commands import write_comments
    from gtpipe.store.layout import Study

    if answer is not None and text is not None:
        raise UsageError('an answer is one text: gtpipe comment --answer 3 "TEXT"')
    if changed and answer is None:
        raise UsageError("--changed belongs to an answer: give --answer N as well")
    if answer is None and text is None:
        raise UsageError(
            'say what you want to say: gtpipe comment X "TEXT"; '
            "`gtpipe comments` lists what was said"
        )
    study = Study.find()
    coder = writer(study, by)
    if answer is not None:
        answered = write_comments.answer(study, answer, about, changed=changed, by=coder)
        out(
            f"{answered.where.path}: comment {answer} answered{signed(coder)}, "
            f"on {answered.about.label}"
        )
    else:
        added = write_comments.add(study, about, text or "", by=coder)
        out(f"{added.path}: comment {added.number}{signed(coder)}, on {added.about}")


def comments(
    about: Annotated[
        str | None, typer.Argument(metavar="[X]", help="Only those about this.", show_default=False)
    ] = None,
    unanswered: Annotated[
        bool, typer.Option("--unanswered", help="Only those without an answer.")
    ] = False,
    format: FormatOption = Format.table,
) -> None:
    """What second readers said, the answers, and what changed."""
    from gtpipe.commands import write_comments
    from gtpipe.render import blocks
    from gtpipe.render import comments as shown
    from gtpipe.store.layout import COMMENTS

    corpus = read_showing_problems(COMMENTS)
    listed = write_comments.listed(corpus, about or "", unanswered)
    if format is not Format.table:
        write_rows(shown.HEADER, [shown.row(*each) for each in listed], format)
    elif listed:
        blocks.show(shown.layout(listed))
    else:
        say("No comment without an answer." if unanswered else "No comment.")
    if corpus.settings.approach.no_agreement:
        say(corpus.settings.approach.no_agreement)
