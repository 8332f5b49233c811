"""What `gtpipe who` shows: of each code who has an incident under it, by name, and who has none."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence

from gtpipe.analysis import groups
from gtpipe.analysis.participation import Answer, of_all
from gtpipe.model.persons import COLUMN, Persons
from gtpipe.model.plural import count
from gtpipe.model.records import IncidentKey, Material
from gtpipe.render.blocks import GAP, Block
from gtpipe.render.tables import Row
from gtpipe.study import Corpus


def header(column: str, material: Material) -> list[str]:
    extra = [column] if column else []
    columns = ["participant", "state", "incidents", "places", "does-not-fit", "not-judged"]
    return ["code", "level", *extra, *columns, *([COLUMN] if material.persons else ())]


def rows(answers: Iterable[Answer], column: str, material: Material) -> list[Row]:
    """A row for each code and participant; with the
    participant's value in `column` where one is given.
    """
    return [
        (
            answer.thing.label,
            answer.thing.level,
            *([groups.value_of(material, name, column)] if column else ()),
            name,
            answer.state(name),
            len(answer.having.get(name, ())),
            _addresses(answer.having.get(name, ())),
            _addresses(answer.unfit.get(name, ())),
            _addresses(answer.waiting.get(name, ())),
            *material.persons.column([name]),
        )
        for answer in answers
        for name in answer.everybody
    ]


def layout(
    answers: Sequence[Answer], uncoded: Mapping[str, Sequence[str]], column: str, corpus: Corpus
) -> Iterator[Block]:
    """Code by code; then who has all of them. `uncoded` are a
    participant's interviews that are not coded yet.
    """
    persons = corpus.material.persons
    for number, answer in enumerate(answers):
        if number:
            yield GAP
        yield from _answer(answer, uncoded, persons)
        if column:
            yield from _by_group(answer, corpus, column)
    if len(answers) > 1:
        heard = set[str]().union(*(answer.heard for answer in answers))
        which = "Both" if len(answers) == 2 else f"All {len(answers)}"
        yield GAP
        yield Block(f"{which}: {_of(of_all(answers, persons), heard, persons)}", style="bold")


def _answer(
    answer: Answer, uncoded: Mapping[str, Sequence[str]], persons: Persons
) -> Iterator[Block]:
    def with_uncoded(name: str) -> str:
        return f"{name} ({', '.join(uncoded[name])} not coded yet)" if name in uncoded else name

    yield Block(f"{answer.thing.label} ({answer.thing.kind})", style="bold")
    yield Block(_of(list(answer.having), answer.heard, persons), 2)
    for name, places in answer.having.items():
        incidents = f"{count(len(places), 'incident')}: {_list(places)}"
        yield Block(f"{with_uncoded(name)}: {incidents}", 4)
    unfit, waiting = (
        [place for places in of.values() for place in places]
        for of in (answer.unfit, answer.waiting)
    )
    if unfit:
        yield Block(f"does not fit: {_list(unfit)}", 2)
    if waiting:
        yield Block(f"since then, not judged: {len(waiting)} ({_list(waiting)})", 2)
    for state, names in (
        ("not coded so", answer.not_so),
        ("interview not coded yet", answer.not_yet),
        ("not interviewed yet", answer.not_interviewed),
    ):
        if names:
            yield Block(f"{state}: {', '.join(map(with_uncoded, names))}", 2)
    if answer.of_interviewers:
        yield Block(f"in interviewers' turns: {_list(answer.of_interviewers)}", 2, "dim")


def _by_group(answer: Answer, corpus: Corpus, column: str) -> Iterator[Block]:
    persons, group_of = corpus.material.persons, dict[str, list[str]]()
    yield Block(f"by {column}:", 2)
    grouping = groups.grouping(f"{groups.ATTRIBUTE}: {column}", corpus.material, corpus.codings)
    for group in grouping.groups:
        people = {*group.participants, *group.waiting}.intersection(answer.heard)
        members = [name for name in answer.everybody if name in people]
        having = [name for name in members if name in answer.having]
        said = _of(having, members, persons) if members else "nobody whose interview is coded"
        yield Block(f"{group.name}: {said}", 4)
        group_of |= {name: [group.name] for name in members}
    for one in persons.in_several_groups(group_of):
        yield Block(one, 4, "dim")


def _of(names: Sequence[str], of: Iterable[str], persons: Persons) -> str:
    """`3 of 4 participants: jim, eve, ray`"""
    named = f": {', '.join(names)}" if names else ""
    return f"{persons.number(names)} of {persons.counted(of)}{named}{persons.aside(of)}"


def _addresses(places: Iterable[IncidentKey]) -> list[str]:
    return [f"{place.interview} {place.turn}" for place in places]


def _list(places: Iterable[IncidentKey]) -> str:
    """`p10 52 (2), p10 54`: turns, with how many incidents where several share one."""
    turns = Counter(_addresses(places))
    return ", ".join(
        turn if number == 1 else f"{turn} ({number})" for turn, number in turns.items()
    )
