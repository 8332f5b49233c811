"""`gtpipe procedures add`: switch a procedure on, with the reason for it."""

from __future__ import annotations

from gtpipe.commands.begin_study import attributes_for
from gtpipe.formats import edits, procedure_rows
from gtpipe.model.names import one_line
from gtpipe.model.problems import Problem, UserError, did_you_mean, error, in_shell, refusal
from gtpipe.model.procedures import Procedure, Schema
from gtpipe.store import settings, transaction
from gtpipe.store.layout import DATA, SETTINGS, Snapshot, Study
from gtpipe.study import Corpus
from gtpipe.study.procedures import catalogue, line_of, places, procedure_of
from gtpipe.text import yamltext
from gtpipe.text.document import Document


def find(snapshot: Snapshot, name: str) -> Schema:
    """The procedure called so. Raises UserError."""
    problems: list[Problem] = []
    known = catalogue(snapshot, problems)
    if name not in known:
        do = did_you_mean(name, known) or "`gtpipe procedures` lists them"
        raise UserError(refusal(f'there is no procedure "{name}"', do), *problems)
    return known[name]


def find_on(corpus: Corpus, name: str) -> Procedure:
    """The procedure called so, with its rows. Raises UserError where it is off, or not there."""
    if name not in corpus.material.procedures:
        schema = find(corpus.snapshot, name)
        if schema.command:
            return procedure_of(schema, "", corpus.snapshot, corpus.settings, [])
        do = f'`gtpipe procedures add {in_shell(name)} --because "…"`'
        raise corpus.missing(refusal(f"{name} is off in this study", do))
    return corpus.material.procedures[name]


def add(study: Study, name: str, because: str, *, by: str = "") -> tuple[str, ...]:
    """Switch a procedure on, and make the files of its rows that are not there; the paths that
    changed. Raises UserError, nothing written, without a reason, or where it is on.
    """
    because = one_line(because)
    if not because:
        do = f'`gtpipe procedures add {in_shell(name)} --because "…"`'
        raise UserError.of("a procedure has a reason: why does this study need it?", do)
    with transaction.change(study) as change:
        chosen = change.snapshot.settings()
        schema = find(change.snapshot, name)
        if schema.command:
            raise UserError.of(f"{name} is always on", f"`{schema.command}` shows it")
        if name in chosen.procedures:
            line = line_of(change.snapshot, name)
            raise UserError.at(SETTINGS, line, f"{name} is on already: {chosen.procedures[name]}")
        if schema.of_agreement and chosen.approach.no_agreement:
            raise UserError.of(chosen.approach.no_agreement)
        change.write(SETTINGS, switched_on(change.text(SETTINGS), name, because))
        for file in dict.fromkeys(table.file for table in schema.tables):
            path = f"{DATA}/{file}"
            if "*" not in path and change.snapshot.bytes(path) is None:
                of = [table for table in schema.tables if table.file == file]
                change.write(path, procedure_rows.empty(of))
        if (attributes := attributes_for(study, places([schema]))) is not None:
            change.add(attributes)
        change.log(f"procedures add {name} --because …", by, because)
    return change.changed


def switched_on(text: str, name: str, because: str) -> str:
    """The settings with one line more below `procedures:`. Raises UserError where that cannot be
    written by lines.
    """
    document = Document(text, SETTINGS)
    pair = yamltext.pair_of(yamltext.parse(text, SETTINGS), "procedures")
    line = f"  {name}: {yamltext.field_value(because, '    ')}"
    if pair is None:
        document.insert(len(document.lines), ["", "procedures:", line])
    elif isinstance(pair[1], yamltext.Mapping) and pair[1].pairs:
        column = document.column(pair[1].pairs[0][0].start)
        last = document.end_below(pair[0].line, 1)
        document.insert(last, [" " * column + line.lstrip()])
    else:
        document.insert(pair[0].line, [line])
    expected = {**settings.loads(text).procedures, name: because}
    do = f"Write `{line.strip()}` below `procedures:` by hand"
    cannot = error(SETTINGS, None, "this cannot be written without touching other lines", do)
    return edits.proved(
        document.text, lambda read: (settings.loads(read).procedures, []), expected, cannot
    )
