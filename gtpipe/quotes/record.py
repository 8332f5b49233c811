"""Claims of number beside what the study has on record: who is coded so, by name.

The record says who is coded so, and not who lived through what; where not everybody is coded, it
says nothing against more. So no claim is called true: what the record has stands beside it, and
what cannot be so by the record is marked.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

from gtpipe.analysis import groups
from gtpipe.analysis.participation import Answer
from gtpipe.model import limits
from gtpipe.model.names import name_order
from gtpipe.model.persons import Persons
from gtpipe.model.plural import count
from gtpipe.model.procedures import BY_GROUP, Procedure, Row
from gtpipe.model.records import Material
from gtpipe.quotes.claims import Claim
from gtpipe.quotes.numbers import Counted, Kind, Said, Unit
from gtpipe.text import tokens

CONTRADICTS, OPEN = "contradicts the record", "cannot be known here"
_SHORT_TEXT = 2  # words that are no text of an item
_NOT = re.compile(r"\b(?:not|never|nor|without)\b|n[’']t\b", re.I)


class Standing(NamedTuple):
    """What the record has of a theme, of what a claim counts: by name those `so`, those not so,
    and those of whom nothing is on record yet.
    """

    so: tuple[str, ...]
    not_so: tuple[str, ...] = ()
    unknown: tuple[str, ...] = ()


class Record(NamedTuple):
    """What is on record of a theme: of participants, interviews, and its incidents. `kind` is what
    it is in words; `told` stands beside it, and is not counted. An item has no incidents, and
    participants by each of its `answers`, `happening: yes`.
    """

    theme: str
    kind: str
    participants: Standing
    interviews: Standing = Standing(())
    incidents: Standing = Standing(())
    told: tuple[str, ...] = ()
    answers: tuple[tuple[str, Standing], ...] | None = None


class Laid(NamedTuple):
    """A claim with what the record has for it, by answer where it is of an item (else under '');
    `verdict` is CONTRADICTS, OPEN or '', and `detail` says why.
    """

    claim: Claim
    record: Record
    standings: tuple[tuple[str, Standing], ...]
    verdict: str
    detail: str


# --- what is on record ----------------------------------------------------------------------------


def record_of(answer: Answer, material: Material, coded: set[str]) -> Record:
    """Of a code, focused code or category. Who has nothing but what waits to be judged is neither
    so nor not.
    """
    there = dict.fromkeys(place.interview for places in answer.having.values() for place in places)
    incidents = [place for places in answer.having.values() for place in places]
    uncoded = tuple(name for name in material.interviews if name not in coded)
    waiting = sum(map(len, answer.waiting.values()))
    unfit = [f"{one.interview} {one.turn}" for places in answer.unfit.values() for one in places]
    return Record(
        answer.thing.label,
        answer.thing.kind,
        Standing(
            tuple(answer.having),
            (*answer.only_unfit, *answer.not_so),
            (*answer.only_waiting, *answer.not_yet, *answer.not_interviewed),
        ),
        Standing(
            tuple(there),
            tuple(name for name in material.interviews if name in coded and name not in there),
            uncoded,
        ),
        Standing(tuple(f"{place.interview} {place.turn}" for place in incidents), (), uncoded),
        (
            *((f"does not fit: {', '.join(unfit)}",) if unfit else ()),
            *((f"not judged: {count(waiting, 'incident')}",) if waiting else ()),
        ),
    )


def item_records(procedure: Procedure, material: Material) -> Iterator[tuple[str, Record]]:
    """Of each item that participants answered, what it is called in a chapter, and who gave which
    answer; who gave none is not known.
    """
    for table in procedure.schema.tables:
        if table.layout != BY_GROUP:
            continue
        who, items = table.who, table.items
        rows: dict[str, list[Row]] = {}
        for row in procedure.rows[table.name]:
            rows.setdefault(row.get(items), []).append(row)
        rows.pop("", None)  # what is said of a form
        named = table.fields[items].table
        asked = procedure.named(named) if named else dict.fromkeys(rows)
        for item, about in asked.items():
            answers = tuple(_answers(rows.get(item, ()), who, table.values, material))
            record = Record(f"{items} {item}", "", Standing(()), answers=answers)
            yield record.theme, record
            for cell in about.cells.values() if about else ():
                if len(cell.text.split()) > _SHORT_TEXT:
                    yield cell.text, record


def _answers(
    rows: Iterable[Row], who: str, values: Iterable[str], material: Material
) -> Iterator[tuple[str, Standing]]:
    everybody = sorted(material.participants, key=name_order)
    for value in values:
        said = {row.get(who): row.get(value) for row in rows if row.get(value)}
        for answer in sorted({*said.values()}, key=name_order):
            yield (
                f"{value}: {answer}",
                Standing(
                    tuple(name for name in everybody if said.get(name) == answer),
                    tuple(name for name in everybody if said.get(name, answer) != answer),
                    tuple(name for name in everybody if name not in said),
                ),
            )


# --- beside each other ----------------------------------------------------------------------------


def lay(
    claims: Iterable[Claim], records: Mapping[str, Record], material: Material
) -> Iterator[Laid]:
    """Each claim with what is on record. Of an item, an answer that the sentence names is meant,
    else any; what is so of one of them contradicts nothing.
    """
    for claim in claims:
        record = records[claim.theme]
        standings = tuple(
            (answer, _standing(claim.said.counted, standing, record, material))
            for answer, standing in _meant(claim, record)
        )
        judged = [_judged(claim, one, material.persons) for _, one in standings]
        verdict, detail = min(judged, key=lambda one: _VERDICTS.index(one[0]), default=_NO_ANSWER)
        if verdict == CONTRADICTS and not claim.is_here:
            verdict, detail = (
                OPEN,
                f"the sentence does not name it. {detail[0].upper()}{detail[1:]}",
            )
        yield Laid(claim, record, standings, verdict, detail)


_VERDICTS = ("", OPEN, CONTRADICTS)
_NO_ANSWER = (OPEN, "nobody answered it")


def _meant(claim: Claim, record: Record) -> tuple[tuple[str, Standing], ...]:
    if record.answers is None:
        return (("", record.participants),)
    words = tokens.keys(tokens.clean(claim.sentence))
    named = (one for one in record.answers if one[0].partition(":")[0].casefold() in words)
    return tuple(named) or record.answers


def _standing(
    counted: Counted, participants: Standing, record: Record, material: Material
) -> Standing:
    if counted.unit in (Unit.INCIDENTS, Unit.INTERVIEWS) and record.answers is None:
        return record.incidents if counted.unit is Unit.INCIDENTS else record.interviews
    if not counted.attribute:
        return participants
    return Standing(
        *(
            tuple(
                name
                for name in names
                if groups.value_of(material, name, counted.attribute) == counted.value
            )
            for names in participants
        )
    )


def _judged(claim: Claim, standing: Standing, persons: Persons) -> tuple[str, str]:
    said = claim.said
    if said.counted.unit is Unit.UNKNOWN and said.kind is Kind.OF:
        return "", "it is not said of what"
    if said.counted.unit is Unit.UNKNOWN:
        return OPEN, f'"{said.noun}" stands nowhere in data/participants.csv'
    clause = re.split(r"[,;:.]|\band\b|\bbut\b", claim.sentence[said.end :], maxsplit=1)[0]
    if _NOT.search(clause):
        return OPEN, "the sentence says of whom it is not so; who is not coded so is another matter"
    if claim.listed and len(claim.listed) == said.number and _counts_people(said):
        wrong = _listed(claim.listed, standing, persons)
        if wrong:
            return wrong
    if said.kind is Kind.ONLY and said.number == 1 and claim.name and _counts_people(said):
        return _only(claim.name, standing, persons)
    so, heard = _number(standing.so, said, persons), _number(standing[:2], said, persons)
    most = _number(standing, said, persons)
    is_of_incidents = said.counted.unit is Unit.INCIDENTS
    is_open = most > heard or (is_of_incidents and bool(standing.unknown))
    if said.kind is Kind.OF and not is_of_incidents and said.of not in (heard, most):
        of = f"{heard} are coded, of {most}" if is_open else f"there are {most}"
        return CONTRADICTS, f"the text says of {said.of}; {of}"
    if is_of_incidents and is_open:
        more = so + max(int(said.number), 1)
        possible = [_holds(said, number, more) for number in range(so, more + 1)]
    else:
        last = so + most - heard
        possible = [
            _holds(said, number, total)
            for number in range(so, last + 1)
            for total in {heard + number - so, most}
        ]
    if not any(possible):
        return CONTRADICTS, f"the text says “{claim.words}”; on record {_are(so)}"
    if is_open and not all(possible):
        return OPEN, f"it is not known of {limits.some(standing.unknown)}"
    return "", ""


def _are(number: int) -> str:
    return "is 1" if number == 1 else f"are {number or 'none'}"


def _counts_people(said: Said) -> bool:
    return said.counted.unit is Unit.PEOPLE


def _number(names: Iterable[str] | Iterable[Sequence[str]], said: Said, persons: Persons) -> int:
    listed = [one for some in names for one in ([some] if isinstance(some, str) else some)]
    return persons.number(listed) if _counts_people(said) else len(listed)


def _only(name: str, standing: Standing, persons: Persons) -> tuple[str, str]:
    """That somebody is the only one."""
    own = persons.names(name)
    others = [one for one in standing.so if one not in own]
    if others:
        return CONTRADICTS, f"also on record: {', '.join(sorted(others, key=name_order))}"
    if not {*own} & {*standing.so, *standing.unknown}:
        return CONTRADICTS, f"{name} is not coded so"
    if standing.unknown:
        return OPEN, f"it is not known of {limits.some(standing.unknown)}"
    return "", ""


def _listed(names: Iterable[str], standing: Standing, persons: Persons) -> tuple[str, str] | None:
    """That those who are named are; None where they all are on record."""

    def are(of: Iterable[str]) -> list[str]:
        return [name for name in names if {*persons.names(name)} & {*of}]

    missing = [name for name in names if name not in are((*standing.so, *standing.unknown))]
    if missing:
        return CONTRADICTS, f"not so on record: {', '.join(missing)}"
    unknown = [name for name in names if name not in are(standing.so)]
    return (OPEN, f"it is not known of {', '.join(unknown)}") if unknown else None


def _holds(said: Said, number: int, total: int) -> bool:
    """Whether a claim is so where `number` of `total` are."""
    share = said.number
    match said.kind:
        case Kind.MOST:
            return 2 * number > total
        case Kind.MINORITY:
            return 0 < 2 * number < total
        case Kind.SHARE:
            return abs(number - share * total) < 1
        case Kind.PERCENT:
            return bool(total) and abs(100 * number / total - share) <= 1
        case Kind.ALL:
            return number == total > 0
        case Kind.NONE:
            return number == 0
        case Kind.AT_LEAST:
            return number >= share
        case Kind.AT_MOST:
            return number <= share
        case Kind.ABOUT:
            return abs(number - share) <= max(1, share / 10)
        case Kind.ALL_BUT:
            return number == total - share
    return number == share
