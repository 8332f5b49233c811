"""What of a study other programs have no place for: told where it goes out to one."""

from __future__ import annotations

from collections.abc import Iterator

from gtpipe.exchange.records import Loss
from gtpipe.model.records import Material, Property

IN_STUDY_JSON = frozenset(
    (
        "former labels",
        "numbers, statuses and notes of codes",
        "interviews whose turns are not numbered from 1",
        "incidents for or against relations",
        "kinds of memos",
        "negative cases",
    )
)
"""What a study as JSON has a place for, of all these."""


def losses(material: Material) -> list[Loss]:
    """Each thing by itself, under its kind."""
    theory = material.theory
    former = [label for code in material.codebook.values() for label in code.was]
    former += (label for focused in material.focused.values() for label in focused.was)
    return [
        *(Loss("former labels", label) for label in former),
        *(
            Loss("numbers, statuses and notes of codes", code.label)
            for code in material.codebook.values()
            if code.number or code.status or code.notes
        ),
        *(
            Loss("incidents that do not fit", incident.address)
            for one in material.focused.values()
            for incident in one.does_not_fit
        ),
        *(Loss("properties", each.label) for each in _properties(material)),
        *(
            Loss("interviews whose turns are not numbered from 1", name)
            for name, interview in material.interviews.items()
            if any(turn.id != str(at) for at, turn in enumerate(interview.turns, 1))
        ),
        *(
            Loss("incidents for or against relations", incident.address)
            for one in theory.relations
            for incident in (*one.support, *one.contradict)
        ),
        *(Loss("kinds of memos", one.title) for one in material.memos if one.kind),
        *(Loss("negative cases", one.incident.address) for one in theory.negative_cases),
        *(Loss("searches for negative cases", one.looked_for.label) for one in theory.looks),
        *(Loss("judgements of sufficiency", one.interview.label) for one in theory.judgements),
        *(Loss("comments of second readers", one.about.label) for one in material.comments),
        *(Loss("sampling decisions", one.sought) for one in material.sampling),
        *(Loss("diary entries", one.path) for one in material.diary),
        *(Loss("versions of the schedule", one.name) for one in material.schedule),
        *(
            Loss("rows of procedures", name)
            for name, one in material.procedures.items()
            for rows in one.rows.values()
            for _ in rows
        ),
    ]


def _properties(material: Material) -> Iterator[Property]:
    for focused in material.focused.values():
        yield from focused.properties
    for category in material.theory.categories:
        yield from category.properties
