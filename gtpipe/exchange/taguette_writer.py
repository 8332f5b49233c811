"""A project → a database that Taguette opens: `taguette --database FILE`.

Taguette has documents of HTML, highlights in them with tags, and no more: nobody who coded, no
memos, no cases. Places are counted in UTF-8 bytes of the text between the HTML's marks. A tag is
called by its way down the tree of codes, the parts between full stops. Same project, same bytes.
"""

from __future__ import annotations

import html
import json
import re
import sqlite3
from collections.abc import Iterable, Iterator
from itertools import accumulate

from gtpipe.exchange.records import Code, Coding, Loss, Project

_VERSION = "db5e31a0233d"  # of Taguette's tables, since its 1.0
_USER = "admin"  # who is at a Taguette of one's own
_NO_DAY = "2000-01-01"
_PATH, _NAME = 200, 50  # characters of a tag's and a project's name
_NO_HTML = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ufdd0-\ufdef\ufffe\uffff\ud800-\udfff]")

_TABLES = """
CREATE TABLE users (
    login VARCHAR(30) NOT NULL,
    created DATETIME NOT NULL,
    hashed_password VARCHAR(192),
    disabled BOOLEAN NOT NULL,
    password_set_date DATETIME,
    language VARCHAR(10),
    email VARCHAR(256),
    email_sent DATETIME,
    CONSTRAINT pk_users PRIMARY KEY (login)
);
CREATE TABLE projects (
    id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    name VARCHAR(200) NOT NULL,
    description TEXT NOT NULL,
    created DATETIME NOT NULL
);
CREATE TABLE project_members (
    project_id INTEGER NOT NULL,
    user_login VARCHAR(30) NOT NULL,
    privileges VARCHAR(11) NOT NULL,
    CONSTRAINT pk_project_members PRIMARY KEY (project_id, user_login),
    CONSTRAINT fk_project_members_project_id_projects
        FOREIGN KEY(project_id) REFERENCES projects (id) ON DELETE CASCADE,
    CONSTRAINT fk_project_members_user_login_users
        FOREIGN KEY(user_login) REFERENCES users (login) ON DELETE CASCADE ON UPDATE CASCADE
);
CREATE TABLE documents (
    id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    name VARCHAR(200) NOT NULL,
    description TEXT NOT NULL,
    filename VARCHAR(200) NOT NULL,
    created DATETIME NOT NULL,
    project_id INTEGER NOT NULL,
    text_direction VARCHAR(13) NOT NULL,
    contents TEXT NOT NULL,
    CONSTRAINT fk_documents_project_id_projects
        FOREIGN KEY(project_id) REFERENCES projects (id) ON DELETE CASCADE
);
CREATE TABLE commands (
    id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    date DATETIME NOT NULL,
    user_login VARCHAR(30) NOT NULL,
    project_id INTEGER NOT NULL,
    document_id INTEGER,
    payload TEXT NOT NULL,
    CONSTRAINT fk_commands_user_login_users
        FOREIGN KEY(user_login) REFERENCES users (login) ON UPDATE CASCADE,
    CONSTRAINT fk_commands_project_id_projects
        FOREIGN KEY(project_id) REFERENCES projects (id) ON DELETE CASCADE
);
CREATE TABLE tags (
    id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    project_id INTEGER NOT NULL,
    path VARCHAR(200) NOT NULL,
    description TEXT NOT NULL,
    CONSTRAINT uq_tags_project_id UNIQUE (project_id, path),
    CONSTRAINT fk_tags_project_id_projects
        FOREIGN KEY(project_id) REFERENCES projects (id) ON DELETE CASCADE
);
CREATE TABLE highlights (
    id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    document_id INTEGER NOT NULL,
    start_offset INTEGER NOT NULL,
    end_offset INTEGER NOT NULL,
    snippet TEXT NOT NULL,
    CONSTRAINT fk_highlights_document_id_documents
        FOREIGN KEY(document_id) REFERENCES documents (id) ON DELETE CASCADE
);
CREATE TABLE highlight_tags (
    highlight_id INTEGER NOT NULL,
    tag_id INTEGER NOT NULL,
    CONSTRAINT pk_highlight_tags PRIMARY KEY (highlight_id, tag_id),
    CONSTRAINT fk_highlight_tags_highlight_id_highlights
        FOREIGN KEY(highlight_id) REFERENCES highlights (id) ON DELETE CASCADE,
    CONSTRAINT fk_highlight_tags_tag_id_tags
        FOREIGN KEY(tag_id) REFERENCES tags (id) ON DELETE CASCADE
);
CREATE TABLE alembic_version (
    version_num VARCHAR(32) NOT NULL,
    CONSTRAINT alembic_version_pkc PRIMARY KEY (version_num)
);
CREATE UNIQUE INDEX ix_users_email ON users (email);
CREATE INDEX ix_project_members_user_login ON project_members (user_login);
CREATE INDEX ix_project_members_project_id ON project_members (project_id);
CREATE INDEX ix_documents_project_id ON documents (project_id);
CREATE INDEX ix_commands_date ON commands (date);
CREATE INDEX ix_commands_project_id ON commands (project_id);
CREATE INDEX idx_project_document ON commands (project_id, document_id);
CREATE INDEX ix_commands_user_login ON commands (user_login);
CREATE INDEX ix_commands_document_id ON commands (document_id);
CREATE INDEX idx_project_id ON commands (project_id, id);
CREATE INDEX ix_tags_project_id ON tags (project_id);
CREATE INDEX ix_tags_path ON tags (path);
CREATE INDEX ix_highlights_document_id ON highlights (document_id);
CREATE INDEX ix_highlight_tags_highlight_id ON highlight_tags (highlight_id);
CREATE INDEX ix_highlight_tags_tag_id ON highlight_tags (tag_id);
"""


def database(project: Project) -> tuple[bytes, tuple[Loss, ...]]:
    """The bytes of a database, and what of the project is not in it."""
    days = [*(one.created for one in project.sources), *(one.created for one in project.memos)]
    day = _moment(max(days, default=""))
    named = paths(project.codes)
    numbers = {id: number for number, id in enumerate(named, 1)}
    with sqlite3.connect(":memory:") as base:
        base.executescript(_TABLES)
        base.execute("INSERT INTO alembic_version VALUES (?)", (_VERSION,))
        base.execute("INSERT INTO users (login, created, disabled) VALUES (?, ?, 0)", (_USER, day))
        name = project.name if len(project.name) <= _NAME else f"{project.name[: _NAME - 1]}…"
        base.execute("INSERT INTO projects VALUES (1, ?, '', ?)", (name, day))
        base.execute("INSERT INTO project_members VALUES (1, ?, 'ADMIN')", (_USER,))
        base.execute(
            "INSERT INTO commands VALUES (1, ?, ?, 1, NULL, ?)",
            (day, _USER, json.dumps({"type": "project_import"})),
        )
        base.executemany(
            "INSERT INTO tags VALUES (?, 1, ?, ?)",
            ((numbers[one.id], named[one.id], one.definition) for one in project.codes),
        )
        _documents(base, project, numbers)
    return base.serialize(), tuple(_losses(project))


def _moment(day: str) -> str:
    return f"{day or _NO_DAY} 00:00:00.000000"


def paths(codes: Iterable[Code]) -> dict[str, str]:
    """Code → the name of its tag, which no other has."""
    by_id = {code.id: code for code in codes}
    found: dict[str, str] = {}
    taken: set[str] = set()
    for code in by_id.values():
        way, above = [code.name], by_id.get(code.parent)
        while above is not None and len(way) <= len(by_id):
            way.append(above.name)
            above = by_id.get(above.parent)
        path = ".".join(reversed(way))
        path = path if len(path) <= _PATH else f"…{path[1 - _PATH :]}"
        number = 1
        while path in taken:
            number += 1
            path = f"{path[: _PATH - 5]} ({number})"
        taken.add(path)
        found[code.id] = path
    return found


def _documents(base: sqlite3.Connection, project: Project, tags: dict[str, int]) -> None:
    """The documents, and their highlights: one for each stretch, with all of its tags."""
    codings: dict[str, dict[tuple[int, int], list[Coding]]] = {}
    for coding in project.codings:
        if coding.code:
            of = codings.setdefault(coding.source, {})
            of.setdefault((coding.start, coding.end), []).append(coding)
    highlight = 0
    cases = _cases(project)
    for number, source in enumerate(project.sources, 1):
        text = _NO_HTML.sub("\ufffd", source.text)
        description = "\n".join(filter(None, (source.description, *cases.get(source.id, ()))))
        base.execute(
            "INSERT INTO documents VALUES (?, ?, ?, ?, ?, 1, ?, ?)",
            (
                number,
                source.name,
                description,
                f"{source.name}.txt",
                _moment(source.created),
                "LEFT_TO_RIGHT",
                _marked_up(text, 0, len(text)),
            ),
        )
        at = _offsets(text)
        for (start, end), here in sorted(codings.get(source.id, {}).items()):
            if at[start] == at[end]:
                continue
            highlight += 1
            snippet = _marked_up(text, start, end)
            base.execute(
                "INSERT INTO highlights VALUES (?, ?, ?, ?, ?)",
                (highlight, number, at[start], at[end], snippet),
            )
            base.executemany(
                "INSERT INTO highlight_tags VALUES (?, ?)",
                ((highlight, tag) for tag in sorted({tags[one.code] for one in here})),
            )


def _cases(project: Project) -> dict[str, list[str]]:
    """Source → who speaks in it, with what is known of them, a line for each."""
    found: dict[str, list[str]] = {}
    for case in project.cases:
        known = "; ".join(f"{name} {value}" for name, value in case.variables)
        for source in case.sources if known else ():
            found.setdefault(source, []).append(f"{case.name}: {known}")
    return found


def _offsets(text: str) -> list[int]:
    """For each place in the text, the bytes in front of it; line ends, which are marks, have
    none.
    """
    return [0, *accumulate(0 if char == "\n" else len(char.encode()) for char in text)]


def _marked_up(text: str, start: int, end: int) -> str:
    """A stretch as HTML: a paragraph for each turn and each paragraph of one, lines broken."""
    return "".join(
        f"<p>{html.escape(part, quote=False).replace(chr(10), '<br>')}</p>"
        for part in _paragraphs(text[start:end])
    )


def _paragraphs(text: str) -> Iterator[str]:
    yield from (part for part in re.split("\n\n+", text.strip("\n")) if part)


def _losses(project: Project) -> Iterator[Loss]:
    names = {person.id: person.name for person in project.people}
    if len(names) > 1:
        yield from (Loss("who coded", names.get(one.by, "")) for one in project.codings if one.by)
    yield from (Loss("notes on codings", one.note) for one in project.codings if one.note)
    yield from (Loss("memos", memo.title) for memo in project.memos)
    yield from (Loss("relations", relation.name) for relation in project.relations)
