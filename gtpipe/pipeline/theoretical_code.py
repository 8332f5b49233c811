"""Stage 4 laid out: the theory with the words, its diagram, negative cases, and sufficiency by
interview.
"""

from __future__ import annotations

from gtpipe.analysis import incidents, properties
from gtpipe.analysis.focused_codes import carried_by, focused_codes
from gtpipe.analysis.holdings import Holdings
from gtpipe.analysis.incidents import AtTurns, IncidentInContext
from gtpipe.analysis.references import resolve, resolve_all
from gtpipe.analysis.theory import sufficiency
from gtpipe.model.records import Incident, Material, Outcome
from gtpipe.render import theory
from gtpipe.study import Corpus


def outcome(corpus: Corpus) -> Outcome:
    """`theory.md`, `theory.mmd`, `negative-cases.md`, `sufficiency.csv`."""
    material, codings, current = corpus.material, corpus.codings, corpus.current
    around = incidents.at_turns(codings)
    codes = focused_codes(material, codings)
    holdings = Holdings(material, codings, current)
    in_theory = {
        named.label for category in material.theory.categories for named in category.focused
    }
    laid_out = theory.LaidOut(
        theory=material.theory,
        focused=codes,
        carried={
            label: carried_by(code, material, codings, around, current, holdings)
            for label, code in codes.items()
            if label in in_theory
        },
        unfit={
            label: resolve_all(code.does_not_fit, material, around, [])
            for label, code in codes.items()
        },
        views=_views(material, around),
        level_of=corpus.names.level,
        properties={
            code: properties.laid_out(
                code, material, around, properties.unfit(code, material, corpus.names, around)
            )
            for code, _ in properties.entries(material)
        },
        holdings=holdings,
    )
    return Outcome(
        {"sufficiency.csv": sufficiency(material, codings, current)},
        {
            "theory.md": theory.theory_page(laid_out),
            "theory.mmd": theory.diagram(laid_out),
            "negative-cases.md": theory.negative_page(laid_out),
        },
    )


def _views(material: Material, around: AtTurns) -> dict[Incident, IncidentInContext]:
    named: list[Incident] = [case.incident for case in material.theory.negative_cases]
    for relation in material.theory.relations:
        named += [*relation.support, *relation.contradict]
    named += [look.found for look in material.theory.looks if isinstance(look.found, Incident)]
    for code in material.focused.values():
        named += code.incidents
    found = {incident: resolve(incident, material, around, []) for incident in named}
    return {incident: view for incident, view in found.items() if view is not None}
