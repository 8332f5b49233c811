"""`gtpipe undo`: the last changing command taken back."""

from __future__ import annotations

from typing import Annotated

import typer

from gtpipe.cli.options import By, FormatOption, Why, writer
from gtpipe.model.plural import count
from gtpipe.model.problems import UsageError
from gtpipe.render.tables import Format, write_rows
from gtpipe.render.terminal import out, say


def register(app: typer.Typer) -> None:
    app.command()(undo)


def undo(
    list_: Annotated[
        bool,
        typer.Option(
            "--list", help="Show the last changes, newest first, and which can be taken back."
        ),
    ] = False,
    redo: Annotated[
        bool, typer.Option("--redo", help="Bring back what was taken back last.")
    ] = False,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Show what it would do as a diff; write nothing.")
    ] = False,
    by: By = "",
    why: Why = "",
    format: FormatOption = Format.table,
) -> None:
    """Take back the last change that a command made.

    Again for the one before.
    What files were before is kept here for the last 20 changes, or in git.
    Taking back is a change too: --redo takes it back in turn, whatever you did since.
    What you typed into files yourself is not touched.
    """
    from gtpipe.commands import undo_changes
    from gtpipe.store.layout import Study

    study = Study.find()
    if list_:
        if redo or dry_run or why or by:
            raise UsageError("--list goes by itself")
        rows = [
            (one.logged.when[:16].replace("T", " "), one.logged.by, one.logged.command, one.state)
            for one in undo_changes.listed(study)
        ]
        write_rows(
            ("when", "by", "command", "state"), rows, format, empty="No change in the log yet."
        )
        return
    coder = writer(study, by)
    done = undo_changes.undo(study, redo=redo, by=coder, why=why, dry_run=dry_run)
    for command in done.passed_over:
        say(f"`{command}` cannot come back as things stand; `gtpipe undo --list` says why.")
    if dry_run:
        from gtpipe.render.changes import as_diff

        for line in as_diff(done.changes):
            out(line)
        say("Nothing was written.")
        return
    undone = done.logged
    out(
        f"{'brought back' if redo else 'taken back'}: {undone.command} "
        f"({', '.join(filter(None, (undone.when[:10], undone.by)))}): "
        f"{count(len(done.changes), 'file')}"
    )
    noted = f"Noted under {coder}. " if coder else ""
    say(f"{noted}Next: `gtpipe run`" + ("." if redo else "; `gtpipe undo --redo` brings it back."))
