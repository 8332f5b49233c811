"""What the codes of another program are here: labels, their levels, and what stands in the code
book, the focused codes and the theory.

Labels are as typed. Codes that others stand under become focused codes and categories only where a
person says so; otherwise the path to a code stands in the first line of its definition.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from gtpipe.exchange import definitions
from gtpipe.exchange.records import Code, Loss, Project
from gtpipe.model.level import CATEGORY, FOCUSED, INITIAL, Level
from gtpipe.model.names import one_line
from gtpipe.text import yamltext

PATH = " > "


class CodeLabels:
    """Each code of a project by its id: its label and level here.

    `coded` are the ids that something is coded with. `parents` is '', 'focused' or 'category'.
    """

    def __init__(self, project: Project, parents: str = "") -> None:
        self.codes = {code.id: code for code in project.codes}
        self.coded = {coding.code for coding in project.codings if coding.code}
        self.losses: list[Loss] = []
        self.told: list[str] = []
        self._parent = self._without_circles()
        self.below: dict[str, list[str]] = defaultdict(list)
        for code in project.codes:
            if self._parent[code.id]:
                self.below[self._parent[code.id]].append(code.id)
        self.level = {code.id: self._level_of(code.id, parents) for code in project.codes}
        self.label = self._labels()

    def _without_circles(self) -> dict[str, str]:
        parents = {}
        for code in self.codes.values():
            parents[code.id] = code.parent if code.parent in self.codes else ""
            if code.parent and not parents[code.id]:
                self.losses.append(Loss("code above a code, which is not in the file", code.name))
        for id in parents:
            seen, at = {id}, parents[id]
            while at and at not in seen:
                seen.add(at)
                at = parents[at]
            if at == id:  # it stands below itself
                self.losses.append(Loss("place of a code that stands below itself", self._name(id)))
                parents[id] = ""
        return parents

    def _level_of(self, id: str, parents: str) -> Level:
        height = self._height(id)
        if parents and height == 1:
            return FOCUSED
        if height and parents == "category":
            return CATEGORY
        under = [self._height(child) for child in self.below[id]]
        return FOCUSED if parents and under and min(under) == 0 else INITIAL

    def _height(self, id: str) -> int:
        """How many levels stand below a code, without recursion: a tree may be deep."""
        height, layer = 0, self.below[id]
        while layer:
            height += 1
            layer = [child for one in layer for child in self.below[one]]
        return height

    def _name(self, id: str) -> str:
        """A code's name as a label: one line, without control characters."""
        name = one_line(self.codes[id].name)
        if not yamltext.printable(name):
            name = "".join(char for char in name if yamltext.printable(char)).strip()
            self.losses.append(Loss("control characters in the name of a code", name))
        return name or "a code without a name"

    def path(self, id: str) -> list[str]:
        """The names of the codes that a code stands under, the highest first."""
        names: list[str] = []
        at = self._parent[id]
        while at:
            names.append(self._name(at))
            at = self._parent[at]
        return names[::-1]

    def is_used(self, id: str) -> bool:
        """Whether a code is one here: it was coded with, or stands above none, or says something
        of its own. Others are the path of those below them.
        """
        return (
            id in self.coded
            or self.level[id] != INITIAL
            or not self.below[id]
            or bool(self.codes[id].definition.strip())
        )

    def _labels(self) -> dict[str, str]:
        named: dict[tuple[Level, str], list[str]] = defaultdict(list)
        names = {id: self._name(id) for id in self.codes}
        for id, name in names.items():
            if self.is_used(id):
                named[self.level[id], name].append(id)
        labels = dict(names)
        for (_, name), ids in named.items():
            places: dict[tuple[str, ...], str] = {}
            for id in ids if len(ids) > 1 else ():
                path = tuple(self.path(id))
                if path in places:
                    self.losses.append(Loss("code of the same name at the same place", name))
                labels[id] = places.setdefault(
                    path, name if not places else f"{name} ({PATH.join(path) or len(places)})"
                )
            if len(places) > 1:
                told = ", ".join(f'"{label}"' for label in places.values())
                self.told.append(f"Several codes are called so: {told} are kept apart")
        return labels

    def fields(self, id: str) -> dict[str, str]:
        """What the code book says of an initial code: definition, include, exclude, why it is
        parked, as far as they say something.
        """
        definition, found = definitions.apart(
            self.definition(id), (definitions.INCLUDE, definitions.EXCLUDE, definitions.PARKED)
        )
        fields = {"definition": definition}
        fields |= {name.lower(): said for name, said in found.items()}
        return {name: said for name, said in fields.items() if said}

    def reason(self, id: str) -> tuple[str, str]:
        """The definition of a focused code, and what it was made for."""
        definition, found = definitions.apart(self.definition(id), (definitions.BECAUSE,))
        return definition, found.get(definitions.BECAUSE, "")

    def definition(self, id: str) -> str:
        """What a code means, below the path to it where that stands nowhere else."""
        said = self.codes[id].definition.replace("\r\n", "\n").replace("\r", "\n").strip()
        if said and not all(yamltext.printable(line) for line in said.split("\n")):
            self.losses.append(Loss("control characters in a definition", self.label[id]))
            said = "".join(char for char in said if char == "\n" or yamltext.printable(char))
        path = self.path(id)
        if not path or self.is_placed(id):
            return said
        return f"under: {PATH.join(path)}\n{said}".strip()

    def is_placed(self, id: str) -> bool:
        """Whether the code above is a level above it here, which takes it up."""
        above = self._parent[id]
        if not above:
            return False
        pair = (self.level[id], self.level[above])
        return pair in ((INITIAL, FOCUSED), (FOCUSED, CATEGORY), (CATEGORY, CATEGORY))

    def of_level(self, level: Level) -> Iterator[Code]:
        return (code for id, code in self.codes.items() if self.level[id] == level)

    def taken_up(self, id: str, level: Level) -> tuple[str, ...]:
        """The labels of this level right below a code."""
        below = (child for child in self.below[id] if self.level[child] == level)
        return tuple(dict.fromkeys(self.label[child] for child in below))

    def above(self, id: str) -> str:
        """The label of the code above, '' where that takes it up in no other way."""
        return self.label[self._parent[id]] if self._parent[id] else ""
