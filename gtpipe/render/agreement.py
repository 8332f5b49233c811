"""Figures of agreement between coders, with what each of them takes for granted."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from gtpipe.analysis.agreement import Figure, Measure
from gtpipe.render.blocks import GAP, Block
from gtpipe.render.tables import Row

HEADER = ("measure", "level", "code", "coders", "compared", "value")
_ALONE = "that the coders worked apart, with the same definitions of the same codes"
_EMPTY = f"{_ALONE}, and that a turn which one of them left empty has no code in it for them"
TAKES_FOR_GRANTED = {
    Measure.NOMINAL: (
        "Krippendorff's alpha, nominal (2004), for each code: a turn has it or not.",
        f"It assumes {_EMPTY}. On which words of a turn a code stands is not looked at.",
    ),
    Measure.SETS: (
        "Krippendorff's alpha for all the codes of a turn as one set, with the distance MASI "
        "(Passonneau 2006).",
        f"It assumes {_EMPTY}; and that sets which share codes are nearer the more they share, "
        "whatever the codes mean. On which words of a turn a code stands is not looked at.",
    ),
    Measure.UNITISED: (
        "Krippendorff's alpha for stretches of text (unitised, 2004), for each code and for all.",
        f"It assumes {_ALONE}, that all of the interviews was read for every code, the "
        "interviewer's words too, and that a stretch which begins or ends elsewhere differs by "
        "the square of the characters. Stretches of one coder that overlap are one.",
    ),
    Measure.KAPPA: (
        "Cohen's kappa (1960), for two coders and each code: a turn has it or not.",
        f"It assumes {_EMPTY}, and that each has a habit of their own in giving the code, by "
        "which chance is reckoned. On which words of a turn a code stands is not looked at.",
    ),
}
READING = (
    "1: alike in everything; 0: as chance would have it; below 0: unlike beyond chance. It does "
    "not say whose reading is better, and over few turns one difference moves it far."
)
NO_FIGURE = "no figure"
NOTHING_VARIES = "all gave it to every turn compared"


def rows(figures: Sequence[Figure]) -> list[Row]:
    """One row for each figure, under `HEADER`."""
    return [
        (
            each.measure,
            *((each.code.level, each.code.label) if each.code else ("", "")),
            *(list(each.coders), each.compared),
            "" if each.value is None else round(each.value, 4),
        )
        for each in figures
    ]


def layout(measure: Measure, figures: Sequence[Figure]) -> Iterator[Block]:
    """What the measure is and assumes, and its figures under what they are of."""
    what, assumes = TAKES_FOR_GRANTED[measure]
    yield Block(f"Agreement: {measure}", style="bold reverse")
    for line in (what, assumes, READING):
        yield Block(line, 2, "dim")
    last = None
    for each in figures:
        of = f"{' and '.join(each.coders)}, over {each.compared:,} {_units(measure)}"
        if of != last:
            yield GAP
            yield Block(of, 2, "bold")
            last = of
        value = NO_FIGURE if each.value is None else f"{each.value:.4f}"
        why = f" ({NOTHING_VARIES})" if each.value is None and each.code else ""
        yield Block(f"{value:>9}  {each.code.typed if each.code else 'all codes'}{why}", 2)
    if not figures:
        yield Block("Nothing that they all coded: no figure.", 2)


def _units(measure: Measure) -> str:
    return "characters" if measure is Measure.UNITISED else "turns that one of them coded"
