"""Options and settings that several commands share."""

from __future__ import annotations

from typing import Annotated

import typer
from typer.core import TyperCommand

from gtpipe.cli.output import Format
from gtpipe.errors import UsageError, did_you_mean

Why = Annotated[str, typer.Option("--why", help="The reason, for the log.")]
Strict = Annotated[bool, typer.Option("--strict", help="Exit 1 on notes too.")]
FormatOption = Annotated[Format, typer.Option("--format", help="For people, or for programs.")]
By = Annotated[str, typer.Option("--by", metavar="INITIALS", help="Who; the first researcher, if not given.")]



class LabelCommand(TyperCommand):
    """A command whose words may begin with a hyphen, as `- dash` does. What begins with two is an option, or refused."""

    def parse_args(self, ctx: typer.Context, args: list[str]) -> list[str]:
        options = {name: parameter for parameter in self.get_params(ctx) for name in parameter.opts if name.startswith("--")}
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
                near = did_you_mean(name, options)
                raise UsageError(f'no option {name}' + (f"; {near}" if near else "") +
                                 "; if it is a word, put -- before the words")
        return super().parse_args(ctx, args)


# For such commands: what is no option is a word, and no letter in it means --help.
TAKES_LABELS = {"cls": LabelCommand, "context_settings": {"ignore_unknown_options": True, "help_option_names": ["--help"]}}
