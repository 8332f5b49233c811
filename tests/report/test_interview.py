"""The page of an interview: the words as they were spoken, every coding once, at its turn."""

from __future__ import annotations

import csv
import io
import re
import shutil
from collections import Counter, defaultdict
from pathlib import Path
from urllib.parse import unquote

import hypothesis.strategies as st
import lxml.html
import pytest
from browsing import chromium, opened, url
from conftest import ROOT, StudyFolder
from hypothesis import HealthCheck, example, given, settings

from gtpipe.formats import code_line, transcripts
from gtpipe.model.anchor import stretches
from gtpipe.model.records import Interview, Turn
from gtpipe.store.layout import Study
from gtpipe.study import load

REPORT = "data/derived/report"


def _page(study: StudyFolder, interview: str, *options: str) -> lxml.html.HtmlElement:
    study.ok("report", *options)
    return _parsed(study.root / REPORT / f"interviews/{interview}.html")


def _parsed(page: Path) -> lxml.html.HtmlElement:
    return lxml.html.document_fromstring(page.read_bytes().decode())


def _words(page: lxml.html.HtmlElement) -> dict[str, str]:
    """Turn → its words, read as the page's template says."""
    found = {}
    for turn in page.xpath("//*[@data-turn]"):
        for words in turn.xpath(".//*[@data-words]"):
            found[turn.get("data-turn")] = words.text_content()
    return found


def _given(page: lxml.html.HtmlElement) -> list[tuple[str, ...]]:
    """Every coding: level, code, coder, turns, stretch."""
    names = ("data-level", "data-code", "data-coder", "data-at", "data-span")
    return [tuple(map(one.get, names)) for one in page.xpath("//*[@data-coder]")]


def _text(element: lxml.html.HtmlElement) -> str:
    return " ".join(" ".join(element.itertext()).split()).replace(" ,", ",")


def _at(page: lxml.html.HtmlElement, turn: str) -> lxml.html.HtmlElement:
    (found,) = page.xpath("//*[@data-turn=$turn]", turn=turn)
    return found


def _marked(turn: lxml.html.HtmlElement) -> dict[str, str]:
    """Code → the words that its marks cover, joined."""
    found: dict[str, str] = defaultdict(str)
    for mark in turn.xpath(".//mark"):
        found[mark.get("data-code")] += mark.text_content()
    return dict(found)


def _copied(study: Path, capsys, tmp_path, monkeypatch) -> StudyFolder:
    target = tmp_path / "copy"
    target.mkdir()
    shutil.copy(study / "pipeline.yaml", target)
    shutil.copytree(study / "data", target / "data", ignore=shutil.ignore_patterns("derived"))
    return StudyFolder(target, capsys, monkeypatch)


@pytest.fixture
def root(capsys, tmp_path, monkeypatch) -> StudyFolder:
    return _copied(ROOT, capsys, tmp_path, monkeypatch)


@pytest.fixture
def tea(capsys, tmp_path, monkeypatch) -> StudyFolder:
    return _copied(ROOT / "examples/tea-round", capsys, tmp_path, monkeypatch)


# --- words and codings ----------------------------------------------------------------------------


def test_the_words_of_every_page_are_the_transcript_and_codings_are_as_many_as_the_code_book_has(
    root,
):
    root.ok("report")
    corpus = load(Study(root.root))
    incidents: dict[str, set[tuple[str, ...]]] = defaultdict(set)
    for interview in corpus.material.interviews.values():
        page = _parsed(root.root / REPORT / f"interviews/{interview.name}.html")
        assert _words(page) == {turn.id: turn.text for turn in interview.turns}
        ids = [turn.get("id") for turn in page.xpath("//*[@data-turn]")]
        assert ids == [f"{interview.name}-{turn.id}" for turn in interview.turns]
        for level, code, _, turns, span in _given(page):
            if level == "initial":
                incidents[code].add((interview.name, turns, span))
    rows = csv.DictReader(io.StringIO((ROOT / "data/derived/codebook.csv").read_text()))
    assert {code: len(found) for code, found in incidents.items()} == {
        row["code"]: int(row["incidents"]) for row in rows if row["incidents"] != "0"
    }


def test_a_turn_has_its_line_its_mark_who_speaks_and_a_link_to_itself(root):
    turn = _at(_page(root, "eve"), "4")
    assert _text(turn.xpath(".//*[@class='place']")[0]) == "4 P line 15 01:40"
    assert turn.xpath(".//*[@class='place']/a/@href") == ["#eve-4"]
    lines = root.read("data/transcripts/eve.md").splitlines()
    assert lines[15 - 1].startswith("[4 01:40] P: So the room was double-booked.")
    assert "asks" in _at(_page(root, "eve"), "3").get("class").split()


NASTY = (
    "<script>alert(1)</script>",
    '"] onclick="x',
    "]]> and <!-- &amp;",
    "היא ישבה",
    "waiting",
    "Waiting",
    "\U0001f9d1\u200d\U0001f91d\u200d\U0001f9d1 𝒲aiting",
    "long " * 399 + "label",
)
WORDS = ("a", "b", "c,", "<b>", "&lt;", "היא", "שם", "\U0001f375", "e\u0301", '"so"', "]]>", "it\n")


@st.composite
def _coded(draw) -> tuple[Interview, dict[str, str]]:
    """An interview, and sheets by coder, with stretches that overlap, lie within each other, run
    over turns."""
    turns = []
    for number in range(draw(st.integers(1, 5))):
        tokens = draw(st.lists(st.sampled_from(WORDS), min_size=1, max_size=12))
        text = " ".join(f"{token}{index}" for index, token in enumerate(tokens))
        turns.append(Turn(str(number + 1), "", draw(st.sampled_from("IP")), text, 0))
    interview = Interview("i", "", "2026-03-02", {"I": "interviewer", "P": "ann"}, tuple(turns))
    sheets = {}
    for coder in ("PM", "KR"):
        entries = []
        for turn in turns:
            lines = [_line(draw, turn.text) for _ in range(draw(st.integers(0, 6)))]
            entries.append(_entry(f"turn: {turn.id}", lines))
        if len(turns) > 1:
            last = draw(st.integers(2, len(turns)))
            several = interview.at(f"1-{last}")
            entries.append(_entry(f"turns: {several.id}", [_line(draw, several.text)]))
        sheets[coder] = "\n".join(entries)
    return interview, sheets


def _entry(turns: str, lines: list[str]) -> str:
    return f"- {turns}\n  codes: |\n" + "".join(f"    {line}\n" for line in dict.fromkeys(lines))


def _line(draw, text: str) -> str:
    words = text.split()
    start = draw(st.integers(0, len(words) - 1))
    picked = " ".join(words[start : start + draw(st.integers(1, 8))])
    tied = draw(st.booleans()) and len(stretches(text, picked)) == 1
    return code_line.write_line(draw(st.sampled_from(NASTY)), picked if tied else None)


_TWO_TURNS = (Turn("1", "", "I", "So?", 0), Turn("2", "", "P", "Yes.", 0))
_ONLY_WHO_SPEAKS = (
    Interview("i", "", "2026-03-02", {"I": "interviewer", "P": "ann"}, _TWO_TURNS),
    {"PM": _entry("turns: 1-2", ['waiting <- "P:"']), "KR": _entry("turn: 1", [])},
)


@given(_coded())
@example(_ONLY_WHO_SPEAKS)
@settings(max_examples=30, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_whatever_is_coded_the_words_stay_and_each_coding_stands_once(empty, made):
    interview, sheets = made
    empty.write("data/participants.csv", "participant\nann\n")
    empty.write("data/transcripts/i.md", transcripts.dumps(interview))
    empty.write("data/initial-codes/i.yaml", sheets["PM"])
    empty.write("data/initial-codes/i.KR.yaml", sheets["KR"])
    empty("report")
    page = _parsed(empty.root / REPORT / "interviews/i.html")
    corpus = load(Study(empty.root))
    assert corpus.errors() == ()
    turns = corpus.material.interviews["i"].turns
    assert _words(page) == {turn.id: turn.text for turn in turns}
    assert Counter(_given(page)) == Counter(
        (
            str(each.level),
            each.code,
            each.coder,
            each.turn,
            "" if each.span is None else f"{each.span[0]}-{each.span[1]}",
        )
        for each in corpus.codings
    )
    for turn in turns:
        tied = defaultdict(set)
        for each in corpus.codings:
            if each.span is not None and turn.id in each.stands_at:
                reached = corpus.material.interviews["i"].spans_of(each.turn, each.span)[turn.id]
                tied[each.code] |= set(range(*(reached or (0, len(turn.text)))))
        assert {code: len(places) for code, places in tied.items()} == _covered(_at(page, turn.id))
    assert not page.xpath("//script[not(@src)] | //*[@onclick] | //*[@style]")


def _covered(turn: lxml.html.HtmlElement) -> dict[str, int]:
    """Code → how many characters of the turn stand in a mark of it."""
    found: Counter[str] = Counter()
    for text in turn.xpath(".//*[@data-words]//text()"):
        above = text.getparent() if text.is_text else text.getparent().getparent()
        codes = {
            one.get("data-code") for one in (above, *above.iterancestors()) if one.tag == "mark"
        }
        found.update(dict.fromkeys(codes, len(text)))
    return dict(found)


def test_overlapping_stretches_are_told_apart_by_lines_and_letters(study):
    for words in ("like, a *bit* [pause 3s]", "a *bit* [pause 3s] awkward.", "*bit*"):
        study.ok("code", "jim", "4", f"on {words}", "--words", words)
    turn = _at(_page(study, "jim"), "4")
    assert {code: " ".join(words.split()) for code, words in _marked(turn).items()} == {
        f"on {words}": words
        for words in ("like, a *bit* [pause 3s]", "a *bit* [pause 3s] awkward.", "*bit*")
    }
    lanes = {mark.get("data-code"): mark.get("class").split()[1] for mark in turn.xpath(".//mark")}
    assert len(set(lanes.values())) == 3
    ends = {mark.get("data-code"): mark.get("data-n") for mark in turn.xpath(".//mark[@data-n]")}
    beside = {
        one.get("data-code"): one.xpath(".//*[@class='letter']")[0].text
        for one in turn.xpath(".//*[@data-coder]")
    }
    assert ends == beside and sorted(ends.values()) == ["a", "b", "c"]


def test_a_code_over_turns_stands_at_the_first_and_says_so_at_the_others(root):
    page = _page(root, "eve")
    (over,) = [one for one in _given(page) if one[3] == "8-10"]
    assert over[:3] == ("initial", "checking what one was given", "PM")
    first = _at(page, "8").xpath(".//*[@data-at='8-10']")[0]
    assert "turns 8-10" in _text(first)
    for turn in ("9", "10"):
        (runs,) = _at(page, turn).xpath(".//*[@class='running']")
        assert _text(runs) == "a checking what one was given, from turn 8"
        assert unquote(runs.xpath("a/@href")[0]).endswith("eve.html#eve-8")
    assert _text(_at(page, "2").xpath(".//*[@class='nothing']")[0]) == "not coded"


def test_codes_go_by_their_place_in_the_turn_the_whole_turn_first(study):
    for code, words in (("late", "awkward."), ("early", "A bit"), ("all of it", "")):
        study.ok("code", "jim", "4", code, *(["--words", words] if words else []))
    given = _at(_page(study, "jim"), "4").xpath(".//*[@data-coder]/@data-code")
    assert given == ["all of it", "early", "late"]


def test_an_interview_may_be_called_as_no_page_can_be(study):
    study.ok("ingest", str(study.write("in/INDEX.txt", "I: Why?\n\nP: So.\n")), "--as", "index")
    study.ok("report")
    (path,) = (study.root / REPORT / "interviews").glob("index-*.html")
    page = _parsed(path)
    assert _words(page) == {"1": "Why?", "2": "So."}
    assert _at(page, "2").get("id") == "index-2"


def test_what_can_be_read_of_a_broken_sheet_is_shown(coded):
    sheet = "data/initial-codes/jim.yaml"
    coded.write(sheet, coded.read(sheet).replace("noticing the pay", 'lost <- "no such words"'))
    page = _page(coded, "jim")
    assert [code for _, code, *_ in _given(page)] == [
        "meeting around the ward",
        "it went from there",
    ]
    assert len(_words(page)) == 4


# --- what stands beside the words -----------------------------------------------------------------


def test_a_coding_says_whose_it_is_what_it_means_and_which_focused_codes_hold_it(analysed):
    page = _page(analysed, "jim")
    meeting, vivo = _at(page, "2").xpath(".//*[@data-coder]")
    assert _text(meeting).startswith("1 meeting around the ward")
    assert "hue-1" in meeting.get("class")
    assert meeting.xpath("a/@href")[0].startswith("../codes/meeting-around-the-ward-")
    assert [_text(told) for told in meeting.xpath("details/div/p")] == [
        "first contact outside any appointment",
        "extract of 1 easy beginnings",
        "by Pat Morgan",
    ]
    assert "hue-0" in vivo.get("class") and vivo.xpath("a/@class") == ["vivo"]
    assert _text(vivo.xpath("*[@class='note']")[0]) == "passive? ask again"
    assert "in vivo the participant's own words" in _text(vivo)
    assert "taken up by no focused code" in _text(vivo)
    legend = page.xpath("//*[@class='legend']//li")
    assert [_text(one) for one in legend] == ["1 easy beginnings", "2 minding the money"]


def test_what_waits_and_what_does_not_fit_is_said_in_words_and_has_no_colour(analysed):
    analysed.ok("code", "jim", "4", "meeting around the ward", "--words", "A bit")
    analysed.ok("code", "eve", "4", "noticing the pay", "--words", "I don't")
    fourth = _at(_page(analysed, "jim"), "4")
    added = next(one for one in fourth.xpath(".//*[@data-coder]") if "meeting" in _text(one))
    assert "does not fit 1 easy beginnings" in _text(added) and "hue-0" in added.get("class")
    remarks = [_text(one) for one in fourth.xpath(".//*[@class='remark']")]
    assert remarks == [
        "does not fit easy beginnings",
        "contradicts easy beginnings opens the way to becoming believable “awkward”",
    ]
    eve = _page(analysed, "eve")
    added = next(one for one in _at(eve, "4").xpath(".//*[@data-span]") if one.get("data-span"))
    assert "since then, not judged for 2 minding the money" in _text(added)
    assert "hue-0" in added.get("class")
    remarks = [_text(one) for one in _at(eve, "4").xpath(".//*[@class='remark']")]
    assert remarks == [
        "negative case of becoming believable “She goes home at five” led to: qualified"
        " note (PM): belief has hours",
        "memo: Paid to be nice",
    ]


def test_comments_stand_beside_their_turn_with_their_answers(coded):
    coded.ok("comments", "add", 'jim 2 "it went from there"', "Who went?", "--by", "KR")
    (remark,) = _at(_page(coded, "jim"), "2").xpath(".//*[@class='remark']")
    assert [_text(one) for one in remark] == [
        "comment (KR) on “it went from there”",
        "Who went?",
        "answer: none yet",
    ]


def test_a_coding_under_an_old_label_counts_under_the_new_one(coded):
    coded.write(
        "data/codebook.yaml", "- code: first meetings\n  was: |\n    meeting around the ward\n"
    )
    page = _page(coded, "jim")
    (given,) = _at(page, "2").xpath(".//*[@data-code='first meetings']")
    assert "in the sheet meeting around the ward" in _text(given)


def test_the_head_says_when_with_whom_by_whom_coded_and_what_came_before_and_after(root):
    page = _page(root, "eve")
    (meta,) = page.xpath("//*[@class='meta']")
    assert _text(meta) == (
        "2026-03-09 · schedule v1 · 13 turns of eve · 40 codings by Pat Morgan (PM)"
        " · what this interview brought eve: age 25-34, setting community team"
    )
    (around,) = page.xpath("//nav[@class='neighbours']")
    assert _text(around) == "before: jim after: ray"


def test_an_interview_that_nobody_coded_has_its_page(study):
    page = _page(study, "jim")
    assert "not coded yet" in _text(page.xpath("//*[@class='meta']")[0])
    assert [_text(one) for one in page.xpath("//*[@class='nothing']")] == ["not coded"] * 2


# --- several coders -------------------------------------------------------------------------------


def test_coders_stand_side_by_side_and_their_differences_are_listed(tea):
    page = _page(tea, "tea-round")
    assert [_text(one) for one in page.xpath("//*[@class='differing']")] == [
        "Coded differently: turns 2, 3, 7, 10, 12, 13, 14, 16",
        "Coded by AL only: turns 5, 9",
    ]
    assert all(
        address.endswith(re.sub(r"\D", "", address))
        for address in page.xpath("//*[@class='differing']/a/@href")
    )
    second = _at(page, "2")
    assert [_text(one) for one in second.xpath(".//*[@class='coder']")] == ["KR", "AL"]
    assert [
        [_text(one) for one in given.xpath(".//*[@class='line']")]
        for given in second.xpath(".//*[@data-coder]")
    ] == [["on other words"], ["on other words"], ["only AL"]]
    assert _text(_at(page, "5").xpath(".//*[@class='coders']/div")[0]) == "KR nothing"
    coders = page.xpath("//select[@name='coder']/option")
    assert [(one.get("value"), one.text) for one in coders] == [
        ("", "all"),
        ("KR", "Kofi Reyes (KR)"),
        ("AL", "Ada Lind (AL)"),
    ]


# --- editions -------------------------------------------------------------------------------------


def test_without_words_places_and_codes_stay(analysed):
    analysed.ok("comments", "add", "jim 2", "He says ward", "--by", "KR")
    page = _page(analysed, "jim", "--words", "no")
    text = page.text_content()
    for gone in ("met him", "passive?", "He says ward", "belief has hours", "[pause 3s]"):
        assert gone not in text
    assert not page.xpath("//*[@data-words] | //mark")
    assert len(_given(page)) == 3
    assert [turn.get("data-turn") for turn in page.xpath("//*[@data-turn]")] == ["1", "2", "3", "4"]


def test_the_edition_of_one_participant_has_nobody_elses_words_or_codes(tea):
    page = _page(tea, "tea-round", "--only", "bo")
    corpus = load(Study(tea.root))
    interview = corpus.material.interviews["tea-round"]
    heard = {
        turn.id: turn.text for turn in interview.turns if interview.participant(turn) in ("", "bo")
    }
    assert _words(page) == heard
    own = {(each.code, each.turn) for each in corpus.codings if each.participant == "bo"}
    assert {(code, turn) for _, code, _, turn, _ in _given(page)} == own
    assert "He says the sign out loud" not in page.text_content()
    others = [turn for turn in page.xpath("//*[@data-turn]") if turn.get("data-turn") not in heard]
    assert others
    for turn in others:
        assert _text(turn.xpath(".//*[contains(@class, 'words')]")[0]) == "(another participant)"
        assert not turn.xpath(".//*[@data-coder] | .//mark")
        assert "Ana" not in turn.text_content() and "Chi" not in turn.text_content()


# --- filters --------------------------------------------------------------------------------------


@pytest.mark.xdist_group("browser")
def test_turns_are_filtered_by_keyboard_and_the_choice_stands_in_the_address(tea):
    tea.ok("report")
    with chromium() as browser, opened(browser) as (page, heard):
        page.goto(url(tea.root / REPORT, "interviews/tea-round.html"))
        page.get_by_label("Coder").focus()
        page.keyboard.type("Ada")
        page.get_by_label("Participant").select_option("bo")
        assert page.locator("output").inner_text() == "2 turns shown of 16"
        assert page.url.endswith("#coder=AL&participant=bo")
        assert page.locator("[data-turn]:visible").count() == 2
        page.reload()
        assert page.locator("[data-turn]:visible").count() == 2
        page.locator(".differing a", has_text="16").click()  # a turn that is not shown
        assert page.locator("[data-turn='16']").is_visible()
        page.locator("select[name=code]").select_option("don't know")
        assert page.locator("[data-turn]:visible").count() == 1
        summary = page.locator("[data-turn='14'] summary").nth(1)
        summary.press("Enter")
        assert "by Ada Lind" in page.locator(".side details div:visible").inner_text()
        page.keyboard.press("Shift+Tab")  # nothing lies over what has the focus
        assert page.locator(".side details div:visible").count() == 0
        summary.press("Enter")
        page.keyboard.press("Escape")
        assert page.locator(".side details div:visible").count() == 0
        heard.assert_quiet()
