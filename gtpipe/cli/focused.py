"""`gtpipe codes focused`: focused codes written by command."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from gtpipe.cli.options import TAKES_LABELS, By, HeadedGroup, Why, argument, option, signed, writer
from gtpipe.model.plural import count
from gtpipe.model.problems import UsageError
from gtpipe.render.terminal import out

if TYPE_CHECKING:
    from gtpipe.commands.judge_incidents import Verdict

Focused = Annotated[str, argument("[FOCUSED]")]
Incidents = Annotated[
    list[str] | None, argument("[INCIDENT]…", "As 'jim 4', or 'jim 4 \"words\"'.")
]
OfInterview = Annotated[str, option("--interview", "NAME", "All that waits of an interview.")]
Everything = Annotated[bool, typer.Option("--all", help="All that waits.")]

focused = typer.Typer(
    help="""Make focused codes, and say what they take up.

    You may as well write data/focused-codes.yaml by hand.""",
    no_args_is_help=True,
    cls=HeadedGroup,
)


def register(app: typer.Typer) -> None:
    app.add_typer(focused, name="focused", hidden=True)  # the older name of `codes focused`


@focused.command(**TAKES_LABELS)
def add(
    label: Annotated[str, argument("LABEL")],
    takes_up: Annotated[
        list[str] | None,
        option("--takes-up", "CODE", "An initial code it takes up. Again for more."),
    ] = None,
    because: Annotated[
        str, typer.Option("--because", help="Why this code carries the analysis.")
    ] = "",
    definition: Annotated[str, typer.Option("--definition", help="What it means.")] = "",
    by: By = "",
    why: Why = "",
) -> None:
    """Add a focused code, with its reason.

    gtpipe codes focused add "holding back" --takes-up "not being asked" --because "both hold back"
    """
    from gtpipe.commands import focused_codes
    from gtpipe.store.layout import FOCUSED_CODES, Study

    study = Study.find()
    coder = writer(study, by)
    is_new = focused_codes.add_focused(
        study,
        label.strip(),
        takes_up=tuple(takes_up or ()),
        definition=definition,
        because=because,
        by=coder,
        why=why,
    )
    out(
        f'{FOCUSED_CODES}: "{label.strip()}" '
        + ("added" if is_new else "has its reason now")
        + signed(coder)
        + ("" if because else "; it has no reason yet: `because: …`")
    )


@focused.command("take-up", **TAKES_LABELS)
def take_up(
    label: Annotated[str, argument("FOCUSED")],
    codes: Annotated[list[str], argument("CODE…")],
    by: By = "",
    why: Why = "",
) -> None:
    """Let a focused code take up more initial codes.

    gtpipe codes focused take-up "living with the record" "not being asked"
    """
    from gtpipe.commands import focused_codes
    from gtpipe.store.layout import FOCUSED_CODES, Study

    study = Study.find()
    coder = writer(study, by)
    listed = ", ".join(f'"{code}"' for code in codes)
    changed = focused_codes.take_up(study, label, tuple(codes), by=coder, why=why)
    out(
        f'{FOCUSED_CODES}: "{label}" '
        + (f"now takes up {listed}{signed(coder)}" if changed else f"takes up {listed} already")
    )


@focused.command(**TAKES_LABELS)
def keep(
    label: Focused = "",
    incidents: Incidents = None,
    interview: OfInterview = "",
    everything: Everything = False,
    by: By = "",
    why: Why = "",
) -> None:
    """Say that incidents belong to a focused code.

    Those that came since under a code it takes up, or others that were said not to fit. Without
    FOCUSED: all that wait, under any.

    gtpipe codes focused keep "being given something of theirs" "jim 24" --why "given, and taken"
    """
    from gtpipe.commands.judge_incidents import Verdict

    _judge(Verdict.keep, label, incidents, interview, everything, by, why)


@focused.command("does-not-fit", **TAKES_LABELS)
def does_not_fit(
    label: Focused = "",
    incidents: Incidents = None,
    interview: OfInterview = "",
    everything: Everything = False,
    by: By = "",
    why: Why = "",
) -> None:
    """Say that incidents do not fit a focused code.

    They leave its lists and counts, and stand in a list of their own.

    gtpipe codes focused does-not-fit "being spared the question" "jim 24" --why "she does ask"
    """
    from gtpipe.commands.judge_incidents import Verdict

    _judge(Verdict.does_not_fit, label, incidents, interview, everything, by, why)


@focused.command(**TAKES_LABELS)
def leave(
    label: Focused = "",
    incidents: Incidents = None,
    interview: OfInterview = "",
    everything: Everything = False,
    by: By = "",
    why: Why = "",
) -> None:
    """Leave incidents out of a focused code, with nothing said for or against it."""
    from gtpipe.commands.judge_incidents import Verdict

    _judge(Verdict.leave, label, incidents, interview, everything, by, why)


def _judge(
    verdict: Verdict,
    label: str,
    incidents: list[str] | None,
    interview: str,
    everything: bool,
    by: str,
    why: str,
) -> None:
    from gtpipe.commands import judge_incidents
    from gtpipe.store.layout import FOCUSED_CODES, Study

    given = [bool(incidents), bool(interview), everything]
    if sum(given) != 1:
        raise UsageError("say which: INCIDENT…, or --interview NAME, or --all")
    if not label and verdict is not judge_incidents.Verdict.keep:
        raise UsageError("name the focused code")
    if not why.strip():
        raise UsageError("say why with --why; the log keeps the reason")
    study = Study.find()
    coder = writer(study, by)
    which = judge_incidents.Which(tuple(incidents or ()), interview, everything)
    done = judge_incidents.judge(study, verdict, label.strip(), which, why=why, by=coder)
    said = {"keep": "kept", "leave": "left out"}.get(verdict)
    for code, addresses in done.by_code.items():
        named = f": {'; '.join(addresses)}" if incidents else ""
        number = count(len(addresses), "incident")
        how = said or ("does not fit" if len(addresses) == 1 else "do not fit")
        out(f'{FOCUSED_CODES}: "{code}": {number}, {how}{named}{signed(done.coder)}')
    if not done.by_code:
        out("Nothing waits there." if not incidents else "That is said already.")
