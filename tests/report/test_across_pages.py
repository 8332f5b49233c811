"""Pages that look across interviews say what the terminal says, and lead to the words."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path
from urllib.parse import unquote, urlsplit

import lxml.html
import pytest
from browsing import addresses

from gtpipe.render.report import matrix, site

PEOPLE = "participant,setting,schedule\njim,ward,early\neve,day room,late\nlee,garden,late\n"
COMMENTS = """\
- about: meeting around the ward
  by: KR
  comment: one code or two?

- about: jim 2 "it went from there"
  by: KR
  comment: who is passive in this awkward start?
  answer: nobody; it is how he talks
  changed: noted beside the turn

- about: a code that went
  by: KR
  comment: where is it?
"""
SAMPLING = """\
- who: someone who said no
  why: everybody so far took the awkward start
  for: |
    minding the money
  by: PM
  date: 2026-03-20

- who: somebody older
  why: jim is young
  by: PM
  done: eve
  came-of-it: minds it too
"""
WORDS = ("awkward", "sat down", "Him being paid", "goes home at five", "How did you meet")


@pytest.fixture
def whole(analysed):
    """A study with something to say in every part."""
    analysed.write("data/participants.csv", PEOPLE)
    analysed.write("data/comments.yaml", COMMENTS)
    analysed.write("data/sampling.yaml", SAMPLING)
    for name, version in (("jim", "v1"), ("eve", "v2")):
        text = analysed.read(f"data/transcripts/{name}.md")
        text = text.replace("\ndate:", f"\nschedule: {version}\nwave: 1\ndate:", 1)
        analysed.write(f"data/transcripts/{name}.md", text)
    analysed.ok("evaluation")
    return analysed


class Report:
    """The pages of a report, parsed."""

    def __init__(self, study, *options: str, output: str = "pages") -> None:
        study.ok("report", *options, "--output", output)
        self.folder = study.root / output

    def __getitem__(self, path: str):
        return lxml.html.fromstring((self.folder / path).read_bytes().decode())

    @property
    def paths(self) -> list[str]:
        return addresses(self.folder)

    def follow(self, path: str, href: str):
        """The element that a link of a page leads to."""
        _, _, place, _, anchor = urlsplit(href)
        target = (self.folder / path).parent / unquote(place) if place else self.folder / path
        page = self[target.resolve().relative_to(self.folder.resolve()).as_posix()]
        if not anchor:
            return page
        (found,) = page.xpath("//*[@id=$id]", id=unquote(anchor))
        return found

    def text(self) -> str:
        """All that any file says."""
        return "\n".join(
            file.read_bytes().decode() for file in self.folder.rglob("*") if file.is_file()
        )


def words(element) -> str:
    return " ".join(element.text_content().split())


def apart(page) -> str:
    """What the content of a page says, a space between any two elements."""
    return " ".join(" ".join(page.xpath("//main")[0].itertext()).split())


# --- codes by groups ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("path", "by"),
    [
        ("by-setting", "setting"),
        ("by-participant", "participant"),
        ("by-wave", "wave"),
        ("by-schedule", "schedule"),
    ],
)
def test_cells_say_what_gtpipe_matrix_says_and_lead_to_the_words(whole, path, by):
    report = Report(whole)
    page = f"across/{path}.html"
    table = json.loads(whole.ok("matrix", "--by", by, "--format", "json"))
    groups = [words(one) for one in report[page].xpath("//thead//th")[1:]]
    assert groups == [one["group"] for one in table["groups"]]
    rows = report[page].xpath("//tbody/tr")
    assert len(rows) == len(table["codes"]) == 2
    for row, code in zip(rows, table["codes"], strict=True):
        assert words(row.find("th")).split(" ", 1)[1] == code["code"]
        for td, cell in zip(row.findall("td"), code["cells"], strict=True):
            assert td.get("data-group") == cell["group"]
            assert int(td.get("data-incidents")) == cell["incidents"]
            if "empty" in cell:
                assert words(td) == cell["empty"] and not td.xpath(".//a")
                continue
            if cell["incidents"] and cell["participants"] != [cell["group"]]:
                assert f"{cell['incidents']}: {', '.join(cell['participants'])}" in words(td)
            behind = report.follow(page, td.xpath(".//a/@href")[0])
            quoted = [words(one) for one in behind.xpath(".//blockquote")]
            listed = [*cell["extracts"], *cell["does-not-fit"], *cell["not-judged"]]
            assert [one.strip('"') for one in quoted] == [
                " ".join(one["words"].split()) for one in listed
            ]
            turns = [one.rsplit("#", 1)[1] for one in behind.xpath(".//p[@class='from']/a/@href")]
            assert turns == [f"{one['interview']}-{one['turn']}" for one in listed]


def test_of_a_table_too_large_for_a_page_the_cells_with_something_in_them_stand_there(
    whole, monkeypatch
):
    def said(page, cell: str) -> list[tuple[str, str, list[str]]]:
        found = Report(whole)[page].xpath(f"//{cell}[@data-incidents][a]")
        return sorted(
            (one.get("data-group"), words(one).removeprefix(f"{one.get('data-group')}: "), links)
            for one in found
            if (links := one.xpath("a/@href"))
        )

    page = "across/by-setting.html"
    in_table = said(page, "td")
    monkeypatch.setattr(matrix, "MOST_CELLS", 1)
    monkeypatch.setattr(site, "LAYOUT", 0)
    assert said(page, "dd") == in_table and len(in_table) > 1
    assert not Report(whole)[page].xpath("//td")


def test_what_does_not_fit_stands_apart(whole):
    report = Report(whole)
    cell = report["across/by-setting.html"].xpath("//td[@data-group='ward']")[0]
    assert words(cell) == "1: jim does not fit: jim 4"
    behind = report.follow("across/by-setting.html", cell.xpath(".//a/@href")[0])
    assert [words(one) for one in behind.xpath(".//h3")] == ["Does not fit"]


def test_nobody_in_a_group_and_not_coded_so_are_told_apart(whole):
    cells = Report(whole)["across/by-setting.html"].xpath("//td[@data-group='garden']")
    assert {words(cell) for cell in cells} == {"nobody in this group"}


def test_a_column_that_is_called_as_something_else_is_has_a_page_too(whole):
    report = Report(whole)
    titles = {words(report[one].xpath("//h1")[0]) for one in report.paths if one.count("/") == 1}
    assert titles >= {"Focused codes by schedule", "Focused codes by attribute: schedule"}


def test_many_groups_stand_as_rows(whole):
    people = "".join(f"p{number},place {number}\n" for number in range(12))
    whole.write("data/participants.csv", "participant,setting\njim,ward\n" + people)
    page = Report(whole)["across/by-setting.html"]
    heads = [words(one) for one in page.xpath("//thead//th")]
    assert heads[0] == "setting" and heads[1].endswith("easy beginnings")
    assert len(page.xpath("//tbody/tr")) == 14  # twelve, the ward, and who is in no row


# --- which codes stand together -------------------------------------------------------------------


def test_numbers_are_those_of_gtpipe_cooccur_and_lead_to_the_places(whole):
    text = whole.read("data/focused-codes.yaml")
    more = text.replace("  does-not-fit", '    eve 4 "She goes home"\n  does-not-fit', 1)
    whole.write("data/focused-codes.yaml", more)
    report = Report(whole)
    page = report["across/together.html"]
    pairs = json.loads(whole.ok("cooccur", "--level", "focused", "--format", "json"))
    labels = [words(one).split(" ", 1)[1] for one in page.xpath("//tbody/tr/th")]
    numbers = {}
    for label, row in zip(labels, page.xpath("//tbody/tr"), strict=True):
        for other, td in zip(labels, row.findall("td"), strict=True):
            number = words(td)
            if number.isdecimal() and number != "0":
                numbers[label, other] = int(number)
                behind = report.follow("across/together.html", td.xpath(".//a/@href")[0])
                assert len(behind.xpath(".//*[@class='quoted']")) == int(number)
    assert pairs
    expected = {(one["code-a"], one["code-b"]): one["together"] for one in pairs}
    assert numbers == expected | {(b, a): number for (a, b), number in expected.items()}
    assert page.xpath("//svg//desc") and page.xpath("//svg//a[starts-with(@href, '../')]")


def test_few_initial_codes_have_a_table_of_their_own(whole):
    report = Report(whole)
    page = report["across/together-codes.html"]
    pairs = json.loads(whole.ok("cooccur", "--format", "json"))
    shown = [int(words(one)) for one in page.xpath("//td[@class='number']/a")]
    assert sorted(shown) == sorted(2 * [one["together"] for one in pairs])
    assert "it went from there" in words(page)
    rows = [words(row) for row in page.xpath("//table//tbody//th")]
    drawn = [
        (code.xpath("string(*[name()='text'][1])"), code.get("aria-label"))
        for code in page.xpath("//svg//a[@aria-label]")
    ]
    assert drawn and rows == [f"{number} {label}" for number, label in drawn]


def test_where_nothing_stands_together_a_sentence_says_so(whole):
    page = Report(whole)["across/together.html"]
    assert not page.xpath("//svg | //table")
    assert "No two codes stand together" in words(page)
    text = whole.read("data/focused-codes.yaml")
    whole.write("data/focused-codes.yaml", text.replace("    jim 4\n    eve 4\n", "    jim 4\n"))
    said = words(Report(whole)["across/together.html"])
    assert "Since then, not judged, and left out: minding the money 1." in said


# --- what each interview brought ------------------------------------------------------------------


def test_names_are_as_many_as_sufficiency_counts(whole):
    report = Report(whole)
    page = report["across/brought.html"]
    whole.ok("run")
    table = list(csv.DictReader(io.StringIO(whole.read("data/derived/sufficiency.csv"))))
    assert [row["interview"] for row in table] == ["jim", "eve"]
    for row in table:
        (section,) = page.xpath("//section[@id=$id]", id=f"brought-{row['interview']}")
        brought = {
            words(one.find("dt")): [words(a) for a in one.xpath("dd/a")]
            for one in section.xpath(".//dl/div")
        }
        assert len(brought.get("new codes", ())) == int(row["new-initial-codes"])
        for column, name in (("first-incident-of", "first incident of"), ("modified", "modified")):
            listed = row[column].split("; ") if row[column] else []
            assert brought.get(name, []) == listed
        assert row["judgement"] in words(section)
    assert "(" not in words(page.xpath("//section[@id='brought-jim']/p")[0])
    assert not page.xpath("//svg")  # no curve that looks like proof


# --- the other parts ------------------------------------------------------------------------------


def test_a_part_with_nothing_to_say_is_a_sentence(study):
    report = Report(study)
    said = words(report["across.html"].xpath("//main")[0])
    for sentence in (
        "No focused code yet.",
        "Nobody was interviewed more than once.",
        "Nobody is noted down to be sought next.",
        "No version of the interview schedule.",
        "No second reader has commented yet.",
        "The study has no evaluation yet.",
    ):
        assert sentence in said
    assert [one for one in report.paths if one.startswith("across/")] == ["across/brought.html"]


def test_an_empty_study_has_the_page_too(empty):
    report = Report(empty)
    assert "No interview yet." in words(report["across.html"])


def test_comments_lead_to_what_they_are_about_and_say_whether_they_wait(whole):
    page = Report(whole)["across/comments.html"]
    told = {one.get("id"): words(one) for one in page.xpath("//article")}
    assert list(told) == ["comment-1", "comment-3", "comment-2"]  # what waits comes first
    assert "nobody; it is how he talks" in told["comment-2"]
    assert page.xpath("//article[@id='comment-2']//h3//a/@href") == ["../interviews/jim.html#jim-2"]
    assert page.xpath("//article[@id='comment-1']//h3//a/@href")[0].startswith("../codes/")
    assert not page.xpath("//article[@id='comment-3']//h3//a")


def test_sampling_is_told_open_and_done(whole):
    page = Report(whole)["across/sampling.html"]
    assert [words(one) for one in page.xpath("//h2")] == ["To seek next", "Open positions", "Done"]
    said = apart(page)
    assert "someone who said no" in said and "came of it minds it too" in said
    assert page.xpath("//dt[text()='done']/following-sibling::dd/a/@href") == [
        "../interviews/eve.html"
    ]


def test_the_schedule_says_what_changed_and_why(whole):
    said = apart(Report(whole)["across/schedule.html"])
    assert (
        "v2 2026-03-22 asked: eve Prompted by noticing the pay : nobody was asked about money "
        "Came in What about money? Went out And then? Stayed How did you meet?" in said
    )


def test_negative_cases_say_who_looked(whole):
    said = apart(Report(whole)["across/negative-cases.html"])
    assert "eve 4 · negative case: qualified She goes home at five belief has hours (PM)" in said
    assert "keeping hours category No negative case recorded (PM looked on 2026-04-02)." in said


def test_the_evaluation_has_answers_and_pointers(whole):
    text = whole.read("data/evaluation.md")
    whole.write("data/evaluation.md", text.replace("\n*not answered yet*", "\nFrom the ward.", 1))
    page = Report(whole)["across/evaluation.html"]
    assert len(page.xpath("//h3")) == 19
    first = words(page.xpath("//section")[0])
    assert "From the ward." in first and "2 participants: jim, eve" in first
    assert page.xpath("//details//a[starts-with(@href, '../memos/')]")
    whole.write("data/evaluation.md", text.replace("<!-- /pointers -->", "", 1))
    said = words(Report(whole)["across/evaluation.html"])
    assert "The evaluation cannot be shown: these pointers have no end." in said


AGAIN = """\
---
interview: jim-2
date: 2026-04-09
speakers: {I: interviewer, P: jim}
schedule: v2
---

[1] I: What about money?

[2] P: Still the pay. He rings now.
"""


def test_a_participant_interviewed_twice_has_a_page_that_says_what_gtpipe_case_says(whole):
    whole.write("data/transcripts/jim-2.md", AGAIN)
    whole.write("data/initial-codes/jim-2.yaml", "- turn: 2\n  codes: |\n    noticing the pay\n")
    report = Report(whole)
    pages = [one for one in report.paths if one.startswith("participants/")]
    assert pages == ["participants/jim.html"]
    page, told = report[pages[0]], json.loads(whole.ok("case", "jim", "--format", "json"))
    assert "participants/jim.html" in report["across.html"].xpath("//main//a/@href")
    sections = page.xpath("//main/section")
    for section, account in zip(sections, told["interviews"], strict=True):
        assert [words(one).strip('"') for one in section.xpath(".//blockquote")] == [
            " ".join(one["words"].split()) for one in account["told"]
        ]
        codes = [words(one).split(" · ")[1].split("; ") for one in section.xpath(".//p[@class]")]
        assert codes == [one["codes"] for one in account["told"]]
    heads = [words(one) for one in page.xpath("//h3")]
    assert [one.rsplit(" ", 1)[0].removesuffix(" focused") for one in heads] == [
        one["code"] for one in told["codes"]
    ]
    states = [words(one) for one in page.xpath("//ul[@class='plain']/li/span")]
    assert "jim-2: again" in states and "jim-2: not judged" in states
    for code in told["codes"]:
        for one in code["interviews"]:
            assert any(said.startswith(f"{one['interview']}: {one['state']}") for said in states)


# --- all of it ------------------------------------------------------------------------------------


@pytest.mark.parametrize("options", [(), ("--words", "no"), ("--only", "jim")])
def test_every_link_leads_somewhere(whole, options):
    report = Report(whole, *options)
    for path in report.paths:
        for href in report[path].xpath("//main//a/@href"):
            report.follow(path, href)


def test_without_words_nobody_is_quoted(whole):
    text = Report(whole, "--words", "no").text()
    assert "easy beginnings" in text and "first contact outside any appointment" in text
    own = ("one code or two", "how he talks", "everybody so far", "minds it too", "belief has")
    for said in (*WORDS, *own, "Jim minds the pay"):
        found = [line for line in text.splitlines() if said in line]
        assert not found or said == "How did you meet", (said, found)  # a question of the schedule


def test_one_participants_pages_look_at_nobody_else(whole):
    report = Report(whole, "--only", "jim")
    assert not [one for one in report.paths if one.startswith(("across", "participants"))]
    text = report.text()
    for said in ("sat down", "goes home at five", "one code or two", "someone who said no"):
        assert said not in text
    assert "awkward" in text


def test_the_same_study_gives_the_same_bytes(whole):
    one, other = Report(whole, output="one"), Report(whole, output="other")
    assert one.paths == other.paths
    for path in one.folder.rglob("*"):
        if path.is_file():
            same = other.folder / path.relative_to(one.folder)
            assert path.read_bytes() == same.read_bytes()
    assert whole.ok("report", "--output", "one") == "report: nothing changed\n"


NASTY = ("<script>alert(1)</script>", 'say "]', "a ]]> b & c", "אבג", "Easy Beginnings", "x" * 300)


def test_nasty_labels_and_attributes_stand_as_they_are(whole):
    for label in NASTY:
        whole.ok("codes", "focused", "add", label, "--because", label, "--by", "PM")
    whole.write("data/participants.csv", 'participant,"<b>&a",index\njim,"<i>x</i>",1\neve,,2\n')
    report = Report(whole)
    page = next(one for one in report.paths if one.startswith("across/by-") and "b-a" in one)
    heads = [words(one).split(" ", 1)[1] for one in report[page].xpath("//tbody//th")]
    assert heads == ["easy beginnings", "minding the money", *NASTY]
    assert not [
        one
        for path in report.paths
        for one in report[path].xpath("//script[not(@src)] | //main//i")
    ]
    assert Path(report.folder / "across/by-index.html").is_file()


GROUP = """\
---
interview: index
date: 2026-05-01
speakers: {I: interviewer, A: Ann B., C: ann b.}
schedule: "v9: late"
---

[1] I: Who begins?

[2] A: I will.

[3] C: No, <b>me</b>.

[4] A: All right.
"""
OVER_TURNS = """\
- turn: 2-4
  codes: |
    taking turns
    giving way

- turn: 3
  codes: |
    giving way <- "me"

- turn: 1
  codes: |
    giving way
"""


def test_groups_of_people_codings_over_turns_and_odd_names(empty):
    empty.write("data/transcripts/index.md", GROUP)
    empty.write(
        "data/transcripts/a b%20c.md", GROUP.replace("interview: index", "interview: a b%20c")
    )
    empty.write("data/initial-codes/index.yaml", OVER_TURNS)
    empty.write(
        "data/focused-codes.yaml",
        "- focused: yielding\n  because: x\n  takes-up: |\n    giving way\n    taking turns\n"
        "  judged: |\n    index 2-4\n    index 1\n"
        '- focused: insisting\n  because: y\n  incidents: |\n    index 3 "me"\n',
    )
    report = Report(empty)
    for path in report.paths:
        for href in report[path].xpath("//main//a/@href"):
            report.follow(path, href)
    page = report["across/by-participant.html"]
    table = json.loads(empty.ok("matrix", "--by", "participant", "--format", "json"))
    assert [int(td.get("data-incidents")) for td in page.xpath("//tbody//td")] == [
        cell["incidents"] for code in table["codes"] for cell in code["cells"]
    ]
    assert "Left out, because an interviewer speaks there: index 1." in words(page)
    pairs = json.loads(empty.ok("cooccur", "--level", "focused", "--format", "json"))
    numbers = [int(words(a)) for a in report["across/together.html"].xpath("//td/a")]
    assert numbers == [pair["together"] for pair in pairs for _ in range(2)] == [1, 1]
    assert (
        len(
            report[
                "participants/"
                + next(one.split("/")[1] for one in report.paths if one.startswith("participants/"))
            ].xpath("//h2")
        )
        >= 2
    )


def test_an_approach_calls_things_by_its_own_names(whole):
    settings = whole.read("pipeline.yaml")
    whole.write("pipeline.yaml", "approach: framework analysis\n" + settings)
    report = Report(whole)
    assert words(report["across/by-setting.html"].xpath("//h1")[0]) == "Themes by setting"
    across = [one for one in report.paths if one.startswith("across")]
    assert not [one for one in across if "focused code" in apart(report[one]).lower()]


def test_what_can_be_read_is_shown_of_a_study_with_a_broken_file(whole):
    whole.write("data/comments.yaml", "- about: [\n")
    whole.write("data/theory.yaml", "categories:\n- category: x\n  focused: [")
    report = Report(whole)
    assert "across/by-setting.html" in report.paths
    assert "No second reader has commented yet." in words(report["across.html"])
