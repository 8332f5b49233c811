"""ATLAS.ti's project (`.atlproj`): an archive with `project.aprx`, which is XML, and the documents
as pages of numbered segments. A quotation is a place in one segment and a place in another.

Text quotations are read with their codes and who gave them, code groups as what codes stand under.
What is said of pictures, recordings and PDFs is told.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from html.parser import HTMLParser
from pathlib import Path
from typing import TYPE_CHECKING

from gtpipe.exchange import positions
from gtpipe.exchange.positions import Convention, Stretch, Unit
from gtpipe.exchange.records import Code, Coding, Loss, Memo, Person, Project, Source
from gtpipe.exchange.registry import ExchangeReader
from gtpipe.exchange.safe_zip import SafeZip, names_in, xml_of
from gtpipe.model.problems import UserError
from gtpipe.readers import decoding

if TYPE_CHECKING:
    from lxml.etree import _Element

_CONVENTIONS = tuple(map(Convention, (Unit.CODE_POINTS, Unit.UTF_16)))
_BLOCKS = frozenset("p div br li tr td th h1 h2 h3 h4 h5 h6 blockquote pre".split())
_HIDDEN = frozenset("head style script title".split())
_TO_THE_END = -1
_NUMBER = re.compile(r"-?\d{1,9}(?:\.0*)?")


def _shows(path: Path) -> bool:
    if not path.is_file():
        return False
    with path.open("rb") as file:
        if not file.read(4).startswith(b"PK"):
            return False
    if (names := names_in(path)) is None:
        return path.suffix.lower() == ".atlproj"
    return any(name.lower().endswith(".aprx") for name in names)


def read(path: Path, columns: Mapping[str, str]) -> Project:
    """Raises UserError where the archive is damaged or hostile, or has no places that fit."""
    archive = SafeZip(path)
    inside = sorted(name for name in archive.names if name.endswith(".aprx"))
    if not inside:
        raise UserError.at(
            str(path), None, "this archive has no project of ATLAS.ti in it", "Export it again"
        )
    return _Reading(archive, xml_of(archive.read(inside[0]), path)).project(path.stem)


class _Page:
    """A document's text, and where its segments stand in it."""

    def __init__(self, html: str) -> None:
        walk = _Segments()
        walk.feed(html)
        walk.close()
        self.text = "".join(walk.pieces)
        self.segments: dict[int, str] = {}
        self.starts: dict[int, int] = {}
        at = 0
        for number, piece in zip(walk.numbers, walk.pieces, strict=True):
            if number is not None:
                self.starts.setdefault(number, at)
                self.segments[number] = self.segments.get(number, "") + piece
            at += len(piece)


class _Segments(HTMLParser):
    """Pieces of text in order, each with the number of its segment; line ends have none."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.pieces: list[str] = []
        self.numbers: list[int | None] = []
        self.segment: int | None = None
        self.is_new_line = False
        self.hidden = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.hidden = 0 if tag == "body" else self.hidden + (tag in _HIDDEN)
        self.is_new_line |= tag in _BLOCKS
        number = dict(attrs).get("id") or ""
        if number.isdecimal() and len(number) < 10:
            self.segment = int(number)

    def handle_endtag(self, tag: str) -> None:
        self.hidden -= tag in _HIDDEN and self.hidden > 0
        self.is_new_line |= tag in _BLOCKS

    def handle_data(self, data: str) -> None:
        if self.hidden or self.segment is None or (self.is_new_line and not data.strip()):
            return
        if self.is_new_line and self.pieces:
            self.pieces.append("\n")
            self.numbers.append(None)
        self.is_new_line = False
        self.pieces.append(data.replace("\r\n", " ").replace("\n", " "))
        self.numbers.append(self.segment)


class _Reading:
    def __init__(self, archive: SafeZip, root: _Element) -> None:
        self.archive, self.root = archive, root
        self.losses: list[Loss] = []
        self.told: list[str] = []

    def project(self, name: str) -> Project:
        documents = list(self._all("document"))
        pages = dict(self._pages(documents))
        sources = tuple(
            Source(
                document.get("id", ""),
                document.get("name", ""),
                pages[document.get("id", "")].text,
                _comment(document),
                document.get("cDate", ""),
            )
            for document in documents
            if document.get("id", "") in pages
        )
        codes = tuple(self._codes())
        codings = tuple(self._codings(documents, pages, {code.id for code in codes}))
        memos = tuple(self._memos())
        names = {user.get("id", ""): user.get("name", "") for user in self._all("user")}
        by = (*(coding.by for coding in codings), *(memo.by for memo in memos))
        people = dict.fromkeys(filter(None, by))
        for group in self._all("docGroup", "documentGroup"):
            self.losses.append(Loss("group of documents", group.get("name", "")))
        for network in self._all("network", "networkView"):
            self.losses.append(Loss("network", network.get("name", "")))
        for links in self._all("links"):
            for link in links.iterchildren("*"):
                if link.tag.rpartition("}")[2] != "tagQuotLink":
                    ends = f"{link.get('source', '')}, {link.get('target', '')}"
                    self.losses.append(Loss("link that gives no code to a quotation", ends))
        return Project(
            self.root.get("name") or name,
            "ATLAS.ti",
            tuple(Person(id, names.get(id) or id) for id in people),
            codes,
            sources,
            codings,
            memos,
            losses=tuple(self.losses),
            told=tuple(self.told),
        )

    def _all(self, *tags: str) -> Iterator[_Element]:
        return self.root.iter(*(f"{{*}}{tag}" for tag in tags))

    def _pages(self, documents: list[_Element]) -> Iterator[tuple[str, _Page]]:
        """The documents that hold text, by id. A document names a medium, that its content, and
        that a folder in the archive; or, in other versions, a data source that names the folder.
        """
        folders = {node.get("id", ""): node.get("loc", "") for node in self._all("content")}
        for medium in self._all("medium"):
            folders[medium.get("id", "")] = folders.get(medium.get("content", ""), "")
        folders |= {node.get("id", ""): node.get("loc", "") for node in self._all("dataSource")}
        for document in documents:
            folder = folders.get(document.get("medium") or document.get("loc") or "", "")
            ending = f"{folder}/content".casefold()
            name = next((name for name in self.archive.names if name.endswith(ending)), "")
            content = self.archive.read(name) if folder and name else b""
            page = _page_of(content)
            if page is None:
                kind = "document whose content is not there"
                self.losses.append(
                    Loss("document that is no text" if content else kind, document.get("name", ""))
                )
            else:
                yield document.get("id", ""), page

    def _codes(self) -> Iterator[Code]:
        groups: dict[str, list[_Element]] = {}
        for group in self._all("tagGroup"):
            for item in group.iter("{*}item"):
                groups.setdefault(item.get("id", ""), []).append(group)
            yield Code(
                f"group {group.get('name', '')}",
                group.get("name", ""),
                _comment(group),
                is_group=True,
            )
        for tag in self._all("tag"):
            id, name = tag.get("id", ""), tag.get("name", "")
            above = groups.get(id, [])
            for other in above[1:]:
                self.losses.append(
                    Loss("second group of a code", f"{name}, in {other.get('name', '')}")
                )
            parent = f"group {above[0].get('name', '')}" if above else ""
            yield Code(id, name, _comment(tag), parent, tag.get("color", ""))

    def _codings(
        self, documents: list[_Element], pages: dict[str, _Page], codes: set[str]
    ) -> Iterator[Coding]:
        links: dict[str, list[_Element]] = {}
        for link in self._all("tagQuotLink"):
            links.setdefault(link.get("target", ""), []).append(link)
        quotations = {
            quotation.get("id", ""): (quotation, document)
            for document in documents
            for quotation in document.iter("{*}quotation", "{*}q")
        }
        spans = self._spans(quotations, pages)
        for id, (quotation, document) in quotations.items():
            if id not in spans:
                continue
            source, (start, end) = document.get("id", ""), spans[id]
            which = f'{document.get("name", "")}: "{pages[source].text[start:end][:60]}"'
            if start == end or not links.get(id):
                kind = "quotation without a code" if start < end else "quotation without words"
                self.losses.append(Loss(kind, which))
                continue
            for link in links[id]:
                code = link.get("source", "")
                if code not in codes:
                    self.losses.append(Loss("quotation with a code that is not there", which))
                    continue
                yield Coding(
                    f"{id}/{code}",
                    source,
                    start,
                    end,
                    code,
                    link.get("cUser") or link.get("owner") or quotation.get("owner") or "",
                    _comment(quotation),
                    created=link.get("cDate", ""),
                )

    def _spans(
        self, quotations: dict[str, tuple[_Element, _Element]], pages: dict[str, _Page]
    ) -> dict[str, tuple[int, int]]:
        """Where the quotations stand in their documents' texts. Each end is a place in a segment,
        counted one way in the whole file.
        """
        ends: dict[str, tuple[str, tuple[int, int], tuple[int, int]]] = {}
        for id, (quotation, document) in quotations.items():
            page = pages.get(document.get("id", ""))
            place = next(quotation.iter("{*}segmentedTextLoc"), None)
            which = f"{document.get('name', '')}, quotation {id}"
            if page is None or place is None:
                self.losses.append(Loss("quotation of what is no text", which))
                continue
            begin = _place(place, "sSegment", "sOffset")
            end = _place(place, "eSegment", "eOffset")
            if begin is None or end is None or not {begin[0], end[0]} <= page.segments.keys():
                self.losses.append(Loss("quotation at a place that is not there", which))
            else:
                ends[id] = (document.get("id", ""), begin, end)
        stretches = [
            Stretch(f"{document} {segment}", max(offset, 0), max(offset, 0))
            for document, begin, end in ends.values()
            for segment, offset in (begin, end)
        ]
        if not stretches:
            return {}
        texts = {
            f"{id} {number}": segment
            for id, page in pages.items()
            for number, segment in page.segments.items()
        }
        found = positions.find(texts, stretches, _CONVENTIONS)
        self.told.append(found.told)
        spans = {}
        for index, (id, (source, begin, end)) in enumerate(ends.items()):
            page = pages[source]
            first, last = found.spans[2 * index], found.spans[2 * index + 1]
            if first is None or last is None:
                self.losses.append(Loss("quotation at a place that is not there", id))
                continue
            start = page.starts[begin[0]] + first[0]
            within = len(page.segments[end[0]]) if end[1] == _TO_THE_END else last[0]
            words = page.text[start : page.starts[end[0]] + within]
            start += len(words) - len(words.lstrip())
            spans[id] = (start, start + len(words.strip()))
        return spans

    def _memos(self) -> Iterator[Memo]:
        for memo in self._all("memo"):
            text = _comment(memo) or "".join(map(str, memo.itertext())).strip()
            if text:
                yield Memo(
                    memo.get("id", ""),
                    memo.get("name", ""),
                    text,
                    by=memo.get("cUser") or memo.get("owner") or "",
                    created=memo.get("cDate", ""),
                )
            else:
                self.losses.append(Loss("memo whose text is not there", memo.get("name", "")))


def _page_of(content: bytes) -> _Page | None:
    """The text of a document, None where it is something else than a page of numbered segments."""
    if not decoding.is_text(content[: 2**16]):
        return None
    try:
        page = _Page(decoding.decode(content)[0])
    except (UnicodeDecodeError, UserError):
        return None
    return page if page.text.strip() else None


def _place(place: _Element, segment: str, offset: str) -> tuple[int, int] | None:
    both = place.get(segment, ""), place.get(offset, "")
    if not all(map(_NUMBER.fullmatch, both)):
        return None
    number, within = (int(float(value)) for value in both)
    return number, within


def _comment(node: _Element) -> str:
    """What is said of a thing: the text of its comment, its tags left out."""
    comment = next(iter(node.findall("{*}comment")), None)
    return "" if comment is None else "".join(map(str, comment.itertext())).strip()


READER = ExchangeReader("ATLAS.ti (.atlproj)", _shows, read)
