"""`gtpipe codes focused`: focused codes written by command."""

from __future__ import annotations

from typing import Annotated

import typer

from gtpipe.cli.options import TAKES_LABELS, By, Why, signed, writer
from gtpipe.render.terminal import out

focused = typer.Typer(
    help="""Make focused codes, and say what they take up.

    You may as well write data/focused-codes.yaml by hand.""",
    no_args_is_help=True,
)


def register(app: typer.Typer) -> None:
    app.add_typer(focused, name="focused", hidden=True)  # the older name of `codes focused`


@focused.command(**TAKES_LABELS)
def add(
    label: Annotated[str, typer.Argument(metavar="LABEL", show_default=False)],
    takes_up: Annotated[
        list[str] | None,
        typer.Option(
            "--takes-up", metavar="CODE", help="An initial code it takes up. Again for more."
        ),
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
    focused_codes.add_focused(
        study,
        label.strip(),
        takes_up=tuple(takes_up or ()),
        definition=definition,
        because=because,
        by=coder,
        why=why,
    )
    out(
        f'{FOCUSED_CODES}: "{label.strip()}" added{signed(coder)}'
        + ("" if because else "; it has no reason yet: `because: …`")
    )


@focused.command("take-up", **TAKES_LABELS)
def take_up(
    label: Annotated[str, typer.Argument(metavar="FOCUSED", show_default=False)],
    codes: Annotated[list[str], typer.Argument(metavar="CODE", show_default=False)],
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
