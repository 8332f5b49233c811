"""A folder of qualitative-coding becomes a project: lines coded in its database, a tree in YAML."""

from __future__ import annotations

from pathlib import Path

import pytest
from exchange.databases import TALK, database

from gtpipe.exchange import registry
from gtpipe.exchange.records import Loss, Project
from gtpipe.model.problems import UserError

LAYOUT = """
CREATE TABLE document (file_path VARCHAR PRIMARY KEY, file_hash VARCHAR);
CREATE TABLE document_index (id INTEGER PRIMARY KEY, name VARCHAR, time_series BOOLEAN,
    document_id VARCHAR);
CREATE TABLE location (id INTEGER PRIMARY KEY, start_line INTEGER, end_line INTEGER,
    document_index_id VARCHAR);
CREATE TABLE code (name VARCHAR PRIMARY KEY);
CREATE TABLE coder (name VARCHAR PRIMARY KEY);
CREATE TABLE coded_line (id INTEGER PRIMARY KEY, line INTEGER, coder_id VARCHAR, code_id VARCHAR);
CREATE TABLE coded_line_location_association (coded_line_id INTEGER, location_id INTEGER);
"""
SETTINGS = """\
qc_version: 1.4.1
corpus_dir: corpus
database: qualitative_coding.sqlite3
memos_dir: memos
codebook: codebook.yaml
"""
CODEBOOK = """\
- Losing control:
    - Hiding:
        - no
    - Keeping head above water
- Telling everyone
- Hiding
"""
MEMOS = {
    "2026-03-01-10-00_ana_on_hiding.md": "# On hiding\n\nana 2026-03-01 10:00\n\nBills came "
    "first.\n",
    "2026-03-02-10-00_ben.md": "# Memo by ben\n\nben 2026-03-02 10:00\n\n",
    "thoughts_ben.txt": "Of my own.\n",
}


def project(folder: Path, lines: list[tuple[object, ...]], settings: str = SETTINGS) -> Project:
    (folder / "corpus").mkdir(parents=True, exist_ok=True)
    (folder / "memos").mkdir(exist_ok=True)
    (folder / "settings.yaml").write_text(settings, encoding="utf-8")
    (folder / "codebook.yaml").write_text(CODEBOOK, encoding="utf-8")
    (folder / "corpus/p1.txt").write_text(TALK + "\n  \n", encoding="utf-8")
    for name, memo in MEMOS.items():
        (folder / "memos" / name).write_text(memo, encoding="utf-8")
    rows = {
        "document": [("p1.txt", "hash")],
        "document_index": [(1, "paragraphs", False, "p1.txt")],
        "location": [(1, 0, 4, 1)],
        "coder": [("ana",), ("ben",)],
        "coded_line": lines,
        "coded_line_location_association": [(line[0], 1) for line in lines],
    }
    database(folder / "qualitative_coding.sqlite3", LAYOUT, rows)
    return registry.read(folder)


def test_a_line_is_a_coding(tmp_path: Path) -> None:
    read = project(tmp_path / "ward", [(1, 1, "ana", "no"), (2, 3, "ben", "Hiding")])
    text = read.sources[0].text
    assert [(text[c.start : c.end], c.code, c.by) for c in read.codings] == [
        ("P: Honestly 😀 I was just keeping my head above water.", "no", "ana"),
        ("P: Then I started hiding the café bills. Nobody noticed.", "Hiding", "ben"),
    ]
    assert (read.name, [source.name for source in read.sources]) == ("ward", ["p1.txt"])
    assert [(memo.title, memo.text, memo.by, memo.created) for memo in read.memos] == [
        ("On hiding", "Bills came first.", "ana", "2026-03-01"),
        ("thoughts_ben", "Of my own.", "ben", ""),
    ]


def test_the_code_book_is_a_tree_and_a_code_stands_once(tmp_path: Path) -> None:
    """`no` stays a word, and a code that is only in the database stands at the top."""
    read = project(tmp_path, [(1, 1, "ana", "not in the book")])
    assert [(code.name, code.parent) for code in read.codes] == [
        ("Losing control", ""),
        ("Hiding", "Losing control"),
        ("no", "Hiding"),
        ("Keeping head above water", "Losing control"),
        ("Telling everyone", ""),
        ("not in the book", ""),
    ]
    assert read.losses == (Loss("second place of a code in the tree", "Hiding"),)


def test_lines_that_are_not_there_are_told(tmp_path: Path) -> None:
    read = project(tmp_path, [(1, 99, "ana", "Hiding"), (2, 5, "ana", "Hiding")])
    assert read.losses[:2] == (
        Loss("coding of a line that is not there", "p1.txt, line 100: Hiding"),
        Loss("coding of an empty line", "p1.txt, line 6: Hiding"),
    )


def test_a_project_that_leads_out_of_its_folder_is_refused(tmp_path: Path) -> None:
    (tmp_path / "secret").mkdir()
    with pytest.raises(UserError, match="leads out of the project's folder"):
        project(tmp_path / "ward", [], SETTINGS.replace("corpus\n", "../secret\n"))


def test_a_missing_part_and_settings_that_are_no_yaml_are_refused(tmp_path: Path) -> None:
    project(tmp_path, [])
    (tmp_path / "codebook.yaml").unlink()
    with pytest.raises(UserError, match=r'"codebook" in settings.+ names this, and it is not'):
        registry.read(tmp_path)
    (tmp_path / "settings.yaml").write_text("qc_version: [1\n")
    with pytest.raises(UserError, match="this is no YAML"):
        registry.read(tmp_path / "settings.yaml")


def test_a_tree_without_an_end_is_refused(tmp_path: Path) -> None:
    project(tmp_path, [])
    tree = "- 0: &a0 [x, x, x, x, x, x, x, x, x]\n"
    for depth in range(1, 9):
        below = ", ".join([f"n: *a{depth - 1}"] * 9)
        tree += f"- {depth}: &a{depth} [{below}]\n"
    (tmp_path / "codebook.yaml").write_text(tree, encoding="utf-8")
    with pytest.raises(UserError, match="this tree of codes has no end"):
        registry.read(tmp_path)


def test_what_columns_says_must_have_an_effect(tmp_path: Path) -> None:
    project(tmp_path, [])
    with pytest.raises(UserError) as refused:
        registry.read(tmp_path, {"code": "Theme"})
    (problem,) = refused.value.problems
    assert '--columns cannot say "code" of qualitative-coding' in problem.what
    assert problem.do == "It can say nothing there: leave it out"
