"""An incident that runs over turns, and a stretch given by its start and its end: in a sheet,
wherever an incident is named, in every reading of a study, and through every change of it.
"""

from __future__ import annotations

import csv
import io
import json

import hypothesis.strategies as st
import pytest
from conftest import git
from hypothesis import given

from gtpipe.gitdriver import textconv
from gtpipe.gitdriver.merge import merge_texts
from gtpipe.model import anchor
from gtpipe.model.records import NOWHERE, Interview, Turn

MOT = """\
I: How did it begin?

P: He told me his number. To the pound.

I: And what did you do with that?

P: I did check, mind. I asked him twice.

I: And?

P: The same number. So that was that.

I: And the others on the ward?

P: They never said.
"""
ASKING = """\
- turns: 4-6
  codes: |
    checking what one was given <- "I did check … same number"
      Cut in two it was a doubt and an answer.
"""


def interview(*texts: str) -> Interview:
    turns = tuple(Turn(str(n), "", "IP"[n % 2 == 0], text, n) for n, text in enumerate(texts, 1))
    return Interview("mot", "mot.md", "", {"I": "interviewer", "P": "mot"}, turns)


@pytest.fixture
def mot(coded):
    """A third interview, in which one thing is told over three turns."""
    coded.write("in/mot.txt", MOT)
    coded.ok("ingest", "in/mot.txt", "--date", "2026-03-16")
    coded.ok("initial-code")
    coded.ok("code", "mot", "6", "noticing the pay")
    path = "data/initial-codes/mot.yaml"
    coded.write(path, coded.read(path) + "\n" + ASKING)
    return coded


def page(study, slug: str) -> str:
    (found,) = (study.root / "data/derived/compare").glob(f"{slug}-*.md")
    return found.read_text()


# --- one incident, wherever it is shown -----------------------------------------------------------


def test_the_page_of_a_code_shows_the_words_of_all_its_turns(mot):
    mot.ok("run")
    assert page(mot, "checking-what-one-was-given").partition("## mot")[2] == (
        " · 2026-03-16\n\n### mot 4-6 · PM\n\n"
        "    I: And what did you do with that?\n\n"
        "    P: I did check, mind. I asked him twice.\n\n"
        "    I: And?\n\n"
        "    P: The same number. So that was that.\n\n"
        "    I: And the others on the ward?\n\n"
        "- words: `P: I did check, mind. I asked him twice. I: And? P: The same number`\n"
        "- also coded here: noticing the pay\n"
        "- note (PM): Cut in two it was a doubt and an answer.\n"
    )
    assert "- also coded here: checking what one was given" in page(mot, "noticing-the-pay")
    uncoded = mot.read("data/derived/uncoded.csv")
    assert "mot,2,mot\n" in uncoded and "mot,4," not in uncoded and "mot,6," not in uncoded
    rows = mot.read("data/derived/codebook.csv")
    assert "checking what one was given," in rows and ",1,1,1\n" in rows


def test_every_looking_command_counts_it_once(mot):
    code = "checking what one was given"
    assert "mot: 1 incident: mot 4-6" in mot.ok("who", code)
    rows = list(
        csv.DictReader(
            io.StringIO(mot.ok("matrix", code, "--by", "participant", "--format", "csv"))
        )
    )
    assert [(row["turn"], row["participant"], row["words"]) for row in rows] == [
        ("4-6", "mot", "P: I did check, mind. I asked him twice.\n\nI: And?\n\nP: The same number")
    ]
    assert f"codes: {code}" in mot.ok("find", "asked him twice")
    assert "mot 4-6 (" in mot.ok("trace", code)
    assert f'· {code} <- "I did check … same number" (PM) (turns 4-6)' in mot.ok("code", "mot", "5")
    together = mot.ok("cooccur", code, "noticing the pay")
    assert "1 turn where both stand: mot" in together and 'both: "The same number"' in together
    told = mot.ok("compare", code, "noticing the pay")
    assert "Participants with both: mot" in told and '"noticing the pay": turn 6: the whole' in told


def test_a_chapter_quotes_it_and_is_found_right(mot):
    mot.write("chapter.md", mot.ok("quotes", "--insert", "checking what one was given"))
    assert mot.read("chapter.md") == (
        "“I did check, mind. I asked him twice.” (mot, turn 4)\n\n"
        "“And?” (interviewer, mot, turn 5)\n\n"
        "“The same number” (mot, turn 6)\n"
    )
    assert mot("quotes", "chapter.md", "--all").out.count(": exact\n") == 3
    mot.write("chapter.md", '"I asked him twice" (mot, turns 6-8), he said.\n')
    assert "the text says turn 6-8" in mot("quotes", "chapter.md").out


def test_two_participants_who_speak_in_it_are_both_counted(empty):
    empty.write("in/two.txt", "I: Who was first?\n\nA: He was.\n\nB: She was.\n\nI: Fine.\n")
    speakers = ("--interviewer", "I", "--participant", "A=ann", "--participant", "B=ben")
    empty.ok("ingest", "in/two.txt", "--date", "2026-03-02", *speakers)
    empty.ok("code", "two", "2-3", "handing the first word on")
    assert "2 of 2 participants: ann, ben" in empty.ok("who", "handing the first word on")
    empty.ok("code", "two", "1-2", "being asked to begin")
    assert "1 of 2 participants: ann" in empty.ok("who", "being asked to begin")


# --- wherever an incident is named ----------------------------------------------------------------

NAMED = 'mot 4 "I did check" - 6 "same number"'


def test_focused_codes_theory_memos_and_comments_name_it(mot):
    mot.write(
        "data/focused-codes.yaml",
        "- focused: testing a gift\n  because: it is told as one thing\n  incidents: |\n"
        f"    {NAMED}\n  does-not-fit: |\n    jim 2-4\n",
    )
    mot.write(
        "data/theory.yaml",
        "categories:\n- category: becoming believable\n  focused: |\n    testing a gift\n\n"
        "relations:\n- from: testing a gift\n  kind: opens\n  to: becoming believable\n"
        f"  hypothesis: one asks twice\n  support: |\n    {NAMED}\n\n"
        "negative-cases:\n- incident: mot 6-8\n  contradicts: testing a gift\n  led-to: left\n",
    )
    memo = mot.ok("memo", "new", "Twice", "--about", "mot 5-6", "--kind", "comparison").strip()
    assert "about: |\n  mot 5-6\n" in mot.read(memo)
    mot.ok("comment", NAMED, "Twice, or again?")
    mot.ok("run")
    assert mot("check").code == 0
    theory = mot.read("data/derived/theory.md")
    assert "> P: I did check, mind. I asked him twice.\n>\n> I: And?\n>\n> P: The same" in theory
    assert "mot 6-8" in mot.read("data/derived/negative-cases.md")
    shown = mot.ok("compare", "checking what one was given")
    assert "memo: Twice (" in shown and "comment (PM): Twice, or again?" in shown
    assert "memo: Twice (" in mot.ok("compare", "noticing the pay")
    assert "twice" not in mot.ok("compare", "it went from there")
    trace = mot.ok("trace", "testing a gift")
    assert "mot 4-6" in trace and "jim 2-4" in trace


def test_what_is_said_of_it_stands_in_the_trace_with_its_words_and_follows_a_rename(mot):
    """A comment, a memo, a negative case, a property: each names it, none loses it."""
    mot.write(
        "data/focused-codes.yaml",
        "- focused: testing a gift\n  because: it is told as one thing\n  takes-up: |\n"
        "    checking what one was given\n  properties: |\n    how often\n"
        "      until one is sure: mot 4-6\n",
    )
    mot.ok("codes", "focused", "keep", "--all", "--why", "read")
    mot.ok("comments", "add", NAMED, "Twice, or again?")
    mot.ok("memo", "new", "Asked twice", "--about", "mot 4-6")
    mot.ok(
        *("negative", "jim 2-4", "--contradicts", "testing a gift"),
        *("--led-to", "a second code, of what nobody tests"),
    )
    for code in ("testing a gift", "trying it out"):
        assert mot("check").code == 0, mot("check").out
        trace = mot.ok("trace", code)
        up, _, down = trace.partition("down to the words")
        coded, _, position = down.partition('property "how often"')
        assert "contradicted by: jim 2-4" in up and "it went from there." in up
        assert "mot 4-6 (PM)" in coded and "The same number" in coded
        assert "Asked twice" in coded and "Twice, or again?" in coded
        assert "until one is sure: mot 4-6" in position and "So that was that." in position
        if code == "testing a gift":
            mot.ok("codes", "rename", "testing a gift", "trying it out", "--why", "shorter")


def test_what_is_judged_of_it_can_be_read_again_and_shares_its_words_with_its_turns(mot):
    book = "data/focused-codes.yaml"
    entry = "- focused: testing a gift\n  because: x\n  takes-up: |\n"
    mot.write(book, f"{entry}    checking what one was given\n")
    mot.ok("codes", "focused", "keep", "testing a gift", "mot 4-6", "--why", "read")
    assert '  judged: |\n    mot 4 "I did check," - 6 "The same number"\n' in mot.read(book)
    assert mot("check").code == 0
    assert "mot: 1 incident: mot 4-6" in mot.ok("who", "testing a gift")
    mot.ok("codes", "focused", "does-not-fit", "testing a gift", "mot 6", "--why", "no test")
    assert "1 incident" not in mot.ok("who", "testing a gift")
    assert "does not fit: mot 6\n" in mot.ok("who", "testing a gift")


def test_a_lost_end_is_an_error_with_its_line_and_what_to_do(mot):
    mot.write(
        "data/focused-codes.yaml",
        "- focused: testing a gift\n  because: x\n  incidents: |\n    mot 4-60\n    mot 6-4\n"
        '    mot 4 "I did check" - 6 "another number"\n',
    )
    said = mot("check").out
    assert (
        "data/focused-codes.yaml:4: no turn 60 in mot, and 4-60 runs there. "
        "Write where it begins and ends now. It has turns 1 to 8." in said
    )
    assert "data/focused-codes.yaml:5: turn 6 comes after turn 4. Write 4-6." in said
    assert (
        'data/focused-codes.yaml:6: turns 4-6 of mot do not contain "I did check … another '
        'number". "another number" is not there; copy it from the turn.' in said
    )
    sheet = "data/initial-codes/mot.yaml"
    mot.write(sheet, mot.read(sheet).replace("turns: 4-6", "turns: 4-9"))
    line = mot.read(sheet).split("\n").index("- turns: 4-9") + 1
    assert f"{sheet}:{line}: no turn 9 in mot, and 4-9 runs there." in mot("check").out


# --- written by command, and changed --------------------------------------------------------------


def test_code_writes_an_entry_below_the_last_of_its_turns(study):
    study.ok("code", "jim", "2-4", "beginning badly", "--words", "Well, er, … awkward")
    study.ok("code", "jim", "2–4", "beginning badly", "--note", "or well?")
    sheet = study.read("data/initial-codes/jim.yaml")
    assert sheet.endswith(
        '- turns: 2-4\n  codes: |\n    beginning badly <- "Well, er, … awkward"\n'
        "    beginning badly\n      or well?\n"
    )
    assert study("code", "jim", "4-2", "x").err.startswith("Turn 4 comes after turn 2. Write 2-4.")
    study.ok("code", "jim", "4", "laughing it off")
    assert study("check").code == 0
    shown = study.ok("code", "jim", "2-4")
    assert "I: And then?" in shown and "· beginning badly" in shown


def test_rename_merge_recode_split_drop_and_undo_know_it(mot):
    code, sheet = "checking what one was given", "data/initial-codes/mot.yaml"
    mot.ok("codes", "rename", code, "asking twice", "--why", "shorter")
    assert '    asking twice <- "I did check … same number"\n' in mot.read(sheet)
    mot.ok("codes", "recode", "mot", "4-6", "asking twice", "noticing the pay", "--why", "same")
    loosened = mot.ok("codes", "loosen", "mot", "4-6", "noticing the pay", "--why", "all of it")
    assert '"noticing the pay" means all of turns 4-6 now' in loosened
    mot.ok("codes", "tie", "mot", "4-6", "noticing the pay", "I asked … number", "--why", "no")
    assert '    noticing the pay <- "I asked … number"\n' in mot.read(sheet)
    mot.ok("codes", "split", "noticing the pay", "--why", "two things")
    (split,) = (mot.root / "data").glob("split-*.yaml")
    assert '- incident: "mot 4 \\"I asked\\" - 6 \\"number\\""\n' in split.read_text()
    filled = split.read_text().replace("  to: |\n", "  to: |\n    minding the pay\n")
    split.write_text(filled)
    mot.ok("codes", "split", "noticing the pay", "--why", "two things")
    assert '    minding the pay <- "I asked … number"\n' in mot.read(sheet)
    mot.ok("codes", "merge", "minding the pay", "it went from there", "--into", "pay", "--why", "w")
    mot.ok("codes", "drop", "pay", "--at", 'mot 4 "I asked" - 6 "number"', "--why", "not here")
    assert '\n    pay <- "I asked … number"' not in mot.read(sheet)
    mot.ok("undo")
    mot.ok("undo")
    assert '    minding the pay <- "I asked … number"\n' in mot.read(sheet)


def test_turns_inserted_by_a_correction_lie_inside(mot):
    corrected = MOT.replace("I: And?", "I: Twice?\n\nP: Twice, yes.\n\nI: And?")
    mot.write("in/mot.txt", corrected)
    said = mot.ok("ingest", "--correct", "in/mot.txt", "--as", "mot")
    assert mot("check").code == 0, said
    words = mot.ok("compare", "checking what one was given")
    assert "Twice, yes." in words and "P: The same number" in words
    mot.write("in/mot.txt", MOT.replace("I did check, mind.", "I looked, mind."))
    ran = mot("ingest", "--correct", "in/mot.txt", "--as", "mot")
    assert '"I did check" is not there' in ran.out + ran.err
    mot.write("in/mot.txt", MOT.replace("P: The same number. So that was that.\n\n", ""))
    refused = mot("ingest", "--correct", "in/mot.txt", "--as", "mot", "--remove")
    assert refused.code == 1 and "over turns 4-6" in refused.err


def test_refreshing_a_sheet_leaves_it_where_it_stands(mot):
    sheet = "data/initial-codes/mot.yaml"
    before = mot.read(sheet)
    mot.ok("initial-code", "--refresh-text")
    assert mot.read(sheet) == before


# --- from a start to an end -----------------------------------------------------------------------


def test_a_start_and_an_end_suffice_for_a_stretch(study):
    study.ok("code", "jim", "2", "easy beginnings", "--words", "I met him ... from there")
    assert 'easy beginnings <- "I met him ... from there"' in study.read(
        "data/initial-codes/jim.yaml"
    )
    row = json.loads(study.ok("compare", "easy beginnings", "--format", "json"))[0]
    assert row["words"] == "I met him around the ward (laugh)\nand it went from there"
    refused = study("code", "jim", "2", "x", "--words", "I met … at the bus")
    assert refused.code == 1 and '"at the bus" is not there' in refused.err
    twice = study("code", "jim", "4", "x", "--words", "A … i")
    assert twice.code == 1


def test_dots_that_the_person_said_are_words_first():
    one = interview("And then… nothing. And then what … nothing came.")
    text = one.turns[0].text
    assert anchor.find("And then… nothing", one.turns[0], one, NOWHERE) == (0, 17)
    start, end = anchor.find("then what … nothing came", one.turns[0], one, NOWHERE)
    assert text[start:end] == "then what … nothing came"


WORDS = st.lists(st.sampled_from("ab cd ef gh ij kl mn".split()), min_size=1, max_size=7)


@given(st.lists(WORDS, min_size=2, max_size=5), st.data())
def test_where_a_stretch_stands_in_each_turn_is_what_plain_slicing_gives(turns, data):
    """For all: the words of all turns, letter by letter, belong to the turn that they came from."""
    one = interview(*(" ".join(words) for words in turns))
    named = f"1-{len(turns)}"
    whole = one.at(named)
    start = data.draw(st.integers(0, len(whole.text) - 1))
    end = data.draw(st.integers(start + 1, len(whole.text)))
    owners = []  # of each letter of the whole: turn and place, or None between turns
    for index, turn in enumerate(one.turns):
        owners += [None] * (len(f"\n\n{turn.label}: ") if index else 0)
        owners += [(turn.id, place) for place in range(len(turn.text))]
    assert len(owners) == len(whole.text)
    wanted: dict[str, list[int]] = {}
    for turn, place in filter(None, owners[start:end]):
        wanted.setdefault(turn, []).append(place)
    spans = {
        id: span or (0, len(one.at(id).text))
        for id, span in one.spans_of(named, (start, end)).items()
    }
    assert spans == {id: (places[0], places[-1] + 1) for id, places in wanted.items()}
    for id, places in wanted.items():
        assert anchor.reaches(one, (named, (start, end)), (id, (places[0], places[0] + 1)))


@given(st.text('ab1 2-–…"“”.', max_size=30))
def test_what_names_an_incident_names_it_again_when_written(typed):
    found = anchor.parse(typed)
    if found is not None and '"' not in (found.words or "") and "”" not in (found.words or ""):
        again = anchor.parse(found.address)
        assert again is not None and again.address == found.address


# --- the interviewer's turns ----------------------------------------------------------------------


def test_the_interviewer_can_be_coded_in_the_sheet(study):
    settings = study.read("pipeline.yaml")
    on = settings.replace("{sheet-text: true}", "{sheet-text: true, sheet-interviewer: true}")
    study.write("pipeline.yaml", on)
    study.ok("initial-code", "--refresh-text")
    sheet = study.read("data/initial-codes/jim.yaml")
    assert (
        "- turn: 1\n  speaker: I\n  text: |-\n    So how did you get started?\n  codes: |" in sheet
    )
    assert "# [1] I:" not in sheet
    study.write(
        "data/initial-codes/jim.yaml",
        sheet.replace("started?\n  codes: |\n", "started?\n  codes: |\n    asking for a start\n"),
    )
    assert "interviewer" not in study("check").out
    assert "0 of 1 participant\n" in study.ok("who", "asking for a start")
    assert study("code", "jim", "3", "asking on").err == ""
    study.ok("run")
    assert "jim,1," not in study.read("data/derived/uncoded.csv")

    study.write("pipeline.yaml", settings)
    study.ok("initial-code", "--refresh-text")
    sheet = study.read("data/initial-codes/eve.yaml")
    assert "# [1] I: How did you meet?\n" in sheet and "- turn: 1\n" not in sheet
    assert "asking for a start" in study.read("data/initial-codes/jim.yaml")


# --- around an incident ---------------------------------------------------------------------------


def test_compare_shows_turns_around_and_how_the_interview_took_place(mot):
    path = "data/transcripts/mot.md"
    mot.write(path, mot.read(path).replace("date: 2026-03-16\n", "date: 2026-03-16\nmode: phone\n"))
    code = "noticing the pay"
    shown = mot.ok("compare", code)
    assert "mot · 2026-03-16 · mode: phone\n" in shown
    assert shown.rstrip().endswith(
        "  I: And?\n  P: The same number. So that was that.\n  I: And the others on the ward?\n"
        "    also coded here: checking what one was given"
    )
    wide = mot.ok("compare", code, "--around", "2")
    assert "  P: I did check, mind. I asked him twice.\n  I: And?\n  P: The same" in wide
    assert "  I: And the others on the ward?\n  P: They never said.\n" in wide
    assert "And the others" not in mot.ok("compare", code, "--around", "0")
    mot.ok("run")
    assert "## mot · 2026-03-16 · mode: phone\n" in page(mot, "noticing-the-pay")


def test_clauses_are_offered_to_tie_a_code_to():
    assert anchor.clauses("I did check, mind. I asked him twice.") == [
        "I did check, mind.",
        "I did check",
        "mind.",
        "I asked him twice.",
    ]
    assert anchor.clauses("No. No.") == []


# --- in git ---------------------------------------------------------------------------------------


def test_two_coders_of_one_incident_over_turns_merge_and_git_names_it():
    base = f"- turn: 4\n  codes: |\n    doubting\n\n{ASKING}"
    ours = base + "    asking twice\n"
    focused = "- turns: 4-6\n  focused: |\n    testing a gift\n"
    theirs = base.replace("- turns: 4-6\n", focused)
    merged = merge_texts(base, ours, theirs)
    assert merged.conflicts == 0
    assert "    asking twice\n" in merged.text and "    testing a gift\n" in merged.text
    added = merge_texts("", ASKING, ASKING.replace("checking what one was given", "asking twice"))
    assert added.text.count("- turns: 4-6") == 1 and "asking twice" in added.text
    shown = textconv.shown(f"# mot: write your codes\n\n{ASKING}".encode()).decode()
    assert 'mot 4-6 · checking what one was given <- "I did check … same number"\n' in shown


def test_diff_names_the_turns_and_the_words(mot):
    git("init", "-q", "-b", "main", cwd=mot.root)
    git("add", "-A", cwd=mot.root)
    git("commit", "-qm", "coded", cwd=mot.root)
    mot.ok("code", "mot", "2-4", "telling it to the pound")
    mot.ok("codes", "rename", "checking what one was given", "asking twice", "--why", "shorter")
    told = mot.ok("diff")
    assert '"checking what one was given" is now "asking twice"' in told
    assert "mot 2-4" in told
    assert "I: And what did you do with that?" in mot.ok("diff", "--extracts")
