"""Taguette's database (`.sqlite3`): a project, its documents, tags, highlights and who made them.

Places count bytes of the text between a document's tags; a highlight's snippet says which words it
holds. A tag's dots make a tree, as in Taguette itself: `Losing control.Hiding`.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from pathlib import Path

from gtpipe.exchange import code_paths, quoted
from gtpipe.exchange.database import Database, holds, opened
from gtpipe.exchange.page_text import PageText, page_text
from gtpipe.exchange.positions import Convention, Stretch, Unit
from gtpipe.exchange.records import Coding, Loss, Memo, Person, Project, Source
from gtpipe.exchange.registry import ExchangeReader
from gtpipe.model import limits
from gtpipe.model.names import one_line
from gtpipe.model.problems import UserError

_WHAT = "Taguette database"
_NEEDED = {
    "projects": ("id", "name"),
    "documents": ("id", "project_id", "name", "contents"),
    "tags": ("id", "project_id", "path", "description"),
    "highlights": ("id", "document_id", "start_offset", "end_offset", "snippet"),
    "highlight_tags": ("highlight_id", "tag_id"),
}
_DO = (
    "Open it with Taguette 1.0 or later, which brings a database of before to its own layout, and "
    "import it again"
)
_CONVENTIONS = tuple(map(Convention, (Unit.BYTES, Unit.CODE_POINTS, Unit.UTF_16)))
# A dot between words, not in `Dr. Smith`, `3.5`, `e.g.` or `and so on ...`
_DOT = re.compile(r"(?<=[^\s.])(?<!\b\w)\.(?=[^\s.])(?!\w\b)(?!(?<=\d\.)\d)")


def path_of(tag: str) -> code_paths.Path:
    """A tag's place in the tree that its dots make.

    >>> path_of("Losing control.What now?.Hiding"), path_of("e.g. 3.5 hours... More.")
    (('Losing control', 'What now?', 'Hiding'), ('e.g. 3.5 hours... More.',))
    """
    return tuple(_DOT.split(tag))


def read(path: Path, columns: Mapping[str, str]) -> Project:
    """Raises UserError where it is damaged, of another layout, or holds several projects and none
    is chosen (`columns` may name one: `project`).
    """
    with opened(path, _WHAT, _NEEDED, _DO) as database:
        return _Reading(database, path, columns.get("project", "")).project()


class _Reading:
    def __init__(self, database: Database, path: Path, wanted: str) -> None:
        self.database, self.path = database, path
        self.chosen = self._choose(wanted)
        self.losses: list[Loss] = []
        self.told: list[str] = []

    def _choose(self, wanted: str) -> dict[str, str]:
        projects = list(self.database.rows("projects", "id", "name", "description", "created"))
        matching = [row for row in projects if not wanted or wanted in (row["name"], row["id"])]
        if len(matching) == 1:
            return matching[0]
        named = limits.some(f'{row["id"]} "{row["name"]}"' for row in matching or projects)
        raise UserError.at(
            str(self.path),
            None,
            f"this {_WHAT} holds {len(projects)} projects: {named}"
            if projects
            else f"this {_WHAT} holds no project",
            "Say which with --columns project=NUMBER" if projects else "Is it the right file?",
        )

    def project(self) -> Project:
        documents = self._own("documents", "id", "name", "description", "contents", "created")
        pages = {row["id"]: page_text(row["contents"]) for row in documents}
        tags = {row["id"]: row for row in self._own("tags", "id", "path", "description")}
        by_path = {path_of(row["path"]): row["description"] for row in tags.values()}
        codings = self._codings(documents, pages, tags)
        logins = dict.fromkeys(coding.by for coding in codings if coding.by)
        for row in documents:
            self.losses += [Loss("picture in a document", row["name"])] * row["contents"].count(
                "<img"
            )
        note = self.chosen["description"].strip()
        return Project(
            self.chosen["name"],
            "Taguette",
            tuple(Person(login, login) for login in logins),
            code_paths.tree(by_path),
            tuple(
                Source(
                    row["id"],
                    row["name"],
                    pages[row["id"]].shown,
                    row["description"],
                    row["created"],
                )
                for row in documents
            ),
            codings,
            (Memo("project", self.chosen["name"], note, created=self.chosen["created"]),)
            if note
            else (),
            losses=tuple(self.losses),
            told=tuple(self.told),
        )

    def _own(self, table: str, *columns: str) -> list[dict[str, str]]:
        rows = self.database.rows(table, *columns, "project_id", order="id")
        return [row for row in rows if row["project_id"] == self.chosen["id"]]

    def _codings(
        self,
        documents: list[dict[str, str]],
        pages: dict[str, PageText],
        tags: dict[str, dict[str, str]],
    ) -> tuple[Coding, ...]:
        names = {row["id"]: row["name"] for row in documents}
        tagged: dict[str, list[str]] = {}
        for row in self.database.rows("highlight_tags", "highlight_id", "tag_id"):
            tagged.setdefault(row["highlight_id"], []).append(row["tag_id"])
        fields = ("id", "document_id", "start_offset", "end_offset", "snippet")
        highlights = [
            row
            for row in self.database.rows(
                "highlights", *fields, order="document_id start_offset id"
            )
            if row["document_id"] in pages
        ]
        spans = self._spans(highlights, pages)
        makers = self._makers()
        codings = []
        for row in highlights:
            id, document = row["id"], row["document_id"]
            words = page_text(row["snippet"]).shown
            start, end = spans[id]
            which = f'{names[document]}: "{limits.cut(one_line(words), 60)}"'
            if not words or start == end != -1:
                self.losses.append(Loss("highlight of blanks alone", which))
                continue
            if not tagged.get(id):
                self.losses.append(Loss("highlight without a tag", which))
            by, created = makers.get(id, ("", ""))
            for tag in tagged.get(id, ()):
                if tag not in tags:
                    self.losses.append(Loss("highlight with a tag that is not there", which))
                    continue
                code = code_paths.id_of(path_of(tags[tag]["path"]))
                codings.append(
                    Coding(
                        f"{id}/{tag}", document, start, end, code, by, words=words, created=created
                    )
                )
        return tuple(codings)

    def _spans(
        self, highlights: list[dict[str, str]], pages: dict[str, PageText]
    ) -> dict[str, tuple[int, int]]:
        """Where each highlight stands in its document's text; -1 where it is known by its words
        alone.
        """
        # Whoever parses a page drops the blanks that it begins with.
        leads = {id: len(p.counted) - len(p.counted.lstrip()) for id, p in pages.items()}
        texts = {id: page.counted[leads[id] :] for id, page in pages.items()}
        stretches = [
            Stretch(
                row["document_id"],
                _number(row["start_offset"]),
                _number(row["end_offset"]),
                page_text(row["snippet"]).counted,
            )
            for row in highlights
        ]
        spans, told = quoted.spans_of(texts, stretches, "highlights", _CONVENTIONS)
        self.told += told
        return {
            row["id"]: span
            if span == quoted.BY_WORDS
            else pages[row["document_id"]].span(*(at + leads[row["document_id"]] for at in span))
            for row, span in zip(highlights, spans, strict=True)
        }

    def _makers(self) -> dict[str, tuple[str, str]]:
        """Who made each highlight and when, by what Taguette records of its commands."""
        made: dict[str, tuple[str, str]] = {}
        for row in self.database.rows("commands", "user_login", "date", "payload"):
            try:
                payload = json.loads(row["payload"])
            except ValueError:
                continue
            if isinstance(payload, dict) and payload.get("type") == "highlight_add":
                made[str(payload.get("highlight_id"))] = (row["user_login"], row["date"])
        return made


def _number(written: str) -> int:
    return int(written) if re.fullmatch(r"\d{1,15}", written) else 0


READER = ExchangeReader(
    "Taguette (.sqlite3)", lambda path: holds(path, "documents", "highlights"), read, ("project",)
)
