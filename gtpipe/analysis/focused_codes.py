"""Stage 3, the thinking part: what a person took up, and why; each focused code with its incidents and what does not fit.

Lineage is what the person wrote in `takes-up`, never inferred. No focused code appears that no person wrote.
"""

from __future__ import annotations

from gtpipe.analysis import incidents
from gtpipe.analysis.annotations import COMPARISON, Noted
from gtpipe.analysis.incidents import AtTurns, View
from gtpipe.analysis.references import Names, check, check_written_after, resolve_all
from gtpipe.model.problems import Problem, did_you_mean, error, note
from gtpipe.model.records import (
    FOCUSED,
    INITIAL,
    Coding,
    FocusedCode,
    Material,
    Where,
    label_order,
)
from gtpipe.pipeline.stages import Outcome, Table
from gtpipe.render import pages

BESIDE = "beside the turn"
NAMED = "named by hand"


def focused_codes(material: Material, codings: tuple[Coding, ...]) -> dict[str, FocusedCode]:
    """Focused codes by label: those of the file in its order, then those written only beside turns."""
    found = dict(material.focused)
    for coding in sorted((c for c in codings if c.level == FOCUSED), key=lambda c: label_order(c.code)):
        found.setdefault(coding.code, FocusedCode(coding.code, coding.where))
    return found


def outcome(material: Material, codings: tuple[Coding, ...], current: dict[str, str]) -> Outcome:
    """`focused-codes.csv`, `lineage.csv`, `not-taken-up.csv`, and a page `compare/focused/….md` for each focused code."""
    around = incidents.at_turns(codings)
    codes = focused_codes(material, codings)
    carried = {label: carried_by(code, material, codings, around, current) for label, code in codes.items()}
    unfit = {label: resolve_all(code.does_not_fit, material, around, []) for label, code in codes.items()}
    names = pages.names(list(codes))
    noted = Noted.of_memos(material, COMPARISON)
    rows = []
    for label, code in codes.items():
        views = carried[label]
        rows.append((
            label, code.definition, code.because, code.by, views[0].interview if views else "",
            code.written_after.label if code.written_after else "", len(code.takes_up), len(views),
            len({v.interview for v in views}), len({v.participant for v in views if v.participant}), len(unfit[label]),
        ))
    return Outcome(
        {
            "focused-codes.csv": Table(
                ("focused", "definition", "because", "by", "first-incident-in", "written-after",
                 "initial-codes", "incidents", "interviews", "participants", "does-not-fit"), tuple(rows)),
            "lineage.csv": Table(("initial", "focused"), tuple(
                (current.get(named.label, named.label), label) for label, code in codes.items() for named in code.takes_up)),
            "not-taken-up.csv": Table(("code", "incidents", "parked", "nothing-beside", "beside"),
                                      _not_taken_up(material, codings, current)),
        },
        {
            f"compare/focused/{names[label]}": pages.focused_page(code, carried[label], unfit[label], material, noted)
            for label, code in codes.items()
        },
    )


def carried_by(
    code: FocusedCode, material: Material, codings: tuple[Coding, ...], around: AtTurns, current: dict[str, str]
) -> tuple[View, ...]:
    """The incidents of a focused code in study order: of the initial codes it takes up, named by hand, beside turns."""
    taken = {current.get(named.label, named.label) for named in code.takes_up}
    found: dict[tuple, View] = {}

    def add(view: View, through: str) -> None:
        key = (view.interview, view.turn, view.span)
        old = found.get(key, view)
        found[key] = old._replace(
            through=tuple(dict.fromkeys((*old.through, through))),
            coders=tuple(dict.fromkeys((*old.coders, *view.coders))), notes=tuple(dict.fromkeys((*old.notes, *view.notes))),
        )

    for level, labels in ((INITIAL, taken), (FOCUSED, {code.label})):
        grouped: dict[str, list[Coding]] = {}
        for coding in codings:
            if coding.level == level and coding.code in labels:
                grouped.setdefault(coding.code, []).append(coding)
        for label, applied in grouped.items():
            for view in incidents.views(applied, material, around):
                add(view, f'"{label}"' if level == INITIAL else BESIDE)
    for view in resolve_all(code.incidents, material, around, []):
        add(view, NAMED)
    return incidents.in_order(found.values(), material)


def _not_taken_up(material: Material, codings: tuple[Coding, ...], current: dict[str, str]) -> tuple[tuple, ...]:
    """Those first that stand somewhere with no focused code beside them: the others are taken up,
    in a way."""
    by_code = incidents.by_code(codings, INITIAL)
    focused_at: dict[tuple[str, str], set[str]] = {}
    for coding in codings:
        if coding.level == FOCUSED:
            focused_at.setdefault((coding.interview, coding.turn), set()).add(coding.code)
    alone, accompanied = [], []
    for label in not_taken_up(material, codings, current, parked=True):
        code = material.codebook.get(label)
        parked = "" if code is None or code.parked is None else code.parked or pages.NO_REASON
        found = {coding.incident for coding in by_code.get(label, ())}
        bare = sum(one[:2] not in focused_at for one in found)
        beside = set().union(*(focused_at.get(one[:2], ()) for one in found))
        row = (label, len(found), parked, bare, "; ".join(sorted(beside, key=label_order)))
        (accompanied if found and not bare else alone).append(row)
    return (*alone, *accompanied)


def not_taken_up(
    material: Material, codings: tuple[Coding, ...], current: dict[str, str], *, parked: bool = False
) -> list[str]:
    """Initial codes that no focused code takes up, in label order; the parked ones only where asked for."""
    taken = {current.get(named.label, named.label) for code in material.focused.values() for named in code.takes_up}
    labels = {*(c.code for c in codings if c.level == INITIAL), *material.codebook} - taken
    aside = {label for label in labels if label in material.codebook and material.codebook[label].parked is not None}
    return sorted(labels if parked else labels - aside, key=label_order)


def problems(material: Material, codings: tuple[Coding, ...], known: Names) -> list[Problem]:
    """What `focused-codes.yaml` names and is not there, and what is worth a note."""
    found: list[Problem] = []
    around = incidents.at_turns(codings)
    for code in material.focused.values():
        check_written_after(code.written_after, material, found)
        for named in code.takes_up:
            label = known.current.get(named.label, named.label)
            if label != named.label and named.label not in known.known[INITIAL]:
                found.append(note(*named.where, f'"{named.label}" is called "{label}" now, and counts so', f'Write "{label}" here'))
            else:
                check(named, known, (INITIAL,), f'"{code.label}" takes up', found)
        seen: dict[str, Where] = {}
        for named in code.takes_up:
            label = known.current.get(named.label, named.label)
            if label in seen:
                found.append(error(*named.where, f'"{code.label}" takes up "{label}" twice',
                                   f"The first is at line {seen[label].line}; keep one"))
            seen.setdefault(label, named.where)
        resolve_all((*code.incidents, *code.does_not_fit), material, around, found)
        if not code.because:
            found.append(note(*code.where, f'the focused code "{code.label}" has no reason', "Write `because: …`"))
    for label, code in focused_codes(material, codings).items():
        if label not in material.focused:
            found.append(note(*code.where, f'the focused code "{label}" has no entry in data/focused-codes.yaml',
                              did_you_mean(label, material.focused) or "Write one, with its reason"))
    return found
