"""REFI-QDA: projects (`.qdpx`) and code books (`.qdc`), of any version of the standard.

Elements are known by their names, whatever their namespace; ids and the names of files are compared
without regard to case. What points nowhere, or cannot be held, is a `Loss`; where a file departs
from the schema, as most do somewhere, it is read all the same.
"""

from __future__ import annotations

import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from gtpipe.exchange import positions
from gtpipe.exchange.records import (
    ORIGIN,
    Case,
    Code,
    Coding,
    Loss,
    Memo,
    Person,
    Project,
    Relation,
    Source,
)
from gtpipe.exchange.refi_xml import (
    children,
    everything_in,
    first_child,
    has_text,
    id_of,
    number,
    selections,
    tag_of,
    text_of,
    title_of,
)
from gtpipe.exchange.registry import ExchangeReader
from gtpipe.exchange.safe_zip import SafeZip, names_in, xml_of
from gtpipe.model import plural
from gtpipe.model.names import one_line
from gtpipe.model.problems import UserError

if TYPE_CHECKING:
    from lxml.etree import _Element

_NAMESPACE = "urn:QDA-XML:"
_SCHEMAS = {"urn:QDA-XML:project:1.0": "Project.xsd", "urn:QDA-XML:codebook:1.0": "Codebook.xsd"}
_FOLDER = Path(__file__).parent / "schemas"
_START = 2**16
_TEXTS = ("TextSource", "Representation", "Transcript", "TextDescription")
_OTHER_SOURCES = {
    "PictureSource": "picture",
    "PDFSource": "PDF",
    "AudioSource": "recording",
    "VideoSource": "video",
}
_OTHER_SELECTIONS = ("PictureSelection", "PDFSelection", "AudioSelection", "VideoSelection")
_UNDIRECTED = "associative"


def _shows(path: Path) -> bool:
    if not path.is_file():
        return False
    try:
        with path.open("rb") as file:
            start = file.read(_START)
        if start.startswith(b"PK"):
            return _names_a_project(path, start)
    except OSError:
        return False
    return _NAMESPACE.encode() in start and (b"CodeBook" in start or b"Project" in start)


def _names_a_project(path: Path, start: bytes) -> bool:
    """Whether an archive has a project in it, or, where it broke off, began with one."""
    if (names := names_in(path)) is None:
        return b".qde" in start.lower() or path.suffix.lower() == ".qdpx"
    return any(name.lower().endswith(".qde") for name in names)


def _read(path: Path, columns: dict[str, str]) -> Project:
    """A project. Raises UserError."""
    if not zipfile.is_zipfile(path) and path.read_bytes()[:2] != b"PK":
        return _ProjectReader(path, xml_of(path.read_bytes(), path), None).project()
    archive = SafeZip(path)
    inside = sorted(
        (name for name in archive.names if name.endswith(".qde")),
        key=lambda name: (name.count("/"), name != "project.qde", name),
    )
    if not inside:
        raise UserError.of(
            f"{path}: there is no project in this archive", "Export it again as .qdpx"
        )
    return _ProjectReader(path, xml_of(archive.read(inside[0]), path), archive).project()


READER = ExchangeReader("REFI-QDA (.qdpx, .qdc)", _shows, _read)


class _ProjectReader:
    """Reads a project element by element; what is lost on the way is gathered in `losses`."""

    def __init__(self, path: Path, root: _Element, archive: SafeZip | None) -> None:
        self.path, self.root, self.archive = path, root, archive
        self.losses: list[Loss] = []
        self.codes: dict[str, Code] = {}
        self.raw: dict[str, str] = {}  # source → its text as the file has it
        self.sources: list[Source] = []
        self.found: list[tuple[Coding, positions.Stretch]] = []
        self.memos: list[Memo] = []
        self.about: dict[str, list[str]] = {}  # note → what it is about
        self.first_of: dict[str, str] = {}  # selection → its first coding
        self.told: list[str] = []
        self.people = {id_of(user.get("guid")) for user in everything_in(root, "Users", "User")}
        self.names = {
            id_of(variable.get("guid")): one_line(variable.get("name") or "")
            for variable in everything_in(root, "Variables", "Variable")
        }

    def project(self) -> Project:
        root = self.root
        if tag_of(root) not in ("Project", "CodeBook"):
            raise UserError.of(f"{self.path}: this XML is no project and no code book", "")
        namespace = root.tag.rpartition("}")[0].lstrip("{") if isinstance(root.tag, str) else ""
        if namespace in _SCHEMAS:
            self._hold_against(_FOLDER / _SCHEMAS[namespace])
        else:
            self.told.append(f"It is of another version of the standard: {namespace or 'unnamed'}")
        self._read_codes()
        self._read_sources()
        cases = tuple(self._cases())
        relations = tuple(self._links())
        codings = self._placed()
        self._notes(codings)
        self._read_rest()
        known = {*self.codes, *self.raw}
        known |= {one.id for part in (codings, cases, relations, self.memos) for one in part}
        memos = tuple(self._known_only(memo, known) for memo in self.memos)
        name = root.get("name") or self.path.stem
        return Project(
            one_line(name),
            one_line(root.get("origin") or "an unnamed program"),
            tuple(
                Person(
                    id_of(user.get("guid")), one_line(user.get("name") or ""), user.get("id") or ""
                )
                for user in everything_in(root, "Users", "User")
            ),
            tuple(self.codes.values()),
            tuple(self.sources),
            tuple(codings),
            memos,
            cases,
            relations,
            tuple(self.losses),
            tuple(self.told),
        )

    def _hold_against(self, schema: Path) -> None:
        from lxml import etree

        validator = etree.XMLSchema(etree.parse(str(schema)))
        if not validator.validate(self.root):
            log = validator.error_log
            lines = [entry.line for entry in log]  # type: ignore[attr-defined]  # stubs lack it
            self.told.append(
                f"It departs from the schema of the standard {plural.count(len(lines), 'time')}, "
                f"first at line {lines[0]}, and was read all the same"
            )

    def lose(self, kind: str, which: str = "") -> None:
        self.losses.append(Loss(kind, one_line(which)))

    def _by(self, element: _Element) -> str:
        """Who made it, '' where nobody is named, or nobody of the file."""
        id = id_of(element.get("creatingUser"))
        if id and id not in self.people:
            self.lose("person who is not in the file", id)
        return id if id in self.people else ""

    # --- codes ------------------------------------------------------------------------------------

    def _read_codes(self) -> None:
        book = self.root if tag_of(self.root) == "CodeBook" else first_child(self.root, "CodeBook")
        waiting = [(code, "") for code in reversed(list(everything_in(book, "Codes", "Code")))]
        while waiting:
            element, parent = waiting.pop()
            id = id_of(element.get("guid"))
            name = one_line(element.get("name") or "")
            if id in self.codes:
                self.lose("code that stands twice in the tree", name)
                continue
            if not name:
                self.lose("name of a code, which has none", id)
                name = f"code {len(self.codes) + 1}"
            is_group = (element.get("isCodable") or "").strip().lower() in ("false", "0")
            colour = element.get("color") or ""
            definition = text_of(first_child(element, "Description"))
            self.codes[id] = Code(id, name, definition, parent, colour, is_group)
            if colour:
                self.lose("colour of a code", name)
            self._refer(element, id)
            waiting += [(code, id) for code in reversed(children(element, "Code"))]

    # --- sources ----------------------------------------------------------------------------------

    def _read_sources(self) -> None:
        for element in everything_in(self.root, "Sources"):
            kind = _OTHER_SOURCES.get(tag_of(element), "")
            if not kind:
                if tag_of(element) == "TextSource":
                    self._source(element, element)
                else:
                    self.lose("source of an unknown kind", element.get("name") or tag_of(element))
                continue
            texts = [
                text for tag in _TEXTS[1:] for text in children(element, tag) if has_text(text)
            ]
            for text in texts:
                self._source(text, element)
            name = element.get("name") or ""
            self.lose(f"{kind} itself, its text is kept" if texts else kind, name)
            for tag in _OTHER_SELECTIONS:
                for selection in children(element, tag):
                    for _ in children(selection, "Coding"):
                        self.lose(f"coding of a part of a {kind}", name)

    def _source(self, element: _Element, whole: _Element) -> None:
        """A text; `whole` is the recording or the PDF that it is the text of."""
        id, name = id_of(element.get("guid")), whole.get("name") or element.get("name") or ""
        name = one_line(name) or Path(element.get("plainTextPath") or id).stem
        if id in self.raw:
            self.lose("source whose id another one has", name)
            id = f"{id} {len(self.sources)}"
        raw = self._text_of(element, name)
        if raw is None:
            for selection in selections(element):
                for _ in children(selection, "Coding"):
                    self.lose("coding of a source whose text is missing", name)
            return
        self.raw[id] = raw
        self.sources.append(
            Source(
                id,
                name,
                positions.plain(raw),
                text_of(first_child(whole, "Description")),
                whole.get("creationDateTime") or "",
                tuple(self._variables(whole)),
            )
        )
        for part in dict.fromkeys((element, whole)):
            self._refer(part, id)
            for _ in children(part, "Coding"):
                self.lose("coding of a whole source", name)
        points = {
            id_of(point.get("guid")): point.get("position")
            for point in children(element, "SyncPoint")
        }
        for selection in selections(element):
            start = selection.get("startPosition") or points.get(
                id_of(selection.get("fromSyncPoint"))
            )
            end = selection.get("endPosition") or points.get(id_of(selection.get("toSyncPoint")))
            self._selection(selection, id, number(start), number(end))

    def _selection(
        self, element: _Element, source: str, start: int | None, end: int | None
    ) -> None:
        id, note = id_of(element.get("guid")), text_of(first_child(element, "Description"))
        words, codings = element.get("name") or "", children(element, "Coding")
        if start is None or end is None or start < 0 or end < start:
            self.lose("coding or passage whose place is no place", words)
            return
        by, created = self._by(element), element.get("creationDateTime") or ""
        stretch = positions.Stretch(source, start, end, words)
        made: list[Coding] = []
        for coding in codings:
            for reference in children(coding, "CodeRef"):
                code = id_of(reference.get("targetGUID"))
                if code not in self.codes:
                    self.lose("coding with a code that is not in the file", words or code)
                    continue
                made.append(
                    Coding(
                        id_of(coding.get("guid")) if not made else f"{id} {len(made)}",
                        source,
                        start,
                        end,
                        code,
                        self._by(coding) or by,
                        note,
                        words,
                        coding.get("creationDateTime") or created,
                    )
                )
                self._refer(coding, made[-1].id)
        if not made and (note or children(element, "NoteRef")):
            made.append(Coding(id, source, start, end, "", by, "", words, created))
            if note:
                self.memos.append(Memo(f"{id} note", title_of(note), note, (id,), by, created))
        if made:
            self.first_of[id] = made[0].id
            self._refer(element, made[0].id)
        elif not codings:
            self.lose("selection that nothing is said of", words)
        self.found += [(coding, stretch) for coding in made]

    def _placed(self) -> list[Coding]:
        """The codings and passages at their places in the plain texts."""
        if not self.found:
            return []
        places = positions.find(self.raw, [stretch for _, stretch in self.found])
        self.told.append(places.told)
        texts = {source.id: source.text for source in self.sources}
        lines = {id: one_line(text) for id, text in texts.items()}
        placed, other = [], 0
        for (coding, _), span in zip(self.found, places.spans, strict=True):
            line, quoted = lines[coding.source], one_line(coding.words)
            words = texts[coding.source][slice(*span)] if span else ""
            is_other = positions.stands(line, quoted) and not positions.says(words, quoted)
            other += is_other
            if is_other and line.count(quoted) == 1:  # the text was changed after it was coded
                placed.append(coding._replace(start=-1, end=-1))
            elif span is None:
                self.lose("coding or passage that reaches beyond its text", coding.words)
            else:
                placed.append(coding._replace(start=span[0], end=span[1]))
        if other:
            self.told.append(
                f"{other} of {len(placed)} stretches quote other words than stand at their places: "
                "those went to their words that stand once, the others to their places"
            )
        return placed

    def _text_of(self, element: _Element, name: str) -> str | None:
        """The text of a source or a note as the file has it; None, told as lost, where there is
        none.
        """
        inline = first_child(element, "PlainTextContent")
        path = element.get("plainTextPath") or ""
        if inline is not None and not path:
            return inline.text or ""
        if not path and (element.get("richTextPath") or "").lower().endswith(".txt"):
            path = element.get("richTextPath") or ""
        content = self._member(path) if path else None
        if content is None:
            self.lose("source whose text is missing" if path else "source without a text", name)
            return None
        return self._decoded(content, name)

    def _decoded(self, content: bytes, name: str) -> str:
        if content.startswith((b"\xff\xfe", b"\xfe\xff")):
            return "\ufeff" + content.decode("utf-16", "replace")
        try:
            return content.decode()
        except UnicodeDecodeError:
            self.told.append(f"{name} is no UTF-8; it was read as Windows-1252")
            return content.decode("cp1252", "replace")

    def _member(self, path: str) -> bytes | None:
        """A file that a path such as `internal://NAME.txt` names; None where it is not there."""
        if self.archive is None:
            return None
        file = path.rpartition("://")[2].replace("\\", "/").strip("/").casefold()
        base = file.rpartition("/")[2]
        names = self.archive.names
        wanted = {file, f"sources/{file}", f"sources/{base}"}
        found = next(
            (one for one in names if one in wanted),
            next((one for one in names if one.endswith(f"/sources/{base}")), None),
        )
        return None if found is None else self.archive.read(found)

    # --- cases, links, notes ----------------------------------------------------------------------

    def _variables(self, element: _Element) -> Iterator[tuple[str, str]]:
        for value in children(element, "VariableValue"):
            reference = first_child(value, "VariableRef")
            id = id_of(reference.get("targetGUID")) if reference is not None else ""
            said = next((text_of(one) for one in value if tag_of(one).endswith("Value")), "")
            if not self.names.get(id):
                self.lose("value of a variable that is not in the file", said)
            elif said:
                yield self.names[id], said

    def _cases(self) -> Iterator[Case]:
        sources = {source.id for source in self.sources}
        for element in everything_in(self.root, "Cases", "Case"):
            id, name = id_of(element.get("guid")), one_line(element.get("name") or "")
            described = text_of(first_child(element, "Description"))
            variables = [*self._variables(element)]
            if described and "description" not in dict(variables):
                variables.append(("description", one_line(described)))
            of = []
            for reference in children(element, "SourceRef"):
                source = id_of(reference.get("targetGUID"))
                source = source if source in sources else self._by_its_file(source)
                if source:
                    of.append(source)
                else:
                    self.lose("source of a case that is not in the file", name)
            for tag, kind in (("CodeRef", "code of a case"), ("SelectionRef", "part of a case")):
                for _ in children(element, tag):
                    self.lose(kind, name)
            yield Case(id, name, tuple(of), tuple(variables))

    def _by_its_file(self, name: str) -> str:
        """The source whose text is in a file of this name: QualCoder names that, and not the
        source.
        """
        content = self._member(f"{name}.txt") if name else None
        if content is None:
            return ""
        text = positions.plain(self._decoded(content, name))
        same = [source.id for source in self.sources if source.text == text]
        return same[0] if len(same) == 1 else ""

    def _links(self) -> Iterator[Relation]:
        notes = {id_of(note.get("guid")) for note in everything_in(self.root, "Notes", "Note")}
        for link in everything_in(self.root, "Links", "Link"):
            one, other = id_of(link.get("originGUID")), id_of(link.get("targetGUID"))
            if one in notes:
                self.about.setdefault(one, []).append(other)
            elif other in notes:
                self.about.setdefault(other, []).append(one)
            elif one in self.codes and other in self.codes:
                is_directed = (link.get("direction") or "").lower() != _UNDIRECTED
                name = one_line(link.get("name") or "")
                self._refer(link, id_of(link.get("guid")))
                yield Relation(id_of(link.get("guid")), one, other, name, is_directed)
            else:
                self.lose("link between other things than codes", link.get("name") or "")

    def _refer(self, element: _Element, id: str) -> None:
        for reference in children(element, "NoteRef"):
            self.about.setdefault(id_of(reference.get("targetGUID")), []).append(id)

    def _notes(self, codings: list[Coding]) -> None:
        for reference in children(self.root, "NoteRef"):
            self.about.setdefault(id_of(reference.get("targetGUID")), [])
        seen = set()
        for element in everything_in(self.root, "Notes", "Note"):
            id, name = id_of(element.get("guid")), one_line(element.get("name") or "")
            seen.add(id)
            body = self._text_of(element, name) if has_text(element) else ""
            described = text_of(first_child(element, "Description"))
            parts = (positions.plain(body or "").strip("\n"), described)
            text = "\n\n".join(part for part in parts if part)
            about = self.about.get(id, [])
            by, created = self._by(element), element.get("creationDateTime") or ""
            for selection in children(element, "PlainTextSelection"):
                passage = self._annotated(selection, about, len(body or ""))
                if passage is None:
                    self.lose("coding or passage of a memo", name or title_of(text))
                else:
                    about = [passage.id if one == passage.source else one for one in about]
                    codings.append(passage._replace(by=by, created=created))
            self.memos.append(
                Memo(id, name or title_of(text), text, tuple(dict.fromkeys(about)), by, created)
            )
        for id in self.about:
            if id not in seen:
                self.lose("note that is not in the file", id)

    def _annotated(self, selection: _Element, about: list[str], length: int) -> Coding | None:
        """The passage of a source that a note is about, as QualCoder writes it: the place stands in
        the note, and reaches beyond its own text; None where it is one in the note.
        """
        texts = {source.id: source.text for source in self.sources}
        of = [id for id in about if id in texts]
        start, end = (number(selection.get(name)) for name in ("startPosition", "endPosition"))
        is_qualcoder = (self.root.get("origin") or "").startswith("QualCoder")
        if len(of) != 1 or start is None or end is None or children(selection, "Coding"):
            return None
        if not 0 <= start <= end <= len(texts[of[0]]) or (end <= length and not is_qualcoder):
            return None
        return Coding(id_of(selection.get("guid")), of[0], start, end, "")

    def _read_rest(self) -> None:
        described = text_of(first_child(self.root, "Description"))
        if described:
            name = one_line(self.root.get("name") or "") or "the project"
            self.memos.append(Memo("the project itself", f"About {name}", described))
        for tag, kind in (("Sets", "set"), ("Graphs", "graph")):
            for element in everything_in(self.root, tag):
                if self.root.get("origin") != ORIGIN:  # ours are drawn of the relations
                    self.lose(kind, element.get("name") or "")

    def _known_only(self, memo: Memo, known: set[str]) -> Memo:
        """A memo without what it is about and the file does not have."""
        about = [self.first_of.get(id, id) for id in memo.about]
        for id in about:
            if id not in known:
                self.lose("what a memo is about, which is not in the file", memo.title)
        return memo._replace(about=tuple(dict.fromkeys(id for id in about if id in known)))
