"""What `gtpipe claims` shows: each claim of number, and beside it what the study has on record."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from gtpipe.model import limits
from gtpipe.model.names import one_line
from gtpipe.model.persons import Persons
from gtpipe.model.plural import count
from gtpipe.quotes.numbers import Counted, Unit
from gtpipe.quotes.record import CONTRADICTS, OPEN, Laid, Standing
from gtpipe.render.blocks import GAP, Block
from gtpipe.render.tables import Row

HEADER = (
    *("file", "line", "claim", "theme", "kind", "counted", "on-record", "not-so", "not-known"),
    *("verdict", "detail", "sentence"),
)


def row(laid: Laid) -> Row:
    claim, counted = laid.claim, laid.claim.said.counted
    return (
        *(claim.path, claim.line, claim.words, claim.theme, laid.record.kind),
        counted.value or counted.unit.value,
        *([name for _, standing in laid.standings for name in standing[at]] for at in range(3)),
        *(laid.verdict, laid.detail, one_line(claim.sentence)),
    )


def layout(laid: Iterable[Laid], persons: Persons) -> Iterator[Block]:
    """Claim by claim, in the order of the chapter."""
    for each in laid:
        claim = each.claim
        verdict = f": {each.verdict}" if each.verdict else ""
        yield Block(f"{claim.place}: “{claim.words}”{verdict}", style="bold")
        yield Block(one_line(claim.sentence), 4)
        for answer, standing in each.standings:
            kind = ", ".join(filter(None, (each.record.kind, answer)))
            on_record = _on_record(claim.said.counted, standing, bool(answer), persons)
            theme = f"{each.record.theme} ({kind})" if kind else each.record.theme
            yield Block(f"{theme}: {on_record}", 4, "dim")
        for told in each.record.told:
            yield Block(told, 4, "dim")
        if each.detail:
            yield Block(f"{each.detail[0].upper()}{each.detail[1:]}.", 4, "italic")
        yield GAP


def _on_record(counted: Counted, standing: Standing, is_answer: bool, persons: Persons) -> str:
    """`3 of 4 participants: eve, jim, ray; not coded so: nadia`"""
    so, not_so, unknown = standing
    not_told, open_told = (
        ("others", "no answer") if is_answer else ("not coded so", "not coded yet")
    )
    is_of_people = is_answer or counted.unit is Unit.UNKNOWN
    unit = Unit.PEOPLE if is_of_people else counted.unit
    names = f": {limits.some(so)}" if so else ""
    if unit is Unit.INCIDENTS:
        turns = f": {limits.some(dict.fromkeys(so), 6)}" if so else ""
        said = f"{count(len(so), 'incident')}{turns}"
    elif unit is Unit.INTERVIEWS:
        said = f"{len(so)} of {count(len(so) + len(not_so), 'interview')}{names}"
    else:
        who = f" ({counted.attribute}: {counted.value})" if counted.attribute else ""
        of = persons.counted([*so, *not_so])
        said = f"{persons.number(so)} of {of}{who}{names}{persons.aside([*so, *not_so])}"
        said += f"; {not_told}: {limits.some(not_so)}" if not_so else ""
    return said + (f"; {open_told}: {limits.some(unknown)}" if unknown else "")


def summary(laid: Sequence[Laid], others: int) -> str:
    """`5 claims of number near a theme: 1 contradicts the record`"""
    numbers = [
        (sum(one.verdict == verdict for one in laid), verdict) for verdict in (CONTRADICTS, OPEN)
    ]
    parts = ", ".join(
        f"{number} {_plural(verdict, number)}" for number, verdict in numbers if number
    )
    near = f"{count(len(laid), 'claim')} of number near a theme"
    apart = f"; {others} near none, not looked at" if others else ""
    return near + (f": {parts}" if parts else "") + apart


def _plural(verdict: str, number: int) -> str:
    return verdict.replace("contradicts", "contradict") if number > 1 else verdict
