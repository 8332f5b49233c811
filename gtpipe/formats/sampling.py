"""`data/sampling.yaml`, `data/sampling.KR.yaml`: who or which position to seek next, why, for which
codes, and what came of it: the rows of the procedure `sampling`, as records.
"""

from __future__ import annotations

from gtpipe.formats import naming, procedures, row_edits
from gtpipe.model.names import one_line
from gtpipe.model.problems import Problem
from gtpipe.model.procedures import Table
from gtpipe.model.records import SamplingDecision
from gtpipe.store.layout import SAMPLING


def table() -> Table:
    return procedures.shipped_as("sampling").tables[0]


def loads(text: str, path: str = SAMPLING) -> tuple[tuple[SamplingDecision, ...], list[Problem]]:
    """The entries in the order of the file, and what is wrong with it.

    Raises UserError where it is not YAML.
    """
    rows, problems = row_edits.loads(text, path, table())
    found = (
        SamplingDecision(
            who=row.get("who"),
            why=row.get("why"),
            codes=tuple(naming.named_as(*value[:2]) for value in row.cell("for").values),
            by=row.get("by"),
            date=row.get("date"),
            done=row.get("done"),
            where=row.where,
            seeks=one_line(row.get("seeks")),
            by_way_of=row.get("by-way-of"),
            came_of_it=row.get("came-of-it"),
        )
        for row in rows
        if row.get("who") or row.get("seeks")
    )
    return tuple(found), problems
