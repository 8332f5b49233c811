"""What `gtpipe find` shows: each hit in its line, those of one turn or text under one heading."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from gtpipe.analysis.finding import CODES, EVERYWHERE, MEMOS, NOTES, WORDS, Hit
from gtpipe.model.level import Level
from gtpipe.model.plural import count
from gtpipe.render.blocks import GAP, Block
from gtpipe.render.incidents import heading

_TITLES = {WORDS: "In the words", CODES: "In codes", NOTES: "In notes", MEMOS: "In memos"}


def layout(hits: Sequence[Hit]) -> Iterator[Block]:
    is_later = False
    for within in EVERYWHERE:
        here = [hit for hit in hits if hit.within == within]
        if not here:
            continue
        if is_later:
            yield GAP
        is_later = True
        yield Block(f"{_TITLES[within]}: {count(len(here), 'place')}", style="bold underline")
        last = ""
        codes: tuple[str, ...] = ()
        for hit in here:
            title = _title(hit)
            if title != last:
                yield from _codes(codes)
                yield Block(title, 2, "bold cyan")
                last, codes = title, hit.codes
            line, marked = hit.in_context
            yield Block(line, 4, marked=marked)
        yield from _codes(codes)


def _codes(codes: Sequence[str]) -> Iterator[Block]:
    if codes:
        yield Block(f"codes: {'; '.join(codes)}", 4, "dim")


def _title(hit: Hit) -> str:
    if hit.within == CODES:
        field = "" if hit.field == "label" else f", {hit.field}"
        return f"{hit.name} ({Level(hit.level).noun}{field})"
    if hit.within == MEMOS:
        return hit.name + (f" · {hit.coder}" if hit.coder else "")
    about = [hit.coder] if hit.coder else []
    if hit.field == "negative case":
        about.append(f'contradicts "{hit.name}"')
    elif hit.within == NOTES:
        about.append(f'"{hit.name}"')
    return " · ".join([heading(hit.interview, hit.turn, hit.participant, "interviewer"), *about])
