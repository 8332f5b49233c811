"""`matrix`, `cooccur`: tables of codes by groups, and of codes by codes, with the words. `who` and `find` stand in `asking`."""

from __future__ import annotations

import sys
from enum import Enum
from pathlib import Path
from typing import Annotated

import typer

from gtpipe.cli import find
from gtpipe.cli.options import TAKES_LABELS
from gtpipe.model.problems import UsageError
from gtpipe.render.terminal import (
    Format,
    block,
    clean,
    count,
    out,
    say,
    show_table,
    write,
    write_json,
)


class MatrixFormat(str, Enum):
    """How a matrix is printed."""

    table = "table"
    md = "md"
    csv = "csv"
    json = "json"
    xlsx = "xlsx"


class TableFormat(str, Enum):
    """How a table that may become a workbook is printed."""

    table = "table"
    csv = "csv"
    json = "json"
    xlsx = "xlsx"


class CodeLevel(str, Enum):
    """A level of codes."""

    initial = "initial"
    focused = "focused"
    category = "category"


Output = Annotated[
    Path | None,
    typer.Option(
        "--output", metavar="FILE.xlsx", help="Where the workbook goes.", show_default=False
    ),
]
Replace = Annotated[bool, typer.Option("--replace", help="Write over a workbook that is there.")]


def register(app: typer.Typer) -> None:
    app.command(**TAKES_LABELS)(matrix)
    app.command(**TAKES_LABELS)(cooccur)
    find.register(app)


def matrix(
    codes: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="[CODES]…",
            show_default=False,
            help="Codes, focused codes, categories; all focused codes, if none is named.",
        ),
    ] = None,
    by: Annotated[
        list[str] | None,
        typer.Option(
            "--by",
            metavar="ATTRIBUTE",
            show_default=False,
            help="A column of participants.csv; or participant, interview, coder, schedule. "
            "Again for another, crossed with it.",
        ),
    ] = None,
    extracts: Annotated[
        bool, typer.Option("--extracts", help="The words of each cell below the table.")
    ] = False,
    format: Annotated[
        MatrixFormat, typer.Option("--format", help="For people, or for programs.")
    ] = MatrixFormat.table,
    output: Output = None,
    replace: Replace = False,
) -> None:
    """Codes by groups: incidents, who speaks in them, and their words. Every number stands beside names."""
    from gtpipe.analysis import groups
    from gtpipe.analysis import holdings as things
    from gtpipe.analysis import matrix as thinking
    from gtpipe.store.layout import Study
    from gtpipe.study import load

    target = _target(format is MatrixFormat.xlsx, output, replace)
    read = load(Study.find())
    wanted_by = [one.strip() for one in by or () if one.strip()]
    if not wanted_by:
        columns = [*groups.attributes(read.material), *groups.ALWAYS]
        raise UsageError(f"say by what: --by {columns[0]}; there are {', '.join(columns)}")
    grouping = groups.crossed(wanted_by, read.material, read.codings, read.settings.researchers)
    for one in wanted_by:
        _say_what_is_hidden_by(one, groups.attributes(read.material), groups.ALWAYS)
    wanted = find.named(codes, read) if codes else _all_focused(read)
    table = thinking.matrix(
        wanted, things.Holdings(read.material, read.codings, read.current), grouping
    )
    if format is MatrixFormat.csv:
        show_table(thinking.header(table), thinking.rows(table), Format.csv)
    elif format is MatrixFormat.json:
        write_json(thinking.nested(table))
    elif format is MatrixFormat.md:
        write(thinking.markdown(table))
    elif target is not None:
        _workbook(
            target,
            [
                ("overview", *thinking.overview(table)),
                ("extracts", thinking.header(table), thinking.rows(table)),
            ],
        )
    else:
        _show(table, extracts)
    if table.left_out and format is not MatrixFormat.md:
        places = table.places_left_out
        say(
            f"note: {count(len(places), 'incident')} left out, because an interviewer speaks there: {thinking.addresses(places)}"
        )
    find.say_what_is_hidden(read)


def _target(workbook: bool, output: Path | None, replace: bool) -> Path | None:
    from gtpipe.render import workbooks

    if workbook:
        return workbooks.check(output, replace)
    if output is not None or replace:
        raise UsageError(
            "--output and --replace go with --format xlsx; anything else goes to a file by `> FILE`"
        )
    return None


def _workbook(target: Path, sheets: list) -> None:
    from gtpipe.render import workbooks

    cut = workbooks.save(target, sheets)
    out(f"{target}: {' and '.join(title for title, *_ in sheets)}")
    if cut:
        say(
            f"note: {count(cut, 'text')} longer than {workbooks.LONGEST:,} characters, which is all that a cell holds, cut off there; "
            "--format csv has all of it"
        )


def _say_what_is_hidden_by(by: str, columns: list[str], always: tuple[str, ...]) -> None:
    if by in always and by in columns:
        say(
            f'note: participants.csv has a column "{by}" too: --by "attribute: {by}" means that one'
        )


def _all_focused(read) -> tuple:
    from gtpipe.analysis.focused_codes import focused_codes
    from gtpipe.model.level import CodeRef
    from gtpipe.model.problems import UserError, error
    from gtpipe.model.records import FOCUSED

    found = tuple(CodeRef(FOCUSED, label) for label in focused_codes(read.material, read.codings))
    if not found:
        raise UserError(
            error(
                "the study", None, "no focused code yet", "Name codes: gtpipe matrix CODE… --by …"
            )
        )
    say(f"all focused codes ({len(found)}); to choose, name codes")
    return found


GRID = 120  # columns that a table may take where there is no terminal


def _show(table, extracts: bool) -> None:
    from gtpipe.analysis import matrix as thinking

    header, rows = thinking.overview(table)
    if _fits(header, rows):
        show_table(header, rows, Format.table)
        if not sys.stdout.isatty():
            out()
    else:
        for thing, row in zip(table.things, rows):
            _listed(row[0], table.row(thing), table)
    for group in table.groups_to_tell:
        block(thinking.members(group), style="dim")
    empty = [group.name for group in table.groups if not group.participants and not group.odd]
    if empty:
        say(f"empty, because no participant is in it: {', '.join(empty)}")
    for thing, row in zip(table.things, rows) if extracts else ():
        out()
        block(f"{row[0]} ({thing.kind})", style="bold underline")
        if not any(cell.extracts for cell in table.row(thing)):
            block(thinking.NOT_SO if table.groups else "no group", 2, "dim")
        for cell in table.row(thing):
            if cell.extracts:
                block(f"{cell.group.name}: {table.said(cell)}", 2, "bold")
            for one in cell.extracts:
                block(one.title + (f" · {', '.join(one.coders)}" if one.coders else ""), 4, "cyan")
                block(one.quoted, 6)


def _fits(header: list[str], rows: list[list[str]]) -> bool:
    """Whether the overview can be read as a table: each column at least as wide as its longest word, or as it is in a pipe."""
    from rich.cells import cell_len

    columns = list(zip(header, *rows))
    if sys.stdout.isatty():
        from gtpipe.render.terminal import console

        widths = [
            max(max(map(cell_len, clean(cell).split()), default=0) for cell in column)
            for column in columns
        ]
        widths[0] = max(widths[0], min(24, max(map(cell_len, columns[0]))))
        return sum(widths) + 2 * len(widths) <= console().width
    return sum(max(map(cell_len, column)) + 2 for column in columns) <= GRID + 2


def _listed(name: str, cells: list, table) -> None:
    """A row of the overview as lines, where there are too many groups for a table."""
    from gtpipe.analysis import matrix as thinking

    block(name, style="bold")
    for cell in cells:
        if cell.extracts:
            block(f"{cell.group.name}: {table.said(cell)}", 2)
    for state in (thinking.NOT_SO, thinking.NOT_YET):
        groups = [cell.group.name for cell in cells if cell.state == state]
        if groups:
            block(f"{state}: {', '.join(groups)}", 2, "dim")
    out()


# --- which codes stand together --------------------------------------------------------------------------------------


def cooccur(
    codes: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="[CODE]…",
            show_default=False,
            help="Two codes: every place. One: its companions. None: the whole table.",
        ),
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
        CodeLevel | None,
        typer.Option(
            "--level",
            help="Companions, or the whole table, on this level; initial codes, if not given.",
            show_default=False,
        ),
    ] = None,
    matrix: Annotated[
        bool, typer.Option("--matrix", help="A square table, for --format csv, json or xlsx.")
    ] = False,
    format: Annotated[
        TableFormat, typer.Option("--format", help="For people, or for programs.")
    ] = TableFormat.table,
    output: Output = None,
    replace: Replace = False,
) -> None:
    """Codes that stand together, by any coders: turns where both stand; or pairs that overlap; or pairs within N turns."""
    from gtpipe.analysis import cooccurrence as thinking
    from gtpipe.analysis.holdings import Holdings
    from gtpipe.analysis.matrix import names
    from gtpipe.store.layout import Study
    from gtpipe.study import load

    sense = _sense(overlap, window, order, matrix, format)
    target = _target(format is TableFormat.xlsx, output, replace)
    read = load(Study.find())
    given = find.named(codes, read) if codes else ()
    holdings = Holdings(read.material, read.codings, read.current)
    if len(given) == 2 and not matrix:
        _meetings(given, holdings, read, sense, order, format, target)
        find.say_what_is_hidden(read)
        return
    wanted = (
        given
        if len(given) > 1
        else _with_companions(given, level.value if level else "", holdings, read)
    )
    found = thinking.pairs(wanted, holdings, read.material, sense)
    if len(given) == 1:
        found = [pair for pair in found if pair.a == given[0]]
    called = dict(zip(wanted, names(wanted)))
    if matrix:
        header = ["code", *called.values()]
        rows = [[called[thing], *row] for thing, row in zip(wanted, thinking.square(wanted, found))]
        find.say_sense(sense)
    else:
        header = [
            "code-a",
            "code-b",
            "together",
            *(("a-first", "b-first", "neither-first") if order else ()),
            "participants",
        ]
        rows = [
            [
                called[pair.a],
                called[pair.b],
                pair.together,
                *((pair.a_first, pair.b_first, pair.at_once) if order else ()),
                list(pair.participants),
            ]
            for pair in found
        ]
    if target is not None:
        _workbook(
            target,
            [
                (
                    "together",
                    header,
                    [
                        [", ".join(cell) if isinstance(cell, list) else cell for cell in row]
                        for row in rows
                    ],
                )
            ],
        )
    elif format is not TableFormat.table:
        show_table(header, rows, Format(format.value))
    else:
        find.say_sense(sense)
        header = [title.replace("-first", " first") for title in header]
        if len(given) == 1:
            say(
                f'with the {given[0].kind} "{called[given[0]]}"'
                + ("; first and second say how often it is that" if order else "")
            )
            header = [
                "code",
                "together",
                *(("first", "second", "neither") if order else ()),
                "participants",
            ]
            rows = [row[1:] for row in rows]
        find.show_rows(
            header,
            rows,
            empty="no two of them stand together"
            if len(given) != 1
            else "nothing stands together with it",
        )
    find.say_what_is_hidden(read)


def _sense(overlap: bool, window: int | None, order: bool, matrix: bool, format: TableFormat):
    from gtpipe.analysis.cooccurrence import Sense

    if overlap and window is not None:
        raise UsageError("--overlap and --window are two questions: ask one of them")
    if overlap and order:
        raise UsageError("--order is asked of a window: --window N, or nothing for one turn")
    if matrix and order:
        raise UsageError(
            "a square table has one number for two codes: leave --order or --matrix away"
        )
    if matrix and format is TableFormat.table:
        raise UsageError(
            "a square table is for programs: add --format csv, json, or xlsx with --output FILE.xlsx"
        )
    return Sense(overlap, 0 if order and window is None else window)


def _with_companions(given: tuple, named: str, holdings, read) -> tuple:
    """The code that was named, if one was, before all on a level."""
    from gtpipe.model.level import INITIAL, CodeRef, Level
    from gtpipe.model.records import label_order

    level = Level(named) if named else (given[0].level if given else INITIAL)
    labels = sorted(read.names.known[level], key=label_order)
    return tuple(dict.fromkeys((*given, *(CodeRef(level, label) for label in labels))))


MEETING = (
    "code-a",
    "interview",
    "turn-a",
    "participant-a",
    "coders-a",
    "words-a",
    "code-b",
    "turn-b",
    "participant-b",
    "coders-b",
    "words-b",
    "words-of-both",
    "first",
)


def _meetings(
    given: tuple, holdings, read, sense, order: bool, format: TableFormat, target: Path | None
) -> None:
    """Two things, place by place."""
    from gtpipe.analysis import cooccurrence as thinking
    from gtpipe.analysis.matrix import names

    a, b = given
    found = thinking.meetings(a, b, holdings, read.material, sense)
    one, other = names(given)
    coders = {thing: holdings.of(thing) for thing in given}
    if format is not TableFormat.table:
        rows = [
            (
                one,
                meeting.a.interview,
                meeting.a.turn,
                holdings.participant(meeting.a),
                ", ".join(coders[a][meeting.a]),
                holdings.words(meeting.a),
                other,
                meeting.b.turn,
                holdings.participant(meeting.b),
                ", ".join(coders[b][meeting.b]),
                holdings.words(meeting.b),
                meeting.both or "",
                {-1: "a", 1: "b"}.get(meeting.first, ""),
            )
            for meeting in found
        ]
        if target is not None:
            _workbook(target, [("together", MEETING, rows)])
        else:
            show_table(MEETING, rows, Format(format.value))
        return
    people = {holdings.participant(place) for meeting in found for place in meeting[:2]} - {""}
    block(f"{one} × {other}", style="bold")
    block(
        f"{sense.of(thinking.counted(found, sense))}"
        + (f": {', '.join(find.by_name(people))}" if people else ""),
        style="dim",
    )
    if order:
        first = [sum(meeting.first == which for meeting in found) for which in (-1, 1, 0)]
        block(f'"{one}" first: {first[0]}; "{other}" first: {first[1]}; neither first: {first[2]}')
    together: dict[tuple, list] = {}
    for meeting in found:
        together.setdefault((meeting.a.interview, meeting.a.turn, meeting.b.turn), []).append(
            meeting
        )
    for (interview, turn, turn_b), some in together.items():
        out()
        later = "" if turn == turn_b else f" and {turn_b}"
        speakers = list(
            dict.fromkeys(
                holdings.participant(place) or "interviewer"
                for meeting in some
                for place in meeting[:2]
            )
        )
        block(
            f"{interview} {turn}{later}"
            + ("" if speakers == [interview] else f" · {', '.join(speakers)}"),
            style="bold cyan",
        )
        for thing, name, places in ((a, one, [m.a for m in some]), (b, other, [m.b for m in some])):
            for place in dict.fromkeys(places):
                by = f" ({', '.join(coders[thing][place])})" if coders[thing][place] else ""
                whole = place.span is None and not later
                block(
                    f"{name}{by}: "
                    + ("the whole turn" if whole else _quoted(place.span, holdings.words(place))),
                    2,
                )
        for words in dict.fromkeys(meeting.both for meeting in some if meeting.both is not None):
            whole = all(place.span is None for meeting in some for place in meeting[:2])
            block("both: " + _quoted(None if whole else (0, 0), words), 4, "italic")
        if not later and not any(meeting.both is not None for meeting in some):
            block("no words under both", 4, "dim")


def _quoted(span: tuple[int, int] | None, words: str) -> str:
    return words if span is None else f'"{words}"'
