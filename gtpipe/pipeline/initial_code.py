"""Stage 2 laid out: the tables of the code book, and a comparison page for each code."""

from __future__ import annotations

from gtpipe.analysis import incidents
from gtpipe.analysis.annotations import COMPARISON, WrittenAbout
from gtpipe.analysis.codings import uncoded
from gtpipe.analysis.incidents import IncidentInContext
from gtpipe.model.level import INITIAL
from gtpipe.model.names import label_order
from gtpipe.model.records import Code, Coding, Outcome, Table, Where, people
from gtpipe.render import pages
from gtpipe.study import Corpus


def outcome(corpus: Corpus) -> Outcome:
    """The tables `codebook.csv`, `uncoded.csv` and a page `compare/….md` for each code."""
    material, codings = corpus.material, corpus.codings
    by_code = incidents.by_code(codings, INITIAL)
    labels = sorted({*by_code, *material.codebook}, key=label_order)
    around = incidents.at_turns(codings)
    views = {label: incidents.views(by_code.get(label, ()), material, around) for label in labels}
    codes = {label: material.codebook.get(label) or Code(label, Where("", 0)) for label in labels}
    names = pages.names(labels)
    memos_about = WrittenAbout.of_memos(material, COMPARISON)
    return Outcome(
        {
            "codebook.csv": Table(
                (
                    *("code", "definition", "in-vivo", "first", "parked"),
                    *("incidents", "interviews", "participants"),
                ),
                tuple(
                    _codebook_row(codes[label], by_code.get(label, ()), views[label])
                    for label in labels
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
        },
        {
            f"compare/{names[label]}": pages.page(codes[label], views[label], material, memos_about)
            for label in labels
        },
    )


def _codebook_row(
    code: Code, codings: tuple[Coding, ...], views: tuple[IncidentInContext, ...]
) -> tuple[object, ...]:
    in_vivo = "yes" if any(coding.in_vivo for coding in codings) else ""
    first = f"{views[0].interview} {views[0].turn}" if views else ""
    return code.label, code.definition, in_vivo, first, parked(code), *incident_counts(views)


def parked(code: Code) -> str:
    """Why a code is parked; '' where it is not."""
    return "" if code.parked is None else code.parked or pages.NO_REASON


def incident_counts(views: tuple[IncidentInContext, ...]) -> tuple[int, int, int]:
    """How many incidents there are, in how many interviews, of how many participants."""
    interviews = {view.interview for view in views}
    participants = {name for view in views for name in people(view.participant)}
    return len(views), len(interviews), len(participants)
