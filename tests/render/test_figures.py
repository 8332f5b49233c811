"""Figures: what stands in the files stands in the picture, whatever a label holds, and the same
study gives the same bytes.
"""

from __future__ import annotations

import csv
import io
import os
import re
import subprocess
import sys
import xml.etree.ElementTree as ET
from pathlib import Path

import pytest
from conftest import ROOT, THEORY, StudyFolder
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image
from pypdf import PdfReader

from gtpipe.analysis.cooccurrence import Sense
from gtpipe.model.level import FOCUSED, INITIAL, CodeRef
from gtpipe.render import theory as pages
from gtpipe.render.figures import cooccurrence, data_structure, letters, svg, theory
from gtpipe.render.figures.drawing import Box, Drawing, Part, Together, Words
from gtpipe.store.layout import Study
from gtpipe.study import Corpus, load

KINDS = ("theory", "data-structure", "cooccurrence")
SVG = "{http://www.w3.org/2000/svg}"
NASTY = (
    "<script>alert(1)</script>",
    '"] & ]]> {x|y}',
    "שלום עולם",
    "a%b\\N\\G \\l",
    "Again",
    "again",
    "goes on and on " * 133,
    "W" * 300,
)


def figures(corpus: Corpus, link=None) -> dict[str, Drawing]:
    laid = pages.laid_out(corpus)
    together = cooccurrence.table(corpus, laid.holdings, INITIAL, Sense())
    return {
        "theory": theory.draw(laid, link),
        "data-structure": data_structure.draw(laid, corpus, link),
        "cooccurrence": cooccurrence.draw(together, link),
    }


def words_of(text: str) -> list[str]:
    """The lines of an SVG file, in its order."""
    return [element.text or "" for element in ET.fromstring(text).iter(f"{SVG}text")]


def names_in(text: str) -> set[str]:
    """What parts of an SVG file are called, in full."""
    return {element.text or "" for element in ET.fromstring(text).iter(f"{SVG}title")}


def flat(parts: tuple[Part, ...]) -> list[Part]:
    found: list[Part] = []
    for part in parts:
        found += flat(part.parts) if isinstance(part, Together) else [part]
    return found


# --- what is drawn --------------------------------------------------------------------------------


def test_the_model_says_what_the_theory_says(analysed):
    """With what speaks for and against each relation; a negative case stands at what it is
    against.
    """
    analysed.ok("figure", "theory", "--output", "t.svg")
    text = analysed.read("t.svg")
    assert names_in(text) == {
        "The theory",
        "category: becoming believable; does not fit: eve 4",
        "category: keeping hours",
        "focused code 1: easy beginnings; does not fit: jim 4",
        "focused code 2: minding the money",
        "easy beginnings opens the way to becoming believable: 1 for, 1 against; against: jim 4",
        "minding the money slows becoming believable: 0 for, 0 against",
    }
    words = words_of(text)
    assert words.index("does not fit: eve 4") == words.index("becoming believable") - 1
    assert words.index("does not fit: jim 4") == words.index("easy beginnings") - 2
    assert "against: jim 4" in words and "part of" in words
    assert words[-1] == "what does not fit, or speaks against it"
    assert text.count('stroke-dasharray="0.1 4.5"') == 2, "the relation without support, and legend"
    assert text == analysed.read("data/derived/theory.svg")


def test_what_a_picture_shows_is_told_in_words(analysed):
    description = figures(load(Study(analysed.root)))["theory"].description
    assert description == (
        "Category becoming believable: focused codes easy beginnings. Category keeping hours, part "
        "of becoming believable: focused codes minding the money. easy beginnings opens the way to "
        "becoming believable: 1 for, 1 against. minding the money slows becoming believable: "
        "0 for, 0 against. Does not fit becoming believable: eve 4. Does not fit easy beginnings: "
        "jim 4. Does not fit easy beginnings opens the way to becoming believable: jim 4."
    )


def test_support_is_counted_as_in_the_theory_with_the_words():
    """On the study in the repository: an extract under Support or Contradiction is one for or one
    against.
    """
    page = (ROOT / "data/derived/theory.md").read_text()
    names = names_in((ROOT / "data/derived/theory.svg").read_text())
    relations = page[page.index("## Relations") :].split("\n### ")[1:]
    assert len(relations) == 3
    for relation in relations:
        support, against = relation.split("Support:")[1].split("Contradiction:")
        counted = f"{support.count('> — ')} for, {against.count('> — ')} against"
        sentence = relation.split("\n")[0]
        assert any(name.startswith(f"{sentence}: {counted}; against: ") for name in names)


def test_the_data_structure_has_every_focused_code_and_counts_as_the_code_book_does():
    corpus = load(Study(ROOT))
    text = svg.standalone(figures(corpus)["data-structure"])
    names, derived = names_in(text), ROOT / "data/derived"
    for number, label in enumerate(corpus.material.focused, 1):
        assert f"focused code {number}: {label}" in {name.split(";")[0] for name in names}
    for category in corpus.material.theory.categories:
        assert f"category: {category.label}" in names
    book = {row["code"]: row["incidents"] for row in rows(derived / "codebook.csv")}
    for row in rows(derived / "lineage.csv"):
        if row["focused"]:
            number = book[row["initial"]]
            assert f"{row['initial']}: {number} incident{'s' if number != '1' else ''}" in names
    left = len(rows(derived / "not-taken-up.csv"))
    assert f"Not drawn: {left} initial codes that are not taken up." in words_of(text)
    assert "does not fit: ray 4, nadia 7" in words_of(text)


def rows(path: Path) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(path.read_text())))


def test_what_is_nowhere_is_drawn_too(analysed):
    """A focused code in no category or without codes, and a category without focused codes."""
    book = analysed.read("data/focused-codes.yaml")
    analysed.write("data/focused-codes.yaml", book + "\n- focused: waiting\n  because: x\n")
    analysed.write("data/theory.yaml", THEORY.replace("    minding the money\n", "", 1))
    text = svg.standalone(figures(load(Study(analysed.root)))["data-structure"])
    words = words_of(text)
    assert {"waiting", "takes up no code", "in no category yet", "minding the money"} <= {*words}
    assert "part of becoming believable, holds no focused code itself" in " ".join(words)
    assert "Not drawn: 1 initial code that is not taken up." in words


def test_the_heat_map_has_the_numbers_of_the_table(analysed):
    analysed.ok("figure", "cooccurrence", "--output", "c.svg", "--level", "initial")
    table = csv.reader(io.StringIO(analysed.ok("cooccur", "--matrix", "--format", "csv")))
    _, *labels = next(table)
    names = names_in(analysed.read("c.svg"))
    for label, *numbers in table:
        for other, number in zip(labels, numbers, strict=True):
            if number not in ("", "0") and label > other:
                assert f"{other} and {label}: {number} turn where both stand" in names


def test_of_many_codes_the_most_connected_are_drawn_and_the_others_named():
    corpus = load(Study(ROOT))
    drawing = figures(corpus)["cooccurrence"]
    codes = {part.title for part in drawing.parts if isinstance(part, Together)}
    drawn = [label for label in corpus.names.known[INITIAL] if label in codes]
    assert len(drawn) == cooccurrence.MOST_CODES
    said = drawing.description
    left = said[said.index("Left out, because they stand together less often than the 24 codes") :]
    for label in corpus.names.known[INITIAL]:
        assert (label in drawn) != (label in left), label


def test_a_focused_code_has_one_number_and_colour_in_every_figure():
    corpus = load(Study(ROOT))
    laid = pages.laid_out(corpus)
    table = cooccurrence.table(corpus, laid.holdings, FOCUSED, Sense())
    drawings = (*figures(corpus).values(), cooccurrence.draw(table))
    marked = [
        {
            (part.text, part.colour)
            for part in flat(drawing.parts)
            if isinstance(part, Words) and part.colour.startswith("hue-") and part.text.isdigit()
        }
        for drawing in drawings
    ]
    assert marked[0] == marked[1] == marked[3] == {(f"{n}", f"hue-{n}") for n in range(1, 8)}


# --- labels ---------------------------------------------------------------------------------------


@given(st.text(max_size=60), st.text(max_size=20))
def test_whatever_a_label_holds_the_file_is_xml_and_has_it(label, link):
    drawing = Drawing(
        9, 9, label, label, (Together(label, (Words(0, 0, label), Box(0, 0, 1, 1)), link),)
    )
    text = svg.standalone(drawing)
    assert words_of(text) == [letters.clean(label)]
    page = ET.fromstring(svg.inline(drawing, "f"))
    leads = [element.get("href") for element in page.iter("a")]
    assert leads == ([letters.clean(link)] if link else [])


@given(st.text(max_size=80), st.integers(20, 300), st.booleans())
def test_no_line_of_a_label_is_wider_than_its_room(text, room, bold):
    label = letters.broken(text, room, 13, bold=bold)
    assert all(
        letters.width(line, 13, bold) <= room + 0.01 or len(line) <= 2 for line in label.lines
    )
    if not label.lines or not label.lines[-1].endswith("…"):
        assert "".join("".join(label.lines).split()) == "".join(letters.clean(text).split())


@pytest.fixture
def nasty(coded) -> StudyFolder:
    """A study whose focused codes and categories have labels that nobody would choose."""
    quoted = [f"'{label.strip()}'" for label in NASTY]
    focused = "".join(
        f"- focused: {label}\n  because: x\n  takes-up: |\n    noticing the pay\n\n"
        for label in quoted
    )
    held = "".join(f"    {label.strip()}\n" for label in NASTY)
    coded.write("data/focused-codes.yaml", focused)
    relation = f"- from: {quoted[0]}\n  kind: {quoted[3]}\n  to: {quoted[6]}\n"
    coded.write(
        "data/theory.yaml",
        f"categories:\n- category: '<b> & \"]'\n  focused: |\n{held}\nrelations:\n{relation}",
    )
    return coded


@pytest.mark.parametrize("kind", ["theory", "data-structure"])
def test_labels_that_nobody_would_choose_are_drawn(nasty, kind):
    ran = nasty("figure", kind, "--output", "f.svg")
    title = {"theory": "the theory", "data-structure": "data structure"}[kind]
    assert (ran.code, ran.out, ran.err) == (0, f"f.svg: {title}\n", "")
    text = nasty.read("f.svg")
    tags = {element.tag.removeprefix(SVG) for element in ET.fromstring(text).iter()}
    assert tags <= {"svg", "title", "desc", "g", "rect", "path", "text"}
    names = names_in(text)
    for number, label in enumerate(NASTY, 1):
        assert f"focused code {number}: {label.strip()}" in names
    nasty.ok("figure", kind, "--output", "f.pdf")
    nasty.ok("figure", kind, "--output", "f.png")


def test_no_word_stands_outside_its_box_or_the_figure(nasty):
    for drawing in figures(load(Study(nasty.root))).values():
        for part in flat(drawing.parts):
            if isinstance(part, Words):
                start, end = extent(part)
                assert start >= 0 and end <= drawing.width + 0.01, part.text
                assert part.size <= part.y <= drawing.height
        for together in drawing.parts:
            if isinstance(together, Together):
                inner = flat(together.parts)
                boxes = [part for part in inner if isinstance(part, Box)]
                for part in inner if boxes else ():
                    if isinstance(part, Words):
                        start, end = extent(part)
                        wide = boxes[-1]
                        assert wide.x <= start and end <= wide.x + wide.width, part.text


def extent(words: Words) -> tuple[float, float]:
    wide = letters.width(words.text, words.size, words.bold)
    start = words.x - {"start": 0, "middle": wide / 2, "end": wide}[words.anchor]
    return start, start + wide


# --- files ----------------------------------------------------------------------------------------


EACH = """\
import sys
from pathlib import Path
from gtpipe.cli import main
for path in sys.argv[1:]:
    assert main(["figure", Path(path).stem, "--output", path]) == 0
"""


def test_the_same_study_gives_the_same_bytes_in_any_process_and_says_nothing(built, tmp_path):
    """In any order too. No font of the machine is asked for, and no warning of one reaches the
    terminal.
    """
    names = [f"{kind}.{ending}" for kind in KINDS for ending in ("svg", "pdf", "png")]
    made = []
    for seed, ordered in (("1", names), ("2", names[::-1])):
        (tmp_path / seed).mkdir()
        env = {"PYTHONHASHSEED": seed, "FONTCONFIG_PATH": f"/nowhere/{seed}"}
        ran = subprocess.run(
            [sys.executable, "-c", EACH, *(str(tmp_path / seed / name) for name in ordered)],
            cwd=built / "analysed",
            env={**os.environ, **env},
            capture_output=True,
            text=True,
        )
        assert (ran.returncode, ran.stderr) == (0, "")
        made.append([(tmp_path / seed / name).read_bytes() for name in names])
    assert made[0] == made[1]


def test_a_pdf_has_its_words_as_text_and_a_png_its_size(analysed):
    for kind in KINDS:
        analysed.ok("figure", kind, "--output", f"{kind}.pdf")
        analysed.ok("figure", kind, "--output", f"{kind}.png")
        analysed.ok("figure", kind, "--output", f"{kind}.svg")
    page = PdfReader(analysed.root / "theory.pdf").pages[0]
    assert (
        "becoming believable" in page.extract_text() and "1 for, 1 against" in page.extract_text()
    )
    with Image.open(analysed.root / "theory.png") as image:
        width = int(re.search(r' width="(\d+)"', analysed.read("theory.svg"))[1])
        assert abs(image.width - width * 200 / 96) <= 2
    structure = PdfReader(analysed.root / "data-structure.pdf").pages[0].extract_text()
    assert "meeting around the ward" in structure


def test_in_a_page_every_label_leads_on_and_colours_are_the_pages(analysed):
    drawing = figures(load(Study(analysed.root)), lambda code: f"{code.level}.html#x")["theory"]
    page = svg.inline(drawing, "model")
    assert "<?xml" not in page and "xmlns" not in page and " style=" not in page
    assert 'fill="var(--ink, #1d1d1b)"' in page and 'stroke="var(--hue-1, #0b6e99)"' in page
    root = ET.fromstring(page)
    assert root.get("role") == "group", "what is in an image is reached by nobody"
    assert root.get("aria-labelledby") == "model-title model-desc"
    leads = {element.get("aria-label"): element.get("href") for element in root.iter("a")}
    assert leads["focused code 2: minding the money"] == "focused.html#x"
    assert len(leads) == 6
    assert "<a " not in svg.standalone(drawing)


@pytest.mark.parametrize(
    ("arguments", "code", "message"),
    [
        ((), 2, "gtpipe: a figure goes to a file: add --output FILE.svg"),
        (
            ("--output", "t.gif"),
            2,
            "gtpipe: t.gif: the name of a figure ends in .svg, .pdf or .png",
        ),
        (("--output", "no/t.svg"), 1, "no/t.svg: there is no such folder. Name a file."),
        (
            ("--output", "pipeline.yaml.svg"),
            1,
            "pipeline.yaml.svg: this file is there already. Name another, or add --replace.",
        ),
    ],
)
def test_a_figure_goes_where_a_person_says_and_over_nothing(analysed, arguments, code, message):
    analysed.write("pipeline.yaml.svg", "mine")
    ran = analysed("figure", "theory", *arguments)
    assert (ran.code, ran.err) == (code, f"{message}\n")
    assert analysed.read("pipeline.yaml.svg") == "mine"
    analysed.ok("figure", "theory", "--output", "pipeline.yaml.svg", "--replace")
    assert analysed.read("pipeline.yaml.svg").startswith("<?xml")


def test_where_there_is_nothing_to_draw_yet_it_says_what_is_missing(coded):
    for kind, message in (
        ("theory", "No category yet. `gtpipe guide theory` shows how to write one.\n"),
        ("data-structure", "No focused code yet. `gtpipe guide focused-codes` shows how"),
    ):
        ran = coded("figure", kind, "--output", "f.svg")
        assert ran.code == 1 and ran.err.startswith(message)
        assert not (coded.root / "f.svg").exists()
    assert "No category yet" in coded.read("data/derived/theory.svg")


def test_a_theory_that_is_too_much_for_a_picture_says_so_and_is_laid_out_all_the_same(coded):
    labels = [f"code {number}" for number in range(3000)]
    coded.write(
        "data/focused-codes.yaml",
        "".join(f"- focused: {label}\n  because: x\n\n" for label in labels),
    )
    held = "".join(f"    {label}\n" for label in labels)
    coded.write("data/theory.yaml", f"categories:\n- category: all\n  focused: |\n{held}")
    ran = coded("figure", "theory", "--output", "f.svg")
    assert ran.code == 1
    assert ran.err.startswith("Too much for one picture: 1 category, 3,000 focused codes, ")
    corpus = load(Study(coded.root))
    assert "Too much" in figures(corpus)["theory"].description
    assert "Too much" in figures(corpus)["data-structure"].description


def test_a_theory_too_deep_for_a_picture_has_a_report_without_one(coded):
    """It would take hours to lay out; `check` tells of it as an error."""
    categories = "".join(
        f"- category: c{number}\n" + (f"  part-of: c{number - 1}\n" if number else "")
        for number in range(119)
    )
    relations = "".join(
        f"- from: c{number * 31 % 119}\n  kind: r\n  to: c{(number * 57 + 3) % 119}\n"
        for number in range(60)
    )
    coded.write("data/theory.yaml", f"categories:\n{categories}relations:\n{relations}")
    coded.ok("report")
    page = (coded.root / "data/derived/report/theory.html").read_text(encoding="utf-8")
    assert "Too deep for a picture: a category with more than 20 levels above it" in page


def test_a_study_with_an_error_in_its_theory_gets_no_figure(analysed):
    analysed.write("data/theory.yaml", THEORY.replace("    easy beginnings\n", "    no such\n", 1))
    for kind in ("theory", "data-structure"):
        ran = analysed("figure", kind, "--output", "f.svg")
        assert ran.code == 1 and "no such" in ran.err
    drawn = figures(load(Study(analysed.root)), lambda code: code.label)
    assert CodeRef(FOCUSED, "easy beginnings").label in drawn["data-structure"].description


def test_a_theory_whose_lines_lead_past_many_others_has_no_picture(coded):
    """Within the numbers that are drawn, and yet it would take minutes to lay out."""
    held = [f"f{number}" for number in range(59)]
    coded.write(
        "data/focused-codes.yaml", "".join(f"- focused: {one}\n  because: x\n\n" for one in held)
    )
    listed = "".join(f"    {one}\n" for one in held)
    categories = "".join(
        f"- category: c{number}\n" + (f"  focused: |\n{listed}" if number in (0, 60) else "")
        for number in range(61)
    )
    relations = "".join(
        f"- from: c{number}\n  kind: leads to\n  to: c{number + 1}\n" for number in range(60)
    )
    coded.write("data/theory.yaml", f"categories:\n{categories}relations:\n{relations}")
    ran = coded("figure", "theory", "--output", "f.svg")
    assert (ran.code, ran.err) == (
        1,
        "Too long for a picture: lines that lead past many others. All of it is in theory.md.\n",
    )
