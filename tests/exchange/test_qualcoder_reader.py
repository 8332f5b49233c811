"""QualCoder's folders, of version 3 and 4, become projects; what they hold beside text is told."""

from __future__ import annotations

from pathlib import Path

import pytest
from exchange.databases import TALK, database, place

from gtpipe.exchange import registry
from gtpipe.exchange.records import Case, Loss, Project
from gtpipe.model.problems import UserError

LAYOUT = """
CREATE TABLE project (databaseversion text, date text, memo text, about text, codername text);
CREATE TABLE source (id integer primary key, name text, fulltext text, mediapath text, memo text,
    owner text, date text, av_text_id integer, unique(name));
CREATE TABLE code_image (imid integer primary key, id integer, cid integer);
CREATE TABLE code_av (avid integer primary key, id integer, cid integer);
CREATE TABLE annotation (anid integer primary key, fid integer, pos0 integer, pos1 integer,
    memo text, owner text, date text);
CREATE TABLE attribute_type (name text primary key, date text, owner text, memo text,
    caseOrFile text, valuetype text);
CREATE TABLE attribute (attrid integer primary key, name text, attr_type text, value text,
    id integer, date text, owner text);
CREATE TABLE case_text (id integer primary key, caseid integer, fid integer, pos0 integer,
    pos1 integer, owner text, date text, memo text);
CREATE TABLE cases (caseid integer primary key, name text, memo text, owner text, date text);
CREATE TABLE code_cat (catid integer primary key, name text, owner text, date text, memo text,
    supercatid integer);
CREATE TABLE code_name (cid integer primary key, name text, memo text, catid integer, owner text,
    date text, color text, supercid integer);
CREATE TABLE code_text (ctid integer primary key, cid integer, fid integer, seltext text,
    pos0 integer, pos1 integer, owner text, date text, memo text, avid integer, important integer);
CREATE TABLE graph (grid integer primary key, name text, description text);
CREATE TABLE journal (jid integer primary key, name text, jentry text, date text, owner text);
"""
DAY = "2026-03-01 10:00:00"


def coded(number: int, cid: int, words: str, owner: str, memo: str = "") -> tuple[object, ...]:
    return (number, cid, 1, words, *place(words), owner, DAY, memo, None, None)


def rows() -> dict[str, list[tuple[object, ...]]]:
    return {
        "project": [("v11", DAY, "", "QualCoder 3.8", "ana")],
        "source": [
            (1, "P1", TALK, None, "first talk", "ana", DAY, None),
            (2, "ward.png", None, "/images/ward.png", "", "ana", DAY, None),
        ],
        "code_cat": [(1, "Losing control", "ana", DAY, "of the house", None)],
        "code_name": [
            (1, "Hiding", "from others", 1, "ana", DAY, "#0D47A1", None),
            (2, "Hiding bills", "", None, "ana", DAY, "#0D47A1", 1),
        ],
        "code_text": [
            coded(1, 1, "hiding the café bills", "ana", "a negative case?"),
            coded(2, 2, "hiding the café bills", "ben"),
            coded(3, 1, "keeping my head above water", "ana"),
        ],
        "code_image": [(1, 2, 1)],
        "annotation": [(1, 1, *place("Nobody noticed"), "really?", "ben", DAY)],
        "attribute": [
            (1, "age", "case", "41", 1, DAY, "ana"),
            (2, "wave", "file", "1", 1, DAY, "ana"),
            (3, "role", "case", "", 1, DAY, "ana"),
        ],
        "cases": [(1, "Jim", "met twice", "ana", DAY)],
        "case_text": [(1, 1, 1, 0, len(TALK), "ana", DAY, "")],
        "journal": [(1, "On hiding", "It began with bills.", DAY, "ben")],
    }


def read(tmp_path: Path, changed: dict[str, list[tuple[object, ...]]] | None = None) -> Project:
    database(tmp_path / "ward.qda/data.qda", LAYOUT, rows() | (changed or {}))
    return registry.read(tmp_path / "ward.qda")


def test_codings_come_to_their_words_by_their_coders(tmp_path: Path) -> None:
    project = read(tmp_path)
    text = project.sources[0].text
    assert [(text[c.start : c.end], c.code, c.by) for c in project.codings] == [
        ("hiding the café bills", "1", "ana"),
        ("hiding the café bills", "2", "ben"),
        ("keeping my head above water", "1", "ana"),
        ("Nobody noticed", "", "ben"),
    ]
    assert project.codings[0].note == "a negative case?"
    assert [person.name for person in project.people] == ["ana", "ben"]
    assert (project.name, project.origin) == ("ward", "QualCoder")


def test_places_of_its_window_count_halves_of_an_emoji(tmp_path: Path) -> None:
    """A Qt text field counts UTF-16 units: behind the emoji every place is one more."""
    words = "hiding the café bills"
    start, end = place(words)
    row = (1, 1, 1, words, start + 1, end + 1, "ana", DAY, "", None, None)
    project = read(tmp_path, {"code_text": [row], "annotation": []})
    assert (project.codings[0].start, project.codings[0].end) == (start, end)
    assert project.told[0].startswith("Places count UTF-16 units")


def test_categories_hold_codes_and_codes_hold_codes(tmp_path: Path) -> None:
    codes = {code.name: code for code in read(tmp_path).codes}
    assert codes["Losing control"].is_group
    assert codes["Hiding"].parent == codes["Losing control"].id
    assert codes["Hiding bills"].parent == codes["Hiding"].id
    assert codes["Hiding"].definition == "from others"


def test_cases_attributes_and_memos(tmp_path: Path) -> None:
    project = read(tmp_path)
    assert project.cases == (Case("case 1", "Jim", ("1",), (("age", "41"),)),)
    assert project.sources[0].variables == (("wave", "1"),)
    assert [(memo.title, memo.text, memo.about) for memo in project.memos] == [
        ("On hiding", "It began with bills.", ()),
        ("P1, annotation 1", "really?", ("annotation 1",)),
        ("Jim", "met twice", ("case 1",)),
    ]


def test_what_is_no_text_is_told(tmp_path: Path) -> None:
    changed = {
        "code_text": [
            coded(1, 9, "How", "ana"),
            (2, 1, 7, "gone", 0, 4, "ana", DAY, "", 0, 0),
            (3, 1, 1, "Nobody", *place("Nobody"), "ana", DAY, "", None, 1),
        ],
        "case_text": [(1, 1, 1, 0, 20, "ana", DAY, "")],
        "graph": [(1, "Hiding and losing", "")],
        "attribute_type": [("age", DAY, "ana", "in years", "case", "numeric")],
    }
    assert read(tmp_path, changed).losses == (
        Loss("file without a text", "ward.png"),
        Loss("coding with a code that is not there", '"How"'),
        Loss("coding of a file that is not there", '"gone"'),
        Loss("mark of a coding as important", '"Nobody"'),
        Loss("coding of a picture", "number 1"),
        Loss("graph", "Hiding and losing"),
        Loss("memo of an attribute", "age"),
        Loss("case that is a part of a file", "Jim, in P1"),
    )


def test_a_coding_whose_words_moved_goes_by_its_words(tmp_path: Path) -> None:
    strayed = (4, 1, 1, "And then?", 3, 12, "ana", DAY, "", None, None)
    project = read(tmp_path, {"code_text": [*rows()["code_text"], strayed]})
    assert [(c.start, c.words) for c in project.codings if c.start < 0] == [(-1, "And then?")]
    assert any(told.startswith("1 of 5 codings: other words") for told in project.told)


def test_a_database_of_another_layout_is_refused(tmp_path: Path) -> None:
    folder = tmp_path / "old.qda"
    layout = "CREATE TABLE code_text (cid integer); CREATE TABLE code_cat (catid integer);"
    database(folder / "data.qda", layout, {})
    with pytest.raises(UserError) as refused:
        registry.read(folder)
    assert 'otherwise than a QualCoder project: no table "project"' in str(refused.value)


def test_a_database_that_was_cut_off_is_refused(tmp_path: Path) -> None:
    file = database(tmp_path / "ward.qda/data.qda", LAYOUT, rows())
    whole = file.read_bytes()
    for size in (len(whole) - 1, len(whole) // 2, 5000):
        file.write_bytes(whole[:size])
        with pytest.raises(UserError, match="was not copied to its end"):
            registry.read(tmp_path / "ward.qda")


def test_a_database_whose_pages_were_overwritten_is_refused(tmp_path: Path) -> None:
    file = database(tmp_path / "ward.qda/data.qda", LAYOUT, rows())
    content = bytearray(file.read_bytes())
    content[8192:16384] = b"\xff" * 8192
    file.write_bytes(content)
    with pytest.raises(UserError, match="this QualCoder project is damaged"):
        registry.read(tmp_path / "ward.qda")


def test_reading_touches_nothing(tmp_path: Path) -> None:
    read(tmp_path)
    assert [path.name for path in (tmp_path / "ward.qda").iterdir()] == ["data.qda"]
