"""`gtpipe guide`: the manual by task, which is shipped in the package as `gtpipe/guide/*.md`."""

from __future__ import annotations

import os
import re
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import typer

from gtpipe.model.problems import UsageError, did_you_mean
from gtpipe.render.terminal import console, out, say, write

FOLDER = Path(__file__).resolve().parent.parent / "guide"
# In the order of a study's life.
TOPICS = tuple(
    "cycle transcripts coding comparing codes-change focused-codes theory memos quotations report "
    "suggestions history two-coders procedures exchange files privacy".split()
)


@dataclass(frozen=True)
class GuidePage:
    """A topic of the guide: its heading, the line that says what it is for, and the whole page in
    Markdown.
    """

    topic: str
    title: str
    purpose: str
    markdown: str

    @classmethod
    def read(cls, topic: str) -> GuidePage:
        text = (FOLDER / f"{topic}.md").read_text(encoding="utf-8")
        title, purpose, _ = text.split("\n\n", 2)
        # The marks that tell the tests how to run a block are for them alone.
        markdown = re.sub(r"(?m)^<!-- .* -->\n", "", text)
        return cls(topic, title.removeprefix("# "), " ".join(purpose.split("\n")), markdown)


def register(app: typer.Typer) -> None:
    app.command()(guide)


def guide(
    topic: Annotated[
        str,
        typer.Argument(
            metavar="TOPIC",
            help="A topic, or a word of its title; all topics, if not given.",
            autocompletion=lambda: TOPICS,
        ),
    ] = "",
) -> None:
    """Read the manual: its topics, or one of them.

    gtpipe guide coding
    """
    if topic:
        _show(_find(topic))
        return
    width = max(map(len, TOPICS))
    for page in map(GuidePage.read, TOPICS):
        out(f"{page.topic:{width}}  {page.purpose}")
    say("`gtpipe guide TOPIC` shows one.")


def _find(wanted: str) -> GuidePage:
    """The page of a topic, or the only one with that word in its title. Raises UsageError."""
    word = wanted.casefold()
    if word in TOPICS:
        return GuidePage.read(word)
    pages = [GuidePage.read(topic) for topic in TOPICS]
    named = [page for page in pages if word in re.findall(r"\w+", page.title.casefold())]
    if len(named) == 1:
        return named[0]
    if named:
        topics = " or ".join(page.topic for page in named)
        raise UsageError(f'"{wanted}" is not one topic of the guide; did you mean {topics}?')
    near = did_you_mean(word, TOPICS) or "`gtpipe guide` lists the topics"
    raise UsageError(f'no topic "{wanted}" in the guide; {near}')


def _show(page: GuidePage) -> None:
    """Plain text to a file or a pipe; laid out, and in the pager of the person, on a terminal."""
    if not sys.stdout.isatty():
        write(page.markdown)
        return
    from rich.markdown import Markdown
    from rich.theme import Theme

    os.environ.setdefault("LESS", "FRX")  # as git has it: colours, and no pager for a short text
    terminal = console()
    terminal.push_theme(Theme({"markdown.code": "bold"}))  # no colour that a light terminal hides
    laid_out = Markdown(page.markdown.replace("```sh\n", "```\n"), code_theme="ansi_dark")
    with terminal.pager(styles=terminal.color_system is not None):
        terminal.print(laid_out)
