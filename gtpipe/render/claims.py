"""What `gtpipe claims` shows: each claim of number, and beside it what the study has on record."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from gtpipe.model import limits
from gtpipe.model.names import one_line
from gtpipe.model.persons import Persons
from gtpipe.model.plural import count
from gtpipe.quotes.claims import CONTRADICTS, OPEN, Laid
from gtpipe.quotes.numbers import Unit
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
        *(list(names) for names in laid.standing),
        *(laid.verdict, laid.detail, one_line(claim.sentence)),
    )


def layout(laid: Iterable[Laid], persons: Persons) -> Iterator[Block]:
    """Claim by claim, in the order of the chapter."""
    for each in laid:
        claim = each.claim
        verdict = f": {each.verdict}" if each.verdict else ""
        yield Block(f"{claim.place}: “{claim.words}”{verdict}", style="bold")
        yield Block(one_line(claim.sentence), 4)
        kind = f" ({each.record.kind})" if each.record.kind else ""
        yield Block(f"{claim.theme}{kind}: {_on_record(each, persons)}", 4, "dim")
        for told in each.record.told:
            yield Block(told, 4, "dim")
        if each.detail:
            yield Block(f"{each.detail[0].upper()}{each.detail[1:]}.", 4, "italic")
        yield GAP


def _on_record(laid: Laid, persons: Persons) -> str:
    """`3 of 4 participants: eve, jim, ray; not coded so: nadia`"""
    so, not_so, unknown = laid.standing
    counted = laid.claim.said.counted
    unit = counted.unit if counted.unit is not Unit.UNKNOWN else Unit.PEOPLE
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
        said += f"; not coded so: {limits.some(not_so)}" if not_so else ""
    return said + (f"; not coded yet: {limits.some(unknown)}" if unknown else "")


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
