"""What does not fit a code, focused code or category, as people recorded it; and who looked, where
nothing is recorded.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from gtpipe.analysis.incidents import IncidentInContext
from gtpipe.analysis.labels import Labels
from gtpipe.analysis.negative_cases import none_recorded
from gtpipe.analysis.references import resolve, resolve_all
from gtpipe.model.codings import Codings
from gtpipe.model.level import FOCUSED, CodeRef
from gtpipe.model.records import FocusedCode, Incident, IncidentKey, Look, Material, Named


class DisconfirmingEvidence(NamedTuple):
    """An incident that does not fit, or where there is none, what was found in words; and what is
    told of it: name and text.
    """

    view: IncidentInContext | None
    words: str
    told: tuple[tuple[str, str], ...]


def does_not_fit(
    thing: CodeRef,
    material: Material,
    focused: dict[str, FocusedCode],
    known: Labels,
    codings: Codings,
    held: tuple[CodeRef, ...] = (),
) -> tuple[list[DisconfirmingEvidence], str]:
    """What is recorded against `thing`, then against those it holds; and what to say where nothing
    is against itself, else ''.
    """
    own = list(of_thing(thing, material, focused, known, codings))
    found = own + [
        one._replace(told=(("does not fit", f'"{other.label}"'), *one.told))
        for other in held
        for one in of_thing(other, material, focused, known, codings)
    ]
    looks = (look for look in material.theory.looks if _means(look.looked_for, thing, known))
    return found, "" if own else none_recorded(map(who_looked, looks))


def is_named_in_theory(label: str, material: Material) -> bool:
    """Whether a negative case or a look names this label."""
    theory = material.theory
    return any(
        named.label == label
        for named in (
            *(case.contradicts for case in theory.negative_cases),
            *(look.looked_for for look in theory.looks),
        )
    )


def of_thing(
    thing: CodeRef,
    material: Material,
    focused: dict[str, FocusedCode],
    known: Labels,
    codings: Codings,
) -> Iterator[DisconfirmingEvidence]:
    """What is recorded against `thing` itself, by whatever entry, each incident once."""
    told: set[IncidentKey | None] = set()
    for case in material.theory.negative_cases:
        if _means(case.contradicts, thing, known):
            view = resolve(case.incident, material, codings, [])
            said = (
                ("led to", case.led_to),
                (f"note ({case.by})" if case.by else "note", case.note),
            )
            told.add(view and view.key)
            yield DisconfirmingEvidence(
                view, case.incident.address, tuple(one for one in said if one[1])
            )
    for look in material.theory.looks:
        if look.found is not None and _means(look.looked_for, thing, known):
            view = (
                resolve(look.found, material, codings, [])
                if isinstance(look.found, Incident)
                else None
            )
            told.add(view and view.key)
            yield DisconfirmingEvidence(
                view,
                look.found.address if isinstance(look.found, Incident) else look.found,
                (("found", who_looked(look)),),
            )
    if thing.level == FOCUSED and thing.label in focused:
        for view in resolve_all(focused[thing.label].does_not_fit, material, codings, []):
            if view.key not in told:
                yield DisconfirmingEvidence(view, view.place, ())


def _means(named: Named, thing: CodeRef, known: Labels) -> bool:
    """The theory means by a label the highest thing that it stands on."""
    return named.label == thing.label and known.level(named) == thing.level


def who_looked(look: Look) -> str:
    """Who looked for negative cases, and when."""
    return f"{look.by or 'somebody'} looked{f' on {look.date}' if look.date else ''}"
