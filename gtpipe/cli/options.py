"""Options and settings that several commands share."""

from __future__ import annotations

from typing import Annotated

import typer

from gtpipe.cli.output import Format

Why = Annotated[str, typer.Option("--why", help="The reason, for the log.")]
Strict = Annotated[bool, typer.Option("--strict", help="Exit 1 on notes too.")]
FormatOption = Annotated[Format, typer.Option("--format", help="For people, or for programs.")]
By = Annotated[str, typer.Option("--by", metavar="INITIALS", help="Who; the first researcher, if not given.")]

# A label may begin with a hyphen: what is no option of the command is a word of it, and no letter in it means --help.
TAKES_LABELS = {"ignore_unknown_options": True, "help_option_names": ["--help"]}
