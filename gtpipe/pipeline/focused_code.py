"""Stage 3 laid out: focused codes, their lineage as a person gave it, what was not taken up, and a page for each."""

from __future__ import annotations

from gtpipe.analysis import incidents
from gtpipe.analysis.annotations import COMPARISON, Noted
from gtpipe.analysis.focused_codes import carried_by, focused_codes, not_taken_up
from gtpipe.analysis.references import resolve_all
from gtpipe.model.records import FOCUSED, INITIAL, Coding, Material, Outcome, Table, label_order
from gtpipe.render import pages


def outcome(material: Material, codings: tuple[Coding, ...], current: dict[str, str]) -> Outcome:
    """`focused-codes.csv`, `lineage.csv`, `not-taken-up.csv`, and a page `compare/focused/….md` for each focused code."""
    around = incidents.at_turns(codings)
    codes = focused_codes(material, codings)
    carried = {
        label: carried_by(code, material, codings, around, current) for label, code in codes.items()
    }
    unfit = {
        label: resolve_all(code.does_not_fit, material, around, []) for label, code in codes.items()
    }
    names = pages.names(list(codes))
    noted = Noted.of_memos(material, COMPARISON)
    rows = []
    for label, code in codes.items():
        views = carried[label]
        rows.append(
            (
                label,
                code.definition,
                code.because,
                code.by,
                views[0].interview if views else "",
                code.written_after.label if code.written_after else "",
                len(code.takes_up),
                len(views),
                len({v.interview for v in views}),
                len({v.participant for v in views if v.participant}),
                len(unfit[label]),
            )
        )
    return Outcome(
        {
            "focused-codes.csv": Table(
                (
                    "focused",
                    "definition",
                    "because",
                    "by",
                    "first-incident-in",
                    "written-after",
                    "initial-codes",
                    "incidents",
                    "interviews",
                    "participants",
                    "does-not-fit",
                ),
                tuple(rows),
            ),
            "lineage.csv": Table(
                ("initial", "focused"),
                tuple(
                    (current.get(named.label, named.label), label)
                    for label, code in codes.items()
                    for named in code.takes_up
                ),
            ),
            "not-taken-up.csv": Table(
                ("code", "incidents", "parked", "nothing-beside", "beside"),
                _not_taken_up(material, codings, current),
            ),
        },
        {
            f"compare/focused/{names[label]}": pages.focused_page(
                code, carried[label], unfit[label], material, noted
            )
            for label, code in codes.items()
        },
    )


def _not_taken_up(
    material: Material, codings: tuple[Coding, ...], current: dict[str, str]
) -> tuple[tuple, ...]:
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
