"""`gtpipe memo`: memos made, listed and shown; without a subcommand, their index."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from gtpipe.cli.options import TAKES_LABELS, By, FormatOption, Strict, Why, argument, option, writer
from gtpipe.cli.reading import read_showing_problems
from gtpipe.model.problems import UsageError
from gtpipe.render.tables import Format, write_rows
from gtpipe.render.terminal import out, say

if TYPE_CHECKING:
    from gtpipe.model.records import Memo

memo = typer.Typer(
    help="""Stage 5: make the index of your memos.

    The index is data/derived/memos.md; the commands below write and show memos."""
)
About = Annotated[str, option("--about", "X", "Only those about this, named as in `about`.")]


def register(app: typer.Typer) -> None:
    app.add_typer(memo, name="memo")


@memo.callback(invoke_without_command=True)
def index(context: typer.Context, strict: Strict = False) -> None:
    """Stage 5: the index of memos, by what they are about and
    by date; codes without one; labels that changed.
    """
    if context.invoked_subcommand is None:
        from gtpipe.cli.stages import run_stage
        from gtpipe.pipeline.stages import MEMO

        run_stage(MEMO, strict)


@memo.command("new", **TAKES_LABELS)
def new_memo(
    title: Annotated[str, argument("TITLE")],
    about: Annotated[
        list[str] | None,
        option(
            "--about",
            "X",
            "A code, category, relation, incident, memo, "
            "participant, interview, question of the schedule, or 'idea: …'. Again for more.",
        ),
    ] = None,
    kind: Annotated[
        str,
        option(
            "--kind",
            "KIND",
            "Any word; initial, focused, theoretical, comparison and method are usual.",
        ),
    ] = "",
    by: By = "",
    why: Why = "",
) -> None:
    """Write a memo: it gets a date, and opens in your editor.

    gtpipe memo new "Whose clock is it?" --about "noticing the clock"
    """
    from datetime import date

    from gtpipe.commands.memo import new_memo
    from gtpipe.store.layout import Study

    study = Study.find()
    coder = writer(study, by)
    path = new_memo(
        study,
        title,
        about=tuple(about or ()),
        kind=kind,
        date=date.today().isoformat(),
        by=coder,
        why=why,
    )
    out(path)
    if coder:
        say(f"by {coder}")
    _open_in_editor(study.path(path))


def _open_in_editor(path: Path) -> None:
    """In the editor that the environment names, where there is a terminal."""
    editor = os.environ.get("VISUAL") or os.environ.get("EDITOR")
    if editor and sys.stdin.isatty() and sys.stdout.isatty():
        import shlex
        import subprocess

        try:
            subprocess.run([*shlex.split(editor), str(path)], check=False)
        except OSError as exc:
            say(f"{editor}: {exc.strerror}. The memo stands; open it in your editor.")


def _memos(about: str) -> list[Memo]:
    """Memos by date. Raises UserError where nothing is called `about`."""
    from gtpipe.analysis import memos
    from gtpipe.store.layout import MEMOS

    corpus = read_showing_problems(MEMOS)
    found = corpus.material.memos
    if about:
        found = memos.about(about, corpus.material, corpus.names)
    return sorted(found, key=lambda memo: (memo.date, memo.name))


@memo.command("list")
def list_memos(
    about: About = "",
    missing: Annotated[
        bool, typer.Option("--missing", help="Instead, categories and codes without a memo.")
    ] = False,
    format: FormatOption = Format.table,
) -> None:
    """List memos by date."""
    from gtpipe.render.memos import HEADER, row

    if missing:
        _list_missing(about, format)
        return
    write_rows(HEADER, [row(memo) for memo in _memos(about)], format, empty="No memo.")


def _list_missing(about: str, format: Format) -> None:
    from gtpipe.analysis.memos import without_memo
    from gtpipe.store.layout import MEMOS

    if about:
        raise UsageError("--missing lists what no memo is about: leave --about away")
    corpus = read_showing_problems(MEMOS)
    rows = without_memo(corpus.names, corpus.material)
    write_rows(("level", "code"), rows, format, empty="Every code has a memo.")


@memo.command("show")
def show_memos(
    name: Annotated[str | None, argument("MEMO", "One memo, by its file's name.")] = None,
    about: About = "",
) -> None:
    """Show memos in full."""
    from gtpipe.render import blocks
    from gtpipe.render.memos import layout

    memos = _memos(about)
    if name is not None:
        memos = [_called(name, memos)]
    blocks.show(layout(memos))
    if not memos:
        say("No memo.")


def _called(name: str, memos: list[Memo]) -> Memo:
    from gtpipe.model.problems import UserError, did_you_mean

    wanted = name.rpartition("/")[2].removesuffix(".md")
    by_name = {memo.name: memo for memo in memos}
    if wanted not in by_name:
        near = did_you_mean(wanted, by_name)
        raise UserError.at("data/memos", None, f'no memo "{wanted}"', near)
    return by_name[wanted]
