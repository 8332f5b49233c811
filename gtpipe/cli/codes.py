"""`gtpipe codes`: the code book and the codes in use."""

from __future__ import annotations

from typing import Annotated

import typer

from gtpipe.cli.options import TAKES_LABELS, By, FormatOption, Why, signed, writer
from gtpipe.model.problems import UsageError
from gtpipe.render.terminal import Format, count, out, say, show_table

app = typer.Typer(help="The codes in use and the code book.", no_args_is_help=True)

HEADER = ("code", "incidents", "participants", "definition")


@app.command("list")
def list_codes(
    undefined: Annotated[
        bool, typer.Option("--undefined", help="Only those without a definition.")
    ] = False,
    format: FormatOption = Format.table,
) -> None:
    """Every code, with its incidents, who speaks in them, and its definition."""
    rows = _rows()
    if undefined:
        rows = [row for row in rows if not row[3]]
    show_table(
        HEADER, rows, format, empty="no code without a definition" if undefined else "no code yet"
    )


@app.command(**TAKES_LABELS)
def find(
    text: Annotated[str, typer.Argument(metavar="TEXT")], format: FormatOption = Format.table
) -> None:
    """Codes with TEXT in their label, definition or old labels; capitals or not."""
    from gtpipe.model.typography import same
    from gtpipe.store.layout import Study
    from gtpipe.study import load

    read = load(Study.find())
    wanted = same(text).casefold()
    hits = []
    for row in _rows(read):
        code = read.material.codebook.get(row[0])
        told = (
            row[0],
            *(
                (code.definition, code.include, code.exclude, *code.was, *code.merged_from)
                if code
                else ()
            ),
        )
        if any(wanted in same(said).casefold() for said in told):
            hits.append(row)
    show_table(HEADER, hits, format, empty=f'no code with "{text}" in it')


def _rows(read=None) -> list[tuple]:
    from gtpipe.analysis import incidents
    from gtpipe.model.records import INITIAL, label_order
    from gtpipe.store.layout import Study
    from gtpipe.study import load

    read = read or load(Study.find())
    by_code = incidents.by_code(read.codings, INITIAL)
    rows = []
    for label in sorted({*by_code, *read.material.codebook}, key=label_order):
        applied = by_code.get(label, ())
        people = sorted({c.participant for c in applied if c.participant}, key=label_order)
        code = read.material.codebook.get(label)
        rows.append(
            (label, len({c.incident for c in applied}), people, code.definition if code else "")
        )
    return rows


@app.command(**TAKES_LABELS)
def show(code: Annotated[str, typer.Argument(metavar="CODE")]) -> None:
    """One code: what the code book says of it, and where it stands. `gtpipe compare CODE` shows the words."""
    from gtpipe.analysis import incidents
    from gtpipe.history import origins
    from gtpipe.model.records import INITIAL, split_into
    from gtpipe.render import pages
    from gtpipe.store.layout import Study
    from gtpipe.study import load_code

    read, label = load_code(Study.find(), code)
    if label != code:
        say(f'note: "{code}" is called "{label}" now')
    entry = read.material.codebook.get(label)
    applied = incidents.by_code(read.codings, INITIAL).get(label, ())
    views = incidents.views(applied, read.material, incidents.at_turns(read.codings))
    out(label)
    out(f"  Definition: {entry.definition if entry and entry.definition else pages.NOTHING_YET}")
    for name, text in pages.about(entry) if entry else ():
        out(f"  {name}: {text}")
    parts = split_into(label, read.material.codebook)
    if parts:
        out(f"  Split into: {', '.join(parts)}")
    for text, origin in origins.by_hand(read, INITIAL, label):
        out(
            f"  By hand: {text} ({', '.join(filter(None, [origin.when, origin.by])) or origin.source})"
        )
    if any(c.in_vivo for c in applied):
        out("  In vivo: its words stand in a turn it is given to")
    out(f"  {pages.summary(views)}")
    for coding in applied:
        out(
            f"  {coding.address}"
            + (f" ({coding.coder})" if coding.coder else "")
            + (f": {coding.note}" if coding.note else "")
        )
    if read.hiding():
        say(
            f"note: {count(len(read.hiding()), 'error')} in your files; what they concern is not shown. See `gtpipe check`."
        )


@app.command(**TAKES_LABELS)
def notes(
    code: Annotated[
        str | None,
        typer.Argument(metavar="[CODE]", help="Only those on this code.", show_default=False),
    ] = None,
    format: FormatOption = Format.table,
) -> None:
    """Every note on a coding, in one table: where it stands, whose, on which code and stretch."""
    from gtpipe.model.records import FOCUSED, INITIAL, one_line
    from gtpipe.store.layout import Study
    from gtpipe.study import load

    read = load(Study.find())
    wanted = None
    if code is not None:
        wanted = read.resolve(code, (FOCUSED, INITIAL))
        hint = read.names.remark(wanted, code)
        if hint:
            say(f"note: {hint}")
    rows = [
        (
            one.interview,
            one.turn,
            one.participant,
            one.coder,
            one.code if one.level == INITIAL else f"{one.level}: {one.code}",
            "" if one.words is None else one_line(one.words),
            one.note,
            f"{one.where.path}:{one.where.line}",
        )
        for one in read.codings
        if one.note and (wanted is None or (one.level, one.code) == wanted)
    ]
    show_table(
        ("interview", "turn", "participant", "coder", "code", "stretch", "note", "place"),
        rows,
        format,
        empty=f'no note on "{wanted.label}"' if wanted else "no note yet",
    )
    if read.hiding():
        say(
            f"note: {count(len(read.hiding()), 'error')} in your files; what they concern is not "
            "shown. See `gtpipe check`."
        )


@app.command(**TAKES_LABELS)
def define(
    code: Annotated[str, typer.Argument(metavar="CODE", show_default=False)],
    definition: Annotated[
        str | None, typer.Argument(metavar="[DEFINITION]", show_default=False)
    ] = None,
    include: Annotated[str | None, typer.Option("--include", help="What belongs under it.")] = None,
    exclude: Annotated[str | None, typer.Option("--exclude", help="What does not.")] = None,
    new: Annotated[
        bool,
        typer.Option(
            "--new", help="The code is not in use yet, and is no other whose label is near."
        ),
    ] = False,
    by: By = "",
    why: Why = "",
) -> None:
    """Write the definition of a code, focused code or category into its file, those lines alone."""
    from gtpipe.commands import define
    from gtpipe.store.layout import Study

    given = {"definition": definition, "include": include, "exclude": exclude}
    values = {name: text.strip() for name, text in given.items() if text is not None}
    if not values:
        raise UsageError("say what to write: a DEFINITION, --include or --exclude")
    study = Study.find()
    coder = writer(study, by)
    done = define.define(study, code, values, new=new, by=coder, why=why)
    out(
        f'{done.path}: "{done.label}" defined{signed(coder)}'
        + ("; it is given to no turn yet" if done.is_new else "")
    )
    for name, text in done.before.items():
        out(f"  its {name} was: {text}")
