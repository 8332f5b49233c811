"""Tables of coded words: headings tell whose they are, and codings go by their words."""

from __future__ import annotations

from pathlib import Path

import openpyxl
import pytest

from gtpipe.exchange import registry
from gtpipe.exchange.records import Loss, Project
from gtpipe.model.problems import UserError

SAMPLES = Path(__file__).parent / "taguette"

MAXQDA = """\
Color;Comment;Document group;Document name;Code;Beginning;End;Weight score;Segment;Author
●;in vivo?;Ward;P1;Losing control > Keeping head;2;2;0;keeping my head above water;ana
●;;Ward;P1;Hiding;4;4;0;"hiding the bills;
and the rest";ben
●;;Ward;P1;Hiding;4;4;0;;ben
"""
NVIVO = (
    "Hierarchical Name,File Name,Coverage,Coded Text,Coded By Initials\n"
    "Codes\\\\Losing control\\\\Hiding,Files\\\\P1,0.02,hiding the bills,AM\n"
    "Nodes\\Telling,Internals\\P2,0.02,told everyone,AM\n"
)
DEDOOSE = (
    "Media Title,Excerpt Range,Excerpt Creator,Excerpt Copy,Codes Applied Combined,"
    "Code: Losing control Applied,Code: Losing control Weight,"
    '"Code: Losing control\\Hiding, from others Applied"\n'
    'P1,0-18,ana,hiding the bills,"Losing control, Hiding, from others",True,1,True\n'
    "P1,20-30,ben,told everyone,,False,,False\n"
)
DELVE = "Transcript,Snippet,Codes\nP1,hiding the bills,Hiding; Losing control\nP2,told,Telling\n"


def write(tmp_path: Path, content: str | bytes, name: str = "coded.csv") -> Path:
    path = tmp_path / name
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path


def workbook(tmp_path: Path, rows: list[list[object]], name: str = "coded.xlsx") -> Path:
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    book.save(tmp_path / name)
    return tmp_path / name


def seen(project: Project) -> list[tuple[str, str, str, str]]:
    assert all((coding.start, coding.end) == (-1, -1) for coding in project.codings)
    assert all(source.text == "" for source in project.sources)
    return [(c.source, c.code, c.words, c.by) for c in project.codings]


@pytest.mark.parametrize("ending", ["csv", "xlsx", "html"])
def test_highlights_that_taguette_wrote(ending: str) -> None:
    project = registry.read(SAMPLES / f"taguette-highlights.{ending}")
    assert seen(project) == [
        ("P1 interview", f"Losing control > {code}", words, "")
        for code, words in (
            ("Keeping head above water", "keep my head above water"),
            ("Keeping head above water", "hiding the café bills"),
            ("Hiding", "hiding the café bills"),
        )
    ] + [("P1 interview", "Telling everyone", "nobody & nothing", "")]
    assert (project.origin, project.losses) == ("Taguette", ())


@pytest.mark.parametrize("ending", ["csv", "xlsx", "html"])
def test_code_books_that_taguette_wrote(ending: str) -> None:
    project = registry.read(SAMPLES / f"taguette-codebook.{ending}")
    assert [(code.name, code.definition, code.parent) for code in project.codes] == [
        ("interesting", "Further review required", ""),
        ("Losing control", "", ""),
        ("Keeping head above water", "in vivo", "Losing control"),
        ("Hiding", "concealing, from others", "Losing control"),
        ("Telling everyone", "", ""),
    ]


def test_segments_of_maxqda(tmp_path: Path) -> None:
    """Semicolons between cells, one within; the empty segment is a loss."""
    project = registry.read(write(tmp_path, MAXQDA))
    assert seen(project) == [
        ("P1", "Losing control > Keeping head", "keeping my head above water", "ana"),
        ("P1", "Hiding", "hiding the bills;\nand the rest", "ben"),
    ]
    assert project.codings[0].note == "in vivo?"
    assert [(code.id, code.is_group) for code in project.codes] == [
        ("Losing control", True),
        ("Losing control > Keeping head", False),
        ("Hiding", False),
    ]
    assert project.losses == (Loss("row without words", 'row 5: ""'),)
    assert project.told == (
        'columns of MAXQDA: interview "Document name", code "Code", words "Segment", '
        'coder "Author", note "Comment"',
        "columns that are not read: Color, Document group, Beginning, End, Weight score",
    )


def test_coded_text_of_nvivo(tmp_path: Path) -> None:
    assert seen(registry.read(write(tmp_path, NVIVO))) == [
        ("P1", "Losing control > Hiding", "hiding the bills", "AM"),
        ("P2", "Telling", "told everyone", "AM"),
    ]


def test_excerpts_of_dedoose_have_a_column_for_each_code(tmp_path: Path) -> None:
    """So a comma in a code's name cuts nothing."""
    project = registry.read(write(tmp_path, DEDOOSE))
    assert seen(project) == [
        ("P1", "Losing control", "hiding the bills", "ana"),
        ("P1", "Losing control > Hiding, from others", "hiding the bills", "ana"),
    ]
    assert project.losses == (Loss("row without a code", 'row 3: "told everyone"'),)


def test_excerpts_of_dedoose_without_such_columns_are_cut_and_it_is_told(tmp_path: Path) -> None:
    table = 'Media Title,Excerpt Copy,Codes Applied Combined\nP1,hiding,"Losing, Hiding"\n'
    project = registry.read(write(tmp_path, table))
    assert [coding.code for coding in project.codings] == ["Losing", "Hiding"]
    assert project.told[-1].startswith("1 cells with several codes were cut at their commas")


def test_snippets_of_delve_and_quotations_of_atlas(tmp_path: Path) -> None:
    assert seen(registry.read(write(tmp_path, DELVE))) == [
        ("P1", "Hiding", "hiding the bills", ""),
        ("P1", "Losing control", "hiding the bills", ""),
        ("P2", "Telling", "told", ""),
    ]
    quotations = [
        ["ID", "Document", "Quotation Content", "Codes", "Created by"],
        ["1:1", "P1", "hiding the bills", "Hiding\nLosing control", "ana"],
    ]
    assert seen(registry.read(workbook(tmp_path, quotations))) == [
        ("P1", "Hiding", "hiding the bills", "ana"),
        ("P1", "Losing control", "hiding the bills", "ana"),
    ]


def test_any_table_by_its_columns(tmp_path: Path) -> None:
    """By heading or by letter; a title above the headings does not matter."""
    table = "My coding\nWho,Theme,Quote,By\nP1,Hiding,the bills,ana\n"
    path = write(tmp_path, table)
    for columns in (
        {"interview": "who", "code": "Theme", "words": "QUOTE", "coder": "By"},
        {"interview": "Who", "code": "theme", "words": "Quote", "coder": "by"},
    ):
        assert seen(registry.read(path, columns)) == [("P1", "Hiding", "the bills", "ana")]
    letters = write(tmp_path, table.partition("\n")[2], "letters.csv")
    columns = {"interview": "A", "code": "B", "words": "C", "coder": "D"}
    assert seen(registry.read(letters, columns)) == [("P1", "Hiding", "the bills", "ana")]


@pytest.mark.parametrize(
    ("columns", "message"),
    [
        ({}, "it is not clear which columns of this table have the interview, the code and"),
        ({"interview": "Who", "code": "Theme"}, "does not say which column has the words"),
        ({"who": "Who"}, '--columns cannot say "who" of tables of coded words (.csv, .xlsx)'),
        (
            {"interview": "Who", "code": "Theme", "words": "Quot"},
            'this table has no column "Quot"; its first row is "Who", "Theme", "Quote"',
        ),
    ],
)
def test_columns_that_are_not_understood(
    tmp_path: Path, columns: dict[str, str], message: str
) -> None:
    path = write(tmp_path, "Who,Theme,Quote\nP1,Hiding,the bills\n")
    with pytest.raises(UserError) as refused:
        registry.read(path, columns)
    assert message in str(refused.value)


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "cp1252"])
def test_encodings_and_windows_line_ends(tmp_path: Path, encoding: str) -> None:
    table = "document;id;tag;content\r\nP1;1;Hiding;the café bills\r\nP2;2;Telling;“all”\r\n"
    assert [c.words for c in registry.read(write(tmp_path, table.encode(encoding))).codings] == [
        "the café bills",
        "“all”",
    ]


def test_cells_that_begin_like_formulas_are_words(tmp_path: Path) -> None:
    """A spreadsheet of Taguette makes a formula of a highlight `=…`; a real one has its value."""
    table = "id,document,tag,content\n1,P1,=Hiding,=the bills\n2,P1,+me,@home\n"
    assert [(c.code, c.words) for c in registry.read(write(tmp_path, table)).codings] == [
        ("=Hiding", "=the bills"),
        ("+me", "@home"),
    ]
    rows: list[list[object]] = [["id", "document", "tag", "content"], ["1", "P1", "me", "= no, I"]]
    assert [c.words for c in registry.read(workbook(tmp_path, rows)).codings] == ["= no, I"]


def test_gtpipes_own_table_comes_back(tmp_path: Path) -> None:
    """What it writes so that no spreadsheet takes words for a formula is taken off again."""
    table = (
        "interview,turn,level,code,words,coder\n"
        "P1,4,initial,hiding,'=the bills,PM\nP1,4,focused,losing,the bills,PM\n"
        "P1,5,initial,hiding,'tis,PM\n"
    )
    project = registry.read(write(tmp_path, table))
    assert [coding.words for coding in project.codings] == ["=the bills", "'tis"]
    assert project.losses == (Loss("code that is no initial code", 'row 3: "the bills"'),)


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("coded.csv", b"", "this file is empty"),
        ("coded.csv", b"\xef\xbb\xbf\r\n", "this file is empty"),
        ("coded.csv", b";;\n;;\n", "this table holds nothing"),
        ("coded.xlsx", b"", "this file is empty"),
        ("coded.xlsx", b"PK\x03\x04 broken", "is damaged or was not saved to its end"),
        ("coded.csv", b"a,b\0\x01\x02", "this file is not text"),
        (
            "coded.csv",
            b'id,document,tag,content\n1,P1,Hiding,"the bills\n2,P1,Telling,told\n',
            "a quotation mark in this table is not closed",
        ),
        (
            "coded.csv",
            b"id,document,tag,content\n1,P1,Hiding,well, the bills\n2,P1,Telling,told\n",
            "this row has 5 cells where the others have 4",
        ),
        ("talk.txt", b"I: Well, so?\nP: No.\n", "no program is known that writes such a file"),
    ],
)
def test_files_that_are_no_such_table(
    tmp_path: Path, name: str, content: bytes, message: str
) -> None:
    with pytest.raises(UserError) as refused:
        registry.read(write(tmp_path, content, name))
    assert message in str(refused.value)


def test_pages_of_taguette_that_are_cut_off(tmp_path: Path) -> None:
    page = (
        "<html><head><title>Surligneurs Taguette</title></head><body><h1>Taguette</h1>"
        "<p>the bills</p><hr><p>and more</p>\n<p><strong>Document :</strong> P1\n"
        "<strong>Marqueurs :</strong>\n  Hiding, really,\n  Losing</p></body></html>"
    )
    project = registry.read(write(tmp_path, page, "page.html"))
    assert seen(project) == [
        ("P1", "Hiding, really", "the bills\nand more", ""),
        ("P1", "Losing", "the bills\nand more", ""),
    ]
    with pytest.raises(UserError, match="this page was not saved to its end"):
        registry.read(write(tmp_path, page[:-30], "page.html"))
    with pytest.raises(UserError, match="the last highlight of this page does not end with"):
        registry.read(write(tmp_path, page.replace("Losing</p>", "</p><p>more</p>"), "page.html"))
