"""`data/comments.yaml`, `data/comments.KR.yaml`: what a second reader says of a code, a theme or an
incident, what was answered, and what changed: the rows of the procedure `comments`, as records.
"""

from __future__ import annotations

from gtpipe.formats import naming, procedures, row_edits
from gtpipe.model.problems import Problem
from gtpipe.model.procedures import Table
from gtpipe.model.records import Comment
from gtpipe.store.layout import COMMENTS


def table() -> Table:
    return procedures.shipped_as("comments").tables[0]


def loads(text: str, path: str = COMMENTS) -> tuple[tuple[Comment, ...], list[Problem]]:
    """The comments in the order of the file, and what is wrong with it.

    Raises UserError where it is not YAML.
    """
    rows, problems = row_edits.loads(text, path, table())
    found = (
        Comment(
            about=naming.named_as(row.get("about"), row.cell("about").where),
            by=row.get("by"),
            comment=row.get("comment"),
            answer=row.get("answer"),
            changed=row.get("changed"),
            where=row.where,
        )
        for row in rows
        if row.get("about") and row.get("comment")
    )
    return tuple(found), problems
