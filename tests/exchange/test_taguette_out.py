"""A Taguette database: the same each time, with the words where Taguette counts them, and opened by
Taguette itself.
"""

from __future__ import annotations

import csv
import http.client
import io
import os
import re
import socket
import sqlite3
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest
from conftest import ROOT
from hypothesis import HealthCheck, given, settings
from lxml import html
from other_programs import python_with
from studies import studies, write

from gtpipe.commands import export
from gtpipe.exchange import taguette_writer
from gtpipe.exchange.records import Code, Coding, Project, Source
from gtpipe.store.layout import Study
from gtpipe.study import load

pytestmark = pytest.mark.xdist_group("other programs")  # which are installed once


def database(root: Path, **request: bool) -> bytes:
    return export.taguette(load(Study(root)), export.Request(**request)).content


def opened(content: bytes) -> sqlite3.Connection:
    base = sqlite3.connect(":memory:")
    base.deserialize(content)
    return base


def text_of(marked_up: str) -> str:
    """The text between the marks, as Taguette has it."""
    return html.fragment_fromstring(f"<div>{marked_up}</div>").text_content() if marked_up else ""


def highlights(content: bytes) -> set[tuple[str, str, str]]:
    """Document, tag and words, as the places say; each snippet has the same words."""
    with closing(opened(content)) as base:
        texts = {
            id: (name, text_of(contents).encode())
            for id, name, contents in base.execute("SELECT id, name, contents FROM documents")
        }
        found = set()
        for document, start, end, snippet, tag in base.execute(
            "SELECT document_id, start_offset, end_offset, snippet, path FROM highlights"
            " JOIN highlight_tags ON highlight_id = highlights.id JOIN tags ON tag_id = tags.id"
        ):
            name, text = texts[document]
            words = text[start:end].decode()
            assert text_of(snippet) == words
            found.add((name, tag, words))
        return found


def test_the_same_study_gives_the_same_bytes(analysed):
    analysed.ok("export", "taguette", "--output", "x.sqlite3")
    assert (analysed.root / "x.sqlite3").read_bytes() == database(analysed.root)
    with closing(opened(database(analysed.root))) as base:
        assert base.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        assert not base.execute("PRAGMA foreign_key_check").fetchall()


def test_a_highlight_has_the_tags_of_all_who_coded_there(analysed):
    met = "Well, er, I met him around the ward (laugh)and it went from there."
    paid = "A bit. It was, like, a *bit* [pause 3s] awkward.Him being paid and that. <laughs>"
    assert highlights(database(analysed.root, is_flat=True)) == {
        ("jim", "meeting around the ward", met),
        ("jim", "it went from there", "it went from there"),
        ("jim", "noticing the pay", paid),
        ("eve", "meeting around the ward", "She just sat down"),
        ("eve", "easy beginnings", "She just sat down"),
        ("eve", "noticing the pay", "She goes home at five. I don't."),
    }


def test_a_tag_is_called_by_its_way_down_the_tree(analysed):
    with closing(opened(database(analysed.root))) as base:
        tags = dict(base.execute("SELECT path, description FROM tags"))
    path = "becoming believable.easy beginnings.meeting around the ward"
    assert tags[path] == "first contact outside any appointment"
    assert {"becoming believable", "it went from there"} <= tags.keys()


def test_what_taguette_cannot_hold_is_told(analysed):
    ran = analysed("export", "taguette", "--output", "x.db")
    assert ran.code == 0
    assert "notes on codings (1), memos (2), relations (2)" in ran.err
    assert "who coded" in ran.err


def test_long_and_equal_paths_are_told_apart():
    long = "x" * 150
    codes = (
        Code("1", f"{long}a"),
        Code("2", f"{long}b", parent="1"),
        Code("3", "a.b"),
        Code("4", "a"),
        Code("5", "b", parent="4"),
        Code("6", "round", parent="7"),
        Code("7", "and round", parent="6"),
    )
    content, _ = taguette_writer.database(Project("p" * 80, "", codes=codes))
    with closing(opened(content)) as base:
        paths = [path for (path,) in base.execute("SELECT path FROM tags ORDER BY id")]
        ((name,),) = base.execute("SELECT name FROM projects")
    assert len({*paths}) == len(codes) and max(map(len, paths)) <= 200 and len(name) <= 50


def test_what_html_cannot_hold_does_not_shift_places():
    text = "P: a\x00b\x0cc < & 😀 d\n"
    start = text.index("d")
    project = Project(
        "p",
        "",
        codes=(Code("c", "code"),),
        sources=(Source("s", "jim", text),),
        codings=(Coding("1", "s", start, start + 1, "c"), Coding("2", "s", 4, 5, "c")),
    )
    content, _ = taguette_writer.database(project)
    assert {words for _, _, words in highlights(content)} == {"d", "\ufffd"}


@given(study=studies())
@settings(max_examples=25, suppress_health_check=[HealthCheck.too_slow])
def test_generated_studies_have_their_words(study):
    with tempfile.TemporaryDirectory() as folder:
        write(study, Path(folder))
        corpus = load(Study(Path(folder)))
        made = export.project_of(corpus, export.Request(is_flat=True))
        names = {one.id: one.name for one in (*made.codes, *made.sources)}
        assert highlights(taguette_writer.database(made)[0]) == {
            (names[one.source], names[one.code], one.words.replace("\n", ""))
            for one in made.codings
            if one.code
        }


# --- Taguette itself ------------------------------------------------------------------------------


@pytest.fixture(scope="session")
def taguette(pytestconfig) -> str:
    """A Python with Taguette."""
    return python_with("taguette==1.5.2", "GTPIPE_TAGUETTE", pytestconfig)


# Taguette as it starts itself, but that it asks nobody for news.
START = """\
from taguette.web.base import Application
Application.check_messages = lambda self: None
from taguette.main import main
main()
"""


@contextmanager
def served(python: str, database: Path) -> Iterator[Callable[[str], str]]:
    """A Taguette on this computer alone: what gets a page of it, for somebody logged in."""
    with closing(socket.socket()) as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    arguments = ["--no-browser", "-b", "127.0.0.1", "-p", str(port), "--database", str(database)]
    server = subprocess.Popen(
        [python, "-c", START, *arguments],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        env={**os.environ, "HOME": str(database.parent), "PYTHONUNBUFFERED": "1"},
    )
    try:
        told = []
        for line in server.stdout:
            told.append(line)
            if token := re.search(r"/\?token=(\w+)", line):
                break
        else:
            pytest.fail("".join(told))
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        connection.request("GET", f"/?token={token[1]}")
        answer = connection.getresponse()
        answer.read()
        cookies = [value.partition(";")[0] for value in answer.headers.get_all("Set-Cookie") or ()]
        yield lambda path: _get(connection, path, "; ".join(cookies))
        connection.close()
    finally:
        server.terminate()
        server.communicate(timeout=30)


def _get(connection: http.client.HTTPConnection, path: str, cookies: str) -> str:
    connection.request("GET", path, headers={"Cookie": cookies})
    answer = connection.getresponse()
    content = answer.read().decode()
    assert answer.status == 200, content
    return content


def table(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text, newline="")))


HARD = 'P: 😀 she said <b>"so"</b> &amp; l\'été 👩‍👩‍👧\nand went\n\nhome  twice\n\nI: e\u0301h?\n'


def hard() -> Project:
    """What is counted wrongly by who counts anything but bytes; stretches that overlap, and run
    over paragraphs and turns.
    """
    pieces = (
        "😀 she",
        "she said <b>",
        '"so"</b> &amp; l',
        "été 👩",
        "👩‍👩‍👧\nand",
        "went\n\nhome  ",
        "home  twice\n\nI: e",
        "e\u0301h?",
        HARD.strip(),
    )
    codings = [
        Coding(
            str(number), "s", HARD.index(piece), HARD.index(piece) + len(piece), f"c{number % 3}"
        )
        for number, piece in enumerate(pieces)
    ]
    codes = tuple(Code(f"c{number}", f"a. {number} & <b>", f"{number}\n<i>") for number in range(3))
    return Project("Hard 😀", "", (), codes, (Source("s", "é 😀", HARD),), tuple(codings))


@pytest.mark.parametrize("of", ["the root study", "what is hard to count"])
def test_taguette_opens_it_and_exports_the_same_codings(taguette, tmp_path, of):
    root = of == "the root study"
    made = export.project_of(load(Study(ROOT)), export.Request()) if root else hard()
    place = tmp_path / "x.sqlite3"
    place.write_bytes(taguette_writer.database(made)[0])
    with served(taguette, place) as get:
        rows = table(get("/project/1/export/highlights/.csv"))
        book = table(get("/project/1/export/codebook.csv"))
        documents = [
            get(f"/project/1/export/document/{n + 1}.html") for n in range(len(made.sources))
        ]
    tags = taguette_writer.paths(made.codes)
    sources = {one.id: one for one in made.sources}
    expected = {
        (
            sources[one.source].name,
            tags[one.code],
            "".join(sources[one.source].text[one.start : one.end].split()),
        )
        for one in made.codings
        if one.code
    }
    found = {(row["document"], row["tag"], "".join(row["content"].split())) for row in rows}
    assert found == expected
    assert {row["tag"]: row["description"] for row in book} == {
        tags[one.id]: one.definition for one in made.codes
    }
    assert all(one.name in page for one, page in zip(made.sources, documents, strict=True))
