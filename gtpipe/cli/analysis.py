"""`focused`, `memo`, `schedule`: what carries the analysis, written down."""

from __future__ import annotations

import os
import sys
from typing import Annotated

import typer

from gtpipe.cli.options import TAKES_LABELS, By, FormatOption, Strict, Why, signed, writer
from gtpipe.render.terminal import Format, block, out, say, show_table

focused = typer.Typer(
    help="Focused codes, for those who prefer commands to data/focused-codes.yaml.",
    no_args_is_help=True,
)
memo = typer.Typer(
    help="Stage 5: memos. Without a subcommand: make their index, data/derived/memos.md."
)


def register(app: typer.Typer) -> None:
    app.add_typer(focused, name="focused")
    app.add_typer(memo, name="memo")
    app.command()(schedule)


@focused.command(**TAKES_LABELS)
def add(
    label: Annotated[str, typer.Argument(metavar="LABEL", show_default=False)],
    takes_up: Annotated[
        list[str] | None,
        typer.Option(
            "--takes-up", metavar="CODE", help="An initial code it takes up. Again for more."
        ),
    ] = None,
    because: Annotated[
        str, typer.Option("--because", help="Why this code carries the analysis.")
    ] = "",
    definition: Annotated[str, typer.Option("--definition", help="What it means.")] = "",
    by: By = "",
    why: Why = "",
) -> None:
    """Write a new focused code, with its reason, into data/focused-codes.yaml."""
    from gtpipe.commands import take_up
    from gtpipe.store.layout import FOCUSED_CODES, Study

    study = Study.find()
    coder = writer(study, by)
    take_up.add_focused(
        study,
        label.strip(),
        takes_up=tuple(takes_up or ()),
        definition=definition,
        because=because,
        by=coder,
        why=why,
    )
    out(
        f'{FOCUSED_CODES}: "{label.strip()}" added{signed(coder)}'
        + ("" if because else "; it has no reason yet: `because: …`")
    )


@focused.command("take-up", **TAKES_LABELS)
def take_up(
    label: Annotated[str, typer.Argument(metavar="FOCUSED", show_default=False)],
    codes: Annotated[list[str], typer.Argument(metavar="CODE…", show_default=False)],
    by: By = "",
    why: Why = "",
) -> None:
    """Let a focused code take up more initial codes."""
    from gtpipe.commands import take_up
    from gtpipe.store.layout import FOCUSED_CODES, Study

    study = Study.find()
    coder = writer(study, by)
    changed = take_up.take_up(study, label, tuple(codes), by=coder, why=why)
    out(
        f'{FOCUSED_CODES}: "{label}" '
        + (f"takes them up{signed(coder)}" if changed else "has them already")
    )


@memo.callback(invoke_without_command=True)
def index(context: typer.Context, strict: Strict = False) -> None:
    """Stage 5: the index of memos, by what they are about and by date; codes without one; labels that changed."""
    if context.invoked_subcommand is None:
        from gtpipe.cli.stages import run_derived
        from gtpipe.pipeline.stages import MEMO

        run_derived(MEMO, strict)


@memo.command("new", **TAKES_LABELS)
def new_memo(
    title: Annotated[str, typer.Argument(metavar="TITLE", show_default=False)],
    about: Annotated[
        list[str] | None,
        typer.Option("--about", metavar="X", help="A code, category or incident. Again for more."),
    ] = None,
    kind: Annotated[
        str, typer.Option("--kind", help="initial, focused, theoretical, comparison or method.")
    ] = "",
    by: By = "",
    why: Why = "",
) -> None:
    """Make a dated memo and open it in $EDITOR, where there is a terminal."""
    from datetime import date

    from gtpipe.commands import memo
    from gtpipe.store.layout import Study

    study = Study.find()
    coder = writer(study, by)
    path = memo.new_memo(
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
    editor = os.environ.get("VISUAL") or os.environ.get("EDITOR")
    if editor and sys.stdin.isatty() and sys.stdout.isatty():
        import shlex
        import subprocess

        try:
            subprocess.run([*shlex.split(editor), str(study.path(path))], check=False)
        except OSError as exc:
            say(f"{editor}: {exc.strerror}. The memo stands; open it in your editor.")


def _memos(about: str):
    from gtpipe.analysis import memos as memo
    from gtpipe.render.terminal import show_problems
    from gtpipe.store.layout import MEMOS, Study
    from gtpipe.study import load

    read = load(Study.find())
    show_problems(
        (p for p in read.unreadable if p.is_error and p.path.startswith(MEMOS)), read.study.root
    )
    found = memo.about(about, read.material, read.names) if about else read.material.memos
    return sorted(found, key=lambda memo: (memo.date, memo.name))


About = Annotated[
    str,
    typer.Option("--about", metavar="X", help="Only those about this code, category or incident."),
]


@memo.command("list")
def list_memos(about: About = "", format: FormatOption = Format.table) -> None:
    """Memos by date."""
    rows = [
        (
            memo.name,
            memo.date,
            memo.kind,
            memo.by,
            memo.title,
            [named.label for named in memo.about],
        )
        for memo in _memos(about)
    ]
    show_table(("memo", "date", "kind", "by", "title", "about"), rows, format, empty="no memo")


@memo.command("show")
def show_memos(
    name: Annotated[
        str | None,
        typer.Argument(metavar="[MEMO]", help="One memo, by its file's name.", show_default=False),
    ] = None,
    about: About = "",
) -> None:
    """Memos, whole."""
    from gtpipe.model.problems import UserError, did_you_mean, error

    found = _memos(about)
    if name is not None:
        wanted = name.rpartition("/")[2].removesuffix(".md")
        names = [memo.name for memo in found]
        found = [memo for memo in found if memo.name == wanted]
        if not found:
            raise UserError(
                error("data/memos", None, f'no memo "{wanted}"', did_you_mean(wanted, names))
            )
    for memo in found:
        block(memo.title, style="bold")
        block(", ".join(part for part in (memo.date, memo.kind, memo.by) if part), style="dim")
        block("About: " + "; ".join(named.label for named in memo.about), style="dim")
        out()
        block(memo.prose)
        out()
    if not found:
        say("no memo")


def schedule(
    old: Annotated[
        str | None,
        typer.Argument(metavar="[OLD]", help="Compare this version …", show_default=False),
    ] = None,
    new: Annotated[
        str | None, typer.Argument(metavar="[NEW]", help="… with this one.", show_default=False)
    ] = None,
    format: FormatOption = Format.table,
) -> None:
    """Versions of the interview schedule, what prompted each, who was asked it, and questions in and out."""
    from gtpipe.analysis import schedules
    from gtpipe.model.problems import UsageError, UserError, did_you_mean, error
    from gtpipe.render.terminal import show_problems
    from gtpipe.store.layout import SCHEDULE, Study
    from gtpipe.study import load

    read = load(Study.find())
    show_problems(
        (p for p in read.unreadable if p.is_error and p.path.startswith(SCHEDULE)), read.study.root
    )
    versions = schedules.in_order(read.material.schedule)
    by_name = {version.name: version for version in versions}
    if old is not None and new is None:
        raise UsageError("name two versions: gtpipe schedule OLD NEW")
    for name in (old, new):
        if name is not None and name not in by_name:
            raise UserError(
                error(
                    "data/schedule",
                    None,
                    f'no version "{name}"',
                    did_you_mean(name, by_name)
                    or f"The versions are {', '.join(by_name) or 'none yet'}",
                )
            )
    pairs = (
        [(by_name[old], by_name[new])]
        if old is not None
        else list(zip([None, *versions], versions))
    )
    rows = [_version_row(before, after, read.material) for before, after in pairs]
    if format is not Format.table:
        show_table(
            ("version", "date", "interviews", "prompted-by", "because", "in", "out"), rows, format
        )
        return
    if not rows:
        say("no schedule yet: data/schedule/v1.md begins one")
    for version, date, interviews, prompted, because, came, went in rows:
        block(
            f"{version}"
            + (f" · {date}" if date else "")
            + f" · asked: {', '.join(interviews) or 'nobody yet'}",
            style="bold",
        )
        if prompted or because:
            block(
                f"prompted by {'; '.join(prompted) or 'nothing named'}"
                + (f": {because}" if because else ""),
                2,
                "dim",
            )
        for question in came:
            block(f"+ {question}", 2, "green")
        for question in went:
            block(f"- {question}", 2, "red")


def _version_row(before, after, material) -> tuple:
    from gtpipe.analysis import schedules

    came, went = schedules.between(before, after) if before else (list(after.questions), [])
    return (
        after.name,
        after.date,
        [interview.name for interview in schedules.interviews(after, material)],
        [named.label for named in after.prompted_by],
        after.because,
        came,
        went,
    )
