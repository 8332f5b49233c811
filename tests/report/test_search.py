"""The search of a report: what its index holds, and what a person finds with it in a browser."""

from __future__ import annotations

import json
import time
from pathlib import Path
from urllib.parse import quote, unquote

import lxml.html
import pytest
from benchmarks import generate
from browsing import chromium, opened, url

NASTY = ("</script><script>alert(1)</script>", 'say "]', "a b ]]> & c", "אבג", "x" * 300)
LATER = """\
---
interview: zoë
date: 2026-04-01
speakers: {I: interviewer, P: zoë, Q: lee}
---

[1] I: Und\u2028dann?

[2] P: Café Größe, “never mind” he said; STRASSE. <img src=x onerror=alert(1)>

[3] Q: Another account, of somebody else.

[4] P: 我們談到了錢 and ＦＵＬＬ width.
"""


def index(folder: Path) -> dict[str, list]:
    """What the index files hold together, read as data."""
    found: dict[str, list] = {}
    for file in sorted(folder.glob("search-index*.js")):
        text = file.read_text("utf-8")
        begin, end = "(window.gtpipeIndex = window.gtpipeIndex || []).push(", ");\n"
        assert text.startswith(begin) and text.endswith(end) and text.count("\n") == 1
        assert "<" not in text and "\u2028" not in text
        for kind, entries in json.loads(text.removeprefix(begin).removesuffix(end)).items():
            found.setdefault(kind, []).extend(entries)
    return found


@pytest.fixture
def study_of_three(analysed):
    analysed.write("data/transcripts/zoë.md", LATER)
    for label in NASTY:
        analysed.ok("codes", "focused", "add", label, "--because", "nasty", "--by", "PM")
    return analysed


def reported(study, *options: str, output: str = "pages") -> Path:
    study.ok("report", *options, "--output", output)
    return study.root / output


# --- the index ------------------------------------------------------------------------------------


def test_every_turn_code_and_memo_is_in_the_index(study_of_three):
    found = index(reported(study_of_three))
    said = {
        f"{name} {turn}": (who, words)
        for name, _, turns in found["turns"]
        for turn, who, words in turns
    }
    assert said["eve 2"] == ("", "She just sat down. No form, nothing.")
    assert said["jim 1"] == ("interviewer", "So how did you get started?")
    assert said["zoë 3"] == ("lee", "Another account, of somebody else.")
    labels = {label: (kind, text) for kind, label, _, text in found["codes"]}
    assert labels["meeting around the ward"] == ("code", "first contact outside any appointment")
    assert labels["becoming believable"][0] == "category"
    assert {" ".join(label.split()) for label in NASTY} <= set(labels)
    ((date, title, _, prose),) = found["memos"]
    assert (date, title) == ("2026-03-21", "Paid to be nice")
    assert prose == "Jim minds the pay, Eve the hours. Is it one thing?"


def test_what_it_leads_to_is_there(study_of_three):
    folder = reported(study_of_three)
    found = index(folder)
    for _, address, turns in found["turns"]:
        path, anchor = address.split("#")
        ids = lxml.html.fromstring((folder / unquote(path)).read_bytes().decode()).xpath("//@id")
        assert {quote(one) for one in ids} >= {anchor + turn for turn, _, _ in turns}
    assert all((folder / unquote(address)).is_file() for _, _, address, _ in found["codes"])


def test_an_edition_without_words_has_none_in_its_index(study_of_three):
    found = index(reported(study_of_three, "--words", "no"))
    assert "turns" not in found
    assert found["memos"] == [["2026-03-21", "Paid to be nice", found["memos"][0][2], ""]]
    assert "nasty" not in json.dumps(found["codes"])  # a reason may quote
    assert "first contact outside any appointment" in json.dumps(found["codes"])


def test_one_participants_edition_has_their_words_and_who_asks(study_of_three):
    found = index(reported(study_of_three, "--only", "zoë"))
    ((name, _, turns),) = found["turns"]
    assert name == "zoë" and [turn for turn, _, _ in turns] == ["1", "2", "4"]
    assert found["memos"] == [] and found["codes"] == []


def test_index_files_change_only_where_their_content_does(study_of_three):
    folder = reported(study_of_three)
    before = {file.name: file.stat().st_mtime_ns for file in folder.glob("search-index*")}
    study_of_three.ok("codes", "define", "noticing the pay", "what it costs")
    reported(study_of_three)
    after = {file.name: file.stat().st_mtime_ns for file in folder.glob("search-index*")}
    assert [name for name in after if after[name] != before[name]] == ["search-index.js"]


def test_a_large_study_has_several_index_files(empty, monkeypatch):
    from gtpipe.render.report import search

    monkeypatch.setattr(search, "MOST", 60)
    for number in range(5):
        text = LATER.replace("interview: zoë", f"interview: z{number}")
        empty.write(f"data/transcripts/z{number}.md", text)
    folder = reported(empty)
    scripts = lxml.html.parse(folder / "search.html").xpath("//script/@src")
    assert scripts == ["report.js", "search-index.js"] + [
        f"search-index-{number}.js" for number in range(1, 6)
    ]
    assert [name for name, _, _ in index(folder)["turns"]] == [f"z{n}" for n in range(5)]


# --- in a browser ---------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def browser():
    with chromium() as browser:
        yield browser


@pytest.fixture
def page(browser, study_of_three):
    folder = reported(study_of_three)
    with opened(browser) as (page, heard):
        page.folder = folder
        yield page
        heard.assert_quiet()


def look_for(page, typed: str) -> dict[str, list[str]]:
    """What a person finds: group → titles of the places."""
    page.goto(url(page.folder, "search.html") + "?" + "for=" + quote(typed))
    return {
        section.locator("h2").inner_text(): section.locator("li a").all_inner_texts()
        for section in page.locator("#search-found section").all()
    }


pytestmark = pytest.mark.xdist_group("browser")


@pytest.mark.parametrize(
    ("typed", "turns"),
    [
        ("she just", ["eve 2"]),
        ("JUST SHE", ["eve 2"]),  # all words, in any order
        ('"just she"', []),  # as they stand
        ('"she just sat" form', ["eve 2"]),
        ("cafe grosse", ["zoë 2"]),
        ("CAFÉ Größe", ["zoë 2"]),
        ('"\u201cnever mind"', ["zoë 2"]),
        ("straße", ["zoë 2"]),
        ("full", ["zoë 4"]),
        ("談到", ["zoë 4"]),
        ("ust", []),  # no word begins so
        ("just she nowhere", []),
        ("<img", ["zoë 2"]),
    ],
)
def test_turns_are_found_by_their_words(page, typed, turns):
    assert look_for(page, typed).get("Turns", []) == turns


def test_results_are_grouped_counted_marked_and_linked(page):
    found = look_for(page, "pay")
    assert found["Codes"] == ["noticing the pay"] and found["Memos"] == ["Paid to be nice"]
    assert page.locator("#search-count").inner_text() == "Found: 1 code, 1 memo"
    assert page.locator("#search-found mark").all_inner_texts() == ["pay", "pay"]
    look_for(page, "met ward")
    assert page.locator("#search-found li p mark").all_inner_texts() == ["met", "ward"]
    page.locator("#search-found li a").first.click()
    page.wait_for_url("**/interviews/jim.html#jim-2")  # and until all of it is there
    look_for(page, "nowhere to be found")
    assert page.locator("#search-count").inner_text() == "Nothing holds all of these words."


def test_marks_stand_on_the_words_as_they_were_written(page):
    look_for(page, "cafe strasse")
    assert page.locator("#search-found mark").all_inner_texts() == ["Café", "STRASSE"]
    words = page.locator("#search-found li p").nth(1).inner_text()
    assert words == (
        "Café Größe, \u201cnever mind\u201d he said; STRASSE. <img src=x onerror=alert(1)>"
    )


def test_labels_with_markup_are_text(page):
    found = look_for(page, "script")
    assert found["Codes"] == ["</script><script>alert(1)</script>"]
    assert page.locator("#search-found script, #search-found img").count() == 0


def test_the_form_of_every_page_leads_to_the_results(page):
    page.goto(url(page.folder, "interviews.html"))
    field = page.get_by_role("searchbox")
    field.fill("she just")
    field.press("Enter")
    page.wait_for_url("**/search.html?for=she+just")
    assert page.locator("#search-found li a").all_inner_texts() == ["eve 2"]


def test_typing_searches_and_the_keyboard_reaches_a_place(page):
    look_for(page, "")
    assert page.evaluate("document.activeElement.id") == "search-for"
    page.keyboard.type("she just")
    page.wait_for_url("**/search.html?for=she+just")
    assert page.locator("#search-found li").count() == 1
    for _ in range(3):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.textContent") == "eve 2":
            break
    page.keyboard.press("Enter")
    page.wait_for_url("**/interviews/eve.html#eve-2")
    page.go_back()
    page.wait_for_url("**/search.html?for=she+just")
    assert page.locator("#search-found li a").all_inner_texts() == ["eve 2"]


def test_many_results_are_shown_some_at_a_time(browser, empty):
    turns = "".join(f"[{n}] P: the same again\n\n" for n in range(1, 101))
    head = "---\ninterview: ann\ndate: 2026-01-01\nspeakers: {P: ann}\n---\n\n"
    empty.write("data/transcripts/ann.md", head + turns)
    folder = reported(empty)
    with opened(browser) as (page, heard):
        page.goto(url(folder, "search.html") + "?for=same")
        assert page.locator("#search-count").inner_text() == "Found: 100 turns"
        assert page.locator("#search-found li").count() == 30
        page.locator("button.more").click()
        assert page.locator("#search-found li").count() == 60
        assert page.evaluate("document.activeElement.textContent") == "ann 31"
        heard.assert_quiet()


def test_without_script_the_page_says_so_and_leads_to_the_lists(browser, analysed):
    folder = reported(analysed)
    with opened(browser, java_script_enabled=False) as (page, _):
        page.goto(url(folder, "search.html"))
        assert "Searching needs JavaScript" in page.locator("main").inner_text()
        assert page.locator("main a").all_inner_texts()[:3] == ["Overview", "Interviews", "Codes"]
        assert not page.locator("#search-form").is_visible()


def test_where_the_index_is_gone_the_page_says_so(browser, analysed):
    folder = reported(analysed)
    for file in folder.glob("search-index*"):
        file.unlink()
    with opened(browser) as (page, _):
        page.goto(url(folder, "search.html") + "?for=pay")
        assert page.locator("#search-count").inner_text() == (
            "The index beside this page is not there."
        )


def test_a_thousand_interviews_are_searched_quickly(browser, tmp_path):
    """As much text as 1,000 interviews have, in index files of the right kind."""
    study = tmp_path / "study"
    generate.generate(study, interviews=20, turns=100, codings=200, codes=20)
    from conftest import command

    assert command("report", "--output", "pages", cwd=study).returncode == 0
    folder = study / "pages"
    script = (folder / "search-index-1.js").read_text("utf-8")
    (folder / "search-index-1.js").write_text(script * 50, "utf-8")
    with opened(browser) as (page, _):
        begin = time.monotonic()
        page.goto(url(folder, "search.html") + "?for=nothingatall")
        page.get_by_text("Nothing holds all of these words.").wait_for()
        first = time.monotonic() - begin
        begin = time.monotonic()
        page.locator("#search-for").fill("ba")
        page.get_by_text("Found:").wait_for()
        again = time.monotonic() - begin
    assert (first < 20, again < 5) == (True, True), (first, again)
