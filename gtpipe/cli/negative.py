"""`negative`: what does not fit, listed, written down, and looked for by questions."""

from __future__ import annotations

from typing import Annotated

import typer

from gtpipe.cli.options import TAKES_LABELS, By, FormatOption, argument, option, signed, writer
from gtpipe.cli.reading import read_whole, say_what_is_hidden, say_what_was_meant
from gtpipe.model.plural import count
from gtpipe.model.problems import UsageError
from gtpipe.render.tables import Format, write_rows
from gtpipe.render.terminal import out, say

MOST = 12


def register(app: typer.Typer) -> None:
    app.command(**TAKES_LABELS)(negative)


def negative(
    incident: Annotated[
        list[str] | None,
        argument("[INCIDENT]…", """An incident: jim 12, or 'jim 12 "words of the turn"'."""),
    ] = None,
    contradicts: Annotated[
        str,
        option("--contradicts", "X", "The code, category or relation (A kind B) it contradicts."),
    ] = "",
    led_to: Annotated[
        str,
        option("--led-to", "WORDS", "What came of it: qualified, revised, left, or in your words."),
    ] = "",
    note: Annotated[str, typer.Option("--note", help="What it taught you.")] = "",
    looked_for: Annotated[
        str, option("--looked-for", "X", "You looked for cases that do not fit X …")
    ] = "",
    found: Annotated[
        str, typer.Option("--found", help="… and found: none, an incident, or words.")
    ] = "",
    look: Annotated[
        str, option("--look", "CODE", "Offer incidents of CODE that may be worth a second look.")
    ] = "",
    most: Annotated[
        int, typer.Option("--most", min=1, help="With --look: how many incidents to offer.")
    ] = MOST,
    by: By = "",
    format: FormatOption = Format.table,
) -> None:
    """See what does not fit; write it down; or look for it.

    gtpipe negative
    gtpipe negative ray 10 --contradicts "turning the help round" --led-to left
    gtpipe negative --look "being written up"
    """
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
        _list(format)


def _as_typed(words: list[str]) -> str:
    """One argument, or interview and turn, or interview, turn and words."""
    if len(words) == 3:
        return f'{words[0]} {words[1]} "{words[2].strip(chr(34))}"'
    if len(words) > 3:
        raise UsageError(
            "an incident is an interview, a turn, and words in quotes: "
            "'jim 12 \"words of the turn\"'"
        )
    return " ".join(words)


def _write_case(incident: str, contradicts: str, led_to: str, note: str, by: str) -> None:
    from gtpipe.commands.negative import add_negative_case
    from gtpipe.store.layout import THEORY, Study

    if not contradicts or not led_to.strip():
        missing = "--contradicts X" if not contradicts else "--led-to qualified, revised or left"
        raise UsageError(f"say what it contradicts and what it led to: {missing} is missing")
    study, led_to = Study.find(), " ".join(led_to.split())
    coder = writer(study, by)
    written = add_negative_case(study, incident, contradicts, led_to, note=note, by=coder)
    if written.remark:
        say(written.remark)
    out(f"{THEORY}: {written.incident} contradicts {written.about}; {led_to}{signed(coder)}")


def _write_look(looked_for: str, found: str, by: str) -> None:
    from datetime import date

    from gtpipe.commands.negative import add_look
    from gtpipe.store.layout import THEORY, Study

    today = date.today().isoformat()
    study = Study.find()
    coder = writer(study, by)
    written = add_look(study, looked_for, found, date=today, by=coder)
    if written.remark:
        say(written.remark)
    what = written.incident or " ".join(found.split())
    out(
        f"{THEORY}: looked for cases against {written.about} on {today}; found: {what}"
        f"{signed(coder)}"
    )


def _list(format: Format) -> None:
    from gtpipe.analysis.negative_cases import recorded
    from gtpipe.render import blocks
    from gtpipe.render.negative import HEADER, layout, rows
    from gtpipe.store.layout import FOCUSED_CODES, THEORY

    corpus = read_whole(FOCUSED_CODES, THEORY)
    things = recorded(corpus.material, corpus.codings, corpus.names)
    if format is not Format.table:
        write_rows(HEADER, [row for thing in things for row in rows(thing)], format)
    elif things:
        blocks.show(blocks.between(map(layout, things)))
    else:
        from gtpipe.model.level import CATEGORY, FOCUSED

        say(f"No {CATEGORY.noun}, {FOCUSED.noun} or relation yet that anything could contradict.")
    say_what_is_hidden(corpus)


def _second_look(typed: str, most: int, format: Format) -> None:
    from gtpipe.analysis import negative_case_search, negative_cases
    from gtpipe.render import blocks
    from gtpipe.render.negative import QUESTION, question_rows, second_look
    from gtpipe.store.layout import FOCUSED_CODES, THEORY

    corpus = read_whole(FOCUSED_CODES, THEORY)
    material, codings, names = corpus.material, corpus.codings, corpus.names
    thing = corpus.resolve(typed)
    say_what_was_meant([(thing, typed)], corpus)
    language = corpus.settings.language
    english = negative_case_search.is_english(language)
    looked = negative_case_search.look(
        thing,
        corpus.looking.holdings,
        material,
        codings,
        corpus.current,
        english=english,
        recorded=[
            case.place
            for recorded in negative_cases.recorded(material, codings, names)
            if (recorded.level, recorded.label) == thing
            for case in recorded.against
            if case.place
        ],
    )
    if format is Format.table:
        blocks.show(second_look(thing, looked, most))
    else:
        write_rows(QUESTION, question_rows(looked.asked[:most]), format)
    if len(looked.asked) > most:
        say(f"… and {count(len(looked.asked) - most, 'incident')} more: --most {len(looked.asked)}")
    for kind in looked.common:
        say(f"{kind} stands in most incidents of this code: that alone is not asked about")
    if not english:
        say(f"contrast and negation are looked for in English only: skipped (language: {language})")
    if looked.recorded:
        say(f"{count(looked.recorded, 'incident')} left out: on record as not fitting already")
    say_what_is_hidden(corpus)
