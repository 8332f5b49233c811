"""The files that git's diff and merge take entry by entry: sheets and books laid out by lines."""

from __future__ import annotations

from gtpipe.formats import theory
from gtpipe.text.document import Document
from gtpipe.text.entries import NotByLinesError
from gtpipe.text.yamltext import Mapping

# Blocks that hold one thing a line; what stands deeper belongs to the line above it.
LISTS = frozenset(
    "codes focused takes-up judged incidents does-not-fit left properties was merged-from "
    "split-from support contradict modified for words added draft from re-read".split()
)

_PARTS = frozenset((*theory.PARTS, "sources", "principles"))  # the last two are of a mapping


def read(text: str) -> Document:
    """The turns or entries in `text`, which ends with a line feed or is empty.

    Raises NotByLinesError where it is laid out in another way, UserError where it is not YAML.
    """
    document = Document(text)
    names = [section.name for section in document.sections]
    if not document.is_laid_out_by_lines or len(set(names)) < len(names):
        raise NotByLinesError
    if isinstance(document.node, Mapping) and not set(names) <= _PARTS:
        raise NotByLinesError
    return document
