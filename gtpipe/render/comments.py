"""What `gtpipe comments` shows: each comment with its number, its answer, and what changed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from gtpipe.model.records import Comment
from gtpipe.render.blocks import Block
from gtpipe.render.tables import Row

HEADER = ("number", "about", "by", "comment", "answer", "changed")


def row(number: int, comment: Comment) -> Row:
    about = comment.about.typed
    return (number, about, comment.by, comment.comment, comment.answer, comment.changed)


def layout(comments: Iterable[tuple[int, Comment]]) -> Iterator[Block]:
    for number, comment in comments:
        by = f" · {comment.by}" if comment.by else ""
        yield Block(f"{number} · {comment.about.typed}{by}", style="bold")
        yield Block(comment.comment, 2)
        if comment.answer:
            yield Block(f"answer: {comment.answer}", 4)
        else:
            yield Block(f'no answer yet: gtpipe comments answer {number} "…"', 4, "dim")
        if comment.changed:
            yield Block(f"changed: {comment.changed}", 4)
