"""`gtpipe suggest`: how far suggestions can be trusted, measured on the study's own coding."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from gtpipe.cli.options import FormatOption
from gtpipe.model.problems import UsageError
from gtpipe.render.terminal import Format, count, out, progress, say, show_table

if TYPE_CHECKING:
    from gtpipe.suggest.scoring import Hits, Score

HEADER = (
    "part",
    "of",
    "ranking",
    "items",
    "all-new",
    "hit@1",
    "hit@3",
    "hit@5",
    "mrr",
    "suggestions",
    "given",
)
FIGURES = ("turns", "all new", "hit@1", "hit@3", "hit@5", "MRR")


def register(app: typer.Typer) -> None:
    app.command()(suggest)


def suggest(
    interview: Annotated[
        str | None, typer.Argument(metavar="[INTERVIEW]", show_default=False)
    ] = None,
    turn: Annotated[
        str | None,
        typer.Argument(metavar="[TURN]", help="Without it: every turn.", show_default=False),
    ] = None,
    score: Annotated[
        bool,
        typer.Option(
            "--score", help="Replay your own coding, and count how often a suggestion was right."
        ),
    ] = False,
    model: Annotated[
        str,
        typer.Option(
            "--model", metavar="NAME", help="The spaCy pipeline to parse with, by name or path."
        ),
    ] = "",
    format: FormatOption = Format.table,
) -> None:
    """What is offered at a turn; or, with --score, how often your own codes would have been suggested where you gave them.

    gtpipe suggest INTERVIEW TURN · gtpipe suggest --score
    """
    if score and interview is not None:
        raise UsageError("--score replays the whole study: leave the interview out")
    if interview is not None:
        from gtpipe.cli import offering

        offering.show(interview, turn, model, format)
    elif score:
        _score(format)
    else:
        raise UsageError(
            "say what you want to see: gtpipe suggest INTERVIEW TURN, or gtpipe suggest --score"
        )


def _score(format: Format) -> None:
    from gtpipe.cli.reading import not_shown
    from gtpipe.store.layout import Study
    from gtpipe.study import load
    from gtpipe.suggest import scoring

    read = load(Study.find())
    with progress("replaying your coding") as tell:
        found = scoring.score(read.material, read.codings, read.current, tell)
    if format is not Format.table:
        show_table(HEADER, _rows(found), format)
    elif found.items:
        _tables(found)
    else:
        say("no participant's turn is coded yet: there is nothing to replay")
    not_shown(read)


def _rows(found: Score) -> list[tuple]:
    """Everything under HEADER; a cell that does not apply is empty. Nothing where nothing was replayed."""
    if not found.items:
        return []
    rows = [
        (part, of, ranking, *hits, None, None)
        for part, parts in (
            ("pooled", {"": found.pooled}),
            ("interview", found.by_interview),
            ("tenth", found.by_tenth),
        )
        for of, rankings in parts.items()
        for ranking, hits in rankings.items()
    ]
    rows += [
        ("score", _range(one), "suggested", *[None] * 6, one.suggestions, one.given)
        for one in found.bins
    ]
    return rows + [
        ("focused", "", ranking, *hits, None, None) for ranking, hits in found.focused.items()
    ]


def _range(one) -> str:
    return f"{one.low:.1f}-{one.high:.1f}"


def _figures(hits: Hits) -> tuple:
    return (hits.items, hits.new, *(f"{figure:.3f}" for figure in hits[2:]))


def _tables(found: Score) -> None:
    pooled = found.pooled["suggested"]
    out(
        f"Your codes, replayed: {count(pooled.items, 'coded turn')}; at {pooled.new} of them all codes were new, "
        "which nothing can suggest."
    )
    out()
    show_table(
        ("", *FIGURES),
        [(ranking, *_figures(hits)) for ranking, hits in found.pooled.items()],
        Format.table,
    )
    out()
    out("By interview")
    show_table(
        ("interview", "", *FIGURES),
        [
            (name, ranking, *_figures(hits))
            for name, rankings in found.by_interview.items()
            for ranking, hits in rankings.items()
        ],
        Format.table,
    )
    out()
    out("Over the course of coding, in tenths")
    show_table(
        ("tenth", *FIGURES),
        [(of, *_figures(rankings["suggested"])) for of, rankings in found.by_tenth.items()],
        Format.table,
    )
    out()
    out("Of suggestions with this score, so many were codes that a person gave")
    show_table(
        ("score", "suggestions", "given", "share"),
        [
            (_range(one), one.suggestions, one.given, f"{one.given / one.suggestions:.2f}")
            for one in found.bins
        ],
        Format.table,
    )
    if found.focused:
        out()
        out(
            "The focused code of each initial code that one takes up, looked for without knowing of it"
        )
        show_table(
            ("", "codes", *FIGURES[2:]),
            [
                (ranking, *_figures(hits)[:1], *_figures(hits)[2:])
                for ranking, hits in found.focused.items()
            ],
            Format.table,
        )
    say(
        "hit@3: at how many of the turns one of the codes that a person wrote was among the first three. "
        "MRR: the mean of 1/rank. They say how well your own codes can be foretold from your own coding so far, not whether the coding is good."
    )
    if not found.above_guesses:
        say(
            "note: in this study suggestions of your codes are not above both guesses; "
            "they are of little use to you here so far."
        )
