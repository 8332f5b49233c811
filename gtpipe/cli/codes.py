"""`gtpipe codes`: the code book and the codes in use. The
commands that change codes stand in `change_codes`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from gtpipe.cli import change_codes, code_books, focused
from gtpipe.cli.options import (
    TAKES_LABELS,
    By,
    FormatOption,
    HeadedGroup,
    Why,
    argument,
    signed,
    writer,
)
from gtpipe.cli.reading import read_study, say_what_is_hidden, say_what_was_meant
from gtpipe.model.problems import UsageError
from gtpipe.render.tables import Format, write_rows
from gtpipe.render.terminal import out, say

if TYPE_CHECKING:
    from gtpipe.study import Corpus

app = typer.Typer(
    help="See, define and change codes; make focused codes.", no_args_is_help=True, cls=HeadedGroup
)


def register(to: typer.Typer) -> None:
    change_codes.register(app)
    code_books.register(app)
    app.add_typer(focused.focused, name="focused", rich_help_panel="Focused codes")
    to.add_typer(app, name="codes")


@app.command("list")
def list_codes(
    undefined: Annotated[
        bool, typer.Option("--undefined", help="Only those without a definition.")
    ] = False,
    one_interview: Annotated[
        bool,
        typer.Option(
            "--one-interview", help="Only those of one interview, which is no fault of theirs."
        ),
    ] = False,
    format: FormatOption = Format.table,
) -> None:
    """List every code: its incidents, who speaks in them, its definition."""
    from gtpipe.render import codes

    corpus = read_study()
    rows = codes.rows(corpus)
    if undefined:
        rows = [row for row in rows if not row.definition]
    if one_interview:
        single = codes.of_one_interview(corpus)
        rows = [row for row in rows if row.code in single]
    empty = "No code without a definition." if undefined else "No code yet."
    if one_interview:
        empty = "No code of one interview only."
    write_rows(*codes.table(rows, corpus, format is Format.table), format, empty=empty)
    _say_if_unknown(corpus)


def _say_if_unknown(corpus: Corpus) -> None:
    from gtpipe.model.level import INITIAL
    from gtpipe.render.codes import no_definition
    from gtpipe.store.layout import CODEBOOK

    if CODEBOOK in corpus.broken:
        say(f"note: {no_definition(INITIAL, corpus)} See `gtpipe check`.")


@app.command(**TAKES_LABELS)
def find(text: Annotated[str, argument("TEXT")], format: FormatOption = Format.table) -> None:
    """Find codes by label, definition or old label."""
    from gtpipe.render import codes

    corpus = read_study()
    rows = [row for row in codes.rows(corpus) if codes.names(row.code, text, corpus)]
    write_rows(
        *codes.table(rows, corpus, format is Format.table),
        format,
        empty=f'No code with "{text}" in it.',
    )
    _say_if_unknown(corpus)


@app.command(**TAKES_LABELS)
def show(code: Annotated[str, argument("CODE")]) -> None:
    """Show one code: its definition, and where it stands.

    `gtpipe compare CODE` shows the words.
    """
    from gtpipe.render.codes import lines
    from gtpipe.store.layout import Study
    from gtpipe.study import load_code

    corpus, label, _ = load_code(Study.find(), code)
    if label != code:
        say(f'note: "{code}" is called "{label}" now')
    for line in lines(label, corpus):
        out(line)
    say_what_is_hidden(corpus)


@app.command(**TAKES_LABELS)
def notes(
    code: Annotated[str | None, argument("CODE", "Only those on this code.")] = None,
    format: FormatOption = Format.table,
) -> None:
    """List the notes on codings, of all codes or of one."""
    from gtpipe.model.level import FOCUSED, INITIAL
    from gtpipe.render.codes import NOTES, note_rows

    corpus = read_study()
    wanted = None
    if code is not None:
        wanted = corpus.resolve(code, (FOCUSED, INITIAL))
        say_what_was_meant([(wanted, code)], corpus)
    empty = f'No note on "{wanted.label}".' if wanted else "No note yet."
    write_rows(NOTES, note_rows(wanted, corpus), format, empty=empty)
    say_what_is_hidden(corpus)


@app.command("define", **TAKES_LABELS)
def define_code(
    code: Annotated[str, argument("CODE")],
    definition: Annotated[str | None, argument("DEFINITION")] = None,
    include: Annotated[str | None, typer.Option("--include", help="What belongs under it.")] = None,
    exclude: Annotated[str | None, typer.Option("--exclude", help="What does not.")] = None,
    number: Annotated[
        str | None,
        typer.Option("--number", help="Its place in a framework: 1.5, or several, 1.5, 5.4."),
    ] = None,
    status: Annotated[
        str | None, typer.Option("--status", help="provisional (shown as ?) or settled.")
    ] = None,
    notes: Annotated[
        str | None, typer.Option("--notes", help="What else is to be kept in mind.")
    ] = None,
    new: Annotated[
        bool,
        typer.Option(
            "--new", help="The code is not in use yet, and is no other whose label is near."
        ),
    ] = False,
    by: By = "",
    why: Why = "",
) -> None:
    """Define a code, focused code or category.

    Only those lines of its file change.

    gtpipe codes define "noticing the clock" "time is counted aloud" --exclude "being late"
    gtpipe codes define "being paid" --new --number 1.5 --status provisional
    """
    from gtpipe.commands.define import define
    from gtpipe.store.layout import Study

    given = {
        "definition": definition,
        "include": include,
        "exclude": exclude,
        "number": number,
        "status": status,
        "notes": notes,
    }
    values = {name: text.strip() for name, text in given.items() if text is not None}
    if not values and not new:
        others = ", ".join(f"--{name}" for name in given if name != "definition")
        raise UsageError(f"say what to write: a DEFINITION, {others}")
    study = Study.find()
    coder = writer(study, by)
    done = define(study, code, values, new=new, by=coder, why=why)
    out(
        f'{done.path}: "{done.label}" {"defined" if values else "written"}{signed(coder)}'
        + ("; it is given to no turn yet" if done.is_new else "")
    )
    for name, text in done.before.items():
        out(f"  its {name} was: {text}")
