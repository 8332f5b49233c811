"""Stage 2 laid out: the tables of the code book, and a comparison page for each code."""

from __future__ import annotations

from gtpipe.analysis import incidents
from gtpipe.analysis.annotations import COMPARISON, Noted
from gtpipe.analysis.codings import uncoded
from gtpipe.model.records import INITIAL, Code, Coding, Material, Outcome, Table, Where, label_order
from gtpipe.render import pages


def outcome(material: Material, codings: tuple[Coding, ...]) -> Outcome:
    """The tables `codebook.csv`, `usage.csv`, `uncoded.csv` and a page `compare/….md` for each code."""
    by_code = incidents.by_code(codings, INITIAL)
    labels = sorted({*by_code, *material.codebook}, key=label_order)
    around = incidents.at_turns(codings)
    views = {label: incidents.views(by_code.get(label, ()), material, around) for label in labels}
    names = pages.names(labels)
    noted = Noted.of_memos(material, COMPARISON)
    made = {
        f"compare/{names[label]}": pages.page(
            material.codebook.get(label) or _unwritten(label), views[label], material, noted
        )
        for label in labels
    }
    tables = {
        "codebook.csv": Table(
            ("code", "definition", "in-vivo", "first", "parked"),
            tuple(
                _codebook_row(
                    label, material.codebook.get(label), by_code.get(label, ()), views[label]
                )
                for label in labels
            ),
        ),
        "usage.csv": Table(
            ("code", "incidents", "interviews", "participants"),
            tuple(
                (
                    label,
                    len(views[label]),
                    len({v.interview for v in views[label]}),
                    len({v.participant for v in views[label] if v.participant}),
                )
                for label in labels
                if views[label]
            ),
        ),
        "uncoded.csv": Table(
            ("interview", "turn", "participant"),
            tuple(
                (interview.name, turn.id, interview.participant(turn))
                for interview, turns in uncoded(material, codings)
                for turn in turns
            ),
        ),
    }
    return Outcome(tables, made)


def _unwritten(label: str) -> Code:
    return Code(label, Where("", 0))


def _codebook_row(label: str, code: Code | None, applied, views) -> tuple[object, ...]:
    parked = "" if code is None or code.parked is None else code.parked or pages.NO_REASON
    first = f"{views[0].interview} {views[0].turn}" if views else ""
    return (
        label,
        code.definition if code else "",
        "yes" if any(c.in_vivo for c in applied) else "",
        first,
        parked,
    )
