"""Options and settings that several commands share."""

from __future__ import annotations

import re
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, TypedDict

import typer
from typer.core import TyperCommand, TyperGroup

from gtpipe.model.problems import UsageError, did_you_mean
from gtpipe.render.tables import Format
from gtpipe.render.terminal import say

if TYPE_CHECKING:
    from typer._click import Context
    from typer._click.formatting import HelpFormatter
    from typer._click.parser import _OptionParser

    from gtpipe.store.layout import Study


def argument(metavar: str, help: str | None = None) -> Any:
    """What a command is about, by the name that its help gives it."""
    return typer.Argument(metavar=metavar, help=help, show_default=False)


def option(name: str, metavar: str, help: str, panel: str | None = None) -> Any:
    """An option with a value; `panel` is the heading it stands under in the help."""
    return typer.Option(name, metavar=metavar, help=help, rich_help_panel=panel, show_default=False)


Why = Annotated[str, typer.Option("--why", help="The reason, for the log.")]
Strict = Annotated[
    bool,
    typer.Option(
        "--strict",
        help="Exit code 1 on notes too, not only on errors; and read every file, also those that "
        "look untouched.",
    ),
]
Engine = Annotated[
    str,
    option(
        "--engine",
        "dask[:ADDRESS]",
        "Let Dask workers read and parse; without an address, some on this computer.",
    ),
]
FormatOption = Annotated[
    Format,
    typer.Option(
        "--format", help="table for people; csv or json for programs.", show_default=False
    ),
]
By = Annotated[str, option("--by", "INITIALS", "Who writes; you, if not given.")]
Plain = Annotated[
    bool, typer.Option("--plain", help="Line by line, as for screen readers and pipes.")
]
Output = Annotated[Path | None, option("--output", "FILE.xlsx", "Where the workbook goes.")]
Replace = Annotated[bool, typer.Option("--replace", help="Write over a workbook that is there.")]


def workbook_path(format: str, output: Path | None, replace: bool) -> Path | None:
    """Where a workbook goes, None for other formats. Raises
    UsageError or UserError where it cannot go there.
    """
    if format == "xlsx":
        from gtpipe.render import outputs

        return outputs.check(output, replace, "a workbook", ".xlsx")
    if output is not None or replace:
        raise UsageError(
            "--output and --replace go with --format xlsx; anything else goes to a file by `> FILE`"
        )
    return None


def today() -> str:
    """The day that it is, 2026-04-02: the one clock of what is due."""
    from datetime import date

    return date.today().isoformat()


# --- who writes -----------------------------------------------------------------------------------


def writer(study: Study, by: str) -> str:
    """Initials of who writes, by the rule of `store.who`.

    A person at a terminal is asked where nothing says who. Raises UserError where that is wrong, or
    nobody can be asked.
    """
    from gtpipe.store import who
    from gtpipe.store.layout import Snapshot

    researchers = Snapshot(study).settings().researchers
    try:
        return who.find(study, researchers, by)
    except who.UnknownWriterError as unknown:
        if not somebody_can_answer():
            raise
        chosen = _ask(researchers)
        if not chosen:
            raise unknown from None
    say(f"To keep this answer: {who.KEEP} {chosen}")
    return chosen


def _ask(researchers: Mapping[str, str]) -> str:
    """Initials, as a person types them; '' for an empty line or Ctrl-D."""
    folded = {initials.casefold(): initials for initials in researchers}
    say("Who writes?")
    for initials, name in researchers.items():
        say(f"  {initials}  {name}".rstrip())
    while typed := ask_line("Your initials: "):
        if typed.casefold() in folded:
            return folded[typed.casefold()]
        say(f'Nobody here has the initials "{typed}".')
    return ""


def ask_line(question: str) -> str:
    """One line that a person types at the terminal, '' for Ctrl-D. Ctrl-C ends the command."""
    return ask_line_or_end(question) or ""


def ask_line_or_end(question: str) -> str | None:
    """The same; None for Ctrl-D."""
    sys.stderr.write(question)
    sys.stderr.flush()
    line = sys.stdin.readline()
    return line.strip() if line else None


def somebody_can_answer() -> bool:
    """Whether questions can be asked: a person sees them, and types."""
    return sys.stdin.isatty() and sys.stderr.isatty()


def signed(coder: str) -> str:
    """` (KR)`: behind what was written, whose it is."""
    return f" ({coder})" if coder else ""


# --- words that begin with a hyphen ---------------------------------------------------------------


class LabelCommand(TyperCommand):
    """A command whose words may begin with a hyphen, as `-
    dash` does. What begins with two is an option, or refused.
    """

    def collect_usage_pieces(self, ctx: Context) -> list[str]:
        """`CODE`, where Typer writes `{CODE}` for what has to be named."""
        return [re.sub(r"[{}]", "", piece) for piece in super().collect_usage_pieces(ctx)]

    def make_parser(self, ctx: Context) -> _OptionParser:
        parser = super().make_parser(ctx)
        parser._short_opt.pop("-h", None)  # it is in the help; among words it is one, as in `-hm`
        return parser

    def parse_args(self, ctx: Context, args: list[str]) -> list[str]:
        options = {
            name: parameter
            for parameter in self.get_params(ctx)
            for name in parameter.opts
            if name.startswith("--")
        }
        if args == ["-h"]:
            args = ["--help"]
        values = 0
        for word in args:
            name, equals, _ = word.partition("=")
            if word == "--":
                break
            if values:
                values -= 1
            elif name in options:
                values = 0 if equals or getattr(options[name], "is_flag", False) else 1
            elif word.startswith("--"):
                near = did_you_mean(name, options.keys() - {"--help"})
                raise UsageError(
                    f"no option {name}"
                    + (f"; {near}" if near else "")
                    + "; if it is a word, put -- before the words"
                )
        return super().parse_args(ctx, args)


class _Settings(TypedDict):
    cls: type[TyperCommand]
    context_settings: dict[str, object]


# For such commands: what is no option is a word.
TAKES_LABELS: _Settings = {
    "cls": LabelCommand,
    "context_settings": {"ignore_unknown_options": True},
}


class HeadedGroup(TyperGroup):
    """A group whose help lists its commands under headings, each with its help in a line."""

    def format_commands(self, ctx: Context, formatter: HelpFormatter) -> None:
        under: dict[str, list[tuple[str, str]]] = {}
        for name, command in self.commands.items():
            if not command.hidden:
                heading = getattr(command, "rich_help_panel", None)
                first = (command.help or "").partition("\n")[0]
                under.setdefault(str(heading or "Commands"), []).append((name, first))
        for heading, rows in under.items():
            with formatter.section(heading):
                formatter.write_dl(rows)


class ListingGroup(HeadedGroup):
    """A group that lists what it holds where no command of it is named."""

    otherwise = "list"

    def parse_args(self, ctx: Context, args: list[str]) -> list[str]:
        if not args or args[0] not in (*self.commands, *self.get_help_option_names(ctx)):
            args = [self.otherwise, *args]
        return super().parse_args(ctx, args)
