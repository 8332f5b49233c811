"""The `gtpipe` command: Typer modules put together, and the one place where exceptions become text and exit codes.

0 done; 1 your files need you; 2 wrong command line; 3 a defect in gtpipe; 130 Ctrl-C.
"""

from __future__ import annotations

import gc
import os
import sys
from pathlib import Path

import typer

from gtpipe import __version__
from gtpipe.cli import (
    across, analysis, codes, coding, completion, git, history, judging, looking, quotes,
    refactoring, review, stages, study, suggesting, tracing, undo,
)
from gtpipe.errors import Problem, UsageError, UserError

app = typer.Typer(
    name="gtpipe",
    help="Keeps the books of a grounded-theory study: people code, find themes and build theory; gtpipe keeps order, "
    "memory, comparison and proof, in plain files that git can diff and merge.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)
for module in (study, stages, coding, review, looking, suggesting, across, quotes, judging, history, tracing, analysis, git, undo):
    module.register(app)
refactoring.register(codes.app)
app.add_typer(codes.app, name="codes")

# How --help lays the commands out.
PANELS = {
    "The cycle": ("init", "ingest", "code", "review", "initial-code", "focused-code", "theoretical-code", "memo", "run", "status", "check"),
    "What you decide": ("codes", "focused", "negative", "sampling", "sufficiency", "evaluation", "schedule", "comment", "comments"),
    "Looking across": ("compare", "who", "matrix", "cooccur", "find", "quotes", "suggest"),
    "How it came about": ("diff", "history", "trace", "undo", "git"),
}
for command in (*app.registered_commands, *app.registered_groups):
    name = command.name or command.callback.__name__.replace("_", "-")
    command.rich_help_panel = next((panel for panel, names in PANELS.items() if name in names), "Other")


def _version(wanted: bool) -> None:
    if wanted:
        print(f"gtpipe {__version__}")
        raise typer.Exit


@app.callback()
def gtpipe(
    version: bool = typer.Option(False, "--version", callback=_version, is_eager=True, help="Print the version."),
) -> None:
    pass


def main(arguments: list[str] | None = None) -> int:
    """Run the command line `arguments` (default: those of the process) and return the exit code."""
    from gtpipe.cli import output

    if arguments is None:
        # A command lives for seconds and its records die with it: looking for rubbish among them costs a fifth to a third of its time.
        gc.disable()
    if completion.answers(os.environ):
        return completion.answer(app)
    if arguments is None and sys.getfilesystemencoding().lower() != "utf-8":
        _begin_again_in_utf8()
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8", errors="replace")
    told: tuple[Problem, ...] = ()
    try:
        _refuse_what_is_no_text(sys.argv[1:] if arguments is None else arguments)
        app(args=arguments, prog_name="gtpipe")
        return 0
    except SystemExit as exc:
        return exc.code if isinstance(exc.code, int) else 1
    except UserError as exc:
        output.show_problems(exc.problems, _root())
        told = exc.problems
        return 1
    except UsageError as exc:
        output.say(f"gtpipe: {exc}")
        return 2
    except KeyboardInterrupt:
        output.say("stopped")
        return 130
    except BrokenPipeError:
        sys.stderr.close()
        return 1
    except OSError as exc:
        output.say(_cannot(exc))
        return 1
    except Exception:
        import traceback

        traceback.print_exc()
        output.say("\nThis is a defect in gtpipe, not in your files, which stand as they were. "
                   "Please report the lines above.")
        return 3
    finally:
        _warn_of_slow_yaml(output.say)
        _tell_of_unfinished(output.say, told)


def _refuse_what_is_no_text(arguments: list[str]) -> None:
    for argument in arguments:
        if any("\ud800" <= char <= "\udfff" for char in argument):
            raise UsageError(f"{argument.encode('utf-8', 'replace').decode()}: this is not UTF-8; type it, or name the file, anew")


def _cannot(exc: OSError) -> str:
    place = exc.filename or "this folder"
    if isinstance(exc, IsADirectoryError):
        return f"{place}: this must be a file, and is a folder. Move it away."
    return (f"{place}: {exc.strerror or exc}. No file of yours is half-written: "
            "when there is room and permission, run the command again.")


def _warn_of_slow_yaml(say) -> None:
    yamltext = sys.modules.get("gtpipe.files.yamltext")
    if yamltext is not None and not yamltext.HAS_LIBYAML:
        say("note: PyYAML has no libyaml here, and reads files ten times slower; install a PyYAML wheel that has it.")


def _tell_of_unfinished(say, told: tuple[Problem, ...]) -> None:
    """A change that a killed command had decided on, and that this command, which only looked, left as it is."""
    from os.path import lexists

    study = sys.modules.get("gtpipe.study")
    root = study and _root()
    if root and lexists(root / study.UNFINISHED) and not any(problem.path == study.UNFINISHED for problem in told):
        say(f"{study.UNFINISHED}: note: a change stands here that a command could not finish. The next command that changes files "
            "finishes it, or says why not: `gtpipe run`.")


def _begin_again_in_utf8() -> None:
    """Files are named the same on any machine: where the locale has another encoding, start Python in its UTF-8 mode."""
    import os

    os.execv(sys.executable, [sys.executable, "-X", "utf8", "-m", "gtpipe", *sys.argv[1:]])


def _root() -> Path | None:
    from gtpipe.study import Study

    try:
        found = Study.around(Path.cwd())
    except OSError:  # the folder is gone
        return None
    return found and found.root
