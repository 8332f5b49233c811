"""Matrix queries that rows of procedures were written from: whether they come to the same today."""

from __future__ import annotations

import shlex
from collections.abc import Iterator

from gtpipe.analysis import groups, procedures
from gtpipe.analysis.focused_codes import focused_codes
from gtpipe.analysis.matrix import header, matrix, rows
from gtpipe.formats import tables
from gtpipe.model.level import FOCUSED, CodeRef
from gtpipe.model.problems import Problem, UserError, note, refusal
from gtpipe.store.layout import digest
from gtpipe.study.records import StudyRecords


def stale(study: StudyRecords) -> Iterator[Problem]:
    """A note for each query that cannot be asked, was not given its digest, or comes to another."""
    for said in procedures.values(study.material):
        if "query" not in said.field.kinds:
            continue
        before = said.row.cell(said.field.hash)
        try:
            today = digest_of(said.value.label, study)
        except UserError as exc:
            for problem in exc.problems:
                yield note(*said.value.where, f"this query: {problem.what}", problem.do)
            continue
        write = f"`{said.field.hash}: {today}`"
        if not before.text:
            yield note(*said.value.where, "nothing says what this query came to", f"Write {write}")
        elif before.text != today:
            what = "this query comes to something else than when this was written"
            yield note(*before.where, what, f"Look at it again, then write {write}")


def digest_of(query: str, study: StudyRecords) -> str:
    """The digest of what `matrix CODES… --by ATTRIBUTE --where ATTRIBUTE=VALUE` comes to. Raises
    UserError.
    """
    options: dict[str, list[str]] = {"": [], "--by": [], "--where": []}
    try:
        command, *words = shlex.split(query.removeprefix("gtpipe").strip())
        while words:
            name = words.pop(0) if words[0] in options else ""
            options[name].append(words.pop(0))
    except (ValueError, IndexError):
        command = ""
    codes, by, where = options.values()
    if command != "matrix" or not by or any(one.startswith("-") for one in codes):
        do = "Write `matrix CODES --by ATTRIBUTE`, as you typed it"
        raise UserError(refusal("it is no matrix by an attribute", do))
    material, codings = study.material, study.codings
    things = (
        study.resolve_all(codes)
        if codes
        else [CodeRef(FOCUSED, label) for label in focused_codes(material, study.codings)]
    )
    researchers = study.settings.researchers
    grouping = groups.crossed(by, material, codings, researchers)
    pairs = [(name.strip(), value.strip()) for name, _, value in (w.partition("=") for w in where)]
    grouping = groups.restricted(grouping, pairs, material, codings, researchers)
    table = matrix(things, study.looking.holdings, grouping, material.persons)
    return digest(tables.dumps(header(table), rows(table)).encode("utf-8", "replace"))
