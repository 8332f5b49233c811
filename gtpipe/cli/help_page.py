"""What `gtpipe --help` shows: a few commands under headings; `gtpipe --help --all` shows all.

A command that is not in LISTED stands in RELATED: the help of a listed command ends by naming it. A
new command is in neither until somebody decides where a person would look for it, and only
`--help --all` shows it meanwhile.
"""

from __future__ import annotations

import textwrap
from functools import cache
from importlib import import_module
from typing import TYPE_CHECKING, Any

import typer
from typer.core import TyperCommand, TyperGroup

from gtpipe.cli.command_table import COMMANDS
from gtpipe.cli.error_handler import EndedError, StoppedError

if TYPE_CHECKING:
    from typer._click import Command, Context
    from typer._click.formatting import HelpFormatter

LISTED = {
    "Every day": tuple("run status check code compare memo find codes comments guide".split()),
    "The five stages": ("ingest", "initial-code", "focused-code", "theoretical-code", "memo"),
    "Looking across, and for what does not fit": ("matrix", "case", "negative", "sampling"),
    "What changed, where it comes from, and your chapter": ("diff", "trace", "undo", "quotes"),
    "To hand on": ("report",),
    "Once": ("init",),
}
# By the listed command whose help names them.
RELATED = {
    "status": ("ethics",),
    "ingest": ("import", "withdraw"),
    "code": ("desk", "review", "suggest"),
    "compare": ("properties",),
    "theoretical-code": ("figure",),
    "matrix": ("who", "cooccur"),
    "sampling": ("schedule", "procedures"),
    "negative": ("sufficiency", "evaluation"),
    "diff": ("history",),
    "quotes": ("claims", "names"),
    "report": ("export",),
    "init": ("git",),
}
MEMO_EVERY_DAY = 'Write a memo: gtpipe memo new "TITLE"'
_MEMO = ("Every day", "memo")
_ALL = "--all"
_AS_IT_IS = "\b"  # before lines of a help that are not to be run together


class Commands(TyperGroup):
    """The commands, each imported when it is called. Ctrl-C is told in one place, whatever version
    of Typer runs them, and so is a file that ends too soon, as a module of ours does that was
    written to a full disk: Typer would say no more than that it aborted.
    """

    def __init__(self, **settings: Any) -> None:
        super().__init__(**settings)
        self.commands = {name: _in_list(name) for name in COMMANDS}

    def invoke(self, ctx: Context) -> object:
        try:
            return super().invoke(ctx)
        except KeyboardInterrupt:
            raise StoppedError from None
        except EOFError as exc:
            raise EndedError from exc

    def parse_args(self, ctx: Context, args: list[str]) -> list[str]:
        if _ALL in args and all(word.startswith("-") for word in args):
            ctx.meta[_ALL] = True
            args = ["--help"]
        return super().parse_args(ctx, args)

    def get_command(self, ctx: Context, cmd_name: str) -> Command | None:
        return made(cmd_name) if cmd_name in COMMANDS else None

    def format_commands(self, ctx: Context, formatter: HelpFormatter) -> None:
        for heading, rows in _laid_out(ctx.meta.get(_ALL, False)).items():
            with formatter.section(heading):
                formatter.write_dl(rows)

    def list_commands(self, ctx: Context) -> list[str]:
        return list(self.commands)


@cache
def made(name: str) -> Command:
    """A command itself, its module imported. Its help ends by naming what is related."""
    module = import_module(f"gtpipe.cli.{COMMANDS[name].module}")
    part = typer.Typer(rich_markup_mode=None)
    module.register(part)
    command = typer.main.get_group(part).commands[name]
    related = RELATED.get(name, ())
    if related:
        also = (
            textwrap.fill(f"gtpipe {each}: {COMMANDS[each].help}", 78, subsequent_indent="  ")
            for each in related
        )
        command.epilog = "\n".join((_AS_IT_IS, "See also:", *also))
    _keep_lines(command)
    return command


def _keep_lines(command: Command) -> None:
    """Have each example in the help of a command stand on a line of its own."""
    paragraphs = (command.help or "").split("\n\n")
    command.help = "\n\n".join(
        f"{_AS_IT_IS}\n{text}" if text.lstrip().startswith("gtpipe ") else text
        for text in paragraphs
    )
    for other in getattr(command, "commands", {}).values():
        _keep_lines(other)


def _in_list(name: str) -> TyperCommand:
    """A command as lists have it: its name and its help in a line."""
    listed = COMMANDS[name]
    return TyperCommand(name, help=listed.help, short_help=listed.help, hidden=listed.hidden)


def _laid_out(everything: bool) -> dict[str, list[tuple[str, str]]]:
    """Heading → the commands under it, each with its help. `memo` is a stage and an everyday
    command.
    """
    headings: dict[str, list[str]] = {}
    for heading, names in LISTED.items():
        headings[heading] = [*names]
        if everything:
            headings[heading] += [other for name in names for other in RELATED.get(name, ())]
    if everything:
        placed = {name for names in headings.values() for name in names}
        listed = (name for name, each in COMMANDS.items() if not each.hidden)
        headings["More"] = [name for name in listed if name not in placed]
    return {
        heading: [
            (name, MEMO_EVERY_DAY if (heading, name) == _MEMO else COMMANDS[name].help)
            for name in shown
        ]
        for heading, shown in headings.items()
        if shown
    }
