"""The one place where exceptions become text on standard error, and exit codes.

0 done; 1 your files need you; 2 wrong command line; 3 a defect in gtpipe; 130 Ctrl-C.

A traceback lands in logs and in reports of defects: it shows where a command was, and not what an
exception says, which may be words of a participant.
"""

from __future__ import annotations

import errno
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from gtpipe.model.problems import Problem, UsageError, UserError

FULL = "GTPIPE_TRACEBACK"


class StoppedError(Exception):
    """Ctrl-C, wherever a command was."""


class EndedError(Exception):
    """Something ended too soon, and it was nothing that a person was asked."""


@contextmanager
def error_handler() -> Iterator[None]:
    """Says what a command could not do, and exits with the code for it."""
    from gtpipe.render import terminal

    shown: tuple[Problem, ...] = ()
    try:
        yield
    except UserError as exc:
        shown = exc.problems
        terminal.show_problems(shown, _root())
        raise SystemExit(1) from None
    except UsageError as exc:
        terminal.say(f"gtpipe: {exc}")
        raise SystemExit(2) from None
    except (StoppedError, KeyboardInterrupt):
        terminal.say("Stopped.")
        raise SystemExit(130) from None
    except OSError as exc:
        say_what_failed(exc)
        raise SystemExit(1) from None
    except Exception as exc:
        terminal.say(_where(exc))
        terminal.say(
            "This is a defect in gtpipe, not in your files, which stand as they were. "
            "Please report the lines above: they hold no words of your participants. "
            f"{FULL}=full shows what the exception says as well."
        )
        raise SystemExit(3) from None
    finally:
        _warn_of_slow_yaml()
        _tell_of_unfinished(shown)


def _where(exc: BaseException) -> str:
    """The traceback of an exception and of those that led to it, without what they say."""
    import traceback

    if os.environ.get(FULL) == "full":
        return "".join(traceback.format_exception(exc))
    before = exc.__cause__ or (None if exc.__suppress_context__ else exc.__context__)
    frames = "".join(traceback.format_tb(exc.__traceback__))
    name = f"{type(exc).__module__}.{type(exc).__qualname__}".removeprefix("builtins.")
    led = f"{_where(before)}\nwhich led to:\n\n" if before else ""
    return f"{led}Traceback (most recent call last):\n{frames}{name}"


def say_what_failed(exc: OSError) -> None:
    from gtpipe.render.terminal import say

    say(_cannot(exc))


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


def _warn_of_slow_yaml() -> None:
    from gtpipe.render.terminal import say

    yamltext = sys.modules.get("gtpipe.text.yamltext")
    if yamltext is not None and not yamltext.HAS_LIBYAML:
        say(
            "note: PyYAML has no libyaml here, and reads files ten times slower; "
            "install a PyYAML wheel that has it."
        )


def _tell_of_unfinished(shown: tuple[Problem, ...]) -> None:
    """A change that a killed command had decided on, and that
    this command, which only looked, left as it is.
    """
    if "gtpipe.store.layout" not in sys.modules:
        return  # the command looked at no study
    from gtpipe.render.terminal import say
    from gtpipe.store.layout import UNFINISHED

    root = _root()
    if (
        root
        and os.path.lexists(root / UNFINISHED)
        and not any(problem.path == UNFINISHED for problem in shown)
    ):
        say(
            f"{UNFINISHED}: note: a change stands here that a command could not finish. "
            "The next command that changes files finishes it, or says why not: `gtpipe run`."
        )


def _root() -> Path | None:
    """The study around the current folder, where there is one."""
    from gtpipe.store.layout import Study

    try:
        study = Study.around(Path.cwd())
    except OSError:  # the folder is gone
        return None
    return None if study is None else study.root
