"""A project → REFI-QDA, as most programs can read it: `.qdpx`, and `.qdc` of the code book alone.

The standard leaves much open, and programs break on what others write. So: line feeds, no byte
order mark, code points, exclusive ends; texts and memos as files; always an origin, a user and a
day; unique names; a memo is tied to what it is about by a Link, as codes that carry a NoteRef are
lost in some programs. Same project, same bytes.
"""

from __future__ import annotations

import io
import re
import uuid
import zipfile
from collections.abc import Iterable

from lxml import etree

from gtpipe.exchange.records import Code, Coding, Project, Relation, Source
from gtpipe.model.names import one_line

_PROJECT, _CODEBOOK = "urn:QDA-XML:project:1.0", "urn:QDA-XML:codebook:1.0"
_NO_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_NAME = 120  # characters of the words by which a selection is called
_NO_DAY = "2000-01-01"  # where a project says of nothing when it was made
_WIDE, _HIGH, _ACROSS, _DOWN = 220, 60, 280, 100  # of a vertex, and from one to the next


def project(project: Project) -> bytes:
    """The bytes of a `.qdpx`."""
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as zip:
        _put(zip, "project.qde", _bytes(_Writer(project).project()))
        for source in project.sources:
            _put(zip, f"sources/{source.id}.txt", source.text.encode())
        for memo in project.memos:
            _put(zip, f"sources/{memo.id}.txt", memo.text.encode())
    return written.getvalue()


def codebook(project: Project) -> bytes:
    """The bytes of a `.qdc`; a project without codes has none that is valid."""
    root = _root("CodeBook", _CODEBOOK)
    root.set("origin", _text(project.origin))
    _codes(root, project.codes)
    return _bytes(root)


def _put(zip: zipfile.ZipFile, name: str, content: bytes) -> None:
    entry = zipfile.ZipInfo(name)  # of 1980
    entry.compress_type = zipfile.ZIP_DEFLATED
    entry.create_system, entry.external_attr = 3, 0o644 << 16
    zip.writestr(entry, content)


def _root(kind: str, space: str) -> etree._Element:
    return etree.Element(f"{{{space}}}{kind}", nsmap={None: space})  # type: ignore[dict-item]


def _bytes(root: etree._Element) -> bytes:
    etree.indent(root)
    written: bytes = etree.tostring(root, xml_declaration=True, encoding="utf-8")
    return written + b"\n"


def _text(text: str) -> str:
    """`text` without what XML cannot hold."""
    return _NO_XML.sub("\ufffd", text)


def _add(parent: etree._Element, kind: str, /, **attributes: str) -> etree._Element:
    """A new element in its parent's namespace; attributes that are '' are left out."""
    space = etree.QName(parent).namespace
    element = etree.SubElement(parent, f"{{{space}}}{kind}")
    for attribute, value in attributes.items():
        if value:
            element.set(attribute, _text(value))
    return element


def _describe(element: etree._Element, text: str) -> None:
    if text:
        _add(element, "Description").text = _text(text)


def _codes(parent: etree._Element, codes: Iterable[Code]) -> None:
    """The codes as a tree, each behind those that stand before it."""
    by_id = {code.id: code for code in codes}
    below: dict[str, list[Code]] = {}
    for code in by_id.values():
        below.setdefault(code.parent if code.parent in by_id else "", []).append(code)
    top = _add(parent, "Codes")
    left = [(top, code) for code in reversed(below.get("", ()))]
    while left:
        under, code = left.pop()
        element = _add(under, "Code", guid=code.id, name=code.name)
        element.set("isCodable", "false" if code.is_group else "true")
        if code.colour:
            element.set("color", code.colour)
        _describe(element, code.definition)
        left += [(element, one) for one in reversed(below.get(code.id, ()))]


class _Writer:
    def __init__(self, project: Project) -> None:
        self._project = project
        self._space = uuid.uuid5(uuid.NAMESPACE_URL, f"REFI {project.name}")
        days = [
            *(source.created for source in project.sources),
            *(memo.created for memo in project.memos),
        ]
        self._day = max(days, default="") or _NO_DAY
        people = project.people
        self._nobody = self._guid("nobody")
        self._somebody = people[0].id if people else self._nobody
        """Who made what nobody is named for."""
        self._selections: dict[str, str] = {}
        """Coding → the selection that it is in."""

    def _guid(self, *of: str) -> str:
        return str(uuid.uuid5(self._space, "\n".join(of)))

    def _made(self, by: str, created: str) -> dict[str, str]:
        """Who made something, and when: programs miss either."""
        return {
            "creatingUser": by or self._somebody,
            "creationDateTime": f"{created or self._day}T00:00:00Z",
        }

    def project(self) -> etree._Element:
        """The root, its parts in the order that the schema wants; empty parts are left out."""
        project = self._project
        root = _root("Project", _PROJECT)
        root.set("name", _text(project.name))
        root.set("origin", _text(project.origin))
        root.set("creatingUserGUID", self._somebody)
        root.set("creationDateTime", f"{self._day}T00:00:00Z")
        self._users(root)
        if project.codes:
            _codes(_add(root, "CodeBook"), project.codes)
        self._cases(root)
        self._sources(root)
        self._notes(root)
        self._links(root)
        self._graph(root)
        return root

    def _users(self, root: etree._Element) -> None:
        users = _add(root, "Users")
        project = self._project
        for person in project.people:
            _add(users, "User", guid=person.id, name=person.name, id=person.initials)
        if not project.people or any(one.code and not one.by for one in project.codings):
            _add(users, "User", guid=self._nobody, name=project.origin)

    def _cases(self, root: etree._Element) -> None:
        cases = self._project.cases
        variables = [*(one.variables for one in cases)]
        variables += (one.variables for one in self._project.sources)
        names = dict.fromkeys(name for given in variables for name, _ in given)
        if names:
            parent = _add(root, "Variables")
            for name in names:
                of = self._guid("variable", name)
                _add(parent, "Variable", guid=of, name=name, typeOfVariable="Text")
        parent = _add(root, "Cases") if cases else root
        for case in cases:
            element = _add(parent, "Case", guid=case.id, name=case.name)
            self._give(element, case.variables)
            for source in case.sources:
                _add(element, "SourceRef", targetGUID=source)

    def _give(self, element: etree._Element, variables: Iterable[tuple[str, str]]) -> None:
        for name, value in variables:
            given = _add(element, "VariableValue")
            _add(given, "VariableRef", targetGUID=self._guid("variable", name))
            _add(given, "TextValue").text = _text(value)

    def _sources(self, root: etree._Element) -> None:
        sources = self._project.sources
        parent = _add(root, "Sources") if sources else root
        codings: dict[str, list[Coding]] = {}
        for coding in self._project.codings:
            codings.setdefault(coding.source, []).append(coding)
        for source in sources:
            element = self._document(parent, "TextSource", source, "")
            self._select(element, source, codings.get(source.id, ()))
            self._give(element, source.variables)

    def _document(
        self, parent: etree._Element, kind: str, source: Source, by: str
    ) -> etree._Element:
        element = _add(
            parent,
            kind,
            guid=source.id,
            name=source.name,
            plainTextPath=f"internal://{source.id}.txt",
            **self._made(by, source.created),
        )
        _describe(element, source.description)
        return element

    def _select(self, parent: etree._Element, source: Source, codings: Iterable[Coding]) -> None:
        """Selections with the codings that one person made there; a note on a coding describes its
        selection, so that those with another one stand apart. A passage without a code refers to
        the memos about it, else it would be nothing to most programs.
        """
        together: dict[tuple[int, int, str, str], list[Coding]] = {}
        for coding in codings:
            key = (coding.start, coding.end, coding.by, coding.note)
            together.setdefault(key, []).append(coding)
        for (start, end, by, note), here in together.items():
            of = ("selection", source.id, str(start), str(end), by, note)
            guid = self._guid(*of) if here[0].code else here[0].id
            words = one_line(here[0].words)
            element = _add(
                parent,
                "PlainTextSelection",
                guid=guid,
                name=words if len(words) <= _NAME else f"{words[: _NAME - 1].rstrip()}…",
                startPosition=str(start),
                endPosition=str(end),
                **self._made(by or (self._nobody if here[0].code else ""), here[0].created),
            )
            _describe(element, note)
            for coding in here:
                self._selections[coding.id] = guid
                if coding.code:
                    made = self._made(by or self._nobody, coding.created)
                    applied = _add(element, "Coding", guid=coding.id, **made)
                    _add(applied, "CodeRef", targetGUID=coding.code)
            for memo in (memo for coding in here if not coding.code for memo in self._of(coding)):
                _add(element, "NoteRef", targetGUID=memo)

    def _of(self, coding: Coding) -> list[str]:
        """The memos about a passage."""
        return [memo.id for memo in self._project.memos if coding.id in memo.about]

    def _notes(self, root: etree._Element) -> None:
        memos = self._project.memos
        parent = _add(root, "Notes") if memos else root
        for memo in memos:
            source = Source(memo.id, memo.title, memo.text, created=memo.created)
            self._document(parent, "Note", source, memo.by)

    def _links(self, root: etree._Element) -> None:
        """From each memo to what it is about, of a coding to its selection; and the relations,
        which refer to the memos about them.
        """
        relations = {relation.id: relation for relation in self._project.relations}
        notes: dict[str, list[str]] = {}
        pairs = [(memo.id, about) for memo in self._project.memos for about in memo.about]
        for memo, about in pairs:
            if about in relations:
                notes.setdefault(about, []).append(memo)
        elsewhere = {*relations, *(one.id for one in self._project.codings if not one.code)}
        pairs = [(memo, about) for memo, about in pairs if about not in elsewhere]
        pairs = [(memo, self._selections.get(about, about)) for memo, about in pairs]
        pairs = list(dict.fromkeys(pairs))
        parent = _add(root, "Links") if pairs or relations else root
        for relation in relations.values():
            element = _add(
                parent,
                "Link",
                guid=relation.id,
                name=relation.name,
                direction=_direction(relation),
                originGUID=relation.source,
                targetGUID=relation.target,
            )
            for memo in notes.get(relation.id, ()):
                _add(element, "NoteRef", targetGUID=memo)
        for memo, about in pairs:
            guid = self._guid("about", memo, about)
            ends = {"originGUID": memo, "targetGUID": about}
            _add(parent, "Link", guid=guid, name="about", direction="OneWay", **ends)

    def _graph(self, root: etree._Element) -> None:
        """The diagram of the theory: groups side by side, what stands under each below it; what is
        related; lines.
        """
        codes = {code.id: code for code in self._project.codes}
        groups = [code for code in codes.values() if code.is_group and not code.parent]
        columns = [[group.id, *self._held_by(group.id, codes)] for group in groups]
        placed = {id for column in columns for id in column}
        ends = (end for one in self._project.relations for end in (one.source, one.target))
        columns.append([id for id in dict.fromkeys(ends) if id not in placed and id in codes])
        if not any(columns):
            return
        graph = _add(_add(root, "Graphs"), "Graph", guid=self._guid("graph"), name="The theory")
        vertices: dict[str, str] = {}
        for across, column in enumerate(column for column in columns if column):
            for down, id in enumerate(column):
                vertices[id] = self._guid("vertex", id)
                x, y = across * _ACROSS, down * _DOWN
                _add(
                    graph,
                    "Vertex",
                    guid=vertices[id],
                    representedGUID=id,
                    name=codes[id].name,
                    firstX=str(x),
                    firstY=str(y),
                    secondX=str(x + _WIDE),
                    secondY=str(y + _HIGH),
                    shape="Rectangle" if codes[id].is_group else "RoundedRectangle",
                )
        for id in vertices:
            parent = codes[id].parent
            if parent in vertices:
                line = Relation(self._guid("held", id), id, parent, "", is_directed=False)
                self._edge(graph, line, vertices, "")
        for relation in self._project.relations:
            if {relation.source, relation.target} <= vertices.keys():
                self._edge(graph, relation, vertices, relation.id)

    def _held_by(self, group: str, codes: dict[str, Code]) -> list[str]:
        """What is in a group, and holds or is related to something itself."""
        related = {end for one in self._project.relations for end in (one.source, one.target)}
        parents = {code.parent for code in codes.values()}
        found: list[str] = []
        for code in codes.values():
            if code.parent == group:
                if code.id in related or code.id in parents:
                    found.append(code.id)
                found += self._held_by(code.id, codes)
        return found

    def _edge(
        self, graph: etree._Element, line: Relation, vertices: dict[str, str], represented: str
    ) -> None:
        _add(
            graph,
            "Edge",
            guid=self._guid("edge", line.id),
            representedGUID=represented,
            name=line.name,
            sourceVertex=vertices[line.source],
            targetVertex=vertices[line.target],
            direction=_direction(line),
            lineStyle="solid" if represented else "dotted",
        )


def _direction(relation: Relation) -> str:
    return "OneWay" if relation.is_directed else "Associative"
