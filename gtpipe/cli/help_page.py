"""What `gtpipe --help` shows: a few commands under headings; `gtpipe --help --all` shows all.

A command that is not in LISTED stands in RELATED: the help of a listed command ends by naming it. A
new command is in neither until somebody decides where a person would look for it, and only
`--help --all` shows it meanwhile.
"""

from __future__ import annotations

from copy import copy
from typing import TYPE_CHECKING

from typer.core import TyperGroup

from gtpipe.cli.error_handler import StoppedError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from typer._click import Command, Context
    from typer._click.formatting import HelpFormatter

LISTED = {
    "Every day": (
        "run",
        "status",
        "check",
        "code",
        "compare",
        "memo",
        "find",
        "codes",
        "comments",
        "guide",
    ),
    "The five stages": ("ingest", "initial-code", "focused-code", "theoretical-code", "memo"),
    "Looking across, and for what does not fit": ("matrix", "case", "negative", "sampling"),
    "What changed, where it comes from, and your chapter": ("diff", "trace", "undo", "quotes"),
    "To hand on": ("report",),
    "Once": ("init",),
}
# By the listed command whose help names them.
RELATED = {
    "code": ("review", "suggest"),
    "compare": ("properties",),
    "theoretical-code": ("figure",),
    "matrix": ("who", "cooccur"),
    "sampling": ("schedule",),
    "negative": ("sufficiency", "evaluation"),
    "diff": ("history",),
    "init": ("git",),
}
MEMO_EVERY_DAY = 'Write a memo: gtpipe memo new "TITLE"'
_ALL = "--all"


class Commands(TyperGroup):
    """The commands. Ctrl-C is told in one place, whatever version of Typer runs them."""

    def invoke(self, ctx: Context) -> object:
        try:
            return super().invoke(ctx)
        except KeyboardInterrupt:
            raise StoppedError from None

    def parse_args(self, ctx: Context, args: list[str]) -> list[str]:
        if _ALL in args and all(word.startswith("-") for word in args):
            ctx.meta[_ALL] = True
            args = ["--help"]
        return super().parse_args(ctx, args)

    def get_command(self, ctx: Context, cmd_name: str) -> Command | None:
        command = super().get_command(ctx, cmd_name)
        related = [self.commands[name] for name in RELATED.get(cmd_name, ())]
        if command is None or not related:
            return command
        command = copy(command)
        command.epilog = "\n".join(
            ("See also:", *(f"gtpipe {each.name}: {_in_short(each)}" for each in related))
        )
        return command

    def format_help(self, ctx: Context, formatter: HelpFormatter) -> None:
        shown = copy(self)
        shown.commands = _laid_out(self.commands, ctx.meta.get(_ALL, False))
        super(Commands, shown).format_help(ctx, formatter)

    def list_commands(self, ctx: Context) -> list[str]:
        return list(self.commands)


def _laid_out(commands: Mapping[str, Command], everything: bool) -> dict[str, Command]:
    """Copies under their headings, in order. `memo` is a stage and an everyday command."""
    headings: dict[str, list[str]] = {}
    for heading, names in LISTED.items():
        headings[heading] = [*names]
        if everything:
            headings[heading] += [other for name in names for other in RELATED.get(name, ())]
    if everything:
        placed = {name for names in headings.values() for name in names}
        headings["More"] = [name for name in commands if name not in placed]
    laid_out: dict[str, Command] = {}
    for heading, shown in headings.items():
        for name in shown:
            command = copy(commands[name])
            command.rich_help_panel = heading  # type: ignore[attr-defined]
            command.short_help = _in_short(command)
            if (heading, name) == ("Every day", "memo"):
                command.short_help = MEMO_EVERY_DAY
            laid_out[f"{heading}: {name}"] = command
    return laid_out


def _in_short(command: Command) -> str:
    """The first line of a command's help."""
    return (command.help or "").partition("\n")[0]
