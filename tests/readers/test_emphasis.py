"""Documents whose questions are bold or italic throughout and have no label: whose words are whose,
and what is asked where that is not said."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from test_documents import READERS, aside, opendocument, page, read, rich, said, saved, word

from gtpipe.model.problems import UserError
from gtpipe.model.shape import Shape
from gtpipe.readers.lines import plain
from gtpipe.readers.reading import Hints

NOTHING_KNOWN = Hints()
DECLARED = Hints(shape=Shape(bold="I", unlabelled="P"))
BOLD_ALONE = Hints(shape=Shape(bold="I"))
TALK = [
    ("I", "So what did it mean?"),
    ("P", "Well, a place.\n\nFor the dog."),
    ("I", "And then?"),
    ("P", "Beans."),
]


def talk(*paragraphs, italic=False):
    """A Word document; a paragraph in a list is emphasised throughout, one in a tuple has the style
    that stands first in it."""
    document = word()
    for paragraph in paragraphs:
        if isinstance(paragraph, list):
            run = document.add_paragraph().add_run(paragraph[0])
            run.bold, run.italic = not italic, italic
        elif isinstance(paragraph, tuple):
            document.add_paragraph(paragraph[1], style=paragraph[0])
        else:
            document.add_paragraph(paragraph)
    return saved(document)


def problem(content, hints=NOTHING_KNOWN, form="docx"):
    with pytest.raises(UserError) as refusal:
        READERS[form].read(content, "in/x.docx", hints)
    (problem,) = refusal.value.problems
    return problem


QUESTIONS = (["So what did it mean?"], "Well, a place.", "For the dog.", ["And then?"], "Beans.")


@pytest.mark.parametrize("italic", [False, True], ids=["bold", "italic"])
def test_questions_in_bold_or_italics_are_the_turns_of_who_is_named(italic):
    assert said(read("docx", talk(*QUESTIONS, italic=italic), DECLARED)) == TALK


def test_they_are_in_every_format():
    style = (
        '<style:style style:name="P1" style:family="paragraph">'
        "<style:text-properties {}/></style:style>"
    )
    for setting in ('fo:font-weight="bold"', 'fo:font-style="italic"'):
        inside = "".join(
            f'<text:p text:style-name="P1">{words[0]}</text:p>'
            if isinstance(words, list)
            else f"<text:p>{words}</text:p>"
            for words in QUESTIONS
        )
        content = opendocument(styles=style.format(setting), body=inside)
        assert said(read("odt", content, DECLARED)) == TALK
    for tag in ("b", "em", 'span style="font-weight: 700"', "h3"):
        inside = "".join(
            f"<p><{tag}>{words[0]}</{tag.split()[0]}></p>"
            if isinstance(words, list)
            else f"<p>{words}</p>"
            for words in QUESTIONS
        )
        assert said(read("html", page(inside), DECLARED)) == TALK
    for sign in ("b", "i"):
        inside = "".join(
            rf"{{\{sign} {words[0]}}}\par " if isinstance(words, list) else rf"{words}\par "
            for words in QUESTIONS
        )
        assert said(read("rtf", rich(r"\pard " + inside), DECLARED)) == TALK
        inside = "".join(
            rf"\{sign} {words[0]}\{sign}0\par " if isinstance(words, list) else rf"{words}\par "
            for words in QUESTIONS
        )
        assert said(read("rtf", rich(r"\pard\plain " + inside), DECLARED)) == TALK


def test_without_the_option_it_is_asked_for_and_no_voice_is_offered_as_the_only_one():
    asked = problem(talk(*QUESTIONS))
    assert "--bold-is LABEL --unlabelled LABEL" in asked.do
    assert "monologue" not in asked.do + asked.what
    assert asked.excerpt == "bold: So what did it mean? / not bold: Well, a place."


def test_one_heading_in_bold_is_no_interview():
    """A diary with one heading, and a text all in bold, are as they were."""
    for content in (talk(["Week one"], "It rained. I slept."), talk(["It rained."], ["I slept."])):
        assert "no speaker labels" in problem(content).what
        alone = Hints(monologue="Ana")
        assert {turn.label for turn in READERS["docx"].read(content, "x", alone).turns} == {"Ana"}


def test_who_says_the_others_must_be_said_too():
    asked = problem(talk(*QUESTIONS), BOLD_ALONE)
    assert (asked.line, asked.excerpt) == (2, "Well, a place.") and "--unlabelled" in asked.do


def test_the_others_may_have_labels_of_their_own():
    content = talk(["So?"], "Ana: A place.", "For the dog.", ["And then?"], "Bo: Beans.", ["Ah."])
    assert said(read("docx", content, BOLD_ALONE)) == [
        ("I", "So?"),
        ("Ana", "A place.\n\nFor the dog."),
        ("I", "And then?"),
        ("Bo", "Beans."),
        ("I", "Ah."),
    ]


def test_a_bold_paragraph_with_a_label_is_whose_the_label_is():
    content = talk(["Kit: So?"], "Ana: A place.", ["And then?"], "Ana: Beans.")
    assert [label for label, _ in said(read("docx", content, BOLD_ALONE))] == [
        "Kit",
        "Ana",
        "I",
        "Ana",
    ]


def test_time_marks_are_the_times_of_what_they_stand_above_or_before():
    content = talk("[00:01]", ["So?"], "[00:03] A place.", ["And?"], "[00:05]", "Beans.")
    reading = read("docx", content, DECLARED)
    assert [(turn.label, turn.time, turn.text) for turn in reading.turns] == [
        ("I", "00:01", "So?"),
        ("P", "00:03", "A place."),
        ("I", "", "And?"),
        ("P", "00:05", "Beans."),
    ]


def test_what_may_be_a_label_among_the_others_is_asked_about():
    content = talk(["So?"], "A place.", ["And?"], "respondent 1: Beans.")
    (doubt,) = READERS["docx"].read(content, "x", DECLARED).doubts
    assert (doubt.number, doubt.about) == (4, "respondent 1")


def test_one_who_speaks_throughout_though_some_is_bold_is_told():
    (remark,) = READERS["docx"].read(talk(*QUESTIONS), "x", Hints(monologue="Ana")).remarks
    assert remark == (
        "paragraph 1 and others are bold or italic throughout: taken as Ana's like the rest"
    )


def test_an_option_that_has_no_effect_is_refused():
    assert "--bold-is I" in problem(talk("So what?", "A place."), DECLARED).what


def test_a_word_in_bold_and_a_sign_that_is_not_change_nothing():
    document = word()
    question = document.add_paragraph()
    question.add_run("So how was it").bold = True
    question.add_run("?")
    answer = document.add_paragraph()
    answer.add_run("Well").bold = True
    answer.add_run(", hard.")
    assert said(read("docx", saved(document), DECLARED)) == [
        ("I", "So how was it?"),
        ("P", "Well, hard."),
    ]


def test_questions_and_answers_between_line_breaks_of_one_paragraph():
    content = page("<p><b>So?</b><br>A place.<br>For the dog.<br><b>And then?</b><br>Beans.</p>")
    assert said(read("html", content, DECLARED)) == [
        ("I", "So?"),
        ("P", "A place.\nFor the dog."),
        ("I", "And then?"),
        ("P", "Beans."),
    ]


@pytest.mark.parametrize(
    "heading",
    [
        (("Heading 1", "Interview 3"),),
        (("Title", "Interview 3"), "2 March 2026"),
        (["Interview 3"],),
        (["Interview 3"], "2 March 2026"),
        (["Interview 3"], ["2 March 2026"]),
        ("Interview 3", "Kitchen, 2 March 2026"),
    ],
)
def test_a_heading_at_the_beginning_is_nobodys(heading):
    reading = read("docx", talk(*heading, *QUESTIONS), DECLARED)
    assert said(reading) == TALK
    assert len(reading.left_out) == len(heading)
    asked = problem(talk(*heading, *QUESTIONS))
    assert asked.line == len(heading) + 1, "the question is about talk"


def test_what_is_said_before_the_first_question_is_no_heading():
    reading = read("docx", talk("Shall I begin? I was born here.", *QUESTIONS), DECLARED)
    assert said(reading) == [("P", "Shall I begin? I was born here."), *TALK]
    to_one = Hints(shape=replace(DECLARED.shape, heading_to=1))
    reading = READERS["docx"].read(talk("It was a cold day.", *QUESTIONS), "x", to_one)
    assert said(reading) == TALK and reading.left_out == ((1, "It was a cold day."),)


def test_a_heading_in_the_midst_stands_aside():
    reading = read("docx", talk(*QUESTIONS, ("Heading 2", "Money"), ["And pay?"], "No."), DECLARED)
    assert said(reading) == [*TALK, ("I", "And pay?"), ("P", "No.")]
    assert aside(reading) == [(6, "heading", "Money")]


def test_italics_beside_bold_may_be_anybodys():
    document = word()
    for words, look in (("So?", "bold"), ("A place.", ""), ("She laughs", "italic"), ("So.", "")):
        run = document.add_paragraph().add_run(words)
        run.bold, run.italic = look == "bold", look == "italic"
    (doubt,) = READERS["docx"].read(saved(document), "x", DECLARED).doubts
    assert doubt.number == 3 and "1 of the lines that would be I's are in italics" in doubt.what


LETTERS = st.text("abcdxyz äß'-,", min_size=1, max_size=20).filter(lambda text: text[0].isalpha())


@given(st.lists(st.tuples(st.booleans(), LETTERS), min_size=1, max_size=12))
@example([(True, "a"), (True, "a"), (True, "aa")])
def test_no_word_gets_under_another_speaker(paragraphs):
    """Whatever the paragraphs are: each is said by whom its look says."""
    paragraphs = [(True, "Begin"), *paragraphs]
    inside = "".join(
        f"<p><b>{words}.</b></p>" if is_bold else f"<p>{words}.</p>"
        for is_bold, words in paragraphs
    )
    reading = read("html", page(inside), DECLARED)
    assert [(label, line) for label, text in said(reading) for line in text.split("\n\n")] == [
        ("I" if is_bold else "P", " ".join(f"{words}.".split())) for is_bold, words in paragraphs
    ]


def test_questions_in_bold_in_markdown_are_asked_about_and_read():
    questions = ("**So what did it mean?**", "Well, a place.", "**And then?**", "Beans.", "Cross.")
    text = "\n\n".join(questions)
    with pytest.raises(UserError) as refused:
        plain.read(text.encode(), "a.md", Hints())
    asked = refused.value.problems[0]
    assert "--bold-is LABEL --unlabelled LABEL" in asked.do and "monologue" not in asked.do
    declared = Hints(frozenset({"I", "B"}), shape=Shape(bold="I", unlabelled="B"))
    reading = plain.read(text.encode(), "a.md", declared)
    assert [(turn.label, turn.text) for turn in reading.turns] == [
        ("I", "**So what did it mean?**"),
        ("B", "Well, a place."),
        ("I", "**And then?**"),
        ("B", "Beans.\n\nCross."),
    ]
