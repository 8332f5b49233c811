"""`initial-code`, `focused-code`, `theoretical-code`: the stages, one by one."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated

import typer

from gtpipe.cli.options import Strict, Why
from gtpipe.model.plural import count
from gtpipe.render.terminal import out, progress, say

if TYPE_CHECKING:
    from gtpipe.model.problems import Problem
    from gtpipe.pipeline.run import Result
    from gtpipe.pipeline.stages import Stage


def register(app: typer.Typer) -> None:
    app.command("initial-code")(initial_code)
    app.command("focused-code")(focused_code)
    app.command("theoretical-code")(theoretical_code)


def initial_code(
    refresh_text: Annotated[
        bool,
        typer.Option(
            "--refresh-text",
            help="Bring the sheets into line with transcripts that were corrected.",
        ),
    ] = False,
    why: Why = "",
    strict: Strict = False,
) -> None:
    """Stage 2: make coding sheets, and a page for each code."""
    from gtpipe.pipeline.stages import INITIAL_CODE

    run_stage(INITIAL_CODE, strict, why, refresh_text)


def focused_code(strict: Strict = False) -> None:
    """Stage 3: lay out focused codes with their incidents.

    It also lists the initial codes that none of them takes up.
    """
    from gtpipe.pipeline.stages import FOCUSED_CODE

    run_stage(FOCUSED_CODE, strict)


def theoretical_code(strict: Strict = False) -> None:
    """Stage 4: lay out the theory with participants' words.

    With what does not fit, and sufficiency by interview.
    """
    from gtpipe.pipeline.stages import THEORETICAL_CODE

    run_stage(THEORETICAL_CODE, strict)


def run_stage(stage: Stage, strict: bool, why: str = "", refresh_text: bool = False) -> None:
    """Run a stage, and show what changed. With `strict`, exits with 1 on notes."""
    from gtpipe.pipeline import run
    from gtpipe.store import seen
    from gtpipe.store.layout import Study

    with progress(stage.name) as tell, seen.doubted(strict):
        result = run.run_stage(Study.find(), stage, why, refresh_text, tell)
    show_result(result)
    show_notes(result.problems)
    if strict and result.problems:
        raise typer.Exit(1)


def show_result(result: Result, told: Sequence[str] = ()) -> None:
    """What changed, and why: but for the reasons that were told of stages before."""
    for remark in result.remarks:
        say(f"{result.stage}: {remark}")
    derived = [path for path in result.changed if path.startswith("data/derived/")]
    for path in result.changed:
        if not path.startswith("data/derived/"):
            out(f"{result.stage}: wrote {path}")
    if derived:
        how = "made" if result.is_first else "changed"
        what = ", ".join(derived) if len(derived) <= 3 else count(len(derived), "file")
        because = [reason for reason in result.because if reason not in told]
        why = "first run on this computer" if result.is_first else some(because)
        out(f"{result.stage}: {what} {how}" + (f" ({why})" if why else ""))
    if not result.changed:
        out(f"{result.stage}: nothing changed")


def some(reasons: Sequence[str], most: int = 3) -> str:
    """The first reasons, and how many there are more."""
    more = f"; {count(len(reasons) - most, 'other change')}" if len(reasons) > most else ""
    return "; ".join(reasons[:most]) + more


def show_notes(problems: Sequence[Problem]) -> None:
    """How many notes there are; `check` shows them."""
    if problems:
        say(f"{count(len(problems), 'note')}: `gtpipe check` shows them")
