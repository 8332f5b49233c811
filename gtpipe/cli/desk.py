"""`gtpipe desk`: coding and constant comparison, full screen."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from gtpipe.cli.options import By, Why, argument, writer
from gtpipe.model.problems import UsageError

if TYPE_CHECKING:
    from gtpipe.store.layout import Study


def register(app: typer.Typer) -> None:
    app.command()(desk)


def desk(
    interview: Annotated[
        str | None, argument("INTERVIEW", "Without it: where you were last.")
    ] = None,
    by: By = "",
    why: Why = "",
) -> None:
    """Code and compare, full screen: words, codes and earlier incidents.

    Everything is one line in the same files, as the commands write it.
    At the desk, ? shows the keys. Ctrl-Q leaves; it goes on there the next time.
    """
    from gtpipe.cli.lines import has_screen
    from gtpipe.store.layout import Study

    study = Study.find()
    if not has_screen():
        raise UsageError("the desk needs a terminal; in a script: gtpipe code INTERVIEW TURN LABEL")
    sit_down(study, interview or "", writer(study, by), why)


def sit_down(
    study: Study,
    name: str,
    by: str,
    why: str,
    *,
    offers: bool = False,
    uncoded: bool = False,
    model: str = "",
) -> None:
    """Sit at the desk until it is left; with `uncoded`, from the first turn without a code of one's
    own. Raises UserError where the study has no such interview.
    """
    import gc

    from gtpipe.desk.sitting import Sitting

    sitting = Sitting.begin(study, name, by, why, uncoded=uncoded)
    sitting.model = model
    from gtpipe.desk import app

    gc.freeze()  # the study stays: nobody is to wait while it is looked through for rubbish
    gc.enable()
    app.run(sitting, offers=offers)
