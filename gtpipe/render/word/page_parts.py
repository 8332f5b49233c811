"""Parts of a page in a Word document."""

from __future__ import annotations

from gtpipe.render.page_parts import Heading, Paragraph, Part, Points, Quotation
from gtpipe.render.word.document import Document, Run

_DEEPEST = 4  # headings that a document has


def add_part(document: Document, part: Part, depth: int) -> None:
    """A part of a page, below a heading of this depth."""
    if isinstance(part, Heading):
        document.heading(min(depth, _DEEPEST), part.text, part.names)
    elif isinstance(part, Quotation):
        if part.words:
            document.quotation((part.words, "\n", Run(f"— {part.who}", style="Aside")))
        else:
            document.list_item(part.who)
    elif isinstance(part, Points):
        for point, below in part.points:
            document.list_item("\n".join((point, *(f"– {line}" for line in below))))
    else:
        _paragraph(document, part, depth)


def _paragraph(document: Document, part: Paragraph, depth: int) -> None:
    if part.names:
        document.heading(min(depth + 1, _DEEPEST), part.title, part.names)
    elif part.title:
        document.paragraph(Run(part.title, bold=True))
    if part.text:
        document.paragraph(part.text)
