"""A Word document of ours as it comes back from its reader: its comments, its bookmarks, and the
text as it was and as the reader would have it.

Word and LibreOffice keep bookmarks and where comments begin and end; ids, dates and looks they make
anew. Of replies, Word and newer LibreOffice say in `commentsExtended.xml` what they answer; older
LibreOffice sets the comment that is answered in quotation marks above the answer.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

from gtpipe.model import bookmarks
from gtpipe.model.bookmarks import Bookmark
from gtpipe.readers import archive
from gtpipe.readers.documents.docx import VAL, WHAT, P, W, opened

if TYPE_CHECKING:
    from docx.parts.document import DocumentPart
    from lxml.etree import _Element

_W14 = "{http://schemas.microsoft.com/office/word/2010/wordml}"
_W15 = "{http://schemas.microsoft.com/office/word/2012/wordml}"
_FALLBACK = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"
_ID = W + "id"
_ADDED = (W + "ins", W + "moveTo")
_TAKEN = (W + "del", W + "moveFrom")
_LEFT_OUT = (
    *(W + name for name in ("pPr", "rPr", "instrText", "delInstrText", "txbxContent")),
    _FALLBACK,
)
_SIGNS = {W + "tab": "\t", W + "br": "\n", W + "cr": "\n", W + "noBreakHyphen": "-"}


class Comment(NamedTuple):
    """A comment, where it stands in the text (-1 where in none of it: in a footnote, a text box),
    and the id of the one it answers; '' for none.
    """

    id: str
    author: str
    text: str
    start: int
    end: int
    answers: str = ""


class Place(NamedTuple):
    """A bookmark of ours and where it stands."""

    bookmark: Bookmark
    start: int
    end: int


@dataclass
class Reviewed:
    """`text` is that of the document, tracked changes rejected: places count in it. `accepted` says
    of each paragraph, by where it ends, what it says with them accepted, if that is something else.
    """

    text: str = ""
    places: list[Place] = field(default_factory=list)
    comments: list[Comment] = field(default_factory=list)
    headings: list[tuple[int, int]] = field(default_factory=list)  # where, and of which level
    paragraphs: list[int] = field(default_factory=list)  # where each ends
    accepted: dict[int, str] = field(default_factory=dict)


def read(content: bytes, path: str) -> Reviewed:
    """Raises UserError where it is damaged, protected or hostile, or no Word document."""
    if content.startswith(archive.OLE):
        raise archive.describe_ole(content, path)
    part = opened(content, path)
    try:
        return _read(part, path)
    except RecursionError:  # no program nests hundreds of elements
        raise archive.broken(path, WHAT) from None


def _read(part: DocumentPart, path: str) -> Reviewed:
    walk = _Walk()
    body = part.element.find(W + "body")
    if body is None:
        raise archive.broken(path, WHAT)
    walk.walk(body)
    found = walk.found
    found.text = "".join(walk.text)
    roots = _roots(part, path)
    parents = {
        one.get(_W15 + "paraId", ""): one.get(_W15 + "paraIdParent", "")
        for one in roots.get("commentsExtended", ())
    }
    by_paragraph = {
        p.get(_W14 + "paraId", ""): one.get(_ID, "")
        for one in roots.get("comments", ())
        for p in one.iter(P)
        if p.get(_W14 + "paraId")
    }
    for one in roots.get("comments", ()):
        id = one.get(_ID, "")
        at = walk.references.get(id, -1)
        answers = ""
        for p in one.iter(P):
            answers = by_paragraph.get(parents.get(p.get(_W14 + "paraId", ""), ""), "") or answers
        end = walk.ended.get(id, at)
        start = walk.begun.get(id, end)
        text = "\n".join(_words(p) for p in one.iter(P)).strip()
        comment = Comment(id, one.get(W + "author", ""), text, start, max(start, end), answers)
        found.comments.append(comment)
    found.comments.sort(key=lambda comment: (comment.start, comment.end))
    found.places.sort(key=lambda place: (place.start, place.end))
    return found


def _roots(part: DocumentPart, path: str) -> dict[str, _Element]:
    roots: dict[str, _Element] = {}
    for relation in part.rels.values():
        kind = str(relation.reltype).rpartition("/")[2]
        if kind in ("comments", "commentsExtended") and not relation.is_external:
            root = getattr(relation.target_part, "element", None)
            roots[kind] = (
                archive.xml_of(relation.target_part.blob, path, WHAT) if root is None else root
            )
    return roots


class _Walk:
    """One walk through the body. Where something stands is counted in `text`."""

    def __init__(self) -> None:
        self.found = Reviewed()
        self.text: list[str] = []
        self.at = 0
        self.accepted: list[str] = []  # of this paragraph
        self.is_changed = False
        self.begun: dict[str, int] = {}
        self.ended: dict[str, int] = {}
        self.references: dict[str, int] = {}
        self.open: dict[str, tuple[Bookmark, int]] = {}

    def walk(self, element: _Element, added: bool = False, taken: bool = False) -> None:
        for child in element:
            tag = child.tag
            if tag == P:
                self.paragraph(child, added, taken)
            elif tag in (W + "t", W + "delText"):
                self.words(child.text or "", added, taken)
            elif tag in _SIGNS:
                self.words(_SIGNS[tag], added, taken)
            elif tag == W + "bookmarkStart":
                mark = bookmarks.read(child.get(W + "name", ""))
                if mark is not None:
                    self.open[child.get(_ID, "")] = mark, self.at
            elif tag == W + "bookmarkEnd":
                begun = self.open.pop(child.get(_ID, ""), None)
                if begun is not None:
                    self.found.places.append(Place(*begun, self.at))
            elif tag == W + "commentRangeStart":
                self.begun[child.get(_ID, "")] = self.at
            elif tag == W + "commentRangeEnd":
                self.ended[child.get(_ID, "")] = self.at
            elif tag == W + "commentReference":
                self.references[child.get(_ID, "")] = self.at
            elif tag not in _LEFT_OUT and isinstance(tag, str):
                self.walk(child, added or tag in _ADDED, taken or tag in _TAKEN)

    def paragraph(self, p: _Element, added: bool, taken: bool) -> None:
        style = p.find(f"{W}pPr/{W}pStyle")
        named = (style.get(VAL, "") if style is not None else "").casefold()
        level = named.removeprefix("heading")
        if level != named and level.strip().isdigit():
            self.found.headings.append((self.at, int(level)))
        self.walk(p, added, taken)
        if self.is_changed:
            self.found.accepted[self.at] = "".join(self.accepted)
        self.accepted, self.is_changed = [], False
        self.found.paragraphs.append(self.at)
        self.text.append("\n")
        self.at += 1

    def words(self, words: str, added: bool, taken: bool) -> None:
        self.is_changed = self.is_changed or added or taken
        if not taken:
            self.accepted.append(words)
        if not added:
            self.text.append(words)
            self.at += len(words)


def _words(p: _Element) -> str:
    return "".join(_pieces(p))


def _pieces(element: _Element) -> Iterator[str]:
    for child in element:
        if child.tag == W + "t":
            yield child.text or ""
        elif child.tag in _SIGNS:
            yield _SIGNS[child.tag]
        elif child.tag not in (*_LEFT_OUT, *_TAKEN) and isinstance(child.tag, str):
            yield from _pieces(child)
