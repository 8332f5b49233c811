"""What `gtpipe quotes` shows: each finding in a chapter,
and how many quotations came to which verdict.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from gtpipe.model.names import one_line
from gtpipe.model.plural import count
from gtpipe.quotes.quotations import VERDICTS, CheckedQuotation
from gtpipe.render.blocks import GAP, Block
from gtpipe.render.tables import Row

HEADER = ("file", "line", "quotation", "verdict", "said-by", "place", "participant", "detail", "do")


def row(judged: CheckedQuotation) -> Row:
    quotation = judged.quotation
    return (
        quotation.path,
        quotation.line,
        quotation.text,
        judged.verdict,
        quotation.speaker,
        judged.place,
        judged.participant,
        judged.detail,
        judged.do,
    )


def layout(judged: Iterable[CheckedQuotation], everything: bool) -> Iterator[Block]:
    """Findings and notes; with `everything`, the exact ones too."""
    for each in judged:
        if each.is_finding or each.is_note or everything:
            yield from _quotation(each)


def _quotation(judged: CheckedQuotation) -> Iterator[Block]:
    kind = "note: " if judged.is_note else ""
    yield Block(f"{judged.quotation.place}: {kind}{judged.verdict}", style="bold")
    yield Block(f"“{one_line(judged.quotation.text)}”", 4)
    where = judged.place
    if where and judged.participant != where.partition(" ")[0]:
        where += f" ({judged.participant})"
    found = ": ".join(filter(None, (where, judged.detail)))
    if found:
        yield Block(found, 4, "dim")
    if judged.do:
        yield Block(f"{judged.do}.", 4, "italic")
    yield GAP


def summary(judged: Sequence[CheckedQuotation]) -> str:
    """`3 quotations: 2 exact, 1 not found`"""
    numbers = [(sum(each.verdict == verdict for each in judged), verdict) for verdict in VERDICTS]
    parts = ", ".join(f"{number} {verdict}" for number, verdict in numbers if number)
    quotations = count(len({id(each.quotation) for each in judged}), "quotation")
    return quotations + (f": {parts}" if parts else "")
