"""What `gtpipe memo list` and `memo show` show."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from gtpipe.model.records import Memo
from gtpipe.render.blocks import GAP, Block
from gtpipe.render.tables import Row

HEADER = ("memo", "date", "kind", "by", "title", "about")


def row(memo: Memo) -> Row:
    about = [named.label for named in memo.about]
    return (memo.name, memo.date, memo.kind, memo.by, memo.title, about)


def layout(memos: Iterable[Memo]) -> Iterator[Block]:
    """Memos, whole."""
    for memo in memos:
        yield Block(memo.title, style="bold")
        yield Block(", ".join(filter(None, (memo.date, memo.kind, memo.by))), style="dim")
        yield Block("About: " + "; ".join(named.label for named in memo.about), style="dim")
        yield GAP
        yield Block(memo.prose)
        yield GAP
