"""`gtpipe figure`: the theory, the data structure or co-occurrence as a picture for a paper."""

from __future__ import annotations

from collections.abc import Callable
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from gtpipe.cli.options import HeadedGroup, option
from gtpipe.cli.reading import read_study, say_what_is_hidden
from gtpipe.model.problems import UserError
from gtpipe.render.terminal import out

if TYPE_CHECKING:
    from gtpipe.model.problems import Problem
    from gtpipe.render.figures.drawing import Drawing
    from gtpipe.study import Corpus

Output = Annotated[
    Path | None, option("--output", "FILE", "Where it goes: FILE.svg, FILE.pdf or FILE.png.")
]
Replace = Annotated[bool, typer.Option("--replace", help="Write over a file that is there.")]


class Level(StrEnum):
    """A level of codes."""

    initial = "initial"
    focused = "focused"
    category = "category"


def register(app: typer.Typer) -> None:
    group = typer.Typer(
        help="Draw the theory or the codes for a paper: SVG, PDF or PNG.",
        no_args_is_help=True,
        cls=HeadedGroup,
    )
    group.command()(theory)
    group.command("data-structure")(data_structure)
    group.command()(cooccurrence)
    app.add_typer(group, name="figure")


def theory(output: Output = None, replace: Replace = False) -> None:
    """Draw the model: categories, focused codes, relations, and what does not fit.

    gtpipe figure theory --output theory.pdf
    """
    from gtpipe.render import theory as pages
    from gtpipe.render.figures import theory as figure

    path = _place(output, replace)
    laid = pages.laid_out(_read_right())
    _write(path, figure.cannot_be_drawn(laid), lambda: figure.draw(laid))


def data_structure(output: Output = None, replace: Replace = False) -> None:
    """Draw codes, focused codes and categories in three columns.

    gtpipe figure data-structure --output structure.pdf
    """
    from gtpipe.render import theory as pages
    from gtpipe.render.figures import data_structure as figure

    path, corpus = _place(output, replace), _read_right()
    laid = pages.laid_out(corpus)
    _write(path, figure.cannot_be_drawn(laid), lambda: figure.draw(laid, corpus))


def cooccurrence(
    level: Annotated[
        Level, typer.Option("--level", help="Whose co-occurrence: codes of which level.")
    ] = Level.initial,
    output: Output = None,
    replace: Replace = False,
) -> None:
    """Draw how often codes stand together, as a heat map with the numbers.

    gtpipe figure cooccurrence --level focused --output together.pdf
    """
    from gtpipe.analysis.cooccurrence import Sense
    from gtpipe.model import level as levels
    from gtpipe.render.figures import cooccurrence as figure

    path, corpus = _place(output, replace), read_study()
    holdings = corpus.looking.holdings
    table = figure.table(corpus, holdings, levels.Level(level.value), Sense())
    _write(path, figure.cannot_be_drawn(table), lambda: figure.draw(table))
    say_what_is_hidden(corpus)


def _place(output: Path | None, replace: bool) -> Path:
    """Where the figure goes. Raises UsageError or UserError."""
    from gtpipe.render import outputs

    return outputs.check(output, replace, "a figure", ".svg", ".pdf", ".png")


def _read_right() -> Corpus:
    """The study; raises UserError where a file that the theory rests on has an error."""
    from gtpipe.pipeline.stages import THEORETICAL_CODE

    corpus = read_study()
    errors = corpus.errors(THEORETICAL_CODE.reads)
    if errors:
        raise UserError(*errors)
    return corpus


def _write(path: Path, problem: Problem | None, draw: Callable[[], Drawing]) -> None:
    """Write a figure in the format that its name ends in. Raises UserError for a problem."""
    from gtpipe.render.figures import printing, svg
    from gtpipe.store import placing

    if problem:
        raise UserError(problem)
    drawing, ending = draw(), path.suffix.lower()
    content = (
        printing.pdf(drawing)
        if ending == ".pdf"
        else printing.png(drawing)
        if ending == ".png"
        else svg.standalone(drawing).encode()
    )
    placing.replace(path, content, placing.mode_of(path))
    out(f"{path}: {drawing.title.lower()}")
