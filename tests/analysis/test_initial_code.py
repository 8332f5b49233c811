"""Stage 2: sheets made and read back, the code book's tables, and one page a code."""

from __future__ import annotations

import csv
import io
import re
import shutil

import pytest
from conftest import hashes
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from gtpipe.analysis import codings
from gtpipe.pipeline import initial_code
from gtpipe.render import pages
from gtpipe.store.layout import Study
from gtpipe.study import load

AWKWARD = [
    "no",
    "1.5",
    "why: because",
    "# hope",
    "not asking #2",
    "- dash",
    "-h",
    "--x",
    '"quoted"',
    "'cause he was there",
    "*really*",
    "[pause 3s]",
    "don't know",
    "ошибка",
    "PSw as a means of X",
    "a/b",
    "x" * 300,
]


def rows(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text)))


def page(study, label_start: str) -> str:
    found = [
        p
        for p in (study.root / "data/derived/compare").glob("*.md")
        if p.read_text().startswith(f"# {label_start}\n")
    ]
    assert len(found) == 1, found
    return found[0].read_text()


def test_a_sheet_is_made_for_a_person_to_fill(study):
    assert (
        study.read("data/initial-codes/jim.yaml")
        == """\
# jim: write your codes under `codes: |`, one a line, four spaces in.
# `label <- "words"` ties a code to those words of the turn; a deeper line is a note on the code above it.

# [1] I: So how did you get started?

- turn: 2
  speaker: P
  text: |-
    Well, er, I met him around the ward (laugh)
    and it went from there.
  codes: |

# [3] I: And then?

- turn: 4
  speaker: P
  text: |-
    A bit. It was, like, a *bit* [pause 3s] awkward.

    Him being paid and that. <laughs>
  codes: |
"""  # noqa: E501
    )


def test_a_sheet_need_not_carry_the_words(empty):
    empty.write(
        "pipeline.yaml",
        empty.read("pipeline.yaml").replace("sheet-text: true", "sheet-text: false"),
    )
    empty.write("in/jim.txt", "I: So?\nP: Yes.\n")
    empty.ok("ingest", "in/jim.txt")
    empty.ok("run")
    assert "Yes" not in empty.read("data/initial-codes/jim.yaml") and "So" not in empty.read(
        "data/initial-codes/jim.yaml"
    )


def test_labels_typed_by_hand_come_out_letter_for_letter_each_with_its_page(study):
    sheet = study.read("data/initial-codes/jim.yaml")
    typed = "".join(f"    {label}\n" for label in AWKWARD)
    study.write(
        "data/initial-codes/jim.yaml", sheet.replace("  codes: |\n", "  codes: |\n" + typed, 1)
    )
    study.ok("run")
    assert {row["code"] for row in rows(study.read("data/derived/codebook.csv"))} == set(AWKWARD)
    for label in AWKWARD:
        assert "1 incident." in page(study, label)
    assert study.read("data/initial-codes/jim.yaml").count("\n") == sheet.count("\n") + len(AWKWARD)


def test_labels_given_by_command_come_out_letter_for_letter(study):
    for label in AWKWARD:
        study.ok("code", "jim", "2", *["--"] * label.startswith("--"), label)
    study.ok("run")
    assert {row["code"] for row in rows(study.read("data/derived/codebook.csv"))} == set(AWKWARD)


@pytest.mark.parametrize(
    "arguments",
    [
        ("code", "jim", "2", "--nte=hello"),
        ("code", "jim", "2", "x", "--nte", "hello"),
        ("codes", "define", "x", "--inculde=text"),
    ],
)
def test_a_mistyped_option_is_no_word(study, arguments):
    before = study.hashes()
    ran = study(*arguments)
    assert ran.code == 2 and "Did you mean" in ran.err.replace("did", "Did")
    assert study.hashes() == before


def test_the_tables_say_what_people_wrote(coded):
    coded.ok("code", "eve", "4", "noticing the pay", "--by", "KR")
    coded.write(
        "data/codebook.yaml",
        coded.read("data/codebook.yaml") + "\n- code: defined only\n  parked: too thin\n",
    )
    coded.ok("run")
    assert (
        coded.read("data/derived/codebook.csv")
        == """\
code,definition,in-vivo,first,parked,incidents,interviews,participants
defined only,,,,too thin,0,0,0
it went from there,,yes,jim 2,,1,1,1
meeting around the ward,first contact outside any appointment,,jim 2,,2,2,2
noticing the pay,,,jim 4,,2,2,2
"""
    )
    assert coded.read("data/derived/uncoded.csv") == "interview,turn,participant\n"


def test_codings_stand_in_the_order_of_turns_whoever_gave_them_and_however_a_sheet_has_them(coded):
    coded.write(
        "data/initial-codes/jim.yaml",
        "- turn: 4\n  codes: |\n    waiting\n\n- turn: 2\n  codes: |\n    meeting\n",
    )
    coded.ok("code", "jim", "4", "leaving", "--by", "KR")
    codings = [c for c in load(Study(coded.root)).codings if c.interview == "jim"]
    assert [(coding.turn, coding.code) for coding in codings if coding.coder == "PM"] == [
        ("2", "meeting"),
        ("4", "waiting"),
    ]
    assert [coding.turn for coding in codings] == ["2", "4", "4"]
    coded.ok("code", "jim", "2", "waiting", "--by", "KR")
    coded.ok("run")
    assert "\nwaiting,,,jim 2,,2,1,1\n" in coded.read("data/derived/codebook.csv")


def test_uncoded_turns_are_listed_and_nobody_is_told_to_code_them(study):
    study.ok("code", "jim", "2", "x")
    study.ok("initial-code")
    assert (
        study.read("data/derived/uncoded.csv")
        == "interview,turn,participant\njim,4,jim\neve,2,eve\neve,4,eve\n"
    )
    ran = study("check")
    assert (
        ran.out
        == "Left as it is: 3 participant turns without a code, 1 code without a definition. "
        "`gtpipe status --all` says which; nothing has to be complete.\n"
    )
    assert "jim: 1 of 2 participant turns uncoded: 4  (" in study.ok("status", "--all")
    assert study("check", "--strict").code == 0 and study("initial-code", "--strict").code == 0


def test_a_page_lays_all_incidents_side_by_side(coded):
    coded.ok("code", "jim", "2", "meeting around the ward", "--by", "KR", "--note", "by chance")
    coded.ok("run")
    assert (
        page(coded, "meeting around the ward")
        == """\
# meeting around the ward

first contact outside any appointment

2 incidents. Participants: eve, jim. Interviews: jim, eve.

## jim · 2026-03-02

### jim 2 · KR, PM

    I: So how did you get started?

    P: Well, er, I met him around the ward (laugh)
    and it went from there.

    I: And then?

- also coded here: it went from there
- note (KR): by chance

## eve · 2026-03-09

### eve 2 · 00:12 · PM

    I: How did you meet?

    P: She just sat down. No form, nothing.

    I: And now?

- words: `She just sat down`
"""
    )


def test_words_on_a_page_are_as_typed(coded):
    coded.ok("code", "jim", "4", "laughing it off")
    coded.ok("run")
    assert (
        "    P: A bit. It was, like, a *bit* [pause 3s] awkward.\n\n"
        "    Him being paid and that. <laughs>\n" in page(coded, "laughing it off")
    )


def test_a_stretch_over_two_lines_is_taken_from_the_shell(coded):
    coded.ok("code", "jim", "2", "drifting", "--words", "(laugh)\n  and it went")
    assert '    drifting <- "(laugh) and it went"\n' in coded.read("data/initial-codes/jim.yaml")
    coded.ok("run")
    assert "- words: `(laugh) and it went`" in page(coded, "drifting")


def test_a_new_interview_changes_only_the_pages_of_its_own_codes(coded):
    before = hashes(coded.root / "data/derived/compare")
    coded.write("in/zoe.txt", "I: So?\n\nP: Fine.\n")
    coded.ok("ingest", "in/zoe.txt", "--date", "2026-04-01")
    coded.ok("code", "zoe", "2", "noticing the pay")
    coded.ok("run")
    after = hashes(coded.root / "data/derived/compare")
    changed = [name for name in after if before.get(name) != after[name]]
    assert len(changed) == 1 and changed[0].startswith("noticing-the-pay")


def test_a_page_goes_when_its_code_does_and_other_files_there_stay(coded):
    coded.write("data/derived/compare/my-own.md", "mine")
    coded.ok("code", "jim", "2", "short-lived")
    coded.ok("run")
    sheet = coded.read("data/initial-codes/jim.yaml")
    coded.write("data/initial-codes/jim.yaml", sheet.replace("    short-lived\n", ""))
    coded.ok("run")
    names = [p.name for p in (coded.root / "data/derived/compare").iterdir()]
    assert "my-own.md" in names and not [n for n in names if n.startswith("short-lived")]


def test_a_code_with_very_many_incidents_has_several_pages(counted):
    judged = "".join(f"    ann {number}\n" for number in range(1, 2051))
    counted.write(
        "data/focused-codes.yaml",
        f"- focused: keeping count\n  takes-up: |\n    counting\n  judged: |\n{judged}",
    )
    counted.ok("run")
    compare = counted.root / "data/derived/compare"
    for folder in (compare, compare / "focused"):
        further, first = sorted(folder.glob("*.md"))
        assert further.name == f"{first.stem}-2.md"
        pages = f"All pages: [1]({first.name}), [2]({further.name})."
        text, more = first.read_text(), further.read_text()
        assert f"\n\nIncidents 1 to 2,000 of 2,050. {pages}\n\n## ann" in text
        assert more.startswith(
            f"{text.partition(chr(10))[0]}\n\nIncidents 2,001 to 2,050 of 2,050. {pages}\n\n## ann"
        )
        said = re.findall(r"^### ann (\d+)", text + more, re.M)
        assert said == [str(number) for number in range(1, 2051)]
        assert ("## Does not fit" in text) == (folder != compare) and "## Does" not in more


WORDS = "well the urn was cold by then so".split()
AT = st.tuples(st.integers(1, 5), st.sampled_from(["", "turns", *WORDS]))


@given(
    st.lists(st.tuples(st.sampled_from(["ann", "ann.KR", "bob"]), AT), min_size=4, max_size=24),
    st.integers(1, 3),
)
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_pages_of_any_size_hold_the_incidents_in_the_order_of_one_page(
    empty, monkeypatch, places, size
):
    """Incidents at the same turn, over turns, and of two coders, on either side of a cut."""
    turns = "".join(f"\n[{number}] P: {' '.join(WORDS)}\n" for number in range(1, 7))
    for name in ("ann", "bob"):
        head = f"---\ninterview: {name}\nspeakers: {{P: {name}}}\n---\n"
        empty.write(f"data/transcripts/{name}.md", head + turns)
    empty.write("data/participants.csv", "participant\nann\nbob\n")
    for sheet in ("ann", "ann.KR", "bob"):
        mine = sorted({where for other, where in places if other == sheet})
        text = "".join(
            f"- turns: {turn}-{turn + 1}\n  codes: |\n    beside\n    counting\n\n"
            if how == "turns"
            else f"- turn: {turn}\n  codes: |\n    beside\n    counting"
            + (f' <- "{how}"\n\n' if how else "\n\n")
            for turn, how in mine
        )
        empty.write(f"data/initial-codes/{sheet}.yaml", text or "[]\n")
    said = []
    for at_once in (2000, size):
        monkeypatch.setattr(pages, "AT_ONCE", at_once)
        made = initial_code.outcome(load(Study(empty.root))).pages
        incidents = "".join(
            "".join(str(part) for part in page.make()) for name, page in made if "/counting" in name
        )
        said.append(re.findall(r"^### .*(?:\n(?!#).*)*", incidents, re.M))
    together, apart = ([block.rstrip() for block in blocks] for blocks in said)
    assert together == apart and together


def test_further_pages_go_with_their_incidents_and_a_copy_of_a_page_stays(counted):
    """Also where it is not on record who wrote them."""
    counted.ok("run")
    compare = counted.root / "data/derived/compare"
    further, first = sorted(compare.glob("*.md"))
    copy = compare / f"{first.stem}-3.md"
    shutil.copy(first, copy)
    shutil.rmtree(counted.root / ".gtpipe")
    sheet = counted.read("data/initial-codes/ann.yaml")
    counted.write("data/initial-codes/ann.yaml", sheet.replace("    counting\n", "", 51))
    counted.ok("run")
    assert sorted(compare.glob("*.md")) == [copy, first] and "All pages" not in first.read_text()
    assert not further.exists()


@pytest.mark.parametrize(
    ("turn", "label", "in_vivo"),
    [
        ("2", "it went from there", True),
        ("2", "It Went  from there", True),
        ("2", "going from there", False),
        ("4", "paid", True),
        ("4", "pai", False),
        ("4", "a bit [pause 3s] awkward", True),
        ("4", "...", False),
    ],
)
def test_in_vivo_is_derived_from_the_words_of_the_turn(study, turn, label, in_vivo):
    study.ok("code", "jim", turn, label)
    study.ok("run")
    assert rows(study.read("data/derived/codebook.csv"))[0]["in-vivo"] == ("yes" if in_vivo else "")


SAID = st.lists(
    st.sampled_from(
        ["ward", "Ward", "ward's", "ward’s", "war", "…", ",", "é", "e\u0301", "ก", "กา", "ﬁne", "’"]
    ),
    max_size=6,
)


@given(SAID.map(" ".join) | SAID.map("".join), SAID.map(" ".join))
def test_a_label_of_which_a_word_is_nowhere_in_the_turn_is_not_in_vivo_at_once(label, text):
    words, unspaced = codings._words_of(label)
    spoken = codings._spoken(text)
    stands = words in spoken or (unspaced and words.strip() in spoken)
    assert codings._stands_in(label, text) == bool(words.strip() and stands)


def test_look_alikes_are_a_prompt_to_compare_and_stay_apart(study):
    for interview, label in (("jim", "PSW"), ("eve", "Psw"), ("eve", "p s-w")):
        study.ok("code", interview, "2", label)
    study.ok("run")
    assert [row["code"] for row in rows(study.read("data/derived/codebook.csv"))] == [
        "p s-w",
        "PSW",
        "Psw",
    ]
    assert re.search(
        r'note: "PSW" looks like "Psw" \(data/initial-codes/eve.yaml:\d+\), "p s-w"',
        study("check").out,
    )


def test_a_coding_under_an_old_label_counts_under_the_new_one(coded):
    coded.write(
        "data/codebook.yaml",
        "- code: first meeting\n  was: |\n    meeting around the ward\n    noticing the pay\n\n"
        "- code: noticing the pay\n",
    )
    coded.ok("run")
    usage = {row["code"]: row["incidents"] for row in rows(coded.read("data/derived/codebook.csv"))}
    assert usage == {"first meeting": "2", "it went from there": "1", "noticing the pay": "2"}
    assert '"meeting around the ward" counts under "first meeting"' in coded("check").out
    assert "2 incidents" in coded.ok("compare", "meeting around the ward")


def test_a_corrected_transcript_is_a_note_until_the_words_are_taken_over(coded):
    transcript = coded.read("data/transcripts/jim.md")
    coded.write(
        "data/transcripts/jim.md",
        transcript.replace("A bit.", "A lot.").replace("[3] I:", "[2a] P: Mind you.\n\n[3] I:"),
    )
    ran = coded("check")
    assert (
        ran.code == 0
        and 'turn 4, which carries "noticing the pay", was corrected: A [-bit.-] {+lot.+}'
        in ran.out
    )
    sheet = coded.read("data/initial-codes/jim.yaml")
    coded.ok("run")
    assert coded.read("data/initial-codes/jim.yaml") == sheet
    coded.ok("initial-code", "--refresh-text")
    entry = "- turn: 2a\n  speaker: P\n  text: |-\n    Mind you.\n  codes: |\n\n"
    at = sheet.index("# [3]")
    expected = (sheet[:at] + entry + sheet[at:]).replace("A bit.", "A lot.")
    assert coded.read("data/initial-codes/jim.yaml") == expected
    assert "corrected" not in coded("check").out


def test_a_sheet_that_is_gone_is_not_replaced_by_an_empty_one(coded):
    sheet = coded.root / "data/initial-codes/jim.yaml"
    was = sheet.read_bytes()
    sheet.unlink()
    ran = coded("run")
    assert (
        ran.code == 1
        and "data/initial-codes/jim.yaml: this sheet was here before and is gone" in ran.err
    )
    assert not sheet.exists()
    sheet.write_bytes(was)
    coded.ok("run")
    sheet.write_bytes(b"")
    coded.ok("initial-code", "--refresh-text")
    assert sheet.read_text().count("- turn:") == 2


def test_a_turn_that_is_gone_from_a_transcript_is_told(coded):
    transcript = coded.read("data/transcripts/eve.md")
    coded.write("data/transcripts/eve.md", transcript.replace("[3] I: And now?\n\n", ""))
    assert "turn 3 was ingested and is not here any more" in coded("check").out


def test_a_definition_that_is_replaced_is_shown(coded):
    out = coded.ok("codes", "define", "meeting around the ward", "something new")
    assert "its definition was: first contact outside any appointment" in out


def test_a_new_label_that_looks_like_another_is_told_at_once(coded):
    ran = coded("code", "jim", "4", "Noticing the pay")
    assert ran.code == 0 and 'this looks like "noticing the pay"' in ran.err
    assert "the interviewer's" in coded("code", "jim", "3", "asking on").err


def test_a_code_on_an_interviewers_turn_stands_where_its_words_stood_as_a_comment(coded):
    before = coded.read("data/initial-codes/jim.yaml")
    coded.ok("code", "jim", "3", "asking on")
    sheet = coded.read("data/initial-codes/jim.yaml")
    assert "# [3] I:" in before and "# [3] I:" not in sheet
    assert sheet.index("- turn: 2") < sheet.index("- turn: 3") < sheet.index("- turn: 4")


def test_where_the_code_book_cannot_be_read_a_definition_is_unknown(coded):
    """It may be there: nobody is told that the code has none."""
    coded.write("data/codebook.yaml", coded.read("data/codebook.yaml") + "- code: [\n")
    told = "Definition unknown: data/codebook.yaml cannot be read."
    assert told in coded.ok("codes", "show", "noticing the pay")
    assert told in coded.ok("compare", "noticing the pay")
    assert told in coded("codes", "list").err


def test_a_split_code_is_answered_with_what_it_became(coded):
    """By every command alike; `code` writes the label, and says so."""
    split = "- code: noticing the pay\n  split-from: |\n    walking together\n"
    coded.write("data/codebook.yaml", split)
    told = '"walking together" was split into "noticing the pay"'
    for command in (("codes", "show"), ("compare",), ("trace",), ("who",), ("codes", "park")):
        ran = coded(*command, "walking together", *["--why", "x"] * (command[-1] == "park"))
        assert (ran.code, ran.err) == (1, f"{told}. Name one of these.\n")
    assert f"note: {told}: give one of these." in coded("code", "jim", "4", "walking together").err


TYPED = """\
- turn: 2
  codes: |
    waiting in the corridor
      he says it twice
     sitting down anyway
    "being offered tea"
      late again <- "around the ward"
    being offered tea
      why tea?
    caf\u00e9 talk
    it went from there
       hm <-
- turn: 4
  codes: |
    cafe\u0301 talk
        set in by four
    being\u200b offered tea
      why again
"""


def test_lines_that_may_have_been_meant_as_codes_and_twins_are_told_with_line_and_what_to_do(coded):
    coded.write("data/initial-codes/jim.yaml", TYPED)
    told = [
        line.removeprefix("data/initial-codes/jim.yaml:")
        for line in coded("check").out.split("\n")
        if "initial-codes/jim" in line
    ]
    said = {line.partition(":")[0]: line for line in told if "participant turn" not in line}
    assert said["5"] == (
        '5: note: this line is read as a note on "waiting in the corridor": it stands 1 space '
        "deeper. If it is a code, indent it "
        'like the line of "waiting in the corridor" (3); if it is a note, 2 '
        "spaces deeper than that."
    )
    assert said["7"].startswith(
        '7: note: `late again <- "around the ward"` is read as a note on ""being offered tea"", '
        "since it stands deeper. "
    )
    assert said["12"].startswith('12: note: `hm <-` is read as a note on "it went from there"')
    assert said["16"].startswith(
        '16: note: this line is read as a note on "café talk": it stands 4 spaces deeper'.replace(
            "é", "e\u0301"
        )
    )
    assert said["6"] == (
        '6: note: ""being offered tea"" looks like "being offered tea" '
        '(data/initial-codes/jim.yaml:8), "being\u200b offered tea" '
        "(data/initial-codes/jim.yaml:17). Compare their incidents; if they are "
        "one code, write one label in all places."
    )
    assert (
        'looks like "cafe\u0301 talk" (data/initial-codes/jim.yaml:15; it has letters in another '
        "Unicode form)" in said["10"]
    )
    assert set(said) == {"5", "6", "7", "10", "12", "16"}


@pytest.mark.parametrize(
    "typed",
    [
        "    waving goodbye",
        "    why: because",
        "  waving goodbye",
        "waving goodbye",
        '    - dash <- "Bye"',
    ],
)
def test_a_code_below_a_comment_that_ended_its_turn_is_told_where_it_belongs(coded, typed):
    coded.write(
        "data/initial-codes/jim.yaml",
        f"- turn: 2\n  codes: |\n    starting slowly\n\n# [3] I: And then?\n{typed}\n\n- turn: 4\n "
        " codes: |\n",
    )
    ran = coded("check")
    assert (
        ran.code == 1
        and (
            "data/initial-codes/jim.yaml:6: a comment at the margin (line 5) ended the codes of "
            "turn "
            "2, and this line stands below it. "
            "If it is a code, put it above line 5, indented like the codes of turn 2.\n    | "
            f"{typed.strip()}\n"
        )
        in ran.out
    )


def test_a_label_that_begins_with_a_hash_below_such_a_comment_is_told_too(coded):
    coded.write(
        "data/initial-codes/jim.yaml",
        "- turn: 2\n  codes: |\n    # hope\n\n# [3] I: And then?\n    # despair\n",
    )
    out = coded("check").out
    assert (
        "data/initial-codes/jim.yaml:6: note: this line is a comment and no code: the comment at "
        "line 5 ended the codes of turn 2." in out
    )
    assert "jim.yaml:3" not in out


def test_notes_on_a_doubled_code_name_the_right_lines(coded):
    coded.write(
        "data/initial-codes/jim.yaml",
        '- turn: 2\n  codes: |\n    x <- "around"\n    y\n    x <- "around"\n    x\n    x\n',
    )
    twice = [line for line in coded("check").out.split("\n") if "stands twice" in line]
    assert [line.partition("; keep")[0] for line in twice] == [
        'data/initial-codes/jim.yaml:5: note: "x" stands twice at turn 2. The first is at line 3',
        'data/initial-codes/jim.yaml:7: note: "x" stands twice at turn 2. The first is at line 6',
    ]


@pytest.mark.parametrize(
    ("twin", "told"),
    [
        ("long\u00a0day", "It has a no-break space"),
        ("lon\u200bg day", "It has a zero-width space"),
        ("long da\u00ady", "It has a soft hyphen"),
    ],
)
def test_a_label_that_is_not_found_is_answered_with_its_unseen_twin(coded, twin, told):
    coded.ok("code", "jim", "2", "longday")
    coded.ok("code", "jim", "2", twin)
    assert (
        coded("codes", "show", "long day").err
        == f'No code "long day" in this study. Did you mean "{twin}"? {told}.\n'
    )


def test_a_tie_that_is_nearly_one_is_told(coded):
    coded.ok("code", "jim", "4", 'odd -> "A bit."')
    assert 'write `label <- "words"`' in coded("check").out


def test_focused_codes_beside_a_turn_are_no_initial_codes(study):
    sheet = study.read("data/initial-codes/jim.yaml")
    study.write(
        "data/initial-codes/jim.yaml",
        sheet.replace(
            "  codes: |\n", "  codes: |\n    initial one\n  focused: |\n    a theme\n", 1
        ),
    )
    study.ok("run")
    assert [row["code"] for row in rows(study.read("data/derived/codebook.csv"))] == ["initial one"]
    assert "- also coded here: focused: a theme" in page(study, "initial one")


def test_a_group_counts_for_who_spoke(empty):
    empty.write("in/g.md", "**I:** So?\n\n**Ana:** Yes.\n\n**Bo:** No.\n")
    empty.ok("ingest", "in/g.md", "--participant", "Ana=ana", "--participant", "Bo=bo")
    empty.ok("code", "g", "2", "answering")
    empty.ok("code", "g", "3", "answering")
    empty.ok("run")
    assert empty.read("data/derived/codebook.csv").endswith("answering,,,g 2,,2,1,2\n")
    assert "Participants: ana, bo." in page(empty, "answering") and "### g 3 · bo · PM" in page(
        empty, "answering"
    )


SWAPPED = ("{I: interviewer, P: jim}", "{I: jim, P: interviewer}")


def test_a_speaker_corrected_by_hand_is_told_and_the_sheet_brought_into_line(study):
    study.ok("code", "jim", "4", "noticing the pay", "--note", "why?")
    sheet = study.read("data/initial-codes/jim.yaml")
    sheet = sheet.replace("- turn: 2\n", "- turn: 2  # his first\n")
    study.write("data/initial-codes/jim.yaml", sheet)
    right = study.read("data/transcripts/jim.md")
    study.write("data/transcripts/jim.md", right.replace(*SWAPPED))
    told = study("check").out
    assert (
        'jim.yaml:6: note: turn 2 (line 6) is the interviewer\'s ("P"), and carries no code. '
        "`gtpipe initial-code --refresh-text` takes the entry out.\n" in told
    )
    assert (
        'jim.yaml:15: note: turn 4 (line 15) is the interviewer\'s ("P"), and carries '
        '"noticing the pay"; codes there count for no participant. Move them to a turn of the '
        "participant, or leave them, if they are meant; if it is not the interviewer who speaks, "
        "correct `speakers` in data/transcripts/jim.md.\n" in told
    )
    assert (
        "jim.yaml:1: note: turns 1, 3 of jim have no entry here. "
        "`gtpipe initial-code --refresh-text` adds them.\n" in told
    )
    study.ok("initial-code", "--refresh-text")
    coded = sheet[sheet.index("- turn: 4") :]
    assert study.read("data/initial-codes/jim.yaml") == (
        sheet[: sheet.index("# [1]")]
        + "- turn: 1\n  speaker: I\n  text: |-\n    So how did you get started?\n  codes: |\n\n"
        "# [2] P: Well, er, I met him around the ward (laugh)\n# and it went from there.\n\n"
        "# his first\n\n"
        "- turn: 3\n  speaker: I\n  text: |-\n    And then?\n  codes: |\n\n" + coded
    )
    told = study("check").out
    assert "no entry here" not in told and "carries no code" not in told
    assert 'turn 4 (line 21) is the interviewer\'s ("P"), and carries "noticing the pay"' in told
    again = study.read("data/initial-codes/jim.yaml")
    study.ok("initial-code", "--refresh-text")
    assert study.read("data/initial-codes/jim.yaml") == again
    study.write("data/transcripts/jim.md", right)
    study.ok("initial-code", "--refresh-text")
    assert study.read("data/initial-codes/jim.yaml") == sheet.replace(
        "- turn: 2  # his first", "- turn: 2"
    ).replace("# [3]", "# his first\n\n# [3]")
    assert "the interviewer's" not in study("check").out
