"""`gtpipe compare`: constant comparison in the terminal."""

from __future__ import annotations

from typing import Annotated

import typer

from gtpipe.cli.options import TAKES_LABELS, FormatOption
from gtpipe.cli.output import Format, block, count, out, say, show_table

HEADER = ("interview", "turn", "participant", "coders", "words", "text", "question", "beside", "notes", "in-vivo")


def register(app: typer.Typer) -> None:
    app.command(**TAKES_LABELS)(compare)


def compare(
    code: Annotated[str, typer.Argument(metavar="CODE", show_default=False)],
    format: FormatOption = Format.table,
) -> None:
    """All incidents of a code side by side: within each interview in order, then across interviews."""
    from gtpipe import books
    from gtpipe.compare import incidents
    from gtpipe.model import INITIAL, Code, Where
    from gtpipe.study import Study

    read, label = books.read_code(Study.find(), code)
    applied = incidents.by_code(read.codings, INITIAL).get(label, ())
    views = incidents.views(applied, read.material, incidents.at_turns(read.codings))
    if format is Format.table:
        _side_by_side(read.material.codebook.get(label) or Code(label, Where("", 0)), views, read)
    else:
        show_table(HEADER, [_row(view) for view in views], format)
    if read.hiding():
        say(f"note: {count(len(read.hiding()), 'error')} in your files; what they concern is not shown. See `gtpipe check`.")


def _row(view) -> tuple:
    return (
        view.interview, view.turn, view.participant, list(view.coders), view.words or "", view.spoken.text,
        view.question.text if view.question else "", list(view.beside),
        [f"{coder}: {note}" if coder else note for coder, note in view.notes], "yes" if view.in_vivo else "",
    )


def _side_by_side(code, views, read) -> None:
    from gtpipe.compare import pages

    block(code.label, style="bold")
    block(code.definition or pages.NOTHING_YET, style="" if code.definition else "dim")
    for name, text in pages.about(code):
        block(f"{name}: {text}")
    block(pages.summary(views), style="dim")
    last = None
    for view in views:
        out()
        if view.interview != last:
            date = read.material.interviews[view.interview].date
            block(view.interview + (f" · {date}" if date else ""), style="bold underline")
            last = view.interview
        block(pages.title(view), style="bold cyan")
        if view.question is not None:
            block(f"{view.question.label}: {view.question.text}", 2, "dim")
        start = len(view.spoken.label) + 2
        marked = None if view.span is None else (start + view.span[0], start + view.span[1])
        block(f"{view.spoken.label}: {view.spoken.text}", 2, marked=marked)
        for name, text in pages.details(view):
            block(f"{name}: {text}", 4, "italic")
