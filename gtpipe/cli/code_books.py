"""`gtpipe codes import|export`: the code book from elsewhere, and for others."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from gtpipe.cli.export import say_what_is_lost
from gtpipe.cli.options import By, Why, argument, option, writer
from gtpipe.cli.reading import say_what_is_hidden
from gtpipe.model import limits
from gtpipe.model.plural import count
from gtpipe.render.tables import Format, write_rows
from gtpipe.render.terminal import out, progress, say

if TYPE_CHECKING:
    from gtpipe.commands.import_codes import CodesImported

_ENDINGS = (".csv", ".xlsx", ".qdc", ".yaml", ".md")
_PANEL = "From and to other programs"


def register(app: typer.Typer) -> None:
    app.command("import", rich_help_panel=_PANEL)(import_codes)
    app.command("export", rich_help_panel=_PANEL)(export_codes)


def import_codes(
    file: Annotated[
        Path,
        argument(
            "FILE",
            "A table of codes, .csv or .xlsx, with columns code, definition, include, "
            "exclude; .qdc; another study's codebook.yaml.",
        ),
    ],
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Show the plan; write nothing.")
    ] = False,
    by: By = "",
    why: Why = "",
) -> None:
    """Take definitions from a file, where none stands.

    A definition that stands is never changed: what differs is shown side by side. A code that no
    interview has is an entry of the code book.

    gtpipe codes import codes.xlsx --dry-run
    """
    from gtpipe.commands import import_codes as importing
    from gtpipe.store.layout import Study

    study = Study.find()
    coder = by if dry_run and not by else writer(study, by)
    done = importing.import_codes(study, file, by=coder, why=why, dry_run=dry_run)
    _show(done, file.name)
    if dry_run:
        say("Nothing was written.")


def _show(done: CodesImported, file: str) -> None:
    defined = [ref.typed for ref in done.defined]
    for labels, what in (
        (done.added, "new in the code book"),
        (defined, "defined, where nothing was said"),
    ):
        if labels:
            out(f"{file}: {count(len(labels), 'code')} {what}: {limits.some(labels, 10)}")
    if not done.added and not defined:
        out(f"{file}: nothing to add")
    if done.same:
        out(f"{count(done.same, 'code')}: nothing else is said here")
    if done.differences:
        differing = len({one.code for one in done.differences})
        out(f"{count(differing, 'code')} defined otherwise; what stands here stays:")
        rows = [(one.code.typed, one.name, one.here, one.there) for one in done.differences]
        write_rows(("code", "field", "here", file), rows, Format.table)
    for told in done.told:
        say(f"{told}.")
    say_what_is_lost(done.losses, "Not taken over")


def export_codes(
    output: Annotated[
        Path | None,
        option(
            "--output",
            "FILE",
            "Where it goes: .csv, .xlsx, .qdc (REFI-QDA), .yaml (for another study) or .md.",
        ),
    ] = None,
    without_words: Annotated[
        bool,
        typer.Option("--without-words", help="Leave reasons out, which may quote participants."),
    ] = False,
    replace: Annotated[bool, typer.Option("--replace", help="Write over a file there is.")] = False,
) -> None:
    """Hand the code book to others: each code with what it means.

    In .csv, a cell that begins like a formula has an apostrophe in front; in .xlsx, every cell is
    text.

    gtpipe codes export --output codes.xlsx
    """
    from gtpipe.commands import export
    from gtpipe.render import outputs
    from gtpipe.store import own_files, placing
    from gtpipe.store.layout import Study
    from gtpipe.study import load

    study = Study.find()
    place = outputs.check(output, replace, "a code book", *_ENDINGS)
    own_files.check_not_own(study, place)
    with progress("export"):
        corpus = load(study)
        made = export.code_book(corpus, place.suffix[1:].lower(), words=not without_words)
        placing.replace(place, made.content, placing.mode_of(place))
    out(f"{place}: {made.holds}")
    say_what_is_lost(made.losses)
    say_what_is_hidden(corpus)
