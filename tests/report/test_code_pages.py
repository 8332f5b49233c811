"""Pages of codes, focused codes and categories: what the terminal shows of each stands there."""

from __future__ import annotations

import json
from pathlib import Path
from urllib.parse import unquote

import pytest
from conftest import git
from links import broken, read, text

from gtpipe.model.level import CATEGORY, FOCUSED, INITIAL, CodeRef
from gtpipe.render import pages
from gtpipe.render.report.places import FOLDERS

REPORT = "data/derived/report"
CODES = {
    INITIAL: ["meeting around the ward", "it went from there", "noticing the pay"],
    FOCUSED: ["easy beginnings", "minding the money"],
    CATEGORY: ["becoming believable", "keeping hours"],
}
ALL = [CodeRef(level, label) for level, labels in CODES.items() for label in labels]


def page_of(thing: CodeRef) -> str:
    """The page of a code, in a study without labels that are nearly the same."""
    (name,) = pages.names([thing.label]).values()
    return f"{FOLDERS[thing.level]}/{name.removesuffix('.md')}.html"


def reported(study, *options: str) -> Path:
    study.ok("report", *options)
    return study.root / REPORT


def opened(study, thing: CodeRef):
    return read(study.root / REPORT, page_of(thing))


def section(page, title: str) -> str:
    """What stands under a heading, up to the next of its level."""
    (heading,) = [one for one in page.xpath("//h2") if text(one) == title]
    said = []
    for after in heading.itersiblings():
        if after.tag == "h2":
            break
        said.append(text(after))
    return " ".join(said)


def headings(page) -> list[str]:
    return [text(one) for one in page.xpath("//h2")]


def incidents(page) -> list[tuple[str, str, str, list[str]]]:
    """Interview, turn, words of the stretch (else ''), and the turns that are shown."""
    return [
        (
            one.get("data-interview"),
            one.get("data-turn"),
            "".join(mark.text_content() for mark in one.xpath(".//mark")),
            [said.text_content() for said in one.xpath(".//p/*[@class='said']")],
        )
        for one in page.xpath("//article[@data-turn][not(ancestor::*[@aria-labelledby])]")
    ]


def test_a_code_with_very_many_incidents_has_several_pages(counted):
    """What is no incident stands on the first."""
    code = CodeRef(INITIAL, "counting")
    counted.ok("codes", "define", "counting", "one after the other")
    report = reported(counted)
    path = page_of(code)
    name = path.rpartition("/")[2]
    further = name.replace(".html", "-2.html")
    first, second = read(report, path), read(report, f"codes/{further}")
    assert len(incidents(first)) == 2000 and len(incidents(second)) == 50
    assert [one[1] for one in incidents(first) + incidents(second)] == [
        str(number) for number in range(1, 2051)
    ]
    for page, words, other in (
        (first, "Incidents 1 to 2,000 of 2,050.", further),
        (second, "Incidents 2,001 to 2,050 of 2,050.", name),
    ):
        (where,) = [one for one in page.xpath("//p") if text(one).startswith("Incidents ")]
        assert text(where) == f"{words} All pages: 1, 2."
        assert where.xpath("a/@href") == [f"../codes/{other}"]
    assert "one after the other" in text(first) and "one after the other" not in text(second)
    assert headings(second) == ["Incidents"] and broken(report) == []
    sheet = counted.read("data/initial-codes/ann.yaml")
    counted.write("data/initial-codes/ann.yaml", sheet.replace("    counting\n", "", 51))
    reported(counted)
    assert not (report / "codes" / further).exists()
    assert "All pages" not in text(opened(counted, code))


@pytest.mark.parametrize("thing", [t for t in ALL if t.level != CATEGORY], ids=lambda t: t.typed)
def test_incidents_are_those_of_compare(analysed, thing):
    reported(analysed)
    rows = json.loads(analysed.ok("compare", thing.typed, "--format", "json"))
    shown = incidents(opened(analysed, thing))
    assert rows
    assert [one[:3] for one in shown] == [
        (row["interview"], row["turn"], row["words"] or "") for row in rows
    ]
    for row, (*_, said) in zip(rows, shown, strict=True):
        after = row["after"].partition(": ")[2]
        assert said == [one for one in (row["question"], row["text"], after) if one]


@pytest.mark.parametrize("label", CODES[CATEGORY])
def test_a_category_leads_to_each_of_its_incidents(analysed, label):
    reported(analysed)
    rows = json.loads(analysed.ok("compare", f"category: {label}", "--format", "json"))
    page = opened(analysed, CodeRef(CATEGORY, label))
    at = {
        (one.get("data-interview"), one.get("data-turn"))
        for one in page.xpath("//*[@class='at'][.//a]")
    }
    assert at == {(row["interview"], row["turn"]) for row in rows}


@pytest.mark.parametrize("thing", ALL, ids=lambda t: t.typed)
def test_what_does_not_fit_is_told_as_in_the_terminal(analysed, thing):
    reported(analysed)
    told = " ".join(analysed.ok("compare", thing.typed).split())
    page = opened(analysed, thing)
    parts = page.xpath("//section[@aria-labelledby='does-not-fit']")
    assert bool(parts) == ("Does not fit" in told)
    for part in parts:
        for paragraph in part.xpath("./p"):
            assert text(paragraph) in told
        for one in part.xpath(".//article"):
            for said in one.xpath(".//*[@class='said'] | .//dd[not(.//a)]"):
                assert text(said) in told
    terminal = told.partition("Does not fit")[2]
    for words in ("qualified", "belief has hours", "No negative case recorded"):
        assert (words in terminal) == (words in " ".join(map(text, parts))), words


def test_what_came_since_is_not_judged_and_names_where(analysed):
    analysed.ok("code", "jim", "2", "noticing the pay")
    reported(analysed)
    focused = opened(analysed, CodeRef(FOCUSED, "minding the money"))
    assert "Since then, not judged: 1 (jim 2)." in section(focused, "Incidents")
    assert "Since then, not judged: 1" in analysed.ok("compare", "focused: minding the money")
    overview = read(analysed.root / REPORT, "index.html")
    assert section(overview, "Since then, not judged") == "minding the money: 1 incident"
    above = opened(analysed, CodeRef(CATEGORY, "keeping hours"))
    assert "Since then, not judged: 1 (jim 2)." in section(above, "What it holds")


def test_what_was_looked_at_and_left_out(analysed):
    focused = analysed.read("data/focused-codes.yaml")
    left = focused.replace("judged: |\n    jim 2\n", "left: |\n    jim 2\n  judged: |\n")
    analysed.write("data/focused-codes.yaml", left)
    reported(analysed)
    page = opened(analysed, CodeRef(FOCUSED, "easy beginnings"))
    assert "Looked at and left out: jim 2." in section(page, "Incidents")


def test_from_a_code_up_to_the_theory_and_down_to_the_words(analysed):
    report = reported(analysed)
    code, focused = CodeRef(INITIAL, "meeting around the ward"), CodeRef(FOCUSED, "easy beginnings")
    page = opened(analysed, code)
    up = page.xpath("//dl[@class='facts'][1]//a/@href")
    assert f"../{page_of(focused)}" in up
    assert f"../{page_of(CodeRef(CATEGORY, 'becoming believable'))}" in up
    assert page.xpath("//article//h4/a/@href") == [
        "../interviews/jim.html#jim-2",
        "../interviews/eve.html#eve-2",
    ]
    number = page.xpath("//*[@class='sign']/text()")
    assert number == ["1"]  # its focused code is the first, and known by more than its colour
    relation = opened(analysed, focused).xpath("//a[contains(@href, '#relation-')]")
    assert [text(one) for one in relation] == [
        "easy beginnings opens the way to becoming believable"
    ]
    assert broken(report) == []


def test_what_stands_beside_it_is_counted_in_words(analysed):
    reported(analysed)
    page = opened(analysed, CodeRef(INITIAL, "meeting around the ward"))
    assert (
        section(page, "What stands beside it") == "it went from there 1 turn where both stand: jim"
    )
    assert "%" not in text(page)


def test_memos_and_comments_about_it(analysed):
    analysed.ok("comment", "noticing the pay", "Is it <one> code?", "--by", "KR")
    reported(analysed)
    page = opened(analysed, CodeRef(INITIAL, "noticing the pay"))
    assert section(page, "Memos") == "2026-03-21 Paid to be nice comparison, PM"
    assert section(page, "Comments") == "KRIs it <one> code? answernone yet"  # a list of terms


def test_properties_stand_side_by_side(analysed):
    focused = analysed.read("data/focused-codes.yaml")
    along = "  properties: |\n    who moves first\n      nobody: jim 2\n      the worker: ?\n"
    analysed.write("data/focused-codes.yaml", focused.replace("  judged:", f"{along}  judged:", 1))
    reported(analysed)
    page = opened(analysed, CodeRef(FOCUSED, "easy beginnings"))
    (table,) = page.xpath("//table[@class='positions']")
    assert [text(one) for one in table.xpath(".//th")] == ["nobody", "the worker"]
    assert text(table.xpath(".//td")[0]).startswith("jim 2")
    assert text(table.xpath(".//td")[1]) == "not met yet"


# --- from git -------------------------------------------------------------------------------------


@pytest.fixture
def lived(analysed):
    """A study whose code was defined anew and renamed, each in a commit of its own."""

    def commit(message: str) -> None:
        assert git("add", "-A", cwd=analysed.root).returncode == 0
        done = git("commit", "-qm", message, cwd=analysed.root)
        assert done.returncode == 0, done.stderr

    git("init", "-q", cwd=analysed.root)
    commit("First codes")
    analysed.ok("codes", "define", "meeting around the ward", "contact outside <any> appointment")
    commit("The definition was too wide")
    analysed.ok(
        "codes", "rename", "meeting around the ward", "meeting by chance", "--why", "shorter"
    )
    commit("A name of its own")
    return analysed


def test_earlier_wordings_with_the_day(lived):
    reported(lived)
    page = opened(lived, CodeRef(INITIAL, "meeting by chance"))
    day = git("log", "-1", "--format=%as", cwd=lived.root).stdout.strip()
    (earlier,) = page.xpath("//details[@class='earlier']")
    assert [text(one) for one in earlier.xpath(".//dt | .//dd")] == [
        f"until {day}",
        "first contact outside any appointment",
    ]
    assert "contact outside <any> appointment" in text(page)
    facts = [text(one) for one in page.xpath("//dl[@class='facts']/div/*")]
    assert facts[facts.index("was") + 1] == "meeting around the ward"


def test_the_life_of_a_code_is_that_of_history(lived):
    reported(lived)
    rows = json.loads(lived.ok("history", "meeting by chance", "--format", "json"))
    page = opened(lived, CodeRef(INITIAL, "meeting by chance"))
    moments = page.xpath("//ol[@class='life']/li")
    assert len(moments) == len(rows) >= 3
    for moment, row in zip(moments, rows, strict=True):
        said = text(moment)
        for words in (row["date"], row["author"], row["subject"], *row["changes"], *row["why"]):
            assert " ".join(words.split()) in said
    assert "why: shorter" in text(moments[-1])


def test_the_history_is_told_commit_by_commit(lived):
    report = reported(lived)
    rows = json.loads(lived.ok("history", "--format", "json"))
    moments = read(report, "history.html").xpath("//ol[@class='life']/li")
    assert [row["subject"] for row in rows] == [
        "First codes",
        "The definition was too wide",
        "A name of its own",
    ]
    for moment, row in zip(moments, rows, strict=True):
        for words in (row["subject"], *row["changes"], *row["why"], *row["memos"]):
            assert " ".join(words.split()) in text(moment)
    assert broken(report) == []


def test_without_git_there_is_no_history(analysed):
    report = reported(analysed)
    assert not (report / "history.html").exists()
    assert "History" not in text(read(report, "index.html"))
    assert "Its life" not in headings(opened(analysed, ALL[0]))


# --- lists ----------------------------------------------------------------------------------------


def test_the_list_of_codes(analysed):
    analysed.ok("codes", "park", "it went from there", "--why", "one person's phrase")
    report = reported(analysed)
    page = read(report, "codes.html")
    rows = [[text(cell) for cell in row] for row in page.xpath("//tbody/tr")]
    assert rows == [
        [
            "meeting around the ward",
            "1 easy beginnings",
            "2",
            "eve, jim",
            "first contact outside any appointment",
        ],
        ["noticing the pay", "2 minding the money", "2", "eve, jim", ""],
        ["it went from there", "", "1", "jim", ""],
    ]
    assert headings(page) == ["Parked"]


def test_a_long_list_has_letters(empty):
    labels = [f"{letter}oing {number}" for letter in "dgz" for number in range(30)]
    empty.write(
        "data/codebook.yaml", "".join(f"- code: {label}\n  definition: x\n" for label in labels)
    )
    report = reported(empty)
    page = read(report, "codes.html")
    assert [text(one) for one in page.xpath("//nav[@aria-label='Letters']/a")] == ["D", "G", "Z"]
    assert broken(report) == []


def test_a_study_with_nothing_in_it(empty):
    report = reported(empty)
    assert "Nothing is coded yet." in text(read(report, "codes.html"))
    assert "No focused code yet." in text(read(report, "focused-codes.html"))
    assert broken(report) == []


def test_what_can_be_read_of_a_broken_study_is_shown(analysed):
    analysed.write("data/focused-codes.yaml", "- focused: [\n")
    report = reported(analysed)
    assert "1 error in your files; what they concern is not shown" in text(
        read(report, "index.html")
    )
    assert len(incidents(opened(analysed, ALL[0]))) == 2
    assert "becoming believable" in text(read(report, "theory.html"))
    assert broken(report) == []


# --- editions -------------------------------------------------------------------------------------

SAID = [
    "She just sat down",
    "Him being paid",
    "passive? ask again",
    "Is it one thing",
    "belief has hours",
    "holds in both accounts",
]


def test_without_words_places_and_codes_alone(lived):
    lived.ok("comment", "noticing the pay", "She just sat down, she says", "--by", "KR")
    report = reported(lived, "--words", "no")
    for path in report.rglob("*.html"):
        page = read(report, path.relative_to(report).as_posix())
        for words in SAID:
            assert words not in text(page), (path, words)
    page = opened(lived, CodeRef(FOCUSED, "easy beginnings"))
    assert [one[:2] for one in incidents(page)] == [("jim", "2"), ("eve", "2")]
    assert "a start that nobody arranged" in text(page)
    assert broken(report) == []


def test_of_one_participant_alone(lived):
    report = reported(lived, "--only", "eve")
    page = opened(lived, CodeRef(INITIAL, "meeting by chance"))
    assert [one[:2] for one in incidents(page)] == [("eve", "2")]
    there = sorted(path.relative_to(report).as_posix() for path in report.rglob("*.html"))
    assert not [
        path
        for path in there
        if path.startswith(("focused", "categories", "memos", "theory", "history", "across"))
    ]
    for path in there:
        assert "jim" not in text(read(report, path)), path
    assert broken(report) == []


# --- labels ---------------------------------------------------------------------------------------

NASTY = [
    "<script>alert(1)</script>",
    'quoted "] and ]]> & more',
    "Small Talk",
    "small talk",
    "\u202eright to left",
    "עברית",
    "index",
    "x" * 2000,
    "why: because",
]


def test_any_label_has_a_page_of_its_own(coded):
    for label in NASTY:
        coded.ok("code", "jim", "2", label)
    report = reported(coded)
    listed = {}
    for link in read(report, "codes.html").xpath("//tbody//th//a"):
        listed[link.text_content()] = unquote(link.get("href"))
    assert set(NASTY) <= set(listed)
    assert len({path.casefold() for path in listed.values()}) == len(listed)
    for label in NASTY:
        page = read(report, listed[label])
        (title,) = page.xpath("//h1")
        assert title.text_content() == label
        assert len(incidents(page)) == 1
        assert not page.xpath("//script[not(@src)]")
    assert broken(report) == []
