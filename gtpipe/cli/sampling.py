"""`gtpipe sampling`: who to seek next, and why (theoretical sampling)."""

from __future__ import annotations

from typing import Annotated

import typer

from gtpipe.cli.options import TAKES_LABELS, By, FormatOption, signed, writer
from gtpipe.cli.reading import one_attribute, read_whole, say_what_is_hidden
from gtpipe.render.tables import Format, write_rows
from gtpipe.render.terminal import out, say

sampling = typer.Typer(
    help="""Whom to seek next, and why.

    Alone, it lists them; and codes of one interview only, as prompts and no rule."""
)


def register(app: typer.Typer) -> None:
    app.add_typer(sampling, name="sampling")


@sampling.callback(invoke_without_command=True)
def list_sampling(
    context: typer.Context,
    by: Annotated[
        list[str] | None,
        typer.Option(
            "--by",
            metavar="ATTRIBUTE",
            show_default=False,
            help="Also codes that participants of one group only hold.",
        ),
    ] = None,
    show_all: Annotated[
        bool, typer.Option("--all", help="List the codes of one interview only.")
    ] = False,
    format: FormatOption = Format.table,
) -> None:
    """Who is to be sought next, and codes of one interview only, as prompts and no rule."""
    if context.invoked_subcommand is not None:
        return
    from gtpipe.analysis import theoretical_sampling
    from gtpipe.analysis.holdings import Holdings
    from gtpipe.render import blocks
    from gtpipe.render.sampling import HEADER, layout, rows
    from gtpipe.store.layout import FOCUSED_CODES, PARTICIPANTS, SAMPLING

    attribute = one_attribute(by)
    corpus = read_whole(FOCUSED_CODES, PARTICIPANTS, SAMPLING)
    material = corpus.material
    still_open = theoretical_sampling.still_open(material)
    prompts = theoretical_sampling.all_prompts(
        material, Holdings(material, corpus.codings, corpus.current)
    )
    single = theoretical_sampling.one_interview_only(prompts, material)
    grouped = theoretical_sampling.one_group_only(attribute, prompts, material) if attribute else []
    if format is Format.table:
        blocks.show(layout(still_open, single, grouped, attribute, show_all))
    else:
        write_rows(HEADER, rows(still_open, single, grouped, attribute), format)
    say_what_is_hidden(corpus)


@sampling.command("add", **TAKES_LABELS)
def add_sampling(
    who: Annotated[
        str, typer.Argument(metavar="WHO", show_default=False, help="Whom to seek: someone who …")
    ],
    why: Annotated[str, typer.Option("--why", help="Why.")] = "",
    codes: Annotated[
        list[str] | None,
        typer.Option("--for", metavar="CODE", help="For which code or category. Again for more."),
    ] = None,
    by: By = "",
) -> None:
    """Note down whom to seek next, and why.

    gtpipe sampling add "someone who said no" --why "everybody took it" --for "being written up"
    """
    from datetime import date

    from gtpipe.commands.sampling import seek
    from gtpipe.store.layout import Study

    study = Study.find()
    coder = writer(study, by)
    path, number, remarks = seek(
        study, who, why=why, codes=tuple(codes or ()), date=date.today().isoformat(), by=coder
    )
    for remark in remarks:
        say(remark)
    out(
        f"{path}: {number}, {' '.join(who.split())}{signed(coder)}"
        + ("" if why else "; it has no reason yet: `why: …`")
    )


@sampling.command("done", **TAKES_LABELS)
def close_sampling(
    number: Annotated[
        int,
        typer.Argument(metavar="N", show_default=False, help="The number in `gtpipe sampling`."),
    ],
    interview: Annotated[
        str,
        typer.Argument(
            metavar="INTERVIEW",
            show_default=False,
            help="What it led to; or words on what came of it.",
        ),
    ],
    by: By = "",
) -> None:
    """Close an entry with the interview that it led to.

    gtpipe sampling done 1 nadia
    """
    from gtpipe.commands.sampling import found_somebody
    from gtpipe.store.layout import Study

    study = Study.find()
    coder = writer(study, by)
    path, who = found_somebody(study, number, interview, by=coder)
    out(f"{path}: {number} done, {who}: {' '.join(interview.split())}{signed(coder)}")
