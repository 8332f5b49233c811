"""Elements of a REFI-QDA file, by their names without a namespace; ids without regard to case."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from gtpipe.model.names import one_line

if TYPE_CHECKING:
    from lxml.etree import _Element


def id_of(guid: str | None) -> str:
    return (guid or "").strip().strip("{}").casefold()


def tag_of(element: _Element) -> str:
    """The name of an element without its namespace; '' for a comment."""
    return element.tag.rpartition("}")[2] if isinstance(element.tag, str) else ""


def children(element: _Element, tag: str) -> list[_Element]:
    return [child for child in element if tag_of(child) == tag]


def first_child(element: _Element, tag: str) -> _Element | None:
    return next((child for child in element if tag_of(child) == tag), None)


def everything_in(element: _Element | None, container: str, tag: str = "") -> Iterator[_Element]:
    """What stands in all containers of this name; with `tag` elements of that name alone."""
    for holder in () if element is None else children(element, container):
        for child in holder:
            if tag_of(child) and tag in ("", tag_of(child)):
                yield child


def selections(element: _Element) -> list[_Element]:
    return [child for child in element if tag_of(child).endswith("TextSelection")] + children(
        element, "TranscriptSelection"
    )


def has_text(element: _Element) -> bool:
    return (
        bool(element.get("plainTextPath") or element.get("richTextPath"))
        or first_child(element, "PlainTextContent") is not None
    )


def text_of(element: _Element | None) -> str:
    return "" if element is None else (element.text or "").strip()


def title_of(text: str) -> str:
    """A title for what has none: its first words."""
    words = one_line(text).split(" ")
    return " ".join(words[:8]) + (" …" if len(words) > 8 else "") or "a memo"


def number(typed: str | None) -> int | None:
    try:
        return int(typed or "")
    except ValueError:
        return None
