"""A project of qualitative-coding (`qc`): a folder with `settings.yaml`, the corpus as text files,
the code book as a tree in YAML, and a database of which lines have which codes. Memos are files.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from pathlib import Path

import yaml

from gtpipe.exchange.database import Database, Row, opened
from gtpipe.exchange.positions import plain
from gtpipe.exchange.records import Code, Coding, Loss, Memo, Person, Project, Source
from gtpipe.exchange.registry import ExchangeReader
from gtpipe.model import limits
from gtpipe.model.problems import UserError
from gtpipe.readers.lines.plain import text_of
from gtpipe.text.yamltext import Loader

_WHAT = "database of qualitative-coding"
_NEEDED = {
    "document": ("file_path",),
    "document_index": ("id", "document_id"),
    "location": ("id", "document_index_id"),
    "coded_line": ("id", "line", "coder_id", "code_id"),
    "coded_line_location_association": ("coded_line_id", "location_id"),
}
_DO = "Bring it to qualitative-coding 1.0 or later with its `qc upgrade`, and import it again"
_SETTINGS = "settings.yaml"
_MEMO_HEAD = re.compile(
    r"# (?P<title>.+)\n\s*(?:(?P<by>\S.*?) (?P<day>\d{4}-\d\d-\d\d)(?: \d\d:\d\d)?(?:\n\s*|\Z))?"
)
_DEEP = 50  # a tree of codes within codes


def _folder_of(path: Path) -> Path:
    return path if path.is_dir() else path.parent


def _shows(path: Path) -> bool:
    settings = _folder_of(path) / _SETTINGS
    if not (path.is_dir() or path.name == _SETTINGS) or not settings.is_file():
        return False
    start = settings.read_bytes()[: 2**16]
    return b"qc_version" in start or (b"corpus_dir" in start and b"codebook" in start)


def read(path: Path, columns: Mapping[str, str]) -> Project:
    """Raises UserError where a file of it is missing, lies elsewhere, or is damaged."""
    return _Reading(_folder_of(path)).project()


class _Reading:
    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.losses: list[Loss] = []
        settings = self._yaml(folder / _SETTINGS)
        self.settings: dict[str, object] = settings if isinstance(settings, dict) else {}

    def project(self) -> Project:
        file = self._named("database", "qualitative_coding.sqlite3")
        with opened(file, _WHAT, _NEEDED, _DO) as database:
            files = [row["file_path"] for row in database.rows("document", "file_path")]
            coders = [row["name"] for row in database.rows("coder", "name")]
            lines = _coded_lines(database)
        sources = tuple(self._sources(files))
        codings = tuple(self._codings(lines, {source.id: source.text for source in sources}))
        codes: dict[str, Code] = {}
        self._codes(self._yaml(self._named("codebook", "codebook.yaml")), "", codes)
        for coding in codings:
            codes.setdefault(coding.code, Code(coding.code, coding.code))
        memos = tuple(self._memos(coders))
        people = dict.fromkeys((*(coding.by for coding in codings), *(memo.by for memo in memos)))
        return Project(
            self.folder.resolve().name,
            "qualitative-coding",
            tuple(Person(person, person) for person in people if person),
            tuple(codes.values()),
            sources,
            codings,
            memos,
            losses=tuple(self.losses),
            told=("qualitative-coding codes whole lines: each coding is a line",)
            if codings
            else (),
        )

    def _named(self, setting: str, default: str = "") -> Path:
        """The file or folder that a setting names, which must lie in the project."""
        written = self.settings.get(setting, default)
        return self._within(self.folder / str(written), f'"{setting}" in {_SETTINGS}')

    def _within(self, path: Path, what: str) -> Path:
        if not path.resolve().is_relative_to(self.folder.resolve()):
            raise UserError.at(
                str(self.folder / _SETTINGS),
                None,
                f"{what} leads out of the project's folder: {path}",
                "Copy what it names into the folder, and name it there",
            )
        if not path.exists():
            raise UserError.at(
                str(path),
                None,
                f"{what} names this, and it is not there",
                "Copy the project again, whole",
            )
        return path

    def _yaml(self, path: Path) -> object:
        content, _ = text_of(path.read_bytes(), str(path))
        try:
            return yaml.load(content, Loader)
        except yaml.YAMLError as exc:
            mark = getattr(exc, "problem_mark", None)
            raise UserError.at(
                str(path), mark.line + 1 if mark else None, "this is no YAML", "Put the line right"
            ) from None

    def _sources(self, files: list[str]) -> Iterator[Source]:
        corpus = self._named("corpus_dir", "corpus")
        for name in files:
            path = self._within(corpus / name, "a document in its database")
            yield Source(name, name, plain(text_of(path.read_bytes(), str(path))[0]))

    def _codes(self, branch: object, parent: str, seen: dict[str, Code], depth: int = 0) -> None:
        """The tree of the code book into `seen`; of a code that stands in it twice, the first
        place.
        """
        if depth > _DEEP or len(self.losses) > limits.CODES:
            path = str(self._named("codebook", "codebook.yaml"))
            raise UserError.at(
                path, None, "this tree of codes has no end", "Look at its anchors (&)"
            )
        for name, below in _children(branch):
            if name in seen:
                self.losses.append(Loss("second place of a code in the tree", name))
            else:
                seen[name] = Code(name, name, parent=parent)
            self._codes(below, name, seen, depth + 1)

    def _codings(self, lines: list[Row], texts: dict[str, str]) -> Iterator[Coding]:
        bounds = {id: _line_bounds(text) for id, text in texts.items()}
        for row in lines:
            is_line = row["line"].isdecimal() and len(row["line"]) < 10
            file, line = row["file"], int(row["line"]) if is_line else -1
            which = f"{file}, line {line + 1}: {row['code_id']}"
            if file not in texts:
                self.losses.append(Loss("coding of a document that is not there", which))
            elif not 0 <= line < len(bounds[file]):
                self.losses.append(Loss("coding of a line that is not there", which))
            elif (span := bounds[file][line])[0] == span[1]:
                self.losses.append(Loss("coding of an empty line", which))
            else:
                words = texts[file][slice(*span)]
                yield Coding(
                    f"{file}:{row['id']}", file, *span, row["code_id"], row["coder_id"], words=words
                )

    def _memos(self, coders: list[str]) -> Iterator[Memo]:
        """Memos are files like `2026-03-01-10-00_ana_on_hiding.md`, with a heading, then who wrote
        it when.
        """
        folder = self.folder / str(self.settings.get("memos_dir", "memos"))
        if not folder.is_dir():
            return
        self._within(folder, f'"memos_dir" in {_SETTINGS}')
        for path in sorted(folder.iterdir()):
            if not path.is_file() or path.suffix not in (".md", ".txt"):
                continue
            text = plain(text_of(path.read_bytes(), str(path))[0]).strip()
            head = _MEMO_HEAD.match(text)
            said = text[head.end() :] if head else text
            by = next((part for part in path.stem.split("_") if part in coders), "")
            if head and head["by"] in coders:
                by = head["by"]
            if said:
                title = head["title"] if head else path.stem
                yield Memo(path.name, title, said, by=by, created=(head and head["day"]) or "")


def _coded_lines(database: Database) -> list[Row]:
    """Each coded line with its `file`: a line is tied to a paragraph, and that to its document."""
    files = {
        row["id"]: row["document_id"]
        for row in database.rows("document_index", "id", "document_id")
    }
    places = {
        row["id"]: files.get(row["document_index_id"], "")
        for row in database.rows("location", "id", "document_index_id")
    }
    tied: dict[str, dict[str, None]] = {}
    for row in database.rows("coded_line_location_association", "coded_line_id", "location_id"):
        tied.setdefault(row["coded_line_id"], {})[places.get(row["location_id"], "")] = None
    return [
        row | {"file": file}
        for row in database.rows("coded_line", "id", "line", "coder_id", "code_id", order="id")
        for file in tied.get(row["id"], {"": None})
    ]


def _children(branch: object) -> Iterator[tuple[str, object]]:
    """The codes right below: names, or names with what stands below them."""
    for item in branch if isinstance(branch, list) else [branch]:
        if isinstance(item, dict):
            yield from ((str(name), below) for name, below in item.items())
        elif isinstance(item, str) and item.strip():
            yield item, None


def _line_bounds(text: str) -> list[tuple[int, int]]:
    """Where the words of each line begin and end."""
    bounds, at = [], 0
    for line in text.split("\n"):
        start = at + len(line) - len(line.lstrip())
        bounds.append((start, max(start, at + len(line.rstrip()))))
        at += len(line) + 1
    return bounds


READER = ExchangeReader("qualitative-coding (folder with settings.yaml)", _shows, read)
