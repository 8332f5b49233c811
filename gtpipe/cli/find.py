"""`who`: the participants of a code by name; `find`: words, codes, notes and memos. And what commands about codes share."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from enum import Enum
from typing import Annotated

import typer

from gtpipe.cli.options import TAKES_LABELS, FormatOption
from gtpipe.model.problems import UsageError
from gtpipe.render.terminal import Format, block, count, out, say, show_table

PATIENCE = 20  # seconds that a pattern may take
MANY = 300  # rows that are still laid out as a fine table


class In(str, Enum):
    """Where to look."""

    words = "words"
    codes = "codes"
    notes = "notes"
    memos = "memos"


def register(app: typer.Typer) -> None:
    app.command(**TAKES_LABELS)(who)
    app.command(**TAKES_LABELS)(find)


# --- what commands about codes share ---------------------------------------------------------------------------------


def named(typed: Iterable[str], read) -> tuple:
    """The things that were named; says so where a label stands on two levels. Raises UserError."""
    typed = list(typed)
    found = tuple(dict.fromkeys(read.resolve_all(typed)))
    for one in typed:
        told = read.names.remark(read.resolve(one), one)
        if told:
            say(told)
    return found


def say_what_is_hidden(read) -> None:
    if read.hiding():
        say(
            f"note: {count(len(read.hiding()), 'error')} in your files; what they concern is not shown. See `gtpipe check`."
        )


def one_attribute(by: list[str] | None) -> str:
    """The attribute that was given, '' for none. Raises UsageError where one of several would be
    dropped."""
    given = list(dict.fromkeys(one.strip() for one in by or () if one.strip()))
    if len(given) > 1:
        either = " or ".join(given)
        raise UsageError(f"one --by at a time: {either}; `gtpipe matrix` crosses several")
    return given[0] if given else ""


def say_sense(sense) -> None:
    say(f"counted: {sense.told}, whoever coded them")


def by_name(names: Iterable[str]) -> list[str]:
    from gtpipe.model.records import natural

    return sorted(names, key=lambda name: (natural(name), name))


def show_rows(header: list[str], rows: list[list], empty: str) -> None:
    """A table for people. A very long one in plain columns at once: a fine one would take a terminal minutes."""
    if len(rows) <= MANY:
        show_table(header, rows, Format.table, empty=empty)
        return
    from rich.cells import cell_len

    cells = [
        header,
        *(
            [", ".join(cell) if isinstance(cell, list) else str(cell) for cell in row]
            for row in rows
        ),
    ]
    widths = [
        max(len(cell) if cell.isascii() else cell_len(cell) for cell in column)
        for column in zip(*cells)
    ]
    right = [isinstance(cell, int) for cell in rows[0]]
    lines = []
    for row in cells:
        padding = [
            " " * (width - (len(cell) if cell.isascii() else cell_len(cell)))
            for cell, width in zip(row, widths)
        ]
        lines.append(
            "  ".join(
                pad + cell if number else cell + pad
                for cell, pad, number in zip(row, padding, right)
            ).rstrip()
        )
    out("\n".join(lines))


# --- who -------------------------------------------------------------------------------------------------------------


def who(
    codes: Annotated[
        list[str],
        typer.Argument(metavar="X…", show_default=False, help="Codes, focused codes, categories."),
    ],
    by: Annotated[
        list[str] | None,
        typer.Option(
            "--by",
            metavar="ATTRIBUTE",
            show_default=False,
            help="In groups of a column of participants.csv.",
        ),
    ] = None,
    format: FormatOption = Format.table,
) -> None:
    """Which participants have an incident under X, by name; and who is not coded so, which is not "did not experience"."""
    from gtpipe.analysis import groups, participation
    from gtpipe.analysis.holdings import Holdings
    from gtpipe.store.layout import Study
    from gtpipe.study import load

    attribute = one_attribute(by)
    read = load(Study.find())
    wanted = named(codes, read)
    column = groups.attribute(attribute, read.material) if attribute else ""
    answers = participation.who(
        wanted, Holdings(read.material, read.codings, read.current), read.material, read.codings
    )
    uncoded = participation.uncoded_beside(read.material, read.codings)
    if format is not Format.table:
        header = [
            "code",
            "level",
            *([column] if column else ()),
            "participant",
            "state",
            "incidents",
            "places",
        ]
        show_table(
            header,
            [
                [
                    answer.thing.label,
                    answer.thing.level,
                    *([groups.value_of(read.material, name, column)] if column else ()),
                    name,
                    answer.state(name),
                    len(answer.having.get(name, ())),
                    _addresses(answer.having.get(name, ())),
                ]
                for answer in answers
                for name in answer.everybody
            ],
            format,
        )
    else:
        for number, answer in enumerate(answers):
            if number:
                out()
            _answer(answer, uncoded)
            if column:
                _by_group(answer, read, column)
        if len(answers) > 1:
            out()
            together = participation.of_all(answers)
            heard = set().union(*map(_heard, answers))
            block(
                f"{'Both' if len(answers) == 2 else f'All {len(answers)}'}: {_of(together, len(heard))}",
                style="bold",
            )
    say_what_is_hidden(read)


def _heard(answer) -> set[str]:
    return {*answer.having, *answer.not_so}


def _of(names: list[str], of: int) -> str:
    """`3 of 4 participants: jim, eve, ray`"""
    return f"{len(names)} of {count(of, 'participant')}" + (
        f": {', '.join(names)}" if names else ""
    )


def _answer(answer, uncoded: dict[str, list[str]]) -> None:
    def told(name: str) -> str:
        return f"{name} ({', '.join(uncoded[name])} not coded yet)" if name in uncoded else name

    block(f"{answer.thing.label} ({answer.thing.kind})", style="bold")
    block(_of(list(answer.having), answer.heard), 2)
    for name, places in answer.having.items():
        block(
            f"{told(name)}: {count(len(places), 'incident')}: {', '.join(dict.fromkeys(_addresses(places)))}",
            4,
        )
    for state, names in (
        ("not coded so", answer.not_so),
        ("interview not coded yet", answer.not_yet),
        ("not interviewed yet", answer.not_interviewed),
    ):
        if names:
            block(f"{state}: {', '.join(map(told, names))}", 2)
    if answer.of_interviewers:
        block(
            f"in interviewers' turns: {', '.join(dict.fromkeys(_addresses(answer.of_interviewers)))}",
            2,
            "dim",
        )


def _addresses(places) -> list[str]:
    return [f"{place.interview} {place.turn}" for place in places]


def _by_group(answer, read, column: str) -> None:
    from gtpipe.analysis import groups

    heard = _heard(answer)
    block(f"by {column}:", 2)
    for group in groups.grouping(
        f"{groups.ATTRIBUTE}: {column}", read.material, read.codings
    ).groups:
        people = {*group.participants, *group.waiting}
        in_it = [name for name in answer.everybody if name in people and name in heard]
        having = [name for name in in_it if name in answer.having]
        block(
            f"{group.name}: {_of(having, len(in_it)) if in_it else 'nobody whose interview is coded'}",
            4,
        )


# --- find ------------------------------------------------------------------------------------------------------------


def find(
    text: Annotated[
        str,
        typer.Argument(
            metavar="TEXT",
            show_default=False,
            help="Capitals, line breaks and typography apart; or a pattern "
            "between slashes, as typed: '/(?i)paid|pay/'.",
        ),
    ],
    where: Annotated[
        list[In] | None,
        typer.Option("--in", help="Only there; may be given several times.", show_default=False),
    ] = None,
    format: FormatOption = Format.table,
) -> None:
    """TEXT in the words of turns, in codes and definitions, notes and memos; with the words around it and the turn's codes."""
    from gtpipe.analysis import finding
    from gtpipe.store.layout import Study
    from gtpipe.study import load

    wanted = finding.pattern(text)
    read = load(Study.find())
    with _patience(text):
        within = [one.value for one in where] if where else finding.EVERYWHERE
        hits = list(finding.find(wanted, read.material, read.codings, within))
        if not hits and wanted.as_it_looks:
            wanted = finding.pattern(text, apostrophes=False)
            hits = list(finding.find(wanted, read.material, read.codings, within))
            if hits:
                say(f'note: nothing with "{text}"; these have an apostrophe more or less.')
    if format is not Format.table:
        show_table(finding.HEADER, [hit.row for hit in hits], format)
    else:
        for within in finding.EVERYWHERE:
            _hits([hit for hit in hits if hit.within == within], within)
        if not hits:
            say(
                f"nothing found for {text}"
                if text.startswith("/")
                else f'nothing found for "{text}"'
            )
    say_what_is_hidden(read)


@contextmanager
def _patience(pattern: str) -> Iterator[None]:
    """Stops a pattern that would go on for ever. Where the system has no alarm, Ctrl-C does."""
    import signal
    import threading

    if (
        not hasattr(signal, "setitimer")
        or threading.current_thread() is not threading.main_thread()
    ):
        yield
        return

    def stop(*_) -> None:
        raise TimeoutError

    before = signal.signal(signal.SIGALRM, stop)
    signal.setitimer(signal.ITIMER_REAL, PATIENCE)
    try:
        yield
    except TimeoutError:
        raise UsageError(
            f"{pattern} takes longer than {PATIENCE} seconds, as patterns like (a+)+ do: "
            "ask for less in one pattern"
        ) from None
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


_TITLES = {"words": "In the words", "codes": "In codes", "notes": "In notes", "memos": "In memos"}


def _hits(hits: list, within: str) -> None:
    """The hits of one kind, those of one turn or one text under one heading."""
    if not hits:
        return
    block(f"{_TITLES[within]}: {count(len(hits), 'place')}", style="bold underline")
    last, codes = None, ()
    for hit in hits:
        heading = _heading(hit)
        if heading != last:
            _codes(codes)
            block(heading, 2, "bold cyan")
            last, codes = heading, hit.codes
        line, marked = hit.in_context
        block(line, 4, marked=marked)
    _codes(codes)
    out()


def _codes(codes: tuple[str, ...]) -> None:
    if codes:
        block(f"codes: {'; '.join(codes)}", 4, "dim")


_LEVELS = {"initial": "code", "focused": "focused code", "category": "category"}


def _heading(hit) -> str:
    if hit.within == "codes":
        return f"{hit.name} ({_LEVELS[hit.level]}" + (
            ")" if hit.field == "label" else f", {hit.field})"
        )
    if hit.within == "memos":
        return hit.name + (f" · {hit.coder}" if hit.coder else "")
    speaker = [] if hit.participant == hit.interview else [hit.participant or "interviewer"]
    about = [hit.coder] * bool(hit.coder) + ([f'"{hit.name}"'] if hit.within == "notes" else [])
    if hit.field == "negative case":
        about[-1] = f'contradicts "{hit.name}"'
    return " · ".join([f"{hit.interview} {hit.turn}", *speaker, *about])
