"""`gtpipe cooccur`: which codes stand together."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from gtpipe.cli.options import TAKES_LABELS, Output, Replace, argument, workbook_path
from gtpipe.cli.reading import named_things, read_study, say_what_is_hidden
from gtpipe.model.plural import count
from gtpipe.model.problems import UsageError
from gtpipe.render.tables import WorkbookFormat, write_rows
from gtpipe.render.terminal import say

if TYPE_CHECKING:
    from gtpipe.analysis.cooccurrence import Sense
    from gtpipe.analysis.holdings import Holdings
    from gtpipe.model.level import CodeRef
    from gtpipe.study import Corpus

SHEET = "together"


class Level(StrEnum):
    """A level of codes."""

    initial = "initial"
    focused = "focused"
    category = "category"


def register(app: typer.Typer) -> None:
    app.command(**TAKES_LABELS)(cooccur)


def cooccur(
    codes: Annotated[
        list[str] | None,
        argument("[CODE]…", "Two codes: every place. One: its companions. None: the whole table."),
    ] = None,
    overlap: Annotated[
        bool,
        typer.Option(
            "--overlap",
            help="Count pairs of incidents that share words; a whole turn shares those of all "
            "codes there.",
        ),
    ] = False,
    window: Annotated[
        int | None,
        typer.Option(
            "--window",
            metavar="N",
            min=0,
            show_default=False,
            help="Count pairs of incidents in one "
            "interview, 0 to N turns apart, interviewers' turns counted.",
        ),
    ] = None,
    order: Annotated[
        bool,
        typer.Option(
            "--order",
            help="Of such pairs, how often each comes first; without --window, on one turn.",
        ),
    ] = False,
    level: Annotated[
        Level | None,
        typer.Option(
            "--level",
            help="Companions, or the whole table, on this level; initial codes, if not given.",
            show_default=False,
        ),
    ] = None,
    show_all: Annotated[
        bool, typer.Option("--all", help="In the whole table, also pairs that stand together once.")
    ] = False,
    matrix: Annotated[
        bool, typer.Option("--matrix", help="A square table, for --format csv, json or xlsx.")
    ] = False,
    format: Annotated[
        WorkbookFormat, typer.Option("--format", help="For people, or for programs.")
    ] = WorkbookFormat.table,
    output: Output = None,
    replace: Replace = False,
) -> None:
    """See which codes stand together: on one turn, or near each other.

    gtpipe cooccur "noticing the clock"
    gtpipe cooccur "noticing the clock" "not being asked" --window 2
    """

    sense = _sense(overlap, window, order, matrix, format)
    workbook = workbook_path(format, output, replace)
    corpus = read_study()
    given = named_things(codes, corpus) if codes else ()
    holdings = corpus.looking.holdings
    if len(given) == 2 and not matrix:
        _two(given[0], given[1], holdings, corpus, sense, order, format, workbook)
    elif matrix:
        things = _with_companions(given, level, corpus)
        _square(things, given, holdings, corpus, sense, format, workbook)
    else:
        things = _with_companions(given, level, corpus)
        _pairs(things, given, holdings, corpus, sense, order, show_all, format, workbook)
    waiting = [thing for thing in given if holdings.waiting(thing)]
    for thing in waiting:
        number = len(holdings.waiting(thing))
        say(f'"{thing.label}": {count(number, "incident")} since then, not judged, and left out')
    say_what_is_hidden(corpus)


def _sense(
    overlap: bool, window: int | None, order: bool, matrix: bool, format: WorkbookFormat
) -> Sense:
    from gtpipe.analysis.cooccurrence import Sense

    if overlap and window is not None:
        raise UsageError("--overlap and --window are two questions: ask one of them")
    if overlap and order:
        raise UsageError("--order is asked of a window: --window N, or nothing for one turn")
    if matrix and order:
        raise UsageError(
            "a square table has one number for two codes: leave --order or --matrix away"
        )
    if matrix and format is WorkbookFormat.table:
        raise UsageError(
            "a square table is for programs: add --format csv, json, or xlsx with "
            "--output FILE.xlsx"
        )
    return Sense(overlap, 0 if order and window is None else window)


def _with_companions(
    given: tuple[CodeRef, ...], level: Level | None, corpus: Corpus
) -> tuple[CodeRef, ...]:
    """What was named, where it is several; else the one that was, if any, before all on a level."""
    from gtpipe.model.level import INITIAL, CodeRef, Level
    from gtpipe.model.names import label_order

    if len(given) > 1:
        return given
    on = Level(level.value) if level else given[0].level if given else INITIAL
    labels = sorted(corpus.names.known[on], key=label_order)
    return tuple(dict.fromkeys((*given, *(CodeRef(on, label) for label in labels))))


def _pairs(
    things: tuple[CodeRef, ...],
    given: tuple[CodeRef, ...],
    holdings: Holdings,
    corpus: Corpus,
    sense: Sense,
    order: bool,
    show_all: bool,
    format: WorkbookFormat,
    workbook: Path | None,
) -> None:
    """Every pair of `things`, or where one was named, those with it."""
    from gtpipe.analysis import cooccurrence
    from gtpipe.analysis.matrix import names
    from gtpipe.render.cooccurrence import ORDERED_PAIR, PAIR, pair_rows

    called = dict(zip(things, names(things), strict=True))
    once = 0
    if format is WorkbookFormat.table and not show_all and not given:
        pairs, once = cooccurrence.recurring(things, holdings, corpus.material, sense)
    else:
        counted = cooccurrence.companions if len(given) == 1 else cooccurrence.pairs
        pairs = counted(things, holdings, corpus.material, sense)
    rows = pair_rows(pairs, called, order)
    if format is not WorkbookFormat.table:
        header = ORDERED_PAIR if order else PAIR
        write_rows(header, rows, format, workbook=workbook, title=SHEET)
        return
    _say_what_is_counted(sense)
    if len(given) != 1:
        titles = [title.replace("-first", " first") for title in (ORDERED_PAIR if order else PAIR)]
        empty = f"No two of them stand together{' more than once' if once else ''}."
        write_rows(titles, rows, format, empty=empty)
        if once:
            them = "it" if once == 1 else "them"
            say(f"{count(once, 'pair')} together once; --all shows {them}")
        return
    say(
        f'with the {given[0].kind} "{called[given[0]]}"'
        + ("; first and second say how often it is that" if order else "")
    )
    extra = ("first", "second", "neither") if order else ()
    write_rows(
        ("code", "together", *extra, "participants"),
        [row[1:] for row in rows],
        format,
        empty="Nothing stands together with it.",
    )


def _square(
    things: tuple[CodeRef, ...],
    given: tuple[CodeRef, ...],
    holdings: Holdings,
    corpus: Corpus,
    sense: Sense,
    format: WorkbookFormat,
    workbook: Path | None,
) -> None:
    """A row and a column for each of `things`."""
    from gtpipe.analysis import cooccurrence
    from gtpipe.analysis.matrix import names

    counted = cooccurrence.companions if len(given) == 1 else cooccurrence.pairs
    pairs = counted(things, holdings, corpus.material, sense)
    labels = names(things)
    square = cooccurrence.square(things, pairs)
    _say_what_is_counted(sense)
    write_rows(
        ["code", *labels],
        [[label, *row] for label, row in zip(labels, square, strict=True)],
        format,
        workbook=workbook,
        title=SHEET,
    )


def _two(
    a: CodeRef,
    b: CodeRef,
    holdings: Holdings,
    corpus: Corpus,
    sense: Sense,
    order: bool,
    format: WorkbookFormat,
    workbook: Path | None,
) -> None:
    """Two things, place by place."""
    from gtpipe.analysis import cooccurrence
    from gtpipe.render import blocks
    from gtpipe.render.cooccurrence import MEETING, Meetings

    found = cooccurrence.meetings(a, b, holdings, corpus.material, sense)
    meetings = Meetings(a, b, found, holdings)
    if format is WorkbookFormat.table:
        blocks.show(meetings.layout(sense, order))
    else:
        write_rows(MEETING, meetings.rows(), format, workbook=workbook, title=SHEET)


def _say_what_is_counted(sense: Sense) -> None:
    say(f"counted: {sense.told}, whoever coded them")
