"""What `gtpipe negative` shows: what is on record against
each thing, and incidents worth a second look.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from gtpipe.analysis.negative_case_search import Asked, Looked
from gtpipe.analysis.negative_cases import NONE_RECORDED, Against, Recorded
from gtpipe.model.level import CodeRef
from gtpipe.model.plural import count
from gtpipe.model.problems import in_shell
from gtpipe.model.records import Look
from gtpipe.render.blocks import GAP, Block
from gtpipe.render.incidents import heading
from gtpipe.render.tables import Row

HEADER = tuple("level label recorded incident participant words led-to note by date line".split())
QUESTION = ("interview", "turn", "participant", "words", "kind", "question", "reason")


def rows(thing: Recorded) -> Iterator[Row]:
    """A row for each case on record, and for each look that found none."""
    for case in thing.against:
        yield (
            thing.level,
            thing.label,
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
    none = "looked again, found none" if thing.against else NONE_RECORDED
    for look in thing.looks:
        yield (thing.level, thing.label, none, "", "", "", "", "", *_whose(look))
    if not (thing.against or thing.looks):
        yield (thing.level, thing.label, none, "", "", "", "", "", "", "", "")


def _whose(look: Look) -> tuple[str, str, str]:
    return look.by, look.date, f"{look.where.path}:{look.where.line}"


def layout(thing: Recorded) -> Iterator[Block]:
    kind = thing.kind
    yield Block(f"{thing.label} ({kind})", style="bold")
    if not thing.against:
        yield Block(thing.none_recorded, 2, "dim")
    for case in thing.against:
        yield from _case(case)
    if thing.against and thing.looks:
        yield Block(f"Found none besides: {thing.looked}", 2, "dim")


def _case(case: Against) -> Iterator[Block]:
    at = case.address
    if case.place:
        at = heading(case.place.interview, case.place.turn, case.participant)
    led_to = f": {case.led_to}" if case.led_to else ""
    yield Block(f"{at} · {case.kind}{led_to}", 2, "cyan")
    if case.words:
        yield Block(case.words, 4)
    signed = ", ".join(filter(None, (case.by, case.date)))
    said = " ".join(filter(None, (case.note, f"({signed})" if signed else "")))
    if said:
        yield Block(said, 4, "italic")


# --- a second look --------------------------------------------------------------------------------


def question_rows(asked: Iterable[Asked]) -> list[Row]:
    """Under QUESTION, a row for each question."""
    return [
        (
            incident.place.interview,
            incident.place.turn,
            incident.participant,
            incident.words,
            question.kind,
            question.question,
            question.reason,
        )
        for incident in asked
        for question in incident.questions
    ]


def second_look(thing: CodeRef, looked: Looked, most: int) -> Iterator[Block]:
    """The incidents that raise questions, at most so many, and what to type next."""
    incidents = count(looked.incidents, "incident")
    yield Block(f"{thing.label} ({thing.kind}), {incidents}", style="bold")
    for asked in looked.asked[:most]:
        place = asked.place
        yield GAP
        yield Block(heading(place.interview, place.turn, asked.participant), style="bold cyan")
        yield Block(asked.words, 2)
        for question in asked.questions:
            yield Block(f"{question.question} ({question.reason})", 4, "italic")
    yield GAP
    yield from _what_to_do(thing, looked)


def _what_to_do(thing: CodeRef, looked: Looked) -> Iterator[Block]:
    typed = in_shell(thing.typed)
    if looked.asked:
        first = looked.asked[0].place
        case = in_shell(f"{first.interview} {first.turn}")
        yield Block(
            "These are questions. Whether an incident fits is yours to say; gtpipe compare shows "
            "the rest.",
            style="dim",
        )
        yield Block(
            f"a case that does not fit: gtpipe negative {case} --contradicts {typed} "
            "--led-to qualified --note …",
            style="dim",
        )
    elif looked.incidents:
        yield Block("Nothing stands out; that says nothing about the code.")
    else:
        yield Block("No incident yet.")
    if looked.incidents:
        yield Block(
            f"looked and found none: gtpipe negative --looked-for {typed} --found none", style="dim"
        )
