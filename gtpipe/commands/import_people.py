"""The cases of another program as participants, and their variables as attributes."""

from __future__ import annotations

from collections.abc import Mapping

from gtpipe.analysis.speakers import person
from gtpipe.commands.import_plan import ImportPlan
from gtpipe.exchange.records import Case
from gtpipe.formats import tables
from gtpipe.model.names import one_line
from gtpipe.model.problems import UserError
from gtpipe.model.records import INTERVIEWER, Participant
from gtpipe.store.layout import PARTICIPANTS


def add_people(plan: ImportPlan) -> None:
    """Rows for new participants, and the variables of cases; no value that stands changes."""
    before = plan.text(PARTICIPANTS)
    table, wrong = tables.loads_participants(before)
    if wrong:
        raise UserError(*wrong)
    ours = dict.fromkeys(
        name
        for source in plan.project.sources
        if source.id in plan.new
        for name in plan.interviews[source.id].participants
    )
    known = {person(name): name for name in (*ours, *table)}
    values: dict[str, dict[str, str]] = {}
    for case in plan.project.cases:
        names = _people_of(plan, case, known)
        if not names and not case.name.strip():
            plan.lose("case without a name")
            continue
        if not names:
            ours[case.name] = None
            names = [case.name]
            known[person(case.name)] = case.name
        plan.case_people[case.id] = names
        for name in names:
            _add_values(
                plan,
                name,
                case,
                _row(table[name]) if name in table else {},
                values.setdefault(name, {}),
            )
    people = [name for name in ours if name not in table]
    text = tables.add_participants(before, people) if people else before
    text = tables.add_attributes(text, {name: said for name, said in values.items() if said})
    after = tables.loads_participants(text)[0]
    expected = {
        name: {**(_row(table[name]) if name in table else {}), **values.get(name, {})}
        for name in (*table, *people)
    }
    if {n: _said(_row(one)) for n, one in after.items()} != {
        n: _said(one) for n, one in expected.items()
    }:
        raise UserError.at(
            PARTICIPANTS, None, "participants cannot be added here", "Look at its rows"
        )
    plan.made["participant"] += len(people)
    plan.made["attribute of a participant"] += sum(map(len, values.values()))
    plan.keep(PARTICIPANTS, text)


def _people_of(plan: ImportPlan, case: Case, known: Mapping[str, str]) -> list[str]:
    """The participants that a case is: by its name, by the sources it has, by a label."""
    if person(case.name) in known:
        return [known[person(case.name)]]
    interviews = [plan.interviews[id] for id in case.sources if id in plan.interviews]
    people = dict.fromkeys(name for one in interviews for name in one.participants)
    if people:
        return list(people)
    labelled = {
        name
        for one in plan.interviews.values()
        for label, name in one.speakers.items()
        if name != INTERVIEWER and person(label) == person(case.name)
    }
    return list(labelled) if len(labelled) == 1 else []


def _add_values(
    plan: ImportPlan, name: str, case: Case, standing: Mapping[str, str], values: dict[str, str]
) -> None:
    for variable, value in case.variables:
        column, said = one_line(variable), one_line(value)
        if column == "participant" or (
            column == tables.SAME_PERSON and said not in {one.name for one in plan.project.cases}
        ):
            column = f"{column} (variable)"
        there = standing.get(column) or values.get(column)
        if there and there != said:
            plan.lose(f"{column} of a participant, which is another one here", name)
        elif not there and said:
            values[column] = said


def _row(participant: Participant) -> dict[str, str]:
    """What the table says of a participant, and who is the same person."""
    same = participant.same_person_as
    return dict(participant.attributes) | ({tables.SAME_PERSON: same.label} if same else {})


def _said(attributes: Mapping[str, str]) -> dict[str, str]:
    return {column: value for column, value in attributes.items() if value}
