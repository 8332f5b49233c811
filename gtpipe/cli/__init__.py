"""The `gtpipe` command: Typer modules put together, and the one place where exceptions become text and exit codes.

0 done; 1 your files need you; 2 wrong command line; 3 a defect in gtpipe; 130 Ctrl-C.
"""

from __future__ import annotations

import errno
import gc
import os
import sys
from functools import lru_cache
from pathlib import Path

import typer
from typer.core import TyperGroup

from gtpipe import __version__
from gtpipe.cli import (
    analysis,
    codes,
    coding,
    completion,
    git,
    guide,
    history,
    judging,
    looking,
    matrix,
    quotes,
    refactoring,
    review,
    stages,
    study,
    suggesting,
    tracing,
    undo,
)
from gtpipe.model.problems import Problem, UsageError, UserError


class Stopped(Exception):
    """Ctrl-C, wherever a command was."""


class _Commands(TyperGroup):
    """The commands. Ctrl-C is told in one place, whatever version of Typer runs them."""

    def invoke(self, ctx: typer.Context) -> object:
        try:
            return super().invoke(ctx)
        except KeyboardInterrupt:
            raise Stopped from None


app = typer.Typer(
    name="gtpipe",
    cls=_Commands,
    help="Keeps the books of a grounded-theory study: people code, find themes and build theory; gtpipe keeps order, "
    "memory, comparison and proof, in plain files that git can diff and merge.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)
for module in (
    study,
    stages,
    coding,
    review,
    looking,
    suggesting,
    matrix,
    quotes,
    judging,
    history,
    tracing,
    analysis,
    git,
    undo,
    guide,
):
    module.register(app)
refactoring.register(codes.app)
app.add_typer(codes.app, name="codes")

# How --help lays the commands out.
PANELS = {
    "The cycle": (
        "init",
        "ingest",
        "code",
        "review",
        "initial-code",
        "focused-code",
        "theoretical-code",
        "memo",
        "run",
        "status",
        "check",
        "guide",
    ),
    "What you decide": (
        "codes",
        "focused",
        "negative",
        "sampling",
        "sufficiency",
        "evaluation",
        "schedule",
        "comment",
        "comments",
    ),
    "Looking across": ("compare", "who", "matrix", "cooccur", "find", "quotes", "suggest"),
    "How it came about": ("diff", "history", "trace", "undo", "git"),
}
for command in (*app.registered_commands, *app.registered_groups):
    name = command.name or command.callback.__name__.replace("_", "-")
    command.rich_help_panel = next(
        (panel for panel, names in PANELS.items() if name in names), "Other"
    )


def _version(wanted: bool) -> None:
    if wanted:
        from gtpipe.render.terminal import out

        out(f"gtpipe {__version__}")
        raise typer.Exit


@app.callback()
def gtpipe(
    version: bool = typer.Option(
        False, "--version", callback=_version, is_eager=True, help="Print the version."
    ),
) -> None:
    pass


@lru_cache(maxsize=1)
def _command() -> TyperGroup:
    """All commands as one, put together once a process: it takes longer than most of them."""
    return typer.main.get_command(app)


def main(arguments: list[str] | None = None) -> int:
    """Run the command line `arguments` (default: those of the process) and return the exit code."""
    from gtpipe.cli import streams
    from gtpipe.render import terminal

    if arguments is not None:
        streams.in_utf8(sys.stdout), streams.in_utf8(sys.stderr)
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
        terminal.say(_cannot(exc))
        return code or 1
    return code


def _run(arguments: list[str]) -> int:
    """The exit code of a command. What it could not do is told on standard error."""
    from gtpipe.render import terminal

    if completion.answers(os.environ):
        return completion.answer(app)
    told: tuple[Problem, ...] = ()
    try:
        _refuse_what_is_no_text(arguments)
        _command()(args=arguments, prog_name="gtpipe")
        return 0
    except SystemExit as exc:
        return exc.code if isinstance(exc.code, int) else 1
    except UserError as exc:
        terminal.show_problems(exc.problems, _root())
        told = exc.problems
        return 1
    except UsageError as exc:
        terminal.say(f"gtpipe: {exc}")
        return 2
    except (Stopped, KeyboardInterrupt):
        terminal.say("stopped")
        return 130
    except OSError as exc:
        terminal.say(_cannot(exc))
        return 1
    except Exception:
        import traceback

        terminal.say(traceback.format_exc())
        terminal.say(
            "This is a defect in gtpipe, not in your files, which stand as they were. "
            "Please report the lines above."
        )
        return 3
    finally:
        _warn_of_slow_yaml(terminal.say)
        _tell_of_unfinished(terminal.say, told)


def _refuse_what_is_no_text(arguments: list[str]) -> None:
    for argument in arguments:
        if any("\ud800" <= char <= "\udfff" for char in argument):
            raise UsageError(
                f"{argument.encode('utf-8', 'replace').decode()}: this is not UTF-8; type it, or name the file, anew"
            )


def _cannot(exc: OSError) -> str:
    from gtpipe.cli import streams
    from gtpipe.render import terminal

    if exc.filename == streams.NAME:
        return (
            f"{streams.NAME}: {exc.strerror}. What the command shows is cut off there; "
            "your files are as it left them."
        )
    place = terminal.in_one_line(os.fsdecode(exc.filename or "this folder"))
    if isinstance(exc, IsADirectoryError):
        return f"{place}: this must be a file, and is a folder. Move it away."
    if exc.errno == errno.ENAMETOOLONG:
        return (
            f"{place}: this name is too long here. No file of yours is half-written: "
            "give it a shorter one."
        )
    return (
        f"{place}: {exc.strerror or exc}. No file of yours is half-written: "
        "when there is room and permission, run the command again."
    )


def _warn_of_slow_yaml(say) -> None:
    yamltext = sys.modules.get("gtpipe.text.yamltext")
    if yamltext is not None and not yamltext.HAS_LIBYAML:
        say(
            "note: PyYAML has no libyaml here, and reads files ten times slower; install a PyYAML wheel that has it."
        )


def _tell_of_unfinished(say, told: tuple[Problem, ...]) -> None:
    """A change that a killed command had decided on, and that this command, which only looked, left as it is."""
    from os.path import lexists

    study = sys.modules.get("gtpipe.store.layout")
    root = study and _root()
    if (
        root
        and lexists(root / study.UNFINISHED)
        and not any(problem.path == study.UNFINISHED for problem in told)
    ):
        say(
            f"{study.UNFINISHED}: note: a change stands here that a command could not finish. The next command that changes files "
            "finishes it, or says why not: `gtpipe run`."
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


def _root() -> Path | None:
    from gtpipe.store.layout import Study

    try:
        found = Study.around(Path.cwd())
    except OSError:  # the folder is gone
        return None
    return found and found.root
