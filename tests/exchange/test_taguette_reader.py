"""Taguette's database becomes a project whose codings hold the words of its highlights."""

from __future__ import annotations

import json
import tempfile
from pathlib import Path

import hypothesis
import pytest
from exchange.databases import database
from hypothesis import HealthCheck, given
from studies import Generated, studies, write

from gtpipe.commands import export
from gtpipe.exchange import registry, taguette_writer
from gtpipe.exchange.records import Loss, Project
from gtpipe.model.problems import UserError
from gtpipe.store.layout import Study
from gtpipe.study import load

SAMPLES = Path(__file__).parent / "taguette"
LAYOUT = """
CREATE TABLE projects (id INTEGER PRIMARY KEY, name TEXT, description TEXT, created DATETIME);
CREATE TABLE documents (id INTEGER PRIMARY KEY, name TEXT, description TEXT, filename TEXT,
    created DATETIME, project_id INTEGER, text_direction TEXT, contents TEXT);
CREATE TABLE commands (id INTEGER PRIMARY KEY, date DATETIME, user_login TEXT, project_id INTEGER,
    document_id INTEGER, payload TEXT);
CREATE TABLE tags (id INTEGER PRIMARY KEY, project_id INTEGER, path TEXT, description TEXT);
CREATE TABLE highlights (id INTEGER PRIMARY KEY, document_id INTEGER, start_offset INTEGER,
    end_offset INTEGER, snippet TEXT);
CREATE TABLE highlight_tags (highlight_id INTEGER, tag_id INTEGER);
"""
DAY = "2026-03-01 10:00:00.000000"
PAGE = (
    "\n<p>I: How did it start?</p>\n<p>P: Honestly 😀 <b>keeping</b> my\nhead above &amp; beyond."
    "</p><p>P: Nobody<br>noticed.</p>\n"
)
COUNTED = "I: How did it start?\nP: Honestly 😀 keeping my\nhead above & beyond.P: Nobodynoticed.\n"


def highlight(number: int, words: str, snippet: str = "") -> tuple[object, ...]:
    """As Taguette has it: places count bytes, tags are not counted."""
    start = len(COUNTED[: COUNTED.index(words)].encode())
    return (number, 1, start, start + len(words.encode()), snippet or f"<p>{words}</p>")


def rows() -> dict[str, list[tuple[object, ...]]]:
    made = {"type": "highlight_add", "highlight_id": 2, "tags": [2]}
    return {
        "projects": [(1, "Ward", "", DAY)],
        "documents": [(1, "P1", "first", "p1.docx", DAY, 1, "LEFT_TO_RIGHT", PAGE)],
        "commands": [(1, DAY, "ana", 1, 1, json.dumps(made)), (2, DAY, "ana", 1, None, "no JSON")],
        "tags": [(1, 1, "keeping.head", "in vivo"), (2, 1, "e.g. 3.5 hours. More", "")],
        "highlights": [
            highlight(1, "keeping my\nhead", "<p><b>keeping</b> my\nhead</p>"),
            highlight(2, "above & beyond.P: Nobodynoticed"),
        ],
        "highlight_tags": [(1, 1), (2, 2), (2, 1)],
    }


def read(tmp_path: Path, changed: dict[str, list[tuple[object, ...]]] | None = None) -> Project:
    return registry.read(database(tmp_path / "taguette.sqlite3", LAYOUT, rows() | (changed or {})))


def words_of(project: Project) -> list[tuple[str, str]]:
    texts = {source.id: source.text for source in project.sources}
    return [(texts[c.source][c.start : c.end], c.code) for c in project.codings]


def test_what_taguette_itself_wrote() -> None:
    project = registry.read(SAMPLES / "taguette-project.sqlite3")
    assert project.sources[0].text == (
        "Interviewer: How did it start?\n"
        "P1: Honestly 😀 I was just trying to keep my head above water.\n"
        "Interviewer: And then?\n"
        'P1: Then I started hiding the café bills, "naïvely" <hoping> nobody & nothing would '
        "notice."
    )
    assert words_of(project) == [
        ("keep my head above water", "Losing control > Keeping head above water"),
        ("hiding the café bills", "Losing control > Keeping head above water"),
        ("hiding the café bills", "Losing control > Hiding"),
        ("nobody & nothing", "Telling everyone"),
    ]
    assert {coding.by for coding in project.codings} == {"admin"}
    assert not project.losses
    assert project.told == (
        "Places count UTF-8 bytes, a line end as 1: 3 of 3 quoted words stand at their places",
    )


def test_highlights_come_to_the_words_that_are_shown(tmp_path: Path) -> None:
    """Tags, line ends of the page's source and bytes of an emoji are between count and sight."""
    project = read(tmp_path)
    assert project.sources[0].text == (
        "I: How did it start?\nP: Honestly 😀 keeping my head above & beyond.\nP: Nobody\nnoticed."
    )
    code = "e.g. 3.5 hours. More"
    assert words_of(project) == [
        ("keeping my head", "keeping > head"),
        ("above & beyond.\nP: Nobody\nnoticed", code),
        ("above & beyond.\nP: Nobody\nnoticed", "keeping > head"),
    ]
    assert [coding.by for coding in project.codings] == ["", "ana", "ana"]


def test_dots_between_words_make_a_tree(tmp_path: Path) -> None:
    codes = read(tmp_path).codes
    assert [(code.name, code.parent, code.is_group) for code in codes] == [
        ("keeping", "", True),
        ("head", "keeping", False),
        ("e.g. 3.5 hours. More", "", False),
    ]


def test_what_is_no_coding_is_told(tmp_path: Path) -> None:
    changed = {
        "highlights": [
            highlight(1, "Nobody"),
            highlight(2, " ", "<p> </p>"),
            highlight(3, "start"),
        ],
        "highlight_tags": [(2, 1), (3, 8)],
        "documents": [(*rows()["documents"][0][:7], f'{PAGE}<img src="data:">')],
    }
    assert read(tmp_path, changed).losses == (
        Loss("highlight of blanks alone", 'P1: ""'),
        Loss("highlight with a tag that is not there", 'P1: "start"'),
        Loss("highlight without a tag", 'P1: "Nobody"'),
        Loss("picture in a document", "P1"),
    )


def test_a_highlight_whose_document_was_changed_goes_by_its_words(tmp_path: Path) -> None:
    strayed = (3, 1, 2, 9, "<p>Nobody</p>")
    project = read(
        tmp_path,
        {"highlights": [*rows()["highlights"], strayed], "highlight_tags": [(3, 1), (1, 1)]},
    )
    assert [(c.start, c.words) for c in project.codings if c.start < 0] == [(-1, "Nobody")]
    assert "1 of 3 highlights: other words stand at the place" in project.told[-1]


def test_places_that_nothing_explains_are_refused(tmp_path: Path) -> None:
    wrong = [(n, 1, 2 + n, 7 + n, "<p>head above</p>") for n in (1, 2, 3)]
    with pytest.raises(UserError, match="no way of counting explains the places in this file"):
        read(tmp_path, {"highlights": wrong})


def test_one_of_several_projects_must_be_named(tmp_path: Path) -> None:
    changed = {"projects": [(1, "Ward", "", DAY), (2, "Home", "about homes", DAY)]}
    with pytest.raises(UserError) as refused:
        read(tmp_path, changed)
    assert 'holds 2 projects: 1 "Ward", 2 "Home"' in str(refused.value)
    file = tmp_path / "taguette.sqlite3"
    assert registry.read(file, {"project": "Ward"}).sources[0].name == "P1"
    home = registry.read(file, {"project": "2"})
    assert (home.name, home.sources, home.memos[0].text) == ("Home", (), "about homes")


def test_a_database_of_another_version_is_refused(tmp_path: Path) -> None:
    """Versions before 0.7 had no `snippet`; what to do is said."""
    layout = LAYOUT.replace(", snippet TEXT", "")
    file = database(tmp_path / "old.sqlite3", layout, {"projects": rows()["projects"]})
    with pytest.raises(UserError) as refused:
        registry.read(file)
    (problem,) = refused.value.problems
    assert problem.what == (
        "this database is laid out otherwise than a Taguette database: "
        'no column "highlights.snippet"'
    )
    assert problem.do.startswith("Open it with Taguette 1.0 or later")


def test_a_database_in_use_or_cut_off_is_refused(tmp_path: Path) -> None:
    read(tmp_path)
    file = tmp_path / "taguette.sqlite3"
    journal = tmp_path / "taguette.sqlite3-wal"
    journal.write_bytes(b"changes")
    with pytest.raises(UserError, match=r"in use: its last changes still stand in taguette.sql"):
        registry.read(file)
    journal.unlink()
    whole = file.read_bytes()
    for size in (9000, 3000, 100):
        file.write_bytes(whole[:size])
        with pytest.raises(UserError, match=f"was not copied to its end: {size:,} of its"):
            registry.read(file)


def test_views_that_only_look_like_tables_are_refused(tmp_path: Path) -> None:
    layout = LAYOUT.replace("CREATE TABLE highlights", "CREATE TABLE other")
    layout += "CREATE VIEW highlights AS SELECT * FROM other;"
    file = database(tmp_path / "odd.sqlite3", layout, {})
    with pytest.raises(UserError, match="no program is known that writes such a file"):
        registry.read(file)


@given(study=studies())
@hypothesis.settings(max_examples=25, suppress_health_check=[HealthCheck.too_slow])
def test_what_gtpipe_writes_for_taguette_is_read_at_the_same_words(study: Generated) -> None:
    """Generated studies with astral characters, line ends and stretches that overlap: the blanks
    between words may be others, the words may not.
    """
    with tempfile.TemporaryDirectory() as folder:
        write(study, Path(folder))
        made = export.project_of(load(Study(Path(folder))), export.Request(is_flat=True))
        file = Path(folder) / "out.sqlite3"
        file.write_bytes(taguette_writer.database(made)[0])
        back = registry.read(file)
    names = {one.id: one.name for one in made.codes}
    texts = {source.id: source.text for source in made.sources}
    tags = {one.id: one.name for one in back.codes}
    assert {(tags[code], "".join(words.split())) for words, code in words_of(back)} == {
        (names[one.code], "".join(texts[one.source][one.start : one.end].split()))
        for one in made.codings
        if one.code
    }
    assert not back.losses
