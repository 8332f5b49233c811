"""Code book, theory and comparison as chapters of a Word document, read back by python-docx."""

from __future__ import annotations

import io

import docx
import pytest
from conftest import ROOT

from gtpipe.analysis.comparison import Looking
from gtpipe.model import bookmarks
from gtpipe.model.level import CATEGORY, FOCUSED, INITIAL, RELATION, CodeRef
from gtpipe.render import theory, theory_pages
from gtpipe.render.page_parts import Quotation
from gtpipe.render.word import chapters
from gtpipe.render.word.document import Document
from gtpipe.store.layout import Study
from gtpipe.study import load

WORD = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"


def content(root, words: bool = True) -> bytes:
    document = Document("A study")
    chapters.add(document, load(Study(root)), words=words)
    return document.content()


def read(root, words: bool = True):
    return docx.Document(io.BytesIO(content(root, words)))


def headings(document) -> list[tuple[int, str]]:
    return [
        (int(paragraph.style.name[-1]), paragraph.text)
        for paragraph in document.paragraphs
        if paragraph.style.name.lower().startswith("heading")
    ]


def text_of(document) -> str:
    cells = (cell.text for table in document.tables for row in table.rows for cell in row.cells)
    return "\n".join([*(paragraph.text for paragraph in document.paragraphs), *cells])


def test_three_chapters_with_a_heading_for_each_code(analysed):
    assert headings(read(analysed.root)) == [
        (1, "Code book"),
        (2, "Focused codes"),
        (3, "easy beginnings"),
        (3, "minding the money"),
        (2, "Codes"),
        (3, "it went from there"),
        (3, "meeting around the ward"),
        (3, "noticing the pay"),
        (1, "Theory"),
        (2, "becoming believable"),
        (3, "easy beginnings"),
        (3, "keeping hours"),
        (4, "minding the money"),
        (2, "Relations"),
        (3, "easy beginnings opens the way to becoming believable"),
        (3, "minding the money slows becoming believable"),
        (1, "Comparison"),
        (2, "easy beginnings"),
        (3, "Does not fit"),
        (3, "Memos"),
        (2, "minding the money"),
        (3, "Does not fit"),
    ]


def test_each_heading_of_a_code_names_it_for_comments_to_find_their_way_back():
    corpus = load(Study(ROOT))
    names = {
        element.get(f"{WORD}name") for element in read(ROOT).element.iter(f"{WORD}bookmarkStart")
    }
    found = {mark.of for name in names if (mark := bookmarks.read(name))}
    labels = {
        INITIAL: corpus.material.codebook,
        FOCUSED: corpus.material.focused,
        CATEGORY: [one.label for one in corpus.material.theory.categories],
        RELATION: [one.sentence for one in corpus.material.theory.relations],
    }
    for level, called in labels.items():
        for label in called:
            mark = bookmarks.read(bookmarks.of_heading(CodeRef(level, label)))
            assert mark is not None and mark.of in found, label


def test_every_incident_of_a_focused_code_stands_in_its_table():
    """In study order, each once; then what does not fit."""
    corpus = load(Study(ROOT))
    looking = Looking(corpus.material, corpus.codings, corpus.current)
    tables = iter(read(ROOT).tables)
    for label in looking.focused:
        views = looking.views(CodeRef(FOCUSED, label))
        _, *rows = next(tables).rows
        assert [row.cells[0].text.split("\n")[0] for row in rows] == [view.place for view in views]
        for row, view in zip(rows, views, strict=True):
            assert (view.words or view.spoken.text) in row.cells[1].text
        unfit = looking.holdings.unfit(CodeRef(FOCUSED, label))
        if unfit:
            _, *rows = next(tables).rows
            assert {row.cells[0].text.split("\n")[0] for row in rows} == {
                f"{place.interview} {place.turn}" for place in unfit
            }
    assert next(tables, None) is None


def test_the_chapter_quotes_what_the_page_of_the_theory_quotes():
    corpus = load(Study(ROOT))
    laid = theory.laid_out(corpus)
    sections = theory_pages.theory_sections(corpus.material.theory)
    page = "".join(section.make(laid) for section in sections)
    parts = theory_pages.theory_parts(laid)
    quoted = [part for part in parts if isinstance(part, Quotation)]
    assert page.count("> — ") == len(quoted) > 20
    paragraphs = [p.text for p in read(ROOT).paragraphs if p.style.name == "Quote"]
    assert [text.rpartition("\n— ")[2] for text in paragraphs] == [part.who for part in quoted]


def test_without_words_places_and_codes_stand_alone(analysed):
    analysed.write(
        "data/initial-codes/jim.yaml",
        analysed.read("data/initial-codes/jim.yaml").replace(
            "    noticing the pay\n", "    noticing the pay\n      or not noticing?\n"
        ),
    )
    whole, text = (text_of(read(analysed.root, words)) for words in (True, False))
    for said in (
        *("She just sat down", "awkward", "She goes home at five", "I met him around"),
        *("How did you meet?", "or not noticing?", "belief has hours", "Jim minds the pay"),
    ):
        assert said in whole and said not in text
    assert "jim 2" in text and "eve 4" in text and "Paid to be nice" in text


def test_a_turn_is_not_repeated_in_the_row_below_and_a_memo_is_written_once(analysed):
    focused = analysed.read("data/focused-codes.yaml")
    focused = focused.replace(
        '    eve 2 "She just sat down"\n  does', '    jim 2 "around the ward"\n  does'
    )
    analysed.write("data/focused-codes.yaml", focused)
    analysed.write(
        "data/memos/2026-03-21-paid-to-be-nice.md",
        analysed.read("data/memos/2026-03-21-paid-to-be-nice.md").replace(
            "  becoming believable\n", "  focused: minding the money\n"
        ),
    )
    document = read(analysed.root)
    assert document.tables[0].rows[2].cells[1].text == "The same turn: around the ward"
    assert text_of(document).count("Is it one thing?") == 1
    assert "2026-03-21 Paid to be nice (PM) (above, under easy beginnings)" in text_of(document)


HOSTILE = 'a]]><w:p>&"\x0b\u202eb'


def test_nothing_that_somebody_typed_is_markup(analysed):
    label = HOSTILE.replace("\x0b", "")
    analysed.ok("code", "jim", "2", label)
    analysed.write(
        "data/codebook.yaml",
        analysed.read("data/codebook.yaml").replace("first contact", "<w:t>first&amp; contact"),
    )
    assert (3, label) in headings(read(analysed.root))
    assert "<w:t>first&amp; contact" in text_of(read(analysed.root))


def test_a_study_without_any_code_says_so(empty):
    document = read(empty.root)
    assert headings(document) == [
        (1, "Code book"),
        (2, "Codes"),
        (1, "Theory"),
        (2, "Relations"),
        (1, "Comparison"),
    ]
    text = text_of(document)
    for said in ("No code yet.", "No category yet.", "No relation yet.", "No focused code yet."):
        assert said in text


@pytest.mark.parametrize("words", [True, False])
def test_the_same_study_gives_the_same_bytes(words):
    assert content(ROOT, words) == content(ROOT, words)
