"""`gtpipe sampling`: who or which open position to seek next, and why (theoretical sampling)."""

from __future__ import annotations

from typing import Annotated

import typer

from gtpipe.cli.options import TAKES_LABELS, By, FormatOption, argument, option, signed, writer
from gtpipe.cli.reading import one_attribute, read_whole, say_what_is_hidden
from gtpipe.model.records import ByWayOf
from gtpipe.render.tables import Format, write_rows
from gtpipe.render.terminal import out, say

sampling = typer.Typer(
    help="""Whom, or what position of a property, to seek next.

    Alone, it lists them; and what came of it."""
)


def register(app: typer.Typer) -> None:
    app.add_typer(sampling, name="sampling")


@sampling.callback(invoke_without_command=True)
def list_sampling(
    context: typer.Context,
    by: Annotated[
        list[str] | None,
        option("--by", "ATTRIBUTE", "Also codes that participants of one group only hold."),
    ] = None,
    show_all: Annotated[
        bool, typer.Option("--all", help="Also what is done, with what came of it.")
    ] = False,
    format: FormatOption = Format.table,
) -> None:
    """Who is to be sought next, and positions of properties that nobody has met.

    Codes of one interview only are listed by `gtpipe codes list --one-interview`.
    """
    if context.invoked_subcommand is not None:
        return
    from gtpipe.analysis import properties, theoretical_sampling
    from gtpipe.render import blocks
    from gtpipe.render.sampling import HEADER, layout, rows
    from gtpipe.store.layout import FOCUSED_CODES, PARTICIPANTS, SAMPLING, THEORY

    attribute = one_attribute(by)
    corpus = read_whole(FOCUSED_CODES, PARTICIPANTS, SAMPLING, THEORY)
    material = corpus.material
    decisions = list(enumerate(material.sampling, 1))
    if not show_all:
        decisions = theoretical_sampling.still_open(material)
    positions = properties.still_open(material)
    grouped = []
    if attribute:
        holdings = corpus.looking.holdings
        prompts = theoretical_sampling.all_prompts(material, holdings)
        grouped = theoretical_sampling.one_group_only(attribute, prompts, material)
    if format is Format.table:
        blocks.show(layout(decisions, positions, grouped, attribute))
    else:
        write_rows(HEADER, rows(decisions, positions, grouped, attribute), format)
    say_what_is_hidden(corpus)


@sampling.command("add", **TAKES_LABELS)
def add_sampling(
    who: Annotated[str | None, argument("[WHO]", "Whom to seek: someone who …")] = None,
    seeks: Annotated[
        str, option("--seeks", "PROPERTY / POSITION", "An open position of a property.")
    ] = "",
    by_way_of: Annotated[
        ByWayOf | None, typer.Option("--by-way-of", show_default=False, help="How it is sought.")
    ] = None,
    why: Annotated[str, typer.Option("--why", help="Why.")] = "",
    codes: Annotated[
        list[str] | None, option("--for", "CODE", "For which code or category. Again for more.")
    ] = None,
    by: By = "",
) -> None:
    """Note down whom, or which open position, to seek next, and why.

    gtpipe sampling add "someone who said no" --why "everybody took it" --for "being written up"
    """
    from datetime import date

    from gtpipe.commands.sampling import seek
    from gtpipe.store.layout import Study

    study = Study.find()
    coder = writer(study, by)
    path, number, remarks = seek(
        study,
        who or "",
        why=why,
        codes=tuple(codes or ()),
        seeks=seeks,
        by_way_of=by_way_of or "",
        date=date.today().isoformat(),
        by=coder,
    )
    for remark in remarks:
        say(remark)
    out(
        f"{path}: {number}, {' '.join((who or seeks).split())}{signed(coder)}"
        + ("" if why else "; it has no reason yet: `why: …`")
    )


@sampling.command("done", **TAKES_LABELS)
def close_sampling(
    number: Annotated[int, argument("N", "The number in `gtpipe sampling`.")],
    interview: Annotated[
        str | None, argument("[INTERVIEW]", "What it led to; or words on what came of it.")
    ] = None,
    came_of_it: Annotated[str, option("--came-of-it", "WORDS", "What was learnt by it.")] = "",
    by: By = "",
) -> None:
    """Close an entry with the interview that it led to, and with what came of it.

    gtpipe sampling done 1 nadia --came-of-it "says no, and is asked again"
    """
    from gtpipe.commands.sampling import found_somebody
    from gtpipe.store.layout import Study

    study = Study.find()
    coder = writer(study, by)
    path, who = found_somebody(study, number, interview or "", came_of_it=came_of_it, by=coder)
    outcome = "; ".join(" ".join(said.split()) for said in (interview, came_of_it) if said)
    out(f"{path}: {number} done, {who}: {outcome}{signed(coder)}")
