"""`negative`: what does not fit, listed, written down, and looked for by questions."""

from __future__ import annotations

from enum import Enum
from typing import Annotated

import typer

from gtpipe.cli.options import TAKES_LABELS, By, FormatOption, signed, writer
from gtpipe.cli.reading import not_shown, read_whole
from gtpipe.model.problems import UsageError, in_shell
from gtpipe.render.terminal import Format, block, count, out, say, show_table

MOST = 12


class LedTo(str, Enum):
    """What a negative case led to."""

    qualified = "qualified"
    revised = "revised"
    left = "left"


def register(app: typer.Typer) -> None:
    app.command(**TAKES_LABELS)(negative)


def negative(
    incident: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="INCIDENT",
            show_default=False,
            help="""An incident: jim 12, or 'jim 12 "words of the turn"'.""",
        ),
    ] = None,
    contradicts: Annotated[
        str,
        typer.Option(
            "--contradicts",
            metavar="X",
            help="The code, category or relation (A kind B) it contradicts.",
        ),
    ] = "",
    led_to: Annotated[
        LedTo | None, typer.Option("--led-to", help="What came of it.", show_default=False)
    ] = None,
    note: Annotated[str, typer.Option("--note", help="What it taught you.")] = "",
    looked_for: Annotated[
        str,
        typer.Option("--looked-for", metavar="X", help="You looked for cases that do not fit X …"),
    ] = "",
    found: Annotated[
        str, typer.Option("--found", help="… and found: none, an incident, or words.")
    ] = "",
    look: Annotated[
        str,
        typer.Option(
            "--look",
            metavar="CODE",
            help="Offer incidents of CODE that may be worth a second look.",
        ),
    ] = "",
    most: Annotated[
        int, typer.Option("--most", min=1, help="With --look: how many incidents to offer.")
    ] = MOST,
    by: By = "",
    format: FormatOption = Format.table,
) -> None:
    """What does not fit: list it; write it down in data/theory.yaml; or look for it: gtpipe negative --look CODE."""
    wanted = [
        name
        for name, given in (
            ("an INCIDENT", incident),
            ("--looked-for", looked_for),
            ("--look", look),
        )
        if given
    ]
    if len(wanted) > 1:
        raise UsageError(f"{' and '.join(wanted)} are different things to do: one at a time")
    if (contradicts or led_to or note) and not incident:
        raise UsageError(
            "name the incident: gtpipe negative 'jim 12' --contradicts X --led-to qualified"
        )
    if found and not looked_for:
        raise UsageError("--found belongs to --looked-for X")
    if looked_for and not found:
        raise UsageError("say what you found: --found none, or an incident")
    if incident:
        _write_case(_as_typed(incident), contradicts, led_to, note, by)
    elif looked_for:
        _write_look(looked_for, found, by)
    elif look:
        _second_look(look, most, format)
    else:
        _list_negative(format)


def _as_typed(words: list[str]) -> str:
    """One argument, or interview and turn, or interview, turn and words."""
    if len(words) == 3:
        return f'{words[0]} {words[1]} "{words[2].strip(chr(34))}"'
    if len(words) > 3:
        raise UsageError(
            "an incident is an interview, a turn, and words in quotes: 'jim 12 \"words of the turn\"'"
        )
    return " ".join(words)


def _write_case(incident: str, contradicts: str, led_to: LedTo | None, note: str, by: str) -> None:
    from gtpipe.commands import negative
    from gtpipe.store.layout import THEORY, Study

    if not contradicts or led_to is None:
        missing = "--contradicts X" if not contradicts else "--led-to qualified, revised or left"
        raise UsageError(f"say what it contradicts and what it led to: {missing} is missing")
    study = Study.find()
    coder = writer(study, by)
    written = negative.add_negative_case(
        study, incident, contradicts, led_to.value, note=note, by=coder
    )
    if written.remark:
        say(written.remark)
    out(f"{THEORY}: {written.incident} contradicts {written.about}; {led_to.value}{signed(coder)}")


def _write_look(looked_for: str, found: str, by: str) -> None:
    from datetime import date

    from gtpipe.commands import negative
    from gtpipe.store.layout import THEORY, Study

    today = date.today().isoformat()
    study = Study.find()
    coder = writer(study, by)
    written = negative.add_look(study, looked_for, found, date=today, by=coder)
    if written.remark:
        say(written.remark)
    what = written.incident or " ".join(found.split())
    out(
        f"{THEORY}: looked for cases against {written.about} on {today}; found: {what}"
        f"{signed(coder)}"
    )


def _list_negative(format: Format) -> None:
    from gtpipe.analysis import negative_cases as cases
    from gtpipe.store.layout import FOCUSED_CODES, THEORY

    read = read_whole(FOCUSED_CODES, THEORY)
    recorded = cases.recorded(read.material, read.codings, read.names)
    if format is not Format.table:
        header = (
            "level",
            "label",
            "recorded",
            "incident",
            "participant",
            "words",
            "led-to",
            "note",
            "by",
            "date",
            "line",
        )
        show_table(header, [row for one in recorded for row in _negative_rows(one)], format)
    else:
        for one in recorded:
            _show_recorded(one)
        if not recorded:
            say("no category, focused code or relation yet that anything could contradict")
    not_shown(read)


def _negative_rows(one):
    from gtpipe.analysis.negative_cases import NONE_RECORDED

    for case in one.against:
        yield (
            one.level,
            one.label,
            case.kind,
            case.address,
            case.participant,
            case.words,
            case.led_to,
            case.note,
            case.by,
            case.date,
            f"{case.where.path}:{case.where.line}",
        )
    for look in (*one.looks, None) if not one.against and not one.looks else one.looks:
        by, date, line = (
            (look.by, look.date, f"{look.where.path}:{look.where.line}") if look else ("", "", "")
        )
        yield (
            one.level,
            one.label,
            NONE_RECORDED if not one.against else "looked again, found none",
            "",
            "",
            "",
            "",
            "",
            by,
            date,
            line,
        )


def _show_recorded(one) -> None:
    from gtpipe.analysis.negative_cases import NONE_RECORDED

    block(f"{one.label} ({one.kind})", style="bold")
    if not one.against:
        block(f"{NONE_RECORDED}; {one.looked}", 2, "dim")
    for case in one.against:
        who = f"{case.place.interview} {case.place.turn}" if case.place else case.address
        named = (
            f" · {case.participant}"
            if case.participant and case.place and case.participant != case.place.interview
            else ""
        )
        block(
            f"{who}{named} · {case.kind}" + (f": {case.led_to}" if case.led_to else ""), 2, "cyan"
        )
        if case.words:
            block(case.words, 4)
        said = f"{case.note} " * bool(case.note) + (
            f"({', '.join(filter(None, [case.by, case.date]))})" if case.by or case.date else ""
        )
        if said:
            block(said.strip(), 4, "italic")
    if one.against and one.looks:
        block(f"found none besides: {one.looked}", 2, "dim")
    out()


def _second_look(typed: str, most: int, format: Format) -> None:
    from gtpipe.analysis import holdings as things
    from gtpipe.analysis import negative_case_search
    from gtpipe.analysis import negative_cases as cases
    from gtpipe.store.layout import FOCUSED_CODES, THEORY

    read = read_whole(FOCUSED_CODES, THEORY)
    thing = read.resolve(typed)
    note = read.names.remark(thing, typed)
    if note:
        say(note)
    recorded = [
        case.place
        for one in cases.recorded(read.material, read.codings, read.names)
        if (one.level, one.label) == (thing.level, thing.label)
        for case in one.against
        if case.place
    ]
    english = negative_case_search.is_english(read.settings.language)
    holdings = things.Holdings(read.material, read.codings, read.current)
    looked = negative_case_search.look(
        thing,
        holdings,
        read.material,
        read.codings,
        read.current,
        english=english,
        recorded=recorded,
    )
    shown = looked.asked[:most]
    if format is not Format.table:
        show_table(
            ("interview", "turn", "participant", "words", "kind", "question", "reason"),
            [
                (
                    asked.place.interview,
                    asked.place.turn,
                    asked.participant,
                    asked.words,
                    one.kind,
                    one.question,
                    one.reason,
                )
                for asked in shown
                for one in asked.questions
            ],
            format,
        )
    else:
        block(f"{thing.label} ({thing.kind}), {count(looked.incidents, 'incident')}", style="bold")
        for asked in shown:
            _show_asked(asked)
        _what_to_do(thing, looked)
    if len(looked.asked) > most:
        say(f"… and {count(len(looked.asked) - most, 'incident')} more: --most {len(looked.asked)}")
    for kind in looked.common:
        say(f"{kind} stands in most incidents of this code: that alone is not asked about")
    if not english:
        say(
            f"contrast and negation are looked for in English only: skipped (language: {read.settings.language})"
        )
    if looked.recorded:
        say(f"{count(looked.recorded, 'incident')} left out: on record as not fitting already")
    not_shown(read)


def _show_asked(asked) -> None:
    out()
    who = f"{asked.place.interview} {asked.place.turn}"
    block(
        who if asked.participant in ("", asked.place.interview) else f"{who} · {asked.participant}",
        style="bold cyan",
    )
    block(asked.words, 2)
    for one in asked.questions:
        block(f"{one.question} ({one.reason})", 4, "italic")


def _what_to_do(thing, looked) -> None:
    out()
    if not looked.asked:
        block(
            "nothing stands out; that says nothing about the code"
            if looked.incidents
            else "no incident yet"
        )
    else:
        block(
            "These are questions. Whether an incident fits is yours to say; gtpipe compare shows the rest.",
            style="dim",
        )
        first = looked.asked[0].place
        case = in_shell(f"{first.interview} {first.turn}")
        block(
            f"a case that does not fit: gtpipe negative {case} --contradicts {in_shell(thing.typed)} --led-to qualified --note …",
            style="dim",
        )
    if looked.incidents:
        block(
            f"looked and found none: gtpipe negative --looked-for {in_shell(thing.typed)} --found none",
            style="dim",
        )
