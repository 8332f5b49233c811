"""The `gtpipe` command: its commands put together, and run.

What stands in the way of a command becomes text and an exit code in `error_handler`.
"""

from __future__ import annotations

import gc
import os
import sys
import threading
from contextlib import suppress
from contextvars import copy_context
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

import typer

from gtpipe import __version__
from gtpipe.cli import reading
from gtpipe.cli.error_handler import error_handler, say_what_failed
from gtpipe.cli.help_page import Commands
from gtpipe.model.problems import UsageError

if TYPE_CHECKING:
    from typer._click import Command


app = typer.Typer(
    name="gtpipe",
    cls=Commands,
    help="Keeps the books of a grounded-theory study, in plain files: you code, compare and build "
    "theory; gtpipe keeps order, memory and proof.",
    epilog="\b\ngtpipe COMMAND --help: what a command takes.\n"
    "gtpipe guide: the manual by task.\ngtpipe --help --all: every command.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    context_settings={"help_option_names": ["-h", "--help"]},
)


def _version(wanted: bool) -> None:
    if wanted:
        from gtpipe.render.terminal import out

        out(f"gtpipe {__version__}")
        raise typer.Exit


@app.callback()
def gtpipe(
    context: typer.Context,
    version: bool = typer.Option(
        False, "--version", callback=_version, is_eager=True, help="Print the version."
    ),
    everything: bool = typer.Option(False, "--all", help="With --help: every command."),
) -> None:
    from gtpipe.readers import workplace
    from gtpipe.store.layout import CACHE, Study
    from gtpipe.store.private import as_the_study_says

    study = None
    with suppress(OSError):  # the folder is gone
        study = Study.around(Path.cwd())
    if study is not None:
        context.with_resource(as_the_study_says(study))
        context.with_resource(workplace.within(study.path(CACHE)))


@lru_cache(maxsize=1)
def _command() -> Command:
    """All commands as one, put together once a process: it takes longer than most of them."""
    return typer.main.get_command(app)


def program() -> NoReturn:
    """The command line of this process, which ends with it: at once, where nothing else goes on and
    all that is left is to take apart what was read.
    """
    code = main()
    if reading.held and threading.active_count() == 1 and "multiprocessing" not in sys.modules:
        os._exit(code)
    raise SystemExit(code)


def main(arguments: list[str] | None = None) -> int:
    """Run the command line `arguments` (default: those of the process) and return the exit code."""
    from gtpipe.cli import streams

    if arguments is not None:
        for stream in (sys.stdout, sys.stderr):
            streams.in_utf8(stream)
        return _run(arguments)
    # A command lives for seconds and its records die with it: looking for rubbish among them costs
    # a fifth to a third of its time.
    gc.disable()
    if sys.getfilesystemencoding().lower() != "utf-8":
        _begin_again_in_utf8()
    streams.begin()
    code = _run(sys.argv[1:])
    try:
        streams.end()
    except OSError as exc:
        say_what_failed(exc)
        return code or 1
    return code


def _run(arguments: list[str]) -> int:
    """The exit code of a command."""
    if "_GTPIPE_COMPLETE" in os.environ:  # a shell asks, where Tab was pressed
        from gtpipe.cli import completion

        if completion.answers(os.environ):
            return completion.answer(app)
    try:
        with error_handler():
            _refuse_what_is_no_text(arguments)
            # What is called what is a matter of one study: of one command.
            copy_context().run(_command(), args=arguments, prog_name="gtpipe")
    except SystemExit as exc:
        return exc.code if isinstance(exc.code, int) else 1
    return 0


def _refuse_what_is_no_text(arguments: list[str]) -> None:
    for argument in arguments:
        if any("\ud800" <= char <= "\udfff" for char in argument):
            raise UsageError(
                f"{argument.encode('utf-8', 'replace').decode()}: this is not UTF-8; "
                "type it, or name the file, anew"
            )


def _begin_again_in_utf8() -> None:
    """Files are named the same on any machine: where the locale has another encoding, start Python
    in its UTF-8 mode.

    With `-P`, since `-m` alone would take modules out of the current folder, which is the study's,
    and without what else leads there; so where gtpipe itself is stands last on the path instead.
    """
    from gtpipe import __file__ as here

    start = (
        "import sys; sys.path.append(sys.argv.pop(1)); "
        "from gtpipe.cli import main; sys.exit(main())"
    )
    beside = os.path.dirname(os.path.dirname(os.path.abspath(here)))
    places = os.pathsep.join(
        filter(os.path.isabs, os.environ.get("PYTHONPATH", "").split(os.pathsep))
    )
    os.execve(
        sys.executable,
        [sys.executable, "-X", "utf8", "-P", "-c", start, beside, *sys.argv[1:]],
        {**os.environ, "PYTHONPATH": places},
    )
