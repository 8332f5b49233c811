"""A report without words, or of one participant alone, gives nothing away: searched for, file by
file, by somebody who knows nothing of how pages are made.
"""

from __future__ import annotations

import csv
import html
import re
from collections.abc import Iterable, Iterator
from pathlib import Path

import lxml.html
import pytest
import yaml
from browsing import addresses, copied_files
from conftest import ROOT, command

pytestmark = pytest.mark.xdist_group("editions")  # they share studies that take a while
RUN = 6  # words one after the other that are nobody's but the speaker's
SHOWN = "index", "interviews", "codes", "search"  # what one participant's own pages are
TURN = re.compile(
    r"^\[(\d+)[^\]]*\] ([^:]+): (.*?)(?=^\[\d+[^\]]*\] |\Z)", re.DOTALL | re.MULTILINE
)


@pytest.fixture(scope="module")
def studies(tmp_path_factory) -> dict[str, Path]:
    folder = tmp_path_factory.mktemp("studies")
    copied_files(ROOT, folder / "root")
    copied_files(ROOT / "examples/tea-round", folder / "tea-round")
    return {study.name: study for study in folder.iterdir()}


def reported(study: Path, *options: str) -> Path:
    pages = study.parent / f"{study.name}-{'-'.join(options)}".replace(" ", "-")
    ran = command("report", *options, "--output", str(pages), cwd=study)
    assert ran.returncode == 0, ran.stderr
    return pages


def words(text: str) -> list[str]:
    return re.findall(r"\w+", text.lower())


def runs(texts: Iterable[str]) -> set[tuple[str, ...]]:
    """Every run of so many words, of each text by itself."""
    found: set[tuple[str, ...]] = set()
    for text in texts:
        said = words(text)
        found.update(zip(*(said[at:] for at in range(RUN)), strict=False))
    return found


def turns(study: Path) -> Iterator[tuple[str, str, str]]:
    """Interview, speaker ('' who asks) and words of each turn."""
    for path in sorted((study / "data/transcripts").glob("*.md")):
        _, head, body = path.read_text(encoding="utf-8").split("---\n", 2)
        speakers = yaml.safe_load(head)["speakers"]
        for _, label, said in TURN.findall(body):
            speaker = speakers[label]
            yield path.stem, "" if speaker == "interviewer" else speaker, said


def files(pages: Path) -> Iterator[tuple[str, str]]:
    """Path and content of each file; of pages also what attributes say, and text without marks."""
    for path in sorted(pages.rglob("*")):
        if path.is_file():
            text = path.read_text(encoding="utf-8")
            yield path.name, html.unescape(text)
            if path.suffix == ".html":
                page = lxml.html.fromstring(text.encode())
                yield path.name, page.text_content()
                for value in page.xpath("//@*"):
                    yield path.name, value
            if path.suffix == ".js":
                yield path.name, re.sub(r"\\u[0-9a-f]{4}|\\.", " ", text)


def written(study: Path) -> Iterator[str]:
    """Labels and definitions, which stay in a report without words."""
    with open(study / "data/derived/codebook.csv", encoding="utf-8-sig", newline="") as table:
        for row in csv.DictReader(table):
            yield from (row["code"], row["definition"])
    for path in ("data/focused-codes.yaml", "data/theory.yaml"):
        if (study / path).exists():
            text = (study / path).read_text(encoding="utf-8")
            yield from re.findall(r"^ *(?:- )?(?:focused|category|definition): (.*)", text, re.M)


def labels_and_definitions(study: Path) -> re.Pattern[str]:
    kept = sorted({text for text in written(study) if len(text) > 5}, key=len, reverse=True)
    return re.compile("|".join(map(re.escape, kept)))


def labels(study: Path) -> re.Pattern[str]:
    with (study / "data/derived/codebook.csv").open(encoding="utf-8", newline="") as file:
        kept = sorted((row["code"] for row in csv.DictReader(file)), key=len, reverse=True)
    return re.compile("|".join(map(re.escape, kept)))


def test_without_words_no_page_has_six_of_a_participants_words_in_a_row(studies):
    for study in studies.values():
        command("run", cwd=study)
        theirs = {run for _, who, said in turns(study) if who for run in runs([said])}
        theirs -= runs(written(study))
        between = labels_and_definitions(study)
        pages = reported(study, "--words", "no")
        assert len(theirs) > 300 and len(addresses(pages)) > 20
        told = [
            (name, run) for name, text in files(pages) for run in runs(between.split(text)) & theirs
        ]
        assert told[:5] == []


@pytest.mark.parametrize(("name", "only"), [("root", "eve"), ("root", "jim"), ("tea-round", "bo")])
def test_one_participants_pages_have_nobody_elses_words(studies, name, only):
    """But for who asks, in the interviews that are theirs."""
    study = studies[name]
    heard = list(turns(study))
    with_them = {interview for interview, who, _ in heard if who == only}
    own = runs(said for where, who, said in heard if who in ("", only) and where in with_them)
    others = runs(said for where, who, said in heard if who not in ("", only))
    others |= runs(said for where, who, said in heard if where not in with_them)
    pages = reported(study, "--only", only)
    told = [(name, run) for name, text in files(pages) for run in runs([text]) & (others - own)]
    assert len(others) > 300 and told[:5] == []
    assert set(addresses(pages)) >= {"index.html", f"interviews/{sorted(with_them)[0]}.html"}
    shown = runs(text for _, text in files(pages))
    assert len(own & shown) > len(own) * 0.9


@pytest.mark.parametrize("only", ["eve", "jim"])
def test_one_participants_pages_tell_nothing_that_others_think(studies, only):
    """No memo, no comment, no theory, no focused code, no definition, and no name of anybody else
    but where the label of a code has one.
    """
    study = studies["root"]
    command("run", cwd=study)
    between = labels(study)
    pages = reported(study, "--only", only)
    others = {"eve", "jim", "nadia", "ray"} - {only}
    for path in addresses(pages):
        assert path.split("/")[0] in {
            "index.html",
            "interviews.html",
            "interviews",
            "codes.html",
        } | {"codes", "search.html"}, path
        page = lxml.html.parse(pages / path).getroot()
        text = " ".join([page.text_content(), *page.xpath("//@href")])
        said = {word for part in between.split(text) for word in words(part)}
        assert not said & others, (path, said & others)


def test_one_participants_pages_have_no_definition_and_nobody_else_in_the_list(studies):
    root = list(files(reported(studies["root"], "--only", "eve")))
    assert any("suspecting paid kindness" in text for _, text in root)
    assert not [name for name, text in root if "Wondering whether the warmth" in text]
    for name, text in files(reported(studies["tea-round"], "--only", "ana")):
        if name in ("index.html", "interviews.html"):
            assert not {"bo", "chi"} & set(words(text)), name


def test_one_participant_of_a_group_sees_nobody_else_counted_or_named(studies):
    pages = reported(studies["tea-round"], "--only", "bo")
    for path in ("index.html", "interviews.html"):
        (row,) = lxml.html.parse(pages / path).xpath("//tbody/tr")
        assert [cell.text_content() for cell in row][2:] == [
            "bo",
            "3",
            "3 codings by AL, 3 codings by KR",
        ]


def test_without_words_the_codings_are_all_there(studies):
    """A framework can be shown where words may not go."""
    whole, without = reported(studies["root"]), reported(studies["root"], "--words", "no")
    for path in addresses(whole):
        if path.startswith("interviews/"):
            marks = [
                lxml.html.parse(pages / path).xpath("//*[@data-coder]/@data-code")
                for pages in (whole, without)
            ]
            assert marks[0] == marks[1]


def test_nobody_called_so(studies):
    ran = command("report", "--only", "evee", "--output", "../none", cwd=studies["root"])
    assert ran.returncode == 1 and 'Did you mean "eve"?' in ran.stderr
    assert not (studies["root"].parent / "none").exists()


def test_what_a_negative_case_led_to_is_told_only_with_words(studies):
    """It is a person's own text about an incident, and may quote it."""
    whole, without = reported(studies["root"]), reported(studies["root"], "--words", "no")
    assert [name for name, text in files(whole) if "qualified" in text]
    assert not [name for name, text in files(without) if "qualified" in text]
