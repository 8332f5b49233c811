"""Tables of coded words: MAXQDA's and NVivo's coded segments, ATLAS.ti's quotations, Dedoose's and
Delve's excerpts, Taguette's highlights, gtpipe's own, and any other whose columns a person names;
and tables of codes with their definitions.

They have the words and no place, so that codings go by their words. Which program wrote a table is
known by its headings.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import NamedTuple

from gtpipe.exchange import code_paths, table_files
from gtpipe.exchange.records import Coding, Loss, Person, Project, Source
from gtpipe.exchange.registry import ExchangeReader
from gtpipe.exchange.table_files import Sheet
from gtpipe.exchange.taguette_reader import path_of as taguette_path
from gtpipe.model import limits
from gtpipe.model.names import one_line
from gtpipe.model.problems import UserError, did_you_mean
from gtpipe.readers.tables.column_headers import Row, letter, plain_heading
from gtpipe.text import cells

ROLES = ("interview", "code", "words", "coder", "note")
_NEEDED = ("interview", "code", "words")
_DEPTH = 20  # rows in which the headings are looked for
_DO = (
    "Say which columns they are: --columns interview=NAME,code=NAME,words=NAME,coder=NAME "
    "(or letters: A, B, C)"
)
_BACKSLASHES = re.compile(r"\\+")
_NVIVO_ROOTS = frozenset(
    ("codes", "nodes", "tree nodes", "files", "internals", "cases", "codes nodes")
)
_DEDOOSE_CODE = re.compile(r"\s*Code:\s*(?P<path>.+?)\s+Applied\s*", re.IGNORECASE)
_NOTHING = re.compile(r"(?!)")
_YES = frozenset(("true", "yes", "1", "x", "wahr", "vrai"))


class Layout(NamedTuple):
    """How a program writes its table: the headings that its roles may have, without capitals and
    punctuation. `known_by` must be there; `several` cuts the cells of a column of "codes", None
    where a row has one.
    """

    origin: str
    known_by: frozenset[str]
    headings: Mapping[str, tuple[str, ...]]
    several: re.Pattern[str] | None = None


_MAXQDA = {
    "interview": ("document name", "dokumentname", "document", "dokument"),
    "code": ("code",),
    "words": ("segment", "segmente"),
    "coder": ("author", "created by", "autor", "autor in", "erstellt von"),
    "note": ("comment", "kommentar"),
}
_NVIVO = {
    "interview": ("file name", "file", "source name", "source", "document", "name of file"),
    "code": (
        "code hierarchical name",
        "hierarchical name",
        "code name",
        "code",
        "node name",
        "node",
    ),
    "words": ("coded text", "reference text", "coded content"),
    "coder": ("coded by initials", "coded by", "coded by user", "user"),
}
_ATLAS = {
    "interview": ("document", "document name", "dokument", "dokumentname"),
    "code": ("codes", "code", "kodes"),
    "words": ("quotation content", "zitatinhalt", "inhalt des zitats"),
    "coder": ("created by", "erstellt von"),
    "note": ("comment", "quotation comment", "kommentar"),
}
_DEDOOSE = {
    "interview": ("media title", "resource title"),
    "code": ("codes applied combined",),
    "words": ("excerpt copy", "excerpt"),
    "coder": ("excerpt creator",),
}
_DELVE = {
    "interview": ("transcript", "transcript name", "transcript title", "document"),
    "code": ("code", "codes", "code name"),
    "words": ("snippet", "snippets", "snippet text"),
    "coder": ("coded by", "coder", "created by", "user"),
    "note": ("memo", "note", "comment"),
}
_LAYOUTS = (
    Layout(
        "Taguette",
        frozenset(("id", "document", "tag", "content")),
        {"interview": ("document",), "code": ("tag",), "words": ("content",)},
    ),
    Layout(
        "gtpipe",
        frozenset(("interview", "turn", "level", "code", "words")),
        {role: (role,) for role in ROLES},
    ),
    Layout("MAXQDA", frozenset(("segment",)), _MAXQDA),
    Layout("MAXQDA", frozenset(("segmente",)), _MAXQDA),
    *(Layout("NVivo", frozenset((words,)), _NVIVO) for words in _NVIVO["words"]),
    *(
        Layout("ATLAS.ti", frozenset((words,)), _ATLAS, re.compile(r"\s*\n\s*"))
        for words in _ATLAS["words"]
    ),
    Layout("Dedoose", frozenset(("excerpt copy", "media title")), _DEDOOSE, re.compile(r"\s*,\s*")),
    *(
        Layout("Delve", frozenset((words,)), _DELVE, re.compile(r"\s*(?:[;\n]|,\s)\s*"))
        for words in _DELVE["words"]
    ),
    Layout("a table", frozenset(_NEEDED), {role: (role,) for role in ROLES}),
)
_CODE_NAMES = ("tag", "code", "label", "code name", "name")
_DEFINITIONS = ("description", "definition", "code definition", "code memo", "memo", "meaning")


class _Found(NamedTuple):
    """A table that is understood: its layout, where its headings stand, and which column has which
    role.
    """

    layout: Layout
    sheet: Sheet
    header: int
    columns: dict[str, int]

    @property
    def headings(self) -> tuple[str, ...]:
        return self.sheet.rows[self.header].cells

    @property
    def body(self) -> tuple[Row, ...]:
        return self.sheet.rows[self.header + 1 :]


def _shows(path: Path) -> bool:
    if not path.is_file():
        return False
    if table_files.is_table(path):
        return True
    lines = tuple(Sheet("", (row,)) for row in table_files.first_rows(path))
    return _known(lines) is not None or _code_book(lines) is not None


def read(path: Path, columns: Mapping[str, str]) -> Project:
    """Raises UserError where the file is no table, or it is not clear what its columns hold."""
    sheets, remarks = table_files.sheets(path)
    found = _named(sheets, columns, path) if columns else _known(sheets)
    if found is None:
        book = _code_book(sheets)
        if book is not None:
            return book._replace(name=path.stem, told=remarks)
        raise _unclear(sheets[0], path)
    project = _Reading(found).project(path.stem)
    sheet = (f'sheet "{found.sheet.name}"',) if len(sheets) > 1 else ()
    return project._replace(told=(*remarks, *sheet, *project.told))


def _known(sheets: tuple[Sheet, ...]) -> _Found | None:
    """The first sheet and row whose headings some program writes."""
    for sheet in sheets:
        for index, row in enumerate(sheet.rows[:_DEPTH]):
            names = [plain_heading(cell) for cell in row.cells]
            for layout in _LAYOUTS:
                columns = {
                    role: names.index(heading)
                    for role, headings in layout.headings.items()
                    if (heading := next((h for h in headings if h in names), ""))
                }
                if layout.known_by.issubset(names) and columns.keys() >= set(_NEEDED):
                    return _Found(layout, sheet, index, columns)
    return None


def _named(sheets: tuple[Sheet, ...], columns: Mapping[str, str], path: Path) -> _Found:
    """The table by the columns that a person named: by heading, letter, or number from 1."""
    missing = next((role for role in _NEEDED if not columns.get(role)), "")
    if missing:
        what = f"--columns does not say which column has the {missing}"
        raise UserError.at(str(path), None, what, _DO)
    wanted = {plain_heading(name) for name in columns.values()}
    for sheet in sheets:
        for index, row in enumerate(sheet.rows[:_DEPTH]):
            if wanted <= {plain_heading(cell) for cell in row.cells}:
                return _Found(_LAYOUTS[-1], sheet, index, _places(columns, row, path))
    first = sheets[0]
    return _Found(_LAYOUTS[-1], first, 0, _places(columns, first.rows[0], path))


def _places(columns: Mapping[str, str], header: Row, path: Path) -> dict[str, int]:
    names = [plain_heading(cell) for cell in header.cells]
    places = {}
    for role, name in columns.items():
        if plain_heading(name) in names:
            places[role] = names.index(plain_heading(name))
            continue
        letters = [letter(index) for index in range(len(names))]
        numbers = [str(index + 1) for index in range(len(names))]
        place = next(
            (at.index(name.upper()) for at in (letters, numbers) if name.upper() in at), -1
        )
        if place < 0:
            raise UserError.at(
                str(path),
                header.number,
                f'this table has no column "{name}"; its first row is {_shown(header)}',
                did_you_mean(name, [cell for cell in header.cells if cell]) or _DO,
            )
        places[role] = place
    return places


def _unclear(sheet: Sheet, path: Path) -> Exception:
    return UserError.at(
        str(path),
        sheet.rows[0].number,
        "it is not clear which columns of this table have the interview, the code and the words. "
        f"Its first row is {_shown(sheet.rows[0])}",
        _DO,
    )


def _shown(row: Row) -> str:
    cells = [f'"{one_line(cell)[:30]}"' for cell in row.cells if cell.strip()]
    return limits.some(cells, 12)


class _Reading:
    def __init__(self, found: _Found) -> None:
        self.found = found
        self.losses: list[Loss] = []
        self.paths: dict[code_paths.Path, str] = {}
        self.cut_at_commas = 0
        self.applied = {
            index: _path_of("Dedoose", matched["path"])
            for index, heading in enumerate(found.headings)
            if found.layout.origin == "Dedoose" and (matched := _DEDOOSE_CODE.fullmatch(heading))
        }

    def project(self, name: str) -> Project:
        codings = tuple(self._codings())
        sources = dict.fromkeys(coding.source for coding in codings)
        people = dict.fromkeys(coding.by for coding in codings if coding.by)
        return Project(
            name,
            self.found.layout.origin,
            tuple(Person(person, person) for person in people),
            code_paths.tree(self.paths),
            tuple(Source(source, source, "") for source in sources),
            codings,
            losses=tuple(self.losses),
            told=self._told(),
        )

    def _told(self) -> tuple[str, ...]:
        """Which columns were read as what and which not; and where codes were cut at commas."""
        read = {*self.found.columns.values(), *self.applied}
        left = [h for at, h in enumerate(self.found.headings) if h.strip() and at not in read]
        told = [f"columns of {self.found.layout.origin}: {self._columns()}"]
        if left:
            told.append(f"columns that are not read: {limits.some(map(one_line, left), 12)}")
        if self.cut_at_commas:
            told.append(
                f"{self.cut_at_commas} cells with several codes were cut at their commas: "
                "look at codes that have one in their name"
            )
        return tuple(told)

    def _columns(self) -> str:
        return ", ".join(
            f'{role} "{one_line(self.found.headings[at]) or letter(at)}"'
            for role, at in self.found.columns.items()
        )

    def _codings(self) -> Iterator[Coding]:
        for row in self.found.body:
            if row.cells == self.found.headings:
                continue
            words, interview = self._cell(row, "words"), self._cell(row, "interview")
            paths = [path for path in self._codes(row) if all(path)]
            which = f'row {row.number}: "{limits.cut(one_line(words), 60)}"'
            if self._is_of_another_level(row):
                self.losses.append(Loss("code that is no initial code", which))
            elif not words or not interview:
                missing = "words" if not words else "an interview"
                self.losses.append(Loss(f"row without {missing}", which))
            elif not paths:
                self.losses.append(Loss("row without a code", which))
            else:
                if self.found.layout.origin == "NVivo":
                    interview = _BACKSLASHES.split(interview)[-1]
                for number, path in enumerate(paths, 1):
                    self.paths.setdefault(path, "")
                    yield Coding(
                        f"row {row.number}/{number}",
                        interview,
                        -1,
                        -1,
                        code_paths.id_of(path),
                        self._cell(row, "coder"),
                        self._cell(row, "note"),
                        words,
                    )

    def _codes(self, row: Row) -> Iterator[code_paths.Path]:
        if self.applied:
            for index, path in self.applied.items():
                if row.cells[index].strip().casefold() in _YES:
                    yield path
            return
        cell, several = self._cell(row, "code"), self.found.layout.several
        heading = plain_heading(self.found.headings[self.found.columns["code"]])
        if several is None or "codes" not in heading:
            several = _NOTHING
        codes = several.split(cell)
        self.cut_at_commas += len(codes) > 1 and "," in cell
        for code in codes:
            yield _path_of(self.found.layout.origin, code.strip())

    def _is_of_another_level(self, row: Row) -> bool:
        """Whether a row of gtpipe's own table is a focused code or a category."""
        if self.found.layout.origin != "gtpipe":
            return False
        names = [plain_heading(cell) for cell in self.found.headings]
        return row.cells[names.index("level")].strip() not in ("", "initial")

    def _cell(self, row: Row, role: str) -> str:
        if role not in self.found.columns:
            return ""
        cell = row.cells[self.found.columns[role]].replace("\r\n", "\n").strip()
        return cells.as_typed(cell) if self.found.layout.origin == "gtpipe" else cell


def _path_of(origin: str, code: str) -> code_paths.Path:
    """A code's place in the tree, as programs write it.

    >>> _path_of("MAXQDA", "Losing control > Hiding"), _path_of("NVivo", r"Codes\\\\Losing\\Hiding")
    (('Losing control', 'Hiding'), ('Losing', 'Hiding'))
    """
    if origin == "Taguette":
        return taguette_path(code)
    if origin == "MAXQDA":
        return tuple(part.strip() for part in re.split(r"\s+>\s+|\\+", code))
    if origin in ("NVivo", "Dedoose"):
        parts = tuple(part.strip() for part in _BACKSLASHES.split(code))
        is_rooted = origin == "NVivo" and len(parts) > 1 and parts[0].casefold() in _NVIVO_ROOTS
        return parts[1:] if is_rooted else parts
    return (code,)


def _code_book(sheets: tuple[Sheet, ...]) -> Project | None:
    """A table of codes and what they mean, without words."""
    for sheet in sheets:
        for index, row in enumerate(sheet.rows[:_DEPTH]):
            names = [plain_heading(cell) for cell in row.cells]
            name = next((n for n in _CODE_NAMES if n in names), "")
            meaning = next((n for n in _DEFINITIONS if n in names), "")
            if not name or not meaning:
                continue
            origin = "Taguette" if name == "tag" else "a table"
            code_at, meaning_at = names.index(name), names.index(meaning)
            paths = {
                _path_of(origin, other.cells[code_at].strip()): other.cells[meaning_at].strip()
                for other in sheet.rows[index + 1 :]
                if other.cells[code_at].strip()
            }
            return Project("", origin, codes=code_paths.tree(paths))
    return None


READER = ExchangeReader("tables of coded words (.csv, .xlsx)", _shows, read, ROLES)
