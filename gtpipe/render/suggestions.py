"""What `gtpipe suggest` shows: suggestions at a turn, and
how often they were right in the study's own coding.
"""

from __future__ import annotations

from collections.abc import Sequence

from gtpipe.model.plural import count
from gtpipe.render.tables import Format, Row, write_rows
from gtpipe.render.terminal import clean, out, say
from gtpipe.suggest.records import Suggestion
from gtpipe.suggest.scoring import Bin, Hits, Score

SHORT = ("turn", "label", "source", "score", "reason")
SUGGESTION = ("interview", "turn", "label", "source", "score", "reason", "words", "like")
SCORE = tuple("part of ranking items all-new hit@1 hit@3 hit@5 mrr suggestions given".split())
FIGURES = ("turns", "all new", "hit@1", "hit@3", "hit@5", "MRR")


def short_row(suggestion: Suggestion) -> Row:
    """For people, under SHORT."""
    return (
        suggestion.at.turn,
        suggestion.label,
        suggestion.source,
        f"{suggestion.score:.2f}",
        clean(suggestion.reason),
    )


def row(suggestion: Suggestion) -> Row:
    """For programs, under SUGGESTION."""
    return (
        *suggestion.at,
        suggestion.label,
        suggestion.source,
        round(suggestion.score, 2),
        suggestion.reason,
        suggestion.words or "",
        [str(place) for place in suggestion.like],
    )


# --- how often they were right --------------------------------------------------------------------


def score_rows(score: Score) -> list[Row]:
    """Everything under SCORE; a cell that does not apply is
    empty. Nothing where nothing was replayed.
    """
    if not score.items:
        return []
    replayed: list[Row] = [
        (part, of, ranking, *hits, None, None)
        for part, parts in (
            ("pooled", {"": score.pooled}),
            ("interview", score.by_interview),
            ("tenth", score.by_tenth),
        )
        for of, rankings in parts.items()
        for ranking, hits in rankings.items()
    ]
    bins: list[Row] = [
        ("score", _range(each), "suggested", *[None] * 6, each.suggestions, each.given)
        for each in score.bins
    ]
    focused: list[Row] = [
        ("focused", "", ranking, *hits, None, None) for ranking, hits in score.focused.items()
    ]
    taken: list[Row] = [("left out", "suggestions taken", "", score.taken, *[None] * 7)]
    return replayed + bins + focused + (taken if score.taken else [])


def show_score(score: Score) -> None:
    pooled = score.pooled["suggested"]
    out(
        f"Your codes, replayed: {count(pooled.items, 'coded turn')}; at {pooled.new} of them all "
        "codes were new, which nothing can suggest."
    )
    if score.taken:
        were = "was a suggestion" if score.taken == 1 else "were suggestions"
        out(f"Left out: {count(score.taken, 'coding')} that {were} you took.")
    _table("", ("", *FIGURES), [(name, *_figures(hits)) for name, hits in score.pooled.items()])
    _table(
        "By interview",
        ("interview", "", *FIGURES),
        [
            (name, ranking, *_figures(hits))
            for name, rankings in score.by_interview.items()
            for ranking, hits in rankings.items()
        ],
    )
    _table(
        "Over the course of coding, in tenths",
        ("tenth", *FIGURES),
        [(of, *_figures(rankings["suggested"])) for of, rankings in score.by_tenth.items()],
    )
    _table(
        "Of suggestions with this score, so many were codes that a person gave",
        ("score", "suggestions", "given", "share"),
        [
            (_range(each), each.suggestions, each.given, f"{each.given / each.suggestions:.2f}")
            for each in score.bins
        ],
    )
    if score.focused:
        _table(
            "The focused code of each initial code that one takes up, looked for without "
            "knowing of it",
            ("", "codes", *FIGURES[2:]),
            [
                (ranking, *_figures(hits)[:1], *_figures(hits)[2:])
                for ranking, hits in score.focused.items()
            ],
        )
    say(
        "hit@3: at how many of the turns one of the codes that a person wrote was among the first "
        "three. MRR: the mean of 1/rank. They say how well your own codes can be foretold from "
        "your own coding so far, not whether the coding is good."
    )
    if not score.above_guesses:
        say(
            "note: in this study suggestions of your codes are not above both guesses; "
            "they are of little use to you here so far."
        )


def _table(title: str, header: Sequence[str], rows: Sequence[Row]) -> None:
    out()
    if title:
        out(title)
    write_rows(header, rows, Format.table)


def _range(each: Bin) -> str:
    return f"{each.low:.1f}-{each.high:.1f}"


def _figures(hits: Hits) -> tuple[object, ...]:
    return (hits.items, hits.new, *(f"{figure:.3f}" for figure in hits[2:]))
