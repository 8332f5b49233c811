"""Stage 3, the thinking part: what a person took up, and why; each focused code with its incidents
and what does not fit.

Lineage is what the person wrote in `takes-up`, never inferred. No focused code appears that no
person wrote.
"""

from __future__ import annotations

from collections.abc import Container, Iterator

from gtpipe.analysis import incidents
from gtpipe.analysis.holdings import Holdings
from gtpipe.analysis.incidents import IncidentInContext
from gtpipe.analysis.labels import Labels
from gtpipe.analysis.references import (
    check,
    check_places,
    check_written_after,
    place_of,
    resolve_all,
)
from gtpipe.model.codings import Codings
from gtpipe.model.level import FOCUSED, INITIAL, CodeRef
from gtpipe.model.names import label_order
from gtpipe.model.problems import Problem, did_you_mean, error, note
from gtpipe.model.records import FocusedCode, IncidentKey, Material, Where
from gtpipe.store.layout import FOCUSED_CODES

BESIDE = "beside the turn"
NAMED = "named by hand"


def focused_codes(material: Material, codings: Codings) -> dict[str, FocusedCode]:
    """Focused codes by label: those of the file in its order, then those written only
    beside turns.
    """
    found = dict(material.focused)
    beside = (label for label in codings.labels(FOCUSED) if label not in found)
    for label in sorted(beside, key=label_order):
        found[label] = FocusedCode(label, codings.first(CodeRef(FOCUSED, label)).where)
    return found


def carried_by(
    code: FocusedCode,
    material: Material,
    codings: Codings,
    current: dict[str, str],
    extracts: Container[IncidentKey],
) -> tuple[IncidentInContext, ...]:
    """Those of a focused code's incidents that are among `extracts`, in study order: of the initial
    codes it takes up, named by hand, beside turns.
    """
    taken = {current.get(named.label, named.label) for named in code.takes_up}
    found: dict[IncidentKey, IncidentInContext] = {}

    def add(view: IncidentInContext, through: str) -> None:
        old = found.get(view.key, view)
        found[view.key] = old._replace(
            through=tuple(dict.fromkeys((*old.through, through))),
            coders=tuple(dict.fromkeys((*old.coders, *view.coders))),
            notes=tuple(dict.fromkeys((*old.notes, *view.notes))),
        )

    for level, labels in ((INITIAL, taken), (FOCUSED, {code.label})):
        found_at = {label: codings.places_of(CodeRef(level, label)) for label in labels}
        used = sorted(filter(found_at.get, labels), key=lambda label: found_at[label][0])
        for label in used:
            places = zip(found_at[label], codings.incidents_at(found_at[label]), strict=True)
            of_extracts = [place for place, incident in places if incident in extracts]
            for view in incidents.views(of_extracts, material, codings):
                add(view, f'"{label}"' if level == INITIAL else BESIDE)
    for view in resolve_all(code.incidents, material, codings, []):
        if view.key in extracts:
            add(view, NAMED)
    return incidents.in_order(found.values(), material)


def not_taken_up(
    material: Material, codings: Codings, current: dict[str, str], *, parked: bool = False
) -> list[str]:
    """Initial codes that no focused code takes up, in label order; the parked ones only where asked
    for.
    """
    taken = {
        current.get(named.label, named.label)
        for code in material.focused.values()
        for named in code.takes_up
    }
    labels = {*codings.labels(INITIAL), *material.codebook} - taken
    aside = {
        label
        for label in labels
        if label in material.codebook and material.codebook[label].parked is not None
    }
    return sorted(labels if parked else labels - aside, key=label_order)


def problems(
    material: Material, codings: Codings, known: Labels, holdings: Holdings
) -> list[Problem]:
    """What `focused-codes.yaml` names and is not there, and what is worth a note."""
    found: list[Problem] = []
    for code in material.focused.values():
        check_written_after(code.written_after, material, found)
        for named in code.takes_up:
            label = known.current.get(named.label, named.label)
            if label != named.label and named.label not in known.known[INITIAL]:
                found.append(
                    note(
                        *named.where,
                        f'"{named.label}" is called "{label}" now, and counts so',
                        f'Write "{label}" here',
                    )
                )
            else:
                check(named, known, (INITIAL,), f'"{code.label}" takes up', found)
        seen: dict[str, Where] = {}
        for named in code.takes_up:
            label = known.current.get(named.label, named.label)
            if label in seen:
                found.append(
                    error(
                        *named.where,
                        f'"{code.label}" takes up "{label}" twice',
                        f"The first is at line {seen[label].line}; keep one",
                    )
                )
            seen.setdefault(label, named.where)
        placed = (incident for each in code.properties for incident in each.incidents)
        for listed in (code.judged, code.incidents, code.does_not_fit, code.left, placed):
            check_places(listed, material, found)
        found += _not_held(code, material, holdings)
        if not code.because:
            found.append(
                note(
                    *code.where,
                    f'the {FOCUSED.noun} "{code.label}" has no reason',
                    "Write `because: …`",
                )
            )
    for label, code in focused_codes(material, codings).items():
        if label not in material.focused:
            found.append(
                note(
                    *code.where,
                    f'the {FOCUSED.noun} "{label}" has no entry in {FOCUSED_CODES}',
                    did_you_mean(label, material.focused) or "Write one, with its reason",
                )
            )
    return found


def _not_held(code: FocusedCode, material: Material, holdings: Holdings) -> Iterator[Problem]:
    """Lines of `judged` that say nothing: no code that is taken up stands there, or something on
    record says that it does not fit.
    """
    thing = CodeRef(FOCUSED, code.label)
    taken = holdings.taken_up(code.label) if code.judged else {}
    for incident in code.judged:
        place = place_of(incident, material)
        if place is None:
            continue
        if place not in taken:
            yield note(
                *incident.where,
                f'{incident.address} is judged, and carries no code that "{code.label}" takes up',
                "Take this line out, or name the incident under `incidents: |`",
            )
        elif not holdings.fits(thing, place):
            yield note(
                *incident.where,
                f'{incident.address} is judged to belong to "{code.label}", and is on record as '
                "not fitting, which counts",
                "Take one of the two out",
            )
