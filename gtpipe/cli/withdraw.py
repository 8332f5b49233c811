"""`gtpipe withdraw`: a participant withdraws from the study."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Annotated

import typer

from gtpipe.cli.options import By, Why, ask_line, somebody_can_answer, writer
from gtpipe.model import limits
from gtpipe.model.plural import count
from gtpipe.model.problems import UsageError
from gtpipe.render.terminal import out, progress, say

if TYPE_CHECKING:
    from gtpipe.commands.withdraw import Standing, WithdrawalDone
    from gtpipe.store.layout import Study


def register(app: typer.Typer) -> None:
    app.command()(withdraw)


def withdraw(
    participant: Annotated[str, typer.Argument(metavar="PARTICIPANT", help="Who withdraws.")],
    why: Why = "",
    by: By = "",
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Show all that would change; write nothing.")
    ] = False,
    yes: Annotated[
        bool, typer.Option("--yes", help="Do not ask: it cannot be taken back.")
    ] = False,
) -> None:
    """Take a participant's words out of the study.

    Sources, transcript, sheets, row, and every line that names an incident of theirs go.
    What you wrote is not edited: where six of their words in a row still stand in it is listed,
    and the exit code is 1 until none is left.
    Call it again to look once more.

    gtpipe withdraw jim --why "asked to, by letter" --dry-run
    """
    from gtpipe.commands import withdraw as command
    from gtpipe.commands.withdraw_plan import speaks
    from gtpipe.pipeline import freshness
    from gtpipe.store.layout import Study
    from gtpipe.study import load

    study = Study.find()
    if not speaks(load(study), participant):
        raise UsageError("later")
    if not dry_run and not why:
        raise UsageError('say why, for the record: --why "…"')
    coder = writer(study, by)
    laid_out = freshness.everything_owned(study)
    given = {"why": why, "by": coder, "date": date.today().isoformat(), "laid_out": laid_out}
    planned = command.withdraw(study, participant, **given, dry_run=True)
    _show(planned)
    if dry_run:
        say("Nothing was written.")
        raise typer.Exit(1 if planned.standing.places else 0)
    _confirm(participant, yes)
    done = command.withdraw(study, participant, **given)
    say(f"{count(len(done.changed), 'file')} changed or gone.")
    _run(study)


def _show(done: WithdrawalDone) -> None: ...
def _confirm(participant: str, yes: bool) -> None: ...
def _run(study: Study) -> None: ...
