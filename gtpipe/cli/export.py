"""`gtpipe export`: the study as a file of another program's."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, NamedTuple

import typer

from gtpipe.cli.options import option
from gtpipe.cli.reading import say_what_is_hidden
from gtpipe.model.problems import UsageError
from gtpipe.render.terminal import out, progress, say

if TYPE_CHECKING:
    from gtpipe.exchange.records import Loss


class Kind(StrEnum):
    """What the study is exported as."""

    qdpx = "qdpx"
    qdc = "qdc"
    taguette = "taguette"
    csv = "csv"
    xlsx = "xlsx"
    json = "json"
    schema = "schema"
    md = "md"
    docx = "docx"


class _Format(NamedTuple):
    """What a kind is called, and how its file's name may end."""

    what: str
    endings: tuple[str, ...]
    has_tree: bool = False  # of codes under those that take them up


FORMATS = {
    Kind.qdpx: _Format("a REFI-QDA project", (".qdpx",), True),
    Kind.qdc: _Format("a REFI-QDA code book", (".qdc",), True),
    Kind.taguette: _Format("a Taguette database", (".sqlite3", ".db"), True),
    Kind.csv: _Format("a table of codings", (".csv",)),
    Kind.xlsx: _Format("a workbook", (".xlsx",)),
    Kind.json: _Format("a study in JSON", (".json",)),
    Kind.schema: _Format("a JSON Schema", (".json",)),
    Kind.md: _Format("a Markdown document", (".md",)),
    Kind.docx: _Format("a Word document", (".docx",)),
}


def register(app: typer.Typer) -> None:
    app.command()(export)


def export(
    kind: Annotated[
        Kind,
        typer.Argument(
            help="qdpx for NVivo, ATLAS.ti, MAXQDA, QualCoder and others; qdc, the code book "
            "alone; taguette, a database of it. csv and xlsx: a row for each coding; json, for "
            "programs, as its schema says; md and docx: the codes with their words, for people.",
            show_default=False,
        ),
    ],
    output: Annotated[Path | None, option("--output", "FILE", "Where it goes.")] = None,
    only: Annotated[
        list[str] | None,
        option(
            "--only",
            "CODE|INTERVIEW",
            "Only codings of this code, or of this interview; may be given again.",
        ),
    ] = None,
    without_words: Annotated[
        bool, typer.Option("--without-words", help="Leave the participants' words out.")
    ] = False,
    flat: Annotated[
        bool,
        typer.Option("--flat", help="Codes side by side, not under focused codes and categories."),
    ] = False,
    replace: Annotated[bool, typer.Option("--replace", help="Write over a file there is.")] = False,
) -> None:
    """Hand the study to another program, or to people who use one.

    In csv, a cell that begins like a formula has an apostrophe in front; in xlsx, every cell is
    text.

    gtpipe export qdpx --output study.qdpx
    gtpipe export csv --output codings.csv
    """
    from gtpipe.commands.export import MAKERS, Request
    from gtpipe.render import outputs
    from gtpipe.store import own_files, placing
    from gtpipe.store.layout import Study
    from gtpipe.study import load

    study, format = Study.find(), FORMATS[kind]
    if flat and not format.has_tree:
        raise UsageError(f"--flat: {format.what} has codes side by side anyway")
    place = outputs.check(output, replace, format.what, *format.endings)
    own_files.check_not_own(study, place)
    request = Request(tuple(only or ()), not without_words, flat)
    with progress("export"):
        corpus = load(study)
        exported = MAKERS[kind](corpus, request)
        placing.replace(place, exported.content, placing.mode_of(place))
    out(f"{place}: {exported.holds}")
    say_what_is_lost(exported.losses)
    say_what_is_hidden(corpus)


def say_what_is_lost(losses: Iterable[Loss], how: str = "Not in it") -> None:
    """How much of which kind is not in the file."""
    kinds = Counter(loss.kind for loss in losses)
    if kinds:
        say(f"{how}: {', '.join(f'{kind} ({times:,})' for kind, times in kinds.items())}.")
