"""What ingest asks at a terminal: who speaks, whose words are these; each answer is an option."""

from __future__ import annotations

import re
from functools import partial
from pathlib import Path

import pexpect
import pytest

from gtpipe.analysis import coverage
from gtpipe.cli.guide import FOLDER
from gtpipe.model.problems import UsageError, UserError, error
from gtpipe.readers import registry
from gtpipe.readers.lines.known_shapes import KNOWN_SHAPES, PROGRAMS
from gtpipe.readers.reading import Hints
from gtpipe.sources import questions
from gtpipe.sources.options import Options

CASES = Path(__file__).parent.parent / "readers/cases"
CTRL_C, CTRL_D = "\x03", "\x04"
LOWER = "INTERVIEWER: So?\nrespondent 1: The dog.\nINTERVIEWER: Hm.\nrespondent 1: And beans.\n"
ONE_SIDE = "I: What did it mean?\n\nOnly the dog, at first.\n\nI: Hm. And then?\n\nThen beans.\n"


@pytest.fixture
def ask(empty, terminal):
    """Start `gtpipe ingest …` in a terminal."""
    return partial(terminal, empty, "ingest", size=(40, 200))


def say(desk: pexpect.spawn, asked: str, *answers: str) -> None:
    """Answer what is asked, once it is."""
    desk.expect_exact(asked)
    for answer in answers:
        desk.expect_exact("> ")
        desk.send(answer + "\r")


def ends(desk: pexpect.spawn) -> int:
    desk.expect(pexpect.EOF)
    desk.wait()
    return desk.exitstatus


def speakers(empty, name: str) -> list[str]:
    text = empty.read(f"data/transcripts/{name}.md")
    return [line.partition("] ")[2] for line in text.split("\n") if line.startswith("[")]


def test_who_speaks_is_asked_at_a_terminal_with_count_and_examples(empty, ask):
    empty.write("in/ann.txt", LOWER)
    desk = ask("in/ann.txt")
    say(desk, "INTERVIEWER: — 2 times. Speaker, or words?", "i")
    desk.expect_exact("respondent 1: — 2 times. Speaker, or words?")
    desk.expect_exact("| respondent 1: The dog.")
    desk.expect_exact("| respondent 1: And beans.")
    say(desk, "participant NAME", "p Ben")
    desk.expect_exact("4 lines of the source, each accounted for")
    desk.expect_exact("[4] respondent 1: And beans.")
    desk.expect_exact("Is that right?")
    desk.send("y\r")
    desk.expect_exact("--interviewer INTERVIEWER --participant 'respondent 1=Ben'")
    desk.expect_exact("ingest: ann: 4 turns")
    assert ends(desk) == 0
    assert speakers(empty, "ann")[1] == "respondent 1: The dog."
    assert "Ben" in empty.read("data/participants.csv")
    assert not (empty.root / "data/shapes.yaml").exists()
    assert empty.ok("undo") and not (empty.root / "data/transcripts/ann.md").exists()


def test_a_form_is_kept_under_a_name_and_the_next_file_needs_nothing(empty, ask):
    empty.write("data/shapes.yaml", "# of our lab\n")
    empty.write("in/ann.txt", ONE_SIDE)
    empty.write("in/bo.txt", ONE_SIDE.replace("dog", "cat"))
    desk = ask("in/ann.txt")
    say(desk, "2 paragraphs have no label", "P")
    desk.expect_exact("Is that right?")
    desk.send("\r")
    desk.expect_exact("A name for it")
    desk.send("one-side\r")
    assert ends(desk) == 0
    assert speakers(empty, "ann") == [
        "I: What did it mean?",
        "P: Only the dog, at first.",
        "I: Hm. And then?",
        "P: Then beans.",
    ]
    kept = empty.read("data/shapes.yaml")
    assert kept == "# of our lab\n\n- shape: one-side\n  unlabelled: P\n"
    assert "read in the form one-side" in empty("ingest", "in/bo.txt").err
    assert speakers(empty, "bo")[3] == "P: Then beans."
    assert empty.ok("ingest", "in/ann.txt", "in/bo.txt")
    empty.ok("undo")
    empty.ok("undo")
    assert empty.read("data/shapes.yaml") == "# of our lab\n"


def test_an_encoding_is_chosen_by_what_it_makes_of_the_text_and_holds_for_the_next(empty, ask):
    text = "I: Co pro vás znamenala zahrádka?\nP: Místo pro psa, řekl bych.\n"
    empty.write("in/ann.txt", text.encode("cp1250"))
    empty.write("in/bo.txt", text.replace("psa", "dceru").encode("cp1250"))
    desk = ask("in/ann.txt")
    desk.expect_exact("| 1: ")
    desk.expect_exact("řekl bych")
    say(desk, "1    cp1250", "1")
    desk.expect_exact("Is that right?")
    desk.send("y\r")
    desk.expect_exact("A name for it")
    desk.send("czech\r")
    assert ends(desk) == 0
    assert empty.read("data/shapes.yaml") == "- shape: czech\n  encoding: cp1250\n"
    empty.ok("ingest", "in/bo.txt")
    assert "dceru, řekl" in empty.read("data/transcripts/bo.md")


def test_a_form_named_for_one_file_reads_the_next_of_the_same_command(empty, ask):
    empty.write("in/ann.txt", ONE_SIDE)
    empty.write("in/bo.txt", ONE_SIDE.replace("dog", "cat"))
    desk = ask("in/ann.txt", "in/bo.txt")
    say(desk, "2 paragraphs have no label", "P")
    desk.expect_exact("Is that right?")
    desk.send("y\r")
    desk.expect_exact("A name for it")
    desk.send("one-side\r")
    desk.expect_exact("ingest: bo: 4 turns")
    assert ends(desk) == 0
    assert speakers(empty, "bo")[3] == "P: Then beans."
    empty.ok("undo")
    assert not (empty.root / "data/shapes.yaml").exists()


@pytest.mark.parametrize(("leave", "code"), [("q\r", 1), (CTRL_D, 1), (CTRL_C, 130)])
def test_leaving_at_any_question_writes_nothing(empty, ask, leave, code):
    empty.write("in/ann.txt", LOWER)
    before = empty.hashes()
    desk = ask("in/ann.txt")
    say(desk, "INTERVIEWER: — 2 times", "i")
    desk.expect_exact("respondent 1: — 2 times")
    desk.expect_exact("> ")
    desk.send(leave)
    assert ends(desk) == code
    assert empty.hashes() == before


def test_what_one_file_taught_holds_for_the_next_but_not_what_a_machine_called_somebody(empty, ask):
    empty.write("in/ann.txt", LOWER.replace("respondent 1", "Speaker 2"))
    empty.write("in/bo.txt", LOWER.replace("respondent 1", "Speaker 2").replace("dog", "cat"))
    desk = ask("--ask", "in/ann.txt", "in/bo.txt")
    say(desk, "INTERVIEWER: — 2 times", "i")
    say(desk, "Speaker 2: — 2 times", "p")
    desk.expect_exact("Is that right?")
    desk.send("y\r")
    say(desk, "bo.txt", "p")
    desk.expect_exact("Is that right?")
    desk.send("y\r")
    desk.expect_exact("ingest: bo: 4 turns")
    assert ends(desk) == 0


def test_what_is_not_right_is_said_with_an_option(empty, ask):
    empty.write("in/ann.txt", LOWER)
    desk = ask("--ask", "in/ann.txt", "--interviewer", "INTERVIEWER", "--participant", "*")
    desk.expect_exact("Is that right?")
    desk.send("n\r")
    say(desk, "What is wrong?", "--sideways", "--participant 'respondent 1=Ben'")
    desk.expect_exact("respondent 1: 2 turns")
    desk.expect_exact("Is that right?")
    desk.send("y\r")
    assert ends(desk) == 0
    assert "respondent 1: Ben" in empty.read("data/transcripts/ann.md")


def test_an_answer_is_taken_back_by_hand_and_where_it_finds_nothing_to_do(empty, ask):
    empty.write("in/ann.txt", LOWER)
    desk = ask("in/ann.txt")
    say(desk, "INTERVIEWER: — 2 times", "p")
    say(desk, "respondent 1: — 2 times", "back")
    say(desk, "INTERVIEWER: — 2 times", "--labels-within split")
    desk.expect_exact("--labels-within split finds nothing to do")
    say(desk, "INTERVIEWER: — 2 times", "i")
    say(desk, "respondent 1: — 2 times", "p")
    desk.expect_exact("Is that right?")
    desk.send("y\r")
    desk.expect_exact("--interviewer INTERVIEWER --participant 'respondent 1'\r")
    assert ends(desk) == 0


def test_nothing_is_asked_without_a_terminal_or_with_no_ask(empty, ask):
    empty.write("in/ann.txt", LOWER)
    assert empty("ingest", "in/ann.txt").code == 1
    ran = empty("ingest", "--ask", "in/ann.txt")
    assert ran.code == 2 and "--ask needs a terminal" in ran.err
    desk = ask("--no-ask", "in/ann.txt")
    desk.expect_exact('unknown speaker "INTERVIEWER"')
    assert ends(desk) == 1


def test_each_line_of_a_source_is_accounted_for(empty):
    empty.write(
        "in/a.txt", "Kitchen\n\n[0:03]\nI:\nSo?\n\n[0:07]\nP:\nYes.\nAnd no.\n\n[0:12]\nI:\nHm.\n"
    )
    shown = empty.ok("ingest", "--dry-run", "--skip-heading", "in/a.txt")
    assert "11 lines of the source, each accounted for:" in shown
    account = [
        line.split("  first")[0].split() for line in shown.split("\n") if " first at line" in line
    ]
    assert [" ".join(words) for words in account if words[-1].isdecimal()] == [
        "heading, left out by your word 1",
        "time 3",
        "label 3",
        "words of I 2",
        "words of P 2",
    ]


@pytest.mark.parametrize("case", sorted(CASES.glob("*.txt")), ids=lambda case: case.name)
def test_every_line_of_a_case_is_exactly_one_thing(case):
    try:
        reading = registry.read(case.read_bytes(), case.name, Hints())
    except UserError:
        return
    text = registry.control_text(case.read_bytes(), case.name, Hints())
    if reading.format == "text":
        filled = [line for line in text.split("\n") if line.strip()]
        assert sum(share.lines for share in coverage.account(reading, text)) == len(filled)
        words = sum(
            share.lines for share in coverage.account(reading, text) if "words of" in share.kind
        )
        spoken = sum(len(turn.text.split("\n")) - turn.text.count("\n\n") for turn in reading.turns)
        assert words <= spoken


def test_forms_that_would_find_as_many_turns_are_named(empty):
    text = "[00:00:03] - Nora\nSo?\n\n[00:00:07] - Ben\nNo.\n\n[00:00:12] - Nora\nHm.\n"
    empty.write("in/a.txt", text)
    given = ("--interviewer", "Nora", "--participant", "Ben", "--dry-run")
    assert "would fit as well: --shape sonix (3 turns)" in empty.ok("ingest", "in/a.txt", *given)
    assert "would fit" not in empty.ok("ingest", "in/a.txt", *given, "--shape", "happy-scribe")


def test_the_manual_names_every_known_form():
    page = (FOLDER / "transcripts.md").read_text(encoding="utf-8")
    table = page.partition("| from | `--shape` |")[2].partition("\n\n")[0].split("\n")[2:]
    named = {name for row in table for name in re.findall("`([^`]+)`", row.split(" | ")[-1])}
    assert named == {shape.name for shape in (*KNOWN_SHAPES, *PROGRAMS)}


def test_check_tells_what_is_wrong_with_the_forms_of_sources(empty):
    empty.write("data/shapes.yaml", "- shape: ours\n  label: '[TIME]'\n- unlabelled: P\n")
    ran = empty("check")
    assert ran.code == 1
    assert "data/shapes.yaml:2: this example of a label has no NAME in it" in ran.out + ran.err
    assert "data/shapes.yaml:3: this shape has no name" in ran.out + ran.err


# --- the questions themselves ---------------------------------------------------------------------


def asked(what: str, do: str, text: str = LOWER, about: str = "", **more) -> questions.Question:
    reading = registry.read(text.encode(), "x.txt", Hints())
    problem = error("x.txt", 1, what, do, about=about, **more)
    return questions.questions_of([problem], reading, text, ())[0]


@pytest.mark.parametrize(
    ("do", "typed", "options"),
    [
        ("Say whose with --unlabelled NAME; or --unlabelled above", "a", "--unlabelled above"),
        ("Say whose with --unlabelled NAME; or --unlabelled above", "P", "--unlabelled P"),
        ("--labels-within split; or --labels-within words", "s", "--labels-within split"),
        ("If times, --time '#0:03#'; if words, --time none", "t", "--time #0:03#"),
        ("If times, --time '#0:03#'; if words, --time none", "w", "--time none"),
        ("If a heading, leave them out with --skip-heading", "h", "--skip-heading"),
        ("With --skip-heading", "Ben", "--unlabelled Ben --heading-to 0"),
        ("--heading-to 3; or --unlabelled NAME --heading-to 0 says who", "h 2", "--heading-to 2"),
        (
            "--heading-to 3; or --unlabelled NAME --heading-to 1 says who",
            "Ben",
            "--unlabelled Ben --heading-to 1",
        ),
        ("Name it with --encoding NAME", "sjis", "--encoding sjis"),
        ("--bold-is LABEL", "I", "--bold-is I"),
        ("Name them: --columns speaker=…", "--columns speaker=A", "--columns speaker=A"),
    ],
)
def test_each_answer_is_an_option_of_the_command(do, typed, options):
    question = asked("Something is in doubt", do)
    assert question.answer(typed) == tuple(options.split())
    assert questions.with_options(Options(), question.answer(typed)) != Options()


def test_an_answer_that_is_none_says_what_may_be_typed():
    question = asked("labels inside a line", "--labels-within split; or --labels-within words")
    with pytest.raises(UsageError, match="Type s, w, or an option"):
        question.answer("perhaps")
    with pytest.raises(UsageError, match="--frobnicate is no option that answers here"):
        questions.with_options(Options(), ("--frobnicate",))


def test_where_only_an_option_answers_the_question_says_which():
    do = "Show both forms with --label, like --label 'NAME: WORDS'; if words, --not-a-speaker I"
    question = asked("this line might begin with a speaker", do, about="I")
    assert "Show both forms with --label" in question.asks
    assert question.answer("w") == ("--not-a-speaker", "I")
    typed = question.answer("--label 'NAME: WORDS' --label 'NAME - WORDS'")
    labels = questions.with_options(Options(), typed).answers.label
    assert labels == "NAME: WORDS\nNAME - WORDS"


def test_what_comes_once_above_the_talk_may_be_a_heading():
    text = "Place: Kitchen\nI: So?\nP: No.\nI: Hm.\nP: Well.\n"
    do = "--interviewer Place or --participant Place; if words, --not-a-speaker Place"
    question = asked("unknown speaker", do, text, "Place")
    assert question.asks == "Place: — once. Speaker, heading, or words?"
    assert question.answer("h") == ("--not-a-speaker", "Place", "--skip-heading")


def test_a_slip_in_a_label_can_be_answered_with_the_speaker_it_may_be():
    do = "Did you mean \"Ann Lee\"? --participant 'Anm Lee=Ann Lee'; or say who it is with "
    do += "--interviewer 'Anm Lee' or --participant 'Anm Lee'"
    question = asked("unknown speaker", do, "I: So?\nAnm Lee: Yes.\n", "Anm Lee")
    assert question.asks.endswith('Did you mean "Ann Lee"?')
    assert question.answer("s") == ("--participant", "Anm Lee=Ann Lee")


def test_a_refused_text_offers_the_forms_that_find_turns():
    do = "Show how labels look with --label EXAMPLE; or --monologue NAME"
    problem = error("x.txt", 1, "no speaker labels seen in this file", do)
    question = questions.questions_of([problem], None, "", [("tab", 12)])[0]
    assert question.choices[0].means == "the form tab (NAME⇥WORDS): 12 turns"
    assert question.answer("1") == ("--shape", "tab")
    assert question.answer("m Ben") == ("--monologue", "Ben", "--participant", "Ben")
    assert not questions.can_be_answered([error("x.txt", 1, "damaged", "Ask for it again")])
