"""`gtpipe code`: one code from the shell, or an interview at the desk or line by line."""

from __future__ import annotations

from typing import Annotated

import typer

from gtpipe.cli.options import TAKES_LABELS, By, Plain, Why, argument, signed, writer
from gtpipe.model.problems import UsageError
from gtpipe.render.terminal import out, say


def register(app: typer.Typer) -> None:
    app.command(**TAKES_LABELS)(code)


def code(
    interview: Annotated[str, argument("INTERVIEW")],
    turn: Annotated[
        str | None, argument("TURN", "Without it: at the desk, or with --plain line by line.")
    ] = None,
    label: Annotated[str | None, argument("LABEL", "Without it: show the turn.")] = None,
    words: Annotated[
        str | None, typer.Option("--words", help="The words of the turn that the code is about.")
    ] = None,
    note: Annotated[str, typer.Option("--note", help="A note on this code here.")] = "",
    plain: Plain = False,
    by: By = "",
    why: Why = "",
) -> None:
    """Give a turn a code; or code an interview at the desk.

    gtpipe code jim 12 "keeping quiet" --words "I never said"
    gtpipe code jim
    """
    from gtpipe.analysis.labels import was_split
    from gtpipe.commands.code import add_code, called_now, look_alikes, split_now
    from gtpipe.store.layout import Study
    from gtpipe.study import codebook_of

    study = Study.find()
    if turn is None:
        from gtpipe.cli import desk, lines, plain_form

        if lines.has_screen() and not plain:
            desk.sit_down(study, interview, writer(study, by), why)
        elif not plain_form.code(study, interview, writer(study, by), why):
            raise typer.Exit(1)
    elif plain:
        raise UsageError("--plain goes with an INTERVIEW alone")
    elif label is None:
        if words is not None or note:
            raise UsageError("--words and --note go with a LABEL")
        from gtpipe.cli import turn_shown

        turn_shown.show(study, interview, turn)
    else:
        from gtpipe.model.problems import in_shell
        from gtpipe.model.records import in_words

        coder = writer(study, by)
        codes = codebook_of(study)
        alike = look_alikes(study, label, codes)
        edit = add_code(study, interview, turn, label, words=words, note=note, by=coder, why=why)
        out(
            f'{edit.path}: {in_words(turn)}: "{label.strip()}"'
            + ("" if edit.changed else " stands there already")
            + signed(coder)
        )
        if edit.interviewer:
            say(f"note: turn {turn} is the interviewer's; codes there count for no participant.")
        now = called_now(codes, label)
        if now:
            say(
                f'note: "{label.strip()}" is called "{now}" now, and counts so. To have "{now}" '
                "written here: "
                f"`gtpipe codes recode {in_shell(interview)} {in_shell(turn)} "
                f"{in_shell(label.strip())} {in_shell(now)}`"
            )
        elif parts := split_now(codes, label):
            say(f"note: {was_split(label.strip(), parts).what}: give one of these.")
        elif alike:
            say(
                f"note: this looks like {', '.join(alike)}; "
                "if it is the same code, write one label in all places."
            )
