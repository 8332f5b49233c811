"""What the commands show, line by line: results on stdout, messages on stderr.

What a person or a participant wrote never passes through markup, and no control character of theirs
reaches a terminal. Tables stand in `tables`, incidents and other laid-out text in `blocks`.
"""

from __future__ import annotations

import json
import os
import re
import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, TextIO

from gtpipe.model import limits
from gtpipe.model.problems import Problem

if TYPE_CHECKING:
    from rich.console import Console


# What a terminal obeys, and what turns the order of letters around: both can make a line look like
# another. White space and marks of direction that end with their letter, as right-to-left scripts
# need them, are none of these.
_CONTROLS = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069]")
_ESCAPES = {"\n": "\\n", "\r": "\\r"}


def clean(text: str) -> str:
    """`text` without control characters, which a terminal would obey."""
    return text if text.isprintable() else _CONTROLS.sub("\ufffd", text)


def in_one_line(text: str) -> str:
    """`text`, a file's name say, such that it is part of one line: `a\\nb` for what holds a line
    feed, `\\x1b` for an escape.
    """
    if text.isprintable():
        return text
    return re.sub(
        f"\n|{_CONTROLS.pattern}",
        lambda match: (
            _ESCAPES.get(match.group()) or match.group().encode("unicode_escape").decode()
        ),
        text,
    )


def console(stderr: bool = False) -> Console:
    from rich.console import Console

    stream = sys.stderr if stderr else sys.stdout
    width = None if stream.isatty() else 10_000
    return Console(
        file=stream,
        markup=False,
        emoji=False,
        highlight=False,
        soft_wrap=not stream.isatty(),
        width=width,
    )


def write(text: str) -> None:
    """The result, as it is to stand in a file or a pipe, letter for letter; without control
    characters on a terminal.
    """
    sys.stdout.write(clean(text) if sys.stdout.isatty() else text)


def write_bytes(content: bytes) -> None:
    """The same for the content of a file."""
    if sys.stdout.isatty():
        write(content.decode("utf-8", "replace"))
    else:
        sys.stdout.buffer.write(content)


def write_json(data: object) -> None:
    write(json.dumps(data, ensure_ascii=False, indent=1) + "\n")


def out(text: str = "") -> None:
    """A line of the result, for people."""
    write(clean(text) + "\n")


def say(text: str = "") -> None:
    """A line of talk."""
    sys.stderr.write(clean(text) + "\n")


def show_problems(
    problems: Iterable[Problem], root: Path | None = None, write: Callable[[str], None] = say
) -> None:
    """Problems one under the other; of very many the first, and how many there are more."""
    problems = tuple(problems)
    for problem in problems[: limits.PROBLEMS]:
        write(_wrapped(problem_text(problem, root), sys.stderr if write is say else sys.stdout))
    if len(problems) > limits.PROBLEMS:
        write(
            f"and {len(problems) - limits.PROBLEMS:,} more problems"
            + ("" if write is say else " (--format csv lists all)")
        )


def _wrapped(text: str, stream: TextIO) -> str:
    """`text` broken between words at the width of the terminal; as it is where there is none."""
    if not stream.isatty():
        return text
    import shutil
    import textwrap

    width = shutil.get_terminal_size().columns
    return "\n".join(
        textwrap.fill(
            line, width, subsequent_indent="    ", break_long_words=False, break_on_hyphens=False
        )
        for line in text.split("\n")
    )


def problem_text(problem: Problem, root: Path | None = None) -> str:
    """`path:line: what is wrong. What to do.` with the path as seen from the current folder, or as
    it was typed; `What is wrong. What to do.` where it stands in no file.

    It is one line, whatever stands in a file or its name, and one more where the file's line is
    shown.
    """
    path = problem.path
    if (
        root is not None
        and path not in ("", ".")
        and not os.path.isabs(path)
        and (root / path).exists()
    ):
        path = os.path.relpath(root / path)
    place = f"{path}:{problem.line}" if problem.line else path
    kind = "" if problem.is_error else "note: "
    what, do, excerpt = (
        limits.cut(words, most)
        for words, most in (
            (problem.what, limits.SENTENCE),
            (problem.do, limits.SENTENCE),
            (problem.excerpt, limits.EXCERPT),
        )
    )
    text = (f"{place}: {kind}{what}" if place else kind + what[:1].upper() + what[1:]) + (
        "" if what.endswith(("?", ".")) else "."
    )
    if do:
        text += f" {do[0].upper()}{do[1:]}" + ("" if do.endswith(("?", ".", "…")) else ".")
    return in_one_line(text) + (f"\n    | {in_one_line(excerpt)}" if excerpt else "")


def in_lines(text: str, indent: int = 0) -> str:
    """`text` line for line, so far from the margin, as it goes to a file or a pipe."""
    before = " " * indent
    return "".join([clean(f"{before}{line}".rstrip()) + "\n" for line in text.split("\n")])


def block(
    text: str, indent: int = 0, style: str = "", marked: tuple[int, int] | None = None
) -> None:
    """What somebody said or wrote, as typed: wrapped to the
    terminal, or line for line where there is none.

    `marked` is the place in `text` to underline.
    """
    if not sys.stdout.isatty():
        write(in_lines(text, indent))
        return
    from rich.padding import Padding
    from rich.text import Text

    shown = Text(clean(text), style=style)
    if marked is not None:
        shown.stylize("underline", *marked)
    console().print(Padding(shown, (0, 0, 0, indent), expand=False))


@contextmanager
def progress(what: str) -> Iterator[Callable[[str], None]]:
    """A moving line on stderr while long work goes on, where somebody can see it."""
    if not sys.stderr.isatty():
        yield lambda message: None
        return
    from rich.status import Status
    from rich.text import Text

    with Status(Text(what), console=console(stderr=True)) as status:
        yield lambda message: status.update(Text(in_one_line(f"{what}: {message}")))
