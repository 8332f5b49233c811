"""`gtpipe compare`: constant comparison in the terminal."""

from __future__ import annotations

from typing import Annotated

import typer

from gtpipe.analysis.agreement import Measure
from gtpipe.cli.options import TAKES_LABELS, FormatOption, argument, option
from gtpipe.cli.reading import (
    hold,
    one_attribute,
    read_study,
    say_what_is_hidden,
    say_what_was_meant,
)
from gtpipe.model.problems import UsageError
from gtpipe.render.tables import Format, write_rows
from gtpipe.render.terminal import out, say

MOST = 5  # earlier incidents beside each new one


def register(app: typer.Typer) -> None:
    app.command(**TAKES_LABELS)(compare)


def compare(
    codes: Annotated[
        list[str] | None,
        argument(
            "[CODE]…",
            "A code, focused code or category; or two. With --new, an interview; with "
            "--coders, initials, then interviews.",
        ),
    ] = None,
    new: Annotated[
        bool,
        typer.Option(
            "--new", help="What came last, turn by turn, beside earlier incidents of its codes."
        ),
    ] = False,
    coders: Annotated[
        bool,
        typer.Option(
            "--coders",
            help="Several coders of one interview, turn by turn: PM KR jim; all of them, if nobody "
            "is named.",
        ),
    ] = False,
    by: Annotated[
        list[str] | None,
        option(
            "--by",
            "ATTRIBUTE",
            "The code by this attribute (wave, setting); with --new: where it differs comes first.",
        ),
    ] = None,
    most: Annotated[
        int | None,
        typer.Option(
            "--most",
            metavar="N",
            min=1,
            show_default=False,
            help="With --new: how many earlier ones beside each; 5, if not given.",
        ),
    ] = None,
    incident: Annotated[
        str, option("--incident", "INCIDENT", "With --new or --note: this one alone, 'jim 12'.")
    ] = "",
    beside: Annotated[
        list[str] | None, option("--with", "INCIDENT", "With --note: the one to hold it against.")
    ] = None,
    around: Annotated[
        int | None,
        typer.Option(
            "--around",
            metavar="N",
            min=0,
            show_default=False,
            help="How many turns to show before and after each incident; the question and 1 after, "
            "if not given (with --new, the question alone).",
        ),
    ] = None,
    note: Annotated[
        str, option("--note", "TITLE", "Make a comparison memo about the two codes or incidents.")
    ] = "",
    figure: Annotated[
        Measure | None,
        typer.Option(
            "--figure",
            show_default=False,
            help="With --coders: how far they agree, where the procedure `agreement` is on; with "
            "csv or json, that alone.",
        ),
    ] = None,
    format: FormatOption = Format.table,
) -> None:
    """See a code's incidents side by side; or two codes, or coders.

    gtpipe compare "noticing the clock"
    gtpipe compare "noticing the clock" "not being asked"
    gtpipe compare "noticing the clock" --by setting
    gtpipe compare --new ray --by setting
    gtpipe compare --coders PM KR
    """
    named = tuple(codes or ())
    attribute = one_attribute(by)
    if coders:
        if new or attribute or most or incident or beside or note or around is not None:
            raise UsageError(
                "--coders goes with initials, interviews and --format or --figure alone"
            )
        _coders(named, figure, format)
        return
    if figure:
        raise UsageError(f"--figure belongs to --coders: --coders PM KR --figure {figure}")
    turns_around = 1 if around is None else around
    _refuse_what_does_not_fit(len(named), new, attribute, most, incident, beside, note)
    if note:
        _note(note, () if new else named, tuple(filter(None, (incident, *(beside or ())))))
    elif new:
        _newest(named[0] if named else None, attribute, most or MOST, incident, around or 0, format)
    elif len(named) == 2:
        _two(named[0], named[1], turns_around, format)
    elif attribute:
        _by(named[0], attribute, format)
    else:
        _one(named[0], turns_around, format)


def _refuse_what_does_not_fit(
    named: int,
    new: bool,
    attribute: str,
    most: int | None,
    incident: str,
    beside: list[str] | None,
    note: str,
) -> None:
    """Raises UsageError where options are given that do not go together."""
    if beside and not note:
        raise UsageError(
            '--with belongs to --note: gtpipe compare --new --note "TITLE" --incident INCIDENT '
            "--with INCIDENT"
        )
    if not new and most is not None:
        raise UsageError("--most goes with --new")
    if attribute and not new and (named > 1 or note):
        raise UsageError("--by goes with one code, or with --new")
    if incident and not (new or note):
        raise UsageError("--incident goes with --new or --note")
    if new and named > 1:
        raise UsageError("name one interview: gtpipe compare --new INTERVIEW")
    if named > 2:
        raise UsageError("two can stand side by side, not more")
    if not (named or new or note):
        raise UsageError(
            "name a code: gtpipe compare CODE; or gtpipe compare --new; "
            "`gtpipe codes list` shows the codes"
        )


def _note(title: str, codes: tuple[str, ...], incidents: tuple[str, ...]) -> None:
    from datetime import date

    from gtpipe.commands import compare_codes
    from gtpipe.store.layout import Study

    if len(codes) + len(incidents) < 2:
        raise UsageError(
            'a comparison memo is about two: gtpipe compare CODE CODE --note "TITLE", or '
            'gtpipe compare --new --note "TITLE" --incident INCIDENT --with INCIDENT'
        )
    today = date.today().isoformat()
    path, about = compare_codes.note(Study.find(), title, codes, incidents, date=today)
    out(path)
    say(
        f"about {'; '.join(about)}. Write in it what you see; their pages lead to it after the "
        "next `gtpipe run`."
    )


def _one(typed: str, turns_around: int, format: Format) -> None:
    from gtpipe.commands import compare_codes
    from gtpipe.render import blocks, one_code
    from gtpipe.store.layout import Study

    corpus, thing = compare_codes.read_one(Study.find(), typed)
    hold(corpus)
    looking = corpus.looking.with_turns(turns_around)
    views, held = one_code.views_of(thing, looking)
    if format is Format.table:
        blocks.show(one_code.page(thing, views, held, looking, corpus))
    else:
        persons = corpus.material.persons
        rows = [one_code.row(view, persons) for view in views]
        write_rows(one_code.header(corpus.material), rows, format)
    say_what_was_meant([(thing, typed)], corpus)
    say_what_is_hidden(corpus)


def _by(typed: str, attribute: str, format: Format) -> None:
    from gtpipe.analysis import groups
    from gtpipe.render import blocks, one_code

    corpus = read_study()
    thing = corpus.resolve(typed)
    researchers = corpus.settings.researchers
    grouping = groups.grouping(attribute, corpus.material, corpus.codings, researchers)
    looking = corpus.looking
    found = groups.grouped(grouping, looking.views(thing))
    if format is Format.table:
        blocks.show(one_code.by_group(thing, grouping.by, found, looking, corpus))
    else:
        header, persons = one_code.header(corpus.material), corpus.material.persons
        header = (grouping.by, *header)
        rows = [
            (group.name, *one_code.row(view, persons)) for group, views in found for view in views
        ]
        write_rows(header, rows, format)
    say_what_was_meant([(thing, typed)], corpus)
    say_what_is_hidden(corpus)


def _coders(named: tuple[str, ...], figure: Measure | None, format: Format) -> None:
    from gtpipe.commands import compare_codes
    from gtpipe.render import agreement, blocks, coders

    corpus = read_study()
    found = compare_codes.by_coders(corpus, named)
    compared = [sides for sides in found if sides.by_several]
    figures = compare_codes.how_far_they_agree(corpus, compared, figure) if figure else ()
    told = coders.not_coded(found)
    if format is Format.table:
        for line in told:
            out(line)
        for number, sides in enumerate(compared):
            if number or told:
                out()
            coders.show(sides)
        if figure and compared:
            blocks.show([blocks.GAP, *agreement.layout(figure, figures)])
    elif figure:
        write_rows(agreement.HEADER, agreement.rows(figures), format)
    else:
        write_rows(coders.HEADER, [row for sides in compared for row in coders.rows(sides)], format)
        for line in told:
            say(f"note: {line}")
    if not compared:
        say("No interview is coded by two of them yet: nothing to compare.")
    say_what_is_hidden(corpus)


def _two(one: str, other: str, turns_around: int, format: Format) -> None:
    from gtpipe.analysis.comparison import side_by_side
    from gtpipe.render.one_code import header
    from gtpipe.render.two_codes import TwoCodes

    corpus = read_study()
    a, b = corpus.resolve_all([one, other])
    if a == b:
        raise UsageError(f'{one} and {other}: both are the {a.kind} "{a.label}"; name two')
    looking = corpus.looking.with_turns(turns_around)
    views = (looking.views(a), looking.views(b))
    two = TwoCodes(a, b, looking, side_by_side(*views, corpus.material.interviews), corpus)
    if format is Format.table:
        two.show(views, corpus.material)
    else:
        write_rows(("where", "codes", *header(corpus.material)), two.rows(), format)
    say_what_was_meant([(a, one), (b, other)], corpus)
    say_what_is_hidden(corpus)


def _newest(
    name: str | None, by: str, most: int, incident: str, turns_around: int, format: Format
) -> None:
    from gtpipe.analysis import groups
    from gtpipe.commands import compare_codes
    from gtpipe.render import newest

    corpus = read_study()
    attribute, value = groups.values(by, corpus.material) if by else ("", None)
    interview, found = compare_codes.newest(
        corpus, name, value=value, most=most, incident_typed=incident
    )
    if format is Format.table:
        newest.show(interview, found, attribute, value, corpus.material, turns_around)
    else:
        rows = [row for new in found for row in newest.rows(new)]
        write_rows(newest.HEADER, rows, format)
    say_what_is_hidden(corpus)
