"""QualCoder's project: a folder `NAME.qda` with the database `data.qda` in it.

Categories hold codes, and from version 4 codes hold codes. Cases have attributes and stretches of
files; the journal and annotations are memos.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path

from gtpipe.exchange import positions, quoted
from gtpipe.exchange.database import Database, Row, holds, opened
from gtpipe.exchange.positions import Stretch
from gtpipe.exchange.records import Case, Code, Coding, Loss, Memo, Person, Project, Source
from gtpipe.exchange.registry import ExchangeReader
from gtpipe.model import limits
from gtpipe.model.names import one_line

_WHAT = "QualCoder project"
_NEEDED = {
    "project": ("databaseversion",),
    "source": ("id", "name", "fulltext"),
    "code_name": ("cid", "name", "catid"),
    "code_cat": ("catid", "name", "supercatid"),
    "code_text": ("cid", "fid", "seltext", "pos0", "pos1", "owner"),
}
_DO = "Open it with QualCoder 3 or later, which brings it to its own layout, and import it again"
_NO_TEXT = {"code_image": "coding of a picture", "code_av": "coding of a recording"}


def _database_of(path: Path) -> Path:
    return path / "data.qda" if path.is_dir() else path


def _shows(path: Path) -> bool:
    return holds(_database_of(path), "code_text", "code_cat")


def read(path: Path, columns: Mapping[str, str]) -> Project:
    """Raises UserError where its database is damaged or of another layout."""
    file = _database_of(path)
    with opened(file, _WHAT, _NEEDED, _DO) as database:
        name = path.name if path.is_dir() else path.resolve().parent.name
        return _Reading(database).project(name.removesuffix(".qda"))


class _Reading:
    def __init__(self, database: Database) -> None:
        self.database = database
        self.losses: list[Loss] = []
        self.told: list[str] = []
        rows = list(database.rows("source", "id", "name", "fulltext", "memo", "date", order="id"))
        self.texts = {row["id"]: row["fulltext"] for row in rows if row["fulltext"].strip()}
        self.files = {row["id"]: row for row in rows}
        self.losses += [
            Loss("file without a text", row["name"]) for row in rows if row["id"] not in self.texts
        ]
        fields = ("anid", "fid", "pos0", "pos1", "memo", "owner", "date")
        self.annotations = [
            row | {"cid": "", "seltext": ""}
            for row in database.rows("annotation", *fields, order="anid")
            if row["fid"] in self.texts and row["memo"].strip()
        ]

    def project(self, name: str) -> Project:
        codes = tuple(self._codes())
        codings = self._codings({code.id for code in codes})
        for table, kind in _NO_TEXT.items():
            count = self.database.count(table)
            self.losses += [Loss(kind, f"number {number}") for number in range(1, count + 1)]
        for row in self.database.rows("graph", "name"):
            self.losses.append(Loss("graph", row["name"]))
        for row in self.database.rows("attribute_type", "name", "memo"):
            if row["memo"].strip():
                self.losses.append(Loss("memo of an attribute", row["name"]))
        memos, cases = tuple(self._memos()), tuple(self._cases())
        owners = (*(coding.by for coding in codings), *(memo.by for memo in memos))
        people = dict.fromkeys(filter(None, owners))
        return Project(
            name,
            "QualCoder",
            tuple(Person(person, person) for person in people),
            codes,
            tuple(self._sources()),
            codings,
            memos,
            cases,
            losses=tuple(self.losses),
            told=tuple(self.told),
        )

    def _codes(self) -> Iterator[Code]:
        for row in self.database.rows("code_cat", "catid", "name", "memo", "supercatid"):
            above = row["supercatid"]
            yield Code(
                f"category {row['catid']}",
                row["name"],
                row["memo"],
                f"category {above}" if above else "",
                is_group=True,
            )
        fields = ("cid", "name", "memo", "catid", "supercid", "color")
        for row in self.database.rows("code_name", *fields, order="cid"):
            category = f"category {row['catid']}" if row["catid"] else ""
            yield Code(
                row["cid"], row["name"], row["memo"], row["supercid"] or category, row["color"]
            )

    def _sources(self) -> Iterator[Source]:
        variables = self._variables("file")
        for id, text in self.texts.items():
            row = self.files[id]
            yield Source(
                id,
                row["name"],
                positions.plain(text),
                row["memo"],
                row["date"],
                variables.get(id, ()),
            )

    def _codings(self, codes: set[str]) -> tuple[Coding, ...]:
        """What is coded, and behind it what is annotated, as passages without a code."""
        fields = ("cid", "fid", "seltext", "pos0", "pos1", "owner", "date", "memo", "important")
        coded = [
            row for row in self.database.rows("code_text", *fields) if self._is_whole(row, codes)
        ]
        rows = [*coded, *self.annotations]
        spans = self._spans(rows)
        return tuple(
            Coding(
                f"annotation {row['anid']}" if "anid" in row else f"coding {number}",
                row["fid"],
                *span,
                row["cid"],
                row["owner"],
                "" if "anid" in row else row["memo"],
                row["seltext"],
                row["date"],
            )
            for number, (row, span) in enumerate(zip(rows, spans, strict=True), 1)
        )

    def _is_whole(self, row: Row, codes: set[str]) -> bool:
        """Whether a coding's code and file are there."""
        which = f'"{limits.cut(one_line(row["seltext"]), 60)}"'
        if row["cid"] not in codes:
            self.losses.append(Loss("coding with a code that is not there", which))
        elif row["fid"] not in self.texts:
            self.losses.append(Loss("coding of a file that is not there", which))
        else:
            if row["important"] == "1":
                self.losses.append(Loss("mark of a coding as important", which))
            return True
        return False

    def _spans(self, rows: list[Row]) -> list[tuple[int, int]]:
        """Where codings stand; -1 where one is known by its words alone."""
        stretches = [
            Stretch(row["fid"], _number(row["pos0"]), _number(row["pos1"]), row["seltext"])
            for row in rows
        ]
        spans, told = quoted.spans_of(self.texts, stretches, "codings")
        self.told += told
        return spans

    def _memos(self) -> Iterator[Memo]:
        for row in self.database.rows("project", "memo", "date", "codername"):
            if row["memo"].strip():
                yield Memo("project", "Project memo", row["memo"], (), "", row["date"])
        fields = ("jid", "name", "jentry", "date", "owner")
        for row in self.database.rows("journal", *fields, order="jid"):
            id = f"journal {row['jid']}"
            yield Memo(id, row["name"] or id, row["jentry"], (), row["owner"], row["date"])
        for row in self.annotations:
            id = f"annotation {row['anid']}"
            title = f"{self.files[row['fid']]['name']}, {id}"
            yield Memo(f"memo of {id}", title, row["memo"], (id,), row["owner"], row["date"])
        for row in self.database.rows("cases", "caseid", "name", "memo", "date"):
            if row["memo"].strip():
                id = f"case {row['caseid']}"
                yield Memo(f"memo of {id}", row["name"], row["memo"], (id,), "", row["date"])

    def _cases(self) -> Iterator[Case]:
        files: dict[str, dict[str, None]] = {}
        parts: dict[str, dict[str, None]] = {}
        for row in self.database.rows("case_text", "caseid", "fid", "pos0", "pos1"):
            if row["fid"] in self.texts:
                files.setdefault(row["caseid"], {})[row["fid"]] = None
                if _number(row["pos1"]) - _number(row["pos0"]) < len(self.texts[row["fid"]]) - 2:
                    parts.setdefault(row["caseid"], {})[self.files[row["fid"]]["name"]] = None
        variables = self._variables("case")
        for row in self.database.rows("cases", "caseid", "name", order="caseid"):
            id = row["caseid"]
            self.losses += [
                Loss("case that is a part of a file", f"{row['name']}, in {file}")
                for file in parts.get(id, ())
            ]
            yield Case(f"case {id}", row["name"], tuple(files.get(id, ())), variables.get(id, ()))

    def _variables(self, of: str) -> dict[str, tuple[tuple[str, str], ...]]:
        """The attributes of cases or files that have a value, by id."""
        found: dict[str, tuple[tuple[str, str], ...]] = {}
        fields = ("name", "attr_type", "value", "id")
        for row in self.database.rows("attribute", *fields, order="attrid"):
            if row["attr_type"] == of and row["value"].strip():
                found[row["id"]] = (*found.get(row["id"], ()), (row["name"], row["value"]))
        return found


def _number(written: str) -> int:
    return int(written) if written.isdecimal() and len(written) < 16 else 0


READER = ExchangeReader("QualCoder (folder .qda)", _shows, read)
