"""Pseudonyms are put into an interview: every coding stands where it stood, what hung on a name
hangs on what stands for it, and what is in doubt is asked.
"""

from __future__ import annotations

import re

import pytest
from conftest import StudyFolder, git, hashes

NAMES = """\
# the key
Gemma -> (PSW)
Ellie Smith, Ellie -> Faye
Will -> (Son)
Bo+ -> A\\1 (friend)
"""
WALK = """\
I: So how did Gemma start?

P: Well, Gemma's all right. She met Ellie Smith on the ward. Will you write that down?

I: Yes.

P: GEMMA’s said so, and Will too. Gemma-led walks, and bo+ came, twice a week.
"""


def with_names(study: StudyFolder, names: str = NAMES) -> None:
    (study.root.parent / "key.txt").write_text(names)
    study.write("pipeline.yaml", study.read("pipeline.yaml") + "privacy: {names: ../key.txt}\n")


@pytest.fixture
def walk(empty) -> StudyFolder:
    """Four turns with names in them, and codes on them."""
    with_names(empty)
    empty.write("in/walk.txt", WALK)
    empty.ok("ingest", "in/walk.txt", "--date", "2026-03-02", "--participant", "P=Ann")
    empty.ok("initial-code")
    empty.ok("code", "walk", "2", "Gemma's all right", "--words", "Gemma's all right")
    empty.ok("code", "walk", "2", "meeting", "--words", "She met Ellie")
    empty.ok("code", "walk", "4", "walking", "--words", "Gemma-led walks")
    return empty


def check(study: StudyFolder) -> str:
    """What `check` finds, but for names in other places."""
    lines = study("check").out.split("\n")
    return "\n".join(line for line in lines if not re.search("of the list|note: ", line))


def refused(study: StudyFolder, *arguments: str) -> str:
    """What is said of a command that must write nothing."""
    before = hashes(study.root)
    ran = study("names", "apply", *arguments)
    assert ran.code == 1 and hashes(study.root) == before
    return ran.err


def test_all_that_hangs_on_a_name_follows_and_no_name_is_shown(walk):
    ran = walk("names", "apply", "walk", "--take", "word", "--why", "promised")
    assert ran.code == 0, ran.err
    assert (
        ran.out
        == """\
names: walk: 7 names in 3 turns, lines 2, 3, 4, 5 of the list
  1: So how did (PSW) start?
  2: Well, (PSW)'s all right. She met Faye on …
  2: … (PSW)'s all right. She met Faye on the ward. Will you write …
  4: (PSW)’s said so, and (Son) too. …
  4: (PSW)’s said so, and (Son) too. (PSW)-led walks, and A\\1 …
  4: (PSW)’s said so, and (Son) too. (PSW)-led walks, and A\\1 (friend) …
  4: … too. (PSW)-led walks, and A\\1 (friend) came, twice a week.
What hangs on these words follows:
  data/initial-codes/walk.yaml:11: 2: (PSW)'s all right <- "(PSW)'s all right"
  data/initial-codes/walk.yaml:12: 2: meeting <- "She met Faye"
  data/initial-codes/walk.yaml:21: 4: walking <- "(PSW)-led walks"
  1 application renamed in 1 sheet
"""
    )
    assert "data/sources/walk.txt holds the names as they came; --source-to FOLDER" in ran.err
    assert (
        walk.read("data/initial-codes/walk.yaml").split("\n", 3)[3]
        == """\
# [1] I: So how did (PSW) start?

- turn: 2
  speaker: P
  text: |-
    Well, (PSW)'s all right. She met Faye on the ward. Will you write that down?
  codes: |
    (PSW)'s all right <-
    meeting <- "She met Faye"

# [3] I: Yes.

- turn: 4
  speaker: P
  text: |-
    (PSW)’s said so, and (Son) too. (PSW)-led walks, and A\\1 (friend) came, twice a week.
  codes: |
    walking <- "(PSW)-led walks"
"""
    )
    transcript = walk.read("data/transcripts/walk.md")
    assert "[2] P: Well, (PSW)'s all right. She met Faye on the ward. Will you" in transcript
    last = walk.read("data/log.jsonl").splitlines()[-1]
    assert '"names apply walk"' in last and '"promised"' in last
    for name in ("gemma", "ellie", "smith"):
        assert name not in (ran.out + ran.err + last + transcript).casefold()
    assert not check(walk)


def test_a_dry_run_shows_all_and_writes_nothing(walk):
    before = hashes(walk.root)
    dry = walk("names", "apply", "walk", "--take", "word", "--dry-run")
    assert dry.code == 0 and hashes(walk.root) == before
    assert "Nothing was written." in dry.err
    assert walk.ok("names", "apply", "walk", "--take", "word") == dry.out


def test_a_second_time_changes_nothing_and_undo_gives_every_byte_back(walk):
    before = hashes(walk.root, people_only=True)
    walk.ok("names", "apply", "walk", "--take", "word")
    stood = hashes(walk.root)
    assert walk.ok("names", "apply", "walk", "--take", "word") == (
        "names: walk: nothing to put in\n"
    )
    assert hashes(walk.root) == stood
    walk.ok("undo")
    assert hashes(walk.root, people_only=True) == before


def test_a_name_that_is_a_word_is_asked_where_a_capital_does_not_tell(walk):
    said = refused(walk, "walk")
    assert (
        "data/transcripts/walk.md:10: turn 2: line 4 of the list, or a word? "
        "… She met Faye on the ward. [line 4?] you write that down?" in " ".join(said.split())
    )
    assert "--take 2:1=name or --take 2:1=word; --take word for all others" in " ".join(
        said.split()
    )
    assert "No turn 9 in walk" in refused(walk, "walk", "--take", "9=word")
    assert walk("names", "apply", "walk", "--take", "perhaps").code == 2
    walk.ok("names", "apply", "walk", "--take", "2:1=name")
    transcript = walk.read("data/transcripts/walk.md")
    assert "on the ward. (Son) you write" in transcript and "and (Son) too" in transcript


def test_in_small_letters_such_a_word_stays(empty):
    with_names(empty, "Will, May -> (X)\n")
    empty.write("in/a.txt", "P: I will, he may. And then Will did, in May.\n")
    empty.ok("ingest", "in/a.txt", "--date", "2026-03-02")
    empty.ok("names", "apply", "a")
    assert "I will, he may. And then (X) did, in (X)." in empty.read("data/transcripts/a.md")


def test_a_slip_is_told_and_left_until_said(empty):
    with_names(empty, "Gemma -> (PSW)\n")
    empty.write("in/a.txt", "P: I met Gema and Gemma there.\n")
    empty.ok("ingest", "in/a.txt", "--date", "2026-03-02")
    ran = empty("names", "apply", "a", "--dry-run")
    assert (
        "turn 1: a letter off line 1 of the list, and left: I met [line 1?] and (PSW)"
        in " ".join(ran.err.split())
    )
    empty.ok("names", "apply", "a", "--take", "1=name")
    assert "I met (PSW) and (PSW) there." in empty.read("data/transcripts/a.md")


# --- stretches ------------------------------------------------------------------------------------


def test_a_stretch_with_half_of_a_name_gets_all_that_stands_for_it(walk):
    walk.ok("code", "walk", "2", "the ward", "--words", "Smith on the ward")
    walk.ok("names", "apply", "walk", "--take", "word")
    sheet = walk.read("data/initial-codes/walk.yaml")
    assert 'meeting <- "She met Faye"' in sheet and 'the ward <- "Faye on the ward"' in sheet


def test_a_stretch_that_would_stand_twice_is_asked(empty):
    with_names(empty, "Gemma -> (PSW)\nEllie -> (PSW)\n")
    empty.write("in/a.txt", "P: Then Gemma said no. And Ellie said no.\n")
    empty.ok("ingest", "in/a.txt", "--date", "2026-03-02")
    empty.ok("initial-code")
    empty.ok("code", "a", "1", "refusing", "--words", "Gemma said no")
    said = " ".join(refused(empty, "a").split())
    assert (
        'data/initial-codes/a.yaml:9: with pseudonyms, turn 1 of a contains "(PSW) said no" '
        "2 times" in said
    )
    assert "Add words around it, so that it is one place; then try again" in said
    sheet = empty.read("data/initial-codes/a.yaml").replace('"Gemma said', '"Then Gemma said')
    empty.write("data/initial-codes/a.yaml", sheet)
    empty.ok("names", "apply", "a")
    assert 'refusing <- "Then (PSW) said no"' in empty.read("data/initial-codes/a.yaml")


def test_what_stands_over_turns_follows_with_the_labels_of_speakers(empty):
    with_names(empty, "Gemma -> (PSW)\nEllie Smith -> Faye\n")
    empty.write("in/a.txt", "Gemma: How was Ellie Smith?\n\nP: Fine. Ask Gemma.\n\nGemma: I did.\n")
    empty.ok("ingest", "in/a.txt", "--interviewer", "Gemma", "--date", "2026-03-02")
    empty.ok("initial-code")
    empty.ok("code", "a", "1-3", "asking on", "--words", "Smith? … did.")
    empty.ok("code", "a", "1-3", "all of it")
    ran = empty("names", "apply", "a")
    assert ran.code == 0, ran.err
    assert "  a speaker is labelled (PSW)\n" in ran.out
    assert (
        empty.read("data/transcripts/a.md").split("source:")[1]
        == " a.txt\n---\n\n[1] (PSW): How was Faye?\n\n[2] P: Fine. Ask (PSW).\n\n"
        "[3] (PSW): I did.\n"
    )
    assert 'speakers: {"(PSW)": interviewer, P: a}' in empty.read("data/transcripts/a.md")
    sheet = empty.read("data/initial-codes/a.yaml")
    assert "# [1] (PSW): How was Faye?" in sheet and "# [3] (PSW): I did." in sheet
    assert 'asking on <- "Faye? … did."' in sheet
    assert not check(empty)


def test_two_speakers_of_one_label_are_refused(empty):
    with_names(empty, "Gemma, Ellie -> (PSW)\n")
    empty.write("in/a.txt", "Gemma: How?\n\nEllie: Fine.\n")
    empty.ok("ingest", "in/a.txt", "--interviewer", "Gemma", "--participant", "Ellie=Ann")
    assert '2 speakers would be labelled "(PSW)"' in refused(empty, "a")


@pytest.mark.parametrize("layout", ["{Ellie: Ann, I: interviewer, ELLIE: Ann}", None])
def test_two_labels_of_one_speaker_become_one(empty, layout):
    with_names(empty, "Ellie -> Faye\n")
    empty.write("in/a.txt", "Ellie: Well.\n\nI: And?\n\nELLIE: Fine.\n")
    who = ("--participant", "Ellie=Ann", "--participant", "ELLIE=Ann")
    empty.ok("ingest", "in/a.txt", *who, "--date", "2026-03-02")
    if layout is None:
        text = empty.read("data/transcripts/a.md")
        block = "speakers:\n  Ellie: Ann\n  I: interviewer\n  ELLIE: Ann\n"
        empty.write("data/transcripts/a.md", re.sub("speakers:.*\n", block, text))
    empty.ok("initial-code")
    empty.ok("names", "apply", "a")
    text = empty.read("data/transcripts/a.md")
    assert text.count("Faye: Ann") == 1 and "[3] Faye: Fine." in text
    assert not check(empty)


def test_other_coders_sheets_follow_also_one_that_came_later(walk):
    bare = walk.read("data/initial-codes/walk.yaml")
    theirs = bare.replace("She met Ellie", "met Ellie Smith on")
    walk.write("data/initial-codes/walk.KR.yaml", theirs)
    out = walk.ok("names", "apply", "walk", "--take", "word")
    assert 'data/initial-codes/walk.KR.yaml:12: 2: meeting <- "met Faye on"' in out
    assert 'meeting <- "met Faye on"' in walk.read("data/initial-codes/walk.KR.yaml")
    walk.write("data/initial-codes/walk.KR.yaml", theirs)  # as from a branch that had it before
    assert "does not contain" in check(walk)
    walk.ok("names", "apply", "walk", "--take", "word")
    assert 'meeting <- "met Faye on"' in walk.read("data/initial-codes/walk.KR.yaml")
    assert "Ellie" not in walk.read("data/initial-codes/walk.KR.yaml")
    assert not check(walk)


def test_line_ends_and_the_layout_of_a_hand_stay(walk):
    for path in ("data/transcripts/walk.md", "data/initial-codes/walk.yaml"):
        text = walk.read(path).replace("[2] P: Well", "[2] P:   Well").replace("\n", "\r\n")
        walk.write(path, "\ufeff" + text)
    before = {path: walk.read(path) for path in ("data/transcripts/walk.md",)}
    walk.ok("names", "apply", "walk", "--take", "word")
    for path, text in before.items():
        for name, new in (("Gemma", "(PSW)"), ("GEMMA", "(PSW)"), ("Ellie Smith", "Faye")):
            text = text.replace(name, new)
        text = text.replace("and Will", "and (Son)").replace("bo+", "A\\1 (friend)")
        assert walk.read(path) == text
    sheet = walk.read("data/initial-codes/walk.yaml")
    assert sheet.startswith("\ufeff") and sheet.count("\r\n") == sheet.count("\n")


# --- labels ---------------------------------------------------------------------------------------


def test_a_label_in_the_participants_words_follows_wherever_it_stands(coded):
    with_names(coded, "her -> (H)\nJim -> Faye\nsat -> Stood\n")
    text = coded.read("data/transcripts/jim.md").replace("I met him around", "I met Gemma around")
    coded.write("data/transcripts/jim.md", text)
    (coded.root.parent / "key.txt").write_text("Gemma -> (PSW)\n")
    coded.ok("initial-code", "--refresh-text")
    coded.ok("code", "jim", "2", "met Gemma", "--words", "met Gemma")
    coded.ok("code", "eve", "4", "met Gemma")
    coded.ok("code", "eve", "4", "trusting Gemma")
    coded.ok("codes", "define", "met Gemma", "a first time")
    coded.ok("codes", "focused", "add", "beginnings", "--because", "all begin so")
    coded.ok("codes", "focused", "take-up", "beginnings", "met Gemma")
    coded.write(
        "data/memos/2026-03-21-a.md",
        '---\ntitle: A\ndate: 2026-03-21\nabout: |\n  met Gemma\n  jim 2 "met Gemma around"\n'
        "---\n\nWhat of met Gemma?\n",
    )
    ran = coded("names", "apply", "jim")
    assert ran.code == 0, ran.err
    assert "met (PSW) <-\n" in coded.read("data/initial-codes/jim.yaml")
    eve = coded.read("data/initial-codes/eve.yaml")
    assert "    met (PSW)\n" in eve and "    trusting Gemma\n" in eve
    book = coded.read("data/codebook.yaml")
    assert "- code: met (PSW)\n" in book and "was:" not in book and "Gemma" not in book
    assert "takes-up: |\n    met (PSW)\n" in coded.read("data/focused-codes.yaml")
    memo = coded.read("data/memos/2026-03-21-a.md")
    assert '  met (PSW)\n  jim 2 "met (PSW) around"\n' in memo and "What of met Gemma?" in memo
    told = " ".join(ran.err.split())
    assert "a label here holds a name of the list, and is no words of jim" in told
    assert "data/memos/2026-03-21-a.md:9: note: its prose has a label that changes" in told
    assert "Gemma" not in ran.out + ran.err
    coded.ok("names", "apply", "jim", "--labels")
    assert "    trusting (PSW)\n" in coded.read("data/initial-codes/eve.yaml")
    assert not check(coded)


def test_an_interview_that_has_the_name_still_keeps_its_stretch_until_it_is_its_turn(empty):
    with_names(empty, "Gemma -> (PSW)\n")
    for name in ("a", "b"):
        empty.write(f"in/{name}.txt", "P: I met Gemma there.\n")
        empty.ok("ingest", f"in/{name}.txt", "--as", name, "--date", "2026-03-02")
    empty.ok("initial-code")
    for name in ("a", "b"):
        empty.ok("code", name, "1", "met Gemma", "--words", "met Gemma")
    empty.ok("names", "apply", "a")
    assert "    met (PSW) <-\n" in empty.read("data/initial-codes/a.yaml")
    assert '    met (PSW) <- "met Gemma"\n' in empty.read("data/initial-codes/b.yaml")
    assert not check(empty)
    empty.ok("names", "apply", "b")
    assert '    met (PSW) <- "met (PSW)"\n' in empty.read("data/initial-codes/b.yaml")
    assert not check(empty)


def test_a_focused_code_in_the_participants_words_follows(coded):
    with_names(coded, "Gemma -> (PSW)\n")
    text = coded.read("data/transcripts/jim.md").replace("I met him around", "I met Gemma around")
    coded.write("data/transcripts/jim.md", text)
    coded.ok("initial-code", "--refresh-text")
    sheet = coded.read("data/initial-codes/jim.yaml")
    focused = '  focused: |\n    met Gemma <- "met Gemma around"\n\n# [3]'
    coded.write("data/initial-codes/jim.yaml", sheet.replace("\n# [3]", focused, 1))
    coded.write(
        "data/focused-codes.yaml",
        "- focused: met Gemma # so far\n  because: |\n    all do\n  incidents: |\n"
        '    eve 2\n    jim 2 "Gemma around"\n',
    )
    coded.write(
        "data/theory.yaml",
        "categories:\n- category: beginning\n  focused: |\n    met Gemma\n\nrelations:\n"
        "- from: met Gemma\n  kind: opens\n  to: beginning\n  support: |\n    jim 2\n\n"
        "negative-cases:\n- looked-for: met Gemma opens beginning\n  found: none\n  by: PM\n",
    )
    assert not check(coded)
    ran = coded("names", "apply", "jim")
    assert ran.code == 0, ran.err
    assert '    met (PSW) <- "met (PSW) around"\n' in coded.read("data/initial-codes/jim.yaml")
    assert coded.read("data/focused-codes.yaml").startswith("- focused: met (PSW) # so far\n")
    theory = coded.read("data/theory.yaml")
    assert "    met (PSW)\n" in theory and "- from: met (PSW)\n" in theory
    assert "- looked-for: met (PSW) opens beginning\n" in theory
    assert "emma" not in theory + coded.read("data/focused-codes.yaml") + ran.out + ran.err
    assert not check(coded)


def test_codes_that_would_be_one_are_asked(empty):
    with_names(empty, "Gemma -> (PSW)\nEllie -> (PSW)\n")
    empty.write("in/a.txt", "P: Gemma said no.\n\nI: And?\n\nP: Ellie said no.\n")
    empty.ok("ingest", "in/a.txt", "--date", "2026-03-02")
    empty.ok("initial-code")
    empty.ok("code", "a", "1", "Gemma said no")
    empty.ok("code", "a", "3", "Ellie said no")
    said = refused(empty, "a")
    assert 'this code would be called "(PSW) said no", and so is another one' in said
    assert "Gemma" not in said and "Ellie" not in said


def test_an_everyday_part_of_a_name_is_no_name_in_a_label(empty):
    with_names(empty, "Ward 7 -> (Ward)\n")
    empty.write("in/a.txt", "P: The ward was cold. Ward 7 was.\n")
    empty.ok("ingest", "in/a.txt", "--date", "2026-03-02")
    empty.ok("initial-code")
    empty.ok("code", "a", "1", "ward")
    empty.ok("code", "a", "1", "ward 7")
    empty.ok("names", "apply", "a")
    assert "    ward\n    (Ward)\n" in empty.read("data/initial-codes/a.yaml")


def test_an_old_label_leads_on(coded):
    with_names(coded, "Gemma -> (PSW)\n")
    text = coded.read("data/transcripts/jim.md").replace("I met him around", "I met Gemma around")
    coded.write("data/transcripts/jim.md", text)
    coded.ok("initial-code", "--refresh-text")
    coded.ok("code", "jim", "2", "met Gemma")
    sheet = coded.read("data/initial-codes/jim.yaml")
    coded.ok("codes", "rename", "met Gemma", "meeting her", "--why", "an action")
    coded.write("data/initial-codes/jim.yaml", sheet)
    coded.ok("names", "apply", "jim")
    assert "was: |\n    met (PSW)\n" in coded.read("data/codebook.yaml")
    assert "    met (PSW)\n" in coded.read("data/initial-codes/jim.yaml")
    assert not check(coded)


def test_answers_to_suggestions_follow_and_a_split_is_to_be_finished(walk):
    head = "interview,turn,suggestion,answer,by\n"
    walk.write(
        "data/answers.csv", f"{head}walk,2,Gemma's all right,rejected,PM\neve,2,Gemma,rejected,PM\n"
    )
    split = (
        'split: meeting\nlevel: initial\napplications:\n- incident: walk 2 "met Gemma"\n  to: |\n'
    )
    walk.write("data/split-meeting-0000.yaml", split)
    said = refused(walk, "walk", "--take", "word")
    assert "data/split-meeting-0000.yaml: a split was begun here" in said
    (walk.root / "data/split-meeting-0000.yaml").unlink()
    walk.ok("names", "apply", "walk", "--take", "word")
    assert walk.read("data/answers.csv") == (
        f"{head}walk,2,(PSW)'s all right,rejected,PM\neve,2,Gemma,rejected,PM\n"
    )


# --- incidents ------------------------------------------------------------------------------------


def test_incidents_follow_wherever_they_are_named(analysed):
    with_names(analysed, "She -> (SHE)\nawkward -> odd\npay -> (PAY)\n")
    focused = analysed.read("data/focused-codes.yaml")
    analysed.write(
        "data/focused-codes.yaml",
        focused.replace(
            "  judged: |\n    jim 2\n",
            "  properties: |\n    how it begins\n"
            '      by chance: eve 2 "She just", eve 4 "She goes"\n'
            "  judged: |\n    jim 2\n",
            1,
        ),
    )
    theory = analysed.read("data/theory.yaml").replace(
        '- incident: eve 4 "She goes home at five"',
        '- incident: "eve 4 \\"She goes home at five\\""',
    )
    analysed.write("data/theory.yaml", theory)
    analysed.ok("comments", "add", 'eve 2 "She just sat down"', "Is it so?", "--by", "KR")
    (analysed.root.parent / "key.txt").write_text("Sat Down -> (X)\nShe goes -> Faye goes\n")
    assert not check(analysed)
    ran = analysed("names", "apply", "eve")
    assert ran.code == 0, ran.err
    focused, theory = (analysed.read(f"data/{one}.yaml") for one in ("focused-codes", "theory"))
    assert focused.count('eve 2 "She just (X)"') == 2 and 'eve 4 "Faye goes"\n' in focused
    assert 'eve 2 "She just"' in focused
    assert 'eve 4 "Faye goes home at five"' in theory and 'eve 2 "She just (X)"' in theory
    assert 'eve 2 "She just (X)"' in analysed.read("data/comments.KR.yaml")
    assert not check(analysed)
    analysed.ok("undo")
    assert 'eve 2 "She just sat down"' in analysed.read("data/theory.yaml")


# --- the source -----------------------------------------------------------------------------------


def test_the_source_goes_where_the_person_says_and_comes_back_by_undo(walk):
    target = walk.root.parent / "kept"
    said = refused(walk, "walk", "--take", "word", "--source-to", "data/away")
    assert "this folder is in the study" in said
    out = walk.ok("names", "apply", "walk", "--take", "word", "--source-to", str(target))
    assert f"the source went to {target}/walk.txt" in out
    assert (target / "walk.txt").read_text() == WALK
    assert not (walk.root / "data/sources/walk.txt").exists()
    assert not check(walk)
    walk.ok("undo")
    assert walk.read("data/sources/walk.txt") == WALK


def test_it_goes_nowhere_that_git_tracks_and_over_nothing(walk):
    target = walk.root.parent / "kept"
    target.mkdir()
    (target / "walk.txt").write_text("another")
    arguments = ("walk", "--take", "word", "--source-to", str(target))
    assert "another file is there" in refused(walk, *arguments)
    (target / "walk.txt").unlink()
    git("init", "-q", cwd=target)
    assert "git would track what is put here" in refused(walk, *arguments)
    (target / ".gitignore").write_text("*.txt\n")
    walk.ok("names", "apply", *arguments)


def test_earlier_sources_go_too(walk):
    walk.write("in/walk.txt", WALK.replace("Yes.", "Yes, yes."))
    walk.ok("ingest", "--correct", "in/walk.txt")
    target = walk.root.parent / "kept"
    walk.ok("names", "apply", "walk", "--take", "word", "--source-to", str(target))
    assert len(list(target.iterdir())) == 2
    assert [path for path in (walk.root / "data/sources").rglob("*") if path.is_file()] == []


@pytest.mark.parametrize("source", [(), ("--source-to", "../kept")])
def test_a_source_corrected_later_brings_no_name_back(walk, source):
    walk.ok("names", "apply", "walk", "--take", "2:1=name", *source)
    walk.write("in/walk.txt", WALK.replace("twice a", "three times a").replace("Yes.", "Aye."))
    ran = walk("ingest", "--correct", "in/walk.txt")
    assert ran.code == 0, ran.err
    assert (
        ran.out
        == """\
ingest: walk corrected from in/walk.txt
  3 corrected: [-Yes.-] {+Aye.+}
  4 corrected: … (PSW)-led walks, and A\\1 (friend) came, [-twice-] {+three times+} a week.
"""
    )
    assert "on the ward. (Son) you write" in walk.read("data/transcripts/walk.md")
    assert walk.ok("ingest", "--correct", "in/walk.txt") == "ingest: walk: nothing to correct\n"
    (walk.root.parent / "key.txt").unlink()
    walk.write("in/walk.txt", WALK)
    ran = walk("ingest", "--correct", "in/walk.txt")
    assert ran.code == 1 and "the list of names cannot be read" in ran.err


def test_nor_does_one_whose_labels_are_names(empty):
    with_names(empty, "Gemma -> (PSW)\n")
    text = "Gemma: How?\n\nP: Fine.\n\nGemma: Good.\n"
    empty.write("in/a.txt", text)
    empty.ok("ingest", "in/a.txt", "--interviewer", "Gemma", "--date", "2026-03-02")
    empty.ok("names", "apply", "a", "--source-to", "../kept")
    empty.write("in/a.txt", text.replace("Fine", "Well, fine"))
    assert empty.ok("ingest", "--correct", "in/a.txt") == (
        "ingest: a corrected from in/a.txt\n  2 corrected: [-Fine.-] {+Well, fine.+}\n"
    )
    assert "emma" not in empty.read("data/transcripts/a.md")


def test_a_participant_who_goes_by_a_name_is_told(empty):
    with_names(empty, "Ann Fox, Ann -> Faye\n")
    empty.write("in/a.txt", "I: How?\n\nP: Fine.\n")
    empty.ok("ingest", "in/a.txt", "--participant", "P=Ann", "--date", "2026-03-02")
    ran = empty("names", "apply", "a")
    assert ran.code == 0 and "nothing to put in" in ran.out
    told = " ".join(ran.err.split())
    assert 'the participant behind "P" goes by a name of the list' in told and "Ann" not in told


def test_without_a_list_it_says_where_one_is_named(study):
    ran = study("names", "apply", "jim")
    assert ran.code == 1 and "this study has no list of names" in ran.err
    assert "privacy: names:" in " ".join(ran.err.split())


def test_a_list_that_is_wrong_is_refused(walk):
    for names, what in (
        ("Gemma (PSW)\n", "no `->` on this line"),
        ("Gemma -> Ellie\nEllie -> Faye\n", "what stands for this name is a real name, on line 2"),
        ("", "no name stands in this list"),
    ):
        (walk.root.parent / "key.txt").write_text(names)
        assert what in refused(walk, "walk")


def test_what_makes_another_name_is_asked(empty):
    with_names(empty, "Ellie -> Faye\nAnn Faye -> (X)\n")
    empty.write("in/a.txt", "P: It was Ann Ellie.\n")
    empty.ok("ingest", "in/a.txt", "--date", "2026-03-02")
    assert "turn 1 would hold a name of the list again" in refused(empty, "a")


def test_names_that_share_words_are_asked(empty):
    with_names(empty, "Mary Ann -> Faye\nAnn Smith -> Jo\n")
    empty.write("in/a.txt", "P: It was Mary Ann Smith.\n")
    empty.ok("ingest", "in/a.txt", "--date", "2026-03-02")
    assert "two names of the list share words in turn 1" in refused(empty, "a")


def test_the_log_follows_where_it_is_said(walk):
    walk.ok("code", "walk", "4", "saying so", "--words", "GEMMA’s said so")
    walk.ok("codes", "rename", "saying so", "saying to Gemma", "--why", "Gemma says so")
    walk.ok("undo")
    before = walk.read("data/log.jsonl").splitlines()
    ran = walk("names", "apply", "walk", "--take", "word")
    assert "note: 3 lines of data/log.jsonl with a name; --log has the log follow too." in ran.err
    assert walk.read("data/log.jsonl").splitlines()[:-1] == before
    assert "  3 lines of data/log.jsonl\n" in walk.ok(
        "names", "apply", "walk", "--take", "word", "--log"
    )
    log = walk.read("data/log.jsonl")
    assert (
        "emma" not in log and "saying to (PSW)" in log and len(log.splitlines()) == len(before) + 1
    )
    assert [line for line in log.splitlines() if line in before] == [
        line for line in before if "emma" not in line and '"undoes"' not in line
    ]
    walk.ok("undo")
    assert "taken back; `gtpipe undo --redo` brings it back" in walk.ok("undo", "--list")


def test_a_list_that_git_tracks_is_refused(walk):
    git("init", "-q", cwd=walk.root.parent)
    git("add", "key.txt", cwd=walk.root.parent)
    assert "git tracks the list of names" in refused(walk, "walk", "--take", "word")


def test_a_file_that_cannot_be_read_is_told_without_a_name(walk):
    walk.write("data/initial-codes/walk.yaml", "- turn: 2\n  Gemma: [\n")
    told = refused(walk, "walk")
    assert "data/initial-codes/walk.yaml:2" in told and "Gemma" not in told and "(PSW)" in told


def test_a_source_whose_record_has_no_digest_is_known_again(walk):
    record = walk.read("data/ingested/walk.csv")
    assert "\nsource," in record
    walk.write("data/ingested/walk.csv", re.sub(r"\nsource,.*", "", record))
    assert "no longer what was ingested" not in walk("check").out
    walk.ok("names", "apply", "walk", "--take", "name")
    assert "no longer what was ingested" not in walk("check").out
    walk.write("data/sources/walk.txt", WALK.replace("twice a week", "once a week"))
    assert "no longer what was ingested" in walk("check").out


def test_earlier_versions_go_with_their_source_and_not_with_another_of_a_like_name(walk, tmp_path):
    theirs = "data/sources/earlier/walk.0123456789ab.txt"
    others = "data/sources/earlier/walk.two.0123456789ab.txt"
    walk.write(theirs, WALK)
    walk.write(others, WALK)
    walk.ok("names", "apply", "walk", "--take", "name", "--source-to", str(tmp_path / "out"))
    assert not (walk.root / theirs).exists() and (walk.root / others).exists()
