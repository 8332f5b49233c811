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
    from gtpipe.compare import incidents, pages
    from gtpipe.errors import UserError
    from gtpipe.model import INITIAL, Code, Where
    from gtpipe.stages import focused_code
    from gtpipe.stages.references import resolve_all
    from gtpipe.study import Study

    study = Study.find()
    try:
        read, label = books.read_code(study, code)
    except UserError:
        read = books.read(study)
        focused = focused_code.focused_codes(read.material, read.codings).get(code.removeprefix("focused:").strip())
        if focused is None:
            raise
        around = incidents.at_turns(read.codings)
        views = focused_code.carried_by(focused, read.material, read.codings, around, read.current)
        unfit = resolve_all(focused.does_not_fit, read.material, around, [])
        shown = Code(focused.label, focused.where, focused.definition)
    else:
        applied = incidents.by_code(read.codings, INITIAL).get(label, ())
        views = incidents.views(applied, read.material, incidents.at_turns(read.codings))
        focused, unfit, shown = None, (), read.material.codebook.get(label) or Code(label, Where("", 0))
    if format is not Format.table:
        show_table(HEADER, [_row(view) for view in views], format)
    else:
        _side_by_side(shown, views, read, because=None if focused is None else focused.because)
        if focused is not None:
            out()
            block("Does not fit", style="bold underline")
            for view in unfit:
                _incident(view)
            if not unfit:
                block(pages.NONE_RECORDED, 2)
    if read.hiding():
        say(f"note: {count(len(read.hiding()), 'error')} in your files; what they concern is not shown. See `gtpipe check`.")


def _row(view) -> tuple:
    return (
        view.interview, view.turn, view.participant, list(view.coders), view.words or "", view.spoken.text,
        view.question.text if view.question else "", list(view.beside),
        [f"{coder}: {note}" if coder else note for coder, note in view.notes], "yes" if view.in_vivo else "",
    )


def _side_by_side(code, views, read, because: str | None = None) -> None:
    from gtpipe.compare import pages

    block(code.label, style="bold")
    block(code.definition or pages.NOTHING_YET, style="" if code.definition else "dim")
    if because is not None:
        block(f"Because: {because or pages.NO_REASON}")
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
        _incident(view)


def _incident(view) -> None:
    from gtpipe.compare import pages

    block(pages.title(view), style="bold cyan")
    if view.question is not None:
        block(f"{view.question.label}: {view.question.text}", 2, "dim")
    start = len(view.spoken.label) + 2
    marked = None if view.span is None else (start + view.span[0], start + view.span[1])
    block(f"{view.spoken.label}: {view.spoken.text}", 2, marked=marked)
    for name, text in pages.details(view):
        block(f"{name}: {text}", 4, "italic")
