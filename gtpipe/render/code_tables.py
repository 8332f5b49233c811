"""What the tables of the code book and of focused codes say of each code: `codebook.csv`,
`focused-codes.csv`, and the workbook of a report.
"""

from __future__ import annotations

from gtpipe.analysis.holdings import Standing
from gtpipe.analysis.incidents import IncidentInContext
from gtpipe.model.records import Code, Coding, FocusedCode, people
from gtpipe.render.pages import NO_REASON

CODEBOOK = (
    *("code", "definition", "in-vivo", "first", "parked"),
    *("incidents", "interviews", "participants"),
)
FOCUSED_CODES = (
    *("focused", "definition", "because", "by", "first-incident-in", "written-after"),
    *("initial-codes", "incidents", "interviews", "participants", "not-judged", "does-not-fit"),
)


def codebook_row(
    code: Code, codings: tuple[Coding, ...], views: tuple[IncidentInContext, ...]
) -> tuple[object, ...]:
    """An initial code under CODEBOOK."""
    in_vivo = "yes" if any(coding.in_vivo for coding in codings) else ""
    first = f"{views[0].interview} {views[0].turn}" if views else ""
    return code.label, code.definition, in_vivo, first, parked(code), *counts(views)


def focused_row(
    code: FocusedCode, carried: tuple[IncidentInContext, ...], standing: Standing
) -> tuple[object, ...]:
    """A focused code under FOCUSED_CODES; `carried` are its extracts."""
    return (
        code.label,
        code.definition,
        code.because,
        code.by,
        carried[0].interview if carried else "",
        code.written_after.label if code.written_after else "",
        len(code.takes_up),
        *counts(carried),
        len(standing.waiting),
        len(standing.unfit),
    )


def parked(code: Code | FocusedCode) -> str:
    """Why a code is parked; '' where it is not."""
    return "" if code.parked is None else code.parked or NO_REASON


def counts(views: tuple[IncidentInContext, ...]) -> tuple[int, int, int]:
    """How many incidents there are, in how many interviews, of how many participants."""
    interviews = {view.interview for view in views}
    participants = {name for view in views for name in people(view.participant)}
    return len(views), len(interviews), len(participants)
